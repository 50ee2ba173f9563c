"""What a filter looks like: ancestors dimmed, a condition that cannot be meant, nothing that matches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tui.test_snapshots import MIDDLE, NARROW, after
from tui.theme_names import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.app import PostilApp

SCREENS = {
    "filtered": "tab backslash c l e o enter",
    "nothing": "tab slash z z",
    "problem": "tab backslash d e p t h colon",
}


@pytest.mark.parametrize(("size", "theme"), [(NARROW, DARK), (MIDDLE, LIGHT)], ids=["narrow-dark", "wide-light"])
@pytest.mark.parametrize("name", sorted(SCREENS))
def test_filter(
    snap_compare: Callable[..., bool], make_app: Callable[..., PostilApp], name: str, size: tuple[int, int], theme: str
) -> None:
    assert snap_compare(make_app(theme=theme), terminal_size=size, run_before=after(SCREENS[name]))
