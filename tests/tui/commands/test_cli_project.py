"""What commands do with a project that is missing, locked, for reading only, newer, damaged, or none."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from annotations.store import opening

if TYPE_CHECKING:
    from tests.tui.commands.conftest import Trial

LOOKING = [
    ("threads",),
    ("threads", "--json"),
    ("show", "harbour"),
    ("show", "harbour", "--json"),
    ("search", "pumps"),
    ("history",),
]
WRITING = [
    ("annotate", "harbour", "1", "agree"),
    ("import", "lone.txt"),
    ("codebook", "apply", "codebook.toml"),
]


@pytest.fixture
def sources(harbour: Trial) -> Trial:
    """The harbour's project beside a source and a codebook."""
    harbour.write("lone.txt", "Only an article\n\nNothing more.\n")
    harbour.write("codebook.toml", 'name = "Small"\n[[labels]]\nid = "odd"\nname = "Odd"\nscope = "post"\n')
    return harbour


@pytest.mark.parametrize("arguments", [*LOOKING, ("check",), WRITING[0]])
def test_a_missing_project_is_not_made(trial: Trial, arguments: tuple[str, ...]) -> None:
    said = trial.refused(*arguments, code=1)
    assert said.startswith("postil: There is no project at postil.db\n  ")
    assert not list(trial.folder.iterdir())


@pytest.mark.parametrize("arguments", [*LOOKING, ("check",), ("codebook", "show"), *WRITING])
@pytest.mark.parametrize("content", [b"Not a project, but a letter to the harbour board." * 40, b"\x00" * 5000])
def test_a_file_that_is_no_project_is_left_alone(sources: Trial, arguments: tuple[str, ...], content: bytes) -> None:
    other = sources.write("letter.db", content)
    said = sources.refused(*arguments, "--project", "letter.db", code=1)
    assert "letter.db" in said
    assert other.read_bytes() == content


@pytest.mark.parametrize("arguments", [*LOOKING, ("check",), *WRITING])
def test_another_programs_database_is_left_alone(sources: Trial, arguments: tuple[str, ...]) -> None:
    path = sources.folder / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE threads (id INTEGER PRIMARY KEY)")
    content = path.read_bytes()
    assert "not a Postil project" in sources.refused(*arguments, "--project", "other.db", code=1)
    assert path.read_bytes() == content


@pytest.mark.parametrize("arguments", [*LOOKING, ("check",), *WRITING])
def test_a_newer_project_asks_for_a_newer_postil(sources: Trial, arguments: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(sources.project)) as connection:
        connection.execute("PRAGMA user_version = 9999")
    assert "newer Postil" in sources.refused(*arguments, code=1)


@pytest.mark.parametrize("arguments", [*LOOKING, *WRITING])
def test_a_folder_is_no_project(sources: Trial, arguments: tuple[str, ...]) -> None:
    (sources.folder / "folder").mkdir()
    assert "is a folder" in sources.refused(*arguments, "--project", "folder", code=1)


@pytest.mark.parametrize("arguments", WRITING[1:])
def test_a_project_in_a_folder_that_is_not_there(sources: Trial, arguments: tuple[str, ...]) -> None:
    assert "The folder nowhere does not exist" in sources.refused(*arguments, "--project", "nowhere/x.db", code=1)


@pytest.fixture
def locked(sources: Trial, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401  # a generator of Trials
    """The project, while another program writes to it."""
    monkeypatch.setattr(opening, "BUSY_TIMEOUT", 20)
    with closing(sqlite3.connect(sources.project, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield sources


@pytest.mark.parametrize("arguments", WRITING)
def test_a_locked_project_cannot_be_written(locked: Trial, arguments: tuple[str, ...]) -> None:
    said = locked.refused(*arguments, code=1)
    assert "postil.db is locked by another program" in said
    assert "try again" in said


@pytest.mark.parametrize("arguments", LOOKING)
def test_a_locked_project_can_be_looked_at(locked: Trial, arguments: tuple[str, ...]) -> None:
    locked.done(*arguments)


@pytest.fixture
def read_only(sources: Trial, monkeypatch: pytest.MonkeyPatch) -> Trial:
    """The project, where nothing can be written."""
    access = os.access

    def refuse_writing(path: str | os.PathLike[str], mode: int, **options: bool) -> bool:
        return mode != os.W_OK and access(path, mode, **options)

    monkeypatch.setattr(os, "access", refuse_writing)
    return sources


@pytest.mark.parametrize("arguments", WRITING)
def test_a_project_for_reading_only_cannot_be_written(read_only: Trial, arguments: tuple[str, ...]) -> None:
    assert "reading only" in read_only.refused(*arguments, code=1)


@pytest.mark.parametrize("arguments", [*LOOKING, ("check",), ("codebook", "show"), ("import", "harbour.txt")])
def test_a_project_for_reading_only_can_be_looked_at(read_only: Trial, arguments: tuple[str, ...]) -> None:
    read_only.done(*arguments)


def test_a_damaged_project_is_said_to_be_damaged(harbour: Trial) -> None:
    content = bytearray(harbour.project.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    harbour.write("damaged.db", bytes(content))
    for arguments in (*LOOKING, ("check",)):
        said = harbour.run(*arguments, "--project", "damaged.db")
        assert said.exit_code == 1, arguments
        assert "damaged" in said.output


def test_a_project_whose_name_commands_the_terminal(trial: Trial) -> None:
    assert "\x1b" not in trial.refused("threads", "--project", "\x1b[2J.db", code=1)
