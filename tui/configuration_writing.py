"""The configuration file to begin with: every setting and every command's keys, explained and commented out."""

from __future__ import annotations

import json
from textwrap import wrap
from typing import TYPE_CHECKING

from tui.command_tables import APP_COMMANDS, command_tables
from tui.configuration_settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.configuration_settings import Setting

_WIDTH = 100
_HEAD = """\
# The configuration of Postil. What stands here is what holds without it: to change a line, take its # away.
# The command line and the environment variables named here are stronger. “postil config” shows what holds, and why.
"""
_KEYS = """\
# The keys of single commands, by the commands' names: one sequence, or a list of them; [] takes the keys away.
# A key is a character, or a name: up, down, left, right, home, end, pageup, pagedown, enter, escape, tab, space,
# backspace, delete, insert, f1 to f12; with ctrl+, alt+ or shift+ before it. One space stands between two keys.
# <char> is any character, <digit> is 1 to 9. The keys of labels cannot be given away: 1 to 9, c and some capitals.
# Dialogs have commands too: “postil config --keys” lists all.
[keys]
"""


def write_file(path: Path) -> None:
    """Write the file to begin with.

    Raises:
        FileExistsError: If there is one.
        OSError: If it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(file_to_begin_with())


def file_to_begin_with() -> str:
    """Return the text of a file in which all settings stand, commented out, with their defaults."""
    parts = [_HEAD, *("\n".join(_setting(setting)) + "\n" for setting in SETTINGS)]
    return "\n".join(parts) + "\n" + _KEYS + "\n".join(_commands()) + "\n"


def _setting(setting: Setting) -> Iterator[str]:
    for line in setting.words.split("\n"):
        yield from wrap(line, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)
    yield f"# [{', '.join(filter(None, (setting.option, f'${setting.variable}')))}]"
    default = setting.default if isinstance(setting.default, bool | int) else str(setting.default)
    yield f"# {setting.name} = {setting.example or json.dumps(default)}"


def _commands() -> Iterator[str]:
    for commands in command_tables().values():
        group = ""
        for command in commands:
            if command.group != group:
                group = command.group
                yield f"\n# {group}"
            yield _line(command.id, command.keys, command.description)
    yield "\n# Everywhere"
    for bound in APP_COMMANDS:
        yield _line(bound.id, bound.keys, bound.description)


def _line(name: str, keys: tuple[str, ...], description: str) -> str:
    """Return a line of the table of keys. JSON writes texts and lists as TOML does."""
    return f'# "{name}" = {json.dumps(list(keys), ensure_ascii=False)}  # {description}'
