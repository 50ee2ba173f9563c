"""The reviews of many posts, written and taken back by one statement each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.errors import RuleError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from annotations.store.project import Project


def review_row(annotator_id: int, post_id: int, reviewed_at: str) -> dict[str, object]:
    """Return a row of `reviews`, as events keep it."""
    return {"annotator_id": annotator_id, "post_id": post_id, "reviewed_at": reviewed_at}


def save_reviews(project: Project, rows: Iterable[Mapping[str, object]]) -> None:
    """Write reviews, in the open transaction."""
    project.connection.executemany(
        "INSERT INTO reviews (annotator_id, post_id, reviewed_at) VALUES (:annotator_id, :post_id, :reviewed_at)", rows
    )


def take_reviews(project: Project, annotator_id: int, post_ids: Iterable[int]) -> dict[int, dict[str, object]]:
    """Delete reviews, in the open transaction; return their rows by post.

    Raises:
        RuleError: If one of them is not there.
    """
    ids = list(post_ids)
    values = (annotator_id, str(ids))
    which = "FROM reviews WHERE annotator_id = ? AND post_id IN (SELECT value FROM json_each(?))"
    found = dict(project.connection.execute(f"SELECT post_id, reviewed_at {which}", values))
    if any(post_id not in found for post_id in ids):
        raise RuleError("the post is no longer reviewed")
    project.connection.execute(f"DELETE {which}", values)
    return {post_id: review_row(annotator_id, post_id, found[post_id]) for post_id in ids}
