"""The posts of a project with all that is put on them, in order, read batch by batch."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.errors import ExportError
from annotations.exporters.rows.labeled_post import LabeledPost
from annotations.span import is_quote_at
from annotations.store.exporting import gather
from annotations.store.gathered import POSITION, THREAD, annotation_of, batches, load_names, post_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from annotations.exporters.choosing.selection import Selection, Shaper
    from annotations.model import Annotation, StoredPost, StoredThread
    from annotations.store.gathered import Batch, Chunk, GatheredPost, Names
    from annotations.store.project import Project
    from annotations.store.snapshot import End
    from annotations.work import Work


def iter_labeled_posts(
    project: Project, selection: Selection, thread_id: int, *, is_sparse: bool = False, is_whole: bool = False
) -> Iterator[LabeledPost]:
    """Yield the posts of a thread in pre-order, each with what the selection wants of what is put on it.

    Args:
        project: The project.
        selection: What to export.
        thread_id: The thread.
        is_sparse: Whether to pass over comments without an annotation or a note, which are then not even read.
        is_whole: Whether posts that the options leave out come too, with nothing on them: a tree needs them.

    Raises:
        ExportError: If a span does not say what was quoted.
    """
    names = load_names(project)
    chunks = gather(project, (thread_id,), names, selection.annotator_id, is_sparse=is_sparse)
    for batch in chain.from_iterable(map(batches, counted(project.work, chunks))):
        yield from shaped(labeled_posts(batch, names, selection), selection.shapers, is_whole=is_whole)


def counted(work: Work, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """Yield posts of whole threads as they come, and say how many are done: those too that are passed over.

    Raises:
        WorkCancelledError: If the work was cancelled.
    """
    whole, thread = work.done, None  # posts of threads that are behind us, and where we are
    for chunk in chunks:
        if thread is not None and thread.id not in chunk.threads:
            whole += thread.posts
        last = chunk.posts[-1]
        thread = chunk.threads[last[THREAD]]
        whole += sum(each.posts for each in chunk.threads.values()) - thread.posts
        yield chunk
        work.advance(whole + last[POSITION] + 1)
    if thread is not None:
        work.advance(whole + thread.posts)


def shaped(posts: Iterable[LabeledPost], shapers: Sequence[Shaper], *, is_whole: bool = False) -> Iterator[LabeledPost]:
    """Yield posts as the options want them; `is_whole` as for `iter_labeled_posts`."""
    for post in posts:
        found = post
        for shape in shapers:
            found = shape(found)
        if is_whole or not found.is_left_out:
            yield found


def labeled_posts(batch: Batch, names: Names, selection: Selection) -> Iterator[LabeledPost]:
    """Yield the posts of a batch, not shaped yet.

    Raises:
        ExportError: If a span does not say what was quoted.
    """
    ends = told_ends(batch.ends, selection)
    for gathered in batch.posts:
        yield labeled_post(gathered, batch, names, selection, ends)


def labeled_post(
    gathered: GatheredPost, batch: Batch, names: Names, selection: Selection, ends: Mapping[int, End]
) -> LabeledPost:
    """Return a post of a batch, not shaped yet.

    Args:
        gathered: The post.
        batch: The batch.
        names: What its rows name.
        selection: What to export.
        ends: The batch's, as the selection tells them.

    Raises:
        ExportError: If a span does not say what was quoted.
    """
    thread, post = batch.thread, post_of(gathered)
    annotations = [annotation_of(row, thread.id, names) for row in gathered.annotations]
    for annotation in annotations:
        _check_quote(thread, post, annotation)
    on_thread = [annotation_of(row, thread.id, names) for row in batch.on_thread] if post.position == 0 else ()
    return LabeledPost(
        thread=thread,
        post=post,
        annotations=selection.chosen(annotations),
        thread_annotations=selection.chosen(on_thread),
        reviewers=gathered.reviewers,
        flaggers=gathered.flaggers,
        seconds=gathered.seconds,
        post_keys=batch.post_keys,
        ends=ends,
        notes=gathered.notes,
    )


def told_ends(ends: Mapping[int, End], selection: Selection) -> Mapping[int, End]:
    """Return the ends of relations with the labels that are told for those that were put."""
    if not selection.telling.current:
        return ends
    return {row: replace(end, label=selection.telling.label(end.label)) for row, end in ends.items()}


def _check_quote(thread: StoredThread, post: StoredPost, annotation: Annotation) -> None:
    span, quote = annotation.target.span, annotation.quote
    if span is None or annotation.detached:
        return
    if quote is None or not is_quote_at(post.text, span, quote.exact):
        raise wrong_quote(f"{span}", annotation.uuid, annotation.label, f"post {post.key} of thread {thread.key}")


def wrong_quote(span: str, uuid: str, label: str, where: str) -> ExportError:
    """Return the refusal of a span that does not say what was quoted: a dataset that is wrong is worse than none."""
    return ExportError(
        f"The span {span} of the annotation {uuid} ({label}) in {where} does not say what was quoted",
        "Nothing was written. See what is wrong with the project: postil check",
    )
