"""Files of a record a line in which lines are none: told by count with the first places, refused where no line is a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.errors import SourceError
from annotations.importers.reading import bad_lines
from annotations.importers.reading.json_documents import read_lines
from annotations.importers.reading.json_reading import json_lines
from annotations.sources.problems import Problem, Problems
from annotations.sources.source import Source, open_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RECORD = b'{"text": "x"}\n'


def count_records(source: Source) -> int:
    return sum(1 for _ in read_lines(source))


def count_rows(source: Source) -> int:
    return sum(1 for _ in json_lines(source))


def test_bad_lines_are_told_by_kind_with_their_first_places_and_all_counted() -> None:
    source = Source.of_bytes(
        RECORD + b"null\n" * 5 + b"{}\n" * 4 + b"gone\n" * 3 + b'{"a": \n' * 2 + RECORD, "x.ndjson"
    )
    assert count_records(source) == 2
    assert list(source.problems.sentences()) == [
        "line 2, line 3, line 4 and 6 more: is no record; it was left out.",
        "line 11, line 12, line 13 and 2 more: is no sound JSON; it was left out.",
    ]
    assert source.problems.count == 14
    assert list(source.problems.take_recent()) == list(source.problems.sentences())


def test_each_bad_line_is_told_to_whoever_wants_a_list_of_all() -> None:
    told: list[Problem] = []
    problems = Problems("x", listener=lambda _, problem: told.append(problem))
    assert count_records(Source.of_bytes(RECORD + b"null\n" * 9, "x.ndjson", problems=problems)) == 1
    assert [problem.where for problem in told] == [f"line {number}" for number in range(2, 11)]


def test_bad_lines_of_a_file_in_a_folder_are_counted_there_and_in_the_whole() -> None:
    whole = Problems("folder")
    for name in ("a", "b"):
        count_records(Source.of_bytes(b"null\n" * 7, name, problems=whole.within(name)))
    assert whole.count == 14
    assert list(whole.sentences()) == ["a, line 1, a, line 2, a, line 3 and 11 more: is no record; it was left out."]


def test_a_strict_import_ends_with_the_first_bad_line() -> None:
    with pytest.raises(SourceError, match="line 2 is no record"):
        count_records(Source.of_bytes(RECORD + b"null\n", "x", problems=Problems("x", is_strict=True)))


@pytest.mark.parametrize("read", [count_records, count_rows])
@pytest.mark.parametrize("line", [b"null\n", b"garbage\n", b'{"a": \n'])
def test_a_file_without_a_record_is_refused_for_its_format(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[Source], int], line: bytes
) -> None:
    monkeypatch.setattr(bad_lines, "MOST_BAD", 20)
    with pytest.raises(SourceError, match=r"x holds no record in its first 21 lines") as caught:
        read(Source.of_bytes(line * 30, "x"))
    assert "--format NAME" in caught.value.hint
    assert read(Source.of_bytes(RECORD + line * 30 + RECORD, "x")) == 2


def test_empty_lines_count_as_lines(tmp_path: Path) -> None:
    raw = b"\n" * 40 + b"a\n" + b"\n" * 100_000 + b"b\r\n\r\n \n\n\nc"
    path = tmp_path / "x"
    path.write_bytes(raw)
    for source in (Source.of_bytes(raw, "x"), open_source(path)):
        assert list(source.lines()) == [(41, b"a"), (100_042, b"b"), (100_047, b"c")]
