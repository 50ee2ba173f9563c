"""Labeled sources on their way through an import: what is said, and what the same source does the second time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from annotations.importing import Imported, Refused, SourceImport, describe_import
from annotations.session import LabelingSession
from annotations.store.check import check
from annotations.store.codebooks import codebook_in_force
from annotations.store.project import Project
from annotations.work import Work

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "The ferry stops at nine."


def write(path: Path, *labels: tuple[int, int, str], texts: int = 2) -> Path:
    records = [{"id": number, "text": TEXT, "label": labels, "Comments": []} for number in range(texts)]
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path


def run(project: Path, source: Path, *, is_strict: bool = False) -> tuple[list[str], list[Imported], list[Refused]]:
    importing = SourceImport(
        project, lambda: Project.open(project, create=True), [source], None, Work(), "Ada", is_strict=is_strict
    )
    found = list(importing)
    threads = [each for each in found if isinstance(each, Imported)]
    lines = [line for each in threads for line in describe_import(each)]
    return lines, threads, [each for each in found if isinstance(each, Refused)]


def test_all_threads_of_a_source_are_one_undo_and_the_second_import_adds_nothing(tmp_path: Path) -> None:
    path, source = tmp_path / "postil.db", write(tmp_path / "x.jsonl", (0, 3, "Word"), (4, 9, "Boat"), texts=3)
    lines, threads, _ = run(path, source)
    assert "labeled: 2 annotations by Ada" in lines
    assert [each.given and each.given.added for each in threads] == [2, 2, 2]
    assert [each.given and each.given.labels for each in threads] == [("Word", "Boat"), (), ()]
    lines, threads, _ = run(path, source)
    assert [each.given and (each.given.added, each.given.present) for each in threads] == [(0, 2)] * 3
    with Project.open(path) as project:
        assert check(project) == []
        session = LabelingSession(project, project.annotator("Ada"), codebook_in_force(project))
        undone = session.undo()
        assert undone is not None
        assert undone.summary == "Undone: 6 labels of The ferry stops at nine. imported"
        assert len(undone.removed) == 6
        assert session.undo() is None


def test_labels_that_are_new_in_texts_that_are_not_are_put_and_told_of(tmp_path: Path) -> None:
    path = tmp_path / "postil.db"
    run(path, write(tmp_path / "x.jsonl", (0, 3, "Word")))
    lines, threads, _ = run(path, write(tmp_path / "x.jsonl", (0, 3, "Word"), (4, 9, "Boat")))
    assert [(each.saved.status.value, each.given and each.given.added) for each in threads] == [("unchanged", 1)] * 2
    assert "labeled: 1 annotation by Ada" in lines
    assert "new in the codebook: Boat" in lines


def test_what_does_not_fit_is_told_with_the_thread_that_it_is_in(tmp_path: Path) -> None:
    tie = {"id": 9, "from_id": 1, "to_id": 1, "type": "same"}
    records = [
        {
            "id": 1,
            "text": TEXT,
            "entities": [{"id": 1, "label": "Word", "start_offset": 0, "end_offset": 3}],
            "relations": [tie],
        },
        {"id": 2, "text": TEXT, "entities": [], "relations": []},
    ]
    source = tmp_path / "x.jsonl"
    source.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    _, threads, refused = run(tmp_path / "postil.db", source)
    assert any("leads to where it starts" in line for line in threads[0].news)
    assert not threads[1].news
    assert not refused
    _, _, refused = run(tmp_path / "strict.db", source, is_strict=True)
    assert "leads to where it starts" in refused[0].error.message
    with Project.open(tmp_path / "strict.db") as project:
        assert project.connection.execute("SELECT COUNT(*) FROM annotations").fetchone() == (0,)
