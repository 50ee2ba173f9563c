"""A relation in the making: where it starts, where it may lead, and by which letters its ends are chosen."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.model import PostKind, Scope, Target
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from annotations.codebook import Label
    from annotations.model import Annotation, StoredPost
    from tui.widgets.post_pane import PostPane

HINTS = "asdfghjklqwertyuiopzxcvbm" + "".join(letter for letter in string.ascii_uppercase if letter not in "NP")
"""The letters that name the other ends in view; `n` and `N` go through the matches of a search, `P` is the parent."""
PARENT, ARTICLE, WHOLE_THREAD = "P", "0", "*"
"""The keys of the ends that need not be in view."""
QUOTE_SHOWN = 32


class End(Struct, frozen=True):
    """One end of a relation: a post, words labeled in it, or the thread as a whole where there is no post."""

    post: StoredPost | None = None
    annotation: Annotation | None = None

    @property
    def name(self) -> str:
        """What to call it."""
        if self.post is None:
            return "the whole thread"
        if self.annotation is not None and self.annotation.quote is not None:
            exact = one_line(self.annotation.quote.exact)
            return f"“{exact if len(exact) <= QUOTE_SHOWN else exact[:QUOTE_SHOWN].rstrip() + '…'}”"
        return "the article" if self.post.kind is PostKind.ARTICLE else one_line(self.post.key)

    @property
    def key(self) -> tuple[int, int]:
        """What tells it from others: the rows of its post and of its annotation."""
        return self.post.id if self.post else 0, self.annotation.id if self.annotation else 0


class Draft(Struct):
    """A relation that is being made.

    Args:
        starts: Where it may start: at words, at their post, at the thread.
        at: Which of these it starts at.
        ends: Where it may lead, by key.
        label: Which relation it is, if that is chosen already.
        end: Where it leads, once that is chosen.
        place: Where the analyst was: whether in the thread, at which post, where in the text if the cursor was there.
    """

    starts: Sequence[End]
    place: tuple[bool, int, int | None]
    at: int = 0
    ends: Mapping[str, End] = {}
    label: Label | None = None
    end: End | None = None

    @property
    def start(self) -> End:
        """Where it starts."""
        return self.starts[self.at % len(self.starts)]

    def target(self, thread_id: int, end: End) -> Target:
        """Return what its label is put on when it leads to `end`."""
        start = self.start
        return Target(
            thread_id=thread_id,
            post_id=start.post.id if start.post else None,
            from_annotation=start.annotation.id if start.annotation else None,
            to_post_id=end.post.id if end.post else None,
            to_annotation=end.annotation.id if end.annotation else None,
            to_thread_id=thread_id if end.post is None else None,
        )


def starts_at(post: StoredPost, inspected: Annotation | None) -> list[End]:
    """Return where a relation may start, the likeliest first: the words that are meant, the post, the thread."""
    ends = [End(post), End()]
    if inspected is not None and inspected.scope is Scope.SPAN and not inspected.detached:
        ends.insert(0, End(post, inspected))
    elif inspected is not None and inspected.target.post_id is None:
        ends.reverse()
    return ends


def ends_in_view(pane: PostPane) -> list[End]:
    """Return the posts in view of a pane, and the labeled words of theirs that are in view, in reading order."""
    if pane.outline is None or not pane.display:
        return []
    found: list[End] = []
    rows = list(pane.viewport.rows())
    for position in dict.fromkeys(position for position, _ in rows):
        view = pane.view_of(position)
        found.append(End(view.post))
        lines = {row - 1 for shown, row in rows if shown == position}
        found.extend(End(view.post, annotation) for annotation in spans_on(pane, position, lines))
    return found


def spans_on(pane: PostPane, position: int, lines: Iterable[int]) -> list[Annotation]:
    """Return the labeled spans of a post that begin on some of its lines, by place."""
    body, shown = pane.painted(position).body, set(lines)
    found = [
        annotation
        for annotation in pane.view_of(position).annotations
        if annotation.target.span is not None
        and not annotation.detached
        and body.line_of(annotation.target.span.start) in shown
    ]
    return sorted(
        found, key=lambda each: (each.target.span.start, -each.target.span.end) if each.target.span else (0, 0)
    )


def hints_of(ends: Mapping[str, End], pane: PostPane) -> dict[tuple[int, int | None], str]:
    """Return where to show the letters of the ends in a pane; spans that begin together have theirs beside each other."""
    hints: dict[tuple[int, int | None], str] = {}
    for letter, end in ends.items():
        if letter not in HINTS or end.post is None:
            continue
        position = end.post.position
        span = end.annotation.target.span if end.annotation else None
        if span is None:
            hints[position, None] = letter
            continue
        place = span.start
        while (position, place) in hints and place + 1 < span.end:
            place = max(place + 1, pane.painted(position).body.cluster(place)[1])
        hints[position, place] = letter
    return hints
