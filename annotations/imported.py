"""What comes of an import: threads, refusals, and an end to each source; and how that is told to the analyst."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.errors import SourceError
from annotations.store.same_thread import STANDARD_INPUT
from annotations.store.threads import ImportStatus, SavedThread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
        is_whole = "nothing changed: the project has this thread already"
        yield "left as it is: the project has a later or fuller state of this thread" if saved.is_left else is_whole
        yield from _describe_origin(saved)
        yield from _describe_given(imported)
        return
    yield (
        f"{saved.status}: {count(saved.thread.posts - 1, 'comment')}, "
        f"depth {saved.thread.max_depth}, {count(imported.characters, 'character')}"
    )
    yield from _describe_origin(saved)
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


def _describe_origin(saved: SavedThread) -> Iterator[str]:
    """Yield how a thread from another place is one of the project, or is like one."""
    if saved.came_from and saved.came_from != STANDARD_INPUT:
        yield f"known again by its address or its ids: it came from {saved.came_from} before"
    elif saved.came_from:
        yield "known again by its address or its ids"
    if saved.is_left:
        yield f"to import it all the same, say whose state it is: --as {saved.thread.key}"
    if saved.like is not None:
        yield (
            f"looks like {saved.like.key} (“{saved.like.title}”): {saved.share:.0%} of the comments of the smaller one are in "
            "both; nothing says that they are the same, so it is a thread of its own"
        )
        yield f"if it is a later state of that thread, import it once more with --as {saved.like.key}"


def several_as_one() -> SourceError:
    """Return the error of a source that holds several threads, or a file of several, and is to be one thread."""
    return SourceError(
        "Several threads cannot all be a state of one",
        "Import the file alone that holds the later state of that thread.",
    )


def nothing_known(folder: Source, passed_over: Sequence[str]) -> SourceError:
    """Return the error of a folder or an archive in which no importer knows a file."""
    if not passed_over:
        return SourceError(f"{folder.shown} holds no files that could be imported")
    more = f" and {len(passed_over) - NAMED:,} more" if len(passed_over) > NAMED else ""
    return SourceError(
        f"{folder.shown} holds no file that an importer knows: {', '.join(passed_over[:NAMED])}{more}",
        "“postil formats” lists the importers; name one with --format.",
    )


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
