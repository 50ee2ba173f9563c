"""Whatever is typed: no traceback, no command to the terminal, an exit code that means something."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.command_line import cli
from tui.commands.output import to_json
from tui.commands.registry import COMMANDS

# No separators of paths: nothing is read or written outside the trial's folder.
GARBAGE = st.text(st.characters(exclude_characters="/\\\0", exclude_categories=["Cs"]), max_size=8)
OPTIONS = [
    "--project",
    "--annotator",
    "--json",
    "--span",
    "--to",
    "--note",
    "--attribute",
    "--off",
    "--format",
    "--limit",
    "--thread",
    "--label",
    "--excel",
    "--force",
    "-o",
    "--help",
    "--version",
    "--",
    "-",
]
NAMES = [
    "harbour",
    "harbour.txt",
    "postil.db",
    "0",
    "1",
    "1.1",
    "9",
    "agree",
    "claim",
    "rebuts",
    "csv",
    "jsonl",
    "init",
    "check",
    "show",
    "apply",
    "0:3",
    "heat=3",
]
WORDS = st.one_of(st.sampled_from(OPTIONS), st.sampled_from(NAMES), GARBAGE)


@pytest.mark.usefixtures("harbour")
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.sampled_from(list(COMMANDS)), GARBAGE), st.lists(WORDS, max_size=6), st.binary(max_size=20))
def test_nothing_that_is_typed_breaks_the_program(first: str, rest: list[str], stdin: bytes) -> None:
    result = CliRunner().invoke(cli, [first, *rest], input=stdin)
    assert result.exit_code in {0, 1, 2}, result.output
    assert "mistake in Postil" not in result.stderr, result.stderr
    assert "Traceback" not in result.output
    assert result.exit_code == 0 or result.stderr, "a failure says what is wrong"
    assert not any(sign < " " and sign != "\n" for sign in result.stderr), "nothing commands the terminal"


@given(st.recursive(st.text() | st.integers() | st.none(), lambda inner: st.dictionaries(st.text(), inner, max_size=3)))
def test_json_is_exact_and_on_one_line(value: object) -> None:
    line = to_json(value)
    assert json.loads(line) == value
    assert len(line.decode().splitlines()) == 1
    assert not any(sign < " " or "\x7f" <= sign <= "\x9f" for sign in line.decode())


def test_json_carries_halves_of_pairs() -> None:
    assert to_json(["\udce9", "\ud800"]) == rb'["\udce9", "\ud800"]'
