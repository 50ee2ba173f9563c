"""CSV: an annotation a line, with the text that it is put on; and a note on a post a line.

The plain file is exact: RFC 4180 in UTF-8, records end with CR LF, line feeds inside quoted cells are those of the
texts. `start_char` and `end_char` are 0-based, end-exclusive code points of `text`, so that
`text[start_char:end_char] == quote`; a detached span has neither. A relation's span and quote are those of the
annotation at which it starts, `to_start_char`, `to_end_char` and `to_quote` those of the one to which it leads; without
`to_post` it leads to the thread as a whole, without `post` it starts there. A note on a post as a whole has the scope
`note` and no label, and `created_at` is when it was last written. A wider label that follows from a narrower one has no
`annotation` but `implied_by`, that of the narrower one; `put_as` is the label that was put where another is told. Excel takes texts for formulas, so the file for Excel escapes them and is for reading only.
"""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, TypeAlias

from annotations.exporters.dataset import preview_dataset, write_dataset
from annotations.exporters.labeled_posts import iter_labeled_posts
from annotations.exporters.telling import origin
from annotations.store.notes import count_notes
from annotations.store.snapshot import count_reviews

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from annotations.exporters.dataset import ExportOptions, ExportReport, Lines, Selection, Tally
    from annotations.exporters.labeled_posts import LabeledPost
    from annotations.model import Annotation, StoredPost
    from annotations.store.notes import PostNote
    from annotations.store.project import Project
    from annotations.store.snapshot import End

name = "csv"
title = "CSV, an annotation a line"
suffix = ".csv"

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
)
"""The header. A label on a whole thread has no post and no text; `attributes` is a JSON object."""

POST_COLUMNS = COLUMNS[3:9]
"""Those that say which post it is, from `post` to `author`."""

EXCEL_LIMIT = 32767
"""UTF-16 units that a cell of Excel holds ("Excel specifications and limits", Microsoft)."""

_SURELY_FITS = EXCEL_LIMIT // 2
"""Characters that fit into a cell, whatever they are: none has more than two units."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet takes for a formula ("CSV Injection", OWASP)."""

CUT = f"cells cut at {EXCEL_LIMIT:,} characters"
BARE = "posts without annotations"
REVIEWS = "reviews"
NOTES = "notes on posts"
NOTE = "note"
"""What stands for the scope of a label on the line of a note."""

_BOM = b"\xef\xbb\xbf"

_POSTLESS: tuple[Cell, ...] = (None,) * len(POST_COLUMNS)
"""The cells from `post` to `author` of a label on a whole thread."""

Cell: TypeAlias = "str | int | None"


def write(project: Project, path: Path | None, options: ExportOptions) -> ExportReport:
    """Write the dataset to `path`, or to standard output for None.

    Raises:
        ExportError: If the target cannot be written, or a span does not say what was quoted.
        UnknownNameError: If the project has no such thread, annotator or label.
    """
    return write_dataset(project, path, options, _lines_for(options))


def preview(project: Project, options: ExportOptions, rows: int) -> str:
    """Return the header and the first rows as text; the errors are those of `write`."""
    return preview_dataset(project, options, rows + 1, _lines_for(options)) if rows > 0 else ""


def _lines_for(options: ExportOptions) -> Lines:
    def lines(project: Project, selection: Selection, tally: Tally) -> Iterator[bytes]:
        encode = _row_encoder()
        yield (_BOM if options.excel else b"") + encode(COLUMNS)
        for thread_id in selection.thread_ids:
            tally.threads += 1
            for row in _thread_rows(project, selection, thread_id, tally):
                tally.rows += 1
                yield encode(_for_excel(row, tally) if options.excel else row)

    return lines


def _row_encoder() -> Callable[[tuple[Cell, ...]], bytes]:
    class Echo:
        """Hand back what is written: `writerow` returns it."""

        @staticmethod
        def write(text: str) -> str:
            return text

    writerow = csv.writer(Echo()).writerow

    def encode(cells: tuple[Cell, ...]) -> bytes:
        row: str = writerow(cells)
        return row.encode()

    return encode


def _thread_rows(project: Project, selection: Selection, thread_id: int, tally: Tally) -> Iterator[tuple[Cell, ...]]:
    posts = 0
    written = 0
    for labeled in iter_labeled_posts(project, selection, thread_id, is_sparse=True):
        posts = labeled.thread.posts
        for annotation in labeled.thread_annotations:
            tally.annotations += bool(annotation.uuid)
            yield _row(annotation, labeled, selection)
        notes = () if selection.labels else labeled.notes  # who wants some labels alone wants no notes beside them
        written += bool(labeled.annotations or notes)
        for annotation in labeled.annotations:
            tally.annotations += bool(annotation.uuid)
            yield _row(annotation, labeled, selection)
        for note in notes:
            yield _note_row(note, labeled)
    tally.posts += written
    tally.lost[BARE] += posts - written
    tally.lost[REVIEWS] += count_reviews(project, thread_id, selection.annotator_id)
    if selection.labels:
        tally.lost[NOTES] += count_notes(project, thread_id, selection.annotator_id)


def _row(annotation: Annotation, labeled: LabeledPost, selection: Selection) -> tuple[Cell, ...]:
    """Return the cells of `COLUMNS`."""
    target = annotation.target
    post = None if target.post_id is None else labeled.post
    start, end, quote, is_detached = _place(annotation, labeled)
    return (
        annotation.uuid or None,
        labeled.thread.key,
        labeled.thread.title,
        *(_POSTLESS if post is None else _post_cells(post)),
        annotation.label,
        selection.label_names.get(annotation.label, annotation.label),
        annotation.scope.value,
        annotation.annotator,
        start,
        end,
        quote,
        labeled.post_keys[target.to_post_id] if target.to_post_id is not None else None,
        *_end_cells(labeled.ends.get(target.to_annotation or 0)),
        annotation.note,
        _json(annotation.attributes),
        None if post is None else post.text,
        selection.versions.get(annotation.codebook_version),
        annotation.created_at,
        annotation.updated_at,
        "true" if is_detached else "false",
        *origin(annotation),
    )


def _end_cells(end: End | None) -> tuple[int | None, int | None, str | None]:
    """Return start, end and quote of the annotation to which a relation leads."""
    if end is None:
        return None, None, None
    is_placed = end.span is not None and not end.is_detached
    return (
        end.span.start if is_placed and end.span else None,
        end.span.end if is_placed and end.span else None,
        end.exact,
    )


def _note_row(note: PostNote, labeled: LabeledPost) -> tuple[Cell, ...]:
    """Return the cells of `COLUMNS` for a note on a post."""
    cells: dict[str, Cell] = {
        "thread": labeled.thread.key,
        "title": labeled.thread.title,
        "scope": NOTE,
        "annotator": note.annotator,
        "note": note.note,
        "attributes": "{}",
        "text": labeled.post.text,
        "created_at": note.written_at,
        "updated_at": note.written_at,
        "detached": "false",
    }
    cells |= zip(POST_COLUMNS, _post_cells(labeled.post), strict=True)
    return tuple(cells.get(column) for column in COLUMNS)


def _post_cells(post: StoredPost) -> tuple[Cell, ...]:
    return post.key, post.parent, post.kind.value, post.position, post.depth, post.author


def _place(annotation: Annotation, labeled: LabeledPost) -> tuple[int | None, int | None, str | None, bool]:
    """Return start, end and quote of the span that the annotation is on or starts at, and whether it is detached."""
    span, quote, is_detached = annotation.target.span, annotation.quote, annotation.detached
    exact = None if quote is None else quote.exact
    start = labeled.ends.get(annotation.target.from_annotation or 0)
    if start is not None:
        span, exact, is_detached = start.span, start.exact or None, start.is_detached
    if span is None or is_detached:
        return None, None, exact, is_detached
    return span.start, span.end, exact, is_detached


def _for_excel(cells: tuple[Cell, ...], tally: Tally) -> tuple[Cell, ...]:
    """Return the cells as Excel takes them; most are fine as they are."""
    return tuple(
        _excel_text(cell, tally)
        if isinstance(cell, str) and (cell[:1] in FORMULA_SIGNS or len(cell) > _SURELY_FITS)
        else cell
        for cell in cells
    )


def _excel_text(text: str, tally: Tally) -> str:
    """Return a text that Excel takes for text, and that fits into a cell."""
    if text.startswith(FORMULA_SIGNS):
        text = f"'{text}"
    units = text.encode("utf-16-le")
    if len(units) <= 2 * EXCEL_LIMIT:
        return text
    tally.lost[CUT] += 1
    return units[: 2 * EXCEL_LIMIT].decode("utf-16-le", "ignore")  # half a surrogate pair goes too


def _json(attributes: Mapping[str, object]) -> str:
    return json.dumps(attributes, ensure_ascii=False, separators=(",", ":")) if attributes else "{}"
