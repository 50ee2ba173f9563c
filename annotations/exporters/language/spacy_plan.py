"""What of a post becomes what of a spaCy `Doc`, as far as that is not spaCy's business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from annotations.exporters.choosing.by_annotator import has_said_something
from annotations.exporters.jsonl import post_record
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.model import Annotation

SPANS_KEY = "sc"
"""The key of span groups that spaCy's components look for, if they are not told otherwise."""

_LARGEST, _SMALLEST = 2**64, -(2**63)
"""Numbers from here on and below here do not fit into msgpack (github.com/msgpack/msgpack, int format family)."""


class PlannedSpan(Struct, frozen=True, kw_only=True):
    """A span that a `Doc` is to get.

    Args:
        start: Where it begins, in code points.
        end: Where it ends.
        label: The id of its label.
        annotation: The name of the annotation; "" for an implied one.
        quote: What it says.
    """

    start: int
    end: int
    label: str
    annotation: str
    quote: str


class Plan(Struct, frozen=True, kw_only=True):
    """What a `Doc` is to get.

    Args:
        groups: Its span groups, by key.
        cats: The labels of the post, 0.0 or 1.0 each; empty where nobody has said anything of it.
        detached: Spans without a place.
        record: Everything else, as JSON values that msgpack takes too.
    """

    groups: Mapping[str, tuple[PlannedSpan, ...]]
    cats: Mapping[str, float]
    detached: tuple[Annotation, ...]
    record: Mapping[str, Any]


def plan(labeled: LabeledPost, selection: Selection) -> Plan:
    """Return what the `Doc` of a post is to get."""
    every: dict[tuple[int, int, str], PlannedSpan] = {}
    groups: dict[str, dict[PlannedSpan, None]] = {}
    for annotation in labeled.annotations:
        span = annotation.target.span
        if span is None or annotation.detached:
            continue
        planned = PlannedSpan(
            start=span.start,
            end=span.end,
            label=annotation.label,
            annotation=annotation.uuid,
            quote=labeled.post.text[span.start : span.end],
        )
        every.setdefault((span.start, span.end, annotation.label), planned)
        if not _is_one_set(selection):
            groups.setdefault(f"{SPANS_KEY}:{annotation.annotator}", {})[planned] = None
    record = post_record(labeled, selection)
    del record["text"]
    return Plan(
        groups={SPANS_KEY: tuple(every.values()), **{key: tuple(groups[key]) for key in sorted(groups)}},
        cats=_cats(labeled, selection),
        detached=tuple(each for each in labeled.annotations if each.target.span is not None and each.detached),
        record=_carried(record),
    )


def known_labels(selection: Selection, scope: Scope) -> tuple[str, ...]:
    """Return the ids of the labels of a scope that the data set may have, in the codebook's order."""
    return tuple(
        label.id
        for label in selection.codebook.labels
        if label.scope is scope and (not selection.labels or label.id in selection.labels)
    )


def _is_one_set(selection: Selection) -> bool:
    return selection.options.is_gold or selection.options.aggregate is not None


def _cats(labeled: LabeledPost, selection: Selection) -> dict[str, float]:
    if not has_said_something(labeled):
        return {}
    put = {each.label for each in labeled.annotations if each.target.scope is Scope.POST}
    labels = dict.fromkeys((*known_labels(selection, Scope.POST), *sorted(put)))
    return {label: float(label in put) for label in labels}


def _carried(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    """Return a JSON value as msgpack carries it: what a source says may have half characters and endless numbers."""
    if isinstance(value, str):
        return value.encode(errors="replace").decode() if not value.isascii() else value
    if isinstance(value, int) and not _SMALLEST <= value < _LARGEST:
        return str(value)
    if isinstance(value, dict):
        return {_carried(key): _carried(part) for key, part in value.items()}
    return [_carried(part) for part in value] if isinstance(value, (list, tuple)) else value
