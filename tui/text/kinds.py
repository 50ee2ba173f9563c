"""Kinds of code points: the one table from which clusters, replacements and lines are found.

A text is translated to a string of the same length in which each code point is one letter, its kind; regular
expressions over that string then do what would otherwise be a loop over code points. Widths are those of
`rich.cells`, because the compositor measures with them.

| kind | means |
|---|---|
| `n` | one cell, nothing special |
| ` ` `l` `h` | space, newline, tab |
| `c` | what a keycap stands on: a digit, `#`, `*` |
| `w` | two cells, and a line may break on either side: ideographs, kana, full-width forms |
| `g` | two cells, written with spaces between words: Hangul |
| `p` `o` `b` | pictograph of two cells, of one cell, the black flag that tags follow |
| `r` | regional indicator: two are a flag |
| `d` | letter of a script that uses joiners: Arabic, Syriac, the Indic scripts … |
| `m` `q` `a` | mark without a cell, the same in a script that uses joiners, a virama there |
| `s` | spacing sign that belongs to the letter before: Thai and Lao AM |
| `y` | Hangul vowel or final that is drawn into the syllable before |
| `e` | emoji modifier (skin colour) |
| `v` `u` `i` `f` | variation selectors: 15 and 16, 1 to 14, 17 to 256, Mongolian |
| `j` `k` | zero width joiner, non-joiner |
| `t` `z` | tag, cancel tag |
| `x` | never drawn as it is |
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import partial

from rich.cells import get_character_cell_size

LONGEST_CHAIN = 8
"""Joiners that one cluster may hold: more is a trick, no longer a family or a conjunct."""

EXTENDERS = "mqayseuvifk"
"""Kinds that belong to the cluster before them."""

REMEMBERED = 100_000
"""Code points whose kind is kept; a text in more than these is made to fill memory."""

_VIRAMA = 9
_EXACT = {
    **dict.fromkeys(map(ord, "0123456789#*"), "c"),
    0x0A: "l",
    0x09: "h",
    0x20: " ",
    0x200C: "k",
    0x200D: "j",
    0xFE0E: "v",
    0xFE0F: "v",
    0x0E33: "s",
    0x0EB3: "s",
    0x1F3F4: "b",
    0xE007F: "z",
    **dict.fromkeys((0x00AD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0), "x"),  # drawn as nothing
}
_RANGES = (
    (0x180B, 0x180D, "f"),
    (0x180F, 0x180F, "f"),
    (0xFE00, 0xFE0D, "u"),
    (0x1F1E6, 0x1F1FF, "r"),
    (0x1F3FB, 0x1F3FF, "e"),
    (0xE0020, 0xE007E, "t"),
    (0xE0100, 0xE01EF, "i"),
)
_HANGUL = ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF))
_PICTOGRAPHS = (
    (0xA9, 0xA9),
    (0xAE, 0xAE),
    (0x203C, 0x203C),
    (0x2049, 0x2049),
    (0x2122, 0x2122),
    (0x2139, 0x2139),
    (0x2190, 0x21FF),
    (0x2300, 0x23FF),
    (0x24C2, 0x24C2),
    (0x25A0, 0x27BF),
    (0x2900, 0x297F),
    (0x2B00, 0x2BFF),
    (0x1F000, 0x1FAFF),
)
_JOINING = (
    (0x0600, 0x074F),  # Arabic, Syriac
    (0x0750, 0x077F),
    (0x07C0, 0x07FF),  # N'Ko
    (0x0840, 0x08FF),  # Mandaic, Syriac and Arabic again
    (0x0900, 0x0DFF),  # Devanagari to Sinhala
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x18AF),  # Khmer, Mongolian
    (0x1A20, 0x1AAF),
    (0x1B00, 0x1BFF),
    (0xA840, 0xA87F),  # Phags-pa
    (0xA8E0, 0xA8FF),
    (0xA980, 0xA9FF),
    (0xAA60, 0xAA7F),
    (0xFB50, 0xFDFF),
    (0xFE70, 0xFEFC),
    (0x10A00, 0x10AFF),
    (0x10D00, 0x10D3F),
    (0x11000, 0x11FFF),  # Brahmi and its descendants
    (0x1E900, 0x1E95F),  # Adlam
)

_PICTOGRAPH = "[pob](?:ev|v?e?)"
# Texts, compiled when they are first needed: most texts pass without.
_SETTLED = (
    rf"(?P<kept>bt{{1,6}}z|{_PICTOGRAPH}(?:j{_PICTOGRAPH}){{0,{LONGEST_CHAIN}}}|[cw]v|gy+"
    r"|(?<=[dqa])(?:[jk](?=[dqa])|[fu])|(?<=a)k|(?<=w)[ui])|[tzevuifyjk]"
)
_TAGGED_FLAG = "bt{1,6}z"
_FLAGS = frozenset("".join(chr(0xE0000 + ord(letter)) for letter in name) for name in ("gbeng", "gbsct", "gbwls"))
"""The tags of all flags that Unicode has: England, Scotland, Wales."""
# What may not fit its neighbours, wider than what does not: most text with emoji or joiners passes without the
# substitution. Each branch begins with a letter, which makes one fast search of it.
_DOUBTFUL = re.compile(
    r"t|z|u|i|f|e(?<![pob]e)(?<![pob]ve)|v(?<![pobcw]v)(?<![pob]ev)|y(?<![gy]y)"
    r"|k(?:(?<![dqa]k)|(?![dqa]))"
    r"|j(?:(?![pobdqa])|(?<![pobedqa]j)(?<![pob]vj)(?<!evj)|(?<=[pobev]j)(?![pob])|(?<=[dqa]j)(?![dqa]))"
)

CLUSTER = re.compile(rf"[lhx ]|(?:bt{{1,6}}z|rr|[^lhx ])[{EXTENDERS}]*(?:j[^lhx ][{EXTENDERS}]*)*")
"""One cluster, over settled kinds. Each is a union of the spans of `rich.cells.split_graphemes`."""


class _Kinds(dict[int, int]):
    """From code point to the code of its kind, worked out when it is first met."""

    def __missing__(self, code: int) -> int:
        kind = ord(_kind_of(code))
        if len(self) < REMEMBERED:
            self[code] = kind
        return kind


def _is_within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    """Tell whether one of the sorted `ranges` holds `code`."""
    at = bisect_right(ranges, (code, 0x110000)) - 1
    return at >= 0 and code <= ranges[at][1]


def _kind_of(code: int) -> str:
    """Work out the kind of one code point, without its neighbours."""
    if exact := _EXACT.get(code):
        return exact
    for start, end, kind in _RANGES:
        if start <= code <= end:
            return kind
    character = chr(code)
    category = unicodedata.category(character)
    width = get_character_cell_size(character)
    if category in {"Cc", "Cs", "Co", "Zl", "Zp"} or (category == "Cf" and not width):
        return "x"
    if category == "Cn" and width != 2:  # noqa: PLR2004  # Rich's tables are newer than Python's: two cells is an emoji or an ideograph
        return "x"
    if width == 0:
        return _kind_of_mark(character, code)
    return _kind_of_base(code, width)


def _kind_of_mark(character: str, code: int) -> str:
    if _is_within(code, _HANGUL):
        return "y"
    if not _is_within(code, _JOINING):
        return "m"
    return "a" if unicodedata.combining(character) == _VIRAMA else "q"


def _kind_of_base(code: int, width: int) -> str:
    is_wide = width > 1
    if _is_within(code, _PICTOGRAPHS):
        return "p" if is_wide else "o"
    if is_wide:
        return "g" if _is_within(code, _HANGUL) else "w"
    return "d" if _is_within(code, _JOINING) else "n"


KINDS = _Kinds()
"""The kind of each code point, as a code, before its neighbours are asked."""


def kinds(text: str) -> str:
    """Return the kind of each code point of `text`, as a string of the same length.

    What is meaningful only beside something else (joiners, selectors, tags, modifiers) has its own kind where it
    is, and is `x` where it joins or changes nothing.
    """
    found = text.translate(KINDS)
    if "bt" in found:
        found = re.sub(_TAGGED_FLAG, partial(_check_flag, text), found)
    is_chained = found.count("j") > LONGEST_CHAIN
    if is_chained or _DOUBTFUL.search(found):
        found = re.sub(_SETTLED, _settle, found)
        if is_chained:
            found = CLUSTER.sub(_cut_chain, found)
    return found


def _check_flag(text: str, match: re.Match[str]) -> str:
    """Keep the tags of a flag that exists; others would be drawn as a black flag, and what they spell as nothing."""
    is_flag = text[match.start() + 1 : match.end() - 1] in _FLAGS
    return match[0] if is_flag else "b" + "x" * (len(match[0]) - 1)


def _settle(match: re.Match[str]) -> str:
    return match[0] if match.lastgroup else "x"


def _cut_chain(match: re.Match[str]) -> str:
    links = match[0].split("j")
    if len(links) <= LONGEST_CHAIN + 1:
        return match[0]
    return "j".join(links[: LONGEST_CHAIN + 1]) + "x" + "x".join(links[LONGEST_CHAIN + 1 :])
