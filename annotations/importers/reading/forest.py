"""Which records belong to one thread, where each names only what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import TypeVar

    Key = TypeVar("Key", bound=Hashable)


def find_roots(parents: Mapping[Key, Key | None]) -> dict[Key, Key]:
    """Return for each record the first one of its thread.

    That is the one that answers nothing, or what the first one answers if that is not among the records, so that all that
    hangs on something missing stays together. Of records that answer each other in a circle it is the first that is met.

    Args:
        parents: What each record answers; None for nothing.
    """
    roots: dict[Key, Key] = {}
    for start in parents:
        path: list[Key] = []
        on_path: set[Key] = set()
        key: Key | None = start
        root = start
        while key is not None:
            if key in roots:
                root = roots[key]
                break
            root = key
            if key in on_path or key not in parents:  # a circle; or something that is missing
                break
            path.append(key)
            on_path.add(key)
            key = parents[key]
        for key in path:
            roots[key] = root
    return roots
