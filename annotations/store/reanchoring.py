"""Spans whose text has changed under them: found again by their quotes, or kept as detached."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from annotations.anchoring import anchor, expected_start
from annotations.span import Quote
from annotations.store.history import Action, Cause, record_event
from annotations.store.rows import load_row, update_row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.store.project import Project
    from annotations.store.rows import Row


def reanchor_spans(project: Project, thread_id: int, changes: Mapping[int, tuple[str, str]]) -> tuple[int, int]:
    """Place the spans of posts whose texts have changed, in the open transaction.

    Each annotation that is not exactly as before gets an event with the cause `import`. One that was detached by an
    earlier import is placed again if its words have come back.

    Args:
        project: The project, with a transaction open; the posts have their new texts.
        thread_id: The thread.
        changes: The old and the new text of each changed post, by its row.

    Returns:
        How many annotations stand elsewhere or quote edited words, and how many were detached.
    """
    planned = []
    spans = project.connection.execute(
        "SELECT id, post_id FROM annotations WHERE thread_id = ? AND start_char IS NOT NULL ORDER BY id", (thread_id,)
    ).fetchall()
    for annotation_id, post_id in project.work.heed(spans, 1):
        if post_id in changes:
            before = load_row(project, annotation_id)
            after = _placed(before, *changes[post_id])
            if after != before:
                planned.append((before, after))
    # No two spans of one annotator with one label may be the same: all leave their places before any takes a new one.
    project.connection.executemany(
        "UPDATE annotations SET is_detached = 1 WHERE id = ?", [(before["id"],) for before, _ in planned]
    )
    import_uuid = project.new_id()
    written = [(before, _write(project, before, after, import_uuid)) for before, after in planned]
    moved = sum(1 for before, after in written if not after["is_detached"] and _place(before) != _place(after))
    detached = sum(1 for before, after in written if after["is_detached"] and not before["is_detached"])
    return moved, detached


def _placed(row: Row, old: str, new: str) -> Row:
    """Return the row as it is to be in the new text."""
    # The offsets of a detached span belong to some earlier text, not to this one.
    start = row["start_char"] if row["is_detached"] else expected_start(old, new, row["start_char"])
    found = anchor(new, Quote(row["exact"], row["prefix"] or "", row["suffix"] or ""), start)
    if found is None:
        return {**row, "is_detached": 1}
    return {
        **row,
        "start_char": found.span.start,
        "end_char": found.span.end,
        "exact": found.quote.exact,
        "prefix": found.quote.prefix,
        "suffix": found.quote.suffix,
        "is_detached": 0,
    }


def _place(row: Row) -> tuple[object, ...]:
    return row["start_char"], row["end_char"], row["exact"], row["is_detached"]


def _write(project: Project, before: Row, after: Row, import_uuid: str) -> Row:
    """Write a row and its event; one whose place is taken by another of the same label is detached instead."""
    after = {**after, "updated_at": project.now()}
    try:
        update_row(project, after)
    except sqlite3.IntegrityError:
        after = {**before, "is_detached": 1, "updated_at": after["updated_at"]}
        update_row(project, after)
    record_event(
        project,
        annotator_id=after["annotator_id"],
        command_uuid=import_uuid,
        cause=Cause.IMPORT,
        action=Action.CHANGE,
        thread_id=after["thread_id"],
        post_id=after["post_id"],
        annotation_uuid=after["uuid"],
        before=before,
        after=after,
    )
    return after
