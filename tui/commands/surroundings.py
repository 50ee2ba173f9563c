"""Which project a command works on, and who is at work.

Options say so, else the environment, else the configuration file, else where and who we are.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.model import Annotator
    from annotations.store.project import Project
    from annotations.work import Work
    from tui.configuration import Configuration

PROJECT_VARIABLE = "POSTIL_PROJECT"
ANNOTATOR_VARIABLE = "POSTIL_ANNOTATOR"
DEFAULT_ANNOTATOR = "annotator"


class Surroundings(Struct, frozen=True, dict=True):
    """What holds for every command.

    Args:
        project: The value of `--project`, if it was given.
        annotator: The value of `--annotator`, if it was given.
        theme: The value of `--theme`, if it was given.
        is_plain: The value of `--plain`, if it was given.
        command_line: The program's name and the words behind it, as they were typed; none where they are not known.
    """

    project: Path | None = None
    annotator: str | None = None
    theme: str | None = None
    is_plain: bool | None = None
    command_line: tuple[str, ...] = ()

    @property
    def options(self) -> dict[str, object]:
        """What the command line says, by the names of settings."""
        given = {"theme": self.theme, "plain": self.is_plain, "annotator": self.annotator, "project": self.project}
        return {name: value for name, value in given.items() if value is not None}

    @cached_property
    def configuration(self) -> Configuration:
        """What the analyst has set. It is not read where options and variables say all that a command asks for.

        Raises:
            ConfigurationError: If it has mistakes.
        """
        from tui.configuration_loading import load_configuration  # noqa: PLC0415  # loaded on use

        return load_configuration(self.options)

    @property
    def project_path(self) -> Path:
        """The project file: the option, else `$POSTIL_PROJECT`, else the configuration's, else `postil.db` here."""
        if self.project is not None:
            return self.project
        named = os.environ.get(PROJECT_VARIABLE)
        return Path(named).expanduser() if named else self.configuration.project

    @property
    def annotator_name(self) -> str:
        """The annotator: the option, else `$POSTIL_ANNOTATOR`, else the configuration's, else the login name."""
        return self.annotator or os.environ.get(ANNOTATOR_VARIABLE) or self.configuration.annotator or login_name()

    def open_project(self, *, create: bool = False, begins_with_codebook: bool = True) -> Project:
        """Open the project.

        Args:
            create: Whether to make it if it is not there.
            begins_with_codebook: Whether one that is made gets the codebook that the configuration names.

        Raises:
            ProjectError: If it is missing (and not to be made), or cannot be opened.
            CodebookError: If it is to be made, and the codebook that it should begin with has mistakes.
        """
        from annotations.store.project import Project  # noqa: PLC0415  # loaded on use: `--help` opens none

        path = self.project_path
        codebook = None
        if create and begins_with_codebook and not path.exists() and self.configuration.codebook is not None:
            from annotations.store.codebooks import apply_codebook  # noqa: PLC0415  # loaded on use
            from tui.commands.codebook_file import read_codebook_file  # noqa: PLC0415  # loaded on use

            codebook = read_codebook_file(self.configuration.codebook)
        project = Project.open(path, create=create, upgrading=upgrading)
        if codebook is not None:
            apply_codebook(project, codebook)
        return project

    def chosen_annotator(self, project: Project) -> Annotator | None:
        """Return the annotator to whom a command that only looks is narrowed; None without `--annotator`.

        Raises:
            UnknownNameError: If nobody of that name has worked on the project.
        """
        return None if self.annotator is None else known_annotator(project, self.annotator)


@contextmanager
def upgrading(work: Work) -> Iterator[None]:
    """Say on a terminal's standard error how far an old project is brought up to date, if that takes longer than a moment."""
    from tui.commands.progress_line import ProgressLine  # noqa: PLC0415  # seldom used

    line = ProgressLine("Bringing the project up to date", work)
    line.start()
    try:
        yield
    finally:
        line.stop()


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


def login_name() -> str:
    """Return what the system calls who is at work."""
    import getpass  # noqa: PLC0415  # loaded on use

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user in this container, or no user database at all
        return DEFAULT_ANNOTATOR
