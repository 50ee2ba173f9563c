"""A thread that is about to be stored, with all that takes long and needs no lock: others go on writing meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.errors import SourceError
from annotations.lazy_posts import LazyPosts
from annotations.shape import Shape
from annotations.store.post_writing import lots_of
from annotations.store.ready import ReadyPosts, Survey
from annotations.store.walk import CHECKED, Walk, survey_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.model import Thread
    from annotations.store.lots import Lot
    from annotations.store.project import Project
    from annotations.store.revise import Comparison
    from annotations.work import Work


class Likeness(Struct, frozen=True):
    """A thread of the project that is like one that comes from elsewhere.

    Args:
        thread_id: Its row.
        is_same: Whether it is that thread.
        share: Which part of the comments of the smaller of the two the other has.
    """

    thread_id: int
    is_same: bool
    share: float


class PreparedThread:
    """A thread with what can be known of it before the project is locked.

    Args:
        thread: The thread, each parent before its children.
        location: Where its source is, see `save_thread`.
        source_sha256: The hash of the source's bytes.
        work: What watches and may stop it.
        is_urgent: Whether it need not be found out at once what it says, if it can be stored without: `is_heard` tells
            whether it was. It is when `lots` has come to its end.

    Raises:
        SourceError: If the posts are not a tree with the article as its root, or a text is not clean.
    """

    def __init__(
        self, thread: Thread, location: str, source_sha256: str, work: Work, *, is_urgent: bool = False
    ) -> None:
        posts = thread.posts
        if not posts:
            raise SourceError(f"The thread {thread.key!r} has no posts", "A thread begins with its article.")
        self._walk: Walk | None = None
        self._survey: Survey | None = None
        if isinstance(posts, ReadyPosts) and posts.title == thread.title:
            self._survey = posts.survey
        elif is_urgent and isinstance(posts, LazyPosts) and posts.structure() is not None:
            self._walk = Walk(thread)
        else:
            thread, self._survey = survey_thread(thread, work)
        self.thread = thread
        """The thread, its posts in pre-order, siblings as they came."""
        self.location = location
        self.source_sha256 = source_sha256
        known = self._survey or self._walk
        assert known is not None  # noqa: S101  # one of the two
        self.parents = known.parents
        self.depths = known.depths
        self.has_path_keys = known.has_path_keys
        """Whether its keys are merely paths."""
        self.into: int | None = None
        """The row of the thread that it is, as the analyst says."""
        self._comparison: Comparison | None = None
        self.likenesses: dict[tuple[int, int], Likeness | None] = {}
        """How it is like threads of other sources, by their rows and revisions."""

    def hear(self, work: Work) -> None:
        """Find out what it says, if that is not known.

        Raises:
            SourceError: If a text is not clean.
        """
        if self._walk is not None and not self.is_heard:
            self._walk.go(work)
            self._survey = self._walk.survey

    @property
    def is_heard(self) -> bool:
        """Whether it is known what it says."""
        return self._survey is not None

    @property
    def share(self) -> float:
        """Which part of storing it is over."""
        return CHECKED if self.is_heard else 0

    @property
    def content(self) -> str:
        """The hash of what it says: its title, and each post's key, parent, author, time and text."""
        return self.survey.content

    @property
    def characters(self) -> int:
        """How many characters its texts have."""
        return self.survey.characters

    @property
    def uncertain(self) -> int:
        """How many posts the source allows to be read otherwise."""
        return self.survey.uncertain

    @property
    def survey(self) -> Survey:
        """What is known of its posts, in pre-order; it is heard what they say."""
        assert self._survey is not None  # noqa: S101  # see `is_heard`
        return self._survey

    def lots(self, first: int) -> Iterator[Lot]:
        """Yield its posts as rows; what they say is known when all have been.

        Args:
            first: How many there are to be in the first lot; the others have `LOT`, but the last one.

        Raises:
            SourceError: If a text is not clean.
        """
        posts = self.thread.posts
        if isinstance(posts, LazyPosts) and posts.structure() is not None:
            lots = posts.lots(first, is_heard=self.is_heard)
            yield from lots if self._walk is None or self.is_heard else self._walk.overhear(lots)
            if self._walk is not None:
                self._survey = self._walk.survey
        else:
            yield from lots_of(posts)

    @property
    def shape(self) -> Shape:
        """Its shape."""
        return Shape("".join(map(chr, self.depths)), self.survey.sizes)

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
