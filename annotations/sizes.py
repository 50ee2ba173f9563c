"""Size classes: how long a text is, in one byte, so that its rows can be estimated at any width.

Two families share the 256 classes. A text of one line is told by its cells, quasi-logarithmically: eight classes an octave up
to 8,191 cells, then two. A text of several lines is told by the rows that it takes at a reference width, exact up to 7 and
then four classes an octave, and by the mean length of its lines, because a poem does not grow in a narrow pane and an
essay does. Estimates are for totals: a single one may be off by a row in eight.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Compiled when a text is first classed: opening a thread reads classes that an import has made.
_UNEVEN = "[^\0-\u02ff\u0370-\u0482\u048a-\u0590\u05be-\u060f\u2010-\u2e7f]+"
"""Stretches of characters that may not take one cell; one pass over a bitmap, which finds nothing in most texts."""
_WIDE = (
    "[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6"
    "\U0001f1e6-\U0001f3fa\U0001f400-\U0001f64f\U0001f680-\U0001f6ff\U0001f900-\U0001faff\U00020000-\U0003fffd]+"
)
"""Stretches of characters of two cells, by whole blocks: an estimate needs no table of Unicode."""
_ZERO_WIDTH = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0900-\u0902\u093c\u0941-\u0948\u094d"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0001-\U000e007f]"
)

_REFERENCE = 66
"""The width at which texts of several lines are counted, the middle of usual ones."""
_WASTE = 2.6
"""Cells that a wrapped row leaves empty on average, because words are not cut: half a word of running English."""
_WIDE_CELLS = 1.93
"""Cells that a character of two cells takes of a row that wastes none: scripts of such characters are cut anywhere."""

_NEVER_WRAPPED = 16
_FINE_OCTAVES = 9
_FINE = 8
_COARSE = 2
_LAST_SINGLE = 91
_FIRST_MULTIPLE = _LAST_SINGLE + 1
_ROW_LEVELS = 54
_EXACT_ROWS = 8
_LAST = _FIRST_MULTIPLE + 3 * _ROW_LEVELS - 1
_SHORT_LINES, _LONG_LINES = 24, 79
"""Mean cells of a line from which texts of several lines are reckoned as of middling and of long lines."""
_LINE_MODELS = ((11, 0.3), (37, 0.0), (275, 0.38))
"""For short, middling and long lines: a typical length in cells, and the share of them that are blank.

Fitted to paragraphs, lists, quotations, documentation and code, at widths from 24 to 160.
"""


def size_class(text: str) -> int:
    """Return the size class of a text, 0 to 255; 0 is the empty text. Costs about 1 µs, and 6 µs with line breaks."""
    count_cells = len if _is_even(text) else _count_cells
    if "\n" not in text:
        return _single_class(count_cells(text))
    cells = [count_cells(line) for line in text.split("\n")]
    rows = sum(1 if count <= _REFERENCE else _wrap(count, _REFERENCE) for count in cells)
    written = sum(map(bool, cells))
    mean = sum(cells) / written if written else 0
    lengths = (mean >= _SHORT_LINES) + (mean >= _LONG_LINES)
    return _FIRST_MULTIPLE + lengths * _ROW_LEVELS + _row_level(rows)


def estimated_height(size_class: int, width: int) -> int:
    """Return the rows that a text of a size class takes when wrapped, 1 or more.

    Summed over a thread the estimates are within 5% of the truth for widths from 30 cells on.

    Args:
        size_class: As `size_class` gives it.
        width: Cells in a row, 1 or more.
    """
    if size_class < _FIRST_MULTIPLE:
        rows = _mean_wrap(*_single_bounds(size_class), width)
    else:
        lengths, level = divmod(min(size_class, _LAST) - _FIRST_MULTIPLE, _ROW_LEVELS)
        low, high = _row_bounds(level)
        growth = _rows_in_line(lengths, width) / _rows_in_line(lengths, _REFERENCE)
        rows = max((low + high - 1) / 2 * growth, 1)
    return int(rows + 0.5)


def estimated_heights(width: int) -> list[int]:
    """Return `estimated_height` of all 256 size classes; at once it takes a quarter of the time."""
    single = [_mean_wrap(*_single_bounds(size_class), width) for size_class in range(_FIRST_MULTIPLE)]
    middles = [(sum(_row_bounds(level)) - 1) / 2 for level in range(_ROW_LEVELS)]
    for lengths in range(len(_LINE_MODELS)):
        growth = _rows_in_line(lengths, width) / _rows_in_line(lengths, _REFERENCE)
        single.extend(max(middle * growth, 1) for middle in middles)
    heights = [int(rows + 0.5) for rows in single]
    return heights + heights[-1:] * (256 - len(heights))


def _is_even(text: str) -> bool:
    """Tell whether each character surely takes one cell: nothing is of another script than Latin-1."""
    if text.isascii():
        return True
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _count_cells(line: str) -> int:
    if line.isascii():
        return len(line)
    find_uneven, drop_wide, find_zero_width = _patterns()
    uneven = "".join(find_uneven(line))
    if not uneven:
        return len(line)
    wide = len(uneven) - len(drop_wide("", uneven))
    return int(len(line) + (_WIDE_CELLS - 1) * wide) - len(find_zero_width(uneven))


@cache
def _patterns() -> tuple[Callable[[str], list[str]], Callable[[str, str], str], Callable[[str], list[str]]]:
    return re.compile(_UNEVEN).findall, re.compile(_WIDE).sub, re.compile(_ZERO_WIDTH).findall


def _wrap(cells: float, width: int) -> int:
    """Return the rows of one line: all but the last waste some cells."""
    return 1 if cells <= width else 1 + ceil((cells - width) / max(1, width - _WASTE))


def _mean_wrap(low: int, high: int, width: int) -> float:
    """Return the mean rows of lines of `low` to `high` cells: the integral of `_wrap` between them, by their distance."""
    if high <= width:
        return 1
    room = max(1, width - _WASTE)
    return 1 + (_further_rows(high - width, room) - _further_rows(low - width, room)) / (high - low)


def _further_rows(cells: float, room: float) -> float:
    """Return the integral from 0 to `cells` of the rows that these cells take, `room` in a row."""
    if cells <= 0:
        return 0
    full, rest = divmod(cells, room)
    return room * full * (full + 1) / 2 + rest * (full + 1)


def _single_class(cells: int) -> int:
    if cells < _NEVER_WRAPPED:
        return int(cells > 0)
    octave = cells.bit_length() - 4  # 1 for 16 to 31 cells
    if octave <= _FINE_OCTAVES:
        return 2 + (octave - 1) * _FINE + (cells >> octave) - _FINE
    coarse = (octave - 1 - _FINE_OCTAVES) * _COARSE + (cells >> (octave + 2)) - _COARSE
    return min(2 + _FINE_OCTAVES * _FINE + coarse, _LAST_SINGLE)


def _single_bounds(size_class: int) -> tuple[int, int]:
    """Return the fewest cells of a class, and of the next."""
    if size_class <= 1:
        return (0, 1) if size_class == 0 else (1, _NEVER_WRAPPED)
    octave, step = divmod(size_class - 2, _FINE)
    if octave < _FINE_OCTAVES:
        return (_FINE + step) << (octave + 1), (_FINE + step + 1) << (octave + 1)
    octave, step = divmod(size_class - 2 - _FINE_OCTAVES * _FINE, _COARSE)
    shift = octave + _FINE_OCTAVES + 3
    return (_COARSE + step) << shift, (_COARSE + step + 1) << shift


def _row_level(rows: int) -> int:
    if rows < _EXACT_ROWS:
        return rows - 2
    octave = rows.bit_length() - 3
    return min(octave * 4 + (rows >> octave) - 2, _ROW_LEVELS - 1)


def _row_bounds(level: int) -> tuple[int, int]:
    """Return the fewest rows of a level, and of the next."""
    if level < _EXACT_ROWS - 2:
        return level + 2, level + 3
    octave, step = divmod(level - 2, 4)
    return (4 + step) << octave, (4 + step + 1) << octave


@lru_cache(maxsize=4096)
def _rows_in_line(lengths: int, width: int) -> float:
    """Return the mean rows of a line, if lines are anything up to twice as long as the typical one."""
    typical, blank = _LINE_MODELS[lengths]
    longest = 2 * typical / max(1, width - _WASTE)  # in rows
    if longest <= 1:
        return 1
    whole = int(longest)
    written = (whole * (whole + 1) / 2 + (longest - whole) * (whole + 1)) / longest
    return blank + (1 - blank) * written
