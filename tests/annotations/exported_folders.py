"""Folders that exporters wrote: as golden files, and imported again."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from annotations.codebook_toml import parse_codebook
from annotations.exporters import jsonl
from annotations.exporters.choosing.options import ExportOptions
from annotations.imported import Imported
from annotations.importing import SourceImport
from annotations.store.codebooks import apply_codebook
from annotations.store.project import Project
from annotations.work import Work
from tests.annotations.ferry import check_golden

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DESCRIBING = {"README.md", "report.json", "manifest.json", "datapackage.json", "croissant.json"}
"""What describes a folder: it has golden files of its own."""


def check_golden_folder(folder: Path, name: str) -> None:
    """See that the files of a folder are the golden ones below `name`, all of them."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in DESCRIBING:
            check_golden(path.read_bytes(), f"{name}/{path.relative_to(folder).as_posix()}")


def told(project: Project, folder: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Return all that a project says of its posts; lists are sorted, for a source may have another order."""
    jsonl.write(project, folder / "told.jsonl", ExportOptions(with_implied=False))
    found = {}
    for line in (folder / "told.jsonl").read_text(encoding="utf-8").split("\n")[:-1]:
        record = json.loads(line)
        found[record["thread"], record["post"]] = {
            name: sorted(json.dumps(each, sort_keys=True) for each in _plain(value))
            if isinstance(value, list)
            else value
            for name, value in record.items()
            if name not in {"seconds", "thread_meta"}  # which documents do not have
        }
    return found


def _plain(value: Any) -> Any:  # noqa: ANN401  # JSON
    """Return a JSON value without the version of the codebook, which is the project's own."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items() if name != "codebook_version"}
    return [_plain(part) for part in value] if isinstance(value, list) else value


@contextmanager
def imported(source: Path, folder: Path, rules: str) -> Iterator[Project]:
    """Import a source into a new project with this codebook, and keep that open for the block."""
    folder.mkdir()
    path = folder / "back.db"
    with Project.open(path, create=True) as project:
        apply_codebook(project, parse_codebook(rules))
    outcomes = list(SourceImport(path, lambda: Project.open(path), [source], None, Work()))
    assert any(isinstance(each, Imported) for each in outcomes), outcomes
    with Project.open(path) as project:
        yield project
