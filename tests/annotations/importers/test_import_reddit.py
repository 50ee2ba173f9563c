"""Reddit: threads of its pages and dumps, what was deleted, removed or left out, and entities."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from annotations.importers import reddit_dump, reddit_thread
from annotations.importers.sites.reddit_fields import bare_id
from annotations.sources.source import Source, open_source

if TYPE_CHECKING:
    from annotations.model import Post, Thread

SAMPLES = Path(__file__).parents[3] / "sample_data"


def read_thread(document: object) -> tuple[list[Thread], list[str]]:
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    source = Source.of_bytes(raw, "page.json")
    return list(reddit_thread.read(source)), list(source.problems.sentences())


def read_dump(*records: object) -> tuple[list[Thread], list[str]]:
    source = Source.of_bytes("\n".join(json.dumps(record) for record in records).encode(), "RC_2026-05")
    return list(reddit_dump.read(source)), list(source.problems.sentences())


def by_key(thread: Thread) -> dict[str, Post]:
    return {post.key: post for post in thread.posts}


def listing(*things: object) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"children": list(things)}}


def t3(**more: object) -> dict[str, Any]:
    return {
        "kind": "t3",
        "data": {"id": "p1", "name": "t3_p1", "title": "T", "selftext": "", "author": "op", "created_utc": 1.0, **more},
    }


def t1(name: str, body: str = "x", parent: str = "t3_p1", **more: object) -> dict[str, Any]:
    data = {"id": name, "parent_id": parent, "body": body, "author": "a", "created_utc": 2.0, "replies": "", **more}
    return {"kind": "t1", "data": data}


# A page's JSON


@pytest.fixture(scope="module")
def sample() -> Thread:
    raw = (SAMPLES / "reddit-thread.json").read_bytes()
    (thread,) = reddit_thread.read(Source.of_bytes(raw, "reddit-thread.json"))
    return thread


def test_the_sample_is_compared_with_its_source(sample: Thread) -> None:
    post, comments = json.loads((SAMPLES / "reddit-thread.json").read_text(encoding="utf-8"))
    waiting = list(comments["data"]["children"])
    found = by_key(sample)
    count = 0
    while waiting:
        thing = waiting.pop()
        data = thing["data"]
        if thing["kind"] == "more":
            continue
        count += 1
        post_of = found[data["id"]]
        assert post_of.parent == data["parent_id"][3:]
        assert post_of.text == data["body"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        assert post_of.author == (None if data["author"] == "[deleted]" else data["author"])
        raw = post_of.meta["raw"]
        assert isinstance(raw, dict)
        left = {"replies", "body", "body_html", "id", "name", "parent_id", "created", "created_utc"}
        kept = {name: value for name, value in data.items() if name not in left and value not in (None, "", [], {})}
        assert raw == (kept if data["author"] == "[deleted]" else {k: v for k, v in kept.items() if k != "author"})
        if data["replies"]:
            waiting += data["replies"]["data"]["children"]
    assert count == len(sample.posts) - 1
    assert sample.title == "The council voted: tunnel > bridge, 20 to 19"
    said = post["data"]["children"][0]["data"]["selftext"].replace("&gt;", ">").replace("&amp;", "&")
    assert sample.posts[0].text == f"{sample.title}\n\n{said}"
    assert sample.url == "https://www.reddit.com/r/quillmouth/comments/1tunn31/"


def test_a_deleted_author_a_deleted_comment_and_a_removed_one_differ(sample: Thread) -> None:
    found = by_key(sample)
    flags = ("is_deleted", "is_removed", "is_author_deleted")
    assert [
        [found[key].meta.get(flag, False) for flag in flags] for key in ("nq1a001", "nq1a005", "nq1a004", "nq1a003")
    ] == [
        [False, False, False],
        [False, False, True],
        [True, False, True],
        [True, True, True],
    ]
    assert found["nq1a005"].text == "The half with the mistakes < 10%?"
    assert (found["nq1a004"].text, found["nq1a003"].text) == ("[deleted]", "[removed]")
    assert found["nq1a005"].meta["edited_at"] == "2026-05-01T09:00:00Z"


def test_what_was_left_out_is_counted_where_it_is_missing(sample: Thread) -> None:
    found = by_key(sample)
    assert found["nq1a001"].meta["more"] == {"count": 6, "children": ["nq1a020", "nq1a021", "nq1a025"]}
    assert found["1tunn31"].meta["more"] == {"count": 2, "children": ["nq1a040", "nq1a041"]}
    assert sample.meta == {"missing": 8}
    assert sample.warnings == (
        "8 comments are missing: the source names them, but does not hold them.",
        "1 discussion goes on deeper, on pages of their own, which the source does not hold.",
    )


@pytest.mark.parametrize(
    ("html", "body", "text"),
    [
        ("<div>", "&lt;b&gt; is how one writes it", "&lt;b&gt; is how one writes it"),
        ("&lt;div&gt;", "&lt;b&gt; &amp;lt; is how one writes it", "<b> &lt; is how one writes it"),
        (None, "&gt; quoted &amp; said", "> quoted & said"),
    ],
)
def test_entities_are_undone_unless_the_page_was_asked_for_raw(html: str | None, body: str, text: str) -> None:
    (thread,), _ = read_thread([listing(t3(selftext_html=html)), listing(t1("a", body))])
    assert thread.posts[1].text == text


def test_without_html_one_bare_sign_tells_that_nothing_was_escaped() -> None:
    (thread,), _ = read_thread([listing(t3()), listing(t1("a", "> quoted"), t1("b", "&amp; is an entity"))])
    assert [post.text for post in thread.posts[1:]] == ["> quoted", "&amp; is an entity"]


def test_a_crosspost_has_the_text_of_what_it_passes_on() -> None:
    first = {"id": "p0", "name": "t3_p0", "selftext": "first &lt;text&gt;", "author": "b"}
    (thread,), _ = read_thread([listing(t3(crosspost_parent_list=[first])), listing()])
    assert thread.posts[0].text == "T\n\nfirst <text>"
    assert thread.posts[0].meta["crosspost_of"] == "t3_p0"
    assert len(thread.posts) == 1


def test_more_comments_that_were_asked_for_are_flat_and_find_their_places() -> None:
    more = {"json": {"errors": [], "data": {"things": [t1("c", parent="t1_b"), t1("b", parent="t1_a")]}}}
    (thread,), problems = read_thread([[listing(t3()), listing(t1("a"))], more])
    assert [(post.key, post.parent) for post in thread.posts] == [("p1", None), ("a", "p1"), ("b", "a"), ("c", "b")]
    assert problems == []


def test_comments_alone_are_a_thread_without_its_article_and_orphans_are_reported() -> None:
    (thread,), problems = read_thread(
        listing(t1("a", parent="t1_gone", link_id="t3_p9"), t1("a", "y", parent="t3_p9"), {"kind": "t1"})
    )
    assert thread.posts[0].key == "p9"
    assert thread.posts[0].meta["is_missing"] is True
    assert [(post.key, post.text) for post in thread.posts[1:]] == [("a", "x"), ("a~2", "y")]
    assert len(problems) == 3


def test_several_pages_behind_each_other_are_several_threads() -> None:
    pages = b"\n".join(
        json.dumps([listing(t3(id=name, name=f"t3_{name}")), listing(t1("a", parent=f"t3_{name}"))]).encode()
        for name in ("p1", "p2")
    )
    threads, _ = read_thread(pages)
    assert [(thread.key, len(thread.posts)) for thread in threads] == [("p1", 2), ("p2", 2)]


# Dumps


def comment(name: str, link: str = "p1", parent: object = None, **more: object) -> dict[str, Any]:
    said = {"id": name, "link_id": f"t3_{link}", "parent_id": parent or f"t3_{link}", "body": name, "author": "a"}
    return {**said, "created_utc": 1777624200, "subreddit": "s", **more}


def submission(name: str, **more: object) -> dict[str, Any]:
    return {
        "id": name,
        "title": f"About {name}",
        "selftext": "",
        "author": "op",
        "created_utc": 1777624100,
        "num_comments": 1,
        "subreddit": "s",
        **more,
    }


def test_the_threads_of_the_sample_are_put_together() -> None:
    raw = (SAMPLES / "reddit-dump.ndjson").read_bytes()
    threads = list(reddit_dump.read(Source.of_bytes(raw, "reddit-dump.ndjson")))
    assert [(thread.key, thread.title, len(thread.posts)) for thread in threads] == [
        ("1tunn40", "Lost by one vote", 5),
        ("1ferry7", "words of the title", 3),
        ("1bridg2", "From our neighbours", 1),
    ]
    found = {post.key: post for thread in threads for post in thread.posts}
    for line in raw.splitlines():
        record = json.loads(line)
        if "body" in record:
            assert found[record["id"]].text == record["body"].replace("&gt;", ">").replace("&amp;", "&")
            assert found[record["id"]].meta["raw"]["score"] == record["score"]  # type: ignore[index]  # JSON
            assert found[record["id"]].meta["raw"]["link_id"] == record["link_id"]  # type: ignore[index]  # JSON
    assert found["nr0b005"].parent == "nr0b003"
    assert found["1bridg2"].text == "From our neighbours\n\nOne vote. > Nineteen people stayed at home."
    assert threads[1].posts[0].meta["is_missing"] is True


def test_lines_that_are_escaped_and_lines_that_are_not_stand_in_one_dump() -> None:
    (thread,), _ = read_dump(comment("a", body="&gt; said &amp;c."), comment("b", body="> said &amp; meant"))
    assert [post.text for post in thread.posts[1:]] == ["> said &c.", "> said &amp; meant"]


def test_parents_as_numbers_are_read_in_base_36() -> None:
    (thread,), problems = read_dump(comment("zz"), comment("b", parent=35 * 36 + 35))
    assert [(post.key, post.parent) for post in thread.posts] == [("p1", None), ("zz", "p1"), ("b", "zz")]
    assert problems == []
    oddities: tuple[object, ...] = (0, -1, True, None, 1.5, [], "t1_x", "x", "")
    assert [bare_id(value) for value in oddities] == ["", "", "", "", "", "", "x", "x", ""]


def test_disorder_of_lines_is_reported_line_by_line() -> None:
    lines = [
        json.dumps(comment("a")),
        "",
        "[]",
        "{",
        json.dumps({"body": "alone", "author": "b", "created_utc": None}),
        json.dumps(submission("p1")),
    ]
    source = Source.of_bytes("\n".join(lines).encode(), "RC")
    threads = list(reddit_dump.read(source))
    assert [(thread.key, [post.text for post in thread.posts]) for thread in threads] == [
        ("p1", ["About p1", "a"]),
        ("without-submission", ["", "alone"]),
    ]
    said = list(source.problems.sentences())
    assert "line 3: is no record; it was left out." in said
    assert "line 4: is no sound JSON; it was left out." in said
    assert any("line 5: does not say which submission" in sentence for sentence in said)
    assert any("line 5: has no time" in sentence for sentence in said)


def test_arrays_and_envelopes_are_dumps_too() -> None:
    for document in (
        [comment("a"), submission("p1")],
        {"data": [comment("a"), submission("p1")]},
        [{"kind": "t1", "data": comment("a")}, {"kind": "t3", "data": submission("p1")}],
    ):
        (thread,) = reddit_dump.read(Source.of_bytes(json.dumps(document).encode()))
        assert [post.text for post in thread.posts] == ["About p1", "a"]


def test_a_file_of_submissions_and_one_of_comments_are_read_together(tmp_path: Path) -> None:
    (tmp_path / "s_submissions").write_text(
        json.dumps(submission("p1")) + "\n" + json.dumps(submission("p2")), encoding="utf-8"
    )
    (tmp_path / "s_comments").write_text(
        json.dumps(comment("a", "p2")) + "\n" + json.dumps(comment("b", "p1")), encoding="utf-8"
    )
    folder = open_source(tmp_path)
    assert reddit_dump.sniff(folder) > 0.9
    by_folder = list(reddit_dump.read(folder))
    by_files = list(
        reddit_dump.read_together([open_source(tmp_path / name) for name in ("s_comments", "s_submissions")])
    )
    assert [(thread.key, thread.title, len(thread.posts)) for thread in by_folder] == [
        ("p2", "About p2", 2),
        ("p1", "About p1", 2),
    ]
    assert by_files == by_folder
    with (tmp_path / "s_comments").open("a", encoding="utf-8") as file:
        file.write('\n{"id": "broken\n' + json.dumps(comment("d", "p2", body="bell\x07")))
    folder = open_source(tmp_path)
    threads = list(reddit_dump.read(folder))
    assert [len(thread.posts) for thread in threads] == [3, 2]
    assert sum(thread.dropped for thread in threads) == 1
    assert list(folder.problems.sentences()) == ["s_comments, line 3: is no sound JSON; it was left out."]
    (tmp_path / "notes.txt").write_text("no dump", encoding="utf-8")
    assert reddit_dump.sniff(open_source(tmp_path)) == 0.0


def test_a_compressed_dump_is_read(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    path = tmp_path / "RC_2026-05.zst"
    raw = "\n".join(json.dumps(record) for record in (comment("a"), submission("p1"))).encode()
    path.write_bytes(zstandard.ZstdCompressor().compress(raw))
    source = open_source(path)
    assert reddit_dump.sniff(source) > 0.9
    (thread,) = reddit_dump.read(source)
    assert [post.key for post in thread.posts] == ["p1", "a"]


def test_a_long_thread_can_be_read_after_the_importer_has_come_to_its_end() -> None:
    records = [comment(f"c{number}", parent=f"t1_c{number - 1}" if number % 50 else None) for number in range(2500)]
    (thread,), problems = read_dump(submission("p1"), *records)
    assert problems == []
    assert len(thread.posts) == 2501
    assert [post.text for post in thread.posts] == ["About p1", *(f"c{number}" for number in range(2500))]
    assert thread.posts[50].parent == "c48"
