"""What Postil's own exports have in common: annotations of one thread, collected as they are read."""

from __future__ import annotations

from itertools import chain, repeat
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.labeled.documents import NO_PLACE, UNNAMED, as_name, as_offset, as_value
from annotations.importers.reading.json_fields import Record
from annotations.importers.reading.times import from_any
from annotations.model import AnnotatorKind, GivenAnnotation, GivenLabel, GivenMark, MarkKind, Scope
from annotations.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.sources.source import Source

_SCOPES = frozenset(scope.value for scope in Scope)
_MARKS = (
    (MarkKind.REVIEW, "reviewed_by", "reviewer_kinds"),
    (MarkKind.FLAG, "flagged_by", "flagger_kinds"),
)
MARKS = ("notes", *(field for _, *fields in _MARKS for field in fields))
"""The fields in which an export says what annotators left on a post as a whole."""


class GivenRecords:
    """What was put on the posts of one thread.

    The fields are those of `annotations.exporters.rows.records`.

    Args:
        source: Cleans, and is told what does not fit.
    """

    def __init__(self, source: Source) -> None:
        self.annotations: list[GivenAnnotation] = []
        self._marks: list[GivenMark] = []
        self.labels: dict[tuple[str, Scope], GivenLabel] = {}
        self._source = source
        self._kinds: dict[str, AnnotatorKind] = {}

    @property
    def marks(self) -> list[GivenMark]:
        """Notes on posts, reviews and flags; what is known of an annotator's kind in the end is said of all of them."""
        return [
            replace(mark, annotator_kind=self._kinds[mark.annotator]) if mark.annotator in self._kinds else mark
            for mark in self._marks
        ]

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
                annotator=self._know(fields.get("annotator"), fields.get("annotator_kind")),
                annotator_kind=kind_of(fields.get("annotator_kind")),
                note=self._text(fields.get("note")),
                attributes={key: value for key, value in told.items() if value is not None},
                created_at=from_any(fields.get("created_at")),
                updated_at=from_any(fields.get("updated_at")),
                is_detached=is_detached,
                **more,  # type: ignore[arg-type]  # the fields of an end
            )
        )

    def add_told(self, fields: Mapping[str, object], scope: Scope, post: str | None, where: str) -> None:
        """Add an annotation with all its fields, a relation with its ends."""
        more: dict[str, object] = {}
        if scope is Scope.RELATION:
            to_post = None if fields.get("to_thread") else as_name(self._source, fields.get("to_post")) or None
            more = {
                "to_post": to_post,
                "from_key": self._end(fields.get("from_span")),
                "to_key": self._end(fields.get("to_span")),
            }
        self.add(fields, scope, post, where, **more)

    def _end(self, value: object) -> str:
        return as_name(self._source, value.get("annotation")) if isinstance(value, dict) else ""

    def mark(self, kind: MarkKind, post: str, annotator: object, note: object = "", at: object = None) -> None:
        """Add a note on a post, a review or a flag."""
        who = as_name(self._source, annotator) or None
        self._marks.append(
            GivenMark(
                kind=kind,
                post=post,
                annotator=who,
                note=self._text(note),
                created_at=from_any(at),
            )
        )

    def know_annotators(self, entries: object) -> None:
        """Take what an export says of annotators, a list of objects with `name` and `kind`."""
        for entry in _listed(entries):
            if isinstance(entry, dict):
                self._know(entry.get("name"), entry.get("kind"))

    def _know(self, annotator: object, kind: object) -> str | None:
        """Return an annotator's name, None for nobody; keep of what kind that is, if it is said."""
        name = as_name(self._source, annotator) or None
        if name is not None and kind:
            self._kinds[name] = kind_of(kind)
        return name

    def mark_all(self, post: str, fields: Mapping[str, object]) -> None:
        """Add what an export says of a post as a whole in the fields of `MARKS`."""
        for note in _listed(fields.get("notes")):
            if isinstance(note, dict):
                self._know(note.get("annotator"), note.get("annotator_kind"))
                self.mark(MarkKind.NOTE, post, note.get("annotator"), note.get("note"), note.get("written_at"))
        for kind, field, kinds in _MARKS:
            told = chain(_listed(fields.get(kinds)), repeat(None))  # other fields, and older exports, do not say it
            for who, what in zip(_listed(fields.get(field)), told, strict=False):
                self._know(who, what)
                self.mark(kind, post, who)

    def describe_labels(self, entries: object) -> None:
        """Take what an export says of its codebook's labels, a list of objects as `codebook_record` makes them."""
        source = self._source
        for entry in _listed(entries):
            if not isinstance(entry, dict):
                continue
            id_, said = as_name(source, entry.get("id")), str(entry.get("scope"))
            if not id_ or said not in _SCOPES:
                continue
            scope = Scope(said)
            self.labels[id_, scope] = GivenLabel(
                name=as_name(source, entry.get("name")) or id_,
                id=id_,
                scope=scope,
                description=self._text(entry.get("description")),
                color=as_name(source, entry.get("color")),
            )

    def _text(self, value: object) -> str:
        return self._source.clean(value) if isinstance(value, str) else ""


def kind_of(value: object) -> AnnotatorKind:
    """Return what an export says that an annotator is: a model, or the gold set; it is a person where it says nothing."""
    return next((kind for kind in AnnotatorKind if kind.value == value), AnnotatorKind.PERSON)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def whole_object(record: Record, name: str) -> dict[str, object]:
    """Return the object in a field, clean and with all its members, those that are empty too; an empty one if there is none."""
    value = Record(record.source, {name: record.peek(name)}, record.where).rest.get(name)
    return value if isinstance(value, dict) else {}


def place_of(fields: Mapping[str, object], prefix: str = "") -> Span | None:
    """Return the span that a record names, None if it names none."""
    start, end = as_offset(fields.get(f"{prefix}start_char")), as_offset(fields.get(f"{prefix}end_char"))
    return Span(start, end) if start is not None and end is not None and start < end else None
