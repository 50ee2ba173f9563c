"""Progress on the command line, and what an interruption leaves behind."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from annotations.work import Work, WorkCancelledError
from tui.commands import long_work, progress_line
from tui.commands.long_work import LongWork
from tui.commands.progress_line import ProgressLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.commands.conftest import Trial


class Screen(io.StringIO):
    """A terminal that has one line; `shown` is what stands on it."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    @property
    def shown(self) -> str:
        line = ""
        for piece in self.getvalue().replace("\b", "").split("\r"):
            line = piece + line[len(piece) :]
        return line.rstrip()


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until something is the case, which another thread brings about."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines appear without delay."""
    monkeypatch.setattr(progress_line, "DELAY", 0.0)
    monkeypatch.setattr(progress_line, "INTERVAL", 0.005)


def test_the_line_follows_the_work_makes_room_and_goes() -> None:
    screen, work = Screen(), Work()
    line = ProgressLine("Importing", work, screen)
    work.subject = "big.txt"
    work.begin("Storing", 100, "comments")
    line.start()
    wait_for(lambda: screen.shown.startswith("Importing big.txt: storing    0%"))
    work.advance(42)
    wait_for(lambda: "42%  42 comments" in screen.shown)
    line.clear()
    wait_for(lambda: "42%" in screen.shown)
    work.cancel()
    wait_for(lambda: screen.shown == "Stopping …")
    line.stop()
    assert screen.shown == ""
    assert screen.getvalue().endswith("\r"), "what is written next begins at the margin"


def test_a_terminal_that_knows_no_letters_but_ascii_gets_no_others() -> None:
    screen, work = Screen(), Work()
    screen.encoding = "ascii"
    line = ProgressLine("Importing", work, screen)
    work.subject = "桥.txt"
    line.start()
    wait_for(lambda: "?.txt" in screen.shown)
    line.stop()


def test_where_there_is_no_terminal_nothing_is_drawn() -> None:
    stream = io.StringIO()
    line = ProgressLine("Importing", Work(), stream)
    line.start()
    line.stop()
    assert stream.getvalue() == ""


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Standard error is a terminal."""
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    return screen


def test_quiet_work_draws_nothing(screen: Screen) -> None:
    with LongWork("Importing", "nothing", is_quiet=True).under_way():
        time.sleep(0.05)
    assert screen.getvalue() == ""


@pytest.mark.parametrize(
    ("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)], ids=["int", "term", "hup"]
)
def test_a_signal_ends_the_work_at_its_next_step(
    screen: Screen, request: pytest.FixtureRequest, name: str, code: int
) -> None:
    if not hasattr(signal, name):
        pytest.skip("this system has no such signal")
    number: signal.Signals = getattr(signal, name)
    outside = signal.signal(number, signal.SIG_DFL)  # whoever runs the tests may ignore it, as nohup does
    request.addfinalizer(lambda: signal.signal(number, outside))
    long = LongWork("Importing", "nothing was imported")
    steps = 0
    with pytest.raises(WorkCancelledError, match="Cancelled: nothing was imported") as caught, long.under_way():  # noqa: PT012  # the loop
        for step in long.work.each(range(100), 10):
            steps = step
            if step == 5:
                signal.raise_signal(number)
    assert (steps, caught.value.exit_code) == (9, code)
    assert signal.getsignal(number) == signal.SIG_DFL
    assert screen.shown == ""


def test_a_second_signal_ends_work_that_does_not_look_and_a_third_does_not_disturb() -> None:
    long = LongWork("Importing", "nothing was imported")
    tidied = False
    with pytest.raises(WorkCancelledError), long.under_way():  # noqa: PT012  # what is interrupted
        try:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            pytest.fail("it goes on")
        finally:
            signal.raise_signal(signal.SIGINT)
            tidied = True
    assert tidied


def test_a_signal_does_not_disturb_work_that_is_tidying_up() -> None:
    long = LongWork("Importing", "nothing was imported")
    tidied = False
    with pytest.raises(WorkCancelledError), long.under_way():  # noqa: PT012  # what is interrupted
        try:
            signal.raise_signal(signal.SIGINT)
            long.work.check()
        finally:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGTERM)
            tidied = True
    assert tidied


def test_a_signal_that_was_switched_off_stays_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with LongWork("Importing", "").under_way():
            signal.raise_signal(signal.SIGINT)
            assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_thread_that_gets_no_signals_works_without() -> None:
    done = []

    def work() -> None:
        with LongWork("Importing", "").under_way():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "new.txt"), "postil: Cancelled: nothing was imported\n"),
        (("export", "jsonl", "-o", "out.jsonl"), "postil: Cancelled: out.jsonl was not written\n"),
        (("export", "csv", "-o", "-"), "postil: Cancelled: standard output got a part\n"),
        (("check",), "postil: Cancelled: the project was not looked at to its end\n"),
    ],
)
def test_each_command_says_what_it_leaves_behind(
    harbour: Trial, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    class Cancelled(Work):
        def begin(self, stage: str, *rest: object, **extra: object) -> None:
            del stage, rest, extra
            signal.raise_signal(signal.SIGINT)
            self.check()

    monkeypatch.setattr(long_work, "Work", Cancelled)
    harbour.write("new.txt", "New\n\nAn article.\n")
    files = {path.name for path in harbour.folder.iterdir() if "postil.db" not in path.name}
    result = harbour.run(*arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", said)
    assert {path.name for path in harbour.folder.iterdir() if "postil.db" not in path.name} == files
    assert len(harbour.objects("threads")) == 1


def test_threads_that_were_imported_before_stay_and_are_counted(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    class Cancelled(Work):
        def begin(self, stage: str, *rest: object, **extra: object) -> None:
            if self.subject == "two.txt":
                signal.raise_signal(signal.SIGTERM)
            super().begin(stage, *rest, **extra)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(long_work, "Work", Cancelled)
    for name in ("one", "two", "three"):
        trial.write(f"{name}.txt", f"{name}\n\nAn article.\n")
    result = trial.run("import", "one.txt", "two.txt", "three.txt")
    assert (result.exit_code, result.stderr) == (143, "postil: Cancelled: 1 thread imported before stays\n")
    assert [thread["thread"] for thread in trial.objects("threads")] == ["one"]


def test_progress_needs_no_textual(environment: dict[str, str]) -> None:
    program = (
        "import sys, tui.commands.importing, tui.commands.long_work, tui.text.pace; print('textual' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=True, timeout=60, text=True
    )
    assert done.stdout == "False\n"


def test_quiet_commands_say_only_what_fails(harbour: Trial) -> None:
    assert harbour.run("check", "--quiet").output == ""
    assert harbour.run("export", "csv", "-o", "out.csv", "-q").output == ""
    assert harbour.run("import", "-q", "harbour.txt").output == ""
    assert harbour.run("import", "-q", "--json", "harbour.txt").output.startswith("{"), "what a program asked for"
    assert "does not exist" in harbour.refused("import", "-q", "missing.txt", code=1)
