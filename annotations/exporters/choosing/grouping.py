"""Threads that share authors, directly or through other threads, as groups. Source: union-find, Galler and Fischer 1964."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.exporters.hiding.nobody import is_somebody, same_name
from annotations.store.splits import authors_in_threads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.store.project import Project


def group_by_author(project: Project, threads: Iterable[int]) -> dict[int, int]:
    """Return for each of these threads, by row, its group: the lowest row of the threads in it.

    Names that are nobody's ("[deleted]", "Anonymous") join no threads; those that differ in letter case alone are one author's.
    """
    leader = {thread: thread for thread in threads}

    def find(thread: int) -> int:
        while leader[thread] != thread:
            leader[thread] = thread = leader[leader[thread]]
        return thread

    before: tuple[str, int] | None = None
    for author, thread in authors_in_threads(project, same_name):
        if thread not in leader:
            continue
        if before is not None and before[0] == author:
            first, second = sorted((find(before[1]), find(thread)))
            leader[second] = first
        elif not is_somebody(author):
            continue
        before = (author, thread)
    return {thread: find(thread) for thread in leader}
