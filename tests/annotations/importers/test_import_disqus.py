"""Disqus' XML export: every thread and post as the file has them, and whatever is wrong with it survived and told."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.errors import PostilError, SourceError
from annotations.importers import disqus
from annotations.importers.reading.assemble import LACKING
from annotations.sources.problems import Problems
from annotations.sources.source import Source, open_source

if TYPE_CHECKING:
    from annotations.model import Thread

SAMPLE = Path(__file__).parents[3] / "sample_data" / "disqus-export.xml"
OPEN = '<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">'
DAY = "2026-05-01T08:30:00Z"


def thread(key: str, title: str = "A thread", link: str = "https://x.example/") -> str:
    return f"<thread dsq:id={quoteattr(key)}><title>{escape(title)}</title><link>{link}</link></thread>\n"


def post(key: str, of: str = "1", parent: str = "", text: str = "<p>x</p>", time: str = DAY) -> str:
    below = f"<parent dsq:id={quoteattr(parent)}/>" if parent else ""
    created = f"<createdAt>{time}</createdAt>" if time else ""
    return (
        f"<post dsq:id={quoteattr(key)}><message><![CDATA[{text}]]></message>{created}"
        f"<author><name>Ann</name></author><thread dsq:id={quoteattr(of)}/>{below}</post>\n"
    )


def export(*parts: str) -> Source:
    return Source.of_bytes(f"{OPEN}{''.join(parts)}</disqus>".encode(), "forum.xml")


def read(source: Source) -> list[Thread]:
    assert disqus.sniff(source) >= 0.9
    return list(disqus.read(source))


def rows(found: Thread) -> list[tuple[str, str | None]]:
    return [(post.key, post.parent) for post in found.posts]


def test_the_sample_says_what_its_file_says() -> None:
    source = open_source(SAMPLE)
    toll, ferry = read(source)
    assert (toll.key, toll.title, toll.url) == (
        "410001",
        "Council votes on the toll for the harbour tunnel & the old ferry",
        "https://courier.example/2026/05/harbour-tunnel-toll",
    )
    assert toll.meta["category"] == "General"
    assert rows(toll) == [
        ("0", None),
        ("900101", "0"),
        ("900102", "900101"),
        ("900103", "0"),
        ("900104", "900103"),
        ("900105", "0"),
    ]
    article, first, second, deleted, answer, spam = toll.posts
    assert (article.text, article.author, article.created_at) == (toll.title, "Courier Desk", "2026-05-02T06:00:00Z")
    assert first.text.startswith("<p>Four crowns a trip is <b>more</b>")
    assert (first.author, first.created_at) == ("Marit Olsen", "2026-05-02T07:12:41Z")
    assert first.meta == {
        "markup": "html",
        "raw": {
            "id": "wp_id=31",
            "isDeleted": "false",
            "isSpam": "false",
            "author": {"isAnonymous": "false", "username": "maritolsen"},
        },
    }
    assert second.meta["raw"]["author"] == {"isAnonymous": "true"}  # type: ignore[index]
    assert deleted.meta["is_deleted"] is True
    assert deleted.text == "<p>Deleted words about the mayor.</p>"
    assert 'rel="nofollow noopener">online</a>' in answer.text
    assert spam.meta["is_spam"] is True
    assert "is_spam" not in first.meta
    assert rows(ferry) == [("0", None), ("900201", "0")]
    assert ferry.warnings == ("1 thread without comments was left out.",)
    assert (toll.warnings, source.problems.count, source.dropped) == ((), 0, 0)


def test_thousands_of_empty_threads_are_left_out_and_counted() -> None:
    empty = "".join(thread(f"e{number}", "") for number in range(2461))
    talk = "".join(thread(f"t{number}") + post(f"p{number}", f"t{number}") for number in range(57))
    found = read(export(empty, talk))
    assert [entry.key for entry in found] == [f"t{number}" for number in range(57)]
    assert [entry.warnings for entry in found[:-1]] == [()] * 56
    assert found[-1].warnings == ("2,461 threads without comments were left out.",)


def test_threads_without_comments_are_imported_where_there_are_no_others() -> None:
    (alone,) = read(export(thread("1", "Alone")))
    assert (alone.title, len(alone.posts), alone.key) == ("Alone", 1, "forum")
    assert [entry.title for entry in read(export(thread("1", "One"), thread("2", "Two")))] == ["One", "Two"]


def test_posts_may_stand_before_their_thread_and_threads_may_be_missing() -> None:
    first, second = read(export(post("5", "1"), thread("1", "Late"), post("6", "77")))
    assert (first.title, rows(first)) == ("Late", [("0", None), ("5", "0")])
    assert second.posts[0].meta["is_missing"] is True
    assert rows(second)[1] == ("6", "0")


def test_orphans_circles_doubles_and_missing_times_are_told() -> None:
    source = export(
        thread("1"),
        thread("1", "Again"),
        post("2", parent="99"),
        post("3", parent="4"),
        post("4", parent="3"),
        post("5", text=""),
        post("5", text=""),
        post("6", time=""),
        post("7", time="soon"),
        post(""),
    )
    (found,) = read(source)
    keys = [entry.key for entry in found.posts]
    assert sorted(keys) == sorted(["0", "2", "3", "4", "5", "6", "7", "line-10"])
    said = " ".join(source.problems.sentences())
    for words in (
        LACKING,
        "answers itself",
        "word for word",
        "no time that can be read",
        "has no id",
        "another thread",
    ):
        assert words in said
    assert found.posts[1].meta["parent"] == "99"


def test_prefixes_need_no_declaration_and_a_backtick_may_stand_in_front() -> None:
    control = post("2", text="a\x0bb")
    raw = f'`<?xml version="1.0"?><disqus>{thread("1").replace("A thread", "T&eacute;&nbsp;!")}{control}</disqus>'
    source = Source.of_bytes(raw.encode(), "x.xml")
    (found,) = list(disqus.read(source))
    assert (found.title, found.posts[1].text, source.dropped) == ("Té !", "ab", 1)


def test_a_broken_place_is_told_with_its_line_and_the_rest_is_read() -> None:
    source = export(thread("1"), post("2"), "<post dsq:id='3'><message>a</post>\n", post("4"), post("5", parent="2"))
    found, lost = read(source)
    assert rows(found) == [("0", None), ("2", "0"), ("5", "2"), ("4", "0")]
    assert [(entry.key, entry.text) for entry in lost.posts[1:]] == [("3", "a")]
    assert lost.title == "Posts that name no thread"
    assert any("line 3" in sentence for sentence in source.problems.sentences())


def test_what_a_broken_post_names_is_no_thread() -> None:
    source = export(thread("1"), "<post dsq:id='3'><message>a</oops><thread dsq:id='9'/></post>\n", post("4"))
    assert all("9" not in entry.key for entry in read(source))


def test_a_truncated_file_is_read_up_to_its_end() -> None:
    raw = SAMPLE.read_bytes()
    source = Source.of_bytes(raw[: raw.index(b"He would")], "cut.xml")
    found = read(source)
    assert "900201" in {entry.key for one in found for entry in one.posts}
    assert source.problems.count


def test_a_strict_import_ends_at_the_first_problem() -> None:
    raw = f"{OPEN}{thread('1')}{post('2', parent='99')}</disqus>".encode()
    source = Source.of_bytes(raw, "x.xml", problems=Problems("x.xml", is_strict=True))
    with pytest.raises(SourceError, match="comment 2"):
        list(disqus.read(source))


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">',
        '<!ENTITY c SYSTEM "file:///etc/passwd">',
        '<!ENTITY % c SYSTEM "http://x.example/c">%c;',
    ],
)
def test_entities_of_the_document_are_refused(declared: str) -> None:
    raw = f"<!DOCTYPE disqus [{declared}]>{OPEN}{thread('1')}<post><message>&c;</message></post></disqus>"
    with pytest.raises(SourceError, match="declares an entity"):
        list(disqus.read(Source.of_bytes(raw.encode(), "x.xml")))


def test_a_thousand_levels() -> None:
    chain = [post(str(number), parent=str(number - 1) if number > 1 else "") for number in range(1, 1001)]
    (found,) = read(export(thread("1"), *reversed(chain)))
    assert rows(found)[1:] == [(str(number), str(number - 1)) for number in range(1, 1001)]


@pytest.mark.parametrize("raw", [b"", b"<", b"<rss/>", b"disqus", b"{}", b"\xff\xfe<", b"<disqus", bytes(range(256))])
def test_other_bytes_are_not_taken_for_an_export(raw: bytes) -> None:
    assert disqus.sniff(Source.of_bytes(raw, "x")) < 0.9


trees = st.lists(st.integers(0, 30), max_size=30).map(lambda draws: [at % (n + 1) for n, at in enumerate(draws)])
texts = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff\ufeff"), max_size=40)


@settings(max_examples=40, deadline=None)
@given(trees, st.data())
def test_any_tree_comes_back(parents: list[int], data: st.DataObject) -> None:
    said = [data.draw(texts.filter(lambda text: "]]>" not in text)) for _ in parents]
    parts = [
        post(str(number), parent=str(parent) if parent else "", text=text)
        for number, (parent, text) in enumerate(zip(parents, said, strict=True), 1)
    ]
    data.draw(st.randoms(use_true_random=False)).shuffle(parts)
    (found,) = read(export(thread("1"), *parts))
    answers = {entry.key: (entry.parent, entry.text) for entry in found.posts[1:]}
    assert answers == {
        str(number): (str(parent), text.strip())
        for number, (parent, text) in enumerate(zip(parents, said, strict=True), 1)
    }


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
        found = list(disqus.read(Source.of_bytes(bytes(raw), "x.xml")))
    except PostilError as error:
        assert error.message  # noqa: PT017  # either outcome is right, a traceback is not
    else:
        assert all(entry.posts[0].parent is None for entry in found)
