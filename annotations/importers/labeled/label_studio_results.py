"""The results of Label Studio, made annotations.

What has labels and a place is a span; what else has the same id there (choices, ratings, texts for the region) are its
attributes. Choices for the whole task are labels of the post, ratings and numbers are labels with the attribute `value`, texts
are notes on the post. A span over several paragraphs is put on each of them, and its attribute `part` counts. Offsets in
Paragraphs are units of UTF-16, those in Text are code points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.labeled.documents import NO_PLACE, DocumentText, as_name, as_offset, as_value, label_of
from annotations.importers.reading.json_fields import NO_RECORD
from annotations.model import AnnotatorKind, GivenAnnotation, GivenMark, MarkKind, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annotations.sources.source import Source

NO_KIND = "is of a kind that is not put on text"
PART, SCORE, VALUE, DIRECTION = "part", "score", "value", "direction"
UNLABELED = "Region"
"""The label of a region that has none."""

RELATED = "relation"
"""The label of a relation that has none."""

_LABELS = ("labels", "paragraphlabels", "hypertextlabels")
_MORE = ("choices", "taxonomy", "rating", "number", "datetime", "text", "textarea", "pairwise", "ranker")


class Results:
    """The results of a task.

    Args:
        source: Cleans, and is told what does not fit.
        where: What the task is called in reports.
        posts: The key and the text of each of its posts: the document, or the article and the paragraphs.
        first_paragraph: Which of these is the paragraph 0: 1 if the article is none of them.
    """

    def __init__(
        self, source: Source, where: str, posts: Sequence[tuple[str, DocumentText]], first_paragraph: int
    ) -> None:
        self.annotations: list[GivenAnnotation] = []
        self.marks: list[GivenMark] = []
        self._source = source
        self._where = where
        self._posts = posts
        self._first = first_paragraph
        self._annotator: str | None = None
        self._kind = AnnotatorKind.PERSON
        self._at: str | None = None
        self._prefix = ""
        self._score: object = None

    def read(  # noqa: PLR0913, PLR0917  # whose it is
        self,
        result: object,
        prefix: str,
        annotator: str | None,
        kind: AnnotatorKind,
        at: str | None,
        score: object = None,
    ) -> None:
        """Read one annotator's results.

        Args:
            result: The list of them.
            prefix: What makes the ids of regions unique in the task.
            annotator: Who it is.
            kind: Whether that is a person or a model.
            at: When they were put.
            score: How sure the model is of all of them.
        """
        self._annotator, self._kind, self._at, self._prefix, self._score = annotator, kind, at, prefix, score
        regions: dict[str, list[Mapping[str, object]]] = {}
        relations: list[Mapping[str, object]] = []
        for number, part in enumerate(result if isinstance(result, list) else [], 1):
            if not isinstance(part, dict):
                self._source.problems.add(NO_RECORD, f"{self._where}, result {number}", "it was left out")
            elif part.get("type") == "relation":
                relations.append(part)
            else:
                regions.setdefault(as_name(self._source, part.get("id")) or f"#{number}", []).append(part)
        for key, parts in regions.items():
            self._region(key, parts)
        for part in relations:
            self._relation(part)
        notes = [mark for mark in self.marks if mark.annotator == annotator]
        if len(notes) > 1:  # an annotator has one note on a post
            self.marks = [mark for mark in self.marks if mark.annotator != annotator]
            self.marks.append(replace(notes[0], note="\n".join(mark.note for mark in notes)))

    def read_minimal(self, fields: Mapping[str, object], annotator: str | None) -> None:
        """Read the results of JSON-MIN: by the names of the controls, without ids."""
        parts: list[dict[str, object]] = []
        for word, value in fields.items():
            entries = value if isinstance(value, list) else [value]
            for entry in entries:
                if isinstance(entry, dict) and any(each in entry for each in (*_LABELS, *_MORE)):
                    kind = next(each for each in (*_LABELS, *_MORE) if each in entry)
                    parts.append({"value": entry, "from_name": word, "type": kind})
                elif isinstance(entry, str) and not entry.startswith(("http://", "https://")) and word != "title":
                    parts.append({"value": {"choices": [entry]}, "from_name": word, "type": "choices"})
                elif isinstance(entry, int | float) and not isinstance(entry, bool):
                    parts.append({"value": {"number": entry}, "from_name": word, "type": "number"})
        self.read(parts, "m", annotator, AnnotatorKind.PERSON, None)

    def _region(self, key: str, parts: Sequence[Mapping[str, object]]) -> None:
        """Read what has one id: a region and what is said of it, or something said of the task."""
        values = [(part, value) for part in parts if isinstance(value := part.get("value"), dict)]
        placed = next((value for _, value in values if "start" in value or "globalOffsets" in value), None)
        if placed is None:
            for part, value in values:
                self._whole(part, value)
            if len(values) < len(parts):
                self._source.problems.add(NO_RECORD, f"{self._where}, {key}", "it was left out")
            return
        labels = [label for _, value in values for each in _LABELS for label in listed(value.get(each))]
        attributes, notes = self._details(values)
        if not labels:
            labels = [label for _, value in values for label in listed(value.get("choices"))] or [UNLABELED]
        for number, label in enumerate(labels):
            self._span(placed, label, f"{key}.{number}" if number else key, attributes, "\n".join(notes))

    def _details(
        self, values: Sequence[tuple[Mapping[str, object], Mapping[str, object]]]
    ) -> tuple[dict[str, str | int | float], list[str]]:
        """Return what is said of a region besides its labels: attributes and notes."""
        attributes: dict[str, str | int | float] = {}
        notes: list[str] = []
        for part, value in values:
            word = as_name(self._source, part.get("from_name")) or "value"
            for each in _MORE:
                if each not in value or (each == "text" and part.get("type") != "textarea"):
                    continue
                told = as_value(self._source, value[each])
                if told is not None and part.get("type") == "textarea":
                    notes.append(f"{word}: {told}" if len(values) > 2 else str(told))  # noqa: PLR2004  # the region, this text
                elif told is not None:
                    attributes[word] = told
            score = as_value(self._source, part.get("score", self._score))
            if score is not None:
                attributes.setdefault(SCORE, score)
        return attributes, notes

    def _span(
        self, value: Mapping[str, object], label: object, key: str, attributes: dict[str, str | int | float], note: str
    ) -> None:
        """Put a label on a region, on each paragraph that it touches."""
        given = self._given(label, key=f"{self._prefix}:{key}", note=note, attributes=attributes)
        said = self._source.clean(text) if isinstance(text := value.get("text"), str) else ""
        places = self._places(value)
        if not places:
            self._source.problems.add(NO_PLACE, f"{self._where}, {key}", "its words are looked for")
            self.annotations.append(replace(given, quote=said, post=self._posts[0][0]))
        for number, (post, start, end, is_utf16) in enumerate(places):
            name, text_ = self._posts[post]
            span = text_.span(start, end, is_utf16=is_utf16)
            more = {PART: f"{number + 1} of {len(places)}"} if len(places) > 1 else {}
            self.annotations.append(
                replace(
                    given,
                    key=f"{given.key}/{number}" if number else given.key,
                    post=name,
                    span=span,
                    quote=said if len(places) == 1 else "",
                    attributes={**attributes, **more},
                )
            )

    def _places(self, value: Mapping[str, object]) -> list[tuple[int, object, object, bool]]:
        """Return where a region is: post, start, end, and whether these count units of UTF-16."""
        if "startOffset" not in value:
            return (
                [(0, value.get("start"), value.get("end"), False)] if as_offset(value.get("start")) is not None else []
            )
        first, last = as_offset(value.get("start")), as_offset(value.get("end"))
        start, end = as_offset(value.get("startOffset")), as_offset(value.get("endOffset"))
        if first is None or last is None or start is None or end is None:
            return []  # HyperText names elements: only the words tell
        first, last = first + self._first, last + self._first
        if not first <= last < len(self._posts):
            return []
        places: list[tuple[int, object, object, bool]] = []
        for post in range(first, last + 1):
            units = len(self._posts[post][1].raw.encode("utf-16-le", "surrogatepass")) // 2
            begin, stop = start if post == first else 0, end if post == last else units
            if begin < stop:
                places.append((post, begin, stop, True))
        return places

    def _whole(self, part: Mapping[str, object], value: Mapping[str, object]) -> None:
        """Read what is said of the task as a whole."""
        word = as_name(self._source, part.get("from_name")) or "value"
        is_known = False
        for each in ("choices", "taxonomy"):
            for choice in listed(value.get(each)):
                is_known = True
                label = (
                    " / ".join(as_name(self._source, step) for step in choice) if isinstance(choice, list) else choice
                )
                self._put_on_post(label, {})
        for each in ("rating", "number", "datetime", "pairwise", "ranker"):
            told = as_value(self._source, value.get(each))
            if told is not None:
                is_known = True
                self._put_on_post(word, {VALUE: told})
        if part.get("type") == "textarea" or "textarea" in value or ("text" in value and not is_known):
            told = as_value(self._source, value.get("text", value.get("textarea")))
            is_known = True
            if told is not None:
                note = f"{word}: {told}"
                self.marks.append(
                    GivenMark(
                        kind=MarkKind.NOTE,
                        post=self._posts[0][0],
                        annotator=self._annotator,
                        note=note,
                        created_at=self._at,
                    )
                )
        if not is_known:
            self._source.problems.add(NO_KIND, f"{self._where}, {word}", "it was left out")

    def _put_on_post(self, label: object, attributes: dict[str, str | int | float]) -> None:
        score = as_value(self._source, self._score)
        more = {SCORE: score} if score is not None else {}
        self.annotations.append(self._given(label, scope=Scope.POST, attributes={**attributes, **more}))

    def _relation(self, part: Mapping[str, object]) -> None:
        ends = [f"{self._prefix}:{as_name(self._source, part.get(each))}" for each in ("from_id", "to_id")]
        direction = part.get("direction")
        if direction == "left":
            ends.reverse()
        attributes = {DIRECTION: "both"} if direction == "bi" else {}
        for label in listed(part.get("labels")) or [RELATED]:
            given = self._given(label, scope=Scope.RELATION, attributes=attributes)
            self.annotations.append(replace(given, from_key=ends[0], to_post=self._posts[0][0], to_key=ends[1]))

    def _given(self, label: object, **more: object) -> GivenAnnotation:
        given = label_of(self._source, self._where, label, annotator=self._annotator, annotator_kind=self._kind)
        return replace(given, **{"post": self._posts[0][0], "created_at": self._at, **more})


def listed(value: object) -> list[object]:
    """Return a list as it is, one value as a list of it, nothing as an empty one."""
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list) else [value]
