"""`postil import`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from annotations.importers import flattened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.model import Thread
    from annotations.sources.source import Source
    from tests.tui.commands.conftest import Trial

ODD = """\
Odd\x1b

An article.\x07

  • this first line of a comment is much too long to be the name of anybody, is it not

    Yes.
"""


def test_reports_what_was_imported(trial: Trial) -> None:
    trial.write("harbour.txt")
    lines = trial.done("import", "harbour.txt").splitlines()
    assert lines[0] == "harbour: The harbour tunnel"
    assert "new: 4 comments, depth 3" in lines[1]


def test_json_has_an_object_a_line(trial: Trial) -> None:
    trial.write("harbour.txt")
    trial.write("lone.txt", "Only an article\n\nNothing more.\n")
    first, second = trial.objects("import", "harbour.txt", "lone.txt")
    characters = first.pop("characters")
    assert first == {
        "thread": "harbour",
        "title": "The harbour tunnel",
        "status": "new",
        "source": "harbour.txt",
        "format": "flattened",
        "posts": 5,
        "comments": 4,
        "max_depth": 3,
        "uncertain": 0,
        "dropped": 0,
        "warnings": [],
        "came_from": "",
        "is_left": False,
        "looks_like": None,
        "labeled": None,
        "revision": 1,
        "changes": {
            "added": 0,
            "changed": 0,
            "removed": 0,
            "kept": 0,
            "moved": 0,
            "edited": 0,
            "lost": 0,
            "on_removed": 0,
        },
    }
    assert characters == sum(len(post["text"]) for post in json.loads(trial.done("show", "harbour", "--json")))
    assert (second["thread"], second["comments"]) == ("lone", 0)
    assert second["warnings"]


def test_uncertain_posts_and_dropped_characters_are_counted(trial: Trial) -> None:
    trial.write("odd.txt", ODD)
    report = trial.done("import", "odd.txt")
    assert "dropped 2 characters" in report
    assert "uncertain: 1 post " in report
    assert "warning: " in report
    (imported,) = trial.objects("import", "odd.txt")
    assert (imported["dropped"], imported["uncertain"]) == (2, 1)


def test_standard_input(trial: Trial) -> None:
    result = trial.run("import", "-", "--json", stdin="Piped\n\nAn article through a pipe.\n")
    assert result.exit_code == 0
    imported = json.loads(result.stdout)
    assert (imported["title"], imported["source"], imported["status"]) == ("Piped", "-", "new")


def test_the_same_file_again_changes_nothing(harbour: Trial) -> None:
    assert "nothing changed" in harbour.done("import", "harbour.txt")
    (imported,) = harbour.objects("import", "harbour.txt")
    assert (imported["status"], imported["thread"]) == ("unchanged", "harbour")
    assert len(harbour.objects("threads")) == 1


def test_a_changed_file_is_a_revision_and_keeps_its_labels(trial: Trial) -> None:
    trial.write("harbour.txt")
    trial.done("import", "harbour.txt")
    trial.done("annotate", "harbour", "1.1", "agree")
    trial.write("harbour.txt", trial.source + "\n  • Dora\n\n    The city does.\n")
    (imported,) = trial.objects("import", "harbour.txt")
    assert (imported["status"], imported["comments"], imported["revision"]) == ("revised", 5, 2)
    assert imported["changes"]["added"] == 1
    (thread,) = trial.objects("threads")
    assert thread["labeled"] == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.txt", None, "missing.txt does not exist"),
        ("empty.txt", b"", "empty.txt is empty"),
        ("blank.txt", b" \n\n", "blank.txt holds nothing but white space"),
        ("image.png", b"\x89PNG\r\n\x1a\n" + bytes(64), "image.png is not text"),
        ("noise.bin", bytes(range(256)) * 4, "noise.bin is not text"),
    ],
)
def test_a_source_that_cannot_be_read_leaves_no_project(
    trial: Trial, name: str, content: bytes | None, message: str
) -> None:
    if content is not None:
        trial.write(name, content)
    said = trial.refused("import", name, code=1)
    assert message in said
    assert said.count("\n") == 2, "one line says what is wrong, one what to do"
    assert not trial.project.exists()


def test_an_empty_folder_is_no_source(trial: Trial) -> None:
    (trial.folder / "sources").mkdir()
    assert "sources holds no files that could be imported" in trial.refused("import", "sources", code=1)
    assert not trial.project.exists()


def test_empty_standard_input_leaves_no_project(trial: Trial) -> None:
    assert "standard input is empty" in trial.refused("import", "-", code=1, stdin="")
    assert not trial.project.exists()


def test_one_failure_does_not_stop_the_others(trial: Trial) -> None:
    trial.write("harbour.txt")
    trial.write("lone.txt", "Only an article\n\nNothing more.\n")
    result = trial.run("import", "missing.txt", "harbour.txt", "also-missing.txt", "lone.txt", "--json")
    assert result.exit_code == 1
    assert [json.loads(line)["thread"] for line in result.stdout.splitlines()] == ["harbour", "lone"]
    assert "postil: missing.txt does not exist" in result.stderr
    assert "postil: also-missing.txt does not exist" in result.stderr
    assert len(trial.objects("threads")) == 2


def test_an_unknown_format_is_wrong_usage(trial: Trial) -> None:
    trial.write("harbour.txt")
    said = trial.refused("import", "--format", "flatened", "harbour.txt", code=2)
    assert "“flatened” is no importer" in said
    assert "Did you mean flattened?" in said
    assert not trial.project.exists()


def test_the_format_can_be_named(trial: Trial) -> None:
    trial.write("harbour.txt")
    (imported,) = trial.objects("import", "--format", "flattened", "harbour.txt")
    assert imported["comments"] == 4


def test_no_path_is_wrong_usage(trial: Trial) -> None:
    assert "Missing argument" in trial.refused("import", code=2)


@pytest.mark.parametrize("error", [KeyError("body"), RecursionError("too deep"), MemoryError()])
def test_an_importer_that_breaks_is_one_failed_source(
    trial: Trial, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    read = flattened.read

    def break_on_lone(source: Source) -> Iterator[Thread]:
        yield from read(source)
        if source.stem == "lone":
            raise error

    monkeypatch.setattr(flattened, "read", break_on_lone)
    trial.write("lone.txt", "Only an article\n\nNothing more.\n")
    trial.write("harbour.txt")
    result = trial.run("import", "lone.txt", "harbour.txt")
    assert result.exit_code == 1
    assert f"lone.txt cannot be imported: the importer flattened failed with {type(error).__name__}" in result.stderr
    assert [thread["thread"] for thread in trial.objects("threads")] == ["harbour"], "nothing of lone.txt is stored"


def test_names_of_files_cannot_command_the_terminal(trial: Trial) -> None:
    trial.write("\x1b[31mred.txt", "\x1b]0;owned\x07Title\n\nAn article.\n")
    result = trial.run("import", "\x1b[31mred.txt", "\x1b[2Jmissing.txt")
    assert result.exit_code == 1
    assert "\x1b" not in result.stdout + result.stderr
    assert "\x07" not in result.stdout + result.stderr
    assert "missing.txt does not exist" in result.stderr


def test_a_title_that_would_turn_the_line_round_is_shown_by_signs(trial: Trial) -> None:
    trial.write("bidi.txt", "Safe \u202etxt.exe\n\nAn article.\n")
    assert "Safe ‹RLO›txt.exe" in trial.done("import", "bidi.txt")
    (imported,) = trial.objects("import", "bidi.txt")
    assert imported["title"] == "Safe \u202etxt.exe", "JSON is exact"


def test_what_became_of_the_spans_is_told_in_text_and_json(trial: Trial) -> None:
    """One stays, one moves, one is edited, one is lost."""
    sentences = [
        "It stays where it is.",
        "A first thing was said about it.",
        "Nobody asked us here.",
        "Oranges are dear.",
    ]
    trial.write("talk.txt", "A talk\n\n" + " ".join(sentences) + "\n")
    trial.done("import", "talk.txt")
    text = "A talk\n\n" + " ".join(sentences)
    for sentence in sentences:
        start = text.index(sentence)
        trial.done("annotate", "talk", "0", "claim", "--span", f"{start}:{start + len(sentence)}")
    sentences[1], sentences[3] = "A first thing was once said about it.", "水"
    trial.write("talk.txt", "A talk\n\n" + " ".join(sentences) + "\n")
    said = trial.done("import", "talk.txt")
    assert "spans: 1 kept, 1 moved with their words, 1 edited, 1 lost" in said
    assert "gD in the reader lists what is lost" in said
    trial.write("talk.txt", "A talk\n\n" + " ".join(sentences) + " Well.\n")
    (imported,) = trial.objects("import", "talk.txt")
    changes = {name: imported["changes"][name] for name in ("kept", "moved", "edited", "lost", "on_removed")}
    assert changes == {"kept": 3, "moved": 0, "edited": 0, "lost": 0, "on_removed": 0}
