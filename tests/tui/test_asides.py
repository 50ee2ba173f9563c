"""Discourse's quotations are drawn as quotations with who is quoted above them; what is stored and its offsets stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.text.decoration import Kind, Markup
from tui.text.markup import read_markup

QUOTE = """<aside class="quote no-group" data-username="ann" data-post="3" data-topic="12">
<div class="title">
<div class="quote-controls"></div>
<img alt="" width="24" height="24" src="https://forum.example/ann.png" class="avatar"> ann:</div>
<blockquote>
<p>The ferry is <em>full</em>.</p>
</blockquote>
</aside>
<p>Not on Sundays.</p>"""
PARTS = [
    "<aside class=quote>",
    '<div class="title">',
    "<div>",
    "</div>",
    "<img src=x>",
    "Ann:",
    "\n",
    " ",
    "<blockquote>",
]
PARTS += ["<p>", "Full.", "</p>", "</blockquote>", "</aside>", "<aside class='onebox'>", "&amp;", "<b>"]


def read(markup: Markup) -> str:
    assert markup.reading is not None
    return markup.reading.text


def test_a_quotation_is_drawn_with_who_is_quoted() -> None:
    markup = read_markup(QUOTE)
    assert read(markup) == "> ann:\n\nThe ferry is full.\n\nNot on Sundays."
    quoted = [QUOTE[start:end] for start, end, kind in markup.decorations if kind is Kind.QUOTE]
    assert any("ann:" in part and "full" in part for part in quoted)
    assert not any("Sundays" in part for part in quoted)


def test_words_are_found_at_their_offsets_in_what_is_stored() -> None:
    markup = read_markup(QUOTE)
    assert markup.reading is not None
    for word in ("ann:", "ferry", "full", "Sundays"):
        at = markup.reading.text.index(word)
        stored = markup.reading.to_source(at)
        assert QUOTE[stored : markup.reading.to_source_end(at + len(word))] == word


def test_quotations_in_quotations_each_have_their_name() -> None:
    inner = '<aside class="quote"><div class="title">Cy:</div><blockquote>No.</blockquote></aside>'
    text = f'<aside class="quote"><div class="title">Bo:</div><blockquote>{inner}</blockquote></aside><p>So?</p>'
    assert read(read_markup(text)) == "> Bo:\n\n> Cy:\n\nNo.\n\nSo?"


@pytest.mark.parametrize(
    "text",
    [
        '<aside class="onebox"><div class="title">A page</div></aside><p>Yes.</p>',
        '<div class="title">A page</div><p>Yes.</p>',
    ],
)
def test_what_is_no_quotation_has_no_name_above_it(text: str) -> None:
    markup = read_markup(text)
    assert read(markup) == "A page\n\nYes."
    assert all(kind is not Kind.QUOTE for _, _, kind in markup.decorations)


def test_a_quotation_that_nobody_closed_ends_with_the_text() -> None:
    assert read(read_markup('<p>Yes.</p><aside class="quote"><div class="title">Bo')) == "Yes.\n\n> Bo"


@given(st.lists(st.sampled_from(PARTS), max_size=24))
def test_no_word_is_lost_whatever_is_open(parts: list[str]) -> None:
    text = "".join(parts)
    markup = read_markup(text)
    shown = markup.reading.text if markup.reading is not None else text
    for word in ("Ann:", "Full."):
        assert shown.count(word) == text.count(word)
    assert all(0 <= start <= end <= len(text) for start, end, _ in markup.decorations)
