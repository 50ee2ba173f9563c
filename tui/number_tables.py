"""The numbers of a project as tables, for the command line and for who cannot see charts. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct
from rich.cells import cell_len

from tui.text.pace import duration
from tui.text.table import GAP, fill
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from annotations.store.statistics_records import LabelCount, Statistics

MOST_ANNOTATORS = 6
"""Annotators that have a column each; what the others did has one for all of them."""
MOST_DEPTHS = 10
"""Depths that have a column each; what is deeper has one for all."""
NARROWEST_NAME = 12
"""Cells that a name keeps where there is little room."""
MOST_ROWS = 20
"""Rows that are shown of tables that grow with the project: pairs, days, threads."""


class NumberTable(Struct, frozen=True, kw_only=True):
    """A table.

    Args:
        title: What it shows.
        head: The names of its columns.
        rows: Their cells, as many in each row, harmless to a terminal.
        right: The columns that are set to the right: numbers.
        note: What there is to say below it; "" for nothing.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: Collection[int]
    note: str = ""

    def lines(self, width: int | None = None) -> list[str]:
        """Return its columns set below each other, the names of the columns first.

        Args:
            width: Cells of a line at most; names are cut, then columns at the end left out. None for any number.
        """
        cells = [list(row) for row in (self.head, *self.rows)]
        widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
        if width is not None:
            widths = self._within(widths, width)
        return [
            (" " * GAP)
            .join(
                fill(cell, room, is_right=place in self.right)
                for place, (cell, room) in enumerate(zip(row, widths, strict=False))
            )
            .rstrip()
            for row in cells
        ]

    def _within(self, widths: list[int], width: int) -> list[int]:
        """Return the widths of the columns that fit into `width` cells."""
        kept = list(widths)
        for place in range(len(kept)):
            over = sum(kept) + GAP * (len(kept) - 1) - width
            if over > 0 and place not in self.right:
                kept[place] = max(min(kept[place], NARROWEST_NAME), kept[place] - over)
        while len(kept) > 1 and sum(kept) + GAP * (len(kept) - 1) > width:
            kept.pop()
        return kept


def number_tables(statistics: Statistics, days: str) -> list[NumberTable]:
    """Return the tables that have something to show, the most telling first.

    Args:
        statistics: The numbers.
        days: Which zone's days they are, a phrase.
    """
    tables = [
        _labels(statistics),
        _depths(statistics),
        _together(statistics),
        _days(statistics, days),
        _annotators(statistics),
        _threads(statistics),
        _lengths(statistics),
    ]
    return [table for table in tables if table.rows]


def summary(statistics: Statistics, *, is_short: bool = False) -> str:
    """Return in a line how much there is and how much is done."""
    words = [
        f"{statistics.labeled:,} of {_count(statistics.comments, 'comment')} labeled",
        f"{statistics.reviewed:,} reviewed",
        _count(statistics.annotations, "annotation"),
    ]
    if statistics.annotators and not is_short:
        words[-1] += f" by {_count(len(statistics.annotators), 'annotator')}"
    if statistics.detached:
        words.append(f"{statistics.detached:,} detached")
    return ", ".join(words)


def label_names(statistics: Statistics) -> dict[str, str]:
    """Return what people call each label, by id, harmless to a terminal; of two of one name each says its scope."""
    often = Counter(each.name for each in statistics.labels)
    return {
        each.label: one_line(each.name if often[each.name] == 1 else f"{each.name} ({each.scope.value})")
        for each in statistics.labels
    }


def annotators_by_work(statistics: Statistics) -> list[str]:
    """Return the names of the annotators who have put labels, those who put most first."""
    put = [each for each in statistics.annotators if each.annotations]
    return [each.annotator for each in sorted(put, key=lambda each: -each.annotations)]


def _labels(statistics: Statistics) -> NumberTable:
    names = label_names(statistics)
    people = annotators_by_work(statistics)
    shown = people if len(people) <= MOST_ANNOTATORS + 1 else people[:MOST_ANNOTATORS]
    others = people[len(shown) :]
    columns = shown if len(people) > 1 else []
    head = ("label", "scope", "annotations", "posts", *map(one_line, columns), *(["others"] if others else []))
    rows = []
    for each in statistics.labels:
        whose = [_number(each.by_annotator.get(name, 0)) for name in columns]
        rest = [_number(sum(each.by_annotator.get(name, 0) for name in others))] if others else []
        posts = "" if each.scope.value == "thread" else _number(each.posts)
        rows.append((names[each.label], each.scope.value, _number(each.annotations), posts, *whose, *rest))
    return NumberTable(title="Labels", head=head, rows=tuple(rows), right=range(2, len(head)))


def _depths(statistics: Statistics) -> NumberTable:
    names = label_names(statistics)
    labels = [each for each in statistics.labels if each.posts]
    depths = statistics.depths
    alone = depths if len(depths) <= MOST_DEPTHS + 1 else depths[:MOST_DEPTHS]
    groups = [(str(each.depth), [each]) for each in alone]
    if deeper := list(depths[len(alone) :]):
        groups.append((f"{deeper[0].depth}+", deeper))
    rows = [
        (
            names[label.label],
            *(_number(sum(each.by_label.get(label.label, 0) for each in group)) for _, group in groups),
        )
        for label in labels
    ]
    if rows:
        rows += [
            ("posts with a label", *(_number(sum(each.labeled for each in group)) for _, group in groups)),
            ("posts", *(_number(sum(each.posts for each in group)) for _, group in groups)),
        ]
    head = ("label", *(name for name, _ in groups))
    note = "0 is the article"
    return NumberTable(
        title="Posts with a label, by depth",
        head=head,
        rows=tuple(rows),
        right=range(1, len(head)),
        note=note if rows else "",
    )


def _together(statistics: Statistics) -> NumberTable:
    names = label_names(statistics)
    rows = [
        (names[each.first], names[each.second], _number(each.posts), _share(each.posts, each.either))
        for each in statistics.together[:MOST_ROWS]
    ]
    note = "share: of the posts that have one of the two at least"
    return NumberTable(
        title="Labels that one annotator put on the same post",
        head=("label", "and", "posts", "share"),
        rows=tuple(rows),
        right={2, 3},
        note=f"{note}{_more(statistics.together, 'pair')}" if rows else "",
    )


def _days(statistics: Statistics, days: str) -> NumberTable:
    so_far: Counter[str] = Counter()
    rows = []
    for each in statistics.days:
        so_far[each.annotator] += each.annotations
        numbers = (_number(each.annotations), _number(so_far[each.annotator]), _number(each.reviews))
        rows.append((each.day, one_line(each.annotator), *numbers))
    left_out = max(0, len(rows) - MOST_ROWS)
    note = f"{days}; {_count(left_out, 'earlier row')} not shown" if left_out else days
    return NumberTable(
        title="Progress",
        head=("day", "annotator", "annotations", "so far", "reviews"),
        rows=tuple(rows[left_out:]),
        right={2, 3, 4},
        note=note if rows else "",
    )


def _annotators(statistics: Statistics) -> NumberTable:
    rows = [
        (
            one_line(each.annotator),
            each.kind,
            _number(each.annotations),
            _number(each.labeled),
            _number(each.reviews),
            duration(each.seconds) if each.seconds else "none",
            "" if each.seconds_each is None else f"{each.seconds_each:,.1f} s",
        )
        for each in statistics.annotators
    ]
    head = ("annotator", "kind", "annotations", "posts labeled", "reviews", "time", "for each")
    return NumberTable(title="Annotators", head=head, rows=tuple(rows), right={2, 3, 4, 5, 6})


def _threads(statistics: Statistics) -> NumberTable:
    touched = [each for each in statistics.threads if each.labeled or each.reviewed]
    touched.sort(key=lambda each: -max(each.labeled, each.reviewed))
    rows = [
        (
            one_line(each.thread),
            _number(each.comments),
            _number(each.labeled),
            _number(each.reviewed),
            one_line(each.title),
        )
        for each in touched[:MOST_ROWS]
    ]
    untouched = len(statistics.threads) - len(touched)
    begun = f"{_count(untouched, 'thread')} not begun" if untouched else ""
    note = f"{begun}{_more(touched, 'thread', is_first=not begun)}"
    head = ("thread", "comments", "labeled", "reviewed", "title")
    return NumberTable(title="Threads", head=head, rows=tuple(rows), right={1, 2, 3}, note=note if rows else "")


def _lengths(statistics: Statistics) -> NumberTable:
    names = label_names(statistics)
    rows = [_length_row(names[each.label], each) for each in statistics.labels if each.lengths is not None]
    head = ("characters", "shortest", "median", "mean", "longest")
    return NumberTable(title="Lengths of spans", head=head, rows=tuple(rows), right={1, 2, 3, 4})


def _length_row(name: str, count: LabelCount) -> tuple[str, ...]:
    lengths = count.lengths
    assert lengths is not None  # noqa: S101  # asked before
    return name, _number(lengths.least), _number(lengths.median), f"{lengths.mean:,.1f}", _number(lengths.most)


def _number(number: int) -> str:
    return f"{number:,}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if part * 100 >= whole else "<1%"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _more(all_of_them: Sequence[object], noun: str, *, is_first: bool = False) -> str:
    """Say how many are not shown, behind something that is said before."""
    left_out = len(all_of_them) - MOST_ROWS
    return f"{'' if is_first else '; '}{_count(left_out, f'more {noun}')}" if left_out > 0 else ""
