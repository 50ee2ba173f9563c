"""Labels as they are named on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.errors import UnknownNameError
from annotations.store.codebooks import codebook_in_force, label_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.store.project import Project


def label_ids(project: Project, given: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of labels, which may be named by what people call them.

    Raises:
        UnknownNameError: If neither the codebook has such a label, nor any annotation.
    """
    names = {label.id: label.name for label in codebook_in_force(project).labels}
    names = {**label_names(project), **names}
    by_name = {name.casefold(): label for label, name in names.items()}
    found = []
    for label in given:
        known = label if label in names else by_name.get(label.casefold())
        if known is None:
            raise UnknownNameError(f"The project has no label {label!r}", f"It has: {', '.join(names)}.")
        found.append(known)
    return tuple(found)
