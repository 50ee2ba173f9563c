"""What is new to an annotator: comments that an import has brought since they last had a thread open.

A thread counts its imports (`threads.revision`), and each post says with which of them it came (`posts.added_revision`).
A visit keeps, for each annotator and thread, the revision that the annotator knew when opening it last
(`known_revision`) and the one whose new comments they have looked at since (`seen_revision`). So a comment stays new
until it is read, or until the thread is opened again after a visit in which new comments were looked at: opening a
thread and leaving it at once loses nothing. To somebody who has never opened a thread, nothing in it is new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.store.read_marks import IS_READ

if TYPE_CHECKING:
    from annotations.model import StoredThread
    from annotations.store.project import Project

# `added_revision > 1` stands there for the partial index, which SQLite takes only where it sees that it applies.
_ARRIVED = "p.thread_id = :thread_id AND p.added_revision > 1 AND p.added_revision > :known"


def known_revision(project: Project, thread: StoredThread, annotator_id: int) -> int:
    """Return the revision of a thread that an annotator knows who opens it now; the present one at the first time."""
    query = "SELECT MAX(known_revision, seen_revision) FROM visits WHERE annotator_id = ? AND thread_id = ?"
    with project.reading():
        row = project.connection.execute(query, (annotator_id, thread.id)).fetchone()
    return thread.revision if row is None else int(row[0])


def save_visit(project: Project, thread_id: int, annotator_id: int, *, known: int, seen: int) -> None:
    """Remember which revision of a thread an annotator knew when opening it, and which they have looked at since.

    Raises:
        ProjectError: If the project cannot be written.
    """
    with project.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO visits (annotator_id, thread_id, known_revision, seen_revision) VALUES (?, ?, ?, ?)",
            (annotator_id, thread_id, known, seen),
        )


def arrived_positions(project: Project, thread_id: int, known: int) -> list[int]:
    """Return where the comments stand that came after the revision `known`, read or not; in order.

    Linear in what came, which stands in an index of its own; not in the thread.
    """
    query = f"SELECT p.position FROM posts AS p WHERE {_ARRIVED} AND p.position > 0"  # noqa: S608  # constants
    with project.reading():
        rows = project.connection.execute(query, {"thread_id": thread_id, "known": known})
        return sorted(row[0] for row in rows)


def new_count(project: Project, thread_id: int, annotator_id: int) -> int:
    """Return how many comments would be new to an annotator who opens the thread now: those that are unread."""
    return new_counts(project, annotator_id, thread_id).get(thread_id, 0)


def new_counts(project: Project, annotator_id: int, thread_id: int | None = None) -> dict[int, int]:
    """Return how many comments are new to an annotator, by thread; threads without any are left out.

    Only threads that were imported again since the annotator opened them cost anything.

    Args:
        project: The project.
        annotator_id: The annotator.
        thread_id: The only thread to look at, or None for all.
    """
    visits = """
        SELECT v.thread_id, MAX(v.known_revision, v.seen_revision)
        FROM visits AS v
        JOIN threads AS t ON t.id = v.thread_id
        WHERE v.annotator_id = ?1 AND t.revision > MAX(v.known_revision, v.seen_revision)
            AND (?2 IS NULL OR v.thread_id = ?2)
    """
    count = f"SELECT COUNT(*) FROM posts AS p WHERE {_ARRIVED} AND p.position > 0 AND NOT {IS_READ}"  # noqa: S608  # same
    found: dict[int, int] = {}
    with project.reading():
        for thread, known in project.connection.execute(visits, (annotator_id, thread_id)).fetchall():
            names = {"thread_id": thread, "known": known, "annotator_id": annotator_id}
            if number := project.connection.execute(count, names).fetchone()[0]:
                found[thread] = number
    return found
