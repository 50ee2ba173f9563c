"""What differs between a quote and the words that are nearest to it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.text.differences import Piece, differences, shorten

TEXTS = st.lists(
    st.sampled_from(["the", "tunnel", "will", "flood", ".", "水", "👍🏽", " ", "\n", "e\u0301"]), max_size=12
).map(" ".join)


def test_words_that_only_one_of_them_has_are_told_from_the_others() -> None:
    was, now = differences("The tunnel will flood soon.", "The tunnel might flood.")
    assert [piece.text for piece in was if piece.kind == "other"] == [" will ", " soon"]
    assert [piece.text.strip() for piece in now if piece.kind == "other"] == ["might"]


@given(TEXTS, TEXTS)
def test_pieces_make_the_texts_and_what_is_the_same_is_the_same(one: str, other: str) -> None:
    was, now = differences(one, other)
    assert "".join(piece.text for piece in was) == one
    assert "".join(piece.text for piece in now) == other
    same = [[word for piece in pieces if piece.kind == "same" for word in piece.text.split()] for pieces in (was, now)]
    assert same[0] == same[1]
    assert one != other or all(piece.kind == "same" for piece in was)


def test_of_what_is_the_same_only_what_is_near_a_difference_is_shown() -> None:
    pieces = [Piece("a" * 50, "same"), Piece("new", "other"), Piece("b" * 50, "same"), Piece("x", "other")]
    shown = shorten(pieces, 10)
    assert [piece.text for piece in shown] == [f" … {'a' * 10}", "new", f"{'b' * 10} … {'b' * 10}", "x"]
    assert shorten([Piece("short", "same")], 10) == [Piece("short", "same")]
    assert len(shorten([Piece("a" * 500, "same")], 10)[0].text) < 30
