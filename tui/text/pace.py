"""How far long work is, in words: how much is done, how fast, how long it will go on. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from tui.text.visible import one_line

if TYPE_CHECKING:
    from annotations.work import Work

_MEGABYTE = 1_000_000
_MINUTE, _HOUR = 60, 3600
_GAP = "  "
_SHORTEST_NAME = 8
"""Cells of a file's name that are kept while there is anything else to leave out."""
_TOO_FEW = 10
"""Steps that say nothing about a rate."""


def percent(work: Work) -> str:
    """Return how much of the whole is done, always in four cells."""
    return f"{min(99, int(100 * work.fraction)):3}%"


def amount(work: Work) -> str:
    """Return how much is done in this stage: "410,000 comments"; "" where nothing is counted."""
    if not work.unit:
        return ""
    if work.unit in {"bytes", "characters"}:
        return f"{work.done / _MEGABYTE:,.0f} {'MB' if work.unit == 'bytes' else 'million characters'}"
    return f"{work.done:,} {work.unit}"


def rate(work: Work) -> str:
    """Return how much is done in a second: "52,000/s"; "" where that is not known."""
    if not work.unit or work.done < _TOO_FEW:
        return ""
    if work.unit in {"bytes", "characters"}:
        return f"{work.rate / _MEGABYTE:,.0f} M/s"
    return f"{_rounded(work.rate):,}/s"


def left(work: Work) -> str:
    """Return how long the work will go on: "11 s left"; "" where that is not known."""
    seconds = work.seconds_left
    return "" if seconds is None else f"{duration(seconds)} left"


def duration(seconds: float) -> str:
    """Return a time in one or two units: "11 s", "2 min 10 s", "1 h 5 min"."""
    whole = max(1, round(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        tens = round(whole / 10) * 10  # an estimate is no better than that
        return f"{tens // _MINUTE} min {tens % _MINUTE} s" if tens % _MINUTE else f"{tens // _MINUTE} min"
    minutes = round(whole / _MINUTE)
    return f"{minutes // 60} h {minutes % 60} min"


def progress_line(verb: str, work: Work, width: int) -> str:
    """Return what is done, to what and how far, on one line of at most `width` cells.

    What matters least goes first where there is no room: the rate, the count, the stage, the end of the name.

    Args:
        verb: What is done: "Importing".
        work: The work.
        width: Cells of the line.
    """
    name = one_line(work.subject)
    stage = "" if work.stage == verb else work.stage.removeprefix(f"{verb} ")
    numbers = {"percent": percent(work), "amount": amount(work), "rate": rate(work), "left": left(work)}
    for dropped in (
        (),
        ("rate",),
        ("rate", "amount"),
        ("rate", "amount", "stage"),
        ("rate", "amount", "stage", "left"),
    ):
        tail = "".join(_GAP + part for kind, part in numbers.items() if part and kind not in dropped)
        head = f"{verb} {{}}{f': {stage.lower()}' if stage and 'stage' not in dropped else ''}"
        room = width - cell_len(head) + 2 - cell_len(tail)
        if room >= min(cell_len(name), _SHORTEST_NAME):
            return head.format(_shorten(name, room)) + tail
    return set_cell_size(f"{verb}{_GAP}{numbers['percent']}", max(0, width)).rstrip()


def _shorten(name: str, room: int) -> str:
    """Return a name in at most `room` cells: its beginning and its end, which tells what it is."""
    if cell_len(name) <= room:
        return name
    end = name[-(room // 3) :] if room // 3 else ""
    while cell_len(end) > room // 3:
        end = end[1:]
    return set_cell_size(name, room - 1 - cell_len(end)).rstrip() + "…" + end


def _rounded(number: float) -> int:
    """Return a number to two digits: more would only flicker."""
    whole = round(number)
    digits = len(str(whole)) - 2
    return round(whole, -digits) if digits > 0 else whole
