"""How wide things are in a pane, what a post looks like laid out, and what is special about it at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field
from rich.cells import cell_len, set_cell_size

from tui.text.decoration import PLAIN, Decoration, Kind, Markup
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.strip import Strip

    from annotations.model import Post
    from tui.text.body import Body
    from tui.widgets.post_view import Chip, PostView, SpanMark

NO_NAME, DELETED, MISSING = "(no name)", "(deleted)", "(missing)"
"""What stands for an author whom the source does not name; who or whose comment was deleted; for a comment it lacks."""
BAR = 1
"""Columns of the bar that marks the focused post."""
MARGIN = 2
"""Columns of the signs of labeled spans."""
GUTTER = BAR + MARGIN
SCROLL_BAR = 2
"""Columns at the right: one of air, one of the scroll bar."""
STEP = 2
"""Columns that a step of depth indents."""
MINIMUM_BODY = 40
"""Columns that a body keeps however deep it stands, where the pane has them."""

CHIP, SHORTEST_CHIP = 28, 6
"""Columns that a label's name has in a header at most, and the fewest to which it is shortened before it is counted."""


class Geometry(Struct, frozen=True):
    """How wide things are in a pane.

    Args:
        width: The pane's width in cells.
        measure: The widest that a line of text may be, in cells.
        is_flat: Whether depth is told by its number alone.
        is_plain: Whether to do without indent, guides and bars, and say all in words.
    """

    width: int
    measure: int = 88
    is_flat: bool = False
    is_plain: bool = False

    @property
    def room(self) -> int:
        """Cells between gutter and scroll bar."""
        return max(1, self.width - GUTTER - SCROLL_BAR)

    def indent(self, depth: int) -> int:
        """Return the cells by which a post of this depth is indented."""
        if self.is_flat or self.is_plain or depth <= 1:
            return 0
        return min(STEP * (depth - 1), max(0, (self.room - MINIMUM_BODY) // STEP * STEP))

    def body_width(self, depth: int) -> int:
        """Return the cells that a line of a post of this depth may take."""
        return max(1, min(self.measure, self.room - self.indent(depth)))


class PaintedPost(Struct):
    """A post, laid out, with what is to be drawn on each of its lines, and what was drawn."""

    view: PostView
    body: Body
    markup: Markup = PLAIN
    marks_by_line: dict[int, list[SpanMark]] = field(default_factory=dict)
    begun_by_line: dict[int, list[SpanMark]] = field(default_factory=dict)
    """The labeled spans that begin on a line."""
    decorations_by_line: dict[int, list[Decoration]] = field(default_factory=dict)
    emphasis: Emphasis | None = None
    strips: dict[int, Strip] = field(default_factory=dict)
    chips: list[tuple[int, int, Chip]] = field(default_factory=list)
    """The chips that the header was drawn with, each with its first cell in the pane and the one behind its last."""

    def __post_init__(self) -> None:
        length = len(self.view.post.text)
        for mark in self.view.marks:
            if mark.start >= length:
                continue
            first = self.body.line_of(mark.start)
            self.begun_by_line.setdefault(first, []).append(mark)
            for line in range(first, self.body.line_of(max(mark.start, mark.end - 1)) + 1):
                self.marks_by_line.setdefault(line, []).append(mark)
        repeats = [Decoration(start, end, Kind.QUOTE) for start, end in self.view.repeats]
        for decoration in [*repeats, *self.markup.decorations] if repeats else self.markup.decorations:
            last = self.body.line_of(max(decoration.start, decoration.end - 1))
            for line in range(self.body.line_of(decoration.start), last + 1):
                self.decorations_by_line.setdefault(line, []).append(decoration)


class Emphasis(Struct, frozen=True, kw_only=True):
    """What is special about a post at this moment.

    Args:
        is_focused: Whether it is the one that keys act on.
        is_active: Whether its pane has the focus.
        is_folded: Whether only its header is shown.
        is_context: Whether it is shown only for the sake of its replies.
        replies: Posts below it.
        unread: How many posts that it hides are unread.
        hidden: Labels of posts that it hides.
        cursor: Offsets of the cluster under the text cursor.
        selected: The selected offsets.
        found: Offsets of a search's matches.
        found_in_name: Those in the author's name as it is shown.
        answers: Whom it answers, where its place does not show it.
        hint: The letter by which the post can be chosen.
        hints: The letters by which labeled spans can be chosen, by start.
        pointed_at: The row of the annotation that keys act on, if it is put on words here; else 0.
    """

    is_focused: bool = False
    is_active: bool = True
    is_folded: bool = False
    is_context: bool = False
    replies: int = 0
    unread: int = 0
    hidden: Sequence[Chip] = ()
    cursor: tuple[int, int] | None = None
    selected: tuple[int, int] | None = None
    found: Sequence[tuple[int, int]] = ()
    found_in_name: Sequence[tuple[int, int]] = ()
    answers: str = ""
    hint: str = ""
    hints: Mapping[int, str] = field(default_factory=dict)
    pointed_at: int = 0


def tag_words(view: PostView) -> Sequence[tuple[int, str]]:
    """Return the words to draw behind the places where relations start or end: those of one place together."""
    if not view.tags:
        return ()
    words: dict[int, str] = {}
    for tag in view.tags:
        words[tag.offset] = f"{words.get(tag.offset, '')} {tag.text}"
    text = view.post.text
    return [(at, said if text[at : at + 1].isspace() or at >= len(text) else f"{said} ") for at, said in words.items()]


def author_of(post: Post) -> str:
    """Return who wrote a post, harmless to a terminal; that the source deleted it or its author, or names nobody."""
    if post.author:
        return one_line(post.author)
    if post.meta.get("is_deleted") or post.meta.get("is_author_deleted"):
        return DELETED
    return MISSING if post.meta.get("is_missing") else NO_NAME


def fit(text: str, room: int) -> str:
    """Return `text`, shortened with an ellipsis to at most `room` cells."""
    if cell_len(text) <= room:
        return text
    if room <= 1:
        return "…"[:room]
    return set_cell_size(text, room - 1).rstrip() + "…"
