"""What annotators can agree on: a label on a thread, a post or exactly the same words, or a relation between the same two ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.model import Annotation
    from annotations.store.snapshot import End

EndPlace: TypeAlias = "tuple[str, int | None, int | None, str | None] | None"
"""The label of an annotation at which a relation ends, its span, and what it said where it has no place; None for no annotation."""

Place: TypeAlias = tuple[object, ...]
"""What a label is put on, within one post or on one thread: no two places are the same that are not equal."""


def place_of(annotation: Annotation, ends: Mapping[int, End]) -> Place:
    """Return the place of an annotation.

    Args:
        annotation: The annotation.
        ends: The annotations at which relations start and end, by row.
    """
    target, said = annotation.target, annotation.quote
    if annotation.scope is Scope.RELATION:
        start, end = ends.get(target.from_annotation or 0), ends.get(target.to_annotation or 0)
        return (target.to_post_id, target.to_thread_id, end_of(start), end_of(end))
    if target.span is None:
        return ()
    lost = said.exact if annotation.detached and said is not None else None
    return (target.span.start, target.span.end, lost)


def end_of(end: End | None) -> EndPlace:
    """Return an end of a relation as a part of its place."""
    if end is None:
        return None
    span = end.span
    lost = end.exact if end.is_detached else None
    return (end.label, None, None, lost) if span is None else (end.label, span.start, span.end, lost)
