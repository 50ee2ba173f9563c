"""What a file looks like that is not plain text, from its first bytes and lines."""

from __future__ import annotations

import re
from pathlib import PurePath

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (rb"\x89PNG\r\n\x1a\n", "a PNG image"),
    (rb"\xff\xd8\xff", "a JPEG image"),
    (rb"GIF8[79]a", "a GIF image"),
    (rb"RIFF.{4}WEBP", "a WebP image"),
    (rb"RIFF.{4}WAVE", "a WAVE recording"),
    (rb"%PDF-", "a PDF document"),
    (rb"PK\x03\x04", "a zip archive (an office document is one, too)"),
    (rb"PK\x05\x06", "an empty zip archive"),
    (rb"SQLite format 3\x00", "an SQLite database"),
    (rb"\x1f\x8b", "gzip-compressed data"),
    (rb"BZh[1-9](?:1AY&SY|\x17\x72)", "bzip2-compressed data"),
    (rb"\xfd7zXZ\x00", "xz-compressed data"),
    (rb"\x28\xb5\x2f\xfd", "zstd-compressed data"),
    (rb"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (rb"Rar!\x1a\x07", "a RAR archive"),
    (rb".{257}ustar(?:\x00| {2}\x00)", "a tar archive"),
    (rb"\x7fELF|MZ[\x00-\xff]\x00|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe", "a program"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (rb"\{\\rtf\d", "an RTF document"),
    (rb"ID3[\x02-\x04]|OggS\x00", "a sound recording"),
    (rb"\x00\x00\x00.ftyp", "a video or an HEIF image"),
    (rb"PAR1[\x00-\x1f]", "a Parquet file"),
    (rb"ARROW1\x00\x00", "an Arrow file"),
    (rb"bplist00", "a binary property list"),
)
"""How a file begins, and what it then is."""

_HEAD = 1 << 15
"""How many characters of a text are looked at."""

_CODE = "source code"
_SETTINGS = "settings"
_SUFFIXES: dict[str, str] = {
    **dict.fromkeys((".py", ".pyi", ".js", ".mjs", ".ts", ".tsx", ".jsx", ".css", ".scss", ".tcss", ".sql"), _CODE),
    **dict.fromkeys(
        (".c", ".h", ".cc", ".cpp", ".hpp", ".cs", ".java", ".kt", ".go", ".rs", ".swift", ".scala"), _CODE
    ),
    **dict.fromkeys(
        (".rb", ".php", ".pl", ".lua", ".r", ".jl", ".sh", ".bash", ".zsh", ".fish", ".ps1", ".bat"), _CODE
    ),
    **dict.fromkeys((".toml", ".yaml", ".yml", ".ini", ".cfg", ".conf", ".env", ".properties", ".lock"), _SETTINGS),
    ".csv": "CSV",
    ".tsv": "TSV",
}
"""What a file is by the ending of its name, where the text itself cannot tell."""

_JSON = re.compile(
    r'\s*(?:\{\s*(?:"(?:[^"\\\n]|\\.)*"\s*:|\}\s*\Z)|\[\s*(?:\{\s*["}]|\[\s*["\[{\]\d-]|"(?:[^"\\\n]|\\.)*"\s*[,\]]|'
    r"-?\d+(?:\.\d+)?\s*,|\]\s*\Z))"
)
_XML = re.compile(r"[\s`]*<(?:\?xml\b|!--|!doctype\b|/?[a-z][\w:.-]*(?:\s[^<>]*)?/?>)", re.IGNORECASE)
_HTML = re.compile(
    r"<(?:!doctype html|html|head|body|div|span|p|a|article|main|section|table|ul|ol|li|h[1-6]|script)\b", re.IGNORECASE
)
_MBOX = re.compile(r"From \S+ .*\d{4}\r?\n[A-Za-z-]+: ")
_MAIL_FIELD = re.compile(r"(?:(?!https?:)[A-Za-z][A-Za-z0-9-]*:[ \t].*|[ \t]+\S.*)$")
_MAIL_TELLTALE = re.compile(
    r"^(?:message-id|received|mime-version|return-path|delivered-to|date|from): ", re.IGNORECASE | re.MULTILINE
)
_MAIL_TELLTALES = 2

_CODE_LINE = re.compile(
    r"(?:import [\w.*{]|from [\w.]+ import\b|(?:async )?def \w+\(|class \w+\s*[(:{]|@\w[\w.]*(?:\(.*\))?$|#include\s*[<\"]|package \w|"
    r"(?:pub )?fn \w+|func \w+\(|(?:export |declare )?(?:const|let|var|function) \w|(?:public|private|protected|static) \w|"
    r"return\b.*[;)]$|if\s*\(.*\{$|(?:el)?if .*:$|else\s*[:{]$|for .*[:{]$|while .*[:{]$|[\w.\[\]\"']+\s*[-+*]?=\s*\S|"
    r"[\w.]+\(.*\)[;,]?$|\w+:\s*\w.*,$|[})\]]+[;,]?$|.*[;{]$|//|/\*|\*/|\"\"\"|(?:create table|insert into|select \w))"
)
_CODE_SHARE = 0.5
_CODE_LINES = 4
_COLUMN = re.compile(r'"?[\w .#/@-]{0,40}"?')
_TABLE_LINES = 6
_DELIMITERS = {",": "CSV", ";": "CSV with semicolons", "\t": "TSV"}


def guess_binary(raw: bytes) -> str:
    """Return what a file is by its signature, as "a PNG image"; "" if it has none of those known."""
    for signature, meaning in _SIGNATURES:
        if re.match(signature, raw, re.DOTALL):
            return meaning
    return ""


def guess_kind(name: str, text: str) -> str:
    """Return what a text is if it is not plain, as "JSON" or "source code"; "" if it is plain text.

    Args:
        name: The source's name, whose ending counts where the text cannot tell.
        text: The text; only its beginning is looked at.
    """
    head = text[:_HEAD].removeprefix("\ufeff")
    return _guess_structure(head) or _SUFFIXES.get(PurePath(name).suffix.lower(), "") or _guess_lines(head)


def _guess_structure(head: str) -> str:
    """Return which format with an opening of its own the text has."""
    if _JSON.match(head):
        return "JSON"
    if _XML.match(head):
        return "HTML" if _HTML.search(head) else "XML"
    if _MBOX.match(head) or _is_mail(head):
        return "mail"
    return _CODE if head.startswith("#!") else ""


def _guess_lines(head: str) -> str:
    """Return what the text is by what its lines have in common."""
    return _CODE if _is_code(head) else _guess_table(head)


def _is_mail(head: str) -> bool:
    """Tell whether the text begins with a mail's header fields (RFC 5322, section 2.2)."""
    fields = head.split("\n\n", 1)[0]
    if not all(_MAIL_FIELD.match(line) for line in fields.split("\n") if line):
        return False
    return len(set(map(str.lower, _MAIL_TELLTALE.findall(fields)))) >= _MAIL_TELLTALES


def _is_code(head: str) -> bool:
    """Tell whether at least half of the lines read as code."""
    lines = [line.strip() for line in head.split("\n")[:400]]
    lines = [line for line in lines if line and not line.startswith("#")]
    coded = sum(1 for line in lines if _CODE_LINE.match(line))
    return coded >= _CODE_LINES and coded >= _CODE_SHARE * len(lines)


def _guess_table(head: str) -> str:
    """Return which kind of table the text is: its first lines have equally many columns, the first of them names."""
    lines = [line for line in head.split("\n")[:_TABLE_LINES] if line.strip()]
    for delimiter, meaning in _DELIMITERS.items():
        columns = lines[0].split(delimiter) if lines else []
        if len(columns) < 2 or f"{delimiter} " in lines[0]:  # noqa: PLR2004  # a table has two
            continue
        is_named = len(lines) > 1 and all(_COLUMN.fullmatch(column) for column in columns)
        if is_named and all(line.count(delimiter) >= len(columns) - 1 for line in lines[1:]):
            return meaning
    return ""
