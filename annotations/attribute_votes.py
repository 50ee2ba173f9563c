"""One value of each attribute, of those that several annotators have given."""

from __future__ import annotations

from collections import Counter
from statistics import median_low
from typing import TYPE_CHECKING, TypeAlias

from annotations.codebook_records import AttributeKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annotations.codebook_records import Attribute

Value: TypeAlias = "str | int | float"


def combined(
    given: Sequence[Mapping[str, Value]], attributes: Mapping[str, Attribute]
) -> tuple[dict[str, Value], tuple[str, ...]]:
    """Return the value of each attribute, and the ids of those that have none, for those who gave one differ.

    Args:
        given: What each annotator gave; who gave no value of an attribute does not count for it.
        attributes: The attributes of the label, by id.
    """
    values: dict[str, Value] = {}
    left_out = []
    for name in sorted({name for each in given for name in each}):
        found = [each[name] for each in given if name in each]
        kind = attributes[name].kind if name in attributes else None
        value = _combined(found, kind)
        if value is None:
            left_out.append(name)
        else:
            values[name] = value
    return values, tuple(left_out)


def _combined(found: Sequence[Value], kind: AttributeKind | None) -> Value | None:
    numbers = [value for value in found if not isinstance(value, str)]
    if len(numbers) == len(found):
        return median_low(numbers)
    if kind is AttributeKind.CHOICE:
        (value, most), *others = Counter(found).most_common(2)
        return None if others and others[0][1] == most else value
    return found[0] if len(set(found)) == 1 else None
