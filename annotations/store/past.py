"""The history looked through: its events by what they are about, streamed or as rows, however many there are.

An index leads to the events of a thread, a post, an annotation, an annotator or a time. Labels and words are looked
for in each event that is left: half a second for 100,000, in pieces that can be stopped between.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from annotations.store.history import EVENTS, read_event
from annotations.store.letter_cases import is_plain, like_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from annotations.event_filter import Asked
    from annotations.store.history import Action, Event
    from annotations.store.project import Project

FIRST_STEP, STEP = 1_000, 20_000
"""Rows of events that are looked at in the first step, which is to be quick, and in each other one."""

_SUBJECT = "CASE WHEN json_valid(COALESCE(e.after, e.before)) THEN COALESCE(e.after, e.before) END"
_LABEL = f"json_extract({_SUBJECT}, '$.label')"
_SAYS = (
    "(r.name || ' ' || COALESCE(j.name, '') || ' ' || e.action || ' ' || e.cause || ' ' || t.key || ' ' || COALESCE(p.key, '') || ' ' || "
    "COALESCE(c.summary, '') || ' ' || "
    f"COALESCE({_LABEL}, '') || ' ' || COALESCE(json_extract({_SUBJECT}, '$.exact'), '') || ' ' || "
    f"COALESCE(json_extract({_SUBJECT}, '$.note'), ''))"
)
"""All that words are looked for in: who, what, where, and what is quoted and noted."""

_TABLES = EVENTS[EVENTS.index("FROM events") :]


class EventFilter(Struct, frozen=True, kw_only=True):
    """Which events are wanted; all by default.

    Args:
        thread_id: Those of a thread.
        post_id: Those of a post.
        annotation_uuid: Those of an annotation.
        annotator_ids: Those of these annotators; None for all.
        actions: What happened; None for all.
        labels: Those of annotations with one of these labels; None for all.
        posts: Those of posts with one of these keys; None for all.
        since: Not before this moment, ISO 8601 in UTC; "" for any.
        until: Before this moment; "" for any.
        words: Each stands in what the event says, whatever its case.
    """

    thread_id: int | None = None
    post_id: int | None = None
    annotation_uuid: str | None = None
    annotator_ids: tuple[int, ...] | None = None
    actions: tuple[Action, ...] | None = None
    labels: tuple[str, ...] | None = None
    posts: tuple[str, ...] | None = None
    since: str = ""
    until: str = ""
    words: tuple[str, ...] = ()


_ALL = EventFilter()


def find_events(project: Project, wanted: EventFilter = _ALL, limit: int | None = None) -> Iterator[Event]:
    """Yield the events that are wanted, oldest first, one in memory at a time.

    Args:
        project: The project.
        wanted: Which; all by default.
        limit: Only the newest so many of them; None for all.

    Raises:
        ProjectError: If the project cannot be read.
    """
    query = _Query(project, wanted)
    if limit is None:
        chosen = query.condition
    else:
        newest = f"SELECT e.id {_TABLES} WHERE {query.condition} ORDER BY e.id DESC LIMIT {max(0, limit)}"
        chosen = f"e.id IN ({newest})"
    with project.reading():
        for row in project.connection.execute(f"{EVENTS} WHERE {chosen} ORDER BY e.id", query.values):
            yield read_event(row)


def find_event_ids(project: Project, wanted: EventFilter) -> Iterator[list[int]]:
    """Yield the rows of the events that are wanted, newest first, step by step; to stop, ask for no more.

    Raises:
        ProjectError: If the project cannot be read.
    """
    query = _Query(project, wanted, is_stepwise=True)
    statement = f"""
        SELECT e.id {query.tables} WHERE {query.condition} AND e.id > :low AND e.id <= :high ORDER BY e.id DESC
    """
    with project.reading():
        lowest, high = project.connection.execute(query.bounds, query.values).fetchone()
        step = FIRST_STEP
        while high is not None and high >= lowest:
            low = high - step
            rows = project.connection.execute(statement, {**query.values, "low": low, "high": high})
            yield [row[0] for row in rows]
            high, step = low, STEP


def load_events(project: Project, ids: Iterable[int]) -> dict[int, Event]:
    """Return events by their rows; those that are not there are left out."""
    with project.reading():
        query = EVENTS + " WHERE e.id IN (SELECT value FROM json_each(?))"  # noqa: S608  # constants
        rows = project.connection.execute(query, (json.dumps(list(ids)),))
        return {row[0]: read_event(row) for row in rows}


def resolve(project: Project, asked: Asked, within: EventFilter) -> EventFilter:
    """Return the filter that was asked for, with names looked up in the project; what no name is like matches nothing.

    Args:
        project: The project.
        asked: What was typed.
        within: What holds besides: a thread, a post, an annotation.
    """
    annotators = labels = None
    with project.reading():
        if asked.by:
            rows = project.connection.execute("SELECT id, name FROM annotators").fetchall()
            annotators = tuple(row[0] for row in rows if _is_like(asked.by, row[1]))
        if asked.labels:
            rows = project.connection.execute("SELECT label, name FROM labels").fetchall()
            labels = tuple(row[0] for row in rows if _is_like(asked.labels, *row))
    return replace(
        within,
        annotator_ids=annotators if asked.by else within.annotator_ids,
        labels=labels,
        posts=asked.posts or None,
        actions=asked.actions,
        since=asked.since,
        until=asked.until,
        words=asked.words,
    )


def _is_like(parts: tuple[str, ...], *names: str) -> bool:
    return any(part.casefold() in name.casefold() for part in parts for name in names)


class _Query:
    """The condition that wanted events meet, and the values in it."""

    def __init__(self, project: Project, wanted: EventFilter, *, is_stepwise: bool = False) -> None:
        self.values: dict[str, object] = {}
        self.tables = "FROM events AS e"
        self._terms: list[str] = []
        self._project = project
        self._take_places(wanted)
        self._take_times(wanted, is_stepwise=is_stepwise)
        if wanted.actions is not None:
            self._terms.append(f"e.action {self._among(wanted.actions)}")
        if wanted.labels is not None:
            self._terms.append(f"e.annotation_uuid IS NOT NULL AND {_LABEL} {self._among(wanted.labels)}")
        if wanted.posts is not None:
            self._terms.append(f"p.key {self._among(wanted.posts)}")
        for word in wanted.words:
            self._terms.append(self._holds(word))
        if wanted.posts is not None or wanted.words:
            self.tables = _TABLES

    @property
    def condition(self) -> str:
        return " AND ".join(self._terms) or "TRUE"

    def _take_places(self, wanted: EventFilter) -> None:
        """Take what an index leads to, and only one of these: SQLite is kept from all but the narrowest."""
        is_narrow = False
        for column, value in (
            ("annotation_uuid", wanted.annotation_uuid),
            ("post_id", wanted.post_id),
            ("thread_id", wanted.thread_id),
        ):
            if value is not None:
                self._terms.append(f"{'+' if is_narrow else ''}e.{column} = {self._name(value)}")
                is_narrow = True
        ids = wanted.annotator_ids
        if ids is not None and len(ids) == 1 and not is_narrow:
            self._terms.append(f"e.annotator_id = {self._name(ids[0])}")
            is_narrow = True
        elif ids is not None:
            self._terms.append(f"+e.annotator_id {self._among(ids)}")
        self._is_narrow = is_narrow

    def _take_times(self, wanted: EventFilter, *, is_stepwise: bool) -> None:
        """Take moments, to which an index leads all at once; step by step, it says only where to begin and to end."""
        terms = [
            f"at {sign} {self._name(moment)}" for sign, moment in ((">=", wanted.since), ("<", wanted.until)) if moment
        ]
        self.bounds = "SELECT (SELECT MIN(id) FROM events), (SELECT MAX(id) FROM events)"
        if terms:
            self.bounds = f"SELECT MIN(id), MAX(id) FROM events WHERE {' AND '.join(terms)}"  # noqa: S608  # our own words
        if terms and not self._is_narrow and not is_stepwise:
            self._terms.append(f"e.id IN (SELECT id FROM events WHERE {' AND '.join(terms)})")  # noqa: S608  # our own words
        else:
            self._terms.extend(f"+e.{term}" for term in terms)

    def _name(self, value: object) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def _among(self, values: Iterable[object]) -> str:
        return f"IN (SELECT value FROM json_each({self._name(json.dumps(list(values)))}))"  # noqa: S608  # a name of ours

    def _holds(self, word: str) -> str:
        """Return the term that is true where an event says a word; LIKE knows the case of ASCII's letters alone."""
        known = "".join(sign if sign.isascii() or is_plain(sign) else "\0" for sign in word)
        loose = f"{_SAYS} LIKE {self._name(like_pattern(known))} ESCAPE '\\'"
        if known == word:
            return loose
        function = f"says_{len(self.values)}"
        self._project.connection.create_function(function, 1, _holder(word), deterministic=True)
        return f"({loose} AND {function}({_SAYS}))"


def _holder(word: str) -> Callable[[str | None], bool]:
    folded = word.casefold()
    return lambda text: text is not None and folded in text.casefold()
