"""`postil adjudicate`: what is open, settled one by one or all at once, taken back, and written as a data set."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from annotations.store.project import Project

if TYPE_CHECKING:
    from tests.tui.commands.conftest import Trial


@pytest.fixture
def disputed(labeled: Trial) -> Trial:
    """Anna and bo agree on 1.1; on the article, 1 and 2 they differ; bo has reviewed nothing else."""
    for arguments in (("0", "claim", "--span", "48:70"), ("1", "agree"), ("2", "asks", "--annotator", "anna")):
        labeled.done("annotate", "harbour", *arguments, *(() if "--annotator" in arguments else ("--annotator", "bo")))
    labeled.done("annotate", "harbour", "2", "neutral", "--annotator", "bo")
    return labeled


def test_alone_it_lists_where_annotators_differ_with_what_each_has_put(disputed: Trial) -> None:
    result = disputed.run("adjudicate")
    assert result.exit_code == 0
    assert result.stdout == (
        "harbour  0  seen by anna, bo\n"
        "  Claim “It will flood”           1 of 2  anna\n"
        "  Claim “It will flood in the f”  1 of 2  bo\n"
        "  Controversial topic             1 of 2  anna\n"
        "harbour  1  seen by anna, bo\n"
        "  Agree       1 of 2  bo\n"
        "  Rebuts → 0  1 of 2  anna\n"
        "harbour  2  seen by anna, bo\n"
        "  Asks     1 of 2  anna\n"
        "  Neutral  1 of 2  bo\n"
    )
    assert result.stderr == (
        "Open: 3 posts on which annotators differ, 1 on which they agree; settled: 0\n"
        "To settle those on which they agree: postil adjudicate agreed\n"
    )
    assert disputed.done("adjudicate", "list", "harbour") == result.stdout
    assert "1.1  seen by anna, bo\n  Disagree  2 of 2  anna, bo\n" in disputed.done("adjudicate", "list", "--all")
    assert disputed.done("adjudicate", "list", "--at-least", "3") == ""


def test_json_names_all_that_can_be_taken(disputed: Trial) -> None:
    found = disputed.objects("adjudicate", "list", "--all")
    assert [(each["post"], each["agreed"]) for each in found] == [
        ("0", False),
        ("1", False),
        ("1.1", True),
        ("2", False),
    ]
    claim, longer, thread = found[0]["units"]
    assert found[0]["seen_by"] == ["anna", "bo"]
    assert (claim["label"], claim["quote"], claim["start_char"], claim["end_char"]) == (
        "claim",
        "It will flood",
        48,
        61,
    )
    assert (claim["votes"], claim["seen_by"], claim["agreed"]) == (1, 2, False)
    assert (claim["annotations"][0]["annotator"], claim["annotations"][0]["note"]) == ("anna", "=1+1")
    assert thread["annotations"][0]["attributes"] == {"heat": 3}
    assert [(each["to_post"], each["to_thread"]) for each in found[1]["units"] if each["scope"] == "relation"] == [
        ("0", False)
    ]
    uuid = longer["annotations"][0]["annotation"]
    (done,) = disputed.objects("adjudicate", "settle", "harbour", "0", "--annotation", uuid)
    assert done == {
        "summary": "the article settled on what was chosen: Claim",
        "posts": 1,
        "put": 1,
        "off": 0,
        "waiting": 0,
        "without_end": 0,
        "differing_attributes": 0,
    }


def test_what_all_agree_on_is_settled_at_once_taken_back_and_done_again(disputed: Trial) -> None:
    result = disputed.run("adjudicate", "agreed", "--annotator", "cem")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "1 post settled on what all put\n  1 annotation put\n"
    assert "settled: 1\n" in disputed.run("adjudicate").stderr
    history = [line.split("  ")[1:] for line in disputed.done("history", "--annotator", "gold").splitlines()]
    assert history == [
        ["gold, as cem", "apply", "disagree", "harbour", "1.1"],
        ["gold, as cem", "review", "harbour", "1.1"],
    ]
    (event, _) = disputed.objects("history", "--annotator", "gold")
    assert (event["annotator"], event["adjudicator"]) == ("gold", "cem")
    assert disputed.run("adjudicate", "undo").stderr == "Undone: 1 post settled on what all put\n"
    assert disputed.run("adjudicate", "undo").stderr == "There is nothing to undo\n"
    assert disputed.run("adjudicate", "redo").stderr == "Redone: 1 post settled on what all put\n"
    assert disputed.run("adjudicate", "agreed").stderr == "On no open post all have put the same\n"
    assert disputed.run("check").exit_code == 0


def test_posts_are_settled_one_by_one_and_written_as_a_data_set(disputed: Trial) -> None:
    settle = ("adjudicate", "settle", "harbour")
    said = [
        disputed.run(*settle, "1", "--take", "anna").stderr,
        disputed.run(*settle, "2", "--none").stderr,
        disputed.run(*settle, "0", "--majority").stderr,
        disputed.run(*settle, "0", "--take", "bo").stderr,
        disputed.run(*settle, "0", "--take", "gold").stderr,
        disputed.run("adjudicate", "reopen", "harbour", "2").stderr,
    ]
    assert said == [
        "1 (Anna Berg) settled as anna has it: Rebuts\n  1 annotation put\n",
        "2 (Cleo 桥) settled on nothing\n",
        "the article settled by majority\n",
        "the article settled as bo has it: Claim\n  1 annotation put\n",
        "the article is settled like that already\n",
        "2 (Cleo 桥) open again\n",
    ]
    exported = disputed.run("export", "jsonl", "-o", "gold.jsonl", "--gold")
    assert exported.exit_code == 0
    assert "mind: 2 posts are settled, adjudicated by anna; still open: 1 on which annotators differ" in exported.stderr
    records = [json.loads(line) for line in (disputed.folder / "gold.jsonl").read_text("utf-8").splitlines()]
    assert [each["quote"] for record in records for each in record["spans"]] == ["It will flood in the f"]
    assert disputed.run("threads").stdout == disputed.run("threads", "--annotator", "anna").stdout


def test_wrong_usage_and_what_is_not_there_are_told_apart(disputed: Trial) -> None:
    settle = ("adjudicate", "settle", "harbour", "1")
    assert "is to be said in one way" in disputed.refused(*settle, code=2)
    assert "is to be said in one way" in disputed.refused(*settle, "--take", "bo", "--none", code=2)
    assert "Nobody named zoe" in disputed.refused(*settle, "--take", "zoe", code=1)
    assert "bo has not labeled or reviewed 1.1.1" in disputed.refused(
        "adjudicate", "settle", "harbour", "1.1.1", "--take", "bo", code=1
    )
    assert "no thread" in disputed.refused("adjudicate", "list", "nowhere", code=1)
    assert "is not settled" in disputed.refused("adjudicate", "reopen", "harbour", "1", code=1)
    assert "There is nothing to undo" in disputed.run("adjudicate", "undo").stderr
    disputed.done(*settle, "--none")
    assert "not an annotator" in disputed.refused("annotate", "harbour", "1", "agree", "--annotator", "gold", code=2)
    assert "needs a terminal" in disputed.refused("adjudicate", "open", code=2)


def test_two_may_settle_at_once_in_processes_of_their_own(disputed: Trial) -> None:
    def settle(name: str, post: str) -> int:
        environment = {"POSTIL_ANNOTATOR": name}
        return disputed.process("adjudicate", "settle", "harbour", post, "--none", environment=environment).returncode

    with ThreadPoolExecutor() as both:
        assert list(both.map(settle, ("anna", "bo"), ("1", "2"))) == [0, 0]
    with Project.open(disputed.project) as project:
        settled = project.connection.execute("SELECT COUNT(*), COUNT(DISTINCT annotator_id) FROM reviews").fetchone()
    assert settled == (2, 1)
