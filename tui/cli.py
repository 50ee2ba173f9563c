"""The program `postil`: straight to the reader where there is little to understand, else to the command line."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tui.kept_modules import KeptModules, cache_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.commands.surroundings import Surroundings

COMPLETION = "_POSTIL_COMPLETE"
"""The variable by which a shell asks how to go on with a command line."""


def main() -> None:
    """Run the program `postil`."""
    if _given(sys.argv[1:]) is None:
        from tui.command_line import cli  # noqa: PLC0415  # loaded on use: it takes a tenth of the time to start

        cli.main()
        return
    KeptModules(cache_file()).begin()
    here = plain_words(sys.argv[1:])
    assert here is not None  # noqa: S101  # as was seen
    from tui.commands.failures import run_to_end  # noqa: PLC0415  # `--help` loads other modules
    from tui.commands.opening import open_project  # noqa: PLC0415  # the same

    run_to_end(lambda: open_project(here))


def plain_words(arguments: Sequence[str]) -> Surroundings | None:
    """Return what arguments say that do no more than name the project and the annotator; None if they may say more.

    Args:
        arguments: The words behind the program's name: `--project FILE`, `--annotator NAME`, or none.
    """
    given = _given(arguments)
    if given is None:
        return None
    from tui.commands.surroundings import Surroundings  # noqa: PLC0415  # loaded on use

    project = given.get("--project")
    return Surroundings(project=Path(project) if project else None, annotator=given.get("--annotator"))


def _given(arguments: Sequence[str]) -> dict[str, str] | None:
    if COMPLETION in os.environ:
        return None
    given = dict(zip(arguments[::2], arguments[1::2], strict=False))
    if len(given) * 2 != len(arguments) or not given.keys() <= {"--project", "--annotator"}:
        return None
    return None if any(not value.strip() or value.startswith("-") for value in given.values()) else given


if __name__ == "__main__":
    main()
