"""`postil config`, and what the configuration does to the other commands."""

from __future__ import annotations

import getpass
import json
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.commands.conftest import Trial

SMALL = 'name = "Small"\n[[labels]]\nid = "odd"\nname = "Odd"\nscope = "post"\n'


@pytest.fixture
def file(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of the configuration file, which is not there yet."""
    path = trial.folder / "config" / "postil.toml"
    path.parent.mkdir()
    monkeypatch.setenv("POSTIL_CONFIG", str(path))
    return path


def shown(trial: Trial, *options: str) -> dict[str, tuple[str, str]]:
    """Return value and source of every setting, as the table shows them."""
    head, *lines = trial.done("config", *options).splitlines()
    value, source = head.index("value"), head.index("from")
    return {line[:value].strip(): (line[value:source].strip(), line[source:]) for line in lines}


def as_json(trial: Trial, *options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(trial.done("config", "--json", *options))
    return found


def test_the_table_says_what_holds_and_where_it_comes_from(
    trial: Trial, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text('theme = "postil-light"\nwidth = 70\n[keys]\n"label.undo" = ["ctrl+z", "u"]\n"find.next" = []\n')
    monkeypatch.setenv("POSTIL_WIDTH", "60")
    assert shown(trial, "--plain", "--project", "mine.db") == {
        "keymap": ("vim", "default"),
        "theme": ("postil-light", f"{file}:1"),
        "width": ("60", "$POSTIL_WIDTH"),
        "layout": ("auto", "default"),
        "plain": ("true", "--plain"),
        "advance": ("true", "default"),
        "idle": ("60", "default"),
        "annotator": ("anna", "$POSTIL_ANNOTATOR"),
        "project": ("mine.db", "--project"),
        "codebook": ("(built in)", "default"),
        "keys label.undo": ("ctrl+z  u", f"{file}:4"),
        "keys find.next": ("(none)", f"{file}:5"),
    }


def test_the_login_name_is_shown_as_such(trial: Trial, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del file
    monkeypatch.delenv("POSTIL_ANNOTATOR")
    monkeypatch.setattr(getpass, "getuser", lambda: "login")
    assert shown(trial)["annotator"] == ("login", "login name")
    (annotator,) = [found for found in as_json(trial)["settings"] if found["name"] == "annotator"]
    assert (annotator["value"], annotator["origin"]) == ("login", "default")


def test_json_is_one_object(trial: Trial, file: Path) -> None:
    assert as_json(trial)["exists"] is False
    file.write_text('width = 70\ncodebook = "book.toml"\n[keys]\n"label.undo" = "ctrl+z"\n')
    found = as_json(trial, "--theme", "postil-paper")
    settings = {setting.pop("name"): setting for setting in found["settings"]}
    assert (found["path"], found["exists"], found["problems"]) == (str(file), True, [])
    assert settings["width"] == {"value": 70, "origin": "file", "where": f"{file}:1", "line": 1}
    assert settings["theme"] == {"value": "postil-paper", "origin": "option", "where": "--theme", "line": None}
    assert settings["codebook"]["value"] == str(file.parent / "book.toml")
    assert settings["plain"]["value"] is False
    assert found["keys"] == [
        {"name": "label.undo", "value": ["ctrl+z"], "origin": "file", "where": f"{file}:4", "line": 4}
    ]


def test_mistakes_are_listed_below_what_holds(trial: Trial, file: Path) -> None:
    file.write_text('theme = "solar"\nwidth = 60\ncolor = 1\n')
    result = trial.run("config")
    assert result.exit_code == 1
    assert f"width      60           {file}:2" in result.stdout
    assert "postil: The configuration has 2 mistakes\n" in result.stderr
    assert f"\n  {file}:1: there is no theme “solar”" in result.stderr
    assert f"\n  {file}:3: unknown setting “color”" in result.stderr
    result = trial.run("config", "--json")
    assert (result.exit_code, len(json.loads(result.stdout)["problems"])) == (1, 2)


def test_the_place_of_the_file(trial: Trial, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("broken")
    assert trial.done("config", "--path") == f"{file}\n"
    monkeypatch.delenv("POSTIL_CONFIG")
    assert trial.done("config", "--path").endswith("config.toml\n")


def test_a_file_to_begin_with_is_written_once(trial: Trial, file: Path) -> None:
    result = trial.run("config", "--init")
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"Wrote {file}" in result.stderr
    assert "# width = 88" in file.read_text(encoding="utf-8")
    assert all(source in {"default", "$POSTIL_ANNOTATOR"} for _, source in shown(trial).values())
    file.write_text("width = 50\n")
    said = trial.refused("config", "--init", code=1)
    assert said.startswith(f"postil: {file} exists\n  Change it with an editor")
    assert file.read_text() == "width = 50\n"


def test_every_command_is_listed_with_its_keys(trial: Trial, file: Path) -> None:
    file.write_text('keymap = "mutt"\n[keys]\n"label.undo" = "ctrl+z"\n"paper.down" = "n"\n')
    lines = {line.split()[0]: line for line in trial.done("config", "--keys").splitlines()}
    assert lines["label.undo"].split()[1:3] == ["ctrl+z", "reader"]
    assert "tab  ] u" in lines["post.next_unread"]
    assert lines["paper.down"].split()[1:] == ["n", "paper", "Down"]
    assert "everywhere" in lines["app.quit"]
    found = {command["command"]: command for command in json.loads(trial.done("config", "--keys", "--json"))}
    assert found["post.next"] == {
        "command": "post.next",
        "keys": ["j", "down"],
        "where": "thread",
        "does": "Next post; a tall one scrolls first",
    }
    assert found["label.undo"]["keys"] == ["ctrl+z"]


def test_commands_take_project_and_annotator_from_the_file(
    harbour: Trial, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    harbour.project.rename(harbour.folder / "other.db")
    file.write_text('project = "other.db"\nannotator = "filed"\n')
    monkeypatch.delenv("POSTIL_ANNOTATOR")
    harbour.done("annotate", "harbour", "1", "agree")
    harbour.done("annotate", "harbour", "1", "disagree", "--annotator", "bo")
    monkeypatch.setenv("POSTIL_ANNOTATOR", "variable")
    harbour.done("annotate", "harbour", "1", "agree")
    assert [event["annotator"] for event in harbour.objects("history")] == ["filed", "bo", "variable"]
    assert "missing.db" in harbour.refused("threads", "--project", "missing.db", code=1)


def test_a_broken_file_stops_who_asks_for_it(harbour: Trial, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('theme = "solar"\n')
    said = harbour.refused("threads", code=2)
    assert said.startswith(f"postil: The configuration has a mistake\n  {file}:1: there is no theme")
    assert harbour.done("threads", "--project", "postil.db"), "everything that is needed is said"
    monkeypatch.setenv("POSTIL_PROJECT", "postil.db")
    assert harbour.done("threads")


def test_a_new_project_begins_with_the_configured_codebook(trial: Trial, file: Path) -> None:
    trial.write("harbour.txt")
    (file.parent / "small.toml").write_text(SMALL)
    file.write_text('codebook = "small.toml"\n')
    trial.done("import", "harbour.txt")
    assert "Small" in trial.done("codebook", "show")
    (file.parent / "small.toml").unlink()
    trial.done("import", "harbour.txt")
    assert "Small" in trial.done("codebook", "show"), "a project that is there keeps its own"


def test_a_codebook_that_is_not_there_leaves_no_project(trial: Trial, file: Path) -> None:
    trial.write("harbour.txt")
    file.write_text('codebook = "small.toml"\n')
    said = trial.refused("import", "harbour.txt", code=1)
    assert f"{file.parent / 'small.toml'} cannot be read" in said
    assert not trial.project.exists()


def test_applying_a_codebook_to_a_new_project_asks_for_no_other(trial: Trial, file: Path) -> None:
    file.write_text('codebook = "gone.toml"\n')
    trial.write("small.toml", SMALL)
    trial.done("codebook", "apply", "small.toml")
    assert "Small" in trial.done("codebook", "show")
    with sqlite3.connect(trial.project) as database:
        assert database.execute("SELECT count(*) FROM codebook_versions").fetchone() == (1,)


@pytest.mark.parametrize(
    "arguments", [("--theme", "solar"), ("harbour.txt", "--theme", "solar"), ("config", "--theme", "solar")]
)
def test_an_unknown_theme_is_wrong_usage(harbour: Trial, arguments: tuple[str, ...]) -> None:
    said = harbour.refused(*arguments, code=2)
    assert "there is no 'solar': it is one of postil-dark, " in said


def test_the_reader_reads_the_file_before_it_imports(trial: Trial, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trial.write("harbour.txt")
    file.write_text("width = 3\n")
    monkeypatch.setattr("tui.commands.opening._require_terminal", lambda: None)
    assert "width must lie between" in trial.refused("harbour.txt", "--project", "new.db", "--annotator", "x", code=2)
    assert not (trial.folder / "new.db").exists()


def test_showing_what_is_set_loads_no_textual(trial: Trial, file: Path) -> None:
    file.write_text('theme = "postil-light"\n[keys]\n"label.undo" = "ctrl+z"\n')
    program = "import sys; from tui.command_line import cli\ntry: cli.main(['config'])\nexcept SystemExit: print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=trial.folder)
    assert done.stdout.splitlines()[-1] == "False"


def test_an_option_that_cannot_be_meant_is_wrong_usage(trial: Trial) -> None:
    said = trial.refused("--annotator", "a\x1bb", "config", code=2)
    assert "Invalid value for --annotator: annotator must be a name" in said
