"""Names of files while they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tui.file_names import candidates, complete, count_files, meant

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with some files, in which we are."""
    for name in ("harbour.txt", "harbour-2.txt", "Notes.md", ".hidden.txt", "sources/one.txt", "sources/two.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Text", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", ["harbour-2.txt", "harbour.txt", "Notes.md", "sources/"]),
        ("h", ["harbour-2.txt", "harbour.txt"]),
        ("n", ["Notes.md"]),
        ("H", []),
        (".", [".hidden.txt"]),
        ("sources/", ["sources/one.txt", "sources/two.txt"]),
        ("sources/o", ["sources/one.txt"]),
        ("~/so", ["~/sources/"]),
        ("nowhere/", []),
        ("harbour.txt/", []),
        ("a\0b/", []),
        ("~nobody-of-this-name/", []),
    ],
)
def test_a_path_goes_on_with_what_is_there(typed: str, names: list[str]) -> None:
    assert candidates(typed) == names


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("typed", "completed"),
    [("h", "harbour"), ("harbour.", "harbour.txt"), ("n", "Notes.md"), ("so", "sources/"), ("x", "x"), ("", "")],
)
def test_a_path_is_completed_as_far_as_it_is_certain(typed: str, completed: str) -> None:
    assert complete(typed, candidates(typed)) == completed


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("harbour.txt", ["harbour.txt"]),
        ("~/harbour.txt", ["harbour.txt"]),
        ("*.txt", ["harbour-2.txt", "harbour.txt"]),
        ("sources", ["sources"]),
        ("~/sources/", ["sources"]),
        ("sources/t*", ["two.txt"]),
        ("*.csv", []),
        ("nowhere/*.txt", []),
        ("missing.txt", ["missing.txt"]),
    ],
)
def test_a_path_means_a_file_a_folder_or_what_a_pattern_fits(folder: Path, typed: str, names: list[str]) -> None:
    assert sorted(path.name for path in meant(typed)) == names
    assert all(folder in path.resolve().parents for path in meant(typed))


def test_the_files_of_a_folder_and_of_its_folders_are_counted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "sources" / "inner").mkdir()
    (folder / "sources" / "inner" / "three.txt").write_text("Text", encoding="utf-8")
    (folder / "sources" / ".hidden").mkdir()
    (folder / "sources" / ".hidden" / "four.txt").write_text("Text", encoding="utf-8")
    assert (count_files(folder / "sources"), count_files(folder / "harbour.txt")) == (3, 1)
    monkeypatch.setattr("tui.file_names.MOST_FILES", 2)
    assert count_files(folder / "sources") == 3, "that there are more is all that counts"


def test_a_file_whose_name_looks_like_a_pattern_is_meant_itself(folder: Path) -> None:
    (folder / "what[1].txt").write_text("Text", encoding="utf-8")
    assert [path.name for path in meant("what[1].txt")] == ["what[1].txt"]
