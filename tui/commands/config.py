"""`postil config`: what is set, and where it comes from."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotations.errors import PostilError
from tui.commands.failures import FAILED
from tui.commands.options import with_looks, with_surroundings
from tui.commands.output import count, say, say_failure, write_json, write_json_array, write_text
from tui.commands.surroundings import Surroundings, login_name
from tui.commands.table import write_table
from tui.configuration import Configuration, configuration_path, is_file_there, keymap_for
from tui.configuration_reading import Origin, Settings, Value, read_settings
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_BUILT_IN = "(built in)"
_CLASS_NAME = re.compile(r"(?<=[a-z])(?=[A-Z])")


@click.command("config")
@click.option("--json", "as_json", is_flag=True, help="Print one object; with --keys, one array.")
@click.option("--path", "asked", flag_value="path", help="Print where the configuration file is, or would be.")
@click.option("--init", "asked", flag_value="init", help="Write a file that explains every setting.")
@click.option("--keys", "asked", flag_value="keys", help="List every command with its name and its keys.")
@with_looks
@with_surroundings
@click.pass_obj
def command(here: Surroundings, asked: str | None, *, as_json: bool) -> int:
    """Show every setting, its value, and where that comes from.

    What the command line says is stronger than an environment variable, which is stronger than the configuration
    file. Mistakes are listed with their places, and the exit code is 1 if there is any.
    """
    path = configuration_path(os.environ)
    if asked == "path":
        write_text(str(path))
        return 0
    if asked == "init":
        _write_file(path)
        return 0
    settings = read_settings(path, os.environ, here.options)
    if asked == "keys":
        _list_keys(settings, as_json=as_json)
    elif as_json:
        write_json(_settings_json(settings))
    else:
        _show(settings)
    if settings.problems:
        say_failure(f"The configuration has {count(len(settings.problems), 'mistake')}", problems=settings.problems)
    return FAILED if settings.problems else 0


def _write_file(path: Path) -> None:
    from tui.configuration_writing import write_file  # noqa: PLC0415  # loaded on use

    try:
        write_file(path)
    except FileExistsError as error:
        raise PostilError(f"{path} exists", "Change it with an editor; “postil config” shows what it says.") from error
    say(f"Wrote {one_line(str(path))}. All of it is commented out: take the # away from what you change.")


def _show(settings: Settings) -> None:
    there = "" if is_file_there(settings.path) else ", which is not there: “postil config --init” writes it"
    say(f"The file is {one_line(str(settings.path))}{there}")
    rows = [(value.name, _shown(value), _source(value)) for value in settings.values]
    rows += [(f"keys {value.name}", _shown(value), _source(value)) for value in settings.keys]
    write_table(("setting", "value", "from"), rows)


def _shown(value: Value) -> str:
    match value.value:
        case bool(flag):
            return "true" if flag else "false"
        case tuple(keys):
            return "  ".join(keys) if keys else "(none)"
        case "" if value.name == "annotator":
            return login_name()
        case "" if value.name == "codebook":
            return _BUILT_IN
        case other:
            return str(other)


def _source(value: Value) -> str:
    if value.origin is Origin.DEFAULT:
        return "login name" if value.name == "annotator" else "default"
    return value.where


def _settings_json(settings: Settings) -> dict[str, object]:
    return {
        "path": str(settings.path),
        "exists": is_file_there(settings.path),
        "settings": [_value_json(value) for value in settings.values],
        "keys": [_value_json(value) for value in settings.keys],
        "problems": list(settings.problems),
    }


def _value_json(value: Value) -> dict[str, object]:
    given = value.value
    if value.name == "annotator" and not given:
        given = login_name()
    elif value.name == "codebook" and not given:
        return {"name": value.name, "value": None, "origin": value.origin, "where": value.where, "line": value.line}
    shown = str(given) if isinstance(given, Path) else list(given) if isinstance(given, tuple) else given
    return {"name": value.name, "value": shown, "origin": value.origin, "where": value.where, "line": value.line}


def _list_keys(settings: Settings, *, as_json: bool) -> None:
    rows = list(_commands(settings))
    if as_json:
        names = ("command", "keys", "where", "does")
        write_json_array(
            dict(zip(names, (name, list(keys), where, does), strict=True)) for name, keys, where, does in rows
        )
    else:
        write_table(
            ("command", "keys", "where", "does"),
            [(name, "  ".join(keys), where, does) for name, keys, where, does in rows],
        )


def _commands(settings: Settings) -> Iterator[tuple[str, tuple[str, ...], str, str]]:
    """Yield every command with its keys as they are now: name, keys, where it works, what it does."""
    from tui.command_tables import APP_COMMANDS, command_tables, dialog_commands  # noqa: PLC0415  # loaded on use

    changes = {value.name: value.value for value in settings.keys if isinstance(value.value, tuple)}
    configuration = Configuration(keymap=str(settings.values[0].value), keys=changes)
    for screen, commands in command_tables().items():
        keymap = keymap_for(commands, configuration)
        contexts = {context for command in commands for context in command.contexts}
        for found in commands:
            where = screen if found.contexts == contexts else ", ".join(sorted(found.contexts))
            yield found.id, keymap.keys[found.id], where, found.description
    for bound in APP_COMMANDS:
        yield bound.id, changes.get(bound.id, bound.keys), "everywhere", bound.description
    for bound in dialog_commands():
        where = _CLASS_NAME.sub(" ", bound.owner).lower()
        yield bound.id, changes.get(bound.id, bound.keys), where, bound.description
