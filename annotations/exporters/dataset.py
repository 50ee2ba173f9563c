"""What all exporters share: what to export, every post with its labels in order, and the report.

Everything is read in one snapshot and in batches: memory does not grow with the project.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, field

from annotations.errors import UnknownNameError
from annotations.exporters.output import open_output
from annotations.exporters.telling import Telling, telling
from annotations.store.codebooks import codebook_in_force, codebook_versions, label_names
from annotations.store.snapshot import (
    count_posts,
    snapshot,
    thread_ids,
)
from annotations.store.threads import find_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from annotations.model import Annotation
    from annotations.store.project import Project

_PIECES = 100
"""Pieces of a dataset that are written between two looks at whether to stop."""

_VERSION_DIGITS = 12
"""Digits of a codebook's SHA-256 that name its version: enough that no two are the same."""


class ExportOptions(Struct, frozen=True):
    """What to export.

    Args:
        thread: The key of the only thread to export; None for all.
        annotator: The name of the only annotator whose labels and reviews to export; None for all.
        labels: The ids of the only labels to export; none for all.
        excel: Whether to write CSV for Excel, which changes texts.
        with_implied: Whether to write the wider labels that a label implies too, marked as such.
        is_current: Whether to tell labels that were merged as those that are put in their stead today.
    """

    thread: str | None = None
    annotator: str | None = None
    labels: tuple[str, ...] = ()
    excel: bool = False
    with_implied: bool = True
    is_current: bool = False


class ExportReport(Struct, frozen=True):
    """What an export wrote.

    Args:
        path: The target; None for standard output.
        rows: Records in it, without a header.
        threads: Threads that were exported.
        posts: Posts that were written, each once.
        annotations: Annotations that were written.
        lost: What the format cannot carry, and how often that was.
        sha256: The hash of the bytes written.
    """

    path: Path | None
    rows: int
    threads: int
    posts: int
    annotations: int
    lost: Mapping[str, int]
    sha256: str


class Tally(Struct):
    """What was written so far; the arguments are those of `ExportReport`."""

    rows: int = 0
    threads: int = 0
    posts: int = 0
    annotations: int = 0
    lost: Counter[str] = field(default_factory=Counter)


class Selection(Struct, frozen=True, kw_only=True):
    """What the options name, found in the project.

    Args:
        thread_ids: The threads to export, in the order of their import.
        annotator_id: The only annotator; None for all.
        labels: The only labels; none for all.
        label_names: The name of each label, by id.
        versions: The name of each codebook version, by row: the first digits of its source's SHA-256.
        telling: Which labels are told besides or instead of those that were put.
    """

    thread_ids: tuple[int, ...]
    annotator_id: int | None
    labels: frozenset[str]
    label_names: Mapping[str, str]
    versions: Mapping[int, str]
    telling: Telling

    def chosen(self, annotations: Sequence[Annotation]) -> tuple[Annotation, ...]:
        """Return the annotations that carry one of the labels to export, and what they imply."""
        told = self.telling.tell(annotations)
        return tuple(found for found in told if found.label in self.labels) if self.labels else tuple(told)


Lines: TypeAlias = "Callable[[Project, Selection, Tally], Iterator[bytes]]"
"""Yields a dataset piece by piece, and keeps the tally; a piece is a header, or a record."""


def write_dataset(project: Project, path: Path | None, options: ExportOptions, lines: Lines) -> ExportReport:
    """Write what `lines` yields, all of it from one state of the project, and report.

    Raises:
        ExportError: If the target cannot be written, or a span does not say what was quoted.
        UnknownNameError: If the project has no such thread, annotator or label.
        ProjectError: If the project cannot be read.
        WorkCancelledError: If the project's work was cancelled: what stood at `path` stays.
    """
    tally = Tally()
    with snapshot(project):
        selection = select(project, options)
        project.work.begin("Writing the posts", count_posts(project, selection.thread_ids), "posts")
        with open_output(project, path) as output:
            for line in project.work.heed(lines(project, selection, tally), _PIECES):
                output.write(line)
    return ExportReport(
        path=path,
        rows=tally.rows,
        threads=tally.threads,
        posts=tally.posts,
        annotations=tally.annotations,
        lost={reason: number for reason, number in sorted(tally.lost.items()) if number},
        sha256=output.sha256,
    )


def preview_dataset(project: Project, options: ExportOptions, pieces: int, lines: Lines) -> str:
    """Return the first pieces that `lines` yields as text; the errors are those of `write_dataset`."""
    with snapshot(project):
        selection = select(project, options)
        return b"".join(islice(lines(project, selection, Tally()), max(0, pieces))).decode("utf-8-sig")


def select(project: Project, options: ExportOptions) -> Selection:
    """Find what the options name.

    Raises:
        UnknownNameError: If the project has no such thread, annotator or label; the hint names what it has.
    """
    names = label_names(project)
    annotators = {annotator.name: annotator.id for annotator in project.annotators()}
    for label in options.labels:
        _check_known(label, "label", names)
    if options.annotator is not None:
        _check_known(options.annotator, "annotator", annotators)
    return Selection(
        thread_ids=tuple(thread_ids(project)) if options.thread is None else (find_thread(project, options.thread).id,),
        annotator_id=None if options.annotator is None else annotators[options.annotator],
        labels=frozenset(options.labels),
        label_names=names,
        versions={version.id: version.sha256[:_VERSION_DIGITS] for version in codebook_versions(project)},
        telling=telling(codebook_in_force(project), with_implied=options.with_implied, is_current=options.is_current),
    )


def _check_known(name: str, word: str, known: Mapping[str, object]) -> None:
    if name in known:
        return
    from difflib import get_close_matches  # noqa: PLC0415  # loaded on use

    close = get_close_matches(name, list(known), n=3)
    listed = f"It has: {', '.join(known)}." if known else "It has none yet."
    raise UnknownNameError(
        f"The project has no {word} {name!r}", f"Did you mean {' or '.join(close)}?" if close else listed
    )
