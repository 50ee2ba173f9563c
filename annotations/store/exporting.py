"""Many posts with all that is put on them, in reading order, chunk by chunk.

A long query goes through all the threads that are wanted, in the order of threads and positions; what is put on posts, and left on
them, is asked for chunk by chunk. So neither a thread nor a post costs a query of its own, and memory holds one chunk: to look for
what there is post by post takes twice as long as the posts themselves.
"""

from __future__ import annotations

import json
from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from annotations.store.adjudication import gold_id
from annotations.store.gathered import THREAD, Chunk
from annotations.store.gathering import Queries, of_annotator
from annotations.store.listing import load_threads
from annotations.store.marks import MarksOfPosts
from annotations.store.snapshot import count_posts, keys_of_posts, load_ends

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence
    from sqlite3 import Cursor

    from annotations.model import StoredThread
    from annotations.store.gathered import Names, Row
    from annotations.store.project import Project
    from annotations.store.snapshot import End

BATCH = 500
"""Posts whose texts and labels are in memory at a time."""

_ROOM = 500_000
"""Characters of texts that are in memory at a time, if the posts are about as long as those before them."""

_FIRST_BATCH = 4
_GROWTH = 5
"""How batches grow: a preview needs the first few posts, and needs them at once."""

_TEXT = 11
_ID, _LABEL, _ANNOTATOR, _START, _END = 1, 3, 4, 5, 6
_FROM_ANNOTATION, _TO_POST, _TO_ANNOTATION, _TO_THREAD = 9, 10, 11, 12
"""Where rows of posts, and those of annotations, have what is looked at here."""

_THREAD, _SAID = itemgetter(THREAD), itemgetter(_TEXT)
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
) -> Iterator[Chunk]:
    """Yield the posts of threads with all that is put on them, some hundred at a time or fewer.

    Args:
        project: The project, in a snapshot.
        thread_ids: The threads, in the order in which they are wanted; that of their rows is the fastest.
        names: Those of the project.
        annotator_id: The only annotator whose annotations, reviews, flags, seconds and notes count; None for all, of whom the
            gold set is none.
        is_sparse: Whether to pass over comments without an annotation or a note, which are then not even read.
        has_affixes: Whether the prefixes and suffixes of quotes are wanted.
    """
    size = _FIRST_BATCH
    theirs = of_annotator(annotator_id, names.gold)
    for run in _ascending(thread_ids):
        queries = Queries(run, theirs, is_sparse=is_sparse, has_affixes=has_affixes)
        gathering = _Gathering(project, names, queries, theirs)
        while chunk := gathering.read(size := min(size * _GROWTH, BATCH, gathering.most)):
            yield chunk


class Marks(NamedTuple):
    """How many posts there are, and how many reviews, flags and notes on them."""

    posts: int
    reviews: int
    flags: int
    notes: int


def count_marks(project: Project, thread_ids: Sequence[int], annotator_id: int | None = None) -> Marks:
    """Return how much there is in threads; of the posts all, of the rest what is of one annotator or of all, as `gather`."""
    theirs = of_annotator(annotator_id, gold_id(project))
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
        theirs: As `of_annotator` returns it for the annotators who count.
    """

    def __init__(self, project: Project, names: Names, queries: Queries, theirs: str) -> None:
        read = project.connection.execute
        self.most = BATCH
        """Posts that are to be read at a time."""
        self._project = project
        self._names = names
        self._who = {row: annotator.name for row, annotator in names.annotators.items()}
        self._theirs = theirs
        self._of_annotations = queries.of_annotations
        self._threads: dict[int, StoredThread] = {}
        with project.reading():
            self._posts = read(queries.posts, queries.values)
            self._on_threads = _Rows(read(queries.on_threads, queries.values))

    def read(self, size: int) -> Chunk | None:
        """Return the next `size` posts or fewer; None at the end."""
        with self._project.reading():
            posts = self._posts.fetchmany(size)
            if not posts:
                return None
            self.most = 1 + _ROOM * len(posts) // (1 + sum(map(len, map(_SAID, posts))))
            ids = [post[0] for post in posts]
            marks = MarksOfPosts(self._project, self._who, ids, self._theirs)
            annotations = self._put_on(ids, marks)
            threads, on_threads = self._find_threads(posts)
        put = [row for rows in (*annotations, *on_threads.values()) for row in rows]
        relations = [row for row in put if row[_TO_POST] is not None or row[_TO_THREAD] is not None]
        post_keys, ends = self._ends(relations) if relations else ({}, {})
        return Chunk(
            posts,
            annotations,
            threads,
            on_threads,
            marks.people("reviews"),
            marks.people("flags"),
            marks.seconds(),
            marks.notes(),
            post_keys,
            ends,
            {row[0] for row in relations},
        )

    def _put_on(self, ids: Sequence[int], marks: MarksOfPosts) -> list[list[Row]]:
        """Return what is put on posts, in reading order."""
        place = self._place
        put = marks.annotations(self._of_annotations)
        found = [put.get(row, _NOTHING) for row in ids]
        for rows in found:
            if len(rows) > 1 and not (rows[0][_START] is None and rows[-1] is rows[1] and rows[1][_START] is not None):
                rows.sort(key=place)  # most that stand together are a label and a span behind it
        return found

    def _find_threads(self, posts: Sequence[Row]) -> tuple[dict[int, StoredThread], dict[int, list[Row]]]:
        """Return the threads of posts, and what is put on those as a whole whose articles are among them."""
        wanted = dict.fromkeys(map(_THREAD, posts))
        missing = [each for each in wanted if each not in self._threads]
        self._threads = {row: thread for row, thread in self._threads.items() if row in wanted}
        if missing:
            self._threads |= load_threads(self._project, missing)
        self._on_threads.read_for(wanted)
        on_threads = {each: self._thread_rows(each) for each in wanted if each in self._on_threads}
        return self._threads, on_threads

    def _thread_rows(self, thread_id: int) -> list[Row]:
        rows = (row[1:] for row in self._on_threads.pop(thread_id))
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
