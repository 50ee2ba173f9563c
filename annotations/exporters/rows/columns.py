"""The columns of tables, and their values as Arrow has them; `annotations.exporters.rows.table_file` writes them to files."""

from __future__ import annotations

from enum import StrEnum
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from annotations.errors import ExportError
from annotations.exporters.rows.structs import Structs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from annotations.exporters.writing.report import Tally

_NULLS = 4_000
"""Rows of the first array without a value."""
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
        nothing = Array([None] * max(many, _NULLS), DataType.string())
        known = _known_nulls[column.kind] = nothing.cast(arrow_type(column))
    return known.slice(0, many)


def _offsets(lengths: Iterable[int]) -> Any:  # noqa: ANN401  # imported on use
    from arro3.core import Array, DataType  # noqa: PLC0415  # an extra

    return Array([0, *accumulate(lengths)], DataType.int32())
