"""Signatures that are made while posts are written are those that are made of the posts when they are there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.sources.second_process import SecondProcess
from annotations.store import signatures, signing
from annotations.store.signatures import index_signs
from annotations.store.signing import Signing

if TYPE_CHECKING:
    from annotations.sources.second_process import Call
    from annotations.store.weighed import Row

TEXTS = st.text(alphabet=st.sampled_from("ab 7\n.!…“é€яЖ한这不是证据。👍🏽❤️"), max_size=12)
BATCHES = st.lists(st.lists(st.lists(st.tuples(st.none() | TEXTS, TEXTS), max_size=7), max_size=4), max_size=5)


class Other(SecondProcess):
    """A process that makes some signatures, and ends.

    Args:
        lasts: How many it makes.
    """

    def __init__(self, lasts: int) -> None:
        super().__init__()
        self.lasts = lasts
        self.waiting: dict[int, bytes] = {}

    @property
    def is_there(self) -> bool:
        return self.lasts > 0

    def ask(self, call: Call, asked: bytes) -> int:
        number = 1 + max(self.waiting, default=0)
        self.waiting[number] = call(asked)
        return number

    def answer(self, number: int) -> bytes | None:
        self.lasts -= 1
        return self.waiting.pop(number) if self.lasts >= 0 else None


def signed(batches: list[list[list[tuple[str | None, str]]]], other: Other | None, *, is_later: bool) -> list[object]:
    """Return all signatures of posts that are written in lots, some lots in a transaction."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE posts (id INTEGER PRIMARY KEY, author TEXT, text TEXT NOT NULL)")
        connection.execute(
            "CREATE TABLE text_signatures (first_post_id INTEGER PRIMARY KEY, last_post_id INTEGER, signs BLOB, pairs BLOB)"
        )
        behind = 1
        for lots in batches:
            start, made = behind, Signing(connection, behind, other)
            for lot in lots:
                rows: list[Row] = [("key", "comment", author, None, text, "", "[]", "{}") for author, text in lot]
                connection.executemany("INSERT INTO posts (author, text) VALUES (?, ?)", lot)
                if not is_later:
                    made.add(rows)
                behind += len(lot)
            if is_later:
                index_signs(connection, start, behind)
            else:
                made.finish()
                assert (made.start, made.behind) == (start, behind)
        return connection.execute("SELECT * FROM text_signatures ORDER BY 1").fetchall()


@given(BATCHES, st.integers(0, 9))
def test_they_are_the_same_whoever_makes_them(batches: list[list[list[tuple[str | None, str]]]], lasts: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for module in (signatures, signing):
            patch.setattr(module, "POSTS", 5)
        patch.setattr(signing, "_AHEAD", 2)
        later = signed(batches, None, is_later=True)
        assert signed(batches, None, is_later=False) == later
        assert signed(batches, Other(lasts), is_later=False) == later
