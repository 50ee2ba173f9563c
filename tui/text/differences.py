"""What differs between two texts, word by word, and what of it is worth showing where there is little room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from annotations.alignment import Alignment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    Kind: TypeAlias = Literal["same", "other"]

_ELLIPSIS = " … "


class Piece(NamedTuple):
    """A part of a text: the same in the other text, or only here.

    Args:
        text: What it says.
        kind: Whether the other text says it too.
    """

    text: str
    kind: Kind


def differences(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """Return both texts in pieces, so that those that are the same in both are told from the others."""
    alignment = Alignment(one, other)
    return (
        list(_pieces(one, ((block.old, block.length) for block in alignment.blocks))),
        list(_pieces(other, ((block.new, block.length) for block in alignment.blocks))),
    )


def _pieces(text: str, blocks: Iterable[tuple[int, int]]) -> Iterable[Piece]:
    at = 0
    for start, length in (*blocks, (len(text), 0)):
        if at < start:
            between = text[at:start]
            yield Piece(between, "other" if between.strip() else "same")
        if length:
            yield Piece(text[start : start + length], "same")
        at = start + length


def shorten(pieces: Sequence[Piece], around: int) -> list[Piece]:
    """Leave out the middle of what is the same, so that so many characters of it stay on either side of what differs."""
    shown = []
    for number, piece in enumerate(pieces):
        keep_before = around if number else 0
        keep_behind = around if number + 1 < len(pieces) else 0
        if not keep_before and not keep_behind:
            keep_before = 2 * around  # nothing differs
        if piece.kind == "same" and len(piece.text) > keep_before + keep_behind + len(_ELLIPSIS):
            end = piece.text[len(piece.text) - keep_behind :] if keep_behind else ""
            shown.append(Piece(piece.text[:keep_before] + _ELLIPSIS + end, "same"))
        else:
            shown.append(piece)
    return shown
