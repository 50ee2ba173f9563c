"""CSV: an annotation a line, with the text that it is put on; and a note on a post a line.

The plain file is exact: RFC 4180 in UTF-8, records end with CR LF, line feeds inside quoted cells are those of the
texts. `start_char` and `end_char` are 0-based, end-exclusive code points of `text`, so that
`text[start_char:end_char] == quote`; a detached span has neither. A relation's span and quote are those of the
annotation at which it starts, which `from_annotation` names; `to_start_char`, `to_end_char` and `to_quote` are those of
`to_annotation`, to which it leads; without `to_post` it leads to the thread as a whole, without `post` it starts there. A note on
a post as a whole has the scope `note` and no label, and `created_at` is when it was last written. A wider label that follows
from a narrower one has no `annotation` but `implied_by`, that of the narrower one; `put_as` is the label that was put where
another is told. What speaks of the post stands on each of its lines: `post_created_at`, `reviewed_by`, `flagged_by`, `seconds`,
`uncertain`, `meta`; what speaks of the thread, `url` and `thread_meta`, on those of its article and its own, or where there are none
on those of the first post that has any. Excel takes texts for formulas, so the file for Excel escapes them and is for reading only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.exporters.rows.csv_rows import BARE, COLUMNS, FLAGS, NOTES, REVIEWS, CsvRows, plain_cell
from annotations.exporters.rows.recording import seldom_collecting
from annotations.exporters.writing.dataset import preview_dataset, write_dataset

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.csv_rows import Quote
    from annotations.exporters.writing.report import ExportReport, Tally
    from annotations.store.project import Project

__all__ = [
    "BARE",
    "COLUMNS",
    "CUT",
    "FLAGS",
    "NOTES",
    "REVIEWS",
    "keeps",
    "loses",
    "name",
    "preview",
    "suffix",
    "title",
    "write",
]

name = "csv"
title = "CSV, an annotation a line"
suffix = ".csv"
keeps = (
    "annotations of all scopes with their posts, notes; who reviewed and flagged these posts, and how long that took"
)
loses = (
    "posts without an annotation or a note; of what kind those are who have only reviewed or flagged; what --excel "
    "changes in texts"
)

EXCEL_LIMIT = 32767
"""UTF-16 units that a cell of Excel holds ("Excel specifications and limits", Microsoft)."""

_SURELY_FITS = EXCEL_LIMIT // 2
"""Characters that fit into a cell, whatever they are: none has more than two units."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet takes for a formula ("CSV Injection", OWASP)."""

CUT = f"cells cut at {EXCEL_LIMIT:,} characters"
_BOM = b"\xef\xbb\xbf"


def write(project: Project, path: Path | None, options: ExportOptions) -> ExportReport:
    """Write the dataset to `path`, or to standard output for None.

    Raises:
        ExportError: If the target cannot be written, or a span does not say what was quoted.
        UnknownNameError: If the project has no such thread, annotator or label.
    """
    table = None
    if options.split:
        from annotations.exporters.describing.tables import csv_table  # noqa: PLC0415  # a single file is no folder with tables

        table = csv_table(options)
    with seldom_collecting():
        return write_dataset(
            project, path, options, _chunks, name=name, suffix=suffix, media_type="text/csv", table=table
        )


def preview(project: Project, options: ExportOptions, rows: int) -> str:
    """Return the header and the first rows as text; the errors are those of `write`."""

    def lines(project: Project, selection: Selection, tally: Tally) -> Iterator[bytes]:
        making = CsvRows(selection, tally, _cell_for(options, tally))
        yield making.header().encode()
        for found in making.rows(project):
            yield from map(str.encode, found)

    return preview_dataset(project, options, rows + 1, lines) if rows > 0 else ""


def _chunks(project: Project, selection: Selection, tally: Tally) -> Iterator[bytes]:
    """Yield the header, then the rows, those of some posts together."""
    making = CsvRows(selection, tally, _cell_for(selection.options, tally))
    yield (_BOM if selection.options.excel else b"") + making.header().encode()
    for rows in making.rows(project):
        tally.rows += len(rows)
        yield "".join(rows).encode()


def _cell_for(options: ExportOptions, tally: Tally) -> Quote:
    """Return what makes a cell of a text."""
    if not options.excel:
        return plain_cell

    def cell(text: str) -> str:
        if text[:1] in FORMULA_SIGNS or len(text) > _SURELY_FITS:
            text = _excel_text(text, tally)
        return plain_cell(text)

    return cell


def _excel_text(text: str, tally: Tally) -> str:
    """Return a text that Excel takes for text, and that fits into a cell."""
    if text.startswith(FORMULA_SIGNS):
        text = f"'{text}"
    units = text.encode("utf-16-le")
    if len(units) <= 2 * EXCEL_LIMIT:
        return text
    tally.lost[CUT] += 1
    return units[: 2 * EXCEL_LIMIT].decode("utf-16-le", "ignore")  # half a surrogate pair goes too
