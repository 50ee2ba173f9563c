"""The posts of a project, written in bulk, and made findable."""

from __future__ import annotations

from hashlib import sha256
from itertools import chain, count, islice, repeat
from typing import TYPE_CHECKING

from annotations.shape import Shape, size_class
from annotations.store.lots import LOT, Lot
from annotations.store.posts import save_shape, to_json
from annotations.store.ready import ReadyPosts
from annotations.store.signatures import index_signs
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from sqlite3 import Connection

    from annotations.model import Post
    from annotations.store.tree import Tree

INDEXED = 10_000
"""Posts whose words are indexed by one statement: each makes a piece of the index, and fewer pieces are less to merge."""

INSERT_POST = """
    INSERT INTO posts (id, thread_id, parent_id, position, depth, subtree_size, key, kind, author, created_at, text,
        sha256, uncertain, meta)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
"""Where a post stands, and then what it says, in the order of `annotations.store.lots.Row`."""


def insert_posts(connection: Connection, thread_id: int, posts: Sequence[Post], tree: Tree) -> None:
    """Insert a new thread's posts, in pre-order, and its shape; in the open transaction. `index_posts` is to follow in it."""
    insert_lots(connection, thread_id, lots_of(posts), tree, next_post_id(connection))
    save_shape(connection, thread_id, make_shape(posts, tree, Work()))


def insert_lots(connection: Connection, thread_id: int, lots: Iterable[Lot], tree: Tree, first: int) -> None:
    """Insert a new thread's posts, in pre-order, from a row on; in the open transaction. `index_words` is to follow in it."""
    parent_ids = chain((None,), map(first.__add__, tree.parents[1:]))
    places = zip(count(first), repeat(thread_id), parent_ids, count(), tree.depths, tree.sizes, strict=False)
    for lot in lots:
        connection.executemany(INSERT_POST, [place + row for row, place in zip(lot.rows, places, strict=False)])


def lots_of(posts: Iterable[Post]) -> Iterator[Lot]:
    """Yield posts as rows, some in memory at a time."""
    rows = iter(posts.rows if isinstance(posts, ReadyPosts) else ((post.key, *content_columns(post)) for post in posts))
    while lot := list(islice(rows, LOT)):
        yield Lot(lot, [])


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
