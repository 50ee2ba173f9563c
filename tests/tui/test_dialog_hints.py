"""The hints of dialogs: they name the keys that work, whatever the configuration has made of them."""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Static

from tui.configuration import Configuration
from tui.keymap import show_keys
from tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.conftest import FixedApp


def dialogs() -> list[type[Dialog[object]]]:
    """Return every dialog that has a hint."""
    found = set()
    for module in iter_modules(import_module("tui.screens").__path__, "tui.screens."):
        classes = [each for each in vars(import_module(module.name)).values() if isinstance(each, type)]
        found |= {each for each in classes if issubclass(each, Dialog) and each.HINT}
    return sorted(found, key=lambda dialog: dialog.__name__)


@pytest.mark.parametrize("dialog", dialogs(), ids=lambda dialog: dialog.__name__)
def test_a_hint_names_bindings_and_not_their_keys(dialog: type[Dialog[object]]) -> None:
    bindings = dialog.named_bindings()
    named = set(re.findall(r"{([^}]*)}", dialog.HINT))
    assert named
    assert named <= bindings.keys()
    words = re.sub(r"{[^}]*}", "", dialog.HINT).split()
    others = {show_keys(key) for binding in bindings.values() for key in binding.key.split(",")} - {"Enter", "n"}
    assert not others.intersection(words), "these keys can be others"


async def test_a_hint_shows_the_keys_that_are_configured(make_app: Callable[..., FixedApp]) -> None:
    keys = {"picker.back": ("f2",), "picker.next": ("ctrl+j", "down"), "queues.back": ("z",), "paper.page_down": ("v",)}
    async with make_app(configuration=Configuration(keys=keys)).run_test(size=(120, 40)) as pilot:
        hints = []
        for opening, closing in (("t", "f2"), ("g q", "z"), ("?", "q")):
            await pilot.press(*opening.replace("?", "question_mark").split())
            hints.append(str(pilot.app.screen.query_one(".hint", Static).render()))
            await pilot.press(closing)
        assert hints[0] == "Enter puts it   Up ^j choose   F2 back"
        assert hints[1].endswith("z back")
        assert "v page" in hints[2]
