"""Labels by typing: the likeliest first, and a new one where the codebook is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.codebook_editing import opened
from annotations.codebook_toml import default_codebook
from annotations.store.codebooks import apply_codebook
from annotations.store.labels import annotations_in_thread
from annotations.store.project import Project
from tui.screens.label_picker import LabelPicker, ranked
from tui.screens.reader import ReaderScreen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tui.app import PostilApp


def test_what_was_typed_ranks_labels() -> None:
    labels = default_codebook().labels
    assert ranked(labels, "") == list(labels)
    assert ranked(labels, "sarc")[0].id == "sarcasm"
    assert ranked(labels, "OFF")[0].id == "off-topic"
    assert ranked(labels, "zzz") == []


def rows(picker: LabelPicker) -> list[str]:
    return [str(option.prompt) for option in picker.options._options]


async def test_a_label_is_typed_and_a_new_one_only_where_the_codebook_is_open(
    project_path: Path, make_app: Callable[..., PostilApp]
) -> None:
    with Project.open(project_path) as project:
        apply_codebook(project, opened(default_codebook(), is_open=True))
    async with make_app().run_test(size=(80, 24)) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, ReaderScreen)
        await pilot.press("}", "s", "t", *"Hear say")
        picker = pilot.app.screen
        assert isinstance(picker, LabelPicker)
        assert rows(picker) == ["+ New label “Hear say”  on words"]
        await pilot.press("enter", ")", "s", "3", "tab", "t", *"claim")
        picker = pilot.app.screen
        assert isinstance(picker, LabelPicker)
        assert [row.startswith("+") for row in rows(picker)] == [False, True, True]
        await pilot.press("down", "down", "enter")
        put = annotations_in_thread(screen.session.project, screen.thread.id)
        assert sorted((each.scope, each.label) for each in put) == [
            ("span", "hear-say"),
            ("span", "hear-say"),
            ("thread", "claim-2"),
        ]
        screen.session.codebook = opened(screen.session.codebook, is_open=False)
        await pilot.press("t", *"unheard")
        picker = pilot.app.screen
        assert isinstance(picker, LabelPicker)
        assert rows(picker) == ["No such label, and the codebook is closed to new ones"]
        await pilot.press("enter", "escape")
        assert pilot.app.screen is screen
