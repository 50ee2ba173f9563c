"""A thread that is ready to be stored: gone through, hashed, and its posts as the rows that they become.

It is made in another process while this one writes, and comes from there as bytes.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import msgspec

from annotations.lazy_posts import LazyPosts
from annotations.model import Post, PostKind, Thread
from annotations.sources.problems import Problem  # noqa: TC001  # read by msgspec
from annotations.store.json_text import load_json
from annotations.store.lots import Row  # noqa: TC001  # the same

if TYPE_CHECKING:
    from collections.abc import Sequence

_PARTS = ("labels", "annotations", "marks", "stands_for", "gap", "is_export")
"""What seldom a thread has beside its posts."""


class Survey(msgspec.Struct, frozen=True):
    """What one walk through the posts of a thread finds out.

    Args:
        parents: For each post, by its place, the place of the one that it answers; -1 for the article.
        depths: For each post how many steps it is to the article.
        sizes: For each post the size class of its text.
        content: The hash of what the thread says: its title, and each post's key, parent, author, time and text.
        characters: How many characters its texts have.
        uncertain: How many posts the source allows to be read otherwise.
        has_path_keys: Whether its keys are merely paths.
    """

    parents: array[int]
    depths: array[int]
    sizes: bytes
    content: str
    characters: int
    uncertain: int
    has_path_keys: bool


class ReadyThread(msgspec.Struct, array_like=True):
    """A thread as it goes from one process to another: what it is made of, and what there is to say of its records."""

    key: str
    title: str
    format: str
    url: str | None
    warnings: tuple[str, ...]
    meta: str
    problems: list[Problem]
    parents: bytes
    depths: bytes
    sizes: bytes
    content: str
    characters: int
    uncertain: int
    has_path_keys: bool
    rows: list[Row]


class ReadyPosts(LazyPosts):
    """The posts of a thread in pre-order, as the rows that they become.

    Args:
        title: The title of the thread, which its hash tells, too.
        rows: The rows.
        survey: What a walk through them has found out.
    """

    def __init__(self, title: str, rows: Sequence[Row], survey: Survey) -> None:
        self.title = title
        self.rows = rows
        self.survey = survey

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    def fetch(self, places: Sequence[int]) -> list[Post]:
        """Return the posts at some places, in the order of these."""
        return [self._post(place) for place in places]

    def _post(self, place: int) -> Post:
        key, kind, author, created_at, text, _, uncertain, meta = self.rows[place]
        above = self.survey.parents[place]
        return Post(
            key=key,
            parent=self.rows[above][0] if above >= 0 else None,
            kind=PostKind(kind),
            text=text,
            author=author,
            created_at=created_at,
            uncertain=() if uncertain == "[]" else tuple(load_json(uncertain)),
            meta=load_json(meta),
        )


def is_plain(thread: Thread) -> bool:
    """Tell whether a thread has nothing but its posts, so that it can be made a `ReadyThread`."""
    return not any(getattr(thread, part) for part in _PARTS)


def unpack_ready(ready: ReadyThread) -> Thread:
    """Return the thread."""
    parents, depths = array("i"), array("i")
    parents.frombytes(ready.parents)
    depths.frombytes(ready.depths)
    survey = Survey(parents, depths, ready.sizes, ready.content, ready.characters, ready.uncertain, ready.has_path_keys)
    return Thread(
        key=ready.key,
        title=ready.title,
        format=ready.format,
        url=ready.url,
        warnings=ready.warnings,
        meta=load_json(ready.meta),
        posts=ReadyPosts(ready.title, ready.rows, survey),
    )
