"""Parquet: a folder of tables for DuckDB, polars, pyarrow and Spark.

`posts`, `annotations`, `notes`, `threads` and `labels` hang together by `thread`, `post`, `label` and `annotation`. Without splits
each is a file, `posts.parquet`; with splits a folder of a file for each, `posts/train.parquet`, whose rows name the split besides.
`start_char` and `end_char` are 0-based, end-exclusive code points: in DuckDB `substring(text, start_char + 1, end_char - start_char)`
is the quote. Times are timestamps in UTC, to the microsecond, which all readers know; reviewers, flaggers and doubts are lists;
`meta` and `attributes`, which differ from source to source and label to label, are JSON in text.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from msgspec import json

from annotations.exporters.choosing.selecting import select
from annotations.exporters.describing.tables import arrow_table
from annotations.exporters.rows.columns import Column, Kind, check_installed, strings
from annotations.exporters.rows.label_rows import LABEL_COLUMNS, label_rows
from annotations.exporters.rows.recording import seldom_collecting
from annotations.exporters.rows.table_file import TableFile, writing
from annotations.exporters.rows.telling import VOTES
from annotations.exporters.rows.telling_posts import iter_told
from annotations.exporters.rows.told import (
    WholeThreads,
    annotation_names,
    note_names,
    post_names,
    thread_columns,
    thread_names,
)
from annotations.exporters.writing.whole_folder import write_folder
from annotations.store.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.writing.folder import Folder
    from annotations.exporters.writing.report import ExportReport, Tally
    from annotations.store.project import Project

name = "parquet"
title = "Parquet, tables of posts, annotations, notes, threads and labels"
suffix = ""
keeps = "posts, trees, meta, labels of all scopes with their definitions, relations, notes, attributes, reviews, flags, seconds"
loses = "when posts were reviewed and flagged; the history"
VERSION = 1
MEDIA_TYPE = "application/vnd.apache.parquet"

CONTEXT = Column("context", Kind.STRUCTS, (Column("post"), Column("author"), Column("text", is_distinct=True)))
VOTE_COLUMNS = tuple(Column(each, Kind.NUMBER if each == "probability" else Kind.INTEGER) for each in VOTES)
_KINDS = {
    **dict.fromkeys(("position", "depth", "posts"), Kind.INTEGER),
    **dict.fromkeys(("start_char", "end_char"), Kind.INTEGER),
    **dict.fromkeys(("detached", "to_thread"), Kind.BOOLEAN),
    **dict.fromkeys(("created_at", "updated_at", "written_at"), Kind.TIME),
    "seconds": Kind.NUMBER,
}
_LISTS = frozenset({"reviewed_by", "flagged_by", "uncertain"})
_KNOWN = {each.name: each for each in (CONTEXT, *VOTE_COLUMNS)}
_DISTINCT = frozenset({"text", "annotation", "quote"})

_NAMES = {"posts": post_names, "annotations": annotation_names, "notes": note_names, "threads": thread_names}
_TOLD = {
    "posts": "The posts, in pre-order",
    "annotations": "What is put on them",
    "notes": "Notes on posts",
    "threads": "The threads",
    "labels": "The labels and what they mean",
}
_USE = """\
```sql
-- DuckDB: every span with what it says
SELECT a.label, substring(p.text, a.start_char + 1, a.end_char - a.start_char) AS quote
FROM '{posts}' AS p JOIN '{annotations}' AS a USING (thread, post)
WHERE a.scope = 'span' AND NOT a.detached;
```

```python
import polars

posts = polars.read_parquet("{posts}")
annotations = polars.read_parquet("{annotations}")
```

Offsets count Unicode code points from 0; the end is exclusive. `meta`, `attributes` and `examples` are JSON in text.
"""


def write(project: Project, path: Path | None, options: ExportOptions) -> ExportReport:
    """Write the tables to the folder `path`.

    Raises:
        ExportError: If the target cannot be written, a span does not say what was quoted, or arro3 is missing.
        UnknownNameError: If the project has no such thread, annotator or label.
    """
    check_installed(name)
    with seldom_collecting():
        return write_folder(project, path, options, _fill, name=name, version=VERSION)


def preview(project: Project, options: ExportOptions, rows: int) -> str:
    """Return the first posts and what is put on them as JSON, a row a line, a blank line between the tables."""
    tables: dict[str, list[Sequence[Any]]] = {"posts": [], "annotations": []}
    with snapshot(project):
        selection = select(project, options)
        for told in iter_told(project, selection, selection.tally):
            room = rows - len(tables["posts"])
            tables["posts"] += islice(zip(*told.posts.values(), strict=True), max(0, room))
            annotations = zip(told.owners, zip(*told.annotations.values(), strict=True), strict=True)
            tables["annotations"] += (row for owner, row in annotations if owner < room)
            if len(tables["posts"]) >= rows:
                break
    return "\n".join(_as_lines(_NAMES[table](options), found[: max(0, rows)]) for table, found in tables.items())


def _as_lines(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    return "".join(json.encode(dict(zip(names, row, strict=True))).decode() + "\n" for row in rows)


def columns(table: str, options: ExportOptions) -> tuple[Column, ...]:
    """Return the columns of a table."""
    return tuple(_column(table, each) for each in _NAMES[table](options))


def _column(table: str, name: str) -> Column:
    if name in _LISTS:
        return strings(name)
    if name in _KNOWN:
        return _KNOWN[name]
    kind = _KINDS.get(name) or _KINDS.get(name.removeprefix("from_").removeprefix("to_"), Kind.STRING)
    return Column(name, kind, is_distinct=name in _DISTINCT or (table, name) == ("posts", "post"))


def _fill(folder: Folder) -> None:
    selection = folder.selection
    _write_labels(folder)
    for split, part in folder.splits():
        places = {table: f"{table}/{split}.parquet" if split else f"{table}.parquet" for table in _NAMES}
        files = {
            table: TableFile(folder.place(place), columns(table, selection.options), folder.tally)
            for table, place in places.items()
        }
        with writing(files):
            _write_rows(folder.project, part, files, folder.tally)
        for table, place in places.items():
            _add(folder, table, place, split, files[table].rows)
    where = "/*.parquet" if selection.splits else ".parquet"
    folder.card_use = _USE.format(posts=f"posts{where}", annotations=f"annotations{where}")


def _write_rows(project: Project, selection: Selection, files: Mapping[str, TableFile], tally: Tally) -> None:
    threads = WholeThreads()
    before = sum(file.rows for file in files.values())
    for told in iter_told(project, selection, tally):
        tally.posts += len(told.posts["post"])
        files["posts"].add(list(told.posts.values()))
        files["annotations"].add(list(told.annotations.values()))
        files["notes"].add(list(told.notes.values()))
        if whole := threads.add(told.threads):
            files["threads"].add(list(thread_columns(whole, selection.options).values()))
    files["threads"].add(list(thread_columns(threads.finish(), selection.options).values()))
    tally.rows += sum(file.rows for file in files.values()) - before


def _write_labels(folder: Folder) -> None:
    rows = label_rows(folder.project, folder.selection)
    file = TableFile(folder.place("labels.parquet"), LABEL_COLUMNS, folder.tally)
    with writing({"labels": file}):
        file.add_rows(rows)
    folder.tally.rows += len(rows)
    _add(folder, "labels", "labels.parquet", "", len(rows))


def _add(folder: Folder, table: str, place: str, split: str, rows: int) -> None:
    described = arrow_table(table, LABEL_COLUMNS if table == "labels" else columns(table, folder.selection.options))
    folder.add(place, description=_TOLD[table], media_type=MEDIA_TYPE, table=described, split=split, rows=rows)
