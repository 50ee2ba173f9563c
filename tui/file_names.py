"""Names of files while they are typed: what they may go on with, and which files are meant. It looks at the disk."""

from __future__ import annotations

import os
from pathlib import Path

MOST_NAMES = 2000
"""Names of one folder that are looked at: beyond that, a list is no help."""

MOST_FILES = 10_000
"""Files of a folder that are counted."""

_WILD = "*?["


def candidates(typed: str) -> list[str]:
    """Return what a path may go on to be: the names that begin as its last part does, folders with a slash behind.

    Hidden names are among them only where a dot was typed. Case counts only where it was typed in capitals.
    """
    folder, _, begun = typed.rpartition("/")
    shown = f"{folder}/" if "/" in typed else ""
    try:
        with os.scandir(_expanded(shown or ".")) as entries:
            found = [(entry.name, entry.is_dir()) for entry, _ in zip(entries, range(MOST_NAMES), strict=False)]
    except (OSError, ValueError):  # no such folder, or none that may be looked into
        return []
    has_capitals = begun != begun.lower()
    names = [
        (name, is_folder)
        for name, is_folder in found
        if (name if has_capitals else name.lower()).startswith(begun) and (begun.startswith(".") or name[0] != ".")
    ]
    names.sort(key=lambda entry: (entry[0].lower(), entry[0]))
    return [f"{shown}{name}{'/' if is_folder else ''}" for name, is_folder in names]


def complete(typed: str, names: list[str]) -> str:
    """Return how far a path can be completed: to what all candidates have in common."""
    if not names:
        return typed
    first = names[0]
    length = len(first)
    for name in names[1:]:
        length = min(length, _common(first.lower(), name.lower()))
    return first[:length] if length > len(typed) or len(names) == 1 else typed


def count_files(path: Path) -> int:
    """Return how many files a path means: one, or those in a folder and the folders in it, `MOST_FILES` and one at most.

    What is hidden does not count.

    Raises:
        OSError: If the folder cannot be looked into.
    """
    if not path.is_dir():
        return 1
    with os.scandir(path):  # what cannot be looked into is passed over by a walk
        pass
    found = 0
    for _, folders, names in os.walk(path):
        folders[:] = [name for name in folders if name[0] != "."]
        found += sum(1 for name in names if name[0] != ".")
        if found > MOST_FILES:
            return MOST_FILES + 1
    return found


def meant(typed: str) -> list[Path]:
    """Return the files or folders that a path means: itself, or what a pattern with `*` fits.

    What is hidden is not meant by a pattern.
    """
    path = _expanded(typed)
    if path.exists() or not set(_WILD) & set(path.name):
        return [path]
    try:
        return [found for found in sorted(path.parent.glob(path.name)) if found.is_file() and found.name[0] != "."]
    except (OSError, ValueError):  # no folder, or no pattern
        return []


def _expanded(typed: str) -> Path:
    """Return a path as typed, `~` and `~name` replaced by the home they stand for."""
    path = Path(typed)
    try:
        return path.expanduser()
    except RuntimeError:  # nobody of that name
        return path


def _common(one: str, other: str) -> int:
    return next(
        (at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right),
        min(len(one), len(other)),
    )
