"""What makes new posts findable, stored while these are written: so nobody reads them once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.store.lots import words_of
from annotations.store.post_writing import INDEXED, index_words
from annotations.store.signatures import POSTS, find_incomplete, load_words, save_signature, signature

if TYPE_CHECKING:
    from sqlite3 import Connection

    from annotations.store.lots import Lot
    from annotations.work import Work


class Signing:
    """Makes and stores the signatures of posts that are written one after the other, in the open transaction.

    It knows as well of which of them the words are in the index. The last signature before them is completed, so that many small threads have as few as a big one.

    Args:
        connection: The connection.
        start: The row of the first of the posts.
    """

    def __init__(self, connection: Connection, start: int) -> None:
        self._connection = connection
        self.start = self.behind = start
        """The rows of the posts, as far as they have been added: the first one, and behind the last one."""
        self._indexed = start
        self._first = find_incomplete(connection, start)
        self._words = load_words(connection, self._first, start)

    @property
    def room(self) -> int:
        """How many posts are to be added before a new signature begins."""
        return POSTS - (self.behind - self._first)

    def add(self, lot: Lot) -> None:
        """Take posts that have been written, in the order of their rows."""
        at = 0
        if self._first == self.behind:
            for made in lot.signatures:
                save_signature(self._connection, self._first, self._first + POSTS, made)
                self._first += POSTS
            at = len(lot.signatures) * POSTS
        self.behind += at
        while at < len(lot.rows):
            rows = lot.rows[at : at + self.room]
            self._words += words_of(rows)
            self.behind += len(rows)
            at += len(rows)
            if self.behind - self._first >= POSTS:
                self.finish()

    @property
    def unindexed(self) -> int:
        """How many posts there are whose words are not in the index yet."""
        return self.behind - self._indexed

    def index_words(self, *, is_all: bool = True, work: Work | None = None) -> None:
        """Put the words of posts into the index; if not of all, then of as many as one statement takes."""
        stop = self.behind if is_all else self.behind - self.unindexed % INDEXED
        index_words(self._connection, self._indexed, stop, work)
        self._indexed = stop

    def finish(self) -> None:
        """Store the signatures that are left."""
        if self.behind > self._first:
            save_signature(self._connection, self._first, self.behind, signature(self._words))
            self._first, self._words = self.behind, []
