"""A JSON document that is too large for the memory says the same as one that is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.errors import SourceError
from annotations.importers import discourse, hacker_news, mastodon, slack, web_annotation, youtube
from annotations.importers.reading import json_blocks, json_storing
from annotations.importers.reading.json_scanning import scan_value
from annotations.importers.reading.json_storing import read_large
from annotations.importers.reading.stored_list import StoredList, StoredText
from annotations.sources.source import Source

if TYPE_CHECKING:
    from annotations.model import Thread

SAMPLES = Path(__file__).parents[3] / "sample_data"
LISTS = frozenset({"a", "b"})

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.sampled_from("abcd") | st.text(), inner, max_size=5),
    max_leaves=40,
)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything be large, and read a few characters at a time."""
    monkeypatch.setattr(json_storing, "LARGE", 0)
    monkeypatch.setattr(json_blocks, "BLOCK", 32)
    monkeypatch.setattr(json_storing, "BLOCK", 32)
    monkeypatch.setattr(json_storing, "_LONG", 24)


def plain(value: object) -> object:
    """Return a value with lists instead of those on the disk."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | StoredList) else value


def read(raw: bytes) -> tuple[list[object], list[str]]:
    source = Source.of_bytes(raw, "page.json")
    found = [plain(document) for document in read_large(source, LISTS)]
    return found, list(source.problems.sentences())


@settings(max_examples=60, deadline=None)
@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_a_document_says_what_it_says(value: object, indent: int | None, is_ascii: bool) -> None:  # noqa: FBT001
    raw = json.dumps(value, indent=indent, ensure_ascii=is_ascii).encode("utf-8", "replace")
    assert read(raw) == ([json.loads(raw)], [])


@settings(max_examples=60, deadline=None)
@given(VALUES.filter(lambda value: isinstance(value, dict | list) and value), st.floats(0.01, 0.99))
def test_what_stands_before_the_end_of_a_cut_document_is_kept(value: object, share: float) -> None:
    text = json.dumps(value)
    cut = text[: max(1, int(len(text) * share))]
    expected, _, broken = scan_value(cut)
    found, said = read(cut.encode())
    assert found == [expected]
    assert broken is not None
    assert len(said) == 1
    assert (broken.reason or "before it is complete") in said[0]


def test_a_break_is_reported_with_its_place() -> None:
    head = '{\n "a": [' + ", ".join(f'{{"number": {number}}}' for number in range(40))
    found, said = read(f'{head},\n   what],\n "c": 1}}'.encode())
    assert found == [{"a": [{"number": number} for number in range(40)]}]
    assert said == ["line 3, column 4: cannot be read: a value is missing; what stands before was read."]


def test_nesting_of_thousands_of_levels_is_read() -> None:
    deep = 6000
    raw = b'{"a": [' * deep + b"7" + b"]}" * deep
    source = Source.of_bytes(raw)
    (value,) = read_large(source, LISTS)
    levels = 0
    while isinstance(value, dict):
        value = value["a"][0]
        levels += 1
    assert (levels, value) == (deep, 7)
    assert not list(source.problems.sentences())


def test_more_levels_than_any_document_has_are_refused_with_their_place() -> None:
    source = Source.of_bytes(b"[" * 150_000)
    with pytest.raises(SourceError, match=r"more than 20,000 .* within each other \(line 1, column 20001\)"):
        read_large(source, LISTS)


def test_an_object_of_records_by_their_numbers_becomes_a_list_on_the_disk() -> None:
    raw = b'{"12": {"id": 12, "kids": [13]}, "13": {"id": 13}, "odd": 7}'
    (found,) = read_large(Source.of_bytes(raw), LISTS, is_by_number=True)
    assert isinstance(found, StoredList)
    assert list(found) == [{"id": 12, "kids": [13]}, {"id": 13}, 7]
    assert read_large(Source.of_bytes(b'{"id": 12, "13": {}}'), LISTS, is_by_number=True) == [{"id": 12, "13": {}}]
    assert read_large(Source.of_bytes(raw), LISTS) == [json.loads(raw)]


def test_what_would_fill_the_memory_beside_the_lists_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_storing, "MOST_MEMBERS", 20)
    many = "{" + ", ".join(f'"k{number}": {number}' for number in range(30)) + "}"
    with pytest.raises(SourceError, match=r"an object of more than 20 members \(line 1, column \d+\)"):
        read_large(Source.of_bytes(many.encode() + b" " * 300_000), LISTS)
    monkeypatch.setattr(json_storing, "LONGEST_VALUE", 1000)
    with pytest.raises(SourceError, match="a value of more than 1,000 characters"):
        read_large(Source.of_bytes(b'{"c": "' + b"word " * 200_000), LISTS)


def test_several_documents_are_read_and_what_is_none_is_reported() -> None:
    assert read(b'{"a": 1}\n\n["b"]') == ([{"a": 1}, ["b"]], [])
    found, said = read(b'{"a": 1} and so on')
    assert found == [{"a": 1}]
    assert "stands behind the end" in said[0]


@pytest.mark.parametrize("raw", [b"", b"  \n", b"neither"])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(SourceError):
        read_large(Source.of_bytes(raw, "page.json"), LISTS)


def test_only_the_named_lists_are_on_the_disk() -> None:
    value = {"a": list(range(100)), "other": list(range(100)), "b": {"a": [{"other": list(range(100))}]}}
    (found,) = read_large(Source.of_bytes(json.dumps(value).encode()), LISTS)
    assert isinstance(found, dict)
    assert isinstance(found["a"], StoredList)
    assert isinstance(found["other"], list)
    assert plain(found) == value


def test_a_stored_list_is_a_sequence() -> None:
    stored = StoredList(StoredText())
    entries: list[object] = [{"text": "x" * 3000, "number": number} for number in range(100)]
    for number, entry in enumerate(entries):
        if number % 7:
            stored.append_raw(json.dumps(entry).encode())
        else:
            stored.append(entry)
    assert len(stored) == len(entries)
    assert list(stored) == entries
    assert stored[3] == entries[3]
    assert stored[-1] == entries[-1]
    assert stored[7] is entries[7]
    assert stored[90:] == entries[90:]
    one, other = iter(stored), iter(stored)  # two readers at once
    assert [(next(one), next(other)) for _ in entries] == [(entry, entry) for entry in entries]
    with pytest.raises(IndexError):
        stored[100]


def threads_of(importer: Any, path: Path) -> list[Thread]:  # noqa: ANN401  # a module
    from annotations.sources.source import open_source  # noqa: PLC0415  # after the limits were set

    return list(importer.read(open_source(path)))


@pytest.mark.parametrize(
    ("importer", "sample"),
    [
        (youtube, "youtube-comments.info.json"),
        (discourse, "discourse-topic.json"),
        (mastodon, "mastodon-context.json"),
        (hacker_news, "hacker-news-item.json"),
        (slack, "slack-export"),
        (web_annotation, "web-annotations.jsonld"),
        (web_annotation, "hypothesis-ferry.json"),
    ],
)
def test_a_thread_is_the_same_however_large_its_document(
    importer: Any,  # noqa: ANN401  # a module
    sample: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    large = threads_of(importer, SAMPLES / sample)
    monkeypatch.setattr(json_storing, "LARGE", 1 << 30)
    assert threads_of(importer, SAMPLES / sample) == large


@pytest.mark.parametrize("is_alone", [True, False])
def test_lists_of_records_alone_are_read_from_the_disk(
    is_alone: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    comments = json.loads((SAMPLES / "youtube-comments.info.json").read_bytes())["comments"]
    context = json.loads((SAMPLES / "mastodon-context.json").read_bytes())
    page = context if "descendants" in context else context["context"]
    statuses = page["ancestors"] + page["descendants"]
    items = [
        json.loads(line) for line in (SAMPLES / "hacker-news-items.jsonl").read_bytes().splitlines() if line.strip()
    ]
    for importer, records in ((youtube, comments), (mastodon, statuses), (hacker_news, items)):
        path = tmp_path / "page.json"
        path.write_text(json.dumps(records if is_alone else [*records, None]))
        monkeypatch.setattr(json_storing, "LARGE", 0)
        large = threads_of(importer, path)
        monkeypatch.setattr(json_storing, "LARGE", 1 << 30)
        assert threads_of(importer, path) == large
