"""A codebook as TOML, in one form: what `parse_codebook` makes of it says the same.

Comments of a file that was written by hand are not kept; the version that was applied from it keeps them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.codebook import RequiredOn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annotations.codebook import Attribute, Codebook, Example, Group, Label

_LINE = 100
"""Characters from which on a text with line breaks in it is not written on one line any more."""

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\t": "\\t"}


def write_codebook(codebook: Codebook) -> str:
    """Return a codebook as TOML; its `source` is not looked at."""
    blocks = [_fields(_top_fields(codebook))]
    blocks += [f"[[groups]]\n{_fields(_group_fields(group))}" for group in codebook.groups]
    for label in codebook.labels:
        blocks.append(f"[[labels]]\n{_fields(_label_fields(label))}")
        blocks += [f"[[labels.examples]]\n{_fields(_example_fields(example))}" for example in label.examples]
        blocks += [f"[[labels.attributes]]\n{_fields(_attribute_fields(each))}" for each in label.attributes]
    return "\n".join(blocks)


def with_source(codebook: Codebook) -> Codebook:
    """Return the codebook with the TOML of what it says as its source."""
    return replace(codebook, source=write_codebook(codebook))


def _top_fields(codebook: Codebook) -> Iterator[tuple[str, str]]:
    yield "name", _text(codebook.name)
    yield from _texts(codebook, "description", "version", "language", "licence")
    yield from _flags(codebook, "open")
    if codebook.has_confidence:
        yield "confidence", "true"


def _group_fields(group: Group) -> Iterator[tuple[str, str]]:
    yield from _texts(group, "id", "name")
    yield from _flags(group, "exclusive", "required")
    yield from _numbers(group, "most_per_post", "most_per_thread")
    yield from _texts(group, "description")


def _label_fields(label: Label) -> Iterator[tuple[str, str]]:
    yield from _texts(label, "id", "name")
    yield "scope", _text(label.scope.value)
    yield from _texts(label, "key", "colour", "group", "parent")
    yield from _flags(label, "required", "retired")
    yield from _texts(label, "merged_into")
    yield from _lists(label, "split_into")
    yield from _numbers(label, "most_per_post", "most_per_thread")
    yield from _lists(label, "requires", "requires_all")
    if label.requires_on is not RequiredOn.POST:
        yield "requires_on", _text(label.requires_on.value)
    yield from _texts(label, "description", "guidelines")


def _example_fields(example: Example) -> Iterator[tuple[str, str]]:
    yield from _texts(example, "text", "note")
    yield from _flags(example, "counter")


def _attribute_fields(attribute: Attribute) -> Iterator[tuple[str, str]]:
    yield from _texts(attribute, "id", "name")
    yield "kind", _text(attribute.kind.value)
    yield from _numbers(attribute, "minimum", "maximum", "step")
    yield from _lists(attribute, "choices")
    yield from _flags(attribute, "required")
    yield from _texts(attribute, "description")


def _texts(record: object, *names: str) -> Iterator[tuple[str, str]]:
    for name in names:
        if value := getattr(record, name):
            yield name, _text(value)


def _flags(record: object, *names: str) -> Iterator[tuple[str, str]]:
    for name in names:
        if getattr(record, f"is_{name}"):
            yield name, "true"


def _numbers(record: object, *names: str) -> Iterator[tuple[str, str]]:
    for name in names:
        value = getattr(record, name)
        if value is not None:
            yield name, _number(value)


def _lists(record: object, *names: str) -> Iterator[tuple[str, str]]:
    for name in names:
        if values := getattr(record, name):
            yield name, f"[{', '.join(map(_text, values))}]"


def _fields(fields: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{name} = {value}\n" for name, value in fields)


def _text(text: str) -> str:
    """Return a text in quotes; one of several lines between three."""
    if "\n" not in text:
        return f'"{"".join(map(_sign, text))}"'
    lines = ("".join(map(_sign, line)) for line in text.split("\n"))
    # The line feed behind the opening quotes is none of the text; readers strip the one before the closing quotes.
    return '"""\n' + "\n".join(lines) + '\n"""'


def _sign(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    return sign if sign.isprintable() or ord(sign) > 0xFFFF else f"\\u{ord(sign):04X}"  # noqa: PLR2004  # what four digits can say


def _number(number: float) -> str:
    if isinstance(number, int):
        return str(number)
    assert math.isfinite(number)  # noqa: S101  # the reader of codebooks lets no other pass
    written = repr(number)
    return written if "." in written or "e" in written else f"{written}.0"
