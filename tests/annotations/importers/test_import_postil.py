"""Postil's own exports come back: the same posts with the same annotations."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations import formats
from annotations.codebook_toml import parse_codebook
from annotations.errors import PostilError, RuleError
from annotations.exporters import csv as csv_exporter
from annotations.exporters import jsonl as jsonl_exporter
from annotations.exporters.choosing.options import ExportOptions
from annotations.given import take_annotations
from annotations.importers import postil_csv, postil_jsonl
from annotations.importers.postil_csv import INCOMPLETE
from annotations.importing import Imported, SourceImport
from annotations.model import Post, PostKind, Scope, Target, Thread
from annotations.session import LabelingSession
from annotations.sources.source import Source, open_source
from annotations.span import Span
from annotations.store.check import check
from annotations.store.labels import annotations_in_thread
from annotations.store.project import Project
from annotations.store.threads import find_thread, iter_posts, save_thread
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from annotations.codebook import Codebook
    from annotations.model import Annotation

CODEBOOK = """
name = "Mine"

[[labels]]
id = "claim"
name = "Claim"
scope = "span"
[[labels.attributes]]
id = "certainty"
name = "Certainty"
kind = "scale"
minimum = 1
maximum = 5
[[labels.attributes]]
id = "weight"
name = "Weight of it"
kind = "scale"
minimum = 0.0
maximum = 1.0
[[labels.attributes]]
id = "where"
name = "Where"
kind = "text"

[[labels]]
id = "loaded-word"
name = "Loaded word"
scope = "span"

[[labels]]
id = "kind-of-claim"
name = "Kind of claim"
scope = "span"
parent = "claim"

[[labels]]
id = "agree"
name = "Agree"
scope = "post"

[[labels]]
id = "joke"
name = "A joke"
scope = "post"
[[labels.attributes]]
id = "about"
name = "About"
kind = "text"

[[labels]]
id = "heated"
name = "Heated"
scope = "thread"

[[labels]]
id = "rebuts"
name = "Rebuts"
scope = "relation"

[[labels]]
id = "echoes"
name = "Echoes"
scope = "relation"
"""

WORDS = st.text(st.sampled_from("ab \n👋👩\u200d👧e\u0301漢字שלום\u2028,\"'=\t"), min_size=1, max_size=30)
NOTES = st.sampled_from(["", "", "Hm.", 'Two\nlines, "quoted" 👋', "漢字"])


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return parse_codebook(CODEBOOK, "mine.toml")


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty project, to be copied: making one takes its time."""
    path = tmp_path_factory.mktemp("blank") / "postil.db"
    Project.open(path, create=True).close()
    return path


def open_copy(blank: Path, folder: Path, name: str) -> Project:
    shutil.copy(blank, folder / name)
    return Project.open(folder / name, clock=lambda: datetime(2026, 5, 1, 8, 30, tzinfo=UTC))


def draw_thread(data: st.DataObject) -> Thread:
    count = data.draw(st.integers(0, 4))
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text=f"Title\n\n{data.draw(WORDS)}", author="Ed")]
    for number in range(1, count + 1):
        parent = posts[data.draw(st.integers(0, number - 1))].key
        posts.append(
            Post(
                key=f"c{number}",
                parent=parent,
                text=data.draw(st.one_of(WORDS, st.just(""))),
                author=data.draw(st.sampled_from([None, "Bo", "李"])),
                created_at=data.draw(st.sampled_from([None, "2026-05-01T08:30:00Z"])),
                meta=data.draw(st.sampled_from([{}, {"votes": 3, "raw": {"a": [1, None]}}])),
            )
        )
    return Thread(key="mine", title="Title", posts=tuple(posts), format="test", url="https://x.example/", meta={"a": 1})


def label_at_random(data: st.DataObject, project: Project, thread_id: int, codebook: Codebook) -> None:
    posts = list(iter_posts(project, thread_id))
    sessions = [LabelingSession(project, project.annotator(name), codebook) for name in ("Ada", "bo 👋", "李")]
    for _ in range(data.draw(st.integers(0, 10))):
        session, post = data.draw(st.sampled_from(sessions)), data.draw(st.sampled_from(posts))
        note = data.draw(NOTES)
        here = Target(thread_id=thread_id, post_id=post.id)
        match data.draw(st.sampled_from(["span", "span", "post", "thread", "relation", "relation", "mark"])):
            case "span" if post.text:
                start = data.draw(st.integers(0, len(post.text) - 1))
                span = Span(start, data.draw(st.integers(start + 1, len(post.text))))
                label = data.draw(st.sampled_from(["claim", "loaded-word", "kind-of-claim"]))
                values: Mapping[str, str | int | float] = {}
                if label == "claim":
                    values = data.draw(st.sampled_from([{}, {"certainty": 4}, {"weight": 0.25, "where": '漢, "x"'}]))
                session.apply(
                    label, Target(thread_id=thread_id, post_id=post.id, span=span), note=note, attributes=values
                )
            case "post":
                session.apply(data.draw(st.sampled_from(["agree", "joke"])), here, note=note)
            case "thread":
                session.apply("heated", Target(thread_id=thread_id), note=note)
            case "relation":
                relate(data, session, thread_id, post.id, posts[data.draw(st.integers(0, len(posts) - 1))].id)
            case "mark":
                session.note(post.id, note or "Noted.")
                session.review(post.id)
                session.flag(post.id, is_flagged=True)


def relate(data: st.DataObject, session: LabelingSession, thread_id: int, start: int, end: int) -> None:
    own = list(annotations_in_thread(session.project, thread_id, session.annotator.id))
    ends: list[tuple[int | None, int | None]] = [(start, None), (end, None), (None, None)]
    ends += [(each.target.post_id, each.id) for each in own if each.scope in {Scope.SPAN, Scope.POST}]
    (post, first), (other, second) = data.draw(st.sampled_from(ends)), data.draw(st.sampled_from(ends))
    target = Target(
        thread_id=thread_id,
        post_id=post,
        from_annotation=first,
        to_post_id=other,
        to_annotation=second,
        to_thread_id=thread_id if other is None else None,
    )
    try:
        session.apply(data.draw(st.sampled_from(["rebuts", "echoes"])), target, note=data.draw(NOTES))
    except RuleError:
        return  # it leads to where it starts


def take(project: Project, thread: Thread, source: Source) -> int:
    saved = save_thread(project, thread, location="/mine", source_sha256="x")
    take_annotations(project, thread, saved, Work(), annotator="Somebody", problems=source.problems)
    return saved.thread.id


def told(project: Project, folder: Path) -> list[dict[str, Any]]:
    """Return what an export says, but for what stands for this project alone."""
    path = folder / "told.jsonl"
    jsonl_exporter.write(project, path, ExportOptions(with_implied=False))
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        for field in ("labels", "spans", "relations", "thread_labels", "thread_relations"):
            for each in line[field]:
                del each["codebook_version"], each["updated_at"]
            line[field].sort(key=json.dumps)
    return lines


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_project_that_went_through_json_lines_says_the_same(
    data: st.DataObject, blank: Path, codebook: Codebook, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("trip")
    with open_copy(blank, folder, "one.db") as one, open_copy(blank, folder, "two.db") as two:
        saved = save_thread(one, draw_thread(data), location="/x", source_sha256="x")
        label_at_random(data, one, saved.thread.id, codebook)
        exported = folder / "all.jsonl"
        jsonl_exporter.write(one, exported, ExportOptions())
        source = open_source(exported)
        (thread,) = postil_jsonl.read(source)
        take(two, thread, source)
        assert told(two, folder) == told(one, folder)
        assert not list(source.problems.sentences())
        assert check(two) == []
        events = two.connection.execute("SELECT COUNT(*) FROM events").fetchone()
        take(two, thread, source)
        assert two.connection.execute("SELECT COUNT(*) FROM events").fetchone() == events


def summed_up(project: Project, found: list[Annotation]) -> list[tuple[object, ...]]:
    keys = dict(project.connection.execute("SELECT id, key FROM posts"))
    return sorted(
        (
            (
                each.uuid,
                each.annotator,
                each.label,
                keys.get(each.target.post_id),
                each.target.span,
                each.note,
                each.quote and each.quote.exact,
                dict(each.attributes),
                each.created_at,
                keys.get(each.target.to_post_id),
            )
            for each in found
        ),
        key=repr,
    )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), excel=st.booleans())
def test_annotations_that_went_through_csv_are_the_same(
    data: st.DataObject, *, excel: bool, blank: Path, codebook: Codebook, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("trip")
    with open_copy(blank, folder, "one.db") as one, open_copy(blank, folder, "two.db") as two:
        saved = save_thread(one, draw_thread(data), location="/x", source_sha256="x")
        label_at_random(data, one, saved.thread.id, codebook)
        exported = folder / "all.csv"
        report = csv_exporter.write(one, exported, ExportOptions(excel=excel))
        source = open_source(exported)
        threads = list(postil_csv.read(source))
        assert bool(threads) is bool(report.rows)
        if not threads:
            return
        assert threads[0].warnings == (INCOMPLETE,)
        thread_id = take(two, threads[0], source)
        before = annotations_in_thread(one, saved.thread.id)
        assert summed_up(two, annotations_in_thread(two, thread_id)) == summed_up(one, before)
        texts = {post.key: post.text for post in iter_posts(one, saved.thread.id)}
        on = {each.target.post_id for each in before}
        written = {post.key for post in iter_posts(one, saved.thread.id) if post.id in on}
        assert {post.key: post.text for post in threads[0].posts if post.key in written} == {
            key: texts[key] for key in written
        }
        assert check(two) == []


def test_relations_in_csv_are_tied_to_the_words_where_they_start_and_end(
    blank: Path, codebook: Codebook, tmp_path: Path
) -> None:
    with open_copy(blank, tmp_path, "one.db") as one, open_copy(blank, tmp_path, "two.db") as two:
        posts = (
            Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Title\n\nOne two."),
            Post(key="a", parent="0", text="Three."),
            Post(key="b", parent="a", text="Four four."),
        )
        thread = Thread(key="mine", title="Title", posts=posts, format="test")
        saved = save_thread(one, thread, location="/x", source_sha256="x")
        session = LabelingSession(one, one.annotator("Ada"), codebook)
        ids = {post.key: post.id for post in iter_posts(one, saved.thread.id)}
        at = saved.thread.id
        (claim,) = session.apply("claim", Target(thread_id=at, post_id=ids["b"], span=Span(0, 4))).added
        (word,) = session.apply("loaded-word", Target(thread_id=at, post_id=ids["0"], span=Span(7, 10))).added
        tie = Target(
            thread_id=at, post_id=ids["b"], from_annotation=claim.id, to_post_id=ids["0"], to_annotation=word.id
        )
        session.apply("rebuts", tie)
        csv_exporter.write(one, tmp_path / "x.csv", ExportOptions())
        source = open_source(tmp_path / "x.csv")
        assert formats.choose_importer(source)[0].name == "postil_csv"
        (back,) = postil_csv.read(source)
        thread_id = take(two, back, source)
        found = {each.uuid: each for each in annotations_in_thread(two, thread_id)}
        relation = next(each for each in found.values() if each.scope is Scope.RELATION)
        ends = relation.target.from_annotation, relation.target.to_annotation
        assert ends == (found[claim.uuid].id, found[word.uuid].id)
        assert [(post.key, post.parent, dict(post.meta)) for post in back.posts] == [
            ("0", None, {}),
            ("a", "0", {"is_missing": True}),
            ("b", "a", {}),
        ]
        assert not list(source.problems.sentences())


def test_labels_of_other_projects_come_with_their_names(blank: Path, codebook: Codebook, tmp_path: Path) -> None:
    from annotations.store.codebooks import current_codebook  # noqa: PLC0415  # here only

    for name, module in (("csv", csv_exporter), ("jsonl", jsonl_exporter)):
        with open_copy(blank, tmp_path, f"one-{name}.db") as one:
            thread = Thread(
                key="t", title="T", posts=(Post(key="0", parent=None, kind=PostKind.ARTICLE, text="T"),), format="x"
            )
            saved = save_thread(one, thread, location="/x", source_sha256="x")
            target = Target(thread_id=saved.thread.id, post_id=next(iter(iter_posts(one, saved.thread.id))).id)
            LabelingSession(one, one.annotator("Ada"), codebook).apply("joke", target)
            module.write(one, tmp_path / f"x.{name}", ExportOptions())
        path = tmp_path / f"two-{name}.db"
        importing = SourceImport(path, partial(Project.open, path, create=True), [tmp_path / f"x.{name}"], None, Work())
        (imported,) = (found for found in importing if isinstance(found, Imported))
        assert imported.given is not None
        assert imported.given.added == 1
        assert imported.thread.format == f"postil_{name}"
        with Project.open(path) as two:
            found = current_codebook(two)
            assert found is not None
            assert (found.labels[-1].id, found.labels[-1].name) == ("joke", "A joke")
            assert find_thread(two, "t").title == "T"


def test_what_was_detached_stays_detached(blank: Path, codebook: Codebook, tmp_path: Path) -> None:
    with open_copy(blank, tmp_path, "one.db") as one, open_copy(blank, tmp_path, "two.db") as two:
        posts = (Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Title\n\nThe sea is calm today."),)
        thread = Thread(key="mine", title="Title", posts=posts, format="test")
        saved = save_thread(one, thread, location="/x", source_sha256="x")
        post_id = next(iter(iter_posts(one, saved.thread.id))).id
        session = LabelingSession(one, one.annotator("Ada"), codebook)
        session.apply("claim", Target(thread_id=saved.thread.id, post_id=post_id, span=Span(7, 18)))
        changed = Thread(
            key="mine",
            title="Title",
            posts=(Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Title\n\nNothing."),),
            format="test",
        )
        save_thread(one, changed, location="/x", source_sha256="y")
        for name, module, importer in (("jsonl", jsonl_exporter, postil_jsonl), ("csv", csv_exporter, postil_csv)):
            module.write(one, tmp_path / f"x.{name}", ExportOptions())
            source = open_source(tmp_path / f"x.{name}")
            (back,) = importer.read(source)
            (given,) = back.annotations
            assert (given.is_detached, given.span, given.quote) == (True, None, "The sea is ")
        thread_id = take(two, back, source)
        (only,) = annotations_in_thread(two, thread_id)
        assert only.detached
        assert not list(source.problems.sentences())


def test_the_header_is_that_of_the_exporter_and_lines_in_disorder_stop_nothing() -> None:
    assert ",".join(csv_exporter.COLUMNS).startswith(postil_csv._HEADER)
    lines = (
        b'{"thread":"t","post":"1","parent":"9","kind":"comment","text":"x","labels":[5,{"label":null}],"spans":[{"start_char":"a"}]}',
        b'{"thread":"t","post":"0","kind":"article","text":7,"relations":[{"label":"r","to_post":"1"}]}',
        b"no json",
        b'{"thread":"u","text":null,"spans":null,"notes":[{"annotator":3,"note":4}]}',
    )
    source = Source.of_bytes(b"\n".join(lines), "x.jsonl")
    threads = list(postil_jsonl.read(source))
    assert [[post.key for post in thread.posts] for thread in threads] == [["0", "1", "0~2"], ["0", "line-4"]]
    assert len(threads[0].annotations) == 3
    rows = f"{','.join(csv_exporter.COLUMNS)}\r\nx,t,T,1,0\r\n,t,T,1,0,comment,1,1,,l,L,nonsense\r\n,t,T,2,1,comment,1,1,,l,L,post,\r\n"
    source = Source.of_bytes(rows.encode(), "x.csv")
    (thread,) = postil_csv.read(source)
    assert [(post.key, post.parent) for post in thread.posts] == [("0", None), ("1", "0"), ("2", "1")]
    assert [each.label for each in thread.annotations] == ["l"]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 900),
    st.sampled_from([b"", b"null", b"[", b"}", b'"', b"\xff", b",", b"\n", b"-1"]),
    st.integers(0, 30),
)
def test_no_mutation_of_an_export_does_harm(at: int, put: bytes, gone: int) -> None:
    line = {
        "thread": "t",
        "title": "T",
        "post": "0",
        "parent": None,
        "kind": "article",
        "position": 0,
        "depth": 0,
        "author": None,
        "created_at": None,
        "text": "Some words",
        "labels": [],
        "relations": [],
        "notes": [],
        "spans": [
            {
                "start_char": 0,
                "end_char": 4,
                "quote": "Some",
                "label": "claim",
                "annotator": "Ada",
                "attributes": {"a": 1},
            }
        ],
    }
    raw = "\n".join(
        json.dumps({**line, "post": post, "kind": kind}) for post, kind in (("0", "article"), ("1", "comment"))
    ).encode()
    row = (
        f"{','.join(csv_exporter.COLUMNS)}\r\n"
        'u,t,T,1,0,comment,1,1,,l,L,span,Ada,0,4,Some,,,,,n,"{""a"": 1}",Some words\r\n'
    )
    for start, importer in ((raw, postil_jsonl), (row.encode(), postil_csv)):
        source = Source.of_bytes(start[:at] + put + start[at + gone :], "x")
        importer.sniff(source)
        try:
            threads = list(importer.read(source))
        except PostilError:
            continue
        assert all(thread.posts for thread in threads)
