"""The row of a thread, as an import writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.store.listing import load_report
from annotations.store.post_writing import insert_lots
from annotations.store.posts import save_shape, to_json
from annotations.store.same_thread import free_key
from annotations.store.tree import measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from annotations.store.lots import Lot
    from annotations.store.prepared import PreparedThread
    from annotations.store.project import Project
    from annotations.store.signing import Signing
    from annotations.store.tree import Tree
    from annotations.work import Work

_FORMER = 100
"""Former states of a thread that are known again when they come from another place."""


def insert_thread(project: Project, prepared: PreparedThread, signing: Signing) -> int:
    """Write a new thread with its posts; return its row. It may be that only by that it is heard what it says.

    Raises:
        SourceError: If a text is not clean, and only now that is heard.
    """
    connection, thread = project.connection, prepared.thread
    is_late = not prepared.is_heard
    now = project.now()
    cursor = connection.execute(
        """
        INSERT INTO threads (key, title, source, source_key, source_sha256, content_sha256, format, url, posts,
            max_depth, imported_at, report, meta)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            free_key(connection, thread.key),
            thread.title,
            prepared.location,
            thread.key,
            prepared.source_sha256,
            "" if is_late else prepared.content,
            thread.format,
            thread.url,
            len(thread.posts),
            max(prepared.depths),
            now,
            "{}" if is_late else _report(prepared, first_imported_at=now),
            to_json(thread.meta),
        ),
    )
    thread_id = cursor.lastrowid or 0
    project.work.begin("Storing", len(thread.posts), "comments", part=(prepared.share, 0.9))
    lots = _told(prepared.lots(signing.room), signing, project.work)
    insert_lots(connection, thread_id, lots, measure(prepared.parents), signing.behind)
    save_shape(connection, thread_id, prepared.shape)
    if is_late:
        report = _report(prepared, first_imported_at=now)
        query = "UPDATE threads SET content_sha256 = ?, report = ? WHERE id = ?"
        connection.execute(query, (prepared.content, report, thread_id))
    return thread_id


def _told(lots: Iterable[Lot], signing: Signing, work: Work) -> Iterator[Lot]:
    """Yield posts as rows, and sign and index them when they have been written."""
    for lot in lots:
        yield lot
        signing.add(lot)
        signing.index_words(is_all=False)  # while they are in memory, and the other process makes more of them
        work.advance(work.done + len(lot.rows))


def update_thread(project: Project, thread_id: int, prepared: PreparedThread, tree: Tree) -> str:
    """Write what a thread is now; return where its source was before."""
    thread, connection = prepared.thread, project.connection
    report = load_report(project, thread_id)
    query = "SELECT source, content_sha256 FROM threads WHERE id = ?"
    came_from, content = connection.execute(query, (thread_id,)).fetchone()
    former = list(report.get("former", ()))
    if came_from != prepared.location:  # what lies there still is no news
        former = [*former, content][-_FORMER:]
    connection.execute(
        """
        UPDATE threads SET title = ?, source = ?, source_key = ?, source_sha256 = ?, content_sha256 = ?, format = ?,
            url = ?, posts = ?, max_depth = ?, revision = revision + 1, imported_at = ?, report = ?, meta = ?
        WHERE id = ?
        """,
        (
            thread.title,
            prepared.location,
            thread.key,
            prepared.source_sha256,
            prepared.content,
            thread.format,
            thread.url,
            len(tree.parents),
            max(tree.depths),
            project.now(),
            _report(prepared, first_imported_at=report.get("first_imported_at", ""), former=former),
            to_json(thread.meta),
            thread_id,
        ),
    )
    return str(came_from)


def _report(prepared: PreparedThread, *, first_imported_at: str, former: Sequence[str] = ()) -> str:
    report = {
        "key": prepared.thread.key,
        "dropped": prepared.thread.dropped,
        "warnings": list(prepared.thread.warnings),
        "uncertain": prepared.uncertain,
        "characters": prepared.characters,
        "has_path_keys": prepared.has_path_keys,
        "first_imported_at": first_imported_at,
    }
    return to_json({**report, "former": list(former)} if former else report)
