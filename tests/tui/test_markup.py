"""What a post's text holds beside its words is recognized where it is there for sure."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.text.body import Body
from tui.text.decoration import PLAIN, Kind
from tui.text.links import clean_target, disguised_host, host_of
from tui.text.markup import is_plain, read_markup, words_of

PIECES = [
    *"ab. \n*_~`>[]()<&;#-", "word ", "**", "__", "~~", "```\n", "    x = 1\n", "<p>", "</p>", "<i>", "</i>", "<br>", "<li>", "</ul>", "<ul>", "<code>", "</code>",
    "<pre>", "</pre>", "&gt;", "&#27;", "&#x1b;", "&#155;", "&#x202e;", "&zwj;", "&#xd800;", "&#0;", "&Tab;", "日本", "é", "\n\n", "\n- ", "\n# ", "https://a.b/c",
    "[w](https://a.b)", "<https://a.b>", '<a href="https://a.b">', "</a>", "<blockquote>", "</blockquote>",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=40)


def read(text: str) -> str:
    """Return the text as it is read."""
    reading = read_markup(text).reading
    return text if reading is None else reading.text


def found(text: str, *kinds: Kind) -> list[tuple[str, str]]:
    return [(text[start:end], kind) for start, end, kind in read_markup(text).decorations if kind in kinds]


EMPHASIS = (Kind.EMPHASIS, Kind.STRONG, Kind.STRUCK, Kind.HEADING)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("it is *so*, _really_", [("so", "emphasis"), ("really", "emphasis")]),
        ("**strong** and __strong__", [("strong", "strong"), ("strong", "strong")]),
        ("~~gone~~ but ~not~ and ~~~not~~~", [("gone", "struck")]),
        ("***both***", [("**both**", "emphasis"), ("both", "strong")]),
        ("**a *b* c**", [("a *b* c", "strong"), ("b", "emphasis")]),
        ("*a **b** c*", [("a **b** c", "emphasis"), ("b", "strong")]),
        ("“*quoted*” (_so_)", [("quoted", "emphasis"), ("so", "emphasis")]),
        ("這是*重點*內容", [("重點", "emphasis")]),
        ("*one\nline on*", [("one\nline on", "emphasis")]),
        ("# Title\ntext\n### Third one", [("Title", "heading"), ("Third one", "heading")]),
        ("2*3*4 and 2 * 3 * 4", []),
        ("snake_case_name, __init__.py and a.__call__()", []),
        ("a footnote*\n\n*which is here", []),
        ("*.py, *.txt and **kwargs, *args", []),
        ("\\*not\\* `*code*` ****", []),
        ("* one\n* two *", []),
        ("*a\n\nb*", []),
        ("*a\n- b*", []),
        ("-_- and ^_^ and *-*", []),
        ("#hashtag #1", []),
        ("http://a.b/_x_ and [_t_](http://a.b/_y_)", [("t", "emphasis")]),
        ("```\n*a* # b\n```", []),
    ],
)
def test_markdowns_emphasis(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, *EMPHASIS) == expected
    assert read_markup(text).reading is None or "http" in text


def test_markdowns_marks_stay_and_are_dimmed() -> None:
    text = "# A *b*"
    assert read(text) == text
    assert found(text, Kind.MARKUP) == [("# ", "markup"), ("*", "markup"), ("*", "markup")]


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("One.<p>Two.<p>Three", "One.\n\nTwo.\n\nThree"),
        ("<p>One.</p>\n\n<p>Two.</p>", "One.\n\nTwo."),
        ("<p>One.</p>\n<p>Two.</p>\n", "One.\n\nTwo.\n"),
        ("One.</p><b></b><p>Two", "One.\n\nTwo"),
        ("a<br>b<br/>c<br /><br>d", "a\nb\nc\n\nd"),
        ("a<br>\nb", "a\nb"),
        ("<i>so</i>, <b>so</b><u>!</u>", "so, so!"),
        ("A:<ul><li>one</li><li>two</li></ul>Z", "A:\n\n• one\n• two\n\nZ"),
        ("<ol>\n<li>one\n<li>two\n</ol>", "\n1. one\n2. two\n"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "• a\n  • b\n• c"),
        ("<ul><li><p>a</p></li><li><p>b</p></li></ul>", "• a\n\n• b"),
        ("<code>x &lt; y</code><p>z", "`x < y`\n\nz"),
        ("<pre><code>a\n  b\n</code></pre>", "a\n  b"),
        ("x<sup>2</sup> <q>so</q> H<sub>2</sub>O", "x^2 “so” H2O"),
        ("a<hr>b</p>", "a\n———\nb"),
        ("<p>it&#x27;s &quot;4 &gt; 3&quot; &amp;&nbsp;so</p>", 'it\'s "4 > 3" &\xa0so'),
        ("<p>&copy; &notanentity; &#27; & so</p>", "© &notanentity; &#27; & so"),
        ("<P CLASS='x'>One<BR>two", "One\ntwo"),
        ("<p>a <username> b</p>", "a <username> b"),
        ("AT&amp;T and &gt;&#8217;", "AT&T and >’"),
        ("&#146;s &#x96; x &lt;b&gt;", "’s – x <b>"),
    ],
)
def test_tags_and_entities_are_read(text: str, drawn: str) -> None:
    assert read(text) == drawn


@pytest.mark.parametrize(
    "text",
    [
        "a < b and c > d",
        "<username> said: <3",
        "use <b> for bold, never <i>",
        "it is `<p>` and `</b>`, they say",
        "```\n<p>one</p>\n```",
        "`&amp;` and\n\n    x &lt; y;\n\n& so; &x; &#; &#xg;",
        "R&D; Q&A",
    ],
)
def test_what_is_no_html_for_sure_is_read_as_it_is_stored(text: str) -> None:
    assert read(text) == text


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("<p><i>a</i> <em>b</em> <b>c</b> *d*", Kind.EMPHASIS, ["a", "b"]),
        ("<p><b>a</b> <strong>c <b>d</b></strong>", Kind.STRONG, ["a", "c <b>d</b>", "d"]),
        ("<p><del>a</del> <s>b</s><strike>c", Kind.STRUCK, ["a", "b"]),
        (
            "<p><code>a</code> <code><code>b</code></code> `c`",
            Kind.CODE,
            ["<code>a</code>", "<code><code>b</code></code>", "`c`"],
        ),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", Kind.QUOTE, ["a<blockquote>b</blockquote>"]),
        ("<p>&gt; quoted &amp; so<p>not", Kind.QUOTE, ["&gt; quoted &amp; so"]),
        ("&gt; quoted\n&gt; on\nnot", Kind.QUOTE, ["&gt; quoted\n&gt; on"]),
        ("> a\n>> b\n> > c\nd", Kind.QUOTE, ["> a\n>> b\n> > c"]),
        ("<h2>a</h2>b", Kind.HEADING, ["a"]),
    ],
)
def test_what_tags_set_off(text: str, kind: Kind, expected: list[str]) -> None:
    assert found(text, kind) == [(words, kind) for words in expected]


def test_markdown_beside_a_few_tags_is_markdown() -> None:
    text = "**so**<br>or `<br>` and\n\n```\n<br>&amp;\n```\n\nx<sub>2</sub> &amp; y"
    assert read(text) == "**so**\nor `<br>` and\n\n```\n<br>&amp;\n```\n\nx2 & y"
    assert found(text, Kind.STRONG) == [("so", "strong")]
    assert found("**so**<br><i>or</i>", Kind.STRONG) == []


def test_code_between_tags_is_coloured_by_what_it_says() -> None:
    text = "<p>So:<pre><code>for x in range(3):\n    print(x &lt; 2)\n</code></pre>"
    assert ("&lt;", "operator") in found(text, Kind.OPERATOR)
    assert ("for", "keyword") in found(text, Kind.KEYWORD)


@pytest.mark.parametrize(
    ("text", "drawn", "targets"),
    [
        ("see https://a.b/c, www.d.e.", "see https://a.b/c¹, www.d.e².", ["https://a.b/c", "https://www.d.e"]),
        ("[w x](https://a.b/c_(d)) so", "[w x](https://a.b/c_(d))¹ so", ["https://a.b/c_(d)"]),
        ('[w](https://a.b "t") ![i](<https://c.d>)', '[w](https://a.b "t")¹ ![i](<https://c.d>)²', ["https://a.b", "https://c.d"]),
        ("<https://a.b/c> <mailto:a@b.c>", "<https://a.b/c>¹ <mailto:a@b.c>²", ["https://a.b/c", "mailto:a@b.c"]),
        ("[w](javascript:alert(1)) [x](/y) [z](#a)", "[w](javascript:alert(1)) [x](/y) [z](#a)", []),
        ('<a href="https:&#x2F;&#x2F;a.b" rel="x">w &amp; x</a>.', "w & x¹.", ["https://a.b"]),
        ("<a href='https://a.b'>w<a href=https://c.d>x</a>", "w¹x²", ["https://a.b", "https://c.d"]),
        ('<a href="/y">w</a> <a>x</a> <a href="javascript:x">z</a>', "w x z", []),
        ('<a href="https://a.b"></a>x', "x", []),
        ("<p>https:&#x2F;&#x2F;a.b&#x2F;c so", "https://a.b/c¹ so", ["https://a.b/c"]),
        ("`https://a.b` ```https://c.d```", "`https://a.b` ```https://c.d```", []),
    ],
)  # fmt: skip
def test_links_are_numbered(text: str, drawn: str, targets: list[str]) -> None:
    assert read(text) == drawn
    assert [link.target for link in read_markup(text).links] == targets


def test_numbers_have_as_many_digits_as_it_takes() -> None:
    drawn = read("www.a.b " * 12)
    assert drawn.startswith("www.a.b¹ www.a.b² ")
    assert drawn.endswith(" www.a.b⁹ www.a.b¹⁰ www.a.b¹¹ www.a.b¹² ")


def test_the_brackets_and_address_of_a_link_are_dimmed() -> None:
    text = "[words](https://a.b)"
    assert found(text, Kind.LINK, Kind.MARKUP) == [("[", "markup"), ("words", "link"), ("](https://a.b)", "markup")]


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("https://a.b/c?d=e#f", "https://a.b/c?d=e#f"),
        (" HTTP://A.B ", "HTTP://A.B"),
        ("mailto:a@b.c?subject=x", "mailto:a@b.c?subject=x"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("ftp://a.b", ""),
        ("//a.b", ""),
        ("https://", ""),
        ("https://a.b\\@c.d", ""),
        ("https://a.b c", ""),
        ("https://a.b\nc", ""),
        ("https://a\u202eb.c", ""),
        ("https://[::1", ""),
        ("https://a.b/" + "c" * 3_000, ""),
        ("", ""),
    ],
)
def test_only_addresses_for_a_browser_are_targets(written: str, target: str) -> None:
    assert clean_target(written) == target


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("https://A.example:8080/x", "a.example"),
        ("https://bank.example@evil.example/", "evil.example"),
        ("https://bücher.example", "xn--bcher-kva.example"),
        ("mailto:ann@a.example", "ann@a.example"),
    ],
)
def test_the_host_is_the_real_one(target: str, host: str) -> None:
    assert host_of(target) == host


@pytest.mark.parametrize(
    ("words", "target", "host"),
    [
        ("https://bank.example/login", "https://evil.example/x", "evil.example"),
        ("bank.example", "https://bank.example.evil.test", "bank.example.evil.test"),
        ("www.bank.example", "https://bank.example/x", ""),
        ("https://a.example/long/pat...", "https://a.example/long/path", ""),
        ("example.org", "https://en.example.org", ""),
        ("the bank", "https://evil.example", ""),
    ],
)
def test_words_that_name_another_host_are_told(words: str, target: str, host: str) -> None:
    assert disguised_host(words, target) == host
    shown = read(f'<a href="{target}">{words}</a>')
    assert shown == f"{words}¹‹{host}›" if host else f"{words}¹"


@pytest.mark.parametrize(
    ("text", "words"),
    [("a <b>b</b>", "a b"), ("a<p>b", "a\n\nb"), ("4 &gt; 3", "4 > 3"), ("plain", "plain"), ("a < b", "a < b")],
)
def test_the_words_for_one_line(text: str, words: str) -> None:
    assert words_of(text) == words
    assert words_of("see https://a.b <i>x</i>") == "see https://a.b x"


def test_for_a_screen_reader_nothing_but_ascii_is_added() -> None:
    text = "<ul><li>one</ul><hr><a href='https://c.d/x'>a.example</a> and <a href='https://e.f'>w</a>"
    reading = read_markup(text, is_ascii=True).reading
    assert reading is not None
    assert reading.text == "- one\n\n---\na.example[1]<c.d> and w[2]"


def test_plain_words_are_told_by_a_look() -> None:
    assert is_plain("Plain words, 100% of them: “so” it's… 日本")
    assert read_markup("Plain words") is PLAIN
    for text in ("a*", "_a", "`", "~", "> a", "<", "&", "[", "#", "\tx", "    x", "http://a", "www.a.b"):
        assert not is_plain(text)


@given(TEXTS)
def test_whatever_is_set_off_and_linked_lies_in_the_text(text: str) -> None:
    markup = read_markup(text)
    assert list(markup.decorations) == sorted(markup.decorations, key=lambda one: (one.start, -one.end, one.kind))
    for start, end, _ in markup.decorations:
        assert 0 <= start < end <= len(text)
    for before, after in pairwise(markup.links):
        assert before.end <= after.start
    for link in markup.links:
        assert 0 <= link.start < link.end <= len(text)
        assert clean_target(link.target) == link.target


@given(TEXTS)
def test_nothing_that_is_read_can_steer_the_terminal(text: str) -> None:
    body = Body(text, 30, read_markup(text).reading)
    for line in range(body.height):
        for character in body.drawn(line):
            assert unicodedata.category(character) not in {"Cc", "Cs", "Co", "Zl", "Zp"}
            assert character not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    "piece",
    [
        *"*_<[&`~(#",
        *("**", "*a ", " a*", "**a*", "*a_b*", "[a](", "](", "<a ", '<a href="http://x.y">x', "<p>", "</p>", "<b>"),
        *("<i>x</i>", "&amp;", "&#", "&a", "<ul><li>", "<pre>\n", "\n</pre>", "# a\n", "> ", "- a\n", "<http://a>"),
        *('[a](b "c', "<blockquote><p>", "日*", "<\n", "www.a", "http://a.b/ "),
    ],
)
def test_odd_text_takes_time_by_its_length(piece: str) -> None:
    text = piece * (40_000 // len(piece))
    started = process_time()
    markup = read_markup(text)
    assert len(markup.decorations) <= 2 * len(text)
    assert Body(text, 80, markup.reading).height >= 1
    assert process_time() - started < 3


def test_what_reads_markup_is_loaded_for_markup_alone() -> None:
    script = (
        "import sys; from tui.text.markup import read_markup;"
        "read_markup('Plain words.');"
        "assert not {'tui.text.markup_reader', 'tui.text.tags', 'tui.text.inline', 'tui.text.links'} & sys.modules.keys();"
        "read_markup('*so*');"
        "assert 'tui.text.inline' in sys.modules;"
        "assert not {'tui.text.tags', 'tui.text.links', 'html.entities'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_an_address_ends_where_a_link_begins() -> None:
    links = read_markup("https://a.b/c[w](https://d.e)").links
    assert [(link.start, link.end, link.target) for link in links] == [
        (0, 13, "https://a.b/c"),
        (13, 29, "https://d.e"),
    ]
