"""Crowd-Kit's Dawid–Skene comes to the same conclusions, and nearly the same numbers."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from annotations.exporters.choosing.dawid_skene import estimate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SCRIPT = """
import json, sys
import pandas
from crowdkit.aggregation import DawidSkene

answers = pandas.DataFrame(json.load(open(sys.argv[1])), columns=["task", "worker", "label"])
# It stops where its loss is no longer lower: with a tolerance below zero it takes all its steps.
model = DawidSkene(n_iter=150, tol=-1).fit(answers)
print(json.dumps({int(task): float(row[1]) for task, row in model.probas_.iterrows()}))
"""


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("seed", "reliable", "frequency"),
    [
        (1, [(0.9, 0.1), (0.8, 0.2), (0.7, 0.1), (0.85, 0.15)], 0.4),
        (2, [(0.95, 0.02), (0.6, 0.4), (0.9, 0.3), (0.8, 0.05), (0.5, 0.5)], 0.15),
        (3, [(0.7, 0.01), (0.6, 0.02), (0.9, 0.1)], 0.05),
    ],
)
def test_crowd_kit_says_the_same(  # noqa: PLR0913, PLR0917  # fixtures and cases
    consumer: Callable[..., Path],
    run: Callable[..., str],
    tmp_path: Path,
    seed: int,
    reliable: list[tuple[float, float]],
    frequency: float,
) -> None:
    chance = random.Random(seed)  # noqa: S311  # a simulation
    answers = []
    patterns = {}
    for place in range(400):
        is_true = chance.random() < frequency
        saw = [number for number in range(len(reliable)) if chance.random() < 0.8] or [0]
        put = [number for number in saw if chance.random() < reliable[number][not is_true]]
        answers += [(place, number, int(number in put)) for number in saw]
        patterns[place] = (sum(1 << number for number in saw), sum(1 << number for number in put))
    (tmp_path / "answers.json").write_text(json.dumps(answers))
    theirs = json.loads(run(consumer("crowd-kit==1.4.1"), _SCRIPT, tmp_path / "answers.json"))
    model = estimate(Counter(patterns.values()), len(reliable))
    ours = {place: model.probability(pattern) for place, pattern in patterns.items()}
    assert {place: ours[int(place)] for place in theirs} == pytest.approx(theirs, abs=1e-3)
    assert len(theirs) == len(ours)
