"""What holds for every command: help, options, exit codes, failures, streams."""

from __future__ import annotations

import errno
import getpass
import json
import os
import signal
import sqlite3
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from annotations.errors import CodebookError, ProjectError
from tui.command_line import cli
from tui.commands import failures, threads
from tui.commands.registry import COMMANDS

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from tests.tui.commands.conftest import Trial


def test_help_lists_every_command(trial: Trial) -> None:
    lines = trial.done("--help").splitlines()
    for name, (_, summary) in COMMANDS.items():
        assert any(line.split() == [name, *summary.split()] for line in lines), name
    assert trial.done("-h").splitlines() == lines
    assert any("library" in line for line in lines), "what opens where there are several threads"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(trial: Trial, name: str) -> None:
    shown = trial.done(name, "--help")
    assert shown.startswith(f"Usage: postil {name} ")
    assert "--project FILE" in shown
    assert "--annotator NAME" in shown


def test_registered_modules_hold_the_commands_of_that_name() -> None:
    for name, (module, _) in COMMANDS.items():
        command = import_module(f"tui.commands.{module}").command
        assert isinstance(command, click.Command)
        assert command.name == name


def test_version(trial: Trial) -> None:
    assert trial.done("--version").split()[0] == "postil"


def test_a_misspelt_command(trial: Trial) -> None:
    said = trial.refused("imprt", "harbour.txt", code=2)
    assert said == "postil: imprt: no such file or command\n  Did you mean import?\n"


def test_a_missing_file(trial: Trial) -> None:
    said = trial.refused("sources/harbour.txt", code=2)
    assert said == "postil: sources/harbour.txt: no such file or command\n  “postil --help” lists the commands.\n"
    assert not trial.project.exists()


def test_no_arguments_and_no_project(trial: Trial) -> None:
    said = trial.refused(code=2)
    assert "There is no project at postil.db" in said
    assert "postil ARTICLE.txt" in said
    assert not trial.project.exists()


@pytest.mark.parametrize("arguments", [("threads", "--bogus"), ("threads", "extra"), ("--bogus",), ("show",)])
def test_wrong_usage_says_where_help_is(trial: Trial, arguments: tuple[str, ...]) -> None:
    assert "\n  Try: postil" in trial.refused(*arguments, code=2)


def test_options_stand_before_and_behind_the_command(harbour: Trial) -> None:
    harbour.project.rename(harbour.folder / "other.db")
    before = harbour.done("--project", "other.db", "threads")
    assert harbour.done("threads", "--project", "other.db") == before
    assert harbour.done("--project", "missing.db", "threads", "--project", "other.db") == before, "the last one counts"
    harbour.done("--project", "other.db", "--annotator", "bo", "annotate", "harbour", "1", "agree")
    harbour.done("annotate", "--annotator", "cleo", "--project", "other.db", "harbour", "1", "agree")
    events = harbour.objects("history", "--project", "other.db")
    assert [event["annotator"] for event in events] == ["bo", "cleo"]


def test_options_of_a_group_of_commands(harbour: Trial) -> None:
    harbour.project.rename(harbour.folder / "other.db")
    harbour.write("small.toml", 'name = "Small"\n[[labels]]\nid = "odd"\nname = "Odd"\nscope = "post"\n')
    harbour.done("codebook", "--project", "other.db", "apply", "small.toml")
    assert "Small" in harbour.done("codebook", "show", "--project", "other.db")


def test_the_environment_names_project_and_annotator(harbour: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    harbour.project.rename(harbour.folder / "other.db")
    monkeypatch.setenv("POSTIL_PROJECT", "other.db")
    monkeypatch.setenv("POSTIL_ANNOTATOR", "dora")
    harbour.done("annotate", "harbour", "1", "agree")
    harbour.done("annotate", "harbour", "1", "agree", "--annotator", "bo")
    assert [event["annotator"] for event in harbour.objects("history")] == ["dora", "bo"]
    assert "missing.db" in harbour.refused("threads", "--project", "missing.db", code=1), "an option is stronger"


def test_an_empty_environment_variable_says_nothing(harbour: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTIL_PROJECT", "")
    monkeypatch.setenv("POSTIL_ANNOTATOR", "")
    monkeypatch.setattr(getpass, "getuser", lambda: "login")
    harbour.done("annotate", "harbour", "1", "agree")
    assert [event["annotator"] for event in harbour.objects("history")] == ["login"]


@pytest.mark.parametrize("error", [KeyError("uid not found"), OSError("no user database"), ImportError("pwd")])
def test_without_a_login_name_there_still_is_an_annotator(
    harbour: Trial, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail() -> str:
        raise error

    monkeypatch.delenv("POSTIL_ANNOTATOR")
    monkeypatch.setattr(getpass, "getuser", fail)
    harbour.done("annotate", "harbour", "1", "agree")
    assert [event["annotator"] for event in harbour.objects("history")] == ["annotator"]


@pytest.mark.parametrize(("option", "value"), [("--project", ""), ("--annotator", ""), ("--annotator", " ")])
def test_an_empty_option_is_wrong_usage(harbour: Trial, option: str, value: str) -> None:
    assert option in harbour.refused(option, value, "threads", code=2)


def fail_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> Result:
    """Call a command in which `error` happens."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(threads, "list_threads", fail)
    return CliRunner().invoke(cli, ["threads"])


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ProjectError("it is locked", "Wait"), "postil: it is locked\n  Wait\n"),
        (ProjectError("a\x1b[31mb", "c\nd"), "postil: a␛[31mb\n  c d\n"),
        (CodebookError("2 mistakes", ("line 1: a", "line 2: b")), "postil: 2 mistakes\n  line 1: a\n  line 2: b\n"),
        (OSError(errno.ENOSPC, "No space left on device", "a\x1bb"), "postil: a␛b: No space left on device\n"),
        (OSError(errno.EBADF, "Bad file descriptor", 99), "postil: 99: Bad file descriptor\n"),
        (
            sqlite3.OperationalError("disk I/O error"),
            "postil: The project cannot be used: disk I/O error\n  Check it with: postil check\n",
        ),
        (RecursionError("maximum recursion depth exceeded"), "postil: This is nested too deeply to be read\n"),
    ],
)
def test_failures_are_one_clear_message(
    harbour: Trial, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    del harbour
    result = fail_with(monkeypatch, error)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", said)


@pytest.mark.parametrize("error", [MemoryError(), ZeroDivisionError("division by zero"), KeyError("labels")])
def test_what_nobody_foresaw_is_no_traceback(harbour: Trial, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    del harbour
    result = fail_with(monkeypatch, error)
    assert result.exit_code == 1
    assert result.stderr.startswith("postil: ")
    assert "Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) == 2


def test_a_traceback_can_be_asked_for(harbour: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    del harbour
    monkeypatch.setenv(failures.TRACEBACK_VARIABLE, "1")
    result = fail_with(monkeypatch, ZeroDivisionError("division by zero"))
    assert "Traceback" in result.stderr
    assert "postil: This is a mistake in Postil: ZeroDivisionError" in result.stderr


def test_an_interrupt_is_quiet(harbour: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    del harbour
    result = fail_with(monkeypatch, KeyboardInterrupt())
    assert (result.exit_code, result.output.strip()) == (130, "")


def test_a_closed_pipe_is_quiet(harbour: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    del harbour
    result = fail_with(monkeypatch, BrokenPipeError(errno.EPIPE, "Broken pipe"))
    assert (result.exit_code, result.output) == (141, "")


def test_the_module_is_the_program(harbour: Trial) -> None:
    done = harbour.process("threads", "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["thread"] == "harbour"
    assert harbour.process("threads", "--bogus").returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
@pytest.mark.parametrize("arguments", [("show", "long"), ("show", "long", "--json"), ("--help",)])
def test_a_reader_who_has_enough_gets_no_complaint(
    trial: Trial, arguments: tuple[str, ...], environment: dict[str, str]
) -> None:
    trial.write("long.txt", "Long\n\n" + "Many words make a long text. " * 20_000)
    trial.done("import", "long.txt")
    program = subprocess.Popen(
        [sys.executable, "-m", "tui.cli", *arguments],
        cwd=trial.folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert program.stdout is not None
    program.stdout.close()
    _, said = program.communicate(timeout=60)
    assert said == b""
    assert program.returncode == failures.CLOSED_PIPE


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupt_ends_a_process_that_waits_for_its_input(trial: Trial, environment: dict[str, str]) -> None:
    program = subprocess.Popen(
        [sys.executable, "-u", "-c", _INTERRUPTED, "import", "-"],
        cwd=trial.folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == b"reading\n"
    program.send_signal(signal.SIGINT)
    _, said = program.communicate(timeout=60)
    assert program.returncode == failures.INTERRUPTED
    assert said == b"postil: Cancelled: nothing was imported\n"
    assert not trial.project.exists()


_INTERRUPTED = """
import sys
from annotations.sources import opening

read = opening.read_blocks

def read_blocks(*arguments):
    print("reading")
    return read(*arguments)

opening.read_blocks = read_blocks

from tui.cli import main

main()
"""
"""The program, saying when it begins to read standard input, which nobody writes to."""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")  # noqa: PTH110  # at import
def test_a_full_disk_is_said(harbour: Trial, environment: dict[str, str]) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123  # a device
        done = subprocess.run(
            [sys.executable, "-m", "tui.cli", "threads"],
            cwd=harbour.folder,
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, b"postil: No space left on device\n")


@pytest.mark.parametrize("encoding", ["ascii:strict", "latin-1:strict"])
def test_a_terminal_that_lacks_letters_gets_escapes_and_json_is_utf8(harbour: Trial, encoding: str) -> None:
    environment = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C"}
    shown = harbour.process("show", "harbour", environment=environment)
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert rb"\u6865" in shown.stdout
    found = harbour.process("show", "harbour", "--json", environment=environment)
    assert (found.returncode, found.stderr) == (0, b"")
    assert "Cleo 桥".encode() in found.stdout
    assert harbour.process("import", "naïve 桥.txt", environment=environment).returncode == 1


@pytest.mark.parametrize(("typed", "offered"), [("th", ["plain,threads"]), ("", ["plain,import", "plain,show"])])
def test_the_shell_completes_commands_and_files(
    trial: Trial, environment: dict[str, str], typed: str, offered: list[str]
) -> None:
    environment |= {"_POSTIL_COMPLETE": "bash_complete", "COMP_WORDS": f"postil {typed}", "COMP_CWORD": "1"}
    lines = trial.process(environment=environment).stdout.decode().splitlines()
    assert set(offered) <= set(lines)
    assert f"file,{typed}" in lines


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors of POSIX")
def test_closed_streams_are_no_failure(harbour: Trial, environment: dict[str, str]) -> None:
    line = f'exec "{sys.executable}" -m tui.cli "$@" >&- 2>&-'
    for arguments, code in ((["threads"], 0), (["show", "nothing"], 1)):
        done = subprocess.run(
            ["sh", "-c", line, "postil", *arguments], cwd=harbour.folder, env=environment, check=False
        )
        assert done.returncode == code


def test_a_file_name_that_is_no_text(trial: Trial, tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    try:
        (tmp_path / name).write_text(trial.source, encoding="utf-8")
    except OSError:
        pytest.skip("this file system has names of text only")
    done = trial.process("import", name, "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["comments"] == 4
    missing = trial.process("import", name + "x")
    assert missing.returncode == 1
    assert missing.stderr.startswith(b"postil: ")
