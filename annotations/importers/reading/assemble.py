"""From records that say what they answer to a thread: the tree is made of what there is, whatever is wrong with it.

Sources are disordered: an answer stands before what it answers, a comment was deleted and its answers were not, two have
one id, two answer each other. Nothing of that loses a record; each is reported with what became of it.

Of a thread that is not in memory (`annotations.lazy_posts`) only keys, parents and times are looked at; its posts get
their places, and what has to be said of them, when somebody fetches them.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING

from annotations.importers.reading.assembled_posts import ARTICLE, NOWHERE, AssembledPosts
from annotations.importers.reading.telling import ALONE, CIRCULAR, LACKING, OPENED, ORPHAN, TWICE
from annotations.lazy_posts import LazyPosts
from annotations.model import Post

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annotations.lazy_posts import Link
    from annotations.sources.problems import Problems

__all__ = ["AGAIN", "CIRCULAR", "DEEPEST", "LACKING", "OLDER", "TOO_DEEP", "TWICE", "assemble"]

DEEPEST = 20_000
"""Answers below each other that are kept; what is deeper answers the last of them. No discussion is; a broken source may be."""

AGAIN = "stands in the source twice, word for word"
OLDER = "is older than what it answers"
TOO_DEEP = f"is more than {DEEPEST:,} answers deep"


def assemble(
    article: Post, records: Iterable[Post], problems: Problems, *, roots: frozenset[str | None] = frozenset({None, ""})
) -> Sequence[Post]:
    """Return the posts of a thread in pre-order, siblings as they came; posts that are fetched if the records are.

    What there is no parent for answers the article, with the name of the missing one in `meta["parent"]`; where two or more
    answer one that is missing, an empty post stands for it (as the mail readers do, jwz.org/doc/threading.html), so that they
    stay together. Of two records with one key the second is called `key~2`, with the key in `meta["key"]`; one that repeats
    the first word for word is left out. A circle is opened where its oldest record is, else its first.

    Args:
        article: The article; its parent is None.
        records: The comments in the order of the source, each with what it answers in `parent`.
        problems: Is told of each record that does not fit.
        roots: What a record has as its parent that answers the article; the article's key is always one.

    Raises:
        SourceError: If a record does not fit and the import is strict.
    """
    posts = records if isinstance(records, Sequence) else tuple(records)
    tree = _Tree(article, posts, problems, roots)
    assembled = AssembledPosts(article, posts, tree, roots)
    return assembled if isinstance(posts, LazyPosts) else tuple(assembled)


class _Tree:
    """Who answers whom: of each record, by its place in the source, the place of its parent.

    Behind the records stand the empty comments for those that are missing.
    """

    def __init__(self, article: Post, posts: Sequence[Post], problems: Problems, roots: frozenset[str | None]) -> None:
        self.article = article
        self.posts = posts
        self.problems = problems
        self.keys: list[str] = []
        self.times: list[str | None] = []
        self.parents = array("i")
        self.ghosts: list[Post] = []
        self.renamed: dict[int, str] = {}
        """Records whose keys others had before them, and their new ones."""
        self.moved: dict[int, str] = {}
        """Records that would stand too deep, and the keys of what they answer now."""
        self.remarks = bytearray(len(posts))
        self._link(roots)
        self._open_circles()
        self._report_times()
        self.times = []  # those of a million comments take as much as the order in which they stand
        self.order = self._ordered()

    def _link(self, roots: frozenset[str | None]) -> None:
        """Find of each record its parent, and give each a key of its own."""
        article_key = self.article.key
        at: dict[str, int] = {article_key: ARTICLE}
        waiting: dict[int, str] = {}
        parents, keys, times = self.parents, self.keys, self.times
        for place, (key, parent, time) in enumerate(_links(self.posts)):
            other = at.setdefault(key, place)
            is_again = other != place and self._is_again(place, other, key, at)
            keys.append(self.renamed.get(place, key) if other != place else key)
            times.append(time)
            if is_again:
                parents.append(NOWHERE)
            elif parent is None or parent in roots:
                parents.append(ARTICLE)
            else:
                found = at.get(parent)
                parents.append(ARTICLE if found is None else found)
                if found is None:
                    waiting[place] = parent
        missing: dict[str, list[int]] = {}
        for place, parent in waiting.items():
            if (found := at.get(parent)) is None:
                missing.setdefault(parent, []).append(place)
            else:
                parents[place] = found
        for parent, places in missing.items():
            self._adopt(parent, places)

    def _is_again(self, place: int, other: int, key: str, at: dict[str, int]) -> bool:
        """Tell whether a record repeats the one that has its key; rename it if not."""
        first = self.article if other == ARTICLE else self.posts[other]
        if _says(first) == _says(self.posts[place]):
            self.problems.add(AGAIN, f"comment {key}", "it was imported once")
            return True
        number = 2
        while at.setdefault(f"{key}~{number}", place) != place:
            number += 1
        self.renamed[place] = f"{key}~{number}"
        self.problems.add(TWICE, f"comment {key}", "the later one has “~2” behind its id")
        return False

    def _adopt(self, key: str, places: Sequence[int]) -> None:
        """Find a place for records whose parent is missing."""
        is_alone = len(places) == 1
        done = "it answers the article" if is_alone else "an empty comment stands for the missing one"
        for place in places:
            self.problems.add(LACKING, f"comment {self.keys[place]}", done)
            self.remarks[place] = ALONE if is_alone else ORPHAN
            if not is_alone:
                self.parents[place] = len(self.parents)
        if not is_alone:
            ghost = Post(key=key, parent=None, meta={"is_missing": True}, uncertain=("is missing in the source",))
            self.ghosts.append(ghost)
            self.keys.append(key)
            self.times.append(None)
            self.parents.append(ARTICLE)

    def _open_circles(self) -> None:
        """Let one record of each circle answer the article."""
        parents, times = self.parents, self.times
        state = bytearray(len(parents))  # 1: on the present path; 2: known to lead to the article
        for start in range(len(parents)):
            path = []
            place = start
            while place >= 0 and not state[place]:
                state[place] = 1
                path.append(place)
                place = parents[place]
            if place >= 0 and state[place] == 1:
                circle = path[path.index(place) :]
                opened = min(circle, key=lambda at: (times[at] is None, times[at] or "", at))
                self.problems.add(CIRCULAR, f"comment {self.keys[opened]}", "it answers the article")
                self.remarks[opened] = OPENED
                parents[opened] = ARTICLE
            for at in path:
                state[at] = 2

    def _report_times(self) -> None:
        """Report answers that are older than what they answer: a clock was wrong, or the tree is."""
        times, begun = self.times, self.article.created_at
        for place, parent in enumerate(self.parents):
            mine = times[place]
            if not mine or parent == NOWHERE:
                continue
            other = begun if parent == ARTICLE else times[parent]
            if other and mine < other:
                self.problems.add(OLDER, f"comment {self.keys[place]}", "it stays where it is")

    def _ordered(self) -> array[int]:
        """Return the places in pre-order, the article first; siblings are chained, for lists of them would be big."""
        parents = self.parents
        count = len(parents)
        first, following = array("i", [-1]) * (count + 1), array("i", [-1]) * count  # the article's is the last `first`
        for place in range(count - 1, -1, -1):
            parent = parents[place]
            if parent != NOWHERE:
                following[place], first[parent] = first[parent], place
        depths = array("i", [1]) * count
        order = array("i", [ARTICLE])
        waiting = [first[ARTICLE]]
        while waiting:
            place = waiting.pop()
            if place < 0:
                continue
            order.append(place)
            depth, child = depths[place], first[place]
            if child >= 0 and depth == DEEPEST:
                # What would stand deeper stands at the same depth, behind what it answers.
                self._raise_up(place, child, following)
                child = -1
            if (sibling := following[place]) >= 0:
                depths[sibling] = depth
                waiting.append(sibling)
            if child >= 0:
                depths[child] = depth + 1
                waiting.append(child)
        return order

    def _raise_up(self, place: int, child: int, following: array[int]) -> None:
        """Let what answers a comment answer what that one answers."""
        parent = self.parents[place]
        after = following[place]
        following[place] = child
        while child >= 0:
            self.problems.add(TOO_DEEP, f"comment {self.keys[child]}", "it answers the deepest comment that is kept")
            self.parents[child] = parent
            self.moved[child] = self.article.key if parent == ARTICLE else self.keys[parent]
            if following[child] < 0:
                following[child] = after
                return
            child = following[child]


def _links(posts: Sequence[Post]) -> Iterator[Link]:
    """Yield of each post its key, what it answers, and when it was written."""
    if isinstance(posts, LazyPosts):
        yield from posts.links()
    else:
        for post in posts:
            yield post.key, post.parent, post.created_at


def _says(post: Post) -> tuple[object, ...]:
    return post.parent, post.author, post.created_at, post.text
