"""The command that the export screen names writes the same as the screen has written."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from annotations import formats
from annotations.exporters.choosing.options import Aggregate, Context, ExportOptions, SplitBy
from annotations.work import Work
from tui.screens.export_command import command_line
from tui.screens.export_done import written
from tui.screens.export_words import write_export

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.commands.conftest import Trial

HALVES = (("train", 0.5), ("test", 0.5))


def contents(target: Path) -> dict[str, bytes]:
    """Return all files that an export has written, and those beside it, by their names."""
    folders = sorted(target.parent.glob(f"{target.name}*"))
    files = [file for each in folders for file in (each.rglob("*") if each.is_dir() else [each]) if file.is_file()]
    return {str(file.relative_to(target.parent)): file.read_bytes() for file in files}


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("jsonl", ExportOptions()),
        ("csv", ExportOptions(excel=True, with_manifest=False, labels=("claim", "disagree"), annotator="anna")),
        ("jsonl", ExportOptions(thread="harbour", only_reviewed=True, context=Context.PARENT, with_implied=False)),
        ("jsonl", ExportOptions(aggregate=Aggregate.ANY, is_current=True, redact=True, licence="CC-BY-4.0")),
        ("jsonl", ExportOptions(split=HALVES, split_by=SplitBy.AUTHOR, seed=7)),
        ("brat", ExportOptions(annotator="bo")),
    ],
)
def test_the_command_of_the_screen_writes_the_same(labeled: Trial, name: str, options: ExportOptions) -> None:
    labeled.done("import", labeled.write("ferry.txt", "The ferry\n\nIt is late.\n\n  • Dora\n\n    Again!\n"))
    target = labeled.folder / "out"
    words = command_line(labeled.project, name, target, options)
    write_export(labeled.project, formats.exporter(name), target, replace(options, command=words), Work())
    written = contents(target)
    assert written
    for each in labeled.folder.glob("out*"):
        shutil.rmtree(each) if each.is_dir() else each.unlink()
    labeled.done(*words[1:])
    assert contents(target) == written


def test_a_key_for_pseudonyms_is_named_and_kept(labeled: Trial) -> None:
    key = labeled.folder / "names.key"
    options = ExportOptions(pseudonymize=key)
    target = labeled.folder / "out.jsonl"
    words = command_line(labeled.project, "jsonl", target, options)
    assert words[-3:] == ("--pseudonym-key", str(key), "--pseudonymize")
    write_export(labeled.project, formats.exporter("jsonl"), target, replace(options, command=words), Work())
    written = target.read_bytes()
    assert b"Anna Berg" not in written
    labeled.done(*words[1:])
    assert target.read_bytes() == written


@pytest.mark.parametrize(
    ("name", "variable", "records"), [("csv", "rows", 5), ("jsonl", "rows", 5), ("web-annotation", "annotations", 5)]
)
def test_what_is_said_of_loading_a_file_loads_it(labeled: Trial, name: str, variable: str, records: int) -> None:
    target = labeled.folder / f'a "quoted" name{formats.exporter(name).suffix}'
    report = write_export(labeled.project, formats.exporter(name), target, ExportOptions(), Work())
    said = written(report, target, name, ("postil",)).plain
    code = said.partition("How it is loaded\n")[2].partition("\n\nThe same on the command line")[0]
    found: dict[str, list[object]] = {}
    exec(code, found)  # noqa: S102  # the test is in the folder of the file
    assert len(found[variable]) >= records


def test_a_folder_says_itself_how_it_is_loaded(labeled: Trial) -> None:
    target = labeled.folder / "out"
    report = write_export(labeled.project, formats.exporter("brat"), target, ExportOptions(), Work())
    said = written(report, target, "brat", ("postil", "export")).plain
    assert "How it is loaded\nPut the folder below" in said
    assert f"{len(report.files)} files, " in said
    assert said.endswith("The same on the command line\npostil export")


def test_datasette_is_told_of_the_project(labeled: Trial) -> None:
    target = labeled.folder / "meta.json"
    report = write_export(labeled.project, formats.exporter("datasette"), target, ExportOptions(), Work())
    said = written(report, target, "datasette", ("postil", "--project", "a b.db")).plain
    assert f"datasette 'a b.db' --metadata {target}" in said
