"""Whole threads, for formats whose trees must not have gaps: posts that the options leave out are there, with nothing on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.exporters.rows.labeled_posts import iter_labeled_posts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.store.project import Project


def iter_whole_thread(project: Project, selection: Selection, thread_id: int) -> Iterator[LabeledPost]:
    """Yield all posts of a thread in pre-order; nothing of one of which all posts are left out.

    Raises:
        ExportError: If a span does not say what was quoted.
    """
    # Losses are counted in the first reading, so that this one goes to the end.
    if selection.options.only_reviewed and not sum(1 for _ in iter_labeled_posts(project, selection, thread_id)):
        return
    yield from iter_labeled_posts(project, selection, thread_id, is_whole=True)
