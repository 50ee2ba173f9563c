"""Spans whose text has changed under them: found again by their quotes, or kept as detached."""

from __future__ import annotations

import sqlite3
from itertools import groupby
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.anchoring import Anchoring
from annotations.span import Quote, Span
from annotations.store.history import Action, Cause, record_event
from annotations.store.rows import load_row, update_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from annotations.store.project import Project
    from annotations.store.rows import Row


class SpanCounts(Struct, frozen=True, kw_only=True):
    """What became of a thread's spans.

    Args:
        kept: How many stand where they stood and say what they said.
        moved: How many say the same elsewhere.
        edited: How many say something similar now.
        detached: How many are lost that were not before.
    """

    kept: int
    moved: int
    edited: int
    detached: int


def posts_with_spans(connection: sqlite3.Connection, thread_id: int) -> frozenset[int]:
    """Return the rows of those posts of a thread in which there are spans."""
    query = "SELECT DISTINCT post_id FROM annotations WHERE thread_id = ? AND start_char IS NOT NULL"
    return frozenset(row_id for (row_id,) in connection.execute(query, (thread_id,)))


def reanchor_spans(project: Project, thread_id: int, changes: Mapping[int, tuple[str, str]]) -> SpanCounts:
    """Place the spans of posts whose texts have changed, in the open transaction.

    Each annotation that is not exactly as before gets an event with the cause `import`. One that was detached by an
    earlier import is placed again if its words have come back.

    Args:
        project: The project, with a transaction open; the posts have their new texts.
        thread_id: The thread.
        changes: The old and the new text of each changed post in which there are spans, by its row.
    """
    planned = list(_planned(project, thread_id, changes))
    # No two spans of one annotator with one label may be the same: all leave their places before any takes a new one.
    project.connection.executemany(
        "UPDATE annotations SET is_detached = 1 WHERE id = ?", [(before["id"],) for before, _ in planned]
    )
    import_uuid = project.new_id()
    written = [(before, _write(project, before, after, import_uuid)) for before, after in planned]
    placed = [(before, after) for before, after in written if not after["is_detached"]]
    edited = sum(1 for before, after in placed if before["exact"] != after["exact"])
    moved = sum(1 for before, after in placed if before["exact"] == after["exact"] and _place(before) != _place(after))
    (standing,) = project.connection.execute(
        "SELECT COUNT(*) FROM annotations WHERE thread_id = ? AND start_char IS NOT NULL AND is_detached = 0",
        (thread_id,),
    ).fetchone()
    return SpanCounts(
        kept=standing - edited - moved,
        moved=moved,
        edited=edited,
        detached=sum(1 for before, after in written if after["is_detached"] and not before["is_detached"]),
    )


def _planned(project: Project, thread_id: int, changes: Mapping[int, tuple[str, str]]) -> Iterator[tuple[Row, Row]]:
    """Yield the rows that are to change, as they are and as they are to be."""
    spans = project.connection.execute(
        "SELECT post_id, id FROM annotations WHERE thread_id = ? AND start_char IS NOT NULL ORDER BY post_id, id",
        (thread_id,),
    ).fetchall()
    changed = [span for span in spans if span[0] in changes]
    for post_id, of_post in groupby(project.work.heed(changed, 1), key=lambda span: span[0]):
        old, new = changes[post_id]
        anchoring = Anchoring(new, old)  # one for all spans of a post: to compare the texts is the dear part
        for _, annotation_id in of_post:
            before = load_row(project, annotation_id)
            after = _placed(before, anchoring)
            if after != before:
                yield before, after


def _placed(row: Row, anchoring: Anchoring) -> Row:
    """Return the row as it is to be in the new text."""
    # The offsets of a detached span belong to some earlier text, not to the last one.
    span = None if row["is_detached"] else Span(row["start_char"], row["end_char"])
    sought = Quote(row["exact"], row["prefix"] or "", row["suffix"] or "")
    found = anchoring.find(sought, row["start_char"], span)
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
    return row["start_char"], row["end_char"], row["is_detached"]


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
