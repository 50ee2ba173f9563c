"""`postil import`: sources into the project, each as a whole or not at all."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotations import formats
from annotations.errors import PostilError, SourceError
from annotations.importers.source import STANDARD_INPUT, read_source
from annotations.store.threads import ImportStatus, SavedThread, save_thread
from tui.commands.failures import FAILED
from tui.commands.naming import named_importer
from tui.commands.output import count, say_error, write_json, write_text
from tui.commands.surroundings import Surroundings, with_surroundings
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.formats import Source
    from annotations.model import Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A thread that was imported.

    Args:
        source: Where it was read from.
        explanation: Why it was read with this importer; "" where the analyst named it.
        thread: What was read.
        saved: What the project made of it.
    """

    source: Source
    explanation: str
    thread: Thread
    saved: SavedThread


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--format", "format_name", metavar="NAME", help="How to read the sources, instead of finding out.")
@click.option("--json", "as_json", is_flag=True, help="Print an object a line for each thread.")
@with_surroundings
@click.pass_obj
def command(here: Surroundings, paths: tuple[Path, ...], format_name: str | None, *, as_json: bool) -> int:
    """Import sources into the project without opening the reader.

    PATH is a file, or - for standard input. A source that the project has already is left alone; one that has
    changed since is revised, and its labels are put where their words now stand. `postil formats` lists what can be
    read.
    """
    importing = SourceImport(here, paths, format_name)
    for imported in importing:
        if as_json:
            write_json(import_json(imported))
        else:
            for line in describe_import(imported):
                write_text(line)
    return FAILED if importing.failures else 0


class SourceImport:
    """The import of some sources, done while it is iterated over: a source that fails does not stop the others.

    The project is made when the first source has been read, so that a failure leaves no empty project behind.

    Args:
        here: The project.
        paths: Files, or `-`.
        format_name: The importer, or None to choose one for each source.

    Raises:
        WrongUsageError: If there is no such importer.
        ProjectError: While iterating, if the project cannot be written: then no source can be imported.
    """

    def __init__(self, here: Surroundings, paths: Sequence[Path], format_name: str | None) -> None:
        self.failures = 0
        self._here = here
        self._paths = paths
        self._importer = None if format_name is None else named_importer(format_name)

    def __iter__(self) -> Iterator[Imported]:
        with ExitStack() as stack:
            project = None
            for path in self._paths:
                try:
                    source, explanation, threads = self._read(path)
                except PostilError as error:
                    self._fail(error)
                    continue
                if project is None:
                    project = stack.enter_context(self._here.open_project(create=True))
                for thread in threads:
                    try:
                        saved = save_thread(project, thread, location=source.location, source_sha256=source.sha256)
                    except SourceError as error:
                        self._fail(error)
                        break
                    yield Imported(source=source, explanation=explanation, thread=thread, saved=saved)

    def _read(self, path: Path) -> tuple[Source, str, list[Thread]]:
        """Read a source to its end, so that a mistake in its last line is found before its first thread is stored."""
        source = read_source(None if str(path) == STANDARD_INPUT else path)
        importer, explanation = self._importer, ""
        if importer is None:
            importer, explanation = formats.choose_importer(source)
        try:
            threads = list(importer.read(source))
        except PostilError:
            raise
        except Exception as error:  # an importer may be anybody's, a source may be anything
            what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            raise SourceError(
                f"{source.name} cannot be imported: the importer {importer.name} failed with {what}",
                "“postil formats” lists the importers; name another one with --format.",
            ) from error
        if not threads:
            raise SourceError(f"{source.name} holds no thread")
        return source, explanation, threads

    def _fail(self, error: PostilError) -> None:
        self.failures += 1
        say_error(error)


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
        "characters": _characters(thread),
        "uncertain": _uncertain(thread),
        "dropped": thread.dropped,
        "warnings": list(thread.warnings),
        "revision": saved.thread.revision,
        "changes": {
            "added": saved.added,
            "changed": saved.changed,
            "removed": saved.removed,
            "moved": saved.moved,
            "detached": saved.detached,
        },
    }


def describe_import(imported: Imported) -> Iterator[str]:
    """Yield the lines that tell the analyst what the import of a thread did, harmless to a terminal."""
    saved, thread = imported.saved, imported.thread
    yield f"{one_line(saved.thread.key)}: {one_line(saved.thread.title)}"
    if saved.status is ImportStatus.UNCHANGED:
        yield "  nothing changed: the project has this thread already"
        return
    yield (
        f"  {saved.status}: {count(saved.thread.posts - 1, 'comment')}, "
        f"depth {saved.thread.max_depth}, {count(_characters(thread), 'character')}"
    )
    if saved.status is ImportStatus.REVISED:
        yield (
            f"  posts: {saved.added} added, {saved.changed} changed, {saved.removed} gone; "
            f"labels: {saved.moved} moved, {saved.detached} detached"
        )
    if imported.explanation:
        yield f"  {one_line(imported.explanation)}"
    if thread.dropped:
        yield f"  dropped {count(thread.dropped, 'character')} that no format can carry"
    uncertain = _uncertain(thread)
    if uncertain:
        yield f"  uncertain: {count(uncertain, 'post')} that the source allows to be read otherwise"
    for warning in thread.warnings:
        yield f"  warning: {one_line(warning)}"


def _characters(thread: Thread) -> int:
    return sum(len(post.text) for post in thread.posts)


def _uncertain(thread: Thread) -> int:
    return sum(1 for post in thread.posts if post.uncertain)
