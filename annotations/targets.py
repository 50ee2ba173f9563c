"""What a target names in a project: loaded, and checked before a label is put on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.errors import RuleError
from annotations.model import Scope
from annotations.span import quote
from annotations.store.labels import load_annotation
from annotations.store.threads import load_post, load_thread
from annotations.wording import Place, name_post

if TYPE_CHECKING:
    from annotations.model import Annotation, StoredPost, Target
    from annotations.store.project import Project


def load_place(project: Project, target: Target) -> Place:
    """Return the posts and annotations that a target names; its span is not looked at.

    Raises:
        UnknownNameError: If there is no such thread or post.
        RuleError: If there is no such annotation.
    """
    if target.post_id is None:
        load_thread(project, target.thread_id)
    return Place(
        post=None if target.post_id is None else load_post(project, target.post_id),
        from_annotation=_load_end(project, target.from_annotation),
        to_post=None if target.to_post_id is None else load_post(project, target.to_post_id),
        to_annotation=_load_end(project, target.to_annotation),
        is_relation=target.scope is Scope.RELATION,
    )


def place_of(project: Project, annotation: Annotation) -> Place:
    """Return what an annotation is put on, as it quotes it."""
    return replace(load_place(project, annotation.target), quote=annotation.quote)


def check_place(project: Project, target: Target, annotator_id: int) -> Place:
    """Return what a target names, if a label can be put there.

    Raises:
        UnknownNameError: If there is no such thread or post.
        SpanError: If the span reaches behind the post's text.
        RuleError: If the parts of the target do not belong together.
    """
    _check_form(target)
    place = load_place(project, target)
    for post in (place.post, place.to_post):
        if post is not None and post.thread_id != target.thread_id:
            raise RuleError(f"{name_post(post)} is a post of another thread", "A label stays within one thread.")
    _check_end(place.from_annotation, place.post, annotator_id)
    _check_end(place.to_annotation, place.to_post, annotator_id)
    if target.span is None or place.post is None:
        return place
    return replace(place, quote=quote(place.post.text, target.span))


def _check_form(target: Target) -> None:
    if target.scope is Scope.RELATION:
        _check_relation(target)
    elif target.from_annotation is not None or target.to_annotation is not None:
        raise RuleError("Only a relation starts or ends at an annotation", "Name the post to which it leads.")
    elif target.span is not None and target.post_id is None:
        raise RuleError(f"The span {target.span} is in no post", "Name the post.")


def _check_relation(target: Target) -> None:
    if target.span is not None:
        raise RuleError("A relation starts at a post or at an annotation, not at bare words", "Label the words first.")
    if target.to_thread_id is not None and target.to_thread_id != target.thread_id:
        raise RuleError("A relation cannot lead to another thread", "A label stays within one thread.")
    if target.to_thread_id is not None and target.to_post_id is not None:
        raise RuleError("A relation leads to a post or to the thread, not to both", "Name one of them.")
    if target.from_annotation is not None and target.post_id is None:
        raise RuleError("A relation that starts at an annotation starts at its post", "Name the post that it is in.")
    if target.to_annotation is not None and target.to_post_id is None:
        raise RuleError("A relation that leads to an annotation leads to its post", "Name the post that it is in.")
    if (target.post_id, target.from_annotation) == (target.to_post_id, target.to_annotation):
        raise RuleError("A relation cannot lead to where it starts", "Choose another end.")


def _check_end(annotation: Annotation | None, post: StoredPost | None, annotator_id: int) -> None:
    """Refuse an annotation as the end of a relation."""
    if annotation is None or post is None:
        return
    if annotation.target.post_id != post.id:
        raise RuleError(f"The annotation {annotation.id} is not in {name_post(post)}", "Name the post that it is in.")
    if annotation.scope is Scope.RELATION:
        raise RuleError("A relation cannot be the end of a relation", "Choose a post, or words labeled in it.")
    if annotation.annotator_id != annotator_id:
        raise RuleError(
            f"The annotation {annotation.id} is {annotation.annotator}’s",
            "A relation hangs on annotations of one’s own: label the words first, or tie the post itself.",
        )


def _load_end(project: Project, annotation_id: int | None) -> Annotation | None:
    return None if annotation_id is None else load_annotation(project, annotation_id)
