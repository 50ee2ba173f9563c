"""Which posts of a revised source say something similar to posts of the project, the most similar first.

Each is compared with a few of its author, so that the cost stays linear in the thread. Where two are equally like it, nobody
could tell which of them it is: then it is none, unless as many are to be told apart as there were, and it has the same
place among them.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from typing import TYPE_CHECKING

from annotations.store.post_columns import TELLING_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.store.post_columns import PostColumns
    from annotations.work import Work

_TOGETHER = 64
"""Posts that are compared between two looks at whether to stop; their texts are fetched together."""

_NEIGHBOURS = 32
"""How many old posts a new one is compared with, the nearest ones."""

_BEST = 4
"""How many of them are kept, the most similar ones."""

_MARGIN = 2.0
"""By how much, in per cent, the most similar one has to be more so than any other."""

_ADDED_TO = 101.0
"""How similar a text is to one to which something was added, however much: no other is more like it."""

_PART = 2000
"""Code points at the beginning and at the end of a long text that are compared: all of two long ones would take too long."""

_STEPS = 10
"""Steps in a per cent of similarity; in one step the nearer one comes first."""


def find_alike(  # noqa: PLR0913  # what is compared with what
    old: PostColumns, new: PostColumns, places: Sequence[int], others: Sequence[int], *, minimum: float, work: Work
) -> Iterator[tuple[int, int]]:
    """Yield pairs of a new post and an old one that is like it, the most similar first; a post may be in several pairs.

    Args:
        old: The posts of the project.
        new: The posts of the source.
        places: Which of the new ones to look at, in their order.
        others: Which of the old ones, in their order.
        minimum: Similarity in per cent (rapidfuzz `fuzz.ratio`) from which two of one author may be the same.
        work: What watches and may stop it.
    """
    wanted = _by_author(new, places)
    by_author = _by_author(old, others, wanted)
    near: list[
        tuple[int, int, Sequence[int], int | None]
    ] = []  # place, rank of the first neighbour, neighbours, own rank
    found: defaultdict[int, array[int]] = defaultdict(lambda: array("i"))
    for author, of_author in by_author.items():
        is_aligned = len(of_author) == len(wanted[author])
        for rank, place in enumerate(wanted[author]):
            begin = max(0, min(rank, len(of_author)) - _NEIGHBOURS // 2)
            near.append((place, begin, of_author[begin : begin + _NEIGHBOURS], rank if is_aligned else None))
            if len(near) == _TOGETHER:
                work.check()
                _compare(old, new, near, minimum, found)
                near.clear()
    _compare(old, new, near, minimum, found)
    for step in sorted(found, reverse=True):
        pairs = found[step]
        yield from zip(pairs[::2], pairs[1::2], strict=True)


def _by_author(
    posts: PostColumns, places: Sequence[int], among: dict[int, array[int]] | None = None
) -> dict[int, array[int]]:
    """Return those places where something is said, by author, of some authors only if they are named."""
    found: dict[int, array[int]] = {}
    authors, lengths = posts.authors, posts.lengths
    for place in places:
        if lengths[place] and (among is None or authors[place] in among):
            found.setdefault(authors[place], array("i")).append(place)
    return found


def _compare(
    old: PostColumns,
    new: PostColumns,
    near: Sequence[tuple[int, int, Sequence[int], int | None]],
    minimum: float,
    found: defaultdict[int, array[int]],
) -> None:
    """Compare posts with their neighbours; add what is alike to `found`, by how similar and how near it is."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  # loaded on use

    texts = dict(zip([place for place, *_ in near], new.load([place for place, *_ in near]), strict=True))
    asked = sorted({other for _, _, others, _ in near for other in others})
    there = dict(zip(asked, old.load(asked), strict=True))
    for place, begin, others, rank in near:
        text = texts[place]
        choices = [there[other] for other in others]
        scores = {
            at: score
            for _, score, at in process.extract(
                _parts(text), list(map(_parts, choices)), scorer=fuzz.ratio, limit=None, score_cutoff=minimum
            )
        }
        scores.update((at, _ADDED_TO) for at, other in enumerate(choices) if _is_part(text, other))
        middle = min(begin + _NEIGHBOURS // 2, begin + len(others)) if rank is None else rank
        for score, at in _chosen(scores, begin, rank, middle):
            step = int(score * _STEPS) * (_NEIGHBOURS + 1) + _NEIGHBOURS - min(_NEIGHBOURS, abs(begin + at - middle))
            found[step].extend((place, others[at]))


def _chosen(scores: dict[int, float], begin: int, rank: int | None, middle: int) -> list[tuple[float, int]]:
    """Return those neighbours that a post may be, each with how similar it is."""
    ordered = sorted(
        ((score, at) for at, score in scores.items()), key=lambda it: (-it[0], abs(begin + it[1] - middle))
    )
    if len(ordered) > 1 and ordered[0][0] - ordered[1][0] < _MARGIN:
        best = ordered[0][0]
        return [(score, at) for score, at in ordered if best - score < _MARGIN and begin + at == rank]
    return ordered[:_BEST]


def _parts(text: str) -> str:
    """Return what of a text is compared."""
    return text if len(text) <= 2 * _PART else text[:_PART] + text[-_PART:]


def _is_part(one: str, other: str) -> bool:
    """Tell whether one of two texts is part of the other, and long enough to tell."""
    return (one in other) if TELLING_LENGTH <= len(one) <= len(other) else len(other) >= TELLING_LENGTH and other in one
