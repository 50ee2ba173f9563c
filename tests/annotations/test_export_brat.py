"""brat: the bytes of a collection, its settings, and how spans become fragments."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.codebook_toml import parse_codebook
from annotations.errors import ExportError, WrongUsageError
from annotations.exporters import brat
from annotations.exporters.choosing.options import Aggregate, ExportOptions
from annotations.exporters.documents.brat_lines import fragments
from annotations.model import Post, PostKind, Target, Thread
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.codebooks import codebook_in_force
from annotations.store.project import Project
from annotations.store.threads import save_thread
from tests.annotations.exported_folders import check_golden_folder, imported, told
from tests.annotations.ferry import open_ferry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with open_ferry(tmp_path) as project:
        yield project


def test_the_bytes_are_as_ever(project: Project, tmp_path: Path) -> None:
    report = brat.write(project, tmp_path / "brat", ExportOptions())
    check_golden_folder(tmp_path / "brat", "brat")
    assert (report.threads, report.posts, report.annotations, report.lost) == (1, 5, 12, {})
    brat.write(project, tmp_path / "again", ExportOptions())
    for path in (tmp_path / "brat").rglob("*.*"):
        if path.name not in {
            "README.md",
            "manifest.json",
            "datapackage.json",
            "croissant.json",
        }:  # they name the folder
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(tmp_path / "brat")).read_bytes()


def test_every_line_says_what_stands_there(project: Project, tmp_path: Path) -> None:
    brat.write(project, tmp_path / "brat", ExportOptions())
    count = 0
    for path in (tmp_path / "brat").rglob("*.ann"):
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
            if line.startswith("T"):
                _, places, said = line.split("\t", 2)
                parts = [tuple(map(int, place.split())) for place in places.partition(" ")[2].split(";")]
                assert said == " ".join(text[start:end] for start, end in parts)
                count += 1
    assert count == 13


def test_a_preview_shows_the_first_lines_and_excel_is_refused(project: Project, tmp_path: Path) -> None:
    preview = brat.preview(project, ExportOptions(), 2).split("\n")
    assert [line.split("\t")[0] for line in preview] == ["T1", "T2", ""]
    assert brat.preview(project, ExportOptions(), 0) == ""
    for call in (
        lambda: brat.preview(project, ExportOptions(excel=True), 1),
        lambda: brat.write(project, tmp_path / "x", ExportOptions(excel=True)),
    ):
        with pytest.raises(WrongUsageError, match="Excel"):
            call()
    with pytest.raises(ExportError, match="folder"):
        brat.write(project, None, ExportOptions())


def test_one_set_of_all_labels_is_one_collection(project: Project, tmp_path: Path) -> None:
    brat.write(project, tmp_path / "brat", ExportOptions(aggregate=Aggregate.ANY))
    assert {path.parent.name for path in (tmp_path / "brat").rglob("*.ann")} == {"any"}
    brat.write(project, tmp_path / "one", ExportOptions(annotator="Bo", labels=("agree",)))
    lines = (tmp_path / "one" / "Bo" / "ferry.ann").read_text(encoding="utf-8").split("\n")
    assert [line.split(" ")[0] for line in lines if line.startswith("T")] == ["T1\tagree"]
    assert {path.parent.name for path in (tmp_path / "one").rglob("*.ann")} == {"Bo"}


def test_names_are_safe_and_what_nobody_has_labeled_is_there_too(tmp_path: Path) -> None:
    with Project.open(tmp_path / "postil.db", create=True) as project:
        for key in ("港", "港-2", "CON", "a b"):
            article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="One\n\ntwo")
            save_thread(
                project, Thread(key=key, title=key, posts=(article,), format="t"), location=key, source_sha256=key
            )
        session = LabelingSession(project, project.annotator("../Ada"), codebook_in_force(project))
        label = session.codebook.labels[0].id
        session.apply(label, Target(thread_id=1, post_id=1, span=Span(3, 5)))
        session.apply(label, Target(thread_id=1, post_id=1, span=Span(2, 6)))
        brat.write(project, tmp_path / "out", ExportOptions())
    names = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.ann"))
    assert all(name.isascii() for name in names)
    assert [name.split("/")[0] for name in names] == ["Ada", "unlabeled", "unlabeled", "unlabeled"]
    assert len({name.lower() for name in names}) == 4
    (own,) = (tmp_path / "out" / "Ada").glob("*.ann")
    assert (
        len(own.read_text(encoding="utf-8").split("\n")) == 2
    )  # of what is nothing but line ends, brat cannot have a line
    kept = json.loads(own.with_suffix(".json").read_text(encoding="ascii"))["postil"]["annotations"]
    assert [(each.get("id"), each["start_char"], each["end_char"]) for each in kept] == [("T1", 2, 6), (None, 3, 5)]


CLASH = """
name = "Clash"
[[labels]]
id = "post"
name = "A|B <c>"
scope = "span"
[[labels.attributes]]
id = "post"
name = "Post"
kind = "choice"
choices = ["a, b", "a b"]
[[labels]]
id = "kind"
name = "Kind"
scope = "span"
parent = "post"
[[labels.attributes]]
id = "how"
name = "How"
kind = "scale"
minimum = 1
maximum = 3
[[labels]]
id = "thread"
name = "T"
scope = "thread"
[[labels.attributes]]
id = "how"
name = "How much"
kind = "scale"
minimum = 0
maximum = 1000
"""


def test_no_two_things_have_one_name_in_the_settings(tmp_path: Path) -> None:
    with Project.open(tmp_path / "postil.db", create=True) as project:
        article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="One two")
        save_thread(project, Thread(key="t", title="t", posts=(article,), format="t"), location="t", source_sha256="t")
        session = LabelingSession(project, project.annotator("a"), parse_codebook(CLASH))
        values = {"post": "a b"}
        session.apply("post", Target(thread_id=1, post_id=1, span=Span(0, 3)), attributes=values)
        session.apply("thread", Target(thread_id=1), attributes={"how": 700})
        brat.write(project, tmp_path / "out", ExportOptions())
    settings_ = (tmp_path / "out" / "annotation.conf").read_text(encoding="utf-8")
    assert settings_.startswith("[entities]\npost\n\tkind\nPost_\nThread_\n\tthread\n")
    assert "post__\tArg:post, Value:a-b-2|a-b\n" in settings_ or "post__\tArg:post, Value:a-b|a-b-2\n" in settings_
    assert "kind_how\tArg:kind, Value:1|2|3\n" in settings_
    assert "post | A¦B ‹c›\n" in (tmp_path / "out" / "visual.conf").read_text(encoding="utf-8")
    lines = (tmp_path / "out" / "a" / "t.ann").read_text(encoding="utf-8").split("\n")
    assert "#1\tAnnotatorNotes T1\thow: 700" in lines
    with imported(tmp_path / "out", tmp_path / "back", CLASH) as back:
        found = [
            each["attributes"]
            for each in told(back, tmp_path / "back")["t", "0"]["spans"]
            for each in [json.loads(each)]
        ]
    assert found == [values]


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from("ab \n\u2028\u2029\x0b\x0c\x1c\x85👩‍🚀"), min_size=1, max_size=20), data=st.data())
def test_fragments_are_the_lines_and_lose_nothing_but_their_ends(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = list(fragments(text, start, end))
    assert [text[first:last] for first, last in found] == [line for line in text[start:end].splitlines() if line]
    assert all(start <= first < last <= end for first, last in found)
