"""Data sets are loaded by the programs that they are for.

    python -m pytest tests/interop                        # those that are quickly installed
    POSTIL_INTEROP=all python -m pytest tests/interop     # all of them: gigabytes, and minutes

Fixtures: `consumer` makes a virtual environment, `run` runs a program in it (both are described in `consumers.py`, from where
they may be imported as well); `rich_project` is a project open for writing, the same each time (see `rich.py`), a copy for each test.
A test whose consumer is large is marked `@pytest.mark.heavy`: it is left out unless POSTIL_INTEROP is `all`.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from annotations.store.project import Project
from tests.interop import consumers
from tests.interop.rich import build_rich_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HEAVY = "heavy"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the heavy tests unless all were asked for."""
    if os.environ.get("POSTIL_INTEROP") == "all":
        return
    left_out = [test for test in items if test.get_closest_marker(HEAVY)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [test for test in items if not test.get_closest_marker(HEAVY)]


@pytest.fixture(scope="session")
def consumer() -> Callable[..., Path]:
    """Return what makes a virtual environment: `consumer("datasets==4.4.1")` is a Python that has it."""
    return consumers.consumer


@pytest.fixture(scope="session")
def run() -> Callable[..., str]:
    """Return what runs a program in a virtual environment: `run(python, SCRIPT, folder)` is what it prints."""
    return consumers.run


@pytest.fixture(scope="session")
def rich_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of the rich project, which is not to be changed."""
    return build_rich_project(tmp_path_factory.mktemp("rich") / "rich.db")


@pytest.fixture
def rich_project(rich_file: Path, tmp_path: Path) -> Iterator[Project]:
    """Return a copy of the rich project, alone in the test's folder."""
    shutil.copyfile(rich_file, tmp_path / "rich.db")
    with Project.open(tmp_path / "rich.db") as project:
        yield project
