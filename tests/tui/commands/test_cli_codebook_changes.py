"""`postil codebook add`, `rename`, `merge`, `split`, `retire`, `relabel`, `versions`, `diff`; `postil check` tells rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from annotations.codebook_toml import default_codebook, parse_codebook

if TYPE_CHECKING:
    from tests.tui.commands.conftest import Trial


def lines(trial: Trial, *arguments: str) -> list[str]:
    """Return what a command under `postil codebook` prints."""
    return trial.done("codebook", *arguments).splitlines()


def test_labels_are_added_renamed_and_retired(harbour: Trial) -> None:
    harbour.done("annotate", "harbour", "0", "claim", "--span", "0:3")
    assert lines(harbour, "add", "Main claim", "--scope", "span") == ["added main-claim: Main claim"]
    assert lines(harbour, "rename", "Claim", "Assertion") == [
        "renamed claim: Assertion",
        "  name: “Claim” → “Assertion”",
    ]
    assert lines(harbour, "retire", "assertion") == ["retired claim: Assertion", "  retired: no → yes"]
    assert lines(harbour, "restore", "assertion") == ["in use again claim: Assertion", "  retired: yes → no"]
    assert "Assertion" in harbour.done("codebook", "show")
    (span,) = json.loads(harbour.done("show", "harbour", "--json"))[0]["spans"]
    assert span["label"] == "claim"
    assert "has no label" in harbour.refused("codebook", "rename", "clime", "X", code=1)
    assert "is taken" in harbour.refused("codebook", "rename", "claim", "Evidence", code=1)


def test_merging_keeps_what_was_put_until_it_is_labeled_anew(harbour: Trial) -> None:
    harbour.done("annotate", "harbour", "1", "asks")
    result = harbour.run("codebook", "merge", "Asks", "Neutral")
    assert result.stdout.splitlines()[0] == "merged asks into neutral: Asks"
    assert result.stderr == "1 annotation with the old label: kept as put\n"
    export = ("export", "csv", "-o", "-", "--quiet", "--no-implied")
    assert ",asks,Asks,post," in harbour.done(*export)
    assert ",neutral,Neutral,post," in harbour.done(*export, "--codebook", "current")
    assert harbour.done("codebook", "relabel", "asks") == "Asks is Neutral now, 1 time\n"
    assert ",neutral,Neutral,post," in harbour.done(*export)
    assert "on nothing" in harbour.refused("codebook", "relabel", "asks", code=1)
    assert "was not merged" in harbour.refused("codebook", "relabel", "claim", code=1)


def test_a_split_is_listed_until_it_is_decided_again(harbour: Trial) -> None:
    harbour.done("annotate", "harbour", "0", "claim", "--span", "0:3")
    assert lines(harbour, "split", "claim", "Fact", "Value")[0] == "split claim into fact, value: Claim"
    result = harbour.run("check", "--quiet")
    assert (result.exit_code, result.stdout) == (0, "warning: harbour 0, anna: Claim was split: Fact or Value\n")
    strict = harbour.run("check", "--strict", "--json")
    assert strict.exit_code == 1
    assert "sound, 1 broken rule" in strict.stderr
    (rule,) = json.loads(strict.stdout)["rules"]
    assert (rule["rule"], rule["labels"], rule["post"]) == ("split", ["claim", "fact", "value"], "0")
    assert harbour.done("check", "--no-rules", "--strict") == ""
    assert harbour.done("check", "--annotator", "anna", "--quiet")
    harbour.done("annotate", "harbour", "0", "fact", "--span", "0:3")
    assert harbour.done("check", "--strict") == ""


def test_versions_are_listed_shown_and_compared(harbour: Trial) -> None:
    first = default_codebook()
    harbour.done("annotate", "harbour", "1", "agree")
    harbour.done("codebook", "rename", "claim", "Assertion")
    found = [json.loads(line) for line in lines(harbour, "versions", "--json")]
    assert [(each["version"], each["annotations"], each["current"]) for each in found] == [(1, 1, False), (2, 0, True)]
    assert [line.split()[0] for line in lines(harbour, "versions")] == ["version", "1", "2"]
    assert json.loads(harbour.done("codebook", "show", "--version", "1", "--json"))["sha256"] == first.sha256
    assert parse_codebook(harbour.done("codebook", "show", "--toml")).label("claim").name == "Assertion"
    changed = ["renamed claim: Assertion", "  name: “Claim” → “Assertion”"]
    assert lines(harbour, "diff") == lines(harbour, "diff", "1") == lines(harbour, "diff", "1", "2") == changed
    (line,) = lines(harbour, "diff", "--json")
    assert json.loads(line)["fields"] == {"name": {"before": "Claim", "after": "Assertion"}}
    harbour.write("first.toml", first.source)
    assert lines(harbour, "diff", "first.toml") == changed
    harbour.write("second.toml", harbour.done("codebook", "show", "--toml"))
    assert lines(harbour, "diff", "first.toml", "second.toml") == changed
    assert harbour.run("codebook", "diff", "second.toml").stderr == "No difference\n"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("show", "--version", "9"), 1, "no version 9"),
        (("show", "x.toml", "--version", "1"), 2, "FILE has no versions"),
        (("diff",), 1, "one version"),
        (("diff", "missing.toml"), 1, "cannot be read"),
        (("add", "X"), 2, "--scope"),
        (("add", "Claim", "--scope", "span"), 1, "already"),
        (("split", "claim", "One"), 1, "two labels or more"),
        (("merge", "claim", "agree"), 1, "one scope"),
    ],
)
def test_what_is_not_possible_is_refused(harbour: Trial, arguments: tuple[str, ...], code: int, message: str) -> None:
    harbour.done("annotate", "harbour", "1", "agree")
    assert message in harbour.refused("codebook", *arguments, code=code)


def test_nothing_to_compare_before_a_codebook_was_applied(harbour: Trial) -> None:
    assert "No codebook was applied" in harbour.refused("codebook", "diff", code=1)
    assert harbour.run("codebook", "versions").stderr == "No codebook was applied to the project yet\n"
