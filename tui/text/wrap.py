"""Lines of a width in terminal cells, as pairs of indexes.

Lines break at spaces, and on either side of ideographs, kana and pictographs, but never before closing or behind
opening punctuation (a small part of the Japanese rules, JIS X 4051). Only a word longer than a line is cut, between
clusters. Breaks at spaces agree with Rich's.
"""

from __future__ import annotations

import re
from array import array
from typing import TypeAlias

from rich.cells import cell_len

from tui.text.cells import UNEVEN
from tui.text.kinds import CLUSTER, EXTENDERS, kinds
from tui.text.visible import SIGN, display

_CLOSING = frozenset(
    "、。，．：；？！」』）】〕〉》〗〙〟｝］｠｣､｡…‥・·％‰℃’”»›"
    "ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶヽヾゝゞ々〻"
    ")]},.!?:;%'\"\xa0\u2007\u202f "
)
_OPENING = frozenset("「『（【〔〈《〖〘〝｛［｟｢‘“«‹([{'\"#$£¥€￥\xa0\u2007\u202f")
_LONGEST_SIGN = 11

_ASCII_STRETCH = re.compile("[\n -~]{12}")
_FOLLOWED = f"[{EXTENDERS}j]"
_MEASURED = re.compile(
    rf"(?P<even>[ncdo ]+(?!{_FOLLOWED}))|(?P<run>(?:w+|p+|g+)(?!{_FOLLOWED}))"
    rf"|(?P<cell>[ncdo][mqak]+(?!{_FOLLOWED}))|{CLUSTER.pattern}"
)
_BREAKABLE = frozenset("wprbo")

RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
"""Digits of a footnote's or link's number: they stay with what they stand behind."""
_WIDEST_HANG = 10
_MARKS = frozenset(" >-*+•‣◦▪(0123456789")
"""What a marker begins with."""
_MARKER = re.compile(r" *(?:>[> ]*)?(?:(?:[-*+•‣◦▪]|\(?\d{1,3}[.)]|\([a-z]\)) +)?")
"""What a line begins with that its continuation stands behind: indentation, quote marks, a list's bullet or number."""


_Uneven: TypeAlias = tuple[int, int, int, bool, bool]
"""A cluster that is not one cell of one character, or a run of such of one character and two cells each.

Index of its start, index of its end, width in cells, whether it is a run, whether lines may break beside it.
"""


def wrap(text: str, width: int, hangs: dict[int, int] | None = None) -> array[int]:
    r"""Return the lines of a text that is drawn as it is (see `tui.text.visible.display`).

    Args:
        text: The drawn text; "\n" ends a line and belongs to none.
        width: Cells of a line; under 1 counts as 1.
        hangs: If given, lines that go on an item of a list, a quote or an indented line leave room to stand under its
            text, and the cells of that room are put here by the line's number.

    Returns:
        Start and end of each line, flat: indexes into `text`, half-open. Spaces at which a line was broken belong to
        none. A text without characters has one empty line. A line is wider than `width` only where one cluster is.
    """
    width = max(width, 1)
    lines = array("i")
    is_all_even = UNEVEN.search(text) is None
    start, length = 0, len(text)
    while True:
        end = text.find("\n", start)
        if end < 0:
            end = length
        if is_all_even or UNEVEN.search(text, start, end) is None:
            if end - start <= width:
                lines.append(start)
                lines.append(end)
            else:
                _wrap_hanging(text, start, end, width, [], lines, hangs)
        else:
            _wrap_hanging(text, start, end, width, _find_uneven(text, start, end), lines, hangs)
        if end == length:
            return lines
        start = end + 1


def count_lines(text: str, width: int) -> int:
    """Return how many lines the stored or drawn `text` takes at a width in cells."""
    return len(wrap(display(text).text, width)) // 2


def _wrap_hanging(  # noqa: PLR0913, PLR0917  # one inner loop, no object for each call
    text: str, start: int, end: int, width: int, uneven: list[_Uneven], lines: array[int], hangs: dict[int, int] | None
) -> None:
    """Append the lines of `text[start:end]`, which holds no newline, and keep by how much they hang."""
    hang = 0 if hangs is None else _measure_hang(text, start, end, width)
    following = len(lines) // 2 + 1
    _wrap_paragraph(text, start, end, (width, width - hang), uneven, lines)
    if hang and hangs is not None:
        hangs.update(dict.fromkeys(range(following, len(lines) // 2), hang))


def _wrap_paragraph(  # noqa: PLR0913, PLR0917  # one inner loop, no object for each call
    text: str, start: int, end: int, widths: tuple[int, int], uneven: list[_Uneven], lines: array[int]
) -> None:
    """Append the lines of `text[start:end]`, which holds no newline: the first of one width, the others of another."""
    first = 0
    width, rest = widths
    while True:
        limit = start + width
        if uneven:
            first, limit = _find_limit(uneven, first, start, width)
        if limit >= end:
            lines.append(start)
            lines.append(end)
            return
        cut = _find_cut(text, start, limit, uneven, first)
        if cut < 0:
            stop = cut = _avoid_sign(text, start, limit)
        else:
            stop = cut
            while stop > start and text[stop - 1] == " ":
                stop -= 1
            if stop == start:  # nothing but spaces fill the line: they are what it shows
                stop = limit
        lines.append(start)
        lines.append(stop)
        start = cut
        while start < end and text[start] == " ":
            start += 1
        if start == end:
            return
        width = rest


def _measure_hang(text: str, start: int, end: int, width: int) -> int:
    """Return the cells by which the lines are indented that go on the one at `start`."""
    if text[start] not in _MARKS:
        return 0
    match = _MARKER.match(text, start, end)
    hang = match.end() - start if match else 0
    return hang if hang <= _WIDEST_HANG and hang * 3 <= width else 0


def _find_limit(uneven: list[_Uneven], first: int, start: int, width: int) -> tuple[int, int]:
    """Return how far the cells of a line reach, never into a cluster and past one at least.

    Args:
        uneven: What is not a cell a character in this paragraph.
        first: The first of them that may still matter.
        start: Where the line starts.
        width: Its cells.

    Returns:
        The first of them that may matter to this line, and the index behind the last character that fits.
    """
    count = len(uneven)
    while first < count and uneven[first][1] <= start:
        first += 1
    limit = start + width
    for at in range(first, count):
        piece_start, piece_end, piece_width, is_run, _ = uneven[at]
        if piece_start >= limit:
            break
        if is_run:
            piece_start = max(piece_start, start)
            fitting = piece_start + (limit - piece_start) // 2
            if fitting < piece_end:
                return first, max(fitting, start + 1)
            limit -= piece_end - piece_start
        elif piece_width > limit - piece_start:
            return first, piece_start if piece_start > start else piece_end
        else:
            limit += piece_end - piece_start - piece_width
    return first, limit


def _find_cut(text: str, start: int, limit: int, uneven: list[_Uneven], first: int) -> int:
    """Return where the line that could reach `limit` breaks, or -1 where nothing allows it."""
    if text[limit] == " ":
        return limit
    space = text.rfind(" ", start, limit)
    if space >= 0 and text[start : space + 1].isspace():  # indentation is no reason to leave its line
        space = -1
    return max(space, _find_wide_cut(text, max(start, space + 1), limit, uneven, first))


def _find_wide_cut(text: str, start: int, limit: int, uneven: list[_Uneven], first: int) -> int:
    """Return the last place in `start` < place <= `limit` beside a breakable character that allows a break, or -1."""
    last = first
    while last < len(uneven) and uneven[last][0] <= limit:
        last += 1
    for at in range(last - 1, first - 1, -1):
        piece_start, piece_end, _, is_run, is_breakable = uneven[at]
        if piece_end <= start:
            break
        if not is_breakable:
            continue
        highest, lowest = min(piece_end, limit), max(piece_start, start + 1)
        for place in range(highest, lowest - 1, -1) if is_run else (piece_end, piece_start):
            if lowest <= place <= limit and text[place] not in _CLOSING and text[place - 1] not in _OPENING:
                return place
    return -1


def _avoid_sign(text: str, start: int, limit: int) -> int:
    """Return where to cut a long word: at `limit`, or before the sign or the character with a number that it would part."""
    opened = text.rfind("‹", max(start + 1, limit - _LONGEST_SIGN), limit)
    if opened > 0 and (sign := SIGN.match(text, opened)) and sign.end() > limit:
        return opened
    if text[limit] in RAISED:
        cut = limit
        while cut > start and text[cut] in RAISED:
            cut -= 1
        if start < cut and text[cut].isascii():
            return cut
    return limit


def _find_uneven(text: str, start: int, end: int) -> list[_Uneven]:
    """Return what is not a cell a character in `text[start:end]`, sorted."""
    found: list[_Uneven] = []
    while odd := UNEVEN.search(text, start, end):
        first = max(odd.start() - 1, start)  # a mark needs the letter before it
        stop = _ASCII_STRETCH.search(text, odd.start(), end)
        start = stop.start() if stop else end
        stretch = kinds(text[first:start])
        for match in _MEASURED.finditer(stretch):
            group = match.lastgroup
            if group == "even":
                continue
            left, right = match.span()
            is_breakable = stretch[left] in _BREAKABLE
            left += first
            right += first
            if group == "run":
                found.append((left, right, 2 * (right - left), True, is_breakable))
            else:
                width = 1 if group == "cell" else cell_len(text[left:right])
                if width != 1 or right - left != 1:
                    found.append((left, right, width, False, is_breakable))
    return found
