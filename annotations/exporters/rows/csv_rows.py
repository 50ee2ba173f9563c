"""The rows of CSV: an annotation, or a note on a post, as text.

What the rows of a post, or of a thread, have in common is made once; a cell that many rows have is made once for all. The module
`csv` looks at every character of every row, which takes longer than all the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from msgspec import UNSET, Raw

from annotations.exporters.rows.json_values import json_text
from annotations.exporters.rows.recording import iter_records
from annotations.exporters.rows.records import votes_told
from annotations.exporters.rows.telling import VOTES
from annotations.store.exporting import count_marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.json_values import Json
    from annotations.exporters.rows.records import AnnotationRecord, EndRecord, PostRecord
    from annotations.exporters.writing.report import Tally
    from annotations.store.project import Project

COLUMNS = (
    "annotation",
    "thread",
    "title",
    "post",
    "parent",
    "kind",
    "position",
    "depth",
    "author",
    "label",
    "label_name",
    "scope",
    "annotator",
    "start_char",
    "end_char",
    "quote",
    "to_post",
    "to_start_char",
    "to_end_char",
    "to_quote",
    "note",
    "attributes",
    "text",
    "codebook_version",
    "created_at",
    "updated_at",
    "detached",
    "implied_by",
    "put_as",
    "annotator_kind",
    "from_annotation",
    "from_label",
    "to_annotation",
    "to_label",
    "to_detached",
    "to_thread",
    "post_created_at",
    "reviewed_by",
    "flagged_by",
    "seconds",
    "uncertain",
    "meta",
    "url",
    "thread_meta",
)
"""The header, to which `context`, `split` and `VOTES` are added if they are asked for. A label on a whole thread has no post and no text.
`attributes`, `meta` and `thread_meta` are JSON objects; `reviewed_by`, `flagged_by`, `uncertain` and `context` JSON lists."""

POST_COLUMNS = COLUMNS[3:9]
"""Those that say which post it is, from `post` to `author`."""

BARE = "posts without annotations"
REVIEWS = "reviews"
FLAGS = "flags"
NOTES = "notes on posts"
NOTE = "note"
"""What stands for the scope of a label on the line of a note."""

_POSTLESS = "," * (len(POST_COLUMNS) - 1)
"""The cells from `post` to `author` of a label on a whole thread."""
_NO_END = ",,"
_NO_RELATION = ",,,,,"
_NO_POST_ENDING = ",,,,,"
_ROW_END = "\r\n"

Quote: TypeAlias = "Callable[[str], str]"
"""Makes a cell of a text."""


def plain_cell(text: str) -> str:
    """Return a text as a cell (RFC 4180): in quotation marks only where it needs them."""
    if '"' in text:
        return '"' + text.replace('"', '""') + '"'
    return f'"{text}"' if "," in text or "\n" in text or "\r" in text else text


class _Cells(dict[str, str]):
    """Cells that many rows have, by what they say.

    Args:
        cell: Makes one.
    """

    def __init__(self, cell: Quote) -> None:
        super().__init__()
        self._cell = cell

    def __missing__(self, text: str) -> str:
        self[text] = found = self._cell(text)
        return found


def header(options: ExportOptions) -> tuple[str, ...]:
    """Return the names of the columns."""
    context, split = (("context",) if options.context else ()), (("split",) if options.split else ())
    return (*COLUMNS, *context, *split, *(VOTES if options.has_votes else ()))


class CsvRows:
    """Makes rows.

    Args:
        selection: What is exported.
        tally: Where is counted what the rows cannot carry.
        cell: Makes a cell of a text.
    """

    def __init__(self, selection: Selection, tally: Tally, cell: Quote = plain_cell) -> None:
        self._selection = selection
        self._tally = tally
        self._cell = cell
        self._cells = _Cells(cell)
        self._waiting = ","
        """What speaks of the thread at hand and no row has said."""
        self._no_votes = "," * len(VOTES) if selection.options.has_votes else ""

    def header(self) -> str:
        """Return the first row."""
        return ",".join(header(self._selection.options)) + _ROW_END

    def rows(self, project: Project) -> Iterator[list[str]]:
        """Yield the rows, those of some posts together, and count what has none."""
        posts = reviews = flags = notes = 0
        has_all_labels = not self._selection.labels  # who wants some labels alone wants no notes beside them
        for records in iter_records(project, self._selection, self._tally, is_sparse=True):
            rows: list[str] = []
            for record in records:
                if not record.position:
                    self._waiting = self._thread_ending(record)
                if record.thread_labels or record.thread_relations:
                    rows += self._of_thread(record)
                of_post = list(self._of_post(record, has_notes=has_all_labels))
                if of_post or record.thread_labels or record.thread_relations:
                    self._waiting = ","
                if of_post:
                    posts += 1
                    reviews += len(record.reviewed_by)
                    flags += len(record.flagged_by)
                    notes += has_all_labels and len(record.notes)
                    rows += of_post
            yield rows
        marks = count_marks(project, self._selection.thread_ids, self._selection.annotator_id)
        tally = self._tally
        tally.posts += posts
        tally.lost[BARE] += marks.posts - posts
        tally.lost[REVIEWS] += marks.reviews - reviews
        tally.lost[FLAGS] += marks.flags - flags
        tally.lost[NOTES] += marks.notes - notes

    def _of_thread(self, record: PostRecord) -> Iterator[str]:
        """Yield the rows of what is put on the thread as a whole."""
        cells = self._cells
        head = f"{cells[record.thread]},{cells[record.title]},{_POSTLESS}"
        ending = f"{_NO_POST_ENDING},{self._thread_ending(record)}{self._extra(record)}"
        for scope, members in (("thread", record.thread_labels), ("relation", record.thread_relations)):
            for annotation in members:
                yield self._row(annotation, scope, head, "", ending)

    def _of_post(self, record: PostRecord, *, has_notes: bool) -> Iterator[str]:
        """Yield the rows of what is put on the post."""
        notes = record.notes if has_notes else ()
        if not (record.labels or record.relations or record.spans or notes):
            return
        cell, cells = self._cell, self._cells
        parent = "" if record.parent is None else cell(record.parent)
        author = "" if record.author is None else cells[record.author]
        place = f"{cell(record.post)},{parent},{record.kind},{record.position},{record.depth},{author}"
        head = f"{cells[record.thread]},{cells[record.title]},{place}"
        text = cell(record.text)
        on_thread = self._waiting if record.position else self._thread_ending(record)
        ending = (
            f"{record.created_at or ''},{self._json(record.reviewed_by)},{self._json(record.flagged_by)},{record.seconds},"
            f"{self._json(record.uncertain)},{self._json(record.meta)},{on_thread}{self._extra(record)}"
        )
        for scope, members in (("post", record.labels), ("relation", record.relations), ("span", record.spans)):
            for annotation in members:
                yield self._row(annotation, scope, head, text, ending)
        for note in notes:
            yield (
                f",{head},,,{NOTE},{cells[note.annotator]},,,,,,,,{cell(note.note)},{{}},{text},,{note.written_at},"
                f"{note.written_at},false,,,{note.annotator_kind or ''},{_NO_RELATION},{ending}{self._no_votes}{_ROW_END}"
            )

    def _row(self, annotation: AnnotationRecord, scope: str, head: str, text: str, ending: str) -> str:
        """Return a row; `head` has the cells from `thread` to `author`, `ending` those from `post_created_at` on."""
        cells = self._cells
        place, relation = _NO_END, _NO_RELATION
        to_place, to_post, detached = _NO_END, "", "false"
        if scope == "span":
            place, detached = self._place(annotation), "true" if annotation.detached else "false"
        elif scope == "relation":
            start, end = annotation.from_span or None, annotation.to_span or None
            to_post = self._cell(annotation.to_post) if annotation.to_post else ""
            if start:
                place, detached = self._place(start), "true" if start.detached else "false"
            if end:
                to_place = self._place(end)
            relation = (
                f"{f'{start.annotation},{cells[start.label]}' if start else ','},"
                f"{f'{end.annotation},{cells[end.label]},{_yes_no(end.detached)}' if end else ',,'},"
                f"{_yes_no(annotation.to_thread is True)}"
            )
        note = self._cell(annotation.note) if annotation.note else ""
        return (
            f"{annotation.annotation or ''},{head},{cells[annotation.label]},{cells[annotation.label_name]},{scope},"
            f"{cells[annotation.annotator]},{place},{to_post},{to_place},{note},{self._json(annotation.attributes)},{text},"
            f"{annotation.codebook_version or ''},{annotation.created_at},{annotation.updated_at},{detached},"
            f"{annotation.implied_by or ''},{cells[annotation.put_as or '']},{annotation.annotator_kind or ''},"
            f"{relation},{ending}{self._votes(annotation)}{_ROW_END}"
        )

    def _votes(self, annotation: AnnotationRecord) -> str:
        """Return the cells of `VOTES`, each behind a comma, if they were asked for."""
        return "".join("," if value is None else f",{value}" for value in votes_told(annotation))

    def _place(self, where: AnnotationRecord | EndRecord) -> str:
        """Return start, end and quote."""
        quote = self._cell(where.quote) if where.quote else ""
        return f",,{quote}" if where.start_char is None else f"{where.start_char},{where.end_char},{quote}"

    def _thread_ending(self, record: PostRecord) -> str:
        url = "" if record.url is None else self._cell(record.url)
        return f"{url},{self._json(record.thread_meta)}"

    def _extra(self, record: PostRecord) -> str:
        """Return the cells of columns that were asked for, each behind a comma."""
        context = "" if record.context is UNSET else f",{self._json(record.context)}"
        return context if record.split is UNSET else f"{context},{self._cell(record.split or '')}"

    def _json(self, value: Json) -> str:
        if not value and type(value) is not Raw:
            return "{}" if isinstance(value, Mapping) else "[]"
        return self._cell(json_text(value, self._tally))


def _yes_no(value: bool) -> str:  # noqa: FBT001  # to be told
    return "true" if value else "false"
