"""`postil [PATH]...`: the reader, opened on a project after importing what is named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from annotations.errors import WrongUsageError
from annotations.store.project import is_project
from tui.commands.failures import FAILED
from tui.commands.opening import prepare, run_reader
from tui.commands.options import with_looks, with_surroundings
from tui.commands.registry import COMMANDS
from tui.commands.source_options import with_reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Unpack

    from annotations.importing import Finished
    from tui.commands.source_options import Reading
    from tui.commands.surroundings import Surroundings


class _Nameless(click.Command):
    """The command that has no name of its own."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how it is called, without a space for the name."""
        formatter.write_usage(ctx.command_path.strip(), " ".join(self.collect_usage_pieces(ctx)))


@click.command(cls=_Nameless)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@with_reading
@with_looks
@with_surroundings
@click.pass_obj
def command(here: Surroundings, paths: tuple[Path, ...], **reading: Unpack[Reading]) -> int:
    """Open the reader on sources, which are imported first, or on one project file.

    A source is a file, a folder, or a zip or tar archive; see `postil import --help`.
    """
    projects, sources = _sort_paths(paths)
    if len(projects) > 1:
        raise WrongUsageError(f"{projects[0]} and {projects[1]} are both projects", "The reader opens one at a time.")
    if projects and here.project is not None and not _is_same(projects[0], here.project):
        raise WrongUsageError(
            f"{projects[0]} is a project, and --project names another one", "The reader opens one at a time."
        )
    if projects:
        here = replace(here, project=projects[0])
    prepare(here)
    if not sources:
        return run_reader(here, None)
    first, failures = _import(here, sources, reading)
    if first is None:
        return FAILED
    return run_reader(here, first) or (FAILED if failures else 0)


def _sort_paths(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return which of the paths are projects, and which are sources.

    Raises:
        WrongUsageError: If one of them does not exist, which may be a misspelt command.
    """
    projects: list[Path] = []
    sources: list[Path] = []
    for path in paths:
        if str(path) == "-":
            raise WrongUsageError(
                "The reader takes its keys from standard input, so that no source can come from there",
                "Import it first: postil import -",
            )
        if not path.exists():
            raise _nothing_there(path)
        (projects if is_project(path) else sources).append(path)
    return projects, sources


def _nothing_there(path: Path) -> WrongUsageError:
    from difflib import get_close_matches  # noqa: PLC0415  # loaded on use

    close = get_close_matches(str(path).lower(), COMMANDS, n=1)
    hint = f"Did you mean {close[0]}?" if close else "“postil --help” lists the commands."
    return WrongUsageError(f"{path}: no such file or command", hint)


def _import(here: Surroundings, sources: Sequence[Path], reading: Reading) -> tuple[str | None, int]:
    """Import the sources; return the key of the first thread, None if there is none, and how many sources failed."""
    from annotations.importing import Imported  # noqa: PLC0415  # loaded on use
    from tui.commands.importing import import_sources, say_lines  # noqa: PLC0415  # loaded on use

    keys: list[str] = []

    def tell(found: Imported | Finished) -> None:
        if isinstance(found, Imported) and not keys:
            keys.append(found.saved.thread.key)
        say_lines(found)

    failures = import_sources(here, sources, tell, **reading)
    return keys[0] if keys else None, failures


def _is_same(path: Path, other: Path) -> bool:
    return path.resolve() == other.resolve()
