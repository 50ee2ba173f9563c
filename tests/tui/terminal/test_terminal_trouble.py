"""What hinders writing is said until it is solved, no key is lost without a word, and one can go on reading."""

from __future__ import annotations

import resource
import shutil
import signal
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annotations.store.project import Project

if TYPE_CHECKING:
    from tests.tui.terminal.conftest import Desk, Terminal

ROOT = Path(__file__).parents[3]
TROUBLE = "NOTHING CAN BE STORED"
WAITED = 2
"""Seconds for which another program writes; eleven were tried too."""


def in_thread(harbour: Desk, columns: int = 120, rows: int = 30) -> Terminal:
    terminal = harbour.open(columns, rows)
    terminal.press("tab")
    terminal.see_status("READ", " 1 · 1/54")
    return terminal


def see_trouble(terminal: Terminal, words: str) -> None:
    """Wait until the trouble is said in these words, over as many rows as it takes."""
    terminal.wait(lambda: TROUBLE in terminal.text and words in " ".join(terminal.text.split()), f"to see {words!r}")


def assert_reads_on(terminal: Terminal) -> None:
    """The cursor moves and the trouble is still said."""
    terminal.press("G")
    terminal.see_status("54/54")
    terminal.press("home")
    terminal.see_status(" 1 · 1/54")
    assert TROUBLE in terminal.text


def sound(harbour: Desk) -> bool:
    with closing(sqlite3.connect(harbour.project_path)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)] and harbour.problems() == []


def test_a_key_waits_for_another_program_that_writes_for_long(harbour: Desk) -> None:
    terminal = in_thread(harbour)
    with closing(sqlite3.connect(harbour.project_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        terminal.press("1")
        terminal.see_status("Another program is writing: what was typed waits")
        time.sleep(WAITED)
        terminal.pump()
        assert "waits" in terminal.status, "said as long as it waits"
        assert harbour.put() == []
        other.execute("ROLLBACK")
    terminal.see_status("Agree on 1 ")
    assert [(one.label, one.post) for one in harbour.put()] == [("agree", "1")]


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="Linux alone limits another process")
def test_a_full_disk_is_said_until_there_is_room(harbour: Desk) -> None:
    """No file may grow: what a full disk, or a quota, does to writing."""
    terminal = in_thread(harbour)
    terminal.press("1")
    terminal.see_status("Agree on 1 ")
    log = harbour.project_path.with_name("postil.db-wal")
    size = max(log.stat().st_size, harbour.project_path.stat().st_size)
    before = resource.prlimit(terminal.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(terminal.process.pid, resource.RLIMIT_FSIZE, (size, before[1]))
    for _ in range(40):  # the log is written over from its beginning now and then, so that it does not grow at once
        terminal.press("2")
        terminal.pump(0.1)
        if TROUBLE in terminal.text:
            break
    terminal.see(TROUBLE)
    stored = len(harbour.put())
    assert_reads_on(terminal)
    resource.prlimit(terminal.process.pid, resource.RLIMIT_FSIZE, before)
    terminal.see_status("The project can be written again")
    assert TROUBLE not in terminal.text
    terminal.press("G", "3")
    terminal.see_status("Asks on ")
    assert len(harbour.put()) == stored + 1
    assert sound(harbour)


@pytest.mark.parametrize("how", ["moved", "replaced"])
def test_a_project_that_is_not_where_it_was_takes_no_labels(harbour: Desk, how: str) -> None:
    terminal = in_thread(harbour)
    terminal.press("1")
    terminal.see_status("Agree on 1 ")
    elsewhere = harbour.folder / "elsewhere.db"
    harbour.project_path.rename(elsewhere)
    if how == "replaced":
        shutil.copy(elsewhere, harbour.project_path)
    see_trouble(terminal, "moved or deleted" if how == "moved" else "replaced by another file")
    terminal.press("2")
    terminal.pump(0.3)
    assert_reads_on(terminal)
    elsewhere.rename(harbour.project_path)
    terminal.see_status("The project can be written again")
    terminal.press("G", "3")
    terminal.see_status("Asks on ")
    assert [one.label for one in harbour.put()] == ["agree", "asks"]
    assert sound(harbour)


def test_a_project_that_was_deleted_is_said(harbour: Desk) -> None:
    terminal = in_thread(harbour)
    harbour.project_path.unlink()
    see_trouble(terminal, "was moved or deleted while it was open")
    assert_reads_on(terminal)
    terminal.press("q")
    terminal.wait_exit()
    assert not harbour.project_path.exists(), "nothing is made anew in its place"


def test_a_project_on_media_that_can_only_be_read_is_read(harbour: Desk) -> None:
    """Permissions do not keep the system's administrator out, so SQLite is told that the medium does."""
    program = (
        "import sys, annotations.store.opening as opening; opening._is_writable = lambda path: False; "
        f"sys.argv = ['postil', '--project', {str(harbour.project_path)!r}, '--annotator', 'ann']; "
        "from tui.cli import main; main()"
    )
    with Project.open(harbour.project_path) as project:
        project.annotator("ann")  # whoever is new cannot be remembered there
    terminal = harbour.open_shell(sys.executable, "-c", program, columns=120, rows=30)
    terminal.wait(lambda: terminal.has_picture, "the first picture")
    terminal.press("tab")
    terminal.see_status("READ", " 1 · 1/54")
    terminal.press("1")
    terminal.see("READING ONLY", "is open for reading")
    terminal.press("G")
    terminal.see_status("54/54")
    terminal.see("READING ONLY")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert harbour.put() == []


# The terminal


@pytest.mark.parametrize("is_controlling", [True, False], ids=["told", "not told"])
def test_a_terminal_that_vanishes_ends_the_program(harbour: Desk, *, is_controlling: bool) -> None:
    """Told by SIGHUP; and where nobody tells it, by the end of input."""
    terminal = harbour.open(100, 30, is_controlling=is_controlling)
    terminal.press("tab")
    terminal.see_status("READ")
    terminal.press("1")
    terminal.see_status("Agree on 1 ")
    terminal.close()  # it fails where the program goes on
    assert terminal.process.returncode == 128 + signal.SIGHUP
    assert [(one.label, one.post) for one in harbour.put()] == [("agree", "1")]
    assert sound(harbour)


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell with job control")
def test_suspending_leaves_the_terminal_to_the_shell_and_comes_back(harbour: Desk) -> None:
    shell = harbour.open_shell("bash", "--norc", "--noprofile", "-i", columns=100, rows=30)
    shell.write("PS1='ready> '\r")
    shell.wait(lambda: "ready> " in shell.text, "the prompt")
    python = f"{sys.executable} -m tui.cli --project {harbour.project_path} --annotator ann"
    shell.write(f"PYTHONPATH={ROOT} {python}\r")
    shell.wait(lambda: shell.has_picture, "the first picture")
    shell.press("tab")
    shell.see_status("READ")
    shell.press("1")
    shell.see_status("Agree on 1 ")
    shell.press("\x1a")
    shell.see("Stopped")
    assert not shell.modes[1049], "the shell has its own screen back"
    shell.write("echo is-$((20+3))-there\r")
    shell.see("is-23-there")
    with closing(sqlite3.connect(harbour.project_path, timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE")  # what is suspended keeps nobody from writing
        other.rollback()
    shell.write("fg\r")
    shell.see_status("READ")
    shell.press("2")
    shell.see_status("Disagree on ")
    shell.press("q")
    shell.wait(lambda: not shell.modes[1049], "the end")
    assert [one.label for one in harbour.put()] == ["agree", "disagree"]
    assert sound(harbour)


def test_where_there_is_no_shell_suspending_is_refused(harbour: Desk) -> None:
    terminal = in_thread(harbour)
    terminal.press("\x1a")
    terminal.see("There is no shell behind this window")


def test_being_asked_to_end_leaves_terminal_and_project_right(harbour: Desk) -> None:
    terminal = in_thread(harbour)
    terminal.press("1")
    terminal.see_status("Agree on 1 ")
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.wait_exit() == 128 + signal.SIGTERM
    assert terminal.present_settings == terminal.settings
    assert not terminal.modes[1049]
    assert not harbour.project_path.with_name("postil.db-wal").exists(), "the project was closed"
    assert sound(harbour)
