"""The fields of a codebook's TOML, read one by one: what is wrong with one is noted, and reading goes on."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from annotations.codebook_words import closest, folded, shown, slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from annotations.toml_lines import Path, TomlLines

Noun = Literal["codebook", "group", "label", "attribute", "example"]

NAME_LIMIT = 80
"""Characters that a name, an id or a choice may have: it must fit beside a text."""

NUMBER_LIMIT = 1_000_000_000
"""How far from 0 the ends of a scale may lie."""

FIELDS: Mapping[Noun, tuple[str, ...]] = {
    "codebook": ("name", "description", "version", "language", "licence", "open", "confidence", "groups", "labels"),
    "group": ("id", "name", "exclusive", "required", "description", "most_per_post", "most_per_thread"),
    "label": (
        *("id", "name", "scope", "key", "colour", "description", "guidelines", "examples", "group", "required"),
        *(
            "parent",
            "attributes",
            "confidence",
            "retired",
            "most_per_post",
            "most_per_thread",
            "requires",
            "requires_all",
        ),
        *("requires_on", "merged_into", "split_into"),
    ),
    "attribute": ("id", "name", "kind", "minimum", "maximum", "step", "choices", "required", "description"),
    "example": ("text", "note", "counter"),
}

_SPELLINGS = {"color": "colour", "license": "licence"}
_HEADINGS: Mapping[Noun, str] = {
    "codebook": "the top of the file, before the first [[…]]",
    "group": "[[groups]]",
    "label": "[[labels]]",
    "attribute": "[[labels.attributes]]",
    "example": "[[labels.examples]]",
}
_LISTS = {"examples": "a label, as in [[labels.examples]]", "attributes": "a label, as in [[labels.attributes]]"}
_ID = re.compile(r"[a-z][a-z0-9_-]*")
_TYPE_NAMES = ((str, "text"), (bool, "true or false"), ((int, float), "a number"), (list, "a list"), (dict, "a table"))
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROLS_IN_PROSE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_DIRECTIONS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_SUGGESTED_FIELDS_LIMIT = 50  # in one table; behind so many unknown fields stands no slip of the pen


class Report:
    """The mistakes of a codebook, as they are found.

    Args:
        text: The TOML, with LF line ends. Lines are looked for only when there is a mistake to place.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: list[tuple[Path, str]] = []

    @cached_property
    def lines(self) -> TomlLines:
        """Where everything in the text stands."""
        from annotations.toml_lines import find_lines  # noqa: PLC0415  # loaded on use

        return find_lines(self._text)

    def add(self, path: Path, reason: str) -> None:
        """Note a mistake in what stands at `path`."""
        self._found.append((path, reason))

    @property
    def problems(self) -> tuple[str, ...]:
        """All mistakes as `line N: reason`, in the order of lines."""
        found = sorted(((self.lines.of(path), reason) for path, reason in self._found), key=lambda problem: problem[0])
        return tuple(dict.fromkeys(f"line {line}: {reason}" for line, reason in found))


class Table:
    """One table of the TOML, of which each field is asked for by the type that it must have.

    Args:
        content: What `tomllib` made of it.
        path: Where it stands.
        noun: What it describes.
        report: Where mistakes are noted. A field that is wrong reads as if it were not there.
    """

    def __init__(self, content: Mapping[str, object], path: Path, noun: Noun, report: Report) -> None:
        self.path = path
        self.noun = noun
        self._content = dict(content)
        self._report = report
        self._keys_of: dict[str, str] = {}  # fields by the key that the table spells them with
        self._unsound: set[str] = set()
        for spelling, field in _SPELLINGS.items():
            if field in FIELDS[noun] and spelling in content:
                if field in content:
                    self._report.add((*path, spelling), f"{spelling} is {field} once more: keep one of them")
                self._content[field] = self._content.pop(spelling)
                self._keys_of[field] = spelling
        self._report_unknown()

    @property
    def title(self) -> str:
        """How messages call it: by id or name, if it has one."""
        for field in ("id", "name"):
            name = self._content.get(field)
            if isinstance(name, str) and name.strip() and self.noun != "codebook":
                return f"the {self.noun} {shown(name)}"
        return f"this {self.noun}"

    def line(self, field: str = "") -> int:
        """Return the line of a field, or of the table."""
        return self._report.lines.of(self._path(field))

    def problem(self, field: str, reason: str) -> None:
        """Note a mistake in a field, or in the table as a whole if `field` is ""."""
        self._unsound.add(field)
        self._report.add(self._path(field), reason)

    def is_sound(self, field: str) -> bool:
        """Tell whether no mistake was found in a field so far."""
        return field not in self._unsound

    def has(self, field: str) -> bool:
        """Tell whether the field is given."""
        return field in self._content

    def identifier(self) -> str:
        """Read the id."""
        text = self.phrase("id", is_needed=True)
        if not text or _ID.fullmatch(text):
            return text
        near = slug(text)
        self.problem(
            "id",
            f"the id {shown(text)} is not allowed: an id begins with a letter from a to z and goes on with a-z, 0-9, - "
            "and _" + (f", as in {shown(near)}" if near else ""),
        )
        return ""

    def phrase(self, field: str, *, is_needed: bool = False) -> str:
        """Read a text of one line, or "" if there is none."""
        return self._phrase(self._content.get(field), field, field, is_needed=is_needed)

    def phrases(self, field: str) -> tuple[str, ...]:
        """Read a list of texts of one line each, none twice."""
        content = self._content.get(field)
        if content is None:
            return ()
        if not isinstance(content, list):
            self.problem(field, f'{field} must be a list of texts, as in ["one", "two"], not {_type_name(content)}')
            return ()
        phrases = [self._phrase(entry, field, f"each of {field}", is_needed=True) for entry in content]
        seen: set[str] = set()
        for phrase in phrases:
            if phrase and folded(phrase) in seen:
                self.problem(field, f"{field} has {shown(phrase)} twice")
            seen.add(folded(phrase))
        return tuple(phrase for phrase in phrases if phrase)

    def prose(self, field: str, *, is_needed: bool = False) -> str:
        """Read a text of any length, or "" if there is none."""
        return self._text(self._content.get(field), field, field, is_needed=is_needed, controls=_CONTROLS_IN_PROSE)

    def flag(self, field: str) -> bool:
        """Read true or false; false if there is neither."""
        content = self._content.get(field, False)
        if isinstance(content, bool):
            return content
        self.problem(field, f"{field} must be true or false, without quotes, not {_type_name(content)}")
        return False

    def number(self, field: str) -> int | float | None:
        """Read a number, or None if there is none."""
        content = self._content.get(field)
        if content is None:
            return None
        if not isinstance(content, int | float) or isinstance(content, bool):
            self.problem(field, f"{field} must be a number, without quotes, not {_type_name(content)}")
        elif not -NUMBER_LIMIT <= content <= NUMBER_LIMIT:  # nor is "nan" anywhere between them
            self.problem(field, f"{field} must lie between {-NUMBER_LIMIT:,} and {NUMBER_LIMIT:,}")
        else:
            return content
        return None

    def count(self, field: str) -> int | None:
        """Read a whole number from 1 on, or None if there is none."""
        number = self.number(field)
        if number is None or (isinstance(number, int) and number >= 1):
            return number
        self.problem(field, f"{field} must be a whole number from 1 on, not {number}")
        return None

    def key(self) -> str:
        """Read the key, which may be a digit without quotes."""
        content = self._content.get("key")
        if isinstance(content, int) and not isinstance(content, bool):
            return str(content)
        return self.phrase("key")

    def one_of(self, field: str, known: Iterable[str], *, is_needed: bool = False) -> str:
        """Read one of the words that are known, or "" if there is none."""
        text = self.phrase(field, is_needed=is_needed)
        words = tuple(known)
        if not text or text in words:
            return text
        close = closest(text, words)
        meant = f"did you mean {shown(close[0])}? It must be" if close else "it must be"
        self.problem(
            field, f"{field} {shown(text)} is unknown; {meant} {' or '.join(', '.join(words).rsplit(', ', 1))}"
        )
        return ""

    def tables(self, field: str, noun: Noun, *, limit: int | None = None) -> list[Table]:
        """Read the tables of an array; with `limit`, no more than so many."""
        content = self._content.get(field, [])
        heading = _HEADINGS[noun]
        if not isinstance(content, list):
            self.problem(field, f"{field} must be written as {heading}, with two brackets, once for each {noun}")
            return []
        if limit is not None and len(content) > limit:
            self._report.add((*self.path, field, limit), f"there are {len(content):,} {field}; {limit:,} is the limit")
        tables = []
        for index, entry in enumerate(content[:limit]):
            path = (*self.path, field, index)
            if isinstance(entry, str) and noun == "example":
                tables.append(Table({"text": entry}, path, noun, self._report))
            elif isinstance(entry, dict):
                tables.append(Table(entry, path, noun, self._report))
            else:
                self._unsound.add(field)
                self._report.add(path, f"each of {field} must stand under {heading}, not be {_type_name(entry)}")
        return tables

    def _path(self, field: str) -> Path:
        return (*self.path, self._keys_of.get(field, field)) if field else self.path

    def _phrase(self, content: object, field: str, what: str, *, is_needed: bool) -> str:
        text = self._text(content, field, what, is_needed=is_needed, controls=_CONTROLS)
        if len(text) > NAME_LIMIT:
            self.problem(field, f"{what} has {len(text):,} characters; {NAME_LIMIT} is the limit")
            return ""
        if turn := _DIRECTIONS.search(text):
            self.problem(field, f"{what} has the invisible sign {_code(turn[0])}, which turns the direction of writing")
            return ""
        return text

    def _text(self, content: object, field: str, what: str, *, is_needed: bool, controls: re.Pattern[str]) -> str:
        if content is None:
            if is_needed:
                self.problem(field, f"{self.title} has no {field}")
            return ""
        if not isinstance(content, str):
            self.problem(field, f"{what} must be text in quotes, not {_type_name(content)}")
            return ""
        if control := controls.search(content):
            reason = "must be on one line" if control[0] == "\n" else f"has the control character {_code(control[0])}"
            self.problem(field, f"{what} {reason}")
            return ""
        text = content.strip()
        if is_needed and not text:
            self.problem(field, f"{what} is empty")
        return text

    def _report_unknown(self) -> None:
        fields = FIELDS[self.noun]
        owner = f"{'an' if self.noun[0] in 'ae' else 'a'} {self.noun}"
        unknown = [field for field in self._content if field not in fields]
        for field in unknown:
            homes = _LISTS.get(field) or " or ".join(
                _HEADINGS[noun] for noun, others in FIELDS.items() if _SPELLINGS.get(field, field) in others
            )
            close = closest(field, fields) if len(unknown) <= _SUGGESTED_FIELDS_LIMIT else []
            if homes:
                reason = f"{field} is no field of {owner}: it belongs to {homes}"
            elif close:
                reason = f"unknown field {shown(field)}: did you mean {close[0]}?"
            else:
                reason = f"unknown field {shown(field)}: {owner} has {', '.join(fields)}"
            self._report.add((*self.path, field), reason)


def _code(sign: str) -> str:
    return f"U+{ord(sign):04X}"


def _type_name(content: object) -> str:
    return next((name for kind, name in _TYPE_NAMES if isinstance(content, kind)), "a date or time")
