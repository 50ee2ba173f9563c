"""What the reader shows of a thread, fetched from the project as it scrolls in and kept up to date."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING

from annotations.errors import RuleError
from annotations.model import PostKind, Scope
from annotations.store import codebooks, labels, overview, posts, reading
from tui.screens.post_signs import GONE, PostSigns
from tui.text.visible import one_line
from tui.widgets.post_view import Chip, PostView, SpanMark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from annotations.model import Annotation, StoredPost, StoredThread
    from annotations.session import LabelingSession
    from annotations.shape import Shape
    from tui.screens.repeat_finder import RepeatFinder

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
        self.shape: Shape = posts.load_shape(self._project, thread.id)
        self.read = reading.read_column(self._project, thread.id, session.annotator.id, len(self.shape))
        self.reviewed = labels.reviewed_positions(self._project, thread.id, session.annotator.id)
        self.signs = PostSigns(session, thread, len(self.shape))
        self._repeat_finder: RepeatFinder | None = None
        self._labels: dict[int, tuple[str, ...]] = {}
        self._places: dict[str, list[int]] = {}
        self._labeled: list[int] = []
        for position, found in overview.labels_by_position(self._project, thread.id, session.annotator.id).items():
            self._labels[position] = tuple(found)
            for label in found:
                self._places.setdefault(label, []).append(position)
        self._labeled = sorted(self._labels)

    def load(self, positions: Sequence[int]) -> list[PostView]:
        """Return the posts at these positions; neighbours are fetched together."""
        found: dict[int, StoredPost] = {}
        for start, stop in _runs(sorted(set(positions))):
            for post in posts.load_posts(self._project, self.thread.id, start, stop):
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
        is_read = bool(self.read[post.position])
        return PostView(
            post=post,
            signs=self.signs.of(post, is_read=is_read),
            is_gone=GONE in post.meta,
            annotations=annotations,
            chips=tuple(chips),
            marks=tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end))),
            is_read=is_read,
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
            end = annotation.target.to_post_id or 0
            return Chip(
                text=f"→ {name} {self.end_name(annotation)}", colour=colour, annotation=annotation.id, leads_to=end
            )
        values = [str(value) for value in annotation.attributes.values()]
        text = f"{name}: {', '.join(values)}" if values else name
        return Chip(text=f"{text} ✎" if annotation.note else text, colour=colour, key=sign, annotation=annotation.id)

    def _incoming_chip(self, annotation: Annotation) -> Chip:
        name, colour, _ = self._label(annotation.label)
        post_id = annotation.target.post_id
        start = posts.load_post(self._project, post_id).key if post_id is not None else ""
        return Chip(text=f"← {name} {start}", colour=colour, leads_to=post_id or 0)

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
        post = posts.load_post(self._project, target.to_post_id)
        return "the article" if post.kind is PostKind.ARTICLE else one_line(post.key)

    def end_offset(self, annotation_id: int) -> int | None:
        """Return where the span begins to which a relation leads; None where it leads to a whole post, or for no row."""
        if not annotation_id:
            return None
        target = labels.load_annotation(self._project, annotation_id).target
        if target.to_annotation is None:
            return None
        span = labels.load_annotation(self._project, target.to_annotation).target.span
        return None if span is None else span.start

    def _mark(self, annotation: Annotation) -> SpanMark:
        name, colour, sign = self._label(annotation.label)
        span = annotation.target.span
        assert span is not None  # noqa: S101  # a span annotation has one
        return SpanMark(start=span.start, end=span.end, colour=colour, sign=sign, name=name)

    def hidden_summary(self, start: int, stop: int) -> tuple[int, list[Chip]]:
        """Return how many posts of [start, stop) are unread, and a chip with a count for each label among them."""
        counts = [  # two searches a label, however many posts carry it
            (bisect_left(places, stop) - bisect_left(places, start), label) for label, places in self._places.items()
        ]
        chips = []
        for count, label in sorted((found for found in counts if found[0]), key=lambda found: -found[0]):
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
        before = self._labels.get(position, ())
        for label in set(before) | set(found):
            places = self._places.setdefault(label, [])
            at = bisect_left(places, position)
            places[at : at + before.count(label)] = [position] * found.count(label)
        if found and position not in self._labels:
            insort(self._labeled, position)
        elif not found and position in self._labels:
            del self._labeled[bisect_left(self._labeled, position)]
            del self._labels[position]
        if found:
            self._labels[position] = found

    def find_repeats(self, views: Sequence[PostView]) -> dict[int, tuple[tuple[int, int], ...]]:
        """Return the ranges in which comments repeat words of the posts that they answer, by position."""
        if self._repeat_finder is None:
            from tui.screens.repeat_finder import RepeatFinder  # noqa: PLC0415  # loaded once the thread is on the screen

            self._repeat_finder = RepeatFinder(self._project, self.thread.id, self.shape)
        return self._repeat_finder.find(views)

    def mark_read(self, positions: Sequence[int]) -> None:
        """Keep that the posts at these sorted positions were read."""
        for start, stop in _runs(positions):
            self.session.mark_read(self.post_ids(start, stop))
            self.read[start:stop] = bytes([1]) * (stop - start)
        self.signs.count_again()

    def labels_at(self, position: int) -> tuple[str, ...]:
        """Return the ids of the annotator's labels on the post at a position and in it."""
        return self._labels.get(position, ())

    def post_ids(self, start: int, stop: int) -> list[int]:
        """Return the ids of the posts of [start, stop)."""
        return overview.post_ids(self._project, self.thread.id, start, stop)

    def post_by_id(self, post_id: int) -> StoredPost:
        """Return a post."""
        return posts.load_post(self._project, post_id)

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
