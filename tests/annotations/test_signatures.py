"""Signatures: a search for signs looks at few posts and misses none."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from annotations.model import Post, PostKind, Thread
from annotations.store import signatures
from annotations.store.check import check
from annotations.store.project import Project
from annotations.store.search import search
from annotations.store.signatures import index_signs, likely_rows, renew_signs, signature
from annotations.store.threads import save_thread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SIGNS = 'ab 7\n.!_%"…“é€яЖ한글नमस्ते这不是证据もう、。ก👍🏽🚢❤️\u200d\U00020000ﬁ'
texts = st.text(alphabet=st.sampled_from(SIGNS), max_size=12)
posts = st.lists(st.tuples(st.none() | texts, texts), min_size=1, max_size=24)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE posts (id INTEGER PRIMARY KEY, author TEXT, text TEXT NOT NULL)")
        connection.execute(
            "CREATE TABLE text_signatures (first_post_id INTEGER PRIMARY KEY, last_post_id INTEGER NOT NULL, "
            "signs BLOB NOT NULL, pairs BLOB NOT NULL)"
        )
        yield connection


def store(connection: sqlite3.Connection, batches: Sequence[Sequence[tuple[str | None, str]]]) -> int:
    """Write posts as imports one after the other do; return how many there are."""
    connection.execute("DELETE FROM posts")
    connection.execute("DELETE FROM text_signatures")
    behind = 1
    for batch in batches:
        connection.executemany("INSERT INTO posts (author, text) VALUES (?, ?)", batch)
        index_signs(connection, behind, behind + len(batch))
        behind += len(batch)
    return behind - 1


def blocks(connection: sqlite3.Connection) -> list[tuple[int, int]]:
    """Return the ranges that the signatures tell of."""
    rows = connection.execute("SELECT first_post_id, last_post_id FROM text_signatures ORDER BY 1")
    return rows.fetchall()


def rows_in(ranges: Iterator[tuple[int, int]]) -> list[int]:
    return [row for first, last in ranges for row in range(first, min(last, 100) + 1)]


@pytest.mark.parametrize("many", [1, 6, 4096])
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(posts, min_size=1, max_size=4), texts, st.integers(1, 40), st.integers(1, 90), st.data())
@example([[(None, "这")], [(None, "不是")]], "这不", 1, 90, None)
def test_no_post_that_holds_what_is_sought_is_left_out(  # noqa: PLR0913, PLR0917  # what is stored, what is asked
    connection: sqlite3.Connection,
    many: int,
    batches: list[list[tuple[str | None, str]]],
    sought: str,
    low: int,
    high: int,
    data: st.DataObject | None,
) -> None:
    """Whatever was typed, be the signatures lists or bits, and wherever imports end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signatures, "POSTS", 5)
        patch.setattr(signatures, "_JOINED", 8)
        patch.setattr(signatures, "_MANY", many)
        count = store(connection, batches)
        if data is not None and data.draw(st.booleans()):  # what is there: a piece of a text
            text = data.draw(st.sampled_from([text for batch in batches for _, text in batch]))
            start = data.draw(st.integers(0, len(text)))
            sought = text[start : data.draw(st.integers(start, len(text)))]
        found = rows_in(likely_rows(connection, sought, low, high))
        assert found == sorted(set(found))
        assert all(low <= row <= high for row in found)
        pattern = re.compile(re.escape(sought), re.IGNORECASE | re.ASCII)
        for row, author, text in connection.execute("SELECT id, author, text FROM posts"):
            if low <= row <= high and (pattern.search(text) or pattern.search(author or "")):
                assert row in found
        limits = blocks(connection)
        assert [first for first, _ in limits] == [1, *(last + 1 for _, last in limits[:-1])]
        assert limits[-1][1] == count
        assert len(limits) == -(-count // 5)


def test_what_stands_nowhere_is_looked_for_in_no_post(connection: sqlite3.Connection) -> None:
    store(connection, [[(None, f"Text {number}, 证据 and 这是。") for number in range(40)]])
    for sought in ("§", "🦑", "证是", "不", "~~", "证据不足", "证据。"):
        assert rows_in(likely_rows(connection, sought, 1, 40)) == [], sought
    assert rows_in(likely_rows(connection, "证据", 1, 40)) == list(range(1, 41))
    assert rows_in(likely_rows(connection, "letters only", 3, 5)) == [3, 4, 5]


def test_a_sign_is_looked_for_only_near_where_it_stands(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signatures, "POSTS", 10)
    store(connection, [[("A§" if number == 44 else None, "🚢" if number == 22 else ".") for number in range(1, 70)]])
    assert list(likely_rows(connection, "§", 1, 69)) == [(41, 50)]
    assert list(likely_rows(connection, "§", 1, 45)) == [(41, 45)]
    assert list(likely_rows(connection, "🚢", 1, 69)) == [(21, 30)]
    assert list(likely_rows(connection, "🚢", 25, 69)) == [(25, 30)]


def test_posts_without_a_signature_are_looked_at(connection: sqlite3.Connection) -> None:
    store(connection, [[(None, ".")] * 300])
    connection.execute("INSERT INTO posts (text) VALUES ('§')")
    assert list(likely_rows(connection, "§", 1, 301)) == [(301, 301)]
    connection.execute("DELETE FROM text_signatures")
    assert list(likely_rows(connection, "§", 1, 301)) == [(1, 301)]


def test_ranges_come_as_they_are_asked_for(connection: sqlite3.Connection) -> None:
    store(connection, [[(None, "!")] * 3000])
    first = next(likely_rows(connection, "!", 1, 3000))
    assert first[0] == 1
    assert first[1] < 1000
    assert [row for low, high in likely_rows(connection, "!", 1, 3000) for row in range(low, high + 1)] == list(
        range(1, 3001)
    )


def test_changed_posts_get_new_signatures(connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "POSTS", 10)
    store(connection, [[(None, "!")] * 25])
    connection.execute("UPDATE posts SET text = '证据' WHERE id IN (3, 9, 25)")
    renew_signs(connection, [25, 9, 3])
    assert rows_in(likely_rows(connection, "证据", 1, 25)) == [*range(1, 11), *range(21, 26)]
    assert blocks(connection) == [(1, 10), (11, 20), (21, 25)]
    renew_signs(connection, [])
    connection.execute("UPDATE posts SET text = '!'")
    renew_signs(connection, range(1, 26))
    assert list(likely_rows(connection, "证", 1, 25)) == []


def test_many_pairs_are_kept_as_bits() -> None:
    few = signature(chr(0x4E00 + number) for number in range(100))
    dense = signature(chr(0x4E00 + number) + chr(0x4E00 + 7 * number % 2000) for number in range(6000))
    assert len(few[1]) < len(dense[1]) == 8192
    assert signature([]) == signature(["", "abc 12"])


TEXTS = [
    "这条隧道一定会被淹没。",
    "Nobody asked us 👍🏽!",
    "… § …",
    "证据在哪里？ iPhone手机 100%",
    "AND then? _NOT_ now 🚢🌊",
    "plain words",
    "水手 wrote this",
]


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), limit=st.integers(1, 9))
def test_search_for_signs_finds_what_a_walk_finds(corpus: Project, data: st.DataObject, limit: int) -> None:
    """Any piece of a text, or a mixture of two, that holds a sign or a letter of a script without spaces."""
    pieces = st.builds(
        lambda text, start, length: text[start : start + length],
        st.sampled_from(TEXTS),
        st.integers(0, 20),
        st.integers(1, 6),
    )
    query = data.draw(pieces) + data.draw(st.just("") | pieces)
    literal = query.strip().strip('"').strip()
    if not literal or re.search(r"[a-zA-Z0-9\s\"]", literal):
        return
    walk = corpus.connection.execute(
        "SELECT id FROM posts WHERE instr(text, ?1) OR instr(author, ?1) ORDER BY id LIMIT ?2", (literal, limit)
    )
    assert [hit.post_id for hit in search(corpus, query, limit)] == [row[0] for row in walk]


def a_thread(key: str, said: Sequence[str]) -> Thread:
    comments = [Post(key=f"{place}", parent="0", author="水手", text=text) for place, text in enumerate(said, start=1)]
    article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text=key)
    return Thread(key=key, title=key, posts=(article, *comments), format="test")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Threads of all sizes around that of a signature."""
    with Project.open(tmp_path_factory.mktemp("corpus") / "postil.db", create=True) as project:
        for number, size in enumerate((1, 3, 200, 126, 130, 5)):
            said = [TEXTS[(number + place * place) % len(TEXTS)] for place in range(size)]
            save_thread(project, a_thread(f"t{number}", said), location=f"/t{number}", source_sha256=f"{number}")
        yield project


def test_what_an_import_changes_is_found_and_what_it_takes_away_is_not(tmp_path: Path) -> None:
    with Project.open(tmp_path / "postil.db", create=True) as project:
        save_thread(project, a_thread("t", ["one", "two §", "three"]), location="/t", source_sha256="1")
        save_thread(project, a_thread("u", ["one"]), location="/u", source_sha256="2")
        save_thread(project, a_thread("t", ["one 🦑", "two", "three", "four 证据"]), location="/t", source_sha256="3")
        assert [[hit.post for hit in search(project, query)] for query in ("🦑", "证据", "§")] == [["1"], ["4"], []]
        assert check(project) == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE posts SET author = '🦑' WHERE key = '1'", "is not that of their texts"),
        (
            "UPDATE text_signatures SET signs = x'' WHERE first_post_id = 129",
            "The signature of the posts in the rows 129",
        ),
        ("DELETE FROM text_signatures WHERE first_post_id = 1", "do not tell of the posts in the rows 1 to 128"),
        ("DELETE FROM text_signatures WHERE first_post_id > 128", "do not tell of the posts in the rows 129 to 151"),
    ],
)
def test_broken_signatures_are_found(tmp_path: Path, statement: str, problem: str) -> None:
    with Project.open(tmp_path / "postil.db", create=True) as project:
        save_thread(project, a_thread("t", ["§"] * 150), location="/t", source_sha256="1")
        assert check(project) == []
        project.connection.execute(statement)
        assert problem in " ".join(check(project))
