"""A JSON array is read record by record, and what is broken in it costs no more than one record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.errors import SourceError
from annotations.importers.reading import json_array
from annotations.importers.reading.json_array import iterate_array
from annotations.sources.source import Source

if TYPE_CHECKING:
    from typing import BinaryIO

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def read(raw: bytes | str) -> tuple[list[object], list[str]]:
    source = Source.of_bytes(raw.encode() if isinstance(raw, str) else raw, "x.json")
    return [value for _, value in iterate_array(source)], list(source.problems.sentences())


@settings(max_examples=60, deadline=None)
@given(st.lists(JSON, max_size=6), st.integers(2, 40), st.sampled_from([None, 2]))
def test_it_reads_what_was_written_however_it_is_cut_into_blocks(
    values: list[object], block: int, indent: int | None
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_array, "_BLOCK", block)
        assert read(json.dumps(values, indent=indent)) == (values, [])


def test_it_is_not_read_further_than_needed() -> None:
    asked = 0

    def open_counted() -> BinaryIO:
        from io import BytesIO  # noqa: PLC0415  # a class of its own

        class Counted(BytesIO):
            def read1(self, size: int | None = -1, /) -> bytes:
                nonlocal asked
                block = super().read1(-1 if size is None else size)
                asked += len(block)
                return block

        return Counted(b"[" + b'{"id": 1, "text": "x"},' * 500_000 + b'{"id": 2}]')

    source = Source(name="x.json", location="x.json", stem="x", opener=open_counted)
    values = iterate_array(source)
    next(values)
    assert asked < 4 << 20, "of eleven million bytes"


def test_an_array_that_was_cut_off_gives_what_is_there() -> None:
    values, said = read('[{"id": 1}, {"id": 2, "text": "half a te')
    assert values == [{"id": 1}, {"id": 2, "text": "half a te"}]
    assert "record 2: is no sound JSON" in said[0]
    assert read('[{"id": 1},')[0] == [{"id": 1}]
    assert "cut off" in read('[{"id": 1},')[1][0]


def test_a_broken_record_in_the_middle_does_not_cost_those_behind_it() -> None:
    values, said = read('[{"id": 1}, {"id": 2, "text": }, {"id": 3}]')
    assert values[0] == {"id": 1}
    assert values[-1] == {"id": 3}
    assert len(said) == 1
    assert "record 2" in said[0]


def test_a_record_nested_ten_thousand_deep_is_read() -> None:
    deep = "[" * 10_000 + "]" * 10_000
    values, said = read(f'[{{"id": 1, "deep": {deep}}}, {{"id": 2}}]')
    assert [value["id"] for value in values if isinstance(value, dict)] == [1, 2]
    assert said == []


def test_a_record_that_is_deeper_than_any_discussion_ends_the_reading() -> None:
    source = Source.of_bytes(b'[{"id": 1}, ' + b"[" * 30_000)
    with pytest.raises(SourceError, match=r"more than 20,000 arrays .* \(record 2\)"):
        list(iterate_array(source))


def test_a_broken_record_among_many_does_not_bring_the_rest_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_array, "_BLOCK", 100)
    monkeypatch.setattr(json_array, "_LONGEST", 1000)
    records = [f'{{"id": {number}}}' for number in range(500)]
    records[200] = '{"id": 200, "text": }'
    values, said = read(f"[{', '.join(records)}]")
    assert [value["id"] for value in values if isinstance(value, dict)] == list(range(500)), "of the broken one its id"
    assert len(said) == 1
    assert "record 201" in said[0]


def test_a_record_that_does_not_end_is_refused_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_array, "_BLOCK", 100)
    monkeypatch.setattr(json_array, "_LONGEST", 1000)
    source = Source.of_bytes(b'[{"id": 1}, {"id": 2, "text": "' + b"word " * 5000)
    reading = iterate_array(source)
    assert next(reading) == (1, {"id": 1})
    with pytest.raises(SourceError, match=r"record 2 has more than 1,000 characters.*a quotation mark"):
        next(reading)


def test_raw_line_ends_in_texts_and_a_comma_too_many() -> None:
    assert read('[{"text": "a\nb"},]')[0] == [{"text": "a\nb"}]


@pytest.mark.parametrize("raw", ["", "[]", " [ ] ", "no JSON", '{"a": 1}'])
def test_what_holds_no_records(raw: str) -> None:
    assert [value for value in read(raw)[0] if isinstance(value, dict) and value != {"a": 1}] == []
