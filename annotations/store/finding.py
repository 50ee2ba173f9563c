"""Which posts of a thread meet a filter: found step by step, so that a million posts can be searched beside other work.

What SQLite can tell alone, it tells: a step goes over some thousand posts without holding Python's interpreter. Case in
ASCII is SQLite's own (`LIKE`); case elsewhere is Python's, asked only about the texts in which it could matter. What
comes out is exactly what `annotations.post_filter.smart_case` would find in each text.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.post_filter import Field, State, has_capital, smart_case
from annotations.store.letter_cases import is_plain, like_pattern, odd_signs, telling_signs

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from annotations.post_filter import Condition, PostFilter
    from annotations.store.project import Project

FIRST_STEP, STEP = 2048, 8192
"""Posts that are looked at in the first step, which is to be quick, and in each other one: some 5 ms."""

_NOT = bytes.maketrans(b"\0\1", b"\1\0")
_ONES = bytes([0] + [1] * 255)
_NUMBERS = range(256)


class Known(Struct, frozen=True):
    """What is known of a thread's posts without asking the project.

    Args:
        depths: `chr` of the depth of each position, as in `annotations.shape.Shape`.
        states: For some states a byte for each position: 1 where the post is in that state.
    """

    depths: str
    states: Mapping[State, bytes]


class Progress(Struct, frozen=True):
    """How far a search has come.

    Args:
        column: A byte for each position, 1 where the post meets the filter; it is written to until the search is done.
        searched: How many posts have been looked at.
        is_complete: Whether these are all.
    """

    column: bytearray
    searched: int
    is_complete: bool


def find_posts(  # noqa: PLR0913  # the thread, the reader, the question
    project: Project, thread_id: int, annotator_id: int, wanted: PostFilter, known: Known, *, start: int = 0
) -> Iterator[Progress]:
    """Yield how far the search for the posts that meet a filter has come, after each step; the last is complete.

    After the article it goes from `start` to the thread's end, then from its beginning to `start`. To stop it, ask for
    no more.

    Args:
        project: The project, opened by the thread of execution that searches.
        thread_id: The thread.
        annotator_id: Whose labels and reviews count.
        wanted: The filter.
        known: Depths and states of all the posts.
        start: The position from which to search.

    Raises:
        ProjectError: If the project cannot be read.
    """
    size = len(known.depths)
    column = bytearray(b"\1" * size)
    query = _Query()
    for condition in wanted.conditions:
        if not query.add(condition):
            _narrow(column, _column(project, thread_id, annotator_id, condition, known))
    if not query.terms or column.find(1) < 0:
        yield Progress(column, size, is_complete=True)
        return
    candidates = bytes(column)
    column[:] = bytes(size)
    with project.reading():
        query.prepare(project)
        searched = 0
        for low, high in _steps(start, size):
            if candidates.find(1, low, high) >= 0:
                for (position,) in project.connection.execute(query.statement, query.values(thread_id, low, high)):
                    column[position] = candidates[position]
            searched += high - low
            yield Progress(column, searched, is_complete=searched == size)


def _steps(start: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of positions to look at one after the other: the article, then the comments from `start` on."""
    step = FIRST_STEP
    start = max(1, min(start, size))
    for first, stop in ((0, 1), (start, size), (1, start)):
        low = first
        while low < stop:
            high = min(stop, low + step)
            yield low, high
            low, step = high, STEP if high > 1 else FIRST_STEP


def _narrow(column: bytearray, other: bytes) -> None:
    """Leave the ones of a column that another has too."""
    both = int.from_bytes(column, "little") & int.from_bytes(other[: len(column)], "little")
    column[:] = both.to_bytes(len(column), "little")


# --- conditions that the rows of the posts need not be read for ----------------------------------------------------


def _column(project: Project, thread_id: int, annotator_id: int, condition: Condition, known: Known) -> bytes:
    """Return a byte for each position, 1 where a condition is met."""
    column = _positive_column(project, thread_id, annotator_id, condition, known)
    return column.translate(_NOT) if condition.is_negated else column


def _positive_column(project: Project, thread_id: int, annotator_id: int, condition: Condition, known: Known) -> bytes:
    size = len(known.depths)
    if condition.field is Field.DEPTH:
        return _no_deeper(known.depths, int(condition.value) if condition.value.isdigit() else 0)
    if condition.field is Field.LABEL:
        return _labeled(project, thread_id, annotator_id, size, condition.value)
    state = State(condition.value)
    if state is State.LABELED or state is State.UNLABELED:
        labeled = _labeled(project, thread_id, annotator_id, size)
        return labeled if state is State.LABELED else labeled.translate(_NOT)
    if state in _MARKED:
        return _ask(project, _MARKED[state], (annotator_id, thread_id), size)
    if state is State.UNREAD:
        return _state(known, State.READ).translate(_NOT)
    return _state(known, state)


def _state(known: Known, state: State) -> bytes:
    return known.states.get(state, b"").translate(_ONES).ljust(len(known.depths), b"\0")


def _no_deeper(depths: str, deepest: int) -> bytes:
    """Return a byte for each position, 1 where the post stands at most that deep."""
    try:
        return depths.encode("latin-1").translate(bytes(level <= deepest for level in _NUMBERS))
    except UnicodeEncodeError:  # no real thread goes that deep
        return bytes(ord(depth) <= deepest for depth in depths)


_LABELED = """
    SELECT DISTINCT p.position FROM annotations AS a CROSS JOIN posts AS p ON p.id = a.post_id
    WHERE a.thread_id = ?1 AND a.annotator_id = ?2 AND (?3 IS NULL OR a.label_id IN (SELECT value FROM json_each(?3)))
"""
_REVIEWED = """
    SELECT p.position FROM reviews AS r CROSS JOIN posts AS p ON p.id = r.post_id
    WHERE r.annotator_id = ? AND p.thread_id = ?
"""
_FLAGGED = """
    SELECT p.position FROM flags AS f CROSS JOIN posts AS p ON p.id = f.post_id
    WHERE f.annotator_id = ? AND p.thread_id = ?
"""
_MARKED = {State.REVIEWED: _REVIEWED, State.FLAGGED: _FLAGGED}


def _labeled(project: Project, thread_id: int, annotator_id: int, size: int, name: str | None = None) -> bytes:
    """Return a byte for each position, 1 where the annotator has put a label, one whose name or id holds `name`."""
    chosen = None
    if name is not None:
        part = name.casefold()
        with project.reading():
            rows = project.connection.execute("SELECT id, label, name FROM labels").fetchall()
        chosen = json.dumps([row[0] for row in rows if part in row[1].casefold() or part in row[2].casefold()])
    return _ask(project, _LABELED, (thread_id, annotator_id, chosen), size)


def _ask(project: Project, statement: str, values: Iterable[object], size: int) -> bytes:
    """Return a byte for each position, 1 for those that a statement returns."""
    column = bytearray(size)
    with project.reading():
        for (position,) in project.connection.execute(statement, tuple(values)):
            if position is not None and position < size:
                column[position] = 1
    return bytes(column)


# --- conditions on the rows of the posts ----------------------------------------------------------------------------

_IN_STEP = "position >= :low AND position < :high"


class _Query:
    """The statement that finds the posts of a step whose rows meet the conditions."""

    def __init__(self) -> None:
        self.terms: list[str] = []
        self._values: dict[str, object] = {}
        self._tests: dict[str, Callable[[str | None], bool]] = {}

    @property
    def statement(self) -> str:
        return f"SELECT position FROM posts WHERE thread_id = :thread AND {_IN_STEP} AND {' AND '.join(self.terms)}"  # noqa: S608  # made of our own words

    def values(self, thread_id: int, low: int, high: int) -> dict[str, object]:
        return {**self._values, "thread": thread_id, "low": low, "high": high}

    def add(self, condition: Condition) -> bool:
        """Take a condition; return whether it is one on rows."""
        if condition.field is Field.STATE and condition.value == State.GUESSED:
            term = "uncertain <> '[]'"
        elif condition.field is Field.AUTHOR:
            term = self._holds("author", condition.value)
        elif condition.field is Field.TEXT:
            term = self._holds("text", condition.value)
        elif condition.field is Field.ANYWHERE:
            term = f"({self._holds('text', condition.value)} OR {self._holds('author', condition.value)})"
        else:
            return False
        self.terms.append(f"NOT COALESCE({term}, 0)" if condition.is_negated else term)
        return True

    def _name(self, value: object) -> str:
        name = f"v{len(self._values)}"
        self._values[name] = value
        return f":{name}"

    def _holds(self, of: str, words: str) -> str:
        """Return the term that is true where a column holds words, in smart case.

        `LIKE` never misses what is there when it is asked for any letter (`_`) wherever the case could be another than
        ASCII's; what it finds too many is told by an exact test.
        """
        if has_capital(words):
            return f"({of} LIKE {self._name(like_pattern(words))} ESCAPE '\\' AND instr({of}, {self._name(words)}) > 0)"
        exact = f"{of} LIKE {self._name(like_pattern(words))} ESCAPE '\\'"
        loose = "".join(sign if is_plain(sign) else "\0" for sign in words)
        if loose == words:
            return exact
        function = f"holds_{len(self._tests)}"
        self._tests[function] = _test(smart_case(words))
        signs = telling_signs(words)
        tell = " OR ".join(f"instr({of}, {self._name(sign)}) > 0" for sign in signs)
        other = f"(({tell}) AND {function}({of}))"
        if not any(sign.isascii() for sign in signs):  # then it stands only in texts with more bytes than letters
            other = f"(length({of}) < length(CAST({of} AS BLOB)) AND {other})"
        either = f"({exact} OR {other})" if not odd_signs(words) else other
        if not any(sign.isalnum() and sign != "\0" for sign in loose):
            return either
        return f"({of} LIKE {self._name(like_pattern(loose))} ESCAPE '\\' AND {either})"

    def prepare(self, project: Project) -> None:
        """Tell SQLite the functions that the terms call."""
        for name, test in self._tests.items():
            project.connection.create_function(name, 1, test, deterministic=True)


def _test(pattern: re.Pattern[str]) -> Callable[[str | None], bool]:
    search = pattern.search
    return lambda text: text is not None and search(text) is not None
