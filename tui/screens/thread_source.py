"""What the reader shows of a thread, fetched from the project as it scrolls in and kept up to date."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from typing import TYPE_CHECKING

from annotations.errors import RuleError
from annotations.model import PostKind, Scope
from annotations.store import codebooks, labels, overview, reading, threads
from tui.text.visible import one_line
from tui.widgets.post_view import Chip, PostView, SpanMark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from annotations.model import Annotation, StoredPost, StoredThread
    from annotations.session import LabelingSession
    from annotations.shape import Shape

QUOTE_SHOWN = 24
"""Characters of a quote that a chip shows."""


class ThreadSource:
    """The posts of one thread as the session's annotator sees them.

    It keeps, for the whole thread, a byte for each post (read or not) and the annotator's labels by position; texts
    are fetched when asked for.

    Args:
        session: The annotator's session.
        thread: The thread.
    """

    def __init__(self, session: LabelingSession, thread: StoredThread) -> None:
        self.session = session
        self.thread = thread
        self._project = session.project
        self.shape: Shape = threads.load_shape(self._project, thread.id)
        self.read = bytearray(len(self.shape))
        for position in reading.read_positions(self._project, thread.id, session.annotator.id):
            self.read[position] = 1
        self.reviewed = labels.reviewed_positions(self._project, thread.id, session.annotator.id)
        self._labels: dict[int, tuple[str, ...]] = {}
        self._labeled: list[int] = []
        for position, found in overview.labels_by_position(self._project, thread.id, session.annotator.id).items():
            self._labels[position] = tuple(found)
        self._labeled = sorted(self._labels)

    def load(self, positions: Sequence[int]) -> list[PostView]:
        """Return the posts at these positions; neighbours are fetched together."""
        found: dict[int, StoredPost] = {}
        for start, stop in _runs(sorted(set(positions))):
            for post in threads.load_posts(self._project, self.thread.id, start, stop):
                found[post.position] = post
        return self._views([found[position] for position in positions])

    def _views(self, posts: Sequence[StoredPost]) -> list[PostView]:
        ids = [post.id for post in posts]
        annotator = self.session.annotator.id
        annotations = labels.annotations_of_posts(self._project, ids, annotator)
        incoming = labels.relations_to(self._project, ids, annotator)
        return [self._view(post, annotations.get(post.id, ()), incoming.get(post.id, ())) for post in posts]

    def _view(self, post: StoredPost, own: Iterable[Annotation], incoming: Iterable[Annotation]) -> PostView:
        annotations = tuple(own)
        chips = []
        if post.kind is PostKind.ARTICLE:
            of_thread = overview.thread_annotations(self._project, self.thread.id, self.session.annotator.id)
            chips += [self.chip(found) for found in of_thread]
        chips += [self.chip(found) for found in annotations if found.scope in {Scope.POST, Scope.RELATION}]
        chips += [self._incoming_chip(found) for found in incoming]
        spans = [found for found in annotations if found.scope is Scope.SPAN and not found.detached]
        detached = sum(1 for found in annotations if found.detached)
        if detached:
            chips.append(Chip(text=f"{detached} detached", colour="red"))
        marks = [self._mark(found) for found in spans]
        return PostView(
            post=post,
            annotations=annotations,
            chips=tuple(chips),
            marks=tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end))),
            is_read=bool(self.read[post.position]),
            is_reviewed=post.position in self.reviewed,
        )

    def _label(self, label: str) -> tuple[str, str, str]:
        """Return the name, colour and sign of a label, also of one that the codebook no longer has."""
        try:
            found = self.session.codebook.label(label)
        except RuleError:
            name = self.former_name(label)
            return name, "grey", name[:1]
        return found.name, found.colour, found.key or found.name[:1]

    def former_name(self, label: str) -> str:
        """Return how a label that the codebook no longer has was called."""
        return codebooks.label_names(self._project).get(label, label)

    def chip(self, annotation: Annotation) -> Chip:
        """Return the chip of a post's label, of a thread's, or of a relation as seen from where it starts."""
        name, colour, sign = self._label(annotation.label)
        if annotation.scope is Scope.RELATION:
            return Chip(text=f"→ {name} {self.end_name(annotation)}", colour=colour)
        values = [str(value) for value in annotation.attributes.values()]
        text = f"{name}: {', '.join(values)}" if values else name
        return Chip(text=f"{text} ✎" if annotation.note else text, colour=colour, key=sign)

    def _incoming_chip(self, annotation: Annotation) -> Chip:
        name, colour, _ = self._label(annotation.label)
        post_id = annotation.target.post_id
        start = threads.load_post(self._project, post_id).key if post_id is not None else ""
        return Chip(text=f"← {name} {start}", colour=colour)

    def end_name(self, annotation: Annotation) -> str:
        """Return what a relation leads to: a quote, or a post's key."""
        target = annotation.target
        if target.to_annotation is not None:
            other = labels.load_annotation(self._project, target.to_annotation)
            if other.quote is not None:
                quote = one_line(other.quote.exact)
                return f"“{quote if len(quote) <= QUOTE_SHOWN else quote[:QUOTE_SHOWN].rstrip() + '…'}”"
        if target.to_post_id is None:
            return ""
        post = threads.load_post(self._project, target.to_post_id)
        return "the article" if post.kind is PostKind.ARTICLE else one_line(post.key)

    def _mark(self, annotation: Annotation) -> SpanMark:
        _, colour, sign = self._label(annotation.label)
        span = annotation.target.span
        assert span is not None  # noqa: S101  # a span annotation has one
        return SpanMark(start=span.start, end=span.end, colour=colour, sign=sign)

    def hidden_summary(self, start: int, stop: int) -> tuple[int, list[Chip]]:
        """Return how many posts of [start, stop) are unread, and a chip with a count for each label among them."""
        counts: Counter[str] = Counter()
        for position in self._labeled[bisect_left(self._labeled, start) : bisect_left(self._labeled, stop)]:
            counts.update(self._labels[position])
        chips = []
        for label, count in counts.most_common():
            name, colour, _ = self._label(label)
            chips.append(Chip(text=f"{name} ×{count}" if count > 1 else name, colour=colour))
        return self.read.count(0, start, stop), chips

    def refresh(self, post_ids: Iterable[int]) -> list[PostView]:
        """Return the posts of this thread among `post_ids` as they are now, after a change."""
        posts = [
            post for post in overview.load_posts_by_id(self._project, post_ids) if post.thread_id == self.thread.id
        ]
        for post in posts:
            is_reviewed = labels.is_reviewed(self._project, post.id, self.session.annotator.id)
            (self.reviewed.add if is_reviewed else self.reviewed.discard)(post.position)
        views = self._views(posts)
        for view in views:
            self._keep_labels(view.post.position, tuple(annotation.label for annotation in view.annotations))
        return views

    def _keep_labels(self, position: int, found: tuple[str, ...]) -> None:
        if found and position not in self._labels:
            insort(self._labeled, position)
        elif not found and position in self._labels:
            del self._labeled[bisect_left(self._labeled, position)]
            del self._labels[position]
        if found:
            self._labels[position] = found

    def mark_read(self, positions: Sequence[int]) -> None:
        """Keep that the posts at these sorted positions were read."""
        for start, stop in _runs(positions):
            self.session.mark_read(self.post_ids(start, stop))
            self.read[start:stop] = bytes([1]) * (stop - start)

    def labels_at(self, position: int) -> tuple[str, ...]:
        """Return the ids of the annotator's labels on the post at a position and in it."""
        return self._labels.get(position, ())

    def post_ids(self, start: int, stop: int) -> list[int]:
        """Return the ids of the posts of [start, stop)."""
        return overview.post_ids(self._project, self.thread.id, start, stop)

    def post_by_id(self, post_id: int) -> StoredPost:
        """Return a post."""
        return threads.load_post(self._project, post_id)

    def next_unread(self, position: int, step: int) -> int | None:
        """Return the next comment after `position` (before it, if `step` is negative) that is unread."""
        found = self.read.find(0, position + 1) if step > 0 else self.read.rfind(0, 1, max(1, position))
        return found if found > 0 else None

    def next_disagreement(self, position: int, step: int) -> int | None:
        """Return the next comment after `position` (before it, if `step` is negative) on which annotators differ."""
        found = [place for place in overview.disagreements(self._project, self.thread.id) if place > 0]
        if step > 0:
            return next((place for place in found if place > position), None)
        return next((place for place in reversed(found) if place < position), None)

    def next_labeled(self, position: int, step: int) -> int | None:
        """Return the next comment after `position` (before it, if `step` is negative) that has an annotation."""
        if step > 0:
            at = bisect_left(self._labeled, position + 1)
            return self._labeled[at] if at < len(self._labeled) else None
        at = bisect_left(self._labeled, position) - 1
        return self._labeled[at] if at >= 0 and self._labeled[at] > 0 else None


def _runs(positions: Sequence[int]) -> list[tuple[int, int]]:
    """Return [start, stop) for each run of neighbours among sorted positions."""
    runs: list[tuple[int, int]] = []
    for position in positions:
        if runs and runs[-1][1] == position:
            runs[-1] = (runs[-1][0], position + 1)
        else:
            runs.append((position, position + 1))
    return runs
