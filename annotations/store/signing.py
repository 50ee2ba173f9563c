"""The signatures of new posts, made while these are written: so nobody reads them once more.

Those of a long thread are made by another process, if there is one that would have little to do.
"""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from annotations.store.signatures import POSTS, find_incomplete, load_words, save_signature, signature

if TYPE_CHECKING:
    from collections.abc import Iterable
    from sqlite3 import Connection

    from annotations.sources.second_process import SecondProcess
    from annotations.store.weighed import Row

_AHEAD = 32
"""Signatures that the other process is to make before the first of them is asked for."""


class Signing:
    """Makes and stores the signatures of posts that are written one after the other, in the open transaction.

    The last signature before them is completed, so that many small threads have as few as a big one.

    Args:
        connection: The connection.
        start: The row of the first of the posts.
        other: The process that makes them; None for this one.
    """

    def __init__(self, connection: Connection, start: int, other: SecondProcess | None = None) -> None:
        self._connection = connection
        self._other = other
        self.start = self.behind = start
        """The rows of the posts, as far as they have been added: the first one, and behind the last one."""
        self._first = find_incomplete(connection, start)
        self._words = load_words(connection, self._first, start)
        self._asked: deque[tuple[int, int, int, list[str]]] = deque()

    def add(self, rows: Iterable[Row]) -> None:
        """Take posts that have been written, in the order of their rows."""
        for row in rows:
            self._words += filter(None, (row[2], row[4]))
            self.behind += 1
            if self.behind - self._first >= POSTS:
                self._sign()

    def finish(self) -> None:
        """Store what is left; nothing may be added any more."""
        if self.behind > self._first:
            self._sign()
        while self._asked:
            self._take()

    def _sign(self) -> None:
        words, self._words = self._words, []
        first, self._first = self._first, self.behind
        if self._other is None or not self._other.is_there:
            save_signature(self._connection, first, self.behind, signature(words))
            return
        self._asked.append((self._other.ask(sign_words, msgspec.msgpack.encode(words)), first, self.behind, words))
        if len(self._asked) > _AHEAD:
            self._take()

    def _take(self) -> None:
        number, first, behind, words = self._asked.popleft()
        answer = None if self._other is None else self._other.answer(number)
        made = signature(words) if answer is None else _decoder().decode(answer)
        save_signature(self._connection, first, behind, made)


def sign_words(asked: bytes) -> bytes:
    """Make a signature in the other process."""
    return msgspec.msgpack.encode(signature(msgspec.msgpack.decode(asked, type=list[str])))


@lru_cache
def _decoder() -> msgspec.msgpack.Decoder[tuple[bytes, bytes]]:
    return msgspec.msgpack.Decoder(tuple[bytes, bytes])
