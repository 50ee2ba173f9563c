"""The import of sources into a project, one after the other and thread by thread: each thread as a whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from annotations import formats
from annotations.errors import CodebookError, PostilError, ProjectError, RuleError, SourceError
from annotations.folder_walk import walk_folder
from annotations.imported import Finished, Imported, Refused, count, describe_end, describe_import, nothing_known
from annotations.joining import group_paths
from annotations.mapping import check_mapping
from annotations.sources.problems import Problem, Problems
from annotations.sources.source import STANDARD_INPUT, open_source
from annotations.sources.together import SourcesTogether
from annotations.store.discarding import discard_unused
from annotations.store.listing import find_thread
from annotations.storing import Storing
from annotations.work import WorkCancelledError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from annotations.folder_walk import Part
    from annotations.formats import Importer
    from annotations.model import Thread
    from annotations.sources.source import Source
    from annotations.store.project import Project
    from annotations.work import Work

__all__ = ["Finished", "Imported", "Refused", "SourceImport", "count", "describe_end", "describe_import"]

_DECODED, _READ = 0.06, 0.62
"""Which parts of an import are over when its text is there, and when its threads are, by measurements of flattened text."""

_REFUSALS = (SourceError, RuleError, CodebookError)


class SourceImport:
    """The import of some sources, done while it is iterated over: a source that fails does not stop the others.

    A source of one thread is read to its end before anything is stored; of one of several threads each is stored when it
    has been read, some together, so that what was told of stays whatever happens, and running the same again goes on there.
    The project is opened when the first thread has been read. One that was made for this and in which no thread was
    stored is removed again.

    Args:
        project_path: The project file.
        open_project: Opens it, or makes it; it is closed in the end.
        paths: Files, folders, archives, or `-` for standard input.
        importer: How to read them; None to choose for each source.
        work: What watches it; when it is cancelled, what was stored before stays.
        annotator: Who imports: whose the undo of labels that come along is, and whose those are that name nobody.
        is_strict: Whether the first problem with a record ends the import of its source.
        mapping: Which column or field holds what.
        listener: Is told of each problem with a record, and the name of its source.
        as_thread: The key of the thread whose later state the sources' one thread is; "" to find that out.
    """

    def __init__(  # noqa: PLR0913, PLR0917  # what an import is made of
        self,
        project_path: Path,
        open_project: Callable[[], Project],
        paths: Sequence[Path],
        importer: Importer | None,
        work: Work,
        annotator: str = "",
        *,
        is_strict: bool = False,
        mapping: Mapping[str, str] | None = None,
        listener: Callable[[str, Problem], None] | None = None,
        as_thread: str = "",
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
        self._annotator = annotator
        self._is_strict = is_strict
        self._mapping = mapping
        self._listener = listener
        self._as_thread = as_thread
        self._into: int | None = None
        self._project: Project | None = None
        self._is_new = False

    def __iter__(self) -> Iterator[Imported | Refused | Finished]:
        """Import, and yield what became of each thread, why a source was refused, and each source that is finished.

        Raises:
            ProjectError: If the project cannot be written: then no source can be imported.
            UnknownNameError: If there is no thread that a source is to be a state of.
            WorkCancelledError: If the work was cancelled.
        """
        try:
            if self._as_thread:
                self._into = find_thread(self._opened(), self._as_thread).id
            groups = group_paths(self._paths, self._importer)
            for paths, start, stop in _shares(groups, [sum(map(_size, paths)) for paths in groups]):
                with self._work.within(start, stop):
                    yield from self._import(paths[0]) if len(paths) == 1 else self._import_together(paths)
        finally:
            self._close()

    # --- sources --------------------------------------------------------------------------------------------------

    def _import(self, path: Path) -> Iterator[Imported | Refused | Finished]:
        self._work.subject = "standard input" if str(path) == STANDARD_INPUT else path.name
        try:
            with self._work.within(0, _DECODED):
                source = open_source(
                    None if str(path) == STANDARD_INPUT else path,
                    work=self._work,
                    is_strict=self._is_strict,
                    mapping=self._mapping,
                    listener=self._listener,
                )
                source.examine()
        except (WorkCancelledError, ProjectError):
            raise
        except PostilError as error:
            yield self._refuse(error, "standard input" if str(path) == STANDARD_INPUT else str(path))
            return
        yield from self._import_folder(source) if source.is_folder else self._import_source(source)

    def _import_together(self, paths: Sequence[Path]) -> Iterator[Imported | Refused | Finished]:
        """Import files that one importer reads together."""
        self._work.subject = " + ".join(path.name for path in paths)
        try:
            parts = [open_source(path, work=self._work, mapping=self._mapping) for path in paths]
        except PostilError as error:
            yield self._refuse(error, self._work.subject)
            return
        yield from self._import_folder(SourcesTogether(parts, is_strict=self._is_strict, listener=self._listener))

    def _import_folder(self, folder: Source) -> Iterator[Imported | Refused | Finished]:
        """Import a folder or an archive: as a whole if an importer knows it, else each file in it that one knows."""
        passed_over: list[str] = []
        told = done = 0
        try:
            whole = sum(member.size or 1 for member in folder.members()) or 1
            for part in walk_folder(folder, self._importer):
                if part.source is folder and part.importer is not None:
                    yield from self._import_threads(folder, part.importer, part.explanation)
                    return
                size = part.source.size or 1
                self._work.subject = part.source.shown
                with self._work.within(min(1, done / whole), min(1, (done + size) / whole)):
                    for found in self._import_part(part, passed_over):
                        told += 1
                        yield found
                done += size
        except (WorkCancelledError, ProjectError):
            raise
        except PostilError as error:
            yield self._refuse(error, folder.shown)
            return
        if not told:
            yield self._refuse(nothing_known(folder, passed_over), folder.shown)
            return
        problems = folder.problems
        yield Finished(
            source=folder,
            problems=problems.count,
            sentences=tuple(problems.sentences()),
            passed_over=tuple(passed_over),
            is_folder=True,
        )

    def _import_part(self, part: Part, passed_over: list[str]) -> Iterator[Imported | Refused | Finished]:
        """Import a source that was found in a folder."""
        source = part.source
        if part.error is not None:
            if self._is_strict:
                raise part.error
            yield self._refuse(part.error, source.shown)
        elif part.importer is None:
            passed_over.append(source.shown)
        else:
            # What is wrong with its records is told with it, not with the folder.
            source.problems = Problems(source.shown, is_strict=self._is_strict, listener=self._listener)
            yield from self._import_threads(source, part.importer, part.explanation)

    def _import_source(self, source: Source) -> Iterator[Imported | Refused | Finished]:
        importer, explanation = self._importer, ""
        try:
            if importer is None:
                with self._work.within(0, _DECODED):
                    importer, explanation = formats.choose_importer(source)
        except WorkCancelledError:
            raise
        except PostilError as error:
            yield self._refuse(error, source.shown)
            return
        yield from self._import_threads(source, importer, explanation)

    # --- threads --------------------------------------------------------------------------------------------------

    def _import_threads(
        self, source: Source, importer: Importer, explanation: str
    ) -> Iterator[Imported | Refused | Finished]:
        """Import the threads of a source as they come; if there is one only, when the source has been read to its end."""
        reading = _guarded(importer, source)
        try:
            check_mapping(importer, source)
            with self._work.within(_DECODED, _READ):
                self._work.begin("Reading")
                first = next(reading, None)
                second = next(reading, None)
            if first is None:
                raise SourceError(f"{source.shown} holds no thread")
        except (WorkCancelledError, ProjectError):
            raise
        except PostilError as error:
            yield self._refuse(error, source.shown)
            return
        project, is_alone = self._opened(), second is None
        storing = Storing(project, self._work, source, explanation, self._annotator, is_alone=is_alone, into=self._into)
        try:
            with self._work.within(_READ if second is None else 0, 1):
                for imported in (
                    storing.save(first) if second is None else storing.save_all(_chained(first, second, reading))
                ):
                    self.stored += 1
                    yield imported
        except _REFUSALS as error:
            yield self._refuse(error, source.shown)
            return
        yield storing.finished()

    def _opened(self) -> Project:
        if self._project is None:
            self._is_new = not self._project_path.exists()
            self._project = self._open()
        return self._project

    def _refuse(self, error: PostilError, source: str) -> Refused:
        self.failures += 1
        if self._listener is not None:
            self._listener(source, Problem(error.message, "", "it was not imported, or not to its end"))
        return Refused(error, source)

    def _close(self) -> None:
        if self._project is not None:
            if self._is_new and not self.stored:
                discard_unused(self._project)
            else:
                self._project.close()


def _guarded(importer: Importer, source: Source) -> Iterator[Thread]:
    """Yield the threads that an importer reads; whatever goes wrong in it is a SourceError that names it."""
    try:
        yield from importer.read(source)
    except PostilError:
        raise
    except Exception as error:  # an importer may be anybody's, a source may be anything
        what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise SourceError(
            f"{source.name} cannot be imported: the importer {importer.name} failed with {what}",
            "“postil formats” lists the importers; name another one with --format.",
        ) from error


def _chained(first: Thread, second: Thread, others: Iterator[Thread]) -> Iterator[Thread]:
    yield first
    yield second
    yield from others


_Any = TypeVar("_Any")


def _shares(parts: Sequence[_Any], sizes: Sequence[int]) -> Iterator[tuple[_Any, float, float]]:
    """Yield parts, each with where it begins and ends in the whole, by their sizes."""
    whole, done = sum(sizes) or 1, 0
    for part, size in zip(parts, sizes, strict=True):
        yield part, done / whole, (done + size) / whole
        done += size


def _size(path: Path) -> int:
    try:
        return max(1, path.stat().st_size)
    except (OSError, ValueError):  # standard input, or nothing there: that is said when its turn comes
        return 1
