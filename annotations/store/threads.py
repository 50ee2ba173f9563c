"""The threads of a project: how an import becomes one.

What reads threads and posts is in `annotations.store.listing` and `annotations.store.posts`; it can be had from here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from annotations.store.listing import ThreadSummary, find_thread, list_threads, load_report, load_thread
from annotations.store.posts import (
    find_post,
    insert_posts,
    iter_posts,
    load_post,
    load_posts,
    load_shape,
    load_source_record,
    to_json,
)
from annotations.store.prepared import PreparedThread
from annotations.store.tree import check_thread, content_sha256, has_path_keys, parent_positions

if TYPE_CHECKING:
    from sqlite3 import Connection

    from annotations.model import StoredThread, Thread
    from annotations.store.project import Project
    from annotations.store.tree import Tree

__all__ = [
    "ImportStatus",
    "SavedThread",
    "ThreadSummary",
    "find_post",
    "find_thread",
    "iter_posts",
    "list_threads",
    "load_post",
    "load_posts",
    "load_report",
    "load_shape",
    "load_source_record",
    "load_thread",
    "save_thread",
]

STANDARD_INPUT = "-"
"""The location of what came through a pipe: it is no place to which the same source would return."""


class ImportStatus(StrEnum):
    """What an import made of a thread."""

    NEW = "new"
    UNCHANGED = "unchanged"
    REVISED = "revised"


class SavedThread(Struct, frozen=True, kw_only=True):
    """What an import made of a thread.

    Args:
        thread: The thread as it now is in the project.
        status: New, unchanged or revised.
        added: Posts that a revision brought.
        changed: Posts whose text a revision changed.
        removed: Posts that the source no longer has; they stay, with `removed_at` in their meta.
        kept: Annotations whose spans stand where they stood and say what they said.
        moved: Annotations whose spans say the same elsewhere.
        edited: Annotations whose spans say something similar now.
        detached: Annotations whose spans could not be placed; they stay, with their old quote.
        on_removed: Annotations of posts that the source no longer has.
    """

    thread: StoredThread
    status: ImportStatus
    added: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0
    moved: int = 0
    edited: int = 0
    detached: int = 0
    on_removed: int = 0


def save_thread(project: Project, thread: Thread, *, location: str, source_sha256: str) -> SavedThread:
    """Store what an importer read, all of it or nothing.

    A thread that the project has already, from this location or from the same bytes, stays as it is. One that came
    from this location with other content is revised: its posts keep their rows, and with them their labels. A thread
    of a source that holds several is told apart by its title, or by a key that no other thread of that source has.

    Args:
        project: The project.
        thread: The thread.
        location: Where its source is: an absolute path or an address; "-" for standard input, where every thread is
            a new one unless its content is known.
        source_sha256: The hash of the source's bytes.

    Raises:
        SourceError: If the posts are not a tree with the article as its root, or a text is not clean.
        ProjectError: If the project cannot be written.
    """
    work = project.work
    work.begin("Checking the thread", len(thread.posts), "comments", part=(0, 0.12))
    thread = replace(thread, posts=check_thread(thread, work))
    work.begin("Checking the thread", len(thread.posts), "comments", part=(0.12, 0.17))
    content = content_sha256(thread, work)
    with project.reading():
        known = _find_same(project.connection, thread.key, content, location, source_sha256)
    if known is not None and known[1] == source_sha256:
        return SavedThread(thread=load_thread(project, known[0]), status=ImportStatus.UNCHANGED)
    prepared = PreparedThread(thread, work)
    with project.reading():
        earlier = _find_earlier(project.connection, thread, location, source_sha256) if known is None else known[0]
        if earlier is not None and not _has_content(project.connection, earlier, content):
            prepared.compare(project, earlier)
    work.begin("Waiting for the project", part=(0.25, 0.25))  # while another program writes
    with project.transaction() as connection:
        known = _find_same(connection, thread.key, content, location, source_sha256)
        earlier = _find_earlier(connection, thread, location, source_sha256) if known is None else known[0]
        if earlier is None:
            thread_id = _insert_thread(project, prepared, content, location, source_sha256)
            return SavedThread(thread=load_thread(project, thread_id), status=ImportStatus.NEW)
        if _has_content(connection, earlier, content):
            # The bytes are new, what they say is not: so the next import of them is told at once, and what else the
            # source holds is not taken for a revision of this thread.
            connection.execute("UPDATE threads SET source_sha256 = ? WHERE id = ?", (source_sha256, earlier))
            return SavedThread(thread=load_thread(project, earlier), status=ImportStatus.UNCHANGED)
        return _revise(project, earlier, prepared, content, source_sha256)


def _revise(
    project: Project, thread_id: int, prepared: PreparedThread, content: str, source_sha256: str
) -> SavedThread:
    from annotations.store.revise import revise_thread  # noqa: PLC0415  # loaded on use

    thread = prepared.thread
    revision = revise_thread(project, thread, prepared.compared(project, thread_id))
    _update_thread(project, thread_id, thread, content, source_sha256, revision.tree)
    return SavedThread(
        thread=load_thread(project, thread_id),
        status=ImportStatus.REVISED,
        added=revision.added,
        changed=revision.changed,
        removed=revision.removed,
        kept=revision.spans.kept,
        moved=revision.spans.moved,
        edited=revision.spans.edited,
        detached=revision.spans.detached,
        on_removed=revision.on_removed,
    )


def _has_content(connection: Connection, thread_id: int, content: str) -> bool:
    query = "SELECT content_sha256 = ? FROM threads WHERE id = ?"
    return bool(connection.execute(query, (content, thread_id)).fetchone()[0])


def _find_same(
    connection: Connection, key: str, content: str, location: str, source_sha256: str
) -> tuple[int, str] | None:
    """Return row and source hash of the thread that says the same and came from here or from the same bytes.

    Within one source, threads that say the same are told apart by what the source calls them.
    """
    row = connection.execute(
        """
        SELECT id, source_sha256 FROM threads
        WHERE content_sha256 = ?1 AND (source = ?2 AND json_extract(report, '$.key') = ?4
            OR source <> ?2 AND source_sha256 = ?3)
        ORDER BY source = ?2 DESC, id LIMIT 1
        """,
        (content, location, source_sha256, key),
    ).fetchone()
    return None if row is None else (row[0], row[1])


def _find_earlier(connection: Connection, thread: Thread, location: str, source_sha256: str) -> int | None:
    """Return the row of the thread whose later state `thread` is, or None if it is a thread of its own."""
    if location == STANDARD_INPUT:
        return None
    rows = connection.execute(
        "SELECT id, title, json_extract(report, '$.key'), source_sha256 FROM threads WHERE source = ? ORDER BY id",
        (location,),
    ).fetchall()
    # What these very bytes have brought is another thread of the same source, not an earlier state of this one.
    waiting = [row for row in rows if row[3] != source_sha256]
    for row in waiting:
        if row[1] == thread.title and row[2] == thread.key:
            return int(row[0])
    same_title = [row for row in waiting if row[1] == thread.title]
    if len(same_title) == 1:
        return int(same_title[0][0])
    same_key = [row for row in rows if row[2] == thread.key]
    if len(same_key) == 1 and same_key[0] in waiting:
        return int(same_key[0][0])
    return None


def _insert_thread(project: Project, prepared: PreparedThread, content: str, location: str, source_sha256: str) -> int:
    connection, thread, tree = project.connection, prepared.thread, prepared.tree
    now = project.now()
    cursor = connection.execute(
        """
        INSERT INTO threads (key, title, source, source_sha256, content_sha256, format, url, posts, max_depth,
            imported_at, report, meta)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            _free_key(connection, thread.key),
            thread.title,
            location,
            source_sha256,
            content,
            thread.format,
            thread.url,
            len(thread.posts),
            max(tree.depths),
            now,
            _report(thread, prepared.parents, first_imported_at=now),
            to_json(thread.meta),
        ),
    )
    thread_id = cursor.lastrowid or 0
    insert_posts(connection, thread_id, thread.posts, tree, prepared.shape, project.work)
    project.work.begin("Writing to disk", part=(0.93, 1))
    return thread_id


def _update_thread(  # noqa: PLR0913, PLR0917  # what a revision changes
    project: Project, thread_id: int, thread: Thread, content: str, source_sha256: str, tree: Tree
) -> None:
    report = load_report(project, thread_id)
    project.connection.execute(
        """
        UPDATE threads SET title = ?, source_sha256 = ?, content_sha256 = ?, format = ?, url = ?, posts = ?,
            max_depth = ?, revision = revision + 1, imported_at = ?, report = ?, meta = ?
        WHERE id = ?
        """,
        (
            thread.title,
            source_sha256,
            content,
            thread.format,
            thread.url,
            len(tree.parents),
            max(tree.depths),
            project.now(),
            _report(thread, parent_positions(thread.posts), first_imported_at=report.get("first_imported_at", "")),
            to_json(thread.meta),
            thread_id,
        ),
    )


def _report(thread: Thread, parents: list[int], *, first_imported_at: str) -> str:
    return to_json(
        {
            "key": thread.key,
            "dropped": thread.dropped,
            "warnings": list(thread.warnings),
            "uncertain": sum(1 for post in thread.posts if post.uncertain),
            "characters": sum(len(post.text) for post in thread.posts),
            "has_path_keys": has_path_keys(thread.posts, parents),
            "first_imported_at": first_imported_at,
        }
    )


def _free_key(connection: Connection, key: str) -> str:
    """Return `key`, or the first of `key-2`, `key-3` … that no thread has."""
    key = key or "thread"
    # In ASCII the full stop follows the hyphen: this range is everything that begins with the key and a hyphen.
    taken = {
        row[0]
        for row in connection.execute(
            "SELECT key FROM threads WHERE key = ?1 OR (key >= ?1 || '-' AND key < ?1 || '.')", (key,)
        )
    }
    if key not in taken:
        return key
    number = 2
    while f"{key}-{number}" in taken:
        number += 1
    return f"{key}-{number}"
