"""The rows of our tables, made of records: posts, annotations and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import UNSET, Raw, json
from msgspec.structs import astuple

from annotations.exporters.rows.json_values import NOTHING, json_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msgspec import UnsetType

    from annotations.exporters.rows.records import AnnotationRecord, EndRecord, PostRecord
    from annotations.exporters.writing.report import Tally

Row: TypeAlias = "tuple[Any, ...]"

_NO_END = (None,) * 6
_NO_PLACE = (None,) * 4
_NO_LINK = (None,) * 14


def post_row(record: PostRecord, tally: Tally) -> Row:
    """Return thread, post, parent, kind, position, depth, author, time, text, reviewers, flaggers, seconds, doubts, meta, and
    what was asked for: context, split.
    """  # noqa: D205  # the columns, in their order
    return (
        record.thread,
        record.post,
        record.parent,
        record.kind,
        record.position,
        record.depth,
        record.author,
        record.created_at,
        record.text,
        record.reviewed_by,
        record.flagged_by,
        record.seconds,
        json.decode(record.uncertain) if type(record.uncertain) is Raw else record.uncertain,
        json_text(record.meta, tally),
        *asked_for(record),
    )


def asked_for(record: PostRecord) -> Row:
    """Return the context and the split, those of them that were asked for."""
    context = (
        () if record.context is UNSET else ([(each.post, each.author, each.text) for each in record.context or ()],)
    )
    return context if record.split is UNSET else (*context, record.split)


def split_of(record: PostRecord) -> tuple[str, ...]:
    """Return the split, if splits were asked for."""
    return () if record.split is UNSET else (record.split or "",)


def annotation_rows(record: PostRecord, tally: Tally) -> Iterator[Row]:
    """Yield for each annotation uuid, thread, post, scope, label, its name, annotator, kind of annotator; start, end, quote and
    whether it is detached; to which post it leads and whether to the thread; both ends; note, attributes, where it comes from,
    codebook version, times; and what was asked for: votes, split.
    """  # noqa: D205  # the columns, in their order
    split = split_of(record)
    thread, post = record.thread, record.post
    for each in record.thread_labels:
        yield _row(each, (thread, None, "thread"), (*_NO_PLACE, *_NO_LINK), split, tally)
    for each in record.thread_relations:
        yield _row(each, (thread, None, "relation"), (*_NO_PLACE, *_link(each)), split, tally)
    for each in record.labels:
        yield _row(each, (thread, post, "post"), (*_NO_PLACE, *_NO_LINK), split, tally)
    for each in record.relations:
        yield _row(each, (thread, post, "relation"), (*_NO_PLACE, *_link(each)), split, tally)
    for each in record.spans:
        place = (each.start_char, each.end_char, each.quote, each.detached)
        yield _row(each, (thread, post, "span"), (*place, *_NO_LINK), split, tally)


def _row(each: AnnotationRecord, on: Row, place: Row, split: Row, tally: Tally) -> Row:
    fields = astuple(each)  # a field by its name costs three times as much
    label, label_name, annotator, kind, note, attributes, uuid, *said = fields[8:20]
    told = "{}" if attributes is NOTHING else json_text(attributes, tally)
    votes = () if each.votes is UNSET else fields[20:]
    return (uuid, *on, label, label_name, annotator, kind, *place, note, told, *said, *votes, *split)


def _link(each: AnnotationRecord) -> Row:
    return each.to_post, each.to_thread, *end_cells(each.from_span), *end_cells(each.to_span)


def end_cells(end: EndRecord | UnsetType | None) -> Row:
    """Return uuid, label, start, end, quote and whether it is detached; nothing where there is no annotation."""
    if not end:
        return _NO_END
    return end.annotation, end.label, end.start_char, end.end_char, end.quote, end.detached


def note_rows(record: PostRecord) -> Iterator[Row]:
    """Yield thread, post, annotator, kind of annotator, note and time, and the split."""
    for note in record.notes:
        cells = (note.annotator, note.annotator_kind, note.note, note.written_at)
        yield record.thread, record.post, *cells, *split_of(record)
