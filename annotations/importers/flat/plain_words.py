"""What a line says to a person who reads it: without the signs of Markdown, and without characters that nobody sees.

Only for judging lines: whether one is a name, a date, a heading, a link of the page. What is stored is the line as it stands.
Source of the signs: CommonMark 0.31, sections 2.4 (escapes), 4.2, 6.1 to 6.4.
"""

from __future__ import annotations

import re

_LONGEST = 500
"""Characters of a line that is read closely: names, dates and headings are shorter, and a paragraph is judged as it stands."""

_UNSEEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u2060\u2066-\u2069\ufeff]+")
"""Soft hyphens, direction marks and isolates, blanks without width. Not among them are joiners, which make emoji and letters what
they are, and overrides, which turn what follows round: those are seen."""

_HEADING = re.compile(r"\s*+#{1,6}(?:\s+|\Z)")
_IMAGE = re.compile(r"(?<!\\)!\[(?:[^\[\]\\]|\\.)*\]\((?:[^()\\\s]|\\.|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\)")
_LINK = re.compile(r"(?<!\\)\[((?:[^\[\]\\]|\\.)*)\]\((?:[^()\\\s]|\\.|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\)")
_STRESS = re.compile(
    r"(?<!\\)\*\*(?=[^\s*])([^*\\]*(?:\\.[^*\\]*)*)(?<!\s)\*\*|(?<!\\)\*(?=[^\s*])([^*\\]*(?:\\.[^*\\]*)*)(?<!\s)\*(?!\w)|"
    r"(?<![\\\w])(?P<line>__?)(?=[^\s_])((?:[^_\\]|\\.|(?<=\w)_(?=\w))*)(?<!\s)(?P=line)(?!\w)"
)
_CODE = re.compile(r"(?<!\\)`([^`]+)`")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SIGNS = frozenset("*_[`#\\")


def without_unseen(text: str) -> str:
    """Return a line without the characters in it that nobody sees."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def without_signs(text: str) -> str:
    """Return a line of Markdown as it is read: links as their words, no images, no stress, no escapes; and nothing unseen."""
    text = without_unseen(text)
    if len(text) > _LONGEST or _SIGNS.isdisjoint(text):
        return text
    heading = _HEADING.match(text)
    text = _IMAGE.sub("", text[heading.end() :] if heading is not None else text)
    text = _LINK.sub(r"\1", text)
    text = _STRESS.sub(r"\1\2\4", text)
    return _ESCAPE.sub(r"\1", _CODE.sub(r"\1", text)).strip()
