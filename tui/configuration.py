"""What the analyst has set, and where the file is in which it stands.

This module is on the way to the first frame.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from annotations.errors import WrongUsageError
from tui.theme_names import DARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tui.keymap import Command, Keymap

PATH_VARIABLE = "POSTIL_CONFIG"
PROJECT_VARIABLE = "POSTIL_PROJECT"
ANNOTATOR_VARIABLE = "POSTIL_ANNOTATOR"
DEFAULT_PROJECT = Path("postil.db")
DEFAULT_WIDTH = 88
LAYOUTS = ("auto", "side", "stacked", "one")
DEFAULT_IDLE = 60
IDLES = (5, 3600)
"""The shortest and the longest that somebody may be still and count as present, in seconds."""
WIDTHS = (40, 160)
"""The narrowest and the widest that lines of text may be, in columns."""


class ConfigurationError(WrongUsageError):
    """The configuration has mistakes; `problems` holds all of them, each with its place."""

    def __init__(self, message: str, problems: tuple[str, ...] = (), hint: str = "") -> None:
        super().__init__(message, hint)
        self.problems = problems


class Configuration(Struct, frozen=True, kw_only=True):
    """How Postil behaves for this analyst.

    Args:
        keymap: The preset of keys.
        keys: The sequences of single commands, by id; none take the keys off.
        theme: The theme's name.
        width: The widest that a line of text may be, in columns.
        layout: How the panes stand: by the terminal's width, side by side, stacked, or one at a time.
        is_plain: Whether to draw for a screen reader: one column, words instead of signs.
        advances: Whether a label goes on to the next post of the queue.
        idle: Seconds without a key or the mouse that do not count as time spent on a post.
        annotator: Who labels; "" for the login name.
        project: The project file.
        codebook: The codebook that a new project begins with; None for the built-in one.
    """

    keymap: str = "vim"
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    theme: str = DARK
    width: int = DEFAULT_WIDTH
    layout: str = LAYOUTS[0]
    is_plain: bool = False
    advances: bool = True
    idle: int = DEFAULT_IDLE
    annotator: str = ""
    project: Path = DEFAULT_PROJECT
    codebook: Path | None = None


def configuration_path(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return where the configuration file is, or would be.

    Sources: XDG Base Directory Specification 0.8 (a relative `$XDG_CONFIG_HOME` does not count); Apple's File System
    Programming Guide; Microsoft's Known Folders.
    """
    if named := environment.get(PATH_VARIABLE):
        return Path(named)
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  # where there is no home, "~" itself instead of an error
    if platform == "win32":
        folder = Path(environment.get("APPDATA") or home / "AppData" / "Roaming")
    elif platform == "darwin":
        folder = home / "Library" / "Application Support"
    else:
        folder = Path(environment.get("XDG_CONFIG_HOME") or "")
        folder = folder if folder.is_absolute() else home / ".config"
    return folder / "postil" / "config.toml"


def is_file_there(path: Path) -> bool:
    """Tell whether there is a configuration file, or something else in its place."""
    return os.path.lexists(path)  # unlike Path.exists, it does not fail where the folder is closed to us


def keymap_for(commands: Iterable[Command], configuration: Configuration) -> Keymap:
    """Return the keys of a screen's commands: those of the preset, changed as the analyst wishes.

    Args:
        commands: The commands of the screen.
        configuration: Whose preset and keys count; changes of other screens' commands do not matter.
    """
    from tui.keymap import PRESETS, Keymap  # noqa: PLC0415  # commands that only need a path need no keys

    commands = tuple(commands)
    known = {command.id for command in commands}
    changes = {**PRESETS[configuration.keymap], **configuration.keys}
    return Keymap(commands, {name: keys for name, keys in changes.items() if name in known})
