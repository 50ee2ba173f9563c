"""Slack exports: a channel is a thread, a message's answers stand below it, ids become names."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.importers import slack
from annotations.sources.source import Source, open_source

if TYPE_CHECKING:
    from annotations.model import Thread

SAMPLE = Path(__file__).parents[3] / "sample_data" / "slack-export"


def message(ts: str, thread: str | None = None, **more: object) -> dict[str, Any]:
    answers = {} if thread is None else {"thread_ts": thread}
    return {"type": "message", "user": "U1", "ts": ts, "text": f"says {ts}", **answers, **more}


def read(*messages: object) -> tuple[Thread, list[str]]:
    source = Source.of_bytes(json.dumps(messages).encode(), "2026-05-01.json")
    (thread,) = slack.read(source)
    return thread, list(source.problems.sentences())


def places(thread: Thread) -> list[tuple[str, str | None]]:
    return [(post.key, post.parent) for post in thread.posts]


def packed(path: Path, prefix: str = "") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(SAMPLE.rglob("*.json")):
            archive.write(file, f"{prefix}{file.relative_to(SAMPLE)}")
    return path


@pytest.mark.parametrize("way", ["folder", "zip", "zip in a folder"])
def test_the_sample_is_compared_with_its_source_message_by_message(way: str, tmp_path: Path) -> None:
    path = SAMPLE if way == "folder" else packed(tmp_path / "x.zip", "Harbour export/" if "folder" in way else "")
    source = open_source(path)
    assert slack.sniff(source) > 0.9
    tunnel, quiet, direct = slack.read(source)
    assert [(thread.key, thread.title) for thread in (tunnel, quiet, direct)] == [
        ("tunnel", "#tunnel"),
        ("quiet", "#quiet"),
        ("D01AB", "Ada, Bo Lindqvist"),
    ]
    messages = [m for day in sorted((SAMPLE / "tunnel").iterdir()) for m in json.loads(day.read_text(encoding="utf-8"))]
    found = {post.key: post for post in tunnel.posts}
    assert set(found) == {"C01TUN", *(m["ts"] for m in messages)}
    names = {"U01ADA": "Ada", "U02BO": "Bo Lindqvist", "USLACKBOT": "Slackbot"}
    for m in messages:
        post = found[m["ts"]]
        thread_ts = m.get("thread_ts", m["ts"])
        assert post.parent == (thread_ts if thread_ts != m["ts"] else "C01TUN")
        assert post.author == names.get(m.get("user"), "tide-bot")
        assert post.text == (m["text"].replace("&amp;", "&").replace("&lt;", "<") or "Today\nHigh tide 14:20, 3.1 m")
        raw = post.meta["raw"]
        assert isinstance(raw, dict)
        assert {**raw, "ts": m["ts"], "text": m["text"], "thread_ts": m.get("thread_ts")} == {"thread_ts": None, **m}
    assert tunnel.posts[0].text == "#tunnel\n\nWhat the survey found\n\nEverything about the tunnel under the harbour"
    assert (tunnel.posts[0].author, tunnel.posts[0].created_at) == ("Ada", "2026-03-31T23:33:20Z")
    assert found["1777620600.000100"].created_at == "2026-05-01T07:30:00Z"
    assert found["1777621200.000200"].meta["mentions"] == {"U01ADA": "Ada"}
    assert found["1777708000.000400"].meta["is_deleted"] is True
    assert tunnel.meta["members"] == {"U01ADA": "Ada", "U02BO": "Bo Lindqvist"}
    assert [len(thread.posts) for thread in (tunnel, quiet, direct)] == [7, 1, 2]
    assert list(source.problems.sentences()) == []


def test_one_day_of_a_channel_is_a_thread() -> None:
    thread, problems = read(message("1.1"), message("1.2", "1.1"), message("1.3"))
    assert places(thread) == [("0", None), ("1.1", "0"), ("1.2", "1.1"), ("1.3", "0")]
    assert (thread.key, thread.title) == ("2026-05-01", "#2026-05-01")
    assert problems == []


def test_names_come_from_where_there_is_one() -> None:
    thread, _ = read(
        message("1.1", user_profile={"display_name": "Ann", "real_name": "Ann Berg"}),
        message("1.2", user=None, bot_id="B1", bot_profile={"name": "tide"}),
        message("1.3", user=None, username="webhook"),
        message("1.4", user="U9"),
        message("1.5", user=None),
    )
    assert [post.author for post in thread.posts[1:]] == ["Ann", "tide", "webhook", "U9", None]


def test_a_mention_stays_in_the_text() -> None:
    thread, _ = read(message("1.1", text="<@U7|ann>: see <#C1|tunnel> &lt;b&gt; &amp;lt;"))
    assert thread.posts[1].text == "<@U7|ann>: see <#C1|tunnel> <b> &lt;"
    assert thread.posts[1].meta["mentions"] == {"U7": "ann"}


def test_an_answer_that_was_also_sent_to_the_channel_stands_once() -> None:
    answer = message("1.2", "1.1", subtype="thread_broadcast")
    thread, problems = read(message("1.1"), answer, answer)
    assert places(thread) == [("0", None), ("1.1", "0"), ("1.2", "1.1")]
    assert "twice" in problems[0]


def test_disorder_is_survived_and_reported() -> None:
    thread, problems = read(
        message("2.1", "9.9"),
        {"type": "message", "text": "no id"},
        message("2.3", text=None),
        message("2.4", text=["a"]),
        "no record",
        message("2.1", text="another with that id"),
        message("never", user=5),
    )
    assert dict(places(thread)) == {
        "0": None, "2.1": "0", "2026-05-01-2": "0", "2.3": "0", "2.4": "0", "2.1~2": "0", "never": "0",
    }  # fmt: skip
    told = " ".join(problems)
    for what in (
        "not in the source",
        "has no id",
        "no time",
        "is no record",
        "text that is no text",
        "another comment",
    ):
        assert what in told


def test_channels_are_found_without_their_list_and_lists_without_their_channels(tmp_path: Path) -> None:
    (tmp_path / "talk").mkdir()
    (tmp_path / "talk" / "2026-05-01.json").write_text(json.dumps([message("1.1")]), encoding="utf-8")
    (tmp_path / "talk" / "canvas.json").write_text("{}", encoding="utf-8")
    (tmp_path / "channels.json").write_text('[{"id": "C1", "name": "gone"}, 3', encoding="utf-8")
    source = open_source(tmp_path)
    assert slack.sniff(source) > 0.9
    gone, talk = slack.read(source)
    assert (gone.title, len(gone.posts)) == ("#gone", 1)
    assert places(talk) == [("0", None), ("1.1", "0")]


def test_a_day_that_cannot_be_read_costs_no_more_than_that_day(tmp_path: Path) -> None:
    (tmp_path / "talk").mkdir()
    (tmp_path / "talk" / "2026-05-01.json").write_text("", encoding="utf-8")
    (tmp_path / "talk" / "2026-05-02.json").write_text(json.dumps([message("1.1")]), encoding="utf-8")
    (tmp_path / "talk" / "2026-05-03.json").write_text("no JSON", encoding="utf-8")
    (tmp_path / "channels.json").write_bytes(b"\x00\x01\x02\xff" * 20)
    source = open_source(tmp_path)
    (talk,) = slack.read(source)
    assert places(talk) == [("0", None), ("1.1", "0")]
    told = " ".join(source.problems.sentences())
    for file in ("talk/2026-05-01.json", "talk/2026-05-03.json", "channels.json"):
        assert f"{file}: cannot be read" in told


def test_a_folder_of_other_files_is_no_export(tmp_path: Path) -> None:
    (tmp_path / "users.json").write_text("[]", encoding="utf-8")
    assert slack.sniff(open_source(tmp_path)) == 0
    assert slack.sniff(Source.of_bytes(b'[{"type": "message", "content": "x"}]', "x.json")) == 0


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_messages_and_their_answers_come_back(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 12))
    messages: list[dict[str, Any]] = []
    for number in range(count):
        tops = [m["ts"] for m in messages if "thread_ts" not in m]
        thread = data.draw(st.sampled_from([None, *tops]))
        text = data.draw(st.text(st.sampled_from("ab<>&\n🌊"), min_size=1, max_size=9))
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        messages.append(message(f"17776242{number:02}.000100", thread, text=escaped, plain=text))
    thread, problems = read(*messages)
    assert {post.key: (post.parent, post.text) for post in thread.posts[1:]} == {
        m["ts"]: (m.get("thread_ts", "0"), m["plain"]) for m in messages
    }
    assert problems == []
