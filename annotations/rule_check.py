"""Where the work in a project breaks the rules of its codebook.

Nothing here is an error: rules never keep anybody from labeling, and a project with broken rules is sound.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.model import Scope
from annotations.store.labels import iter_annotations, reviewed_positions
from annotations.store.post_places import annotators_at_work, keys_at, positions_of
from annotations.store.snapshot import snapshot, thread_ids
from annotations.store.threads import load_thread
from annotations.violations import RuleBook, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.codebook import Codebook
    from annotations.model import Annotation
    from annotations.store.project import Project

_ON_THREAD = -1
"""The position under which what is put on a thread as a whole stands."""


class FoundViolation(Struct, frozen=True, kw_only=True):
    """A broken rule and where it is.

    Args:
        thread: The thread's key.
        post: The post's key; None for the thread as a whole.
        annotator: Whose work it is.
        uuid: The annotation that it is about, by its name in the history; None where it is about more than one.
        violation: What is broken.
    """

    thread: str
    post: str | None
    annotator: str
    uuid: str | None
    violation: Violation


class Work(Struct):
    """What an annotator has done in a thread.

    Args:
        posts: By position: what is put on each post and in it; a position with nothing was reviewed only.
        reviewed: The positions that were reviewed.
        on_thread: What is put on the thread as a whole.
    """

    posts: dict[int, list[Annotation]]
    reviewed: set[int]
    on_thread: list[Annotation]


def iter_violations(
    project: Project, codebook: Codebook, *, thread_id: int | None = None, annotator_id: int | None = None
) -> Iterator[FoundViolation]:
    """Yield every broken rule, by thread, annotator and post in reading order; memory holds one annotator's thread.

    Args:
        project: The project.
        codebook: The labels and their rules.
        thread_id: Only in this thread.
        annotator_id: Only in this annotator's work.

    Raises:
        ProjectError: If the project cannot be read.
    """
    book = RuleBook(codebook)
    with snapshot(project):
        for each in thread_ids(project) if thread_id is None else [thread_id]:
            key = load_thread(project, each).key
            for annotator, name in annotators_at_work(project, each):
                if annotator_id not in {None, annotator}:
                    continue
                work = load_work(project, each, annotator)
                broken = list(_look_over(book, work))
                keys = keys_at(project, each, {position for position, _ in broken})
                for position, violation in broken:
                    yield FoundViolation(
                        thread=key,
                        post=keys.get(position),
                        annotator=name,
                        uuid=_uuid(work, position, violation),
                        violation=violation,
                    )


def _look_over(book: RuleBook, work: Work) -> Iterator[tuple[int, Violation]]:
    """Yield what is broken, with its position; -1 for the thread as a whole."""
    for violation in book.of_thread(work.on_thread, has_begun=bool(work.posts or work.on_thread)):
        yield _ON_THREAD, violation
    in_thread = Counter(found.label for put in work.posts.values() for found in put)
    for position, put in sorted(work.posts.items()):
        for violation in book.of_post(
            put, is_comment=position > 0, is_reviewed=position in work.reviewed, in_thread=in_thread
        ):
            yield position, violation


def _uuid(work: Work, position: int, violation: Violation) -> str | None:
    put = work.on_thread if position == _ON_THREAD else work.posts[position]
    return next((found.uuid for found in put if found.id == violation.annotation), None)


def load_work(project: Project, thread_id: int, annotator_id: int) -> Work:
    """Return what an annotator has done in a thread.

    Raises:
        ProjectError: If the project cannot be read.
    """
    reviewed = reviewed_positions(project, thread_id, annotator_id)
    on_thread: list[Annotation] = []
    by_post: dict[int, list[Annotation]] = {}
    for annotation in iter_annotations(project, thread_id, annotator_id):
        if annotation.scope is Scope.THREAD:
            on_thread.append(annotation)
        elif annotation.target.post_id is not None:
            by_post.setdefault(annotation.target.post_id, []).append(annotation)
    found = {position: by_post[post_id] for post_id, position in positions_of(project, by_post).items()}
    for position in reviewed:
        found.setdefault(position, [])
    return Work(posts=found, reviewed=reviewed, on_thread=on_thread)
