"""CoNLL: a pair of files for each annotator, the same tokens and tags in both, and nothing said for who has said nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from annotations.codebook_toml import parse_codebook
from annotations.errors import WrongUsageError
from annotations.exporters import conll, jsonl
from annotations.exporters.choosing.options import ExportOptions
from annotations.importers import conll as importer
from annotations.model import Post, PostKind, Scope, Target, Thread
from annotations.session import LabelingSession
from annotations.sources.source import Source
from annotations.span import Span
from annotations.store.codebooks import codebook_in_force
from annotations.store.project import Project
from annotations.store.threads import save_thread
from tests.annotations.ferry import RULES, check_golden, open_ferry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GOLDEN = ("Ada.conll", "Ada.jsonl", "Bo.conll", "Bo.jsonl", "ferry-1b.conll", "ferry-1b.jsonl", "tags.txt")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with open_ferry(tmp_path) as project:
        yield project


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Project]:
    with Project.open(tmp_path / "bare.db", create=True) as project:
        yield project


def save(project: Project, text: str, key: str = "pier", **more: object) -> int:
    article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text=text, **more)  # type: ignore[arg-type]  # any field
    thread = Thread(key=key, title="Pier", posts=(article,), format="test")
    return save_thread(project, thread, location=f"/{key}", source_sha256=key).thread.id


def written(project: Project, folder: Path, **options: object) -> dict[str, str]:
    """Export, and return the files below the folder with what they say."""
    conll.write(project, folder, ExportOptions(**options))  # type: ignore[arg-type]  # any option
    return {
        each.relative_to(folder).as_posix(): each.read_text(encoding="utf-8")
        for each in sorted(folder.rglob("*"))
        if each.is_file()
    }


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def sequences(text: str) -> list[list[list[str]]]:
    blocks = text.strip("\n").split("\n\n")
    return [[line.split("\t") for line in block.split("\n")] for block in blocks if block]


def losses(files: dict[str, str]) -> dict[str, list[str]]:
    return {
        each["what"]: [listed.get("detail", "") for listed in each["listed"]]
        for each in json.loads(files["report.json"])["lost"]
    }


def test_the_bytes_are_as_ever(project: Project, tmp_path: Path) -> None:
    conll.write(project, tmp_path / "out", ExportOptions())
    for file in GOLDEN:
        check_golden((tmp_path / "out" / file).read_bytes(), f"conll/{file}")


def test_both_files_of_an_annotator_have_the_same_tokens_and_tags(project: Project, tmp_path: Path) -> None:
    files = written(project, tmp_path / "out")
    stems = {name.removesuffix(".conll") for name in files if name.endswith(".conll")}
    assert stems == {"Ada", "Bo", "ferry-1b"}
    for stem in stems:
        posts = rows(files[f"{stem}.jsonl"])
        assert [row["post"] for row in posts] == ["0", "1", "1.1", "2", "3"]
        pairs = [[token, tag] for row in posts for token, tag in zip(row["tokens"], row["ner_tags"], strict=True)]
        found = sequences(files[f"{stem}.conll"])
        assert [pair for each in found for pair in each if pair[0] != "-DOCSTART-"] == pairs
        assert sum(each == [["-DOCSTART-", "O"]] for each in found) == sum(bool(row["tokens"]) for row in posts)
        assert {tag for _, tag in pairs} <= set(files["tags.txt"].split())
        for row in posts:
            assert [row["text"][start:end] for start, end in row["offsets"]] == row["tokens"]


def test_what_the_tags_cannot_tell_stands_beside_them(project: Project, tmp_path: Path) -> None:
    jsonl.write(project, tmp_path / "all.jsonl", ExportOptions())
    everything = rows((tmp_path / "all.jsonl").read_text(encoding="utf-8"))
    files = written(project, tmp_path / "out")
    beside = [json.loads(row["postil"]) for name in files if name.endswith(".jsonl") for row in rows(files[name])]
    for member in (
        "labels",
        "spans",
        "relations",
        "notes",
        "thread_labels",
        "thread_relations",
        "reviewed_by",
        "flagged_by",
    ):
        told = sorted(json.dumps(each, sort_keys=True) for record in beside for each in record[member])
        assert told == sorted(json.dumps(each, sort_keys=True) for record in everything for each in record[member])


def test_lost_spans_are_counted_and_listed(project: Project, tmp_path: Path) -> None:
    save_thread_id = save(project, "The pumps fail again.", "pumps")
    ada = LabelingSession(project, project.annotator("Ada"), parse_codebook(RULES))
    for start, end in ((4, 14), (10, 14), (3, 4), (14, 20)):
        ada.apply("claim", Target(thread_id=save_thread_id, post_id=6, span=Span(start, end)))
    found = losses(written(project, tmp_path / "out"))
    assert found["spans inside or across another span"] == ["claim: fail"]
    assert found["spans of white space alone"] == ["claim:  "]
    assert found["spans without the white space at their edges"] == ["claim:  again"]
    assert len(found["detached spans"]) == 1


def test_who_has_said_nothing_gets_no_files(project: Project, tmp_path: Path) -> None:
    project.annotator("Newcomer")
    assert not [name for name in written(project, tmp_path / "out") if name.startswith("Newcomer")]
    chosen = written(project, tmp_path / "bo", annotator="Bo")
    assert [name for name in chosen if name.endswith(".conll")] == ["Bo.conll"]


def test_texts_that_nobody_has_labeled_are_there_all_the_same(bare: Project, tmp_path: Path) -> None:
    save(bare, "The pier is shut.\n\nFor good.")
    files = written(bare, tmp_path / "out")
    assert sequences(files["unlabeled.conll"]) == [
        [["-DOCSTART-", "O"]],
        [[word, "O"] for word in ("The", "pier", "is", "shut", ".")],
        [[word, "O"] for word in ("For", "good", ".")],
    ]


def test_an_empty_project_makes_empty_files(bare: Project, tmp_path: Path) -> None:
    assert written(bare, tmp_path / "out")["unlabeled.conll"] == ""


def test_only_reviewed_leaves_out_what_this_annotator_has_not_seen(project: Project, tmp_path: Path) -> None:
    files = written(project, tmp_path / "out", only_reviewed=True)
    assert [row["post"] for row in rows(files["Ada.jsonl"])] == ["0", "1", "2"]  # she has labeled the thread
    assert [row["post"] for row in rows(files["Bo.jsonl"])] == ["2"]


def test_splits_are_files_in_the_annotators_folder(project: Project, tmp_path: Path) -> None:
    for number in range(6):
        key = f"pier-{number}"
        thread_id = save(project, f"The pier {number} is shut.", key)
        session = LabelingSession(project, project.annotator("Ada"), parse_codebook(RULES))
        post = project.connection.execute("SELECT id FROM posts WHERE thread_id = ?", (thread_id,)).fetchone()[0]
        session.apply("claim", Target(thread_id=thread_id, post_id=post, span=Span(4, 8)))
    files = written(project, tmp_path / "out", split=(("train", 0.6), ("test", 0.4)))
    assert {"Ada/train.conll", "Ada/train.jsonl", "Ada/test.conll", "Ada/test.jsonl"} <= files.keys()
    threads = [{row["thread"] for row in rows(files[f"Ada/{split}.jsonl"])} for split in ("train", "test")]
    assert not threads[0] & threads[1]
    assert len(threads[0] | threads[1]) == 7
    assert '- split: "test"\n    path: "Ada/test.jsonl"' in files["README.md"]


def test_half_characters_of_a_source_are_replaced_and_counted(bare: Project, tmp_path: Path) -> None:
    save(bare, "The pier.", meta={"odd": "a\ud800b"})
    files = written(bare, tmp_path / "out")
    assert json.loads(rows(files["unlabeled.jsonl"])[0]["postil"])["meta"] == {"odd": "a\ufffdb"}
    assert "unpaired surrogates, replaced by U+FFFD" in losses(files)


def test_our_importer_reads_the_spans_back(project: Project, tmp_path: Path) -> None:
    files = written(project, tmp_path / "out")
    for stem in ("Ada", "Bo", "ferry-1b"):
        path = tmp_path / "out" / f"{stem}.conll"
        threads = list(importer.read(Source.of_bytes(path.read_bytes(), path.name)))
        posts = [row for row in rows(files[f"{stem}.jsonl"]) if row["tokens"]]
        assert [" ".join(thread.posts[0].text.split()) for thread in threads] == [
            " ".join(row["tokens"]) for row in posts
        ]
        told = [
            (given.label, thread.posts[0].text[given.span.start : given.span.end].split())
            for thread in threads
            for given in thread.annotations
            if given.span is not None
        ]
        assert told == list(_told(posts))


def _told(posts: list[dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    for row in posts:
        words: list[str] = []
        label = ""
        for token, tag in zip([*row["tokens"], ""], [*row["ner_tags"], "O"], strict=True):
            if not tag.startswith("I-") and words:
                yield label, words
                words = []
            if tag != "O":
                words.append(token)
                label = tag[2:]


def test_the_preview_shows_the_first_posts_as_they_will_be(project: Project, tmp_path: Path) -> None:
    shown = conll.preview(project, ExportOptions(), 2)
    assert written(project, tmp_path / "out")["Ada.conll"].startswith(shown)
    assert shown.count("-DOCSTART-") == 2
    assert conll.preview(project, ExportOptions(), 0) == ""


def test_excel_is_refused(project: Project, tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError):
        conll.write(project, tmp_path / "out", ExportOptions(excel=True))


def test_the_codebooks_labels_have_tags_even_where_none_was_put(bare: Project, tmp_path: Path) -> None:
    save(bare, "The pier.")
    tags = written(bare, tmp_path / "out")["tags.txt"].split()
    assert tags[0] == "O"
    labels = [label.id for label in codebook_in_force(bare).labels if label.scope is Scope.SPAN]
    assert tags[1:] == [f"{prefix}-{label}" for label in labels for prefix in "BI"]
