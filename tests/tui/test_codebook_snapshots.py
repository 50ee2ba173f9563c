"""What the codebook looks like where it is changed and searched, and how a broken rule is said."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from annotations import codebook_editing as editing
from annotations.codebook_toml import default_codebook, parse_codebook
from annotations.store.codebooks import apply_codebook, change_codebook
from annotations.store.project import Project
from tests.tui.conftest import fixed_clock
from tests.tui.test_snapshots import MIDDLE, NARROW, after
from tui.theme_names import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tui.app import PostilApp

SCREENS = {
    "codebook": "g L j",
    "form": "g L j e",
    "merging": "g L j j j j j m n",
    "searched": "asterisk slash f e r r y",
    "broken": "s c tab g a 5 6 7",
}


@pytest.fixture(autouse=True)
def changed(project_path: Path) -> None:
    """Split a label and merge another."""
    with Project.open(project_path, clock=fixed_clock) as project:
        ruled = default_codebook().source.replace('name = "Tone"', 'name = "Tone"\nmost_per_post = 2')
        apply_codebook(project, parse_codebook(ruled))
        change_codebook(project, lambda codebook: editing.split(codebook, "evidence", ["Figure", "Testimony"]))
        change_codebook(project, partial(editing.merged, label_id="cites", into="supports"))


@pytest.mark.parametrize(("size", "theme"), [(NARROW, DARK), (MIDDLE, LIGHT)], ids=["narrow-dark", "wide-light"])
@pytest.mark.parametrize("name", sorted(SCREENS))
def test_codebook(
    snap_compare: Callable[..., bool], make_app: Callable[..., PostilApp], name: str, size: tuple[int, int], theme: str
) -> None:
    assert snap_compare(make_app(theme=theme), terminal_size=size, run_before=after(SCREENS[name]))
