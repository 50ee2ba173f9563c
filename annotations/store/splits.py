"""What threads have in common and how much is in each, counted for whoever divides a corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.store.adjudication import NOT_GOLD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from annotations.store.project import Project


def sizes_of_threads(project: Project) -> Iterator[tuple[int, str, int]]:
    """Yield row, key and number of posts of each thread, in the order of their rows."""
    with project.reading():
        yield from project.connection.execute("SELECT id, key, posts FROM threads ORDER BY id")


def labels_in_threads(project: Project, annotator_id: int | None = None) -> Iterator[tuple[int, str, int]]:
    """Yield for each thread and label, in the order of their rows, how many annotations there are.

    Args:
        project: The project.
        annotator_id: Only this annotator's; None for all, of whom the gold set is none.
    """
    query = f"""
        SELECT n.thread_id, l.label, n.annotations FROM (
            SELECT thread_id, label_id, COUNT(*) AS annotations FROM annotations
            WHERE annotator_id = ?1 OR (?1 IS NULL AND {NOT_GOLD})
            GROUP BY thread_id, label_id
        ) AS n JOIN labels AS l ON l.id = n.label_id
        ORDER BY n.thread_id, n.label_id
    """  # noqa: S608  # ours
    with project.reading():
        yield from project.connection.execute(query, (annotator_id,))


def authors_in_threads(project: Project, same: Callable[[str], str]) -> Iterator[tuple[str, int]]:
    """Yield each author with each thread that they wrote in, author by author; sorted on disk where there are many.

    Args:
        project: The project.
        same: Returns what all spellings of an author's name have in common.
    """
    query = """
        SELECT author, thread_id FROM (
            SELECT same_name(author) AS author, thread_id FROM (
                SELECT DISTINCT thread_id, author FROM posts WHERE author IS NOT NULL
            )
        ) ORDER BY author, thread_id
    """
    with project.reading():
        project.connection.create_function("same_name", 1, same, deterministic=True)
        yield from project.connection.execute(query)


def times_of_threads(project: Project) -> Iterator[tuple[int, str | None]]:
    """Yield for each thread when its article was written, else when its earliest post was; None where nothing says it.

    Times are ISO 8601 in UTC.
    """
    query = """
        SELECT t.id, COALESCE(
            (SELECT a.created_at FROM posts AS a WHERE a.thread_id = t.id AND a.position = 0),
            (SELECT MIN(p.created_at) FROM posts AS p WHERE p.thread_id = t.id)
        ) FROM threads AS t ORDER BY t.id
    """
    with project.reading():
        yield from project.connection.execute(query)
