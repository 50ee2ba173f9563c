"""Bluesky, Discourse and YouTube: samples compared with their sources, and what these sites leave out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotations.importers import bluesky, discourse, youtube
from annotations.sources.source import Source

if TYPE_CHECKING:
    from annotations.model import Post, Thread

SAMPLES = Path(__file__).parents[3] / "sample_data"


def read(module: Any, document: object) -> tuple[list[Thread], list[str]]:  # noqa: ANN401  # a module
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    source = Source.of_bytes(raw, "saved.json")
    return list(module.read(source)), list(source.problems.sentences())


def keys(thread: Thread) -> list[tuple[str, str | None]]:
    return [(post.key, post.parent) for post in thread.posts]


def by_key(thread: Thread) -> dict[str, Post]:
    return {post.key: post for post in thread.posts}


def dig(value: object, *path: str) -> Any:  # noqa: ANN401  # JSON
    for step in path:
        assert isinstance(value, dict)
        value = value[step]
    return value


# Bluesky


def view(name: str, replies: object = None, **more: object) -> dict[str, Any]:
    post = {"uri": f"at://did:plc:x/app.bsky.feed.post/{name}", "author": {"handle": "ada.example"}}
    record = {"text": name, "createdAt": "2026-05-01T08:30:00Z"}
    return {
        "$type": "app.bsky.feed.defs#threadViewPost",
        "post": {**post, "record": record},
        "replies": replies or [],
        **more,
    }


def test_the_thread_of_the_sample_is_compared_with_its_source() -> None:
    document = json.loads((SAMPLES / "bluesky-thread.json").read_text(encoding="utf-8"))
    (thread,), problems = read(bluesky, document)
    assert problems == []
    focus = document["thread"]
    expected = [(focus["parent"]["post"], None), (focus["post"], focus["parent"]["post"])]
    expected += [(focus["replies"][0]["post"], focus["post"])]
    expected += [(focus["replies"][0]["replies"][0]["post"], focus["replies"][0]["post"])]
    for post, (it, above) in zip(thread.posts, expected, strict=False):
        assert (post.key, post.parent) == (it["uri"], above and above["uri"])
        assert (post.author, post.text) == (it["author"]["handle"], it["record"]["text"])
        assert f"{post.created_at}".rstrip("Z") == it["record"]["createdAt"][:19]
        assert dig(post.meta, "raw", "post", "likeCount") == it["likeCount"]
        assert dig(post.meta, "raw", "post", "record", "createdAt") == it["record"]["createdAt"]
    missing, blocked = thread.posts[4:]
    assert (missing.key, missing.meta["is_deleted"]) == (focus["replies"][1]["uri"], True)
    assert (blocked.key, blocked.meta["is_blocked"]) == (focus["replies"][2]["uri"], True)
    assert missing.parent == blocked.parent == focus["post"]["uri"]
    assert thread.url == "https://bsky.app/profile/ada.quay.example/post/3lroot"


def test_facets_keep_their_offsets_in_bytes() -> None:
    (thread,), _ = read(bluesky, (SAMPLES / "bluesky-thread.json").read_bytes())
    post = thread.posts[2]
    (facet,) = dig(post.meta, "raw", "post", "record", "facets")
    index = facet["index"]
    assert post.text.encode()[index["byteStart"] : index["byteEnd"]].decode() == facet["features"][0]["uri"]


def test_what_stands_above_may_be_gone_or_a_long_way_up() -> None:
    gone = {
        "$type": "app.bsky.feed.defs#notFoundPost",
        "uri": "at://did:plc:x/app.bsky.feed.post/gone",
        "notFound": True,
    }
    (thread,), _ = read(bluesky, {"thread": view("b", [view("c")], parent=view("a", parent=gone))})
    assert [post.text for post in thread.posts] == ["", "a", "b", "c"]
    assert thread.posts[0].meta["is_deleted"] is True
    top = view("0")
    for number in range(1, 1200):
        top = view(str(number), parent=top)
    text = "".join(_write(top))
    (thread,), _ = read(bluesky, text.encode())
    assert [post.text for post in thread.posts] == [str(number) for number in range(1200)]


def _write(top: dict[str, Any]) -> list[str]:
    """Write a chain of parents, which is deeper than json goes."""
    parts, ends = [], 0
    at: Any = top
    while at is not None:
        parts.append(json.dumps({name: it for name, it in at.items() if name != "parent"})[:-1])
        at = at.get("parent")
        parts.append(',"parent":' if at is not None else "")
        ends += 1
    return [*parts, "}" * ends]


def test_what_stands_beside_the_thread_and_several_threads_are_kept() -> None:
    threads, _ = read(bluesky, [{"thread": view("a"), "threadgate": {"uri": "at://gate"}}, {"thread": view("b")}])
    assert [(thread.key, thread.title) for thread in threads] == [("a", "a"), ("b", "b")]
    assert threads[0].meta == {"raw": {"threadgate": {"uri": "at://gate"}}}


def test_the_flat_list_of_the_second_version_is_read_by_its_depths() -> None:
    kind = "app.bsky.unspecced.defs#threadItem"
    values = [("a", -1), ("b", 0), ("c", 1), ("d", 2), ("e", 1)]
    flat: list[object] = [
        {
            "uri": f"at://did:plc:x/app.bsky.feed.post/{name}",
            "depth": depth,
            "value": {**view(name), "$type": f"{kind}Post", "replies": None},
        }
        for name, depth in values
    ]
    flat.insert(4, {"uri": "at://did:plc:x/app.bsky.feed.post/n", "depth": 2, "value": {"$type": f"{kind}NotFound"}})
    flat.append("odd")
    document = {"thread": flat, "hasOtherReplies": True}
    assert bluesky.sniff(Source.of_bytes(json.dumps(document).encode())) > 0.9
    (thread,), problems = read(bluesky, document)
    assert [(it.key[-1], (it.parent or "-")[-1], it.text) for it in thread.posts] == [
        ("a", "-", "a"),
        ("b", "a", "b"),
        ("c", "b", "c"),
        ("d", "c", "d"),
        ("n", "c", ""),
        ("e", "b", "e"),
    ]
    assert thread.posts[4].meta["is_deleted"] is True
    assert thread.meta == {"raw": {"hasOtherReplies": True}}
    assert len(problems) == 1


def test_replies_of_other_types_are_reported() -> None:
    (thread,), problems = read(
        bluesky, {"thread": view("a", [None, {"post": {"record": "odd", "uri": 3}}, {"$type": "app.new#kind"}])}
    )
    assert len(thread.posts) == 3
    assert dig(thread.posts[1].meta, "raw", "post", "record") == "odd"
    said = " ".join(problems)
    for words in ("is no record", "has no time", "has no id", "stands for a post"):
        assert words in said


# Discourse


def post(number: int, reply: int | None = None, **more: object) -> dict[str, Any]:
    said = {"id": 100 + number, "post_number": number, "reply_to_post_number": reply, "cooked": f"<p>{number}</p>"}
    return {**said, "username": "ada", "created_at": "2026-05-01T08:30:00.000Z", "topic_id": 9, **more}


def page(*posts: object, **more: object) -> dict[str, Any]:
    return {"post_stream": {"posts": list(posts)}, "id": 9, **more}


def test_the_pages_of_the_sample_are_one_topic() -> None:
    raw = (SAMPLES / "discourse-topic.json").read_bytes()
    (thread,), problems = read(discourse, raw)
    assert problems == []
    assert keys(thread) == [("1", None), ("2", "1"), ("3", "2"), ("5", "3"), ("6", "5"), ("8", "3"), ("7", "1")]
    first, second = raw.decode().split("\n{")
    pages = [json.loads(first), json.loads("{" + second)]
    found = by_key(thread)
    for it in (it for at in pages for it in at["post_stream"]["posts"]):
        stored = found[str(it["post_number"])]
        text = it.get("raw", it["cooked"])
        assert stored.text == (f"Tunnel approved: what now?\n\n{text}" if it["post_number"] == 1 else text)
        assert stored.author == it["username"]
        assert stored.created_at == it["created_at"].replace(".250Z", "Z")
        raw_record = stored.meta["raw"]
        assert isinstance(raw_record, dict)
        for name in ("id", "created_at", "actions_summary", "score", "topic_slug"):
            assert raw_record[name] == it[name]
    assert [found[key].meta.get("markup") for key in ("1", "2", "7")] == ["markdown", "html", None]
    assert found["3"].meta["edited_at"] == "2026-05-01T09:20:00Z"
    assert found["5"].meta["is_deleted"] is True
    assert dig(found["7"].meta, "raw", "action_code") == "closed.enabled"
    assert dig(thread.meta, "raw", "slug") == "tunnel-approved-what-now"
    assert thread.warnings == ("1 post is missing: the source names it, but does not hold it.",)


def test_pages_in_a_list_and_out_of_order_are_one_topic_and_repeats_are_told_apart() -> None:
    twin = post(3, 2, id=103, cooked="<p>not the same</p>")
    (thread,), problems = read(
        discourse, [page(post(2, 1), post(3, 2)), page(post(1), post(2, 1), title="T"), page(twin)]
    )
    assert [(it.key, it.parent, it.text) for it in thread.posts] == [
        ("1", None, "T\n\n<p>1</p>"),
        ("2", "1", "<p>2</p>"),
        ("3", "2", "<p>not the same</p>"),
    ]
    assert problems == []
    threads, _ = read(discourse, [page(post(1), title="A"), {**page(post(1), title="B"), "id": 10}])
    assert [(thread.key, thread.title) for thread in threads] == [("9", "A"), ("10", "B")]


def test_a_page_from_the_middle_has_a_missing_article_with_the_headline() -> None:
    (thread,), problems = read(discourse, page(post(40, 39), post(41), title="T"))
    assert [(it.key, it.parent, it.text) for it in thread.posts] == [
        ("1", None, "T"),
        ("40", "1", "<p>40</p>"),
        ("41", "1", "<p>41</p>"),
    ]
    assert problems == ["comment 40: answers a comment that is not in the source; it answers the article."]
    assert discourse.BEGINS_ELSEWHERE in thread.warnings


def test_posts_without_a_topic_are_grouped_by_what_they_name() -> None:
    threads, _ = read(discourse, {"latest_posts": [post(1, topic_title="A"), post(2, topic_id=5, topic_title="B")]})
    assert [(thread.key, thread.title, len(thread.posts)) for thread in threads] == [("9", "A", 1), ("5", "B", 2)]


# YouTube


def comment(name: str, parent: object = "root", **more: object) -> dict[str, Any]:
    return {
        "id": name,
        "parent": parent,
        "text": name,
        "author": "@ada",
        "timestamp": 1777624200,
        "like_count": 1,
        **more,
    }


def test_the_video_of_the_sample_is_compared_with_its_source() -> None:
    document = json.loads((SAMPLES / "youtube-comments.info.json").read_text(encoding="utf-8"))
    (thread,), problems = read(youtube, document)
    assert problems == []
    article, *comments = thread.posts
    assert article.text == f"{document['title']}\n\n{document['description']}"
    assert (article.key, article.author, article.created_at) == (
        document["id"],
        document["uploader"],
        "2026-05-01T08:30:00Z",
    )
    assert (thread.title, thread.url) == (document["title"], document["webpage_url"])
    raw = article.meta["raw"]
    assert isinstance(raw, dict)
    assert {name: raw[name] for name in ("view_count", "tags", "channel_id", "upload_date")} == {
        name: document[name] for name in ("view_count", "tags", "channel_id", "upload_date")
    }
    assert "formats" not in raw
    assert len(comments) == len(document["comments"])
    for post_of, it in zip(comments, document["comments"], strict=True):
        assert (post_of.key, post_of.author, post_of.text) == (it["id"], it["author"], it["text"])
        assert post_of.parent == (document["id"] if it["parent"] == "root" else it["parent"])
        left = {"id", "parent", "author", "text", "timestamp"}
        assert post_of.meta["raw"] == {name: value for name, value in it.items() if name not in left}


def test_comments_alone_playlists_and_a_video_a_line_are_read() -> None:
    alone = [comment("a"), comment("b", "a")]
    assert youtube.sniff(Source.of_bytes(json.dumps(alone).encode())) > 0.9
    (thread,), _ = read(youtube, alone)
    assert keys(thread) == [("0", None), ("a", "0"), ("b", "a")]
    assert thread.posts[0].meta["is_missing"] is True
    videos = [{"id": name, "title": name.upper(), "comments": [comment("a")], "extractor": "youtube"} for name in "xy"]
    playlist = {"_type": "playlist", "id": "P", "title": "P", "entries": [*videos, None]}
    for document in (playlist, "\n".join(json.dumps(video) for video in videos).encode()):
        threads, problems = read(youtube, document)
        assert [(found.key, found.title, len(found.posts)) for found in threads] == [("x", "X", 2), ("y", "Y", 2)]
        assert problems == []


def test_a_video_without_comments_or_time_is_a_thread_all_the_same() -> None:
    (thread,), problems = read(youtube, {"id": "x", "title": "T", "comments": None, "upload_date": "20260501"})
    assert keys(thread) == [("x", None)]
    assert thread.posts[0].created_at is None
    assert problems == []


def test_orphans_circles_and_broken_comments_are_reported() -> None:
    comments = [
        comment("a", "gone"),
        comment("b", "c"),
        comment("c", "b"),
        "x",
        comment("d", timestamp=None),
        comment("e", text=5),
    ]
    (thread,), problems = read(youtube, {"id": "x", "title": "T", "comments": comments})
    assert [(it.key, it.parent) for it in thread.posts] == [
        ("x", None),
        ("a", "x"),
        ("b", "x"),
        ("c", "b"),
        ("d", "x"),
        ("e", "x"),
    ]
    assert thread.posts[-1].text == "5"
    said = " ".join(problems)
    for words in (
        "is not in the source",
        "answers itself",
        "is no record",
        "has no time",
        "has a text that is no text",
    ):
        assert words in said
