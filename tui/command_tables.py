"""Every command of every screen: the tables of those that read sequences of keys, and the bindings of dialogs."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.dom import DOMNode

    from tui.keymap import Command

TABLES = {
    "reader": ("tui.keymap", "COMMANDS"),
    "library": ("tui.screens.library_keys", "COMMANDS"),
    "detached": ("tui.screens.detached_keys", "COMMANDS"),
    "search": ("tui.screens.library_keys", "SEARCH_COMMANDS"),
    "history": ("tui.screens.history_keys", "COMMANDS"),
    "dashboard": ("tui.screens.dashboard_keys", "COMMANDS"),
}
"""By screen: the module and the name of its table of commands. To load one needs no Textual."""
SCREENS = "tui.screens"
"""The package in which dialogs are looked for."""


class Bound(Struct, frozen=True, kw_only=True):
    """A command of a dialog, or of the app, which Textual starts at one key.

    Args:
        id: Its stable name.
        keys: Its keys, as the configuration writes them.
        description: What it does.
        owner: The class of the screen that it belongs to.
        gives_way: Whether a screen that has a command for its key takes it: no clash.
    """

    id: str
    keys: tuple[str, ...]
    description: str
    owner: str
    gives_way: bool = False


APP_COMMANDS = (
    Bound(id="app.quit", keys=("ctrl+q",), description="Quit", owner="PostilApp"),
    Bound(
        id="app.suspend", keys=("ctrl+z",), description="To the shell, for a while", owner="PostilApp", gives_way=True
    ),
    Bound(id="app.palette", keys=("ctrl+p",), description="Command palette", owner="PostilApp"),
)
"""The commands of the app, as its bindings say: no screen sees their keys."""


def command_tables() -> dict[str, tuple[Command, ...]]:
    """Return the table of each screen that reads sequences of keys, by screen."""
    return {screen: tuple(getattr(import_module(module), name)) for screen, (module, name) in TABLES.items()}


def dialog_commands() -> list[Bound]:
    """Return the commands of all dialogs, in the order of their screens' names.

    This loads every screen, and with them Textual: half a second.
    """
    names = sorted(f"{SCREENS}.{module.name}" for module in iter_modules(import_module(SCREENS).__path__))
    return [bound for name in names for owner in _owners(name) for bound in _bound(owner)]


def _owners(module: str) -> Iterator[type[DOMNode]]:
    """Yield the classes that a module defines and that have bindings of their own."""
    for found in vars(import_module(module)).values():
        if isinstance(found, type) and found.__module__ == module and "BINDINGS" in vars(found):
            yield found


def _bound(owner: type[DOMNode]) -> Iterator[Bound]:
    from textual.binding import Binding  # noqa: PLC0415  # loaded on use

    for binding in vars(owner)["BINDINGS"]:
        if isinstance(binding, Binding) and binding.id:
            keys = tuple(_written(key.strip()) for key in binding.key.split(","))
            yield Bound(id=binding.id, keys=keys, description=binding.description, owner=owner.__name__)


def _written(key: str) -> str:
    """Return how the configuration writes a key that a binding names."""
    from textual.keys import key_to_character  # noqa: PLC0415  # loaded on use

    character = key_to_character(key)
    return character if character and character.isprintable() and character != " " else key
