"""What the reader shows of a thread, fetched from the project as it scrolls in and kept up to date."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from annotations.model import PostKind, Scope
from annotations.store import labels, notes, overview, posts, reading, thread_places
from tui.screens.kept_labels import KeptLabels
from tui.screens.label_words import LabelWords
from tui.screens.post_signs import GONE, NOTED, PostSigns
from tui.screens.watched_thread import WatchedThread
from tui.widgets.post_view import Chip, PostView

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from annotations.model import Annotation, StoredPost, StoredThread
    from annotations.session import LabelingSession
    from tui.screens.others_labels import OthersLabels
    from tui.screens.relation_words import RelationWords
    from tui.screens.repeat_finder import RepeatFinder
    from tui.widgets.post_view import Tag


class ThreadSource(WatchedThread):
    """The posts of one thread as the session's annotator sees them.

    It keeps, for the whole thread, a byte for each post (read or not) and the annotator's labels by position; texts
    are fetched when asked for.

    Args:
        session: The annotator's session.
        thread: The thread.
    """

    def __init__(self, session: LabelingSession, thread: StoredThread) -> None:
        super().__init__(session.project, thread)
        self.session = session
        self.words = LabelWords(session)
        self.is_plain = False
        """Whether to say in words what arrows say."""
        self.read = reading.read_column(self._project, thread.id, session.annotator.id, len(self.shape))
        self.take_stock()
        self.signs = PostSigns(session, thread, len(self.shape), self.look)
        self._repeat_finder: RepeatFinder | None = None
        self.others: OthersLabels | None = None
        """What adds the labels of the others to the posts, when they are to be seen."""

    def take_stock(self) -> None:
        """Find anew where the annotator's labels and reviews are: of many changes cheaper than to look at each post."""
        thread_id, annotator_id, places = self.thread.id, self.session.annotator.id, self._place_as_opened
        found = thread_places.label_places(self._project, thread_id, annotator_id)
        self._labels = KeptLabels({label: places(positions) for label, positions in found.items()})
        self.reviewed = set(places(labels.reviewed_positions(self._project, thread_id, annotator_id)))

    def _place_as_opened(self, positions: Iterable[int]) -> list[int]:
        """Return where posts stood when this was opened, without those that have come since."""
        shift = self.look()
        if shift is None:
            return list(positions)
        return [before for position in positions if (before := shift.to_old(position)) is not None]

    def load(self, positions: Sequence[int]) -> list[PostView]:
        """Return the posts at these positions; neighbours are fetched together."""
        shift = self.look()
        places = positions if shift is None else [shift.to_new(position) for position in positions]
        found: dict[int, StoredPost] = {}
        for start, stop in _runs(sorted(set(places))):
            for post in posts.load_posts(self._project, self.thread.id, start, stop):
                found[post.position] = post
        if self.look() is not shift:  # imported again between the two
            return self.load(positions)
        return self._views([self.as_opened(found[place]) for place in places])

    def _views(self, posts: Sequence[StoredPost]) -> list[PostView]:
        ids = [post.id for post in posts]
        annotator = self.session.annotator.id
        annotations = labels.annotations_of_posts(self._project, ids, annotator)
        incoming = labels.relations_to(self._project, ids, annotator)
        remarks = notes.notes_on_posts(self._project, ids, annotator)
        views = [
            self._view(
                post, annotations[post.id], incoming[post.id], remarks[post.id][0].note if post.id in remarks else ""
            )
            for post in posts
        ]
        return views if self.others is None else self.others.add(views)

    def _view(
        self, post: StoredPost, annotations: Sequence[Annotation], incoming: Sequence[Annotation], remark: str
    ) -> PostView:
        of_thread: Sequence[Annotation] = ()
        if post.kind is PostKind.ARTICLE:
            of_thread = labels.annotations_of_thread(self._project, self.thread.id, self.session.annotator.id)
        chips = [self.words.chip(found) for found in of_thread if found.scope is Scope.THREAD]
        chips += [self.words.chip(found) for found in annotations if found.scope is Scope.POST]
        tags: tuple[Tag, ...] = ()
        if incoming or any(found.scope is Scope.RELATION for found in (*annotations, *of_thread)):
            chips += self.relation_words.chips(annotations, incoming, of_thread)
            tags = self.relation_words.tags(annotations, incoming)
        spans = [found for found in annotations if found.scope is Scope.SPAN and not found.detached]
        detached = sum(1 for found in annotations if found.detached)
        if detached:
            chips.append(Chip(text=f"{detached} detached", colour="red"))
        marks = [self.words.mark(found) for found in spans]
        is_read = bool(self.read[post.position])
        return PostView(
            post=post,
            signs=(*self.signs.of(post, is_read=is_read), *((NOTED,) if remark else ())),
            is_gone=GONE in post.meta,
            annotations=tuple(annotations),
            incoming=tuple(incoming),
            of_thread=tuple(of_thread),
            tags=tags,
            remark=remark,
            chips=tuple(chips),
            marks=tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end))),
            is_read=is_read,
            is_reviewed=post.position in self.reviewed,
        )

    @cached_property
    def relation_words(self) -> RelationWords:
        """What is said of relations."""
        from tui.screens.relation_words import RelationWords  # noqa: PLC0415  # most posts have no relations

        return RelationWords(self.words, is_plain=self.is_plain)

    def hidden_summary(self, start: int, stop: int) -> tuple[int, list[Chip]]:
        """Return how many posts of [start, stop) are unread, and a chip with a count for each label among them."""
        chips = []
        for count, label in self._labels.counts_in(start, stop):
            name, colour, _ = self.words.label(label)
            chips.append(Chip(text=f"{name} ×{count}" if count > 1 else name, colour=colour))
        return self.read.count(0, start, stop), chips

    def refresh(self, post_ids: Iterable[int]) -> list[PostView]:
        """Return the posts of this thread among `post_ids` as they are now, after a change."""
        self.look()
        found = overview.load_posts_by_id(self._project, post_ids)
        posts = [self.as_opened(post) for post in found if post.thread_id == self.thread.id]
        posts = [post for post in posts if post.position >= 0]
        for post in posts:
            is_reviewed = labels.is_reviewed(self._project, post.id, self.session.annotator.id)
            (self.reviewed.add if is_reviewed else self.reviewed.discard)(post.position)
            self.signs.look_at_flag(post)
        views = self._views(posts)
        for view in views:
            self._labels.keep(view.post.position, [annotation.label for annotation in view.annotations])
        return views

    def find_repeats(self, views: Sequence[PostView]) -> dict[int, tuple[tuple[int, int], ...]]:
        """Return the ranges in which comments repeat words of the posts that they answer, by position."""
        if self._shift is not None:
            return {}
        if self._repeat_finder is None:
            from tui.screens.repeat_finder import RepeatFinder  # noqa: PLC0415  # loaded once the thread is on the screen

            self._repeat_finder = RepeatFinder(self._project, self.thread.id, self.shape)
        return self._repeat_finder.find(views)

    def mark_read(self, positions: Sequence[int]) -> None:
        """Keep that the posts at these sorted positions were read."""
        runs = _runs(positions)
        if not self.session.mark_positions_read(self.thread, runs) and not self.is_displaced:
            for start, stop in runs:
                self.session.mark_read(self.post_ids(start, stop))
        for start, stop in runs:
            self.read[start:stop] = bytes([1]) * (stop - start)
        self.signs.count_again()

    def count_of(self, label: str) -> int:
        """Return how many annotations with a label the annotator has put on the thread's posts."""
        return self._labels.count(label)

    def labels_at(self, position: int) -> tuple[str, ...]:
        """Return the ids of the annotator's labels on the post at a position and in it."""
        return self._labels.at(position)

    def post_ids(self, start: int, stop: int) -> list[int]:
        """Return the ids of the posts of [start, stop)."""
        shift = self.look()
        if shift is None:
            return overview.post_ids(self._project, self.thread.id, start, stop)
        first, last = shift.to_new(start), shift.to_new(max(start, stop - 1))
        ids = overview.post_ids(self._project, self.thread.id, first, last + 1)
        return [row for place, row in enumerate(ids, first) if shift.to_old(place) is not None]

    def post_by_id(self, post_id: int) -> StoredPost:
        """Return a post."""
        self.look()
        return self.as_opened(posts.load_post(self._project, post_id))

    def next_unread(self, position: int, step: int) -> int | None:
        """Return the next comment after `position` (before it, if `step` is negative) that is unread."""
        found = self.read.find(0, position + 1) if step > 0 else self.read.rfind(0, 1, max(1, position))
        return found if found > 0 else None

    def next_new(self, position: int, step: int) -> int | None:
        """Return the next comment after `position` (before it, if `step` is negative) that is new and unread."""
        new = self.signs.unread_new(self.read)
        found = new.find(1, position + 1) if step > 0 else new.rfind(1, 1, max(1, position))
        return found if found > 0 else None

    @property
    def new_count(self) -> int:
        """How many comments are new and unread; counted anew only after something was read."""
        return self.signs.new_count(self.read)

    def next_labeled(self, position: int, step: int) -> int | None:
        """Return the next comment after `position` (before it, if `step` is negative) that has an annotation."""
        return self._labels.next(position, step)


def _runs(positions: Sequence[int]) -> list[tuple[int, int]]:
    """Return [start, stop) for each run of neighbours among sorted positions."""
    runs: list[tuple[int, int]] = []
    for position in positions:
        if runs and runs[-1][1] == position:
            runs[-1] = (runs[-1][0], position + 1)
        else:
            runs.append((position, position + 1))
    return runs
