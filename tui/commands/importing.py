"""`postil import`: sources into the project, each as a whole or not at all."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotations.importing import Imported, SourceImport, count, describe_import
from tui.commands.failures import FAILED
from tui.commands.long_work import LongWork, with_quiet
from tui.commands.naming import named_importer
from tui.commands.options import with_surroundings
from tui.commands.output import say_error, write_json, write_text
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tui.commands.surroundings import Surroundings


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--format", "format_name", metavar="NAME", help="How to read the sources, instead of finding out.")
@click.option("--json", "as_json", is_flag=True, help="Print an object a line for each thread.")
@with_quiet
@with_surroundings
@click.pass_obj
def command(
    here: Surroundings, paths: tuple[Path, ...], format_name: str | None, *, as_json: bool, is_quiet: bool
) -> int:
    """Import sources into the project without opening the reader.

    PATH is a file, or - for standard input. A source that the project has already is left alone; one that has
    changed since is revised, and its labels are put where their words now stand. `postil formats` lists what can be
    read. Ctrl+C stops; what was imported before stays.
    """

    def tell(imported: Imported) -> None:
        if as_json:
            write_json(import_json(imported))
        elif not is_quiet:
            for line in import_lines(imported):
                write_text(line)

    return FAILED if import_sources(here, paths, format_name, tell, is_quiet=is_quiet) else 0


def import_sources(
    here: Surroundings,
    paths: Sequence[Path],
    format_name: str | None,
    tell: Callable[[Imported], None],
    *,
    is_quiet: bool = False,
) -> int:
    """Import sources, say what fails, and show how far it is; return how many failed.

    Args:
        here: The project.
        paths: Files, or `-`.
        format_name: The importer, or None to choose one for each source.
        tell: Is told of each thread.
        is_quiet: Whether to show no progress.

    Raises:
        WrongUsageError: If there is no such importer.
        ProjectError: If the project cannot be written.
        WorkCancelledError: If it is interrupted; it says what was imported before.
    """
    importer = None if format_name is None else named_importer(format_name)
    long = LongWork("Importing", "nothing was imported", is_quiet=is_quiet)
    importing = SourceImport(here.project_path, partial(here.open_project, create=True), paths, importer, long.work)
    with long.under_way():
        for found in importing:
            long.clear()
            if isinstance(found, Imported):
                long.outcome = f"{count(importing.stored, 'thread')} imported before {_stays(importing.stored)}"
                tell(found)
            else:
                say_error(found.error)
    return importing.failures


def _stays(number: int) -> str:
    return "stays" if number == 1 else "stay"


def import_json(imported: Imported) -> dict[str, object]:
    """Return what the import of a thread did, as JSON values."""
    saved, thread = imported.saved, imported.thread
    return {
        "thread": saved.thread.key,
        "title": saved.thread.title,
        "status": saved.status.value,
        "source": imported.source.name,
        "format": thread.format,
        "posts": saved.thread.posts,
        "comments": saved.thread.posts - 1,
        "max_depth": saved.thread.max_depth,
        "characters": imported.characters,
        "uncertain": imported.uncertain,
        "dropped": thread.dropped,
        "warnings": list(thread.warnings),
        "revision": saved.thread.revision,
        "changes": {
            "added": saved.added,
            "changed": saved.changed,
            "removed": saved.removed,
            "kept": saved.kept,
            "moved": saved.moved,
            "edited": saved.edited,
            "lost": saved.detached,
            "on_removed": saved.on_removed,
        },
    }


def import_lines(imported: Imported) -> Iterator[str]:
    """Yield the lines that tell the analyst what the import of a thread did, harmless to a terminal."""
    for number, line in enumerate(describe_import(imported)):
        yield f"{'  ' if number else ''}{one_line(line)}"
