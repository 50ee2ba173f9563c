"""Where code stands in a text that people wrote, in which language, and whether it is code at all."""

from __future__ import annotations

import re
from typing import NamedTuple

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([\w+#.-]*)[^`]*\Z")
_INDENTED = re.compile(r"(?: {4}|\t)[ \t]*\S")
_URL = re.compile(r"https?://\S+|www\.\S+")
_LISTED = re.compile(r"\s*(?:[-*+•‣◦▪·–—]\s|\(?\d{1,3}[.)]\s|\(?[A-Za-z][.)]\s)")
_SIGNALS = re.compile(
    r"[{};]\s*\Z|\w\([^()\s]*\)\s*[;:{.]?\s*\Z"  # ends like a statement, or with a call
    r"|[\w)\]\"']\s?(?:[-+*/%&|]?=|==|!=|<=|>=|->|=>|&&|\|\|)\s?[\w(\[{\"'$&*!-]"  # an operator between two terms
    r"|\A\s*(?:def|class|if|elif|for|while|with|except|switch)\b[^.!?]*[:{]\s*\Z"
    r"|\A\s*(?:import|from|return|else:|try:|pass\b|end\b|fi\b|done\b)[^.!?,]*\Z"
    r"|\A\s*(?:const|let|var|public|private|static|void|int|func|fn|use|using|package|export)\s+[\w<>*:. ]+[=({;]"
    r"|\A\s*(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE|FROM|WHERE)\s+[\w*\"]"
    r"|\A\s*(?:#!|#include|//|/\*|\$ \w|>>> |</?[a-z]\w*[ />]|@\w+\()"
)
_PLAIN_WORD = re.compile(r"(?<!\S)[A-Za-z\u00c0-\u024f'’]+[,.!?]?(?!\S)")
_LONGEST_LINE = 400
_FEWEST_PROSE_WORDS = 8

_CUES = (
    (
        "python",
        re.compile(
            r"^\s*(?:def \w+\(.*:|class \w+.*:|from [\w.]+ import |import \w+$|elif |>>> |for [\w, ()]+ in [^{]*:|print\()",
            re.MULTILINE,
        ),
    ),
    ("c", re.compile(r"^\s*#include\b|\bint main\s*\(", re.MULTILINE)),
    ("bash", re.compile(r"\A\s*#!.*sh\b|^\s*\$ \w|^\s*(?:sudo|cd|echo|export|apt-get|pip|git) ", re.MULTILINE)),
    ("json", re.compile(r"\A\s*[\[{]\s*(?:[\"\[{}\]]|-?\d)")),
    ("html", re.compile(r"\A\s*<(?:!doctype|[a-z][a-z0-9]*[ />])", re.IGNORECASE)),
    (
        "sql",
        re.compile(r"^\s*(?:SELECT\b.*\bFROM|INSERT INTO|CREATE TABLE|UPDATE \w+ SET)\b", re.MULTILINE | re.IGNORECASE),
    ),
    ("javascript", re.compile(r"\b(?:const|let|var) \w+ =|\bfunction\b ?\w*\(|=>|console\.log\(")),
    ("rust", re.compile(r"\bfn \w+\(|\blet mut\b")),
    ("go", re.compile(r"^package \w+|\bfunc \w*\(", re.MULTILINE)),
    ("java", re.compile(r"\bpublic (?:static |class |final )|\bSystem\.out\.")),
)


class CodeBlock(NamedTuple):
    """Lines of code, as offsets.

    Args:
        start: Where the block starts, its fence included.
        end: Where it ends, its fence included, without the last newline.
        code_start: Where the code itself starts.
        code_end: Where it ends.
        language: What its fence says it is, or "".
    """

    start: int
    end: int
    code_start: int
    code_end: int
    language: str


def find_blocks(text: str) -> list[CodeBlock]:
    """Return fenced and indented blocks of code in order; indented ones only where they look like code.

    Source: CommonMark 0.31, sections 4.4 and 4.5; that an indented block must look like code is ours, because people
    indent prose too.
    """
    if "    " not in text and "\t" not in text and "```" not in text and "~~~" not in text:
        return []
    found: list[CodeBlock] = []
    lines = _numbered_lines(text)
    at = 0
    is_after_blank = True
    while at < len(lines):
        start, line = lines[at]
        stop = at
        if fence := _FENCE.match(line):
            block, stop = _read_fenced(lines, at, fence)
            found.append(block)
        elif is_after_blank and _INDENTED.match(line):
            stop = _find_indented_end(lines, at)
            if looks_like_code([text_of for _, text_of in lines[at:stop]]):
                end = lines[stop - 1][0] + len(lines[stop - 1][1])
                found.append(CodeBlock(start, end, start, end, ""))
        is_after_blank = not line.strip() or stop > at
        at = max(stop, at + 1)
    return found


def looks_like_code(lines: list[str]) -> bool:
    """Tell code from indented prose and lists: most lines have the marks of code, none reads as a sentence."""
    signals = count = 0
    for whole in lines:
        line = _URL.sub("", whole[:_LONGEST_LINE])
        if not line.strip():
            continue
        count += 1
        if _LISTED.match(line) or len(_PLAIN_WORD.findall(line)) >= _FEWEST_PROSE_WORDS:
            return False
        signals += _SIGNALS.search(line) is not None
    return signals * 2 >= count > 0 and signals > 0


def guess_language(code: str) -> str:
    """Return the language that the first lines of `code` look like, or "".

    Not `pygments.lexers.guess_lexer`: it loads 300 modules in a third of a second, and takes Python for Tera Term.
    """
    sample = "\n".join(line[:_LONGEST_LINE] for line in code[:4000].split("\n"))
    return next((language for language, cue in _CUES if cue.search(sample)), "")


def _numbered_lines(text: str) -> list[tuple[int, str]]:
    lines = []
    start = 0
    for line in text.split("\n"):
        lines.append((start, line))
        start += len(line) + 1
    return lines


def _read_fenced(lines: list[tuple[int, str]], at: int, fence: re.Match[str]) -> tuple[CodeBlock, int]:
    """Return the block that starts with the fence at line `at`, and the number of the line behind it."""
    mark = fence[1]
    start, first = lines[at]
    code_start = start + len(first) + 1
    for number in range(at + 1, len(lines)):
        line_start, line = lines[number]
        closing = line.strip()
        if len(closing) >= len(mark) and closing == mark[0] * len(closing):
            code_end = max(code_start, line_start - 1)
            return CodeBlock(start, line_start + len(line), code_start, code_end, fence[2].lower()), number + 1
    end = lines[-1][0] + len(lines[-1][1])
    return CodeBlock(start, end, min(code_start, end), end, fence[2].lower()), len(lines)


def _find_indented_end(lines: list[tuple[int, str]], at: int) -> int:
    """Return the number of the line behind the indented block at line `at`; blank lines only inside it."""
    end = at
    for number in range(at, len(lines)):
        line = lines[number][1]
        if _INDENTED.match(line):
            end = number + 1
        elif line.strip():
            break
    return end
