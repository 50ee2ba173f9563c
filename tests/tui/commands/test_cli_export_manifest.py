"""`postil export`: the report and the manifest, and formats that are folders or speak of the project itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.tui.commands.conftest import Trial


def test_a_report_and_a_manifest_lie_beside_a_file_unless_none_are_wanted(labeled: Trial) -> None:
    labeled.done("export", "csv", "-o", "labels.csv", "--licence", "CC-BY-4.0")
    beside = {path.name for path in labeled.folder.glob("labels.csv.*")}
    assert beside == {"labels.csv.manifest.json", "labels.csv.report.json"}
    manifest = json.loads((labeled.folder / "labels.csv.manifest.json").read_bytes())
    assert manifest["command"][-6:] == ["export", "csv", "-o", "labels.csv", "--licence", "CC-BY-4.0"]
    labeled.done("export", "csv", "-o", "labels.csv", "--no-manifest")
    assert list(labeled.folder.glob("labels.csv.*")) == []


def test_the_same_command_gives_the_same_folder(labeled: Trial) -> None:
    labeled.done("export", "frictionless", "-o", "package", "--licence", "CC-BY-4.0")
    first = {path.name: path.read_bytes() for path in (labeled.folder / "package").iterdir()}
    labeled.done("export", "frictionless", "-o", "package", "--licence", "CC-BY-4.0")
    assert {path.name: path.read_bytes() for path in (labeled.folder / "package").iterdir()} == first
    assert b"license: cc-by-4.0" in first["README.md"]


def test_a_folder_that_was_changed_is_kept_and_said(labeled: Trial) -> None:
    labeled.done("export", "frictionless", "-o", "package")
    with (labeled.folder / "package" / "README.md").open("a", encoding="utf-8") as card:
        card.write("\nMy own words.\n")
    result = labeled.run("export", "frictionless", "-o", "package")
    assert result.exit_code == 1
    assert "package was changed since it was exported: 'README.md'" in result.stderr
    assert "My own words." in (labeled.folder / "package" / "README.md").read_text(encoding="utf-8")


def test_the_metadata_for_datasette_leaves_nothing_out(labeled: Trial) -> None:
    labeled.done("export", "datasette", "-o", "metadata.json")
    databases = json.loads((labeled.folder / "metadata.json").read_bytes())["databases"]
    assert "labeled_spans" in next(iter(databases.values()))["tables"]
    result = labeled.run("export", "datasette", "-o", "other.json", "--label", "claim")
    assert result.exit_code == 2
    assert "Datasette shows the project's file as it is" in result.stderr
