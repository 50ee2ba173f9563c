"""`postil export` with the choices that a data set needs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.tui.commands.conftest import Trial


def posts(trial: Trial, name: str) -> list[dict[str, Any]]:
    """Read JSON Lines."""
    return [json.loads(line) for line in (trial.folder / name).read_text(encoding="utf-8").splitlines()]


def test_splits_are_a_folder_with_figures_on_the_screen(labeled: Trial) -> None:
    labeled.write("lone.txt", "Only an article\n\nNothing more.\n")
    labeled.done("import", "lone.txt")
    result = labeled.run("export", "jsonl", "-o", "out", "--split", "train=80%,test=0.2", "--seed", "3")
    assert result.exit_code == 0
    said = result.stderr.splitlines()
    assert said[0] == "out: 6 rows, 5 annotations on 6 posts of 2 threads"
    assert said[1] == "  train: 1 thread, 5 posts; 1 claim, 1 controversial, 2 disagree, 1 rebuts"
    assert said[2] == "  test: 1 thread, 1 post; 0 claim, 0 controversial, 0 disagree, 0 rebuts"
    assert [row["thread"] for row in posts(labeled, "out/test.jsonl")] == ["lone"]
    report = json.loads((labeled.folder / "out" / "report.json").read_text())
    assert [split["name"] for split in report["splits"]] == ["train", "test"]
    command = ["export", "jsonl", "-o", "out", "--split", "train=80%,test=0.2", "--seed", "3"]
    manifest = (labeled.folder / "out" / "manifest.json").read_text()
    assert json.dumps(command)[1:-1] in re.sub(r"\s+", " ", manifest)


def test_the_report_is_one_object(labeled: Trial) -> None:
    (report,) = labeled.objects("export", "csv", "-o", "out", "--split", "a=0.5,b=0.5")
    assert report["format"] == "csv"
    assert (report["rows"], report["threads"], report["annotations"]) == (5, 1, 5)
    assert report["lost"] == {"posts without annotations": 2}
    assert {split["name"]: split["threads"] for split in report["splits"]} == {"a": 1, "b": 0}
    assert report["warnings"][-1] == "The split b is empty: there are 1 threads for 2 splits"
    assert {file["name"] for file in report["files"]} >= {"a.csv", "b.csv", "report.json"}
    said = labeled.run("export", "csv", "-o", "out", "--split", "a=0.5,b=0.5").stderr
    assert "  mind: The split b is empty: there are 1 threads for 2 splits\n" in said
    assert "both write to standard output" in labeled.refused("export", "csv", "-o", "-", "--json", code=2)


def test_labels_can_be_listed(labeled: Trial) -> None:
    labeled.done("export", "jsonl", "-o", "two.jsonl", "--labels", "claim, rebuts", "--label", "disagree")
    put = [
        each["label"]
        for post in posts(labeled, "two.jsonl")
        for kind in ("labels", "spans", "relations", "thread_labels")
        for each in post[kind]
    ]
    assert sorted(put) == ["claim", "disagree", "disagree", "rebuts"]
    assert "no label 'clam'" in labeled.refused("export", "jsonl", "-o", "x", "--labels", "claim,clam", code=1)


def test_one_set_of_labels(labeled: Trial) -> None:
    result = labeled.run("export", "jsonl", "-o", "one.jsonl", "--aggregate", "majority")
    assert result.exit_code == 0
    found = {post["post"]: post for post in posts(labeled, "one.jsonl")}
    (disagree,) = found["1.1"]["labels"]
    assert (disagree["annotator"], disagree["label"]) == ("majority", "disagree")
    assert "half of those who saw" in result.stderr
    both = labeled.refused("export", "jsonl", "-o", "x", "--aggregate", "any", "--annotator", "bo", code=2)
    assert "--annotator asks for those of one" in both
    gold = labeled.refused("export", "jsonl", "-o", "x", "--gold", code=1)
    assert "Nothing in this project is adjudicated" in gold
    assert "--aggregate majority" in gold


def test_context_stands_beside_posts(labeled: Trial) -> None:
    labeled.done("export", "jsonl", "-o", "all.jsonl", "--context", "ancestors")
    found = {post["post"]: [above["post"] for above in post["context"]] for post in posts(labeled, "all.jsonl")}
    assert found == {"0": [], "1": ["0"], "1.1": ["0", "1"], "1.1.1": ["0", "1", "1.1"], "2": ["0"]}


def test_pseudonyms_have_their_key_beside_the_project(labeled: Trial) -> None:
    labeled.done("export", "jsonl", "-o", "a.jsonl", "--pseudonymize")
    assert (labeled.folder / "postil.pseudonyms.key").stat().st_mode & 0o777 == 0o600
    labeled.done("export", "jsonl", "-o", "b.jsonl", "--pseudonymize", "--redact")
    assert posts(labeled, "a.jsonl") == posts(labeled, "b.jsonl")
    names = {post["author"] for post in posts(labeled, "a.jsonl") if post["author"]}
    assert len(names) == 3
    assert all(re.fullmatch(r"author-[0-9a-f]{16}", name) for name in names)
    labeled.done("export", "jsonl", "-o", "c.jsonl", "--pseudonym-key", "other.key")
    assert not names & {post["author"] for post in posts(labeled, "c.jsonl")}
    inside = labeled.refused("export", "jsonl", "-o", "out", "--split", "a=1", "--pseudonym-key", "out/key", code=1)
    assert "would lie inside the data set" in inside


def test_only_what_was_reviewed(labeled: Trial) -> None:
    result = labeled.run("export", "jsonl", "-o", "r.jsonl", "--only-reviewed")
    assert result.exit_code == 0
    assert [post["post"] for post in posts(labeled, "r.jsonl")] == ["0"]  # the thread has a label
    assert "  not in it: 5 posts that nobody has reviewed\n" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--split", "80/10/10"), "'80/10/10' is no split with its share"),
        (("--split", "train=0.8"), "sum to 0.8, not to 1"),
        (("--by", "author"), "need --split"),
        (("--seed", "0"), "need --split"),
        (("--format-version", "7"), "jsonl has no version 7 of its layout"),
        (("--format-version", "0"), "jsonl has no version 0 of its layout"),
    ],
)
def test_wrong_usage(labeled: Trial, arguments: tuple[str, ...], reason: str) -> None:
    assert reason in labeled.refused("export", "jsonl", "-o", "x.jsonl", *arguments, code=2)
    assert not (labeled.folder / "x.jsonl").exists()


def test_the_version_that_there_is_can_be_asked_for(labeled: Trial) -> None:
    labeled.done("export", "jsonl", "-o", "a.jsonl", "--format-version", "1")
    labeled.done("export", "jsonl", "-o", "b.jsonl")
    assert (labeled.folder / "a.jsonl").read_bytes() == (labeled.folder / "b.jsonl").read_bytes()


@pytest.mark.parametrize(("option", "value"), [("--by", "post"), ("--aggregate", "most"), ("--context", "thread")])
def test_what_is_unknown_is_answered_with_what_there_is(labeled: Trial, option: str, value: str) -> None:
    result = labeled.run("export", "jsonl", "-o", "x", option, value)
    assert result.exit_code == 2
    assert f"'{value}' is not one of" in result.stderr


def test_the_help_has_headings(labeled: Trial) -> None:
    told = labeled.done("export", "--help")
    for heading in ("What is exported:", "Several annotators:", "Splits:", "People:", "How it is written:"):
        assert f"\n{heading}\n" in told
    assert told.count("--pseudonymize ") == 1
    assert "--quiet" in told
