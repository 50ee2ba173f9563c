"""Checks of the corpus: texts, trees, shapes, and the spans that point into the texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from annotations.model import PostKind
from annotations.shape import Shape
from annotations.store.posts import compute_shape
from annotations.store.tree import find_unclean, is_pre_order, measure, text_sha256
from annotations.work import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.store.project import Project


def check_threads(project: Project) -> Iterator[str]:
    """Yield what is wrong with the threads, their texts and their trees."""
    threads = project.connection.execute("SELECT id, key, posts, max_depth FROM threads ORDER BY id").fetchall()
    work = project.work
    work.total, work.unit = sum(posts for _, _, posts, _ in threads), "posts"
    before = 0
    for thread_id, key, posts, max_depth in threads:
        rows = []
        for row in project.connection.execute(
            "SELECT id, key, parent_id, position, depth, subtree_size, kind, author, text, sha256 FROM posts "
            "WHERE thread_id = ? ORDER BY position",
            (thread_id,),
        ):
            yield from _check_text(key, row[1], row[7], row[8], row[9])
            rows.append(row[:7])  # the texts go, one by one
            if not len(rows) % CHUNK:
                work.advance(before + len(rows))
        before += len(rows)
        yield from _check_tree(key, rows)
        if len(rows) != posts:
            yield f"The thread {key} has {len(rows)} posts and counts {posts}."
        deepest = max((row[4] for row in rows), default=0)
        if deepest != max_depth:
            yield f"The thread {key} is {deepest} deep and says {max_depth}."
        yield from _check_shape(project, thread_id, key)


def _check_text(thread: str, post: str, author: str | None, text: str, sha256: str) -> Iterator[str]:
    if text_sha256(text) != sha256:
        yield f"The text of post {post} in {thread} is not what was imported."
    unclean = find_unclean(text) or find_unclean(author or "")
    if unclean:
        yield f"The post {post} in {thread} holds the character U+{ord(unclean):04X}, which no export can carry."


def _check_tree(thread: str, rows: list[tuple[Any, ...]]) -> Iterator[str]:
    """Compare where the posts of a thread say they stand with their order and their parents."""
    places: dict[int | None, int] = {row[0]: place for place, row in enumerate(rows)}
    parents = []
    for place, (_, key, parent_id, position, _, _, kind) in enumerate(rows):
        if position != place:
            yield f"The post {key} in {thread} should stand at position {place}, not {position}."
            return
        if (kind == PostKind.ARTICLE) != (place == 0) or (parent_id is None) != (place == 0):
            yield f"The post {key} in {thread} is out of place: an article stands first, a comment answers a post."
            return
        parents.append(places.get(parent_id, -1))
        if place and not 0 <= parents[place] < place:
            yield f"The post {key} in {thread} does not stand behind the post that it answers."
            return
    if not rows:
        yield f"The thread {thread} has no posts."
    elif not is_pre_order(parents):
        yield f"The posts of {thread} do not stand in the order of their tree."
    else:
        tree = measure(parents)
        for place, (_, key, _, _, depth, size, _) in enumerate(rows):
            if depth != tree.depths[place]:
                yield f"The post {key} in {thread} is {tree.depths[place]} deep and says {depth}."
            if size != tree.sizes[place]:
                yield f"The post {key} in {thread} begins a subtree of {tree.sizes[place]} posts and says {size}."


def _check_shape(project: Project, thread_id: int, key: str) -> Iterator[str]:
    row = project.connection.execute(
        "SELECT depths, sizes FROM thread_shapes WHERE thread_id = ?", (thread_id,)
    ).fetchone()
    if row is None:
        yield f"The thread {key} has no stored shape."
        return
    try:
        stored = Shape.unpack(*row)
    except ValueError as error:
        yield f"The stored shape of {key} cannot be read: {error}."
        return
    try:
        is_right = stored == compute_shape(project.connection, thread_id)
    except (ValueError, OverflowError):  # a depth that is none; it has been said
        yield f"The stored shape of {key} cannot be compared with its posts."
        return
    if not is_right:
        yield f"The stored shape of {key} is not that of its posts."


def check_revisions(project: Project) -> Iterator[str]:
    """Yield which earlier texts are not what was replaced, and which are not counted."""
    query = """
        SELECT t.key, p.key, v.revision, v.text, v.sha256, p.revision FROM post_revisions AS v
        JOIN posts AS p ON p.id = v.post_id JOIN threads AS t ON t.id = p.thread_id
    """
    for thread, post, revision, text, sha256, latest in project.connection.execute(query):
        if text_sha256(text) != sha256:
            yield f"The text of revision {revision} of post {post} in {thread} is not what it was."
        if not revision < latest:
            yield f"The post {post} in {thread} is at revision {latest} and has an earlier text of revision {revision}."


def check_spans(project: Project) -> Iterator[str]:
    """Yield which annotations do not say what their posts say, or do not fit their labels."""
    query = """
        SELECT a.id, l.label, l.scope, t.key, p.key, p.thread_id <> a.thread_id, a.start_char, a.end_char,
            a.post_id IS NOT NULL, a.to_post_id IS NOT NULL OR a.to_thread_id IS NOT NULL,
            NOT a.is_detached AND substr(p.text, a.start_char + 1, a.end_char - a.start_char) <> a.exact
        FROM annotations AS a JOIN labels AS l ON l.id = a.label_id JOIN threads AS t ON t.id = a.thread_id
        LEFT JOIN posts AS p ON p.id = a.post_id
    """
    for row in project.connection.execute(query):
        annotation, label, scope, thread, post, is_outside, start, end, has_post, has_end, is_misquoted = row
        name = f"The annotation {annotation} ({label}) in {thread}"
        if is_outside:
            yield f"{name} is on the post {post} of another thread."
        actual = "relation" if has_end else "span" if start is not None else "post" if has_post else "thread"
        if actual != scope:
            yield f"{name} is on a {actual}, and its label is for a {scope}."
        if is_misquoted:
            yield f"{name} does not quote what the post {post} says at {start}:{end}."


def check_ends(project: Project) -> Iterator[str]:
    """Yield which relations have ends that do not belong together."""
    query = """
        SELECT a.id, l.label, t.key, f.post_id <> COALESCE(a.post_id, 0), o.post_id <> COALESCE(a.to_post_id, 0),
            q.thread_id <> a.thread_id OR a.to_thread_id <> a.thread_id,
            f.annotator_id <> a.annotator_id OR o.annotator_id <> a.annotator_id
        FROM annotations AS a JOIN labels AS l ON l.id = a.label_id JOIN threads AS t ON t.id = a.thread_id
        LEFT JOIN posts AS q ON q.id = a.to_post_id
        LEFT JOIN annotations AS f ON f.id = a.from_annotation_id
        LEFT JOIN annotations AS o ON o.id = a.to_annotation_id
        WHERE a.to_post_id IS NOT NULL OR a.to_thread_id IS NOT NULL
    """
    for annotation, label, thread, is_off_start, is_off_end, is_outside, is_foreign in project.connection.execute(
        query
    ):
        name = f"The relation {annotation} ({label}) in {thread}"
        if is_off_start:
            yield f"{name} starts at an annotation of another post than it says."
        if is_off_end:
            yield f"{name} leads to an annotation of another post than it says."
        if is_outside:
            yield f"{name} leads to another thread."
        if is_foreign:
            yield f"{name} hangs on an annotation of another annotator."
