"""Many posts with all that is put on them, in reading order: a few long queries whose rows are merged.

A query for each table goes through all the threads that are wanted, in the order of threads and positions, and its rows are
taken as the posts come to which they belong. So a thread costs next to no query of its own, a post none, and memory holds one
batch.
"""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from annotations.store.gathered import Batch, GatheredPost
from annotations.store.gathering import Queries
from annotations.store.listing import load_thread
from annotations.store.notes import notes_on_posts
from annotations.store.snapshot import count_posts, keys_of_posts, load_ends

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
    from sqlite3 import Cursor

    from annotations.store.gathered import Names, Row
    from annotations.store.notes import PostNote
    from annotations.store.project import Project
    from annotations.store.snapshot import End

BATCH = 500
"""Posts whose texts and labels are in memory at a time."""

_ROOM = 500_000
"""Characters of texts that are in memory at a time, if the posts are about as long as those before them."""

_FIRST_BATCH = 4
_GROWTH = 5
"""How batches grow: a preview needs the first few posts, and needs them at once."""

_TEXT, _REVIEWERS, _FLAGGERS, _SECONDS, _HAS_NOTES = 11, 15, 16, 17, 18
_ID, _LABEL, _ANNOTATOR, _START, _END = 1, 3, 4, 5, 6
_FROM_ANNOTATION, _TO_POST, _TO_ANNOTATION, _TO_THREAD = 9, 10, 11, 12
"""Where rows of posts, and those of annotations, have what is looked at here."""

_THREAD = itemgetter(1)
_NOTHING: list[Row] = []
"""Of what has nothing on it; nobody adds to it."""
_ROWS = 1000
"""Rows of annotations that are read at once."""


def gather(  # noqa: PLR0913  # what is wanted of the project
    project: Project,
    thread_ids: Sequence[int],
    names: Names,
    annotator_id: int | None = None,
    *,
    is_sparse: bool = False,
    has_affixes: bool = True,
) -> Iterator[Batch]:
    """Yield the posts of threads with all that is put on them; a batch of several threads is yielded thread by thread.

    Args:
        project: The project, in a snapshot.
        thread_ids: The threads, in the order in which they are wanted; that of their rows is the fastest.
        names: Those of the project.
        annotator_id: The only annotator whose annotations, reviews, flags, seconds and notes count; None for all.
        is_sparse: Whether to pass over comments without an annotation or a note, which are then not even read.
        has_affixes: Whether the prefixes and suffixes of quotes are wanted.
    """
    size = _FIRST_BATCH
    for run in _ascending(thread_ids):
        queries = Queries(run, annotator_id, is_sparse=is_sparse, has_affixes=has_affixes)
        gathering = _Gathering(project, names, queries, annotator_id)
        while batches := gathering.read(size := min(size * _GROWTH, BATCH, gathering.most)):
            yield from batches


class Marks(NamedTuple):
    """How many posts there are, and how many reviews, flags and notes on them."""

    posts: int
    reviews: int
    flags: int
    notes: int


def count_marks(project: Project, thread_ids: Sequence[int], annotator_id: int | None = None) -> Marks:
    """Return how much there is in threads; of the posts all, of the rest what is of one annotator or of all."""
    theirs = "" if annotator_id is None else f"AND a.annotator_id = {int(annotator_id)}"
    with project.reading():
        (threads,) = project.connection.execute("SELECT COUNT(*) FROM threads").fetchone()
        source = "AS a WHERE TRUE"
        values: tuple[str, ...] = ()
        if len(thread_ids) < threads:
            source = "AS a JOIN posts AS p ON p.id = a.post_id WHERE p.thread_id IN (SELECT value FROM json_each(?1))"
            values = (json.dumps(thread_ids),)
        found = (
            int(project.connection.execute(f"SELECT COUNT(*) FROM {table} {source} {theirs}", values).fetchone()[0])  # noqa: S608  # made of constants and a number
            for table in ("reviews", "flags", "post_notes")
        )
        return Marks(count_posts(project, thread_ids), *found)


def _ascending(thread_ids: Sequence[int]) -> Iterator[list[int]]:
    """Yield runs of threads whose rows ascend."""
    run: list[int] = []
    for thread_id in thread_ids:
        if run and thread_id <= run[-1]:
            yield run
            run = []
        run.append(thread_id)
    if run:
        yield run


class _Gathering:
    """Goes through threads, table by table at once.

    Args:
        project: The project.
        names: Those of the project.
        queries: What is to be read.
        annotator_id: As in `gather`.
    """

    def __init__(self, project: Project, names: Names, queries: Queries, annotator_id: int | None) -> None:
        read = project.connection.execute
        self.most = BATCH
        """Posts that are to be read at a time."""
        self._project = project
        self._names = names
        self._who = {row: annotator.name for row, annotator in names.annotators.items()}
        self._people = _People(self._who)
        self._annotator_id = annotator_id
        with project.reading():
            self._posts = read(queries.posts, queries.values)
            self._annotations = _Rows(read(queries.annotations, queries.values))
            self._on_threads = _Rows(read(queries.on_threads, queries.values))

    def read(self, size: int) -> list[Batch]:
        """Return the next `size` posts or fewer, a batch a thread; none at the end."""
        with self._project.reading():
            posts = self._posts.fetchmany(size)
            self.most = 1 + _ROOM * len(posts) // (1 + sum(len(post[_TEXT]) for post in posts))
            self._annotations.read_for({post[0] for post in posts})
            noted = [post[0] for post in posts if post[_HAS_NOTES]]
            notes = notes_on_posts(self._project, noted, self._annotator_id) if noted else {}
            found = [
                (load_thread(self._project, thread_id), self._thread_rows(thread_id), self._gather(members, notes))
                for thread_id, members in groupby(posts, _THREAD)
            ]
        gathered = [each for _, _, members in found for each in members]
        relations = [row for each in gathered for row in each.annotations if row[_TO_POST] or row[_TO_THREAD]]
        relations += [row for _, on_thread, _ in found for row in on_thread if row[_TO_POST] or row[_TO_THREAD]]
        post_keys, ends = self._ends(relations)
        return [Batch(thread, on_thread, members, post_keys, ends) for thread, on_thread, members in found]

    def _gather(self, posts: Iterable[Row], notes: Mapping[int, tuple[PostNote, ...]]) -> list[GatheredPost]:
        """Take what belongs to posts; this loop is what a large export spends its time in, beside SQLite and the encoder."""
        take, place, people = self._annotations.pop, self._place, self._people
        gathered = []
        for post in posts:
            annotations = take(post[0], _NOTHING)
            if len(annotations) > 1 and not _are_in_order(annotations):
                annotations.sort(key=place)
            gathered.append(
                GatheredPost(
                    post,
                    annotations,
                    people[post[_REVIEWERS]] if post[_REVIEWERS] else (),
                    people[post[_FLAGGERS]] if post[_FLAGGERS] else (),
                    post[_SECONDS] or 0.0,
                    notes.get(post[0], ()) if notes else (),
                )
            )
        return gathered

    def _thread_rows(self, thread_id: int) -> list[Row]:
        self._on_threads.read_for((thread_id,))
        rows = (row[1:] for row in self._on_threads.pop(thread_id, ()))
        return sorted(rows, key=lambda row: (self._names.labels[row[_LABEL]], self._who[row[_ANNOTATOR]], row[_ID]))

    def _place(self, row: Row) -> tuple[int, int, str, str, int]:
        """Return what annotations of a post are ordered by: those without a span come first."""
        start = row[_START]
        label, who = self._names.labels[row[_LABEL]], self._who[row[_ANNOTATOR]]
        return (-1, -1, label, who, row[_ID]) if start is None else (start, row[_END], label, who, row[_ID])

    def _ends(self, relations: Sequence[Row]) -> tuple[Mapping[int, str], Mapping[int, End]]:
        """Return the keys of the posts to which relations lead, and the annotations to which they are tied."""
        led_to = {row[_TO_POST] for row in relations} - {None}
        tied = {row[place] for row in relations for place in (_FROM_ANNOTATION, _TO_ANNOTATION)} - {None}
        return (
            keys_of_posts(self._project, led_to) if led_to else {},
            load_ends(self._project, tied) if tied else {},
        )


class _Rows(defaultdict[int, "list[Row]"]):
    """Rows by what they belong to, which their first column names; they are read no further ahead than need be.

    Args:
        cursor: Hands out the rows, those of one owner behind those of another, in the order in which owners are asked for.
    """

    def __init__(self, cursor: Cursor) -> None:
        super().__init__(list)
        self._cursor = cursor
        self._last: int | None = None
        self._is_over = False

    def read_for(self, owners: Container[int]) -> None:
        """Read on until nothing is missing of what belongs to these owners."""
        while not self._is_over and (self._last in owners or self._last not in self):
            rows = self._cursor.fetchmany(_ROWS)
            for row in rows:
                self[row[0]].append(row)
            self._is_over = len(rows) < _ROWS
            self._last = rows[-1][0] if rows else None


class _People(dict[str, tuple[str, ...]]):
    """The names of annotators, in their order, by the numbers of their rows as SQL joins them.

    Args:
        names: The name of each annotator, by row.
    """

    def __init__(self, names: Mapping[int, str]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, rows: str) -> tuple[str, ...]:
        self[rows] = found = tuple(sorted(self._names[int(row)] for row in rows.split(",")))
        return found


def _are_in_order(rows: Sequence[Row]) -> bool:
    """Tell at a glance that a label stands before a span, as most do that stand together."""
    return rows[0][_START] is None and rows[-1] is rows[1] and rows[1][_START] is not None
