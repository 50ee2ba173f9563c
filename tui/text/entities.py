"""HTML's entities: which character `&amp;`, `&#38;` or `&#x26;` stands for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui.text.ranges import outside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.text.ranges import Range
    from tui.text.visible import Edit

ENTITY = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
"""What an entity looks like, whether it stands for anything or not."""

_ENTITY = re.compile(ENTITY)
_COMMON = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": "\xa0"}
_HIGHEST = 0x10FFFF
_CONTROLS = frozenset((*range(0x20), 0x7F))
_OF_WINDOWS = range(0x80, 0xA0)
"""Codes by which pages mean the characters that Windows has there."""
_SURROGATES = range(0xD800, 0xE000)


def read_entities(text: str, codes: Sequence[Range]) -> list[Edit]:
    """Return the characters of the entities of a text without tags, outside its code."""
    return [
        (match.start(), match.end(), character)
        for match in outside(_ENTITY.finditer(text), codes)
        if (character := resolve_entity(match[0]))
    ]


def resolve_entities(text: str) -> str:
    """Return a text with the characters of its entities."""
    return _ENTITY.sub(lambda found: resolve_entity(found[0]) or found[0], text) if "&" in text else text


def resolve_entity(entity: str) -> str:
    """Return what `&amp;`, `&#38;` or `&#x26;` stands for, or "" where it stands for nothing that can be read."""
    name = entity[1:-1]
    if common := _COMMON.get(name):
        return common
    if name[0] != "#":
        from html.entities import html5  # noqa: PLC0415  # loaded on use: 2,000 names

        return html5.get(f"{name};", "")
    code = int(f"0{name[1:]}", 0) if name[1] in "xX" else int(name[1:])
    if code == ord("\n"):
        return "\n"
    if code in _CONTROLS or code in _SURROGATES or code > _HIGHEST:
        return ""
    if code in _OF_WINDOWS:
        return bytes([code]).decode("cp1252", "ignore")
    return chr(code)
