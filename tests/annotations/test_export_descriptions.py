"""The exact bytes of a Frictionless package and of what describes it, and of the metadata for Datasette."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from annotations.exporters import datasette, frictionless
from annotations.exporters.choosing.options import ExportOptions
from tests.annotations.ferry import check_golden, open_ferry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.store.project import Project

COMMAND = ("postil", "export", "frictionless", "-o", "my package/")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Return a project that is the same, byte for byte, whenever it is made."""
    with open_ferry(tmp_path) as project:
        yield project


def test_a_package_is_as_ever(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "ferry"
    frictionless.write(project, folder, ExportOptions(command=COMMAND, licence="CC-BY-4.0"))
    for path in sorted(folder.iterdir()):
        check_golden(masked(path.read_bytes(), path.name), f"ferry-package/{path.name}")


def masked(written: bytes, name: str) -> bytes:
    """Return a file without what is another one's business: SQLite's file, and Postil's version with the hashes that follow."""
    if name == "manifest.json":
        manifest = json.loads(written)
        assert len(manifest["project"].pop("sha256")) == 64
        assert manifest["project"].pop("size") % 512 == 0
        manifest["files"] = [{**file, "sha256": "…", "size": 0} for file in manifest["files"]]
        written = json.dumps(manifest, indent=2, ensure_ascii=False).encode() + b"\n"
    if name in {"manifest.json", "report.json"}:
        return written.replace(f'"version": "{version("postil")}"'.encode(), b'"version": "0"')
    return written.replace(f"Postil {version('postil')}".encode(), b"Postil 0") if name == "README.md" else written


def test_a_preview_is_the_beginning_of_the_annotations(project: Project, tmp_path: Path) -> None:
    frictionless.write(project, tmp_path / "ferry", ExportOptions())
    content = (tmp_path / "ferry" / "annotations.csv").read_bytes().decode()
    assert content.startswith(frictionless.preview(project, ExportOptions(), 3))
    assert frictionless.preview(project, ExportOptions(), 99) == content
    assert frictionless.preview(project, ExportOptions(), 0) == ""


def test_the_metadata_for_datasette_is_as_ever(project: Project, tmp_path: Path) -> None:
    datasette.write(project, tmp_path / "metadata.json", ExportOptions(licence="CC-BY-4.0"))
    check_golden((tmp_path / "metadata.json").read_bytes(), "ferry-datasette.json")
