"""Which settings there are: how each is written in the file and in the environment, and what it may be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.codebook_words import closest, shown
from tui.configuration import (
    ANNOTATOR_VARIABLE,
    DEFAULT_IDLE,
    DEFAULT_PROJECT,
    DEFAULT_WIDTH,
    IDLES,
    LAYOUTS,
    PROJECT_VARIABLE,
    WIDTHS,
)
from tui.keymap import PRESETS
from tui.theme_names import DARK, THEMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Given = str | int | bool | Path
"""What a setting is given as, and is read to."""

_YES, _NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


class WrongValueError(Exception):
    """What was given is nothing that the setting may be; the message is the reason."""


class Setting(Struct, frozen=True, kw_only=True):
    """One setting.

    Args:
        name: What the file calls it.
        field: The field of `Configuration` that it fills.
        variable: The environment variable that names it.
        option: The option of the command line that names it, or "".
        default: What holds where nobody says anything.
        read: Returns the value of what was given, or raises WrongValueError with what is wrong. The second argument is the
            folder from which relative paths count, None for the present one.
        words: What it is for, as a comment of the file.
        example: How it stands in the file, as TOML, where the default cannot be written.
    """

    name: str
    field: str
    variable: str
    default: Given
    read: Callable[[object, Path | None], Given]
    words: str
    option: str = ""
    example: str = ""


def one_of(name: str, known: Iterable[str]) -> Callable[[object, Path | None], str]:
    """Return a reader of one of the words that are known."""
    words = tuple(known)

    def read(given: object, folder: Path | None) -> str:
        del folder
        if not isinstance(given, str):
            raise WrongValueError(f'{name} must be text in quotes, as in {name} = "{words[0]}", not {type_name(given)}')
        if given not in words:
            close = closest(given, words)
            meant = f"did you mean {close[0]}? It is one of" if close else "it is one of"
            raise WrongValueError(f"there is no {name} {shown(given)}: {meant} {', '.join(words)}")
        return given

    return read


def _number(name: str, limits: tuple[int, int], unit: str) -> Callable[[object, Path | None], int]:
    """Return a reader of a whole number within limits."""

    def read(given: object, folder: Path | None) -> int:
        del folder
        if isinstance(given, str):
            raise WrongValueError(f"{name} must be a whole number, without quotes")
        if not isinstance(given, int) or isinstance(given, bool):
            raise WrongValueError(f"{name} must be a whole number, without quotes, not {type_name(given)}")
        if not limits[0] <= given <= limits[1]:
            raise WrongValueError(f"{name} must lie between {limits[0]} and {limits[1]} {unit}")
        return given

    return read


def _number_in_text(name: str, given: str) -> int:
    """Return the number that a text says; one of too many digits is too large for anything."""
    if not (given.strip().isdecimal() and given.isascii()):
        raise WrongValueError(f"{name} must be a whole number, without quotes, not {type_name(given)}")
    return int(given) if len(given) < 10 else 10**10  # noqa: PLR2004  # digits enough to be too many


def _flag(name: str) -> Callable[[object, Path | None], bool]:
    def read(given: object, folder: Path | None) -> bool:
        del folder
        if not isinstance(given, bool):
            raise WrongValueError(f"{name} must be true or false, without quotes, not {type_name(given)}")
        return given

    return read


def _name(given: object, folder: Path | None) -> str:
    del folder
    if not isinstance(given, str):
        raise WrongValueError(f'annotator must be text in quotes, as in annotator = "ann", not {type_name(given)}')
    name = " ".join(given.split())
    if not name or any(ord(sign) < ord(" ") or "\x7f" <= sign <= "\x9f" for sign in name):  # as a project takes them
        raise WrongValueError("annotator must be a name, on one line")
    return name


def _path(name: str, *, is_relative_to_file: bool) -> Callable[[object, Path | None], Path]:
    def read(given: object, folder: Path | None) -> Path:
        if isinstance(given, Path):
            return given
        if not isinstance(given, str):
            raise WrongValueError(f"{name} must be the path of a file, in quotes, not {type_name(given)}")
        if not given.strip() or "\0" in given:
            raise WrongValueError(f"{name} must be the path of a file; without this line the default holds")
        try:
            path = Path(given).expanduser()
        except RuntimeError:
            raise WrongValueError(f"{name} {shown(given)} names a home folder that is not there") from None
        return folder / path if folder is not None and is_relative_to_file else path

    return read


SETTINGS = (
    Setting(
        name="keymap",
        field="keymap",
        variable="POSTIL_KEYMAP",
        default="vim",
        read=one_of("keymap", PRESETS),
        words=f"The preset of keys: {', '.join(PRESETS)}.",
    ),
    Setting(
        name="theme",
        field="theme",
        variable="POSTIL_THEME",
        option="--theme",
        default=DARK,
        read=one_of("theme", THEMES),
        words="The colours:\n" + "\n".join(f"  {name}: {words}" for name, words in THEMES.items()),
    ),
    Setting(
        name="width",
        field="width",
        variable="POSTIL_WIDTH",
        default=DEFAULT_WIDTH,
        read=_number("width", WIDTHS, "columns"),
        words=f"The widest that lines of text may be, in columns, from {WIDTHS[0]} to {WIDTHS[1]}.",
    ),
    Setting(
        name="layout",
        field="layout",
        variable="POSTIL_LAYOUT",
        default=LAYOUTS[0],
        read=one_of("layout", LAYOUTS),
        words="Article and thread: side (by side), stacked, one (at a time), or auto: by the terminal's width.",
    ),
    Setting(
        name="plain",
        field="is_plain",
        variable="POSTIL_PLAIN",
        option="--plain",
        default=False,
        read=_flag("plain"),
        words="For screen readers: one column, words instead of signs and lines, nothing that only colour tells.",
    ),
    Setting(
        name="advance",
        field="advances",
        variable="POSTIL_ADVANCE",
        default=True,
        read=_flag("advance"),
        words="Whether a label on a comment goes on to the next comment of the queue.",
    ),
    Setting(
        name="idle",
        field="idle",
        variable="POSTIL_IDLE",
        default=DEFAULT_IDLE,
        read=_number("idle", IDLES, "seconds"),
        words="Seconds without a key or the mouse that count as idle, and not as time spent on a post, "
        f"from {IDLES[0]} to {IDLES[1]}.",
    ),
    Setting(
        name="annotator",
        field="annotator",
        variable=ANNOTATOR_VARIABLE,
        option="--annotator",
        default="",
        read=_name,
        words="Who labels. Without it, the login name.",
        example='"ann"',
    ),
    Setting(
        name="project",
        field="project",
        variable=PROJECT_VARIABLE,
        option="--project",
        default=DEFAULT_PROJECT,
        read=_path("project", is_relative_to_file=False),
        words="The project file. One without a folder is looked for in the folder where you are.",
    ),
    Setting(
        name="codebook",
        field="codebook",
        variable="POSTIL_CODEBOOK",
        default="",
        read=_path("codebook", is_relative_to_file=True),
        words="The codebook that a new project begins with; a relative path counts from this file's folder.\n"
        "Without it, the built-in one, which “postil codebook init” writes down.",
        example='"codebook.toml"',
    ),
)
"""All settings but the keys, in the order in which they are shown."""


def from_variable(setting: Setting, given: str) -> Given:
    """Return the value of an environment variable, which is always text.

    Raises:
        WrongValueError: If it is none that the setting may have; with the reason.
    """
    if isinstance(setting.default, bool):
        word = given.strip().lower()
        if word not in (*_YES, *_NO):
            raise WrongValueError(f"{setting.name} must be 1 or 0, not {shown(given)}")
        return word in _YES
    if isinstance(setting.default, int):
        return setting.read(_number_in_text(setting.name, given), None)
    return setting.read(given, None)


_TYPES = ((bool, "true or false"), (str, "text"), ((int, float), "a number"), (list, "a list"), (dict, "a table"))


def type_name(given: object) -> str:
    """Return what kind of TOML value this is, for a message."""
    return next((name for kind, name in _TYPES if isinstance(given, kind)), "a date or time")
