"""A data set that is a folder: it appears whole or not at all, with its card, its report and its manifest.

An exporter fills a `Folder` file by file; what describes the whole (see `annotations.exporters.describing.folder_description`) is written behind it.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from enum import StrEnum
from hashlib import file_digest
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from annotations.errors import ExportError
from annotations.exporters.describing.figures import Counting
from annotations.exporters.writing.output import Output, open_part
from annotations.exporters.writing.report import WrittenFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.exporters.choosing.selection import Selection
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
