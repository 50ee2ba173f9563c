"""How long annotators have been at posts, in seconds without idle time; `annotations.stopwatch` measures it.

It is no part of the history: nobody takes time back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from annotations.store.project import Project


class TimeSpent(NamedTuple):
    """What an annotator has spent.

    Args:
        annotator: The annotator's name.
        posts: How many posts they have spent time on.
        seconds: How much, on all posts.
        labeled: How many posts they have labeled.
        labeled_seconds: How much time they have spent on those.
    """

    annotator: str
    posts: int
    seconds: float
    labeled: int
    labeled_seconds: float

    @property
    def seconds_each(self) -> float | None:
        """Seconds a labeled post; None where none is labeled, or none took time: a script has labeled."""
        return self.labeled_seconds / self.labeled if self.labeled and self.labeled_seconds else None


def add_seconds(project: Project, annotator_id: int, seconds: Mapping[int, float]) -> None:
    """Add seconds to what an annotator has spent on posts, by the post's row; negative ones take back.

    Raises:
        ProjectError: If the project cannot be written.
    """
    if not seconds:
        return
    with project.transaction() as connection:
        connection.executemany(
            """
            INSERT INTO times (annotator_id, post_id, seconds) VALUES (?1, ?2, MAX(0, ?3))
            ON CONFLICT DO UPDATE SET seconds = MAX(0, seconds + ?3)
            """,
            [(annotator_id, post_id, amount) for post_id, amount in seconds.items()],
        )


def seconds_of_posts(project: Project, post_ids: Iterable[int], annotator_id: int | None = None) -> dict[int, float]:
    """Return the seconds spent on each of these posts, to a tenth, by an annotator or by all; without those of none."""
    query = """
        SELECT s.post_id, ROUND(SUM(s.seconds), 1) FROM json_each(?1) AS j
        CROSS JOIN times AS s ON s.post_id = j.value
        WHERE ?2 IS NULL OR s.annotator_id = ?2
        GROUP BY s.post_id
    """
    with project.reading():
        return dict(project.connection.execute(query, (str(list(post_ids)), annotator_id)).fetchall())


def seconds_of_threads(project: Project, annotator_id: int | None = None) -> dict[int, float]:
    """Return the seconds spent on each thread, to a tenth, by an annotator or by all; without those of none."""
    query = """
        SELECT p.thread_id, ROUND(SUM(s.seconds), 1) FROM times AS s CROSS JOIN posts AS p ON p.id = s.post_id
        WHERE ?1 IS NULL OR s.annotator_id = ?1
        GROUP BY p.thread_id
    """
    with project.reading():
        return dict(project.connection.execute(query, (annotator_id,)).fetchall())


def times_spent(project: Project, annotator_id: int | None = None, thread_id: int | None = None) -> list[TimeSpent]:
    """Return what each annotator has spent, those who have spent nothing and labeled nothing left out.

    Args:
        project: The project.
        annotator_id: Only this annotator; None for all.
        thread_id: Only in this thread; None for all.
    """
    query = """
        SELECT r.name, COUNT(w.seconds), COALESCE(SUM(w.seconds), 0), COALESCE(SUM(w.is_labeled), 0),
            COALESCE(SUM(CASE WHEN w.is_labeled THEN w.seconds END), 0)
        FROM annotators AS r JOIN (
            SELECT annotator_id, post_id, MAX(seconds) AS seconds, MAX(is_labeled) AS is_labeled FROM (
                SELECT annotator_id, post_id, seconds, 0 AS is_labeled FROM times
                UNION ALL
                SELECT DISTINCT annotator_id, post_id, NULL, 1 FROM annotations WHERE post_id IS NOT NULL
            ) GROUP BY annotator_id, post_id
        ) AS w ON w.annotator_id = r.id
        JOIN posts AS p ON p.id = w.post_id
        WHERE (?1 IS NULL OR r.id = ?1) AND (?2 IS NULL OR p.thread_id = ?2)
        GROUP BY r.id ORDER BY r.id
    """
    with project.reading():
        return list(map(TimeSpent._make, project.connection.execute(query, (annotator_id, thread_id))))
