"""The reviews of many posts, written and taken back by one statement each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.errors import RuleError
from annotations.store.history import INSERT_EVENT, Action
from annotations.store.json_text import dump_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from annotations.store.history import Cause
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


def record_reviews(  # noqa: PLR0913  # the columns of an event
    project: Project,
    *,
    annotator_id: int,
    command_uuid: str,
    cause: Cause,
    action: Action,
    reviews: Sequence[tuple[int, Mapping[str, object]]],
    adjudicator_id: int | None = None,
) -> None:
    """Append an event for each of many reviews that were made or taken back, as `history.record_event` does for one.

    Args:
        project: As there.
        annotator_id: As there.
        command_uuid: As there.
        cause: As there.
        action: `REVIEW` or `UNREVIEW`.
        reviews: The thread's row of each, and its row in `reviews` as it is now, or was.
        adjudicator_id: As there.
    """
    now, origin = project.now(), project.origin
    what = (now, annotator_id, adjudicator_id, command_uuid, cause.value, action.value)
    is_new = action is Action.REVIEW
    project.work.begin("Writing the history", len(reviews), "comments")
    project.connection.executemany(
        INSERT_EVENT,
        (
            (0, project.new_id(), origin, origin, *what, thread_id, row["post_id"], None)
            + ((None, dump_json(row)) if is_new else (dump_json(row), None))
            for thread_id, row in project.work.each(reviews)
        ),
    )
