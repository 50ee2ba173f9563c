"""JSON Lines: a post a line, with all labels on it and everything that the project knows of it.

Every line has the same fields, which `annotations.exporters.rows.records` describes. `start_char` and `end_char` are 0-based,
end-exclusive code points of `text`, so that `text[start_char:end_char] == quote`; a detached span has neither. A relation
with `to_thread` leads to the thread as a whole and has no `to_post`. `thread_labels`, `thread_relations` (those that start at
the thread as a whole), `url` and `thread_meta` speak of the thread and are filled on the article's line. A wider label that
follows from a narrower one has no `annotation` of its own but `implied_by`, that of the narrower one: nobody put it. `put_as`
says which label was put where another is told. `annotator_kind` is `person`, `model` or `gold`; `reviewer_kinds` and
`flagger_kinds` say that of each name in `reviewed_by` and `flagged_by`. `notes` are remarks on the post as a whole; `seconds` is
how long the annotators were at it, idle time left out. `context` and `split` are there if they were asked for. Format:
jsonlines.org, UTF-8, a line feed behind each line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from annotations.errors import WrongUsageError
from annotations.exporters.rows.recording import iter_records, seldom_collecting
from annotations.exporters.rows.records import record_of
from annotations.exporters.rows.unpaired import replace_unpaired
from annotations.exporters.writing.dataset import preview_dataset, write_dataset

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.exporters.rows.records import PostRecord
    from annotations.exporters.writing.report import ExportReport, Tally
    from annotations.store.project import Project

name = "jsonl"
title = "JSON Lines, a post a line with all its labels"
suffix = ".jsonl"
keeps = "everything: posts, trees, meta, labels of all scopes, relations, notes, attributes, reviews, flags, seconds"
loses = "when posts were reviewed and flagged; the history"


def write(project: Project, path: Path | None, options: ExportOptions) -> ExportReport:
    """Write the dataset to `path`, or to standard output for None.

    Raises:
        ExportError: If the target cannot be written, or a span does not say what was quoted.
        UnknownNameError: If the project has no such thread, annotator or label.
        WrongUsageError: If it is to be for Excel.
    """
    _check_options(options)
    table = None
    if options.split:
        from annotations.exporters.describing.tables import jsonl_table  # noqa: PLC0415  # a single file is no folder with tables

        table = jsonl_table(options)
    with seldom_collecting():
        return write_dataset(
            project, path, options, _lines, name=name, suffix=suffix, media_type="application/jsonl", table=table
        )


def preview(project: Project, options: ExportOptions, rows: int) -> str:
    """Return the first rows as text; the errors are those of `write`."""
    _check_options(options)
    return preview_dataset(project, options, rows, _single_lines)


def _check_options(options: ExportOptions) -> None:
    if options.excel:
        raise WrongUsageError("Excel does not read JSON Lines", "Export csv for Excel.")


def post_record(labeled: LabeledPost, selection: Selection) -> dict[str, Any]:
    """Return a post as a record of JSON values, with all that is put on it; the module says what its members mean."""
    record: dict[str, Any] = _as_values(record_of(labeled, selection))
    return record


def _single_lines(project: Project, selection: Selection, tally: Tally) -> Iterator[bytes]:
    for lines in _lines(project, selection, tally):
        yield from lines.splitlines(keepends=True)  # of bytes: at line feeds alone


def _lines(project: Project, selection: Selection, tally: Tally) -> Iterator[bytes]:
    """Yield the lines, those of some hundred posts together."""
    encode = msgspec.json.Encoder().encode_lines
    for records in iter_records(project, selection, tally):
        try:
            lines = encode(records)
        except UnicodeEncodeError:
            lines = encode([replace_unpaired(_as_values(each), tally) for each in records])
        tally.rows += len(records)
        tally.posts += len(records)
        # Some readers take these two for ends of lines.
        yield lines.replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029")


def _as_values(record: PostRecord) -> Any:  # noqa: ANN401  # what JSON knows
    return msgspec.to_builtins(
        record, enc_hook=msgspec.json.decode
    )  # which reads the texts of values that are kept as such
