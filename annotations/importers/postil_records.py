"""What Postil's own exports have in common: annotations of one thread, collected as they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.importers.labeled import NO_PLACE, UNNAMED, as_name, as_offset, as_value
from annotations.importers.times import from_any
from annotations.model import GivenAnnotation, GivenLabel, GivenMark, MarkKind, Scope
from annotations.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.sources.source import Source


class GivenRecords:
    """What was put on the posts of one thread.

    Args:
        source: Cleans, and is told what does not fit.
    """

    def __init__(self, source: Source) -> None:
        self.annotations: list[GivenAnnotation] = []
        self.marks: list[GivenMark] = []
        self.labels: dict[tuple[str, Scope], GivenLabel] = {}
        self._source = source

    def add(self, fields: Mapping[str, object], scope: Scope, post: str | None, where: str, **more: object) -> None:
        """Add an annotation, unless it only follows from another one.

        Args:
            fields: What the export says of it, in its words.
            scope: What it is put on.
            post: The post that it is put on or in; None for the thread.
            where: What it is called in reports.
            more: The ends of a relation.
        """
        if fields.get("implied_by"):
            return
        source = self._source
        word = as_name(source, fields.get("put_as")) or as_name(source, fields.get("label")) or UNNAMED
        name = as_name(source, fields.get("label_name"))
        if name and not fields.get("put_as"):
            self.labels.setdefault((word, scope), GivenLabel(name=name, id=word, scope=scope))
        values = fields.get("attributes")
        told = (
            {as_name(source, key): as_value(source, value) for key, value in values.items()}
            if isinstance(values, dict)
            else {}
        )
        is_detached = fields.get("detached") in (True, "true") and scope is Scope.SPAN
        span = place_of(fields) if scope is Scope.SPAN else None
        if scope is Scope.SPAN and span is None and not is_detached:
            source.problems.add(NO_PLACE, where, "its words are looked for")
        fallback = more.pop("key", "")
        self.annotations.append(
            GivenAnnotation(
                key=as_name(source, fields.get("annotation")) or as_name(source, fallback),
                label=word,
                scope=scope,
                post=post,
                span=span,
                quote=self._text(fields.get("quote")) if scope is Scope.SPAN else "",
                annotator=as_name(source, fields.get("annotator")) or None,
                note=self._text(fields.get("note")),
                attributes={key: value for key, value in told.items() if value is not None},
                created_at=from_any(fields.get("created_at")),
                is_detached=is_detached,
                **more,  # type: ignore[arg-type]  # the fields of an end
            )
        )

    def mark(self, kind: MarkKind, post: str, annotator: object, note: object = "", at: object = None) -> None:
        """Add a note on a post, a review or a flag."""
        who = as_name(self._source, annotator) or None
        self.marks.append(
            GivenMark(kind=kind, post=post, annotator=who, note=self._text(note), created_at=from_any(at))
        )

    def _text(self, value: object) -> str:
        return self._source.clean(value) if isinstance(value, str) else ""


def place_of(fields: Mapping[str, object], prefix: str = "") -> Span | None:
    """Return the span that a record names, None if it names none."""
    start, end = as_offset(fields.get(f"{prefix}start_char")), as_offset(fields.get(f"{prefix}end_char"))
    return Span(start, end) if start is not None and end is not None and start < end else None
