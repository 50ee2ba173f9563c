"""Notes on posts, reviews and flags that were made elsewhere, written like those that are made here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.model import MarkKind
from annotations.store.flags import is_flagged
from annotations.store.given import was_taken_off
from annotations.store.labels import is_reviewed
from annotations.store.notes import load_note

if TYPE_CHECKING:
    from annotations.model import GivenMark, Target
    from annotations.store.project import Project
    from annotations.store.writing import Writing

_ACTIONS = {MarkKind.NOTE: ("note",), MarkKind.REVIEW: ("review", "unreview"), MarkKind.FLAG: ("flag", "unflag")}


def take_mark(project: Project, writing: Writing, annotator_id: int, target: Target, mark: GivenMark) -> bool:
    """Write a mark on a post, unless the annotator has one of its kind there, or took it away; tell whether it was.

    Args:
        project: The project, with a transaction open.
        writing: What writes.
        annotator_id: Whose mark it is.
        target: The post.
        mark: The mark.
    """
    post_id = target.post_id or 0
    if _stands(project, annotator_id, post_id, mark) or was_taken_off(
        project, annotator_id, post_id, _ACTIONS[mark.kind]
    ):
        return False
    writing.act_for(annotator_id)
    at = mark.created_at or project.now()
    if mark.kind is MarkKind.NOTE:
        writing.note(target, mark.note, at)
    elif mark.kind is MarkKind.REVIEW:
        writing.review(target, at)
    else:
        writing.flag(target, at)
    return True


def _stands(project: Project, annotator_id: int, post_id: int, mark: GivenMark) -> bool:
    if mark.kind is MarkKind.NOTE:
        return not mark.note or bool(load_note(project, post_id, annotator_id))
    look = is_reviewed if mark.kind is MarkKind.REVIEW else is_flagged
    return look(project, post_id, annotator_id)
