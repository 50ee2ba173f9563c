"""What is gathered for a data set: rows as SQLite hands them out, a million of which cost little more than to fetch them.

`post_of` and `annotation_of` make records of the domain of them.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from annotations.model import Annotation, Annotator, AnnotatorKind, Scope, Target
from annotations.span import Quote, Span
from annotations.store.json_text import load_json
from annotations.store.posts import stored_post

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set  # noqa: PYI025  # whatever set it is

    from annotations.model import StoredPost, StoredThread
    from annotations.store.notes import PostNote
    from annotations.store.project import Project
    from annotations.store.snapshot import End

Row: TypeAlias = tuple[Any, ...]

_SCOPES = {scope.value: scope for scope in Scope}


THREAD, POSITION = 1, 5
"""Where rows of posts have their thread, and their place in pre-order."""


class Names(Struct, frozen=True):
    """What rows of annotations name by number.

    Args:
        labels: The stable id of each label, by row.
        scopes: The scope of each label, by row.
        annotators: All annotators, by row.
    """

    labels: Mapping[int, str]
    scopes: Mapping[int, Scope]
    annotators: Mapping[int, Annotator]

    @property
    def gold(self) -> int | None:
        """The row of the annotator whose labels are the gold set; None where nothing was adjudicated."""
        return next((row for row, each in self.annotators.items() if each.kind is AnnotatorKind.GOLD), None)


class GatheredPost(Struct, frozen=True, gc=False):
    """A post with all that is put on it.

    Args:
        post: Its row, its thread's row, key, parent's row, parent's key, position, depth, size of its subtree, kind, author,
            time, text, revision, reasons for uncertainty (JSON), meta (JSON).
        annotations: What is put on it or in it, and the relations that start there, in reading order: each with post, row,
            uuid, label, annotator, start, end, quote, whether it is detached, annotation where it starts, post, annotation and
            thread where it leads, note, attributes (JSON), codebook version, made when, changed when, prefix, suffix.
        reviewers: Who has said that it is done, by name.
        flaggers: Who has flagged it, by name.
        seconds: How long the annotators were at it, to a tenth.
        notes: What they have remarked on it as a whole, in order of their names.
    """

    post: Row
    annotations: Sequence[Row]
    reviewers: tuple[str, ...]
    flaggers: tuple[str, ...]
    seconds: float
    notes: tuple[PostNote, ...]


class Chunk(Struct, frozen=True):
    """Posts as they come, of one thread or of many.

    Args:
        posts: Their rows, as `GatheredPost` has them: one or more, those of a thread behind those of another.
        annotations: For each of them what is put on it, as `GatheredPost` has it.
        threads: Their threads, by row.
        on_threads: What is put on threads as a whole, and the relations that start there, in order of label and annotator, by
            the thread's row; only of threads whose article is among the posts.
        reviewers: Who has said that a post is done, by name, by the post's row; only of those of which anybody has.
        flaggers: Who has flagged a post, in the same way.
        seconds: How long the annotators were at a post, to a tenth, in the same way.
        notes: What they have remarked on a post as a whole, in order of their names, in the same way.
        post_keys: The keys of the posts to which relations lead, by row.
        ends: The annotations at which relations start and end, by row.
        related: The rows of the posts at which relations start; None for threads.
    """

    posts: Sequence[Row]
    annotations: Sequence[Sequence[Row]]
    threads: Mapping[int, StoredThread]
    on_threads: Mapping[int, Sequence[Row]]
    reviewers: Mapping[int, tuple[str, ...]]
    flaggers: Mapping[int, tuple[str, ...]]
    seconds: Mapping[int, float]
    notes: Mapping[int, tuple[PostNote, ...]]
    post_keys: Mapping[int, str]
    ends: Mapping[int, End]
    related: Set[int | None]


class Batch(Struct, frozen=True):
    """Posts of one thread, in order.

    Args:
        thread: The thread.
        on_thread: What is put on the thread as a whole, and the relations that start there, in order of label and annotator, if
            the article is in the batch; else nothing.
        posts: The posts, one or more.
        post_keys: The keys of the posts to which relations lead, by row.
        ends: The annotations at which relations start and end, by row.
    """

    thread: StoredThread
    on_thread: Sequence[Row]
    posts: Sequence[GatheredPost]
    post_keys: Mapping[int, str]
    ends: Mapping[int, End]


def load_names(project: Project) -> Names:
    """Return what the rows of a project name."""
    with project.reading():
        labels = project.connection.execute("SELECT id, label, scope FROM labels").fetchall()
    return Names(
        {row: label for row, label, _ in labels},
        {row: _SCOPES[scope] for row, _, scope in labels},
        {annotator.id: annotator for annotator in project.annotators()},
    )


def batches(chunk: Chunk) -> Iterator[Batch]:
    """Yield what was gathered thread by thread."""
    reviewers, flaggers, seconds, notes = chunk.reviewers, chunk.flaggers, chunk.seconds, chunk.notes
    both = zip(chunk.posts, chunk.annotations, strict=True)
    for thread_id, members in groupby(both, lambda each: each[0][THREAD]):
        posts = [
            GatheredPost(
                post,
                annotations,
                reviewers.get(post[0], ()),
                flaggers.get(post[0], ()),
                seconds.get(post[0], 0.0),
                notes.get(post[0], ()),
            )
            for post, annotations in members
        ]
        on_thread = chunk.on_threads.get(thread_id, ())
        yield Batch(chunk.threads[thread_id], on_thread, posts, chunk.post_keys, chunk.ends)


def post_of(gathered: GatheredPost) -> StoredPost:
    """Return a post that was gathered as the domain knows it."""
    return stored_post(gathered.post)


def annotation_of(row: Row, thread_id: int, names: Names) -> Annotation:
    """Return an annotation that was gathered as the domain knows it."""
    (
        post_id,
        id_,
        uuid,
        label_id,
        annotator_id,
        start,
        end,
        exact,
        is_detached,
        from_id,
        to_post,
        to_id,
        to_thread,
        *rest,
    ) = row
    note, attributes, version, created_at, updated_at, prefix, suffix = rest
    return Annotation(
        id=id_,
        uuid=uuid,
        annotator=names.annotators[annotator_id].name,
        annotator_id=annotator_id,
        label=names.labels[label_id],
        scope=names.scopes[label_id],
        target=Target(
            thread_id=thread_id,
            post_id=post_id,
            span=None if start is None else Span(start, end),
            from_annotation=from_id,
            to_post_id=to_post,
            to_annotation=to_id,
            to_thread_id=to_thread,
        ),
        quote=None if exact is None else Quote(exact, prefix or "", suffix or ""),
        note=note,
        attributes={} if attributes == "{}" else load_json(attributes),
        codebook_version=version,
        created_at=created_at,
        updated_at=updated_at,
        detached=bool(is_detached),
    )
