"""What a data set says of a post, in the words of its columns: the line of JSON Lines, from which other tables are made, too.

There are two ways to a record. Rows that nothing changes become one straight away, for there may be millions of them; where
the options change what is told, or a label implies a wider one, the way leads through a `LabeledPost`. Both give the same.

Offsets are 0-based, end-exclusive code points of the post's text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET, Struct, UnsetType

from annotations.exporters.rows.mark_kinds import kinds_of
from annotations.exporters.rows.telling import origin, votes
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.json_values import Json
    from annotations.exporters.rows.labeled_post import ContextPost, LabeledPost
    from annotations.model import Annotation
    from annotations.store.notes import PostNote
    from annotations.store.snapshot import End


class EndRecord(Struct, frozen=True, gc=False):
    """The annotation at which a relation starts or ends.

    Args:
        start_char: Where it starts in its post; None where it has no span, or has lost its place.
        end_char: Where it ends.
        label: The id of its label.
        quote: What its span says; "" where there is none.
        annotation: Its uuid.
        detached: Whether its span could not be placed in the post's present text.
    """

    start_char: int | None
    end_char: int | None
    label: str
    quote: str
    annotation: str
    detached: bool


class AnnotationRecord(Struct, frozen=True, gc=False):
    """An annotation; what only spans have is unset for others, and what only relations have.

    Args:
        start_char: Where the span starts; None where it has lost its place.
        end_char: Where it ends.
        quote: What it says, or said.
        detached: Whether it could not be placed in the post's present text.
        to_post: The key of the post to which the relation leads; None for the thread.
        to_thread: Whether it leads to the thread as a whole.
        from_span: The annotation at which it starts; None for the post, or the thread, itself.
        to_span: The annotation to which it leads; None for the post, or the thread, itself.
        label: The id of its label.
        label_name: What the label is called.
        annotator: Who put it.
        annotator_kind: Whether that is a person or a model; None where it is nobody alone.
        note: What the annotator wrote about it.
        attributes: The values of the label's attributes, by their ids.
        annotation: Its uuid; None where nobody put it: then it follows from another one.
        implied_by: The uuid of the one from which it follows.
        put_as: The id of the label that was put, where another is told.
        codebook_version: The first digits of the hash of the codebook under which it was put.
        created_at: When it was put, ISO 8601 in UTC.
        updated_at: When it was changed last.
        votes: How many annotators have put it, where those of several were made one.
        seen_by: How many could have, for they have seen what it is put on.
        probability: How likely it is right, where a model says so; else None.
    """

    start_char: int | UnsetType | None
    end_char: int | UnsetType | None
    quote: str | UnsetType
    detached: bool | UnsetType
    to_post: str | UnsetType | None
    to_thread: bool | UnsetType
    from_span: EndRecord | UnsetType | None
    to_span: EndRecord | UnsetType | None
    label: str
    label_name: str
    annotator: str
    annotator_kind: str | None
    note: str
    attributes: Json
    annotation: str | None
    implied_by: str | None
    put_as: str | None
    codebook_version: str | None
    created_at: str
    updated_at: str
    votes: int | UnsetType | None = UNSET
    seen_by: int | UnsetType | None = UNSET
    probability: float | UnsetType | None = UNSET


class NoteRecord(Struct, frozen=True, gc=False):
    """A note on a post as a whole: whose it is, what it says, and when it was written as it stands."""

    annotator: str
    annotator_kind: str | None
    note: str
    written_at: str


class PostRecord(Struct, frozen=True, gc=False):
    """A post with all that is put on it; what speaks of the thread is filled on its article.

    Args:
        thread: The key of its thread.
        title: The thread's title.
        post: Its key, unique in its thread.
        parent: The key of the post that it answers; None for the article.
        kind: Article or comment.
        position: Its place in pre-order; the article has 0.
        depth: Steps to the article.
        author: Who wrote it, or None.
        created_at: When, ISO 8601 in UTC, or None.
        text: What it says.
        labels: What is put on it as a whole.
        spans: What is put on words of it.
        relations: What starts at it, or at an annotation on or in it.
        notes: What annotators have remarked on it.
        reviewed_by: Who has said that it is done.
        reviewer_kinds: Of what kind each of them is, in the same order: a person, a model, or the gold set.
        flagged_by: Who has flagged it.
        flagger_kinds: Of what kind each of them is, in the same order.
        seconds: How long the annotators were at it, idle time left out.
        thread_labels: What is put on the thread as a whole.
        thread_relations: What starts at the thread as a whole.
        url: Where the thread stood.
        thread_meta: What its source says of the thread besides.
        meta: What its source says of the post besides.
        uncertain: What the importer had to guess about it, a reason each.
        context: What of the thread the annotators saw beside it, if it was asked for.
        split: The split of the thread, if splits were asked for.
    """

    thread: str
    title: str
    post: str
    parent: str | None
    kind: str
    position: int
    depth: int
    author: str | None
    created_at: str | None
    text: str
    labels: Sequence[AnnotationRecord]
    spans: Sequence[AnnotationRecord]
    relations: Sequence[AnnotationRecord]
    notes: Sequence[NoteRecord]
    reviewed_by: Sequence[str]
    reviewer_kinds: Sequence[str | None]
    flagged_by: Sequence[str]
    flagger_kinds: Sequence[str | None]
    seconds: float
    thread_labels: Sequence[AnnotationRecord]
    thread_relations: Sequence[AnnotationRecord]
    url: str | None
    thread_meta: Json
    meta: Json
    uncertain: Json
    context: Sequence[ContextPost] | UnsetType = UNSET
    split: str | UnsetType = UNSET


def record_of(labeled: LabeledPost, selection: Selection) -> PostRecord:
    """Return what is told of a labeled post."""
    thread, post = labeled.thread, labeled.post
    is_article = post.position == 0
    by_scope: dict[Scope, list[AnnotationRecord]] = {Scope.POST: [], Scope.SPAN: [], Scope.RELATION: []}
    for annotation in labeled.annotations:
        by_scope[annotation.target.scope].append(_annotation(annotation, labeled, selection))
    of_thread: dict[Scope, list[AnnotationRecord]] = {Scope.THREAD: [], Scope.RELATION: []}
    for annotation in labeled.thread_annotations:
        of_thread[annotation.target.scope].append(_annotation(annotation, labeled, selection))
    return PostRecord(
        thread=thread.key,
        title=thread.title,
        post=post.key,
        parent=post.parent,
        kind=post.kind.value,
        position=post.position,
        depth=post.depth,
        author=post.author,
        created_at=post.created_at,
        text=post.text,
        labels=by_scope[Scope.POST],
        spans=by_scope[Scope.SPAN],
        relations=by_scope[Scope.RELATION],
        notes=note_records(labeled.notes, selection),
        reviewed_by=labeled.reviewers,
        reviewer_kinds=kinds_of(labeled.reviewers, selection),
        flagged_by=labeled.flaggers,
        flagger_kinds=kinds_of(labeled.flaggers, selection),
        seconds=labeled.seconds,
        thread_labels=of_thread[Scope.THREAD],
        thread_relations=of_thread[Scope.RELATION],
        url=thread.url if is_article else None,
        thread_meta=thread.meta if is_article else {},
        meta=post.meta,
        uncertain=post.uncertain,
        context=labeled.context if selection.options.context else UNSET,
        split=split_name(thread.id, selection),
    )


def count_annotations(record: PostRecord) -> int:
    """Return how many annotations a record tells that somebody put."""
    lists = (record.labels, record.spans, record.relations, record.thread_labels, record.thread_relations)
    return sum(each.annotation is not None for annotations in lists for each in annotations)


def split_name(thread_id: int, selection: Selection) -> str | UnsetType:
    """Return the split of a thread, if there are splits."""
    return selection.split_of[thread_id] if selection.splits else UNSET


def note_records(notes: Sequence[PostNote], selection: Selection) -> list[NoteRecord]:
    """Return what is told of notes on a post."""
    return [
        NoteRecord(each.annotator, kind_of(each.annotator_id, selection), each.note, each.written_at) for each in notes
    ]


def kind_of(annotator_id: int, selection: Selection) -> str | None:
    """Return whether an annotator is a person or a model, None for what is no annotator of the project."""
    annotator = selection.annotators.get(annotator_id)
    return None if annotator is None else annotator.kind.value


def _annotation(annotation: Annotation, labeled: LabeledPost, selection: Selection) -> AnnotationRecord:
    implied_by, put_as = origin(annotation)
    return AnnotationRecord(  # type: ignore[call-arg]  # the first eight fields are in one value
        *_place(annotation, labeled),
        annotation.label,
        selection.label_names.get(annotation.label, annotation.label),
        annotation.annotator,
        kind_of(annotation.annotator_id, selection),
        annotation.note,
        annotation.attributes,
        annotation.uuid or None,
        implied_by,
        put_as,
        selection.versions.get(annotation.codebook_version),
        annotation.created_at,
        annotation.updated_at,
        *(votes(annotation) if selection.options.has_votes else ()),
    )


def votes_told(annotation: AnnotationRecord) -> tuple[int | float | None, ...]:
    """Return the votes for an annotation, how many could have voted, and how likely it is right, if annotators' were made one."""
    if annotation.votes is UNSET or annotation.seen_by is UNSET or annotation.probability is UNSET:
        return ()
    return annotation.votes, annotation.seen_by, annotation.probability


def _place(annotation: Annotation, labeled: LabeledPost) -> tuple[Any, ...]:
    """Return the first eight fields of an annotation's record."""
    target, quote = annotation.target, annotation.quote
    if target.scope is Scope.RELATION:
        to_post = None if target.to_post_id is None else labeled.post_keys[target.to_post_id]
        ends = (end_record(labeled.ends, target.from_annotation), end_record(labeled.ends, target.to_annotation))
        return *NO_SPAN, to_post, target.to_thread_id is not None, *ends
    if target.span is None:
        return *NO_SPAN, *NO_RELATION
    exact = "" if quote is None else quote.exact
    if annotation.detached:
        return None, None, exact, True, *NO_RELATION
    return target.span.start, target.span.end, exact, False, *NO_RELATION


NO_SPAN = (UNSET, UNSET, UNSET, UNSET)
NO_RELATION = (UNSET, UNSET, UNSET, UNSET)


def end_record(ends: Mapping[int, End], annotation: int | None) -> EndRecord | None:
    """Return the annotation to which a relation is tied, None where it is tied to none."""
    end = None if annotation is None else ends.get(annotation)
    if end is None:
        return None
    if end.span is None or end.is_detached:
        return EndRecord(None, None, end.label, end.exact, end.uuid, end.is_detached)
    return EndRecord(end.span.start, end.span.end, end.label, end.exact, end.uuid, end.is_detached)
