"""The threads of one source on their way into a project: one as a whole, several as they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.errors import PostilError, SourceError
from annotations.imported import Finished, Imported, several_as_one
from annotations.lazy_posts import LazyPosts
from annotations.store.batches import ImportBatch, make_room
from annotations.store.threads import ImportStatus, save_thread
from annotations.work import WorkCancelledError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.given import GivenImport
    from annotations.given_report import GivenReport
    from annotations.model import Thread
    from annotations.sources.source import Source
    from annotations.store.project import Project
    from annotations.store.threads import SavedThread
    from annotations.work import Work

_BIG = 2000
"""Posts from which on a thread is stored alone, and tells how far that is."""

_READ = 0.62
"""Which part of an import is over when a source has been read whose threads come only then."""


class Storing:
    """Stores the threads of a source, and counts them.

    Args:
        project: The project.
        work: What watches it.
        source: The source.
        explanation: Why it is read with its importer.
        annotator: Who imports.
        is_alone: Whether it holds one thread.
        into: The row of the thread whose later state that is, as the analyst says; None to find that out.
    """

    def __init__(  # noqa: PLR0913  # what there is to be stored, where and for whom
        self,
        project: Project,
        work: Work,
        source: Source,
        explanation: str,
        annotator: str,
        *,
        is_alone: bool,
        into: int | None = None,
    ) -> None:
        self._project = project
        self._work = work
        self._source = source
        self._explanation = explanation
        self._given: GivenImport | None = None
        self._annotator = annotator
        self._is_alone = is_alone
        self._into = into
        self._told_of: set[str] = set()
        self._threads = self._unchanged = self._comments = 0

    def save(self, thread: Thread) -> Iterator[Imported]:
        """Store the one thread of the source; what is wrong with records is wrong with this one.

        Raises:
            SourceError: If it is refused.
        """
        if self._into is not None and self._source.relative:
            raise several_as_one()
        thread = _warned(thread, tuple(self._source.problems.sentences()))
        self._source.problems.take_recent()
        with self._project.doing(self._work):
            digest = self._source.sha256
            attached = self._attached(thread)
        if attached is not None:
            yield from self._told([attached])
            return
        try:
            with self._project.doing(self._work):
                make_room(self._project, len(thread.posts))
                location = self._source.location
                saved = save_thread(self._project, thread, location=location, source_sha256=digest, into=self._into)
        finally:
            if isinstance(thread.posts, LazyPosts):
                thread.posts.release()
        yield from self._told([(thread, saved)])

    def save_all(self, threads: Iterator[Thread]) -> Iterator[Imported]:
        """Store threads as they come, some at a time; one that is refused is reported, the others are stored.

        Raises:
            SourceError: If the source cannot be read any further; what was read of it is stored before.
        """
        if self._into is not None:
            raise several_as_one()
        with self._work.aside():
            self._work.begin("Reading", self._source.size, "bytes")
            digest = self._source.sha256
        coming = self._work.coming
        if coming:  # they have been read
            self._work.begin("Storing", coming, "comments", part=(_READ, 1))
        else:
            self._work.stretch(1)
        self._source.problems.take_recent()  # what came before the first thread belongs to nobody
        batch = ImportBatch(self._project)
        read = 0
        failure: PostilError | None = None
        while failure is None:
            try:
                thread = next(threads, None)
            except WorkCancelledError:
                raise
            except PostilError as error:
                thread, failure = None, error
            if thread is None:
                break
            yield from self._told(list(self._add(batch, thread, digest)))
            read += len(thread.posts)
            if coming:
                self._work.advance(min(read, coming))
        yield from self._told(self._finish(batch))
        if failure is not None:
            raise failure

    def _add(self, batch: ImportBatch, thread: Thread, digest: str) -> Iterator[tuple[Thread, SavedThread]]:
        """Take a thread to be stored; yield those that are."""
        problems = self._source.problems
        thread = _warned(thread, problems.take_recent())
        if (attached := self._attached(thread)) is not None:
            yield attached
            return
        is_big = len(thread.posts) > _BIG
        if is_big:
            yield from self._finish(batch)
        try:
            with self._project.doing(self._work), self._work.aside():
                stored = batch.save(thread, location=self._source.location, source_sha256=digest)
        except SourceError as error:
            problems.add("cannot be stored", f"thread {thread.key}", f"it was left out: {error.message}")
            return
        except RecursionError:
            problems.add("holds a record that is nested too deeply", f"thread {thread.key}", "it was left out")
            return
        yield from stored

    def _attached(self, thread: Thread) -> tuple[Thread, SavedThread] | None:
        """Return what is put on a thread that the project has, None where what was read is a thread of its own."""
        if not thread.stands_for:
            return None
        from annotations.attaching import attach  # noqa: PLC0415  # seldom

        return attach(self._project, thread)

    def _finish(self, batch: ImportBatch) -> list[tuple[Thread, SavedThread]]:
        with self._project.doing(self._work), self._work.aside():
            return batch.finish()

    def _told(self, stored: list[tuple[Thread, SavedThread]]) -> Iterator[Imported]:
        """Take over what was labeled in threads that are stored; count them, and say what there is to say of each."""
        reports = self._take_given(stored)
        lost = () if self._is_alone else self._source.problems.take_recent()
        for place, ((thread, saved), given) in enumerate(zip(stored, reports, strict=True)):
            self._threads += 1
            self._unchanged += saved.status is ImportStatus.UNCHANGED
            self._comments += saved.thread.posts - 1
            warnings = thread.warnings if place else (*thread.warnings, *lost)
            news = tuple(warning for warning in warnings if warning not in self._told_of)
            self._told_of.update(news)
            yield Imported(
                source=self._source,
                explanation=self._explanation,
                thread=thread,
                saved=saved,
                given=given,
                is_alone=self._is_alone,
                news=news,
            )

    def _take_given(self, stored: list[tuple[Thread, SavedThread]]) -> Sequence[GivenReport | None]:
        """Make annotations of the project of what was labeled in threads already.

        Raises:
            SourceError: If something of it does not fit and the import is strict; the threads stay.
            RuleError: If the codebook cannot be made to hold the labels; the threads stay.
        """
        if not any(thread.annotations or thread.marks or thread.labels for thread, _ in stored):
            return [None] * len(stored)
        if self._given is None:
            from annotations.given import GivenImport  # noqa: PLC0415  # seldom

            self._given = GivenImport(self._project, self._annotator, self._source.problems)
        with self._project.doing(self._work), self._work.aside():
            return self._given.take(stored)

    def finished(self) -> Finished:
        """Return what there is to say of the source as a whole."""
        problems = self._source.problems
        return Finished(
            source=self._source,
            explanation=self._explanation,
            threads=self._threads,
            unchanged=self._unchanged,
            comments=self._comments,
            problems=problems.count,
            sentences=problems.take_recent() if self._is_alone else (*self._source.warnings, *problems.sentences()),
        )


def _warned(thread: Thread, sentences: tuple[str, ...]) -> Thread:
    """Return a thread that has warnings more."""
    return replace(thread, warnings=(*thread.warnings, *sentences)) if sentences else thread
