"""`postil stats`: the numbers as tables and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.tui.commands.conftest import Trial


def numbers(trial: Trial, *options: str) -> dict[str, Any]:
    (found,) = trial.objects("stats", *options)
    return found


def test_json_has_all_numbers_of_a_project(labeled: Trial) -> None:
    labeled.done("annotate", "harbour", "1.1", "insult", "--annotator", "bo")
    found = numbers(labeled, "--utc")
    assert list(found) == [
        "within",
        "utc_offset",
        "comments",
        "labeled",
        "reviewed",
        "annotations",
        "detached",
        "labels",
        "depths",
        "together",
        "days",
        "annotators",
        "threads",
    ]
    assert found["within"] == {"thread": None, "annotator": None, "labels": []}
    assert found["utc_offset"] == "+00:00"
    assert (found["comments"], found["labeled"], found["reviewed"], found["annotations"]) == (4, 2, 0, 6)
    labels = {each["label"]: each for each in found["labels"]}
    assert labels["disagree"] == {
        "label": "disagree",
        "name": "Disagree",
        "scope": "post",
        "annotations": 2,
        "detached": 0,
        "posts": 1,
        "annotators": {"anna": 1, "bo": 1},
        "characters": None,
    }
    assert labels["claim"]["characters"] == {"least": 13, "median": 13, "mean": 13.0, "most": 13}
    assert labels["agree"]["annotations"] == 0
    assert found["depths"][2] == {"depth": 2, "posts": 1, "labeled": 1, "labels": {"disagree": 1, "insult": 1}}
    assert found["together"] == [{"labels": ["disagree", "insult"], "posts": 1, "either": 1}]
    assert {(each["annotator"], each["annotations"], each["reviews"]) for each in found["days"]} == {
        ("anna", 4, 0),
        ("bo", 2, 0),
    }
    assert found["annotators"][0] == {
        "annotator": "anna",
        "kind": "person",
        "annotations": 4,
        "labeled": 3,
        "reviews": 0,
        "seconds": 0.0,
        "seconds_per_labeled": None,
    }
    assert found["threads"] == [
        {"thread": "harbour", "title": "The harbour tunnel", "comments": 4, "labeled": 2, "reviewed": 0}
    ]


def test_options_narrow_what_is_counted(labeled: Trial) -> None:
    assert numbers(labeled, "--annotator", "bo")["annotations"] == 1
    found = numbers(labeled, "--label", "Claim", "--label", "disagree", "--thread", "harbour")
    assert found["within"] == {"thread": "harbour", "annotator": None, "labels": ["claim", "disagree"]}
    assert [each["label"] for each in found["labels"]] == ["claim", "disagree"]
    assert found["annotations"] == 3


def test_tables_are_aligned_and_harmless(labeled: Trial) -> None:
    labeled.done("annotate", "harbour", "2", "agree", "--annotator", "桥\u202e model")
    lines = labeled.done("stats").splitlines()
    assert lines[0] == "3 of 4 comments labeled, 0 reviewed, 6 annotations by 3 annotators"
    assert "\u202e" not in "".join(lines)
    start = lines.index("Labels")
    head, *rows = lines[start + 1 : lines.index("", start)]
    assert head.split()[:6] == ["label", "scope", "annotations", "posts", "anna", "bo"]
    disagree = next(row for row in rows if row.startswith("Disagree"))
    assert disagree.split()[:6] == ["Disagree", "post", "2", "1", "1", "1"]
    assert head.index("annotations") + len("annotations") == disagree.index(" 2") + 2, "numbers end below their names"
    for title in ("Posts with a label, by depth", "Progress", "Annotators", "Threads", "Lengths of spans"):
        assert title in lines
    assert "Labels that one annotator put on the same post" not in lines, "a table of nothing is not shown"


def test_what_is_unknown_is_refused(labeled: Trial) -> None:
    assert "no label 'clam'" in labeled.refused("stats", "--label", "clam", code=1)
    assert "no thread 'harbor'" in labeled.refused("stats", "--thread", "harbor", code=1)
    assert "--weeks" in labeled.refused("stats", "--weeks", code=2)


def test_a_project_without_labels_has_numbers_too(harbour: Trial) -> None:
    lines = harbour.done("stats").splitlines()
    assert lines[0] == "0 of 4 comments labeled, 0 reviewed, 0 annotations"
    assert any(line.startswith("Agree") for line in lines)
    assert numbers(harbour)["days"] == []


def test_nothing_but_data_is_on_standard_output(labeled: Trial) -> None:
    run = labeled.run("stats", "--json")
    assert run.stderr == ""
    json.loads(run.stdout)
