"""Who has seen which posts, and what they said of them, counted by SQLite.

A post is seen by whoever has reviewed it or put a label on or in it. To have read it says nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from annotations.store.adjudication import NOT_GOLD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annotations.agreement import Unit
    from annotations.store.project import Project

Counted: TypeAlias = "list[tuple[Unit, int]]"
"""What was said of a post, and of how many posts the same was said."""

_SEEN = """
    CREATE TEMP TABLE seen (post_id INTEGER, annotator_id INTEGER, PRIMARY KEY (post_id, annotator_id)) WITHOUT ROWID
"""

_SEE = """
    INSERT INTO temp.seen SELECT post_id, annotator_id FROM reviews
    UNION SELECT post_id, annotator_id FROM annotations WHERE post_id IS NOT NULL
    ORDER BY 1, 2
"""
"""Both are read in the order of an index, and merged."""

_LEAVE_OUT = """
    DELETE FROM temp.seen WHERE NOT EXISTS (
        SELECT 1 FROM posts AS p WHERE p.id = seen.post_id AND p.thread_id IN (SELECT value FROM json_each(?)))
"""

_SHARE = """
    CREATE TEMP TABLE shared AS SELECT post_id, COUNT(*) AS seers FROM temp.seen
    WHERE annotator_id IN (SELECT value FROM json_each(?)) GROUP BY post_id HAVING COUNT(*) > 1
"""

_POST_LABELS = """
    SELECT l.label, seers, given, COUNT(*) FROM (
        SELECT a.label_id, s.seers, COUNT(DISTINCT a.annotator_id) AS given
        FROM temp.shared AS s
        CROSS JOIN annotations AS a ON a.post_id = s.post_id
        WHERE a.start_char IS NULL AND a.to_post_id IS NULL AND a.to_thread_id IS NULL
            AND a.annotator_id IN (SELECT value FROM json_each(:who))
        GROUP BY s.post_id, a.label_id)
    JOIN labels AS l ON l.id = label_id
    GROUP BY label_id, seers, given ORDER BY l.label, seers, given
"""

_CHOICES = """
    SELECT choices, COUNT(*) FROM (
        SELECT group_concat(label_id) AS choices FROM (
            SELECT o.post_id, MIN(COALESCE(a.label_id, 0)) AS label_id
            FROM temp.shared AS s
            CROSS JOIN temp.seen AS o ON o.post_id = s.post_id
            LEFT JOIN annotations AS a ON a.post_id = o.post_id AND a.annotator_id = o.annotator_id
                AND a.start_char IS NULL AND +a.label_id IN (SELECT value FROM json_each(:labels))
            WHERE o.annotator_id IN (SELECT value FROM json_each(:who))
            GROUP BY o.post_id, o.annotator_id)
        GROUP BY post_id)
    GROUP BY choices ORDER BY choices
"""

_SAME = """EXISTS (SELECT 1 FROM annotations AS b
    WHERE b.post_id = a.post_id AND b.annotator_id = o.annotator_id AND {} AND b.label_id = a.label_id AND b.is_detached = 0)"""

_SPAN_PAIRS = f"""
    SELECT l.label, one, other, spans, exact, overlapping FROM (
        SELECT a.label_id, a.annotator_id AS one, o.annotator_id AS other, COUNT(*) AS spans,
            SUM({_SAME.format("b.start_char = a.start_char AND b.end_char = a.end_char")}) AS exact,
            SUM({_SAME.format("b.start_char < a.end_char AND b.end_char > a.start_char")}) AS overlapping
        FROM temp.shared AS s
        CROSS JOIN annotations AS a ON a.post_id = s.post_id
        CROSS JOIN temp.seen AS o ON o.post_id = s.post_id AND o.annotator_id <> a.annotator_id
        WHERE a.start_char IS NOT NULL AND a.is_detached = 0
            AND a.annotator_id IN (SELECT value FROM json_each(:who))
            AND o.annotator_id IN (SELECT value FROM json_each(:who))
        GROUP BY a.label_id, a.annotator_id, o.annotator_id)
    JOIN labels AS l ON l.id = label_id
    ORDER BY l.label, one, other
"""  # noqa: S608  # made of constants


class SpanPair(Struct, frozen=True, kw_only=True):
    """The spans of one annotator, on the posts that another has seen too.

    Args:
        label: The stable id of the label.
        one: The row of the annotator.
        other: The row of the other.
        spans: How many spans the one has.
        exact: Of these, where the other has the same words under the same label.
        overlapping: Of these, where the other has words in common under the same label.
    """

    label: str
    one: int
    other: int
    spans: int
    exact: int
    overlapping: int


class Judgements:
    """What some annotators said of the posts that two or more of them have seen.

    Args:
        project: The project; while this is in use, it has temporary tables.
        annotator_ids: The annotators.
    """

    def __init__(self, project: Project, annotator_ids: Iterable[int]) -> None:
        self._project = project
        self._who = json.dumps(sorted(annotator_ids))

    def shared_posts(self) -> dict[int, int]:
        """Return how many posts were seen by two annotators, by three and so on."""
        query = "SELECT seers, COUNT(*) FROM temp.shared GROUP BY seers ORDER BY seers"
        return {row[0]: row[1] for row in self._rows(query)}

    def post_labels(self) -> dict[str, Counted]:
        """Return for each label of posts that was put on one of them: who put it, yes or no, 1 or 0."""
        shared = self.shared_posts()
        found: dict[str, Counted] = {}
        rest: dict[str, Counter[int]] = {}
        for label, seers, given, number in self._rows(_POST_LABELS, who=self._who):
            found.setdefault(label, []).append(({1: given, 0: seers - given}, number))
            rest.setdefault(label, Counter(shared))[seers] -= number
        for label, without in rest.items():
            found[label] += [({0: seers}, number) for seers, number in sorted(without.items()) if number]
        return found

    def choices(self, labels: Iterable[str]) -> Counted:
        """Return what annotators chose of labels of posts of which one excludes the other; "" where none of them.

        Args:
            labels: The ids of the labels.
        """
        wanted = json.dumps(sorted(labels))
        rows = self._rows(
            "SELECT id, label FROM labels WHERE label IN (SELECT value FROM json_each(:wanted))", wanted=wanted
        )
        names = {"0": "", **{str(row): label for row, label in rows}}
        said: Counter[tuple[str, ...]] = Counter()
        for choices, number in self._rows(_CHOICES, who=self._who, labels=json.dumps([row for row, _ in rows])):
            said[tuple(sorted(names[each] for each in choices.split(",")))] += number
        return [(Counter(each), number) for each, number in sorted(said.items())]

    def span_pairs(self) -> list[SpanPair]:
        """Return how far each annotator's spans are also each other's, by label; detached spans are nobody's."""
        return [
            SpanPair(label=row[0], one=row[1], other=row[2], spans=row[3], exact=row[4], overlapping=row[5])
            for row in self._rows(_SPAN_PAIRS, who=self._who)
        ]

    def _rows(self, query: str, **values: str) -> list[tuple[Any, ...]]:
        with self._project.reading():
            return self._project.connection.execute(query, values).fetchall()


class Seen:
    """Who has seen which posts of some threads; see `seeing`.

    Args:
        project: The project.
    """

    def __init__(self, project: Project) -> None:
        self._project = project

    def count(self, annotator_id: int | None = None) -> tuple[int, int]:
        """Return how many posts somebody, or one annotator, has seen, and how many two annotators or more have.

        The gold set is nobody's: what is settled counts where it is asked for alone.
        """
        query = f"""
            SELECT COUNT(*), COALESCE(SUM(seers > 1), 0) FROM (
                SELECT COUNT(*) AS seers FROM temp.seen
                WHERE annotator_id = ?1 OR (?1 IS NULL AND {NOT_GOLD}) GROUP BY post_id)
        """  # noqa: S608  # ours
        with self._project.reading():
            row = self._project.connection.execute(query, (annotator_id,)).fetchone()
        return int(row[0]), int(row[1])

    def annotators(self) -> set[int]:
        """Return the rows of those who have seen a post, the gold set's among them if anything is settled."""
        query = """
            SELECT id FROM annotators WHERE EXISTS (SELECT 1 FROM temp.seen WHERE seen.annotator_id = annotators.id)
        """
        with self._project.reading():
            return {row[0] for row in self._project.connection.execute(query)}

    @contextmanager
    def judgements(self, annotator_ids: Iterable[int]) -> Iterator[Judgements]:
        """Let what these annotators said be asked for in the block."""
        who = sorted(annotator_ids)
        connection = self._project.connection
        with self._project.reading():
            connection.execute(_SHARE, (json.dumps(who),))
        try:
            yield Judgements(self._project, who)
        finally:
            connection.execute("DROP TABLE temp.shared")


@contextmanager
def seeing(project: Project, thread_ids: Iterable[int] | None = None) -> Iterator[Seen]:
    """Gather who has seen which posts, in a temporary table that is there during the block; the project is not written.

    Args:
        project: The project.
        thread_ids: The threads; None for all of them.

    Raises:
        ProjectError: If the project cannot be read.
    """
    connection = project.connection
    with _temporary_tables(project):
        with project.reading():
            connection.execute(_SEEN)
        try:
            with project.reading():
                connection.execute(_SEE)
                if thread_ids is not None:
                    connection.execute(_LEAVE_OUT, (json.dumps(list(thread_ids)),))
            yield Seen(project)
        finally:
            connection.execute("DROP TABLE temp.seen")


@contextmanager
def _temporary_tables(project: Project) -> Iterator[None]:
    """Let temporary tables be made by a connection that can only read; the project itself stays out of its reach."""
    if project.is_read_only:
        project.connection.execute("PRAGMA query_only=OFF")
    try:
        yield
    finally:
        if project.is_read_only:
            project.connection.execute("PRAGMA query_only=ON")
