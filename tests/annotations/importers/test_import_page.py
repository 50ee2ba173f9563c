"""Pages: each sample comes back with the ids, the tree, the authors, the times and the words that its markup has."""

from __future__ import annotations

import re
from email.parser import BytesHeaderParser
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from annotations.errors import PostilError, SourceError
from annotations.importers import page
from annotations.importers.pages.text import draw
from annotations.sources.source import Source, open_source

if TYPE_CHECKING:
    from email.message import Message

    from annotations.model import Post, Thread

SAMPLES = Path(__file__).parents[3] / "sample_data" / "pages"
Row = tuple[str, str | None, str | None, str | None]

TREES: dict[str, list[Row]] = {
    "wordpress": [
        ("0", None, "Petra Quill", "2026-04-30T22:10:00Z"),
        ("4101", "0", "Marit Hollow", "2026-05-01T08:30:00Z"),
        ("4102", "4101", "Tomas Brandt", "2026-05-01T09:02:00Z"),
        ("4105", "4102", "Marit Hollow", "2026-05-01T11:40:00Z"),
        ("4103", "4101", "潮見 健", "2026-05-01T09:15:00Z"),
        ("4104", "0", None, None),
        ("4106", "0", "Ingrid Vale", "2026-05-02T07:00:00Z"),
    ],
    "disqus": [
        ("0", None, None, None),
        ("5001001", "0", "Odile", None),
        ("5001002", "5001001", "harbourmaster", None),
        ("5001003", "5001002", "Odile", None),
        ("5001004", "0", "Guest", None),
    ],
    "old-reddit": [
        ("h4rb0r", None, "quillfeather", "2026-04-30T22:15:00Z"),
        ("k1a", "h4rb0r", "tidewatch", "2026-05-01T08:30:00Z"),
        ("k1b", "k1a", None, "2026-05-01T08:45:00Z"),
        ("k1c", "k1b", "Ropewalk_Ron", "2026-05-01T09:00:00Z"),
        ("k1d", "h4rb0r", "saltmarsh", "2026-05-01T10:00:00Z"),
    ],
    "new-reddit": [
        ("n3w", None, "quillfeather", "2026-04-30T22:15:00Z"),
        ("n01", "n3w", "tidewatch", "2026-05-01T08:30:00Z"),
        ("n02", "n01", "saltmarsh", "2026-05-01T09:30:00Z"),
        ("n03", "n02", "tidewatch", "2026-05-01T10:30:00Z"),
        ("n04", "n3w", None, "2026-05-02T08:30:00Z"),
    ],
    "hacker-news": [
        ("9001", None, "quill", "2026-05-01T08:00:00Z"),
        ("9002", "9001", "bathymetry", "2026-05-01T08:30:00Z"),
        ("9003", "9002", None, "2026-05-01T08:50:00Z"),
        ("9004", "9003", "keelhaul", "2026-05-01T09:10:00Z"),
        ("9005", "9002", "sprocket", "2026-05-01T09:20:00Z"),
        ("9006", "9001", "grumble", "2026-05-01T10:00:00Z"),
    ],
    "discourse": [
        ("1", None, "petra", "2026-05-01T08:00:00Z"),
        ("2", "1", "odile", "2026-05-01T08:30:00Z"),
        ("3", "2", "ron", "2026-05-01T09:00:00Z"),
        ("4", "1", "petra", "2026-05-01T09:30:00Z"),
    ],
    "discourse-app": [
        ("1", None, "petra", "2026-05-01T08:00:00Z"),
        ("2", "1", "odile", "2026-05-01T08:30:00Z"),
        ("4", "2", "petra", "2026-05-01T09:30:00Z"),
        ("3", "1", "ron", "2026-05-01T09:00:00Z"),
    ],
    "forum": [
        ("301", None, "keel", "2026-05-01T08:00:00Z"),
        ("302", "301", "jib", "2026-05-01T09:00:00Z"),
        ("303", "302", "keel", "2026-05-01T10:00:00Z"),
    ],
    "xenforo": [
        ("9101", None, "Petra", "2026-05-01T08:00:00Z"),
        ("9102", "9101", "Odile", "2026-05-01T08:30:00Z"),
        ("9103", "9102", "Ron", "2026-05-01T09:00:00Z"),
    ],
    "wordpress-blocks": [
        ("0", None, None, None),
        ("70", "0", "Marit", "2026-05-01T08:00:00Z"),
        ("71", "70", "Harbour Office", "2026-05-01T09:00:00Z"),
        ("72", "71", "Ines", "2026-05-01T10:00:00Z"),
        ("73", "0", "Bo", "2026-05-02T07:30:00Z"),
    ],
    "react-reddit": [
        ("rx1", None, "saltmarsh", None),
        ("ra1", "rx1", "tidewatch", None),
        ("ra2", "ra1", "saltmarsh", None),
        ("ra3", "ra2", "ropewalk", None),
        ("ra4", "rx1", "grumble", None),
    ],
    "schema": [
        ("0", None, "Odile", "2026-05-01T08:00:00Z"),
        ("11", "0", "Dr. Brandt", "2026-05-01T08:30:00Z"),
        ("21", "11", "ron", "2026-05-01T08:40:00Z"),
        ("12", "0", "Anon", None),
    ],
    "json-ld": [
        ("0", None, None, None),
        ("7", "0", "Marit", "2026-05-01T08:30:00Z"),
        ("8", "7", "Tomas", "2026-05-01T09:00:00Z"),
        ("9", "0", "Ines", None),
    ],
    "list": [
        ("0", None, None, None),
        ("comment 1", "0", "Ann Kerr", None),
        ("comment 2", "comment 1", "Bo", None),
        ("comment 3", "comment 1", "Cees de Wit", None),
        ("comment 4", "comment 3", "Bo", None),
        ("comment 5", "0", "Dagny", None),
    ],
}

TEXTS = {
    (
        "wordpress",
        "4101",
    ): "412 million is what they said of the bridge, too.\nIt was 700 in the end.\n\nSee the audit.",
    ("wordpress", "4102"): "> It was 700 in the end.\n\nBecause of the steel price – not of the planners.",
    ("wordpress", "4105"): "1. Steel was 8 per cent of it.\n2. The planners forgot the cranes.",
    ("wordpress", "4103"): "フェリーはどうなりますか。 👍🏽",
    ("wordpress", "4104"): "Pingback: The eastern portal, again | Portal Watch",
    ("wordpress", "4106"): "toll = 412 / 30\n  print(toll)\n\nThe mayor’s office answers <here>.",
    ("disqus", "5001002"): "You do. I do.\n\nEverybody does.",
    ("old-reddit", "h4rb0r"): "Council votes for tunnel, 9 to 8\n\nIt is done. What now?",
    (
        "old-reddit",
        "k1a",
    ): "Nine to eight. With one on the phone.\n\n> will ask the regional court\n\nThey will lose, see r/law.",
    ("new-reddit", "n01"): "The ferry was better.\n\nAnd cheaper.",
    ("hacker-news", "9001"): "Skerrywick will sink a tunnel",
    (
        "hacker-news",
        "9002",
    ): "A tunnel is a ship that has sunk on purpose.\n\nDetails: https://immersed.example/how\n\n  depth = 14\n  load = depth * 10",
    ("hacker-news", "9004"): "> on purpose\n\nOne hopes.",
    ("discourse", "1"): "The portal\n\nWhat should the portal look like?\n\n- stone\n- glass",
    ("discourse", "2"): "Stone. :smile:",
    ("forum", "301"): "Anchoring during the works\n\nWhere may we anchor\nfrom March on?",
    ("forum", "303"): "> jib wrote: ↑Fri May 01, 2026 9:00 am\n> North of the pier.\n\nThanks!",
    ("xenforo", "9101"): "Shall the night ferry stay?\n\nThe council asks.\nWhat do we say?",
    ("xenforo", "9103"): "> Odile said:\n> Twice an hour is enough.\n\nNot on market days.",
    ("wordpress-blocks", "71"): "Only in fog.\n\nSee the rule.",
    ("wordpress-blocks", "73"): "I am the poem.",
    ("react-reddit", "rx1"): "The last ferry left without me\n\nI was on the pier.\n\nIt was early.",
    ("react-reddit", "ra4"): "> on the pier\n\nWhich one?",
    ("schema", "0"): "Is the tunnel safe?\n\nIn an earthquake, I mean.",
    ("schema", "21"): "Source?",
    ("json-ld", "9"): "Who counts?\n\nMachines.",
    ("list", "comment 3"): "I did.\nTwice.",
    ("list", "comment 5"): "- first point\n- second point",
}

META: dict[tuple[str, str], dict[str, object]] = {
    ("wordpress", "4101"): {"url": "https://harbour-herald.example/2026/05/tunnel-vote/#comment-4101"},
    ("wordpress", "4103"): {"is_awaiting_moderation": True},
    ("wordpress", "4104"): {"kind": "pingback"},
    ("disqus", "5001001"): {
        "likes": 7,
        "username": "odile_p",
        "time": "Friday, May 1, 2026 10:23 AM",
        "byline": "2 months ago",
    },
    ("old-reddit", "k1a"): {
        "score": 42,
        "links": [{"text": "r/law", "url": "https://www.reddit.com/r/law/comments/x"}],
    },
    ("old-reddit", "k1b"): {"is_deleted": True},
    ("old-reddit", "k1c"): {"edited": "2026-05-01T09:30:00+00:00"},
    ("old-reddit", "k1d"): {"score": -3},
    ("new-reddit", "n04"): {"is_deleted": True, "score": 0},
    ("hacker-news", "9001"): {"score": 211, "url": "https://harbour-herald.example/2026/05/tunnel-vote/"},
    ("hacker-news", "9003"): {"is_deleted": True},
    ("hacker-news", "9005"): {"shade": "c73"},
    ("hacker-news", "9006"): {"is_flagged": True},
    ("discourse", "1"): {"likes": 9},
    ("discourse-app", "2"): {"likes": 3, "post_id": "502"},
    ("forum", "302"): {"signature": "jib, at sea since 1988", "profile": "jib Posts: 44"},
    ("xenforo", "9102"): {
        "profile": "Odile Member",
        "signature": "Odile, on deck since 1991",
        "url": "https://boards.example/threads/night-ferry.77/post-9102",
    },
    ("wordpress-blocks", "72"): {
        "url": "https://portal-watch.example/2026/05/whistle/#comment-72",
        "byline": "May 1, 2026",
    },
    ("react-reddit", "ra1"): {"score": 14, "byline": "3 yr. ago"},
    ("react-reddit", "ra4"): {"score": -2},
    ("schema", "11"): {"upvoteCount": 14, "is_accepted": True},
    ("list", "comment 1"): {
        "byline": "3 May 2026 at 10:12",
        "links": [{"text": "again", "url": "https://letters.example/2026/05/vote.html"}],
    },
}


def read_sample(name: str) -> Thread:
    (thread,) = page.read(open_source(SAMPLES / f"{name}.html"))
    return thread


def read(text: str | bytes, name: str = "page.html") -> Thread:
    (thread,) = page.read(Source.of_bytes(text.encode() if isinstance(text, str) else text, name))
    return thread


def post(thread: Thread, key: str) -> Post:
    (found,) = (one for one in thread.posts if one.key == key)
    return found


def test_every_sample_is_tested() -> None:
    assert {path.stem for path in SAMPLES.glob("*.html")} == TREES.keys()


@pytest.mark.parametrize("name", TREES)
def test_the_tree_of_a_sample_is_that_of_its_markup(name: str) -> None:
    source = open_source(SAMPLES / f"{name}.html")
    assert page.sniff(source) >= 0.9
    (thread,) = page.read(source)
    assert [(one.key, one.parent, one.author, one.created_at) for one in thread.posts] == TREES[name]
    assert source.problems.count == 0
    assert all(
        bool(one.uncertain) == (name == "list")
        for one in thread.posts[1:]
        if name not in {"discourse", "discourse-app", "forum", "xenforo"}
    )


@pytest.mark.parametrize(("name", "key"), TEXTS)
def test_a_body_becomes_plain_text(name: str, key: str) -> None:
    assert post(read_sample(name), key).text == TEXTS[name, key]


@pytest.mark.parametrize(("name", "key"), META)
def test_what_the_markup_says_beside_it_is_kept(name: str, key: str) -> None:
    meta = post(read_sample(name), key).meta
    assert {field: meta.get(field) for field in META[name, key]} == META[name, key]


@pytest.mark.parametrize("name", ["wordpress", "disqus", "json-ld", "list"])
def test_the_article_is_whole_and_no_comment_is_in_it(name: str) -> None:
    thread = read_sample(name)
    lines = thread.posts[0].text.split("\n\n")
    assert lines[0] == thread.title
    assert lines[1].startswith("Skerrywick's council approved the harbour tunnel")
    assert lines[3] == "> We have argued for eleven years. A bridge would be closed on forty days of every winter,"
    assert lines[5] == "- Works begin in March.\n- The ferry runs until the tunnel opens."
    assert lines[6].endswith("took part by telephone.")
    assert len(lines) == 7
    assert thread.posts[0].meta["links"]


@pytest.mark.parametrize("name", TREES)
def test_every_letter_of_a_comment_stands_in_its_text_its_author_or_its_byline(name: str) -> None:
    """What is left out are words to click on, such as Reply."""
    thread = read_sample(name)
    kept = "".join(f"{one.author or ''}{one.text}{one.meta}" for one in thread.posts)
    kept += str(thread.meta) + thread.title
    raw = (SAMPLES / f"{name}.html").read_text(encoding="utf-8")
    raw = re.sub(
        r"<head>.*?</head>|<(header class=.site|footer class=.site|nav).*?</(?:header|footer|nav)>|<script.*?</script>|<form class=.exp.*?</form>",
        "",
        raw,
        flags=re.DOTALL,
    )
    words = set(re.findall(r"\w{3,}", unescape(re.sub(r"<[^>]*>", " ", raw))))
    missing = {word for word in words if word not in kept}
    assert missing <= {
        *(
            "Reply",
            "Share",
            "reply",
            "permalink",
            "embed",
            "save",
            "report",
            "share",
            "parent",
            "next",
            "hide",
            "see",
            "more",
            "Quote",
            "deleted",
        ),
        *("Leave", "email", "address", "published", "Comment", "Your", "will", "not"),  # the form below the comments
        *("Cancel", "Portal", "Watch"),  # the same, and the site's name
        *("Click", "expand", "level", "Vote"),  # switches; how deep a comment stands, and a score that is hidden
        *(
            "Readers",
            "write",
            "skerrywick",
            "Herald",
            "News",
            "Hacker",
            "new",
            "comments",
            "Top",
            "all",
            "load",
            "replies",
            "points",
            "child",
            "Likes",
        ),
    }


def test_where_the_page_stood_comes_from_what_it_says_of_itself() -> None:
    body = "<body><p>A text that is long enough to be one.</p></body>"
    assert (
        read(f'<html><head><link rel="canonical" href="https://a.example/x"></head>{body}').url == "https://a.example/x"
    )
    assert (
        read(f'<html><head><meta property="og:url" content="https://b.example/y"></head>{body}').url
        == "https://b.example/y"
    )
    assert (
        read(f'<html><head><base href="https://c.example/z/"><link rel="canonical" href="t.html"></head>{body}').url
        == "https://c.example/z/t.html"
    )
    assert read(f"<!-- saved from url=(0019)https://d.example/ --><html>{body}").url == "https://d.example/"
    assert (
        read(f"<!--\n Page saved with SingleFile \n url: https://e.example/q \n saved date: today\n--><html>{body}").url
        == "https://e.example/q"
    )
    assert read(f'<html><head><link rel="canonical" href="javascript:x"></head>{body}').url is None


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">', "cp1251"),
        ("<meta charset=koi8-r>", "koi8-r"),
        ('<meta charset="iso-8859-1">', "cp1252"),
        ("<meta charset='Shift_JIS'>", "cp932"),
        ("<meta charset=iso-2022-jp>", "iso-2022-jp"),
        ("<meta charset=gb2312>", "gb18030"),
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ("<meta charset=utf-8>", "utf-16"),
    ],
)
def test_the_charset_is_the_one_that_the_page_names(head: str, encoding: str) -> None:
    words = {"cp1251": "Мэр", "koi8-r": "Мэр", "cp932": "町長", "iso-2022-jp": "町長", "gb18030": "市长"}.get(
        encoding, "Bürgermeister “so”"
    )
    thread = read(
        f"<html><head>{head}<title>{words}</title></head><body><p>{words} says yes.</p></body></html>".encode(encoding)
    )
    assert words in thread.posts[0].text
    assert thread.title == words
    assert not any("guessed" in warning for warning in thread.warnings)


def test_a_charset_that_is_wrong_is_seen_through_and_said() -> None:
    thread = read("<html><head><meta charset=iso-8859-1></head><body><p>Größe überall</p></body></html>")
    assert "Größe überall" in thread.posts[0].text
    assert "The page says that it is cp1252, but it is UTF-8." in thread.warnings
    assert "Größe" in read("<html><meta charset=nonsense><body><p>Größe und Übermut</p>".encode("cp1252")).posts[0].text


def test_references_become_their_characters_and_what_nobody_can_carry_is_dropped() -> None:
    thread = read("<html><body><p>a &amp;lt; b &#8212; &#x1F600; &hellip; &copy;&#150;x&#7;\x07y&nbsp;z</p>")
    assert thread.posts[0].text.endswith("a &lt; b — 😀 … ©–xy\xa0z")
    assert thread.dropped == 2


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<p>a<br></p><p>b</p>", "a\n\nb"),
        ("<div>a</div><div>b<div>c</div></div>", "a\nb\nc"),
        ("  a \n b <b> c</b>d ", "a b cd"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ol start=3><li>a</li><li value=9>b</li><li>c</li></ol>", "3. a\n9. b\n10. c"),
        ("<blockquote><p>a</p><p>b</p><blockquote>c</blockquote></blockquote>d", "> a\n>\n> b\n>\n> > c\n\nd"),
        ("x<pre>\n  a\n\n b </pre>y", "x\n\n  a\n\n b\n\ny"),
        ("<blockquote><pre>a\nb</pre></blockquote>", "> a\n> b"),
        ('<a href="/x">a</a> <img alt="a cat" src=c> <img alt="🙂"> <img src=d>', "a a cat 🙂"),
        ("a<script>x</script><style>y</style>b<!-- c -->d", "a bd"),
        ("<noscript><img alt=twice></noscript>a<noscript>b</noscript>", "a\nb"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<p style='white-space: pre-wrap'>a\n  b</p>", "a\n  b"),
        ("<span style='display:none'>spoiler</span>", "spoiler"),
        ("<details><summary>a</summary>b</details>", "a\nb"),
        ("a<p></p><p>&nbsp;</p><p>b</p>", "a\n\n\n\nb"),
        ("", ""),
    ],
)
def test_elements_are_drawn_as_people_write_them(markup: str, text: str) -> None:
    body = etree.fromstring(f"<html><body><div>{markup}</div></body></html>", etree.HTMLParser()).find("body/div")
    assert draw([body]).text == text


def test_a_page_saved_as_a_mail_is_read() -> None:
    html = (SAMPLES / "list.html").read_text(encoding="utf-8").replace("=", "=3D")
    mail = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://saved.example/letters\r\nSubject: Letters\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----Bound--1"\r\n\r\n\r\n'
        "------Bound--1\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        f"{html}\r\n------Bound--1\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n------Bound--1--\r\n"
    ).encode()
    assert page.sniff(Source.of_bytes(mail, "letters.mhtml")) > 0.9
    thread = read(mail, "letters.mhtml")
    assert [(one.key, one.parent, one.author) for one in thread.posts] == [row[:3] for row in TREES["list"]]
    assert thread.url == "https://saved.example/letters"


def test_of_a_page_saved_as_a_mail_only_parts_in_html_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[bytes] = []
    parse = BytesHeaderParser.parsebytes

    def count(self: BytesHeaderParser, text: bytes, headersonly: bool = True) -> Message:  # noqa: FBT001, FBT002  # as Python has it
        looked.append(text)
        return parse(self, text, headersonly)

    monkeypatch.setattr(BytesHeaderParser, "parsebytes", count)
    picture = "--b\nContent-Type: image/png\n\nAAAA\n"
    mail = (
        'From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="b"\n\n'
        f"{picture * 500}--b\nContent-Type: text/html\n\n<html><body><p>Here.</p></body></html>\n--b--\n"
    )
    assert read(mail.encode(), "many.mhtml").posts[0].text == "Here."
    assert len(looked) == 1


@pytest.mark.parametrize(
    ("start", "least", "most"),
    [
        ("<!DOCTYPE html><p>", 0.9, 1),
        ("\n<!-- hello --><HTML lang=en>", 0.9, 1),
        ('<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"><html>', 0.9, 1),
        ("<div class=x><p>a</p></div>", 0.4, 0.6),
        ('<?xml version="1.0"?><rss><item><p>x</p></item></rss>', 0, 0),
        ("<disqus><p>x</p></disqus>", 0, 0),
        ("# Title\n\n<p>Markdown</p>", 0, 0),
        ('{"a": "<html>"}', 0, 0),
        ("From: a@b.example\nContent-Type: multipart/mixed\n\n<html>", 0, 0),
        ("", 0, 0),
    ],
)
def test_a_page_is_told_by_its_first_tag(start: str, least: float, most: float) -> None:
    assert least <= page.sniff(Source.of_bytes(start.encode(), "x")) <= most


def test_a_page_without_comments_is_an_article() -> None:
    thread = read("<html><body><h1>Tides</h1><p>High at six.</p><p>Low at noon.</p></body></html>")
    assert thread.posts[0].text == "Tides\n\nHigh at six.\n\nLow at noon."
    assert any("No comments" in warning for warning in thread.warnings)


def test_a_paragraph_that_would_be_left_out_of_the_article_brings_the_whole_element() -> None:
    story = "".join(
        f"<p>The council voted on part {at} of the harbour tunnel after a night of speeches.</p>" for at in range(4)
    )
    lost = "<form><p>No.</p></form><div class=hidden-note style='x'><p>This paragraph stands in an odd box, but people read it all the same.</p></div>"
    thread = read(f"<html><body><article><h1>Vote</h1>{story}{lost}</article></body></html>")
    assert "people read it all the same." in thread.posts[0].text


def test_a_list_of_articles_is_no_list_of_comments() -> None:
    teasers = "".join(
        f'<li><h3><a href="/{at}">Story {at}</a></h3><span class=author>Ann</span> <time datetime="2026-05-01T08:00Z">1 May</time></li>'
        for at in range(5)
    )
    thread = read(
        f"<html><body><main><h1>News</h1><p>Welcome to the news.</p></main><ul class=teasers>{teasers}</ul></body></html>"
    )
    assert len(thread.posts) == 1


def test_disorder_is_survived_and_said() -> None:
    source = Source.of_bytes(
        b"<html><body><h1>T</h1><div class=comments>"
        b'<div class=comment id=comment-1 data-parent=2><span class=author>A</span><time datetime="2026-05-01T08:00Z">x</time><p class=text>one</div>'
        b'<div class=comment id=comment-2 data-parent=1><span class=author>B</span><time datetime="2026-05-01T07:00Z">x</time><p class=text>two</div>'
        b'<div class=comment id=comment-2 data-parent=99><span class=author></span><time datetime="nonsense">3 days ago</time><p class=text>three</div>'
        b"</div>",
        "x.html",
    )
    (thread,) = page.read(source)
    assert [(one.key, one.parent, one.text) for one in thread.posts[1:]] == [
        ("2", "0", "two"),
        ("1", "2", "one"),
        ("2~2", "0", "three"),
    ]
    assert source.problems.count >= 2


def test_deleted_and_empty_comments_stay() -> None:
    raw = (SAMPLES / "wordpress.html").read_text(encoding="utf-8")
    thread = read(
        re.sub(r'<div class="comment-content">.*?</div>', '<div class="comment-content"></div>', raw, flags=re.DOTALL)
    )
    assert [one.key for one in thread.posts] == [row[0] for row in TREES["wordpress"]]
    assert post(thread, "4101").text == ""


@pytest.mark.parametrize(
    "raw",
    [
        b"<html>",
        b"<!DOCTYPE html>",
        b"<html><body></body></html>",
        b"<p>",
        b"<html>\xff\xfe\x00",
        b"<a<b<c",
        b"<html><!--",
    ],
)
def test_next_to_nothing_is_an_empty_page_or_refused(raw: bytes) -> None:
    try:
        thread = read(raw)
    except SourceError:
        return
    assert len(thread.posts) == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(sorted(TREES)),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 400), st.binary(max_size=12)), min_size=1, max_size=5),
    is_doubled=st.booleans(),
)
def test_a_damaged_sample_is_read_or_refused(name: str, cuts: list[tuple[float, int, bytes]], is_doubled: bool) -> None:  # noqa: FBT001  # drawn
    raw = (SAMPLES / f"{name}.html").read_bytes()
    for at, length, put in cuts:
        place = int(at * len(raw))
        raw = raw[:place] + put + raw[place + length :]
    if is_doubled:
        raw += raw
    source = Source.of_bytes(raw, "x.html")
    assert 0 <= page.sniff(source) <= 1
    try:
        threads = list(page.read(source))
    except PostilError:
        return
    keys = [one.key for one in threads[0].posts]
    assert len(keys) == len(set(keys))
