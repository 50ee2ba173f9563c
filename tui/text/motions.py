"""Where a key takes the cursor: by cluster, word, clause, sentence and paragraph.

Pure functions from a text and an offset to an offset; all snap to the starts of clusters and stay in 0 … len(text).
What finds nothing more goes to the text's length forward, to 0 backward. Words are Vim's `w`: runs of letters and
digits (with the apostrophes, hyphens and decimal points inside), runs of signs; in CJK, runs of one script.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal, TypeAlias

from tui.text.cells import is_even, next_cluster, previous_cluster, snap
from tui.text.kinds import REMEMBERED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.text.units import Places

__all__ = (
    "clause_at",
    "find_char",
    "next_clause",
    "next_cluster",
    "next_paragraph",
    "next_sentence",
    "next_word",
    "paragraph_at",
    "paragraph_end",
    "previous_clause",
    "previous_cluster",
    "previous_paragraph",
    "previous_sentence",
    "previous_word",
    "sentence_at",
    "sentence_end",
    "word_at",
    "word_end",
    "words",
)

# Roles in words: a letter, d digit, ' apostrophe, - hyphen, p point or comma, = belongs to whatever stands before,
# w ideograph, h hiragana, k katakana, . other sign, and white space.
_WORD = (
    r"[ad][ad=]*(?:(?:['-]|(?<=d)p(?=d))[ad][ad=]*)*"  # don't, follow-up, 3.5
    r"|w[w=]*|h[h=]*|k[k=]*|[.p'-][.p'=-]*|=+"
)
Unit: TypeAlias = Literal["sentence", "clause", "paragraph"]
"""What a motion goes by, beside words."""

_FIRST_REACH = 256
_LONGEST_WORD = 1024
"""Characters without white space that are looked at as a whole; more of them are no word."""

_ROLES_BY_RANGE = (
    (0x3041, 0x309F, "h"),
    (0x30A0, 0x30FF, "k"),
    (0x31F0, 0x31FF, "k"),
    (0x3400, 0x4DBF, "w"),
    (0x4E00, 0x9FFF, "w"),
    (0xF900, 0xFAFF, "w"),
    (0xFF66, 0xFF9F, "k"),
    (0x20000, 0x3FFFF, "w"),
)
_ROLES = {
    **dict.fromkeys("'’ʼ＇", "'"),
    **dict.fromkeys("-‐‑", "-"),
    **dict.fromkeys(".,", "p"),
    **dict.fromkeys("_ªº", "a"),
    **dict.fromkeys("々〆〇", "w"),
    "・": ".",
}


class _Roles(dict[int, int]):
    """From code point to the code of its role, worked out when it is first met."""

    def __missing__(self, code: int) -> int:
        role = ord(_role_of(chr(code)))
        if len(self) < REMEMBERED:
            self[code] = role
        return role


def _role_of(character: str) -> str:
    if character.isspace():
        return " "
    if role := _ROLES.get(character):
        return role
    category = unicodedata.category(character)
    for start, end, role in _ROLES_BY_RANGE:
        if start <= ord(character) <= end and category[0] == "L":
            return role
    if category[0] == "M" or category == "Cf" or "🏻" <= character <= "🏿":
        return "="
    return {"L": "a", "N": "d"}.get(category[0], ".")


_ROLE = _Roles()


def next_word(text: str, offset: int) -> int:
    """Return where the next word starts (Vim's `w`)."""
    for start, _ in _words_from(text, offset):
        if start > offset:
            return start
    return len(text)


def previous_word(text: str, offset: int) -> int:
    """Return where the word at `offset` starts, or the one before if it starts there (Vim's `b`)."""
    reach = _FIRST_REACH
    while True:
        lowest = max(offset - reach, 0)
        found = None
        for start, _ in _words_from(text, lowest):
            if start >= offset:
                break
            found = start
        if found is not None or lowest == 0:
            return found or 0
        reach *= 4


def word_end(text: str, offset: int) -> int:
    """Return the start of the last cluster of this word, or of the next one if it is there already (Vim's `e`)."""
    for _, end in _words_from(text, offset):
        last = snap(text, end - 1)
        if last > offset:
            return last
    return len(text)


def word_at(text: str, offset: int) -> tuple[int, int] | None:
    """Return the word that holds `offset`, or None between words."""
    for start, end in _words_from(text, offset):
        if start > offset:
            return None
        if offset < end:
            return start, end
    return None


def words(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the words that start in [start, end), in order."""
    for word in _words_from(text, start):
        if word[0] >= end:
            return
        if word[0] >= start:
            yield word


def next_sentence(text: str, offset: int) -> int:
    """Return where the next sentence starts (Vim's `)`)."""
    return _next(text, offset, "sentence")


def previous_sentence(text: str, offset: int) -> int:
    """Return where this sentence starts, or the one before (Vim's `(`)."""
    return _previous(text, offset, "sentence")


def sentence_at(text: str, offset: int) -> tuple[int, int] | None:
    """Return the sentence that holds `offset`; between two the next, at the end the last; None in a blank text."""
    return _at(text, offset, "sentence")


def sentence_end(text: str, offset: int) -> int:
    """Return the start of the last cluster of this sentence, or of the next one if it is there already."""
    return _end(text, offset, "sentence")


def next_clause(text: str, offset: int) -> int:
    """Return where the next clause starts."""
    return _next(text, offset, "clause")


def previous_clause(text: str, offset: int) -> int:
    """Return where this clause starts, or the one before."""
    return _previous(text, offset, "clause")


def clause_at(text: str, offset: int) -> tuple[int, int] | None:
    """Return the clause that holds `offset`, without the mark behind it; on the mark the next; None in a blank text."""
    return _at(text, offset, "clause")


def next_paragraph(text: str, offset: int) -> int:
    """Return where the next paragraph starts: behind a blank line."""
    return _next(text, offset, "paragraph")


def previous_paragraph(text: str, offset: int) -> int:
    """Return where this paragraph starts, or the one before."""
    return _previous(text, offset, "paragraph")


def paragraph_at(text: str, offset: int) -> tuple[int, int] | None:
    """Return the paragraph that holds `offset`; between two the next, at the end the last; None in a blank text."""
    return _at(text, offset, "paragraph")


def paragraph_end(text: str, offset: int) -> int:
    """Return the start of the last cluster of this paragraph, or of the next one if it is there already."""
    return _end(text, offset, "paragraph")


def _places(unit: Unit) -> Places:
    """Return what finds the units of a text; loaded on use, for the first frame needs none."""
    if unit == "paragraph":
        from tui.text.layout import paragraph_places  # noqa: PLC0415  # loaded on use

        return paragraph_places
    from tui.text.sentences import clause_places, sentence_places  # noqa: PLC0415  # loaded on use

    return clause_places if unit == "clause" else sentence_places


def _next(text: str, offset: int, unit: Unit) -> int:
    from tui.text.units import next_unit  # noqa: PLC0415  # loaded on use

    return next_unit(text, offset, _places(unit))


def _previous(text: str, offset: int, unit: Unit) -> int:
    from tui.text.units import previous_unit  # noqa: PLC0415  # loaded on use

    return previous_unit(text, offset, _places(unit))


def _at(text: str, offset: int, unit: Unit) -> tuple[int, int] | None:
    from tui.text.units import unit_at  # noqa: PLC0415  # loaded on use

    return unit_at(text, offset, _places(unit))


def _end(text: str, offset: int, unit: Unit) -> int:
    for start in (offset, _next(text, offset, unit)):
        found = _at(text, start, unit)
        last = snap(text, found[1] - 1) if found else offset
        if last > offset:
            return last
    return offset


def find_char(text: str, offset: int, char: str) -> int | None:
    """Return where `char` stands next in this paragraph, behind the cluster at `offset` (Vim's `f`), or None."""
    paragraph = paragraph_at(text, offset)
    if paragraph is None or not char:
        return None
    at = max(offset, 0)
    while (at := text.find(char, at + 1, paragraph[1])) >= 0:
        if (start := snap(text, at)) > offset:
            return start
    return None


def _words_from(text: str, offset: int) -> Iterator[tuple[int, int]]:
    """Yield the words from the one at `offset`, or before it, on."""
    start = _find_space_before(text, min(max(offset, 0), len(text)))
    reach = _FIRST_REACH
    while start < len(text):
        end = min(len(text), max(start, offset) + reach)
        has_clusters = not is_even(text, max(0, start - 1), end + 1)
        resumed = start
        for match in re.finditer(_WORD, text[start:end].translate(_ROLE)):
            if start + match.end() == end < len(text) and len(match[0]) < _LONGEST_WORD:
                break  # it may go on behind what was read
            word_start, word_stop = start + match.start(), start + match.end()
            resumed = word_stop
            if has_clusters:
                word_start, word_stop = snap(text, word_start), _snap_end(text, word_stop)
            if word_start < word_stop:
                yield word_start, word_stop
        else:
            resumed = end
        start = max(resumed, start)
        reach *= 2


def _find_space_before(text: str, offset: int) -> int:
    """Return the start of the stretch without white space that `offset` is in."""
    lowest = max(0, offset - _LONGEST_WORD)
    while offset > lowest and not text[offset - 1].isspace():
        offset -= 1
    return offset


def _snap_end(text: str, end: int) -> int:
    start = snap(text, end)
    return end if start == end else next_cluster(text, start)
