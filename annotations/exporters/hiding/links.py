"""Links and e-mail addresses in texts that people wrote. Pure.

A link has a scheme (`https://`), begins with `www.`, or is a bare domain: under one of the endings below, or with a path
under any ending of two letters or more (`bit.ly/3x`). Endings that are words ("so", "is") or of files ("py", "md")
make no bare domain of what may be a missing blank or a file's name. Source of the form: RFC 3986 and 3987, of addresses:
RFC 5322 (dot-atoms) and 6531 (letters of all scripts). Punctuation behind a link belongs to the sentence, and so does a bracket that was
not opened inside it, so that in Markdown only what is in the brackets is taken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENDINGS_LISTED = """
com org net edu gov mil int info biz io dev app blog xyz wiki tv fm gg onion eu uk de fr nl es pl cz sk hu ro
bg gr hr lt lv ee fi dk ie ch lu pt ca au nz jp cn hk tw kr sg th vn ph br ar cl mx uy ru ua kz ge tr ir eg dz
ng ke za gh pk bd lk np
"""
ENDINGS = frozenset(_ENDINGS_LISTED.split())
"""Endings under which a bare domain is taken for a link."""

_UNDER = frozenset(["ac", "co", "com", "edu", "gob", "gouv", "gov", "net", "or", "org"])
"""What stands before the ending of a country where names are given out below it: "co.il"."""

_FILES = frozenset(
    [
        "py",
        "md",
        "rs",
        "sh",
        "cc",
        "ts",
        "js",
        "css",
        "html",
        "htm",
        "php",
        "java",
        "zip",
        "txt",
        "pdf",
        "doc",
        "docx",
        "csv",
        "json",
        "xml",
        "yml",
        "yaml",
        "toml",
        "cfg",
        "log",
    ]
)
"""What files end with: never taken for a domain's ending, even with a path."""

_REST = r"""[^\s<>"“”„«»‹›{}|\\^`\u3000-\u3003\u3008-\u3011\uff01-\uff0f\uff1a-\uff20]*"""
"""What may stand in a link: no blank, no quotation mark, no punctuation of Chinese or Japanese."""
_NAME = r"[^\W_](?:[\w-]{0,62}[^\W_])?"
_SCHEMED = rf"(?<![A-Za-z0-9])(?:[A-Za-z][A-Za-z0-9+.-]{{1,20}}://|www\.(?=[^\W_])){_REST}"
_BARE = (
    rf"(?<![\w@.%/\\-])(?:{_NAME}\.)*(?P<before>{_NAME})\.(?P<ending>[^\W\d_]{{2,24}})(?![\w@-])"
    rf"(?P<path>(?::\d{{2,5}})?(?:[/?#]{_REST})?)"
)

_LINK = re.compile(f"{_SCHEMED}|{_BARE}")
_EMAIL = re.compile(rf"(?<![^\W_])(?<![.%+@-])[^\W_][\w.%+'-]{{0,63}}@(?:{_NAME}\.)+[^\W\d_]{{2,24}}")
_MAY_BE_LINK = re.compile(r"://|[^\W_]\.[^\W\d_]{2}")

_AFTER = ".,;:!?…'’\"*_~·"
_BRACKETS = {")": "(", "]": "["}


def links(text: str) -> Iterator[tuple[int, int]]:
    """Yield where links begin and end, in the order of the text."""
    if not _MAY_BE_LINK.search(text):
        return
    for found in _LINK.finditer(text):
        if found["ending"] is not None and not _is_domain(found["before"], found["ending"], found["path"]):
            continue
        end = _end(text, found.start(), found.end())
        if not text[found.start() : end].lower().endswith(("://", "www")):
            yield found.start(), end


def emails(text: str) -> Iterator[tuple[int, int]]:
    """Yield where e-mail addresses begin and end, in the order of the text."""
    if "@" in text:
        for found in _EMAIL.finditer(text):
            yield found.span()


def _is_domain(before: str, ending: str, path: str) -> bool:
    """Tell whether names with dots between them, the last but one, the last, and what follows are a link."""
    if not (ending.islower() or (ending.isupper() and before.isupper() and ending != "NET")):
        return False  # "over.So", "ASP.NET"
    last = ending.lower()
    if last in _FILES:
        return False
    is_under = before.lower() in _UNDER and len(last) == 2  # noqa: PLR2004  # a country's
    return last in ENDINGS or is_under or (len(path) > 1 and path[0] in "/?#")


def _end(text: str, start: int, end: int) -> int:
    """Return where a link ends that was read up to `end`."""
    unopened = {
        closing: text.count(closing, start, end) - text.count(opening, start, end)
        for closing, opening in _BRACKETS.items()
    }
    while end > start:
        last = text[end - 1]
        if last in unopened and unopened[last] > 0:
            unopened[last] -= 1
        elif last not in _AFTER:
            break
        end -= 1
    return end
