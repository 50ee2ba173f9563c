"""What stands behind the names: who began the thread, who is followed, what is new, edited, or gone from the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.store import authors, flags
from tui.widgets.post_view import Sign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from annotations.model import StoredPost, StoredThread
    from annotations.session import LabelingSession
    from tui.text.shift import Shift

ORIGINAL = Sign(text="OP", plain="original poster", purpose="original")
FOLLOWED = Sign(text="★", plain="followed", purpose="followed")
FLAGGED = Sign(text="⚑", plain="flagged", purpose="warning")
NOTED = Sign(text="✎", plain="with a note", purpose="followed")
NEW = Sign(text="✦ new", plain="new", purpose="new")
EDITED = Sign(text="edited", plain="edited", purpose="muted")
EDIT_MARKS = ("edited", "edited_at", "updated_at")
"""In a post's meta: what says that its source changed it before it was imported."""
GONE = "removed_at"
"""In a post's meta: since when its source no longer holds it, as `annotations.store.revise` writes it."""
KEPT_BEGINNINGS = 5_000
"""Posts of which the author and the first words stay at hand for the line above the thread."""


class PostSigns:
    """The signs of one thread's posts, as one annotator sees them.

    Args:
        session: The annotator's session.
        thread: The thread.
        size: Its posts, the article counted.
        look: Says how the posts have moved if the thread was imported again since it was opened.
    """

    def __init__(
        self, session: LabelingSession, thread: StoredThread, size: int, look: Callable[[], Shift | None]
    ) -> None:
        self.session = session
        self._look = look
        self.thread = thread
        self._project = session.project
        self._size = size
        self.original = authors.original_poster(thread, authors.load_article(self._project, thread.id))
        self.followed = frozenset(authors.followed_authors(self._project, session.annotator.id))
        self._flagged = flags.flagged_positions(self._project, thread.id, session.annotator.id)
        self._beginnings: dict[int, tuple[str | None, str]] = {}
        self.known = self.seen = thread.revision
        self.is_new = b""
        """A byte for each post, 1 for one that has come since the last visit; empty where nothing has."""
        self._new_count: int | None = None
        if thread.revision > 1:
            from annotations.store import visits  # noqa: PLC0415  # only a thread that was imported again has news

            self.look_for_arrivals(visits.known_revision(self._project, thread, session.annotator.id))

    # --- what came ------------------------------------------------------------------------------------------------

    def look_for_arrivals(self, known: int) -> None:
        """Take for new what has come since the revision `known` of the thread."""
        from annotations.store import visits  # noqa: PLC0415  # only a thread that was imported again has news

        self.known = known
        arrived = visits.arrived_positions(self._project, self.thread.id, known)
        if arrived:
            column = bytearray(self._size)
            for position in arrived:
                column[position] = 1
            self.is_new = bytes(column)
            self.seen = self.known

    def unread_new(self, read: bytes | bytearray) -> bytes:
        """Return a column with 1 for each post that is new and unread, given the column of what was read."""
        new, size = int.from_bytes(self.is_new, "little"), len(self.is_new)
        return (new & ~int.from_bytes(read[:size], "little")).to_bytes(size, "little")

    def new_count(self, read: bytes | bytearray) -> int:
        """Return how many posts are new and unread; counted once until `count_again`."""
        if self._new_count is None:
            self._new_count = self.unread_new(read).count(1) if self.is_new else 0
        return self._new_count

    def count_again(self) -> None:
        """Count what is new at the next question: something was read."""
        self._new_count = None

    def look_at(self, position: int) -> None:
        """Note that a post was in focus: once a new one was, the next visit counts what is here as known."""
        if self.is_new and self.is_new[position]:
            self.seen = self.thread.revision

    # --- flags ----------------------------------------------------------------------------------------------------

    def is_flagged(self, position: int) -> bool:
        """Tell whether the annotator has flagged the post at a position."""
        return position in self._flagged

    def look_at_flag(self, post: StoredPost) -> None:
        """Take note of whether a post is flagged now."""
        is_flagged = flags.is_flagged(self._project, post.id, self.session.annotator.id)
        (self._flagged.add if is_flagged else self._flagged.discard)(post.position)

    # --- authors --------------------------------------------------------------------------------------------------

    def beginnings(self, positions: Sequence[int]) -> list[tuple[str | None, str]]:
        """Return author and first words of the posts at these positions; what was asked before costs nothing."""
        missing = [position for position in positions if position not in self._beginnings]
        if missing:
            if len(self._beginnings) > KEPT_BEGINNINGS:
                self._beginnings.clear()
                missing = list(positions)
            shift = self._look()
            places = {position: position if shift is None else shift.to_new(position) for position in missing}
            found = authors.beginnings(self._project, self.thread.id, places.values())
            self._beginnings.update((position, found.get(place, (None, ""))) for position, place in places.items())
        return [self._beginnings.get(position, (None, "")) for position in positions]

    def toggle_follow(self, author: str) -> bool:
        """Follow an author, or no longer; return whether they are followed now."""
        is_followed = author not in self.followed
        self.session.follow(author, is_followed=is_followed)
        self.followed = self.followed | {author} if is_followed else self.followed - {author}
        return is_followed

    def next_by(self, names: Iterable[str], position: int, step: int) -> int | None:
        """Return the next comment of one of these authors after `position` (before it, if `step` is negative)."""
        return authors.next_by(self._project, self.thread.id, names, position, step)

    # --- signs ----------------------------------------------------------------------------------------------------

    def of(self, post: StoredPost, *, is_read: bool) -> tuple[Sign, ...]:
        """Return the signs of a post, in the order in which they stand behind its author's name."""
        signs: list[Sign] = []
        if post.position and post.author:
            if post.author == self.original:
                signs.append(ORIGINAL)
            if post.author in self.followed:
                signs.append(FOLLOWED)
        if post.position in self._flagged:
            signs.append(FLAGGED)
        if self.is_new and not is_read and self.is_new[post.position]:
            signs.append(NEW)
        if post.revision > 1 or (post.meta and any(post.meta.get(mark) for mark in EDIT_MARKS)):
            signs.append(EDITED)
        if post.meta and (gone := post.meta.get(GONE)):
            words = f"gone from the source since {str(gone)[:10]}"
            signs.append(Sign(text=words, plain=words, purpose="warning"))
        return tuple(signs)
