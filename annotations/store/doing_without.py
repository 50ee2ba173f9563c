"""Libraries that others look for when they are loaded, and that are of no use here: not to load them may halve the time."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import get_ident
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class _Refusal:
    """Finds no module of certain names, for one thread.

    Args:
        names: The names.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._thread = get_ident()

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        """Refuse one of the names; leave all others to the finders behind this one.

        Raises:
            ModuleNotFoundError: If it is one of them.
        """
        if name in self._names and get_ident() == self._thread:
            message = f"{name} is not needed here"
            raise ModuleNotFoundError(message, name=name)


@contextmanager
def doing_without(*names: str) -> Iterator[None]:
    """Let what this thread imports in the block do without some modules, as if they were not installed.

    What is loaded already is there all the same.
    """
    refusal = _Refusal(names)
    sys.meta_path.insert(0, refusal)
    try:
        yield
    finally:
        sys.meta_path.remove(refusal)
