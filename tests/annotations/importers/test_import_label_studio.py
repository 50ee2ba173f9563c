"""Label Studio: tasks with texts are documents, dialogues are threads; what was put on them by whom."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from annotations import formats
from annotations.errors import PostilError
from annotations.importers import label_studio
from annotations.importers.label_studio import NO_DATA
from annotations.importers.labeled.documents import NO_PLACE
from annotations.importers.labeled.label_studio_results import NO_KIND
from annotations.model import AnnotatorKind, MarkKind, Scope, Thread
from annotations.sources.source import Source
from annotations.span import Span

SAMPLES = Path(__file__).parents[3] / "sample_data"
SAMPLE = SAMPLES / "label-studio-ferry.json"


def read(*tasks: object) -> tuple[list[Thread], str]:
    source = Source.of_bytes(json.dumps(list(tasks)).encode(), "x.json")
    return list(label_studio.read(source)), "\n".join(source.problems.sentences())


def task(data: dict[str, Any], *result: object, **more: object) -> dict[str, Any]:
    return {"id": 1, "data": data, "annotations": [{"id": 9, "completed_by": 1, "result": list(result), **more}]}


def region(start: object, end: object, label: str = "L", **more: object) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": [label], **more}
    return {"id": "r", "from_name": "label", "to_name": "text", "type": "labels", "value": value}


def test_the_sample_says_what_its_tasks_say() -> None:
    raw = SAMPLE.read_bytes()
    source = Source.of_bytes(raw, "ferry.json")
    assert formats.choose_importer(source)[0].name == "label_studio"
    document, dialogue = label_studio.read(source)
    text = json.loads(raw)[0]["data"]["text"]
    assert [(post.key, post.text) for post in document.posts] == [("0", text)]
    assert document.title == "The ferry"
    assert document.posts[0].meta["data"] == {"title": "The ferry", "origin": "board"}
    claim, person, against, tie, guess = document.annotations
    assert (claim.span, claim.quote, claim.annotator, claim.attributes, claim.created_at) == (
        Span(0, 23),
        "The ferry stops at nine",
        "bo@harbour.example",
        {"sure": 4},
        "2026-05-01T08:30:00Z",
    )
    assert (person.label, person.span) == ("Person", Span(25, 35))
    assert (against.label, against.scope) == ("against", Scope.POST)
    assert (tie.label, tie.from_key, tie.to_key) == ("suffers from", person.key, claim.key)
    assert (guess.annotator, guess.annotator_kind, guess.attributes) == ("tiny-1", AnnotatorKind.MODEL, {"score": 0.75})
    assert {(mark.kind, mark.note) for mark in document.marks} == {
        (MarkKind.REVIEW, ""),
        (MarkKind.NOTE, "remark: Read twice."),
    }
    assert [(post.key, post.parent, post.author, post.text) for post in dialogue.posts] == [
        ("0", None, None, ""),
        ("1", "0", "Lena", "When does it stop? 🚢 At nine?"),
        ("2", "0", "Bo", "At nine."),
        ("3", "0", "Lena", "Then I swim."),
    ]
    placed = [(each.label, each.post, each.span, each.attributes) for each in dialogue.annotations]
    assert placed == [
        ("Question", "1", Span(21, 29), {}),
        ("Claim", "2", Span(3, 8), {"part": "1 of 2"}),
        ("Claim", "3", Span(0, 4), {"part": "2 of 2"}),
    ]
    assert {mark.post for mark in dialogue.marks} == {"1", "2", "3"}


def test_the_short_form_says_as_much_as_it_has() -> None:
    source = Source.of_bytes((SAMPLES / "label-studio-ferry-min.json").read_bytes(), "min.json")
    assert label_studio.sniff(source) > 0.9
    (thread,) = label_studio.read(source)
    assert [(each.label, each.scope, each.span, each.annotator) for each in thread.annotations] == [
        ("Claim", Scope.SPAN, Span(0, 23), "annotator 2"),
        ("against", Scope.POST, None, "annotator 2"),
    ]


def test_a_dialogue_that_says_what_answers_what_is_that_thread() -> None:
    parts = [
        {"author": None, "text": "Head", "post": "a", "parent": None, "kind": "article"},
        {
            "author": "x",
            "text": "One 👋 two",
            "post": "c1",
            "parent": "a",
            "kind": "comment",
            "created_at": "2026-05-01T08:30:00Z",
        },
        {"author": "y", "text": "Two", "post": "c2", "parent": "c1", "kind": "comment"},
    ]
    value = {"start": "1", "end": "1", "startOffset": 7, "endOffset": 10, "paragraphlabels": ["P"]}
    result = {"id": "r", "from_name": "l", "to_name": "d", "type": "paragraphlabels", "value": value}
    (thread,), said = read(task({"d": parts}, result))
    assert [(post.key, post.parent, post.created_at) for post in thread.posts] == [
        ("a", None, None),
        ("c1", "a", "2026-05-01T08:30:00Z"),
        ("c2", "c1", None),
    ]
    assert [(each.post, each.span) for each in thread.annotations] == [("c1", Span(6, 9))]
    assert not said


def test_what_is_said_of_the_whole_task_is_put_on_the_post() -> None:
    def whole(kind: str, **value: object) -> dict[str, object]:
        return {"id": kind, "from_name": f"my {kind}", "to_name": "text", "type": kind, "value": value}

    (thread,), said = read(
        task(
            {"text": "Words."},
            whole("choices", choices=["a", "b"]),
            whole("taxonomy", taxonomy=[["x", "y"], ["z"]]),
            whole("rating", rating=3),
            whole("number", number=2.5),
            whole("textarea", text=["One", "Two"]),
            whole("rectanglelabels", x=1, y=2, rectanglelabels=["Boat"]),
        )
    )
    assert [(each.label, each.scope.value, dict(each.attributes)) for each in thread.annotations] == [
        ("a", "post", {}),
        ("b", "post", {}),
        ("x / y", "post", {}),
        ("z", "post", {}),
        ("my rating", "post", {"value": 3}),
        ("my number", "post", {"value": 2.5}),
    ]
    assert "my textarea: One; Two" in [mark.note for mark in thread.marks]
    assert NO_KIND in said


def test_hypertext_is_placed_by_its_words_and_what_is_skipped_is_not_reviewed() -> None:
    value = {"start": "/p[1]/text()[1]", "end": "/p[1]/text()[1]", "startOffset": 2, "endOffset": 5, "text": "low tide"}
    result = {"id": "h", "type": "hypertextlabels", "value": {**value, "hypertextlabels": ["T"]}}
    (thread,), said = read(task({"html": "<p>At low tide.</p>"}, result, was_cancelled=True))
    assert [(each.span, each.quote) for each in thread.annotations] == [(None, "low tide")]
    assert thread.marks == ()
    assert NO_PLACE in said


def test_of_several_texts_the_one_that_the_results_name_is_the_document() -> None:
    long = {"other": "A much longer text than the other one, but nothing is put on it.", "text": "Short"}
    (thread,), _ = read(task(long, region(0, 5, text="Short")))
    assert thread.posts[0].text == "Short"
    named = {"link": "https://quillmouth.example/" + "x" * 90, "body": "Some words", "head": "Words"}
    results = region(0, 4)
    results["to_name"] = "head"
    (thread,), _ = read(task(named, results))
    assert thread.posts[0].text == "Words"


def test_bad_tasks_and_results_are_reported_and_stop_nothing() -> None:
    threads, said = read(
        7,
        {"id": 1, "data": {"image": 5}, "annotations": []},
        {
            "id": 2,
            "data": {"text": "Good"},
            "annotations": [None, {"result": [5, {"type": "labels"}, region(3, 1), region(0, 4)]}],
        },
    )
    assert [thread.posts[0].text for thread in threads] == ["Good"]
    assert len(threads[0].annotations) >= 1
    assert NO_DATA in said
    assert "is no record" in said


def test_other_json_is_not_taken_for_label_studios() -> None:
    for raw in (b"", b"[]", b'[{"data": 1}]', b'{"annotations": [{"label": 1}]}', b"\xff", b'[{"data": {"te'):
        assert label_studio.sniff(Source.of_bytes(raw, "x.json")) == 0


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_random_dialogues_and_texts_come_back(data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.text("ab 👋e\u0301漢\u200d", min_size=1, max_size=12), min_size=1, max_size=4))
    at = data.draw(st.integers(0, len(texts) - 1))
    start = data.draw(st.integers(0, len(texts[at]) - 1))
    end = data.draw(st.integers(start + 1, len(texts[at])))
    units = [len(texts[at][:offset].encode("utf-16-le")) // 2 for offset in (start, end)]
    value = {"start": str(at), "end": str(at), "startOffset": units[0], "endOffset": units[1], "paragraphlabels": ["P"]}
    parts = [{"author": "x", "text": text} for text in texts]
    single = task({"text": texts[at]}, region(start, end, text=texts[at][start:end]))
    (dialogue, document), _ = read(
        task({"d": parts}, {"id": "r", "type": "paragraphlabels", "value": value}), {**single, "id": 2}
    )
    assert [post.text for post in dialogue.posts[1:]] == texts
    assert [(each.post, each.span) for each in dialogue.annotations] == [(str(at + 1), Span(start, end))]
    assert [(each.span, each.quote) for each in document.annotations] == [(Span(start, end), texts[at][start:end])]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_mutation_of_the_sample_does_harm(data: st.DataObject) -> None:
    odd = data.draw(st.sampled_from([None, 5, "x", [], {}, [5], {"a": 1}, True, -1, 1.5]))
    document = json.loads(SAMPLE.read_bytes())
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
    label_studio.sniff(source)
    try:
        threads = list(label_studio.read(source))
    except PostilError:
        return
    assert all(thread.posts for thread in threads)
