"""Hacker News: what its two APIs say stands in the thread, in their order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from annotations.importers import hacker_news
from annotations.importers.reading import json_storing
from annotations.lazy_posts import LazyPosts
from annotations.sources.source import Source
from annotations.store import spool

if TYPE_CHECKING:
    from annotations.model import Thread

SAMPLES = Path(__file__).parents[3] / "sample_data"


def read(document: object) -> tuple[list[Thread], list[str]]:
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    source = Source.of_bytes(raw, "saved.json")
    return list(hacker_news.read(source)), list(source.problems.sentences())


def keys(thread: Thread) -> list[tuple[str, str | None]]:
    return [(post.key, post.parent) for post in thread.posts]


def item(number: int, **more: object) -> dict[str, Any]:
    return {"id": number, "type": "comment", "by": "a", "text": str(number), "time": 1777624200 + number, **more}


# Algolia


def test_the_sample_is_compared_with_its_source_field_by_field() -> None:
    raw = (SAMPLES / "hacker-news-item.json").read_bytes()
    (thread,) = hacker_news.read(Source.of_bytes(raw, "hacker-news-item.json"))
    expected = []
    waiting = [json.loads(raw)]
    while waiting:
        it = waiting.pop()
        text = it["title"] if it["type"] == "story" else it["text"] or ""
        expected.append(
            (str(it["id"]), it["parent_id"] and str(it["parent_id"]), it["author"], text, it["created_at"][:19])
        )
        waiting += reversed(it["children"])
    assert [
        (post.key, post.parent, post.author, post.text, (post.created_at or "").removesuffix("Z"))
        for post in thread.posts
    ] == expected
    assert thread.key == "hacker-news-item"
    assert thread.url == "https://news.ycombinator.com/item?id=48120001"
    article = thread.posts[0]
    assert article.meta["url"] == "https://quillmouth.example/news/tunnel?from=hn&part=1"
    assert article.meta["raw"] == {
        "type": "story",
        "points": 212,
        "story_id": 48120001,
    }
    (deleted,) = [post for post in thread.posts if post.author is None]
    assert deleted.meta["is_deleted"] is True
    assert [post.meta.get("markup") for post in thread.posts].count("html") == 6


def test_a_list_of_stories_gives_a_thread_each_and_a_line_each_does_too() -> None:
    stories: list[dict[str, Any]] = [
        {
            "id": n,
            "created_at_i": 1777624200,
            "type": "story",
            "title": f"A &amp; {n}",
            "author": "a",
            "text": "<p>x",
            "children": [],
        }
        for n in (7, 8)
    ]
    lines = "\n".join(json.dumps(story) for story in stories).encode()
    for document in (stories, lines):
        threads, problems = read(document)
        assert problems == []
        assert [(thread.key, thread.title, thread.posts[0].text) for thread in threads] == [
            ("7", "A & 7", "A & 7\n\n<p>x"),
            ("8", "A & 8", "A & 8\n\n<p>x"),
        ]


def test_a_comment_that_was_asked_for_with_its_answers_is_the_article() -> None:
    answer = {"id": 6, "parent_id": 5, "author": "b", "text": "y", "created_at_i": 1777624300, "children": []}
    (thread,), _ = read(
        {"id": 5, "parent_id": 4, "author": "a", "text": "<i>x</i> z", "children": [answer], "created_at_i": 1777624200}
    )
    assert thread.title == "x z"
    assert keys(thread) == [("5", None), ("6", "5")]
    assert thread.posts[0].meta["raw"] == {"parent_id": 4}


def test_records_that_are_none_and_records_without_id_or_time_are_reported() -> None:
    (thread,), problems = read({
        "id": 5, "title": "T", "type": "story", "created_at_i": 1777624200, "author": "a",
        "children": [None, "x", {"text": "no id", "author": "b", "created_at_i": "soon", "children": 7}, {"id": 9, "text": ["odd"], "author": 4}],
    })  # fmt: skip
    assert [(post.key, post.text, post.author) for post in thread.posts[1:]] == [
        ("item-3", "no id", "b"),
        ("9", "", None),
    ]
    assert thread.posts[1].meta["raw"] == {"created_at_i": "soon", "children": 7}
    assert thread.posts[2].meta["raw"] == {"text": ["odd"], "author": 4}
    assert len(problems) == 4
    assert "an answer to item 5, an answer to item 5: is no record; it was left out." in problems


# Firebase


def test_answers_stand_in_the_order_of_kids_and_dead_and_deleted_ones_stay() -> None:
    raw = (SAMPLES / "hacker-news-items.jsonl").read_bytes()
    asked, poll = hacker_news.read(Source.of_bytes(raw, "hacker-news-items.jsonl"))
    assert keys(asked) == [
        ("48130001", None),
        ("48130030", "48130001"),
        ("48130044", "48130030"),
        ("48130041", "48130030"),
        ("48130012", "48130001"),
        ("48130025", "48130012"),
    ]
    assert asked.posts[0].text.startswith("Ask HN: How do you read a traffic forecast?\n\nThe council publishes")
    assert asked.posts[2].meta["raw"] == {"type": "comment", "dead": True}
    assert asked.posts[3].meta["is_deleted"] is True
    assert asked.posts[3].created_at == "2026-05-02T08:53:20Z"
    assert asked.warnings == ("1 comment is missing: the source names it, but does not hold it.",)
    assert poll.posts[0].meta["options"] == [
        {"id": "48130071", "text": "Tunnel", "by": "quayside", "score": 3, "type": "pollopt"},
        {"id": "48130072", "text": "Bridge", "by": "quayside", "score": 2, "type": "pollopt"},
    ]
    assert len(poll.posts) == 1


@pytest.mark.parametrize("shape", ["list", "by id", "lines"])
def test_items_come_as_a_list_by_id_or_a_line_each(shape: str) -> None:
    items = [item(2, parent=1), item(3, parent=2), item(1, type="story", title="T", text=None, kids=[2])]
    document: object = items
    if shape == "by id":
        document = {str(it["id"]): it for it in items}
    elif shape == "lines":
        document = "\n".join(json.dumps(it) for it in items).encode()
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    assert hacker_news.sniff(Source.of_bytes(raw)) > 0.9
    (thread,), problems = read(document)
    assert problems == []
    assert keys(thread) == [("1", None), ("2", "1"), ("3", "2")]


@pytest.mark.parametrize("shape", ["list", "by id", "lines"])
def test_a_thread_that_is_too_long_for_the_memory_says_the_same(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [
        item(number, parent=max(1, number // 3), kids=[3 * number + 2, 3 * number, 3 * number + 1])
        for number in range(2, 40)
    ]
    items += [item(50, type="pollopt", poll=1), item(60, parent=99), item(61, parent=99)]
    items.insert(7, item(1, type="story", title="T", text=None, kids=[2, 3]))
    document: object = {str(it["id"]): it for it in items} if shape == "by id" else items
    if shape == "lines":
        document = "\n".join(json.dumps(it) for it in items).encode()
    expected, said = read(document)
    monkeypatch.setattr(spool, "IN_MEMORY", 3)
    monkeypatch.setattr(json_storing, "LARGE", 100)
    found, said_again = read(document)
    assert isinstance(found[0].posts, LazyPosts)
    assert [list(thread.posts) for thread in found] == [list(thread.posts) for thread in expected]
    assert [(thread.key, thread.warnings) for thread in found] == [(thread.key, thread.warnings) for thread in expected]
    assert (said_again, len(found)) == (said, 2)
    assert found[0].posts[0].meta["options"]


def test_comments_on_a_story_that_is_missing_stay_together() -> None:
    threads, problems = read(
        [item(2, parent=1), item(3, parent=2), item(4, parent=1), item(9, type="story", title="T")]
    )
    assert [keys(thread) for thread in threads] == [[("1", None), ("2", "1"), ("3", "2"), ("4", "1")], [("9", None)]]
    assert threads[0].posts[0].uncertain == ("is missing in the source",)
    assert problems == []


def test_a_circle_twins_and_items_without_id_are_survived_and_reported() -> None:
    threads, problems = read(
        [
            item(2, parent=3),
            item(3, parent=2),
            item(3, parent=2, text="other"),
            {"type": "comment", "by": "a", "text": "x", "time": 1},
            None,
        ]
    )
    assert sorted(post.text for thread in threads for post in thread.posts if post.text) == ["2", "3", "other", "x"]
    said = " ".join(problems)
    for words in ("answers itself", "has an id that another comment has", "has no id", "is no record"):
        assert words in said


def test_a_broken_line_is_reported_once_and_the_rest_is_read() -> None:
    lines = [
        "{broken}",
        json.dumps(item(1, type="story", title="T")),
        '{"id": 2, "by',
        json.dumps(item(3, parent=1, text="a\u2028b")),
    ]
    (thread,), problems = read("\n".join(lines).encode())
    assert keys(thread) == [("1", None), ("3", "1")]
    assert problems == ["line 1, line 3: is no sound JSON; it was left out."]


def test_lines_that_begin_with_a_deleted_item_are_recognised() -> None:
    lines = [{"deleted": True, "id": 2, "parent": 1, "time": 5, "type": "comment"}, item(1, type="story", title="T")]
    raw = "\n".join(json.dumps(it) for it in lines).encode()
    assert hacker_news.sniff(Source.of_bytes(raw)) > 0.9
    (thread,), problems = read(raw)
    assert keys(thread) == [("1", None), ("2", "1")]
    assert problems == ["comment 2: is older than what it answers; it stays where it is."]


def hit(number: int, parent: int | None, **more: object) -> dict[str, Any]:
    text = {"comment_text": f"<i>{number}</i>", "parent_id": parent, "story_title": "A &amp; B"} if parent else {}
    return {
        "_highlightResult": {"author": {"value": "a"}},
        "_tags": ["comment" if parent else "story", "author_a"],
        "author": "a",
        "created_at": "2026-05-01T08:30:00Z",
        "created_at_i": 1777624200 + number,
        "objectID": str(number),
        "story_id": 1,
        **text,
        **more,
    }


@pytest.mark.parametrize("shape", ["page", "list", "lines"])
def test_what_the_search_found_is_read_as_items_are(shape: str) -> None:
    hits = [hit(3, 2), hit(5, 4), hit(2, 1), hit(1, None, title="A &amp; B", children=[2, 7], points=9)]
    documents: dict[str, object] = {
        "page": {"hits": hits, "nbHits": 4, "page": 0},
        "list": hits,
        "lines": "\n".join(map(json.dumps, hits)).encode(),
    }
    raw = documents[shape] if shape == "lines" else json.dumps(documents[shape]).encode()
    assert isinstance(raw, bytes)
    assert hacker_news.sniff(Source.of_bytes(raw, "found.json")) > 0.9
    (thread,), said = read(raw)
    assert (thread.title, thread.posts[0].text) == ("A & B", "A & B")
    assert keys(thread) == [("1", None), ("2", "1"), ("3", "2"), ("5", "1")]
    assert [(post.author, post.text, post.created_at) for post in thread.posts[1:3]] == [
        ("a", "<i>2</i>", "2026-05-01T08:30:02Z"),
        ("a", "<i>3</i>", "2026-05-01T08:30:03Z"),
    ]
    assert thread.posts[1].meta["raw"]["_tags"] == ["comment", "author_a"]  # type: ignore[index]  # JSON
    assert thread.posts[3].meta["parent"] == "4"
    assert any("answers a comment that is not in the source" in sentence for sentence in said)
    assert "1 comment is missing: the source names it, but does not hold it." in thread.warnings


def test_comments_that_the_search_found_without_their_story_are_called_after_it() -> None:
    (thread,), _ = read({"hits": [hit(3, 2), hit(2, 1)]})
    assert (thread.title, thread.url) == ("A & B", "https://news.ycombinator.com/item?id=1")
    assert keys(thread) == [("1", None), ("2", "1"), ("3", "2")]
    assert thread.posts[0].meta["is_missing"]
