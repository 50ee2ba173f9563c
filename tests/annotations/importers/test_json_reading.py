"""JSON that is deep, cut off, in another encoding or no JSON in the strict sense: read as far as it goes, and reported."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.errors import SourceError
from annotations.importers.reading import json_reading
from annotations.importers.reading.json_reading import json_lines, read_json
from annotations.importers.reading.json_scanning import DEEPEST, scan_value
from annotations.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def source_of(raw: bytes | str) -> Source:
    return Source.of_bytes(raw if isinstance(raw, bytes) else raw.encode(), "a.json")


def sentences(source: Source) -> list[str]:
    return list(source.problems.sentences())


def depth_of(value: object) -> int:
    """Return how many lists and objects stand in each other, each in the first one's last."""
    depth = 0
    while isinstance(value, list | dict):
        depth += 1
        inner: list[Any] = list(value.values()) if isinstance(value, dict) else value
        value = inner[-1] if inner else None
    return depth


@given(VALUES)
@settings(deadline=None)
def test_what_was_written_as_json_is_read(value: object) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
        assert scan_value(text) == (value, len(text), None)
        if not any("\ud800" <= sign <= "\udfff" for sign in text):
            source = source_of(text)
            assert read_json(source) == value
            assert not source.problems.count


@given(VALUES, st.data())
@settings(deadline=None)
def test_of_a_document_that_was_cut_off_nothing_is_invented(value: object, data: st.DataObject) -> None:
    text = json.dumps([value, value])
    cut = text[: data.draw(st.integers(1, len(text) - 1))]
    found, end, broken = scan_value(cut)
    assert broken is not None
    assert broken.at == end
    for given_text in texts(found):
        assert any(whole.startswith(given_text) for whole in texts([value, "", value]))


@pytest.mark.parametrize("cut", ["", "u", "u0", "u001", "ud800", "ud83d\\", "uD83D\\uDe"])
@pytest.mark.parametrize("said", ["a", "\\\\", "\\\\\\\\", "\\n", "\\\\n"])
def test_half_an_escape_at_the_end_says_nothing(said: str, cut: str) -> None:
    """A backslash that is escaped itself begins none."""
    value, _, broken = scan_value(f'"{said}\\{cut}')
    assert broken is not None
    assert value == json.loads(f'"{said}"')


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def test_a_document_that_was_cut_off_is_read_up_to_there_and_that_is_said() -> None:
    source = source_of('{"id": 1,\n "children": [{"id": 2, "text": "whole"}, {"id": 3, "text": "hal')
    assert read_json(source) == {"id": 1, "children": [{"id": 2, "text": "whole"}, {"id": 3, "text": "hal"}]}
    assert sentences(source) == [
        "line 2, column 65: ends the document before it is complete; what stands before was read."
    ]


def test_a_strict_import_stops_there() -> None:
    source = source_of('{"id": 1')
    source.problems.is_strict = True
    with pytest.raises(SourceError, match=r"a\.json: line 1, column 9 ends the document before it is complete"):
        read_json(source)


@pytest.mark.parametrize(
    ("text", "value", "reason"),
    [
        ('[1, 2 "x"]', [1, 2], "a comma is missing"),
        ('{"a": 1, b: 2}', {"a": 1}, "the name of a member is missing"),
        ('{"a" 1}', {}, "a colon is missing"),
        ('{"a": [1, x]}', {"a": [1]}, "a value is missing"),
        ("[1}", [1], "closes what was not opened"),
    ],
)
def test_a_broken_place_is_named(text: str, value: object, reason: str) -> None:
    source = source_of(text)
    assert read_json(source) == value
    (said,) = sentences(source)
    assert "line 1, column" in said
    assert reason in said
    assert "characters were not" in said


@pytest.mark.parametrize("depth", [1000, DEEPEST // 2])
@pytest.mark.parametrize("is_whole", [True, False])
def test_any_depth_that_a_discussion_may_have_is_read(depth: int, is_whole: bool) -> None:  # noqa: FBT001  # a parameter
    source = source_of('{"children":[' * depth + ("]}" * depth if is_whole else ""))
    assert depth_of(read_json(source)) == 2 * depth
    assert bool(source.problems.count) == (not is_whole)


def test_a_document_that_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reading, "LARGEST_DOCUMENT", 1000)
    monkeypatch.setattr(json_reading, "MOST_VALUES", 100)
    assert read_json(source_of("[" + "1," * 98 + "1]")) == [1] * 99
    with pytest.raises(SourceError, match=r"holds more than 100 values.*as ndjson, a record a line"):
        read_json(source_of("[" + "{}," * 98 + "1]"))
    with pytest.raises(SourceError, match=r"has more than 1,000 bytes.*Import it in parts"):
        read_json(source_of(f'["{"word " * 300}"]'))


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_what_no_discussion_is_deep_is_refused(opening: str) -> None:
    deep = opening * (DEEPEST + 500)
    with pytest.raises(SourceError, match=r"more than 20,000 arrays and objects within each other.*is refused"):
        read_json(source_of(deep))
    with pytest.raises(SourceError, match=r"within each other \(line 2\)"):
        list(json_lines(source_of('{"a": 1}\n{"b":' + deep)))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_every_unicode_is_read(encoding: str) -> None:
    text = '{"text": "größer – 🙂"}'
    source = source_of(text.encode(encoding))
    assert read_json(source) == json.loads(text)
    assert list(json_lines(source_of((text + "\n" + text).encode(encoding)))) == [
        (1, json.loads(text)),
        (2, json.loads(text)),
    ]


def test_a_legacy_encoding_is_guessed_and_told() -> None:
    line = '{"text": "Der Bürgermeister erklärte gestern, daß die Brücke über den Fluß größer wird"}'
    source = source_of(line.encode("cp1252"))
    assert read_json(source)["text"].endswith("größer wird")
    assert "guessed as cp1252" in source.warnings[0]
    source = source_of("\n".join([line] * 3).encode("cp1252"))
    assert [record["text"][-12:] for _, record in json_lines(source)] == [" größer wird"] * 3
    assert not source.problems.count
    assert "guessed as cp1252" in source.warnings[0]


def test_what_writers_write_that_json_has_not_is_read() -> None:
    text = '\ufeff{"a": NaN, "b": [-Infinity, 1e999, 1,], "c": "x\ny", "d": "\\x \\ud83d\\ude00", "c2": "\ttab", "e": undefined,}'
    assert read_json(source_of(text)) == {
        "a": None,
        "b": [None, None, 1],
        "c": "x\ny",
        "d": "\\x 😀",
        "c2": "\ttab",
        "e": None,
    }


def test_of_two_members_of_one_name_the_last_counts() -> None:
    assert read_json(source_of('{"a": 1, "a": 2}'))["a"] == read_json(source_of('{"a": 1, "a": 2, "b": NaN}'))["a"] == 2


@pytest.mark.parametrize(
    "text", ['callback({"a": 1});', 'window.data.x = {"a": 1};', ')]}\'\n{"a": 1}', 'for(;;);{"a": 1}']
)
def test_what_servers_and_scripts_write_around_a_document_is_passed_over(text: str) -> None:
    source = source_of(text)
    assert read_json(source) == {"a": 1}
    assert not source.problems.count


def test_what_stands_behind_a_document_is_reported() -> None:
    source = source_of('{"a": 1} {"a": 2}')
    assert read_json(source) == {"a": 1}
    assert sentences(source) == [
        "line 1, column 9: stands behind the end of the JSON document; 8 characters were left out."
    ]


@pytest.mark.parametrize(
    ("raw", "said"), [(b"", "is empty"), (b"hello", "is no JSON: line 1"), (b"\x89PNG\r\n\x1a\n", "PNG image")]
)
def test_what_is_no_json_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        read_json(source_of(raw))


def test_lines_are_read_one_by_one_and_broken_ones_reported() -> None:
    source = source_of('{"a": 1}\n\n{"a": \n[1]\n"x"\n{"a": 2} x\n{"a": NaN}\n{"a": "\\ud83d"}\n')
    assert list(json_lines(source)) == [(1, {"a": 1}), (7, {"a": None}), (8, {"a": "\ud83d"})]
    assert sentences(source) == [
        "line 3: is no sound JSON: it ends before it is complete; it was left out.",
        "line 4, line 5: is no JSON object; it was left out.",
        "line 6: is no sound JSON: something stands behind its end; it was left out.",
    ]


def test_bytes_that_are_no_utf_8_are_reported_with_their_line() -> None:
    source = source_of(
        b'{"a": "sound \xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"}\n{"a": "\xff"}\n'
    )
    assert [record["a"] for _, record in json_lines(source)] == ["sound ääääääääää", "ÿ"]
    assert sentences(source) == ["line 2: has bytes that are no UTF-8; they were read as Windows-1252."]


@pytest.mark.parametrize(
    "text",
    ['[{"a": 1}, {"a": 2}]', '[\n{"a": 1},\n{"a": 2}\n]', '{\n "a": 1\n}\n{\n "a": 2\n}\n', '{"a": 1}\n{"a": 2}'],
)
def test_an_array_and_objects_over_several_lines_are_records_too(text: str) -> None:
    for raw in (text.encode(), gzip.compress(text.encode())):
        assert list(json_lines(source_of(raw))) == [(1, {"a": 1}), (2, {"a": 2})]


def test_an_array_that_was_cut_off_yields_what_is_whole() -> None:
    source = source_of('[{"a": 1}, {"a": 2}, 3, {"a"')
    assert list(json_lines(source)) == [(1, {"a": 1}), (2, {"a": 2}), (4, {})]
    assert len(sentences(source)) == 2


@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=200)
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for read in (read_json, lambda source: list(json_lines(source))):
        try:
            read(source_of(raw))
        except SourceError as error:
            assert error.message  # noqa: PT017  # either outcome is right, a traceback is not
