"""The options that hold for every command, or for all that open the reader."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from msgspec.structs import replace

from tui.commands.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable

_Decorated = TypeVar("_Decorated", bound="Callable[..., Any] | click.Command")


def with_surroundings(command: _Decorated) -> _Decorated:
    """Add `--project` and `--annotator`, which may stand before and behind a command's name; the last one counts."""
    for option in (_ANNOTATOR, _PROJECT):
        command = option(command)
    return command


def with_looks(command: _Decorated) -> _Decorated:
    """Add `--theme` and `--plain`, which say how the reader looks."""
    for option in (_PLAIN, _THEME):
        command = option(command)
    return command


def _keep_project(context: click.Context, option: click.Parameter, value: Path | None) -> None:
    here = _surroundings(context)
    if value == Path():
        raise click.BadParameter("it is empty.", context, option)
    context.obj = here if value is None else replace(here, project=value)


def _keep_annotator(context: click.Context, option: click.Parameter, value: str | None) -> None:
    here = _surroundings(context)
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty.", context, option)
    context.obj = here if value is None else replace(here, annotator=value)


def _keep_theme(context: click.Context, option: click.Parameter, value: str | None) -> None:
    here = _surroundings(context)
    if value is not None:
        from tui.theme_names import THEMES  # noqa: PLC0415  # loaded on use

        if value not in THEMES:
            raise click.BadParameter(f"there is no {value!r}: it is one of {', '.join(THEMES)}.", context, option)
    context.obj = here if value is None else replace(here, theme=value)


def _keep_plain(context: click.Context, option: click.Parameter, value: bool | None) -> None:  # noqa: FBT001  # click calls it
    del option
    here = _surroundings(context)
    context.obj = here if value is None else replace(here, is_plain=value)


def _surroundings(context: click.Context) -> Surroundings:
    """Return what the options before this one have said."""
    return context.obj if isinstance(context.obj, Surroundings) else Surroundings()


_PROJECT = click.option(
    "--project",
    metavar="FILE",
    type=click.Path(path_type=Path),
    expose_value=False,
    callback=_keep_project,
    help="The project file. [$POSTIL_PROJECT, else as configured, else postil.db]",
)
_ANNOTATOR = click.option(
    "--annotator",
    metavar="NAME",
    expose_value=False,
    callback=_keep_annotator,
    help="Who is at work. [$POSTIL_ANNOTATOR, else as configured, else the login name]",
)


_THEME = click.option(
    "--theme",
    metavar="NAME",
    expose_value=False,
    callback=_keep_theme,
    help="The colours, such as postil-light. [$POSTIL_THEME, else as configured, else postil-dark]",
)
_PLAIN = click.option(
    "--plain/--no-plain",
    default=None,
    expose_value=False,
    callback=_keep_plain,
    help="For screen readers: one column, words instead of signs and lines. [$POSTIL_PLAIN, else as configured]",
)
