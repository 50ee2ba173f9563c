"""Tokens and sentences of a text, by rule, in any language: for formats that are made of them.

No token holds white space, and all that is no white space is in one. From left to right, the first of these that fits:

- a link, up to the punctuation behind it; an e-mail address; a mention (`@name`); a hashtag (`#name`);
- single letters with a full stop behind each (`U.S.`, `e.g.`);
- a number with the marks inside it (`12,000`, `3.5`, `10:30`);
- an ideograph or a kana, alone: their languages put no spaces between words;
- a word: letters and digits, with apostrophes and low lines between them (`don't`, `l’eau`, `snake_case`);
- a pair of regional indicators (a flag);
- a run of one and the same sign (`...`, `!!`), or a sign with all that zero-width joiners join to it (an emoji).

Combining marks, variation selectors, skin tones, the keycap and invisible format characters belong to what they follow, and
those that follow nothing to what comes behind them. Offsets are code points.

Sources: Unicode Standard Annexes 29 (what must not be parted) and 44 (general categories).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_MARKS = chain(range(0xAD, 0x3400), range(0xA000, 0xAC00), range(0xD7B0, 0xD800), range(0xFB00, 0x17000))
_MARKS_BEYOND = range(0x18D00, 0x1F000)
"""Where combining marks and format characters are: between these there are only letters of large scripts and private ones."""

_WIDE = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U0001aff0-\U0001b16f\U00020000-\U000323af"
"""Kana and ideographs: the Unicode blocks from Hiragana to Katakana Phonetic Extensions, and those of CJK ideographs."""

_SKIN_TONES_AND_TAGS = "\U0001f3fb-\U0001f3ff\U000e0001-\U000e01ef"
_LINKED = '<>"“”«»'
_AT_ITS_END = ".,;:!?…'’)\\]}*"
_LINK = rf"(?:https?://|www\.)[^\s{_LINKED}]*[^\s{_LINKED}{_AT_ITS_END}]"
_ADDRESS = r"[\w.+-]{1,64}@\w[\w-]*(?:\.\w[\w-]*)+"
_FLAG = "[\U0001f1e6-\U0001f1ff]"

_CLOSERS = "\"'”’»)\\]」』）】"
_STOP = re.compile(rf"(?<![.!?…])[.!?…]++[{_CLOSERS}]*+(?=\s++[^a-zà-öø-ÿ])|[。！？｡]++[{_CLOSERS}]*+|\n")
"""Where a sentence may end: at a stop before a space and no small letter, at a wide stop, at the end of a line."""

_NO_END = re.compile(r"(?:\A|[\s(])(?:\w|\w\w?\.\w|Dr|Mr|Mrs|Ms|Prof|St|No|Nr|vs|\d+)?\Z")
"""What stands before a full stop that ends no sentence: nothing, an initial, `e.g`, a title, the number of a point."""

_LOOKED_BACK = 8


class _Patterns(NamedTuple):
    """What finds tokens: the first in texts without the sign @, the second in those with it.

    Args:
        odd: Finds a character that those for plain texts do not know: a mark, an ideograph, half a flag.
        plain: In texts without any, which are most; they take a quarter of the time.
        general: In any text.
    """

    odd: re.Pattern[str]
    plain: tuple[re.Pattern[str], re.Pattern[str]]
    general: tuple[re.Pattern[str], re.Pattern[str]]


@cache
def _patterns() -> _Patterns:
    marks = (chr(code) for code in chain(_MARKS, _MARKS_BEYOND))
    runs: list[list[str]] = []
    for sign in marks:
        if unicodedata.category(sign) in {"Mn", "Mc", "Me", "Cf"}:
            if runs and ord(runs[-1][1]) == ord(sign) - 1:
                runs[-1][1] = sign
            else:
                runs.append([sign, sign])
    extending = "".join(f"{first}-{last}" for first, last in runs) + _SKIN_TONES_AND_TAGS
    letter, ext = rf"[^\W_{_WIDE}]", f"[{extending}]"
    word = rf"{letter}+(?:{ext}+{letter}*)*"
    rest = (
        rf"{_LINK}"
        rf"|[@#]\w[\w{extending}]*"
        rf"|(?:(?!\d){letter}\.){{2,}}+"
        rf"|\d{ext}*(?:[.,:]?\d{ext}*)*(?!\w)"
        rf"|{word}(?:['’_]{word})*"
        rf"|[{_WIDE}]{ext}*"
        rf"|{_FLAG}{{2}}"
        rf"|(?P<sign>[^\w\s{extending}]|_)(?:(?P=sign)+|{ext}*(?:(?<=\u200d)[^\s{extending}]{ext}*)*)"
    )
    plain = (
        rf"{_LINK}|[@#]\w+|(?:(?!\d)[^\W_]\.){{2,}}+|\d(?:[.,:]?\d)*(?!\w)|[^\W_]+(?:['’_][^\W_]+)*"
        r"|(?P<sign>[^\w\s]|_)(?P=sign)*"
    )
    return _Patterns(
        odd=re.compile(f"[{extending}{_WIDE}]|{_FLAG}"),
        plain=(re.compile(plain), re.compile(f"{_ADDRESS}|{plain}")),
        general=(re.compile(rf"{ext}*(?:{rest})|{ext}+"), re.compile(rf"{ext}*(?:{_ADDRESS}|{rest})|{ext}+")),
    )


def tokens(
    text: str, edges: Iterable[int] = (), whole: Sequence[tuple[int, int]] | None = None
) -> list[tuple[int, int]]:
    """Return where the tokens of a text are: start and end of each, in order; all that lies between them is white space.

    Args:
        text: The text.
        edges: Places where no token goes across, be it within a word.
        whole: What is returned for the text without edges, if that is known already.
    """
    found = list(iter_tokens(text) if whole is None else whole)
    cuts = sorted(set(edges))
    if not cuts:
        return found
    parted: list[tuple[int, int]] = []
    for start, end in found:
        begin = start
        for cut in cuts[bisect_right(cuts, start) : bisect_left(cuts, end)]:
            parted.append((begin, cut))
            begin = cut
        parted.append((begin, end))
    return parted


def iter_tokens(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the tokens of a text are, as `tokens` returns them."""
    found = _patterns()
    fitting = found.plain if text.isascii() or not found.odd.search(text) else found.general
    return (match.span() for match in fitting["@" in text].finditer(text))


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the sentences of a text are, without white space around them; none goes over the end of a line."""
    return (_trimmed(text, start, end) for start, end in _pieces(text) if not text[start:end].isspace())


def covered(found: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """Return which tokens have characters between two places: the number of the first, and that behind the last."""
    return bisect_right(found, start, key=lambda token: token[1]), bisect_left(found, end, key=lambda token: token[0])


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _STOP.finditer(text):
        at = found.start()
        if found[0] != "." or not _NO_END.search(text[max(start, at - _LOOKED_BACK) : at]):
            yield start, found.end()
            start = found.end()
    if start < len(text):
        yield start, len(text)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
