"""One step that brings an earlier state back; the caller holds the transaction."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from annotations import wording
from annotations.errors import RuleError
from annotations.step import Step
from annotations.store import labels, rows
from annotations.store.history import Action
from annotations.store.past import load_events
from annotations.store.placing import placed, row_target
from annotations.store.writing import Change
from annotations.targets import place_of

if TYPE_CHECKING:
    from annotations.model import Annotation
    from annotations.store.history import Event
    from annotations.store.rows import Row

_SAID = ("label_id", "note", "attributes", *rows.SPAN_COLUMNS)
"""The columns that an annotator changes; the others stay as long as an annotation stands."""


class Restoring(Step):
    """Checks and writes one step back to an earlier state, which is a step like any other: undo takes it back."""

    def restore(self, event_id: int) -> Change:
        """Bring back what an event left behind; where it took something away, what was there before.

        Raises:
            RuleError: If it is another annotator's, its words or what it hangs on are gone, or its place is taken.
        """
        event = load_events(self._project, [event_id]).get(event_id)
        if event is None:
            raise RuleError(f"The history has no event {event_id}", "“postil history” lists what there is.")
        if event.annotator_id != self._annotator.id:
            raise RuleError(
                f"That was {event.annotator}’s, not {self._annotator.name}’s",
                "Annotators change what is theirs; adjudication settles what they disagree on.",
            )
        if event.origin != self._project.origin:
            raise RuleError("That happened in another project", "Restore it there, and merge again.")
        post_id = event.post_id or 0
        match event.action:
            case Action.REVIEW | Action.UNREVIEW:
                return self.review(post_id, is_reviewed=event.action is Action.REVIEW)
            case Action.FLAG | Action.UNFLAG:
                return self.flag(post_id, is_flagged=event.action is Action.FLAG)
            case Action.NOTE:
                return self.note(post_id, str(_state(event)["note"]))
            case _:
                return self._restore_annotation(event)

    def _restore_annotation(self, event: Event) -> Change:
        state = _state(event)
        row = placed(self._project, {"to_thread_id": None, **state, "is_detached": 0})
        name = self._name_of(str(row["label"]))
        if row["is_detached"]:
            raise RuleError(
                f"“{name}” cannot come back: the words “{wording.shorten(str(row['exact']))}” are gone",
                "The post was imported again with another text.",
            )
        annotation_id = rows.find_row_id(self._project, row["uuid"])
        target = row_target(row)
        there = [
            each
            for each in labels.annotations_at(self._project, self._annotator.id, target)
            if each.uuid != row["uuid"]
        ]
        if any(each.label == row["label"] for each in there):
            raise RuleError(f"“{name}” is there already", "It was put again since, as another annotation.")
        if annotation_id is None:
            return self._put_back(row, name, there)
        return self._change_back(annotation_id, row, name, there)

    def _put_back(self, row: Row, name: str, there: list[Annotation]) -> Change:
        """Put an annotation again that was taken off."""
        also = self._make_room(row["label"], there)
        try:
            annotation = self._writing.put(row | {"updated_at": self._project.now()})
        except sqlite3.IntegrityError:
            raise RuleError(
                f"“{name}” cannot come back: what it was tied to is gone", "Restore that first, then this."
            ) from None
        return self._push(name, annotation, also)

    def _change_back(self, annotation_id: int, row: Row, name: str, there: list[Annotation]) -> Change:
        """Give an annotation that stands what it said then."""
        now = rows.load_row(self._project, annotation_id)
        values = {column: row[column] for column in _SAID if row[column] != now[column]}
        annotation = labels.load_annotation(self._project, annotation_id)
        if not values:
            what = wording.put_on(name, place_of(self._project, annotation))
            return Change(summary=f"{what} is like that already")
        has_moved = not values.keys().isdisjoint({"label_id", "start_char", "end_char"})
        also = self._make_room(row["label"], there) if has_moved else ""
        values |= {"updated_at": self._project.now(), "codebook_version_id": row["codebook_version_id"]}
        return self._push(name, self._writing.alter(annotation, values), also)

    def _push(self, name: str, annotation: Annotation, also: str) -> Change:
        what = wording.put_on(name, place_of(self._project, annotation))
        return self._writing.push(f"{what} restored{also}")

    def _name_of(self, label: str) -> str:
        return next((each.name for each in self._codebook.labels if each.id == label), label)


def _state(event: Event) -> dict[str, Any]:
    """Return the row that an event left behind; where it left none, the one before."""
    state = event.after if event.after is not None else event.before
    if state is None:
        raise RuleError("The history does not say how that was", "The event holds no row.")
    return dict(state)
