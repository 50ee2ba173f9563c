"""One command being written: rows, their events and the place on the undo stack, in one transaction."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.anchoring import anchor
from annotations.errors import RuleError
from annotations.model import Target
from annotations.span import Quote, Span, is_quote_at
from annotations.store import commands, rows
from annotations.store.commands import CommandState
from annotations.store.history import Action, Cause, latest_events, record_event
from annotations.store.labels import load_annotation, relations_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.model import Annotation
    from annotations.store.history import Event
    from annotations.store.project import Project
    from annotations.store.rows import Row

_BY_THE_WAY = {"updated_at", "codebook_version_id", *rows.SPAN_COLUMNS}
"""Columns that an import or a new codebook moves without contradicting what the annotator did."""


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
    """

    def __init__(
        self, project: Project, annotator_id: int, *, cause: Cause = Cause.DO, command_uuid: str | None = None
    ) -> None:
        self._project = project
        self._annotator_id = annotator_id
        self._cause = cause
        self._uuid = command_uuid or project.new_id()
        self._posts: dict[int, None] = {}
        self._threads: dict[int, None] = {}
        self._added: list[Annotation] = []
        self._removed: list[Annotation] = []

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
        after = {"annotator_id": self._annotator_id, "post_id": target.post_id, "reviewed_at": reviewed_at}
        self._project.connection.execute(
            "INSERT INTO reviews (annotator_id, post_id, reviewed_at) VALUES (:annotator_id, :post_id, :reviewed_at)",
            after,
        )
        self._record(Action.REVIEW, target, after=after)

    def unreview(self, target: Target) -> None:
        """Take back that a post is done."""
        key = (self._annotator_id, target.post_id)
        found = self._project.connection.execute(
            "SELECT reviewed_at FROM reviews WHERE annotator_id = ? AND post_id = ?", key
        ).fetchone()
        if found is None:
            raise RuleError("the post is no longer reviewed")
        self._project.connection.execute("DELETE FROM reviews WHERE annotator_id = ? AND post_id = ?", key)
        before = {"annotator_id": self._annotator_id, "post_id": target.post_id, "reviewed_at": found[0]}
        self._record(Action.UNREVIEW, target, before=before)

    def revert(self, event: Event) -> None:
        """Do the opposite of an event.

        Raises:
            RuleError: If what the event did no longer stands.
        """
        target = Target(thread_id=event.thread_id, post_id=event.post_id)
        match event.action:
            case Action.APPLY:
                self.take_off(self._find(event))
            case Action.RETRACT:
                self.put(self._placed(dict(event.before or {})))
            case Action.CHANGE:
                self._change_back(event)
            case Action.REVIEW:
                self.unreview(target)
            case Action.UNREVIEW:
                self.review(target, str((event.before or {})["reviewed_at"]))

    def push(self, summary: str) -> Change:
        """Put the command on the undo stack and return what it changed."""
        commands.push_command(self._project, uuid=self._uuid, annotator_id=self._annotator_id, summary=summary)
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
        values = {column: before[column] for column in rows.COLUMNS if before[column] != after[column]}
        if any(now[column] != after[column] for column in values.keys() - _BY_THE_WAY):
            raise RuleError("it has been changed since")
        if values.keys() & set(rows.SPAN_COLUMNS):
            placed = self._placed({**now, **{column: before[column] for column in rows.SPAN_COLUMNS}})
            values |= {column: placed[column] for column in rows.SPAN_COLUMNS}
        self.alter(annotation, values)

    def _find(self, event: Event) -> Annotation:
        """Return the annotation of an event as it is now."""
        annotation_id = rows.find_row_id(self._project, event.annotation_uuid or "")
        if annotation_id is None:
            raise RuleError("the annotation has been taken off since")
        if event.action is Action.APPLY and relations_on(self._project, annotation_id):
            raise RuleError("a relation has been tied to the annotation since")
        return load_annotation(self._project, annotation_id)

    def _placed(self, row: Row) -> Row:
        """Return an annotation's row as it fits the project now, whose text an import may have revised since."""
        span = None if row["start_char"] is None else Span(row["start_char"], row["end_char"])
        target = Target(thread_id=row["thread_id"], post_id=row["post_id"], span=span, to_post_id=row["to_post_id"])
        row["label_id"] = rows.label_row_id(self._project, row["label"], target.scope)
        if span is None or row["is_detached"]:
            return row
        query = "SELECT text FROM posts WHERE id = ?"
        (text,) = self._project.connection.execute(query, (row["post_id"],)).fetchone()
        if is_quote_at(text, span, row["exact"]):
            return row
        found = anchor(text, Quote(row["exact"], row["prefix"] or "", row["suffix"] or ""), span.start)
        if found is None:
            return row | {"is_detached": 1}
        return row | span_values(found.span, found.quote)

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
            command_uuid=self._uuid,
            cause=self._cause,
            action=action,
            thread_id=target.thread_id,
            post_id=target.post_id,
            annotation_uuid=uuid,
            before=before,
            after=after,
        )
        self._threads[target.thread_id] = None
        for post_id in (target.post_id, target.to_post_id):
            if post_id is not None:
                self._posts[post_id] = None


def span_values(span: Span, quote: Quote) -> dict[str, object]:
    """Return the columns that say where a span is."""
    values = (span.start, span.end, quote.exact, quote.prefix, quote.suffix, 0)
    return dict(zip(rows.SPAN_COLUMNS, values, strict=True))


def undo_command(project: Project, annotator_id: int) -> Change | None:
    """Take back the annotator's newest command that stands; None if there is none.

    Raises:
        RuleError: If what it did no longer stands: nothing is changed, and the command leaves the stack, so that the
            next undo goes on with the one before.
        ProjectError: If the project cannot be written.
    """
    return _revert(project, annotator_id, Cause.UNDO)


def redo_command(project: Project, annotator_id: int) -> Change | None:
    """Do the annotator's oldest undone command again; None if there is none.

    Raises:
        RuleError: If that is no longer possible; it then leaves the stack, and nothing is changed.
        ProjectError: If the project cannot be written.
    """
    return _revert(project, annotator_id, Cause.REDO)


def _revert(project: Project, annotator_id: int, cause: Cause) -> Change | None:
    is_undo = cause is Cause.UNDO
    with project.transaction() as connection:
        find = commands.next_to_undo if is_undo else commands.next_to_redo
        command = find(project, annotator_id)
        if command is None:
            return None
        writing = Writing(project, annotator_id, cause=cause, command_uuid=command.uuid)
        obstacle = ""
        connection.execute("SAVEPOINT revert")
        try:
            for event in latest_events(project, command.uuid):
                writing.revert(event)
        except RuleError as error:
            obstacle = error.message
        except sqlite3.IntegrityError:
            obstacle = "it does not fit what stands there now"
        if obstacle:
            connection.execute("ROLLBACK TO revert")
            commands.set_state(project, command, CommandState.DROPPED)
        else:
            commands.set_state(project, command, CommandState.UNDONE if is_undo else CommandState.DONE)
    if obstacle:
        raise RuleError(
            f"“{command.summary}” cannot be {'undone' if is_undo else 'redone'}: {obstacle}",
            f"It is skipped; {'undo' if is_undo else 'redo'} again goes on with the next one.",
        )
    return writing.changes(f"{'Undone' if is_undo else 'Redone'}: {command.summary}")
