"""Where the analyst wants to go, told by a screen to the app."""

from __future__ import annotations

from msgspec import Struct
from textual.message import Message


class PostPlace(Struct, frozen=True):
    """A place in a thread.

    Args:
        position: The post's place in pre-order; 0 is the article.
        spans: What to emphasize in its text, in code points; the first is brought into view.
        attach: The lost annotation for which words are to be chosen there; 0 for none.
    """

    position: int
    spans: tuple[tuple[int, int], ...] = ()
    attach: int = 0


class Going(Message):
    """The analyst wants to be elsewhere."""


class ToThread(Going):
    """To a thread; to a place in it, or where the analyst was the last time."""

    def __init__(self, thread_id: int, place: PostPlace | None = None) -> None:
        super().__init__()
        self.thread_id = thread_id
        self.place = place


class ToImported(Going):
    """To what was imported: the thread, or the list of all of them where it was several.

    Args:
        thread_ids: The threads' rows.
        is_changed: Whether one that was there before is another now.
    """

    def __init__(self, thread_ids: tuple[int, ...], *, is_changed: bool) -> None:
        super().__init__()
        self.thread_ids = thread_ids
        self.is_changed = is_changed


class ToLibrary(Going):
    """To the list of all threads."""


class ToSearch(Going):
    """To the search over all threads."""


class Back(Going):
    """To the screen from which this one was opened; out, if there is none."""


class JumpBack(Going):
    """To the thread from which the last jump led to this one."""
