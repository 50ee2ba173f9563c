"""Which posts of a revised source are which of the project, and where all of them are to stand.

Of neither state of a thread more is held than columns of numbers; what a post says is read again when it is written.
"""

from __future__ import annotations

import re
from array import array
from itertools import chain, count, pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.store.detached import REMOVED_AT
from annotations.store.matching import match_posts
from annotations.store.post_columns import PostColumns, columns_of, kinds_of_keys
from annotations.store.posts import from_json
from annotations.store.tree import measure, pre_order

if TYPE_CHECKING:
    from collections.abc import Sequence
    from sqlite3 import Connection

    from annotations.model import Thread
    from annotations.store.project import Project
    from annotations.store.tree import Tree
    from annotations.work import Work

NEW = -1
"""Instead of a post's old place: it is new. Instead of its place in the source: the source no longer has it."""

_REMOVED_KEY = re.compile(r"-removed(-\d+)?\Z")

_SELECT = """
    SELECT id, key, parent_id, author, created_at, text, sha256, meta FROM posts WHERE thread_id = ? ORDER BY position
"""


class OldThread(Struct, frozen=True):
    """A thread's posts as the project has them, in pre-order.

    Args:
        ids: Their rows.
        columns: What they are known by.
        gone: Whether an earlier import no longer found them in the source, a byte each.
    """

    ids: array[int]
    columns: PostColumns
    gone: bytearray


class Comparison(Struct, frozen=True):
    """Which posts of a source are which of the project: what takes long, and can be known before anything is written.

    Args:
        thread_id: The thread.
        revision: Which of its revisions the source was compared with.
        old: Its posts in that revision.
        new: The posts of the source.
        found: For each of them the place of the one that it is among the old ones, or `NEW`.
    """

    thread_id: int
    revision: int
    old: OldThread
    new: PostColumns
    found: array[int]

    @property
    def is_part(self) -> bool:
        """Whether the source says nothing that the project does not say, and lacks posts that the project has."""
        if NEW in self.found or len(self.found) >= len(self.old.ids) - sum(self.old.gone):
            return False
        said = self.old.columns.texts
        return all(text == said[place] for text, place in zip(self.new.texts, self.found, strict=True))


class Arrangement(Struct, frozen=True):
    """Where all posts of a thread are to stand, in pre-order.

    Args:
        ids: Their rows, those of the new ones included.
        old: The place that each had before; `NEW` for a new one.
        new: The place that each has in the source; `NEW` for one that the source no longer has.
        tree: Their tree.
        keys: The keys of those that are gone, by their old places, where they are to be called otherwise than they were.
    """

    ids: array[int]
    old: array[int]
    new: array[int]
    tree: Tree
    keys: dict[int, str]

    @property
    def has_new_order(self) -> bool:
        """Whether posts that were there before stand in another order now."""
        return any(following < place for place, following in pairwise(place for place in self.old if place != NEW))


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
    old = _load_old(connection, thread_id, work)
    new = columns_of(thread.posts, parents, work)
    kinds = kinds_of_keys((post.key for post in work.heed(thread.posts)), parents) if has_source_keys else None
    found = match_posts(old.columns, new, key_kinds=kinds, work=work)
    return Comparison(thread_id, revision, old, new, found)


def _load_old(connection: Connection, thread_id: int, work: Work) -> OldThread:
    ids = array("q")

    def fetch(places: Sequence[int]) -> list[str]:
        asked = f"[{','.join(str(ids[place]) for place in places)}]"
        query = "SELECT id, text FROM posts WHERE id IN (SELECT value FROM json_each(?))"
        texts: dict[int, str] = dict(connection.execute(query, (asked,)))
        return [texts[ids[place]] for place in places]

    columns, gone = PostColumns(fetch), bytearray()
    path: list[tuple[int, int]] = []  # the rows and places of what the present post stands under
    rows = work.heed(connection.execute(_SELECT, (thread_id,)))
    for row_id, key, parent_id, author, created_at, text, digest, meta in rows:
        while path and path[-1][0] != parent_id:
            path.pop()
        columns.add(key, path[-1][1] if path else -1, author, created_at, text, digest)
        path.append((row_id, len(ids)))
        ids.append(row_id)
        gone.append(REMOVED_AT in meta and REMOVED_AT in from_json(meta))
    return OldThread(ids, columns, gone)


def arrange(connection: Connection, comparison: Comparison, first_new_id: int) -> Arrangement:
    """Return where all posts are to stand: those that are gone are the last answers to their old parents.

    Args:
        connection: To read keys of posts that are gone.
        comparison: Which post is which.
        first_new_id: The row of the first new post.
    """
    old, found = comparison.old, comparison.found
    numbers = array("i", [NEW]) * len(old.ids)
    """Of each old post its number among all: first those of the source, then those that are gone."""
    ids, new_ids = array("q"), count(first_new_id)
    for number, place in enumerate(found):
        ids.append(next(new_ids) if place == NEW else old.ids[place])
        if place != NEW:
            numbers[place] = number
    # What has been gone for longer stays in front of what is gone now.
    gone = sorted(
        (place for place, number in enumerate(numbers) if number == NEW), key=lambda place: not old.gone[place]
    )
    for number, place in enumerate(gone, len(found)):
        numbers[place] = number
        ids.append(old.ids[place])
    # Every old post has a number, so every old parent has one; and no post of the source answers one that is gone.
    old_parents = old.columns.parents
    parents = array("i", chain(comparison.new.parents, (numbers[old_parents[place]] for place in gone)))
    order = array("i", pre_order(parents))
    ranks = array("i", bytes(4 * len(order)))
    for position, number in enumerate(order):
        ranks[number] = position
    tree = measure(array("i", (ranks[parents[number]] if position else -1 for position, number in enumerate(order))))
    kept = len(found)
    return Arrangement(
        ids=array("q", (ids[number] for number in order)),
        old=array("i", (found[number] if number < kept else gone[number - kept] for number in order)),
        new=array("i", (number if number < kept else NEW for number in order)),
        tree=tree,
        keys=_renamed(connection, comparison, gone),
    )


def _renamed(connection: Connection, comparison: Comparison, gone: Sequence[int]) -> dict[int, str]:
    """Return new keys for those posts that are gone whose own the source uses for other posts now, by their old places."""
    old, new = comparison.old, comparison.new
    wanted = {old.columns.keys[place] for place in gone}
    used = {key for key in new.keys if key in wanted} if wanted else set()
    if not used:
        return {}
    taken = {*new.keys, *wanted}
    renamed: dict[int, str] = {}
    for place in gone:
        if old.columns.keys[place] not in used:
            continue
        (key,) = connection.execute("SELECT key FROM posts WHERE id = ?", (old.ids[place],)).fetchone()
        renamed[place] = _free_key(key, taken)
        taken.add(hash(renamed[place]))
    return renamed


def _free_key(key: str, taken: set[int]) -> str:
    """Return a key for a post that is gone, whose own the source uses for another post now."""
    base = f"{_REMOVED_KEY.sub('', key)}-removed"
    candidates = chain([base], (f"{base}-{number}" for number in count(2)))
    return next(candidate for candidate in candidates if hash(candidate) not in taken)
