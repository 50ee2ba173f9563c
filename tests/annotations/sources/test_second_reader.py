"""Two processes that read a source in turns find what one would have found, and leave nobody behind."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from annotations.errors import SourceError
from annotations.importers import reddit_dump
from annotations.importers.reading import second_maker
from annotations.importing import Refused, SourceImport
from annotations.sources import second_process, second_reader
from annotations.sources.problems import Problem, Problems
from annotations.sources.second_process import SecondProcess
from annotations.sources.source import Source
from annotations.store import spool as spooling
from annotations.store.check import check
from annotations.store.project import Project
from annotations.work import Work, WorkCancelledError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.model import Thread
    from annotations.sources.second_process import Call

LINES = 5_000
ODD = (11, 23, 37, 53, 67, 71, 97)
"""Places among 250 of lines in which something is wrong."""
TABLES = ("threads", "posts", "thread_shapes", "text_signatures")


def make_dump() -> bytes:
    """Return a dump with all that may be wrong with a record, here and there."""
    lines: list[bytes] = []
    for number in range(LINES):
        record: dict[str, object] = {
            "id": f"c{number}",
            "link_id": f"t3_s{number % 7}",
            "parent_id": f"t3_s{number % 7}" if number < 7 else f"t1_c{number - 7}",
            "author": f"Ada {number % 31}",
            "body": f"The tunnel floods 🌊 & leaks, {number}.",
            "created_utc": 1_700_000_000 + number,
            "permalink": f"/r/harbour/comments/s{number % 7}/the_tunnel/c{number}/",
            "score": number,
        }
        line = json.dumps(record).encode()
        match number % 250:
            case 11:
                line = line[:-9]  # broken
            case 23:
                line = json.dumps(
                    {**record, "body": "a\u0007bell\u0000"}
                ).encode()  # two characters that nobody carries
            case 37:
                line = json.dumps({**record, "link_id": None}).encode()
            case 53:
                line = json.dumps({**record, "score": 1 << 70, "body": ["no text"]}).encode()
            case 67:
                line = json.dumps(
                    {**record, "id": f"s{number % 7}", "title": "Tunnel", "link_id": "", "n": 1 << 70}
                ).encode()
            case 71:
                line = b"[1, 2]"
            case 97:
                line = json.dumps(record, ensure_ascii=False).encode().replace("🌊".encode(), b"\xff\xfe")
        lines.append(line)
    return b"\n".join(lines)


def read(raw: bytes, *, is_strict: bool = False, work: Work | None = None) -> tuple[list[Thread], list[Problem], int]:
    """Return the threads of a dump, what is wrong with it in the order in which that was said, and what was dropped."""
    said: list[Problem] = []
    problems = Problems("dump.ndjson", is_strict=is_strict, listener=lambda _, problem: said.append(problem))
    source = Source.of_bytes(raw, "dump.ndjson", problems=problems, **({} if work is None else {"work": work}))
    threads = [replace(thread, posts=tuple(thread.posts)) for thread in reddit_dump.read(source)]
    return threads, said, source.dropped


def open_still(path: Path) -> Project:
    """Open a project whose clock stands."""
    return Project.open(path, create=True, clock=lambda: datetime(2026, 5, 1, tzinfo=UTC))


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[SecondProcess]]:
    """Have two processes work whatever the size, and return the other one's handle; see that nothing of it stays."""
    made: list[SecondProcess] = []
    opened: list[int] = []
    folders: list[Path] = []
    begin = SecondProcess.begin

    def note(other: SecondProcess) -> None:
        begin(other)
        made.append(other)
        assert other._process is not None
        opened.append(other._process.pid)

    def note_folder(prefix: str) -> str:
        folders.append(Path(mkdtemp(prefix=prefix)))
        return str(folders[-1])

    monkeypatch.setattr(second_reader, "WORTH_IT", 0)
    monkeypatch.setattr(second_reader, "LINES", 400)
    monkeypatch.setattr(second_maker, "POSTS", 1500)
    monkeypatch.setattr(second_process, "processors", lambda: 2)
    monkeypatch.setattr(SecondProcess, "begin", note)
    monkeypatch.setattr(spooling, "mkdtemp", note_folder)
    yield made
    assert opened
    for pid in opened:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert folders
    assert not any(folder.exists() for folder in folders)


@pytest.fixture(scope="module")
def alone() -> tuple[list[Thread], list[Problem], int]:
    return read(make_dump())


def test_two_processes_find_and_say_what_one_does(
    processes: list[SecondProcess], alone: tuple[list[Thread], list[Problem], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = SecondProcess.ask

    def note(other: SecondProcess, call: Call, what: bytes) -> int:
        asked.append(call.__name__)
        return ask(other, call, what)

    monkeypatch.setattr(SecondProcess, "ask", note)
    found = read(make_dump())
    assert asked[0] == "make_batch", "the first one opens the spool"
    assert 2 <= asked.count("read_batch") <= 13, "as many as it has time for"
    assert asked[-4:] == ["make_batch"] * 4
    assert asked.count("make_batch") == 5
    assert found == alone
    assert len(found[1]) > 80
    assert found[2] == 40
    assert len(found[0]) > 7
    assert len(processes) == 1


@pytest.mark.parametrize("longest", [2000, 600, 3])
def test_a_project_gets_from_two_processes_what_it_gets_from_one(
    processes: list[SecondProcess], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, longest: int
) -> None:
    """Every row of what is imported, its index of signs included, whether threads are long or not."""
    monkeypatch.setattr(spooling, "IN_MEMORY", longest)
    monkeypatch.setattr(second_maker, "IN_MEMORY", longest)
    dump = tmp_path / "RC_dump.ndjson"
    dump.write_bytes(make_dump())
    stored: list[list[list[tuple[object, ...]]]] = []
    for name in ("two.db", "one.db"):
        path = tmp_path / name
        run = SourceImport(path, lambda: open_still(path), [dump], None, Work())  # noqa: B023  # used up here
        assert all(not isinstance(outcome, Refused) for outcome in run)
        with Project.open(path) as project:
            assert check(project) == []
            execute = project.connection.execute
            stored.append([execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in TABLES])  # noqa: S608  # ours
        monkeypatch.setattr(second_process, "processors", lambda: 1)
        monkeypatch.setattr(SecondProcess, "begin", lambda _: None)
    assert len(processes) == 1
    assert stored[0] == stored[1]
    assert len(stored[0][1]) > 4000


@pytest.mark.parametrize("function", ["read_batch", "make_batch"])
@pytest.mark.parametrize("calls", [1, 2])
def test_a_process_that_dies_is_not_missed(
    processes: list[SecondProcess],
    alone: tuple[list[Thread], list[Problem], int],
    monkeypatch: pytest.MonkeyPatch,
    function: str,
    calls: int,
) -> None:
    ask = SecondProcess.ask
    asked: list[str] = []

    def ask_and_kill(other: SecondProcess, call: Call, what: bytes) -> int:
        number = ask(other, call, what)
        asked.append(call.__name__)
        if other._process is not None and asked.count(function) == calls:
            os.kill(other._process.pid, signal.SIGKILL)
        return number

    monkeypatch.setattr(SecondProcess, "ask", ask_and_kill)
    assert read(make_dump()) == alone
    assert not processes[0].is_there


def test_a_process_that_cannot_make_threads_is_not_missed(
    processes: list[SecondProcess],
    alone: tuple[list[Thread], list[Problem], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It reads another file than this one writes, and ends."""
    monkeypatch.setattr(second_maker, "make_batch", second_reader.read_batch)
    monkeypatch.setattr(reddit_dump, "make_batch", second_reader.read_batch)
    assert read(make_dump()) == alone
    assert not processes[0].is_there


@pytest.mark.parametrize("characters", [0, 100_000])
def test_few_threads_are_made_at_once_if_they_are_long(
    alone: tuple[list[Thread], list[Problem], int], monkeypatch: pytest.MonkeyPatch, characters: int
) -> None:
    """What the other process has not made is made by this one, which plays both parts here."""
    answers: list[bytes] = []

    def ask(_: SecondProcess, call: Call, asked: bytes) -> int:
        answers.append(call(asked))
        return len(answers)

    monkeypatch.setattr(second_reader, "WORTH_IT", 0)
    monkeypatch.setattr(second_reader, "LINES", 400)
    monkeypatch.setattr(second_maker, "_CHARACTERS", characters)
    monkeypatch.setattr(spooling, "IN_MEMORY", 600)
    monkeypatch.setattr(second_maker, "IN_MEMORY", 600)
    monkeypatch.setattr(SecondProcess, "begin", lambda _: None)
    monkeypatch.setattr(SecondProcess, "is_there", property(lambda _: True))
    monkeypatch.setattr(SecondProcess, "ask", ask)
    monkeypatch.setattr(SecondProcess, "is_ready", lambda *_: True)
    monkeypatch.setattr(SecondProcess, "answer", lambda _, number: answers[number - 1])
    monkeypatch.setattr(SecondProcess, "greet", lambda _, call, asked, then: (call(asked), then()))
    assert read(make_dump()) == alone


def test_a_program_that_cannot_be_started_is_not_missed(
    alone: tuple[list[Thread], list[Problem], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_reader, "WORTH_IT", 0)
    monkeypatch.setattr(second_reader, "LINES", 400)
    monkeypatch.setattr(second_process, "processors", lambda: 2)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert read(make_dump()) == alone


def test_few_lines_are_read_at_once_if_they_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_reader, "LINES", 3)
    monkeypatch.setattr(second_reader, "_BYTES", 10)
    sizes = [1, 2, 3, 4, 20, 9, 9, 1]
    batches = second_reader._batches(iter([(number, b"x" * size) for number, size in enumerate(sizes)]))
    assert [[len(line) for _, line in batch] for batch in batches] == [[1, 2, 3], [4, 20], [9, 9], [1]]


def test_strict_stops_at_the_first_problem_and_ends_both(processes: list[SecondProcess]) -> None:
    with pytest.raises(SourceError, match="line 12 is no sound JSON"):
        read(make_dump(), is_strict=True)
    assert not processes[0].is_there


def test_strict_stops_at_a_problem_of_a_thread_and_ends_both(processes: list[SecondProcess]) -> None:
    lines = make_dump().splitlines()
    sound = [line for number, line in enumerate(lines) if number % 250 not in ODD]
    with pytest.raises(SourceError, match=r"comment \w+ answers a comment that is not in the source"):
        read(b"\n".join(sound), is_strict=True)
    assert not processes[0].is_there


def test_cancelling_ends_both(processes: list[SecondProcess]) -> None:
    work = Work()
    work.is_cancelled = True
    with pytest.raises(WorkCancelledError):
        read(make_dump(), work=work)
    assert not processes[0].is_there


def test_who_takes_no_more_threads_ends_both(processes: list[SecondProcess]) -> None:
    threads = reddit_dump.read(Source.of_bytes(make_dump(), "dump.ndjson"))
    next(threads)
    assert processes[0].is_there
    del threads
    assert not processes[0].is_there


def test_the_other_process_ends_when_this_one_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its input ends then."""
    monkeypatch.setattr(second_process, "processors", lambda: 2)
    other = SecondProcess()
    other.begin()
    process = other._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    until = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    assert process.returncode == 0
    other.end()


@pytest.mark.parametrize(
    ("size", "processors", "is_begun"), [(100, 8, False), (10**9, 1, False), (None, 8, True), (10**9, 2, True)]
)
def test_small_sources_and_single_processors_are_read_alone(
    size: int | None,
    processors: int,
    is_begun: bool,  # noqa: FBT001  # pytest hands it over
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(second_process, "processors", lambda: processors)
    begun: list[object] = []

    def refuse(command: list[str], **_: object) -> None:
        begun.append(command)
        raise OSError

    monkeypatch.setattr("subprocess.Popen", refuse)
    source = Source.of_bytes(b"\n".join(make_dump().splitlines()[:9]), "x", size=size)
    assert len(list(reddit_dump.read(source))) == 7
    assert bool(begun) is is_begun
