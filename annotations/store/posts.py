"""The posts of a project: read by place, by key and by row; written in bulk."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

from annotations.errors import UnknownNameError
from annotations.model import PostKind, StoredPost
from annotations.shape import Shape, size_class
from annotations.store.json_text import dump_json, load_json
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from sqlite3 import Connection

    from annotations.model import Post
    from annotations.store.project import Project
    from annotations.store.tree import Tree

    PostRow: TypeAlias = tuple[Any, ...]

BATCH = 1000
"""Posts that are read at a time: enough to be fast, few enough to be small."""

INDEXED = 10_000
"""Posts whose words are indexed by one statement: each makes a piece of the index, and fewer pieces are less to merge."""

_KINDS = {kind.value: kind for kind in PostKind}
"""Looked up, for an enumeration's own look-up takes a fifth of the time that a row takes."""

_POSTS = """
    SELECT p.id, p.thread_id, p.key, p.parent_id, q.key, p.position, p.depth, p.subtree_size, p.kind, p.author,
        p.created_at, p.text, p.revision, p.uncertain, p.meta
    FROM posts AS p
    LEFT JOIN posts AS q ON q.id = p.parent_id
"""

INSERT_POST = """
    INSERT INTO posts (id, thread_id, key, parent_id, position, depth, subtree_size, kind, author, created_at, text,
        sha256, uncertain, meta)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def load_posts(project: Project, thread_id: int, start: int, stop: int) -> list[StoredPost]:
    """Return the posts of a thread at the positions [start, stop), in pre-order; those that there are."""
    with project.reading():
        rows = project.connection.execute(
            _POSTS + "WHERE p.thread_id = ? AND p.position >= ? AND p.position < ? ORDER BY p.position",
            (thread_id, start, stop),
        ).fetchall()
    return [_stored_post(row) for row in rows]


def iter_posts(project: Project, thread_id: int) -> Iterator[StoredPost]:
    """Yield all posts of a thread in pre-order, a batch in memory at a time; writing between two posts is safe."""
    start = 0
    while batch := load_posts(project, thread_id, start, start + BATCH):
        yield from batch
        start += BATCH


def load_post(project: Project, post_id: int) -> StoredPost:
    """Return the post in row `post_id`.

    Raises:
        UnknownNameError: If there is no such row.
    """
    with project.reading():
        row = project.connection.execute(_POSTS + "WHERE p.id = ?", (post_id,)).fetchone()
    if row is None:
        raise UnknownNameError(f"The project has no post {post_id}", "The project may have been changed elsewhere.")
    return _stored_post(row)


def find_post(project: Project, thread_id: int, key: str) -> StoredPost:
    """Return the post that its thread calls `key`.

    Raises:
        UnknownNameError: If there is none; the hint says what keys look like there.
    """
    with project.reading():
        row = project.connection.execute(_POSTS + "WHERE p.thread_id = ? AND p.key = ?", (thread_id, key)).fetchone()
        if row is not None:
            return _stored_post(row)
        thread = project.connection.execute("SELECT key, posts FROM threads WHERE id = ?", (thread_id,)).fetchone()
        last = project.connection.execute(
            "SELECT key FROM posts WHERE thread_id = ? ORDER BY position DESC LIMIT 1", (thread_id,)
        ).fetchone()
    if thread is None:
        raise UnknownNameError(f"The project has no thread {thread_id}", "“postil threads” lists what there is.")
    raise UnknownNameError(
        f"The thread {thread[0]} has no post {key!r}",
        f"The article is 0, the last comment is {last[0]}; “postil show {thread[0]}” lists all.",
    )


def load_shape(project: Project, thread_id: int) -> Shape:
    """Return the depths and size classes of a thread's posts, in pre-order."""
    with project.reading():
        row = project.connection.execute(
            "SELECT depths, sizes FROM thread_shapes WHERE thread_id = ?", (thread_id,)
        ).fetchone()
        if row is not None:
            with suppress(ValueError):  # it is derived: `postil check` reports what is wrong with it
                return Shape.unpack(*row)
        return compute_shape(project.connection, thread_id)


def compute_shape(connection: Connection, thread_id: int) -> Shape:
    """Return the shape of a thread from its posts, which are the truth that the stored shape is derived from."""
    rows = connection.execute("SELECT depth, text FROM posts WHERE thread_id = ? ORDER BY position", (thread_id,))
    depths: list[str] = []
    sizes = bytearray()
    for depth, text in rows:
        depths.append(chr(depth))
        sizes.append(size_class(text))
    return Shape("".join(depths), bytes(sizes))


def save_shape(connection: Connection, thread_id: int, shape: Shape) -> None:
    """Store the shape of a thread."""
    connection.execute(
        "INSERT OR REPLACE INTO thread_shapes (thread_id, depths, sizes) VALUES (?, ?, ?)", (thread_id, *shape.pack())
    )


def load_source_record(project: Project, post_id: int) -> dict[str, object]:
    """Return everything that the project holds about where a post comes from, in the order in which to show it.

    Raises:
        UnknownNameError: If there is no such post.
    """
    post = load_post(project, post_id)
    with project.reading():
        thread = project.connection.execute(
            "SELECT key, title, source, source_sha256, format, url, imported_at, revision, meta FROM threads "
            "WHERE id = ?",
            (post.thread_id,),
        ).fetchone()
        sha256, earlier = project.connection.execute(
            "SELECT sha256, (SELECT COUNT(*) FROM post_revisions WHERE post_id = p.id) FROM posts AS p WHERE p.id = ?",
            (post_id,),
        ).fetchone()
    return {
        "thread": thread[0],
        "title": thread[1],
        "source": thread[2],
        "source_sha256": thread[3],
        "format": thread[4],
        "url": thread[5],
        "imported_at": thread[6],
        "thread_revision": thread[7],
        "thread_meta": from_json(thread[8]),
        "post": post.key,
        "parent": post.parent,
        "kind": post.kind.value,
        "position": post.position,
        "depth": post.depth,
        "author": post.author,
        "created_at": post.created_at,
        "characters": len(post.text),
        "sha256": sha256,
        "revision": post.revision,
        "earlier_revisions": earlier,
        "uncertain": list(post.uncertain),
        "meta": dict(post.meta),
    }


def insert_posts(  # noqa: PLR0913, PLR0917  # what a thread consists of
    connection: Connection,
    thread_id: int,
    posts: Sequence[Post],
    tree: Tree,
    shape: Shape | None = None,
    work: Work | None = None,
) -> None:
    """Insert a new thread's posts, in pre-order, and index their words; in the open transaction.

    The shape is made where it is not known already; `work` watches and may stop it.
    """
    from annotations.store.signatures import index_signs  # noqa: PLC0415  # not needed to read with

    work = work or Work()
    work.begin("Storing", len(posts), "comments", part=(0.25, 0.6))
    first = next_post_id(connection)
    parents, depths, sizes = tree.parents, tree.depths, tree.sizes
    connection.executemany(
        INSERT_POST,
        (
            (
                first + position,
                thread_id,
                post.key,
                None if position == 0 else first + parents[position],
                position,
                depths[position],
                sizes[position],
                *content_columns(post),
            )
            for position, post in work.each(enumerate(posts))
        ),
    )
    save_shape(connection, thread_id, shape or make_shape(posts, tree, work))
    work.begin("Indexing", len(posts), "comments", part=(0.6, 0.93))
    index_words(connection, first, first + len(posts), work)
    index_signs(connection, first, first + len(posts), work)


def make_shape(posts: Sequence[Post], tree: Tree, work: Work) -> Shape:
    """Return the shape of posts in pre-order."""
    return Shape("".join(map(chr, tree.depths)), bytes(size_class(post.text) for post in work.heed(posts)))


def next_post_id(connection: Connection) -> int:
    """Return the row that the next new post gets; posts are never deleted, so rows are never used again."""
    row = connection.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM posts").fetchone()
    return int(row[0])


def content_columns(post: Post) -> tuple[str, str | None, str | None, str, str, str, str]:
    """Return what a post says as the columns kind, author, created_at, text, sha256, uncertain, meta."""
    from annotations.store.tree import text_sha256  # noqa: PLC0415  # not needed to read with

    return (
        post.kind.value,
        post.author,
        post.created_at,
        post.text,
        text_sha256(post.text),
        to_json(post.uncertain) if post.uncertain else "[]",
        to_json(post.meta) if post.meta else "{}",
    )


def index_words(connection: Connection, start: int, stop: int, work: Work | None = None) -> None:
    """Make the posts in the rows [start, stop) findable; many at once is six times as fast as by triggers."""
    for first in range(start, stop, INDEXED):
        connection.execute(
            "INSERT INTO posts_fts (rowid, author, text) "
            "SELECT id, author, text FROM posts WHERE id >= ? AND id < ? ORDER BY id",
            (first, min(first + INDEXED, stop)),
        )
        if work is not None:
            work.advance(min(first + INDEXED, stop) - start)


def forget_words(connection: Connection, posts: Iterable[tuple[int, str | None, str]]) -> None:
    """Take posts out of the index: row, author and text as they were indexed.

    The index keeps no copy of the texts, so it must be told what it is to forget (sqlite.org/fts5.html, section 6.3).
    """
    connection.executemany("INSERT INTO posts_fts (posts_fts, rowid, author, text) VALUES ('delete', ?, ?, ?)", posts)


def to_json(value: object) -> str:
    """Return `value` as compact JSON; letters of all scripts stay legible."""
    encoded = dump_json(value, default=_plain)
    if re.search("[\ud800-\udfff]", encoded):  # SQLite stores UTF-8, which cannot hold them
        return dump_json(value, default=_plain, is_ascii=True)
    return encoded


def from_json(source: str) -> Mapping[str, object]:
    """Return the object that `source` says in JSON."""
    if source == "{}":
        return {}
    value: Mapping[str, object] = load_json(source)
    return value


def _plain(value: object) -> object:
    """Return a mapping or sequence of another kind as JSON knows it; a value that is neither as its text."""
    from collections.abc import Mapping, Sequence  # noqa: PLC0415  # loaded on use

    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, Sequence) else str(value)


def _stored_post(row: PostRow) -> StoredPost:
    return StoredPost(
        id=row[0],
        thread_id=row[1],
        key=row[2],
        parent_id=row[3],
        parent=row[4],
        position=row[5],
        depth=row[6],
        subtree_size=row[7],
        kind=_KINDS[row[8]],
        author=row[9],
        created_at=row[10],
        text=row[11],
        revision=row[12],
        uncertain=() if row[13] == "[]" else tuple(load_json(row[13])),
        meta=from_json(row[14]),
    )
