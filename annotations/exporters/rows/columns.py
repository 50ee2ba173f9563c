"""Parquet files, written column by column as the rows come: several at once, each in bounded memory.

An Arrow writer draws its rows from whoever has them, and ours come from one walk through the project for all tables: so each file
is written in a thread of its own, which gets batches through a short queue. arro3 does the writing, without Python's lock.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from enum import StrEnum
from itertools import accumulate, chain
from queue import Full, Queue
from threading import Thread
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from annotations.errors import ExportError
from annotations.exporters.rows.structs import Structs, columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from annotations.exporters.writing.report import Tally

COMPRESSION = "zstd(1)"
"""All that read Parquet today read Zstandard, and its lowest level is as fast as Snappy and packs better."""
ROW_GROUP = 20_000
"""Rows that a reader gets at a time, and that are in memory, packed, before they are on disk."""
_BATCH = 2_000
"""Rows that become columns at a time."""
_ROOM = 4_000_000
"""Characters in the texts of a batch, above which it is not made longer."""
_WAITING = 2
"""Batches that wait to be written."""
_PATIENCE = 0.05
_known_nulls: dict[Kind, Any] = {}
"""Arrays without a value, of which shorter ones are parts."""
BAD_TIMES = "times that are no times in the calendar"


class Kind(StrEnum):
    """What a column holds."""

    STRING = "string"
    INTEGER = "int32"
    LONG = "int64"
    NUMBER = "float64"
    BOOLEAN = "bool"
    TIME = "timestamp"
    LIST = "list"
    STRUCTS = "structs"


class Column(Struct, frozen=True):
    """A column of a file.

    Args:
        name: Its name.
        kind: What it holds; a list and structs hold what `inner` says.
        inner: The columns of the structs; of a list one, whose name says nothing.
        names: For numbers of classes: what the classes are called; else None.
        is_distinct: Whether hardly two rows say the same: then nobody looks for those that do.
    """

    name: str
    kind: Kind = Kind.STRING
    inner: tuple[Column, ...] = ()
    names: tuple[str, ...] | None = None
    is_distinct: bool = False


def strings(name: str) -> Column:
    """Return a column that holds a list of strings."""
    return Column(name, Kind.LIST, (Column("item"),))


def check_installed(format_name: str) -> None:
    """See that the libraries are there that write Parquet.

    Raises:
        ExportError: If one is missing.
    """
    try:
        import arro3.core  # noqa: PLC0415  # looked for
        import arro3.io  # noqa: F401, PLC0415  # the same
    except ImportError as error:
        raise ExportError(f"{format_name} needs arro3-core and arro3-io", "pip install 'postil[parquet]'") from error


def arrow_type(column: Column) -> Any:  # noqa: ANN401  # imported on use
    """Return the Arrow type of a column."""
    from arro3.core import DataType, Field  # noqa: PLC0415  # an extra

    match column.kind:
        case Kind.TIME:
            return DataType.timestamp("us", tz="UTC")
        case Kind.LIST:
            return DataType.list(Field("item", arrow_type(column.inner[0]), nullable=True))
        case Kind.STRUCTS:
            return DataType.list(Field("item", _struct_type(column), nullable=True))
        case _:
            return getattr(DataType, column.kind.value)()


def _struct_type(column: Column) -> Any:  # noqa: ANN401  # imported on use
    from arro3.core import DataType, Field  # noqa: PLC0415  # an extra

    return DataType.struct([Field(each.name, arrow_type(each), nullable=True) for each in column.inner])


def arrow_array(column: Column, values: Sequence[Any] | Structs, tally: Tally) -> Any:  # noqa: ANN401  # imported on use
    """Return a column's values as an Arrow array; times that Arrow does not know are counted."""
    from arro3.core import Array, DataType, Field, list_array, struct_array  # noqa: PLC0415  # an extra

    if isinstance(values, Structs):
        parts = zip(column.inner, values.columns, strict=True)
        arrays = [arrow_array(each, part, tally) for each, part in parts]
        inner = struct_array(arrays, fields=[Field(each.name, arrow_type(each)) for each in column.inner])
        return list_array(_offsets(values.lengths), inner, type=arrow_type(column))
    if column.kind is Kind.LIST:
        inner = arrow_array(column.inner[0], list(chain.from_iterable(values)), tally)
        return list_array(_offsets(map(len, values)), inner, type=arrow_type(column))
    if values and values[0] is None and values.count(None) == len(values):
        return _nulls(column, len(values))
    if column.kind is Kind.TIME:
        times = Array(values, DataType.string()).cast(arrow_type(column))
        if bad := times.null_count - values.count(None):
            tally.lost[BAD_TIMES] += bad
        return times
    return Array(values, arrow_type(column))


def _nulls(column: Column, many: int) -> Any:  # noqa: ANN401  # imported on use
    """Return an array without a value; many columns have none in thousands of rows."""
    from arro3.core import Array, DataType  # noqa: PLC0415  # an extra

    known = _known_nulls.get(column.kind)
    if known is None or len(known) < many:
        nothing = Array([None] * max(many, 2 * _BATCH), DataType.string())
        known = _known_nulls[column.kind] = nothing.cast(arrow_type(column))
    return known.slice(0, many)


def _offsets(lengths: Iterable[int]) -> Any:  # noqa: ANN401  # imported on use
    from arro3.core import Array, DataType  # noqa: PLC0415  # an extra

    return Array([0, *accumulate(lengths)], DataType.int32())


def _paths(columns: Iterable[Column]) -> Iterator[tuple[str, Column]]:
    """Yield the columns that hold values, with the paths that they have in a file."""
    for column in columns:
        inside = {Kind.LIST: f"{column.name}.list.", Kind.STRUCTS: f"{column.name}.list.item."}.get(column.kind)
        if inside is None:
            yield column.name, column
        else:
            yield from ((f"{inside}{path}", each) for path, each in _paths(column.inner))


class TableFile:
    """A Parquet file that is being written.

    Args:
        path: The file.
        columns: Its columns.
        tally: Where is counted what it cannot hold.
        metadata: What its head says besides.
    """

    def __init__(
        self, path: Path, columns: Sequence[Column], tally: Tally, metadata: Mapping[str, str] | None = None
    ) -> None:
        from arro3.core import Field, Schema  # noqa: PLC0415  # an extra

        self.rows = 0
        """How many rows it has got."""
        self._columns = columns
        self._tally = tally
        self._schema = Schema([Field(each.name, arrow_type(each), nullable=True) for each in columns])
        self._rows_waiting = 0
        self._waiting = self._nothing()
        self._characters = 0
        self._text = next((place for place, each in enumerate(columns) if each.name == "text"), None)
        self._queue: Queue[Any] = Queue(_WAITING)
        self._errors: list[BaseException] = []
        self._thread = Thread(
            target=self._write, args=(path, dict(metadata or {})), name=f"writes {path.name}", daemon=True
        )
        self._thread.start()

    def add(self, columns: Sequence[Any]) -> None:
        """Add rows, given as the values of each column; a list is any sequence, lists of structs are `Structs`.

        Raises:
            OSError: If the file cannot be written.
        """
        rows = len(columns[0])
        if not rows:
            return
        self.rows += rows
        self._rows_waiting += rows
        for waiting, column in zip(self._waiting, columns, strict=True):
            waiting.extend(column)
        if self._text is not None:
            self._characters += sum(map(len, columns[self._text]))
        if self._rows_waiting >= _BATCH or self._characters > _ROOM:
            self._hand_over()

    def add_rows(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows, tuples of a value for each column; a list of structs is one of tuples.

        Raises:
            OSError: If the file cannot be written.
        """
        columns: list[Any] = columns_of(rows, len(self._columns))
        for place, each in enumerate(self._columns):
            if each.kind is Kind.STRUCTS:
                columns[place] = Structs.of(columns[place], len(each.inner))
        self.add(columns)

    def close(self) -> None:
        """Write what is left, and the end of the file.

        Raises:
            OSError: If the file cannot be written.
        """
        if self._rows_waiting or not self.rows:
            self._hand_over()
        self._queue.put(None)
        self._thread.join()
        self._check()

    def give_up(self) -> None:
        """Stop writing: nobody wants the file any more."""
        while self._thread.is_alive():
            with suppress(Full):
                self._queue.put(_GivenUpError(), timeout=_PATIENCE)
            self._thread.join(_PATIENCE)

    def _hand_over(self) -> None:
        from arro3.core import RecordBatch  # noqa: PLC0415  # an extra

        parts = zip(self._columns, self._waiting, strict=True)
        arrays = [arrow_array(each, part, self._tally) for each, part in parts]
        self._waiting, self._characters = self._nothing(), 0
        self._check()
        self._queue.put(RecordBatch.from_arrays(arrays, schema=self._schema))

    def _nothing(self) -> list[Any]:
        """Return the columns without a row."""
        self._rows_waiting = 0
        return [Structs([], [()] * len(each.inner)) if each.kind is Kind.STRUCTS else [] for each in self._columns]

    def _check(self) -> None:
        if self._errors:
            raise self._errors[0]

    def _batches(self) -> Iterator[Any]:
        while (batch := self._queue.get()) is not None:
            if isinstance(batch, BaseException):
                raise batch
            yield batch

    def _write(self, path: Path, metadata: dict[str, str]) -> None:
        from arro3.core import RecordBatchReader  # noqa: PLC0415  # an extra
        from arro3.io import write_parquet  # noqa: PLC0415  # the same

        try:
            write_parquet(
                RecordBatchReader.from_batches(self._schema, self._batches()),
                path,
                compression=COMPRESSION,
                max_row_group_size=ROW_GROUP,
                column_dictionary_enabled={path: False for path, each in _paths(self._columns) if each.is_distinct},
                key_value_metadata=metadata,
            )
        except BaseException as error:  # noqa: BLE001  # it belongs to whoever adds rows
            self._errors.append(error if isinstance(error, OSError) else OSError(f"{error}"))
            if not isinstance(error, _GivenUpError):
                while not isinstance(self._queue.get(), _GivenUpError | None):
                    pass  # whoever adds rows must not wait for ever


class _GivenUpError(Exception):
    """Nobody wants the file any more."""


@contextmanager
def writing(files: Mapping[str, TableFile]) -> Iterator[Mapping[str, TableFile]]:
    """Close the files at the end of the block, or give them up if it fails."""
    try:
        yield files
        for file in files.values():
            file.close()
    except BaseException:
        for file in files.values():
            file.give_up()
        raise
