"""The passes over annotations and reviews from which statistics are made; each is one statement.

The most that is sorted is the annotations themselves, never posts: those are looked up by row, in their order.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from annotations.shape import Shape
from annotations.store.adjudication import NOT_GOLD, gold_id
from annotations.store.counted import Carried, Marked, Put, Spent, Within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import tzinfo

    from annotations.store.project import Project

_DAY, _HOUR, _MINUTE = 10, 13, 16
"""Characters of a time, as in 2026-05-01T08:30, that tell its day, its hour, and its minute."""


def count_put(project: Project, within: Within, zone: tzinfo | None) -> list[Put]:
    """Count annotations by label, annotator and day in a zone, None for that of this computer."""
    conditions, values = _conditions(project, within)
    query = """
        SELECT a.label_id, a.annotator_id, substr(a.created_at, 1, {}), COUNT(*), SUM(a.is_detached)
        FROM annotations AS a {} {} GROUP BY 1, 2, 3
    """
    labels = _label_ids(project)
    numbers: Counter[tuple[str, int, str]] = Counter()
    detached: Counter[tuple[str, int, str]] = Counter()
    for (label, annotator, time, number, lost), day in _with_days(
        project, lambda size: query.format(size, _order(conditions), _where(conditions)), values, zone
    ):
        del time
        numbers[labels[label], annotator, day] += number
        detached[labels[label], annotator, day] += lost
    return [Put(*key, number, detached[key]) for key, number in numbers.items()]


def count_marked(project: Project, within: Within) -> list[Marked]:
    """Count the posts that are in their threads by what they carry; other labels than those asked for are told too."""
    conditions, values = _conditions(project, Within(thread_id=within.thread_id, annotator_id=within.annotator_id))
    query = """
        SELECT p.thread_id, p.depth, s.marks
        FROM (
            SELECT post_id, group_concat(marks, ' ') AS marks
            FROM (
                SELECT a.post_id, a.annotator_id || ':' || group_concat(DISTINCT a.label_id) AS marks
                FROM annotations AS a {}
                GROUP BY a.post_id, a.annotator_id
            )
            GROUP BY post_id
        ) AS s CROSS JOIN posts AS p ON p.id = s.post_id
        WHERE p.position IS NOT NULL
    """
    narrowed = _where([*conditions, "a.post_id IS NOT NULL"])
    labels = {str(row): label for row, label in _label_ids(project).items()}
    with project.reading():
        counted = Counter(
            project.connection.execute(query.format(narrowed), values)
        )  # to sort them in SQLite takes as long again
    read: dict[str, Carried] = {}
    for _, _, marks in counted:
        if marks not in read:
            pairs = (mark.split(":") for mark in marks.split(" "))
            carried = {int(who): frozenset(map(labels.__getitem__, rows.split(","))) for who, rows in pairs}
            read[marks] = Carried(carried, frozenset().union(*carried.values()))
    return [Marked(thread_id, depth, posts, read[marks]) for (thread_id, depth, marks), posts in counted.items()]


def count_reviews(project: Project, within: Within, zone: tzinfo | None) -> Counter[tuple[int, str]]:
    """Count reviews by the annotator's row and the day in a zone, None for that of this computer."""
    query = "SELECT r.annotator_id, 0, substr(r.reviewed_at, 1, {}), COUNT(*) FROM {} GROUP BY 1, 3"
    found: Counter[tuple[int, str]] = Counter()
    for (annotator, _, _, number), day in _with_days(
        project, lambda size: query.format(size, _reviews(project, within)), _values(within), zone
    ):
        found[annotator, day] += number
    return found


def count_reviewed_comments(project: Project, within: Within) -> dict[int, int]:
    """Count the comments that somebody has reviewed, by the row of their thread; threads without one are left out."""
    query = """
        SELECT p.thread_id, COUNT(*) FROM (SELECT DISTINCT r.post_id FROM {}) AS d
        CROSS JOIN posts AS p ON p.id = d.post_id
        WHERE p.kind = 'comment' AND p.position IS NOT NULL GROUP BY p.thread_id
    """
    with project.reading():
        return dict(project.connection.execute(query.format(_reviews(project, within)), _values(within)).fetchall())


def count_lengths(project: Project, within: Within) -> dict[str, list[tuple[int, int]]]:
    """Count spans that have their words by label: pairs of a length in code points and how many have it, in order."""
    conditions, values = _conditions(project, within)
    query = """
        SELECT a.label_id, a.end_char - a.start_char, COUNT(*) FROM annotations AS a {} {}
        GROUP BY 1, 2 ORDER BY 1, 2
    """
    narrowed = _where([*conditions, "a.start_char IS NOT NULL", "a.is_detached = 0"])
    labels = _label_ids(project)
    found: dict[str, list[tuple[int, int]]] = {}
    with project.reading():
        for label, length, number in project.connection.execute(query.format(_order(conditions), narrowed), values):
            found.setdefault(labels[label], []).append((length, number))
    return found


def count_spent(project: Project, within: Within) -> dict[int, Spent]:
    """Return what annotators have labeled and spent, by row, as `annotations.store.times` tells it; labels do not matter."""
    conditions, values = _conditions(project, Within(thread_id=within.thread_id, annotator_id=within.annotator_id))
    query = "SELECT a.annotator_id, COUNT(DISTINCT a.post_id) FROM annotations AS a {} GROUP BY 1"
    with project.reading():
        labeled = dict(project.connection.execute(query.format(_where(conditions)), values).fetchall())
        spent = project.connection.execute(
            f"""
            SELECT t.annotator_id, SUM(t.seconds), SUM(t.seconds * EXISTS (
                SELECT 1 FROM annotations AS a WHERE a.post_id = t.post_id AND a.annotator_id = t.annotator_id
            ))
            FROM times AS t JOIN posts AS p ON p.id = t.post_id
            WHERE (t.annotator_id = :annotator OR (:annotator IS NULL AND t.{NOT_GOLD})) AND (:thread IS NULL OR p.thread_id = :thread)
            GROUP BY 1
            """,  # noqa: S608  # ours
            values,
        )
        seconds = {row: (total, on_labeled) for row, total, on_labeled in spent}
    return {row: Spent(labeled.get(row, 0), *seconds.get(row, (0.0, 0.0))) for row in {*labeled, *seconds}}


def count_posts_by_depth(project: Project, within: Within) -> Counter[int]:
    """Count posts by their depth: from the shapes of the threads, a byte a post."""
    query = "SELECT depths, sizes FROM thread_shapes WHERE :thread IS NULL OR thread_id = :thread"
    found: Counter[str] = Counter()
    with project.reading():
        for depths, sizes in project.connection.execute(query, {"thread": within.thread_id}):
            found.update(Shape.unpack(depths, sizes).depths)
    return Counter({ord(depth): number for depth, number in found.items()})


def thread_sizes(project: Project, within: Within) -> list[tuple[int, str, str, int]]:
    """Return row, key, title and the number of comments of each thread, in the order of their first import."""
    query = "SELECT id, key, title, posts - 1 FROM threads WHERE :thread IS NULL OR id = :thread ORDER BY id"
    with project.reading():
        return project.connection.execute(query, {"thread": within.thread_id}).fetchall()


def stored_labels(project: Project) -> list[tuple[str, str, str]]:
    """Return id, name and scope of each label that the project ever had, in the order of their arrival."""
    with project.reading():
        return project.connection.execute("SELECT label, name, scope FROM labels ORDER BY id").fetchall()


def _label_ids(project: Project) -> dict[int, str]:
    """Return the id of each label, by row."""
    with project.reading():
        return dict(project.connection.execute("SELECT id, label FROM labels").fetchall())


def _values(within: Within) -> dict[str, object]:
    labels = json.dumps(sorted(within.labels))
    return {"thread": within.thread_id, "annotator": within.annotator_id, "labels": labels}


def _conditions(project: Project, within: Within) -> tuple[list[str], dict[str, object]]:
    """Return what is asked of annotations: only what is, so that SQLite sees which index will do."""
    conditions = []
    if within.thread_id is not None:
        conditions.append("a.thread_id = :thread")
    if within.annotator_id is not None:
        conditions.append("a.annotator_id = :annotator")
    elif gold_id(project) is not None:
        conditions.append(f"+a.{NOT_GOLD}")
    if within.labels:
        wanted = "SELECT id FROM labels WHERE label IN (SELECT value FROM json_each(:labels))"
        conditions.append(f"a.label_id IN ({wanted})")
    return conditions, _values(within)


def _where(conditions: Sequence[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def _order(conditions: Sequence[str]) -> str:
    """Return how to read annotations: where (nearly) all are wanted, as they lie, and not through an index."""
    return "" if any(not each.startswith("+") for each in conditions) else "NOT INDEXED"


def _reviews(project: Project, within: Within) -> str:
    """Return which reviews, for a FROM clause."""
    source, conditions = "reviews AS r", []
    if within.thread_id is not None:
        source = "posts AS o CROSS JOIN reviews AS r ON r.post_id = o.id"
        conditions.append("o.thread_id = :thread")
    if within.annotator_id is not None:
        conditions.append("r.annotator_id = :annotator")
    elif gold_id(project) is not None:
        conditions.append(f"r.{NOT_GOLD}")
    return f"{source} {_where(conditions)}"


def _with_days(
    project: Project, query: Callable[[int], str], values: Mapping[str, object], zone: tzinfo | None
) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Yield rows, each with the day of its third cell: the beginning of a time in UTC.

    Rows are asked for by the hour, which are few; where the zone is off UTC by a part of one, by the minute.

    Args:
        project: The project.
        query: Returns the query whose third column holds so many characters of a time.
        values: The query's values.
        zone: The zone, None for that of this computer.
    """
    for size in (_HOUR, _MINUTE):
        with project.reading():
            rows = project.connection.execute(query(size), values).fetchall()
        days = {time: _day(time, zone) for time in {row[2] for row in rows}}
        if size == _MINUTE or all(is_whole for _, is_whole in days.values()):
            yield from ((row, days[row[2]][0]) for row in rows)
            return


def _day(time: str, zone: tzinfo | None) -> tuple[str, bool]:
    """Return the date that a time in UTC has in a zone, and whether that is off UTC by whole hours.

    A time that a source has written in another way keeps its own date.
    """
    try:
        there = datetime.fromisoformat(time).replace(tzinfo=UTC).astimezone(zone)
    except (ValueError, OverflowError):
        return time[:_DAY], True
    return there.date().isoformat(), not (there.utcoffset() or timedelta()) % timedelta(hours=1)
