"""What letters before words look like, and the list of labels with a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.codebook_editing import opened
from annotations.codebook_toml import default_codebook
from annotations.store.codebooks import apply_codebook
from annotations.store.project import Project
from tests.tui.test_snapshots import MIDDLE, NARROW, after
from tui.theme_names import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tui.app import PostilApp

SCREENS = {
    "first": "right_curly_bracket quotation_mark",
    "last": "right_curly_bracket quotation_mark a",
    "marking": "tab quotation_mark quotation_mark",
}


@pytest.mark.parametrize(("size", "theme"), [(NARROW, DARK), (MIDDLE, LIGHT)], ids=["narrow-dark", "wide-light"])
@pytest.mark.parametrize("name", sorted(SCREENS))
def test_letters(
    snap_compare: Callable[..., bool], make_app: Callable[..., PostilApp], name: str, size: tuple[int, int], theme: str
) -> None:
    assert snap_compare(make_app(theme=theme), terminal_size=size, run_before=after(SCREENS[name]))


def test_a_new_label(snap_compare: Callable[..., bool], make_app: Callable[..., PostilApp], project_path: Path) -> None:
    with Project.open(project_path) as project:
        apply_codebook(project, opened(default_codebook(), is_open=True))
    keys = "right_curly_bracket s t H e a r s a y"
    assert snap_compare(make_app(theme=DARK), terminal_size=NARROW, run_before=after(keys))
