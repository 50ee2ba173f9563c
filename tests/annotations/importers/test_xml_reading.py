"""XML exports: streamed, never expanded, read on behind what is broken."""

from __future__ import annotations

import gzip
import html
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.errors import SourceError
from annotations.importers.reading import xml_reading
from annotations.importers.reading.xml_reading import DEEPEST, Element, open_xml, peek_root
from annotations.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

DOCUMENT = """`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE disqus>
<disqus><category dsq:id="1"><title>a</title></category>
<post dsq:id="5"><message><![CDATA[<p>hä &nbsp; AT&T</p>]]></message><by>A&nbsp;B &amp; &foo;</by></post>
<post dsq:id="6"><message>x</message></post>
</disqus>"""


def source_of(raw: bytes | str) -> Source:
    return Source.of_bytes(raw if isinstance(raw, bytes) else raw.encode(), "a.xml")


def read(raw: bytes | str, *names: str) -> tuple[list[Element], list[str]]:
    source = source_of(raw)
    return list(open_xml(source, *names)), list(source.problems.sentences())


def ids(elements: Sequence[Element]) -> list[str]:
    return [element.attributes.get("dsq:id", "") for element in elements]


def test_elements_come_with_what_is_in_them_and_prefixes_need_no_declaration() -> None:
    elements, problems = read(DOCUMENT, "post", "category")
    assert [(element.name, element.line) for element in elements] == [("category", 3), ("post", 4), ("post", 5)]
    assert elements[1].attributes == {"dsq:id": "5"}
    assert elements[1].say("message") == "<p>hä &nbsp; AT&T</p>", "what stands in CDATA is text"
    assert elements[1].say("by") == "A\xa0B & &foo;", "HTML's entities are known, others stay as they are"
    assert elements[0].say("nothing") == ""
    assert [child.name for child in elements[1].children] == ["message", "by"]
    assert elements[1].find_all("by") == [elements[1].find("by")]
    assert problems == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_the_encoding_is_that_of_the_bytes_else_that_which_is_declared(encoding: str) -> None:
    raw = DOCUMENT.replace("UTF-8", encoding).encode(encoding)
    elements, problems = read(raw, "post")
    assert elements[0].say("message") == "<p>hä &nbsp; AT&T</p>"
    assert problems == []


def test_an_encoding_that_does_not_exist_is_reported() -> None:
    elements, problems = read('<?xml version="1.0" encoding="utf-nine"?><post>x</post>', "post")
    assert elements[0].text == "x"
    assert problems == ["line 1: names an encoding that does not exist (utf-nine); it was read as utf-8."]


def test_characters_that_xml_forbids_are_dropped_and_counted() -> None:
    source = source_of("<post>a\x01b&#1;c&#xD800;d&#x10FFFF;e\ufffef&#9;</post>")
    (element,) = open_xml(source, "post")
    assert element.text == "abcd\U0010ffffef\t"
    assert source.dropped == 4


def test_the_first_element_is_seen_without_reading() -> None:
    assert peek_root(source_of(DOCUMENT)) == ("disqus", "")
    assert peek_root(source_of('<?xml version="1.0"?><!-- x --><rss version="2.0" xmlns:wp="y">')) == (
        "rss",
        ' version="2.0" xmlns:wp="y"',
    )
    assert peek_root(source_of("Text")) == ("", "")


@pytest.mark.parametrize(
    "subset",
    [
        '[<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]',
        '[<!ENTITY a SYSTEM "file:///etc/passwd">]',
        '[<!ENTITY % a SYSTEM "http://127.0.0.1:9/a.dtd"> %a;]',
        'SYSTEM "http://127.0.0.1:9/a.dtd" [<!ENTITY a "b">]',
    ],
)
def test_a_document_that_declares_entities_is_refused(subset: str) -> None:
    with pytest.raises(SourceError, match=r"a\.xml declares an entity of its own"):
        read(f"<!DOCTYPE post {subset}><post>&a;</post>", "post")


def test_definitions_that_are_elsewhere_are_not_fetched() -> None:
    elements, problems = read('<!DOCTYPE post SYSTEM "http://127.0.0.1:9/a.dtd"><post>&a;</post>', "post")
    assert (elements[0].text, problems) == ("&a;", [])


def test_endless_depth_is_refused() -> None:
    with pytest.raises(SourceError, match="10,000 elements within each other"):
        read("<post>" * (DEEPEST + 1), "post")


@pytest.mark.parametrize(
    "raw",
    [
        '<post a="' + "x" * 300_000,
        "<post><!-- " + "words " * 100_000,
        "<post " + " ".join(f'a{number}="b"' for number in range(50_000)) + "/>",
    ],
    ids=["value", "remark", "attributes"],
)
def test_a_tag_or_a_remark_without_an_end_is_refused_with_its_line(raw: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_reading, "LONGEST_SIGN", 1 << 16)
    with pytest.raises(SourceError, match=r"a tag or a remark of more than 65,536 bytes \(line 2\).*is refused"):
        read(f"<a>\n{raw}", "post")


def test_a_record_that_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_reading, "LARGEST_RECORD", 10_000)
    with pytest.raises(SourceError, match=r"has a “post” that is larger than a record can be \(line 1\)"):
        read("<a><post>" + "word " * 3000, "post")
    with pytest.raises(SourceError, match="larger than a record can be"):
        read("<a><post>" + "<b/>" * 3000, "post")
    source = source_of("<a>" + ("<post>" + "<reply>word</reply>" * 100 + "<b/></post>") * 3 + "</a>")
    found = list(open_xml(source, "post", inner="reply"))
    assert len(found) == 303, "what is yielded on its own does not count"


def test_a_document_that_is_broken_everywhere_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_reading, "MOST_BREAKS", 5)
    source = source_of("<a>" + "\n<post>x</wrong>" * 9)
    reading = open_xml(source, "post")
    assert [next(reading).text for _ in range(5)] == ["x"] * 5
    with pytest.raises(SourceError, match=r"is broken in more than 5 places \(line 7\)"):
        list(reading)


def test_endless_declarations_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_reading, "MOST_DECLARED", 5)
    subset = " ".join(f'<!ATTLIST post a{number} CDATA "v">' for number in range(9))
    with pytest.raises(SourceError, match="declares more than 5 attributes"):
        read(f"<!DOCTYPE post [{subset}]><post/>", "post")


def test_the_first_element_is_found_behind_whatever_stands_in_front_and_quickly() -> None:
    front = '<?xml version="1.0"?><!-- a --><!DOCTYPE rss [<!ENTITY a "b>">]>'
    assert peek_root(source_of(front + "<rss x='y'><a/>")) == ("rss", " x='y'")
    assert peek_root(source_of("<?a?>" * 5000 + "words")) == ("", ""), (
        "there are as many ways to read it as one can count"
    )


def test_behind_a_broken_place_reading_goes_on_with_the_next_element() -> None:
    text = DOCUMENT.replace("<message>x", "<message>x & y").replace("</disqus>", '<post dsq:id="7"/></disqus>')
    elements, problems = read(text, "post")
    assert ids(elements) == ["5", "6", "7"]
    assert [element.is_cut for element in elements] == [False, True, False]
    (said,) = problems
    assert said.startswith("line 5, column 30: is no XML: not well-formed")
    assert "the “post” around it was kept up to there, reading went on with the next that is sound" in said
    assert elements[2].line == 6


def test_end_tags_that_are_mixed_up_cost_one_element() -> None:
    posts = "".join(f'<post dsq:id="{number}"><m>text {number}</m></post>\n' for number in range(2000))
    elements, problems = read(f"<all>{posts}</all>".replace("text 1500</m>", "text 1500</n>"), "post")
    assert len(elements) == 2000
    assert [element.attributes["dsq:id"] for element in elements if element.is_cut] == ["1500"]
    assert len(problems) == 1
    assert "line 1501" in problems[0]


def test_a_document_that_was_cut_off_keeps_what_is_whole() -> None:
    elements, problems = read(DOCUMENT[: DOCUMENT.index("x</message>") + 1], "post")
    assert ids(elements) == ["5", "6"]
    assert elements[1].is_cut
    assert "no element found" in problems[0]


def test_a_document_that_stands_twice_is_read_twice() -> None:
    assert ids(read(DOCUMENT + DOCUMENT, "post")[0]) == ["5", "6", "5", "6"]


def test_a_compressed_export_is_streamed() -> None:
    assert ids(read(gzip.compress(DOCUMENT.encode()), "post")[0]) == ["5", "6"]


@pytest.mark.parametrize("raw", [b"", b"Text", b"{}", b"\xff\xfe\x00"])
def test_what_is_no_xml_is_refused(raw: bytes) -> None:
    with pytest.raises(SourceError, match=r"a\.xml is no XML"):
        read(raw, "post")


def test_a_strict_import_stops_at_the_first_broken_place() -> None:
    source = source_of(DOCUMENT.replace("<message>x", "<message>x & y"))
    source.problems.is_strict = True
    with pytest.raises(SourceError, match=r"a\.xml: line 5, column 30 is no XML"):
        list(open_xml(source, "post"))


TEXTS = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff"), max_size=12)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6), st.integers(1, 40))
@settings(deadline=None)
def test_what_was_written_as_xml_is_read(records: list[tuple[str, str]], block: int) -> None:
    body = "".join(f"<post a={quoteattr(name)}><m>{escape(text)}</m></post>\n" for name, text in records)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("annotations.sources.opening._BLOCK", block)
        elements, problems = read(f"<all>{body}</all>", "post")
    assert [(element.attributes["a"], element.say("m")) for element in elements] == records
    assert problems == []


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_a_changed_document_is_read_or_refused(data: st.DataObject) -> None:
    raw = bytearray(DOCUMENT.encode() * 2)
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, len(raw) - 1), st.integers(0, 255)), max_size=5)):
        raw[at] = value
    try:
        elements, _ = read(bytes(raw[: data.draw(st.integers(0, len(raw)))]), "post")
    except SourceError as error:
        assert error.message  # noqa: PT017  # either outcome is right, a traceback is not
    else:
        assert all(html.unescape(element.name) == "post" for element in elements)
