"""Of what kind those are who have reviewed and flagged posts: they are told by name alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.exporters.choosing.selection import Selection


def kinds_of(names: Sequence[str], selection: Selection) -> Sequence[str | None]:
    """Return of what kind annotators are that are given by name, None for what is no annotator of the project."""
    if not names:
        return ()
    kinds = {each.name: each.kind.value for each in selection.annotators.values()}
    return [kinds.get(name) for name in names]


class MarkKinds(dict[tuple[str, ...], "Sequence[str | None]"]):
    """The same, made once for the same names: on millions of posts the same few come together.

    Args:
        selection: What to export.
    """

    def __init__(self, selection: Selection) -> None:
        super().__init__()
        self._selection = selection

    def __missing__(self, names: tuple[str, ...]) -> Sequence[str | None]:
        """Return of what kind those are who come together for the first time."""
        self[names] = found = kinds_of(names, self._selection)
        return found
