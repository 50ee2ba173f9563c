"""A quote is found again in a text that has changed, or not at all: never in a wrong place."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotations.anchoring import SHORTEST_EDITED, Anchoring, anchor
from annotations.span import Quote, Span, quote
from tests.benchmarks.edits import Edited, Prose

TEXT = "The tunnel will flood. Nobody has measured the salt in the ground water, and the tunnel will flood in winter."
PROSE = Prose(1)
WORDS = st.text(alphabet="ab .\nä水😀\u0301", max_size=40)
SENTENCES = (
    "The tunnel will flood.",
    "Nobody has measured the salt in the ground water.",
    "Pumps are dear 🙂!",
    "No.",
    "Vie\u0323\u0302t Nam built one 👩‍👩‍👧‍👦 already.",
    "隧道每年春天都会被淹没。",
    "Who pays for the pumps, and who for the ferry?",
    "I have lived at the harbour for forty years.",
    "The survey of 2019 is not the survey of 2021.",
    "Tell me where that figure is from, please.",
)
PARAGRAPHS = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5).map(" ".join)


def find(text: str, exact: str, *, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = text.index(exact, start + 1)
    return Span(start, start + len(exact))


def placed(new: str, old: str, span: Span) -> str | None:
    """What the span is found to say in the new text, or None."""
    found = Anchoring(new, old).find(quote(old, span), span.start, span)
    return None if found is None else new[found.span.start : found.span.end]


@st.composite
def texts_with_spans(draw: st.DrawFn, texts: st.SearchStrategy[str] = WORDS) -> tuple[str, Span]:
    text = draw(texts.filter(bool))
    start = draw(st.integers(0, len(text) - 1))
    return text, Span(start, draw(st.integers(start + 1, len(text))))


ARTICLES_WITH_SPANS = texts_with_spans(st.lists(PARAGRAPHS, min_size=1, max_size=5).map("\n\n".join))


@given(texts_with_spans())
def test_what_has_not_changed_stays_where_it_is(case: tuple[str, Span]) -> None:
    text, span = case
    found = Anchoring(text, text).find(quote(text, span), span.start, span)
    assert found is not None
    assert (found.span, found.quote, found.is_exact, found.score) == (span, quote(text, span), True, 1)


@given(st.integers(0, 10_000), st.integers(0, 399), st.integers(1, 200))
def test_what_is_put_before_and_behind_moves_a_span_exactly(seed: int, start: int, length: int) -> None:
    old, before, behind = (PROSE.again(seed + number).text(400) for number in range(3))
    new = f"{before}\n\n{old}\n\n{behind}"
    span = Span(start, min(len(old), start + length))
    found = Anchoring(new, old).find(quote(old, span), span.start, span)
    assert found is not None
    assert found.is_exact
    assert found.span == Span(span.start + len(before) + 2, span.end + len(before) + 2)


@given(ARTICLES_WITH_SPANS, st.lists(PARAGRAPHS, max_size=5).map("\n\n".join), st.integers(-5, 400))
def test_a_place_says_what_its_quote_says_and_is_like_what_was_sought(
    case: tuple[str, Span], new: str, near: int
) -> None:
    old, span = case
    sought = quote(old, span)
    for found in (Anchoring(new, old).find(sought, near, span), anchor(new, sought, near)):
        if found is None:
            continue
        assert found.quote == quote(new, found.span)
        assert found.is_exact == (found.quote.exact == sought.exact)
        assert found.is_exact or len(sought.exact) >= SHORTEST_EDITED
        assert 0 < found.score <= 1


@given(
    st.integers(0, 10_000),
    st.sampled_from([0.0, 0.01, 0.05, 0.2]),
    st.sampled_from([0.0, 0.3]),
    st.sampled_from([0.0, 0.3]),
    st.integers(1, 30),
)
@settings(derandomize=True, max_examples=200)  # how rare a wrong place is, a benchmark says: here none may come new
@example(2691, 0.2, 0.0, 0.3, 2)
@example(4620, 0.2, 0.0, 0.0, 1)
def test_spans_of_edited_texts_are_where_their_words_went(
    seed: int, edited: float, moved: float, repeated: float, length: int
) -> None:
    """Words replaced, taken out, misspelt and put in; paragraphs moved; stretches said twice; marks, emoji, Han."""
    prose = PROSE.again(seed)
    edits = Edited(prose.text(1200), prose)
    starts = range(0, len(edits.words) - length, 9)
    chosen = [edits.words[start : start + length] for start in starts]
    spans = [
        (words[0].origin or 0, (words[-1].origin or 0) + len(words[-1].text))
        for words in chosen
        if not any("\n" in word.gap for word in words[1:])
    ]
    edits.edit_words(edited)
    edits.repeat_stretches(repeated)
    edits.move_paragraphs(moved)
    new = edits.text
    anchoring = Anchoring(new, edits.old)
    for span, truth in zip(spans, edits.truths(spans), strict=True):
        sought = quote(edits.old, Span(*span))
        found = anchoring.find(sought, span[0], Span(*span))
        if found is None:
            continue
        is_there = truth.inner is not None and found.span.overlaps(Span(*truth.outer))
        # Another place may say exactly the same in the same surroundings on one side at least, or, where the words were
        # edited before they were said again, stand in the same surroundings on both: a copy.
        before = new[: found.span.start].endswith(sought.prefix[-16:])
        behind = new[found.span.end :].startswith(sought.suffix[:16])
        is_copy = (before or behind) if found.is_exact else (before and behind)
        # A word that was taken out and put in again a few words further on is, for all that anybody can see, there.
        around = found.quote.prefix + found.quote.suffix
        is_nearby = sought.prefix[-8:] in around or sought.suffix[:8] in around
        is_back = truth.inner is None and found.is_exact and (found.score > 0.8 or is_nearby)
        assert is_there or is_copy or is_back, (sought, found)


@given(ARTICLES_WITH_SPANS, st.data())
def test_no_edited_span_begins_or_ends_within_a_sign(case: tuple[str, Span], draw: st.DataObject) -> None:
    old, span = case
    at = draw.draw(st.integers(0, len(old)))
    new = old[:at] + draw.draw(st.sampled_from(["x", "é", "👍🏽", "e\u0301", " and so on ", ""])) + old[at + 3 :]
    found = Anchoring(new, old).find(quote(old, span), span.start, span)
    if found is not None and not found.is_exact:
        for offset in (found.span.start, found.span.end):
            assert offset == len(new) or not unicodedata.category(new[offset]).startswith("M")
            assert new[offset - 1 : offset] != "\u200d"


def test_twin_is_told_by_its_context() -> None:
    second = find(TEXT, "the tunnel will flood")
    new = "Listen: the tunnel will flood. " + TEXT.replace("Nobody", "No one")
    for found in (
        anchor(new, quote(TEXT, second), second.start),
        Anchoring(new, TEXT).find(quote(TEXT, second), 0, second),
    ):
        assert found is not None
        assert new[found.span.end :] == " in winter."


def test_a_copy_of_the_words_does_not_take_over_from_words_that_were_edited() -> None:
    """The boilerplate stands twice; the labeled one is edited, the other is not."""
    old = "A first paragraph. We use cookies to serve you better. More about it.\n\nA last one. We use cookies to serve you better. End."
    new = old.replace("We use cookies to serve you better. More", "We all use cookies to serve you better. More")
    assert placed(new, old, find(old, "We use cookies to serve you better")) == "We all use cookies to serve you better"
    assert (
        placed(new, old, find(old, "We use cookies to serve you better", nth=1)) == "We use cookies to serve you better"
    )


def test_words_that_are_gone_are_not_found_where_others_said_the_same() -> None:
    old = "Salt rusts the pumps quickly here. They say that the salt is harmless, and so on and so forth."
    new = old.replace("They say that the salt is harmless", "Nothing is harmless")
    assert placed(new, old, find(old, "salt")) is None
    assert anchor(new, quote(old, find(old, "salt")), 50) is None


def test_equal_places_are_told_apart_only_by_where_the_quote_was() -> None:
    sought = Quote("bb", "aa ", " cc")
    new = "aa bb cc" + " " * 40 + "aa bb cc" + " " * 40 + "aa bb cc"
    starts = [find(new, "bb", nth=n).start for n in range(3)]
    for start in starts:
        found = anchor(new, sought, start)
        assert found is not None
        assert found.span.start == start
    assert anchor(new, sought, starts[1] + 2) is None, "nothing says which of them it is"


def test_same_words_between_other_words_are_not_the_same_place() -> None:
    assert anchor("xx bb yy, zz bb zz, qq bb", quote("aa bb cc", Span(3, 5)), 3) is None


@pytest.mark.parametrize(
    ("replaced", "by", "says"),
    [
        ("Nobody has measured the salt", "Nobody has ever measured the salt", "Nobody has ever measured the salt"),
        ("Nobody has measured the salt", "Nobody measured the salt", "Nobody measured the salt"),
        ("measured the salt", "mesured teh salt", "mesured teh salt"),
        ("The tunnel will flood. Nobody", "Nobody", "Nobody has measured the salt in the ground water"),
    ],
)
def test_edited_words_are_found(replaced: str, by: str, says: str) -> None:
    span = find(TEXT, replaced if "flood" not in replaced else "Nobody has measured the salt in the ground water")
    assert placed(TEXT.replace(replaced, by, 1), TEXT, span) == says


def test_edited_and_moved_words_are_found_whole() -> None:
    old = "First things first. I said that the salt in the ground water was never measured. Thank you for reading."
    new = "Once more, with sources. Thank you for reading. The salt in the ground water was not measured! Oh, first."
    assert placed(new, old, find(old, "the salt in the ground water was never measured")) == (
        "The salt in the ground water was not measured"
    )


@pytest.mark.parametrize("new", ["", "Something else altogether.", "[deleted]", "no", "x" * 1000])
def test_what_is_gone_is_not_found(new: str) -> None:
    span = find(TEXT, "Nobody has measured the salt")
    assert placed(new, TEXT, span) is None
    assert anchor(new, quote(TEXT, span), span.start) is None


def test_a_word_is_not_found_within_another() -> None:
    old, new = "It is the rain that floods it.", "It is the train that floods it."
    assert placed(new, old, find(old, "rain")) is None
    assert placed(new, old, find(old, "ain")) == "ain", "what was a part of a word may be one again"
    assert placed("隧道被雨淹没", "隧道。雨淹没", find("隧道。雨淹没", "雨")) == "雨", (
        "where words are not told apart by spaces"
    )


def test_short_words_are_not_taken_for_similar_ones() -> None:
    old = "The cat sat."
    assert placed("The car sat.", old, find(old, "cat")) is None


def test_words_at_the_ends_of_a_text_are_found_by_the_context_that_they_have() -> None:
    old = "Tunnels will flood badly. And so on."
    new = "Tunnels might flood badly. And so on."
    assert placed(new, old, find(old, "Tunnels will flood badly")) == "Tunnels might flood badly"
    old, new = "And so on. Tunnels will flood", "And so on. Tunnels could flood"
    assert placed(new, old, find(old, "Tunnels will flood")) == "Tunnels could flood"


def test_every_place_of_a_letter_that_is_everywhere_is_looked_at_in_its_context() -> None:
    text = Prose(5).text(60_000)
    span = Span(text.index("e", 30_000), text.index("e", 30_000) + 1)
    new = "Once more. " + text[1000:]
    found = anchor(new, quote(text, span), 3)
    assert found is not None
    assert found.span.start == span.start - 1000 + 11


def test_long_quote_is_found_with_all_that_was_edited_in_it() -> None:
    prose = Prose(7)
    edits = Edited(prose.text(20_000), prose)
    first, last = edits.words[500], edits.words[1400]
    span = (first.origin or 0, (last.origin or 0) + len(last.text))
    edits.edit_words(0.1)
    edits.words[0:0] = [edits.words[0]._replace(text="Once more:", origin=None)]
    (truth,) = edits.truths([span])
    found = Anchoring(edits.text, edits.old).find(quote(edits.old, Span(*span)), span[0], Span(*span))
    assert found is not None
    assert truth.inner is not None
    assert truth.outer[0] <= found.span.start <= truth.inner[0]
    assert truth.inner[1] <= found.span.end <= truth.outer[1]


def test_the_nearest_words_are_offered_however_little_they_agree() -> None:
    old = "The tunnel will flood. Nobody has measured the salt. The end of it."
    new = "The tunnel will flood. Quite a few of them say sand. The end of it."
    span = find(old, "Nobody has measured the salt")
    sought = quote(old, span)
    anchoring = Anchoring(new, old)
    assert anchoring.find(sought, span.start, span) is None
    nearest = anchoring.nearest(sought, span.start, span)
    assert nearest is not None
    assert nearest.quote.exact == "Quite a few of them say sand"
    assert 0.3 < nearest.score < 0.9
    assert Anchoring("水").nearest(sought, 0) is None, "nothing in common"
