"""Words of a codebook: shown in messages, compared, made into ids."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SUGGESTION_LIMIT = 100
"""Known words that an unknown one is compared with: it takes 27 µs a pair."""


def shown(text: str, limit: int = 40) -> str:
    """Quote a text for a message: on one line, cut behind `limit` characters, without control characters."""
    line = "".join(sign if sign.isprintable() else "�" for sign in text[:limit])
    return f"“{line}…”" if len(text) > limit else f"“{line}”"


def closest(word: str, known: Iterable[str], count: int = 1) -> list[str]:
    """Return the known words that a misspelt one is likeliest to mean, the best first."""
    from difflib import get_close_matches  # noqa: PLC0415  # loaded on use

    return get_close_matches(word.lower(), list(known), n=count)


def meant(name: str, known: Iterable[str]) -> str:
    """Return the end of a message that asks for the likeliest known words, or ""."""
    close = closest(name, list(known)[:_SUGGESTION_LIMIT], 2)
    return f": did you mean {' or '.join(shown(word) for word in close)}?" if close else ""


def folded(text: str) -> str:
    """Return a text so that what looks the same to a reader is the same."""
    return unicodedata.normalize("NFKC", text).casefold()


def slug(text: str) -> str:
    """Return the id that is nearest to a name, or "" if none is."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_]+", "-", plain).lstrip("-_0123456789").rstrip("-_")
