"""How far annotators agree.

Krippendorff's alpha with missing values (Klaus Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011), the
share of pairs that agree, and F1 of spans. A unit is what was judged, a post for example; only units that two or more
annotators have judged say anything. Where nothing can differ, or nobody can be compared, agreement is undefined: None.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Unit: TypeAlias = "Mapping[int | float | str, int]"
"""What was said of a unit: each value, and how many annotators gave it; values are of one type."""

Difference: TypeAlias = "Callable[[Counter[float], float, float], float]"
"""How far two values are apart, squared; it is given how often each value occurs."""


def nominal(_totals: Counter[float], one: float, other: float) -> float:
    """Return the difference of two values that are names: they are the same, or not."""
    return float(one != other)


def ordinal(totals: Counter[float], one: float, other: float) -> float:
    """Return the difference of two ranks: how many values lie between them, the two ends by half."""
    low, high = min(one, other), max(one, other)
    between = sum(number for value, number in totals.items() if low <= value <= high)
    return (between - (totals[one] + totals[other]) / 2) ** 2


def interval(_totals: Counter[float], one: float, other: float) -> float:
    """Return the difference of two numbers."""
    return (one - other) ** 2


def alpha(units: Iterable[tuple[Unit, int]], difference: Difference = nominal) -> float | None:
    """Return Krippendorff's alpha: 1 for agreement without fault, 0 for agreement as by chance, less for worse.

    Args:
        units: What was said of a unit, and of how many units the same was said.
        difference: How far two values are apart.

    Returns:
        None where all values that can be compared are the same, or none can be: then it is not defined.
    """
    pairs: Counter[tuple[float, float]] = Counter()
    totals: Counter[float] = Counter()
    for unit, number in units:
        judges = sum(unit.values())
        if judges < 2:  # noqa: PLR2004  # one alone cannot disagree
            continue
        for one, times in unit.items():
            totals[one] += times * number  # type: ignore[index]  # names are only compared
            for other, times_other in unit.items():
                pairs[one, other] += times * (times_other - (one == other)) * number / (judges - 1)  # type: ignore[index, assignment]  # shares of pairs
    if len(totals) < 2:  # noqa: PLR2004  # one category
        return None
    observed = sum(share * difference(totals, *pair) for pair, share in pairs.items())
    expected = sum(totals[one] * totals[other] * difference(totals, one, other) for one in totals for other in totals)
    return 1 - (totals.total() - 1) * observed / expected if expected else None


def percent(units: Iterable[tuple[Unit, int]]) -> float | None:
    """Return the share of pairs of annotators that said the same of the same unit, 0 to 1; None without a pair."""
    same = pairs = 0
    for unit, number in units:
        judges = sum(unit.values())
        pairs += judges * (judges - 1) * number
        same += sum(times * (times - 1) for times in unit.values()) * number
    return same / pairs if pairs else None


def f1(found: int, of_found: int, met: int, of_met: int) -> float | None:
    """Return the F1 of two annotators' spans, neither of whom is right: it is the same the other way round.

    Args:
        found: Spans of the first that the second has too, exactly or by an overlap.
        of_found: Spans of the first.
        met: Spans of the second that the first has too.
        of_met: Spans of the second.

    Returns:
        None where neither has any.
    """
    if not of_found and not of_met:
        return None
    if not found or not met:
        return 0.0
    precision, recall = found / of_found, met / of_met
    return 2 * precision * recall / (precision + recall)


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of the values that are defined; None if none is."""
    defined = [value for value in values if value is not None]
    return sum(defined) / len(defined) if defined else None
