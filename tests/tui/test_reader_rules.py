"""Rules that are broken are said while labeling and can be gone through; the codebook is read and changed in the app."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from textual.screen import Screen
from textual.widgets import Input, OptionList, TextArea

from annotations import codebook_editing as editing
from annotations.codebook_toml import parse_codebook
from annotations.store.codebooks import apply_codebook, change_codebook, codebook_in_force, codebook_versions
from annotations.store.labels import iter_annotations
from annotations.store.project import Project
from tests.tui.conftest import FixedApp, fixed_clock, type_ahead
from tui.screens.codebook import CodebookScreen
from tui.screens.guidelines import Guidelines
from tui.screens.label_form import LabelForm
from tui.screens.reader import ReaderScreen
from tui.widgets.label_bar import LabelBar
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from annotations.codebook import Codebook

Kind = TypeVar("Kind", bound=Screen[Any])

RULES = """
name = "Rules"

[[groups]]
id = "stance"
name = "Stance"
required = true

[[groups]]
id = "tone"
name = "Tone"
most_per_post = 1

[[labels]]
id = "pro"
name = "Pro"
scope = "post"
key = "1"
group = "stance"
description = "It sides."

[[labels]]
id = "rude"
name = "Rude"
scope = "post"
key = "2"
group = "tone"

[[labels]]
id = "funny"
name = "Funny"
scope = "post"
key = "3"
group = "tone"
guidelines = "Only if you laughed."

[[labels]]
id = "claim"
name = "Claim"
scope = "span"
key = "c"
most_per_thread = 1

[[labels.examples]]
text = "It costs less."
"""


@pytest.fixture
def ruled(project_path: Path, make_app: Callable[..., FixedApp]) -> FixedApp:
    """The app on a project with these rules; a label does not go on."""
    with Project.open(project_path, clock=fixed_clock) as project:
        apply_codebook(project, parse_codebook(RULES))
    return make_app()


def lines(app: FixedApp) -> tuple[str, str]:
    """Return what the label bar and the status line say."""
    screen = next(screen for screen in app.screen_stack if isinstance(screen, ReaderScreen))
    found = (screen.query_one(LabelBar), screen.query_one(StatusLine))
    bar, status = (
        "\n".join(strip.text for strip in widget.render_lines(widget.region.reset_offset)) for widget in found
    )
    return bar, status


def shown(app: FixedApp, kind: type[Kind]) -> Kind:
    """Return the screen that is shown, which is of a kind."""
    screen = app.screen
    assert isinstance(screen, kind)
    return screen


async def settle(pilot: Pilot[None]) -> None:
    """Wait for what is looked up beside the app."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def change(path: Path, edit: Callable[[Codebook], Codebook]) -> None:
    """Change the codebook as another terminal would."""
    with Project.open(path, clock=fixed_clock) as project:
        change_codebook(project, edit)


async def test_broken_rules_are_said_and_keys_lead_from_one_to_the_next(ruled: FixedApp) -> None:
    async with ruled.run_test(size=(120, 40)) as pilot:
        await type_ahead(pilot, "tab g a 2 3")
        bar, _ = lines(ruled)
        assert "Comment needs Stance ! 2 of at most 1 Tone" in bar
        await type_ahead(pilot, "1 j 1 i s c j j s c escape escape g g")
        await type_ahead(pilot, "right_square_bracket exclamation_mark")
        await settle(pilot)
        screen = shown(ruled, ReaderScreen)
        found = []
        for _ in range(4):
            found.append((screen.thread_pane.position, screen.said))
            await type_ahead(pilot, "right_square_bracket exclamation_mark")
        assert found[0] == (1, "2 of at most 1 Tone")
        assert [position for position, _ in found[1:]] == [2, 2, 2]
        assert found[1][1] == "2 of at most 1 Claim in this thread"
        assert found[2][1] == "No other rule is broken below"
        await type_ahead(pilot, "left_square_bracket exclamation_mark 3")
        assert screen.thread_pane.position == 1
        assert "!" not in lines(ruled)[0]


async def test_the_label_here_is_explained_at_one_key_and_words_are_found(ruled: FixedApp) -> None:
    async with ruled.run_test(size=(100, 30)) as pilot:
        await type_ahead(pilot, "tab g a 3 asterisk")
        screen = shown(ruled, Guidelines)
        text = str(screen.text.content)
        assert text.index("Funny  post, key 3, Tone") < text.index("Pro  post, key 1, Stance")
        await type_ahead(pilot, "slash c o s t s")
        text = str(screen.text.content)
        assert "Claim  span, key c, at most 1 a thread" in text
        assert "It costs less." in text
        assert "Funny" not in text
        await type_ahead(pilot, "escape")
        assert ruled.screen is screen
        assert "Funny" in str(screen.text.content)
        await type_ahead(pilot, "slash x x x")
        assert "No label is explained" in str(screen.text.content)
        await type_ahead(pilot, "escape escape")
        shown(ruled, ReaderScreen)


async def test_another_terminals_codebook_is_taken_within_two_seconds(ruled: FixedApp, project_path: Path) -> None:
    async with ruled.run_test(size=(120, 40)) as pilot:
        await type_ahead(pilot, "tab g a 1")
        await pilot.pause(1.1)  # the first look
        change(project_path, partial(editing.renamed, label_id="pro", name="In favour"))
        change(project_path, lambda codebook: editing.with_new_label(codebook, "Against", codebook.label("pro").scope))
        await pilot.pause(1.5)
        bar, status = lines(ruled)
        assert "1 In favour ●" in bar
        assert "4 Against" in bar
        assert "The codebook has changed" in status
        await type_ahead(pilot, "4")
        screen = shown(ruled, ReaderScreen)
        chips = [chip.text for chip in screen.thread_pane.view_of(1).chips]
        assert chips == ["Against", "In favour"]
    with Project.open(project_path) as project:
        assert sorted((each.label, each.codebook_version) for each in iter_annotations(project)) == [
            ("against", 3),
            ("pro", 1),
        ]


async def test_labels_are_added_renamed_merged_split_and_retired(ruled: FixedApp, project_path: Path) -> None:
    async with ruled.run_test(size=(120, 40)) as pilot:
        await type_ahead(pilot, "tab g a 3 2 g L")
        screen = shown(ruled, CodebookScreen)
        assert screen.label is not None
        await type_ahead(pilot, "r")
        ruled.screen.query_one(Input).value = "Comical"
        await type_ahead(pilot, "enter")
        assert codebook_of(project_path).label(screen.label.id).name == "Comical"
        await type_ahead(pilot, "h a")
        ruled.screen.query_one(Input).value = "post Against"
        await type_ahead(pilot, "enter")
        assert screen.label is not None
        assert (screen.label.id, screen.label.key) == ("against", "4")
        await type_ahead(pilot, "m p r o")
        await type_ahead(pilot, "enter")
        assert codebook_of(project_path).label("against").merged_into == "pro"
        await type_ahead(pilot, "u")
        assert not codebook_of(project_path).label("against").is_retired
        await type_ahead(pilot, "ctrl+r k s")
        ruled.screen.query_one(Input).value = "Fact, Value"
        await type_ahead(pilot, "enter")
        assert codebook_of(project_path).label("claim").split_into == ("fact", "value")
        await type_ahead(pilot, "x x o d")
        assert "open: no → yes" in str(ruled.screen.query_one("#text").content)  # type: ignore[attr-defined]  # a Static
        await type_ahead(pilot, "q j j j j m")
        ruled.screen.query_one(Input).value = "nothing"
        await type_ahead(pilot, "enter")
        assert "has no label" in str(ruled.screen.query_one(".problem").content)  # type: ignore[attr-defined]  # a Static
        await type_ahead(pilot, "escape q")
        assert "Comical" in lines(ruled)[0]
    with Project.open(project_path) as project:
        assert codebook_in_force(project).is_open
        assert len(codebook_versions(project)) >= 6
        assert {each.label for each in iter_annotations(project)} == {"funny", "rude"}


async def test_a_label_is_edited_field_by_field_and_mistakes_are_said(ruled: FixedApp, project_path: Path) -> None:
    async with ruled.run_test(size=(80, 24)) as pilot:
        await type_ahead(pilot, "g L e")
        form = shown(ruled, LabelForm)
        form.query_one("#key", Input).value = "2"
        form.query_one("#most_per_post", Input).value = "none"
        await type_ahead(pilot, "ctrl+s")
        assert ruled.screen is form
        assert "is no number" in str(form.problem.content)
        form.query_one("#most_per_post", Input).value = "2"
        await type_ahead(pilot, "ctrl+s")
        assert "The key 2 is taken" in str(form.problem.content)
        form.query_one("#key", Input).value = "9"
        form.query_one("#requires", Input).value = "rude claim"
        form.query_one("#guidelines", TextArea).text = "Two\nlines."
        form.query_one("#examples", TextArea).text = "+ Yes. // Why\n- No.\n"
        await type_ahead(pilot, "ctrl+s")
        shown(ruled, CodebookScreen)
    label = codebook_of(project_path).label("pro")
    assert (label.key, label.most_per_post, label.requires) == ("9", 2, ("rude", "claim"))
    assert label.guidelines == "Two\nlines."
    assert [(each.text, each.note, each.is_counter) for each in label.examples] == [
        ("Yes.", "Why", False),
        ("No.", "", True),
    ]


async def test_a_merged_label_is_put_in_place_of_the_old_one_and_undone(ruled: FixedApp, project_path: Path) -> None:
    change(project_path, partial(editing.renamed, label_id="funny", name="Comical"))
    async with ruled.run_test(size=(120, 40)) as pilot:
        await type_ahead(pilot, "tab g a 3 g L")
        change(project_path, partial(editing.merged, label_id="funny", into="rude"))
        await pilot.pause(1.2)  # the list notices it
        screen = shown(ruled, CodebookScreen)
        screen.query_one(OptionList).highlighted = 2
        await type_ahead(pilot, "P")
        await settle(pilot)
        assert "Comical is Rude now, 1 time" in str(screen.notice.content)
        assert [each.label for each in iter_annotations(ruled.project)] == ["rude"]
        await type_ahead(pilot, "q u")
        assert [each.label for each in iter_annotations(ruled.project)] == ["funny"]


def codebook_of(path: Path) -> Codebook:
    """Return the codebook in force."""
    with Project.open(path, read_only=True) as project:
        return codebook_in_force(project)
