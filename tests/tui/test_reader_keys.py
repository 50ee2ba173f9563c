"""The reader by its keys: each test presses them and looks at the cursor, and at the rows that were stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.store.labels import annotations_in_thread, reviewed_positions
from tui.keymap import Context
from tui.screens.reader import ReaderScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from annotations.model import Annotation
    from tui.app import PostilApp as FixedApp


def reader(pilot: Pilot[None]) -> ReaderScreen:
    screen = pilot.app.screen
    assert isinstance(screen, ReaderScreen)
    return screen


def stored(screen: ReaderScreen) -> list[Annotation]:
    return annotations_in_thread(screen.session.project, screen.thread.id)


def put(screen: ReaderScreen) -> list[tuple[str, int | None, str]]:
    """Return what stands: the label, the post's place, the quote."""
    places = {
        screen.thread_source.load([position])[0].post.id: position
        for position in range(len(screen.thread_source.shape))
    }
    return [
        (
            found.label,
            places[found.target.post_id] if found.target.post_id else None,
            found.quote.exact if found.quote else "",
        )
        for found in stored(screen)
    ]


async def test_it_opens_on_the_article_with_the_cursor_at_its_start(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = reader(pilot)
        assert screen.pane is screen.article
        assert (screen.context, screen.article.caret) == (Context.TEXT, 0)


async def test_two_keys_make_a_sentence_a_claim(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("right_curly_bracket", "s", "c")
        assert put(reader(pilot)) == [("claim", 0, "The council sold the bridge on Monday.")]
        assert reader(pilot).context is Context.TEXT


async def test_one_key_labels_a_comment_and_goes_on_to_the_next(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "1", "2")
        screen = reader(pilot)
        assert put(screen) == [("agree", 1, ""), ("disagree", 2, "")]
        assert screen.thread_pane.position == 3


async def test_without_advance_the_cursor_stays_and_the_key_takes_the_label_off_again(
    make_app: Callable[..., FixedApp],
) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "g", "a", "1")
        screen = reader(pilot)
        assert (screen.thread_pane.position, [label for label, _, _ in put(screen)]) == (1, ["agree"])
        await pilot.press("1")
        assert put(screen) == []


async def test_undo_and_redo_go_all_the_way_and_survive_a_restart(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "1", "2", "3", "u", "u")
        assert [label for label, _, _ in put(reader(pilot))] == ["agree"]
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("u")
        assert put(reader(pilot)) == []
        await pilot.press("u")
        assert reader(pilot).said == "Nothing to undo"
        await pilot.press("ctrl+r", "ctrl+r", "ctrl+r")
        assert [label for label, _, _ in put(reader(pilot))] == ["agree", "disagree", "asks"]
        await pilot.press("ctrl+r")
        assert reader(pilot).said == "Nothing to redo"


async def test_visual_mode_selects_by_motions_and_swaps_ends(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("w", "v", "w", "e")
        screen = reader(pilot)
        assert screen.article.selected_span() == (5, 14)
        await pilot.press("o", "b")
        assert screen.article.selected_span() == (0, 14)
        await pilot.press("c")
        assert put(screen) == [("claim", 0, "Town sells its")]


async def test_s_again_extends_by_a_sentence_and_capital_s_shrinks(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("right_curly_bracket", "s", "s")
        screen = reader(pilot)
        text = screen.article.text
        start, end = screen.article.selected_span() or (0, 0)
        assert text[start:end] == "The council sold the bridge on Monday. It brought in 4 million."
        await pilot.press("S")
        start, end = screen.article.selected_span() or (0, 0)
        assert text[start:end] == "The council sold the bridge on Monday."


async def test_overlapping_spans_stand_beside_each_other_and_d_takes_off_the_shortest(
    make_app: Callable[..., FixedApp],
) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("right_curly_bracket", "p", "c", "s", "c")
        screen = reader(pilot)
        assert len(put(screen)) == 2
        assert screen.inspected is not None
        await pilot.press("d")
        assert [quote.startswith("The council sold") for _, _, quote in put(screen)] == [True]
        assert len(put(screen)[0][2]) > 80


async def test_a_span_is_moved_by_words(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("right_curly_bracket", "s", "c", "comma")
        screen = reader(pilot)
        assert put(screen)[0][2] == "The council sold the bridge on Monday"
        await pilot.press("comma", "greater_than_sign")
        assert put(screen)[0][2] == "council sold the bridge on"
        await pilot.press("less_than_sign", "semicolon")
        assert put(screen)[0][2] == "The council sold the bridge on Monday"


@pytest.mark.parametrize(
    ("keys", "position"),
    [
        ("j", 2),
        ("j j", 3),
        ("J", 5),
        ("J K", 1),
        ("j j P", 2),
        ("j j g r", 1),
        ("] ]", 5),
        ("] ] [ [", 1),
        ("end", 9),
        ("end home", 1),
        ("G g g", 1),
        ("l", 2),
        ("j h h", 1),
        ("end ctrl+o", 1),
        ("j m a end ' a", 2),
        ("] u", 2),
    ],
)
async def test_keys_move_through_the_thread(make_app: Callable[..., FixedApp], keys: str, position: int) -> None:
    names = {"[": "left_square_bracket", "]": "right_square_bracket", "'": "apostrophe"}
    async with make_app().run_test(size=(120, 60)) as pilot:
        await pilot.press("tab", *(names.get(key, key) for key in keys.split()))
        assert reader(pilot).thread_pane.position == position


async def test_folding_hides_replies_and_says_how_many(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "h")
        outline = reader(pilot).thread_pane.outline
        assert outline is not None
        assert (outline.is_folded(1), outline.next_visible(1)) == (True, 5)
        await pilot.press("z", "M")
        assert [outline.is_folded(position) for position in range(1, 10)] == [True] * 9
        await pilot.press("z", "1")
        assert [position for position in range(1, 10) if outline.is_visible(position)] == [1, 2, 4, 5, 6, 7, 8, 9]
        await pilot.press("z", "R")
        assert all(outline.is_visible(position) for position in range(1, 10))


async def test_x_declares_a_comment_done_and_goes_on(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "x", "x")
        screen = reader(pilot)
        assert reviewed_positions(screen.session.project, screen.thread.id, screen.session.annotator.id) == {1, 2}
        assert screen.thread_pane.position == 3


@pytest.mark.parametrize("many", [500, 1])
async def test_capital_x_declares_the_chain_done_in_one_step(
    make_app: Callable[..., FixedApp], monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """Also where the chain is so long that what is known of the thread is found anew."""
    monkeypatch.setattr("tui.screens.reader_base.MANY", many)
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "j", "X")
        screen = reader(pilot)
        annotator = screen.session.annotator.id
        assert reviewed_positions(screen.session.project, screen.thread.id, annotator) == {1, 2, 3, 4}
        assert screen.thread_source.reviewed == {1, 2, 3, 4}
        assert screen.thread_pane.view_of(1).is_reviewed
        assert screen.thread_pane.position == 5
        await pilot.press("u")
        assert reviewed_positions(screen.session.project, screen.thread.id, annotator) == set()
        assert screen.thread_source.reviewed == set()
        assert not screen.thread_pane.view_of(1).is_reviewed


async def test_a_relation_goes_from_a_comment_to_a_claim_by_its_letter(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("right_curly_bracket", "s", "c", "tab", "j", "r")
        screen = reader(pilot)
        draft = screen._draft
        assert draft is not None
        letter = next(letter for letter, end in draft.ends.items() if end.annotation is not None)
        key = next(key for key, label in screen._relations().items() if label.id == "rebuts")
        await pilot.press(letter, key)
        relation = next(found for found in stored(screen) if found.label == "rebuts")
        claim = next(found for found in stored(screen) if found.label == "claim")
        assert relation.target.to_annotation == claim.id
        assert [chip.text for chip in screen.thread_pane.view_of(2).chips] == ["→ Rebuts “The council sold the bri…”"]
        assert [tag.text for tag in screen.article.view_of(0).tags] == ["←Rebuts\xa01.1"]


async def test_search_shows_only_the_paths_that_match_and_escape_restores_the_folds(
    make_app: Callable[..., FixedApp],
) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "h", "slash", *"course")
        screen = reader(pilot)
        outline = screen.thread_pane.outline
        assert outline is not None
        assert [position for position in range(1, 10) if outline.is_visible(position)] == [1, 2, 3]
        assert screen.thread_pane.position == 3
        assert screen.said.startswith("1 comment")
        await pilot.press("escape")
        assert all(outline.is_visible(position) for position in (1, 5, 6, 7, 8, 9))
        assert outline.is_folded(1) is False or screen.thread_pane.position == 1


async def test_a_filter_by_author_keeps_the_ancestors(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "backslash", *"author:cleo", "enter")
        outline = reader(pilot).thread_pane.outline
        assert outline is not None
        assert [position for position in range(1, 10) if outline.is_visible(position)] == [1, 4]
        assert outline.is_context(1)
        await pilot.press("escape")
        assert outline.is_visible(9)


async def test_typing_a_label_puts_it(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "t", *"sarc", "enter")
        assert [label for label, _, _ in put(reader(pilot))] == ["sarcasm"]


async def test_the_note_of_an_annotation_is_edited_and_undone(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "g", "a", "1", "a", "n", *"why", "ctrl+s")
        screen = reader(pilot)
        assert [found.note for found in stored(screen)] == ["why"]
        await pilot.press("u")
        assert [found.note for found in stored(screen)] == [""]


async def test_the_place_and_the_folds_are_found_again(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "h", "J", "q")
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = reader(pilot)
        outline = screen.thread_pane.outline
        assert outline is not None
        assert screen.pane is screen.thread_pane
        assert (screen.thread_pane.position, outline.is_folded(1)) == (5, True)


async def test_an_unknown_sequence_is_named(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("g", "k")
        assert reader(pilot).said == "gk does nothing here"


async def test_two_annotators_do_not_see_each_other(make_app: Callable[..., FixedApp]) -> None:
    async with make_app("ann").run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "1")
    async with make_app("bob").run_test(size=(120, 40)) as pilot:
        screen = reader(pilot)
        assert screen.thread_pane.view_of(1).annotations == ()
        await pilot.press("u")
        assert screen.said == "Nothing to undo"
        assert len(stored(screen)) == 1


async def test_capital_v_keeps_whole_sentences_selected_while_motions_extend(
    make_app: Callable[..., FixedApp],
) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("right_curly_bracket", "w", "w", "V")
        pane = reader(pilot).article

        def selected() -> str:
            start, end = pane.selected_span() or (0, 0)
            return pane.text[start:end]

        assert selected() == "The council sold the bridge on Monday."
        await pilot.press("right_parenthesis", "w")
        assert selected() == "The council sold the bridge on Monday. It brought in 4 million."
        await pilot.press("c")
        assert [quote for _, _, quote in put(reader(pilot))] == [
            "The council sold the bridge on Monday. It brought in 4 million."
        ]
        await pilot.press("v")
        assert len(selected()) == 1


async def test_a_flat_thread_says_who_is_answered(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "z", "i")
        pane = reader(pilot).thread_pane
        lines = [strip.text for strip in pane.render_lines(pane.size.region)]
        assert any("bert → anna" in line for line in lines)
        assert not any("│ " in line[3:8] for line in lines)
        await pilot.press("z", "i")
        assert not any("→ anna" in strip.text for strip in pane.render_lines(pane.size.region))


async def test_keys_lead_to_where_annotators_differ_and_not_to_what_one_has_not_seen(
    make_app: Callable[..., FixedApp],
) -> None:
    async with make_app("ann").run_test(size=(120, 60)) as pilot:
        await pilot.press("tab", "1", "1", "x", "1")
    async with make_app("bob").run_test(size=(120, 60)) as pilot:
        await pilot.press("tab", "1", "2", "3", "home", "right_square_bracket", "d")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        pane = reader(pilot).thread_pane
        assert pane.position == 2
        await pilot.press("right_square_bracket", "d")
        assert pane.position == 3
        await pilot.press("right_square_bracket", "d")
        assert (pane.position, reader(pilot).said) == (3, "No disagreement below")
        await pilot.press("left_square_bracket", "d")
        assert pane.position == 2
