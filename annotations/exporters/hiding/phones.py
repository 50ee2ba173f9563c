"""Telephone numbers in texts that people wrote. Pure.

A number is taken for one of a telephone only where it is written like one; years, dates, times, prices, big numbers in groups of
three, book numbers and ids are left. These are taken:

- international: a plus and 8 to 15 digits (ITU-T E.164), in groups or not; 00 for the plus where they are in groups;
- North American: three, three and four digits in groups, the first three maybe in round brackets, maybe a 1 before them;
- local with the trunk prefix 0: 9 to 12 digits in groups of two and more; and mobile numbers in one piece (07… of 11 digits,
  06… and 07… of 10, 015… to 017… of 11 or 12);
- 6 to 15 digits behind a word that says so: "phone", "tel.", "fax" …; behind "call", "text" and "ring" where they are in groups.

Local numbers without a prefix and without such a word ("22 85 50 50") cannot be told from other numbers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BLANK = r"[ \u00a0\u2009\u202f]"
_BETWEEN = rf"(?:{_BLANK}?[-./\u2010\u2011\u2013]{_BLANK}?|{_BLANK})"
"""What stands between groups of digits: a blank, or a sign with or without blanks."""
_CHAIN = re.compile(rf"(?:[+\uff0b]{_BLANK}?)?\(?\d+\)?(?:{_BETWEEN}?\(?\d+\)?)*")
_GROUP = re.compile(r"\((\d+)\)|(\d+)")
_MOST_GROUPS = 8

_INTERNATIONAL = range(8, 16)
_WITH_ZEROS = range(10, 18)
_LOCAL = range(9, 13)
_SAID = range(6, 16)
_AMERICAN = ((3, 3, 4), (1, 3, 3, 4))

_MOBILE = re.compile(r"07\d{9}|0[67]\d{8}|01[5-7]\d{8,9}")
_THOUSANDS = re.compile(r"[+\uff0b]? ?[1-9]\d{0,2}([ .\u00a0\u2009\u202f])\d{3}(?:\1\d{3})*")
_BIGGEST = 9
"""Digits of a big number in groups of three that stands behind a plus; a telephone has more."""
_DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d\d\.\d\d ?[-–] ?\d\d\.\d\d)(?!\d)"
    r"|^\d{4} ?[-–/] ?\d{4}$"
)
_BOOK = re.compile(r"is[bs]n[^.!?]{0,16}$", re.IGNORECASE)
_EXTENSION = re.compile(r",? ?(?:ext|x|extension|durchwahl)\.? ?\d{1,5}(?!\w)", re.IGNORECASE)

_NAMED = (
    r"tele(?:f|ph)on[eo]?|teléfono|téléphone|tel|tél|fon|phone|fax|mobile?|cell(?:phone)?|handy|hotline|whatsapp|rufnummer|"
    r"телефон|тел|電話|电话|هاتف"
)
_ASKED = r"call|text|ring|dial|sms|phone|anrufen"
_FILLED = r"(?: ?\b(?:number|nummer|no|nr|num|me|us|him|her|at|on|is|under|unter|ist)\b\.?)*[.:#\uff1a]* ?$"
_NAME_BEFORE = re.compile(rf"(?<![^\W_])(?:{_NAMED}){_FILLED}", re.IGNORECASE)
_ASK_BEFORE = re.compile(rf"(?<![^\W_])(?:{_ASKED}){_FILLED}", re.IGNORECASE)
_BEFORE = 40
"""Characters before a number in which a word is looked for that says what it is."""

_NOT_BEFORE = frozenset("#$€£¥₹=&@%_\\^~")
_NOT_BEHIND = frozenset("%$€£¥₹°_@=")


class _Group(NamedTuple):
    """A group of digits, with the brackets around it.

    Args:
        start: Where it begins in the text.
        end: Where it ends.
        digits: The digits, those of all scripts as 0 to 9.
    """

    start: int
    end: int
    digits: str


def phones(text: str) -> Iterator[tuple[int, int]]:
    """Yield where telephone numbers begin and end, in the order of the text."""
    for chain in _CHAIN.finditer(text):
        if chain.end() - chain.start() < _SAID.start:
            continue
        groups = [
            _Group(*found.span(), "".join(str(int(digit)) for digit in found[1] or found[2]))
            for found in _GROUP.finditer(text, *chain.span())
        ]
        if text[chain.start()] in "+\uff0b":
            groups[0] = groups[0]._replace(start=chain.start())
        first = 0
        while first < len(groups):
            behind = _longest(text, groups, first)
            if behind:
                end = groups[behind - 1].end
                extension = _EXTENSION.match(text, end) if behind == len(groups) else None
                yield groups[first].start, extension.end() if extension else end
            first = behind or first + 1


def _longest(text: str, groups: Sequence[_Group], first: int) -> int:
    """Return behind which group the longest telephone number ends that begins with this one, 0 if none does."""
    start = groups[first].start
    if not _may_begin(text, start):
        return 0
    for behind in range(min(len(groups), first + _MOST_GROUPS), first, -1):
        end = groups[behind - 1].end
        if _may_end(text, end) and _is_phone(text, groups[first:behind]):
            return behind
    return 0


def _may_begin(text: str, start: int) -> bool:
    """Tell whether a number that begins here is not a part of something longer."""
    before, earlier = text[start - 1 : start], text[start - 2 : start - 1] if start > 1 else ""
    if not before or before.isspace():
        return True
    if before.isalnum():
        return not before.isascii() and not before.isdigit()  # Chinese and Japanese have no blanks
    return before not in _NOT_BEFORE and not (before in "-–/" and earlier.isalnum()) and not earlier.isdigit()


def _may_end(text: str, end: int) -> bool:
    """Tell whether a number that ends here does not go on."""
    behind, later = text[end : end + 1], text[end + 1 : end + 2]
    if not behind or behind.isspace():
        return True
    if behind.isalnum():
        return (not behind.isascii() and not behind.isdigit()) or _EXTENSION.match(text, end) is not None
    return behind not in _NOT_BEHIND and not later.isdigit() and not (behind in "-–" and later.isalnum())


def _is_phone(text: str, groups: Sequence[_Group]) -> bool:
    """Tell whether these groups of digits, which stand alone, are a telephone number."""
    digits = "".join(group.digits for group in groups)
    number = len(digits)
    if number < _SAID.start:
        return False
    start = groups[0].start
    shown = text[start : groups[-1].end]
    is_big = _THOUSANDS.fullmatch(shown) is not None
    if shown[0] in "+\uff0b":
        return number in _INTERNATIONAL and digits[0] != "0" and not (is_big and number <= _BIGGEST)
    before = text[max(0, start - _BEFORE) : start]
    is_written_like_one = _is_american(groups) or _has_prefix(shown, groups, digits)
    is_called_one = number in _SAID and _is_said(before, is_plain=len(groups) == 1 or is_big)
    return (is_written_like_one or is_called_one) and not (_DATE.search(shown) or _BOOK.search(before))


def _is_said(before: str, *, is_plain: bool) -> bool:
    """Tell whether the words before a number say that one can call it; `is_plain`: it might be an amount."""
    if not before.rstrip(" .:#\uff1a")[-1:].isalpha():
        return False
    return bool(_NAME_BEFORE.search(before) or (not is_plain and _ASK_BEFORE.search(before)))


def _is_american(groups: Sequence[_Group]) -> bool:
    """Tell whether groups of digits are those of a North American number, whose area and exchange begin with 2 to 9."""
    if tuple(len(group.digits) for group in groups) not in _AMERICAN:
        return False
    *country, area, exchange, _ = (group.digits for group in groups)
    return area[0] > "1" and exchange[0] > "1" and country in ([], ["1"])


def _has_prefix(shown: str, groups: Sequence[_Group], digits: str) -> bool:
    """Tell whether digits begin like a number with 00 or 0 before it, and are as many and in such groups as it has."""
    number = len(digits)
    if len(groups) == 1:
        return _MOBILE.fullmatch(digits) is not None
    if digits.startswith("00"):
        return digits[2] > "0" and number in _WITH_ZEROS
    are_groups = all(len(group.digits) > 1 for group in groups) or shown.startswith("(0)")
    return digits[0] == "0" and number in _LOCAL and are_groups
