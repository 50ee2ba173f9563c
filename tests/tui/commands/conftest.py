"""A folder of its own for each test of the commands, and ways to call them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from click.testing import CliRunner

from tui.command_line import cli

if TYPE_CHECKING:
    from collections.abc import Mapping

    from click.testing import Result

HARBOUR = """\
The harbour tunnel

The council wants a tunnel. It will flood in the first winter storm.

  • Anna Berg

    The pumps failed twice — naïve to build it.

      • Bo

        They were tested in March.

          • Anna Berg

            Tested, yes. At half the load.

  • Cleo 桥

    Who pays?
"""
"""An article and four comments, flattened: 1 (Anna Berg), 1.1 (Bo), 1.1.1 (Anna Berg), 2 (Cleo 桥)."""

TEMPORARY = {
    "POSTIL_PROJECT": None,
    "POSTIL_ANNOTATOR": "anna",
    "POSTIL_TRACEBACK": None,
    "COLUMNS": "100",
}


@dataclass(frozen=True)
class Trial:
    """Commands called in a folder.

    Args:
        folder: The present folder.
    """

    folder: Path
    source: ClassVar[str] = HARBOUR

    @property
    def project(self) -> Path:
        """The project that commands use here, if nothing else is said."""
        return self.folder / "postil.db"

    def run(self, *arguments: str | Path, stdin: str | bytes | None = None) -> Result:
        """Call `postil` in this process; a failure of the program itself is a failure of the test."""
        result = CliRunner().invoke(cli, [str(argument) for argument in arguments], input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        assert "mistake in Postil" not in result.stderr
        return result

    def done(self, *arguments: str | Path, stdin: str | bytes | None = None) -> str:
        """Call `postil`, which must succeed; return what it writes to standard output."""
        result = self.run(*arguments, stdin=stdin)
        assert result.exit_code == 0, result.output
        return result.stdout

    def objects(self, *arguments: str | Path) -> list[dict[str, Any]]:
        """Call `postil … --json`, which must succeed; return an object for each line of standard output."""
        return [json.loads(line) for line in self.done(*arguments, "--json").splitlines()]

    def refused(self, *arguments: str | Path, code: int, stdin: str | bytes | None = None) -> str:
        """Call `postil`, which must fail with this exit code and no output; return what it says."""
        result = self.run(*arguments, stdin=stdin)
        assert result.exit_code == code, result.output
        assert result.stdout == ""
        assert result.stderr.startswith("postil: ")
        return result.stderr

    def write(self, name: str, text: str | bytes = HARBOUR) -> Path:
        """Write a file; return its path."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def process(
        self, *arguments: str, environment: Mapping[str, str] | None = None, stdin: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        """Call `python -m tui.cli` in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "tui.cli", *arguments],
            cwd=self.folder,
            env=python_environment(environment),
            input=stdin,
            capture_output=True,
            check=False,
            timeout=60,
        )


def python_environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment for a process that finds Postil without being installed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("POSTIL_")}
    environment["PYTHONPATH"] = str(Path(__file__).parents[3])
    configuration = os.environ["POSTIL_CONFIG"]  # there is none, whatever the developer has at home
    return environment | {"POSTIL_ANNOTATOR": "anna", "POSTIL_CONFIG": configuration} | dict(changes or {})


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trial:
    """An empty folder to call commands in, as the annotator anna."""
    monkeypatch.chdir(tmp_path)
    for name, value in TEMPORARY.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    return Trial(tmp_path)


@pytest.fixture(scope="session")
def harbour_project(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A project that holds the thread `harbour`, as bytes: to copy one is faster than to make it."""
    folder = Trial(tmp_path_factory.mktemp("harbour"))
    folder.done("import", folder.write("harbour.txt"), "--project", folder.project)
    return folder.project.read_bytes()


@pytest.fixture(scope="session")
def labeled_project(tmp_path_factory: pytest.TempPathFactory, harbour_project: bytes) -> bytes:
    """The same with a label of each scope by anna, and one by bo."""
    folder = Trial(tmp_path_factory.mktemp("labeled"))
    folder.write("postil.db", harbour_project)
    for annotator, arguments in (
        ("anna", ("0", "claim", "--span", "48:61", "--note", "=1+1")),
        ("anna", ("1.1", "disagree")),
        ("anna", ("1", "rebuts", "--to", "0")),
        ("anna", ("-", "controversial", "--attribute", "heat=3")),
        ("bo", ("1.1", "disagree")),
    ):
        folder.done("annotate", "harbour", *arguments, "--project", folder.project, "--annotator", annotator)
    return folder.project.read_bytes()


@pytest.fixture
def harbour(trial: Trial, harbour_project: bytes) -> Trial:
    """A folder with a project that holds the thread `harbour`, and with a copy of its source."""
    trial.write("harbour.txt")
    trial.write("postil.db", harbour_project)
    return trial


@pytest.fixture
def labeled(trial: Trial, labeled_project: bytes) -> Trial:
    """A folder with a project in which `harbour` has a label of each scope by anna, and one by bo."""
    trial.write("harbour.txt")
    trial.write("postil.db", labeled_project)
    return trial


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment of a process of its own."""
    return python_environment()
