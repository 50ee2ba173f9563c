"""Threads that are long are read twice, and parts of their documents wait on the disk: nobody can tell from what is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.exporters.choosing.options import Aggregate, ExportOptions
from annotations.formats import exporter
from annotations.store.project import Project
from annotations.work import Work
from tests.interop.rich import build_rich_project

if TYPE_CHECKING:
    from pathlib import Path

CHOICES = (
    ExportOptions(),
    ExportOptions(only_reviewed=True, redact=True, split=(("train", 0.5), ("dev", 0.5))),
    ExportOptions(aggregate=Aggregate.ANY, only_reviewed=True),
)


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_rich_project(tmp_path_factory.mktemp("long") / "rich.db")


@pytest.mark.parametrize("name", ["brat", "doccano", "label-studio", "uima"])
def test_a_thread_that_does_not_fit_is_written_as_one_that_does(
    name: str, rich: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for side in ("short", "long"):
        (tmp_path / side).mkdir()
    for number, options in enumerate(CHOICES):
        reports = []
        for side, most in (("short", 1_000), ("long", 0)):
            monkeypatch.setattr("annotations.exporters.documents.rendition._IN_MEMORY", most)
            monkeypatch.setattr("annotations.exporters.documents.deferred._IN_MEMORY", 100 * most)
            work = Work()
            with Project.open(rich) as project, project.doing(work):
                reports.append(exporter(name).write(project, tmp_path / side / f"{number}", options))
            assert work.done == work.total, "how far it is, is told once for each post"
        one, other = (tmp_path / side / f"{number}" for side in ("short", "long"))
        files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
        assert files == sorted(path.relative_to(other) for path in other.rglob("*") if path.is_file())
        assert all((one / file).read_bytes() == (other / file).read_bytes() for file in files)
        assert (reports[0].lost, reports[0].annotations) == (reports[1].lost, reports[1].annotations)
