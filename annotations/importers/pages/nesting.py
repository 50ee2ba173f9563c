"""What of a page stands in what: each question is answered in about one step for each element, however deep they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element as Element


def nest(elements: Sequence[Element]) -> list[Element | None]:
    """Return for each element the innermost other one that it stands in."""
    among = set(elements)
    known: dict[Element, Element | None] = {}
    parents = []
    for element in elements:
        path = []
        holder: Element | None = None
        for ancestor in element.iterancestors():
            if ancestor in among:
                holder = ancestor
                break
            if ancestor in known:
                holder = known[ancestor]
                break
            path.append(ancestor)
        known.update(dict.fromkeys(path, holder))
        parents.append(holder)
    return parents


def outermost(elements: Sequence[Element]) -> list[Element]:
    """Return the elements that stand in none of the others."""
    return [element for element, holder in zip(elements, nest(elements), strict=True) if holder is None]


def all_above(elements: Iterable[Element]) -> set[Element]:
    """Return all elements that any of these stand in."""
    found: set[Element] = set()
    for element in elements:
        for above in element.iterancestors():
            if above in found:
                break
            found.add(above)
    return found


def stands_in(inner: Element, outer: Element, limit: Element) -> bool:
    """Tell whether an element is another one or stands in it; nothing beyond `limit`, in which both stand, is looked at."""
    if inner is outer:
        return True
    for above in inner.iterancestors():
        if above is outer:
            return True
        if above is limit:
            return False
    return False
