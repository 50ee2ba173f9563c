"""Isso: its database, what its API answers and what it imports itself become a thread for each page."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.errors import SourceError
from annotations.importers import isso
from annotations.sources.source import Source, open_source

if TYPE_CHECKING:
    from annotations.model import Thread

SAMPLES = Path(__file__).parents[3] / "sample_data"
DATABASE = SAMPLES / "isso-comments.sqlite"


def places(thread: Thread) -> list[tuple[str, str | None]]:
    return [(post.key, post.parent) for post in thread.posts]


def rows(path: Path, query: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query)]


def changed(tmp_path: Path, *statements: str) -> Source:
    """Return a copy of the sample in which some statements were executed."""
    path = tmp_path / "comments.db"
    path.write_bytes(DATABASE.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return open_source(path)


@pytest.mark.parametrize("way", ["file", "compressed", "stream"])
def test_the_database_is_compared_with_its_rows(way: str, tmp_path: Path) -> None:
    source = open_source(DATABASE)
    if way == "compressed":
        (tmp_path / "comments.db.gz").write_bytes(gzip.compress(DATABASE.read_bytes()))
        source = open_source(tmp_path / "comments.db.gz")
    elif way == "stream":
        source = Source.of_bytes(DATABASE.read_bytes())
    before = DATABASE.read_bytes()
    assert isso.sniff(source) > 0.9
    threads = list(isso.read(source))
    found = {post.key: (thread, post) for thread in threads for post in thread.posts[1:]}
    pages = rows(DATABASE, "SELECT * FROM threads ORDER BY id")
    assert [(thread.url, thread.title, thread.posts[0].text) for thread in threads] == [
        (page["uri"], page["title"], page["title"]) for page in pages
    ]
    for row in rows(DATABASE, "SELECT * FROM comments ORDER BY id"):
        thread, post = found.pop(str(row["id"]))
        assert thread.url == pages[row["tid"] - 1]["uri"]
        assert post.parent == str(row["parent"] or 0)
        assert (post.text, post.author) == (row["text"], row["author"])
        assert post.meta.get("is_deleted", False) is (row["mode"] == 4)
        raw = post.meta["raw"]
        assert isinstance(raw, dict)
        for name in ("mode", "likes", "dislikes", "modified", "website", "remote_addr"):
            assert raw.get(name) == row[name]
    assert found == {}
    assert {post.created_at for post in threads[0].posts[1:2]} == {"2026-05-01T06:30:00Z"}
    assert list(source.problems.sentences()) == []
    assert DATABASE.read_bytes() == before


def test_an_answer_of_the_api_is_compared_with_itself() -> None:
    source = open_source(SAMPLES / "isso-page.json")
    assert isso.sniff(source) > 0.9
    (thread,) = isso.read(source)
    assert places(thread) == [("0", None), ("1", "0"), ("3", "1"), ("6", "0")]
    document = json.loads((SAMPLES / "isso-page.json").read_text(encoding="utf-8"))
    first = document["replies"][0]
    for post, record in zip(thread.posts[1:], [first, first["replies"][0], document["replies"][1]], strict=True):
        assert (post.text, post.author) == (record["text"], record["author"])
        assert post.meta["markup"] == "html"
    assert thread.warnings == ("1 comment is missing: the source names it, but does not hold it.",)


def test_plain_texts_of_the_api_are_markdown() -> None:
    page = {"total_replies": 1, "hidden_replies": 0, "replies": [{"id": 1, "text": "*plain*", "created": 1777617000}]}
    (thread,) = isso.read(Source.of_bytes(json.dumps(page).encode(), "page.json"))
    assert thread.posts[1].meta["markup"] == "markdown"


def test_what_isso_imports_itself() -> None:
    threads = [
        {"id": "/a", "title": "A", "comments": [
            {"id": "1", "author": "James", "created": "2026-05-01 08:30:00", "email": "j@x.example", "remote_addr": "127.0.0.1",
             "text": "Great!", "website": ""},
            {"id": "2", "parent": "1", "author": "Bo", "created": "", "remote_addr": "", "text": "No."},
        ]},
        {"id": "/b", "title": "B", "comments": []},
    ]  # fmt: skip
    source = Source.of_bytes(json.dumps(threads).encode(), "generic.json")
    assert isso.sniff(source) > 0.9
    first, second = isso.read(source)
    assert (first.url, first.title, places(first)) == ("/a", "A", [("0", None), ("1", "0"), ("2", "1")])
    assert first.posts[1].created_at == "2026-05-01T08:30:00Z"
    assert (second.title, len(second.posts)) == ("B", 1)


def test_disorder_in_the_database_is_survived_and_reported(tmp_path: Path) -> None:
    insert = "INSERT INTO comments (tid, id, parent, created, mode, text, voters) VALUES "
    source = changed(
        tmp_path,
        insert + "(1, 20, 99, 'never', 1, 'orphan', x'00')",
        insert + "(1, 21, 22, 1777617000, 1, 'circle', x'00'), (1, 22, 21, 1777617000, 1, 'circle', x'00')",
        insert + "(77, 30, NULL, 1777617000, 1, 'a page that is gone', x'00')",
        insert + "(NULL, 31, NULL, 1777617000, 1, NULL, x'00')",
        insert + "(2, 32, 'odd', 1777617000, 'odd', x'ff00', x'00')",
    )
    threads = list(isso.read(source))
    assert [thread.title for thread in threads] == [
        "thread None",
        "The tunnel is approved",
        "Keep the ferry",
        "The quay is closed",
        "thread 77",
    ]
    assert dict(places(threads[1]))["22"] == "21"
    assert threads[2].posts[2].text == ""
    told = " ".join(source.problems.sentences())
    for what in ("not in the source", "answers itself", "no time", "thread 77: is not in the database"):
        assert what in told


def test_an_older_database_has_fewer_columns(tmp_path: Path) -> None:
    source = changed(tmp_path, "ALTER TABLE comments DROP COLUMN notification")
    assert isso.sniff(source) > 0.9
    assert sum(len(thread.posts) for thread in isso.read(source)) == 8


def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    raw = DATABASE.read_bytes()
    (tmp_path / "comments.db").write_bytes(raw[:5000])
    for source in (open_source(tmp_path / "comments.db"), Source.of_bytes(raw[:100] + b"\xff" * 9000, "x.db")):
        with pytest.raises(SourceError, match="cannot be read as an SQLite database"):
            list(isso.read(source))


def test_another_programs_database_is_not_issos(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE comments (id INTEGER, text TEXT)")
    assert isso.sniff(open_source(path)) == 0


def test_nesting_a_thousand_deep() -> None:
    text = ""
    for number in reversed(range(1, 1002)):
        parent = number - 1 or "null"
        text = (
            f'{{"id": {number}, "parent": {parent}, "text": "t", "created": 1777617000, "mode": 1,'
            f' "replies": [{text}]}}'
        )
    raw = f'{{"id": null, "total_replies": 1, "hidden_replies": 0, "replies": [{text}]}}'.encode()
    (thread,) = isso.read(Source.of_bytes(raw, "x.json"))
    assert places(thread)[-1] == ("1001", "1000")


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_answers_within_each_other_come_back(data: st.DataObject) -> None:
    children: dict[int, list[int]] = {0: []}
    for number in range(1, data.draw(st.integers(1, 12)) + 1):
        children[data.draw(st.sampled_from(sorted(children)))].append(number)
        children[number] = []
    texts = {number: data.draw(st.text(st.sampled_from("ab\n🌊é>"), max_size=9)) for number in children}

    def nested(number: int) -> dict[str, Any]:
        record: dict[str, Any] = {"id": number or None, "total_replies": 0, "hidden_replies": 0, "replies": []}
        record["replies"] = [nested(child) for child in children[number]]
        return record | ({"text": texts[number], "mode": 1, "created": 1777617000.5} if number else {})

    source = Source.of_bytes(json.dumps(nested(0)).encode(), "x.json")
    (thread,) = isso.read(source)
    assert [(int(post.key), post.text) for post in thread.posts[1:]] == [(n, texts[n]) for n in preorder(children)]
    assert {int(post.key): int(post.parent or 0) for post in thread.posts[1:]} == {
        child: parent for parent, below in children.items() for child in below
    }
    assert list(source.problems.sentences()) == []


def preorder(children: dict[int, list[int]]) -> list[int]:
    order, waiting = [], [0]
    while waiting:
        number = waiting.pop()
        order.append(number)
        waiting += reversed(children[number])
    return order[1:]
