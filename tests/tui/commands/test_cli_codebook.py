"""`postil codebook`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from annotations.codebook_toml import default_codebook

if TYPE_CHECKING:
    from tests.tui.commands.conftest import Trial

SMALL = """\
name = "Small"

[[labels]]
id = "claim"
name = "Claim"
scope = "span"
key = "1"

[[labels]]
id = "odd"
name = "Odd"
scope = "post"
"""

BROKEN = """\
name = "Broken"

[[labels]]
id = "claim"
scope = "sentence"

[[labels]]
id = "claim"
name = "Twice"
scope = "post"
"""


def test_init_writes_the_codebook_to_begin_with(trial: Trial) -> None:
    result = trial.run("codebook", "init")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Wrote codebook.toml" in result.stderr
    assert (trial.folder / "codebook.toml").read_text(encoding="utf-8") == default_codebook().source
    assert not trial.project.exists()


def test_init_writes_where_it_is_told(trial: Trial) -> None:
    trial.done("codebook", "init", "mine.toml")
    assert (trial.folder / "mine.toml").exists()
    assert trial.done("codebook", "init", "-") == default_codebook().source


def test_init_replaces_nothing_unless_forced(trial: Trial) -> None:
    path = trial.write("codebook.toml", SMALL)
    assert "--force" in trial.refused("codebook", "init", code=1)
    assert path.read_text(encoding="utf-8") == SMALL
    trial.done("codebook", "init", "--force")
    assert path.read_text(encoding="utf-8") == default_codebook().source


def test_init_never_replaces_a_project(harbour: Trial) -> None:
    before = harbour.project.read_bytes()
    assert "is a Postil project" in harbour.refused("codebook", "init", "postil.db", "--force", code=1)
    assert harbour.project.read_bytes() == before


def test_init_where_nothing_can_be_written(trial: Trial) -> None:
    assert "nowhere" in trial.refused("codebook", "init", "nowhere/codebook.toml", code=1)
    assert "postil: " in trial.refused("codebook", "init", "--force", ".", code=1)


def test_check_says_that_a_codebook_is_sound(trial: Trial) -> None:
    trial.write("small.toml", SMALL)
    result = trial.run("codebook", "check", "small.toml")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "small.toml: sound, 2 labels\n")
    assert trial.run("codebook", "check", "-", stdin=SMALL).exit_code == 0


def test_check_lists_every_mistake_with_its_line(trial: Trial) -> None:
    trial.write("broken.toml", BROKEN)
    first, *problems = trial.refused("codebook", "check", "broken.toml", code=1).splitlines()
    assert "broken.toml" in first
    assert len(problems) >= 3
    assert {problem.split()[1].rstrip(":") for problem in problems} <= {str(line) for line in range(1, 11)}
    assert all(problem.startswith("  line ") for problem in problems)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name = ", "line 1"),
        (b"\xff\xfe\x00", "is no UTF-8 text"),
        (b"", "postil: "),
        (b'name = "\x1b[31m"', "postil: "),
    ],
)
@pytest.mark.parametrize("command", ["check", "apply", "show"])
def test_what_is_no_codebook_is_refused(trial: Trial, command: str, content: bytes, message: str) -> None:
    trial.write("broken.toml", content)
    said = trial.refused("codebook", command, "broken.toml", code=1)
    assert message in said
    assert "\x1b" not in said
    assert not trial.project.exists()


@pytest.mark.parametrize("command", ["check", "apply", "show"])
def test_a_file_that_cannot_be_read(trial: Trial, command: str) -> None:
    assert "missing.toml cannot be read" in trial.refused("codebook", command, "missing.toml", code=1)
    assert "cannot be read" in trial.refused("codebook", command, ".", code=1)
    assert not trial.project.exists()


def test_show_without_a_project_is_the_one_to_begin_with(trial: Trial) -> None:
    shown = trial.done("codebook", "show")
    assert "Claim" in shown
    assert json.loads(trial.done("codebook", "show", "--json"))["sha256"] == default_codebook().sha256
    assert not trial.project.exists()


def test_show_a_file(trial: Trial) -> None:
    trial.write("small.toml", SMALL)
    found = json.loads(trial.done("codebook", "show", "small.toml", "--json"))
    assert found["name"] == "Small"
    assert [(each["id"], each["name"], each["scope"], each["key"]) for each in found["labels"]] == [
        ("claim", "Claim", "span", "1"),
        ("odd", "Odd", "post", ""),
    ]
    assert [line.split() for line in trial.done("codebook", "show", "small.toml").splitlines()[-2:]] == [
        ["1", "claim", "span", "Claim"],
        ["odd", "post", "Odd"],
    ]


def test_apply_makes_the_project(trial: Trial) -> None:
    trial.write("small.toml", SMALL)
    said = trial.done("codebook", "apply", "small.toml")
    assert said.splitlines() == ["applied Small: 2 labels in use", "  added claim: Claim", "  added odd: Odd"]
    assert trial.project.exists()
    assert json.loads(trial.done("codebook", "show", "--json"))["name"] == "Small"


def test_apply_says_what_is_different(trial: Trial) -> None:
    trial.write("small.toml", SMALL)
    trial.done("codebook", "apply", "small.toml")
    assert "nothing changed" in trial.done("codebook", "apply", "small.toml")
    changed = SMALL.replace('name = "Claim"', 'name = "Assertion"').replace("odd", "strange").replace("Odd", "Strange")
    trial.write("small.toml", changed)
    assert trial.done("codebook", "apply", "small.toml").splitlines() == [
        "applied Small: 2 labels in use",
        "  renamed claim: Assertion",
        "    name: “Claim” → “Assertion”",
        "  added strange: Strange",
        "  retired odd: Odd",
    ]
    trial.write("small.toml", changed + "retired = true\n")
    assert "  retired strange: Strange" in trial.done("codebook", "apply", "small.toml")
    trial.write("small.toml", changed)
    assert "  in use again strange: Strange" in trial.done("codebook", "apply", "small.toml")


def test_apply_refuses_another_scope_for_a_label_in_use(harbour: Trial) -> None:
    harbour.done("annotate", "harbour", "0", "claim", "--span", "0:3")
    harbour.write("small.toml", SMALL.replace('scope = "span"', 'scope = "post"'))
    assert "claim" in harbour.refused("codebook", "apply", "small.toml", code=1)
    assert json.loads(harbour.done("codebook", "show", "--json"))["sha256"] == default_codebook().sha256


@pytest.mark.parametrize("arguments", [(), ("chek",), ("check",), ("apply",), ("init", "a", "b")])
def test_wrong_usage(trial: Trial, arguments: tuple[str, ...]) -> None:
    assert "Try: postil codebook" in trial.refused("codebook", *arguments, code=2)
