"""The import of sources into a project, one after the other: each thread as a whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations import formats
from annotations.errors import PostilError, SourceError
from annotations.importers.source import STANDARD_INPUT, read_source
from annotations.store.discarding import discard_unused
from annotations.store.threads import ImportStatus, SavedThread, save_thread
from annotations.work import WorkCancelledError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from annotations.formats import Importer, Source
    from annotations.model import Thread
    from annotations.store.project import Project
    from annotations.work import Work

_DECODED, _READ = 0.06, 0.62
"""Which parts of an import are over when its text is there, and when its threads are, by measurements of flattened text."""


class Imported(Struct, frozen=True, kw_only=True):
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

    @property
    def characters(self) -> int:
        """How many characters its texts have."""
        return sum(len(post.text) for post in self.thread.posts)

    @property
    def uncertain(self) -> int:
        """How many posts the source allows to be read otherwise."""
        return sum(1 for post in self.thread.posts if post.uncertain)


class Refused(Struct, frozen=True):
    """A source of which nothing, or nothing more, was imported.

    Args:
        error: Why.
    """

    error: PostilError


class SourceImport:
    """The import of some sources, done while it is iterated over: a source that fails does not stop the others.

    The project is opened when the first source has been read. One that was made for this and in which no thread was
    stored is removed again.

    Args:
        project_path: The project file.
        open_project: Opens it, or makes it; it is closed in the end.
        paths: Files, or `-` for standard input.
        importer: How to read them; None to choose for each source.
        work: What watches it; when it is cancelled, what was stored before stays.
    """

    def __init__(
        self,
        project_path: Path,
        open_project: Callable[[], Project],
        paths: Sequence[Path],
        importer: Importer | None,
        work: Work,
    ) -> None:
        self.failures = 0
        """Sources that were refused."""
        self.stored = 0
        """Threads that are in the project, whether they were new or not."""
        self._project_path = project_path
        self._open = open_project
        self._paths = paths
        self._importer = importer
        self._work = work
        self._project: Project | None = None
        self._is_new = False

    def __iter__(self) -> Iterator[Imported | Refused]:
        """Import, and yield what became of each thread, and why a source was refused.

        Raises:
            ProjectError: If the project cannot be written: then no source can be imported.
            WorkCancelledError: If the work was cancelled.
        """
        try:
            for path, start, stop in self._shares():
                with self._work.within(start, stop):
                    yield from self._import(path)
        finally:
            self._close()

    def _shares(self) -> Iterator[tuple[Path, float, float]]:
        """Yield the sources, each with its part of the whole, by their sizes."""
        sizes = [_size(path) for path in self._paths]
        whole, done = sum(sizes) or 1, 0
        for path, size in zip(self._paths, sizes, strict=True):
            yield path, done / whole, (done + size) / whole
            done += size

    def _import(self, path: Path) -> Iterator[Imported | Refused]:
        self._work.subject = "standard input" if str(path) == STANDARD_INPUT else path.name
        try:
            source, explanation, threads = self._read(path)
        except WorkCancelledError:
            raise
        except PostilError as error:
            yield self._refuse(error)
            return
        project = self._opened()
        for number, thread in enumerate(threads):
            share = (1 - _READ) / len(threads)
            try:
                with project.doing(self._work), self._work.within(_READ + number * share, _READ + (number + 1) * share):
                    saved = save_thread(project, thread, location=source.location, source_sha256=source.sha256)
            except SourceError as error:
                yield self._refuse(error)
                return
            self.stored += 1
            yield Imported(source=source, explanation=explanation, thread=thread, saved=saved)

    def _read(self, path: Path) -> tuple[Source, str, list[Thread]]:
        """Read a source to its end, so that a mistake in its last line is found before its first thread is stored."""
        with self._work.within(0, _DECODED):
            source = read_source(None if str(path) == STANDARD_INPUT else path, work=self._work)
        importer, explanation = self._importer, ""
        if importer is None:
            importer, explanation = formats.choose_importer(source)
        with self._work.within(_DECODED, _READ):
            self._work.begin("Reading")
            return source, explanation, _read_threads(importer, source)

    def _opened(self) -> Project:
        if self._project is None:
            self._is_new = not self._project_path.exists()
            self._project = self._open()
        return self._project

    def _refuse(self, error: PostilError) -> Refused:
        self.failures += 1
        return Refused(error)

    def _close(self) -> None:
        if self._project is not None:
            if self._is_new and not self.stored:
                discard_unused(self._project)
            else:
                self._project.close()


def describe_import(imported: Imported) -> Iterator[str]:
    """Yield in lines what the import of a thread did: its key and title, then what became of it; to be made visible."""
    saved, thread = imported.saved, imported.thread
    yield f"{saved.thread.key}: {saved.thread.title}"
    if saved.status is ImportStatus.UNCHANGED:
        yield "nothing changed: the project has this thread already"
        return
    yield (
        f"{saved.status}: {count(saved.thread.posts - 1, 'comment')}, "
        f"depth {saved.thread.max_depth}, {count(imported.characters, 'character')}"
    )
    if saved.status is ImportStatus.REVISED:
        yield f"posts: {saved.added:,} added, {saved.changed:,} changed, {saved.removed:,} gone"
        yield (
            f"spans: {saved.kept:,} kept, {saved.moved:,} moved with their words, {saved.edited:,} edited, "
            f"{saved.detached:,} lost"
        )
        if saved.detached or saved.on_removed:
            yield "nothing is dropped: gD in the reader lists what is lost, with the nearest words"
        if saved.on_removed:
            yield f"{count(saved.on_removed, 'label')} on posts that the source no longer has"
    if imported.explanation:
        yield imported.explanation
    if thread.dropped:
        yield f"dropped {count(thread.dropped, 'character')} that no format can carry"
    if imported.uncertain:
        yield f"uncertain: {count(imported.uncertain, 'post')} that the source allows to be read otherwise"
    for warning in thread.warnings:
        yield f"warning: {warning}"


def count(number: int, noun: str) -> str:
    """Return a number with its noun: "1 comment", "1,200 comments"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _read_threads(importer: Importer, source: Source) -> list[Thread]:
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
    return threads


def _size(path: Path) -> int:
    try:
        return max(1, path.stat().st_size)
    except OSError:  # standard input, or nothing there: that is said when its turn comes
        return 1
