"""The threads of a project: how an import becomes one.

What reads threads and posts is in `annotations.store.listing` and `annotations.store.posts`; it can be had from here.
"""

from __future__ import annotations

from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from annotations.store.listing import ThreadSummary, find_thread, list_threads, load_report, load_thread
from annotations.store.post_writing import next_post_id
from annotations.store.posts import (
    find_post,
    iter_posts,
    load_post,
    load_posts,
    load_shape,
    load_source_record,
)
from annotations.store.prepared import PreparedThread
from annotations.store.same_thread import find_earlier, find_exported, find_same, is_surely_new, release_source
from annotations.store.signing import Signing
from annotations.store.thread_rows import insert_thread, update_thread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from sqlite3 import Connection

    from annotations.model import StoredThread, Thread
    from annotations.store.prepared import Likeness
    from annotations.store.project import Project
    from annotations.store.revise import Revision
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


class UnheardThreadError(Exception):
    """A thread may be in the project already; it must be known what it says before it is written."""


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
        came_from: Where its source was before, if it was known again in another place; "" if it was not.
        is_left: Whether it was left as it is then: the project has a later or a fuller state of it.
        like: A thread that it is like, though nothing says that it is the same.
        share: Which part of the comments of the smaller of the two the other has.
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
    came_from: str = ""
    is_left: bool = False
    like: StoredThread | None = None
    share: float = 0.0


def save_thread(
    project: Project, thread: Thread, *, location: str, source_sha256: str, into: int | None = None
) -> SavedThread:
    """Store what an importer read, all of it or nothing.

    A thread that the project has already, from this location or from the same bytes, stays as it is. One that came
    from this location with other content is revised: its posts keep their rows, and with them their labels. A thread
    of a source that holds several is told apart by its title, or by a key that no other thread of that source has.
    One from another location is revised where the source itself says that it is the same.

    Args:
        project: The project.
        thread: The thread.
        location: Where its source is: an absolute path or an address; "-" for standard input, where every thread is
            a new one unless its content is known.
        source_sha256: The hash of the source's bytes.
        into: The row of the thread whose later state it is, as the analyst says; None to find that out.

    Raises:
        SourceError: If the posts are not a tree with the article as its root, or a text is not clean.
        ProjectError: If the project cannot be written.
    """
    prepared = prepare_thread(project, thread, location=location, source_sha256=source_sha256, into=into, is_alone=True)
    if isinstance(prepared, SavedThread):
        return prepared
    done = prepared.share
    project.work.begin("Waiting for the project", part=(done, done))  # while another program writes
    with suppress(UnheardThreadError), project.transaction():
        return write_threads(project, [prepared])[0]
    prepared.hear(project.work)  # somebody else has brought one that it may be
    with project.transaction():
        return write_threads(project, [prepared])[0]


def prepare_thread(  # noqa: PLR0913  # what is known of it, and how it is to be written
    project: Project,
    thread: Thread,
    *,
    location: str,
    source_sha256: str,
    into: int | None = None,
    is_alone: bool = False,
) -> PreparedThread | SavedThread:
    """Do what of `save_thread` needs no lock; return the thread to be written, or what there is if nothing has changed.

    A long thread that is to be written alone, and that cannot be in the project, is not gone through for that.
    """
    prepared = PreparedThread(thread, location, source_sha256, project.work, is_urgent=is_alone and into is None)
    prepared.into = into
    connection = project.connection
    with project.reading():
        if not prepared.is_heard and is_surely_new(connection, prepared):
            return prepared
        prepared.hear(project.work)
        if into is None:
            known = find_same(connection, prepared)
            if known is not None and known[1] == source_sha256:
                return _saved(project, known[0], ImportStatus.UNCHANGED, prepared)
            if known is None and (exported := find_exported(connection, prepared)) is not None:
                return _saved(project, exported, ImportStatus.UNCHANGED, prepared)
        earlier, likeness = _find(connection, prepared)
        if earlier is not None and not _has_content(connection, earlier, prepared.content):
            prepared.compare(project, earlier)
        if earlier is not None and likeness is not None and _is_left(project, earlier, prepared):
            return _left(project, earlier, prepared)
    return prepared


def _find(connection: Connection, prepared: PreparedThread) -> tuple[int | None, Likeness | None]:
    """Return the row of the thread that one is; and how it is like one of another source, if it was not found in its own."""
    if prepared.into is not None:
        return prepared.into, None
    known = find_same(connection, prepared)
    earlier = find_earlier(connection, prepared) if known is None else known[0]
    if earlier is not None:
        return earlier, None
    from annotations.store.elsewhere import find_elsewhere  # noqa: PLC0415  # only for what is not in the project

    likeness = find_elsewhere(connection, prepared)
    return (likeness.thread_id if likeness is not None and likeness.is_same else None), likeness


def _is_left(project: Project, thread_id: int, prepared: PreparedThread) -> bool:
    """Tell whether a thread from elsewhere is no news: its state is the present one, a former one, or a part of it."""
    if _has_content(project.connection, thread_id, prepared.content):
        return True
    if prepared.content in load_report(project, thread_id).get("former", ()):
        return True
    return prepared.compared(project, thread_id).is_part


def _left(project: Project, thread_id: int, prepared: PreparedThread) -> SavedThread:
    saved = _saved(project, thread_id, ImportStatus.UNCHANGED, prepared)
    is_same = _has_content(project.connection, thread_id, prepared.content)
    return replace(saved, came_from=saved.thread.source, is_left=not is_same)


def write_threads(project: Project, threads: Sequence[PreparedThread]) -> list[SavedThread]:
    """Write threads in the open transaction; their words are indexed together, which makes fewer pieces of the index."""
    connection, work = project.connection, project.work
    saved: list[SavedThread] = []
    signing: Signing | None = None  # of the posts that are not in the index
    for prepared in threads:
        if not prepared.is_heard and not is_surely_new(connection, prepared):
            raise UnheardThreadError
        earlier, likeness = _find(connection, prepared) if prepared.is_heard else (None, None)
        if earlier is None:
            signing = signing or Signing(connection, next_post_id(connection))
            thread_id = insert_thread(project, prepared, signing)
            new = _saved(project, thread_id, ImportStatus.NEW, prepared)
            saved.append(new if likeness is None else _likened(project, new, likeness))
        elif likeness is not None and _is_left(project, earlier, prepared):
            saved.append(_left(project, earlier, prepared))
        elif _has_content(connection, earlier, prepared.content):
            # The bytes are new, what they say is not: so the next import of them is told at once, and what else the
            # source holds is not taken for a revision of this thread.
            _take_over(project, earlier, prepared)
            saved.append(_saved(project, earlier, ImportStatus.UNCHANGED, prepared))
        else:
            _index(signing, work)  # a revision forgets words, which must be there, and indexes its own
            signing = None
            saved.append(_revise(project, earlier, prepared, is_elsewhere=likeness is not None))
    _index(signing, work)
    work.begin("Writing to disk", part=(0.93, 1))
    return saved


def _likened(project: Project, saved: SavedThread, likeness: Likeness) -> SavedThread:
    return replace(saved, like=load_thread(project, likeness.thread_id), share=likeness.share)


def _take_over(project: Project, thread_id: int, prepared: PreparedThread) -> None:
    """Say of a thread from where and from which bytes it came last; what came from there by mistake is no state of it."""
    connection = project.connection
    connection.execute("UPDATE threads SET source_sha256 = ? WHERE id = ?", (prepared.source_sha256, thread_id))
    if prepared.into is None:
        return
    called = (prepared.location, prepared.thread.key, thread_id)
    connection.execute("UPDATE threads SET source = ?, source_key = ? WHERE id = ?", called)
    release_source(connection, thread_id, prepared)


def _index(signing: Signing | None, work: Work) -> None:
    if signing is not None:
        work.begin("Indexing", signing.unindexed, "comments", part=(0.9, 0.93))
        signing.index_words(work=work)
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


def _revise(project: Project, thread_id: int, prepared: PreparedThread, *, is_elsewhere: bool) -> SavedThread:
    from annotations.store.revise import revise_thread  # noqa: PLC0415  # loaded on use

    comparison = prepared.compared(project, thread_id)
    revision = revise_thread(project, prepared.thread, comparison)
    came_from = update_thread(project, thread_id, prepared, revision.tree)
    if prepared.into is not None:
        release_source(project.connection, thread_id, prepared)
    saved = _saved(project, thread_id, ImportStatus.REVISED, prepared, revision)
    return replace(saved, came_from=came_from) if is_elsewhere else saved


def _has_content(connection: Connection, thread_id: int, content: str) -> bool:
    query = "SELECT content_sha256 = ? FROM threads WHERE id = ?"
    return bool(connection.execute(query, (content, thread_id)).fetchone()[0])
