"""The ConvoKit corpus: its exact bytes, its trees whatever is left out, and names from which everything can be had again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from annotations.errors import ExportError, WrongUsageError
from annotations.exporters import convokit
from annotations.exporters.choosing.options import Context, ExportOptions
from annotations.exporters.documents.convokit_utterances import UNKNOWN, speaker_id, utterance_id
from annotations.importers.labeled.convokit_own import _author, _thread_key
from annotations.model import Post, PostKind, Thread
from annotations.store.name_spool import NameSpool
from annotations.store.project import Project
from annotations.store.threads import save_thread
from tests.annotations.ferry import check_golden, open_ferry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CORPUS = ("utterances.jsonl", "conversations.json", "speakers.json", "corpus.json", "index.json")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with open_ferry(tmp_path) as project:
        yield project


def utterances(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "utterances.jsonl").read_bytes().splitlines()]


def test_the_bytes_are_as_ever(project: Project, tmp_path: Path) -> None:
    convokit.write(project, tmp_path / "corpus", ExportOptions())
    for name in CORPUS:
        check_golden((tmp_path / "corpus" / name).read_bytes(), f"ferry-convokit/{name}")


def test_all_files_are_ascii_and_the_index_names_the_types_that_json_brings_back(
    project: Project, tmp_path: Path
) -> None:
    convokit.write(project, tmp_path / "corpus", ExportOptions(context=Context.PARENT))
    for name in CORPUS:
        assert (tmp_path / "corpus" / name).read_bytes().isascii()
    index = json.loads((tmp_path / "corpus" / "index.json").read_bytes())
    types: dict[str, set[str]] = {}
    for utterance in utterances(tmp_path / "corpus"):
        for field, value in utterance["meta"].items():
            types.setdefault(field, set()).update(set() if value is None else {str(type(value))})
    assert {field: set(found) for field, found in index["utterances-index"].items()} == types
    assert "<class 'list'>" in types["context"]
    assert not any("bin" in found for part in index.values() if isinstance(part, dict) for found in part.values())


def test_a_post_without_a_time_stays_behind_its_elder_siblings(tmp_path: Path) -> None:
    times = {"a": "2026-05-01T08:30:00Z", "a1": None, "b": None, "c": "2026-05-02T08:30:00Z", "c1": None, "d": None}
    parents = {"a": "0", "a1": "a", "b": "0", "c": "0", "c1": "c", "d": "0"}
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text="T")]
    posts += [Post(key=key, parent=parents[key], text=key, created_at=time) for key, time in times.items()]
    thread = Thread(key="a/b%", title="T", posts=tuple(posts), format="test")
    with Project.open(tmp_path / "p.db", create=True) as project:
        save_thread(project, thread, location="/x", source_sha256="x")
        convokit.write(project, tmp_path / "corpus", ExportOptions())
    found = utterances(tmp_path / "corpus")
    first, second = 1777624200, 1777710600
    assert [each["timestamp"] for each in found] == [0, first, first, first, second, second, second]
    assert {each["conversation_id"] for each in found} == {"a%2Fb%25/0"} == {found[0]["id"]}
    assert [each["meta"]["created_at"] for each in found][:3] == [None, "2026-05-01T08:30:00Z", None]


def test_what_is_left_out_breaks_no_tree(project: Project, tmp_path: Path) -> None:
    posts = (Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Nobody has read this."),)
    save_thread(project, Thread(key="o", title="O", posts=posts, format="test"), location="/o", source_sha256="o")
    report = convokit.write(project, tmp_path / "bo", ExportOptions(only_reviewed=True, annotator="Bo"))
    found = utterances(tmp_path / "bo")
    assert {each["conversation_id"] for each in found} == {"ferry/0"}, "of the other thread all posts are left out"
    ids = {each["id"] for each in found}
    assert [each["reply-to"] for each in found if each["reply-to"] not in ids] == [None]
    kept = [each for each in found if "is_left_out" not in each["meta"]]
    assert [each["meta"]["post"] for each in kept] == ["2"]
    assert not any(each["meta"]["annotations"] for each in found if each not in kept)
    assert (report.rows, report.posts) == (5, 1)


def test_each_split_is_a_corpus(project: Project, tmp_path: Path) -> None:
    report = convokit.write(project, tmp_path / "parts", ExportOptions(split=(("train", 0.9), ("test", 0.1))))
    for split in ("train", "test"):
        assert {path.name for path in (tmp_path / "parts" / split).iterdir()} >= set(CORPUS)
        assert json.loads((tmp_path / "parts" / split / "corpus.json").read_bytes())["split"] == split
    assert sum(len(utterances(tmp_path / "parts" / split)) for split in ("train", "test")) == report.rows == 5


@pytest.mark.parametrize("key", ["a", "a/b", "%2F", "käse %25/x", ""])
def test_the_name_of_an_utterance_tells_the_thread(key: str) -> None:
    assert _thread_key(utterance_id(key, "0")) == key
    assert utterance_id(key, "1/2").partition("/")[2] == "1/2"


@pytest.mark.parametrize("author", [None, "Bo", UNKNOWN, f"{UNKNOWN}~", f"{UNKNOWN}~~", "~"])
def test_the_name_of_a_speaker_tells_the_author(author: str | None) -> None:
    assert _author(speaker_id(author)) == author
    assert author is None or speaker_id(author) != UNKNOWN


def test_names_are_kept_once_in_their_order() -> None:
    with NameSpool() as names:
        for number in range(5000):
            names.add(f"n{number % 2500}")
        assert list(names) == [f"n{number}" for number in range(2500)] == list(names)


def test_the_first_utterances_are_shown_as_they_are_written(project: Project, tmp_path: Path) -> None:
    convokit.write(project, tmp_path / "corpus", ExportOptions())
    lines = (tmp_path / "corpus" / "utterances.jsonl").read_text(encoding="ascii").splitlines(keepends=True)
    assert convokit.preview(project, ExportOptions(), 2) == "".join(lines[:2])
    assert convokit.preview(project, ExportOptions(), 0) == ""


def test_what_makes_no_sense_is_refused(project: Project, tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError, match="Excel"):
        convokit.write(project, tmp_path / "corpus", ExportOptions(excel=True))
    with pytest.raises(ExportError, match="standard output"):
        convokit.write(project, None, ExportOptions())
