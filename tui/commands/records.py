"""Posts and annotations as JSON values: the same words in every command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.model import Scope
from annotations.store.labels import load_annotation
from annotations.store.threads import load_post

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.model import Annotation, StoredPost
    from annotations.store.notes import PostNote
    from annotations.store.project import Project


def annotation_json(project: Project, annotation: Annotation) -> dict[str, object]:
    """Return what an annotation says; where it is put on a part of a post, or leads to another, that too.

    Offsets count code points, and `text[start_char:end_char]` is `quote`; a detached annotation has none.
    """
    values: dict[str, object] = {"label": annotation.label, "annotator": annotation.annotator}
    span = annotation.target.span
    if span is not None and annotation.quote is not None:
        start, end = (None, None) if annotation.detached else (span.start, span.end)
        values |= {"start_char": start, "end_char": end, "quote": annotation.quote.exact}
    if annotation.scope is Scope.RELATION:
        values |= {
            "to_post": post_key(project, annotation.target.to_post_id),
            "to_thread": annotation.target.to_thread_id is not None,
            "from_annotation": _annotation_uuid(project, annotation.target.from_annotation),
            "to_annotation": _annotation_uuid(project, annotation.target.to_annotation),
        }
    return values | {
        "note": annotation.note,
        "attributes": dict(annotation.attributes),
        "annotation": annotation.uuid,
        "created_at": annotation.created_at,
        "updated_at": annotation.updated_at,
    }


def note_json(note: PostNote) -> dict[str, object]:
    """Return a note on a post."""
    return {"annotator": note.annotator, "note": note.note, "written_at": note.written_at}


class Beside(Struct, frozen=True, kw_only=True):
    """What the project holds of a post beside annotations.

    Args:
        notes: The remarks on it as a whole.
        flagged_by: Who has flagged it, by name.
        seconds: How long annotators were at it.
    """

    notes: tuple[PostNote, ...] = ()
    flagged_by: tuple[str, ...] = ()
    seconds: float = 0.0


def post_json(
    project: Project, post: StoredPost, annotations: Iterable[Annotation], beside: Beside
) -> dict[str, object]:
    """Return a post with what is put on it: every entry of `spans` quotes `text`, `detached` holds those that do not."""
    found: dict[str, list[object]] = {"labels": [], "spans": [], "relations": [], "detached": []}
    places = {Scope.SPAN: "spans", Scope.RELATION: "relations"}
    for annotation in annotations:
        place = "detached" if annotation.detached else places.get(annotation.scope, "labels")
        found[place].append(annotation_json(project, annotation))
    return {
        "post": post.key,
        "parent": post.parent,
        "kind": post.kind.value,
        "depth": post.depth,
        "author": post.author,
        "created_at": post.created_at,
        "text": post.text,
        **found,
        "notes": [note_json(note) for note in beside.notes],
        "flagged_by": list(beside.flagged_by),
        "seconds": beside.seconds,
        "uncertain": list(post.uncertain),
        "meta": dict(post.meta),
    }


def post_key(project: Project, post_id: int | None) -> str | None:
    """Return what its thread calls a post, None for none."""
    return None if post_id is None else load_post(project, post_id).key


def _annotation_uuid(project: Project, annotation_id: int | None) -> str | None:
    return None if annotation_id is None else load_annotation(project, annotation_id).uuid
