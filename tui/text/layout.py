"""What the lines of a text say about its units: blank lines, lists, headings, quotes, hard-wrapped prose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui.text.units import STOPS, may_start, skip_space, strip_space

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE_ENDS = re.compile(r"\n\s*")
_LOOKED_AT = 240
"""Characters of a line that are looked at: enough to know that it is long."""

_MARKER = re.compile(r"[-*+•‣◦▪·]\s|\(?\d{1,3}[.)]\s|\(?[A-Za-z]\)\s|#{1,6}\s|```|~~~|\||[–—]\s*(?=[^\W\d_a-zß-ÿ])")
_HEADING = re.compile(r"#{1,6}\s|```|~~~")
_RULE = re.compile(r"[-=_*~#]{3,}\s*")
_QUOTED = re.compile(r"\s*(?:>\s?)+")
_OPENING = "\"'“”‘’«»„‚‹›([{¿¡*_「『（【 \t"
_CLOSING = "’”\"')]}»›«“‘」』）】〉》*_"
_UNFINISHED = frozenset(",;–—-([{&/，、；")
_NARROWEST, _WIDEST = 50, 100
"""Characters of the longest line of prose that was wrapped by hand or by an old mail program."""


def paragraph_places(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield where paragraphs end and the next ones start: at lines that are blank."""
    first = skip_space(text, start)
    for match in _LINE_ENDS.finditer(text, first):
        if may_start(text, first, match.end()) and text.count("\n", *match.span()) > 1:
            yield strip_space(text, first, match.start()), match.end()


def breaks_line(text: str, start: int, end: int) -> bool:  # noqa: PLR0911  # one rule a line
    """Tell whether the line end in the white space `text[start:end]` ends a sentence, whatever stands there.

    Args:
        text: The text.
        start: Where the newline is.
        end: Where the next line's first character is.
    """
    if text.count("\n", start, end) > 1:
        return True
    before = _line_before(text, start)
    following = text[end : end + _LOOKED_AT].partition("\n")[0]
    quoted_before, quoted_following = _QUOTED.match(before), _QUOTED.match(following)
    if bool(quoted_before) != bool(quoted_following):
        return True
    if quoted_before and quoted_following:
        before, following = before[quoted_before.end() :], following[quoted_following.end() :]
    before, following = before.strip(), following.strip()
    if not before or not following:
        return False
    if _MARKER.match(following) or _HEADING.match(before) or _RULE.fullmatch(before) or _RULE.fullmatch(following):
        return True
    if before.rstrip(_CLOSING)[-1:] in STOPS:  # the stop knows better
        return False
    if before[-1] in _UNFINISHED or following.lstrip(_OPENING)[:1].islower():
        return False
    return not _is_hard_wrapped(text, start, before, following)


def _is_hard_wrapped(text: str, start: int, before: str, following: str) -> bool:
    """Tell whether the newline at `start` stands there only because the line was full."""
    earlier = _line_before(text, text.rfind("\n", max(0, start - _LOOKED_AT), start))
    widest = max(len(earlier.strip()), len(before), len(following))
    return _NARROWEST <= widest <= _WIDEST and len(before) + 1 + len(following.split(None, 1)[0]) > widest


def _line_before(text: str, newline: int) -> str:
    """Return the end of the line that `newline` ends."""
    if newline < 0:
        return ""
    lowest = max(0, newline - _LOOKED_AT)
    return text[max(text.rfind("\n", lowest, newline) + 1, lowest) : newline]
