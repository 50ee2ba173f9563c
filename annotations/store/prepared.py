"""A thread that is about to be stored, with all that takes long and needs no lock: others go on writing meanwhile.

Its posts are gone through once, for a thread that is not in memory is read from the disk each time. What a thread says is
hashed in the same bytes that are searched for what no consumer can carry.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.errors import SourceError
from annotations.lazy_posts import LazyPosts, ReorderedPosts
from annotations.model import PostKind
from annotations.shape import DEEPEST, Shape, size_class
from annotations.store.ready import ReadyPosts, Survey
from annotations.store.tree import find_unclean, has_path_keys, is_pre_order, pre_order
from annotations.store.weighed import Weighed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from annotations.model import Post, Thread
    from annotations.store.project import Project
    from annotations.store.revise import Comparison
    from annotations.work import Work

_BATCH = 500
"""Posts that are hashed at once."""

_FIELD, _RECORD, _NONE = "\x1f", "\x1e", "\x1d"
"""Separators that no clean text holds."""
_SEPARATORS = 5
"""How many of them a post has, but for those instead of what it lacks."""

_CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n"})
_LATER_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")
_NONCHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]")
"""What no consumer can carry, in UTF-8; expressions that begin with a letter are searched for as fast as memory is read."""


class PreparedThread:
    """A thread with what can be known of it before the project is locked.

    Args:
        thread: The thread, each parent before its children.
        location: Where its source is, see `save_thread`.
        source_sha256: The hash of the source's bytes.
        work: What watches and may stop it.

    Raises:
        SourceError: If the posts are not a tree with the article as its root, or a text is not clean.
    """

    def __init__(self, thread: Thread, location: str, source_sha256: str, work: Work) -> None:
        posts = thread.posts
        if not posts:
            raise SourceError(f"The thread {thread.key!r} has no posts", "A thread begins with its article.")
        if isinstance(posts, ReadyPosts) and posts.title == thread.title:
            survey = posts.survey
        else:
            thread, survey = _surveyed(thread, work)
        self.thread = thread
        """The thread, its posts in pre-order, siblings as they came."""
        self.location = location
        self.source_sha256 = source_sha256
        self.survey = survey
        """What is known of its posts, in pre-order."""
        self.content = survey.content
        """The hash of what it says: its title, and each post's key, parent, author, time and text."""
        self.characters = survey.characters
        """How many characters its texts have."""
        self.uncertain = survey.uncertain
        """How many posts the source allows to be read otherwise."""
        self.has_path_keys = survey.has_path_keys
        """Whether its keys are merely paths."""
        self.parents: Sequence[int] = survey.parents
        self.depths = survey.depths
        self.sizes = survey.sizes
        self._comparison: Comparison | None = None

    @property
    def shape(self) -> Shape:
        """Its shape."""
        return Shape("".join(map(chr, self.depths)), self.sizes)

    def compare(self, project: Project, thread_id: int) -> Comparison:
        """Compare the thread with an earlier state of it."""
        from annotations.store.listing import load_report  # noqa: PLC0415  # loaded on use
        from annotations.store.revise import compare_thread  # noqa: PLC0415  # loaded on use

        had_path_keys = bool(load_report(project, thread_id).get("has_path_keys", False))
        self._comparison = compare_thread(
            project,
            thread_id,
            self.thread,
            self.parents,
            has_source_keys=not had_path_keys and not self.has_path_keys,
        )
        return self._comparison

    def compared(self, project: Project, thread_id: int) -> Comparison:
        """Return how it compares with what the open transaction sees, which may be news since the first look."""
        query = "SELECT revision FROM threads WHERE id = ?"
        (revision,) = project.connection.execute(query, (thread_id,)).fetchone()
        known = self._comparison
        if known is not None and (known.thread_id, known.revision) == (thread_id, revision):
            return known
        return self.compare(project, thread_id)


def _surveyed(thread: Thread, work: Work) -> tuple[Thread, Survey]:
    """Return a thread with its posts in pre-order, and what is known of them."""
    walk = _Walk(thread, work)
    if not is_pre_order(walk.parents):
        order, posts = pre_order(walk.parents), thread.posts
        is_lazy = isinstance(posts, LazyPosts)
        posts = ReorderedPosts(posts, order, {}) if is_lazy else tuple(posts[place] for place in order)
        thread = replace(thread, posts=posts)
        walk = _Walk(thread, work)
    survey = Survey(
        parents=walk.parents,
        depths=walk.depths,
        sizes=bytes(walk.sizes),
        content=walk.digest.hexdigest(),
        characters=walk.characters,
        uncertain=walk.uncertain,
        has_path_keys=has_path_keys(list(walk.places), walk.parents),
    )
    return thread, survey


class _Walk:
    """One walk through the posts of a thread."""

    def __init__(self, thread: Thread, work: Work) -> None:
        self.where = f"The thread {thread.key!r}"
        self.places: dict[str, int] = {}
        self.parents = array("i")
        self.depths = array("i")
        self.sizes = bytearray()
        self.characters = self.uncertain = 0
        _check_clean(self.where, f"{thread.key}\n{thread.title}\n{thread.url}")
        self.digest = hashlib.sha256(thread.title.encode())
        work.begin("Checking the thread", len(thread.posts), "comments", part=(0, 0.25))
        weighed = thread.posts.weighed() if isinstance(thread.posts, LazyPosts) else None
        posts: Iterator[Post | Weighed] = iter(work.each(thread.posts if weighed is None else weighed))
        while batch := list(islice(posts, _BATCH)):
            self._walk(batch)

    def _walk(self, posts: Sequence[Post | Weighed]) -> None:
        places, parents, depths, sizes = self.places, self.parents, self.depths, self.sizes
        said: list[str] = []
        separators = _SEPARATORS * len(posts)
        for post in posts:
            key, parent, author, created_at, text = post.key, post.parent, post.author, post.created_at, post.text
            above = -1 if parent is None else places.get(parent, -1)
            if key in places or above < 0 or post.kind is PostKind.ARTICLE:
                _check_place(self.where, post, places)
            depth = depths[above] + 1 if places else 0
            if depth > DEEPEST:
                raise SourceError(
                    f"{self.where} is more than {DEEPEST} answers deep at the post {key!r}",
                    "No discussion is: check that the source says rightly what answers what.",
                )
            places[key] = len(parents)
            parents.append(above)
            depths.append(depth)
            sizes.append(post.size if isinstance(post, Weighed) else size_class(text))
            self.characters += len(text)
            self.uncertain += bool(post.uncertain)
            separators += (parent is None) + (author is None) + (created_at is None)
            fields = (_RECORD + key, parent, author, created_at, text)
            said.append(_FIELD.join([_NONE if field is None else field for field in fields]))
        raw = _encoded("".join(said))
        controls = len(raw) - len(raw.translate(None, _CONTROLS))
        if controls != separators or _LATER_CONTROLS.search(raw) or _NONCHARACTERS.search(raw):
            for post in posts:
                _check_clean(self.where, f"{post.key}\n{post.author}\n{post.created_at}\n{post.text}")
        self.digest.update(raw)


def _encoded(text: str) -> bytes:
    """Return a text in UTF-8; nothing where it holds half of a surrogate pair, which lacks the separators too."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return b""


def _check_place(where: str, post: Post | Weighed, places: Mapping[str, int]) -> None:
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


def _check_clean(where: str, text: str) -> None:
    unclean = find_unclean(text)
    if unclean:
        raise SourceError(
            f"{where} holds the character U+{ord(unclean):04X}, which no consumer can carry",
            "Importers drop such characters and count them.",
        )
