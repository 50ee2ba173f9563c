from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from annotations.exporters.hiding.rewriting import Replacement, Rewriting, without_overlaps
from annotations.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable

TEXTS = st.text("ab 🌊é\n", min_size=1, max_size=60)


@st.composite
def texts_with_replacements(draw: Callable[..., object]) -> tuple[str, list[Replacement]]:
    text = draw(TEXTS)
    assert isinstance(text, str)
    edges = draw(st.lists(st.integers(0, len(text)), max_size=10, unique=True))
    assert isinstance(edges, list)
    edges.sort()
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return text, [Replacement(start, end, draw(st.text("XYZ", min_size=1, max_size=8))) for start, end in pairs]  # type: ignore[arg-type]  # a text


@st.composite
def spans_of(draw: Callable[..., object], length: int) -> Span:
    start = draw(st.integers(0, length - 1))
    assert isinstance(start, int)
    end = draw(st.integers(start + 1, length))
    assert isinstance(end, int)
    return Span(start, end)


@given(st.data(), texts_with_replacements())
def test_spans_move_with_their_words(data: st.DataObject, given_: tuple[str, list[Replacement]]) -> None:
    text, replacements = given_
    rewriting = Rewriting(text, replacements)
    span = data.draw(spans_of(len(text)))
    moved, is_widened = rewriting.span(span)
    assert 0 <= moved.start < moved.end <= len(rewriting.text)
    touched = [each for each in replacements if each.start < span.end and span.start < each.end]
    # What stands at the span now is what stood there, with each part that was replaced in full.
    expected, place = "", span.start
    for each in touched:
        expected += text[place : each.start] if each.start > place else ""
        expected += each.words
        place = each.end
    expected += text[place : span.end] if span.end > place else ""
    assert rewriting.text[moved.start : moved.end] == expected
    inside = [each for each in touched if each.start < span.start or span.end < each.end]
    assert is_widened == bool(inside)


@given(st.data(), texts_with_replacements())
def test_the_order_of_spans_is_kept(data: st.DataObject, given_: tuple[str, list[Replacement]]) -> None:
    text, replacements = given_
    rewriting = Rewriting(text, replacements)
    first, second = sorted((data.draw(spans_of(len(text))), data.draw(spans_of(len(text)))))
    (moved, _), (other, _) = rewriting.span(first), rewriting.span(second)
    assert moved.start <= other.start
    if first.end <= second.start:
        cut = any(each.start < first.end <= second.start < each.end for each in replacements)
        assert moved.end <= other.start or cut or moved == other or moved.overlaps(other)
    if first.covers(second):
        assert moved.covers(other)


@given(texts_with_replacements())
def test_the_text_is_what_replacing_from_behind_makes_of_it(given_: tuple[str, list[Replacement]]) -> None:
    text, replacements = given_
    expected = text
    for each in reversed(replacements):
        expected = expected[: each.start] + each.words + expected[each.end :]
    rewriting = Rewriting(text, replacements)
    assert rewriting.text == expected
    assert rewriting.is_same == (not replacements)


@given(st.lists(st.sets(st.integers(0, 30), max_size=8), min_size=3, max_size=3))
def test_earlier_kinds_of_replacements_win_over_later_ones(edges: list[set[int]]) -> None:
    ordered = [sorted(each) for each in edges]
    kinds = [
        [
            Replacement(start, end, str(kind))
            for start, end in zip(ordered[kind][::2], ordered[kind][1::2], strict=False)
        ]
        for kind in range(3)
    ]
    kept = without_overlaps(*kinds)
    assert all(first.end <= second.start for first, second in pairwise(kept))
    for kind in range(3):
        for each in kinds[kind]:
            overlapping = [other for other in kept if other.start < each.end and each.start < other.end]
            assert each in kept or overlapping
            assert each in kept or min(int(other.words) for other in overlapping) <= kind
