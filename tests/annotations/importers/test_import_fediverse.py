"""Mastodon, ActivityPub and Lemmy: samples compared with their sources, and the disorder that these networks have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from annotations.importers import activitypub, lemmy, mastodon
from annotations.sources.source import Source

if TYPE_CHECKING:
    from annotations.model import Post, Thread

SAMPLES = Path(__file__).parents[3] / "sample_data"


def read(module: Any, document: object) -> tuple[list[Thread], list[str]]:  # noqa: ANN401  # a module
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    source = Source.of_bytes(raw, "saved.json")
    return list(module.read(source)), list(source.problems.sentences())


def load(name: str) -> Any:  # noqa: ANN401  # JSON
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


def keys(thread: Thread) -> list[tuple[str, str | None]]:
    return [(post.key, post.parent) for post in thread.posts]


def by_key(thread: Thread) -> dict[str, Post]:
    return {post.key: post for post in thread.posts}


# Mastodon


def status(number: int, parent: int | None = None, **more: object) -> dict[str, Any]:
    said = {"id": str(number), "in_reply_to_id": parent and str(parent), "in_reply_to_account_id": None}
    account = {"acct": "ada", "display_name": "Ada"}
    return {**said, "content": f"<p>{number}</p>", "account": account, "created_at": "2026-05-01T08:30:00.000Z", **more}


def test_the_context_of_the_sample_is_compared_with_its_source() -> None:
    document = load("mastodon-context.json")
    (thread,), problems = read(mastodon, document)
    context = document["context"]
    source = [*context["ancestors"], document["status"], *context["descendants"]]
    found = by_key(thread)
    assert len(thread.posts) == len(source)
    for it in source:
        post = found[it["id"]]
        assert (post.author, post.text, post.meta["url"]) == (it["account"]["acct"], it["content"], it["url"])
        assert post.created_at == it["created_at"].replace(".000Z", "Z")
        left = {"id", "in_reply_to_id", "content", "url", "spoiler_text"}
        assert post.meta["raw"] == {k: v for k, v in it.items() if k not in left and v not in (None, "", [], {})}
        assert post.meta["markup"] == "html"
    assert found["114433000000000002"].meta["spoiler_text"] == "Tunnel, statistics"
    assert found["114433000000000002"].meta["edited_at"] == "2026-05-01T08:55:10Z"
    assert found["114433000000000002"].meta["name"] == "eel 🐍"
    image = {"type": "image", "description": "A full council chamber, hands raised"}
    assert found["114433000000000001"].meta["media"] == [image]
    votes = [{"title": "Tunnel", "votes_count": 6}, {"title": "Bridge", "votes_count": 4}]
    assert found["114433000000000005"].meta["poll"] == votes
    assert found["114433000000000007"].meta["parent"] == "114433000000000006"
    assert len(problems) == 1
    assert thread.title == "The tunnel was approved tonight, 20 to 19. I voted for it, and I am glad."


@pytest.mark.parametrize(
    "document",
    [
        {"status": status(1), "context": {"ancestors": [], "descendants": [status(2, 1), status(3, 2)]}},
        {"status": status(2, 1), "ancestors": [status(1)], "descendants": [status(3, 2)]},
        {**status(2, 1), "ancestors": [status(1)], "descendants": [status(3, 2)]},
        [status(2, 1), {"ancestors": [status(1)], "descendants": [status(3, 2)]}],
        [{"ancestors": [status(1)], "descendants": [status(3, 2)]}, status(2, 1)],
        [status(1), status(2, 1), status(3, 2)],
    ],
)
def test_a_status_may_stand_beside_its_context_in_several_ways(document: object) -> None:
    assert mastodon.sniff(Source.of_bytes(json.dumps(document).encode())) >= 0.9
    (thread,), problems = read(mastodon, document)
    assert keys(thread) == [("1", None), ("2", "1"), ("3", "2")]
    assert problems == []


def test_a_status_and_its_context_behind_each_other_are_one_thread() -> None:
    raw = (
        json.dumps(status(1), indent=1) + "\n" + json.dumps({"ancestors": [], "descendants": [status(2, 1)]}, indent=1)
    )
    (thread,), _ = read(mastodon, raw.encode())
    assert keys(thread) == [("1", None), ("2", "1")]


def test_a_context_alone_has_what_it_is_of_as_a_missing_article() -> None:
    (thread,), problems = read(mastodon, {"ancestors": [], "descendants": [status(2, 1), status(3, 2), status(4, 1)]})
    assert keys(thread) == [("1", None), ("2", "1"), ("3", "2"), ("4", "1")]
    assert thread.posts[0].meta["is_missing"] is True
    assert len(thread.warnings) == 1
    assert problems == []
    (thread,), _ = read(mastodon, {"ancestors": [status(1)], "descendants": [status(3, 2), status(4, 2)]})
    assert keys(thread) == [("1", None), ("2", "1"), ("3", "2"), ("4", "2")]


def test_circles_twins_and_statuses_without_anything_are_survived() -> None:
    (thread,), problems = read(
        mastodon,
        {"ancestors": ["x"], "descendants": [status(2, 3), status(3, 2), status(3, 2, content="other"), {"in_reply_to_id": []}]},
    )  # fmt: skip
    assert sorted(post.text for post in thread.posts if post.text) == ["<p>2</p>", "<p>3</p>", "other"]
    said = " ".join(problems)
    for words in ("is no record", "has no id", "has no time", "has an id that another comment has"):
        assert words in said


def test_an_empty_context_is_a_thread_of_its_status_alone() -> None:
    (thread,), _ = read(mastodon, {"status": status(1), "context": {"ancestors": [], "descendants": []}})
    assert keys(thread) == [("1", None)]


# ActivityPub


def note(number: int, parent: object = None, **more: object) -> dict[str, Any]:
    address = f"https://a.example/{parent}" if isinstance(parent, int) else parent
    said = {"id": f"https://a.example/{number}", "type": "Note", "inReplyTo": address, "content": f"<p>{number}</p>"}
    return {**said, "attributedTo": "https://a.example/ada", "published": "2026-05-01T08:30:00Z", **more}


def test_the_collection_of_the_sample_gives_its_two_threads() -> None:
    threads, problems = read(activitypub, load("activitypub-collection.json"))
    base = "https://mud.example/"
    assert keys(threads[0]) == [
        (f"{base}articles/7", None),
        (f"{base}notes/11", f"{base}articles/7"),
        (f"{base}notes/12", f"{base}notes/11"),
        (f"{base}notes/13", f"{base}notes/12"),
        (f"{base}notes/14", f"{base}notes/13"),
    ]
    article, ines, jory, gone, tern = threads[0].posts
    assert article.text == (
        "Mud, and what is in it\n\n<p>640,000 cubic metres would be dredged.</p><p>Seven of twelve months were measured.</p>"
    )
    assert (article.author, jory.author, ines.author) == ("jory@mud.example", "jory@mud.example", f"{base}users/ines")
    assert (article.created_at, article.meta["edited_at"]) == ("2026-05-01T07:00:00Z", "2026-05-01T07:30:00Z")
    assert article.meta["missing_replies"] == ["https://elsewhere.example/notes/99"]
    assert (gone.text, gone.meta["is_deleted"], gone.created_at) == ("", True, None)
    assert tern.meta["summary"] == "on moderation"
    assert threads[0].title == "Mud, and what is in it"
    assert threads[0].url == f"{base}mud-and-what-is-in-it"
    assert threads[0].warnings == ("1 comment is missing: the source names it, but does not hold it.",)
    assert threads[0].meta == {"raw": {"id": f"{base}contexts/tunnel", "totalItems": 7}}
    assert keys(threads[1]) == [(f"{base}notes/20", None)]
    assert [thread.key for thread in threads] == ["mud-example-articles-7", "mud-example-notes-20"]
    assert problems == []


def test_the_parent_may_be_an_address_an_object_or_one_of_a_list() -> None:
    parents = ("https://a.example/1", {"id": "https://a.example/1", "type": "Note"}, ["https://a.example/1"])
    (thread,), _ = read(activitypub, [note(1), *(note(number, parent) for number, parent in enumerate(parents, 2))])
    assert [post.parent for post in thread.posts] == [None, *["https://a.example/1"] * 3]


def test_one_answer_to_something_missing_is_an_article_and_two_stay_together() -> None:
    (alone,), _ = read(activitypub, note(2, 1))
    assert keys(alone) == [("https://a.example/2", None)]
    assert alone.posts[0].meta["parent"] == "https://a.example/1"
    (both,), _ = read(activitypub, {"type": "Collection", "items": [note(2, 1), note(3, 1)]})
    assert [post.key[-1] for post in both.posts] == ["1", "2", "3"]
    assert both.posts[0].meta["is_missing"] is True


def test_a_circle_has_an_article_that_is_missing() -> None:
    (thread,), problems = read(activitypub, [note(1, 2), note(2, 1)])
    assert [(post.key[-1], (post.parent or "-")[-1]) for post in thread.posts] == [("0", "-"), ("1", "0"), ("2", "1")]
    assert problems == [
        "comment https://a.example/1: answers itself, directly or through others; it answers the article."
    ]


def test_markdown_languages_and_activities_are_understood() -> None:
    document = {
        "type": "OrderedCollection",
        "first": {
            "type": "OrderedCollectionPage",
            "orderedItems": [
                {"type": "Create", "object": note(1, mediaType="text/markdown", content="*so*")},
                {"type": "Announce", "object": "https://a.example/1"},
                note(2, 1, content=None, contentMap={"de": "<p>zwei</p>", "en": "<p>two</p>"}),
                {"type": "Delete", "object": {"type": "Tombstone", "id": "https://a.example/3"}},
            ],
        },
    }
    assert activitypub.sniff(Source.of_bytes(json.dumps(document).encode())) > 0.5
    threads, _ = read(activitypub, document)
    assert [[post.text for post in thread.posts] for thread in threads] == [["*so*", "<p>zwei</p>"], [""]]
    assert threads[0].posts[0].meta["markup"] == "markdown"
    assert threads[1].title == "https://a.example/3"


# Lemmy


def view(number: int, path: object, **more: object) -> dict[str, Any]:
    said = {"id": number, "post_id": 7, "path": path, "content": str(number), "published": "2026-05-01T08:30:00.5"}
    return {"comment": {**said, **more}, "creator": {"name": "ada", "local": True}}


def test_the_post_of_the_sample_is_compared_with_its_source() -> None:
    document = load("lemmy-post.json")
    (thread,), problems = read(lemmy, document)
    assert problems == []
    post = document["post_view"]["post"]
    assert thread.posts[0].text == f"{post['name']}\n\n{post['body']}"
    assert (thread.title, thread.url) == (post["name"], post["ap_id"])
    assert thread.posts[0].meta["link"] == post["url"]
    assert thread.posts[0].meta["edited_at"] == "2026-05-01T08:35:00Z"
    raw = thread.posts[0].meta["raw"]
    assert isinstance(raw, dict)
    assert raw["counts"] == document["post_view"]["counts"]
    assert raw["community"] == document["post_view"]["community"]
    assert thread.meta == {"raw": {"community_view": document["community_view"]}}
    found = by_key(thread)
    for it in document["comments"]:
        comment = found[str(it["comment"]["id"])]
        assert comment.text == it["comment"]["content"]
        assert comment.parent == it["comment"]["path"].split(".")[-2]
        assert comment.created_at == it["comment"]["published"].replace(".000000Z", "Z")
        name = it["creator"]["name"]
        assert comment.author == (name if it["creator"]["local"] else f"{name}@far.example")
        assert comment.meta["raw"]["counts"] == it["counts"]  # type: ignore[index]  # JSON
    assert [found[key].meta.get("is_deleted", False) for key in ("301", "311", "320")] == [False, True, True]
    assert [found[key].meta.get("is_removed", False) for key in ("311", "320")] == [False, True]


def test_a_comment_with_the_id_of_its_post_stays_a_comment() -> None:
    (thread,), problems = read(lemmy, load("lemmy-post.json"))
    assert [post.text for post in thread.posts if post.key == "77"] == ["THIS"]
    assert problems == []


def test_a_list_of_comments_alone_takes_the_post_that_each_names() -> None:
    comments = [
        {**view(1, "0.1"), "post": {"id": 7, "name": "T", "published": "2026-05-01T08:00:00Z"}},
        view(2, "0.1.2"),
    ]
    (thread,), _ = read(lemmy, {"comments": comments})
    assert lemmy.sniff(Source.of_bytes(json.dumps({"comments": comments}).encode())) > 0.9
    assert keys(thread) == [("0", None), ("1", "0"), ("2", "1")]
    assert thread.title == "T"
    assert thread.posts[1].created_at == "2026-05-01T08:30:00Z"
    assert thread.posts[1].meta["raw"]["comment"]["published"] == "2026-05-01T08:30:00.5"  # type: ignore[index]  # JSON


def test_two_answers_of_the_api_behind_each_other_are_one_thread() -> None:
    post = {"post_view": {"post": {"id": 7, "name": "T", "published": "2026-05-01T08:00:00Z", "ap_id": "x"}}}
    raw = "\n".join(json.dumps(it) for it in (post, {"comments": [view(2, "0.1.2"), view(3, "0.1.3")]}))
    (thread,), problems = read(lemmy, raw.encode())
    assert [(p.key, p.parent) for p in thread.posts] == [("0", None), ("1", "0"), ("2", "1"), ("3", "1")]
    assert thread.posts[1].meta == {"is_missing": True}
    assert problems == [
        "comment 2, comment 3: answers a comment that is not in the source; an empty comment stands for the missing one."
    ]


def test_paths_of_other_types_leave_comments_at_the_top() -> None:
    (thread,), problems = read(lemmy, {"comments": [view(1, None), view(2, [1]), view(3, "x"), view(4, "0.1.4")]})
    assert [(post.key, post.parent) for post in thread.posts[1:]] == [("1", "0"), ("4", "1"), ("2", "0"), ("3", "0")]
    assert problems == []
