"""doccano: texts with spans, relations and labels, in each form that it exports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations import formats
from annotations.errors import PostilError
from annotations.importers import doccano
from annotations.importers.labeled.documents import NO_LABEL, NO_PLACE, NO_TEXT
from annotations.model import GivenMark, MarkKind, Scope
from annotations.sources.source import Source, open_source
from annotations.span import Span

if TYPE_CHECKING:
    from annotations.model import GivenAnnotation, Thread

SAMPLE = Path(__file__).parents[3] / "sample_data" / "doccano-ferry.jsonl"


def read(*records: object, **mapping: str) -> tuple[list[Thread], str]:
    raw = "\n".join(json.dumps(record) for record in records).encode()
    source = Source.of_bytes(raw, "x.jsonl", mapping=mapping)
    return list(doccano.read(source)), "\n".join(source.problems.sentences())


def words(thread: Thread) -> list[tuple[str, str]]:
    text = thread.posts[0].text
    return [(each.label, text[each.span.start : each.span.end]) for each in thread.annotations if each.span is not None]


def test_the_sample_says_what_its_records_say() -> None:
    source = Source.of_bytes(SAMPLE.read_bytes(), "doccano-ferry.jsonl")
    assert formats.choose_importer(source)[0].name == "doccano"
    first, second, third = doccano.read(source)
    assert [each.posts[0].text for each in (first, second, third)] == [
        json.loads(line)["text"] for line in SAMPLE.read_text(encoding="utf-8").splitlines()
    ]
    assert words(first) == [("Claim", "The ferry stops at nine"), ("Person", "Lena Abara")]
    relation = first.annotations[-1]
    assert (relation.label, relation.scope, relation.from_key, relation.to_key) == (
        "suffers from",
        Scope.RELATION,
        "2",
        "1",
    )
    assert first.posts[0].meta == {"raw": {"source": "board"}}
    assert first.marks == (GivenMark(kind=MarkKind.NOTE, post="0", note="Ask the board."),)
    assert words(second) == [("Person", "Nobody")]
    assert [(each.label, each.scope) for each in third.annotations] == [
        ("notice", Scope.POST),
        ("deadline", Scope.POST),
    ]
    assert [each.key for each in (first, second, third)] == [f"doccano-ferry-{number}" for number in (11, 12, 13)]


def test_a_list_and_csv_are_read_like_lines() -> None:
    records = [
        {"id": 1, "data": "A text", "label": ["a", "b"], "Comments": []},
        {"id": 2, "data": "Another", "label": []},
    ]
    source = Source.of_bytes(json.dumps(records).encode(), "x.json")
    assert doccano.sniff(source) >= 0.9
    as_list = [[each.label for each in thread.annotations] for thread in doccano.read(source)]
    source = Source.of_bytes(b'id,data,label,Comments\r\n1,"A\r\ntext",a#b,\r\n2,Another,,\r\n', "x.csv")
    assert doccano.sniff(source) >= 0.9
    threads = list(doccano.read(source))
    assert as_list == [[each.label for each in thread.annotations] for thread in threads] == [["a", "b"], []]
    assert [thread.posts[0].text for thread in threads] == ["A\ntext", "Another"]


@pytest.mark.parametrize(("offsets", "start"), [("utf-16", 7), ("code-points", 6)])
def test_offsets_are_counted_as_the_words_or_the_analyst_say(offsets: str, start: int) -> None:
    text = "Look 👋 harbour gates, open"
    assert text[7:14] == "harbour"
    place = [8, 15, "X"] if offsets == "utf-16" else [7, 14, "X"]
    threads, _ = read({"text": text, "label": [place]})
    assert words(threads[0]) == [("X", "harbour")]
    threads, _ = read({"text": text, "label": [[start, start + 9, "X"]]}, offsets=offsets)
    assert threads[0].annotations[0].span == Span(6, 15)


def test_a_folder_of_files_of_annotators_makes_one_thread_of_each_text(tmp_path: Path) -> None:
    for name, place in (("ada", [0, 1]), ("bo", [2, 4]), ("all", [5, 6])):
        record = {
            "id": 1,
            "text": "A be c",
            "entities": [{"id": 1, "label": "L", "start_offset": place[0], "end_offset": place[1]}],
        }
        record["relations"] = [{"id": 1, "from_id": 1, "to_id": 1, "type": "same"}]
        (tmp_path / f"{name}.jsonl").write_text(
            json.dumps(record) + "\n" + json.dumps({**record, "id": 2, "text": "Other"})
        )
    source = open_source(tmp_path)
    assert doccano.sniff(source) > 0.9
    first, _ = doccano.read(source)
    spans = {(each.annotator, each.key): each.span for each in first.annotations if each.scope is Scope.SPAN}
    assert spans == {("ada", "ada/1"): Span(0, 1), (None, "1"): Span(5, 6), ("bo", "bo/1"): Span(2, 4)}
    assert {(each.annotator, each.from_key) for each in first.annotations if each.scope is Scope.RELATION} == {
        ("ada", "ada/1"),
        ("bo", "bo/1"),
        (None, "1"),
    }


def test_a_document_that_postil_made_of_a_thread_is_that_thread_again() -> None:
    text = "Title\n\nada:\nFirst 👋 words\n\nbo:\nSecond"
    blocks = {
        "thread": "t",
        "title": "Title",
        "posts": [
            {"post": "0", "parent": None, "kind": "article", "start": 0, "end": 5},
            {"post": "1", "parent": "0", "author": "ada", "start": 12, "end": 25},
            {"post": "2", "parent": "1", "author": "bo", "start": 31, "end": 37},
        ],
    }
    entities = [
        {"id": 1, "label": "A", "start_offset": 20, "end_offset": 25},
        {"id": 2, "label": "B", "start_offset": 31, "end_offset": 37},
        {"id": 3, "label": "C", "start_offset": 7, "end_offset": 10},
        {"id": 4, "label": "D", "start_offset": 20, "end_offset": 37},
    ]
    relations = [{"id": 1, "from_id": 2, "to_id": 1, "type": "r"}]
    (thread,), said = read({"text": text, "entities": entities, "relations": relations, "postil": blocks})
    assert [(post.key, post.parent, post.author, post.text) for post in thread.posts] == [
        ("0", None, None, "Title"),
        ("1", "0", "ada", "First 👋 words"),
        ("2", "1", "bo", "Second"),
    ]
    placed = [(each.label, each.post, each.span, each.is_detached, each.to_post) for each in thread.annotations]
    assert placed == [
        ("A", "1", Span(8, 13), False, None),
        ("B", "2", Span(0, 6), False, None),
        ("C", "0", None, True, None),
        ("D", "1", Span(8, 13), False, None),
        ("r", "2", None, False, "1"),
    ]
    assert "between the posts" in said
    assert "more than one post" in said


def test_bad_records_are_reported_and_stop_nothing() -> None:
    odd: list[dict[str, Any]] = [
        {"text": 5, "label": []},
        {
            "text": "Good one",
            "label": [[5, 3, "X"], [0, 4], [0, 4, None], {"start_offset": "0", "end_offset": "4", "label": "Y"}],
        },
        {"text": "None", "label": {"a": 1}, "relations": [7], "Comments": [{"text": "Hm.", "username": "bo"}, 3]},
    ]
    threads, said = read(*odd)
    assert [thread.posts[0].text for thread in threads] == ["Good one", "None"]
    assert {(each.label, each.scope.value) for each in threads[0].annotations} >= {
        ("X", "post"),
        ("unnamed", "span"),
        ("Y", "span"),
    }
    assert threads[1].posts[0].meta["raw"] == {"label": {"a": 1}}
    assert threads[1].marks[0].note == "bo: Hm."
    for problem in (NO_TEXT, NO_PLACE, NO_LABEL):
        assert problem in said


def test_other_json_is_not_taken_for_doccanos() -> None:
    for raw in (b"", b"{}", b'[{"text": "x"}]', b'{"text": "x", "annotations": []}', b"\xff\x00", b'{"a": [[1'):
        assert doccano.sniff(Source.of_bytes(raw, "x.json")) == 0


def _span_of(each: GivenAnnotation) -> tuple[str, Span | None]:
    return each.label, each.span


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_random_documents_come_back(data: st.DataObject) -> None:
    text = data.draw(st.text("ab \n👋e\u0301漢\u200d", min_size=1, max_size=30))
    places = data.draw(
        st.lists(
            st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).filter(lambda p: p[0] < p[1]),
            max_size=5,
        )
    )
    is_utf16 = data.draw(st.booleans())

    def offset(at: int) -> int:
        return len(text[:at].encode("utf-16-le")) // 2 if is_utf16 else at

    label = [[offset(start), offset(end), f"L{number}"] for number, (start, end) in enumerate(places)]
    (thread,), said = read({"text": text, "label": label}, offsets="utf-16" if is_utf16 else "code-points")
    assert thread.posts[0].text == text
    assert list(map(_span_of, thread.annotations)) == [(f"L{n}", Span(*place)) for n, place in enumerate(places)]
    assert not said


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 600),
    st.sampled_from([b"", b"null", b"[", b"}", b'"', b"\xff", b"\\ud800", b"9" * 30]),
    st.integers(0, 20),
)
def test_no_mutation_of_the_sample_does_harm(at: int, put: bytes, gone: int) -> None:
    raw = SAMPLE.read_bytes()
    source = Source.of_bytes(raw[:at] + put + raw[at + gone :], "x.jsonl")
    doccano.sniff(source)
    try:
        threads = list(doccano.read(source))
    except PostilError:
        return
    assert all(thread.posts for thread in threads)
