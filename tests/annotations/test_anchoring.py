"""A quote is found again in a text that has changed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.anchoring import MINIMUM_SIMILARITY, anchor, expected_start
from annotations.span import Quote, Span, quote

TEXT = "The tunnel will flood. Nobody has measured the salt in the ground water, and the tunnel will flood in winter."
WORDS = st.text(alphabet="ab .\nä水😀\u0301", max_size=40)


def find(text: str, exact: str, *, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = text.index(exact, start + 1)
    return Span(start, start + len(exact))


def placed(new: str, old: str, span: Span) -> str | None:
    """What the span is found to say in the new text, or None."""
    found = anchor(new, quote(old, span), expected_start(old, new, span.start))
    return None if found is None else new[found.span.start : found.span.end]


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, Span]:
    text = draw(WORDS.filter(bool))
    start = draw(st.integers(0, len(text) - 1))
    return text, Span(start, draw(st.integers(start + 1, len(text))))


@given(texts_with_spans())
def test_what_has_not_changed_stays_where_it_is(case: tuple[str, Span]) -> None:
    text, span = case
    found = anchor(text, quote(text, span), span.start)
    assert found is not None
    assert (found.span, found.quote, found.is_exact) == (span, quote(text, span), True)


@given(texts_with_spans(), WORDS, WORDS)
def test_what_was_added_before_or_behind_moves_the_span_exactly(
    case: tuple[str, Span], before: str, behind: str
) -> None:
    text, span = case
    for added, shift in ((before + text, len(before)), (text + behind, 0)):
        start = expected_start(text, added, span.start)
        found = anchor(added, quote(text, span), start)
        assert found is not None
        assert found.is_exact
        # Where the text repeats itself, another place with the same words around it is as good.
        moved = Span(span.start + shift, span.end + shift)
        context = quote(text, span)
        is_twin = added[: found.span.start].endswith(context.prefix) and added[found.span.end :].startswith(
            context.suffix
        )
        assert found.span == moved or is_twin


@given(WORDS, texts_with_spans(), st.integers(-5, 60))
def test_a_place_says_what_its_quote_says(new: str, case: tuple[str, Span], near: int) -> None:
    old, span = case
    sought = quote(old, span)
    found = anchor(new, sought, near)
    if found is None:
        assert sought.exact not in new
        return
    assert found.quote == quote(new, found.span)
    assert found.is_exact == (found.quote.exact == sought.exact)
    assert found.is_exact or sought.exact not in new


@given(WORDS, WORDS, st.data())
def test_expected_start_points_at_the_same_code_point_outside_of_a_change(
    old: str, new: str, draw: st.DataObject
) -> None:
    if not old:
        return
    start = draw.draw(st.integers(0, len(old) - 1))
    head, tail = draw.draw(st.tuples(WORDS, WORDS))
    one, other = head + old + tail, head + new + tail
    if start < len(head):
        place = expected_start(one, other, start)
        assert one[start] == other[place]
    behind = len(one) - 1
    if tail:
        assert expected_start(one, other, behind) == len(other) - 1


def test_twin_is_told_by_its_context() -> None:
    second = find(TEXT, "the tunnel will flood")
    new = "Listen: the tunnel will flood. " + TEXT.replace("Nobody", "No one")
    found = anchor(new, quote(TEXT, second), second.start)
    assert found is not None
    assert new[found.span.end :] == " in winter."


def test_full_context_elsewhere_wins_over_the_same_words_at_the_old_place() -> None:
    old = "yes no maybe. Then: yes of course"
    new = "No: yes no maybe. Then: yes of course"
    found = anchor(new, quote(old, find(old, "yes")), 4)
    assert found is not None
    assert found.span.start == 4
    last = find(old, "yes", nth=1)
    found = anchor(new, quote(old, last), 4)
    assert found is not None
    assert found.span == find(new, "yes", nth=1)


def test_same_place_wins_where_no_context_is_whole() -> None:
    old = "aa bb cc"
    new = "xx bb yy, aa bb zz, qq bb"
    found = anchor(new, quote(old, Span(3, 5)), 3)
    assert found is not None
    assert found.span == Span(3, 5)


def test_nearest_twin_wins_where_contexts_agree_equally() -> None:
    sought = Quote("bb", "aa ", " cc")
    new = "xa bb xx" + " " * 40 + "xa bb xx" + " " * 40 + "xa bb xx"
    starts = [find(new, "bb", nth=n).start for n in range(3)]
    for start in starts:
        found = anchor(new, sought, start + 2)
        assert found is not None
        assert found.span.start == start


@pytest.mark.parametrize(
    ("replaced", "by", "says"),
    [
        ("Nobody has measured the salt", "Nobody has ever measured the salt", "Nobody has ever measured the salt"),
        ("Nobody has measured the salt", "nobody measured the salt", "nobody measured the salt"),
        ("measured the salt", "mesured teh salt", "mesured teh salt"),
        ("The tunnel will flood. Nobody", "Nobody", "Nobody has measured the salt in the ground water"),
    ],
)
def test_edited_words_are_found(replaced: str, by: str, says: str) -> None:
    span = find(TEXT, replaced if "flood" not in replaced else "Nobody has measured the salt in the ground water")
    assert placed(TEXT.replace(replaced, by, 1), TEXT, span) == says


def test_edited_words_in_an_edited_surrounding_are_found_whole() -> None:
    old = "I said that the salt in the ground water was never measured."
    new = "Once more, with sources: nobody tells us about it. Clearly the salty ground water was never measured!"
    assert placed(new, old, find(old, "salt in the ground water was never measured")) == (
        "salty ground water was never measured"
    )


@pytest.mark.parametrize("new", ["", "Something else altogether.", "[deleted]", "no", "x" * 1000])
def test_what_is_gone_is_not_found(new: str) -> None:
    span = find(TEXT, "Nobody has measured the salt")
    assert anchor(new, quote(TEXT, span), span.start) is None


def test_short_words_are_not_taken_for_similar_ones() -> None:
    old = "The cat sat."
    assert placed("The car sat.", old, find(old, "cat")) is None


def test_words_at_the_ends_of_a_text_are_found_by_the_context_that_they_have() -> None:
    old = "Tunnels will flood badly. And so on."
    new = "Tunnels might flood badly. And so on."
    assert placed(new, old, find(old, "Tunnels will flood badly")) == "Tunnels might flood badly"
    old, new = "And so on. Tunnels will flood", "And so on. Tunnels could flood"
    assert placed(new, old, find(old, "Tunnels will flood")) == "Tunnels could flood"


def test_place_in_a_long_text_is_found() -> None:
    words = random.Random(7)  # noqa: S311  # the same text in each run
    sentences = [" ".join(words.choices(TEXT.split(), k=9)) + f" {number}." for number in range(2000)]
    old = " ".join(sentences)
    edited = sentences[1500].replace(" ", " now ", 1)
    new = " ".join([*sentences[3:1499], "Something else.", edited, *sentences[1502:]])
    assert placed(new, old, find(old, sentences[1500])) == edited


def test_long_quote_is_found_by_its_ends() -> None:
    words = random.Random(7)  # noqa: S311  # the same text in each run
    old = " ".join(words.choices(TEXT.split(), k=3000))
    span = Span(old.index(" ", 5000) + 1, old.index(" ", 9000))
    edited = old[span.start : span.end].replace("salt", "sweet")
    new = "Once more: " + old[: span.start - 40] + " Well, " + edited + " indeed " + old[span.end + 40 :]
    assert placed(new, old, span) == edited


def test_similarity_is_a_percentage() -> None:
    assert 50 < MINIMUM_SIMILARITY < 100
