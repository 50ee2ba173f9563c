"""What imports could not place, as rows, and one entry of it in full: what it said, what is the nearest now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from annotations.model import PostKind
from annotations.span import CONTEXT
from tui.text.table import GAP, cut, fill
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.style import Style

    from annotations.span import Quote
    from annotations.store.detached import Detached
    from tui.text.differences import Piece
    from tui.widgets.pane_styles import PaneStyles

ROWS_EACH = 3
"""Rows of an entry: which label, whose and where; what it said; a gap."""
INDENT = 2
AROUND = 60
"""Characters of what is the same that are shown on either side of what differs."""


class DetachedTable:
    """The entries; a `RowSource`.

    Args:
        entries: What could not be placed.
        look: Returns name, colour and sign of a label by its id.
        is_plain: Whether to draw for a screen reader.
    """

    def __init__(
        self, entries: Sequence[Detached], look: Callable[[str], tuple[str, str, str]], *, is_plain: bool
    ) -> None:
        self.entries = list(entries)
        self._look = look
        self._is_plain = is_plain
        self.threads = len({entry.annotation.target.thread_id for entry in entries})
        """Of how many threads they are."""

    def __len__(self) -> int:
        return len(self.entries)

    def draw(self, index: int, width: int, styles: PaneStyles, *, is_focused: bool) -> list[list[tuple[str, Style]]]:
        """Return the rows of an entry."""
        entry = self.entries[index]

        def plain(purpose: str) -> Style:
            return styles.plain(purpose, is_focused=is_focused)

        name, colour, sign = self._look(entry.annotation.label)
        chip = f" {one_line(sign)} {one_line(name)} " if sign and sign != name[:1] else f" {one_line(name)} "
        right = self.found(entry)
        room = max(0, width - cell_len(chip) - cell_len(right) - 2 * GAP - 1)
        where = f"{one_line(entry.annotation.annotator)}   {self.place(entry)}"
        gap = " " * GAP
        quoted = one_line(self.quoted(entry))
        room_below = max(0, width - INDENT - 1)
        return [
            [
                (chip, styles.chip(colour)),
                (gap + fill(where, room) + gap, plain("muted")),
                (right, plain("body" if entry.candidate else "warning")),
            ],
            [(" " * INDENT + (quoted if cell_len(quoted) <= room_below else cut(quoted, room_below)), plain("body"))],
        ]

    def name(self, entry: Detached) -> str:
        """Return the name of an entry's label."""
        return one_line(self._look(entry.annotation.label)[0])

    @staticmethod
    def quoted(entry: Detached) -> str:
        """Return what an entry's span said; of a label on a post, what the post says."""
        if entry.annotation.quote is not None:
            return entry.annotation.quote.exact
        return entry.post.text if entry.post is not None else ""

    def place(self, entry: Detached) -> str:
        """Return where an entry is put, in a few words."""
        post = entry.post
        if post is None:
            words = "the thread"
        elif post.kind is PostKind.ARTICLE:
            words = "article"
        else:
            words = f"{one_line(post.key)} {one_line(post.author or '')}".rstrip()
        return f"{words}   {one_line(entry.thread)}" if self.threads > 1 else words

    @staticmethod
    def found(entry: Detached) -> str:
        """Return how near the nearest words are."""
        if entry.candidate is not None:
            return f"{entry.candidate.score:.0%} alike"
        return "post is gone" if entry.is_removed else "nothing like it"

    # --- one entry in full --------------------------------------------------------------------------------------

    def detail(self, entry: Detached) -> tuple[Content, Content]:
        """Return what an entry said in its surroundings, and what is nearest to it now, with what differs marked."""
        sought, candidate = entry.annotation.quote, entry.candidate
        if sought is None:
            leads = entry.annotation.target.to_post_id is not None
            where = "It is on a post, or leads to one," if leads else "It is on a post"
            why = f"{where} that the source no longer has. It stays, unless you drop it."
            return Content(one_line(self.quoted(entry))), Content.styled(why, "$warning")
        if candidate is None:
            why = "The post is gone from its source." if entry.is_removed else "No words of the text are like it now."
            return Content(one_line(sought.exact)), Content.styled(why, "$warning")
        from tui.text.differences import differences, shorten  # noqa: PLC0415  # loaded on use

        was, now = differences(sought.exact, candidate.quote.exact)
        return (
            self._marked(sought, shorten(was, AROUND), "strike $warning", "[-{}-]"),
            self._marked(candidate.quote, shorten(now, AROUND), "bold underline $success", "{{+{}+}}"),
        )

    def _marked(self, quote: Quote, pieces: Sequence[Piece], style: str, signs: str) -> Content:
        """Return a quote between its surroundings, what is only in it in a style of its own."""
        before, behind = quote.prefix, quote.suffix
        if len(before) == CONTEXT:
            before = f"…{before[max(0, before.find(' ')) :]}"
        if len(behind) == CONTEXT:
            behind = f"{behind[: behind.rfind(' ') + 1 or CONTEXT]}…"
        parts: list[tuple[str, str]] = [(_flat(before), "$muted"), ("⟦", "$accent")]
        for piece in pieces:
            text = _flat(piece.text)
            if piece.kind == "same":
                parts.append((text, ""))
            else:
                parts.append((signs.format(text) if self._is_plain else text, style))
        return Content.assemble(*parts, ("⟧", "$accent"), (_flat(behind), "$muted"))


def _flat(text: str) -> str:
    """Return a part of a text in one line, with the white space at its ends."""
    if not text.strip():
        return " " if text else ""
    before, behind = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' if before else ''}{one_line(text).strip()}{' ' if behind else ''}"
