"""Spans that cross, relations between words, posts and the thread, attributes and notes, by the reader's keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.codebook_toml import parse_codebook
from annotations.model import Target
from annotations.session import LabelingSession
from annotations.store.codebooks import apply_codebook
from annotations.store.labels import annotations_in_thread
from annotations.store.notes import load_note
from annotations.store.project import Project
from tests.tui.conftest import fixed_clock
from tui.screens.annotation_editor import AnnotationEditor
from tui.screens.end_picker import EndPicker
from tui.screens.note_editor import NoteEditor
from tui.screens.reader import ReaderScreen
from tui.screens.tie_picker import TiePicker
from tui.widgets.value_field import ValueField

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from annotations.model import Annotation
    from tui.app import PostilApp
    from tui.screens.relation_draft import End
    from tui.widgets.post_pane import PostPane

FIRST_CLAIM = ("right_curly_bracket", "s", "c")
"""Makes the first sentence below the headline a claim."""


def reader(pilot: Pilot[None]) -> ReaderScreen:
    screen = pilot.app.screen
    assert isinstance(screen, ReaderScreen)
    return screen


def stored(pilot: Pilot[None]) -> dict[str, Annotation]:
    """Return what stands, by label; of several with one label the last."""
    app = pilot.app
    screen = next(each for each in app.screen_stack if isinstance(each, ReaderScreen))
    return {found.label: found for found in annotations_in_thread(screen.session.project, screen.thread.id)}


def letter_of(pilot: Pilot[None], wanted: Callable[[End], bool]) -> str:
    draft = reader(pilot)._draft
    assert draft is not None
    return next(letter for letter, end in draft.ends.items() if wanted(end))


def _is_article(end: End) -> bool:
    return end.post is not None and end.post.position == 0


async def test_words_are_related_to_words_and_the_relation_is_gone_through_both_ways(
    make_app: Callable[..., PostilApp],
) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press(*FIRST_CLAIM, "tab", "z", "M", "i", "s", "c", "r")
        await pilot.press(letter_of(pilot, lambda end: end.annotation is not None and _is_article(end)), "2")
        screen, put = reader(pilot), stored(pilot)
        tie = put["rebuts"]
        assert tie.target.from_annotation is not None
        assert tie.target.to_annotation is not None
        assert [tag.text for tag in screen.article.view_of(0).tags] == ["←Rebuts\xa01"]
        assert [tag.text for tag in screen.thread_pane.view_of(1).tags] == ["→Rebuts\xa0article"]
        at = screen.pane.position, screen.pane.caret
        await pilot.press("g", "o")
        assert (screen.pane, screen.inspected) == (screen.article, tie)
        await pilot.press("a", "4", "n", *"half", "enter")
        assert (stored(pilot)["rebuts"].attributes, stored(pilot)["rebuts"].note) == ({"confidence": 4}, "half")
        assert (screen.pane, screen.inspected) == (screen.article, stored(pilot)["rebuts"])
        await pilot.press("ctrl+o")
        assert (screen.pane, (screen.pane.position, screen.pane.caret)) == (screen.thread_pane, at)
        await pilot.press("tab", "o", "d")  # the claim, behind which its relation goes
        assert set(stored(pilot)) == {"claim"}
        assert (screen.article.view_of(0).tags, screen.thread_pane.view_of(1).tags) == ((), ())
        assert screen.article.painted(0).body.tags == ()
        await pilot.press("u")
        assert stored(pilot)["rebuts"].note == "half"
        assert [tag.text for tag in screen.article.view_of(0).tags] == ["←Rebuts\xa01"]
        await pilot.press("z", "M")
        assert "Claim   →Rebuts" in screen.thread_pane.render_line(0).text  # what the folded text holds


async def test_the_thread_and_what_is_not_in_view_are_ends_too(make_app: Callable[..., PostilApp]) -> None:
    async with make_app().run_test(size=(120, 20)) as pilot:
        await pilot.press("tab", "r", "asterisk", "3")
        screen = reader(pilot)
        assert stored(pilot)["cites"].target.to_thread_id == screen.thread.id
        await pilot.press("r", "minus", "end", "enter", "4")
        put = stored(pilot)["asks-about"]
        assert (put.target.post_id, put.target.to_post_id) == (None, screen.thread_pane.view_of(9).post.id)
        assert (screen.pane, screen.pane.position) == (screen.thread_pane, 1)  # back where it was begun
        await pilot.press("g", "o")  # one relation here, and it leads to the thread
        assert (screen.pane, screen.pane.position) == (screen.article, 0)
        await pilot.press("o", "g", "o")
        assert isinstance(pilot.app.screen, TiePicker)
        await pilot.press("a")
        assert (screen.pane, screen.pane.position) == (screen.thread_pane, 9)


async def test_the_other_end_is_found_in_the_list_of_what_is_labeled(make_app: Callable[..., PostilApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press(*FIRST_CLAIM, "tab", "r", "colon")
        assert isinstance(pilot.app.screen, EndPicker)
        await pilot.press(*"sold bridge", "enter")
        assert reader(pilot).notice == "1 → “The council sold the bridge on M…”"
        await pilot.press("1")
        assert stored(pilot)["supports"].target.to_annotation == stored(pilot)["claim"].id
        await pilot.press("r", "colon", "escape", "f5", "escape")
        assert reader(pilot).said == "No relation made"


async def test_keys_act_on_the_one_of_crossing_spans_that_is_meant(make_app: Callable[..., PostilApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("right_curly_bracket", "s", "s", "c", *"bbbvwwwwe1bbb")
        screen = reader(pilot)
        claim, evidence = stored(pilot)["claim"], stored(pilot)["evidence"]
        assert [found.label for found in screen.candidates] == ["evidence", "claim"]
        assert screen.inspected == evidence
        assert screen.article._pointed_at == evidence.id
        await pilot.press("o")
        assert (screen.inspected, screen.article._pointed_at) == (claim, claim.id)
        await pilot.press("h", "comma")  # the cursor stays on both, and the claim is meant still
        moved = stored(pilot)["claim"]
        assert moved.quote is not None
        assert moved.quote.exact.endswith("4 million")
        assert stored(pilot)["evidence"] == evidence
        await pilot.press("d")
        assert set(stored(pilot)) == {"evidence"}
        assert screen.inspected == evidence


async def test_a_note_is_written_on_a_post_and_marks_it(make_app: Callable[..., PostilApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "a")
        assert isinstance(pilot.app.screen, NoteEditor)
        await pilot.press(*"Who pays?", "enter")
        screen = reader(pilot)
        post_id = screen.thread_pane.view_of(1).post.id
        note = load_note(screen.session.project, post_id, screen.session.annotator.id)
        assert (note, screen.said) == ("Who pays?", "Note on 1 (anna)")
        assert "✎" in screen.thread_pane.render_line(0).text
        assert "Who pays?" in str(screen.inspector.render())
        await pilot.press("u")
        assert screen.thread_pane.view_of(1).remark == ""
        await pilot.press("ctrl+r", "1", "k", "g", "N", "ctrl+u", "enter")
        assert screen.thread_pane.view_of(1).remark == ""
        assert screen.said == "Note off 1 (anna)"


REQUIRED = """
[[labels]]
id = "point"
name = "Point"
scope = "post"
key = "1"

[[labels.attributes]]
id = "sure"
name = "Sure"
kind = "scale"
minimum = 0
maximum = 1
step = 0.01

[[labels.attributes]]
id = "side"
name = "Side"
kind = "choice"
choices = ["for", "against"]
required = true
description = "Which side is it on?"
"""


async def test_what_a_label_requires_is_asked_for_when_it_is_put(
    make_app: Callable[..., PostilApp], project_path: Path
) -> None:
    with Project.open(project_path, clock=fixed_clock) as project:
        apply_codebook(project, parse_codebook(REQUIRED))
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "1")
        editor = pilot.app.screen
        assert isinstance(editor, AnnotationEditor)
        assert isinstance(pilot.app.focused, ValueField)
        assert "Which side is it on?" in str(editor.about.render())
        await pilot.press("2", "1", "right", "shift+tab", *"7", "enter")
        assert isinstance(pilot.app.screen, AnnotationEditor)
        assert str(editor.problem.render()) == "Sure goes from 0 to 1"
        await pilot.press("backspace", *"0,25", "enter")
        assert stored(pilot)["point"].attributes == {"sure": 0.25, "side": "against"}
        await pilot.press("k", "a", "tab", "2", "enter")  # the same digit again takes it back
        assert stored(pilot)["point"].attributes == {"sure": 0.25}


async def test_labels_of_the_thread_are_in_sight_and_come_off_by_their_key_alone(
    make_app: Callable[..., PostilApp],
) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "9")
        screen = reader(pilot)
        assert "Controversial topic" in screen.breadcrumb.render_line(0).text
        assert next(offer for offer in screen.offers()[1] if offer.key == "9").is_on
        await pilot.press("tab", "d")
        assert (set(stored(pilot)), screen.said) == ({"controversial"}, "No annotation here")
        await pilot.press("o", "a", "4", "enter")
        assert stored(pilot)["controversial"].attributes == {"heat": 4}
        assert "Controversial topic:…" in screen.breadcrumb.render_line(0).text
        await pilot.press("d")
        assert stored(pilot) == {}
        assert "Controversial" not in screen.breadcrumb.render_line(0).text


async def test_both_ends_of_what_another_terminal_relates_are_shown(
    make_app: Callable[..., PostilApp], project_path: Path
) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = reader(pilot)
        first, second = (screen.thread_pane.view_of(position).post.id for position in (1, 2))
        with Project.open(project_path) as project:
            session = LabelingSession(project, project.annotator("ann"), screen.session.codebook)
            session.apply("rebuts", Target(thread_id=1, post_id=first, to_post_id=second))
            session.apply("cites", Target(thread_id=1, post_id=first, to_thread_id=1))
            session.apply("controversial", Target(thread_id=1))
        screen._show_others()
        texts = [[chip.text for chip in pane.view_of(at).chips] for pane, at in _places(screen)]
        assert texts == [["Controversial topic", "← Cites 1"], ["→ Cites the thread", "→ Rebuts 1.1"], ["← Rebuts 1"]]
        assert "Controversial topic" in screen.breadcrumb.render_line(0).text


def _places(screen: ReaderScreen) -> list[tuple[PostPane, int]]:
    return [(screen.article, 0), (screen.thread_pane, 1), (screen.thread_pane, 2)]


def _cell_of(pane: PostPane, words: str) -> tuple[int, int]:
    """Return where words are drawn in a pane: column and row."""
    for row in range(pane.size.height):
        column = pane.render_line(row).text.find(words)
        if column >= 0:
            return column, row
    raise AssertionError(words)


async def test_a_click_on_a_tag_leads_to_the_other_end_or_asks_which(make_app: Callable[..., PostilApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press(*FIRST_CLAIM, "tab", "r")
        await pilot.press(letter_of(pilot, lambda end: end.annotation is not None), "1")
        screen = reader(pilot)
        await pilot.click(screen.article, offset=_cell_of(screen.article, "←Supports"))
        assert (screen.pane, screen.pane.position) == (screen.thread_pane, 1)
        await pilot.press("j", "r")
        await pilot.press(letter_of(pilot, lambda end: end.annotation is not None), "2")
        await pilot.click(screen.article, offset=_cell_of(screen.article, "←Rebuts"))
        assert isinstance(pilot.app.screen, TiePicker)
        await pilot.press("s")
        assert (screen.pane, screen.pane.position) == (screen.thread_pane, 2)
        await pilot.click(screen.thread_pane, offset=_cell_of(screen.thread_pane, "Rebuts “The"))
        assert (screen.pane, screen.pane.caret) == (screen.article, 28)
