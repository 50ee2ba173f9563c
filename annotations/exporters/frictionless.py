"""Frictionless: a Data Package of CSV tables that refer to each other, with a schema for every column.

    threads   posts (of a thread, below a parent)   labels (below a parent)   annotators
    annotations (with a label, by an annotator, on a thread, a post or words of it, from and to another one)
    reviews, flags, notes (on a post, by an annotator)

`post_id` is a number that the project gives a post. `start_char` and `end_char` are 0-based, end-exclusive code points of the post's
`text`, so that `text[start_char:end_char] == quote`; a detached span has neither. A wider label that follows from a narrower one is
a row of its own with `implied_by`: nobody put it. With splits, all but labels and annotators are in a folder for each split.
Specification: specs.frictionlessdata.io, version 1.
"""

from __future__ import annotations

from contextlib import ExitStack
from itertools import islice
from typing import TYPE_CHECKING

from annotations.exporters.choosing.selecting import select
from annotations.exporters.rows.frictionless_rows import (
    annotation_row,
    as_bytes,
    label_rows,
    line,
    mark_rows,
    post_row,
    thread_row,
)
from annotations.exporters.rows.frictionless_tables import ANNOTATORS, LABELS, annotations_table, split_tables
from annotations.exporters.rows.labeled_posts import iter_labeled_posts
from annotations.exporters.writing.whole_folder import write_folder
from annotations.store.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.frictionless_rows import Row
    from annotations.exporters.writing.folder import Folder, Table
    from annotations.exporters.writing.output import Output
    from annotations.exporters.writing.report import ExportReport
    from annotations.store.project import Project

name = "frictionless"
title = "Frictionless Data Package of CSV tables"
suffix = ""
keeps = "everything, in tables with keys: threads, posts, annotations, labels, annotators, reviews, flags, notes"
loses = "the context of posts, which stands in the table of posts anyway"

_USE = """\
```python
from frictionless import Package

package = Package("datapackage.json")
for row in package.get_resource("{resource}").read_rows():
    print(row["label"], row["quote"])
```

`frictionless validate datapackage.json` checks every cell and every reference. The tables are plain CSV in UTF-8: any
other program reads them too."""


def write(project: Project, path: Path | None, options: ExportOptions) -> ExportReport:
    """Write the data set to the folder `path`.

    Raises:
        ExportError: If the target cannot be written, or a span does not say what was quoted.
        UnknownNameError: If the project has no such thread, annotator or label.
    """
    return write_folder(project, path, options, _fill, name=name)


def preview(project: Project, options: ExportOptions, rows: int) -> str:
    """Return the first rows of annotations as text; the errors are those of `write`."""
    with snapshot(project):
        selection = select(project, options)
        table = annotations_table(selection)
        found = islice(_annotation_rows(project, selection), max(0, rows))
        lines = [line([field.name for field in table.fields]), *map(line, found)]
    return as_bytes("".join(lines)).decode() if rows > 0 else ""


def _annotation_rows(project: Project, selection: Selection) -> Iterator[Row]:
    for thread_id in selection.thread_ids:
        for labeled in iter_labeled_posts(project, selection, thread_id, is_sparse=True):
            for annotation in (*labeled.thread_annotations, *labeled.annotations):
                yield annotation_row(annotation, labeled, selection)


def _fill(folder: Folder) -> None:
    names = {annotator.name: annotator.kind.value for annotator in folder.selection.annotators.values()}
    for split, selection in folder.splits():
        with ExitStack() as files:
            outputs: dict[str, _TableFile] = {}
            for table in split_tables(folder.selection):
                file = f"{split}/{table.name}.csv" if split else f"{table.name}.csv"
                opened = folder.open(
                    file, description=_DESCRIBED[table.name], media_type="text/csv", table=table, split=split
                )
                outputs[table.name] = _TableFile(files.enter_context(opened), table)
            for thread_id in selection.thread_ids:
                _write_thread(folder, selection, thread_id, outputs, names)
            for output in outputs.values():
                output.end()
    _write_table(folder, LABELS, label_rows(folder.selection))
    _write_table(folder, ANNOTATORS, iter(sorted(names.items())))
    folder.tally.rows = sum(file.rows or 0 for file in folder.files)
    first = f"{folder.selection.splits[0]}-" if folder.selection.splits else ""
    folder.card_use = _USE.format(resource=f"{first}annotations".lower())


class _TableFile:
    """A CSV file that is being written, some rows at once.

    Args:
        output: Where it is written.
        table: What its rows are.
    """

    def __init__(self, output: Output, table: Table) -> None:
        self._output = output
        self._lines = [line([field.name for field in table.fields])]

    def write(self, row: Row) -> None:
        """Write a row; the last ones are not written before `end`."""
        self._lines.append(line(row))
        self._output.rows += 1
        if len(self._lines) >= _ROWS:
            self.end()

    def end(self) -> None:
        """Write the rows that wait."""
        self._output.write(as_bytes("".join(self._lines)))
        self._lines.clear()


_DESCRIBED = {
    "threads": "Articles with the discussions below them",
    "posts": "Articles and comments",
    "annotations": "Labels that were put, and on what",
    "reviews": "Who has said of which post that it is done",
    "flags": "Who has marked which post to come back to it",
    "notes": "What annotators have remarked on posts as a whole",
    "labels": "The labels of the codebook, and earlier ones",
    "annotators": "Who has put labels",
}


def _write_thread(
    folder: Folder, selection: Selection, thread_id: int, outputs: dict[str, _TableFile], names: dict[str, str]
) -> None:
    tally = folder.tally
    tally.threads += 1
    is_first = True
    for labeled in folder.project.work.heed(
        iter_labeled_posts(folder.project, selection, thread_id, is_whole=True), _PIECES
    ):
        if is_first:
            outputs["threads"].write(thread_row(labeled.thread))
            is_first = False
        outputs["posts"].write(post_row(labeled))
        tally.posts += 1
        for annotation in (*labeled.thread_annotations, *labeled.annotations):
            outputs["annotations"].write(annotation_row(annotation, labeled, selection))
            names.setdefault(annotation.annotator, "")
            tally.annotations += bool(annotation.uuid)
        for table, row in mark_rows(labeled):
            outputs[table].write(row)


_PIECES = 100
"""Posts that are written between two looks at whether to stop."""
_ROWS = 500
"""Rows that are written at once."""


def _write_table(folder: Folder, table: Table, rows: Iterator[Row]) -> None:
    with folder.open(
        f"{table.name}.csv", description=_DESCRIBED[table.name], media_type="text/csv", table=table
    ) as output:
        file = _TableFile(output, table)
        for row in rows:
            file.write(row)
        file.end()
