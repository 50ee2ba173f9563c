"""The tree of a thread: checked, put in pre-order, measured. Pure; nothing here recurses, so depth has no limit."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.errors import SourceError
from annotations.model import PostKind
from annotations.shape import DEEPEST
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from annotations.model import Post, Thread

_UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What importers drop from every text, because no consumer can carry it."""

_FIELD, _RECORD, _NONE = "\x1f", "\x1e", "\x1d"
"""Separators that no clean text holds."""


class Tree(Struct, frozen=True):
    """Where each post of a thread stands, by position in pre-order.

    Args:
        parents: The position of the post's parent; -1 for the article.
        depths: Steps to the article.
        sizes: Posts below it, itself counted.
    """

    parents: list[int]
    depths: list[int]
    sizes: list[int]


def check_thread(thread: Thread, work: Work | None = None) -> tuple[Post, ...]:
    """Return the posts of `thread` in pre-order, siblings as they came.

    Raises:
        SourceError: If the posts are not a tree with the article as its root, or a text is not clean.
    """
    where = f"The thread {thread.key!r}"
    posts = thread.posts
    if not posts:
        raise SourceError(f"{where} has no posts", "A thread begins with its article.")
    _check_clean(where, f"{thread.key}\n{thread.title}\n{thread.url}")
    places: dict[str, int] = {}
    depths: list[int] = []
    for place, post in (work or Work()).each(enumerate(posts)):
        _check_post(where, post, places)
        places[post.key] = place
        depths.append(0 if post.parent is None else depths[places[post.parent]] + 1)
        if depths[-1] > DEEPEST:
            raise SourceError(
                f"{where} is more than {DEEPEST} answers deep at the post {post.key!r}",
                "No discussion is: check that the source says rightly what answers what.",
            )
    parents = [-1 if post.parent is None else places[post.parent] for post in posts]
    return posts if is_pre_order(parents) else tuple(posts[place] for place in pre_order(parents))


def _check_post(where: str, post: Post, places: Mapping[str, int]) -> None:
    """Refuse a post that does not fit those before it, which stand at `places` by their keys."""
    is_first = not places
    if (post.kind is PostKind.ARTICLE) != is_first or (post.parent is None) != is_first:
        raise SourceError(
            f"{where} does not begin with its article, or has a second one: post {post.key!r}",
            "The first post is the article and has no parent; all others answer a post.",
        )
    if post.parent is not None and post.parent not in places:
        raise SourceError(
            f"{where}: the post {post.key!r} answers {post.parent!r}, which does not stand before it",
            "Each parent stands before its children.",
        )
    if post.key in places:
        raise SourceError(f"{where} has two posts with the key {post.key!r}", "Keys are unique in a thread.")
    _check_clean(where, f"{post.key}\n{post.author}\n{post.created_at}\n{post.text}")


def _check_clean(where: str, text: str) -> None:
    unclean = find_unclean(text)
    if unclean:
        raise SourceError(
            f"{where} holds the character U+{ord(unclean):04X}, which no consumer can carry",
            "Importers drop such characters and count them.",
        )


def find_unclean(text: str) -> str:
    """Return the first character of a text that no consumer can carry, "" if there is none."""
    found = _UNCLEAN.search(text)
    return found.group() if found else ""


def is_pre_order(parents: Sequence[int]) -> bool:
    """Tell whether each subtree stands in one piece right behind its root."""
    path: list[int] = []
    for place, parent in enumerate(parents):
        while path and path[-1] != parent:
            path.pop()
        if not path and place:
            return False
        path.append(place)
    return True


def pre_order(parents: Sequence[int]) -> list[int]:
    """Return the places in pre-order, siblings in the order of their places; the root is at place 0."""
    children: list[list[int]] = [[] for _ in parents]
    for place, parent in enumerate(parents):
        if place:
            children[parent].append(place)
    order: list[int] = []
    waiting = [0]
    while waiting:
        place = waiting.pop()
        order.append(place)
        waiting.extend(reversed(children[place]))
    return order


def measure(parents: Sequence[int]) -> Tree:
    """Return depths and subtree sizes of posts in pre-order, given the position of each one's parent."""
    depths = [0] * len(parents)
    sizes = [1] * len(parents)
    for position in range(1, len(parents)):
        depths[position] = depths[parents[position]] + 1
    for position in range(len(parents) - 1, 0, -1):
        sizes[parents[position]] += sizes[position]
    return Tree(list(parents), depths, sizes)


def parent_positions(posts: Sequence[Post]) -> list[int]:
    """Return the position of each post's parent, -1 for the article, for posts in pre-order."""
    positions = {post.key: position for position, post in enumerate(posts)}
    return [-1 if post.parent is None else positions[post.parent] for post in posts]


def path_keyed(posts: Sequence[Post], parents: Sequence[int]) -> Iterator[bool]:
    """Yield for each post in pre-order whether its key is merely its path: `1.2`, the second answer to comment `1`.

    The article's key is no path.
    """
    answers = [0] * len(parents)
    for post, parent in zip(posts, parents, strict=True):
        if parent < 0:
            yield False
            continue
        answers[parent] += 1
        yield post.key == (f"{posts[parent].key}.{answers[parent]}" if parent else str(answers[parent]))


def has_path_keys(posts: Sequence[Post], parents: Sequence[int]) -> bool:
    """Tell whether every comment's key is merely its path: the source has no names for its comments."""
    keyed = path_keyed(posts, parents)
    next(keyed)
    return len(posts) > 1 and all(keyed)


def text_sha256(text: str) -> str:
    """Return the hash of a text's UTF-8 bytes, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def content_sha256(thread: Thread, work: Work | None = None) -> str:
    """Return the hash of what a thread says: its title, and each post's key, parent, author, time and text."""
    digest = hashlib.sha256(thread.title.encode())
    for post in (work or Work()).each(thread.posts):
        fields = (post.key, post.parent, post.author, post.created_at, post.text)
        digest.update((_RECORD + _FIELD.join(_NONE if field is None else field for field in fields)).encode())
    return digest.hexdigest()
