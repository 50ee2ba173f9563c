"""`postil import`: sources into the project, each thread as a whole or not at all."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import to_builtins

from annotations.errors import WrongUsageError
from annotations.importing import Finished, Imported, Refused, SourceImport, count, describe_end, describe_import
from tui.commands.failures import FAILED
from tui.commands.long_work import LongWork, with_quiet
from tui.commands.naming import named_importer
from tui.commands.options import with_surroundings
from tui.commands.output import say, say_error, write_json, write_text
from tui.commands.source_options import problem_report, read_mapping, with_reading
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Unpack

    from tui.commands.source_options import Reading
    from tui.commands.surroundings import Surroundings


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Print an object a line for each thread.")
@click.option(
    "--as",
    "as_thread",
    metavar="THREAD",
    help="What PATH holds is a later state of this thread, wherever that came from.",
)
@with_reading
@with_quiet
@with_surroundings
@click.pass_obj
def command(
    here: Surroundings,
    paths: tuple[Path, ...],
    *,
    as_json: bool,
    as_thread: str | None,
    is_quiet: bool,
    **reading: Unpack[Reading],
) -> int:
    """Import sources into the project without opening the reader.

    PATH is a file, a folder, a zip or tar archive, or - for standard input; files may be compressed with gzip, bzip2, xz or
    zstd. Of a folder or an archive each file that an importer knows is a source, unless one knows it as a whole.

    A source that the project has already is left alone; one that has changed since is revised, and its labels are put where
    their words now stand. One from another place is known again by its address or the ids of its comments; where nothing but
    likeness says that it is the same, that is told, and --as decides. `postil formats` lists what can be read. Ctrl+C stops; what was imported before stays, and the same
    command goes on there.
    """

    def tell(found: Imported | Finished) -> None:
        if as_json and isinstance(found, Imported):
            write_json(import_json(found))
        elif as_json and not is_quiet:
            say_lines(found)
        elif not is_quiet:
            for line in import_lines(found):
                write_text(line)

    if as_thread is not None and len(paths) > 1:
        raise WrongUsageError("--as takes one PATH", "Several sources cannot all be one thread.")
    failures = import_sources(here, paths, tell, as_thread=as_thread or "", is_quiet=is_quiet, **reading)
    return FAILED if failures else 0


def import_sources(
    here: Surroundings,
    paths: Sequence[Path],
    tell: Callable[[Imported | Finished], None],
    *,
    as_thread: str = "",
    is_quiet: bool = False,
    **reading: Unpack[Reading],
) -> int:
    """Import sources, say what fails, and show how far it is; return how many failed.

    Args:
        here: The project.
        paths: Files, folders, archives, or `-`.
        tell: Is told of each thread, and of each source that is finished.
        as_thread: The key of the thread whose later state the source is; "" to find that out.
        is_quiet: Whether to show no progress.
        reading: How to read them.

    Raises:
        WrongUsageError: If there is no such importer, or the mapping is none.
        UnknownNameError: If there is no such thread.
        ProjectError: If the project cannot be written.
        ExportError: If the report cannot be written.
        WorkCancelledError: If it is interrupted; it says what was imported before.
    """
    named = reading["format_name"]
    importer = None if named is None else named_importer(named)
    mapping = read_mapping(reading["mapping"])
    long = LongWork("Importing", "nothing was imported", is_quiet=is_quiet)
    with problem_report(reading["report"], (*paths, here.project_path)) as listener, long.under_way():
        importing = SourceImport(
            here.project_path,
            partial(here.open_project, create=True),
            paths,
            importer,
            long.work,
            here.annotator_name,
            is_strict=reading["is_strict"],
            mapping=mapping,
            listener=listener,
            as_thread=as_thread,
        )
        for found in importing:
            long.clear()
            if isinstance(found, Refused):
                say_error(found.error)
                continue
            if importing.stored:
                long.outcome = f"{count(importing.stored, 'thread')} imported before {_stays(importing.stored)}"
            tell(found)
    return importing.failures


def say_lines(found: Imported | Finished) -> None:
    """Say on standard error what became of a thread or a source."""
    for line in import_lines(found):
        say(line)


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
        "came_from": saved.came_from,
        "is_left": saved.is_left,
        "looks_like": None if saved.like is None else {"thread": saved.like.key, "share": round(saved.share, 3)},
        "labeled": None if imported.given is None else to_builtins(imported.given),
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


def import_lines(found: Imported | Finished) -> Iterator[str]:
    """Yield the lines that tell the analyst what the import of a thread or a source did, harmless to a terminal."""
    lines = describe_import(found) if isinstance(found, Imported) else describe_end(found)
    for number, line in enumerate(lines):
        yield f"{'  ' if number else ''}{one_line(line)}"
