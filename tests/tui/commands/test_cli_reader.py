"""`postil [PATH]...`: what is imported and opened. The reader itself is tested elsewhere; here a stand-in notes the call."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from annotations.errors import ProjectError
from tui.commands import opening

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.commands.conftest import Trial
    from tui.configuration import Configuration


@dataclass
class Stage:
    """What the reader was opened with, and what it will return.

    Args:
        calls: Project, annotator and thread of each opening.
        configurations: What was set at each opening.
        return_code: What the app returns.
        refusal: What it raises when it is made.
    """

    calls: list[tuple[Path, str, str | None]] = field(default_factory=list)
    configurations: list[Configuration] = field(default_factory=list)
    return_code: int | None = None
    refusal: Exception | None = None


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A terminal, and a stand-in for the app."""
    stage = Stage()

    class App:
        def __init__(
            self,
            project_path: Path,
            annotator: str,
            thread_key: str | None,
            *,
            configuration: Configuration,
            upgrading: Callable[..., object],
        ) -> None:
            assert upgrading is not None, "an old project is brought up to date before the first frame"
            if stage.refusal is not None:
                raise stage.refusal
            stage.configurations.append(configuration)
            self.call = (project_path, annotator, thread_key)
            self.return_code = stage.return_code

        def run(self) -> None:
            stage.calls.append(self.call)

    module = ModuleType("tui.app")
    module.PostilApp = App  # type: ignore[attr-defined]  # that is all there is
    monkeypatch.setitem(sys.modules, "tui.app", module)
    monkeypatch.setattr(opening, "_require_terminal", lambda: None)
    return stage


def test_a_source_is_imported_and_opened(trial: Trial, stage: Stage) -> None:
    trial.write("harbour.txt")
    result = trial.run("harbour.txt")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "new: 4 comments" in result.stderr
    assert stage.calls == [(Path("postil.db"), "anna", "harbour")]


def test_the_first_of_several_sources_is_opened(trial: Trial, stage: Stage) -> None:
    trial.write("harbour.txt")
    trial.write("lone.txt", "Only an article\n\nNothing more.\n")
    trial.done("lone.txt", "harbour.txt", "--annotator", "bo")
    assert stage.calls == [(Path("postil.db"), "bo", "lone")]
    assert len(trial.objects("threads")) == 2


def test_a_source_that_is_known_is_opened_again(harbour: Trial, stage: Stage) -> None:
    result = harbour.run("harbour.txt")
    assert result.exit_code == 0
    assert "nothing changed" in result.stderr
    assert stage.calls == [(Path("postil.db"), "anna", "harbour")]


def test_no_path_opens_the_project(harbour: Trial, stage: Stage) -> None:
    harbour.done()
    harbour.project.rename(harbour.folder / "other.db")
    harbour.done("--project", "other.db")
    assert stage.calls == [(Path("postil.db"), "anna", None), (Path("other.db"), "anna", None)]


def test_a_path_may_be_a_project(harbour: Trial, stage: Stage) -> None:
    harbour.project.rename(harbour.folder / "other.db")
    harbour.done("other.db")
    harbour.write("lone.txt", "Only an article\n\nNothing more.\n")
    harbour.done("other.db", "lone.txt")
    assert stage.calls == [(Path("other.db"), "anna", None), (Path("other.db"), "anna", "lone")]
    assert not harbour.project.exists()


def test_a_file_with_the_name_of_a_command_is_named_by_its_path(trial: Trial, stage: Stage) -> None:
    trial.write("threads")
    trial.done("./threads")
    assert stage.calls == [(Path("postil.db"), "anna", "threads")]


def test_a_source_that_fails_does_not_keep_others_from_being_opened(trial: Trial, stage: Stage) -> None:
    trial.write("empty.txt", b"")
    trial.write("harbour.txt")
    result = trial.run("empty.txt", "harbour.txt")
    assert result.exit_code == 1
    assert "empty.txt is empty" in result.stderr
    assert stage.calls == [(Path("postil.db"), "anna", "harbour")]


def test_nothing_is_opened_or_made_if_all_sources_fail(trial: Trial, stage: Stage) -> None:
    trial.write("empty.txt", b"")
    (trial.folder / "folder").mkdir()
    said = trial.refused("empty.txt", "folder", code=1)
    assert "empty.txt is empty" in said
    assert "folder holds no files that could be imported" in said
    assert not stage.calls
    assert not trial.project.exists()


def test_a_path_that_is_not_there_is_found_before_anything_is_done(trial: Trial, stage: Stage) -> None:
    trial.write("harbour.txt")
    assert "no such file or command" in trial.refused("harbour.txt", "missing.txt", code=2)
    assert not stage.calls
    assert not trial.project.exists()


def test_one_project_at_a_time(harbour: Trial, stage: Stage) -> None:
    harbour.write("other.db", harbour.project.read_bytes())
    assert "both projects" in harbour.refused("postil.db", "other.db", code=2)
    assert "--project" in harbour.refused("--project", "other.db", "postil.db", code=2)
    harbour.done("--project", "./postil.db", "postil.db")
    assert len(stage.calls) == 1


def test_standard_input_is_for_keys(trial: Trial, stage: Stage) -> None:
    assert "postil import -" in trial.refused("-", code=2)
    assert not stage.calls


def test_an_unknown_format_is_wrong_usage(trial: Trial, stage: Stage) -> None:
    trial.write("harbour.txt")
    assert "no importer" in trial.refused("harbour.txt", "--format", "nothing", code=2)
    assert not stage.calls


def test_help_behind_a_path_is_about_paths(trial: Trial) -> None:
    shown = trial.done("harbour.txt", "--help")
    assert shown.startswith("Usage: postil [OPTIONS] PATH...\n")
    assert "--format NAME" in shown


def test_the_exit_code_is_the_apps(harbour: Trial, stage: Stage) -> None:
    stage.return_code = 1
    assert harbour.run().exit_code == 1


def test_a_project_that_the_app_refuses(harbour: Trial, stage: Stage) -> None:
    stage.refusal = ProjectError("postil.db is locked", "Wait")
    assert harbour.refused(code=1) == "postil: postil.db is locked\n  Wait\n"


def test_without_a_terminal_nothing_is_done(trial: Trial) -> None:
    trial.write("harbour.txt")
    said = trial.refused("harbour.txt", code=2)
    assert "The reader needs a terminal" in said
    assert "postil import" in said
    assert not trial.project.exists()
    trial.done("import", "harbour.txt")
    assert "The reader needs a terminal" in trial.refused(code=2)


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal of POSIX")
def test_the_real_reader_opens_in_a_terminal_and_is_left(trial: Trial, environment: dict[str, str]) -> None:
    import pty  # noqa: PLC0415  # not on every system

    trial.write("harbour.txt")
    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-m", "tui.cli", "harbour.txt"],
        cwd=trial.folder,
        env=environment | {"TERM": "xterm-256color"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        close_fds=True,
    )
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # the program's end of the terminal is closed when it ends
        while piece := os.read(ours, 1 << 16):
            was_open = b"pumps" in shown
            shown += piece
            if not was_open and b"pumps" in shown:
                os.write(ours, b"\x11")  # ctrl+q
    os.close(ours)
    assert program.wait(timeout=60) == 0, shown.decode(errors="replace")
    assert b"new: 4 comments" in shown.partition(b"\x1b")[0], "the report stands before the reader opens"
    assert b"Traceback" not in shown
    assert trial.project.exists()


def test_the_reader_gets_what_is_set(harbour: Trial, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    harbour.write(
        "config.toml", 'width = 60\nlayout = "one"\ntheme = "postil-ember"\n[keys]\n"label.undo" = "ctrl+z"\n'
    )
    monkeypatch.setenv("POSTIL_CONFIG", "config.toml")
    monkeypatch.setenv("POSTIL_LAYOUT", "stacked")
    harbour.done("--plain", "--theme", "postil-light")
    harbour.done("harbour.txt", "--theme", "postil-paper", "--no-plain")
    first, second = stage.configurations
    wanted = {
        "theme": "postil-light",
        "layout": "stacked",
        "width": 60,
        "is_plain": True,
        "keys": {"label.undo": ("ctrl+z",)},
    }
    assert {name: getattr(first, name) for name in wanted} == wanted
    assert (second.theme, second.is_plain, second.width) == ("postil-paper", False, 60)
