"""The scanner finds the line of everything in a TOML text, whatever stands inside strings and comments."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.toml_lines import DEPTH_LIMIT, Path, find_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

# Pieces that would mislead a search by regular expression.
_TRICKS = ["[[labels]]", "[x]", "id = 1", "#", "=", ",", "]", "}", "'", "ü", "\U0001f6a2", " ", "\t", "a.b", "\\"]
_BARE = st.sampled_from(["0", "-3", "1.5e3", "true", "inf", "1979-05-27 07:32:00", "07:32:00", "0xff", "1_000"])


class _Writer:
    """Write TOML and remember the line on which each path was begun: the oracle."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.text = ""
        self.starts: dict[Path, int] = {}
        self._names = 0

    def expect(self, path: Path) -> None:
        self.starts.setdefault(path, self.text.count("\n") + 1)

    def key(self) -> tuple[str, str]:
        """Return a key never used before, and how it is written."""
        self._names += 1
        name = f"k{self._names}"
        style = self.draw(st.sampled_from(["bare", "basic", "literal"]))
        if style == "bare":
            return name, name
        name += self.draw(st.sampled_from(["", ".x", " [[y]]", "#", " = "]))
        return (name, json.dumps(name)) if style == "basic" else (name, f"'{name}'")

    def keys(self, path: Path) -> Path:
        """Write a key, dotted or not, and expect every step of it."""
        for index in range(self.draw(st.integers(1, 3))):
            name, written = self.key()
            path = (*path, name)
            self.expect(path)
            self.text += f"{self.draw(st.sampled_from(['.', ' . ']))}{written}" if index else written
        return path

    def noise(self) -> None:
        """Write what means nothing, at a place where lines may break."""
        self.text += self.draw(st.sampled_from(["", " ", "\n", "\n\n", " # [[labels]]\n", '# id = """\n\t']))

    def string(self) -> str:
        style = self.draw(st.sampled_from(['"', "'", '"""', "'''"]))
        pieces = self.draw(st.lists(st.sampled_from([*_TRICKS, '"', "\n", '""', "''"]), max_size=6))
        content = "".join(pieces)
        if style == '"':
            return json.dumps(content, ensure_ascii=False)
        if style == "'":
            return "'" + content.replace("'", "").replace("\n", "") + "'"
        if style == '"""':
            return '"""' + content.replace("\\", "\\\\").replace('"""', '""\\"') + '"""'
        while "'''" in content:
            content = content.replace("'''", "''")
        return "'''" + content + "'''"

    def value(self, path: Path, depth: int = 0) -> None:
        self.expect(path)
        kind = self.draw(st.sampled_from(["bare", "string", "string", *(["array", "table"] if depth < 3 else [])]))
        if kind == "bare":
            self.text += self.draw(_BARE)
        elif kind == "string":
            self.text += self.string()
        elif kind == "array":
            self.array(path, depth)
        else:
            self.inline_table(path, depth)

    def array(self, path: Path, depth: int) -> None:
        self.text += "["
        for index in range(self.draw(st.integers(0, 3))):
            self.text += "," if index else ""
            self.noise()
            self.value((*path, index), depth + 1)
            self.noise()
        self.text += "]"

    def inline_table(self, path: Path, depth: int) -> None:
        self.text += "{ "
        for index in range(self.draw(st.integers(0, 3))):
            self.text += ", " if index else ""
            inner = self.keys(path)
            self.text += "="
            self.value(inner, depth + 1)
        self.text += " }"

    def fields(self, path: Path) -> None:
        for _ in range(self.draw(st.integers(0, 3))):
            self.noise()
            self.text = self.text if not self.text or self.text.endswith(("\n", "\t")) else self.text + "\n"
            field = self.keys(path)
            self.text += self.draw(st.sampled_from([" = ", "=", "\t=  "]))
            self.value(field)
            self.text += self.draw(st.sampled_from(["\n", "  # ]] and on\n"]))

    def arrays_of_tables(self) -> None:
        name, written = self.key()
        below, below_written = self.key()
        for index in range(self.draw(st.integers(1, 3))):
            self.expect((name,))
            self.expect((name, index))
            self.text += f"[[ {written} ]]  # [[x]]\n"
            self.fields((name, index))
            for below_index in range(self.draw(st.integers(0, 2))):
                self.expect((name, index, below))
                self.expect((name, index, below, below_index))
                self.text += f"[[{written}.{below_written}]]\n"
                self.fields((name, index, below, below_index))

    def table(self) -> None:
        self.text += "["
        path = self.keys(())
        self.text += "]\n"
        self.fields(path)


@st.composite
def _documents(draw: st.DrawFn) -> tuple[str, dict[Path, int]]:
    writer = _Writer(draw)
    writer.fields(())
    for _ in range(draw(st.integers(0, 3))):
        writer.text += "" if writer.text.endswith("\n") or not writer.text else "\n"
        draw(st.sampled_from([writer.arrays_of_tables, writer.table]))()
    return writer.text, writer.starts


def _paths(value: object, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _paths(inner, (*path, index))


@settings(max_examples=100, deadline=None)
@given(_documents())
def test_every_path_that_tomllib_sees_is_found_on_its_line(document: tuple[str, dict[Path, int]]) -> None:
    text, starts = document
    lines = find_lines(text)
    assert set(starts) == set(_paths(tomllib.loads(text)))  # the oracle itself
    assert lines.stopped_at is None
    assert dict(lines.starts) == starts


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab=.,[]{}\"'#\\\n\t 1ü\x00", max_size=60))
def test_any_text_comes_to_an_end_and_valid_toml_is_never_refused(text: str) -> None:
    lines = find_lines(text)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.starts.values())
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert lines.stopped_at is None
    assert set(lines.starts) == set(_paths(document))


def test_headings_in_texts_and_comments_begin_no_table() -> None:
    text = '# [[labels]]\n[[labels]]\nguidelines = """\n[[labels]]\nid = "no"\n"""\nid = "a" # [[labels]]\n[[labels]]\n'
    assert dict(find_lines(text).starts) == {
        ("labels",): 2,
        ("labels", 0): 2,
        ("labels", 0, "guidelines"): 3,
        ("labels", 0, "id"): 7,
        ("labels", 1): 8,
    }


def test_quotes_at_the_end_of_a_long_text_belong_to_it() -> None:
    text = 'a = """x"""""\nb = \'\'\'y\'\'\'\'\nc = 1'
    assert tomllib.loads(text) == {"a": 'x""', "b": "y'", "c": 1}
    assert dict(find_lines(text).starts) == {("a",): 1, ("b",): 2, ("c",): 3}


def test_what_is_not_there_stands_where_its_table_begins() -> None:
    lines = find_lines("name = 1\n\n[[labels]]\nid = 2\n")
    assert lines.of(("labels", 0, "colour")) == 3
    assert lines.of(("labels", 0, "examples", 4, "text")) == 3
    assert lines.of(("groups",)) == 1
    assert lines.of(()) == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a = 1\nb = "open\nc = 2\n', 2),
        ('a = 1\nb = """open\nc = 2\n', 2),
        ("a = '''\n\n", 1),
        ("a = 1\nb = [\n  1,\n  2,\n", 2),
        ("a = 1\nb = [\n  1,\n  'open\n", 4),
        ("a = {b = 1\n\n", 1),
        ("a = 1\n[[labels]\n", 2),
        ("a = 1\nb\n", 2),
        ("a = 1\n= 2\n", 2),
        ("a =", 1),
        ('"\\q" = 1', 1),
    ],
)
def test_the_scanner_stops_where_the_mistake_was_made(text: str, line: int) -> None:
    assert find_lines(text).stopped_at == line


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\na = " + "[" * 100_000,
        "x = 1\na = " + "{a = " * 100_000,
        "x = 1\n" + ".".join("a" * 100_000) + " = 1",
        "x = 1\n[" + ".".join("a" * 100_000) + "]",
        "x = 1\n" + ".".join("a" * (DEPTH_LIMIT + 1)) + " = 1",
    ],
)
def test_what_is_nested_too_deeply_is_told_at_once(text: str) -> None:
    lines = find_lines(text)
    assert lines.is_too_deep
    assert lines.stopped_at == 2


def test_the_deepest_nesting_that_is_allowed_is_read() -> None:
    lines = find_lines(".".join("a" * DEPTH_LIMIT) + " = 1")
    assert lines.stopped_at is None
    assert ("a",) * DEPTH_LIMIT in lines.starts
