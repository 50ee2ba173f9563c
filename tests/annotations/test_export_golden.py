"""The exact bytes of each format for a small fixed project.

After a change that is meant, write them anew with POSTIL_WRITE_GOLDEN=1 and read the difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.exporters import csv, jsonl
from annotations.exporters.choosing.options import ExportOptions
from tests.annotations.ferry import check_golden, open_ferry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.store.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with open_ferry(tmp_path) as project:
        yield project


@pytest.mark.parametrize(
    ("file", "exporter", "options"),
    [
        ("ferry.jsonl", jsonl, ExportOptions()),
        ("ferry-bo.jsonl", jsonl, ExportOptions(annotator="Bo", thread="ferry", labels=("claim", "rebuts"))),
        ("ferry.csv", csv, ExportOptions()),
        ("ferry-excel.csv", csv, ExportOptions(excel=True)),
    ],
)
def test_the_bytes_are_as_ever(
    project: Project, tmp_path: Path, file: str, exporter: object, options: ExportOptions
) -> None:
    exporter.write(project, tmp_path / file, options)  # type: ignore[attr-defined]  # a module
    check_golden((tmp_path / file).read_bytes(), file)
