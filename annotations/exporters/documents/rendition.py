"""The thread rendition: a thread as one text, for formats that cannot hold a relation from one post to another.

The layout is fixed. The first line tells of the thread; then comes a block for each post, in the order of the data set: a header
line and the post's text as it is. An empty line stands before each block; nothing follows the last text.

    ▌ Ferry to stop · https://news.example/ferry

    ▌ 0 · article · Desk · 2026-04-30T08:00:00Z
    Ferry to stop

    The ferry stops in May.

    ▌ 1.1 · Ada · 2026-05-01T08:30:00Z · level 2, answers 1 (pikeperch)
    It carried 12,000 people.

A header has the post's key, its author (`no name` where there is none), its time if it is known, how deep it stands and whom it
answers; a post that the options leave out, but that others answer, is `left out` and has no text. No text can be taken for a
header: the mark in front is one longer than any that a line of the texts begins with. What is put on a post as a whole is placed
on its header line, what is put on the thread on the first line, each without the mark.

Offsets are code points of the whole text; `Block` says where a post's text is in it. The text as a whole is never in memory, as a
thread may have a million posts: its posts are gone through twice, once for what must be known before (`survey`), and once to tell them.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from annotations.exporters.documents.sections import BETWEEN, Sections, one_line
from annotations.exporters.documents.survey import MARK, survey
from annotations.store.listing import load_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.documents.rendition_places import Section
    from annotations.exporters.documents.survey import Survey
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.model import StoredThread
    from annotations.store.project import Project

_PREVIEWED = 100
"""Posts of a thread that a preview renders."""
_IN_MEMORY = 2_000
"""Posts of a thread that is read once and not twice."""


class Rendition:
    """A thread as one text, with what is put on it, piece by piece.

    Args:
        posts: Returns the posts of the thread in pre-order, all or some of them, the same each time.
        found: What is known of these posts.
        thread: The thread, as the data set tells it.
    """

    def __init__(self, posts: Callable[[], Iterable[LabeledPost]], found: Survey, thread: StoredThread) -> None:
        self.survey = found
        self.thread = thread
        self._posts = posts
        self._mark = MARK * (found.longest + 1) + " "

    @property
    def annotators(self) -> list[str]:
        """The names of all who have put, noted, reviewed or flagged something in it, sorted."""
        return sorted(self.survey.annotators)

    @property
    def title(self) -> tuple[int, int]:
        """Where on the first line what it says of the thread begins and ends."""
        return len(self._mark), len(self._first_line)

    @property
    def _first_line(self) -> str:
        thread = self.thread
        return self._mark + BETWEEN.join(
            filter(None, (one_line(thread.title) or thread.key, one_line(thread.url or "")))
        )

    def sections(self) -> Iterator[Section]:
        """Yield the pieces of the text in order: the first line, then a block for each post.

        Raises:
            ExportError: If a span does not say what was quoted.
        """
        telling = Sections(self.survey, self._mark)
        for number, (labeled, is_found) in enumerate(zip(self._posts(), self.survey.found, strict=True)):
            if not is_found:
                continue
            if telling.blocks == 0:
                yield telling.first(self._first_line, labeled)
            yield telling.block(labeled, number)


def render(posts: Iterable[LabeledPost]) -> Rendition | None:
    """Return the posts of one thread as one text, with what is put on them; None if none of them is to be exported.

    Args:
        posts: The posts of the thread in pre-order, all or some of them; few enough to be in memory.
    """
    kept = list(posts)
    found = survey(kept)
    return None if found.thread is None or not any(found.found) else Rendition(lambda: kept, found, found.thread)


def iter_renditions(project: Project, selection: Selection) -> Iterator[Rendition]:
    """Yield the threads of a selection as texts; those of which no post is exported are left out.

    Raises:
        ExportError: If a span does not say what was quoted.
    """
    for thread_id in selection.thread_ids:
        rendition = _rendition(project, selection, thread_id)
        if rendition is not None:
            yield rendition


def _rendition(project: Project, selection: Selection, thread_id: int) -> Rendition | None:
    from annotations.exporters.rows.labeled_posts import iter_labeled_posts  # noqa: PLC0415  # loaded on use

    def posts() -> Iterator[LabeledPost]:
        return iter_labeled_posts(project, selection, thread_id, is_whole=True)

    number = load_thread(project, thread_id).posts
    if number <= _IN_MEMORY:
        return render(posts())
    with project.work.aside():
        project.work.begin("Looking through the thread", number, "posts")
        found = survey(posts())
    if found.thread is None or not any(found.found):
        project.work.advance(project.work.done + number)
        return None
    return Rendition(posts, found, found.thread)


def first_rendition(project: Project, selection: Selection) -> Rendition | None:
    """Return the beginning of the first thread that is exported: enough for a preview of however long a thread.

    Raises:
        ExportError: If a span does not say what was quoted.
    """
    from annotations.exporters.rows.labeled_posts import iter_labeled_posts  # noqa: PLC0415  # loaded on use

    for thread_id in selection.thread_ids:
        posts = iter_labeled_posts(project, selection, thread_id, is_whole=True)
        rendition = render(islice(posts, _PREVIEWED))
        if rendition is not None:
            return rendition
    return None
