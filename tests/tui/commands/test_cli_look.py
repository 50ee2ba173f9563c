"""The commands that only look: threads, show, search, history, formats, check."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.tui.commands.conftest import Trial


def posts(trial: Trial, *options: str) -> dict[str, dict[str, Any]]:
    """Return the posts of the harbour's thread by key."""
    return {post["post"]: post for post in json.loads(trial.done("show", "harbour", "--json", *options))}


def test_threads_is_a_table(harbour: Trial) -> None:
    head, row = harbour.done("threads").splitlines()
    assert head.split() == ["thread", "comments", "labeled", "reviewed", "title"]
    assert row.split(maxsplit=4) == ["harbour", "4", "0", "0", "The harbour tunnel"]


def test_threads_counts_the_work_of_all_or_of_one(labeled: Trial) -> None:
    (everybody,) = labeled.objects("threads")
    (bo,) = labeled.objects("threads", "--annotator", "bo")
    assert everybody.items() >= {"thread": "harbour", "comments": 4, "labeled": 2, "reviewed": 0}.items()
    assert bo["labeled"] == 1


def test_nobody_is_made_by_looking(labeled: Trial) -> None:
    said = labeled.refused("threads", "--annotator", "cleo", code=1)
    assert "Nobody named cleo has worked on postil.db" in said
    assert "anna, bo" in said
    assert "Nobody named cleo" in labeled.refused("history", "--annotator", "cleo", code=1)


def test_a_project_without_threads_says_how_to_begin(trial: Trial) -> None:
    trial.done("codebook", "init")
    trial.done("codebook", "apply", "codebook.toml")
    result = trial.run("threads")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "postil import" in result.stderr


def test_show_is_readable(labeled: Trial) -> None:
    shown = labeled.done("show", "harbour")
    assert shown.startswith("harbour: The harbour tunnel  [Controversial topic: anna]\n")
    assert "\n  > 48:61 “It will flood”  [Claim: anna]\n" in shown
    assert "\n  1  Anna Berg\n    The pumps failed twice — naïve to build it.\n    > to 0  [Rebuts: anna]\n" in shown
    assert "\n    1.1  Bo  [Disagree: anna, bo]\n      They were tested in March.\n" in shown
    assert "\n      1.1.1  Anna Berg\n        Tested, yes. At half the load.\n" in shown


def test_show_json_is_one_array_in_pre_order(labeled: Trial) -> None:
    found = json.loads(labeled.done("show", "harbour", "--json"))
    assert [(post["post"], post["parent"], post["kind"], post["depth"]) for post in found] == [
        ("0", None, "article", 0),
        ("1", "0", "comment", 1),
        ("1.1", "1", "comment", 2),
        ("1.1.1", "1.1", "comment", 3),
        ("2", "0", "comment", 1),
    ]
    assert found[0]["text"].startswith("The harbour tunnel\n")
    assert (found[4]["author"], found[4]["text"]) == ("Cleo 桥", "Who pays?")


def test_show_json_has_spans_that_quote_the_text(labeled: Trial) -> None:
    article = posts(labeled)["0"]
    (span,) = article["spans"]
    assert span.items() >= {"label": "claim", "annotator": "anna", "start_char": 48, "end_char": 61}.items()
    assert span["quote"] == article["text"][48:61]
    assert span["note"] == "=1+1"


def test_show_json_has_labels_and_relations(labeled: Trial) -> None:
    found = posts(labeled)
    assert [(each["label"], each["annotator"]) for each in found["1.1"]["labels"]] == [
        ("disagree", "anna"),
        ("disagree", "bo"),
    ]
    (relation,) = found["1"]["relations"]
    assert (relation["label"], relation["to_post"]) == ("rebuts", "0")
    (thread_label,) = found["0"]["thread_labels"]
    assert (thread_label["label"], thread_label["attributes"]) == ("controversial", {"heat": 3})


def test_show_is_narrowed_to_an_annotator(labeled: Trial) -> None:
    found = posts(labeled, "--annotator", "bo")
    assert [each["annotator"] for each in found["1.1"]["labels"]] == ["bo"]
    assert found["0"]["spans"] == found["0"]["thread_labels"] == []


def test_a_span_that_lost_its_words_is_shown_as_detached(trial: Trial) -> None:
    trial.write("harbour.txt")
    trial.done("import", "harbour.txt")
    trial.done("annotate", "harbour", "0", "claim", "--span", "48:61")
    trial.write("harbour.txt", trial.source.replace("It will flood in the first winter storm.", "Hooray!"))
    trial.done("import", "harbour.txt")
    article = posts(trial)["0"]
    assert article["spans"] == []
    (claim,) = article["detached"]
    assert (claim["label"], claim["start_char"], claim["end_char"]) == ("claim", None, None)
    assert "> detached “It will flood”  [Claim: anna]\n" in trial.done("show", "harbour")


def test_an_unknown_thread_names_the_likeliest(harbour: Trial) -> None:
    assert "harbour?" in harbour.refused("show", "harbor", code=1)
    assert "harbour?" in harbour.refused("search", "pumps", "--thread", "harbor", code=1)
    assert "harbour?" in harbour.refused("history", "--thread", "harbor", code=1)


def test_search_finds_posts(harbour: Trial) -> None:
    (hit,) = harbour.objects("search", "pumps")
    assert (hit["thread"], hit["post"], hit["author"]) == ("harbour", "1", "Anna Berg")
    (span,) = hit["spans"]
    text = posts(harbour)["1"]["text"]
    assert text[span["start_char"] : span["end_char"]] == "pumps"
    assert "harbour  1  Anna Berg  The pumps failed twice" in harbour.done("search", "pumps")


def test_search_for_what_is_not_there(harbour: Trial) -> None:
    result = harbour.run("search", "zebra")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nothing found" in result.stderr


@pytest.mark.parametrize("query", ['"', "(", "*", "NOT", "a OR", "text:", "'; DROP TABLE posts", "\x1b[31m", ""])
def test_no_query_is_an_error(harbour: Trial, query: str) -> None:
    harbour.done("search", "--", query)


def test_search_says_that_there_may_be_more(harbour: Trial) -> None:
    result = harbour.run("search", "the", "--limit", "1")
    assert len(result.stdout.splitlines()) == 1
    assert "--limit" in result.stderr


@pytest.mark.parametrize("limit", ["0", "-3", "many"])
def test_a_limit_is_a_positive_number(harbour: Trial, limit: str) -> None:
    assert "--limit" in harbour.refused("search", "the", "--limit", limit, code=2)
    assert "--limit" in harbour.refused("history", "--limit", limit, code=2)


def test_history_lists_what_happened(labeled: Trial) -> None:
    events = labeled.objects("history")
    assert [(event["annotator"], event["action"], event["post"]) for event in events] == [
        ("anna", "apply", "0"),
        ("anna", "apply", "1.1"),
        ("anna", "apply", "1"),
        ("anna", "apply", None),
        ("bo", "apply", "1.1"),
    ]
    assert events[0]["after"]["label"] == "claim"
    lines = labeled.done("history").splitlines()
    assert "  anna  apply  claim  harbour  0  “It will flood”" in lines[0]
    assert len(lines) == 5


def test_history_is_narrowed(labeled: Trial) -> None:
    assert [event["post"] for event in labeled.objects("history", "--limit", "2")] == [None, "1.1"]
    assert [event["annotator"] for event in labeled.objects("history", "--annotator", "bo")] == ["bo"]
    assert len(labeled.objects("history", "--thread", "harbour")) == 5


def test_a_history_without_events(harbour: Trial) -> None:
    result = harbour.run("history")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nothing has been labeled" in result.stderr


def test_formats_lists_importers_and_exporters(trial: Trial) -> None:
    found = json.loads(trial.done("formats", "--json"))
    assert "flattened" in [each["name"] for each in found["importers"]]
    assert {"jsonl", "csv"} <= {each["name"] for each in found["exporters"]}
    assert not [each["problem"] for each in (*found["importers"], *found["exporters"]) if each["problem"]]
    assert "\n  flattened " in trial.done("formats")
    assert not trial.project.exists()


def test_check_finds_a_sound_project_sound(labeled: Trial) -> None:
    result = labeled.run("check")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "postil.db: sound\n"


def test_check_lists_problems(labeled: Trial) -> None:
    with sqlite3.connect(labeled.project) as connection:
        connection.execute("UPDATE posts SET text = 'Another text.' WHERE position = 0")
    connection.close()
    result = labeled.run("check")
    assert result.exit_code == 1
    problems = result.stdout.splitlines()
    assert problems
    assert result.stderr == f"postil.db: {len(problems)} problems\n"
