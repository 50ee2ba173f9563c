"""Web Annotations: the exact bytes, the names of things, and what stands where."""

from __future__ import annotations

import json
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest

from annotations import formats
from annotations.errors import WrongUsageError
from annotations.exporters import web_annotation
from annotations.exporters.choosing.options import ExportOptions
from annotations.exporters.documents.web_names import WebNames
from annotations.importers import web_annotation as importer
from annotations.model import Post, PostKind, Thread
from annotations.sources.source import Source
from annotations.store.project import Project
from annotations.store.threads import find_thread, load_posts, save_thread
from tests.annotations.ferry import check_golden, open_ferry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with open_ferry(tmp_path) as project:
        yield project


def exported(project: Project, path: Path, options: ExportOptions | None = None) -> dict[str, Any]:
    web_annotation.write(project, path, options or ExportOptions())
    document: dict[str, Any] = json.loads(path.read_bytes())
    return document


def test_the_bytes_are_as_ever(project: Project, tmp_path: Path) -> None:
    exported(project, tmp_path / "ferry.jsonld")
    check_golden((tmp_path / "ferry.jsonld").read_bytes(), "ferry.jsonld")


def test_a_place_is_told_by_its_words_and_by_code_points(project: Project, tmp_path: Path) -> None:
    document = exported(project, tmp_path / "x.jsonld")
    texts = {post["source"]: post["text"] for thread in document["postil"]["threads"] for post in thread["posts"]}
    places = [each["target"] for each in document["first"]["items"] if isinstance(each["target"], dict)]
    detached = [place for place in places if len(place.get("selector", ())) == 1]
    assert [place["selector"][0]["exact"] for place in detached] == ["it lost £3m."] * 3
    placed = [place for place in places if len(place.get("selector", ())) == 2]
    assert len(placed) == 3
    for place in placed:
        quoted, position = place["selector"]
        text = texts[place["source"]]
        assert text[position["start"] : position["end"]] == quoted["exact"]
        assert text[: position["start"]].endswith(quoted["prefix"])
        assert text[position["end"] :].startswith(quoted["suffix"])


def test_an_article_is_called_by_its_address_if_no_other_thread_has_it(project: Project, tmp_path: Path) -> None:
    first = exported(project, tmp_path / "x.jsonld")["postil"]["threads"][0]
    assert first["posts"][0]["source"] == first["url"] == "https://news.example/ferry?a=1&b=2"
    posts = (Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Other"),)
    urls = {"other": first["url"], "space": "https://x.example/a b", "mail": "mailto:x@y.example"}
    for key, url in urls.items():
        save_thread(
            project,
            Thread(key=key, title=key, posts=posts, format="test", url=url),
            location=f"/{key}",
            source_sha256=key,
        )
    threads = exported(project, tmp_path / "x.jsonld")["postil"]["threads"]
    sources = [thread["posts"][0]["source"] for thread in threads]
    assert len(set(sources)) == 4
    assert all(source.startswith("urn:uuid:") for source in sources)
    assert threads[0]["posts"][1]["source"] == first["posts"][1]["source"], "names of others stay"


def test_names_are_the_same_whenever_they_are_made_and_those_of_another_project_are_others(
    project: Project, tmp_path: Path
) -> None:
    thread = find_thread(project, "ferry")
    post = load_posts(project, thread.id, 1, 2)[0]
    assert WebNames(project).post(thread, post) == WebNames(project).post(thread, post)
    with Project.open(tmp_path / "other.db", create=True) as other:
        assert WebNames(other).post(thread, post) != WebNames(project).post(thread, post)
    uuid = "9B2F1C1E-0000-4000-8000-00000000000A"
    assert WebNames(project).annotation(uuid) == f"urn:uuid:{uuid.lower()}"
    assert WebNames(project).annotation("annotation-1").startswith("urn:uuid:")


def test_an_empty_collection_has_no_page(tmp_path: Path) -> None:
    with Project.open(tmp_path / "p.db", create=True) as project:
        document = exported(project, tmp_path / "x.jsonld")
    assert (document["total"], document.keys() & {"first", "last"}) == (0, set())
    source = Source.of_bytes((tmp_path / "x.jsonld").read_bytes(), "x.jsonld")
    assert list(importer.read(source)) == []


def test_the_importer_makes_do_with_annotations_whose_texts_were_taken_away(project: Project, tmp_path: Path) -> None:
    document = exported(project, tmp_path / "x.jsonld")
    del document["postil"]
    source = Source.of_bytes(json.dumps(document).encode(), "x.jsonld")
    assert formats.choose_importer(source)[0].name == "web_annotation"
    threads = list(importer.read(source))
    article = next(thread for thread in threads if thread.url)
    labels = {(each.label, each.annotator) for each in article.annotations}
    assert ("Claim, with a comma", "Bo") in labels
    assert not any("-" in label and label.count("-") == 4 for label, _ in labels), "no concept's name is a label"


def test_splits_have_names_of_their_own_and_share_those_of_their_labels(project: Project, tmp_path: Path) -> None:
    options = ExportOptions(split=(("train", 0.5), ("test", 0.5)))
    posts = (Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Other"),)
    save_thread(project, Thread(key="o", title="O", posts=posts, format="test"), location="/o", source_sha256="o")
    web_annotation.write(project, tmp_path / "parts", options)
    train, test = (json.loads((tmp_path / "parts" / f"{split}.jsonld").read_bytes()) for split in ("train", "test"))
    assert train["id"] != test["id"]
    assert [each["total"] for each in (train, test)] == [
        len(each.get("first", {}).get("items", ())) for each in (train, test)
    ]
    assert train["conformsTo"] == test["conformsTo"]
    assert {len(each["postil"]["threads"]) for each in (train, test)} == {1}


def test_the_first_annotations_are_shown_and_excel_is_refused(project: Project, tmp_path: Path) -> None:
    document = exported(project, tmp_path / "x.jsonld")
    shown = StringIO(web_annotation.preview(project, ExportOptions(), 2)).read()
    decoder = json.JSONDecoder()
    first, end = decoder.raw_decode(shown)
    second, _ = decoder.raw_decode(shown[end:].lstrip())
    assert [first, second] == document["first"]["items"][:2]
    with pytest.raises(WrongUsageError, match="Excel"):
        web_annotation.write(project, tmp_path / "x.jsonld", ExportOptions(excel=True))
