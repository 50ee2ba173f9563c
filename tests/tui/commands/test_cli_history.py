"""`postil history` with its filters, and what was flagged and how long it took, in every command that tells it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from annotations.codebook_toml import default_codebook
from annotations.session import LabelingSession
from annotations.store.project import Project
from annotations.store.threads import find_post, find_thread

if TYPE_CHECKING:
    from tests.tui.commands.conftest import Trial

LATER = """\
The ferry is late

It is late again.

  • Dora

    Again!
"""


@pytest.fixture
def busy(labeled: Trial) -> Trial:
    """A project with two threads, in which two annotators have labeled, flagged and taken their time."""
    labeled.done("import", labeled.write("ferry.txt", LATER))
    with Project.open(labeled.project) as project:
        thread = find_thread(project, "harbour")
        anna, bo = (LabelingSession(project, project.annotator(name), default_codebook()) for name in ("anna", "bo"))
        first, second = (find_post(project, thread.id, key).id for key in ("1", "1.1"))
        anna.flag(first)
        bo.flag(first)
        bo.undo()
        anna.add_seconds({first: 30.04, second: 10.0})
        bo.add_seconds({second: 5.0})
    return labeled


def told(trial: Trial, *options: str) -> list[str]:
    return [f"{event['annotator']} {event['action']} {event['post']}" for event in trial.objects("history", *options)]


def test_each_option_narrows_the_events(busy: Trial) -> None:
    everything = told(busy)
    assert everything[-3:] == ["anna flag 1", "bo flag 1", "bo unflag 1"]
    assert told(busy, "--action", "flag", "--action", "unflag") == everything[-3:]
    assert told(busy, "--annotator", "bo", "--action", "unflag") == ["bo unflag 1"]
    assert told(busy, "--thread", "harbour", "--post", "1", "--limit", "2") == ["bo flag 1", "bo unflag 1"]
    assert set(told(busy, "--label", "claim")) == set(told(busy, "--label", "Claim")) == {"anna apply 0"}
    assert told(busy, "--since", "1h", "--until", "1m") == []
    assert told(busy, "--since", "2001-01-01") == everything
    assert told(busy, "--thread", "ferry") == []


def test_nothing_found_is_said_and_no_failure(busy: Trial) -> None:
    result = busy.run("history", "--until", "2001-01-01")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nothing in the history is like that" in result.stderr


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--since", "soon"), 2, "--since: 'soon' is no moment: write 2026-05-01"),
        (("--label", "nonsense"), 1, "The project has no label 'nonsense'"),
        (("--post", "1"), 2, "--post names a post of a thread"),
        (("--thread", "harbour", "--post", "99"), 1, "has no post '99'"),
        (("--action", "jump"), 2, "--action"),
        (("--time", "--limit", "3"), 2, "--time sums up what was spent"),
    ],
)
def test_what_cannot_be_meant_is_refused(busy: Trial, options: tuple[str, ...], code: int, words: str) -> None:
    assert words in busy.refused("history", *options, code=code)


def test_a_post_needs_no_thread_where_there_is_one(labeled: Trial) -> None:
    assert told(labeled, "--post", "1.1") == ["anna apply 1.1", "bo apply 1.1"]


def test_time_is_summed_up_by_annotator(busy: Trial) -> None:
    anna, bo = busy.objects("history", "--time")
    assert anna.items() >= {"annotator": "anna", "posts": 2, "seconds": 40.0, "labeled": 3}.items()
    assert anna["seconds_per_labeled"] == pytest.approx(40 / 3, abs=0.1)
    assert bo.items() >= {"annotator": "bo", "posts": 1, "seconds": 5.0, "seconds_per_labeled": 5.0}.items()
    head, row, _ = busy.done("history", "--time").splitlines()
    assert head.split() == ["annotator", "posts", "time", "labeled", "for", "each"]
    assert row.split() == ["anna", "2", "40", "s", "3", "13.3", "s"]
    assert "Nobody has spent time" in busy.run("history", "--time", "--thread", "ferry").stderr


def test_threads_show_and_export_tell_flags_and_seconds(busy: Trial) -> None:
    assert [thread["seconds"] for thread in busy.objects("threads")] == [45.0, 0.0]
    assert [thread["seconds"] for thread in busy.objects("threads", "--annotator", "bo")] == [5.0, 0.0]
    posts = {post["post"]: post for post in json.loads(busy.done("show", "harbour", "--json"))}
    assert [(posts[key]["flagged_by"], posts[key]["seconds"]) for key in ("1", "1.1", "2")] == [
        (["anna"], 30.0),
        ([], 15.0),
        ([], 0.0),
    ]
    assert "  * flagged by anna\n" in busy.done("show", "harbour")
    lines = [json.loads(line) for line in busy.done("export", "jsonl", "-o", "-").splitlines()]
    assert [(line["flagged_by"], line["seconds"]) for line in lines[1:3]] == [(["anna"], 30.0), ([], 15.0)]
