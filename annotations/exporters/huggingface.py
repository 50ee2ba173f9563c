"""Hugging Face: a folder that `datasets.load_dataset` opens, with Parquet for each configuration and split.

`posts`, which is loaded if nothing is named, has a row a post with its labels and spans; `spans`, `relations`, `threads` and
`labels` have a row each. Where several annotators were at work, `labels` of a post are those that anybody put, and
`label_annotations` tell who put which; for one set of labels there are `--annotator` and `--aggregate`. Times are text: what writes
data sets out again as JSON or CSV makes other things of timestamps. `start_char` and `end_char` are 0-based, end-exclusive code
points, as Python counts, so that `row["text"][span["start_char"]:span["end_char"]] == span["quote"]`; `spans` in a row of `posts`
leaves out those that lost their place, which have a row without one in `spans`. What has no rows in a split, or at all, has no file
there: `datasets` refuses it.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import json

from annotations.errors import WrongUsageError
from annotations.exporters.choosing.selecting import select
from annotations.exporters.describing.tables import arrow_table
from annotations.exporters.parquet import MEDIA_TYPE
from annotations.exporters.rows.columns import check_installed
from annotations.exporters.rows.huggingface_columns import Classes, all_columns, card_lines, file_metadata
from annotations.exporters.rows.huggingface_rows import Rows
from annotations.exporters.rows.label_rows import label_rows
from annotations.exporters.rows.recording import seldom_collecting
from annotations.exporters.rows.table_file import TableFile, writing
from annotations.exporters.rows.telling_posts import iter_told
from annotations.exporters.writing.whole_folder import write_folder
from annotations.store.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.columns import Column
    from annotations.exporters.writing.folder import Folder
    from annotations.exporters.writing.report import ExportReport
    from annotations.store.project import Project

name = "huggingface"
title = "Hugging Face, a folder that load_dataset opens"
suffix = ""
keeps = "posts, labels and spans as classes, relations, threads, definitions, notes, attributes, reviews, flags, seconds, meta"
loses = "when posts were reviewed and flagged; the history"
VERSION = 1

WHOLE = "train"
"""What `datasets` calls the only split."""
_SPLIT = re.compile(r"\w+(\.\w+)*")
"""What it takes for the name of one."""
_ROW_GROUP = 10_000
"""Of `posts` and `spans` each row has a text: twice as many would be held at once."""
_TOLD = {
    "posts": "The posts, in pre-order, with their labels and spans",
    "spans": "What is put on words",
    "relations": "What leads from a post, or a span, to another",
    "threads": "The threads, with their labels",
    "labels": "The labels and what they mean",
}
_USE = """\
```python
from datasets import load_dataset

posts = load_dataset("{folder}")
{others}
```

`labels`, and `label` in spans and relations, are classes: `features["labels"].feature.int2str(number)` is the label's id. The labels of
a post are those that any of its annotators put; `label_annotations` tell who. Offsets count Unicode code points from 0, the end is
exclusive: `row["text"][row["start_char"]:row["end_char"]] == row["quote"]` for every span that is not detached. `meta`, `attributes`
and `examples` are JSON in text.
"""


def write(project: Project, path: Path | None, options: ExportOptions) -> ExportReport:
    """Write the data set to the folder `path`.

    Raises:
        ExportError: If the target cannot be written, a span does not say what was quoted, or arro3 is missing.
        UnknownNameError: If the project has no such thread, annotator or label.
        WrongUsageError: If a split has a name that `datasets` does not take.
    """
    check_installed(name)
    for split, _ in options.split:
        if not _SPLIT.fullmatch(split):
            raise WrongUsageError(
                f"{split!r} is no name for a split of a Hugging Face data set",
                "Use letters, digits, _ and dots between them.",
            )
    with seldom_collecting():
        return write_folder(project, path, options, _fill, name=name, version=VERSION)


def preview(project: Project, options: ExportOptions, rows: int) -> str:
    """Return the first posts as JSON, a row a line, with the names of classes for their numbers."""
    lines: list[str] = []
    with snapshot(project):
        selection = select(project, options)
        classes = Classes(project, selection)
        columns = all_columns(classes, selection)["posts"]
        making = Rows(classes, has_votes=options.has_votes)
        for told in iter_told(project, selection, selection.tally):
            posts = zip(*making.tables(told)["posts"], strict=True)
            for post in islice(posts, max(0, rows - len(lines))):
                values = dict(zip((each.name for each in columns), post, strict=True))
                lines.append(json.encode(_told(values, columns)).decode() + "\n")
            if len(lines) >= rows:
                break
    return "".join(lines)


def _told(values: dict[str, object], columns: Sequence[Column]) -> dict[str, object]:
    """Return a row as people read it: structs with names, classes by name."""
    return {column.name: _value(values[column.name], column) for column in columns}


def _value(value: object, column: Column) -> object:
    if isinstance(value, int) and column.names is not None:
        return column.names[value]
    if isinstance(value, list | tuple) and column.inner:
        is_list = len(column.inner) == 1 and column.inner[0].name == "item"
        return [
            _value(each, column.inner[0])
            if is_list
            else {inner.name: _value(part, inner) for inner, part in zip(column.inner, each, strict=True)}
            for each in value
        ]
    return value


def _fill(folder: Folder) -> None:
    selection = folder.selection
    classes = Classes(folder.project, selection)
    columns = all_columns(classes, selection)
    found: dict[str, dict[str, tuple[str, int, int]]] = {name: {} for name in columns}

    def keep(table: str, split: str, rows: int) -> None:
        """Take up a file, or remove it where it has no rows: `datasets` refuses a split without any."""
        place = f"{table}/{split or WHOLE}.parquet"
        path = folder.path / place
        if not rows:
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
            return
        described = arrow_table(table, columns[table])
        folder.add(place, description=_TOLD[table], media_type=MEDIA_TYPE, table=described, split=split, rows=rows)
        found[table][split or WHOLE] = (place, rows, path.stat().st_size)

    for split, part in folder.splits():
        for table, rows in _write_split(folder, columns, split or WHOLE, part, classes).items():
            keep(table, split, rows)
    defined = label_rows(folder.project, selection)
    with writing({"labels": _open(folder, f"labels/{WHOLE}.parquet", columns["labels"])}) as files:
        files["labels"].add_rows(defined)
    folder.tally.rows += len(defined)
    keep("labels", "", len(defined))
    told = {table: (columns[table], files) for table, files in found.items() if files}
    folder.card_head = "\n".join(card_lines(told))
    others = "\n".join(f'{table} = load_dataset("{folder.name}", "{table}")' for table in told if table != "posts")
    folder.card_use = _USE.format(folder=folder.name, others=others)


def _write_split(
    folder: Folder, columns: dict[str, tuple[Column, ...]], split: str, selection: Selection, classes: Classes
) -> dict[str, int]:
    """Write the files of a split; return how many rows each has."""
    tally = folder.tally
    making = Rows(classes, has_votes=selection.options.has_votes)
    tables = [table for table in columns if table != "labels"]
    files = {table: _open(folder, f"{table}/{split}.parquet", columns[table]) for table in tables}
    with writing(files):
        for told in iter_told(folder.project, selection, tally):
            tally.posts += len(told.posts["post"])
            for table, values in making.tables(told).items():
                files[table].add(values)
        files["threads"].add(making.last_thread())
    rows = {table: file.rows for table, file in files.items()}
    tally.rows += sum(rows.values())
    return rows


def _open(folder: Folder, place: str, columns: Sequence[Column]) -> TableFile:
    return TableFile(folder.place(place), columns, folder.tally, file_metadata(columns), _ROW_GROUP)
