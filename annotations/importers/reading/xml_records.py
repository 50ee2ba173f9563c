"""Elements of XML exports as records: fields by their names without prefixes, as the importers of sites take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.importers.reading.xml_reading import open_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.importers.reading.xml_reading import Element
    from annotations.sources.source import Source

_DEEPEST = 50
"""Elements within each other that become objects; of what is deeper the text counts."""

_OTHERS = {"excerpt:encoded": "excerpt"}
"""Elements that share their name with another one but for the prefix."""

Value = str | dict[str, "Value"] | list["Value"]


class XmlRecord(Struct):
    """An element that is a record.

    Args:
        name: Without its prefix.
        fields: What it holds, see `to_fields`.
        line: Where it begins, from 1.
        is_cut: Whether the document breaks off in it.
    """

    name: str
    fields: dict[str, Value]
    line: int
    is_cut: bool = False


def read_records(source: Source, *names: str) -> Iterator[XmlRecord]:
    """Yield the elements of these names that are in no other such one, one in memory at a time.

    Args:
        source: The document.
        names: The names, with their prefixes.

    Raises:
        SourceError: If the document declares entities, or is no XML; if it is broken and the import is strict.
    """
    for element in open_xml(source, *names):
        yield XmlRecord(local_name(element.name), to_fields(element), element.line, element.is_cut)


def local_name(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def to_fields(element: Element, depth: int = 0) -> dict[str, Value]:
    """Return what an element holds.

    Attributes go by `@name`; the elements in it by name, each a text, an object where it has attributes or elements itself,
    or a list where there are several of the name; its own text is `#text`. Prefixes are left out.

    Args:
        element: The element.
        depth: In how many elements of the record it stands.
    """
    fields: dict[str, Value] = {f"@{local_name(name)}": value for name, value in element.attributes.items()}
    for child in element.children:
        value: Value = child.text
        if (child.children or child.attributes) and depth < _DEEPEST:
            value = to_fields(child, depth + 1)
        name = _OTHERS.get(child.name, local_name(child.name))
        if name not in fields:
            fields[name] = value
        elif isinstance(before := fields[name], list):
            before.append(value)
        else:
            fields[name] = [before, value]
    if element.text.strip():
        fields["#text"] = element.text
    return fields
