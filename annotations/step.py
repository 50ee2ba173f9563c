"""One step of an annotator, from the check to the summary; the caller holds the transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from annotations import rules, wording
from annotations.errors import RuleError
from annotations.model import Scope, Target
from annotations.store import flags, labels, notes, rows
from annotations.store.placing import span_values
from annotations.store.thread_places import unreviewed_posts
from annotations.store.threads import load_post
from annotations.store.writing import Change, Writing
from annotations.targets import check_place, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from annotations.codebook import Codebook, Label
    from annotations.model import Annotation, Annotator
    from annotations.span import Span
    from annotations.store.project import Project
    from annotations.wording import Place

_NEWS = {"start_char": "span", "note": "note", "attributes": "attributes"}
"""What to call it in a summary when that column changes."""


class Step:
    """Checks and writes one step; make a new one for each.

    Args:
        project: The project, with a transaction open.
        annotator: Whose step it is.
        codebook: The labels and their rules; its version is in the project.
    """

    def __init__(self, project: Project, annotator: Annotator, codebook: Codebook) -> None:
        self._project = project
        self._annotator = annotator
        self._codebook = codebook
        self._writing = Writing(project, annotator.id, adjudicator_id=annotator.adjudicator_id)

    def put(
        self,
        label: Label,
        target: Target,
        *,
        note: str = "",
        attributes: Mapping[str, str | int | float] | None = None,
        is_toggle: bool = False,
    ) -> Change:
        """Put a label on a target; where it is already, take it off for a toggle, else bring note and attributes.

        Args:
            label: The label, whose scope is the target's.
            target: What to put it on.
            note: The note, checked.
            attributes: The attributes, checked.
            is_toggle: Whether the label comes off if it is there.
        """
        place = check_place(self._project, target, self._annotator.id)
        there = labels.annotations_at(self._project, self._annotator.id, target)
        same = next((annotation for annotation in there if annotation.label == label.id), None)
        if same is not None:
            if is_toggle:
                return self._retract(same, place)
            values = _new_values(same, note or None, attributes)
            if not values:
                return Change(summary=wording.put_on(f"{label.name} is already", place))
            return self._alter(same, place, values)
        rules.check_in_use(label)
        also = self._make_room(label.id, there)
        row = self._new_row(label, target, place)
        self._writing.put(row | {"note": note, "attributes": _to_json(attributes or {})})
        return self._writing.push(wording.put_on(label.name, place) + also)

    def retract(self, annotation_id: int) -> Change:
        """Take an annotation off, and the relations that hang on it."""
        annotation = self._load_own(annotation_id)
        return self._retract(annotation, place_of(self._project, annotation))

    def change(
        self,
        annotation_id: int,
        *,
        span: Span | None,
        note: str | None,
        attributes: Mapping[str, str | int | float] | None,
    ) -> Change:
        """Change what an annotation says, or where its span is; None leaves as it is."""
        annotation = self._load_own(annotation_id)
        if note is not None:
            note = rules.checked_text(note, "The note")
        if attributes is not None:
            attributes = rules.checked_attributes(self._codebook.label(annotation.label), attributes)
        values = _new_values(annotation, note, attributes)
        place = place_of(self._project, annotation)
        if span is None or (span == annotation.target.span and not annotation.detached):
            return self._alter(annotation, place, values)
        return self._move(annotation, span, values)

    def review(self, post_id: int, *, is_reviewed: bool) -> Change:
        """Say that a post is done, or that it is not."""
        post = load_post(self._project, post_id)
        name = wording.name_post(post)
        state = "reviewed" if is_reviewed else "not reviewed"
        if labels.work_on_post(self._project, post_id, self._annotator.id)[2] is is_reviewed:
            return Change(summary=f"{name} is already {state}")
        target = Target(thread_id=post.thread_id, post_id=post_id)
        if is_reviewed:
            self._writing.review(target, self._project.now())
        else:
            self._writing.unreview(target)
        return self._writing.push(f"{name} {state}")

    def note(self, post_id: int, note: str) -> Change:
        """Write the annotator's note on a post; an empty one takes it away."""
        post = load_post(self._project, post_id)
        name = wording.name_post(post)
        before = notes.load_note(self._project, post_id, self._annotator.id)
        if note == before:
            return Change(summary=f"The note on {name} stays as it is" if note else f"There is no note on {name}")
        self._writing.note(Target(thread_id=post.thread_id, post_id=post_id), note)
        if not note:
            return self._writing.push(f"Note off {name}")
        return self._writing.push(f"Note on {name}{' changed' if before else ''}")

    def review_all(self, post_ids: Iterable[int]) -> Change:
        """Say that posts are done; the ones that are already stay as they are."""
        posts = unreviewed_posts(self._project, self._annotator.id, post_ids)
        count = len(posts)
        if not count:
            return Change(summary="All of these are reviewed already")
        now = self._project.now()
        self._writing.review_all((thread_id, post_id, now) for post_id, thread_id in posts)
        return self._writing.push("1 post reviewed" if count == 1 else f"{count} posts reviewed")

    def flag(self, post_id: int, *, is_flagged: bool | None = None) -> Change:
        """Flag a post, or take the flag off; None for the other of the two."""
        post = load_post(self._project, post_id)
        name = wording.name_post(post)
        was_flagged = flags.is_flagged(self._project, post_id, self._annotator.id)
        is_flagged = not was_flagged if is_flagged is None else is_flagged
        if was_flagged is is_flagged:
            return Change(summary=f"{name} is already {'flagged' if is_flagged else 'without a flag'}")
        target = Target(thread_id=post.thread_id, post_id=post_id)
        if is_flagged:
            self._writing.flag(target, self._project.now())
        else:
            self._writing.unflag(target)
        return self._writing.push(f"{name} flagged" if is_flagged else f"Flag off {name}")

    def _new_row(self, label: Label, target: Target, place: Place) -> rows.Row:
        """Return the row of a new annotation, without note and attributes."""
        now = self._project.now()
        row: rows.Row = {
            **dict.fromkeys(rows.SPAN_COLUMNS),
            "id": rows.new_annotation_id(self._project),
            "uuid": self._project.new_id(),
            "annotator_id": self._annotator.id,
            "label_id": rows.label_row_id(self._project, label.id, label.scope),
            "thread_id": target.thread_id,
            "post_id": target.post_id,
            "from_annotation_id": target.from_annotation,
            "to_post_id": target.to_post_id,
            "to_annotation_id": target.to_annotation,
            "to_thread_id": target.to_thread_id,
            "codebook_version_id": self._version(),
            "created_at": now,
            "updated_at": now,
            "is_detached": 0,
        }
        if target.span is not None and place.quote is not None:
            row |= span_values(target.span, place.quote)
        return row

    def _retract(self, annotation: Annotation, place: Place) -> Change:
        relations = self._take_off(annotation)
        also = f", {wording.count_relations(relations)} with it" if relations else ""
        return self._writing.push(wording.taken_off(self._name(annotation), place) + also)

    def _take_off(self, annotation: Annotation) -> int:
        """Take an annotation off and return how many relations went before it."""
        relations = labels.relations_on(self._project, annotation.id)
        for relation in relations:
            if relation.annotator_id != self._annotator.id:
                raise RuleError(
                    f"A relation by {relation.annotator} hangs on the annotation {annotation.id}",
                    "It can come off when that relation has been taken off.",
                )
            self._writing.take_off(relation)
        self._writing.take_off(annotation)
        return len(relations)

    def _make_room(self, label: str, there: Iterable[Annotation]) -> str:
        """Take off what a label excludes on its target; return that as the end of a summary."""
        if not any(label == known.id for known in self._codebook.labels):
            return ""  # an older codebook's label: this one does not say what it excludes
        excluded = self._codebook.exclusive_with(label)
        fallen = [annotation for annotation in there if annotation.label in excluded]
        relations = sum(self._take_off(annotation) for annotation in fallen)
        if not fallen:
            return ""
        also = f", {wording.count_relations(relations)} with it" if relations else ""
        return f", {', '.join(map(self._name, fallen))} off{also}"

    def _move(self, annotation: Annotation, span: Span, values: dict[str, object]) -> Change:
        """Give an annotation another span, and `values` besides."""
        name = self._name(annotation)
        if annotation.scope is not Scope.SPAN:
            raise RuleError(f"“{name}” is not put on words", "Only what is put on words has a span.")
        target = Target(thread_id=annotation.target.thread_id, post_id=annotation.target.post_id, span=span)
        place = check_place(self._project, target, self._annotator.id)
        there = labels.annotations_at(self._project, self._annotator.id, target)
        if any(other.label == annotation.label for other in there):
            raise RuleError(f"{wording.put_on(f'{name} is already', place)}", "Take one of the two off.")
        also = self._make_room(annotation.label, there)
        if place.quote is not None:
            values |= span_values(span, place.quote)
        return self._alter(annotation, place, values, also)

    def _alter(self, annotation: Annotation, place: Place, values: dict[str, object], also: str = "") -> Change:
        """Write what is new about an annotation, if anything is."""
        what = wording.put_on(self._name(annotation), place)
        if not values:
            return Change(summary=f"{what}: nothing to change")
        news = " and ".join(word for column, word in _NEWS.items() if column in values)
        values |= {"updated_at": self._project.now(), "codebook_version_id": self._version()}
        self._writing.alter(annotation, values)
        return self._writing.push(f"{what}: {news} changed{also}")

    def _load_own(self, annotation_id: int) -> Annotation:
        annotation = labels.load_annotation(self._project, annotation_id)
        if annotation.annotator_id != self._annotator.id:
            raise RuleError(
                f"The annotation {annotation_id} is {annotation.annotator}’s, not {self._annotator.name}’s",
                "Annotators change what is theirs; adjudication settles what they disagree on.",
            )
        return annotation

    def _version(self) -> int:
        version = rows.codebook_version_id(self._project, self._codebook.sha256)
        if version is None:
            raise RuleError(
                f"The project does not have the codebook {self._codebook.name}", "Run: postil codebook apply"
            )
        return version

    def _name(self, annotation: Annotation) -> str:
        """Return what the analyst calls a label; one that this codebook does not have, by its id."""
        known = {label.id: label.name for label in self._codebook.labels}
        return known.get(annotation.label, annotation.label)


def _new_values(
    annotation: Annotation, note: str | None, attributes: Mapping[str, str | int | float] | None
) -> dict[str, object]:
    """Return the columns that differ from what an annotation says."""
    values: dict[str, object] = {}
    if note is not None and note != annotation.note:
        values["note"] = note
    if attributes is not None and dict(attributes) != dict(annotation.attributes):
        values["attributes"] = _to_json(attributes)
    return values


def _to_json(attributes: Mapping[str, str | int | float]) -> str:
    return json.dumps(dict(attributes), ensure_ascii=False) if attributes else "{}"
