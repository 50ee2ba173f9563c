"""Commands load what they need and no more: asked in processes that load nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tui.cli import plain_words

if TYPE_CHECKING:
    from tests.tui.commands.conftest import Trial

_PROGRAM = """
import json, sys
from tui.command_line import cli

for arguments in json.loads(sys.argv[1]):
    try:
        cli.main(arguments)
    except SystemExit as end:
        print(json.dumps([end.code, *sys.modules]), file=sys.stderr)
"""
"""Calls commands one after the other; for each the exit code and what is loaded by then go to standard error."""

HEAVY = {"textual", "sqlite_utils", "pygments", "rapidfuzz", "charset_normalizer", "numpy"}

LOOKING = (
    ("--version",),
    ("threads",),
    ("threads", "--json"),
    ("show", "harbour"),
    ("show", "harbour", "--json"),
    ("search", "pumps"),
    ("history",),
    ("stats",),
    ("check",),
    ("adjudicate",),
    ("codebook", "show"),
    ("codebook", "init"),
    ("annotate", "harbour", "1", "agree"),
)


def loaded(trial: Trial, environment: dict[str, str], *commands: tuple[str, ...]) -> list[set[str]]:
    """Call `postil` with each of these arguments in one process; return what was loaded after each."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, json.dumps(commands)],
        cwd=trial.folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("[")]
    assert [line[0] for line in lines] == [0] * len(commands), done.stderr
    return [set(line[1:]) for line in lines]


def test_what_opens_a_project_that_is_up_to_date(harbour: Trial, environment: dict[str, str]) -> None:
    for arguments, modules in zip(LOOKING, loaded(harbour, environment, *LOOKING), strict=True):
        assert not modules.intersection(HEAVY), arguments
        formats = {
            module for module in modules if module.startswith(("annotations.importers", "annotations.exporters"))
        }
        assert not formats, arguments
        assert "tui.app" not in modules, arguments


def test_help_loads_no_command(trial: Trial, environment: dict[str, str]) -> None:
    (modules,) = loaded(trial, environment, ("--help",))
    assert "annotations.store.project" not in modules
    assert {module for module in modules if module.startswith("tui.")} == {
        "tui.command_line",
        "tui.commands",
        "tui.commands.failures",
        "tui.commands.options",
        "tui.commands.output",
        "tui.commands.registry",
        "tui.commands.surroundings",
    }


def test_importing_and_exporting_load_one_format(harbour: Trial, environment: dict[str, str]) -> None:
    harbour.write("lone.txt", "Only an article\n\nNothing more.\n")
    imported, exported = loaded(harbour, environment, ("import", "lone.txt"), ("export", "csv", "-o", "labels.csv"))
    assert "annotations.importers.flattened" in imported
    assert not {module for module in imported if module.startswith("annotations.exporters.")}
    assert "annotations.exporters.csv" in exported
    assert "annotations.exporters.jsonl" not in exported
    assert not exported.intersection(HEAVY)


def test_the_list_of_formats(trial: Trial, environment: dict[str, str]) -> None:
    (modules,) = loaded(trial, environment, ("formats",))
    assert not modules.intersection(HEAVY)


def test_what_opens_the_reader_parses_no_command_line() -> None:
    """The reader is on the screen a tenth sooner without it."""
    program = "import sys\nfrom tui.cli import plain_words\nimport tui.commands.failures, tui.commands.opening\n"
    program += "print(plain_words(sys.argv[1:]).project_path, 'click' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program, "--annotator", "ann", "--project", "a.db"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "a.db False\n"


def test_what_opens_the_reader_loads_no_tls_and_leaves_it_to_whoever_needs_it() -> None:
    """Loading it takes 6 ms of the time to the first frame."""
    program = """
import sys, types
from pathlib import Path
from tui.commands import opening
from tui.commands.surroundings import Surroundings
app = types.ModuleType("tui.app")
class App:
    return_code = 0
    def __init__(self, *arguments, **named): pass
    def run(self):
        import asyncio
        print("ssl" in sys.modules, asyncio.run(asyncio.sleep(0, "runs")))
        import ssl
        print(bool(ssl.create_default_context))
app.PostilApp = App
sys.modules["tui.app"] = app
opening.run_reader(Surroundings(project=Path("a.db"), annotator="ann"), None)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "False runs\nTrue\n"


@pytest.mark.parametrize(
    "arguments",
    [("a.db",), ("--project",), ("--project", ""), ("--project", "--help"), ("--project", "a", "--project", "b")],
)
def test_what_is_more_than_a_name_is_left_to_the_command_line(arguments: tuple[str, ...]) -> None:
    assert plain_words(arguments) is None
    assert plain_words(("--annotator", "ann", *arguments)) is None
