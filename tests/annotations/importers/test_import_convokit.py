"""ConvoKit corpora: conversations mixed in a file come apart, with what is known of speakers and conversations."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.importers import convokit
from annotations.sources.source import Source, open_source

if TYPE_CHECKING:
    from annotations.model import Thread

SAMPLE = Path(__file__).parents[3] / "sample_data" / "convokit-corpus"


def read(*utterances: object, name: str = "utterances.jsonl") -> tuple[list[Thread], list[str]]:
    source = Source.of_bytes("\n".join(map(json.dumps, utterances)).encode(), name)
    return list(convokit.read(source)), list(source.problems.sentences())


def said(key: str, parent: str | None, conversation: str | None = "c", **more: object) -> dict[str, Any]:
    return {
        "id": key, "conversation_id": conversation, "text": f"says {key}", "speaker": "ann", "meta": {},
        "reply-to": parent, "timestamp": 1777624200, "vectors": [], **more,
    }  # fmt: skip


def places(thread: Thread) -> list[tuple[str, str | None]]:
    return [(post.key, post.parent) for post in thread.posts]


@pytest.mark.parametrize("way", ["folder", "zip", "nested zip"])
def test_the_sample_is_compared_with_its_source_field_by_field(way: str, tmp_path: Path) -> None:
    path = SAMPLE
    if way != "folder":
        path = tmp_path / "convokit-corpus.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for file in SAMPLE.iterdir():
                archive.write(file, f"corpora/harbour/{file.name}" if way == "nested zip" else file.name)
    source = open_source(path)
    assert convokit.sniff(source) > 0.9
    threads = list(convokit.read(source))
    utterances = [json.loads(line) for line in (SAMPLE / "utterances.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [thread.key for thread in threads] == ["hb1", "mk1"]
    found = {post.key: (thread, post) for thread in threads for post in thread.posts}
    assert len(found) == len(utterances)
    for utterance in utterances:
        thread, post = found[utterance["id"]]
        assert thread.key == utterance["conversation_id"]
        assert post.parent == utterance["reply-to"]
        assert (post.kind == "article") is (utterance["reply-to"] is None)
        assert post.text.removeprefix("The ferry after the tunnel\n\n") == utterance["text"]
        assert post.author == {"u_0417": "Councillor Ahrens"}.get(utterance["speaker"], utterance["speaker"])
        assert post.meta.get("raw", {}).get("meta", {}) == utterance["meta"]  # type: ignore[attr-defined]  # a dict
        assert (post.created_at is None) is (utterance["timestamp"] is None)
    ferry = threads[0]
    assert ferry.title == "The ferry after the tunnel"
    assert ferry.posts[0].created_at == "2026-05-01T08:30:00Z"
    assert ferry.meta["raw"] == {
        "conversation": {"title": "The ferry after the tunnel", "domain": "harbour.example"},
        "corpus": {"name": "harbour-forum"},
        "speakers": {
            "Councillor Ahrens": {"id": "u_0417", "name": "Councillor Ahrens", "is_official": True},
            "marlene": {"joined": 2019},
        },
    }
    assert found["hb5"][1].meta["is_deleted"] is True
    assert list(source.problems.sentences()) == []


def test_utterances_alone_are_a_corpus_as_lines_or_as_an_array() -> None:
    records = [said("a", None), said("b", "a")]
    (lines,), _ = read(*records)
    (array,), _ = read(records, name="utterances.json")
    assert places(lines) == places(array) == [("a", None), ("b", "a")]
    assert lines.key == "utterances"


def test_the_older_names_of_fields() -> None:
    old = [
        {"id": "a", "root": "a", "user": "ann", "reply_to": None, "timestamp": "1777624200", "text": "x", "meta": {}},
        {"id": "b", "root": "a", "user": "bo", "reply_to": "a", "timestamp": 1777624200.5, "text": "y", "meta": {}},
    ]
    source = Source.of_bytes("\n".join(map(json.dumps, old)).encode(), "x.jsonl")
    assert convokit.sniff(source) > 0.9
    (thread,) = convokit.read(source)
    assert [(post.key, post.parent, post.author, post.created_at) for post in thread.posts] == [
        ("a", None, "ann", "2026-05-01T08:30:00Z"),
        ("b", "a", "bo", "2026-05-01T08:30:00Z"),
    ]
    assert thread.posts[1].meta == {"raw": {"timestamp": 1777624200.5}}, "what was cut off is kept"


def test_a_time_that_counts_from_the_beginning_of_a_conversation_is_no_moment() -> None:
    (thread,), problems = read(
        said("a", None, timestamp=0), said("b", "a", timestamp=12), said("c", "b", timestamp="?")
    )
    assert [post.created_at for post in thread.posts] == [None, None, None]
    assert thread.posts[1].meta == {"raw": {"timestamp": 12}}
    assert problems == ["line 3: has no time that can be read; it was imported without one."]


def test_several_roots_answer_the_one_that_the_conversation_is_called_after() -> None:
    (thread,), problems = read(said("x", None), said("c", None), said("y", "x"), said("z", None))
    assert places(thread) == [("c", None), ("x", "c"), ("y", "x"), ("z", "c")]
    assert "utterance x, utterance z: is one of several that answer nothing" in problems[0]
    assert thread.posts[1].uncertain


def test_a_root_that_is_missing_is_an_empty_article() -> None:
    (thread,), problems = read(said("x", "c"), said("y", "x"))
    assert places(thread) == [("c", None), ("x", "c"), ("y", "x")]
    assert thread.posts[0].meta["is_missing"] is True
    assert problems == []


def test_conversations_without_an_id_are_told_apart_by_what_answers_what() -> None:
    threads, _ = read(said("b", "a", None), said("x", None, None), said("a", None, None), said("y", "x", None))
    assert [(thread.key, places(thread)) for thread in threads] == [
        ("a", [("a", None), ("b", "a")]),
        ("x", [("x", None), ("y", "x")]),
    ]


def test_disorder_is_survived_and_reported() -> None:
    (thread,), problems = read(
        said("a", None),
        said("p", "q"),
        said("q", "p"),
        said("o", "nowhere"),
        said("o", "a", text="another"),
        {"text": None, "reply-to": "a", "conversation_id": "c"},
        said("d", "a", speaker={"id": "ann", "meta": {}}),
        "no record",
        said("m", "a", meta=None, timestamp=[]),
    )
    assert dict(places(thread)) == {
        "a": None, "p": "a", "q": "p", "o": "a", "o~2": "a", "line-6": "a", "d": "a", "m": "a",
    }  # fmt: skip
    told = " ".join(problems)
    for what in ("not in the source", "answers itself", "has an id that another", "has no id", "is no record"):
        assert what in told
    assert {post.key: post.author for post in thread.posts}["d"] == "ann"


def test_speakers_of_one_name_stay_two() -> None:
    speakers = {"u1": {"name": "Ann"}, "u2": {"name": "Ann"}, "u3": {"name": "Bo"}}
    folder = {"utterances.jsonl": "\n".join(
        json.dumps(said(f"k{n}", "k1" if n > 1 else None, speaker=f"u{n}")) for n in (1, 2, 3)
    ), "users.json": json.dumps(speakers)}  # fmt: skip
    assert [post.author for post in read_folder(folder).posts] == ["u1", "u2", "Bo"]


def read_folder(files: dict[str, str]) -> Thread:
    from tempfile import TemporaryDirectory  # noqa: PLC0415  # used here only

    with TemporaryDirectory() as place:
        for name, text in files.items():
            Path(place, name).write_text(text, encoding="utf-8")
        (thread,) = convokit.read(open_source(Path(place)))
    return thread


def test_a_broken_file_beside_the_utterances_takes_nothing_from_them() -> None:
    thread = read_folder(
        {
            "utterances.jsonl": json.dumps(said("a", None)),
            "speakers.json": "[1, 2]",
            "conversations.json": '{"c": {"meta": {"title": "Harbour"}, "vectors": []}, "d": 3',
            "corpus.json": "{}",
        }
    )
    assert thread.posts[0].text == "Harbour\n\nsays a"


def test_a_headline_that_the_text_begins_with_is_not_doubled() -> None:
    thread = read_folder(
        {
            "utterances.jsonl": json.dumps(said("a", None, text="Harbour\n\nOpen again.")),
            "conversations.json": '{"c": {"title": "Harbour"}}',
        }
    )
    assert thread.posts[0].text == "Harbour\n\nOpen again."


def test_nesting_a_thousand_deep_and_a_conversation_of_thousands() -> None:
    deep = [said(f"u{n}", f"u{n - 1}" if n else None) for n in range(1001)]
    (thread,), _ = read(*deep)
    assert places(thread)[-1] == ("u1000", "u999")
    wide = [said("c", None), *(said(f"w{n}", "c") for n in range(2500)), said("w", None)]
    source = Source.of_bytes("\n".join(map(json.dumps, wide)).encode(), "x.jsonl")
    for long in convokit.read(source):
        assert len(long.posts) == 2502
        assert [post.parent for post in long.posts] == [None, *["c"] * 2501]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_conversations_come_back_however_they_are_mixed(data: st.DataObject) -> None:
    utterances = []
    for conversation in ("c", "d"):
        for number in range(data.draw(st.integers(1, 8))):
            parent = f"{conversation}{data.draw(st.integers(0, number - 1))}" if number else None
            text = data.draw(st.text(st.sampled_from("ab\n🌊é"), max_size=9))
            utterances.append(said(f"{conversation}{number}", parent, conversation, text=text))
    mixed = data.draw(st.permutations(utterances))
    threads, problems = read(*mixed)
    found = {post.key: (post.parent, post.text) for thread in threads for post in thread.posts}
    assert found == {utterance["id"]: (utterance["reply-to"], utterance["text"]) for utterance in utterances}
    assert problems == []
    for thread in threads:
        siblings = [post.key for post in thread.posts if post.parent == thread.posts[0].key]
        assert siblings == [u["id"] for u in mixed if u["reply-to"] == thread.posts[0].key], "siblings as they came"
