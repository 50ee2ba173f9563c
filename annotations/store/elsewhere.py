"""A thread that comes from another place than before: a page that was saved again, a dump that was fetched under another name.

It is the same only where the source itself says so: most of the posts have the ids and, most of these, the authors or words that
the project knows; or it stood at the same address and most posts say the same. Likeness alone is told, and nothing is done:
two threads about one thing may have one title, and the second page of a thread has another's address and none of its posts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.lazy_posts import LazyPosts
from annotations.store.post_columns import is_numbered
from annotations.store.prepared import Likeness

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from sqlite3 import Connection

    from annotations.model import Post
    from annotations.store.prepared import PreparedThread

SAME_IDS = 0.8
"""Which part of the ids of the smaller thread the other must have, so that they may be the same."""

SAME_WORDS = 0.5
"""Which part of its comments the other must have, by author and text."""

_FEW = 3
"""Comments below which their ids alone do not tell: another site numbers its comments too."""

_LOOKED_AT = 1000
"""Comments that are looked for, at most, evenly from the whole thread."""

_CANDIDATES = 4
"""Threads with one address, name or title that are looked at."""

_SHARED = """
    SELECT id, revision FROM threads WHERE {0} AND source < :source UNION ALL
    SELECT id, revision FROM threads WHERE {0} AND source > :source LIMIT :few
"""
"""Said so that the index passes over those of the same source, of which there may be a hundred thousand."""


def find_elsewhere(connection: Connection, thread: PreparedThread) -> Likeness | None:
    """Return the thread that is the same as one from another place, else the one that is most like it, if one is.

    Args:
        connection: The connection, with a transaction open.
        thread: The thread; one of its own source was not found.
    """
    best: Likeness | None = None
    for thread_id, revision in _candidates(connection, thread).items():
        if (thread_id, revision) not in thread.likenesses:  # it may be looked for again when the project is locked
            thread.likenesses[thread_id, revision] = _compare(connection, thread, thread_id)
        found = thread.likenesses[thread_id, revision]
        if found is not None and found.is_same:
            return found
        if found is not None and (best is None or found.share > best.share):
            best = found
    return best


def has_candidates(connection: Connection, thread: PreparedThread) -> bool:
    """Tell whether a thread of another source may be the same; it need not be known what this one says."""
    return bool(_candidates(connection, thread))


def _candidates(connection: Connection, thread: PreparedThread) -> dict[int, int]:
    """Return the rows of threads of other sources that may be the same, and their revisions."""
    asked = {
        "source": thread.location,
        "key": thread.thread.key,
        "title": thread.thread.title,
        "few": _CANDIDATES,
    }
    found: dict[int, int] = {}
    for url in _addresses(thread.thread.url):
        found.update(connection.execute(_SHARED.format("url = :url"), {**asked, "url": url}).fetchall())
    for condition in ("source_key = :key", "title = :title"):
        found.update(connection.execute(_SHARED.format(condition), asked).fetchall())
    return found


def _addresses(url: str | None) -> list[str]:
    """Return the ways in which an address is written: with and without a slash at its end, and TLS or not."""
    if not url or "://" not in url:
        return [url] if url else []
    scheme, _, rest = url.partition("#")[0].partition("://")
    rest = rest.rstrip("/")
    schemes = (scheme, {"http": "https", "https": "http"}.get(scheme, scheme))
    return list(dict.fromkeys((url, *(f"{one}://{rest}{end}" for one in schemes for end in ("", "/")))))


def _compare(connection: Connection, thread: PreparedThread, thread_id: int) -> Likeness | None:
    """Return how a thread is like one of the project; None if it is not."""
    row = connection.execute(
        "SELECT t.url, t.title, t.format, t.posts - 1, p.sha256 = :digest, "
        "EXISTS (SELECT 1 FROM json_each(t.report, '$.former') WHERE value = :content) FROM threads AS t "
        "JOIN posts AS p ON p.thread_id = t.id AND p.position = 0 WHERE t.id = :id",
        {"id": thread_id, "digest": _digest(_fetch(thread, (0,))[0]), "content": thread.content},
    ).fetchone()
    url, title, kind, count, has_same_article, is_former = row
    if is_former:
        return Likeness(thread_id, is_same=True, share=1.0)
    is_same_address = bool(url) and url in _addresses(thread.thread.url)
    is_comparable = kind == thread.thread.format
    comments = len(thread.thread.posts) - 1
    if not comments or not count:
        is_same = is_comparable and is_same_address and title == thread.thread.title
        return Likeness(thread_id, is_same=True, share=1.0) if is_same else None
    looked_at, named, ids, said = _Looking(connection, thread, thread_id, count).counts()
    if not looked_at:
        return None
    share = said / looked_at
    is_same = False
    if is_comparable and named and ids >= SAME_IDS * named and named >= looked_at / 2:
        # Ids that tell no more than numbers may be another thread's too: that shows in what the comments say.
        is_sure = is_same_address or has_same_article or ids >= _FEW
        is_same = is_sure and said >= SAME_WORDS * ids
    elif is_comparable and is_same_address and not named:
        is_same = share >= SAME_WORDS
    is_like = share >= SAME_WORDS and (is_same_address or title == thread.thread.title)  # else it may quote some
    return Likeness(thread_id, is_same=is_same, share=share) if is_same or is_like else None


class _Looking:
    """Looks for the comments of the smaller of two threads in the other one.

    Args:
        connection: The connection.
        thread: The thread that comes.
        thread_id: The thread of the project.
        count: How many comments that has.
    """

    def __init__(self, connection: Connection, thread: PreparedThread, thread_id: int, count: int) -> None:
        self._connection = connection
        self._thread = thread
        self._id = thread_id
        self._count = count
        self._has_names = not thread.has_path_keys

    def counts(self) -> tuple[int, int, int, int]:
        """Return how many comments that say something were looked for, how many have ids, how many of these are there, how many say the same."""
        comments = len(self._thread.thread.posts) - 1
        if comments <= self._count:
            posts = _fetch(self._thread, range(1, comments + 1, _step(comments)))
            asked = [(post.key, post.author, _digest(post)) for post in posts if post.text]
            others = self._stored(1)
        else:
            asked = list(self._stored(_step(self._count)))
            others = ((post.key, post.author, _digest(post)) for post in self._later())
        return self._count_same(asked, others)

    def _stored(self, step: int) -> Iterable[tuple[str, str | None, str]]:
        return self._connection.execute(
            "SELECT key, author, sha256 FROM posts "
            "WHERE thread_id = ? AND position > 0 AND (position - 1) % ? = 0 AND text <> ''",
            (self._id, step),
        )

    def _later(self) -> Iterable[Post]:
        posts = iter(self._thread.thread.posts)
        next(posts)
        return posts

    def _count_same(
        self, asked: Sequence[tuple[str, str | None, str]], others: Iterable[tuple[str, str | None, str]]
    ) -> tuple[int, int, int, int]:
        named = {key: (author, digest) for key, author, digest in asked if self._has_names and not is_numbered(key)}
        waiting: dict[tuple[str | None, str], int] = {}
        for _, author, digest in asked:
            waiting[author, digest] = waiting.get((author, digest), 0) + 1
        ids = same = words = 0
        for key, author, digest in others:
            if (known := named.get(key)) is not None:
                ids += 1
                same += known[1] == digest or (author is not None and known[0] == author)
            if waiting.get((author, digest)):
                waiting[author, digest] -= 1
                words += 1
        return len(asked), len(named), ids, max(same, words)


def _step(count: int) -> int:
    """Return which comments are looked for: each, or each second or third of many."""
    return -(-count // _LOOKED_AT)


def _fetch(thread: PreparedThread, places: Sequence[int]) -> Sequence[Post]:
    posts = thread.thread.posts
    return posts.fetch(places) if isinstance(posts, LazyPosts) else [posts[place] for place in places]


def _digest(post: Post) -> str:
    from annotations.store.tree import text_sha256  # noqa: PLC0415  # which hashes; seldom

    return text_sha256(post.text)
