"""The entry points by which formats are registered: looked up once as long as nothing is installed or removed."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.metadata import EntryPoint

IMPORTERS = "postil.importers"
"""The entry point group of importers."""

EXPORTERS = "postil.exporters"
"""The entry point group of exporters."""

WORDS = {IMPORTERS: "importer", EXPORTERS: "exporter"}
_OURS = "annotations."
"""Where Postil's own formats live: nobody takes their names over."""


def registered(group: str) -> tuple[dict[str, EntryPoint], list[str]]:
    """Return a group's entry points by name, and a sentence for each name that is taken twice.

    A folder of many files asks for each of them.
    """
    from importlib.metadata import entry_points  # noqa: PLC0415  # loaded on use

    return _look_up(entry_points, group, tuple(_stamp(place) for place in sys.path))


def _stamp(place: str) -> tuple[str, int]:
    """Return a folder of packages, and when one was put there last."""
    try:
        return place, os.stat(place or ".").st_mtime_ns  # noqa: PTH116  # a fifth of the time
    except OSError:
        return place, 0


@lru_cache(maxsize=4)
def _look_up(
    entry_points: Callable[..., Any], group: str, _stamps: tuple[tuple[str, int], ...]
) -> tuple[dict[str, EntryPoint], list[str]]:
    chosen: dict[str, EntryPoint] = {}
    clashes: list[str] = []
    for entry in sorted(entry_points(group=group), key=_precedence):
        first = chosen.setdefault(entry.name, entry)
        if first.value != entry.value:
            clashes.append(f"{describe(group, entry)} is passed over: {first.value} ({package_of(first)}) has the name")
    return chosen, clashes


def _precedence(entry: EntryPoint) -> tuple[str, bool, str, str]:
    """Sort by name; of two of one name Postil's own comes first, then the package that sorts first."""
    return entry.name, not entry.value.startswith(_OURS), package_of(entry), entry.value


def describe(group: str, entry: EntryPoint) -> str:
    """Name a format with module and package, so that the analyst knows whom to ask."""
    return f"the {WORDS[group]} {entry.name} ({entry.value}, package {package_of(entry)})"


def package_of(entry: EntryPoint) -> str:
    """Return the name of the package that registers the format."""
    return entry.dist.name if entry.dist is not None else "unknown"
