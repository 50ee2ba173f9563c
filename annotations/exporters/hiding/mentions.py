"""Mentions of people in texts: names behind `@` and `u/`, and in addresses of people's pages. Pure but for who is an author.

A mention is a name behind an `@` that no letter or digit stands before (so no e-mail address is one), be it an author of the
thread or not: one of the thread's authors, with blanks in the name if it has some, spelled as the source does; else letters, digits,
`_`, and `.` and `-` inside, with at least one letter, and maybe the name of a server ("@ada@mas.to"). Further `u/name` and, in
a link, what stands behind `/user/`, `/users/`, `/profile/`, `/people/` and `/author/`. Between backticks, as code
is written, only names of the thread's authors are mentions; `@all`, `@here`, `@everyone` and `@channel` never are. Only the name is
told, not the sign before it, nor tags of HTML between the two. Names in plain words are not found.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    IsAuthor: TypeAlias = Callable[[str], bool]

_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
"""Scripts in which what follows a name follows without a blank."""
_SIGNS = rf"[^\W{_SPACELESS}]"
_HANDLE = rf"(?:{_SIGNS}(?:[.-]?{_SIGNS}){{0,63}}|\w{{1,30}})"
_SERVER = r"(?:@[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+)?"
_HANDLE_AT = re.compile(_HANDLE + _SERVER)
_SENTENCE = re.compile(r"\.(?=[^\W\d_a-z])")

_FOUND = re.compile(
    r"[@\uff20](?:<[A-Za-z]{1,10}(?: [^<>]{0,200})?>){0,3}(?=\S)"
    r"|(?<![^\W_])[uU]/(?P<reddit>[A-Za-z0-9_-]{3,20})(?![\w-])"
    r"|[^\W_]\.[A-Za-z]{2,24}(?::\d+)?/(?:users?|profile|people|authors?)/(?P<page>[^\W_][\w.@-]*\w|\w)"
)
_CODE = re.compile(r"```.*?(?:```|\Z)|(?<!`)`[^`\n]+`(?!`)", re.DOTALL)
_WORDS = re.compile(r"\S+(?: \S+){0,4}")
_LONGEST = 80
_CLOSING = ".,:;!?…)]}»”’\"'*`"
_POSSESSIVE = ("'s", "’s")
_CALLS = frozenset({"all", "here", "everyone", "channel"})


def mentions(text: str, is_author: IsAuthor) -> Iterator[tuple[int, int]]:
    """Yield where names begin and end that somebody is mentioned by, in the order of the text.

    Args:
        text: The text.
        is_author: Tells whether somebody of exactly that name wrote in the thread.
    """
    if "@" not in text and "/" not in text and "\uff20" not in text:
        return
    code: list[int] | None = None
    behind = 0
    for found in _FOUND.finditer(text):
        start = found.start()
        if start < behind:
            continue
        place = _named(found)
        if place is None and start != behind and text[start - 1].isalnum():
            continue  # an address, unless a name ends here: "@ada@bo"
        if place is None:
            place = _author(text, found.end(), is_author)
            if place is None:
                if code is None:
                    code = [edge for each in _CODE.finditer(text) for edge in each.span()] if "`" in text else []
                is_code = bisect_right(code, start) % 2
                place = None if is_code else _handle(text, start, found.end())
        if place is not None:
            behind = place[1]
            yield place


def _named(found: re.Match[str]) -> tuple[int, int] | None:
    """Return where the name is that a pattern has found by itself."""
    for group in ("reddit", "page"):
        if found[group] is not None:
            return found.span(group)
    return None


def _author(text: str, start: int, is_author: IsAuthor) -> tuple[int, int] | None:
    """Return the longest name of one of the thread's authors that stands here."""
    words = _WORDS.match(text, start, start + _LONGEST)
    end = words.end() if words else start
    while end > start:
        name = text[start:end]
        bare = name.rstrip(_CLOSING)
        owner = bare[:-2] if bare.endswith(_POSSESSIVE) else bare
        for each in dict.fromkeys((name, bare, owner)):
            if each and is_author(each):
                return start, start + len(each)
        end = text.rfind(" ", start, end)
    return None


def _handle(text: str, sign: int, start: int) -> tuple[int, int] | None:
    """Return the name that stands here as names on sites are."""
    found = _HANDLE_AT.match(text, start)
    if found is None:
        return None
    end = found.end()
    sentence = _SENTENCE.search(text, start, end)  # a blank is missing: "@ada.Then"
    if sentence is not None and "@" not in text[start:end]:
        end = sentence.start()
    if text[sign - 1 : sign] == "_":  # emphasis in Markdown
        end = start + len(text[start:end].rstrip("_"))
    name = text[start:end]
    is_name = any(sign.isalpha() for sign in name) and name.lower() not in _CALLS
    return (start, end) if is_name else None
