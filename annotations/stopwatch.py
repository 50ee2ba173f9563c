"""How long somebody has been at each post, idle time left out. Pure: the clock is injected.

Keys and the mouse show that somebody is there. The time between two of these signs counts for the post that was in
focus, unless it is longer than the limit: then nobody was there, and none of it counts. While the terminal is not in
front, nothing counts either. What is not sure yet (nobody knows when the next sign comes) is handed out already, so
that little is lost with the process, and taken back where it turns out to have been idle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Stopwatch:
    """Measures the time that is spent on each post.

    Args:
        clock: Says how many seconds have passed since some moment; it never goes back.
        idle: How many seconds without a sign make somebody absent.
    """

    def __init__(self, clock: Callable[[], float], idle: float) -> None:
        self._clock = clock
        self._idle = idle
        self._post: int | None = None
        self._is_running = True
        self._sign_at: float | None = None
        """When the last sign came; None while nobody is known to be there."""
        self._since = 0.0
        """From when on the post in focus has had no time yet."""
        self._open: dict[int, float] = {}
        """What the posts had since the last sign: it counts if the next one comes in time."""
        self._sure: dict[int, float] = {}
        """What counts, and was not taken yet."""
        self._lent: dict[int, float] = {}
        """What of the open time was handed out already."""

    def stir(self) -> None:
        """Take a sign: a key, or the mouse."""
        if not self._is_running:
            return
        now = self._clock()
        self._settle(now)
        self._sign_at = self._since = now

    def look_at(self, post: int | None) -> None:
        """Take it that this post is in focus now; None for none. That alone is no sign that somebody is there."""
        if post == self._post:
            return
        now = self._clock()
        self._run_on(now)
        self._post = post

    def pause(self) -> None:
        """Stop: the terminal is not in front, or another screen is."""
        if not self._is_running:
            return
        self._settle(self._clock())
        self._sign_at = None
        self._is_running = False

    def resume(self) -> None:
        """Go on, with the sign that the terminal is in front again."""
        if not self._is_running:
            self._is_running = True
            self.stir()

    def take(self) -> dict[int, float]:
        """Return the seconds by post that have come since this was asked last.

        A number is negative where what was returned before turned out to be idle; all that was returned of a post
        together never is.
        """
        if self._sign_at is not None:
            now = self._clock()
            if now - self._sign_at > self._idle:
                self._settle(now)
                self._sign_at = None
            else:
                self._run_on(now)
        taken = self._sure
        for post in self._open.keys() | self._lent.keys():
            difference = self._open.get(post, 0.0) - self._lent.get(post, 0.0)
            taken[post] = taken.get(post, 0.0) + difference
        self._lent = dict(self._open)
        self._sure = {}
        return {post: seconds for post, seconds in taken.items() if seconds}

    def _run_on(self, now: float) -> None:
        """Give the post in focus the time since it had some."""
        if self._sign_at is not None and self._post is not None:
            self._open[self._post] = self._open.get(self._post, 0.0) + now - self._since
        self._since = now

    def _settle(self, now: float) -> None:
        """Decide what the time since the last sign was: work, or idle."""
        self._run_on(now)
        is_work = self._sign_at is not None and now - self._sign_at <= self._idle
        for post in self._open.keys() | self._lent.keys():
            counted = self._open.get(post, 0.0) if is_work else 0.0
            self._sure[post] = self._sure.get(post, 0.0) + counted - self._lent.get(post, 0.0)
        self._open.clear()
        self._lent.clear()
