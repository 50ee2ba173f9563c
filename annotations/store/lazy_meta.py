"""What a source says of a post beyond the model, as JSON that is only read if somebody asks for what is in it.

An import carries it from the source to the project, and looks at it for few posts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from annotations.store.json_text import load_json

if TYPE_CHECKING:
    from collections.abc import Iterator


class LazyMeta(Mapping[str, object]):
    """The `meta` of a post; equal to any mapping that says the same.

    Args:
        text: The same as a project holds it: what `annotations.store.posts.to_json` makes of it.
    """

    __slots__ = ("_values", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._values: dict[str, object] | None = None

    def __getitem__(self, name: str) -> object:
        """Return what is said under a name."""
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(self._read())

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._read())

    def __bool__(self) -> bool:
        """Tell whether anything is said."""
        return self.text != "{}"

    def __repr__(self) -> str:
        return f"LazyMeta({self.text!r})"

    def _read(self) -> dict[str, object]:
        if self._values is None:
            self._values = load_json(self.text)
        return self._values
