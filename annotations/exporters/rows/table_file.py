"""Parquet files, written column by column as the rows come: several at once, each in bounded memory.

An Arrow writer draws its rows from whoever has them, and ours come from one walk through the project for all tables: so each file
is written in a thread of its own, which gets batches through a short queue. arro3 does the writing, without Python's lock.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from queue import Full, Queue
from threading import Thread
from typing import TYPE_CHECKING, Any

from annotations.exporters.rows.columns import Kind, arrow_array, arrow_type
from annotations.exporters.rows.structs import Structs, columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from annotations.exporters.rows.columns import Column
    from annotations.exporters.writing.report import Tally

COMPRESSION = "zstd(1)"
"""All that read Parquet today read Zstandard, and its lowest level is as fast as Snappy and packs better."""
ROW_GROUP = 20_000
"""Rows that a reader gets at a time, and that are in memory, packed, before they are on disk."""
_BATCHES = 10
"""Times that rows become columns until they are as many."""
_ROOM = 4_000_000
"""Characters in the texts of a batch, above which it is not made longer."""
_WAITING = 1
"""Batches that wait to be written while another one is."""
_PATIENCE = 0.05


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
        row_group: As `ROW_GROUP`; fewer where rows are long and several files are written at once.
    """

    def __init__(
        self,
        path: Path,
        columns: Sequence[Column],
        tally: Tally,
        metadata: Mapping[str, str] | None = None,
        row_group: int = ROW_GROUP,
    ) -> None:
        from arro3.core import Field, Schema  # noqa: PLC0415  # an extra

        self.rows = 0
        """How many rows it has got."""
        self._columns = columns
        self._tally = tally
        self._row_group = row_group
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
        if self._rows_waiting >= self._row_group // _BATCHES or self._characters > _ROOM:
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
                max_row_group_size=self._row_group,
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
