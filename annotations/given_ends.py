"""What relations that were made elsewhere are tied to, by the keys that their source gives annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.store.labels import load_annotation

if TYPE_CHECKING:
    from annotations.store.project import Project

NO_END = "leads to or from an annotation that its source does not have"
FOREIGN_END = "leads to or from an annotation of another annotator"


class Tie(Struct, frozen=True):
    """An end of a relation.

    Args:
        annotation_id: The annotation; None for the post itself, or the thread.
        post_id: The post; None for the thread.
        note: What the relation's note has to say of it.
        problem: Why it is not tied to the annotation that its source names, "" if it is.
    """

    annotation_id: int | None
    post_id: int | None
    note: str = ""
    problem: str = ""


class Ends:
    """The annotations of a source that relations may be tied to.

    Args:
        project: The project that has them.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._ids: dict[str, int] = {}

    def remember(self, key: str, annotation_id: int | None) -> None:
        """Remember which annotation has a key; one that is not there, or has none, is passed over."""
        if key and annotation_id is not None:
            self._ids[key] = annotation_id

    def find(self, key: str, post_id: int | None, annotator_id: int) -> Tie:
        """Return an end of a relation.

        Args:
            key: The key of the annotation; "" for the post itself.
            post_id: The post that the relation names; None for the thread.
            annotator_id: Whose the relation is: it hangs on annotations of the same annotator only.
        """
        if not key:
            return Tie(None, post_id)
        if key not in self._ids:
            return Tie(None, post_id, f"tied to {key}", NO_END)
        annotation = load_annotation(self._project, self._ids[key])
        post_id = annotation.target.post_id
        if annotation.annotator_id != annotator_id:
            return Tie(None, post_id, f"tied to the annotation {key} of another annotator", FOREIGN_END)
        # A label on the thread as a whole is none that a relation can be tied to: the thread is.
        return Tie(annotation.id if post_id is not None else None, post_id)
