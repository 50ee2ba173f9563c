"""Which annotations the cursor is on, in the order in which a key goes through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from annotations.model import Annotation
    from tui.widgets.post_view import PostView


def under_cursor(view: PostView, caret: int | None) -> list[Annotation]:
    """Return the annotations that keys such as `a` and `d` can mean, the likeliest first.

    In the text these are the spans that hold the cursor, the shortest first, and the relations tied to them; then what
    is put on the post as a whole. Without a text cursor the post comes first. What is put on the thread comes last, in
    the article.

    Args:
        view: The post.
        caret: Where the text cursor stands, None where there is none.
    """
    spans = sorted((found for found in view.annotations if found.scope is Scope.SPAN), key=_length)
    if caret is not None:
        spans = [found for found in spans if holds(found, caret)]
    tied = {found.id for found in spans}
    labels = [found for found in view.annotations if found.scope is Scope.POST]
    relations = [found for found in view.annotations if found.scope is Scope.RELATION]
    ties = [found for found in relations if found.target.from_annotation in tied]
    ties += [found for found in view.incoming if found.target.to_annotation in tied]
    whole = _whole(view, relations)
    of_post = [*labels, *whole]
    of_text = [*spans, *ties]
    of_thread = sorted(view.of_thread, key=lambda found: found.scope is not Scope.THREAD)
    ordered = [*of_post, *of_text] if caret is None else [*of_text, *of_post]
    return list({found.id: found for found in [*ordered, *of_thread]}.values())


def holds(annotation: Annotation, caret: int) -> bool:
    """Tell whether an annotation is put on words at the text cursor."""
    span = annotation.target.span
    return span is not None and not annotation.detached and span.start <= caret < span.end


def leads_here(view: PostView, annotation: Annotation) -> bool:
    """Tell whether a relation is seen from its end at a post rather than from its start."""
    if annotation.scope is not Scope.RELATION or any(found.id == annotation.id for found in view.annotations):
        return False
    return annotation.target.post_id is not None or not any(found.id == annotation.id for found in view.of_thread)


def _whole(view: PostView, relations: Iterable[Annotation]) -> list[Annotation]:
    """Return the relations that are tied to the post as a whole, or to a label of it."""
    spans = {found.id for found in view.annotations if found.scope is Scope.SPAN}
    starting = [found for found in relations if found.target.from_annotation not in spans]
    return starting + [found for found in view.incoming if found.target.to_annotation not in spans]


def _length(annotation: Annotation) -> int:
    return len(annotation.target.span) if annotation.target.span else 0


def meant_among(candidates: Sequence[Annotation], meant: int, far: Collection[int]) -> Annotation | None:
    """Return the annotation that keys act on: the one that was chosen, else the first.

    Args:
        candidates: What is under the cursor.
        meant: The row of the one that was chosen, 0 for none.
        far: The rows of those that must be chosen: what is put on the thread as a whole is in sight everywhere in the
            article, and a key is not to take it off from afar.
    """
    for found in candidates:
        if found.id == meant:
            return found
    return candidates[0] if candidates and candidates[0].id not in far else None


def next_among(candidates: Sequence[Annotation], now: Annotation | None) -> Annotation | None:
    """Return the annotation behind the one that keys act on; None behind the last, where one begins again."""
    at = 0 if now is None else [found.id for found in candidates].index(now.id) + 1
    return candidates[at] if at < len(candidates) else None


def far_from(view: PostView) -> frozenset[int]:
    """Return the rows of the annotations that are put on the thread as a whole and not on the post."""
    near = {found.id for found in (*view.annotations, *view.incoming)}
    return frozenset(found.id for found in view.of_thread if found.id not in near)
