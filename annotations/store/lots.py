"""Some posts in a row as they are stored, and what is known of them together: made by whichever process has the time.

A post is here the values that `annotations.store.packing` packs: nothing is made of them that is not needed.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from annotations.model import PostKind
from annotations.shape import size_class
from annotations.store.posts import to_json
from annotations.store.signatures import POSTS, signature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.store.packing import Values

LOT = 4 * POSTS
"""Posts of a lot: as many as have whole signatures."""

Row: TypeAlias = tuple[str, str, str | None, str | None, str, str, str, str]
"""A post's columns: key, kind, author, created_at, text, sha256, uncertain, meta."""

_FIELD, _RECORD, _NONE = "\x1f", "\x1e", "\x1d"
"""Separators that no clean text holds."""
_SEPARATORS = 5
"""How many of them a post has, but for those instead of what it lacks."""

_CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n"})
_LATER_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")
_NONCHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]")
"""What no consumer can carry, in UTF-8; expressions that begin with a letter are searched for as fast as memory is read."""


class Said(msgspec.Struct, array_like=True):
    """What posts say, as it is hashed.

    Args:
        raw: The key, parent, author, time and text of each; nothing where that cannot be written in UTF-8.
        is_clean: Whether it holds nothing that no consumer can carry.
        sizes: The size class of each text.
        characters: How many characters the texts have.
        uncertain: How many of the posts the source allows to be read otherwise.
        articles: How many of them are articles.
    """

    raw: bytes
    is_clean: bool
    sizes: bytes
    characters: int
    uncertain: int
    articles: int


class Lot(msgspec.Struct, array_like=True):
    """Posts as rows.

    Args:
        rows: A row for each.
        signatures: The signatures of the first ones of them, `POSTS` each, see `annotations.store.signatures`; what is left
            behind them is for whoever writes them.
        said: What they say, if somebody asked for that, too.
    """

    rows: list[Row]
    signatures: list[tuple[bytes, bytes]]
    said: Said | None = None


def say(posts: Sequence[Values]) -> Said:
    """Return what posts say; the bytes that are hashed are those that are searched for what is not clean."""
    said: list[str] = []
    sizes = bytearray()
    characters = uncertain = articles = 0
    separators = _SEPARATORS * len(posts)
    for key, parent, created_at, author, text, _, doubts, is_article in posts:
        sizes.append(size_class(text))
        characters += len(text)
        uncertain += bool(doubts)
        articles += is_article
        if parent is None or author is None or created_at is None:
            fields = (_RECORD + key, parent, author, created_at, text)
            said.append(_FIELD.join([_NONE if field is None else field for field in fields]))
            separators += fields.count(None)
        else:
            said.append(f"{_RECORD}{key}{_FIELD}{parent}{_FIELD}{author}{_FIELD}{created_at}{_FIELD}{text}")
    raw, is_clean = hashed_form("".join(said), separators)
    return Said(raw, is_clean, bytes(sizes), characters, uncertain, articles)


def hashed_form(said: str, separators: int) -> tuple[bytes, bool]:
    """Return what is said in UTF-8, and whether it is clean: then its only controls are so many separators."""
    try:
        raw = said.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return b"", False
    controls = len(raw) - len(raw.translate(None, _CONTROLS))
    return raw, controls == separators and not (_LATER_CONTROLS.search(raw) or _NONCHARACTERS.search(raw))


def make_lot(posts: Sequence[Values]) -> Lot:
    """Return posts as rows; what they say was heard before, and is clean."""
    rows = [
        (
            key,
            PostKind.ARTICLE.value if is_article else PostKind.COMMENT.value,
            author,
            created_at,
            text,
            sha256(text.encode()).hexdigest(),
            to_json(doubts) if doubts else "[]",
            meta or "{}",
        )
        for key, _, created_at, author, text, meta, doubts, is_article in posts
    ]
    whole = range(0, len(rows) - POSTS + 1, POSTS)
    return Lot(rows, [signature(words_of(rows[start : start + POSTS])) for start in whole])


def hear(posts: Sequence[Values]) -> Lot:
    """Return posts as rows, and what they say; no rows where that cannot be written."""
    said = say(posts)
    lot = make_lot(posts) if said.raw else Lot([], [])
    lot.said = said
    return lot


def words_of(rows: Sequence[Row]) -> list[str]:
    """Return what a signature tells of posts."""
    return [words for row in rows for words in (row[2], row[4]) if words]
