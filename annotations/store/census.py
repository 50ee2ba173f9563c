"""What a project holds, counted by SQLite: nothing is read into memory but the counts.

`thread_ids` are the threads to count, None for all of them; `annotator_id` is the only annotator, None for all, of whom the
gold set is none.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from annotations.store.adjudication import NOT_GOLD, gold_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annotations.store.project import Project

Threads: TypeAlias = "Iterable[int] | None"

_OF_THREADS = "(?1 IS NULL OR {} IN (SELECT value FROM json_each(?1)))"
_OF_ANNOTATOR = f"(annotator_id = ?2 OR (?2 IS NULL AND {NOT_GOLD}))"
_CHOSEN = f"{_OF_THREADS.format('thread_id')} AND {_OF_ANNOTATOR}"
_LABELED = """
    (?3 = '[]' OR label_id IN (SELECT id FROM labels WHERE label IN (SELECT value FROM json_each(?3))))
"""


class PostFacts(Struct, frozen=True, kw_only=True):
    """What can be said of posts all at once.

    Args:
        posts: How many they are, the articles among them.
        authors: How many names stand above them.
        first_at: When the oldest was written, ISO 8601 in UTC; None where no source says.
        last_at: When the newest was.
        uncertain: How many an importer had to guess about.
    """

    posts: int
    authors: int
    first_at: str | None
    last_at: str | None
    uncertain: int


class SourceCount(Struct, frozen=True, kw_only=True):
    """Threads that came by one importer.

    Args:
        format: The importer's name.
        threads: How many they are.
        first_at: When the first was imported last, ISO 8601 in UTC.
        last_at: When the last was.
    """

    format: str
    threads: int
    first_at: str
    last_at: str


def count_labels(project: Project, thread_ids: Threads, annotator_id: int | None = None) -> dict[str, int]:
    """Return how often each label was put, by its id, in the order of the ids."""
    is_all = thread_ids is None and annotator_id is None and gold_id(project) is None
    if is_all:
        query = "SELECT label_id, COUNT(*) AS uses FROM annotations GROUP BY label_id"  # an index has it
    else:
        query = f"SELECT label_id, COUNT(*) AS uses FROM annotations WHERE {_CHOSEN} GROUP BY label_id"  # noqa: S608  # ours
    return _counted(
        project,
        f"SELECT l.label, c.uses FROM ({query}) AS c JOIN labels AS l ON l.id = c.label_id ORDER BY l.label",  # noqa: S608  # ours
        *(() if is_all else (_threads(thread_ids), annotator_id)),
    )


def count_annotators(
    project: Project, thread_ids: Threads, annotator_id: int | None = None, labels: Iterable[str] = ()
) -> dict[str, int]:
    """Return how often each annotator has put a label, one of `labels` if there are any, by name, in order of names."""
    chosen = json.dumps(sorted(labels))
    if thread_ids is None and annotator_id is None and chosen == "[]" and gold_id(project) is None:
        where, values = "1", []  # an index has it
    else:
        where, values = f"{_CHOSEN} AND {_LABELED}", [_threads(thread_ids), annotator_id, chosen]
    return _counted(
        project,
        f"""
        SELECT r.name, c.uses FROM (
            SELECT annotator_id, COUNT(*) AS uses FROM annotations WHERE {where} GROUP BY annotator_id) AS c
        JOIN annotators AS r ON r.id = c.annotator_id ORDER BY r.name
        """,  # noqa: S608  # ours
        *values,
    )


def count_detached(
    project: Project, thread_ids: Threads, annotator_id: int | None = None, labels: Iterable[str] = ()
) -> int:
    """Return how many annotations have lost their place, of one of `labels` if there are any."""
    query = f"""
        SELECT COUNT(*) FROM annotations INDEXED BY annotations_detached
        WHERE is_detached = 1 AND {_CHOSEN} AND {_LABELED}
    """  # noqa: S608  # ours
    with project.reading():
        values = (_threads(thread_ids), annotator_id, json.dumps(sorted(labels)))
        return int(project.connection.execute(query, values).fetchone()[0])


def reviews_by_annotator(project: Project, thread_ids: Threads, annotator_id: int | None = None) -> dict[str, int]:
    """Return how many posts each annotator has said to be done, by name; those without are left out."""
    query = f"""
        SELECT r.name, COUNT(*) FROM reviews AS v
        JOIN annotators AS r ON r.id = v.annotator_id
        WHERE {_OF_ANNOTATOR} AND (?1 IS NULL OR EXISTS (
            SELECT 1 FROM posts AS p WHERE p.id = v.post_id AND {_OF_THREADS.format("p.thread_id")}))
        GROUP BY v.annotator_id ORDER BY r.name
    """  # noqa: S608  # made of constants
    with project.reading():
        return dict(project.connection.execute(query, (_threads(thread_ids), annotator_id)))


def post_facts(project: Project, thread_ids: Threads) -> PostFacts:
    """Return what can be said of the posts of these threads all at once; no text is read."""
    query = f"""
        SELECT COUNT(*), COUNT(DISTINCT author), MIN(created_at), MAX(created_at), COALESCE(SUM(uncertain <> '[]'), 0)
        FROM posts WHERE position IS NOT NULL AND {_OF_THREADS.format("thread_id")}
    """  # noqa: S608  # made of constants
    with project.reading():
        row = project.connection.execute(query, (_threads(thread_ids),)).fetchone()
    return PostFacts(posts=row[0], authors=row[1], first_at=row[2], last_at=row[3], uncertain=row[4])


def count_sources(project: Project, thread_ids: Threads) -> list[SourceCount]:
    """Return by which importers the threads came, in order of their names."""
    query = f"""
        SELECT format, COUNT(*), MIN(imported_at), MAX(imported_at) FROM threads
        WHERE {_OF_THREADS.format("id")} GROUP BY format ORDER BY format
    """  # noqa: S608  # made of constants
    with project.reading():
        rows = project.connection.execute(query, (_threads(thread_ids),)).fetchall()
    return [SourceCount(format=row[0], threads=row[1], first_at=row[2], last_at=row[3]) for row in rows]


def iter_urls(project: Project, thread_ids: Threads) -> Iterator[str]:
    """Yield where the threads stood, as far as that is known."""
    query = f"SELECT url FROM threads WHERE url IS NOT NULL AND {_OF_THREADS.format('id')} ORDER BY id"  # noqa: S608  # made of constants
    with project.reading():
        for (url,) in project.connection.execute(query, (_threads(thread_ids),)):
            yield url


def state_of(project: Project) -> str | None:
    """Return when the project's history was added to last, or a thread imported, ISO 8601 in UTC; None if never."""
    query = """
        SELECT MAX(at) FROM (SELECT MAX(at) AS at FROM events UNION ALL SELECT MAX(imported_at) FROM threads
            UNION ALL SELECT MAX(applied_at) FROM codebook_versions)
    """
    with project.reading():
        row = project.connection.execute(query).fetchone()
    return None if row[0] is None else str(row[0])


def _threads(thread_ids: Threads) -> str | None:
    return None if thread_ids is None else json.dumps(list(thread_ids))


def _counted(project: Project, query: str, *values: object) -> dict[str, int]:
    with project.reading():
        return dict(project.connection.execute(query, values))


def state_stamp(project: Project) -> tuple[object, ...]:
    """Return what differs if anything that is counted was changed: every change is an event, or an import."""
    query = """
        SELECT (SELECT MAX(id) FROM events), COUNT(*), SUM(revision), MAX(imported_at), SUM(posts),
            (SELECT COUNT(*) FROM annotators), (SELECT MAX(id) FROM codebook_versions)
        FROM threads
    """
    with project.reading():
        return tuple(project.connection.execute(query).fetchone())
