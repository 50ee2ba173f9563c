"""Text that people wrote, in Markdown and YAML so that it stays text (CommonMark 0.31, GitHub's tables, YAML 1.2)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MARKS = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        **{sign: f"\\{sign}" for sign in "\\`*_[]|~$#"},
        **dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),  # they would turn what stands behind
    }
)
_BLOCK = re.compile(r"^([-+=]|\d{1,9}[.)](?=\s|$))")
"""What makes a list, a heading or a rule at the beginning of a line."""

_LISTED = re.compile(r"\\[-+*]|\d{1,9}\\|[•–—]")
"""How such a line begins once it is escaped."""

_UNPRINTED = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


def inline(text: str) -> str:
    """Return a text on one line, so that Markdown shows it as it is: in a sentence, a heading or a table."""
    return " ".join(text.split()).translate(_MARKS)


def alone(text: str) -> str:
    """Return a text on a line of its own, or at the beginning of one, so that Markdown shows it as it is."""
    line = inline(text)
    found = _BLOCK.match(line)
    return line if found is None else f"{found[0][:-1]}\\{found[0][-1]}{line[len(found[0]) :]}"


def code(text: str) -> str:
    """Return a text on one line as code, in a table too."""
    text = " ".join(text.split()).replace("|", "\u2758") or " "
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def quoted(text: str) -> str:
    """Return a text as a quotation with its paragraphs; a line ends only before one that begins as in a list."""
    lines = [alone(line) for line in text.strip().splitlines()]
    shown = [
        f"> {line}\\" if line and _LISTED.match(following) else f"> {line}".rstrip()
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
    ]
    return "\n".join(shown)


def table(header: Sequence[str], rows: Iterable[Sequence[object]], numbers: int = 0) -> str:
    """Return a table; its cells are Markdown already.

    Args:
        header: The headings.
        rows: The cells.
        numbers: How many columns, counted from the last, hold numbers: they are set to the right.
    """
    rule = ["---"] * (len(header) - numbers) + ["---:"] * numbers
    lines = [header, rule, *([figure(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def figure(value: object) -> str:
    """Return a number with its thousands apart, anything else as it is."""
    return f"{value:,}" if isinstance(value, int) else str(value)


def yaml_text(text: str) -> str:
    """Return a text as a quoted scalar of YAML."""
    quoted_text = json.dumps(text, ensure_ascii=False)
    return _UNPRINTED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted_text)


def many(number: int, word: str) -> str:
    """Return a number with the word for what is counted, in the plural where it is not one."""
    return f"{figure(number)} {word}" if number == 1 else f"{figure(number)} {word}s"
