"""Signatures that are made while posts are written are those that are made of the posts when they are there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.store import signatures, signing
from annotations.store.lots import Lot, words_of
from annotations.store.signatures import index_signs, signature
from annotations.store.signing import Signing

if TYPE_CHECKING:
    from annotations.store.lots import Row

TEXTS = st.text(alphabet=st.sampled_from("ab 7\n.!…“é€яЖ한这不是证据。👍🏽❤️"), max_size=12)
SMALL = 5
BATCHES = st.lists(st.lists(st.lists(st.tuples(st.none() | TEXTS, TEXTS), max_size=17), max_size=4), max_size=5)


def signed(batches: list[list[list[tuple[str | None, str]]]], made_before: int, *, is_later: bool) -> list[object]:
    """Return all signatures of posts that are written in lots, some lots in a transaction.

    Args:
        batches: Authors and texts.
        made_before: How many signatures come with a lot, at most.
        is_later: Whether all are made when the posts are there.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE posts (id INTEGER PRIMARY KEY, author TEXT, text TEXT NOT NULL)")
        connection.execute(
            "CREATE TABLE text_signatures (first_post_id INTEGER PRIMARY KEY, last_post_id INTEGER, signs BLOB, pairs BLOB)"
        )
        behind = 1
        for lots in batches:
            start, made = behind, Signing(connection, behind)
            for lot in lots:
                rows: list[Row] = [("key", "comment", author, None, text, "", "[]", "{}") for author, text in lot]
                connection.executemany("INSERT INTO posts (author, text) VALUES (?, ?)", lot)
                if not is_later:
                    whole = min(made_before, len(rows) // SMALL)
                    signs = [signature(words_of(rows[SMALL * at : SMALL * (at + 1)])) for at in range(whole)]
                    made.add(Lot(rows, signs))
                behind += len(lot)
            if is_later:
                index_signs(connection, start, behind)
            else:
                made.finish()
                assert (made.start, made.behind) == (start, behind)
        return connection.execute("SELECT * FROM text_signatures ORDER BY 1").fetchall()


@given(BATCHES, st.integers(1, 3))
def test_they_are_the_same_whoever_makes_them(
    batches: list[list[list[tuple[str | None, str]]]], made_before: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for module in (signatures, signing):
            patch.setattr(module, "POSTS", SMALL)
        later = signed(batches, 0, is_later=True)
        assert signed(batches, 0, is_later=False) == later
        assert signed(batches, made_before, is_later=False) == later
