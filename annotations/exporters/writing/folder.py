"""A data set that is a folder: it appears whole or not at all, with its card, its report and its manifest.

An exporter fills a `Folder` file by file; what describes the whole (see `annotations.exporters.describing.folder_description`) is written behind it.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from annotations.errors import ExportError
from annotations.exporters.choosing.selecting import check_key_apart, select
from annotations.exporters.describing.figures import Counting
from annotations.exporters.describing.manifest import make_ready
from annotations.exporters.writing.folder_place import checked_folder, replacement
from annotations.exporters.writing.output import Output, failure, open_part
from annotations.exporters.writing.report import WrittenFile, make_report
from annotations.store.project_file import hashing
from annotations.store.snapshot import count_posts, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selecting import Selection
    from annotations.exporters.writing.report import ExportReport
    from annotations.store.project import Project


class FieldType(StrEnum):
    """What a column of a table holds."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATETIME = "datetime"
    OBJECT = "object"
    LIST = "list"


class Field(Struct, frozen=True, kw_only=True):
    """A column of a table.

    Args:
        name: Its name in the file.
        type: What it holds; a datetime is ISO 8601 in UTC.
        description: What it means, a sentence without a full stop.
        is_required: Whether every row has it.
        is_key: Whether it is (a part of) what no two rows have in common.
    """

    name: str
    type: FieldType
    description: str
    is_required: bool = False
    is_key: bool = False


class Table(Struct, frozen=True, kw_only=True):
    """What the rows of a file are: of CSV, JSON Lines or Parquet.

    Args:
        name: Of ASCII letters, digits and `_`; unique in a folder but for the files of several splits, which share it.
        fields: Its columns, in the order of the file.
        refers: For each column that names a row of another table: that table and its column.
    """

    name: str
    fields: tuple[Field, ...]
    refers: tuple[tuple[str, str, str], ...] = ()


class DatasetFile(WrittenFile, frozen=True, kw_only=True):
    """A file of a folder.

    Args:
        table: What its rows are; None for one that is no table.
        split: The split that it belongs to; "" for none.
        rows: How many rows it has; None for one that is no table.
    """

    table: Table | None = None
    split: str = ""
    rows: int | None = None


class Folder:
    """A data set that is being written.

    Args:
        path: Where its files are until it is complete.
        project: The project, in a snapshot.
        selection: What to export.
        name: The name that the folder will have.
        format_name: The name of the exporter.
        format_version: The version of the layout that is written.
    """

    def __init__(  # noqa: PLR0913  # what an exporter needs, gathered
        self, path: Path, project: Project, selection: Selection, *, name: str, format_name: str, format_version: int
    ) -> None:
        self.path = path
        self.project = project
        self.selection = selection
        self.name = name
        self.format_name = format_name
        self.format_version = format_version
        self.tally = selection.tally
        self.card_head = ""
        """Lines of YAML that stand at the head of README.md, between two lines of three dashes; "" for none."""
        self.card_use = ""
        """How the data set is loaded: Markdown for README.md, below the heading "Use"; "" for none."""
        self.counting: Counting | None = None
        """What counts posts as they pass, where they are changed on their way."""
        if selection.shapers:
            self.counting = Counting(selection)
            self.selection = replace(selection, shapers=(*selection.shapers, self.counting))
        self._files: dict[str, DatasetFile] = {}

    @property
    def files(self) -> tuple[DatasetFile, ...]:
        """What was written so far, in order of names."""
        return tuple(self._files[name] for name in sorted(self._files))

    def splits(self) -> Iterator[tuple[str, Selection]]:
        """Yield each split with what belongs to it; one without a name where the data set is in one piece."""
        if not self.selection.splits:
            yield "", self.selection
        for split in self.selection.splits:
            yield split, self.selection.of_split(split)

    @contextmanager
    def open(
        self,
        name: str,
        *,
        description: str = "",
        media_type: str = "",
        table: Table | None = None,
        split: str = "",
    ) -> Iterator[Output]:
        """Open a file of the data set for writing.

        Args:
            name: Its path below the folder, with slashes; its folders are made.
            description: What it holds, a phrase.
            media_type: Its media type (IANA).
            table: What its rows are; tell `Output.rows` how many there are.
            split: The split that it belongs to.
        """
        target = self._place(name)
        with open_part(target) as output:
            yield output
        self._files[name] = DatasetFile(
            name=name,
            size=target.stat().st_size,
            sha256=output.sha256,
            description=description,
            media_type=media_type,
            table=table,
            split=split,
            rows=output.rows if table else None,
        )

    def add(  # noqa: PLR0913  # as `open`
        self,
        name: str,
        *,
        description: str = "",
        media_type: str = "",
        table: Table | None = None,
        split: str = "",
        rows: int | None = None,
    ) -> None:
        """Take up a file that a library has written at `place(name)`; the arguments are those of `open`."""
        target = self.path / name
        with target.open("rb+") as stream:
            sha256 = file_digest(stream, "sha256").hexdigest()
            os.fsync(stream.fileno())
        self._files[name] = DatasetFile(
            name=name,
            size=target.stat().st_size,
            sha256=sha256,
            description=description,
            media_type=media_type,
            table=table,
            split=split,
            rows=rows,
        )

    def place(self, name: str) -> Path:
        """Return where a library may write a file; to be followed by `add`."""
        return self._place(name)

    def _place(self, name: str) -> Path:
        target = self.path / name
        if not target.resolve().is_relative_to(self.path.resolve()) or name in self._files:
            raise ExportError(f"A data set cannot have a file {name!r} (again)", "This is a fault of the exporter.")
        target.parent.mkdir(parents=True, exist_ok=True)
        return target


Fill: TypeAlias = "Callable[[Folder], None]"
"""Writes the files of a data set, and keeps its tally."""


def write_folder(  # noqa: PLR0913  # what the exporter's module says of itself
    project: Project, path: Path | None, options: ExportOptions, fill: Fill, *, name: str, version: int = 1
) -> ExportReport:
    """Write a data set that is a folder, all of it from one state of the project, and report.

    Args:
        project: The project.
        path: The folder: one that is not there yet, or an empty one, or one that an earlier export made and in which nothing else
            lies: it is replaced.
        options: What to export.
        fill: Writes the files.
        name: The exporter's name.
        version: The version of its layout.

    Raises:
        ExportError: If the target cannot be written, or a span does not say what was quoted.
        UnknownNameError: If the project has no such thread, annotator or label.
        ProjectError: If the project cannot be read.
        WorkCancelledError: If the project's work was cancelled: what stood at `path` stays.
    """
    from annotations.exporters.describing.folder_description import describe  # noqa: PLC0415  # it describes folders
    from annotations.exporters.describing.reckoning import reckoning  # noqa: PLC0415  # the same

    if path is None or path == Path("-"):
        raise ExportError(f"{name} is written as a folder, not to standard output", "Name a folder: -o FOLDER.")
    try:
        target = checked_folder(project, path)
        check_key_apart(options, target)
        make_ready(project)
        with snapshot(project), replacement(target) as part:
            selection = select(project, options)
            with hashing(project) as file, reckoning(project, selection) as numbers:
                project.work.begin("Writing the posts", count_posts(project, selection.thread_ids), "posts")
                folder = Folder(part, project, selection, name=target.name, format_name=name, format_version=version)
                fill(folder)
                manifest = describe(folder, file, numbers)
    except OSError as error:
        raise failure(str(path), error) from error
    return make_report(folder.tally, path, manifest, tuple(_written(each) for each in folder.files))


def _written(file: DatasetFile) -> WrittenFile:
    return WrittenFile(**{name: getattr(file, name) for name in WrittenFile.__struct_fields__})
