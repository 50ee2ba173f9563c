"""Remark42: a backup's lines and an answer of the API become a thread for each page."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.importers import remark42
from annotations.sources.source import Source, open_source

if TYPE_CHECKING:
    from annotations.model import Thread

SAMPLE = Path(__file__).parents[3] / "sample_data" / "remark42-backup.jsonl"
HEAD = {"version": 1, "users": [], "posts": []}


def comment(key: str, parent: str = "", url: str = "https://x.example/p", **more: object) -> dict[str, Any]:
    return {
        "id": key, "pid": parent, "text": f"<p>{key}</p>", "user": {"name": "Ann", "id": "a", "picture": "", "admin": False},
        "locator": {"site": "s", "url": url}, "score": 0, "vote": 0, "time": "2026-05-01T08:30:00Z", **more,
    }  # fmt: skip


def read(*lines: object, name: str = "backup.jsonl") -> tuple[list[Thread], list[str]]:
    source = Source.of_bytes("\n".join(map(json.dumps, lines)).encode(), name)
    return list(remark42.read(source)), list(source.problems.sentences())


def places(thread: Thread) -> list[tuple[str, str | None]]:
    return [(post.key, post.parent) for post in thread.posts]


def test_the_sample_is_compared_with_its_source_field_by_field(tmp_path: Path) -> None:
    packed = tmp_path / "backup-harbour-20260503.gz"
    packed.write_bytes(gzip.compress(SAMPLE.read_bytes()))
    for path in (SAMPLE, packed):
        source = open_source(path)
        assert remark42.sniff(source) > 0.9
        tunnel, ferry = remark42.read(source)
        records = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()][1:]
        found = {post.key: (thread, post) for thread in (tunnel, ferry) for post in thread.posts[1:]}
        assert list(found) == [record["id"] for record in records]
        for record in records:
            thread, post = found[record["id"]]
            assert thread.url == record["locator"]["url"]
            assert (post.parent, post.text) == (record["pid"] or "0", record["text"])
            assert post.author == (None if record["user"]["id"] == "deleted" else record["user"]["name"])
            raw = post.meta["raw"]
            assert isinstance(raw, dict)
            rest = {
                name for name in record if name not in {"id", "pid", "text", "title"} and record[name] not in ("", {})
            }
            assert {name: record[name] for name in rest - {"time"}} == {name: raw[name] for name in rest - {"time"}}
        assert (tunnel.title, tunnel.posts[0].text) == ("The tunnel is approved", "The tunnel is approved")
        assert tunnel.meta == {"raw": {"read_only": True}}
        assert found["c1a"][1].created_at == "2026-05-01T06:30:00Z", "it was half past eight two hours further east"
        assert found["c1c"][1].meta["is_deleted"] is True
        assert found["c1a"][1].meta["markup"] == "html"
        assert ferry.title == "https://harbour.example/ferry/"
        assert list(source.problems.sentences()) == []


def test_a_page_of_the_api_flat_and_as_a_tree() -> None:
    flat = {
        "comments": [comment("a"), comment("b", "a"), comment("c")],
        "info": {"url": "https://x.example/p", "count": 3},
    }
    tree = {
        "comments": [
            {"comment": comment("a"), "replies": [{"comment": comment("b", "a")}]},
            {"comment": comment("c")},
        ],
        "info": {"url": "https://x.example/p", "count": 3},
    }
    for document in (flat, tree):
        source = Source.of_bytes(json.dumps(document).encode(), "page.json")
        assert remark42.sniff(source) > 0.9
        (thread,) = remark42.read(source)
        assert places(thread) == [("0", None), ("a", "0"), ("b", "a"), ("c", "0")]


def test_a_backup_without_comments_is_a_thread_without_any() -> None:
    source = Source.of_bytes(json.dumps(HEAD).encode(), "backup.jsonl")
    assert remark42.sniff(source) > 0.5
    (thread,) = remark42.read(source)
    assert places(thread) == [("0", None)]
    (page,), _ = read({**HEAD, "posts": [{"url": "https://x.example/p", "read_only": True}]})
    assert (page.url, len(page.posts)) == ("https://x.example/p", 1)


def test_text_that_was_only_typed_is_taken() -> None:
    (thread,), _ = read(HEAD, comment("a", text="", orig="*typed*"))
    assert (thread.posts[1].text, thread.posts[1].meta["markup"]) == ("*typed*", "markdown")


def test_disorder_is_survived_and_reported() -> None:
    threads, problems = read(
        HEAD,
        comment("a"),
        comment("b", "gone"),
        comment("p", "q"),
        comment("q", "p"),
        comment("a", text="another"),
        comment("", "a", time=None),
        comment("l", url="https://x.example/other", locator=None),
        comment("n", user="nobody", text=7),
        [1],
    )
    thread = threads[0]
    assert dict(places(thread)) == {
        "0": None, "a": "0", "b": "0", "p": "0", "q": "p", "a~2": "0", "comment-7": "a", "n": "0",
    }  # fmt: skip
    assert places(threads[1]) == [("0", None), ("l", "0")]
    told = " ".join(problems)
    for what in ("not in the source", "answers itself", "another comment has", "has no id", "no time", "is no record"):
        assert what in told


def test_nesting_a_thousand_deep_in_lines_and_in_the_tree() -> None:
    (thread,), _ = read(HEAD, *(comment(f"c{n}", f"c{n - 1}" if n else "") for n in range(1001)))
    assert places(thread)[-1] == ("c1000", "c999")
    text = ""
    for number in reversed(range(1001)):
        inner = f', "replies": [{text}]' if text else ""
        text = f'{{"comment": {json.dumps(comment(f"c{number}", f"c{number - 1}" if number else ""))}{inner}}}'
    (deep,) = remark42.read(Source.of_bytes(f'{{"comments": [{text}]}}'.encode(), "x.json"))
    assert places(deep) == places(thread)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_pages_come_back_however_they_are_mixed(data: st.DataObject) -> None:
    records = []
    for page in ("https://x.example/1", "https://x.example/2"):
        for number in range(data.draw(st.integers(1, 7))):
            parent = (
                f"{page[-1]}-{data.draw(st.integers(0, number - 1))}" if number and data.draw(st.booleans()) else ""
            )
            text = data.draw(st.text(st.sampled_from("ab\n🌊é<"), max_size=9))
            records.append(comment(f"{page[-1]}-{number}", parent, page, text=text, orig=""))
    mixed = data.draw(st.permutations(records))
    threads, problems = read(HEAD, *mixed)
    assert {p.key: (t.url, p.parent, p.text) for t in threads for p in t.posts[1:]} == {
        r["id"]: (r["locator"]["url"], r["pid"] or "0", r["text"]) for r in records
    }
    assert problems == []
