"""The cases of letters: what SQLite's `LIKE` knows of them, and what only Python does.

`LIKE` takes A and a for the same, and no letter that is not ASCII for another (sqlite.org/lang_expr.html). A pattern of
Python's that ignores case knows all of Unicode, and that ſ is an s and İ an i.
"""

from __future__ import annotations

import re

_KEEPS_CASE_BY_ASCII = frozenset("abcdefghjlmnopqrtuvwxyz")
"""The ASCII letters that have no other case than the ASCII one: not i, k, s (ı, İ, the Kelvin sign, ſ)."""
_ODD_CASES = (
    "\u0130\u0131\u00b5\u017f\u0345\u0390\u03b0\u03c2\u03d0\u03d1\u03d5\u03d6\u03f0\u03f1\u03f4\u03f5"
    "\u1c80\u1c81\u1c82\u1c83\u1c84\u1c85\u1c86\u1c87\u1c88\u1e9b\u1e9e\u1fbe\u1fd3\u1fe3\u2126\u212a\u212b"
    "\ufb05\ufb06Ii"
)
"""The characters that another has as a case without leading there by `str.lower` and its like: ſ for s, ı for i …"""


def telling_signs(words: str) -> tuple[str, ...]:
    """Return characters of which a text holds one if it holds `words` in a case that `LIKE` does not know."""
    odd = odd_signs(words)
    if odd:
        return tuple(sorted(cases(odd[0])))
    letters = {sign for sign in words if sign.isascii()}
    return tuple(sorted({case for sign in letters for case in cases(sign) if not case.isascii()}))


def odd_signs(words: str) -> list[str]:
    """Return the characters that are not ASCII and of which `LIKE` does not know all cases."""
    return [sign for sign in words if not sign.isascii() and not is_plain(sign)]


def cases(sign: str) -> set[str]:
    """Return all that a character matches where case does not count."""
    found, added = {sign}, {sign}
    while added:
        one = added.pop()
        for case in (one.lower(), one.upper(), one.title(), one.casefold()):
            if len(case) == 1 and case not in found:
                found.add(case)
                added.add(case)
    matches = re.compile(re.escape(sign), re.IGNORECASE).fullmatch
    return {case for case in found.union(_ODD_CASES) if matches(case)}


def is_plain(sign: str) -> bool:
    """Tell whether `LIKE` knows all cases of a character: it has none, or those of ASCII."""
    return sign in _KEEPS_CASE_BY_ASCII or (sign.isascii() and not sign.isalpha()) or not _is_cased(sign)


def _is_cased(sign: str) -> bool:
    return sign.lower() != sign or sign.upper() != sign or sign.casefold() != sign


def like_pattern(words: str) -> str:
    """Return the pattern of `LIKE` for what holds words; NUL stands for any one character."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", words).replace("\0", "_") + "%"
