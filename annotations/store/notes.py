"""Notes on posts: what an annotator remarks on a post as a whole, at most one each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from annotations.store.project import Project


class PostNote(Struct, frozen=True, kw_only=True):
    """What an annotator has remarked on a post.

    Args:
        annotator: Whose note it is.
        annotator_id: The annotator's row.
        note: What it says; it is never empty.
        written_at: When it was written as it stands, ISO 8601 in UTC.
    """

    annotator: str
    annotator_id: int
    note: str
    written_at: str


def notes_on_posts(
    project: Project, post_ids: Iterable[int], annotator_id: int | None = None
) -> dict[int, tuple[PostNote, ...]]:
    """Return the notes on those of the posts that have any, by the post's row, in order of the annotators' names.

    Args:
        project: The project.
        post_ids: Any number of posts.
        annotator_id: Only this annotator's.
    """
    query = """
        SELECT n.post_id, r.name, n.annotator_id, n.note, n.written_at FROM json_each(?1) AS j
        CROSS JOIN post_notes AS n ON n.post_id = j.value
        JOIN annotators AS r ON r.id = n.annotator_id
        WHERE ?2 IS NULL OR n.annotator_id = ?2
        ORDER BY n.post_id, r.name
    """
    found: dict[int, tuple[PostNote, ...]] = {}
    with project.reading():
        for post_id, name, owner, note, written_at in project.connection.execute(
            query, (str(list(post_ids)), annotator_id)
        ):
            written = PostNote(annotator=name, annotator_id=owner, note=note, written_at=written_at)
            found[post_id] = (*found.get(post_id, ()), written)
    return found


def load_note(project: Project, post_id: int, annotator_id: int) -> str:
    """Return an annotator's note on a post, "" where there is none."""
    with project.reading():
        row = load_note_row(project, post_id, annotator_id)
    return "" if row is None else str(row["note"])


def load_note_row(project: Project, post_id: int, annotator_id: int) -> dict[str, object] | None:
    """Return a note's row for an event, None where there is none."""
    row = project.connection.execute(
        "SELECT note, written_at FROM post_notes WHERE annotator_id = ? AND post_id = ?", (annotator_id, post_id)
    ).fetchone()
    if row is None:
        return None
    return {"annotator_id": annotator_id, "post_id": post_id, "note": row[0], "written_at": row[1]}


def save_note_row(project: Project, post_id: int, annotator_id: int, row: Mapping[str, object] | None) -> None:
    """Write a note, or take it away for None; the caller holds the transaction and records the event."""
    if row is None:
        project.connection.execute(
            "DELETE FROM post_notes WHERE annotator_id = ? AND post_id = ?", (annotator_id, post_id)
        )
        return
    project.connection.execute(
        """
        INSERT INTO post_notes (annotator_id, post_id, note, written_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (annotator_id, post_id) DO UPDATE SET note = excluded.note, written_at = excluded.written_at
        """,
        (annotator_id, post_id, row["note"], row["written_at"]),
    )
