"""Reading what is set, to the end, whatever mistakes there are on the way."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.codebook_words import closest, shown
from annotations.errors import WrongUsageError
from tui.configuration import Configuration, ConfigurationError, is_file_there
from tui.configuration_settings import SETTINGS, Given, WrongValueError, from_variable, type_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from annotations.toml_lines import Path as TomlPath
    from annotations.toml_lines import TomlLines

SIZE_LIMIT = 2**18
"""Bytes that the file may have. All keys changed fill a fiftieth of it."""
KEYS = "keys"
"""The table of the file that changes keys."""

_MANY_DOTS = 16
"""On one line; beyond, the line is looked at before tomllib, which takes hours for a key of thousands."""

# What tomllib says, as its message begins, and what an analyst can do about it.
_SYNTAX = (
    ("Invalid value", "no value that TOML knows: text stands in straight quotes, true and false in small letters"),
    ("Invalid statement", 'neither a setting such as theme = "postil-light" nor the heading [keys]'),
    ("Invalid initial character", "the name of a setting is missing here"),
    ("Expected '=' after a key", "a setting is written as its name, an equals sign and its value, as in width = 88"),
    ("Expected ']", "the bracket of this heading is not closed: it looks like [keys]"),
    ("Expected newline", "something follows the value: each setting has a line of its own"),
    ("Expected", "a text begins here whose closing quote is missing"),
    ("Unterminated string", "a text begins here whose closing quote is missing"),
    ("Illegal character '\\n'", "the closing quote is missing on this line"),
    ("Unescaped", "a backslash in a text is written \\\\, or the text stands in single quotes"),
    ("Unclosed array", "a list begins here whose closing ] is missing, or a comma in it"),
    ("Cannot overwrite", "this setting was given before"),
    ("Cannot declare", "this heading was given before"),
)


class Origin(StrEnum):
    """Who says what a setting is; the first that says something counts."""

    OPTION = "option"
    VARIABLE = "environment variable"
    FILE = "file"
    DEFAULT = "default"


class Value(Struct, frozen=True, kw_only=True):
    """What a setting is.

    Args:
        name: The setting, or a command's id.
        value: What it is.
        origin: Who says so.
        where: The option, the variable, or the file with its line; "" for a default.
        line: The line of the file.
    """

    name: str
    value: Given | tuple[str, ...]
    origin: Origin = Origin.DEFAULT
    where: str = ""
    line: int | None = None


class Settings(Struct, frozen=True, kw_only=True):
    """Everything that is set, and what is wrong with it.

    Args:
        path: The configuration file, which may not be there.
        values: A value for each setting, in their order. One that is wrong is as if it were not given.
        keys: The commands whose keys are changed, in the file's order.
        problems: All mistakes, each with its place.
    """

    path: Path
    values: tuple[Value, ...]
    keys: tuple[Value, ...]
    problems: tuple[str, ...]

    def configuration(self) -> Configuration:
        """Return what is set.

        Raises:
            ConfigurationError: If there are mistakes.
        """
        if self.problems:
            mistakes = "a mistake" if len(self.problems) == 1 else f"{len(self.problems):,} mistakes"
            hint = "“postil config” shows every setting, “postil config --keys” every command."
            raise ConfigurationError(f"The configuration has {mistakes}", self.problems, hint)
        fields: dict[str, object] = {
            setting.field: value.value for setting, value in zip(SETTINGS, self.values, strict=True)
        }
        fields["codebook"] = fields["codebook"] or None
        keys = {value.name: value.value for value in self.keys}
        return Configuration(**fields, keys=keys)  # type: ignore[arg-type]  # by field, as `Setting.read` has made them


def read_settings(
    path: Path, environment: Mapping[str, str], options: Mapping[str, object], *, has_lines: bool = True
) -> Settings:
    """Read everything that is set.

    Args:
        path: The configuration file; it need not be there.
        environment: The environment variables.
        options: What the command line says, by the names of the settings.
        has_lines: Whether to find out on which lines of the file values stand. Mistakes have theirs anyway.
    """
    file = _File(path, has_lines=has_lines)
    problems: list[str] = []
    values = []
    for setting in SETTINGS:
        value = file.value(setting.name)
        if given := environment.get(setting.variable):
            where = f"${setting.variable}"
            try:
                read = from_variable(setting, given)
                value = Value(name=setting.name, value=read, origin=Origin.VARIABLE, where=where)
            except WrongValueError as error:
                problems.append(f"{where}: {error}")
        option = options.get(setting.name)
        if option is not None:
            try:
                read = setting.read(option, None)
            except WrongValueError as error:
                raise WrongUsageError(
                    f"Invalid value for {setting.option}: {error}", "Give it another, or leave it to the configuration."
                ) from None
            value = Value(name=setting.name, value=read, origin=Origin.OPTION, where=setting.option)
        values.append(value or Value(name=setting.name, value=setting.default))
    keys = file.keys(str(values[0].value))
    return Settings(path=path, values=tuple(values), keys=keys, problems=(*problems, *file.problems))


class _File:
    """The configuration file."""

    def __init__(self, path: Path, *, has_lines: bool) -> None:
        self._path = path
        self._has_lines = has_lines
        self._found: list[tuple[int, str]] = []
        self._text = ""
        content = self._parse() if is_file_there(path) else {}
        self._keys = content.pop(KEYS, {})
        self._values = self._read(content)

    @cached_property
    def _lines(self) -> TomlLines:
        from annotations.toml_lines import find_lines  # noqa: PLC0415  # loaded on use

        return find_lines(self._text)

    @property
    def problems(self) -> list[str]:
        """All mistakes, in the order of lines."""
        found = sorted(self._found, key=lambda problem: problem[0])
        return list(dict.fromkeys(f"{self._path}:{line}: {reason}" if line else reason for line, reason in found))

    def _problem(self, path: TomlPath, reason: str) -> None:
        self._found.append((self._lines.of(path), reason))

    def _parse(self) -> dict[str, object]:
        """Return what the file says; nothing where it cannot be read."""
        try:
            with self._path.open("rb") as file:
                raw = file.read(SIZE_LIMIT + 1)
        except OSError as error:
            self._found.append((0, f"{self._path} cannot be read: {error.strerror or error}"))
            return {}
        if len(raw) > SIZE_LIMIT:
            self._found.append((0, f"{self._path} has more than {SIZE_LIMIT:,} bytes: is it the right file?"))
            return {}
        try:
            self._text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            self._found.append((line, "no UTF-8 text: save the file as UTF-8"))
            return {}
        return self._parse_text(self._text)

    def _parse_text(self, text: str) -> dict[str, object]:
        has_many_dots = any(line.count(".") > _MANY_DOTS for line in text.split("\n"))
        is_too_deep = has_many_dots and self._lines.is_too_deep
        try:
            if not is_too_deep:
                return tomllib.loads(text)
        except RecursionError:
            is_too_deep = True
        except ValueError as error:  # also what int() says of thousands of digits, which is no TOMLDecodeError
            import re  # noqa: PLC0415  # loaded on use

            message = str(error)
            place = re.search(r" \(at line (\d+), column \d+\)$", message)
            line = int(place[1]) if place else self._lines.stopped_at
            reason = next((reason for start, reason in _SYNTAX if message.startswith(start)), message)
            self._found.append((line or text.rstrip().count("\n") + 1, reason))
        if is_too_deep:
            self._found.append((self._lines.stopped_at or 1, "brackets or dots are nested too deeply"))
        return {}

    def _read(self, content: Mapping[str, object]) -> dict[str, Value]:
        """Read the settings outside the tables."""
        values = {}
        known = {setting.name: setting for setting in SETTINGS}
        for name, given in content.items():
            setting = known.get(name)
            if setting is None:
                close = closest(name, (*known, KEYS))
                names = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)} and the table [{KEYS}]"
                if "." in name:
                    names = f"a command's keys stand under the heading [{KEYS}]"
                self._problem((name,), f"unknown setting {shown(name)}: {names}")
                continue
            try:
                read = setting.read(given, self._path.parent)
            except WrongValueError as error:
                self._problem((name,), str(error))
                continue
            values[name] = self._value(name, read, (name,))
        return values

    def _value(self, name: str, read: Given | tuple[str, ...], path: TomlPath) -> Value:
        line = self._lines.of(path) if self._has_lines else None
        where = str(self._path) if line is None else f"{self._path}:{line}"
        return Value(name=name, value=read, origin=Origin.FILE, where=where, line=line)

    def value(self, name: str) -> Value | None:
        """Return a setting of the file, or None where it says nothing, or nothing right."""
        return self._values.get(name)

    def keys(self, preset: str) -> tuple[Value, ...]:
        """Return the changes of keys; those that are wrong, or not compatible with the rest, are noted and left out."""
        if not self._keys:
            return ()
        if not isinstance(self._keys, dict):
            self._problem(
                (KEYS,), f'{KEYS} is a table: [{KEYS}], and below it lines such as "post.next" = ["j", "down"]'
            )
            return ()
        from tui.configuration_keys import check_keys  # noqa: PLC0415  # loaded on use

        paths: dict[str, TomlPath] = {}
        changes: dict[str, tuple[str, ...]] = {}
        for path, given in _leaves(self._keys, (KEYS,)):
            name = ".".join(str(step) for step in path[1:])
            sequences = self._sequences(path, name, given)
            if name in paths:
                self._problem(path, f"{name} was given its keys before, on line {self._lines.of(paths[name])}")
            elif sequences is not None:
                paths[name], changes[name] = path, sequences
        wrong = set()
        for name, reason in check_keys(changes, preset):
            wrong.add(name)
            self._problem(paths[name], reason)
        return tuple(self._value(name, keys, paths[name]) for name, keys in changes.items() if name not in wrong)

    def _sequences(self, path: TomlPath, name: str, given: object) -> tuple[str, ...] | None:
        """Return the sequences that a command is given, None where they are none."""
        listed = given if isinstance(given, list) else [given]
        for entry in listed:
            if not isinstance(entry, str):
                reason = f'{name} must be keys in quotes, as in "j", or a list of them, not {type_name(entry)}'
                self._problem(path, reason)
                return None
        return tuple(str(entry) for entry in listed)


def _leaves(table: Mapping[str, object], path: TomlPath) -> Iterator[tuple[TomlPath, object]]:
    """Yield what is no table in a table: `post.next = "j"` without quotes is a table in a table."""
    for name, content in table.items():
        if isinstance(content, dict):
            yield from _leaves(content, (*path, name))
        else:
            yield (*path, name), content
