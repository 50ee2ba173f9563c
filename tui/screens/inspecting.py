"""The annotations under the cursor in words, for the lines that say what keys such as `a` and `d` act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.errors import RuleError
from annotations.model import Scope
from tui.screens.under_cursor import far_from, leads_here
from tui.text.markup import words_of
from tui.text.visible import one_line
from tui.widgets.inspector import Inspection, Named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.model import Annotation
    from tui.screens.thread_source import ThreadSource
    from tui.widgets.post_view import PostView

QUOTE_SHOWN = 60
NAMES_SHOWN = 6
"""Annotations under the cursor that are named; those far from the one that is meant are counted."""


def inspect(source: ThreadSource, view: PostView, candidates: Sequence[Annotation], meant: Annotation) -> Inspection:
    """Return what to say of the annotations under the cursor; those of the thread are only counted beside others.

    Args:
        source: The thread that they are in.
        view: The post in focus.
        candidates: What is under the cursor.
        meant: The one among them that keys act on.
    """
    far = far_from(view)
    near = [found for found in candidates if (found.id in far) is (meant.id in far)]
    at = [found.id for found in near].index(meant.id)
    first = max(0, min(at - NAMES_SHOWN // 2, len(near) - NAMES_SHOWN))
    shown = near[first : first + NAMES_SHOWN]
    return Inspection(
        names=tuple(_name(source, view, found) for found in shown),
        at=at - first,
        before=first,
        behind=len(near) - first - len(shown),
        apart=len(candidates) - len(near) if meant.id not in far else 0,
        quote=_quote(source, view, meant),
        definition=_definition(source, meant),
        who=f"{meant.annotator}, {meant.created_at[:16].replace('T', ' ')}",
        values=", ".join(source.words.values(meant)),
        note=meant.note,
        remark=view.remark,
    )


def _name(source: ThreadSource, view: PostView, annotation: Annotation) -> Named:
    name, colour, _ = source.words.label(annotation.label)
    if annotation.scope is Scope.RELATION:
        is_incoming = leads_here(view, annotation)
        other = source.relation_words.end_name(annotation, is_incoming=is_incoming)
        arrow = ("from" if is_incoming else "to") if source.is_plain else ("←" if is_incoming else "→")
        name = f"{name} {arrow} {other}" if source.is_plain else f"{arrow} {name} {other}"
    elif annotation.target.post_id is None:
        name = f"{name} (thread)"
    return Named(text=one_line(name), colour=colour)


def _quote(source: ThreadSource, view: PostView, annotation: Annotation) -> str:
    if annotation.quote is not None:
        exact = one_line(words_of(annotation.quote.exact) or annotation.quote.exact)
        quote = f"“{exact if len(exact) <= QUOTE_SHOWN else exact[:QUOTE_SHOWN].rstrip() + '…'}”"
        return f"{quote} (detached)" if annotation.detached else quote
    if annotation.scope is Scope.RELATION and not leads_here(view, annotation):
        start = source.relation_words.end_name(annotation, is_incoming=True)
        return f"from {start}"
    return ""


def _definition(source: ThreadSource, annotation: Annotation) -> str:
    try:
        return source.session.codebook.label(annotation.label).description
    except RuleError:
        return "No longer in the codebook."
