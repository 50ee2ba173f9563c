"""One command being written: rows, their events and the place on the undo stack, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.errors import RuleError
from annotations.model import Target
from annotations.store import commands, notes, rows
from annotations.store.history import Action, Cause, record_event
from annotations.store.labels import load_annotation, relations_on
from annotations.store.many_reviews import record_reviews, review_row, save_reviews, take_reviews
from annotations.store.placing import placed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from annotations.model import Annotation
    from annotations.store.history import Event
    from annotations.store.project import Project
    from annotations.store.rows import Row

_BY_THE_WAY = {"updated_at", "codebook_version_id", *rows.SPAN_COLUMNS}
"""Columns that an import or a new codebook moves without contradicting what the annotator did."""


class _Mark(Struct, frozen=True):
    """Where it is kept that an annotator has marked a post, and what such a post is."""

    table: str
    column: str
    state: str


_REVIEW, _FLAG = _Mark("reviews", "reviewed_at", "reviewed"), _Mark("flags", "flagged_at", "flagged")
_MARKS = {Action.REVIEW: _REVIEW, Action.UNREVIEW: _REVIEW, Action.FLAG: _FLAG, Action.UNFLAG: _FLAG}


class Change(Struct, frozen=True, kw_only=True):
    """What a command changed, for whoever shows it.

    Args:
        summary: A phrase for a notice: what was done to what. It quotes posts, so it is plain text, never markup.
        post_ids: The posts on which something changed, both ends of a relation; none for what is put on a thread.
        thread_ids: The threads in which something changed; none if nothing did.
        added: The annotations that were not there before, or not like this.
        removed: The annotations that are no longer there, or no longer like this.
    """

    summary: str
    post_ids: tuple[int, ...] = ()
    thread_ids: tuple[int, ...] = ()
    added: tuple[Annotation, ...] = ()
    removed: tuple[Annotation, ...] = ()


class Writing:
    """Writes annotations and reviews together with their events; the caller holds the transaction.

    Args:
        project: The project, with a transaction open.
        annotator_id: Who does it.
        cause: Why.
        command_uuid: The command that is undone or redone; a new one by default.
        adjudicator_id: Who does it, where it is the gold set's.
    """

    def __init__(
        self,
        project: Project,
        annotator_id: int,
        *,
        cause: Cause = Cause.DO,
        command_uuid: str | None = None,
        adjudicator_id: int | None = None,
    ) -> None:
        self._project = project
        self._annotator_id = annotator_id
        self._adjudicator_id = adjudicator_id
        self._cause = cause
        self.uuid = command_uuid or project.new_id()
        """The command that is written."""
        self._posts: dict[int, None] = {}
        self._threads: dict[int, None] = {}
        self._added: list[Annotation] = []
        self._removed: list[Annotation] = []

    def act_for(self, annotator_id: int) -> None:
        """Do what follows in the name of another annotator, as an import does; `push` is for whose command it is."""
        self._annotator_id = annotator_id

    def put(self, row: Row) -> Annotation:
        """Put an annotation; its row is complete but for the names of `rows.Row`, which are looked up."""
        rows.insert_row(self._project, row)
        after = rows.load_row(self._project, row["id"])
        annotation = load_annotation(self._project, row["id"])
        self._record(Action.APPLY, annotation.target, annotation.uuid, after=after)
        self._added.append(annotation)
        return annotation

    def take_off(self, annotation: Annotation) -> None:
        """Take an annotation off; what hangs on it went before."""
        before = rows.load_row(self._project, annotation.id)
        rows.delete_row(self._project, annotation.id)
        self._record(Action.RETRACT, annotation.target, annotation.uuid, before=before)
        self._removed.append(annotation)

    def alter(self, annotation: Annotation, values: Mapping[str, object]) -> Annotation:
        """Give some columns of an annotation other values."""
        before = rows.load_row(self._project, annotation.id)
        rows.update_row(self._project, {**before, **values})
        after = rows.load_row(self._project, annotation.id)
        altered = load_annotation(self._project, annotation.id)
        self._record(Action.CHANGE, altered.target, altered.uuid, before=before, after=after)
        self._removed.append(annotation)
        self._added.append(altered)
        return altered

    def review(self, target: Target, reviewed_at: str) -> None:
        """Say that a post is done."""
        self._mark(Action.REVIEW, target, reviewed_at)

    def unreview(self, target: Target) -> None:
        """Take back that a post is done."""
        self._unmark(Action.UNREVIEW, target)

    def review_all(self, reviews: Iterable[tuple[int, int, str]]) -> None:
        """Say that many posts are done: thread, post and time of each."""
        rows = [(thread_id, review_row(self._annotator_id, post_id, at)) for thread_id, post_id, at in reviews]
        save_reviews(self._project, (row for _, row in rows))
        self._record_reviews(Action.REVIEW, rows)

    def unreview_all(self, events: Iterable[Event]) -> None:
        """Take back that many posts are done."""
        threads = {event.post_id: event.thread_id for event in events if event.post_id is not None}
        rows = take_reviews(self._project, self._annotator_id, threads)
        self._record_reviews(Action.UNREVIEW, [(threads[post_id], rows[post_id]) for post_id in reversed(threads)])

    def _record_reviews(self, action: Action, rows: Sequence[tuple[int, Row]]) -> None:
        record_reviews(
            self._project,
            annotator_id=self._annotator_id,
            command_uuid=self.uuid,
            cause=self._cause,
            action=action,
            reviews=rows,
            adjudicator_id=self._adjudicator_id,
        )
        self._threads.update((thread_id, None) for thread_id, _ in rows)
        self._posts.update((row["post_id"], None) for _, row in rows)

    def flag(self, target: Target, flagged_at: str) -> None:
        """Flag a post."""
        self._mark(Action.FLAG, target, flagged_at)

    def unflag(self, target: Target) -> None:
        """Take the flag off a post."""
        self._unmark(Action.UNFLAG, target)

    def _mark(self, action: Action, target: Target, at: str) -> None:
        mark = _MARKS[action]
        after = {"annotator_id": self._annotator_id, "post_id": target.post_id, mark.column: at}
        self._project.connection.execute(
            f"INSERT INTO {mark.table} (annotator_id, post_id, {mark.column}) VALUES (?, ?, ?)",  # noqa: S608  # constants
            tuple(after.values()),
        )
        self._record(action, target, after=after)

    def _unmark(self, action: Action, target: Target) -> None:
        mark = _MARKS[action]
        key = (self._annotator_id, target.post_id)
        which = f"FROM {mark.table} WHERE annotator_id = ? AND post_id = ?"
        found = self._project.connection.execute(f"SELECT {mark.column} {which}", key).fetchone()
        if found is None:
            raise RuleError(f"the post is no longer {mark.state}")
        self._project.connection.execute(f"DELETE {which}", key)
        before = {"annotator_id": self._annotator_id, "post_id": target.post_id, mark.column: found[0]}
        self._record(action, target, before=before)

    def note(self, target: Target, note: str, written_at: str | None = None) -> None:
        """Write the annotator's note on a post, another one in its stead, or none where `note` is empty."""
        who = {"annotator_id": self._annotator_id, "post_id": target.post_id}
        self._put_note(target, who | {"note": note, "written_at": written_at or self._project.now()} if note else None)

    def _put_note(self, target: Target, after: Mapping[str, object] | None) -> None:
        before = notes.load_note_row(self._project, target.post_id or 0, self._annotator_id)
        notes.save_note_row(self._project, target.post_id or 0, self._annotator_id, after)
        self._record(Action.NOTE, target, before=before, after=after)

    def _note_back(self, target: Target, event: Event) -> None:
        now = notes.load_note_row(self._project, target.post_id or 0, self._annotator_id)
        if (now or {}).get("note") != (event.after or {}).get("note"):
            raise RuleError("the note has been changed since")
        self._put_note(target, event.before)

    def revert_all(self, events: Sequence[Event]) -> None:
        """Do the opposite of events, in their order; of many reviews at once.

        Raises:
            RuleError: If what one of them did no longer stands.
        """
        actions = {event.action for event in events} if len(events) > 1 else set()
        if len({event.annotator_id for event in events}) > 1:  # an import in the names of several
            actions = set()
        elif events:
            self.act_for(events[0].annotator_id)
        if actions == {Action.REVIEW}:
            self.unreview_all(events)
        elif actions == {Action.UNREVIEW}:
            self.review_all(
                (event.thread_id, event.post_id or 0, str((event.before or {})["reviewed_at"]))
                for event in reversed(events)
            )
        else:
            for event in events:
                self.revert(event)

    def revert(self, event: Event) -> None:
        """Do the opposite of an event.

        Raises:
            RuleError: If what the event did no longer stands.
        """
        self.act_for(event.annotator_id)
        target = Target(thread_id=event.thread_id, post_id=event.post_id)
        match event.action:
            case Action.APPLY:
                self.take_off(self._find(event))
            case Action.RETRACT:
                self.put(placed(self._project, dict(event.before or {})))
            case Action.CHANGE:
                self._change_back(event)
            case Action.REVIEW:
                self.unreview(target)
            case Action.UNREVIEW:
                self.review(target, str((event.before or {})["reviewed_at"]))
            case Action.NOTE:
                self._note_back(target, event)
            case Action.FLAG:
                self.unflag(target)
            case Action.UNFLAG:
                self.flag(target, str((event.before or {})["flagged_at"]))

    def push(self, summary: str) -> Change:
        """Put the command on the undo stack and return what it changed."""
        commands.push_command(self._project, uuid=self.uuid, annotator_id=self._annotator_id, summary=summary)
        return self.changes(summary)

    def changes(self, summary: str) -> Change:
        """Return what was written so far."""
        return Change(
            summary=summary,
            post_ids=tuple(self._posts),
            thread_ids=tuple(self._threads),
            added=tuple(self._added),
            removed=tuple(self._removed),
        )

    def _change_back(self, event: Event) -> None:
        annotation = self._find(event)
        before, after = event.before or {}, event.after or {}
        now = rows.load_row(self._project, annotation.id)
        values = {column: before[column] for column in rows.COLUMNS if before.get(column) != after.get(column)}
        if any(now[column] != after[column] for column in values.keys() - _BY_THE_WAY):
            raise RuleError("it has been changed since")
        if values.keys() & set(rows.SPAN_COLUMNS):
            there = placed(self._project, {**now, **{column: before[column] for column in rows.SPAN_COLUMNS}})
            values |= {column: there[column] for column in rows.SPAN_COLUMNS}
        self.alter(annotation, values)

    def _find(self, event: Event) -> Annotation:
        """Return the annotation of an event as it is now."""
        annotation_id = rows.find_row_id(self._project, event.annotation_uuid or "")
        if annotation_id is None:
            raise RuleError("the annotation has been taken off since")
        if event.action is Action.APPLY and relations_on(self._project, annotation_id):
            raise RuleError("a relation has been tied to the annotation since")
        return load_annotation(self._project, annotation_id)

    def _record(
        self,
        action: Action,
        target: Target,
        uuid: str | None = None,
        *,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
    ) -> None:
        record_event(
            self._project,
            annotator_id=self._annotator_id,
            command_uuid=self.uuid,
            cause=self._cause,
            action=action,
            thread_id=target.thread_id,
            post_id=target.post_id,
            annotation_uuid=uuid,
            before=before,
            after=after,
            adjudicator_id=self._adjudicator_id,
        )
        self._threads[target.thread_id] = None
        for post_id in (target.post_id, target.to_post_id):
            if post_id is not None:
                self._posts[post_id] = None
