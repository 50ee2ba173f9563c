"""WordPress' export: posts with their comments as the file has them, and whatever is wrong with it survived and told."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.errors import PostilError, SourceError
from annotations.importers import wxr
from annotations.importers.reading.assemble import LACKING
from annotations.sources.source import Source, open_source

if TYPE_CHECKING:
    from annotations.model import Thread

SAMPLE = Path(__file__).parents[3] / "sample_data" / "wordpress-export.xml"
DAY = "2026-05-01 08:30:00"


def comment(key: str, parent: str = "0", text: str = "x", time: str = DAY, approved: str = "1") -> str:
    return (
        f"<wp:comment><wp:comment_id>{key}</wp:comment_id><wp:comment_author><![CDATA[Ann]]></wp:comment_author>"
        f"<wp:comment_date_gmt>{time}</wp:comment_date_gmt><wp:comment_content>{escape(text)}</wp:comment_content>"
        f"<wp:comment_approved>{approved}</wp:comment_approved><wp:comment_type></wp:comment_type>"
        f"<wp:comment_parent>{parent}</wp:comment_parent></wp:comment>\n"
    )


def item(number: int, *comments: str, kind: str = "post", title: str = "A title") -> str:
    return (
        f"<item><title>{title}</title><link>https://b.example/{number}</link><dc:creator>ann</dc:creator>"
        f"<content:encoded><![CDATA[<p>Body {number}</p>]]></content:encoded><wp:post_id>{number}</wp:post_id>"
        f"<wp:post_name>p</wp:post_name><wp:post_date_gmt>{DAY}</wp:post_date_gmt><wp:post_type>{kind}</wp:post_type>\n"
        f"{''.join(comments)}</item>\n"
    )


def export(*items: str, version: str = "1.2/", prefix: str = "wp") -> Source:
    raw = (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:wp="http://wordpress.org/export/{version}">'
        f"<channel><title>Blog</title>\n{''.join(items)}</channel></rss>"
    )
    return Source.of_bytes(raw.replace("xmlns:wp", f"xmlns:{prefix}").replace("wp:", f"{prefix}:").encode(), "blog.xml")


def read(source: Source) -> list[Thread]:
    assert wxr.sniff(source) >= 0.9
    return list(wxr.read(source))


def rows(found: Thread) -> list[tuple[str, str | None]]:
    return [(post.key, post.parent) for post in found.posts]


def test_the_sample_says_what_its_file_says() -> None:
    source = open_source(SAMPLE)
    (tide,) = read(source)
    assert (tide.title, tide.url) == (
        "What the tunnel does to the tide",
        "https://pier7.example/2026/05/01/tunnel-tide/",
    )
    assert rows(tide) == [("0", None), ("101", "0"), ("102", "101"), ("104", "102"), ("103", "0")]
    article, first, answer, waiting, pingback = tide.posts
    assert article.text.startswith(
        "What the tunnel does to the tide\n\nI measured the water at the pier for a year.\n\nSince"
    )
    assert article.text.endswith("<em>eleven minutes</em> later.")
    assert (article.author, article.meta["login"]) == ("Harriet Vos", "harriet")
    assert article.created_at == "2026-05-01T08:30:00Z"
    assert first.text == "With which gauge?\n\nA float or a <b>pressure</b> sensor?"
    assert (first.author, first.created_at) == ("Bram", "2026-05-01T10:00:00Z")
    raw = first.meta["raw"]
    assert isinstance(raw, dict)
    assert raw["commentmeta"] == [
        {"meta_key": "rating", "meta_value": "5"},
        {"meta_key": "browser", "meta_value": "lynx"},
    ]
    assert raw["comment_author_IP"] == "192.0.2.11"
    assert (answer.author, answer.created_at) == ("Harriet Vos", "2026-05-01T10:20:00Z")
    assert (waiting.author, waiting.meta["is_unapproved"]) == (None, True)
    assert (pingback.author, pingback.meta["type"]) == ("Tides & Times » Late water", "pingback")
    assert pingback.text == "[&#8230;] eleven minutes, says a blog at the harbour [&#8230;]"
    kept = tide.meta["raw"]
    assert isinstance(kept, dict)
    assert kept["excerpt"] == "Eleven minutes."
    assert kept["postmeta"] == {"meta_key": "_edit_last", "meta_value": "2"}
    assert [entry["#text"] for entry in kept["category"]] == ["Water", "tunnel"]
    assert tide.warnings == ("Left out: 1 post or page without comments and 1 menu entry, attachment or the like.",)
    assert (source.problems.count, source.dropped) == (0, 0)


@pytest.mark.parametrize(("version", "prefix"), [("1.0/", "wp"), ("1.1/", "wp"), ("1.2/", "wxr"), ("", "wp")])
def test_the_namespace_may_have_any_version_and_prefix(version: str, prefix: str) -> None:
    (found,) = read(export(item(1, comment("5"), comment("6", "5")), version=version, prefix=prefix))
    assert rows(found) == [("0", None), ("5", "0"), ("6", "5")]


def test_posts_without_comments_are_threads_where_none_has_any() -> None:
    found = read(export(item(1), item(2, kind="page"), item(3, kind="attachment")))
    assert [(entry.meta["post_id"], len(entry.posts)) for entry in found] == [("1", 1), ("2", 1)]
    assert found[-1].warnings == ("Left out: 1 menu entry, attachment or the like.",)
    assert found[0].posts[0].text == "A title\n\n<p>Body 1</p>"


def test_every_post_with_comments_is_a_thread_with_a_key_of_its_own() -> None:
    found = read(export(item(1, comment("1")), item(2), item(3, comment("2"), kind="attachment")))
    assert [(entry.key, len(entry.posts)) for entry in found] == [("p-1", 2), ("p-3", 2)]


@pytest.mark.parametrize(
    ("approved", "flag"), [("spam", "is_spam"), ("trash", "is_deleted"), ("0", "is_unapproved"), ("1", "")]
)
def test_what_was_not_approved_is_marked(approved: str, flag: str) -> None:
    (found,) = read(export(item(1, comment("1", approved=approved))))
    flags = {name for name in found.posts[1].meta if name.startswith("is_")}
    assert flags == ({flag} if flag else set())


def test_orphans_circles_doubles_and_missing_times_are_told() -> None:
    comments = [
        comment("2", "99"),
        comment("3", "4"),
        comment("4", "3"),
        comment("5", text=""),
        comment("5", text=""),
        comment("6", text="one"),
        comment("6", text="two"),
        comment("7", time="0000-00-00 00:00:00"),
        comment(""),
    ]
    source = export(item(1, *comments))
    (found,) = read(source)
    assert sorted(post.key for post in found.posts) == sorted(["0", "2", "3", "4", "5", "6", "6~2", "7", "line-11"])
    said = " ".join(source.problems.sentences())
    for words in (LACKING, "answers itself", "word for word", "another comment has", "no time that can", "has no id"):
        assert words in said


def test_a_broken_comment_is_told_with_its_line_and_those_behind_it_stay_in_their_thread() -> None:
    broken = "<wp:comment><wp:comment_id>2</wp:comment_id><wp:comment_content>a & b < c</wp:comment>\n"
    source = export(item(1, comment("1"), broken, comment("3", "1"), comment("4", "3")), item(2, comment("8")))
    first, second = read(source)
    assert [key for key in rows(first) if key[0] != "2"] == [("0", None), ("1", "0"), ("3", "1"), ("4", "3")]
    assert first.posts[0].text == "A title\n\n<p>Body 1</p>"
    assert rows(second) == [("0", None), ("8", "0")]
    assert any("line 4" in sentence for sentence in source.problems.sentences())


def test_a_truncated_file_is_read_up_to_its_end() -> None:
    raw = SAMPLE.read_bytes()
    source = Source.of_bytes(raw[: raw.index(b"And the moon")], "cut.xml")
    (found,) = read(source)
    assert {"101", "102", "103"} <= {post.key for post in found.posts}
    assert source.problems.count


def test_entities_of_the_document_are_refused() -> None:
    raw = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss xmlns:wp="http://wordpress.org/export/1.2/"/>'
    with pytest.raises(SourceError, match="declares an entity"):
        list(wxr.read(Source.of_bytes(raw.encode(), "x.xml")))


def test_a_thousand_levels() -> None:
    (found,) = read(export(item(1, *(comment(str(at), str(at - 1)) for at in range(1000, 0, -1)))))
    assert rows(found)[1:] == [(str(at), str(at - 1)) for at in range(1, 1001)]


def test_comments_may_answer_later_ones_and_times_may_run_backwards() -> None:
    source = export(item(1, comment("1", "2", time="2026-05-01 01:00:00"), comment("2", time="2026-05-02 01:00:00")))
    (found,) = read(source)
    assert rows(found) == [("0", None), ("2", "0"), ("1", "2")]
    assert "is older than what it answers" in " ".join(source.problems.sentences())


@pytest.mark.parametrize("raw", [b"", b"<rss/>", b"<rss><channel><item/></channel></rss>", b"{", b"\xff<rss"])
def test_other_feeds_are_not_taken_for_an_export(raw: bytes) -> None:
    assert wxr.sniff(Source.of_bytes(raw, "x")) == 0


trees = st.lists(st.integers(0, 30), max_size=30).map(lambda draws: [at % (n + 1) for n, at in enumerate(draws)])
texts = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff\ufeff"), max_size=40)


@settings(max_examples=40, deadline=None)
@given(trees, st.data())
def test_any_tree_comes_back(parents: list[int], data: st.DataObject) -> None:
    said = [data.draw(texts) for _ in parents]
    made = list(zip(parents, said, strict=True))
    parts = [comment(str(number), str(parent), text) for number, (parent, text) in enumerate(made, 1)]
    data.draw(st.randoms(use_true_random=False)).shuffle(parts)
    (found,) = read(export(item(1, *parts)))
    answers = {post.key: (post.parent, post.text) for post in found.posts[1:]}
    assert answers == {str(number): (str(parent), text) for number, (parent, text) in enumerate(made, 1)}


@pytest.mark.parametrize("seed", range(60))
def test_damaged_bytes_are_survived(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same damage each time
    raw = bytearray(SAMPLE.read_bytes())
    at = chance.randrange(len(raw))
    match seed % 4:
        case 0:
            del raw[at:]
        case 1:
            del raw[at : at + chance.randrange(200)]
        case 2:
            raw[at:at] = raw[at : at + chance.randrange(400)]
        case _:
            for _ in range(6):
                raw[chance.randrange(len(raw))] = chance.choice(b'\x00<>&"\xff]x')
    try:
        found = list(wxr.read(Source.of_bytes(bytes(raw), "x.xml")))
    except PostilError as error:
        assert error.message  # noqa: PT017  # either outcome is right, a traceback is not
    else:
        assert all(entry.posts[0].parent is None for entry in found)


@pytest.mark.parametrize("few", [0, 3, 1000])
def test_comments_stay_with_their_posts_wherever_they_are_kept(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotations.importers.reading.gathering.FEW", few)
    whole = read(
        export(
            item(1, *(comment(str(number), str(number // 2)) for number in range(1, 9))),
            item(2),
            item(3, comment("20", text="only"), title="Another"),
        )
    )
    expected = [
        [("0", None), *(("1", "0"), ("2", "1"), ("4", "2"), ("8", "4"), ("5", "2"), ("3", "1"), ("6", "3"), ("7", "3"))]
    ]
    expected.append([("0", None), ("20", "0")])
    assert [rows(thread) for thread in whole] == expected
    assert [thread.title for thread in whole] == ["A title", "Another"]


def test_a_broken_post_keeps_its_comments_and_the_next_one_its_own() -> None:
    broken = item(1, comment("1"), "<wp:comment><wp:comment_id>2</wp:broken>", comment("3"), comment("4"))
    first, second = read(export(broken, item(5, comment("6"), comment("7", "6"), title="The next")))
    assert {post.key for post in first.posts} == {"0", "1", "2", "3", "4"}
    assert rows(second) == [("0", None), ("6", "0"), ("7", "6")]
    assert second.title == "The next"


def test_a_file_cut_off_in_a_comment_keeps_what_it_says() -> None:
    raw = export(item(1, comment("1"), comment("2", text="to the end"))).read()
    (thread,) = read(Source.of_bytes(raw[: raw.index(b"to the end") + 6], "blog.xml"))
    assert [post.text for post in thread.posts[1:]] == ["x", "to the"]
