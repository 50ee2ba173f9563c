"""The records of a data set, made of rows in batches: see `annotations.exporters.rows.records`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import UNSET

from annotations.exporters.rows.json_values import NOTHING, raw_json
from annotations.exporters.rows.labeled_posts import counted, labeled_post, shaped, told_ends, wrong_quote
from annotations.exporters.rows.mark_kinds import MarkKinds
from annotations.exporters.rows.records import (
    AnnotationRecord,
    PostRecord,
    count_annotations,
    end_record,
    note_records,
    record_of,
    split_name,
)
from annotations.store.exporting import gather
from annotations.store.gathered import THREAD, batches, load_names
from annotations.store.json_text import load_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from msgspec import UnsetType

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.writing.report import Tally
    from annotations.store.gathered import Batch, Chunk, GatheredPost, Names, Row
    from annotations.store.project import Project
    from annotations.store.snapshot import End

_SELDOM = 50_000
"""New objects between two collections; by default there are 700, of which a batch has more than its posts."""
_LABEL = 3
"""Where the rows of annotations have their label."""
_NO_ANNOTATIONS: tuple[Sequence[AnnotationRecord], ...] = ((), (), ())


def iter_records(
    project: Project, selection: Selection, tally: Tally, *, is_sparse: bool = False
) -> Iterator[list[PostRecord]]:
    """Yield what is told of the posts of a data set, some hundred at a time or fewer; a list is of one thread.

    Args:
        project: The project, in a snapshot.
        selection: What to export.
        tally: Its threads and annotations are counted.
        is_sparse: Whether to pass over comments without an annotation or a note.

    Raises:
        ExportError: If a span does not say what was quoted.
    """
    names = load_names(project)
    recorder = Recorder(selection, names)
    for chunk in chunks_of(project, selection, names, tally, is_sparse=is_sparse):
        for batch in batches(chunk):
            yield recorder.told(batch, tally)


def chunks_of(
    project: Project, selection: Selection, names: Names, tally: Tally, *, is_sparse: bool
) -> Iterator[Chunk]:
    """Yield what is gathered for a data set, and count its threads."""
    chunks = gather(
        project,
        selection.thread_ids,
        names,
        selection.annotator_id,
        is_sparse=is_sparse,
        has_affixes=bool(selection.shapers),
    )
    last = 0
    for chunk in counted(project.work, chunks):
        tally.threads += len(chunk.threads) - (last in chunk.threads)
        last = chunk.posts[-1][THREAD]
        yield chunk


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Let Python look for circles of references less often in the block: records come in heaps, and are in none."""
    import gc  # noqa: PLC0415  # loaded on use

    before = gc.get_threshold()
    gc.set_threshold(_SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class Recorder:
    """Makes records: straight from rows where nothing changes them.

    Args:
        selection: What to export.
        names: What the rows name.
    """

    def __init__(self, selection: Selection, names: Names) -> None:
        self._selection = selection
        self._names = names
        self._labels = {row: (label, selection.label_names.get(label, label)) for row, label in names.labels.items()}
        self._annotators = {row: (each.name, each.kind.value) for row, each in names.annotators.items()}
        self._kinds = MarkKinds(selection)
        telling = selection.telling
        self._told_otherwise = {
            row for row, label in names.labels.items() if label in telling.wider or label in telling.current
        }
        self._left_out = {
            row for row, label in names.labels.items() if selection.labels and label not in selection.labels
        }

    def told(self, batch: Batch, tally: Tally) -> list[PostRecord]:
        """Return what is told of a batch, and count its annotations."""
        shapers = self._selection.shapers
        if not shapers:
            return self._records(batch, tally)
        ends = told_ends(batch.ends, self._selection)
        posts = (labeled_post(each, batch, self._names, self._selection, ends) for each in batch.posts)
        found = [record_of(each, self._selection) for each in shaped(posts, shapers)]
        tally.annotations += sum(map(count_annotations, found))
        return found

    def _records(self, batch: Batch, tally: Tally) -> list[PostRecord]:
        ends = told_ends(batch.ends, self._selection)
        split = split_name(batch.thread.id, self._selection)
        found = []
        for gathered in batch.posts:
            rows: Sequence[Row] = gathered.annotations
            on_thread = batch.on_thread if gathered.post[5] == 0 else ()
            if self._told_otherwise and any(row[_LABEL] in self._told_otherwise for row in (*rows, *on_thread)):
                labeled = labeled_post(gathered, batch, self._names, self._selection, ends)
                record = record_of(labeled, self._selection)
                tally.annotations += count_annotations(record)
            else:
                record = self._record(gathered, batch, on_thread, ends, split)
                tally.annotations += count_annotations(record) if self._left_out else len(rows) + len(on_thread)
            found.append(record)
        return found

    def _record(
        self,
        gathered: GatheredPost,
        batch: Batch,
        on_thread: Sequence[Row],
        ends: Mapping[int, End],
        split: str | UnsetType,
    ) -> PostRecord:
        _, _, key, _, parent, position, depth, _, kind, author, created_at, text, _, uncertain, meta = gathered.post
        thread = batch.thread
        labels, spans, relations = self._annotations(gathered.annotations, text, key, batch, ends)
        thread_labels, _, thread_relations = (
            self._annotations(on_thread, text, key, batch, ends) if on_thread else _NO_ANNOTATIONS
        )
        return PostRecord(
            thread.key,
            thread.title,
            key,
            parent,
            kind,
            position,
            depth,
            author,
            created_at,
            text,
            labels,
            spans,
            relations,
            note_records(gathered.notes, self._selection) if gathered.notes else (),
            gathered.reviewers,
            self._kinds[gathered.reviewers],
            gathered.flaggers,
            self._kinds[gathered.flaggers],
            gathered.seconds,
            thread_labels,
            thread_relations,
            None if position else thread.url,
            NOTHING if position else thread.meta,
            NOTHING if meta == "{}" else raw_json(meta),
            () if uncertain == "[]" else raw_json(uncertain),
            UNSET,
            split,
        )

    def _annotations(
        self, rows: Sequence[Row], text: str, key: str, batch: Batch, ends: Mapping[int, End]
    ) -> tuple[list[AnnotationRecord], list[AnnotationRecord], list[AnnotationRecord]]:
        """Return labels on the whole, spans and relations."""
        labels: list[AnnotationRecord] = []
        spans: list[AnnotationRecord] = []
        relations: list[AnnotationRecord] = []
        named, annotators, versions = self._labels, self._annotators, self._selection.versions
        for row in rows:
            (_, _, uuid, label_row, who, start, end, exact, is_detached, from_id, to_post, to_id, to_thread, note,
             attributes, version, created_at, updated_at, _, _) = row  # fmt: skip
            if start is not None and not is_detached and text[start:end] != exact:
                where = f"post {key} of thread {batch.thread.key}"
                raise wrong_quote(f"{start}:{end}", uuid, self._names.labels[label_row], where)
            if label_row in self._left_out:
                continue
            label, label_name = named[label_row]
            annotator, kind = annotators[who]
            told = NOTHING if attributes == "{}" else load_json(attributes)
            under = versions.get(version)
            # Each is made by itself, argument by argument: a call with parts of tuples takes twice as long.
            if start is not None:
                if is_detached:
                    start = end = None
                spans.append(
                    AnnotationRecord(
                        start,
                        end,
                        exact,
                        bool(is_detached),
                        UNSET,
                        UNSET,
                        UNSET,
                        UNSET,
                        label,
                        label_name,
                        annotator,
                        kind,
                        note,
                        told,
                        uuid,
                        None,
                        None,
                        under,
                        created_at,
                        updated_at,
                    )
                )
            elif to_post is None and to_thread is None:
                labels.append(
                    AnnotationRecord(
                        UNSET,
                        UNSET,
                        UNSET,
                        UNSET,
                        UNSET,
                        UNSET,
                        UNSET,
                        UNSET,
                        label,
                        label_name,
                        annotator,
                        kind,
                        note,
                        told,
                        uuid,
                        None,
                        None,
                        under,
                        created_at,
                        updated_at,
                    )
                )
            else:
                leads_to = None if to_post is None else batch.post_keys[to_post]
                tied_from, tied_to = end_record(ends, from_id), end_record(ends, to_id)
                relations.append(
                    AnnotationRecord(
                        UNSET,
                        UNSET,
                        UNSET,
                        UNSET,
                        leads_to,
                        to_thread is not None,
                        tied_from,
                        tied_to,
                        label,
                        label_name,
                        annotator,
                        kind,
                        note,
                        told,
                        uuid,
                        None,
                        None,
                        under,
                        created_at,
                        updated_at,
                    )
                )
        return labels, spans, relations
