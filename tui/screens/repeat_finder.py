"""Find what comments repeat of the posts that they answer, from the article down to the parent."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from annotations.shape import parent_of
from annotations.store.overview import load_texts
from tui.text.repeats import LONGEST, Passages, find_repeats, read_passages

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from annotations.shape import Shape
    from annotations.store.project import Project
    from tui.widgets.post_view import PostView

NEAREST = 12
"""Ancestors that a comment is compared with, from its parent up; and the article."""
LONGEST_ARTICLE = 100_000
"""Characters of an article that are read."""
KEPT = 150
"""Posts whose words are kept, some 5 KB each."""


class RepeatFinder:
    """The words of a thread's posts, kept while they may be asked for again.

    Args:
        project: The project.
        thread_id: The thread.
        shape: Its shape.
    """

    def __init__(self, project: Project, thread_id: int, shape: Shape) -> None:
        self._project = project
        self._thread_id = thread_id
        self._depths = shape.depths
        self._kept: OrderedDict[int, Passages] = OrderedDict()

    def find(self, views: Sequence[PostView]) -> dict[int, tuple[tuple[int, int], ...]]:
        """Return the ranges that comments repeat, by position; those that repeat nothing are left out."""
        lines = {view.post.position: self._ancestors(view.post.position) for view in views if view.post.position}
        for view in views:
            if view.post.position not in self._kept:
                self._keep(view.post.position, view.post.text)
        self._fetch({position for line in lines.values() for position in line})
        found = {}
        for view in views:
            if line := lines.get(view.post.position):
                others = [self._kept[position] for position in line if position in self._kept]
                if repeats := find_repeats(view.post.text, self._kept[view.post.position], others):
                    found[view.post.position] = repeats
        self._trim()
        return found

    def _ancestors(self, position: int) -> list[int]:
        """Return the nearest ancestors of a comment, the parent first, and the article."""
        line: list[int] = []
        at = parent_of(self._depths, position)
        while at and len(line) < NEAREST:
            line.append(at)
            at = parent_of(self._depths, at)
        return [*line, 0]

    def _fetch(self, positions: Iterable[int]) -> None:
        missing = sorted(position for position in positions if position not in self._kept)
        if missing:
            for position, text in load_texts(self._project, self._thread_id, missing):
                self._keep(position, text)

    def _keep(self, position: int, text: str) -> None:
        self._kept[position] = read_passages(text, LONGEST if position else LONGEST_ARTICLE)

    def _trim(self) -> None:
        if 0 in self._kept:
            self._kept.move_to_end(0)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
