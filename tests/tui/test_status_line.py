"""The last line: what gives way where there is too little room for all of it."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from tui.widgets.status_line import Status, StatusLine

STATUS = Status(
    mode="READ",
    title="Town sells its only bridge",
    place="1.2 · 4/9",
    progress="2 labeled, 0 reviewed of 9",
    annotator="anna",
    said="Layout by width",
)


def drawn(status: Status, width: int) -> list[str]:
    """The parts of the line, which fills its width."""
    line = StatusLine()._layout(status, width).plain
    assert len(line) == width
    return [part.strip() for part in re.split(r" {2,}|(?<=…) ", line) if part.strip()]


@pytest.mark.parametrize(
    ("width", "parts"),
    [
        (83, ["READ", "Layout by width", "1.2 · 4/9", "2 labeled, 0 reviewed of 9", "anna"]),
        (66, ["READ", "Layout by width", "1.2 · 4/9", "2 labeled, 0 reviewed of 9"]),
        (55, ["READ", "Layout by width", "1.2 · 4/9"]),
        (26, ["READ", "Layout …", "1.2 · 4/9"]),
    ],
)
def test_what_was_said_last_makes_who_and_how_far_give_way(width: int, parts: list[str]) -> None:
    assert drawn(STATUS, width) == parts


def test_words_of_which_enough_can_be_read_leave_how_far() -> None:
    said = replace(STATUS, said="Claim on “The council sold the bridge on Monday”")
    assert drawn(said, 64) == ["READ", "Claim on “The co…", "1.2 · 4/9", "2 labeled, 0 reviewed of 9"]


def test_a_title_makes_nothing_give_way_but_itself() -> None:
    untold = replace(STATUS, said="")
    assert drawn(untold, 60) == ["READ", "Town …", "1.2 · 4/9", "2 labeled, 0 reviewed of 9", "anna"]
