"""The keys in the text and those that label, one after the other, on the reader's own key reading without a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.codebook_editing import opened
from annotations.codebook_toml import default_codebook
from annotations.model import Scope
from annotations.session import LabelingSession
from annotations.store import listing
from annotations.store.codebooks import apply_codebook
from annotations.store.labels import annotations_in_thread, reviewed_positions
from annotations.store.project import Project
from tests.benchmarks.hands import Hands
from tui.keymap import Context
from tui.screens.label_picker import NewLabel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZES = (((59, 33), (59, 33)),) * 2
HEADLINE = "Town sells its only bridge"
SOLD = "The council sold the bridge on Monday."
MILLION = "It brought in 4 million."
NOBODY = "Nobody had asked for it."
MAYOR = "“We had no choice,” said the mayor."


@pytest.fixture
def hands(project_path: Path) -> Iterator[Hands]:
    with Project.open(project_path) as project:
        session = LabelingSession(project, project.annotator("ann"), default_codebook())
        yield Hands(session, listing.load_thread(project, 1), SIZES)


def pressed(hands: Hands, keys: str) -> Hands:
    return hands.press(*keys.split())


def selected(hands: Hands) -> str:
    span = hands.pane.selected_span()
    return "" if span is None else hands.pane.text[slice(*span)]


def before_cursor(hands: Hands) -> str:
    """Return the rest of the text's line from the cursor on."""
    return hands.pane.text[hands.pane.caret :].partition("\n")[0]


def standing(hands: Hands) -> list[tuple[str, int, str]]:
    """Return what stands: the label, the post's position, the quote."""
    session, thread = hands.session, hands.thread
    places = {hands.thread_source.post_ids(at, at + 1)[0]: at for at in range(len(hands.thread_source.shape))}
    return [
        (found.label, places.get(found.target.post_id or 0, -1), found.quote.exact if found.quote else "")
        for found in annotations_in_thread(session.project, thread.id)
    ]


@pytest.mark.parametrize(
    ("keys", "rest"),
    [
        ("w", "sells its only bridge"),
        ("w w b", "sells its only bridge"),
        ("e", "n sells its only bridge"),
        (")", "The council sold the bridge on Monday. It brought in 4 million. Nobody had asked for it."),
        (") ) (", "The council sold the bridge on Monday. It brought in 4 million. Nobody had asked for it."),
        ("}", "The council sold the bridge on Monday. It brought in 4 million. Nobody had asked for it."),
        ("} } {", "The council sold the bridge on Monday. It brought in 4 million. Nobody had asked for it."),
        ("$", "e"),
        ("$ 0", HEADLINE),
        ("f y", "y bridge"),
        ("f space", " sells its only bridge"),
        ("i d", "its only bridge"),
        ("G", "."),
        ("G g g", HEADLINE),
    ],
)
def test_motions_lead_where_they_say(hands: Hands, keys: str, rest: str) -> None:
    assert before_cursor(pressed(hands, keys)) == rest


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("v e", "Town"),
        ("w v e o b", "Town sells"),
        ("} V", SOLD),
        ("} V )", f"{SOLD} {MILLION}"),
        ("} s", SOLD),
        ("} s s", f"{SOLD} {MILLION}"),
        ("} s s S", SOLD),
        ("} } s", MAYOR),
        ("} } S", "“We had no choice"),
        ("} } w s S", "“We had no choice"),
        ("} } f s s S", "said the mayor."),
        ("} } f s s S S", "said"),
        ("} } s S S S s", MAYOR),
        ("p", HEADLINE),
        ("} p", f"{SOLD} {MILLION} {NOBODY}"),
        ("} s ,", SOLD[:-1]),
        ("} s >", SOLD.removeprefix("The ")),
        ("} ) s < ;", f"Monday. {MILLION} Nobody"),
        ("} w v e , ,", "council"),
        ('} " a f', "The council sold the"),
        ('} " s s', "council"),
        ('} " a escape escape', ""),
        ('} " a $', "The council sold the bridge on Monday. It brought in 4"),
        ("} s i s", f"{SOLD} It"),
        ("} w v i d", "council sold the"),
        ("v escape", ""),
    ],
)
def test_what_keys_select(hands: Hands, keys: str, text: str) -> None:
    assert selected(pressed(hands, keys)) == text


def test_i_enters_a_comment_and_escape_leaves_it(hands: Hands) -> None:
    pressed(hands, "tab")
    assert hands.context is Context.THREAD
    assert pressed(hands, "i").context is Context.TEXT
    assert pressed(hands, "escape").context is Context.THREAD
    assert (pressed(hands, "s").context, selected(hands)) == (Context.VISUAL, "The mayor is right.")
    assert pressed(hands, "escape").context is Context.THREAD


def test_a_sentence_costs_two_keys_a_comment_one_and_undo_one(hands: Hands) -> None:
    assert standing(pressed(hands, "} s c")) == [("claim", 0, SOLD)]
    assert standing(pressed(hands, "tab 1"))[1:] == [("agree", 1, "")]
    assert hands.thread_pane.position == 2
    assert standing(pressed(hands, "u")) == [("claim", 0, SOLD)]
    assert hands.thread_pane.position == 1
    assert len(standing(pressed(hands, "ctrl+r"))) == 2


def test_the_same_key_again_takes_a_label_off(hands: Hands) -> None:
    assert standing(pressed(hands, "} s c s c")) == []
    assert standing(pressed(hands, "tab g a 1 1")) == []


def test_the_last_label_is_repeated_on_what_is_here(hands: Hands) -> None:
    pressed(hands, "} s c ) .")
    assert standing(hands) == [("claim", 0, SOLD), ("claim", 0, MILLION)]
    pressed(hands, "tab 2 .")
    assert standing(hands)[2:] == [("disagree", 1, ""), ("disagree", 2, "")]


def test_the_edges_of_an_annotation_move_by_words(hands: Hands) -> None:
    assert standing(pressed(hands, "} s c , , >")) == [("claim", 0, "council sold the bridge on")]
    assert standing(pressed(hands, "< ;")) == [("claim", 0, "The council sold the bridge on Monday")]
    assert standing(pressed(hands, "d")) == []


def test_a_reviewed_comment_gives_way_to_the_next(hands: Hands) -> None:
    pressed(hands, "tab x x")
    project, annotator = hands.session.project, hands.session.annotator.id
    assert reviewed_positions(project, hands.thread.id, annotator) == {1, 2}
    assert hands.thread_pane.position == 3
    pressed(hands, "k k g n")
    assert hands.thread_pane.position == 3


def test_letters_reach_a_span_in_another_post_in_view(hands: Hands) -> None:
    pressed(hands, 'tab "')
    picking = hands._picking
    assert picking is not None
    words = {
        code: hands.thread_source.load([word[0]])[0].post.text[word[2] : word[3]]
        for code, word in ((code, picking.words[at]) for code, at in picking.codes.items() if picking.words[at][0] == 3)
    }
    first, last = (next(code for code, word in words.items() if word == wanted) for wanted in ("the", "course"))
    hands.press(*first, *last)
    assert (hands.thread_pane.position, selected(hands)) == (3, "the bridge, of course")
    assert standing(hands.press("c")) == [("claim", 3, "the bridge, of course")]
    assert hands.context is Context.THREAD


def test_marking_goes_on_with_letters_after_each_label(hands: Hands) -> None:
    pressed(hands, '} " " a d c')
    assert standing(hands) == [("claim", 0, "The council sold")]
    assert hands.mode_word() == "MARK"
    assert hands._picking is not None
    pressed(hands, "s d 1 u")
    assert len(standing(hands)) == 1
    assert hands._picking is not None
    pressed(hands, "tab 1 x")
    assert standing(hands)[1:] == [("agree", 1, "")]
    assert (hands.thread_pane.position, hands.mode_word()) == (3, "MARK")
    pressed(hands, "a escape")
    assert hands.mode_word() == "MARK"
    pressed(hands, "escape")
    assert hands.mode_word() == "READ"
    assert standing(pressed(hands, "2"))[2:] == [("disagree", 3, "")]


def test_a_letter_that_no_word_has_does_nothing(hands: Hands) -> None:
    pressed(hands, "tab j j j")
    hands.thread_pane.fold_all()
    pressed(hands, '"')
    assert hands.said == "No words in view"
    hands.thread_pane.unfold_all()
    pressed(hands, 'home " a M')
    assert hands.said == "M is no letter in view"
    assert standing(hands) == []


def test_selecting_by_sentences_and_paragraphs_takes_nothing_of_the_next(hands: Hands) -> None:
    pressed(hands, ") v )")
    assert selected(hands) == SOLD
    pressed(hands, ")")
    assert selected(hands) == f"{SOLD} {MILLION}"
    pressed(hands, "escape home v }")
    assert selected(hands) == HEADLINE
    pressed(hands, "} o )")
    assert selected(hands).startswith(SOLD), "at its other end the selection still goes to the next sentence"


def test_letters_of_a_thread_that_was_loaded_again_choose_nothing(hands: Hands) -> None:
    pressed(hands, "tab 1 home")
    pressed(hands, '"')
    hands.thread_pane.show(hands.thread_source.shape, hands.thread_source, first=1)
    pressed(hands, "d")
    assert hands.context is Context.THREAD
    assert [label for label, _, _ in standing(hands)] == ["agree"]
    pressed(hands, "d d")
    assert (hands.context, selected(hands)) == (Context.VISUAL, "is")


def test_a_label_is_made_while_labeling_where_the_codebook_is_open(hands: Hands) -> None:
    codebook = opened(default_codebook(), is_open=True)
    apply_codebook(hands.session.project, codebook)
    hands.session.codebook = codebook
    pressed(hands, "} s")
    hands._take_picked(NewLabel("Hearsay", Scope.SPAN))
    assert standing(hands) == [("hearsay", 0, SOLD)]
    assert hands.said.startswith("New label “Hearsay”, key 3.")
    pressed(hands, ") s 3")
    assert standing(hands)[1:] == [("hearsay", 0, MILLION)]
