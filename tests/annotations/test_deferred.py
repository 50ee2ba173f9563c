"""Parts of documents that wait on the disk: they come back as they were added, however long they are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from annotations.exporters.documents.deferred import Deferred, JsonList, Lookup, Objects, Part, joined
from annotations.exporters.documents.taken import Taken
from annotations.exporters.writing.report import Tally
from annotations.span import Span
from annotations.work import Work, WorkCancelledError

if TYPE_CHECKING:
    from pathlib import Path

LONG = 70_000
"""More bytes than stay in memory."""


def test_parts_that_are_written_by_turns_come_back_one_by_one_and_again(tmp_path: Path) -> None:
    with Deferred(tmp_path) as deferred:
        parts = [Part(deferred) for _ in range(3)]
        assert not any(parts)
        pieces = [f"{number:06}".encode() * 100 for number in range(LONG // 100)]
        for piece in pieces:
            for part in parts[:2]:
                part.add(piece)
        parts[2].add(b"short")
        assert list(tmp_path.iterdir()) == [], "the file has no name"
        for _ in range(2):
            assert b"".join(parts[0]) == b"".join(parts[1]) == b"".join(pieces)
            assert list(parts[2]) == [b"short"]
        chunks = list(parts[0])
        assert len(chunks) > 1
        assert all(len(chunk) % 600 == 0 for chunk in chunks), "pieces stay whole"
        deferred.forget()
        other = Part(deferred)
        other.add(b"x" * LONG)
        assert b"".join(other) == b"x" * LONG


def test_lists_are_json_with_one_comma_between_two() -> None:
    tally = Tally()
    with Deferred() as deferred:
        lists = [JsonList(deferred, tally) for _ in range(4)]
        for number in range(LONG // 10):
            lists[1].append({"number": number, "said": "é"})
        lists[3].append("half \ud83d")
        found = json.loads(b"[" + b"".join(joined(*lists)) + b"]")
    assert [each["number"] for each in found[:-1]] == list(range(LONG // 10))
    assert found[-1] == "half \ufffd"
    assert sum(tally.lost.values()) == 1


def test_objects_and_records_come_back() -> None:
    numbers = range(0, LONG // 10, 3)
    with Deferred() as deferred:
        objects, lookup = Objects(deferred), Lookup(deferred, numbers)
        for number in numbers:
            objects.append(Span(number, number + 1))
            lookup.put(number, (f"T{number}", None, number, "é\ud800"))
        assert list(objects) == [Span(number, number + 1) for number in numbers]
        for number in (*numbers, *reversed(numbers)):
            assert lookup[number] == (f"T{number}", None, number, "é\ud800")


def test_work_that_is_cancelled_stops_where_a_part_is_put_away_or_read() -> None:
    work = Work()
    with Deferred(None, work) as deferred:
        part = Part(deferred)
        part.add(b"x" * LONG)
        work.cancel()
        with pytest.raises(WorkCancelledError):
            part.add(b"x" * LONG)
        with pytest.raises(WorkCancelledError):
            list(part)


def test_a_name_is_taken_once() -> None:
    taken = Taken()
    names = [f"name-{number}" for number in range(5_000)]
    assert all(taken.take(name) for name in names)
    assert not any(taken.take(name) for name in names)
    assert taken.take("name-5000")
