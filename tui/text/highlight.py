"""What code is made of.

Linear in the text's length whatever it holds; pygments is loaded only when there is code to colour.
"""

from __future__ import annotations

import importlib
import re
from functools import cache
from itertools import groupby
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from tui.text.decoration import Decoration, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST_BLOCK = 8_000
"""Characters of a block of code above which it is not coloured inside."""

LONGEST_LINE = 400
"""Characters of a line above which its block is not coloured: many lexers take the square of it."""

LONGEST_SOURCE = 200_000
"""Characters of a source above which its preview is not coloured."""

PATIENCE = 0.1
"""Seconds after which what is left of a block or source stays plain; an honest block takes a hundredth of it."""


class Lexer(Protocol):
    """What is needed of a pygments lexer."""

    def get_tokens_unprocessed(self, text: str) -> Iterable[tuple[int, object, str]]:
        """Yield offset, type and text of each token."""


_CSV_CELL = r"\"(?:[^\"]|\"\")*\"?|[^,;\t\n\"]+|[,;\t\n]"
_NUMBER = r"\s*[-+]?\d+(?:[.,]\d+)*(?:[eE][-+]?\d+)?%?\s*"
_LANGUAGES = {"jsonl": "json", "ndjson": "json", "md": "markdown", "py": "python"}
_TABLES = frozenset(("csv", "tsv"))


def colour_code(code: str, language: str, at: int) -> Iterator[Decoration]:
    """Yield what a block of code is made of, nothing where it is long.

    Args:
        code: The code, without its fence.
        language: What its fence says it is, or "": then it is guessed.
        at: Where the code stands in its text.
    """
    from tui.text.code import guess_language  # noqa: PLC0415  # loaded on use: most threads hold no code

    if len(code) <= LONGEST_BLOCK and all(len(line) <= LONGEST_LINE for line in code.split("\n")):
        for start, end, kind in _colour(code, language or guess_language(code)):
            yield Decoration(start + at, end + at, kind)


def highlight_source(text: str, language: str) -> list[Decoration]:
    """Return what to set off in a whole source: JSON, JSON lines, CSV, TSV, TOML, Markdown, Python.

    Args:
        text: The source.
        language: Its name or file suffix without the dot; an unknown one gives no decorations.
    """
    if len(text) > LONGEST_SOURCE:
        return []
    if language.lower() in _TABLES:
        return list(_colour_table(text))
    return list(_colour(text, language))


def _colour(code: str, language: str) -> list[Decoration]:
    """Return what pygments finds in `code`; nothing where it does not know the language or fails."""
    if not language or not code.strip() or (lexer := _load_lexer(language)) is None:
        return []
    tokens: list[tuple[int, int, Kind | None]] = []
    deadline = monotonic() + PATIENCE
    try:
        for start, name, value in lexer.get_tokens_unprocessed(code):
            tokens.append((start, start + len(value), _kind_of(str(name))))
            if monotonic() > deadline:
                break
    except Exception:  # noqa: BLE001  # a lexer of 500, on any text: without colours the code is still readable
        return []
    return list(_join(tokens))


def _join(tokens: list[tuple[int, int, Kind | None]]) -> Iterator[Decoration]:
    """Join neighbours of one kind and leave out what has none."""
    for kind, group in groupby(tokens, key=lambda token: token[2]):
        if kind is None:
            continue
        start = end = -1
        for token_start, token_end, _ in group:
            if token_start != end:
                if end > start:
                    yield Decoration(start, end, kind)
                start = token_start
            end = token_end
        if end > start:
            yield Decoration(start, end, kind)


@cache
def _load_lexer(language: str) -> Lexer | None:
    # by name, because pygments brings no types; loaded on use, because most text holds no code
    lexers = importlib.import_module("pygments.lexers")
    unknown: type[Exception] = importlib.import_module("pygments.util").ClassNotFound
    language = language.lower()
    try:
        lexer: Lexer = lexers.get_lexer_by_name(_LANGUAGES.get(language, language))
    except unknown:
        return None
    return lexer


_KINDS = (
    ("Token.Comment", Kind.COMMENT),
    ("Token.Literal.String", Kind.STRING),
    ("Token.Literal.Number", Kind.NUMBER),
    ("Token.Literal.Date", Kind.NUMBER),
    ("Token.Operator.Word", Kind.KEYWORD),
    ("Token.Operator", Kind.OPERATOR),
    ("Token.Keyword", Kind.KEYWORD),
    ("Token.Name.Function", Kind.FUNCTION),
    ("Token.Name.Class", Kind.FUNCTION),
    ("Token.Name.Decorator", Kind.FUNCTION),
    ("Token.Name.Builtin", Kind.BUILTIN),
    ("Token.Name.Exception", Kind.BUILTIN),
    ("Token.Name.Tag", Kind.PROPERTY),
    ("Token.Name.Attribute", Kind.PROPERTY),
    ("Token.Name.Property", Kind.PROPERTY),
    ("Token.Generic.Heading", Kind.HEADING),
    ("Token.Generic.Subheading", Kind.HEADING),
    ("Token.Generic.Strong", Kind.STRONG),
    ("Token.Generic.Emph", Kind.EMPHASIS),
)


@cache
def _kind_of(name: str) -> Kind | None:
    """Return the kind for the name of a pygments token type, or None for plain code."""
    return next((kind for prefix, kind in _KINDS if name == prefix or name.startswith(f"{prefix}.")), None)


def _colour_table(text: str) -> Iterator[Decoration]:
    """Yield the header, the quoted cells and the numbers of a table; pygments has no lexer for them."""
    is_header = True
    for match in re.finditer(_CSV_CELL, text):
        cell = match[0]
        if cell == "\n":
            is_header = False
        elif cell in {",", ";", "\t"}:
            continue
        elif is_header:
            yield Decoration(*match.span(), Kind.PROPERTY)
        elif cell.startswith('"'):
            yield Decoration(*match.span(), Kind.STRING)
        elif re.fullmatch(_NUMBER, cell):
            yield Decoration(*match.span(), Kind.NUMBER)
