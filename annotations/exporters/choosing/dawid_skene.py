"""What is true where annotators differ, by how reliable each of them proves to be.

Each annotator has a chance to put a label where it belongs, and one to put it where it does not. These, how frequent the label is, and
how likely it belongs to each place are estimated together by expectation maximisation, which begins with the part of those who
saw a place that have put the label there. Source: Dawid and Skene, "Maximum Likelihood Estimation of Observer Error-Rates Using
the EM Algorithm", Applied Statistics 28 (1979), for two classes. Places on which the same annotators have put the label,
of the same ones who saw it, are alike: they are counted, and computed once.
"""

from __future__ import annotations

from importlib import import_module
from math import exp, log
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from annotations.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Mapping

Pattern: TypeAlias = tuple[int, int]
"""Who has seen a place, and who of them has put the label there: a bit for each annotator."""

_ITERATIONS = 2000
_PRECISION = 1e-9
_SMALLEST = 1e-10
"""No chance is taken for nought: what was never seen may happen."""


class Reliability(Struct, frozen=True, kw_only=True):
    """How a label is put.

    Args:
        frequency: How likely it belongs to a place of which nothing is known.
        hits: How likely each annotator puts it where it belongs.
        errors: How likely each puts it where it does not.
    """

    frequency: float
    hits: tuple[float, ...]
    errors: tuple[float, ...]

    def probability(self, pattern: Pattern) -> float:
        """Return how likely the label belongs to a place, by who has seen it and who has put it there."""
        seen, put = pattern
        for_it, against = log(self.frequency), log(1 - self.frequency)
        for number, (hit, error) in enumerate(zip(self.hits, self.errors, strict=True)):
            if seen >> number & 1:
                is_put = put >> number & 1
                for_it += log(hit if is_put else 1 - hit)
                against += log(error if is_put else 1 - error)
        return 1 / (1 + exp(min(700.0, against - for_it)))


def load_numpy() -> Any:  # noqa: ANN401  # a module that may not be there
    """Return numpy.

    Raises:
        ExportError: If it is not installed.
    """
    try:
        return import_module("numpy")
    except ImportError as error:
        raise ExportError("--aggregate dawid-skene needs numpy", "pip install 'postil[stats]'") from error


def estimate(patterns: Mapping[Pattern, int], annotators: int) -> Reliability:
    """Estimate how a label is put.

    Args:
        patterns: How many places there are of each pattern; each was seen by somebody.
        annotators: How many annotators there are: the bits of a pattern.

    Raises:
        ExportError: If numpy is not installed.
    """
    numpy = load_numpy()
    ordered = sorted(patterns)
    places = numpy.array([patterns[each] for each in ordered], dtype=float)
    seen = numpy.array([[mask >> number & 1 for number in range(annotators)] for mask, _ in ordered], dtype=float)
    put = numpy.array([[mask >> number & 1 for number in range(annotators)] for _, mask in ordered], dtype=float)
    omitted = seen - put
    belongs = put.sum(axis=1) / seen.sum(axis=1)
    for _ in range(_ITERATIONS):
        weights = numpy.stack([places * belongs, places * (1 - belongs)])
        frequency = _chance(numpy, weights[0].sum() / places.sum())
        chances = _chance(numpy, weights @ put / numpy.maximum(weights @ seen, _SMALLEST))
        likely = numpy.log(chances) @ put.T + numpy.log(1 - chances) @ omitted.T
        odds = numpy.log(1 - frequency) + likely[1] - numpy.log(frequency) - likely[0]
        before, belongs = belongs, 1 / (1 + numpy.exp(numpy.minimum(odds, 700)))
        if numpy.abs(belongs - before).max() < _PRECISION:
            break
    hits, errors = (tuple(map(float, row)) for row in chances)
    return Reliability(frequency=float(frequency), hits=hits, errors=errors)


def _chance(numpy: Any, value: Any) -> Any:  # noqa: ANN401  # numbers of numpy
    return numpy.clip(value, _SMALLEST, 1 - _SMALLEST)
