"""The numbers of a project as tables: what is shown of many, and what fits a width."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from annotations.model import Scope
from annotations.store.statistics_records import (
    AnnotatorWork,
    Day,
    DepthCount,
    LabelCount,
    Statistics,
    ThreadWork,
    Together,
)
from tui.number_tables import MOST_ROWS, NumberTable, label_names, number_tables, summary


def label(name: str, scope: Scope, by_annotator: dict[str, int]) -> LabelCount:
    """Return the numbers of a label."""
    put = sum(by_annotator.values())
    return LabelCount(
        label=f"{name}-{scope}".lower(),
        name=name,
        scope=scope,
        key="",
        colour="blue",
        annotations=put,
        detached=0,
        posts=put,
        by_annotator=by_annotator,
        lengths=None,
    )


def big() -> Statistics:
    """Return numbers of many annotators, depths, days, threads and pairs."""
    people = {f"annotator{number}": number for number in range(1, 11)}
    labels = tuple(label(f"Label {number:02} 桥梁 with a long name", Scope.POST, people) for number in range(30))
    ids = [each.label for each in labels]
    return Statistics(
        labels=labels,
        depths=tuple(DepthCount(depth=depth, posts=100, labeled=5, by_label={ids[0]: 5}) for depth in range(25)),
        together=tuple(Together(first=ids[0], second=other, posts=1, either=1000) for other in ids[1:]),
        days=tuple(
            Day(day=f"2026-04-{number:02}", annotator="annotator1", annotations=2, reviews=1) for number in range(1, 31)
        ),
        annotators=tuple(
            AnnotatorWork(
                annotator=name, kind="person", annotations=30 * put, labeled=9, reviews=30, seconds=61, seconds_each=2
            )
            for name, put in people.items()
        ),
        threads=tuple(
            ThreadWork(thread=f"t{number}", title="A thread", comments=50, labeled=number, reviewed=0)
            for number in range(25)
        ),
        annotations=1650,
        detached=3,
    )


def tables() -> dict[str, NumberTable]:
    return {table.title: table for table in number_tables(big(), "days of UTC")}


def test_a_line_says_how_much_there_is() -> None:
    assert summary(big()) == (
        "300 of 1,250 comments labeled, 0 reviewed, 1,650 annotations by 10 annotators, 3 detached"
    )


def test_of_many_annotators_the_most_diligent_have_a_column() -> None:
    labels = tables()["Labels"]
    assert labels.head[4:] == (
        "annotator10",
        "annotator9",
        "annotator8",
        "annotator7",
        "annotator6",
        "annotator5",
        "others",
    )
    assert labels.rows[0][4:] == ("10", "9", "8", "7", "6", "5", str(4 + 3 + 2 + 1))


def test_what_is_deeper_than_there_are_columns_is_summed_up() -> None:
    depths = tables()["Posts with a label, by depth"]
    assert depths.head[1:] == (*map(str, range(10)), "10+")
    assert depths.rows[0][-1] == str(15 * 5)
    assert depths.rows[-1][-1] == "1,500"


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Labels that one annotator put on the same post", "9 more pairs"),
        ("Progress", "10 earlier rows not shown"),
        ("Threads", "1 thread not begun; 4 more threads"),
    ],
)
def test_what_is_not_shown_is_counted(title: str, said: str) -> None:
    table = tables()[title]
    assert len(table.rows) == MOST_ROWS
    assert said in table.note


def test_a_share_that_is_not_none_does_not_look_like_none() -> None:
    assert tables()["Labels that one annotator put on the same post"].rows[0][-1] == "<1%"


def test_progress_sums_up_from_the_first_day() -> None:
    progress = tables()["Progress"]
    assert progress.rows[0] == ("2026-04-11", "annotator1", "2", "22", "1")


def test_two_labels_of_one_name_are_told_apart() -> None:
    both = (
        label("Claim", Scope.SPAN, {"ada": 1}),
        label("Claim", Scope.POST, {"ada": 1}),
        label("Term", Scope.SPAN, {"ada": 1}),
    )
    numbers = Statistics(
        labels=both, depths=(), together=(), days=(), annotators=(), threads=(), annotations=3, detached=0
    )
    assert list(label_names(numbers).values()) == ["Claim (span)", "Claim (post)", "Term"]


@pytest.mark.parametrize("width", [200, 100, 80, 60, 40, 20])
def test_lines_fit_the_width_and_stay_aligned(width: int) -> None:
    for table in tables().values():
        lines = table.lines(width)
        assert len(lines) == len(table.rows) + 1
        assert all(cell_len(line) <= width for line in lines)
        ends = {cell_len(line) for line in lines[1:]}
        if 1 in table.right and len(table.head) == 2:
            assert len(ends) == 1
    narrow = tables()["Labels"].lines(60)
    assert {line.index("post") for line in narrow[1:] if "桥" not in line[:12]} <= {narrow[0].index("scope")}
    assert all("…" in line for line in narrow[1:])
