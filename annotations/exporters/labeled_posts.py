"""The posts of a project with all that is put on them, in order, read batch by batch."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from annotations.errors import ExportError
from annotations.model import Scope
from annotations.span import is_quote_at
from annotations.store.flags import flaggers_of_posts
from annotations.store.labels import annotations_of_posts
from annotations.store.notes import notes_on_posts
from annotations.store.snapshot import (
    End,
    annotated_positions,
    annotations_of_thread,
    keys_of_posts,
    load_ends,
    reviewers_of_posts,
)
from annotations.store.threads import load_posts, load_thread
from annotations.store.times import seconds_of_posts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from annotations.exporters.dataset import Selection
    from annotations.model import Annotation, StoredPost, StoredThread
    from annotations.store.notes import PostNote
    from annotations.store.project import Project

_BATCH = 500
"""Posts whose texts and labels are in memory at a time."""

_FIRST_BATCH = 4
_GROWTH = 5
"""How batches grow: a preview needs the first few posts, and needs them at once."""


class LabeledPost(Struct, frozen=True, kw_only=True):
    """A post with all that is put on it.

    Args:
        thread: The thread that it is in.
        post: The article or a comment.
        annotations: What is put on it or in it, and the relations that start there, in reading order; a span that is
            not detached says what its quote says.
        thread_annotations: For the article: what is put on the thread, and the relations that start at it. Else empty.
        reviewers: Who has said that it is done, by name.
        flaggers: Who has flagged it, by name.
        seconds: How long the annotators to export were at it, idle time left out.
        post_keys: The keys of the posts to which the relations lead, by row.
        ends: The annotations at which the relations start and end, by row.
        notes: What annotators have remarked on it as a whole, in order of their names.
    """

    thread: StoredThread
    post: StoredPost
    annotations: tuple[Annotation, ...]
    thread_annotations: tuple[Annotation, ...]
    reviewers: tuple[str, ...]
    flaggers: tuple[str, ...] = ()
    seconds: float = 0.0
    post_keys: Mapping[int, str]
    ends: Mapping[int, End]
    notes: tuple[PostNote, ...] = ()


def iter_labeled_posts(
    project: Project, selection: Selection, thread_id: int, *, is_sparse: bool = False
) -> Iterator[LabeledPost]:
    """Yield the posts of a thread in pre-order, each with what the selection wants of what is put on it.

    Args:
        project: The project.
        selection: What to export.
        thread_id: The thread.
        is_sparse: Whether to pass over comments without an annotation or a note, which are then not even read.

    Raises:
        ExportError: If a span does not say what was quoted.
    """
    thread = load_thread(project, thread_id)
    batches = _annotated_batches(project, selection, thread_id) if is_sparse else _all_batches(project, thread_id)
    work = project.work
    before = work.done
    for batch in batches:
        yield from _labeled(project, selection, thread, batch)
        work.advance(before + batch[-1].position + 1)
    work.advance(before + thread.posts)


def _all_batches(project: Project, thread_id: int) -> Iterator[list[StoredPost]]:
    start, size = 0, _FIRST_BATCH
    while True:
        size = min(size * _GROWTH, _BATCH)
        batch = load_posts(project, thread_id, start, start + size)
        if batch:
            yield batch
        if len(batch) < size:
            return
        start += size


def _annotated_batches(project: Project, selection: Selection, thread_id: int) -> Iterator[list[StoredPost]]:
    """Yield the article, then the posts with annotations or notes; neighbours are read together."""
    positions, size = [0], _FIRST_BATCH
    while positions:
        batch: list[StoredPost] = []
        for _, run in groupby(enumerate(positions), key=lambda numbered: numbered[1] - numbered[0]):
            members = [position for _, position in run]
            batch += load_posts(project, thread_id, members[0], members[-1] + 1)
        yield batch
        size = min(size * _GROWTH, _BATCH)
        positions = annotated_positions(project, thread_id, positions[-1] + 1, size, selection.annotator_id)


def _labeled(
    project: Project, selection: Selection, thread: StoredThread, batch: Sequence[StoredPost]
) -> Iterator[LabeledPost]:
    """Put posts and what belongs to them together."""
    post_ids = [post.id for post in batch]
    found = annotations_of_posts(project, post_ids, selection.annotator_id)
    is_first = batch[0].position == 0
    on_thread = annotations_of_thread(project, thread.id, selection.annotator_id) if is_first else []
    relations = [
        each.target for labels in (on_thread, *found.values()) for each in labels if each.scope is Scope.RELATION
    ]
    led_to = {target.to_post_id for target in relations if target.to_post_id is not None}
    tied = {end for target in relations for end in (target.from_annotation, target.to_annotation) if end is not None}
    post_keys = keys_of_posts(project, led_to) if led_to else {}
    ends = load_ends(project, tied) if tied else {}
    if selection.telling.current:
        ends = {row: replace(end, label=selection.telling.label(end.label)) for row, end in ends.items()}
    reviewers = reviewers_of_posts(project, post_ids, selection.annotator_id)
    flaggers = flaggers_of_posts(project, post_ids, selection.annotator_id)
    seconds = seconds_of_posts(project, post_ids, selection.annotator_id)
    notes = notes_on_posts(project, post_ids, selection.annotator_id)
    for post in batch:
        for annotation in found[post.id]:
            _check_quote(thread, post, annotation)
        yield LabeledPost(
            thread=thread,
            post=post,
            annotations=selection.chosen(found[post.id]),
            thread_annotations=selection.chosen(on_thread) if post.position == 0 else (),
            reviewers=reviewers.get(post.id, ()),
            flaggers=flaggers.get(post.id, ()),
            seconds=seconds.get(post.id, 0.0),
            post_keys=post_keys,
            ends=ends,
            notes=notes.get(post.id, ()),
        )


def _check_quote(thread: StoredThread, post: StoredPost, annotation: Annotation) -> None:
    """Refuse a span that does not say what was quoted: a dataset that is wrong is worse than none."""
    span, quote = annotation.target.span, annotation.quote
    if span is None or annotation.detached:
        return
    if quote is None or not is_quote_at(post.text, span, quote.exact):
        raise ExportError(
            f"The span {span} of the annotation {annotation.uuid} ({annotation.label}) in post {post.key} of thread "
            f"{thread.key} does not say what was quoted",
            "Nothing was written. See what is wrong with the project: postil check",
        )
