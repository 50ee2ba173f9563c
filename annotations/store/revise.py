"""A thread whose source has changed: its posts keep their rows, and with them what was put on them.

Everything here writes in the caller's open transaction. A thread may have a million posts: of both its states a few hundred
are in memory at a time, and columns of numbers (`annotations.store.comparison`).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, overload

from msgspec import Struct

from annotations.lazy_posts import LazyPosts
from annotations.shape import Shape
from annotations.store.comparison import NEW, Comparison, arrange, compare_thread
from annotations.store.detached import REMOVED_AT, count_on_removed
from annotations.store.post_writing import INSERT_POST, content_columns, index_words, next_post_id
from annotations.store.posts import from_json, save_shape, to_json
from annotations.store.read_marks import carry_marks
from annotations.store.reanchoring import SpanCounts, posts_with_spans, reanchor_spans
from annotations.store.rewording import forget_words, index_again
from annotations.store.signatures import index_signs, renew_signs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from sqlite3 import Connection

    from annotations.model import Post, Thread
    from annotations.store.comparison import Arrangement
    from annotations.store.project import Project
    from annotations.store.tree import Tree

__all__ = ["Comparison", "Revision", "compare_thread", "revise_thread"]

_BATCH = 500
"""Posts that are in memory at a time."""

_SELECT = """
    SELECT key, parent_id, position, depth, subtree_size, kind, author, created_at, text, sha256, uncertain, meta,
        revision, id
    FROM posts WHERE id IN (SELECT value FROM json_each(?))
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
    arrangement = arrange(connection, comparison, first_new_id)
    places = arrangement.old
    work.begin("Storing", len(places), "comments", part=(0.5, 0.8))
    writing = _Writing(project, thread, comparison, arrangement)
    writing.write()
    if arrangement.has_new_order:  # the thread's own count goes up when all is written
        connection.execute("UPDATE threads SET reordered_revision = revision + 1 WHERE id = ?", (thread_id,))
    work.begin("Indexing", next_post_id(connection) - first_new_id, "comments", part=(0.8, 0.9))
    carry_marks(connection, thread_id, _CameFrom(places))
    _write_words(project, writing.reworded, first_new_id)
    work.begin("Placing the labels", part=(0.9, 1))
    save_shape(connection, thread_id, Shape("".join(map(chr, arrangement.tree.depths)), bytes(writing.sizes)))
    spans = reanchor_spans(project, thread_id, writing.changes)
    gone = comparison.old.gone
    return Revision(
        tree=arrangement.tree,
        added=sum(1 for place in places if place == NEW),
        changed=writing.changed,
        removed=sum(1 for old, new in zip(places, arrangement.new, strict=True) if new == NEW and not gone[old]),
        spans=spans,
        on_removed=count_on_removed(connection, thread_id),
    )


class _CameFrom(Sequence[int | None]):
    """For each position where the post that stands there stood before; None for a new one."""

    def __init__(self, places: array[int]) -> None:
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> int | None: ...
    @overload
    def __getitem__(self, place: slice) -> list[int | None]: ...
    def __getitem__(self, place: int | slice) -> int | list[int | None] | None:
        found = self._places[place]
        return (
            (None if found == NEW else found) if isinstance(found, int) else [None if it == NEW else it for it in found]
        )


class _Writing:
    """The writing of a thread's posts.

    Args:
        project: The project, with a transaction open.
        thread: What the source says now.
        comparison: Which post is which.
        arrangement: Where all are to stand.
    """

    def __init__(self, project: Project, thread: Thread, comparison: Comparison, arrangement: Arrangement) -> None:
        self.changed = 0
        """Posts whose text has changed."""
        self.changes: dict[int, tuple[str, str]] = {}
        """The old and the new text of those among them in which there are spans, by row."""
        self.reworded = array("q")
        """The rows of posts whose text or author has changed."""
        self.sizes = bytearray()
        """The size class of each post."""
        self._connection: Connection = project.connection
        self._work = project.work
        self._now = project.now()
        self._posts = thread.posts
        self._thread_id = comparison.thread_id
        self._old_sizes, self._new_sizes = comparison.old.columns.sizes, comparison.new.sizes
        self._at = arrangement
        self._has_spans = posts_with_spans(self._connection, comparison.thread_id)
        self._touched = bytearray(len(arrangement.ids))
        """Whether a post that was there is to be written anew, by position."""

    def write(self) -> None:
        """Write the posts."""
        connection, at = self._connection, self._at
        for start in range(0, len(at.ids), _BATCH):
            self._work.advance(start // 2)
            self._survey(range(start, min(start + _BATCH, len(at.ids))))
        forget_words(connection, self.reworded, self._work)
        # Keys and positions are unique: all are given up before any is given anew. No clean text holds U+0001.
        connection.executemany(
            "UPDATE posts SET position = NULL, key = CASE WHEN ? THEN key ELSE char(1) || id END WHERE id = ?",
            (
                (at.new[position] == NEW and at.old[position] not in at.keys, at.ids[position])
                for position, is_touched in enumerate(self._touched)
                if is_touched
            ),
        )
        # New posts come before the updates, for old posts may answer them.
        self._insert([position for position, place in enumerate(at.old) if place == NEW])
        waiting = [position for position, is_touched in enumerate(self._touched) if is_touched]
        for start in range(0, len(waiting), _BATCH):
            self._work.advance((len(at.ids) + waiting[start]) // 2)
            rows = self._rows(waiting[start : start + _BATCH])
            connection.executemany(_UPDATE, [after for _, _, after in rows])

    def _survey(self, positions: Sequence[int]) -> None:
        """Find out what of some posts is to be written, and keep what they said."""
        at = self._at
        for position in positions:
            new = at.new[position]
            self.sizes.append(self._old_sizes[at.old[position]] if new == NEW else self._new_sizes[new])
        revisions: list[tuple[object, ...]] = []
        for position, old, after in self._rows([position for position in positions if at.old[position] != NEW]):
            self._touched[position] = after != old
            if old.text != after.text:
                self.changed += 1
                revisions.append((old.id, old.revision, old.text, old.sha256, self._now))
                if old.id in self._has_spans:
                    self.changes[old.id] = (old.text, after.text)
            if (old.author, old.text) != (after.author, after.text):
                self.reworded.append(old.id)
        self._connection.executemany(
            "INSERT INTO post_revisions (post_id, revision, text, sha256, replaced_at) VALUES (?, ?, ?, ?, ?)",
            revisions,
        )

    def _rows(self, positions: Sequence[int]) -> Iterator[tuple[int, _Row, _Row]]:
        """Yield posts that were there before: position, row as it is, and as it is to be."""
        at = self._at
        asked = f"[{','.join(str(at.ids[position]) for position in positions)}]"
        rows = {row[-1]: _Row._make(row) for row in self._connection.execute(_SELECT, (asked,))}
        posts = iter(self._fetch([position for position in positions if at.new[position] != NEW]))
        for position in positions:
            old = rows[at.ids[position]]
            new = None if at.new[position] == NEW else next(posts)
            yield position, old, self._revised(position, old, new)

    def _revised(self, position: int, old: _Row, new: Post | None) -> _Row:
        """Return the row as it is to be; that of a post that is gone says since when."""
        if new is None:
            key = self._at.keys.get(self._at.old[position], old.key)
            meta = to_json({REMOVED_AT: self._now, **from_json(old.meta)})
            return _Row._make((key, *self._where(position), *old[5:11], meta, old.revision, old.id))
        content = content_columns(new)
        revision = old.revision + (new.text != old.text)
        return _Row._make((new.key, *self._where(position), *content, revision, old.id))

    def _where(self, position: int) -> tuple[int | None, int, int, int]:
        """Return parent, position, depth and subtree size of the post at a position."""
        at, tree = self._at, self._at.tree
        parent_id = at.ids[tree.parents[position]] if position else None
        return parent_id, position, tree.depths[position], tree.sizes[position]

    def _fetch(self, positions: Sequence[int]) -> Iterable[Post]:
        places = [self._at.new[position] for position in positions]
        posts = self._posts
        return posts.fetch(places) if isinstance(posts, LazyPosts) else [posts[place] for place in places]

    def _insert(self, positions: Sequence[int]) -> None:
        """Write the posts that are new."""
        connection, ids = self._connection, self._at.ids
        for start in range(0, len(positions), _BATCH):
            self._work.check()
            batch = positions[start : start + _BATCH]
            posts = zip(batch, self._fetch(batch), strict=True)
            connection.executemany(
                INSERT_POST,
                [
                    (ids[position], self._thread_id, *self._where(position), post.key, *content_columns(post))
                    for position, post in posts
                ],
            )
        if positions:  # the thread's own count goes up when all is written
            connection.execute(
                "UPDATE posts SET added_revision = (SELECT revision + 1 FROM threads WHERE id = ?) WHERE id >= ?",
                (self._thread_id, min(ids[position] for position in positions)),
            )


def _write_words(project: Project, reworded: Sequence[int], first_new_id: int) -> None:
    """Make words findable: those of posts that say something else now, which have been forgotten, and of new ones."""
    connection, work = project.connection, project.work
    index_again(connection, reworded, work)
    index_words(connection, first_new_id, next_post_id(connection), work)
    renew_signs(connection, reworded, work)
    index_signs(connection, first_new_id, next_post_id(connection), work)
