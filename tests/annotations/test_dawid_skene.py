"""The model of annotators' reliability, against a slow computation of its own that follows the paper's formulas step by step."""

from __future__ import annotations

import random
import sys
from collections import Counter
from math import prod
from typing import TYPE_CHECKING

import pytest

from annotations.errors import ExportError
from annotations.exporters.choosing.dawid_skene import estimate

if TYPE_CHECKING:
    from annotations.exporters.choosing.dawid_skene import Pattern

Answers = list[dict[int, int]]
"""For each place what each annotator who saw it answered: 1 put the label, 0 did not."""


def slowly(answers: Answers, annotators: int, rounds: int = 400) -> list[float]:
    """Return the probability of each place by equations 2.3 to 2.5 of Dawid and Skene (1979)."""
    truth = [[1 - sum(each.values()) / len(each), sum(each.values()) / len(each)] for each in answers]
    for _ in range(rounds):
        error = [[[0.0, 0.0], [0.0, 0.0]] for _ in range(annotators)]
        for number in range(annotators):
            for true in (0, 1):
                for answer in (0, 1):
                    error[number][true][answer] = sum(
                        truth[place][true] for place, each in enumerate(answers) if each.get(number) == answer
                    )
                total = sum(error[number][true])
                error[number][true] = [count / total if total else 0.5 for count in error[number][true]]
        share = [sum(each[true] for each in truth) / len(truth) for true in (0, 1)]
        for place, each in enumerate(answers):
            likely = [
                share[true] * prod(max(error[number][true][answer], 1e-10) for number, answer in each.items())
                for true in (0, 1)
            ]
            truth[place] = [part / sum(likely) for part in likely]
    return [each[1] for each in truth]


def pattern(answers: dict[int, int]) -> Pattern:
    seen = sum(1 << number for number in answers)
    return seen, sum(1 << number for number, answer in answers.items() if answer)


def simulated(
    places: int, reliable: list[tuple[float, float]], frequency: float, seed: int
) -> tuple[Answers, list[int]]:
    chance = random.Random(seed)  # noqa: S311  # a simulation
    answers: Answers = []
    truths = []
    for _ in range(places):
        truth = chance.random() < frequency
        saw = [number for number in range(len(reliable)) if chance.random() < 0.7] or [0]
        answers.append({number: int(chance.random() < reliable[number][0 if truth else 1]) for number in saw})
        truths.append(int(truth))
    return answers, truths


@pytest.mark.parametrize("seed", range(4))
def test_it_says_what_the_paper_says(seed: int) -> None:
    answers, _ = simulated(120, [(0.9, 0.1), (0.8, 0.05), (0.6, 0.4), (0.95, 0.2)], 0.4, seed)
    found = estimate(Counter(map(pattern, answers)), 4)
    expected = slowly(answers, 4)
    assert [found.probability(pattern(each)) for each in answers] == pytest.approx(expected, abs=1e-4)


def test_a_reliable_minority_wins_over_those_who_guess() -> None:
    answers, truths = simulated(600, [(0.97, 0.03), (0.97, 0.03), (0.5, 0.5), (0.5, 0.5), (0.5, 0.5)], 0.5, 1)
    found = estimate(Counter(map(pattern, answers)), 5)
    of_model = sum(
        (found.probability(pattern(each)) > 0.5) == truth for each, truth in zip(answers, truths, strict=True)
    )
    of_majority = sum(
        (2 * sum(each.values()) > len(each)) == truth for each, truth in zip(answers, truths, strict=True)
    )
    assert of_model > 1.1 * of_majority
    assert found.frequency == pytest.approx(0.5, abs=0.05)
    assert found.hits[0] == pytest.approx(0.97, abs=0.04)
    assert found.errors[2] == pytest.approx(0.5, abs=0.1)


def test_all_of_one_mind_are_believed() -> None:
    found = estimate({(0b11, 0b11): 3, (0b11, 0): 7}, 2)
    assert found.probability((0b11, 0b11)) == pytest.approx(1, abs=1e-6)
    assert found.probability((0b11, 0)) == pytest.approx(0, abs=1e-6)
    assert found.frequency == pytest.approx(0.3)


def test_one_annotator_alone_is_taken_at_their_word() -> None:
    found = estimate({(1, 1): 2, (1, 0): 5}, 1)
    assert (found.probability((1, 1)) > 0.5, found.probability((1, 0)) > 0.5) == (True, False)


def test_the_same_counts_give_the_same_numbers_in_whatever_order() -> None:
    answers, _ = simulated(50, [(0.9, 0.1), (0.7, 0.2), (0.6, 0.3)], 0.3, 7)
    patterns = Counter(map(pattern, answers))
    backwards = dict(reversed(patterns.items()))
    assert estimate(patterns, 3) == estimate(backwards, 3)


def test_without_numpy_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(ExportError, match="needs numpy") as refused:
        estimate({(1, 1): 1}, 1)
    assert "postil[stats]" in refused.value.hint
