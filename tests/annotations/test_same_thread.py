"""Whether a thread is there already is answered from an index, however many threads a source has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from annotations.model import Post, PostKind, Thread
from annotations.store import same_thread
from annotations.store.prepared import PreparedThread
from annotations.store.same_thread import find_earlier, find_same, free_key
from annotations.work import Work

if TYPE_CHECKING:
    from sqlite3 import Connection

    from annotations.store.project import Project
    from tests.annotations.conftest import Desk


class Explained:
    """A connection that notes how SQLite answers what it is asked."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.plans: list[str] = []

    def execute(self, query: str, values: Any = ()) -> Any:  # noqa: ANN401  # what SQLite takes and gives
        steps = self._connection.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall()
        self.plans.append(" ".join(step[3] for step in steps))
        return self._connection.execute(query, values)


def prepared(key: str = "a", title: str = "Fog", text: str = "Fog", sha256: str = "1") -> PreparedThread:
    article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text=text)
    return PreparedThread(Thread(key=key, title=title, posts=(article,), format="test"), "/dump", sha256, Work())


@pytest.mark.parametrize("look", [find_same, find_earlier])
def test_no_question_goes_through_all_threads_of_a_source(desk: Desk, look: Any) -> None:  # noqa: ANN401  # either
    explained = Explained(desk.project.connection)
    assert look(explained, prepared()) is None
    assert len(explained.plans) >= 2
    for plan in explained.plans:
        assert "SCAN" not in plan
        for searched in re.findall(r"SEARCH threads USING (?:COVERING )?INDEX \w+ \((.*?)\)(?: |$)", plan):
            assert searched.count("=") >= 2 or "content_sha256=? AND source" in searched, (
                "the source alone is all of them"
            )


def test_a_free_key_is_the_first_one(desk: Desk) -> None:
    add(desk.project, "fog", "fog-2", "fog-4", "fog-x", "fogs")
    connection = desk.project.connection
    assert [free_key(connection, key) for key in ("fog", "fogs", "mist", "", "fog-2")] == [
        "fog-3",
        "fogs-2",
        "mist",
        "thread",
        "fog-2-2",
    ]


def test_a_free_key_among_many_is_found_with_few_questions(desk: Desk) -> None:
    add(desk.project, "fog", *(f"fog-{number}" for number in range(2, 5001)))
    explained = Explained(desk.project.connection)
    assert free_key(explained, "fog") == "fog-5001"  # type: ignore[arg-type]  # enough of a connection
    assert len(explained.plans) < same_thread._FEW + 30
    assert all("SEARCH" in plan for plan in explained.plans)


def test_a_thread_is_told_from_others_of_its_source(desk: Desk) -> None:
    """By its title and key, by a title or a key that only it has; never one that the same bytes have brought."""
    add(desk.project, "a", "b", "c", sha256="old", titles=("Fog", "Fog", "Ferry"))
    add(desk.project, "d", "e", sha256="new", titles=("Mist", "Mist"))
    connection = desk.project.connection
    ids = {key: row for row, key in connection.execute("SELECT id, source_key FROM threads WHERE source = '/dump'")}

    def find(key: str, title: str, sha256: str = "new") -> str | None:
        found = find_earlier(connection, prepared(key, title, "else", sha256))
        return next((key for key in ids if ids[key] == found), None)

    assert find("b", "Fog") == "b", "title and key"
    assert find("x", "Ferry") == "c", "the only one of that title"
    assert find("x", "Fog") is None, "one of two"
    assert find("a", "Snow") == "a", "the only one of that key"
    assert find("d", "Mist") is None, "these bytes have brought it"
    assert find("e", "Mist", "newest") == "e"


def add(project: Project, *keys: str, sha256: str = "1", titles: tuple[str, ...] = ()) -> None:
    with project.transaction() as connection:
        connection.executemany(
            "INSERT INTO threads (key, title, source, source_key, source_sha256, content_sha256, format, posts, max_depth, "
            "imported_at) VALUES (?, ?, '/dump', ?, ?, '', 'test', 1, 0, '')",
            [(key, titles[place] if titles else key, key, sha256) for place, key in enumerate(keys)],
        )
