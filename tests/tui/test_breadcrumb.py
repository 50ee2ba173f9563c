"""The line above the thread: what it says at a width, and where a cell of it leads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.widgets.trail import Crumb, Trail, lay_out_labels, lay_out_trail

NAMES = ("Anna", "田中", "Zoë Ødegård", "👩‍👩‍👧‍👦 family", "Clara")


def trail(*names: str, words: str = "", is_cut: bool = False, is_plain: bool = False) -> Trail:
    return Trail(
        crumbs=tuple(Crumb(place, name) for place, name in enumerate(names, 1)),
        depths=tuple(range(1, len(names) + 1)),
        words=words,
        is_cut=is_cut,
        is_plain=is_plain,
    )


def said(trail: Trail, width: int) -> str:
    return "".join(part.text for part in lay_out_trail(trail, width))


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (60, "↳ Anna › 田中 › Zoë Ødegård › 👩‍👩‍👧‍👦 family › Clara"),
        (47, "↳ Anna › 田中 › Zoë Ødegård › 👩‍👩‍👧‍👦 family › Clara"),
        (46, "↳ Anna › … › Zoë Ødegård › 👩‍👩‍👧‍👦 family › Clara"),
        (36, "↳ Anna › … › 👩‍👩‍👧‍👦 family › Clara"),
        (20, "↳ Anna › … › Clara"),
        (13, "↳ … › Clara"),
        (10, "↳ … › Cla…"),
        (6, "Clara"),
        (2, "C…"),
        (0, ""),
    ],
)
def test_names_far_from_the_parent_give_way_first(width: int, words: str) -> None:
    assert said(trail(*NAMES), width) == words


def test_posts_left_out_already_are_told_even_where_there_is_room() -> None:
    assert said(trail("Anna", "Ben", "Clara", is_cut=True), 80) == "↳ Anna › … › Ben › Clara"


def test_the_parents_first_words_take_the_room_that_is_left() -> None:
    words = "The bridge is the only thing that we had."
    assert said(trail("Anna", "Ben", words=words), 70) == f"↳ Anna › Ben: “{words}”"
    assert said(trail("Anna", "Ben", words=words), 40) == "↳ Anna › Ben: “The bridge is the only…”"
    assert said(trail("Anna", "Ben", words=words), 24) == "↳ Anna › Ben"


def test_a_top_level_comment_answers_the_article() -> None:
    top = Trail(crumbs=(Crumb(0, "Town sells its only bridge"),), depths=(0,))
    assert said(top, 60) == "↳ Article Town sells its only bridge"
    assert said(top, 24) == "↳ Article Town sells it…"
    assert {part.position for part in lay_out_trail(top, 60)} == {0}


def test_plain_mode_says_it_in_words() -> None:
    assert said(trail("Anna", "Ben", words="No.\nNever.", is_plain=True), 60) == "answers Anna > Ben: No. Never."
    assert said(Trail(crumbs=(Crumb(0, "Title"),), depths=(0,), is_plain=True), 60) == "answers the article Title"


def test_hostile_names_are_drawn_as_signs() -> None:
    assert said(trail("a\x1b[31mb", "c\nd"), 60) == "↳ a␛[31mb › c d"


def test_each_name_leads_to_its_post_and_has_the_hue_of_its_depth() -> None:
    parts = lay_out_trail(trail("Anna", "Ben", words="The bridge is the only thing."), 60)
    assert [(part.text, part.depth, part.position) for part in parts] == [
        ("↳ ", -1, None),
        ("Anna", 1, 1),
        (" › ", -1, None),
        ("Ben", 2, 2),
        (": “The bridge is the only thing.”", -1, 2),
    ]


@given(
    names=st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=26),
    words=st.text(max_size=60),
    width=st.integers(0, 140),
    is_cut=st.booleans(),
    is_plain=st.booleans(),
)
def test_it_is_never_wider_than_its_room_and_always_leads_to_the_parent(
    names: list[str], words: str, width: int, *, is_cut: bool, is_plain: bool
) -> None:
    parts = lay_out_trail(trail(*names, words=words, is_cut=is_cut, is_plain=is_plain), width)
    assert sum(cell_len(part.text) for part in parts) <= width
    assert width == 0 or parts[-1].position == len(names)


def test_the_labels_of_the_thread_are_shortened_then_counted() -> None:
    labeled = Trail(labels=(("Controversial topic: heat 4", "pink"), ("Old", "grey"), ("Long", "red")))
    assert lay_out_labels(labeled, 50) == [
        (" Controversial topic: heat 4 ", "pink"),
        (" Old ", "grey"),
        (" Long ", "red"),
    ]
    assert lay_out_labels(labeled, 40) == [(" Controversial topic: heat 4 ", "pink"), (" Old ", "grey"), ("+1", "")]
    assert lay_out_labels(labeled, 20) == [(" Controversial… ", "pink"), ("+2", "")]
    assert lay_out_labels(labeled, 5) == []
    assert lay_out_labels(Trail(), 50) == []


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.just("red")), max_size=4), st.integers(0, 60))
def test_the_labels_of_the_thread_never_take_more_than_their_room(labels: list[tuple[str, str]], room: int) -> None:
    found = lay_out_labels(Trail(labels=tuple(labels)), room)
    assert sum(cell_len(words) + 1 for words, _ in found) <= max(0, room)
