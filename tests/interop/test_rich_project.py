"""The project that every consumer gets is sound, has what it promises, and is the same each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.exporters import jsonl
from annotations.exporters.choosing.options import ExportOptions
from annotations.store.check import check
from tests.interop.rich import rich_project as build

if TYPE_CHECKING:
    from pathlib import Path

    from annotations.store.project import Project


def test_it_is_the_same_each_time(rich_project: Project, tmp_path: Path) -> None:
    with build(tmp_path / "again.db") as again:
        jsonl.write(again, tmp_path / "again.jsonl", ExportOptions())
    jsonl.write(rich_project, tmp_path / "first.jsonl", ExportOptions())
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "first.jsonl").read_bytes()


def test_it_is_sound_and_has_what_it_promises(rich_project: Project) -> None:
    counts = dict(
        rich_project.connection.execute(
            "SELECT l.scope, COUNT(*) FROM annotations AS a JOIN labels AS l ON l.id = a.label_id GROUP BY l.scope"
        )
    )
    assert counts == {"span": 28, "post": 23, "thread": 2, "relation": 6}
    ((detached, models),) = rich_project.connection.execute(
        """
        SELECT (SELECT COUNT(*) FROM annotations WHERE is_detached),
            (SELECT COUNT(*) FROM annotators WHERE kind = 'model')
        """
    )
    assert (detached, models) == (1, 1)
    assert check(rich_project) == []
