"""Reading a codebook from TOML, to the end, whatever mistakes there are on the way."""

from __future__ import annotations

import re
import tomllib

from annotations.codebook import (
    DEFAULT_CODEBOOK,
    LABEL_COLOURS,
    LABEL_KEYS,
    Attribute,
    AttributeKind,
    Codebook,
    Example,
    Group,
    Label,
    RequiredOn,
)
from annotations.codebook_conditions import Entry
from annotations.codebook_fields import Report, Table
from annotations.codebook_records import CONFIDENCE
from annotations.codebook_rules import check_rules
from annotations.codebook_words import shown
from annotations.errors import CodebookError
from annotations.model import Scope

SIZE_LIMIT = 2**20
"""Bytes that a codebook may have. The longest guidelines of a real one fill a tenth of it."""

LABEL_LIMIT = 1_000
"""Labels that a codebook may have, and groups too."""

STEP_LIMIT = 1_000_000
"""Steps that a scale may have."""

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_MANY_DOTS = re.compile(r"^[^.\n]*+(?:\.[^.\n]*+){17}", re.MULTILINE)  # tomllib takes hours for a key of thousands
_LONG_NUMBER = re.compile(r"[0-9_]{4000,}")
_STEP_TOLERANCE = 1e-6  # in steps: in binary, 0.3 / 0.1 is not 3
_LEAST_CHOICES = 2

# What tomllib says, as its message begins, and what an analyst can do about it.
_SYNTAX = (
    ("Invalid value", "no value that TOML knows: text stands in straight quotes, true and false in small letters"),
    ("Invalid statement", 'neither a field such as name = "Claim" nor a heading such as [[labels]]'),
    ("Invalid initial character", "a name of a field is missing here"),
    ("Expected '=' after a key", 'a field is written as its name, an equals sign and its value, as in name = "Claim"'),
    ("Expected ']", "the brackets of this heading are not closed: it looks like [[labels]]"),
    (
        "Expected newline",
        'something follows the value: a quote inside a text is written \\", and each field has its line',
    ),
    ("Expected", "a text begins here whose closing quote is missing"),
    ("Unterminated string", "a text begins here whose closing quote is missing"),
    ("Illegal character '\\n'", 'a text ends with its line: one of several lines stands between """ and """'),
    ("Unescaped", "a backslash in a text is written \\\\"),
    ("Unclosed array", "a list begins here whose closing ] is missing, or a comma in it"),
    ("Unclosed inline table", "a table begins here whose closing } is missing, or a comma in it"),
    ("Cannot overwrite", "this field was given before in the same table"),
    ("Cannot declare", "this heading was given before: those of labels have two brackets each, [[labels]]"),
    ("Exceeds the limit", "a number with more digits than anybody can read"),
    ("Cannot mutate", "this heading was given before as a field"),
)


def default_codebook() -> Codebook:
    """Return the codebook that a new project starts with; its `source` is what `postil codebook init` writes."""
    return parse_codebook(DEFAULT_CODEBOOK.read_text(encoding="utf-8"), DEFAULT_CODEBOOK.name)


def parse_codebook(source: str, name: str = "codebook.toml") -> Codebook:
    """Read a codebook from TOML; `name` is what messages call it.

    Raises:
        CodebookError: If it has mistakes; `problems` holds all of them as `line N: reason`, in the order of lines.
            Only what is no TOML at all ends the search at its first mistake.
    """
    text = source.removeprefix("\ufeff").replace("\r\n", "\n")
    _check_size(source, name)
    report = Report(text)
    top = Table(_parse(text, report, name), (), "codebook", report)
    group_tables = top.tables("groups", "group", limit=LABEL_LIMIT)
    label_tables = top.tables("labels", "label", limit=LABEL_LIMIT)
    groups = [Entry(_read_group(table), table) for table in group_tables]
    has_confidence = top.flag("confidence")
    labels = [
        Entry(_read_label(table, index, has_confidence=has_confidence), table)
        for index, table in enumerate(label_tables)
    ]
    if not labels and top.is_sound("labels"):
        report.add(("labels",), "the codebook has no labels: each begins with a line [[labels]]")
    language = top.phrase("language")
    if language and not _LANGUAGE.fullmatch(language):
        top.problem("language", f'language {shown(language)} is no language code, such as "en" or "pt-BR"')
    check_rules(labels, groups)
    title, description = top.phrase("name"), top.prose("description")
    version, licence = top.phrase("version"), top.phrase("licence")
    is_open = top.flag("open")
    if problems := report.problems:
        _check_depth(report, name)
        raise _error(name, *problems)
    return Codebook(
        name=title or "Codebook",
        description=description,
        version=version,
        language=language,
        licence=licence,
        labels=tuple(label.content for label in labels),
        groups=tuple(group.content for group in groups),
        is_open=is_open,
        has_confidence=has_confidence,
        source=source,
    )


def _check_size(source: str, name: str) -> None:
    try:
        size = len(source.encode())
    except UnicodeEncodeError as error:
        line = source.count("\n", 0, error.start) + 1
        raise _error(
            name, f"line {line}: a character that UTF-8 cannot write, U+{ord(source[error.start]):04X}"
        ) from None
    if size > SIZE_LIMIT:
        raise _error(name, f"line 1: the codebook has {size:,} bytes; {SIZE_LIMIT:,} is the limit")


def _check_depth(report: Report, name: str) -> None:
    if report.lines.is_too_deep:
        raise _error(name, f"line {report.lines.stopped_at}: brackets or dots are nested too deeply")


def _parse(text: str, report: Report, name: str) -> dict[str, object]:
    """Let `tomllib` read the text; say where it cannot, and what is likely wrong."""
    if _MANY_DOTS.search(text):
        _check_depth(report, name)
    try:
        return tomllib.loads(text)
    except RecursionError:
        message = "nested too deeply"
    except ValueError as error:  # also what int() says of thousands of digits, which is no TOMLDecodeError
        message = str(error)
    _check_depth(report, name)
    reason = next((reason for start, reason in _SYNTAX if message.startswith(start)), message)
    if (place := _PLACE.search(message)) and place["line"]:
        where, reason = int(place["line"]), f"{reason} (column {place['column']})"
    elif message.startswith("Exceeds the limit") and (digits := _LONG_NUMBER.search(text)):
        where = text.count("\n", 0, digits.start()) + 1
    else:
        where = report.lines.stopped_at or text.rstrip().count("\n") + 1
    raise _error(name, f"line {where}: {reason}", hint="What else is wrong can be told once the file is TOML.")


def _error(name: str, *problems: str, hint: str = "") -> CodebookError:
    mistakes = "a mistake" if len(problems) == 1 else f"{len(problems):,} mistakes"
    return CodebookError(f"The codebook {shown(name, 120)} has {mistakes}", problems, hint)


def _read_group(table: Table) -> Group:
    return Group(
        id=table.identifier(),
        name=table.phrase("name", is_needed=True),
        is_exclusive=table.flag("exclusive"),
        is_required=table.flag("required"),
        description=table.prose("description"),
        most_per_post=table.count("most_per_post"),
        most_per_thread=table.count("most_per_thread"),
    )


def _read_label(table: Table, index: int, *, has_confidence: bool) -> Label:
    return Label(
        id=table.identifier(),
        name=table.phrase("name", is_needed=True),
        scope=Scope(table.one_of("scope", Scope, is_needed=True) or Scope.SPAN),
        key=_read_key(table),
        colour=_read_colour(table) or LABEL_COLOURS[index % len(LABEL_COLOURS)],
        description=table.prose("description"),
        guidelines=table.prose("guidelines"),
        examples=tuple(_read_example(example) for example in table.tables("examples", "example")),
        group=table.phrase("group") or None,
        is_required=table.flag("required"),
        parent=table.phrase("parent") or None,
        attributes=_read_attributes(table, has_confidence=table.flag("confidence") or has_confidence),
        is_retired=table.flag("retired"),
        most_per_post=table.count("most_per_post"),
        most_per_thread=table.count("most_per_thread"),
        requires=table.phrases("requires"),
        requires_all=table.phrases("requires_all"),
        requires_on=RequiredOn(table.one_of("requires_on", RequiredOn) or RequiredOn.POST),
        merged_into=table.phrase("merged_into") or None,
        split_into=table.phrases("split_into"),
    )


def _read_key(table: Table) -> str:
    key = table.key()
    if not key or key in LABEL_KEYS:
        return key
    table.problem("key", f"the key {shown(key)} is not free: a label may have {' '.join(LABEL_KEYS)}")
    return ""


def _read_colour(table: Table) -> str:
    colour = table.phrase("colour").lower().replace("gray", "grey")
    if not colour or _COLOUR.fullmatch(colour) or colour in LABEL_COLOURS:
        return colour
    table.problem(
        "colour", f"the colour {shown(colour)} is unknown: it must be {', '.join(LABEL_COLOURS)}, or one as in #1f77b4"
    )
    return ""


def _read_example(table: Table) -> Example:
    return Example(text=table.prose("text", is_needed=True), note=table.prose("note"), is_counter=table.flag("counter"))


def _read_attributes(label: Table, *, has_confidence: bool) -> tuple[Attribute, ...]:
    attributes: list[Attribute] = []
    tables: dict[str, Table] = {}
    for table in label.tables("attributes", "attribute"):
        attribute = _read_attribute(table)
        first = tables.setdefault(attribute.id, table)
        if attribute.id and first is not table:
            table.problem(
                "id",
                f"{label.title} has the attribute {shown(attribute.id)} already, on line {first.line('id')}",
            )
        attributes.append(attribute)
    if has_confidence and CONFIDENCE.id not in tables:
        attributes.append(CONFIDENCE)
    return tuple(attributes)


def _read_attribute(table: Table) -> Attribute:
    kind = AttributeKind(table.one_of("kind", AttributeKind, is_needed=True) or AttributeKind.TEXT)
    minimum, maximum, step = table.number("minimum"), table.number("maximum"), table.number("step")
    choices = table.phrases("choices")
    if table.is_sound("kind"):
        for field in ("minimum", "maximum", "step", "choices"):
            owner = AttributeKind.CHOICE if field == "choices" else AttributeKind.SCALE
            if table.has(field) and kind is not owner:
                table.problem(field, f"{field} belongs to the kind {owner}; {table.title} is of the kind {kind}")
        if kind is AttributeKind.SCALE:
            step = _check_scale(table, minimum, maximum, step)
        elif kind is AttributeKind.CHOICE and table.is_sound("choices") and len(choices) < _LEAST_CHOICES:
            table.problem("choices", f'{table.title} needs two choices or more, as in choices = ["one", "two"]')
    return Attribute(
        id=table.identifier(),
        name=table.phrase("name", is_needed=True),
        kind=kind,
        minimum=minimum,
        maximum=maximum,
        step=step,
        choices=choices,
        is_required=table.flag("required"),
        description=table.prose("description"),
    )


def _check_scale(table: Table, minimum: float | None, maximum: float | None, step: float | None) -> int | float | None:
    """Return the step of a scale: 1 where both ends are whole numbers and it is not given."""
    for field in ("minimum", "maximum"):
        if not table.has(field):
            table.problem("", f"{table.title} has no {field}: a scale needs both ends")
    if minimum is None or maximum is None:
        return step
    if minimum >= maximum:
        table.problem("minimum", f"the minimum, {minimum}, must be less than the maximum, {maximum}")
        return step
    if step is None:
        is_whole = isinstance(minimum, int) and isinstance(maximum, int)
        return 1 if is_whole and table.is_sound("step") else None
    if step <= 0 or (maximum - minimum) / step > STEP_LIMIT:
        table.problem("step", f"the step, {step}, must be more than 0 and make no more than {STEP_LIMIT:,} steps")
    elif abs((maximum - minimum) / step - round((maximum - minimum) / step)) > _STEP_TOLERANCE:
        table.problem("step", f"steps of {step} do not lead from {minimum} to {maximum}")
    return step
