"""The posts of a project, written in bulk, and made findable."""

from __future__ import annotations

from hashlib import sha256
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING

from annotations.lazy_posts import LazyPosts
from annotations.shape import Shape, size_class
from annotations.store.posts import save_shape, to_json
from annotations.store.ready import ReadyPosts
from annotations.store.signatures import index_signs
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from sqlite3 import Connection

    from annotations.model import Post
    from annotations.store.signing import Signing
    from annotations.store.tree import Tree
    from annotations.store.weighed import Row

INDEXED = 10_000
"""Posts whose words are indexed by one statement: each makes a piece of the index, and fewer pieces are less to merge."""

_LOT = 1000
"""Posts that are in memory while they are written."""

INSERT_POST = """
    INSERT INTO posts (id, thread_id, parent_id, position, depth, subtree_size, key, kind, author, created_at, text,
        sha256, uncertain, meta)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
"""Where a post stands, and then what it says, in the order of `annotations.store.weighed.Row`."""


def insert_posts(  # noqa: PLR0913, PLR0917  # what a thread consists of
    connection: Connection,
    thread_id: int,
    posts: Sequence[Post],
    tree: Tree,
    shape: Shape | None = None,
    work: Work | None = None,
    signing: Signing | None = None,
) -> None:
    """Insert a new thread's posts, in pre-order; in the open transaction. `index_posts` is to follow in it.

    The shape is made where it is not known already; `work` watches and may stop it; `signing` makes the signatures, and
    then `index_words` is enough.
    """
    work = work or Work()
    work.begin("Storing", len(posts), "comments", part=(0.25, 0.6))
    first = next_post_id(connection) if signing is None else signing.behind
    ids = range(first, first + len(posts))
    parent_ids = chain((None,), map(first.__add__, tree.parents[1:]))
    places = zip(ids, repeat(thread_id), parent_ids, range(len(posts)), tree.depths, tree.sizes, strict=False)
    rows = work.each(_rows(posts))
    while lot := list(islice(rows, _LOT)):
        connection.executemany(INSERT_POST, [place + row for row, place in zip(lot, places, strict=False)])
        if signing is not None:
            signing.add(lot)
    save_shape(connection, thread_id, shape or make_shape(posts, tree, work))


def _rows(posts: Sequence[Post]) -> Iterable[Row]:
    """Return of each post its key and its content's columns."""
    if isinstance(posts, ReadyPosts):
        return posts.rows
    weighed = posts.weighed() if isinstance(posts, LazyPosts) else None
    return ((post.key, *content_columns(post)) for post in posts) if weighed is None else (post.row for post in weighed)


def make_shape(posts: Sequence[Post], tree: Tree, work: Work) -> Shape:
    """Return the shape of posts in pre-order."""
    return Shape("".join(map(chr, tree.depths)), bytes(size_class(post.text) for post in work.heed(posts)))


def next_post_id(connection: Connection) -> int:
    """Return the row that the next new post gets; posts are never deleted, so rows are never used again."""
    row = connection.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM posts").fetchone()
    return int(row[0])


def content_columns(post: Post) -> tuple[str, str | None, str | None, str, str, str, str]:
    """Return what a post says as the columns kind, author, created_at, text, sha256, uncertain, meta."""
    text = post.text
    return (
        post.kind.value,
        post.author,
        post.created_at,
        text,
        sha256(text.encode()).hexdigest(),
        to_json(post.uncertain) if post.uncertain else "[]",
        to_json(post.meta) if post.meta else "{}",
    )


def index_posts(connection: Connection, start: int, stop: int, work: Work | None = None) -> None:
    """Make the new posts in the rows [start, stop) findable, by words and by signs; in the open transaction."""
    if work is not None:
        work.begin("Indexing", stop - start, "comments", part=(0.6, 0.93))
    index_words(connection, start, stop, work)
    index_signs(connection, start, stop, work)


def index_words(connection: Connection, start: int, stop: int, work: Work | None = None) -> None:
    """Make the words of the posts in the rows [start, stop) findable; many at once is six times as fast as by triggers."""
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
