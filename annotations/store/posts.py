"""The posts of a project: read by place, by key and by row."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

from annotations.errors import UnknownNameError
from annotations.model import PostKind, StoredPost
from annotations.shape import Shape, size_class
from annotations.store.json_text import dump_json, load_json
from annotations.store.lazy_meta import LazyMeta

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from sqlite3 import Connection

    from annotations.store.project import Project

    PostRow: TypeAlias = tuple[Any, ...]

BATCH = 1000
"""Posts that are read at a time: enough to be fast, few enough to be small."""

_KINDS = {kind.value: kind for kind in PostKind}
"""Looked up, for an enumeration's own look-up takes a fifth of the time that a row takes."""

_POSTS = """
    SELECT p.id, p.thread_id, p.key, p.parent_id, q.key, p.position, p.depth, p.subtree_size, p.kind, p.author,
        p.created_at, p.text, p.revision, p.uncertain, p.meta
    FROM posts AS p
    LEFT JOIN posts AS q ON q.id = p.parent_id
"""


def load_posts(project: Project, thread_id: int, start: int, stop: int) -> list[StoredPost]:
    """Return the posts of a thread at the positions [start, stop), in pre-order; those that there are."""
    with project.reading():
        rows = project.connection.execute(
            _POSTS + "WHERE p.thread_id = ? AND p.position >= ? AND p.position < ? ORDER BY p.position",
            (thread_id, start, stop),
        ).fetchall()
    return [stored_post(row) for row in rows]


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
    return stored_post(row)


def find_post(project: Project, thread_id: int, key: str) -> StoredPost:
    """Return the post that its thread calls `key`.

    Raises:
        UnknownNameError: If there is none; the hint says what keys look like there.
    """
    with project.reading():
        row = project.connection.execute(_POSTS + "WHERE p.thread_id = ? AND p.key = ?", (thread_id, key)).fetchone()
        if row is not None:
            return stored_post(row)
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


def to_json(value: object) -> str:
    """Return `value` as compact JSON; letters of all scripts stay legible."""
    return value.text if type(value) is LazyMeta else dump_json(value, default=_plain)


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


def stored_post(row: PostRow) -> StoredPost:
    """Return a post whose columns are those of `_POSTS`."""
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
