"""The threads of a project: how an import becomes one.

What reads threads and posts is in `annotations.store.listing` and `annotations.store.posts`; it can be had from here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.lazy_posts import LazyPosts
from annotations.store.listing import ThreadSummary, find_thread, list_threads, load_report, load_thread
from annotations.store.post_writing import index_words, insert_posts, next_post_id
from annotations.store.posts import (
    find_post,
    iter_posts,
    load_post,
    load_posts,
    load_shape,
    load_source_record,
    to_json,
)
from annotations.store.prepared import PreparedThread
from annotations.store.same_thread import find_earlier, find_exported, find_same, free_key
from annotations.store.signing import Signing
from annotations.store.tree import measure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from sqlite3 import Connection

    from annotations.model import StoredThread, Thread
    from annotations.store.project import Project
    from annotations.store.revise import Revision
    from annotations.store.tree import Tree
    from annotations.work import Work

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
        characters: How many characters the texts of the source have.
        uncertain: How many of its posts the source allows to be read otherwise.
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
    characters: int = 0
    uncertain: int = 0
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
    prepared = prepare_thread(project, thread, location=location, source_sha256=source_sha256)
    if isinstance(prepared, SavedThread):
        return prepared
    project.work.begin("Waiting for the project", part=(0.25, 0.25))  # while another program writes
    with project.transaction():
        return write_threads(project, [prepared])[0]


def prepare_thread(
    project: Project, thread: Thread, *, location: str, source_sha256: str
) -> PreparedThread | SavedThread:
    """Do what of `save_thread` needs no lock; return the thread to be written, or what there is if nothing has changed."""
    prepared = PreparedThread(thread, location, source_sha256, project.work)
    with project.reading():
        known = find_same(project.connection, prepared)
        if known is not None and known[1] == source_sha256:
            return _saved(project, known[0], ImportStatus.UNCHANGED, prepared)
        if known is None and (exported := find_exported(project.connection, prepared)) is not None:
            return _saved(project, exported, ImportStatus.UNCHANGED, prepared)
        earlier = find_earlier(project.connection, prepared) if known is None else known[0]
        if earlier is not None and not _has_content(project.connection, earlier, prepared.content):
            prepared.compare(project, earlier)
    return prepared


def write_threads(project: Project, threads: Sequence[PreparedThread]) -> list[SavedThread]:
    """Write threads in the open transaction; their words are indexed together, which makes fewer pieces of the index."""
    connection, work = project.connection, project.work
    saved: list[SavedThread] = []
    signing: Signing | None = None  # of the posts that are not in the index
    for prepared in threads:
        known = find_same(connection, prepared)
        earlier = find_earlier(connection, prepared) if known is None else known[0]
        if earlier is None:
            signing = signing or _begin_signing(connection, prepared)
            thread_id = _insert_thread(project, prepared, signing)
            saved.append(_saved(project, thread_id, ImportStatus.NEW, prepared))
        elif _has_content(connection, earlier, prepared.content):
            # The bytes are new, what they say is not: so the next import of them is told at once, and what else the
            # source holds is not taken for a revision of this thread.
            connection.execute("UPDATE threads SET source_sha256 = ? WHERE id = ?", (prepared.source_sha256, earlier))
            saved.append(_saved(project, earlier, ImportStatus.UNCHANGED, prepared))
        else:
            _index(connection, signing, work)  # a revision forgets words, which must be there, and indexes its own
            signing = None
            saved.append(_revise(project, earlier, prepared))
    _index(connection, signing, work)
    work.begin("Writing to disk", part=(0.93, 1))
    return saved


def _begin_signing(connection: Connection, prepared: PreparedThread) -> Signing:
    posts = prepared.thread.posts
    return Signing(connection, next_post_id(connection), posts.other if isinstance(posts, LazyPosts) else None)


def _index(connection: Connection, signing: Signing | None, work: Work) -> None:
    if signing is not None:
        work.begin("Indexing", signing.behind - signing.start, "comments", part=(0.6, 0.93))
        index_words(connection, signing.start, signing.behind, work)
        signing.finish()


def _saved(
    project: Project, thread_id: int, status: ImportStatus, prepared: PreparedThread, revision: Revision | None = None
) -> SavedThread:
    thread = load_thread(project, thread_id)
    characters, uncertain = prepared.characters, prepared.uncertain
    if revision is None:
        return SavedThread(thread=thread, status=status, characters=characters, uncertain=uncertain)
    return SavedThread(
        thread=thread,
        status=status,
        characters=characters,
        uncertain=uncertain,
        added=revision.added,
        changed=revision.changed,
        removed=revision.removed,
        kept=revision.spans.kept,
        moved=revision.spans.moved,
        edited=revision.spans.edited,
        detached=revision.spans.detached,
        on_removed=revision.on_removed,
    )


def _revise(project: Project, thread_id: int, prepared: PreparedThread) -> SavedThread:
    from annotations.store.revise import revise_thread  # noqa: PLC0415  # loaded on use

    comparison = prepared.compared(project, thread_id)
    revision = revise_thread(project, prepared.thread, comparison)
    _update_thread(project, thread_id, prepared, revision.tree)
    return _saved(project, thread_id, ImportStatus.REVISED, prepared, revision)


def _has_content(connection: Connection, thread_id: int, content: str) -> bool:
    query = "SELECT content_sha256 = ? FROM threads WHERE id = ?"
    return bool(connection.execute(query, (content, thread_id)).fetchone()[0])


def _insert_thread(project: Project, prepared: PreparedThread, signing: Signing) -> int:
    connection, thread = project.connection, prepared.thread
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
            prepared.content,
            thread.format,
            thread.url,
            len(thread.posts),
            max(prepared.depths),
            now,
            _report(prepared, first_imported_at=now),
            to_json(thread.meta),
        ),
    )
    thread_id = cursor.lastrowid or 0
    tree = measure(prepared.parents)
    insert_posts(connection, thread_id, thread.posts, tree, prepared.shape, project.work, signing)
    return thread_id


def _update_thread(project: Project, thread_id: int, prepared: PreparedThread, tree: Tree) -> None:
    thread = prepared.thread
    report = load_report(project, thread_id)
    project.connection.execute(
        """
        UPDATE threads SET title = ?, source_key = ?, source_sha256 = ?, content_sha256 = ?, format = ?, url = ?,
            posts = ?, max_depth = ?, revision = revision + 1, imported_at = ?, report = ?, meta = ?
        WHERE id = ?
        """,
        (
            thread.title,
            thread.key,
            prepared.source_sha256,
            prepared.content,
            thread.format,
            thread.url,
            len(tree.parents),
            max(tree.depths),
            project.now(),
            _report(prepared, first_imported_at=report.get("first_imported_at", "")),
            to_json(thread.meta),
            thread_id,
        ),
    )


def _report(prepared: PreparedThread, *, first_imported_at: str) -> str:
    return to_json(
        {
            "key": prepared.thread.key,
            "dropped": prepared.thread.dropped,
            "warnings": list(prepared.thread.warnings),
            "uncertain": prepared.uncertain,
            "characters": prepared.characters,
            "has_path_keys": prepared.has_path_keys,
            "first_imported_at": first_imported_at,
        }
    )
