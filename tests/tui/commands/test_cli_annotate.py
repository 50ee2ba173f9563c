"""`postil annotate`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.tui.commands.conftest import Trial


def labels_put(trial: Trial) -> list[dict[str, Any]]:
    """Return everything that is put on the harbour's thread."""
    posts = json.loads(trial.done("show", "harbour", "--json"))
    kinds = ("thread_labels", "labels", "spans", "relations")
    return [{"post": post["post"], **each} for post in posts for kind in kinds for each in post.get(kind, ())]


def test_a_post_label_prints_its_identity(harbour: Trial) -> None:
    identity = harbour.done("annotate", "harbour", "1.1", "agree", "--note", "half-hearted").strip()
    (found,) = labels_put(harbour)
    assert found["annotation"] == identity
    assert found.items() >= {"post": "1.1", "label": "agree", "annotator": "anna", "note": "half-hearted"}.items()


def test_json_prints_the_annotation(harbour: Trial) -> None:
    (printed,) = harbour.objects("annotate", "harbour", "0", "claim", "--span", "0:11")
    assert printed.items() >= {"thread": "harbour", "post": "0", "label": "claim", "quote": "The harbour"}.items()
    (found,) = labels_put(harbour)
    assert printed == {"thread": "harbour", **found}


def test_offsets_are_code_points(harbour: Trial) -> None:
    (printed,) = harbour.objects("annotate", "harbour", "1", "claim", "--span", "25:30")
    assert printed["quote"] == "naïve"


def test_a_relation_leads_to_another_post(harbour: Trial) -> None:
    (printed,) = harbour.objects("annotate", "harbour", "1", "rebuts", "--to", "0")
    assert (printed["post"], printed["to_post"]) == ("1", "0")


@pytest.mark.parametrize("post", ["-", "0"])
def test_a_thread_label(harbour: Trial, post: str) -> None:
    (printed,) = harbour.objects("annotate", "harbour", post, "controversial", "--attribute", "heat=4")
    assert (printed["post"], printed["attributes"]) == (None, {"heat": 4})


def test_the_same_label_twice_is_one(harbour: Trial) -> None:
    first = harbour.run("annotate", "harbour", "1", "agree")
    second = harbour.run("annotate", "harbour", "1", "agree")
    assert second.exit_code == 0
    assert second.stdout == first.stdout
    assert "already" in second.stderr
    assert len(labels_put(harbour)) == 1
    assert len(harbour.objects("history")) == 1


def test_a_second_annotator_has_labels_of_their_own(harbour: Trial) -> None:
    harbour.done("annotate", "harbour", "1", "agree")
    harbour.done("--annotator", "bo", "annotate", "harbour", "1", "agree")
    assert [each["annotator"] for each in labels_put(harbour)] == ["anna", "bo"]


def test_another_label_of_an_exclusive_group_takes_its_place(harbour: Trial) -> None:
    harbour.done("annotate", "harbour", "1", "agree")
    harbour.done("annotate", "harbour", "1", "disagree")
    assert [each["label"] for each in labels_put(harbour)] == ["disagree"]


def test_off_takes_a_label_off(harbour: Trial) -> None:
    identity = harbour.done("annotate", "harbour", "0", "claim", "--span", "0:11")
    assert harbour.done("annotate", "harbour", "0", "claim", "--span", "0:11", "--off") == identity
    assert labels_put(harbour) == []


@pytest.mark.parametrize("annotator", ["anna", "stranger"])
def test_off_where_nothing_is_says_so(harbour: Trial, annotator: str) -> None:
    harbour.done("annotate", "harbour", "1", "agree")
    result = harbour.run("annotate", "harbour", "1", "disagree", "--off", "--annotator", annotator)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "nothing to take off" in result.stderr
    assert len(labels_put(harbour)) == 1


def test_off_leaves_what_others_put(harbour: Trial) -> None:
    harbour.done("annotate", "harbour", "1", "agree", "--annotator", "bo")
    harbour.run("annotate", "harbour", "1", "agree", "--off")
    assert [each["annotator"] for each in labels_put(harbour)] == ["bo"]


@pytest.mark.parametrize(
    "span", ["10", "10-25", "a:b", ":5", "5:", "5:5", "9:3", "-1:3", "1:2:3", "٣:٥", f"0:{'9' * 30}"]
)
def test_a_span_that_is_none_is_wrong_usage(harbour: Trial, span: str) -> None:
    assert "--span" in harbour.refused("annotate", "harbour", "0", "claim", f"--span={span}", code=2)
    assert labels_put(harbour) == []


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (("harbor", "1", "agree"), "no thread 'harbor'", "harbour"),
        (("harbour", "1.7", "agree"), "no post '1.7'", "show harbour"),
        (("harbour", "1", "agre"), "no label “agre”", "agree"),
        (("harbour", "1", "rebuts", "--to", "9"), "no post '9'", "show harbour"),
        (("harbour", "1", "claim", "--span", "30:400"), "30:400 reaches behind the text", "code points"),
        (("harbour", "1", "agree", "--span", "0:3"), "“Agree” is put on", "Name the post"),
        (("harbour", "1", "controversial"), "“Controversial topic” is put on a thread", "Name the thread"),
        (("harbour", "1", "rebuts", "--to", "1"), "cannot lead to where it starts", "another"),
        (("harbour", "-", "controversial", "--attribute", "heat=9"), "not on the scale", "1 to 5"),
        (("harbour", "-", "controversial", "--attribute", "heat=hot"), "no number", "1 to 5"),
        (("harbour", "1", "agree", "--attribute", "heat=3"), "no attribute “heat”", "It has: confidence"),
        (("harbour", "1", "agree", "--note", "\x1b[31m"), "U+001B", "control characters"),
    ],
)
def test_what_does_not_fit_is_refused(harbour: Trial, arguments: tuple[str, ...], message: str, hint: str) -> None:
    first, second = harbour.refused("annotate", *arguments, code=1).splitlines()
    assert message in first
    assert hint in second
    assert labels_put(harbour) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("harbour", "-", "agree"),
        ("harbour", "1", "rebuts", "--to", "0", "--span", "0:3"),
        ("harbour", "-", "controversial", "--attribute", "heat"),
        ("harbour", "-", "controversial", "--attribute", "=3"),
        ("harbour", "1"),
        ("harbour", "1", "agree", "too-much"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(harbour: Trial, arguments: tuple[str, ...]) -> None:
    harbour.refused("annotate", *arguments, code=2)
    assert labels_put(harbour) == []


def test_no_project_is_made(trial: Trial) -> None:
    assert "There is no project at postil.db" in trial.refused("annotate", "harbour", "1", "agree", code=1)
    assert not trial.project.exists()


def test_a_retired_label_is_not_put_but_can_come_off(harbour: Trial) -> None:
    harbour.done("annotate", "harbour", "1", "agree")
    harbour.done("codebook", "init")
    source = (harbour.folder / "codebook.toml").read_text(encoding="utf-8")
    harbour.write("codebook.toml", source.replace('id = "agree"\n', 'id = "agree"\nretired = true\n'))
    harbour.done("codebook", "apply", "codebook.toml")
    assert "retired" in harbour.refused("annotate", "harbour", "2", "agree", code=1)
    harbour.done("annotate", "harbour", "1", "agree", "--off")
    assert labels_put(harbour) == []


def test_a_relation_ties_annotations_and_the_thread(harbour: Trial) -> None:
    claim = harbour.done("annotate", "harbour", "0", "claim", "--span", "0:11").strip()
    proof = harbour.done("annotate", "harbour", "1", "evidence", "--span", "0:22").strip()
    tie = ("--from-annotation", proof, "--to-annotation", claim, "--note", "by default", "--attribute", "confidence=4")
    (printed,) = harbour.objects("annotate", "harbour", "1", "rebuts", *tie)
    assert printed.items() >= {"post": "1", "to_post": "0", "from_annotation": proof, "to_annotation": claim}.items()
    (up,) = harbour.objects("annotate", "harbour", "2", "cites", "--to", "-")
    assert (up["to_post"], up["to_thread"]) == (None, True)
    (down,) = harbour.objects("annotate", "harbour", "-", "asks-about", "--to", "2")
    assert (down["post"], down["to_post"]) == (None, "2")
    lines = [line.strip() for line in harbour.done("show", "harbour").split("\n")]
    for line in (
        "> from “The pumps failed twice” to 0 “The harbour”  [Rebuts: anna]",
        "* Rebuts by anna: confidence 4; by default",
        "> to the thread  [Cites: anna]",
        "> to 2  [Asks about: anna]",
    ):
        assert line in lines
    (article, *_) = json.loads(harbour.done("show", "harbour", "--json"))
    assert [each["label"] for each in article["thread_relations"]] == ["asks-about"]
    assert harbour.done("annotate", "harbour", "-", "asks-about", "--to", "2", "--off")
    assert "no annotation nowhere" in harbour.refused(
        "annotate", "harbour", "1", "cites", "--to-annotation", "nowhere", code=1
    )
    harbour.refused("annotate", "harbour", "1", "rebuts", "--span", "0:3", "--to", "0", code=2)


def test_a_note_on_a_post_needs_no_label(harbour: Trial) -> None:
    (printed,) = harbour.objects("annotate", "harbour", "1.1", "--note", " Sounds\ntired. ")
    assert printed.items() >= {"post": "1.1", "annotator": "anna", "note": "Sounds\ntired."}.items()
    posts = json.loads(harbour.done("show", "harbour", "--json"))
    notes = {post["post"]: [each["note"] for each in post["notes"]] for post in posts}
    assert notes == {"0": [], "1": [], "1.1": ["Sounds\ntired."], "1.1.1": [], "2": []}
    assert "* note by anna: Sounds tired." in harbour.done("show", "harbour")
    assert harbour.objects("annotate", "harbour", "1.1", "--off") == []
    assert "note by" not in harbour.done("show", "harbour")
    for wrong in ((), ("--to", "0"), ("--span", "0:3", "--note", "x")):
        harbour.refused("annotate", "harbour", "1.1", *wrong, code=2)
