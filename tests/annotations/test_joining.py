"""Files that one importer reads together are one source where they are imported at once."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pytest

from annotations import formats
from annotations.errors import SourceError
from annotations.importing import Finished, Imported, Refused, SourceImport
from annotations.joining import group_paths
from annotations.sources.source import open_source
from annotations.sources.together import SourcesTogether
from annotations.store.project import Project
from annotations.work import Work

if TYPE_CHECKING:
    from pathlib import Path

COMMENT = {
    "id": "c1",
    "link_id": "t3_p1",
    "parent_id": "t3_p1",
    "body": "dry feet",
    "author": "a",
    "created_utc": 1777624200,
}
SUBMISSION = {
    "id": "p1",
    "title": "Tunnel",
    "selftext": "",
    "subreddit": "q",
    "num_comments": 1,
    "author": "op",
    "created_utc": 1777624100,
}


@pytest.fixture
def paths(tmp_path: Path) -> dict[str, Path]:
    """Return a dump of comments, one of submissions, and a text."""
    texts = {
        "RC": f"{json.dumps(COMMENT)}\n{{broken\n{json.dumps(COMMENT)}",
        "RS": json.dumps(SUBMISSION),
        "t.txt": "A text.\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return {name: tmp_path / name for name in texts}


def run(tmp_path: Path, *paths: Path, is_strict: bool = False) -> list[Imported | Refused | Finished]:
    project = tmp_path / "postil.db"
    open_project = partial(Project.open, project, create=True)
    return list(SourceImport(project, open_project, paths, None, Work(), is_strict=is_strict))


def test_comments_and_submissions_are_put_together_and_the_rest_stays_apart(
    tmp_path: Path, paths: dict[str, Path]
) -> None:
    found = run(tmp_path, paths["RC"], paths["t.txt"], paths["RS"])
    threads = [each.thread for each in found if isinstance(each, Imported)]
    assert [(thread.title, len(thread.posts)) for thread in threads] == [("Tunnel", 2), ("A text.", 1)]
    assert threads[0].posts[0].text == "Tunnel"
    assert not any(isinstance(each, Refused) for each in found)
    said = " ".join(sentence for thread in threads for sentence in thread.warnings)
    assert "RC, line 2: is no sound JSON" in said


def test_the_same_files_again_change_nothing(tmp_path: Path, paths: dict[str, Path]) -> None:
    run(tmp_path, paths["RS"], paths["RC"])
    again = [each for each in run(tmp_path, paths["RS"], paths["RC"]) if isinstance(each, Imported)]
    assert [str(each.saved.status) for each in again] in (["unchanged"], [])
    with_project = Project.open(tmp_path / "postil.db")
    try:
        assert with_project.connection.execute("SELECT COUNT(*) FROM threads").fetchone() == (1,)
    finally:
        with_project.close()


def test_a_broken_line_ends_a_strict_import_of_both(tmp_path: Path, paths: dict[str, Path]) -> None:
    found = run(tmp_path, paths["RC"], paths["RS"], is_strict=True)
    (refused,) = [each for each in found if isinstance(each, Refused)]
    assert "RC, line 2" in refused.error.message


def test_paths_are_grouped_only_where_an_importer_wants_it(tmp_path: Path, paths: dict[str, Path]) -> None:
    comments, submissions, text = paths["RC"], paths["RS"], paths["t.txt"]
    assert group_paths([comments], None) == [[comments]]
    assert group_paths([text, comments, submissions], None) == [[text], [comments, submissions]]
    assert group_paths([comments, submissions], formats.importer("flattened")) == [[comments], [submissions]]
    missing = tmp_path / "missing"
    assert group_paths([comments, missing, tmp_path], None) == [[comments], [missing], [tmp_path]]


def test_files_together_are_a_folder_of_them(paths: dict[str, Path]) -> None:
    both = SourcesTogether([open_source(paths["RC"]), open_source(paths["RS"])])
    assert both.is_folder
    assert both.head == b""
    assert [member.relative for member in both.members()] == ["RC", "RS"]
    assert len(both.sha256) == 64
    assert both.sha256 != SourcesTogether([open_source(paths["RS"]), open_source(paths["RS"])]).sha256
    with pytest.raises(SourceError):
        both.read()
