"""Where an annotator's work in one thread breaks a rule, followed post by post as it happens."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING

from annotations.model import Target
from annotations.rule_check import load_work
from annotations.store.history import changes_since, last_event_id
from annotations.store.labels import annotations_at, annotations_of_posts, is_reviewed
from annotations.store.post_places import positions_of
from annotations.violations import RuleBook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.codebook import Codebook
    from annotations.model import Annotation
    from annotations.store.project import Project

_MANY_EVENTS = 200
"""From so many events on it is cheaper to look the thread over again than to follow each."""


class ThreadViolations:
    """The posts of a thread on which an annotator's work breaks a rule, kept up to date by what happens.

    The first look is linear in the annotator's work and suits a thread of execution of its own; afterwards `follow`
    looks only at the posts that were touched.

    Args:
        codebook: The labels and their rules.
        thread_id: The thread.
        annotator_id: The annotator.
    """

    def __init__(self, codebook: Codebook, thread_id: int, annotator_id: int) -> None:
        self.codebook = codebook
        self._book = RuleBook(codebook)
        self._thread_id = thread_id
        self._annotator_id = annotator_id
        self._event_id = -1
        self._broken: list[int] = []
        self._labels: dict[int, tuple[str, ...]] = {}
        self._places: dict[str, list[int]] = {}
        self._is_article_broken = self._is_thread_broken = False

    def look(self, project: Project) -> None:
        """Look the whole thread over.

        Raises:
            ProjectError: If the project cannot be read.
        """
        event_id = last_event_id(project)  # asked first: what happens meanwhile is followed the next time
        work = load_work(project, self._thread_id, self._annotator_id)
        self._labels, self._places, self._broken = {}, {}, []
        self._is_article_broken = False
        for position, put in sorted(work.posts.items()):
            self._keep(position, put, is_reviewed=position in work.reviewed)
        self._keep_thread(work.on_thread)
        self._event_id = event_id

    def follow(self, project: Project) -> bool:
        """Look at what has happened since; False if that is so much that the thread is to be looked over again.

        Raises:
            ProjectError: If the project cannot be read.
        """
        newest = last_event_id(project)
        if self._event_id < 0 or newest - self._event_id > _MANY_EVENTS:
            return False
        if newest == self._event_id:
            return True
        events = [event for event in changes_since(project, self._event_id) if event.thread_id == self._thread_id]
        touched = {event.post_id for event in events if event.post_id is not None}
        annotations = annotations_of_posts(project, touched, self._annotator_id)
        for post_id, position in positions_of(project, touched).items():
            has_review = is_reviewed(project, post_id, self._annotator_id)
            self._keep(position, annotations[post_id], is_reviewed=has_review)
        if events:
            target = Target(thread_id=self._thread_id)
            self._keep_thread(annotations_at(project, self._annotator_id, target))
        self._event_id = newest
        return True

    def next(self, position: int, step: int) -> int | None:
        """Return the next such position after `position` (before it, if `step` is negative), None if there is none.

        What is broken on the thread as a whole stands with the article, at 0.
        """
        rows = [self._broken, *(self._places.get(label, []) for label in self._excessive())]
        if step > 0:
            found = [row[at] for row in rows if (at := bisect_right(row, position)) < len(row)]
            return min(found, default=None)
        found = [row[at - 1] for row in rows if (at := bisect_left(row, position))]
        return max(found, default=None)

    def is_broken(self, position: int) -> bool:
        """Tell whether a rule is broken on the post at a position."""
        at = bisect_left(self._broken, position)
        if at < len(self._broken) and self._broken[at] == position:
            return True
        return not self._excessive().isdisjoint(self._labels.get(position, ()))

    def __bool__(self) -> bool:
        """Tell whether anything is broken."""
        return bool(self._broken or self._excessive())

    def _excessive(self) -> set[str]:
        """Return the labels of which there are too many in the thread."""
        counts = {label: len(self._places.get(label, ())) for limit in self._book.per_thread for label in limit.ids}
        return {label for limit, _ in self._book.over_limit(counts) for label in limit.ids}

    def _keep(self, position: int, annotations: Sequence[Annotation], *, is_reviewed: bool) -> None:
        """Take what stands on a post now for what stood there before."""
        before = self._labels.pop(position, ())
        after = tuple(found.label for found in annotations)
        if after or is_reviewed:
            self._labels[position] = after
        for label in {*before, *after}:
            places = self._places.setdefault(label, [])
            at = bisect_left(places, position)
            places[at : at + before.count(label)] = [position] * after.count(label)
        is_broken = bool(self._book.of_post(annotations, is_comment=position > 0, is_reviewed=is_reviewed))
        if position == 0:
            self._is_article_broken = is_broken
            is_broken = is_broken or self._is_thread_broken
        self._mark(position, is_broken=is_broken)

    def _keep_thread(self, on_thread: Sequence[Annotation]) -> None:
        has_begun = bool(self._labels) or bool(on_thread)
        self._is_thread_broken = bool(self._book.of_thread(on_thread, has_begun=has_begun))
        self._mark(0, is_broken=self._is_article_broken or self._is_thread_broken)

    def _mark(self, position: int, *, is_broken: bool) -> None:
        """Keep whether something is broken at a position."""
        at = bisect_left(self._broken, position)
        is_kept = at < len(self._broken) and self._broken[at] == position
        if is_broken and not is_kept:
            insort(self._broken, position)
        elif is_kept and not is_broken:
            del self._broken[at]
