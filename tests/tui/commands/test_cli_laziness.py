"""Commands load what they need and no more: each is called in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.tui.commands.conftest import Trial

_PROGRAM = """
import sys
from tui.cli import cli

try:
    cli.main()
except SystemExit as end:
    code = end.code
print("\\n".join(["", *sys.modules]), file=sys.stderr)
sys.exit(code)
"""

HEAVY = ("textual", "sqlite_utils", "pygments", "rapidfuzz", "charset_normalizer", "msgspec", "numpy")


def loaded(trial: Trial, environment: dict[str, str], *arguments: str) -> set[str]:
    """Call `postil` and return the modules that it has loaded when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *arguments],
        cwd=trial.folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines())


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        ("threads",),
        ("threads", "--json"),
        ("show", "harbour"),
        ("show", "harbour", "--json"),
        ("search", "pumps"),
        ("history",),
        ("check",),
        ("codebook", "show"),
        ("codebook", "init"),
        ("annotate", "harbour", "1", "agree"),
    ],
)
def test_what_opens_a_project_that_is_up_to_date(
    harbour: Trial, environment: dict[str, str], arguments: tuple[str, ...]
) -> None:
    modules = loaded(harbour, environment, *arguments)
    assert not modules.intersection(HEAVY)
    assert not {module for module in modules if module.startswith(("annotations.importers", "annotations.exporters"))}
    assert "tui.app" not in modules


def test_help_loads_no_command(trial: Trial, environment: dict[str, str]) -> None:
    modules = loaded(trial, environment, "--help")
    assert "annotations.store.project" not in modules
    assert {module for module in modules if module.startswith("tui.commands.")} == {
        "tui.commands.failures",
        "tui.commands.output",
        "tui.commands.registry",
        "tui.commands.surroundings",
    }


def test_an_import_into_a_project_that_is_there(harbour: Trial, environment: dict[str, str]) -> None:
    harbour.write("lone.txt", "Only an article\\n\\nNothing more.\\n")
    modules = loaded(harbour, environment, "import", "lone.txt")
    assert "annotations.importers.flattened" in modules
    assert not modules.intersection(HEAVY)
    assert not {module for module in modules if module.startswith("annotations.exporters.")}


def test_the_list_of_formats(trial: Trial, environment: dict[str, str]) -> None:
    assert not loaded(trial, environment, "formats").intersection(HEAVY)
