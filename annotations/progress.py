"""How far one annotator has come in a thread, cheap enough to ask after every key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.store.history import changes_since, last_event_id
from annotations.store.labels import labeled_post_ids, reviewed_post_ids, work_on_post
from annotations.store.listing import load_thread

if TYPE_CHECKING:
    from annotations.store.project import Project

_MANY_EVENTS = 200
"""From so many events on it is cheaper to count anew than to look at each."""


class Progress(Struct, frozen=True, kw_only=True):
    """How far an annotator has come in a thread.

    Args:
        comments: How many comments the thread has.
        labeled: How many of them carry at least one of the annotator's annotations, of any scope.
        reviewed: How many of them the annotator has reviewed.
    """

    comments: int
    labeled: int
    reviewed: int


class _Tally(Struct):
    """What is done in a thread, as of an event."""

    event_id: int
    labeled: set[int]
    reviewed: set[int]


class ProgressCounter:
    """Counts once for each thread, then follows the history: later answers cost what has happened since.

    It follows what others do to this annotator's work as well: another terminal, an import, a merge.
    """

    def __init__(self, project: Project, annotator_id: int) -> None:
        self._project = project
        self._annotator_id = annotator_id
        self._tallies: dict[int, _Tally] = {}

    def count(self, thread_id: int) -> Progress:
        """Return how far the annotator has come in a thread.

        Raises:
            UnknownNameError: If there is no such thread.
        """
        thread = load_thread(self._project, thread_id)
        newest = last_event_id(self._project)
        tally = self._tallies.get(thread_id)
        if tally is None or newest - tally.event_id > _MANY_EVENTS:
            # The event is asked first: what happens between the questions is looked at again, which does no harm.
            tally = _Tally(
                event_id=newest,
                labeled=labeled_post_ids(self._project, thread_id, self._annotator_id),
                reviewed=reviewed_post_ids(self._project, thread_id, self._annotator_id),
            )
            self._tallies[thread_id] = tally
        elif newest != tally.event_id:
            self._follow(tally, thread_id)
        return Progress(comments=thread.posts - 1, labeled=len(tally.labeled), reviewed=len(tally.reviewed))

    def _follow(self, tally: _Tally, thread_id: int) -> None:
        """Look again at the posts that were touched since."""
        touched: set[int] = set()
        for event in changes_since(self._project, tally.event_id):
            tally.event_id = event.id
            if event.thread_id == thread_id and event.annotator_id == self._annotator_id and event.post_id is not None:
                touched.add(event.post_id)
        for post_id in touched:
            is_comment, is_labeled, is_reviewed = work_on_post(self._project, post_id, self._annotator_id)
            for members, is_member in ((tally.labeled, is_labeled), (tally.reviewed, is_reviewed)):
                if is_comment and is_member:
                    members.add(post_id)
                else:
                    members.discard(post_id)
