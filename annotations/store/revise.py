"""A thread whose source has changed: its posts keep their rows, and with them what was put on them.

Everything here writes in the caller's open transaction.
"""

from __future__ import annotations

import re
from itertools import chain, count, pairwise
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from annotations.shape import Shape, size_class
from annotations.store.detached import REMOVED_AT, count_on_removed
from annotations.store.matching import OldPost, match_posts
from annotations.store.post_writing import INSERT_POST, content_columns, forget_words, index_words, next_post_id
from annotations.store.posts import from_json, save_shape, to_json
from annotations.store.reading import carry_marks
from annotations.store.reanchoring import SpanCounts, reanchor_spans
from annotations.store.signatures import index_signs, renew_signs
from annotations.store.tree import measure, pre_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from sqlite3 import Connection

    from annotations.model import Post, Thread
    from annotations.store.project import Project
    from annotations.store.tree import Tree

_REMOVED_KEY = re.compile(r"-removed(-\d+)?\Z")

_SELECT = """
    SELECT key, parent_id, position, depth, subtree_size, kind, author, created_at, text, sha256, uncertain, meta,
        revision, id
    FROM posts WHERE thread_id = ? ORDER BY position
"""

_UPDATE = """
    UPDATE posts SET key = ?, parent_id = ?, position = ?, depth = ?, subtree_size = ?, kind = ?, author = ?,
        created_at = ?, text = ?, sha256 = ?, uncertain = ?, meta = ?, revision = ?
    WHERE id = ?
"""


class Revision(Struct, frozen=True, kw_only=True):
    """What became of a thread.

    Args:
        tree: Where its posts stand now, those that are gone from the source included.
        added: Posts that are new.
        changed: Posts whose text changed.
        removed: Posts that the source no longer has, and had at the last import.
        spans: What became of the spans in it.
        on_removed: Annotations that are put on posts that are gone, in them, or lead to them.
    """

    tree: Tree
    added: int
    changed: int
    removed: int
    spans: SpanCounts
    on_removed: int


class _Row(NamedTuple):
    """A post as the project has it before the revision: its columns, in the order in which they are written."""

    key: str
    parent_id: int | None
    position: int
    depth: int
    subtree_size: int
    kind: str
    author: str | None
    created_at: str | None
    text: str
    sha256: str
    uncertain: str
    meta: str
    revision: int
    id: int


class _Place(Struct, frozen=True):
    """A post as it will stand: `old` is None for one that is new, `new` for one that the source no longer has."""

    id: int
    key: str
    old: _Row | None
    new: Post | None

    @property
    def text(self) -> str:
        """What the post will say."""
        return self.new.text if self.new else self.old.text if self.old else ""


class Comparison(Struct, frozen=True):
    """Which posts of a source are which of the project: what takes long, and can be known before anything is written.

    Args:
        thread_id: The thread.
        revision: Which of its revisions the source was compared with.
        rows: Its posts in that revision.
        parents: The position of the parent of each post of the source; -1 for the article.
        found: For each post of the source the place of the one that it is among the rows, or None.
    """

    thread_id: int
    revision: int
    rows: list[_Row]
    parents: Sequence[int]
    found: list[int | None]


def compare_thread(
    project: Project, thread_id: int, thread: Thread, parents: Sequence[int], *, has_source_keys: bool
) -> Comparison:
    """Find out which posts of a source are which of the project.

    Args:
        project: The project.
        thread_id: The thread.
        thread: What the source says now, its posts in pre-order.
        parents: The position of the parent of each of them; -1 for the article.
        has_source_keys: Whether keys are the source's own names for its posts, then and now, not merely their paths.
    """
    connection, work = project.connection, project.work
    work.begin("Comparing with what is there", part=(0.25, 0.5))
    query = "SELECT revision FROM threads WHERE id = ?"  # first: what changes afterwards is noticed by it
    revision: int = connection.execute(query, (thread_id,)).fetchone()[0]
    rows = _load_rows(connection, thread_id)
    found = match_posts(_old_posts(rows), thread.posts, parents, has_source_keys=has_source_keys, work=work)
    return Comparison(thread_id, revision, rows, parents, found)


def revise_thread(project: Project, thread: Thread, comparison: Comparison) -> Revision:
    """Bring the posts of a thread to what its source says now.

    Posts that are the same keep their rows; texts that changed go to `post_revisions`, and the spans in them are found
    again by their quotes. Posts that are gone from the source stay, behind the other answers to their parents.

    Args:
        project: The project, with a transaction open.
        thread: What the source says now, its posts in pre-order.
        comparison: Which of its posts are which of the project's, as that stands in this transaction.
    """
    connection, work = project.connection, project.work
    thread_id = comparison.thread_id
    first_new_id = next_post_id(connection)
    places, tree = _arrange(comparison.rows, thread.posts, comparison.parents, comparison.found, first_new_id)
    now = project.now()
    work.begin("Storing", part=(0.5, 0.8))
    _write_posts(connection, thread_id, places, tree, now)
    if _has_new_order(places):  # the thread's own count goes up when all is written
        connection.execute("UPDATE threads SET reordered_revision = revision + 1 WHERE id = ?", (thread_id,))
    work.begin("Indexing", next_post_id(connection) - first_new_id, "comments", part=(0.8, 0.9))
    carry_marks(connection, thread_id, [None if place.old is None else place.old.position for place in places])
    _write_words(project, places, first_new_id)
    work.begin("Placing the labels", part=(0.9, 1))
    shape = Shape("".join(map(chr, tree.depths)), bytes(size_class(place.text) for place in places))
    save_shape(connection, thread_id, shape)
    changes = {place.id: (old.text, new.text) for place, old, new in _matched(places) if old.text != new.text}
    spans = reanchor_spans(project, thread_id, changes)
    return Revision(
        tree=tree,
        added=sum(1 for place in places if place.old is None),
        changed=len(changes),
        removed=sum(
            1 for place in places if place.new is None and place.old and REMOVED_AT not in from_json(place.old.meta)
        ),
        spans=spans,
        on_removed=count_on_removed(connection, thread_id),
    )


def _load_rows(connection: Connection, thread_id: int) -> list[_Row]:
    """Return a thread's posts in pre-order."""
    return [_Row(*row) for row in connection.execute(_SELECT, (thread_id,))]


def _old_posts(rows: Sequence[_Row]) -> list[OldPost]:
    places: dict[int | None, int] = {row.id: place for place, row in enumerate(rows)}
    return [
        OldPost(row.key, places.get(row.parent_id, -1), row.author, row.text, row.sha256, row.created_at)
        for row in rows
    ]


def _arrange(
    rows: Sequence[_Row], posts: Sequence[Post], parents: Sequence[int], found: Sequence[int | None], first_new_id: int
) -> tuple[list[_Place], Tree]:
    """Return all posts in pre-order, those that are gone as the last answers to their old parents, and their tree."""
    places: list[_Place] = []
    new_ids = count(first_new_id)
    for post, old_place in zip(posts, found, strict=True):
        old = None if old_place is None else rows[old_place]
        places.append(_Place(next(new_ids) if old is None else old.id, post.key, old, post))
    kept = {place.id for place in places}
    # What has been gone for longer stays in front of what is gone now.
    gone = sorted((row for row in rows if row.id not in kept), key=lambda row: not _is_gone(row))
    used = {place.key for place in places}
    taken = used | {row.key for row in gone}
    for row in gone:
        key = _free_key(row.key, taken) if row.key in used else row.key
        taken.add(key)
        places.append(_Place(row.id, key, row, None))
    # Every old post still has a place, so every old parent has one; and no post of the source answers one that is gone.
    by_id: dict[int | None, int] = {place.id: number for number, place in enumerate(places)}
    all_parents = [*parents, *(by_id[row.parent_id] for row in gone)]
    order = pre_order(all_parents)
    ranks = {number: position for position, number in enumerate(order)}
    tree = measure([ranks.get(all_parents[number], -1) for number in order])
    return [places[number] for number in order], tree


def _has_new_order(places: Sequence[_Place]) -> bool:
    """Tell whether posts that were there before stand in another order now."""
    before = [place.old.position for place in places if place.old is not None]
    return any(following < position for position, following in pairwise(before))


def _free_key(key: str, taken: set[str]) -> str:
    """Return a key for a post that is gone, whose own the source uses for another post now."""
    base = f"{_REMOVED_KEY.sub('', key)}-removed"
    candidates = chain([base], (f"{base}-{number}" for number in count(2)))
    return next(candidate for candidate in candidates if candidate not in taken)


def _is_gone(row: _Row) -> bool:
    """Tell whether an earlier import no longer found the post."""
    return REMOVED_AT in from_json(row.meta)


def _matched(places: Iterable[_Place]) -> Iterator[tuple[_Place, _Row, Post]]:
    """Yield the posts that were there and still are."""
    for place in places:
        if place.old is not None and place.new is not None:
            yield place, place.old, place.new


def _write_posts(connection: Connection, thread_id: int, places: Sequence[_Place], tree: Tree, now: str) -> None:
    inserts: list[tuple[object, ...]] = []
    updates: list[_Row] = []
    vacated: list[tuple[int]] = []
    for position, place in enumerate(places):
        parent_id = places[tree.parents[position]].id if position else None
        where = (place.key, parent_id, position, tree.depths[position], tree.sizes[position])
        if place.old is None:
            if place.new is not None:
                inserts.append((place.id, thread_id, *where, *content_columns(place.new)))
            continue
        row = _revised(place.old, where, place.new, now)
        if row != place.old:
            updates.append(row)
            vacated.append((row.id,))
    connection.executemany(
        "INSERT INTO post_revisions (post_id, revision, text, sha256, replaced_at) VALUES (?, ?, ?, ?, ?)",
        ((old.id, old.revision, old.text, old.sha256, now) for _, old, new in _matched(places) if old.text != new.text),
    )
    # Keys and positions are unique: all are given up before any is given anew. No clean text holds U+0001.
    connection.executemany("UPDATE posts SET position = NULL, key = char(1) || id WHERE id = ?", vacated)
    connection.executemany(INSERT_POST, inserts)  # before the updates, for old posts may answer new ones
    if inserts:  # the thread's own count goes up when all is written
        connection.execute(
            "UPDATE posts SET added_revision = (SELECT revision + 1 FROM threads WHERE id = ?) WHERE id >= ?",
            (thread_id, inserts[0][0]),
        )
    connection.executemany(_UPDATE, updates)


def _revised(old: _Row, where: tuple[str, int | None, int, int, int], new: Post | None, now: str) -> _Row:
    """Return the row as it is to be; that of a post that is gone says since when."""
    if new is None:
        meta = to_json({REMOVED_AT: now, **from_json(old.meta)})
        return _Row._make((*where, *old[5:11], meta, old.revision, old.id))
    return _Row._make((*where, *content_columns(new), old.revision + (new.text != old.text), old.id))


def _write_words(project: Project, places: Sequence[_Place], first_new_id: int) -> None:
    connection, work = project.connection, project.work
    changed = [(old, new) for _, old, new in _matched(places) if (old.author, old.text) != (new.author, new.text)]
    forget_words(connection, ((old.id, old.author, old.text) for old, _ in changed))
    for old, _ in work.heed(changed):
        index_words(connection, old.id, old.id + 1)
    index_words(connection, first_new_id, next_post_id(connection), work)
    renew_signs(connection, (old.id for old, _ in changed), work)
    index_signs(connection, first_new_id, next_post_id(connection), work)
