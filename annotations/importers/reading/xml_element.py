"""An element of an XML document, with what is in it."""

from __future__ import annotations

from msgspec import Struct, field


class Element(Struct, kw_only=True):
    """An element of a document.

    Args:
        name: As it is written, with its prefix: "wp:comment".
        attributes: By their names as they are written.
        text: The text directly in it.
        children: The elements in it.
        line: Where it begins.
        is_cut: Whether the document breaks off in it: it holds what stands before.
        is_inner: Whether it stands in another that was asked for, and is not among its children.
    """

    name: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)
    is_cut: bool = False
    is_inner: bool = False

    def find(self, name: str) -> Element | None:
        """Return the first element of that name directly in it."""
        return next((child for child in self.children if child.name == name), None)

    def find_all(self, name: str) -> list[Element]:
        """Return all elements of that name directly in it."""
        return [child for child in self.children if child.name == name]

    def say(self, name: str) -> str:
        """Return the text of the first element of that name directly in it, "" if there is none."""
        found = self.find(name)
        return "" if found is None else found.text
