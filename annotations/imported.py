"""What comes of an import: threads, refusals, and an end to each source; and how that is told to the analyst."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.store.threads import ImportStatus, SavedThread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.errors import PostilError
    from annotations.given_report import GivenReport
    from annotations.model import Thread
    from annotations.sources.source import Source

NAMED = 3
"""Files that are named where several are passed over."""


class Imported(Struct, frozen=True, kw_only=True):
    """A thread that was imported.

    Args:
        source: Where it was read from.
        explanation: Why it was read with this importer; "" where the analyst named it.
        thread: What was read.
        saved: What the project made of it.
        given: What became of what was labeled in it already; None if nothing was.
        is_alone: Whether it is all that its source holds; one of several is told of in fewer words.
        news: Its warnings, but for those that were told of another thread of its source.
    """

    source: Source
    explanation: str
    thread: Thread
    saved: SavedThread
    given: GivenReport | None = None
    is_alone: bool = True
    news: tuple[str, ...] = ()

    @property
    def characters(self) -> int:
        """How many characters its texts have."""
        return self.saved.characters

    @property
    def uncertain(self) -> int:
        """How many posts the source allows to be read otherwise."""
        return self.saved.uncertain


class Refused(Struct, frozen=True):
    """A source of which nothing, or nothing more, was imported.

    Args:
        error: Why.
        source: What it is called.
    """

    error: PostilError
    source: str = ""


class Finished(Struct, frozen=True, kw_only=True):
    """A source that was read to its end.

    Args:
        source: The source.
        explanation: Why it was read with its importer; "" where the analyst named it.
        threads: How many threads it holds.
        unchanged: How many of them the project had already, as they are.
        comments: How many comments they have.
        problems: How many of its records have something wrong with them.
        sentences: What is wrong with them, a sentence for each kind of problem, and what else there is to know.
        passed_over: Files of a folder or an archive that no importer knows.
        is_folder: Whether it is one, its files being sources of their own, which were told of one by one.
    """

    source: Source
    explanation: str = ""
    threads: int = 0
    unchanged: int = 0
    comments: int = 0
    problems: int = 0
    sentences: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    is_folder: bool = False


def describe_import(imported: Imported) -> Iterator[str]:
    """Yield in lines what the import of a thread did: its key and title, then what became of it; to be made visible.

    Of one of several that the project had already nothing is said: they are counted in the end.
    """
    saved, thread = imported.saved, imported.thread
    is_news = imported.given is not None and bool(imported.given.added or imported.given.marks)
    if saved.status is ImportStatus.UNCHANGED and not imported.is_alone and not is_news:
        return
    yield f"{saved.thread.key}: {saved.thread.title}"
    if saved.status is ImportStatus.UNCHANGED:
        yield "nothing changed: the project has this thread already"
        yield from _describe_given(imported)
        return
    yield (
        f"{saved.status}: {count(saved.thread.posts - 1, 'comment')}, "
        f"depth {saved.thread.max_depth}, {count(imported.characters, 'character')}"
    )
    if saved.status is ImportStatus.REVISED:
        yield from _describe_revision(saved)
    if imported.explanation and imported.is_alone:
        yield imported.explanation
    if thread.dropped:
        yield f"dropped {count(thread.dropped, 'character')} that no format can carry"
    if imported.uncertain:
        yield f"uncertain: {count(imported.uncertain, 'post')} that the source allows to be read otherwise"
    yield from _describe_given(imported)
    for warning in imported.news:
        yield f"warning: {warning}"


def _describe_given(imported: Imported) -> Iterator[str]:
    if imported.given is not None:
        from annotations.given_report import sentences  # noqa: PLC0415  # seldom

        yield from sentences(imported.given)


def _describe_revision(saved: SavedThread) -> Iterator[str]:
    yield f"posts: {saved.added:,} added, {saved.changed:,} changed, {saved.removed:,} gone"
    yield (
        f"spans: {saved.kept:,} kept, {saved.moved:,} moved with their words, {saved.edited:,} edited, "
        f"{saved.detached:,} lost"
    )
    if saved.detached or saved.on_removed:
        yield "nothing is dropped: gD in the reader lists what is lost, with the nearest words"
    if saved.on_removed:
        yield f"{count(saved.on_removed, 'label')} on posts that the source no longer has"


def describe_end(finished: Finished) -> Iterator[str]:
    """Yield in lines what there is to say of a source as a whole; nothing where its one thread has said it all."""
    if finished.threads > 1:
        there = f"; {finished.unchanged:,} were in the project already" if finished.unchanged else ""
        yield f"{finished.source.shown}: {count(finished.threads, 'thread')}, {count(finished.comments, 'comment')}{there}"
        if finished.explanation:
            yield finished.explanation
    elif finished.sentences or finished.passed_over:
        yield f"{finished.source.shown}:"
    if finished.threads > 1 and finished.problems:
        yield f"{count(finished.problems, 'record')} with something wrong:"
    for sentence in finished.sentences:
        yield f"warning: {sentence}"
    if finished.passed_over:
        named = ", ".join(finished.passed_over[:NAMED])
        more = len(finished.passed_over) - NAMED
        others = f" and {more:,} more" if more > 0 else ""
        yield f"{count(len(finished.passed_over), 'file')} passed over, which no importer knows: {named}{others}"


def count(number: int, noun: str) -> str:
    """Return a number with its noun: "1 comment", "1,200 comments"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
