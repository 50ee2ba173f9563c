"""The rows of the Hugging Face data set, made of records; their columns are in `annotations.exporters.rows.huggingface_columns`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from annotations.exporters.rows.json_values import json_text
from annotations.exporters.rows.records import votes_told
from annotations.exporters.rows.table_rows import end_cells, post_row
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.exporters.rows.huggingface_columns import Classes
    from annotations.exporters.rows.records import AnnotationRecord, PostRecord
    from annotations.exporters.rows.table_rows import Row
    from annotations.exporters.writing.report import Tally


class Rows:
    """Makes rows of one split.

    Args:
        classes: The labels as classes.
        tally: Where is counted what cannot be carried.
    """

    def __init__(self, classes: Classes, tally: Tally) -> None:
        self._number = classes.number
        self._tally = tally
        self._first: PostRecord | None = None
        self._posts = 0

    def post(self, record: PostRecord) -> Row:
        """Return the row of a post."""
        *post, reviewed_by, flagged_by, seconds, uncertain, meta = post_row(record, self._tally)[:14]
        spans = [
            (
                each.start_char,
                each.end_char,
                each.quote,
                self._number(each.label, Scope.SPAN),
                each.annotator,
                each.annotator_kind,
                each.annotation,
            )
            for each in record.spans
            if not each.detached
        ]
        notes = [(each.annotator, each.annotator_kind, each.note, each.written_at) for each in record.notes]
        context = (
            [] if record.context is UNSET else [[(each.post, each.author, each.text) for each in record.context or ()]]
        )
        labels = self._labels(record.labels, Scope.POST) if record.labels else ((), ())
        return (*post, *labels, spans, notes, reviewed_by, flagged_by, seconds, uncertain, meta, *context)

    def spans(self, record: PostRecord) -> Iterator[Row]:
        """Yield the rows of the spans in a post."""
        for each in record.spans:
            place = (each.start_char, each.end_char, each.quote, each.detached)
            yield record.thread, record.post, record.text, *place, *self._told(each, Scope.SPAN)

    def relations(self, record: PostRecord) -> Iterator[Row]:
        """Yield the rows of the relations that start at a post, or at its thread."""
        for post, relations in ((None, record.thread_relations), (record.post, record.relations)):
            for each in relations:
                number, *told = self._told(each, Scope.RELATION)
                ends = (*end_cells(each.from_span)[:5], *end_cells(each.to_span)[:5])
                yield record.thread, post, each.to_post, each.to_thread, number, *ends, *told

    def threads(self, records: Sequence[PostRecord]) -> Iterator[Row]:
        """Take note of posts of one thread, and yield the row of the thread before it, if it is another one."""
        if self._first is not None and self._first.thread != records[0].thread:
            yield from self.last_thread()
        if self._first is None:
            self._first = records[0]
        self._posts += len(records)

    def last_thread(self) -> Iterator[Row]:
        """Yield the row of the last thread, if there was one."""
        first, posts = self._first, self._posts
        self._first, self._posts = None, 0
        if first is not None:
            labels = self._labels(first.thread_labels, Scope.THREAD)
            yield first.thread, first.title, first.url, posts, *labels, json_text(first.thread_meta, self._tally)

    def _labels(self, annotations_there: Sequence[AnnotationRecord], scope: Scope) -> tuple[list[int], list[Row]]:
        """Return the classes of labels, each once, and who put them."""
        told = [self._told(each, scope) for each in annotations_there]
        return sorted({row[0] for row in told}), told

    def _told(self, each: AnnotationRecord, scope: Scope) -> Row:
        """Return the class of a label, who put it, and what they said."""
        return (
            self._number(each.label, scope),
            each.annotator,
            each.annotator_kind,
            each.note,
            json_text(each.attributes, self._tally) if each.attributes else "{}",
            each.annotation,
            each.implied_by,
            each.put_as,
            each.codebook_version,
            each.created_at,
            each.updated_at,
            *votes_told(each),
        )
