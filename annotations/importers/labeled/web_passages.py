"""A text made of the passages that annotations quote, where the text itself is not at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = "\n\n[…]\n\n"
"""What stands between passages of which is not known what stands between them."""


class Passage(Struct, frozen=True):
    """What an annotation quotes, with what stands around it.

    Args:
        prefix: What stands before.
        exact: What it quotes.
        suffix: What stands behind.
        start: Where the quote begins in the whole text; None if that is not said.
    """

    prefix: str
    exact: str
    suffix: str
    start: int | None = None

    @property
    def whole(self) -> str:
        """All that is known of the text here."""
        return f"{self.prefix}{self.exact}{self.suffix}"


class _Piece(Struct):
    """A piece of the text: what it says, and where it begins in the whole."""

    text: str
    start: int | None


def join_passages(headline: str, passages: Sequence[Passage]) -> tuple[str, dict[Passage, Span]]:
    """Return a text of a headline and passages, and where in it each of these is quoted.

    Passages stand in the order of their places, those without one behind them in the order given. What overlaps by its
    places and says the same there becomes one.
    """
    known = sorted((each for each in dict.fromkeys(passages) if each.start is not None), key=_begin)
    others = [each for each in dict.fromkeys(passages) if each.start is None]
    pieces: list[_Piece] = []
    where: dict[Passage, tuple[int, int]] = {}
    for passage in known:
        begin = _begin(passage)
        if not (pieces and _grow(pieces[-1], begin, passage.whole)):
            pieces.append(_Piece(passage.whole, begin))
        where[passage] = (len(pieces) - 1, begin - (pieces[-1].start or 0) + len(passage.prefix))
    for passage in others:
        number = next((number for number, piece in enumerate(pieces) if passage.whole in piece.text), None)
        if number is None:
            number = len(pieces)
            pieces.append(_Piece(passage.whole, None))
        where[passage] = (number, pieces[number].text.index(passage.whole) + len(passage.prefix))
    parts = [headline] if headline else []
    starts: list[int] = []
    at = len(headline) + 2 if headline else 0
    for number, piece in enumerate(pieces):
        starts.append(at)
        parts.append(("" if number else "\n\n" if headline else "") + (GAP if number else "") + piece.text)
        at += len(piece.text) + len(GAP)
    spans = {
        passage: Span(starts[number] + offset, starts[number] + offset + len(passage.exact))
        for passage, (number, offset) in where.items()
    }
    return "".join(parts), spans


def _begin(passage: Passage) -> int:
    return (passage.start or 0) - len(passage.prefix)


def _grow(piece: _Piece, begin: int, text: str) -> bool:
    """Let a piece take in what begins within it or right behind it, if they agree; tell whether it did."""
    if piece.start is None:
        return False
    offset = begin - piece.start
    if not 0 <= offset <= len(piece.text):
        return False
    shared = piece.text[offset : offset + len(text)]
    if not text.startswith(shared):
        return False
    piece.text += text[len(shared) :]
    return True
