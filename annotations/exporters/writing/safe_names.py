"""Names of files that are made of what people wrote: of annotators, threads and splits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST = 80
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))})
"""Names of devices that Windows takes no file by ("Naming Files, Paths, and Namespaces", Microsoft)."""


def safe_names(names: Iterable[str]) -> dict[str, str]:
    """Return for each name one of ASCII letters, digits, `_` and `-` that no other has, in whatever case; the same each time."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(set(names)):
        stem = _UNSAFE.sub("-", name).strip("-")[:_LONGEST] or "unnamed"
        if stem.lower() in _RESERVED:
            stem += "_"
        safe, number = stem, 2
        while safe.lower() in taken:
            safe, number = f"{stem}-{number}", number + 1
        taken.add(safe.lower())
        found[name] = safe
    return found
