"""The charts of the dashboard: labels, labels by depth, labels that meet, progress."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from math import sqrt
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from tui.number_tables import annotators_by_work, label_names
from tui.text.table import fill
from tui.text.visible import one_line
from tui.widgets.chart import proportioned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.store.statistics_records import LabelCount, Statistics
    from tui.widgets.chart import Canvas

PATTERNS = ("█", "▓", "▒", "░")
"""What tells annotators apart in a bar; who comes behind them shares the last."""
SIGNS = ("●", "▲", "■", "◆", "○", "△", "□", "◇")
"""What tells annotators apart on a line."""
LINE_HUES = ("blue", "orange", "green", "purple", "pink", "teal", "yellow", "red")
WIDEST_NAME = 40
"""Cells of a label's name."""
NAME_SHARE = 3
"""Of how many parts of the width a name may have one."""
_EIGHTHS = " ▏▎▍▌▋▊▉"
_DATE_ROOM = 16
"""Cells for a date below a line."""
_KILO = 1000


def colour_of(label: LabelCount) -> str:
    """Return a label's colour, as a variable of the theme or as in #1f77b4."""
    return label.colour if label.colour.startswith("#") else f"label-{label.colour or 'grey'}"


def short(number: int) -> str:
    """Return a number in at most four cells: "812", "1.2k", "34k", "1.2M"."""
    if number < _KILO:
        return str(number)
    for unit in ("k", "M"):
        scaled = number / _KILO
        if scaled < 9.95:  # noqa: PLR2004  # two digits of it fit
            return f"{scaled:.1f}{unit}"
        if scaled < _KILO - 0.5:
            return f"{scaled:.0f}{unit}"
        number //= _KILO
    return f"{number}G"


def frequent(labels: Sequence[LabelCount], rows: int) -> list[LabelCount]:
    """Return the labels for which there is room, in their order: if not all, those that are most frequent."""
    if len(labels) <= rows:
        return list(labels)
    kept = sorted(labels, key=lambda label: -label.annotations)[: max(0, rows)]
    chosen = {label.label for label in kept}
    return [label for label in labels if label.label in chosen]


def left_out(canvas: Canvas, row: int, number: int) -> None:
    """Say on a row how many labels are not shown."""
    if number > 0:
        canvas.write(0, row, f"… {number:,} more, among the numbers", "muted")


# --- labels -----------------------------------------------------------------------------------------------------


def whose_legend(statistics: Statistics) -> Content:
    """Return what tells annotators apart in bars; nothing where there is only one."""
    people = annotators_by_work(statistics)
    if len(people) <= 1:
        return Content("")
    shown = [f"{PATTERNS[place]} {one_line(name)}" for place, name in enumerate(people[: len(PATTERNS)])]
    if len(people) > len(PATTERNS):
        shown[-1] = f"{PATTERNS[-1]} {len(people) - len(PATTERNS) + 1} others"
    return Content.styled("  ".join(shown), "$muted")


def draw_labels(canvas: Canvas, statistics: Statistics) -> None:
    """Draw a bar for each label, as long as it is frequent; its parts are the annotators."""
    canvas.lay_out_cells()
    rows = canvas.height
    labels = statistics.labels
    shown = frequent(labels, rows if len(labels) <= rows else rows - 1)
    names = label_names(statistics)
    name_width = _name_width(canvas, [names[label.label] for label in shown])
    most = max((label.annotations for label in shown), default=0) or 1
    room = max(1, canvas.width - name_width - 2 - len(f"{most:,}"))
    people = annotators_by_work(statistics)
    step = 2 if len(shown) * 2 - 1 <= rows and len(shown) == len(labels) else 1
    for place, label in enumerate(shown):
        row = place * step
        colour = colour_of(label)
        canvas.write(0, row, fill(names[label.label], name_width), colour)
        bar = _bar(label, people, room * label.annotations / most)
        canvas.write(name_width + 1, row, bar, colour)
        canvas.write(name_width + 1 + cell_len(bar) + bool(bar), row, f"{label.annotations:,}", "foreground")
    left_out(canvas, rows - 1, len(labels) - len(shown))


def _bar(label: LabelCount, people: Sequence[str], length: float) -> str:
    """Return a bar: of one annotator an eighth of a cell exact, of several a part of its cells for each."""
    if len(people) <= 1:
        eighths = max(round(length * 8), 1 if label.annotations else 0)
        return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
    cells = max(round(length), 1 if label.annotations else 0)
    numbers = [label.by_annotator.get(name, 0) for name in people]
    parts = proportioned(numbers, cells)
    return "".join(PATTERNS[min(place, len(PATTERNS) - 1)] * part for place, part in enumerate(parts))


def _name_width(canvas: Canvas, names: Sequence[str]) -> int:
    longest = max(map(cell_len, names), default=0)
    return max(1, min(longest, WIDEST_NAME, canvas.width // NAME_SHARE))


# --- tables of which the ground tells how much ------------------------------------------------------------------


def draw_depths(canvas: Canvas, statistics: Statistics) -> None:
    """Draw how many posts of which depth carry which label."""
    labels = [label for label in statistics.labels if label.posts]
    depths = statistics.depths
    size = 5  # what a number takes, and a gap
    rows = canvas.height - 2
    shown = frequent(labels, rows if len(labels) <= rows else rows - 1)
    name_width = _name_width(canvas, [label_names(statistics)[label.label] for label in shown])
    columns = max(1, (canvas.width - name_width) // size)
    alone = depths if len(depths) <= columns else depths[: columns - 1]
    groups = [[each] for each in alone] + ([list(depths[len(alone) :])] if len(alone) < len(depths) else [])
    heads = [f"{group[0].depth}{'+' if len(group) > 1 else ''}" for group in groups]
    cells = [[sum(each.by_label.get(label.label, 0) for each in group) for group in groups] for label in shown]
    _draw_heat(canvas, statistics, shown, heads, cells, name_width, size)
    canvas.write(0, len(shown) + 1, fill("posts", name_width), "muted")
    for place, group in enumerate(groups):
        posts = short(sum(each.posts for each in group))
        canvas.write(name_width + place * size, len(shown) + 1, posts.rjust(size), "muted")
    left_out(canvas, canvas.height - 1, len(labels) - len(shown))


def draw_together(canvas: Canvas, statistics: Statistics) -> None:
    """Draw on how many posts one annotator has put both of two labels; a column has the number of its row."""
    met = {label for pair in statistics.together for label in (pair.first, pair.second)}
    labels = [label for label in statistics.labels if label.label in met]
    size = max((len(short(pair.posts)) for pair in statistics.together), default=1) + 1
    size = max(size, len(str(len(labels))) + 1)
    names = label_names(statistics)
    longest = _name_width(canvas, [names[label.label] for label in labels]) + 3
    rows = min(canvas.height - 1, (canvas.width - longest) // size)
    shown = frequent(labels, rows if len(labels) <= rows else rows - 1)
    posts = {frozenset((pair.first, pair.second)): pair.posts for pair in statistics.together}
    cells = [
        [
            posts.get(frozenset((label.label, other.label)), 0) if place > column else -1
            for column, other in enumerate(shown)
        ]
        for place, label in enumerate(shown)
    ]
    heads = [str(place) for place in range(1, len(shown) + 1)]
    _draw_heat(canvas, statistics, shown, heads, cells, longest, size, is_numbered=True)
    left_out(canvas, canvas.height - 1, len(labels) - len(shown))


def _draw_heat(  # noqa: PLR0913, PLR0917  # a table with all that is around it
    canvas: Canvas,
    statistics: Statistics,
    labels: Sequence[LabelCount],
    heads: Sequence[str],
    cells: Sequence[Sequence[int]],
    name_width: int,
    size: int,
    *,
    is_numbered: bool = False,
) -> None:
    """Draw numbers on a ground of the label's colour, the stronger the more; what is below 0 is no cell."""
    canvas.lay_out_cells()
    names = label_names(statistics)
    for column, head in enumerate(heads):
        canvas.write(name_width + column * size, 0, head.rjust(size), "muted")
    most = max((number for row in cells for number in row), default=0) or 1
    for place, label in enumerate(labels):
        colour = colour_of(label)
        if is_numbered:
            canvas.write(0, place + 1, f"{place + 1:>2} ", "muted")
        before = 3 if is_numbered else 0
        canvas.write(before, place + 1, fill(names[label.label], name_width - before), colour)
        for column, number in enumerate(cells[place]):
            if number < 0:
                continue
            words = short(number) if number else "·"
            ground = canvas.colours.ground(colour, sqrt(number / most)) if number else None
            tone = "foreground" if number else "muted"
            canvas.write(name_width + column * size, place + 1, words.rjust(size), tone, ground)


# --- progress ---------------------------------------------------------------------------------------------------


def progress_legend(statistics: Statistics, *, of_reviews: bool) -> Content:
    """Return what tells annotators apart on lines, and how far they have come."""
    legend = Content("")
    for place, (name, numbers) in enumerate(_lines(statistics, of_reviews=of_reviews).items()):
        sign, hue = SIGNS[place % len(SIGNS)], LINE_HUES[place % len(LINE_HUES)]
        legend += Content.styled(f"{sign} ", f"$label-{hue}") + Content(f"{one_line(name)} {numbers[-1][1]:,}   ")
    return legend


def _lines(statistics: Statistics, *, of_reviews: bool) -> dict[str, list[tuple[int, int]]]:
    """Return for each annotator the days, as their ordinals, and how much was done by their end; before the first, 0."""
    ordinals = {}
    for day in {each.day for each in statistics.days}:
        with suppress(ValueError):  # a source may have written anything
            ordinals[day] = date.fromisoformat(day).toordinal()
    if not ordinals:
        return {}
    begin = min(ordinals.values()) - 1
    lines: dict[str, list[tuple[int, int]]] = {}
    so_far: dict[str, int] = {}
    for each in statistics.days:
        done = each.reviews if of_reviews else each.annotations
        if each.day not in ordinals or (not done and each.annotator not in lines):
            continue
        so_far[each.annotator] = so_far.get(each.annotator, 0) + done
        lines.setdefault(each.annotator, [(begin, 0)]).append((ordinals[each.day], so_far[each.annotator]))
    last = max(ordinals.values())
    return {name: [*points, (last, points[-1][1])] for name, points in lines.items()}


def draw_progress(canvas: Canvas, statistics: Statistics, *, of_reviews: bool) -> None:
    """Draw how much each annotator had done by the end of each day."""
    lines = _lines(statistics, of_reviews=of_reviews)
    plot = canvas.plot
    if not lines:
        canvas.lay_out_cells()
        canvas.write(0, 0, "Nothing is reviewed yet." if of_reviews else "Nothing is labeled yet.", "muted")
        return
    plot.xaxes(lower=True, upper=False)
    plot.yaxes(left=True, right=False)
    first, last = min(points[0][0] for points in lines.values()), max(points[-1][0] for points in lines.values())
    most = max(points[-1][1] for points in lines.values())
    for place, points in enumerate(lines.values()):
        colour = canvas.colours.rgb(f"label-{LINE_HUES[place % len(LINE_HUES)]}")
        days, numbers = zip(*points, strict=True)
        plot.plot(days, numbers, marker="braille", color=colour)
        step = max(1, len(points) // max(1, canvas.width // _DATE_ROOM))
        marked = points[1::step] + points[-1:]
        plot.scatter(*map(list, zip(*marked, strict=True)), marker=SIGNS[place % len(SIGNS)], color=colour)
    plot.xlim(first, last)
    plot.ylim(0, most)
    ticks: list[float] = _ticks(first, last, max(2, canvas.width // _DATE_ROOM))
    plot.xticks(ticks, [date.fromordinal(int(day)).isoformat() for day in ticks])
    heights: list[float] = sorted({round(most * part / 4) for part in range(5)})
    plot.yticks(heights, [short(int(number)).rjust(5) for number in heights])


def _ticks(first: int, last: int, most: int) -> list[float]:
    """Return at most so many days, the first and the last among them, evenly apart."""
    count = max(2, min(most, last - first + 1))
    return sorted({first + round((last - first) * place / (count - 1)) for place in range(count)})
