"""Codebooks are applied to a project, version after version."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from annotations.codebook_toml import default_codebook, parse_codebook
from annotations.errors import CodebookError, ProjectError, RuleError
from annotations.store.check import check
from annotations.store.codebooks import (
    apply_codebook,
    codebook_versions,
    current_codebook,
    current_codebook_version,
    label_names,
)
from annotations.store.labels import load_annotation
from annotations.store.project import Project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.codebook import Codebook
    from tests.annotations.conftest import Desk


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.open(tmp_path / "postil.db", create=True) as project:
        yield project
        assert check(project) == []


def make_codebook(*labels: str, name: str = "Test") -> Codebook:
    """Return a codebook with these labels, each said as `id name scope`, and `retired` where it is."""
    source = [f'name = "{name}"']
    for label in labels:
        label_id, label_name, scope, *retired = label.split()
        source.append(f'[[labels]]\nid = "{label_id}"\nname = "{label_name}"\nscope = "{scope}"')
        source += ["retired = true"] * bool(retired)
    return parse_codebook("\n".join(source), "test")


def stored_labels(project: Project) -> list[tuple[object, ...]]:
    return project.connection.execute(
        "SELECT id, label, name, scope, is_retired, codebook_version_id FROM labels ORDER BY id"
    ).fetchall()


def test_new_project_has_no_codebook(project: Project) -> None:
    assert current_codebook(project) is None
    assert current_codebook_version(project) is None
    assert codebook_versions(project) == []


def test_applied_codebook_comes_back_whole(project: Project) -> None:
    codebook = default_codebook()
    version = apply_codebook(project, codebook)
    assert current_codebook(project) == codebook
    assert current_codebook_version(project) == version
    assert [label for _, label, *_ in stored_labels(project)] == [label.id for label in codebook.labels]


def test_same_source_has_the_same_version_and_writes_nothing(project: Project) -> None:
    codebook = make_codebook("claim Claim span")
    version = apply_codebook(project, codebook)
    before = list(project.connection.iterdump())
    assert apply_codebook(project, codebook) == version
    assert list(project.connection.iterdump()) == before
    with Project.open(project.path, read_only=True) as reader:
        assert apply_codebook(reader, codebook) == version
        with pytest.raises(ProjectError, match="reading only"):
            apply_codebook(reader, make_codebook("other Other span"))


def test_labels_keep_their_rows_and_are_never_deleted(project: Project) -> None:
    first = apply_codebook(project, make_codebook("claim Claim span", "agree Agree post", "calm Calm thread retired"))
    assert stored_labels(project) == [
        (1, "claim", "Claim", "span", 0, first),
        (2, "agree", "Agree", "post", 0, first),
        (3, "calm", "Calm", "thread", 1, first),
    ]
    second = apply_codebook(project, make_codebook("rebuts Rebuts relation", "claim Assertion span"))
    assert second != first
    assert stored_labels(project) == [
        (1, "claim", "Assertion", "span", 0, second),
        (2, "agree", "Agree", "post", 1, first),
        (3, "calm", "Calm", "thread", 1, first),
        (4, "rebuts", "Rebuts", "relation", 0, second),
    ]
    assert label_names(project) == {"claim": "Assertion", "agree": "Agree", "calm": "Calm", "rebuts": "Rebuts"}


def test_earlier_version_can_be_put_in_force_again(project: Project) -> None:
    old, new = make_codebook("claim Claim span"), make_codebook("claim Assertion span", name="New")
    first = apply_codebook(project, old)
    second = apply_codebook(project, new)
    assert apply_codebook(project, old) == first
    assert current_codebook(project) == old
    assert label_names(project) == {"claim": "Claim"}
    assert [(each.id, each.name, each.sha256, each.is_current) for each in codebook_versions(project)] == [
        (first, "Test", old.sha256, True),
        (second, "New", new.sha256, False),
    ]


def test_annotations_keep_their_label_and_their_version(desk: Desk) -> None:
    session = desk.session()
    (claim,) = session.apply("claim", desk.words("tunnel will flood")).added
    versions = codebook_versions(desk.project)
    assert [each.annotations for each in versions] == [1]
    apply_codebook(desk.project, make_codebook("premise Premise span"))
    assert load_annotation(desk.project, claim.id) == claim
    assert claim.codebook_version == versions[0].id
    assert check(desk.project) == []


def test_label_in_use_cannot_get_another_scope(desk: Desk) -> None:
    desk.session().apply("claim", desk.words("tunnel will flood"))
    before = list(desk.project.connection.iterdump())
    with pytest.raises(RuleError, match="The label claim is put on a span in this project, 1 times") as caught:
        apply_codebook(desk.project, make_codebook("claim Claim post"))
    assert caught.value.hint
    assert list(desk.project.connection.iterdump()) == before
    apply_codebook(desk.project, make_codebook("claim Claim span", "funny Funny span"))  # nobody has used it yet


def test_codebook_without_source_is_refused(project: Project) -> None:
    with pytest.raises(CodebookError, match="no source"):
        apply_codebook(project, replace(make_codebook("claim Claim span"), source=""))


def test_stored_codebook_that_somebody_spoiled_is_said(project: Project) -> None:
    apply_codebook(project, make_codebook("claim Claim span"))
    source = project.connection.execute("SELECT source FROM codebook_versions").fetchone()[0]
    project.connection.execute("UPDATE codebook_versions SET source = 'name ='")
    with pytest.raises(CodebookError):
        current_codebook(project)
    assert any("is not what was applied" in problem for problem in check(project))
    project.connection.execute("UPDATE codebook_versions SET source = ?", (source,))


def test_a_codebook_that_was_read_once_is_had_again_without_toml(tmp_path: Path) -> None:
    path = tmp_path / "postil.db"
    Project.open(path, create=True).close()
    script = (
        "import sys; from pathlib import Path; from annotations.store.project import Project;"
        "from annotations.store.codebooks import codebook_in_force;"
        "codebook_in_force(Project.open(Path(sys.argv[1])));"
        "print('annotations.codebook_toml' in sys.modules)"
    )
    told = [
        subprocess.run([sys.executable, "-c", script, str(path)], check=True, capture_output=True, text=True).stdout
        for _ in range(2)
    ]
    assert told == ["True\n", "False\n"]
