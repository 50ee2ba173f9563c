"""Which project a command works on, and who is at work: options, else the environment, else where and who we are."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotations.model import Annotator
    from annotations.store.project import Project

PROJECT_VARIABLE = "POSTIL_PROJECT"
ANNOTATOR_VARIABLE = "POSTIL_ANNOTATOR"
DEFAULT_PROJECT = Path("postil.db")
DEFAULT_ANNOTATOR = "annotator"

_Decorated = TypeVar("_Decorated", bound="Callable[..., Any] | click.Command")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What holds for every command.

    Args:
        project: The value of `--project`, if it was given.
        annotator: The value of `--annotator`, if it was given.
    """

    project: Path | None = None
    annotator: str | None = None

    @property
    def project_path(self) -> Path:
        """The project file: the option, else `$POSTIL_PROJECT`, else `postil.db` in this folder."""
        return self.project or Path(os.environ.get(PROJECT_VARIABLE) or DEFAULT_PROJECT)

    @property
    def annotator_name(self) -> str:
        """The annotator: the option, else `$POSTIL_ANNOTATOR`, else the login name."""
        return self.annotator or os.environ.get(ANNOTATOR_VARIABLE) or _login_name()

    def open_project(self, *, create: bool = False) -> Project:
        """Open the project.

        Raises:
            ProjectError: If it is missing (and not to be made), or cannot be opened.
        """
        from annotations.store.project import Project  # noqa: PLC0415  # loaded on use: `--help` opens none

        return Project.open(self.project_path, create=create)

    def chosen_annotator(self, project: Project) -> Annotator | None:
        """Return the annotator to whom a command that only looks is narrowed; None without `--annotator`.

        Raises:
            UnknownNameError: If nobody of that name has worked on the project.
        """
        return None if self.annotator is None else known_annotator(project, self.annotator)


def known_annotator(project: Project, name: str) -> Annotator:
    """Return the annotator of that name, who is not made if there is none.

    Raises:
        UnknownNameError: If nobody of that name has worked on the project; the hint says who has.
    """
    from annotations.errors import UnknownNameError  # noqa: PLC0415  # loaded on use

    annotators = {annotator.name: annotator for annotator in project.annotators()}
    found = annotators.get(" ".join(name.split()))
    if found is None:
        hint = f"These have: {', '.join(annotators)}." if annotators else "Nobody has yet."
        raise UnknownNameError(f"Nobody named {name} has worked on {project.path}", hint)
    return found


def with_surroundings(command: _Decorated) -> _Decorated:
    """Add `--project` and `--annotator`, which may stand before and behind a command's name; the last one counts."""
    for option in (_ANNOTATOR, _PROJECT):
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


def _surroundings(context: click.Context) -> Surroundings:
    """Return what the options before this one have said."""
    return context.obj if isinstance(context.obj, Surroundings) else Surroundings()


_PROJECT = click.option(
    "--project",
    metavar="FILE",
    type=click.Path(path_type=Path),
    expose_value=False,
    callback=_keep_project,
    help="The project file. [$POSTIL_PROJECT, else postil.db]",
)
_ANNOTATOR = click.option(
    "--annotator",
    metavar="NAME",
    expose_value=False,
    callback=_keep_annotator,
    help="Who is at work. [$POSTIL_ANNOTATOR, else the login name]",
)


def _login_name() -> str:
    import getpass  # noqa: PLC0415  # loaded on use

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user in this container, or no user database at all
        return DEFAULT_ANNOTATOR
