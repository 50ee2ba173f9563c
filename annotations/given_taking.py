"""The taking over of one thread's annotations that were made elsewhere, in an open transaction."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.given_ends import Ends
from annotations.given_labels import fit_labels
from annotations.given_marks import take_mark
from annotations.given_places import MOVED, Placing
from annotations.given_report import GivenReport
from annotations.given_uuids import known_uuids
from annotations.model import AnnotatorKind, Scope, Target
from annotations.store import labels as labels_in_store
from annotations.store import rows
from annotations.store.adjudication import named
from annotations.store.codebooks import current_codebook_version, put_in_force
from annotations.store.given import attributes_text, given_row, post_text, posts_by_key
from annotations.store.placing import span_values
from annotations.store.threads import ImportStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.codebook import Codebook
    from annotations.given_labels import Fitted
    from annotations.model import Annotation, Annotator, GivenAnnotation, GivenMark, Thread
    from annotations.sources.problems import Problems
    from annotations.store.project import Project
    from annotations.store.threads import SavedThread
    from annotations.store.writing import Writing

DIFFERENT = "is put there already with another note or other attributes"
NO_POST = "is put on a post that its source does not have"
NO_WAY = "leads to where it starts"

_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Taking:
    """Takes over what was given of one thread; make a new one for each.

    Args:
        project: The project, with a transaction open.
        thread: The thread as it was read.
        saved: What the project made of it.
        writing: Writes it; the command is whose it is.
        importer: The name of whoever imports.
        codebook: The codebook in force, None where none was ever applied.
        problems: Is told of each annotation that does not fit.
    """

    def __init__(  # noqa: PLR0913, PLR0917  # what an import knows
        self,
        project: Project,
        thread: Thread,
        saved: SavedThread,
        writing: Writing,
        importer: str,
        codebook: Codebook | None,
        problems: Problems | None,
    ) -> None:
        self.codebook = codebook
        """The codebook that is in force then."""
        self._project = project
        self._thread = thread
        self._thread_id = saved.thread.id
        self._is_new = saved.status is ImportStatus.NEW
        self._problems = problems
        self._importer = importer
        self._annotators: dict[str, Annotator] = {}
        self._ends = Ends(project)
        self._fresh: set[int] = set()
        self._report = GivenReport()
        self._names: dict[str, None] = {}
        self._writing = writing
        self._version = 0

    def take(self) -> GivenReport:
        """Put what is not there yet, and report."""
        new: list[tuple[GivenAnnotation, str]] = []
        for given, uuid, past in known_uuids(self._project, self._thread_id, self._thread.annotations):
            if past is None or past.is_undone:
                new.append((given, uuid))
            elif past.stands:
                self._count(present=1)
                self._ends.remember(given.key, rows.find_row_id(self._project, uuid))
            else:
                self._count(taken_off=1)
        keys = {key for given, _ in new for key in (given.post, given.to_post) if key is not None}
        self._posts = posts_by_key(self._project, self._thread_id, keys | {mark.post for mark in self._thread.marks})
        fitted = self._fit([given for given, _ in new])
        self._put_all(fitted, new)
        for mark in self._project.work.heed(self._thread.marks):
            self._mark(mark)
        return replace(self._report, annotators=tuple(self._names))

    def _fit(self, new: list[GivenAnnotation]) -> Fitted:
        """Bring the labels of what is new into the codebook; of a new thread also those that it does not use yet."""
        from annotations.codebook_toml import default_codebook  # noqa: PLC0415  # loaded on use

        codebook = self.codebook or default_codebook()
        described = self._thread.labels if new or self._is_new else ()
        fitted = fit_labels(codebook, described, new)
        version = current_codebook_version(self._project)
        if fitted.added or fitted.codebook is not codebook or (new and version is None):
            version = put_in_force(self._project, self._project.connection, fitted.codebook)
            self.codebook = fitted.codebook
        self._version = version or 0
        self._report = replace(self._report, labels=tuple(label.name for label in fitted.added))
        return fitted

    def _put_all(self, fitted: Fitted, new: list[tuple[GivenAnnotation, str]]) -> None:
        """Put the annotations: those in one post together, and relations last, which need what they are tied to."""
        by_post = sorted(new, key=lambda pair: (pair[0].scope is Scope.RELATION, pair[0].post or ""))
        placing, placed_post = Placing(""), None
        for given, uuid in self._project.work.each(by_post, 50):
            if given.scope is Scope.RELATION:
                self._put_relation(fitted, given, uuid)
                continue
            post_id = None
            if given.scope is not Scope.THREAD and (post_id := self._posts.get(given.post or "")) is None:
                self._leave_out(given, NO_POST)
                continue
            target = Target(thread_id=self._thread_id, post_id=post_id)
            if given.scope is not Scope.SPAN or post_id is None:
                self._put(fitted, given, uuid, target, {})
                continue
            if post_id != placed_post:
                placing, placed_post = Placing(post_text(self._project, post_id)), post_id
            place = placing.place(given)
            if place.problem:
                self._tell(place.problem, given, place.done)
            self._count(moved=place.problem == MOVED, detached=place.is_detached)
            values = {**span_values(place.span, place.quote), "is_detached": int(place.is_detached)}
            self._put(fitted, given, uuid, replace(target, span=place.span), values)

    def _put_relation(self, fitted: Fitted, given: GivenAnnotation, uuid: str) -> None:
        annotator = self._annotator(given.annotator, given.annotator_kind)
        start, end = (
            self._ends.find(key, None if post is None else self._posts.get(post), annotator.id)
            for key, post in ((given.from_key, given.post), (given.to_key, given.to_post))
        )
        for tie in (start, end):
            if tie.problem:
                self._tell(tie.problem, given, "it is tied to the post")
        if (given.post is not None and start.post_id is None) or (given.to_post is not None and end.post_id is None):
            self._leave_out(given, NO_POST)
            return
        target = Target(
            thread_id=self._thread_id,
            post_id=start.post_id,
            from_annotation=start.annotation_id,
            to_post_id=end.post_id,
            to_annotation=end.annotation_id,
            to_thread_id=self._thread_id if end.post_id is None else None,
        )
        if (target.post_id, target.from_annotation) == (target.to_post_id, target.to_annotation):
            self._leave_out(given, NO_WAY)
            return
        note = "\n".join(part for part in (given.note, start.note, end.note) if part)
        self._put(fitted, replace(given, note=note), uuid, target, {})

    def _put(
        self, fitted: Fitted, given: GivenAnnotation, uuid: str, target: Target, values: Mapping[str, object]
    ) -> None:
        """Put an annotation, unless its label is there already."""
        annotator = self._annotator(given.annotator, given.annotator_kind)
        label = fitted.ids[given.label, given.scope]
        attributes, note = fitted.values(given)
        if not values.get("is_detached"):
            there = labels_in_store.annotations_at(self._project, annotator.id, target)
            same = next((each for each in there if each.label == label), None)
            if same is not None:
                self._join(same, given, attributes, note)
                return
        row = given_row(
            self._project,
            uuid=uuid,
            annotator_id=annotator.id,
            label=label,
            scope=given.scope,
            target=target,
            codebook_version=self._version,
            created_at=given.created_at,
            updated_at=given.updated_at,
            note=note,
            attributes=attributes,
        )
        self._writing.act_for(annotator.id)
        annotation = self._writing.put({**row, **values})
        self._fresh.add(annotation.id)
        self._names[annotator.name] = None
        self._count(added=1)
        self._ends.remember(given.key, annotation.id)

    def _join(
        self, same: Annotation, given: GivenAnnotation, attributes: Mapping[str, str | int | float], note: str
    ) -> None:
        """Let an annotation that stands say what another one on the same place says, if both came just now."""
        self._count(present=1)
        self._ends.remember(given.key, same.id)
        is_told = note in same.note and all(same.attributes.get(name) == value for name, value in attributes.items())
        if is_told:
            return
        if same.id not in self._fresh:
            self._tell(DIFFERENT, given, "what the project has stays")
            return
        lost = {name: value for name, value in attributes.items() if same.attributes.get(name, value) != value}
        notes = [
            same.note,
            note if note not in same.note else "",
            *(f"{name}: {value}" for name, value in lost.items()),
        ]
        self._writing.act_for(same.annotator_id)
        joined = {**attributes, **same.attributes}
        text = "\n".join(part for part in notes if part)
        self._writing.alter(same, {"note": text, "attributes": attributes_text(joined)})

    def _mark(self, mark: GivenMark) -> None:
        """Write a note on a post, a review or a flag, unless there is one, or one was taken away."""
        post_id = self._posts.get(mark.post)
        if post_id is None:
            self._tell_of(f"a {mark.kind} on {mark.post}", NO_POST, "it was left out")
            return
        annotator = self._annotator(mark.annotator, mark.annotator_kind)
        target = Target(thread_id=self._thread_id, post_id=post_id)
        if take_mark(self._project, self._writing, annotator.id, target, mark):
            self._names[annotator.name] = None
            self._count(marks=1)

    # --- what is kept of it -------------------------------------------------------------------------------------------

    def _annotator(self, name: str | None, kind: AnnotatorKind = AnnotatorKind.PERSON) -> Annotator:
        """Return the annotator of that name, a new one if there is none."""
        name = printed(name or "") or self._importer
        known = "" if kind is AnnotatorKind.GOLD else name
        if known not in self._annotators:
            self._annotators[known] = named(self._project, name, kind)
        return self._annotators[known]

    def _leave_out(self, given: GivenAnnotation, problem: str) -> None:
        self._count(left_out=1)
        self._tell(problem, given, "it was left out")

    def _tell(self, what: str, given: GivenAnnotation, done: str) -> None:
        where = f"the label {given.label}" + (f" on {given.post}" if given.post is not None else "")
        self._tell_of(where, what, done)

    def _tell_of(self, where: str, what: str, done: str) -> None:
        if self._problems is not None:
            self._problems.add(what, where, done)

    def _count(self, **more: int) -> None:
        counts = {name: getattr(self._report, name) + number for name, number in more.items() if number}
        self._report = replace(self._report, **counts)


def printed(name: str) -> str:
    """Return a name as an annotator may have it."""
    return " ".join(_UNPRINTED.sub(" ", name).split())
