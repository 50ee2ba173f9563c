"""What all exporters share: what to export, every post with its labels in order, and the report.

Everything is read in one snapshot and in batches: memory does not grow with the project.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby, islice
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, field

from annotations.errors import ExportError, UnknownNameError
from annotations.exporters.output import open_output
from annotations.span import is_quote_at
from annotations.store.codebooks import codebook_versions, label_names
from annotations.store.labels import annotations_of_posts
from annotations.store.snapshot import (
    End,
    annotated_positions,
    annotations_of_thread,
    count_posts,
    keys_of_posts,
    load_ends,
    reviewers_of_posts,
    snapshot,
    thread_ids,
)
from annotations.store.threads import find_thread, load_posts, load_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from annotations.model import Annotation, StoredPost, StoredThread
    from annotations.store.project import Project

_BATCH = 500
"""Posts whose texts and labels are in memory at a time."""

_PIECES = 100
"""Pieces of a dataset that are written between two looks at whether to stop."""

_FIRST_BATCH = 4
_GROWTH = 5
"""How batches grow: a preview needs the first few posts, and needs them at once."""

_VERSION_DIGITS = 12
"""Digits of a codebook's SHA-256 that name its version: enough that no two are the same."""


class ExportOptions(Struct, frozen=True):
    """What to export.

    Args:
        thread: The key of the only thread to export; None for all.
        annotator: The name of the only annotator whose labels and reviews to export; None for all.
        labels: The ids of the only labels to export; none for all.
        excel: Whether to write CSV for Excel, which changes texts.
    """

    thread: str | None = None
    annotator: str | None = None
    labels: tuple[str, ...] = ()
    excel: bool = False


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
    """

    thread_ids: tuple[int, ...]
    annotator_id: int | None
    labels: frozenset[str]
    label_names: Mapping[str, str]
    versions: Mapping[int, str]

    def chosen(self, annotations: Iterable[Annotation]) -> tuple[Annotation, ...]:
        """Return the annotations that carry one of the labels to export."""
        return (
            tuple(found for found in annotations if found.label in self.labels) if self.labels else tuple(annotations)
        )


class LabeledPost(Struct, frozen=True, kw_only=True):
    """A post with all that is put on it.

    Args:
        thread: The thread that it is in.
        post: The article or a comment.
        annotations: What is put on it or in it, and the relations that start there, in reading order; a span that is
            not detached says what its quote says.
        thread_annotations: For the article: what is put on the thread. Else empty.
        reviewers: Who has said that it is done, by name.
        post_keys: The keys of the posts to which the relations lead, by row.
        ends: The annotations at which the relations start and end, by row.
    """

    thread: StoredThread
    post: StoredPost
    annotations: tuple[Annotation, ...]
    thread_annotations: tuple[Annotation, ...]
    reviewers: tuple[str, ...]
    post_keys: Mapping[int, str]
    ends: Mapping[int, End]


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
    )


def iter_labeled_posts(
    project: Project, selection: Selection, thread_id: int, *, is_sparse: bool = False
) -> Iterator[LabeledPost]:
    """Yield the posts of a thread in pre-order, each with what the selection wants of what is put on it.

    Args:
        project: The project.
        selection: What to export.
        thread_id: The thread.
        is_sparse: Whether to pass over comments without an annotation, which are then not even read.

    Raises:
        ExportError: If a span does not say what was quoted.
    """
    thread = load_thread(project, thread_id)
    batches = _annotated_batches(project, selection, thread_id) if is_sparse else _all_batches(project, thread_id)
    work = project.work
    before = work.done
    for batch in batches:
        yield from _labeled(project, selection, thread, batch)
        work.advance(before + batch[-1].position + 1)
    work.advance(before + thread.posts)


def _all_batches(project: Project, thread_id: int) -> Iterator[list[StoredPost]]:
    start, size = 0, _FIRST_BATCH
    while True:
        size = min(size * _GROWTH, _BATCH)
        batch = load_posts(project, thread_id, start, start + size)
        if batch:
            yield batch
        if len(batch) < size:
            return
        start += size


def _annotated_batches(project: Project, selection: Selection, thread_id: int) -> Iterator[list[StoredPost]]:
    """Yield the article, then the posts with annotations; neighbours are read together."""
    positions, size = [0], _FIRST_BATCH
    while positions:
        batch: list[StoredPost] = []
        for _, run in groupby(enumerate(positions), key=lambda numbered: numbered[1] - numbered[0]):
            members = [position for _, position in run]
            batch += load_posts(project, thread_id, members[0], members[-1] + 1)
        yield batch
        size = min(size * _GROWTH, _BATCH)
        positions = annotated_positions(project, thread_id, positions[-1] + 1, size, selection.annotator_id)


def _labeled(
    project: Project, selection: Selection, thread: StoredThread, batch: Sequence[StoredPost]
) -> Iterator[LabeledPost]:
    """Put posts and what belongs to them together."""
    post_ids = [post.id for post in batch]
    found = annotations_of_posts(project, post_ids, selection.annotator_id)
    targets = [each.target for labels in found.values() for each in labels if each.target.to_post_id is not None]
    led_to = {target.to_post_id for target in targets if target.to_post_id is not None}
    tied = {end for target in targets for end in (target.from_annotation, target.to_annotation) if end is not None}
    post_keys = keys_of_posts(project, led_to) if led_to else {}
    ends = load_ends(project, tied) if tied else {}
    reviewers = reviewers_of_posts(project, post_ids, selection.annotator_id)
    for post in batch:
        on_thread = annotations_of_thread(project, thread.id, selection.annotator_id) if post.position == 0 else []
        for annotation in found[post.id]:
            _check_quote(thread, post, annotation)
        yield LabeledPost(
            thread=thread,
            post=post,
            annotations=selection.chosen(found[post.id]),
            thread_annotations=selection.chosen(on_thread),
            reviewers=reviewers.get(post.id, ()),
            post_keys=post_keys,
            ends=ends,
        )


def _check_quote(thread: StoredThread, post: StoredPost, annotation: Annotation) -> None:
    """Refuse a span that does not say what was quoted: a dataset that is wrong is worse than none."""
    span, quote = annotation.target.span, annotation.quote
    if span is None or annotation.detached:
        return
    if quote is None or not is_quote_at(post.text, span, quote.exact):
        raise ExportError(
            f"The span {span} of the annotation {annotation.uuid} ({annotation.label}) in post {post.key} of thread "
            f"{thread.key} does not say what was quoted",
            "Nothing was written. See what is wrong with the project: postil check",
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
