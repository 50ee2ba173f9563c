"""Annotations of what the project has already go to where it is, instead of becoming a thread of their own."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from annotations import formats
from annotations.codebook_toml import default_codebook
from annotations.exporters.choosing.options import ExportOptions
from annotations.importing import Imported, SourceImport, describe_import
from annotations.model import Post, PostKind, Scope, Target, Thread
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.check import check
from annotations.store.labels import annotations_in_thread
from annotations.store.project import Project
from annotations.store.threads import find_thread, iter_posts, save_thread
from annotations.work import Work

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "https://quillmouth.example/news/ferry"
ARTICLE = (
    "The ferry stops\n\nToo few people cross after nine. It carried 14 a night; 14 a night is too few. 👋 Same, same."
)
COMMENTS = (("1", "0", "Who says so? I cross at ten 🛳️ each night."), ("1.1", "1", "So do I."), ("2", "0", "So do we."))


def make(path: Path, *keys: str, url: str | None = PAGE) -> Path:
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text=ARTICLE)]
    posts += [Post(key=key, parent=parent, text=text) for key, parent, text in COMMENTS]
    with Project.open(path, create=True) as project:
        for key in keys or ("ferry",):
            mine = posts if key != "b" else [posts[0], replace(posts[1], text="Another discussion of the same page.")]
            thread = Thread(key=key, title="The ferry stops", posts=tuple(mine), format="test", url=url)
            save_thread(project, thread, location=f"/{key}", source_sha256=key)
    return path


def note(number: int, exact: str, prefix: str = "", suffix: str = "", **more: object) -> dict[str, Any]:
    selector = {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix}
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"urn:x:{number}",
        "type": "Annotation",
        "creator": {"type": "Person", "name": "Bo"},
        "body": {"type": "TextualBody", "purpose": "tagging", "value": f"L{number}"},
        "target": {"source": PAGE, "selector": selector},
        **more,
    }


def take(project: Path, source: Path) -> list[str]:
    importing = SourceImport(project, partial(Project.open, project), [source], None, Work(), "Ada")
    return [line for each in importing if isinstance(each, Imported) for line in describe_import(each)]


def write(path: Path, *records: object) -> Path:
    path.write_text(json.dumps(records), encoding="utf-8")
    return path


def keys_of(project: Project) -> list[str]:
    return [key for (key,) in project.connection.execute("SELECT key FROM threads ORDER BY id")]


def spans(project: Project, key: str = "ferry") -> dict[str, tuple[str, str, bool]]:
    thread = find_thread(project, key)
    posts = {post.id: post for post in iter_posts(project, thread.id)}
    found = {}
    for each in annotations_in_thread(project, thread.id):
        if each.scope is Scope.SPAN and each.target.span is not None and each.target.post_id is not None:
            post = posts[each.target.post_id]
            said = post.text[each.target.span.start : each.target.span.end]
            found[each.label] = (post.key, said, each.detached)
    return found


def test_annotations_of_a_page_are_put_on_its_thread_in_the_article_or_in_the_comment_that_says_the_words(
    tmp_path: Path,
) -> None:
    path = make(tmp_path / "p.db")
    tie = note(5, "cross after")
    link = {"type": "SpecificResource", "purpose": "linking", "source": "urn:x:1"}
    tie |= {"motivation": "linking", "target": "urn:x:3", "body": [link, tie["body"]]}
    source = write(
        tmp_path / "notes.json",
        note(1, "14 a night", "carried ", ";"),
        note(2, "14 a night", "; ", " is too"),
        note(3, "I cross at ten 🛳️", "so? ", " each"),
        note(4, "nobody has ever said this at all"),
        tie,
        note(6, "Too few peple cross after", "\n\n", " nine."),
        note(7, "So do"),
    )
    lines = take(path, source)
    assert "ferry: The ferry stops" in lines
    with Project.open(path) as project:
        assert keys_of(project) == ["ferry"]
        found = spans(project)
        assert found["l1"] == ("0", "14 a night", False)
        assert found["l2"] == ("0", "14 a night", False)
        assert found["l3"] == ("1", "I cross at ten 🛳️", False)
        assert found["l4"][2], "what is nowhere is kept"
        assert found["l6"] == ("0", "Too few people cross after", False)
        assert found["l7"][2], "two comments say it"
        starts = {each.label: each.target.span for each in annotations_in_thread(project, 1)}
        assert (starts["l1"], starts["l2"]) == (Span(61, 71), Span(73, 83))
        relation = next(each for each in annotations_in_thread(project, 1) if each.scope is Scope.RELATION)
        by_id = {each.id: each.label for each in annotations_in_thread(project, 1)}
        ends = relation.target.from_annotation or 0, relation.target.to_annotation or 0
        assert [by_id[end] for end in ends] == ["l1", "l3"]
        assert check(project) == []
        events = project.connection.execute("SELECT COUNT(*) FROM events").fetchone()
    take(path, source)
    with Project.open(path) as project:
        assert project.connection.execute("SELECT COUNT(*) FROM events").fetchone() == events, "nothing comes twice"


def test_where_two_threads_have_the_address_or_none_has_it_the_passages_are_a_thread(tmp_path: Path) -> None:
    source = write(tmp_path / "notes.json", note(1, "14 a night"))
    for name, keys, url in (("two", ("a", "b"), PAGE), ("none", ("a",), None)):
        path = make(tmp_path / f"{name}.db", *keys, url=url)
        take(path, source)
        take(path, source)
        with Project.open(path) as project:
            keys_found = keys_of(project)
        assert keys_found == [*keys, "notes"], "and that thread is not taken for the page"


def test_answers_to_annotations_are_not_lost(tmp_path: Path) -> None:
    rows = [
        {
            "id": "a",
            "uri": PAGE,
            "user": "acct:bo@x.example",
            "text": "Hm",
            "tags": ["t"],
            "target": [{"source": PAGE}],
        },
        {
            "id": "b",
            "uri": PAGE,
            "user": "acct:lo@x.example",
            "text": "No",
            "tags": [],
            "references": ["a"],
            "target": [],
        },
    ]
    path = make(tmp_path / "p.db")
    (tmp_path / "notes.json").write_text(json.dumps({"rows": rows}), encoding="utf-8")
    take(path, tmp_path / "notes.json")
    with Project.open(path) as project:
        assert [post.text for post in iter_posts(project, find_thread(project, "notes").id)][1:] == ["No"]


@pytest.mark.parametrize(
    ("exporter", "file"), [("jsonl", "x.jsonl"), ("convokit", "x"), ("web-annotation", "x.jsonld")]
)
def test_what_a_colleague_has_put_on_the_same_thread_is_put_there(exporter: str, file: str, tmp_path: Path) -> None:
    mine, theirs = make(tmp_path / "mine.db"), make(tmp_path / "theirs.db")
    for path, who, label in ((mine, "Ada", "claim"), (theirs, "Bo", "claim")):
        with Project.open(path) as project:
            session = LabelingSession(project, project.annotator(who), default_codebook())
            session.apply(label, Target(thread_id=1, post_id=1, span=Span(0, 9)))
    with Project.open(theirs) as project:
        formats.exporter(exporter).write(project, tmp_path / file, ExportOptions())
    for _ in range(2):
        assert "nothing changed: the project has this thread already" in take(mine, tmp_path / file)
        with Project.open(mine) as project:
            assert keys_of(project) == ["ferry"]
            assert sorted(each.annotator for each in annotations_in_thread(project, 1)) == ["Ada", "Bo"]
            assert check(project) == []


def test_an_export_of_another_text_is_a_thread_of_its_own(tmp_path: Path) -> None:
    mine, theirs = make(tmp_path / "mine.db"), make(tmp_path / "theirs.db")
    with Project.open(theirs) as project:
        posts = (Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Another text."),)
        thread = Thread(key="ferry", title="The ferry stops", posts=posts, format="test")
        save_thread(project, thread, location="/ferry", source_sha256="later")
        formats.exporter("jsonl").write(project, tmp_path / "x.jsonl", ExportOptions())
    take(mine, tmp_path / "x.jsonl")
    with Project.open(mine) as project:
        assert len(keys_of(project)) == 2
