from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.text import highlight
from tui.text.code import guess_language, looks_like_code
from tui.text.decoration import Decoration, Kind
from tui.text.highlight import highlight_source
from tui.text.markup import read_markup

PYTHON = "def f(x):  # twice\n    return 2 * len(x)"
PIECES = [
    *"`>#()[]<\n \t", "```", "~~~", "```python\n", "    ", "x = 1", "def f():", "https://a.b/c", "www.", "http://", "\n\n", "\n> ", "word ", "“", ".", "日本",
    "print(1);", "{", "}",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=30)


def found(text: str, *kinds: Kind) -> list[tuple[str, str]]:
    return [(text[start:end], kind) for start, end, kind in read_markup(text).decorations if not kinds or kind in kinds]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://example.org/a?b=1#c.", ["https://example.org/a?b=1#c"]),
        ("(http://example.org/)", ["http://example.org/"]),
        ("https://en.example.org/Foo_(bar), and", ["https://en.example.org/Foo_(bar)"]),
        ("“www.example.org”, HTTPS://B.C!", ["www.example.org", "HTTPS://B.C"]),
        ("<https://example.org/x> [t](https://a.b/c)", ["https://example.org/x", "t"]),
        ("見てhttps://example.org/a。次", []),
        ("見て https://example.org/a。次", ["https://example.org/a"]),
        ("http:// www. https://. mailto:a@b.c xwww.a.b", []),
        ("https://a.b/\u202egpj.exe", ["https://a.b/"]),
        ("`https://a.b`", []),
    ],
)
def test_links_end_where_the_sentence_goes_on(text: str, links: list[str]) -> None:
    assert found(text, Kind.LINK) == [(link, Kind.LINK) for link in links]


def test_quoted_lines_are_one_range() -> None:
    text = "I read:\n> they said https://a.b/c\n> and more\nNo. 5 > 3"
    assert found(text) == [("> they said https://a.b/c\n> and more", Kind.QUOTE), ("https://a.b/c", Kind.LINK)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("call `f(x)` or ``g``", ["`f(x)`", "``g``"]),
        ("`two\nlines` and alone", []),
        ("a\n```\nx <- 1\n```\nb", ["```\nx <- 1\n```"]),
        ("~~~~\n```\n~~~~", ["~~~~\n```\n~~~~"]),
        ("```\nunclosed > `x`\n", ["```\nunclosed > `x`\n"]),
        ("```", ["```"]),
    ],
)
def test_fenced_and_inline_code(text: str, codes: list[str]) -> None:
    assert found(text) == [(code, Kind.CODE) for code in codes]


def test_code_in_a_fence_is_coloured_inside_its_block() -> None:
    text = f"Look:\n```python\n{PYTHON}\n```\nend"
    assert found(text) == [
        (f"```python\n{PYTHON}\n```", Kind.CODE),
        ("def", Kind.KEYWORD),
        ("f", Kind.FUNCTION),
        ("# twice", Kind.COMMENT),
        ("return", Kind.KEYWORD),
        ("2", Kind.NUMBER),
        ("*", Kind.OPERATOR),
        ("len", Kind.BUILTIN),
    ]


@pytest.mark.parametrize("fence", ["```nosuchlanguage", "```", "```\t?!"])
def test_an_unknown_language_is_plain_code(fence: str) -> None:
    text = f"{fence}\nfoo bar\n```"
    assert found(text) == [(text, Kind.CODE)]


def test_a_lexer_that_fails_leaves_plain_code(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def get_tokens_unprocessed(self, text: str) -> list[tuple[int, object, str]]:
            raise ValueError(text)

    monkeypatch.setattr(highlight, "_load_lexer", lambda _: Broken())
    assert found("```python\nx = 1\n```") == [("```python\nx = 1\n```", Kind.CODE)]


def test_a_lexer_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlight, "PATIENCE", -1.0)
    assert found(f"```python\n{PYTHON}\n```", Kind.KEYWORD, Kind.FUNCTION) == [("def", Kind.KEYWORD)]


@pytest.mark.parametrize("code", ["x = 1\n" * 2000, "x = " + "1 + " * 200 + "1"])
def test_long_blocks_and_long_lines_are_not_coloured(code: str) -> None:
    assert [kind for _, kind in found(f"```python\n{code}\n```")] == [Kind.CODE]


CODE = [
    "    def f(x):\n        return x + 1\n\n    print(f(2))",
    "    for (i = 0; i < n; i++) {\n        sum += a[i];\n    }",
    "    $ pip install postil\n    $ postil --help",
    "\tSELECT name FROM posts\n\tWHERE id = 3;",
    "    #include <stdio.h>\n    int main() { return 0; }",
    '    {"a": 1,\n     "b": 2}',
    "    >>> import json\n    >>> json.loads(text)",
    "    <div class='x'>\n    </div>",
]
PROSE = [
    "    This is indented prose, as people write it.\n    It goes on for two lines.",
    "    They can say all they want",
    "    • Anna Weber",
    "    - a list (with a note)\n    - more = better",
    "    1. First point;\n    2. Second point;",
    "    Roses are red,\n    Violets are blue;\n    sugar is sweet",
    "    https://example.org/?a=b",
    "    “Quoted”, she said – (really?).",
    "    Anna\n\n    Ben",
    "    NATO(Brussels) is here",
]


@pytest.mark.parametrize("code", CODE)
def test_indented_code_is_found(code: str) -> None:
    text = f"Try this:\n\n{code}\n\nIt works."
    assert found(text, Kind.CODE) == [(code, Kind.CODE)]
    assert looks_like_code(code.split("\n"))


@pytest.mark.parametrize("prose", PROSE)
def test_indented_prose_is_not_code(prose: str) -> None:
    assert found(f"A line:\n\n{prose}\n\nAnother.", Kind.CODE) == []


@pytest.mark.parametrize("code", CODE)
def test_code_that_continues_a_paragraph_is_prose(code: str) -> None:
    assert found(f"A line\n{code.splitlines()[0]}\nAnother.", Kind.CODE) == []


@pytest.mark.parametrize(
    ("code", "language"),
    [
        (PYTHON, "python"),
        ("#include <stdio.h>", "c"),
        ("$ ls -la", "bash"),
        ('{"a": [1]}', "json"),
        ("<!DOCTYPE html><p>", "html"),
        ("SELECT a FROM b", "sql"),
        ("const x = () => 1", "javascript"),
        ("fn main() {}", "rust"),
        ("plain words", ""),
        ("", ""),
    ],
)
def test_languages_are_guessed_by_their_look(code: str, language: str) -> None:
    assert guess_language(code) == language


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "json",
            '{"a": [1, true, "x"]}',
            [('"a"', "property"), ("1", "number"), ("true", "keyword"), ('"x"', "string")],
        ),
        ("jsonl", '{"a": 1}\n{"a": 2}\n', [('"a"', "property"), ("1", "number"), ('"a"', "property"), ("2", "number")]),
        ("toml", "[a]\nb = 1 # c\n", [("[a]", "keyword"), ("=", "operator"), ("1", "number"), ("# c", "comment")]),
        ("md", "# Title\n**b** *e*\n", [("# Title", "heading"), ("**b**", "strong"), ("*e*", "emphasis")]),
        ("python", "import x", [("import", "keyword")]),
        (
            "csv",
            'id,n\n"a ""b""\n",2.5\nx,-1\n',
            [("id", "property"), ("n", "property"), ('"a ""b""\n"', "string"), ("2.5", "number"), ("-1", "number")],
        ),
        ("tsv", "id\tn\na b\t7", [("id", "property"), ("n", "property"), ("7", "number")]),
        ("csv", '"open', [('"open', "property")]),
        ("nosuchlanguage", "x", []),
        ("json", "", []),
    ],
)
def test_sources_are_coloured_whole(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert [(text[start:end], kind) for start, end, kind in highlight_source(text, language)] == expected


def test_a_huge_source_stays_plain() -> None:
    assert highlight_source("[1]" * 100_000, "json") == []


@given(TEXTS)
def test_decorations_are_sorted_inside_the_text_and_nest(text: str) -> None:
    every = list(read_markup(text).decorations)
    assert every == sorted(every, key=lambda decoration: (decoration.start, -decoration.end, decoration.kind))
    blocks = [decoration for decoration in every if decoration.kind in {Kind.CODE, Kind.QUOTE}]
    of_words = {Kind.CODE, Kind.QUOTE, Kind.LINK, Kind.MARKUP, Kind.HEADING, Kind.STRONG, Kind.EMPHASIS, Kind.STRUCK}
    for start, end, kind in every:
        assert 0 <= start < end <= len(text)
        if kind not in of_words:
            assert any(block.start <= start and end <= block.end for block in blocks)
    codes = [decoration for decoration in blocks if decoration.kind is Kind.CODE]
    for before, after in pairwise(codes):
        assert before.end <= after.start


@given(TEXTS, st.sampled_from(["json", "csv", "toml", "markdown", "python"]))
def test_sources_of_any_text_are_coloured_in_order(text: str, language: str) -> None:
    last = 0
    for start, end, kind in highlight_source(text, language):
        assert last <= start < end <= len(text)
        assert isinstance(kind, Kind)
        last = end


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "http://a",
        ")",
        "`",
        "`a",
        "    a(",
        "    x = 1\n",
        "> ",
        "\n>",
        " =",
        "if ",
        "~~~\n",
        "www.",
        ".",
        "    ;  ",
        "\n\n    {",
        "[(",
    ],
)
def test_odd_text_takes_time_by_its_length(piece: str) -> None:
    text = "    http://" + piece * (50_000 // len(piece))
    started = process_time()
    assert len(read_markup(text).decorations) <= len(text)
    assert process_time() - started < 3


def test_pygments_is_loaded_for_code_alone() -> None:
    script = (
        "import sys; from tui.text.markup import read_markup;"
        "read_markup('prose `x` https://a.b\\n> quoted\\n```\\nplain words\\n```');"
        "assert 'pygments' not in sys.modules;"
        "read_markup('```python\\nx = 1\\n```');"
        "assert 'pygments.lexers.python' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_decorations_are_plain_tuples() -> None:
    assert Decoration(1, 2, Kind.LINK) == (1, 2, "link")


def test_a_fence_without_a_language_is_python_where_it_loops_and_prints_as_python_does() -> None:
    text = "```\ntoll = 2.40 # pounds\nfor cars in (19_000, 27_000): print(cars * toll)\n```"
    kinds = {kind for _, _, kind in read_markup(text).decorations}
    assert {Kind.KEYWORD, Kind.NUMBER, Kind.COMMENT} <= kinds
