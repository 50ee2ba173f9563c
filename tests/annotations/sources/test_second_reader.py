"""Two processes that read a source in turns find what one would have found, and leave nobody behind."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from annotations.errors import SourceError
from annotations.importers import reddit_dump
from annotations.sources import second_reader
from annotations.sources.problems import Problem, Problems
from annotations.sources.source import Source
from annotations.work import Work, WorkCancelledError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.model import Thread

LINES = 5_000


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
    threads = list(reddit_dump.read(source))
    return threads, said, source.dropped


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[second_reader._Other]]:
    """Have two processes read whatever the size, and return the other one's handle; see that it has ended."""
    made: list[second_reader._Other] = []
    opened: list[int] = []
    begin = second_reader._Other.__init__

    def note(other: second_reader._Other, *arguments: object, **named: object) -> None:
        begin(other, *arguments, **named)  # type: ignore[arg-type]  # as they are
        made.append(other)
        assert other._process is not None
        opened.append(other._process.pid)

    monkeypatch.setattr(second_reader, "WORTH_IT", 0)
    monkeypatch.setattr(second_reader, "_processors", lambda: 2)
    monkeypatch.setattr(second_reader._Other, "__init__", note)
    yield made
    assert opened
    for pid in opened:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.fixture(scope="module")
def alone() -> tuple[list[Thread], list[Problem], int]:
    return read(make_dump())


def test_two_processes_find_and_say_what_one_does(
    processes: list[second_reader._Other], alone: tuple[list[Thread], list[Problem], int]
) -> None:
    answers = 0
    answer = second_reader._Other.answer

    def count(other: second_reader._Other) -> second_reader._Answer | None:
        nonlocal answers
        found = answer(other)
        answers += found is not None
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(second_reader._Other, "answer", count)
        found = read(make_dump())
    assert answers == 4  # of 1000 lines each, between the other's 400
    assert found == alone
    assert len(found[1]) > 80
    assert found[2] == 40
    assert len(processes) == 1


def test_a_process_that_dies_is_not_missed(
    processes: list[second_reader._Other],
    alone: tuple[list[Thread], list[Problem], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask = second_reader._Other.ask

    def ask_and_kill(other: second_reader._Other, lines: list[tuple[int, bytes]]) -> None:
        ask(other, lines)
        if other._process is not None and lines[0][0] > 2 * second_reader.OTHERS:
            os.kill(other._process.pid, signal.SIGKILL)

    monkeypatch.setattr(second_reader._Other, "ask", ask_and_kill)
    assert read(make_dump()) == alone
    assert not processes[0].is_there


def test_a_program_that_cannot_be_started_is_not_missed(
    alone: tuple[list[Thread], list[Problem], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_reader, "WORTH_IT", 0)
    monkeypatch.setattr(second_reader, "_processors", lambda: 2)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert read(make_dump()) == alone


def test_strict_stops_at_the_first_problem_and_ends_both(processes: list[second_reader._Other]) -> None:
    with pytest.raises(SourceError, match="line 12 is no sound JSON"):
        read(make_dump(), is_strict=True)
    assert not processes[0].is_there


def test_cancelling_ends_both(processes: list[second_reader._Other]) -> None:
    work = Work()
    work.is_cancelled = True
    with pytest.raises(WorkCancelledError):
        read(make_dump(), work=work)
    assert not processes[0].is_there


def test_the_other_process_ends_when_this_one_is_killed() -> None:
    """Its input ends then."""
    source = Source.of_bytes(b"{}", "dump.ndjson")
    opening = second_reader._Opening(
        "annotations.importers.sites.reddit_entries", "read_lines_here", "x", source.head, ""
    )
    other = second_reader._Other(opening, is_wanted=True)
    process = other._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    until = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    assert process.returncode == 0
    other._end()


@pytest.mark.parametrize(("size", "processors", "is_worth_it"), [(100, 8, False), (10**9, 1, False), (10**9, 2, True)])
def test_small_sources_and_single_processors_are_read_alone(
    size: int,
    processors: int,
    is_worth_it: bool,  # noqa: FBT001  # pytest hands it over
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(second_reader, "_processors", lambda: processors)
    assert second_reader._is_worth_it(Source.of_bytes(b"{}", "x", size=size)) is is_worth_it
