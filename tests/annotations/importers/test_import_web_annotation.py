"""Web Annotations and annotations of Hypothesis: labels with the passages that they quote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations import formats
from annotations.errors import PostilError
from annotations.importers import web_annotation
from annotations.importers.labeled.web_passages import GAP, Passage, join_passages
from annotations.importers.web_annotation import PASSAGES
from annotations.model import AnnotatorKind, Scope, Thread
from annotations.sources.source import Source

SAMPLES = Path(__file__).parents[3] / "sample_data"
WEB, HYPOTHESIS = SAMPLES / "web-annotations.jsonld", SAMPLES / "hypothesis-ferry.json"
PAGE = "https://quillmouth.example/news/ferry"


def read(document: object) -> tuple[list[Thread], str]:
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    source = Source.of_bytes(raw, "x.json")
    return list(web_annotation.read(source)), "\n".join(source.problems.sentences())


def words(thread: Thread) -> list[tuple[str, str]]:
    texts = {post.key: post.text for post in thread.posts}
    return [
        (each.label, texts[each.post or ""][each.span.start : each.span.end])
        for each in thread.annotations
        if each.span is not None
    ]


def note(number: int, target: object, **more: object) -> dict[str, Any]:
    body = {"type": "TextualBody", "purpose": "tagging", "value": f"L{number}"}
    return {"id": f"urn:x:{number}", "type": "Annotation", "body": body, "target": target, **more}


def quoted(
    exact: str, prefix: str = "", suffix: str = "", start: int | None = None, source: str = PAGE
) -> dict[str, Any]:
    selectors: list[object] = [{"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix}]
    if start is not None:
        selectors.append({"type": "TextPositionSelector", "start": start, "end": start + len(exact)})
    return {"source": source, "selector": selectors}


def test_the_sample_says_what_its_annotations_say() -> None:
    source = Source.of_bytes(WEB.read_bytes(), "web.jsonld")
    assert formats.choose_importer(source)[0].name == "web_annotation"
    (thread,) = web_annotation.read(source)
    assert thread.posts[0].text == (
        f"{PAGE}\n\nMonday. Too few people cross after that hour{GAP}it said: 14 a night on average"
    )
    assert (thread.url, thread.warnings) == (PAGE, (PASSAGES,))
    claim, figure, tie, topic = thread.annotations
    assert words(thread) == [("Claim", "Too few people cross"), ("Figure", "14 a night")]
    assert (claim.annotator, claim.note, claim.created_at) == ("Bo", "The board's own count.", "2026-05-01T08:30:00Z")
    assert figure.annotator == "bo"
    assert (tie.label, tie.scope, tie.from_key, tie.to_key) == (
        "supports",
        Scope.RELATION,
        "urn:example:2",
        "urn:example:1",
    )
    assert (topic.label, topic.scope, topic.annotator, topic.annotator_kind) == (
        "transport",
        Scope.POST,
        "sorter",
        AnnotatorKind.MODEL,
    )


def test_hypothesis_notes_are_labels_and_its_answers_are_comments() -> None:
    source = Source.of_bytes(HYPOTHESIS.read_bytes(), "ferry.json")
    assert formats.choose_importer(source)[0].name == "web_annotation"
    (thread,) = web_annotation.read(source)
    assert thread.title == "Ferry to stop at nine in winter"
    assert words(thread) == [("claim", "Too few people cross"), ("figure", "Too few people cross")]
    assert [each.note for each in thread.annotations] == ["Says who?", ""]
    assert [(post.key, post.parent, post.author, post.text, post.created_at) for post in thread.posts[1:]] == [
        ("cD2", "0", "lena", "I do.", "2026-05-01T09:30:00Z"),
        ("eF3", "cD2", "Bo", "Then show it.", "2026-05-01T10:30:00Z"),
    ]
    assert thread.posts[1].meta["replies_to"] == ["aB1"]


@pytest.mark.parametrize("wrap", ["list", "page", "lines", "collection", "single", "graph"])
def test_each_way_to_collect_annotations_is_read(wrap: str) -> None:
    notes = [note(1, quoted("one", "a ", " b")), note(2, quoted("two"))]
    context = {"@context": "http://www.w3.org/ns/anno.jsonld"}
    page = {"type": "AnnotationPage", "items": notes, "next": "https://quillmouth.example/2"}
    raw = {
        "list": json.dumps([{**context, **each} for each in notes]),
        "page": json.dumps({**context, **page}),
        "lines": "\n".join(json.dumps({**context, **each}) for each in notes),
        "collection": json.dumps({**context, "type": "AnnotationCollection", "first": page}),
        "single": json.dumps({**context, **notes[0]}),
        "graph": json.dumps({**context, "@graph": notes}),
    }[wrap].encode()
    assert web_annotation.sniff(Source.of_bytes(raw, "x")) >= 0.9
    (thread,), said = read(raw)
    assert words(thread) == [("L1", "one"), ("L2", "two")][: 1 if wrap == "single" else 2]
    assert not said


def test_the_texts_of_a_collection_that_postil_wrote_come_back_as_its_threads() -> None:
    posts = [
        {"source": "urn:p:0", "post": "0", "parent": None, "kind": "article", "text": "Head\n\nSame same."},
        {
            "source": "urn:p:1",
            "post": "1",
            "parent": "0",
            "author": "x",
            "created_at": "2026-05-01T08:30:00Z",
            "text": "👋 Same",
        },
    ]
    notes = [
        note(1, quoted("ame", "s", ".", None, "urn:p:0")),
        note(2, quoted("Same", "👋 ", "", 2, "urn:p:1")),
        note(3, "urn:x:1", motivation="linking"),
        note(4, "urn:p:1"),
        note(5, {"source": "urn:p:1", "selector": {"type": "TextPositionSelector", "start": 0, "end": 1}}),
    ]
    link = {"type": "SpecificResource", "purpose": "linking", **quoted("Same", "👋 ", "", 2, "urn:p:1")}
    notes[2]["body"] = [link, notes[2]["body"]]
    document = {
        "type": "AnnotationCollection",
        "postil": {"threads": [{"thread": "t", "title": "Head", "posts": posts}]},
    }
    (thread,), said = read({**document, "first": {"items": notes}})
    assert [(post.key, post.parent, post.author, post.text) for post in thread.posts] == [
        ("0", None, None, "Head\n\nSame same."),
        ("1", "0", "x", "👋 Same"),
    ]
    assert [(each.post, each.span and (each.span.start, each.span.end)) for each in thread.annotations] == [
        ("0", (12, 15)),
        ("1", (2, 6)),
        ("1", None),
        ("1", None),
        ("1", (0, 1)),
    ]
    tie = thread.annotations[2]
    assert (tie.scope, tie.from_key, tie.to_key, tie.to_post) == (Scope.RELATION, "urn:x:2", "urn:x:1", "0")
    assert not said


def test_an_annotation_without_labels_is_called_by_what_it_does_and_one_of_a_place_alone_is_put_on_the_whole() -> None:
    comment = {"id": "a", "type": "Annotation", "motivation": "commenting", "body": {"value": "Well."}, "target": PAGE}
    mark = {"id": "b", "type": "Annotation", "target": quoted("x")}
    place = note(1, {"source": PAGE, "selector": {"type": "TextPositionSelector", "start": 3, "end": 9}})
    external = {
        "id": "c",
        "type": "Annotation",
        "motivation": "oa:identifying",
        "body": "http://d.example/x#Boat",
        "target": PAGE,
    }
    (thread,), said = read([comment, mark, place, external])
    assert [(each.label, each.note, each.scope.value) for each in thread.annotations] == [
        ("Commenting", "Well.", "post"),
        ("Highlighting", "", "span"),
        ("L1", "at 3:9", "post"),
        ("Boat", "", "post"),
    ]
    assert "no place in the text" in said


def test_each_document_is_a_thread_and_relations_between_them_are_reported() -> None:
    other = "https://quillmouth.example/other"
    tie = note(3, quoted("y", source=other))
    tie["body"] = [{"type": "SpecificResource", "purpose": "linking", **quoted("x")}, tie["body"]]
    threads, said = read([note(1, quoted("x")), note(2, quoted("y", source=other)), tie])
    assert [thread.url for thread in threads] == [PAGE, other]
    assert "leads from one document to another" in said


def test_bad_records_are_reported_and_other_json_is_not_recognised() -> None:
    threads, said = read(
        [5, {"id": 1}, {"target": 7}, {"target": None, "uri": None}, note(1, {"selector": [5, {"type": 3}]})]
    )
    assert threads
    assert "is no record" in said
    for raw in (
        b"",
        b"[]",
        b'{"type": "Note", "target": 1}',
        b'{"@context": "https://www.w3.org/ns/activitystreams"}',
        b"\xfe",
    ):
        assert web_annotation.sniff(Source.of_bytes(raw, "x")) == 0


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_passages_of_a_text_stand_in_its_order_and_say_what_they_quote(data: st.DataObject) -> None:
    text = data.draw(st.text("abc 👋e\u0301\n", min_size=1, max_size=60))
    passages = []
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        width = data.draw(st.integers(0, 6))
        is_placed = data.draw(st.booleans())
        before, behind = text[max(0, start - width) : start], text[end : end + width]
        passages.append(Passage(before, text[start:end], behind, start if is_placed else None))
    joined, spans = join_passages(data.draw(st.sampled_from(["", "Head"])), passages)
    for passage in passages:
        span = spans[passage]
        assert joined[span.start - len(passage.prefix) : span.end + len(passage.suffix)] == passage.whole
        assert joined[span.start : span.end] == passage.exact
    placed = sorted(
        (each.start - len(each.prefix), spans[each].start - len(each.prefix))
        for each in passages
        if each.start is not None
    )
    assert [place for _, place in placed] == sorted(place for _, place in placed)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_no_mutation_of_the_samples_does_harm(data: st.DataObject) -> None:
    odd: object = data.draw(st.sampled_from([None, 5, "x", [], {}, [5], {"a": 1}, True, -1, [[]]]))
    document = json.loads(data.draw(st.sampled_from([WEB, HYPOTHESIS])).read_bytes())
    place = document
    while isinstance(place, (dict, list)) and place:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if data.draw(st.integers(0, 3)) == 0 or not isinstance(place[key], (dict, list)):
            place[key] = odd
            break
        place = place[key]
    raw = json.dumps(document).encode()
    raw = raw[: data.draw(st.sampled_from([len(raw), len(raw) // 2, len(raw) - 3]))]
    source = Source.of_bytes(raw, "x.json")
    web_annotation.sniff(source)
    try:
        threads = list(web_annotation.read(source))
    except PostilError:
        return
    assert all(thread.posts for thread in threads)
