"""Commento: the export of a domain becomes a thread for each page."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.importers import commento
from annotations.sources.source import Source, open_source

if TYPE_CHECKING:
    from annotations.model import Thread

SAMPLE = Path(__file__).parents[3] / "sample_data" / "commento-export.json"


def comment(key: str, parent: str = "root", url: str = "/p", **more: object) -> dict[str, Any]:
    return {
        "commentHex": key, "domain": "x.example", "url": url, "commenterHex": "anonymous", "markdown": f"says {key}",
        "html": "", "parentHex": parent, "score": 0, "state": "approved", "creationDate": "2026-05-01T08:30:00Z",
        "direction": 0, "deleted": False, **more,
    }  # fmt: skip


def read(*comments: object, commenters: object = ()) -> tuple[list[Thread], list[str]]:
    document = {"version": 1, "comments": comments, "commenters": commenters}
    source = Source.of_bytes(json.dumps(document).encode(), "export.json")
    return list(commento.read(source)), list(source.problems.sentences())


def places(thread: Thread) -> list[tuple[str, str | None]]:
    return [(post.key, post.parent) for post in thread.posts]


def test_the_sample_is_compared_with_its_source_field_by_field(tmp_path: Path) -> None:
    packed = tmp_path / "export.json.gz"
    packed.write_bytes(gzip.compress(SAMPLE.read_bytes()))
    document = json.loads(SAMPLE.read_text(encoding="utf-8"))
    people = {person["commenterHex"]: person for person in document["commenters"]}
    for path in (SAMPLE, packed):
        source = open_source(path)
        assert commento.sniff(source) > 0.9
        threads = list(commento.read(source))
        assert [thread.url for thread in threads] == [
            "https://harbour.example/tunnel/",
            "https://harbour.example/ferry/",
        ]
        found = {post.key: (thread, post) for thread in threads for post in thread.posts[1:]}
        for record in document["comments"]:
            thread, post = found.pop(record["commentHex"])
            assert thread.title == f"{record['domain']}{record['url']}"
            assert post.parent == (record["parentHex"] if record["parentHex"] != "root" else "0")
            assert post.text == record["markdown"]
            assert post.meta["markup"] == "markdown"
            assert post.meta.get("is_deleted", False) is record["deleted"]
            assert (post.created_at or "")[:19] == record["creationDate"][:19]
            person = people.get(record["commenterHex"], {})
            assert post.author == person.get("name")
            kept = {name: value for name, value in person.items() if name not in {"commenterHex", "name"}}
            assert post.meta.get("commenter", {}) == kept
            raw = post.meta["raw"]
            assert isinstance(raw, dict)
            assert {name: raw[name] for name in ("score", "state", "direction", "commenterHex")} == {
                name: record[name] for name in ("score", "state", "direction", "commenterHex")
            }
        assert found == {}
        assert list(source.problems.sentences()) == []


def test_html_is_taken_where_there_is_no_markdown() -> None:
    (thread,), _ = read(comment("a", markdown="", html="<p>x</p>"), comment("b", markdown=""))
    assert [(post.text, post.meta.get("markup")) for post in thread.posts[1:]] == [("<p>x</p>", "html"), ("", None)]


def test_an_export_without_comments_is_a_thread_without_any() -> None:
    (thread,), problems = read()
    assert (places(thread), problems) == ([("0", None)], [])


def test_disorder_is_survived_and_reported() -> None:
    (thread,), problems = read(
        comment("a"),
        comment("b", "gone"),
        comment("p", "q"),
        comment("q", "p"),
        comment("a", markdown="another"),
        comment("", "a", creationDate="soon"),
        comment("n", None, commenterHex=["x"], markdown=None, score={}),  # type: ignore[arg-type]  # as a broken export has it
        17,
        commenters=[{"commenterHex": "u"}, "nobody"],
    )
    assert dict(places(thread)) == {
        "0": None, "a": "0", "b": "0", "p": "0", "q": "p", "a~2": "0", "comment-6": "a", "n": "0",
    }  # fmt: skip
    told = " ".join(problems)
    for what in ("not in the source", "answers itself", "another comment has", "has no id", "no time", "is no record"):
        assert what in told


def test_a_list_that_is_none_is_reported() -> None:
    source = Source.of_bytes(b'{"version": 1, "comments": {"a": 1}, "commenters": null}', "x.json")
    (thread,) = commento.read(source)
    assert len(thread.posts) == 1
    assert "the field “comments”: is no list" in " ".join(source.problems.sentences())


def test_an_export_that_was_cut_off_gives_what_is_there() -> None:
    raw = SAMPLE.read_bytes()
    source = Source.of_bytes(raw[: raw.index(b'"parentHex"', 900)], "x.json")
    assert sum(len(thread.posts) for thread in commento.read(source)) > 2
    assert source.problems.count > 0


def test_nesting_a_thousand_deep() -> None:
    (thread,), _ = read(*(comment(f"c{n}", f"c{n - 1}" if n else "root") for n in range(1001)))
    assert places(thread)[-1] == ("c1000", "c999")


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_pages_come_back_however_they_are_mixed(data: st.DataObject) -> None:
    records = []
    for page in ("/1", "/2"):
        for number in range(data.draw(st.integers(1, 7))):
            parent = (
                f"{page}-{data.draw(st.integers(0, number - 1))}" if number and data.draw(st.booleans()) else "root"
            )
            text = data.draw(st.text(st.sampled_from("ab\n🌊é<"), max_size=9))
            records.append(comment(f"{page}-{number}", parent, page, markdown=text))
    mixed = data.draw(st.permutations(records))
    threads, problems = read(*mixed)
    assert {p.key: (t.url, p.parent, p.text) for t in threads for p in t.posts[1:]} == {
        r["commentHex"]: (f"https://x.example{r['url']}", r["parentHex"].replace("root", "0"), r["markdown"])
        for r in records
    }
    assert problems == []
