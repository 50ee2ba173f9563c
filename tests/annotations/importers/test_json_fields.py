"""What importers of JSON share: fields of records, documents and lines, the look of a beginning, roots, titles."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.errors import SourceError
from annotations.importers.reading.forest import Forest, find_roots
from annotations.importers.reading.json_documents import has_lines, read_documents, read_lines, unreported
from annotations.importers.reading.json_fields import Record, key_of, one_line, place_of
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import first_words, join_headline, make_meta
from annotations.sources.problems import Problems
from annotations.sources.source import Source

JSON: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters())),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=5), inner, max_size=4)),
    max_leaves=12,
)


def record(**fields: object) -> Record:
    return Record(Source.of_bytes(b"{}"), fields, "record 1")


def said(it: Record) -> list[str]:
    return list(it.source.problems.sentences())


# Fields


def test_what_is_taken_is_not_in_the_rest_and_what_is_empty_is_neither() -> None:
    it = record(
        id=7, text="x", author="a", created=1777624200, score=0, is_ok=False, none=None, empty="", nothing=[], no={}
    )
    assert (it.key("id"), it.text("text"), it.name("author"), it.time("created")) == (
        "7",
        "x",
        "a",
        "2026-05-01T08:30:00Z",
    )
    assert it.rest == {"score": 0, "is_ok": False}
    assert said(it) == []


def test_what_cannot_be_taken_stays_and_is_reported() -> None:
    it = record(id=[], text={"a": 1}, author=["x"], created="yesterday", kids=7)
    assert (it.identify("place-1", "id"), it.text("text"), it.name("author"), it.time("created")) == (
        "place-1",
        "",
        None,
        None,
    )
    assert it.list("kids") == []
    assert it.rest == {"text": {"a": 1}, "author": ["x"], "created": "yesterday", "kids": 7}
    assert len(said(it)) == 3
    strict = Record(Source.of_bytes(b"{}", problems=Problems("x", is_strict=True)), {"text": []}, "line 3")
    with pytest.raises(SourceError, match="line 3 has a text that is no text"):
        strict.text("text")


def test_a_time_of_which_something_is_cut_off_stays_in_the_rest() -> None:
    it = record(a="2026-05-01T08:30:00.250Z", b="2026-05-01T08:30:00Z", c=1777624200.5, d=1777624200.0)
    assert {it.time(name) for name in "abcd"} == {"2026-05-01T08:30:00Z"}
    assert it.rest == {"a": "2026-05-01T08:30:00.250Z", "c": 1777624200.5}


def test_only_what_nobody_took_of_an_inner_object_stays() -> None:
    it = record(post={"text": "x", "score": 3}, odd=7)
    inner, odd = it.child("post"), it.child("odd")
    assert (inner.text("text"), odd.text("text")) == ("x", "")
    it.settle("post", inner)
    it.settle("odd", odd)
    assert it.rest == {"post": {"score": 3}, "odd": 7}


def test_names_are_on_one_line_and_texts_as_they_are() -> None:
    it = record(name=" Ada\n  F. ", text="  two \r\n lines\x00 ")
    assert it.name("name") == "Ada F."
    assert it.text("text") == "  two \n lines "
    assert it.rest == {"name": " Ada\n  F. "}
    assert it.source.dropped == 1


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (7, "7"),
        (7.0, "7"),
        ("t1_x", "t1_x"),
        (" a\nb ", "a b"),
        (None, ""),
        (True, ""),
        ([], ""),
        (10**50, ""),
        (float("nan"), ""),
        ("", ""),
        (0, "0"),
    ],
)
def test_ids_are_text(value: object, key: str) -> None:
    assert key_of(Source.of_bytes(b"{}"), value) == key


@given(st.dictionaries(st.text(max_size=4), JSON, max_size=5))
def test_the_rest_of_any_record_can_be_carried(fields: dict[str, Any]) -> None:
    it = Record(Source.of_bytes(b"{}"), fields, place_of("record", fields.get("id"), 1))
    it.key("id"), it.text("a"), it.name("b"), it.time("c", is_due=False)
    json.dumps(it.rest, ensure_ascii=False, allow_nan=False).encode()


def test_a_field_that_is_nested_without_end_is_cut_and_reported() -> None:
    deep: object = "x"
    for _ in range(5000):
        deep = [deep]
    it = record(deep=deep, flat=[[1]])
    assert json.dumps(it.rest).count("[") < 120
    assert it.rest["flat"] == [[1]]
    assert "nested more than 100 deep" in said(it)[0]


# Documents and lines


def test_documents_may_stand_behind_each_other_and_break_off() -> None:
    assert read_documents(Source.of_bytes(b'{"a": 1}')) == [{"a": 1}]
    assert read_documents(Source.of_bytes(b'\xef\xbb\xbf {"a":\n1}\n[2]\x1e{}')) == [{"a": 1}, [2], {}]
    source = Source.of_bytes(b'{"a": 1} {"b": 2} {"c": 3, "d": "ha')
    assert read_documents(source) == [{"a": 1}, {"b": 2}, {"c": 3, "d": "ha"}]
    assert source.problems.count == 1
    with pytest.raises(SourceError):
        read_documents(Source.of_bytes(b"nothing of that kind"))


def test_utf_16_and_legacy_encodings_are_read() -> None:
    assert read_documents(Source.of_bytes('[{"a": "é"}]'.encode("utf-16"))) == [[{"a": "é"}]]
    (it,) = read_lines(Source.of_bytes(b'{"a": "caf\\u00e9"}'))
    assert it.text("a") == "café"


@pytest.mark.parametrize(
    ("raw", "is_so"),
    [
        (b'{"a": 1}\n{"a": 2}\n', True),
        (b'{"a": 1}\r\n\r\n[]\r\n{"a": 2}', True),
        (b'{"a": 1}\n{"a": 2, "b', True),
        (b'{"a": 1}', False),
        (b'{"a": 1}\nnot', False),
        (b'{\n"a": {}\n}', False),
        (b'[\n{"a": 1},\n{"a": 2}\n]', False),
        (b"", False),
        ('{"a": 1}\n{"a": 2}\n'.encode("utf-16"), False),
    ],
)
def test_a_record_a_line_is_told_from_a_document(raw: bytes, *, is_so: bool) -> None:
    assert has_lines(Source.of_bytes(raw)) is is_so


def test_odd_lines_are_read_and_broken_ones_reported_once() -> None:
    lines = [
        b'{"a": NaN}',
        b'{"a": "\\ud83d\\ude00 \\ud800"}',
        b'{"a": ' + b"[" * 3000 + b"]" * 3000 + b"}",
        b'{"a": "\xff"}',
        b'{"a"',
        b"7",
    ]
    source = Source.of_bytes(b"\n".join(lines))
    with unreported(source):
        assert len(list(read_lines(source))) == 4
    assert source.problems.count == 0
    records = list(read_lines(source))
    assert [it.where for it in records] == ["line 1", "line 2", "line 3", "line 4"]
    assert records[0].rest == {}
    assert records[1].text("a") == "😀 "
    assert records[3].text("a") == "ÿ"
    assert source.problems.count == 2


UNICODE = st.characters(codec="utf-8")


@given(
    values=st.lists(
        st.dictionaries(st.text(UNICODE, max_size=3), st.text(UNICODE), min_size=1, max_size=3), max_size=4
    ),
    is_ascii=st.booleans(),
)
def test_lines_are_cleaned_as_documents_are(values: list[dict[str, str]], *, is_ascii: bool) -> None:
    source = Source.of_bytes("\n".join(json.dumps(value, ensure_ascii=is_ascii) for value in values).encode() or b" ")
    for it, value in zip(read_lines(source), values, strict=True):
        whole = Record(Source.of_bytes(b"{}"), value, "x")
        assert it.rest == whole.rest


# The look of a beginning


def test_the_places_of_fields_and_their_values_are_seen_however_the_document_goes_on() -> None:
    marks = look(Source.of_bytes(b'[{"kind": "t1", "data": {"n": [1, true, null]}}, {"kind": "t3", "da'))
    assert marks.has("*/kind", "*/data/n", "*/data/n/*")
    assert marks.says("*/kind", "t3")
    assert not marks.says("*/kind", "t2")
    assert marks.says("*/data/n/*", "1")
    assert marks.begins("*/kind", "t")
    assert not look(Source.of_bytes(b"kind: t1")).fields


@given(st.binary(max_size=200))
def test_no_beginning_raises(raw: bytes) -> None:
    look(Source.of_bytes(raw))
    look(Source.of_bytes(b'{"a": [' + raw))


# Roots, titles


def test_roots_are_found_through_what_is_missing_and_through_circles() -> None:
    parents = {"a": None, "b": "a", "c": "b", "x": "gone", "y": "x", "p": "q", "q": "p", "r": "q"}
    roots = find_roots(parents)
    assert [roots[key] for key in "abc"] == ["a"] * 3
    assert [roots[key] for key in "xy"] == ["gone"] * 2
    assert [roots[key] for key in "pqr"] == ["p"] * 3


@given(st.dictionaries(st.integers(0, 20), st.one_of(st.none(), st.integers(0, 25)), max_size=20))
def test_records_that_are_tied_have_one_root(parents: dict[int, int | None]) -> None:
    roots = find_roots(parents)
    assert roots.keys() == parents.keys()
    for key, parent in parents.items():
        assert roots[key] == (key if parent is None else roots.get(parent, parent))


def test_a_chain_of_any_length_has_a_root() -> None:
    parents = {number: number - 1 if number else None for number in reversed(range(50_000))}
    assert set(find_roots(parents).values()) == {0}


@given(st.lists(st.tuples(st.integers(0, 12), st.one_of(st.none(), st.integers(0, 15))), max_size=20))
def test_a_forest_finds_the_same_roots_as_a_mapping_in_memory(links: list[tuple[int, int | None]]) -> None:
    forest = Forest()
    for key, parent in links:
        forest.add(str(key), None if parent is None else str(parent), ())
    forest.finish()
    roots = find_roots(dict(links))
    assert {key: forest.root(str(key)) for key in roots} == {key: str(root) for key, root in roots.items()}
    assert forest.threads == len(set(roots.values()))
    assert forest.root("99") == "99"


def test_a_forest_knows_the_rank_of_answers_and_which_are_missing() -> None:
    forest = Forest()
    forest.add("a", None, ("c", "gone", "b"))
    forest.add("b", "a", (), is_marked=True)
    forest.add("c", "a", ("lost",))
    forest.add("d", "a", ())
    forest.finish()
    assert sorted("bcd", key=forest.rank) == ["c", "b", "d"], "what is not named comes last"
    assert (forest.lacking("a"), forest.lacking("b"), forest.lacking("x")) == (2, 0, 0)
    assert [forest.is_marked(key) for key in ("a", "b", "x")] == [False, True, False]


def test_the_first_words_of_a_text_make_a_title() -> None:
    assert first_words("<p>One &amp; <b>two</b></p><p>three</p>", "html") == "One & two"
    assert first_words("\n\n  One   line \nanother") == "One line"
    assert first_words("word " * 50) == f"{'word ' * 19}word…"
    assert first_words("x" * 300) == f"{'x' * 100}…"
    assert first_words("") == ""
    assert (join_headline("a", "b"), join_headline("", "b"), join_headline("a", "")) == ("a\n\nb", "b", "a")
    assert make_meta({}, a=0, b="", c=None, d=False, e=[1]) == {"a": 0, "e": [1]}
    assert one_line(" a\tb\n\nc ") == "a b c"
