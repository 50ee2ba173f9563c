"""The hits of a search as rows: who wrote it and where it stands, then the words in their surroundings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui.text.cells import clusters
from tui.text.table import GAP, cut, fill
from tui.text.visible import display, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.style import Style

    from annotations.store.library import HitContext
    from annotations.store.search import Hit
    from tui.widgets.pane_styles import PaneStyles

ROWS_EACH = 3
"""Rows of a hit: who and where, the words, a gap."""
INDENT = 2
NO_NAME = "(no name)"
LEAD = 3
"""The match is to stand in the first of so many parts of a row: where it does not, the row begins later."""
LONGEST_KEY = 16
SHORTEST_TITLE = 8
"""Cells of a title below which it says nothing either."""


class HitTable:
    """The hits of one search; a `RowSource`.

    Args:
        hits: The hits.
        contexts: Where their posts stand, by the post's row.
    """

    def __init__(self, hits: Sequence[Hit] = (), contexts: Mapping[int, HitContext] | None = None) -> None:
        self.hits = hits
        self.threads = len({hit.thread_id for hit in hits})
        """In how many threads the hits are."""
        self._contexts = contexts or {}

    def __len__(self) -> int:
        return len(self.hits)

    def title(self, hit: Hit) -> str:
        """Return the title of a hit's thread, its key where that is gone."""
        context = self._contexts.get(hit.post_id)
        return one_line(context.title if context and context.title else hit.thread)

    def draw(self, index: int, width: int, styles: PaneStyles, *, is_focused: bool) -> list[list[tuple[str, Style]]]:
        """Return the rows of a hit."""
        hit = self.hits[index]
        return [
            self._draw_place(hit, width, styles, is_focused=is_focused),
            _draw_words(hit, width, styles, is_focused=is_focused),
        ]

    def _draw_place(self, hit: Hit, width: int, styles: PaneStyles, *, is_focused: bool) -> list[tuple[str, Style]]:
        def plain(purpose: str) -> Style:
            return styles.plain(purpose, is_focused=is_focused)

        right = self._where(hit)
        left = max(0, width - cell_len(right) - GAP - 1)
        name = "Article" if hit.position == 0 else one_line(hit.author) if hit.author else NO_NAME
        name = name if cell_len(name) <= left else cut(name, left)
        rest = left - cell_len(name) - GAP
        # A title that is the same everywhere says nothing.
        title = fill(self.title(hit) if self.threads > 1 and rest > SHORTEST_TITLE else "", max(0, rest))
        gap = " " * GAP
        return [
            (name, plain("unread author")),
            (gap + title + gap if rest >= 0 else gap, plain("muted")),
            (right, plain("muted")),
        ]

    def _where(self, hit: Hit) -> str:
        """Return the key, the depth and the day of a post."""
        context = self._contexts.get(hit.post_id)
        if hit.position == 0 or context is None:
            return (context.created_at or "")[:10] if context else ""
        key = one_line(hit.post)
        parts = [key if cell_len(key) <= LONGEST_KEY else cut(key, LONGEST_KEY), f"depth {context.depth}"]
        if context.created_at:
            parts.append(context.created_at[:10])
        return "  ".join(parts)


def _draw_words(hit: Hit, width: int, styles: PaneStyles, *, is_focused: bool) -> list[tuple[str, Style]]:
    """Return the snippet with its matches emphasized, cut so that the first of them is in view."""
    base = styles.plain("body", is_focused=is_focused)
    drawn = display(hit.snippet)
    text = drawn.text
    matches = [(drawn.to_display(span.start), drawn.to_display(span.end)) for span in hit.matches]
    room = max(0, width - INDENT - 1)
    start = _late_start(text, matches, room)
    pieces: list[tuple[str, Style]] = [(" " * INDENT + ("…" if start else ""), base)]
    at = start
    for from_, to in matches:
        if to > at:
            pieces += [(text[at : max(at, from_)], base), (text[max(at, from_) : to], base + styles.found)]
            at = to
    pieces.append((text[at:], base))
    return _limit(pieces, width - 1, base)


def _late_start(text: str, matches: Sequence[tuple[int, int]], room: int) -> int:
    """Return where the row begins: at 0, or so late that the first match stands in the row's first part."""
    if not matches or cell_len(text) <= room:
        return 0
    first, end = matches[0]
    if cell_len(text[:end]) <= room:
        return 0
    start = 0
    for start, _ in clusters(text[:first]):  # the last start is what is looked for
        if cell_len(text[start:first]) <= room // LEAD:
            break
    return start


def _limit(pieces: Sequence[tuple[str, Style]], width: int, base: Style) -> list[tuple[str, Style]]:
    """Return pieces of at most `width` cells, an ellipsis where something is left out."""
    kept: list[tuple[str, Style]] = []
    left = width
    for text, style in pieces:
        size = cell_len(text)
        if size > left:
            kept.append((cut(text, left), style))
            return kept
        kept.append((text, style))
        left -= size
    return [*kept, (" " * left, base)]
