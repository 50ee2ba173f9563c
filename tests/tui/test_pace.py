"""How far long work is, in words."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from annotations.work import Work
from tui.text.pace import amount, duration, left, percent, progress_line, rate


class Clock:
    """A clock that is set by hand."""

    time = 0.0

    def __call__(self) -> float:
        return self.time


def make_work(seconds: float = 8, done: int = 410_000, unit: str = "comments", subject: str = "big.txt") -> Work:
    """Return work that is at 42% of a million."""
    clock = Clock()
    work = Work(clock)
    work.subject = subject
    work.begin("Storing", 1_000_000, unit, part=(0.01, 1))
    clock.time += seconds
    work.advance(done)
    return work


def test_a_line_says_what_is_done_to_what_how_far_how_fast_and_how_long_still() -> None:
    assert progress_line("Importing", make_work(), 80) == (
        "Importing big.txt: storing   41%  410,000 comments  51,000/s  11 s left"
    )


def test_a_verb_is_not_said_twice() -> None:
    work = make_work()
    work.stage = "Checking the posts"
    assert progress_line("Checking", work, 80).startswith("Checking big.txt: the posts   41%")
    work.stage = "Checking"
    assert progress_line("Checking", work, 80).startswith("Checking big.txt   41%")


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (70, "Importing big.txt: storing   41%  410,000 comments  11 s left"),
        (50, "Importing big.txt: storing   41%  11 s left"),
        (40, "Importing big.txt   41%  11 s left"),
        (30, "Importing big.txt   41%"),
        (20, "Importing   41%"),
        (10, "Importing"),
        (0, ""),
    ],
)
def test_what_matters_least_goes_first(width: int, line: str) -> None:
    assert progress_line("Importing", make_work(), width) == line


@pytest.mark.parametrize(
    "name",
    ["a" * 200 + ".txt", "桥梁" * 60 + ".txt", "\u202egnp.exe" * 9, "\x1b[31m" * 20, "🌊" * 80, "x\u0301" * 90],
)
def test_a_line_is_never_wider_than_the_terminal_and_harmless_to_it(name: str) -> None:
    for width in range(130):
        line = progress_line("Importing", make_work(subject=name), width)
        assert cell_len(line) <= width
        assert not {"\x1b", "\u202e", "\n"} & set(line)
    assert ".txt: storing" in progress_line("Importing", make_work(subject="a" * 200 + ".txt"), 80)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (11.4, "11 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (131, "2 min 10 s"),
        (176, "3 min"),
        (3900, "1 h 5 min"),
        (90_000, "25 h 0 min"),
    ],
)
def test_times_are_as_exact_as_they_can_be(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_bytes_and_characters_are_counted_in_millions() -> None:
    assert amount(make_work(unit="bytes", done=54_000_000)) == "54 MB"
    assert amount(make_work(unit="characters", done=54_000_000)) == "54 million characters"
    assert rate(make_work(unit="bytes", done=54_000_000)) == "7 M/s"


def test_what_is_not_known_is_not_said() -> None:
    work = Work(Clock())
    assert (percent(work), amount(work), rate(work), left(work)) == ("  0%", "", "", "")
    assert progress_line("Checking", work, 40).split() == ["Checking", "0%"]


def test_all_of_it_is_said_by_being_there_and_not_in_per_cent() -> None:
    assert percent(make_work(done=1_000_000)) == " 99%"
