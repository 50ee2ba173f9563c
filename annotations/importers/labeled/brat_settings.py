"""What brat's settings say of labels: `annotation.conf` which there are, `visual.conf` their names and colours.

Source: brat.nlplab.org/configuration.html.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annotations.importers.labeled.documents import as_name
from annotations.model import GivenLabel, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.sources.source import Source

_SECTION = re.compile(r"\[(\w+)\]\s*\Z")
_COLOUR = re.compile(r"bgColor:\s*(#[0-9a-fA-F]{6})")
_SCOPES = {"entities": Scope.SPAN, "events": Scope.SPAN, "relations": Scope.RELATION}
_NO_LABEL = ("<", "-", "#", "!")
"""How lines begin that define no label which can be put: macros, separators, comments, headings of a hierarchy."""


def read_settings(settings: str, looks: str) -> list[GivenLabel]:
    """Return the labels of a collection.

    Args:
        settings: What `annotation.conf` says, clean; "" if there is none.
        looks: What `visual.conf` says, clean; "" if there is none.
    """
    names: dict[str, str] = {}
    colours: dict[str, str] = {}
    for section, line in _lines(looks):
        if section == "labels" and "|" in line:
            word, shown = (part.strip() for part in line.split("|")[:2])
            names[word] = shown
        elif section == "drawing" and (found := _COLOUR.search(line)):
            colours[line.split()[0]] = found[1].lower()
    labels: dict[tuple[str, Scope], GivenLabel] = {}
    wider: list[str] = []
    for section, line in _lines(settings):
        words = line.split()
        depth = len(line) - len(line.lstrip("\t"))
        del wider[depth:]
        wider.append(words[0].lstrip("!"))
        if section not in _SCOPES or words[0].startswith(_NO_LABEL):
            continue
        word = words[0]
        description = f"A kind of {names.get(wider[-2], wider[-2])}." if depth and len(wider) > 1 else ""
        for scope, each in [(_SCOPES[section], word), *((Scope.RELATION, role) for role in _roles(section, line))]:
            labels.setdefault(
                (each, scope),
                GivenLabel(
                    name=names.get(each) or each,
                    id=each,
                    scope=scope,
                    color=colours.get(each, ""),
                    description=description if each == word else "",
                ),
            )
    return list(labels.values())


def read_labels(source: Source, described: object) -> list[GivenLabel]:
    """Return the labels of a collection that Postil wrote, as `postil.json` describes them; none if it does not.

    Args:
        source: Cleans.
        described: What the file says.
    """
    entries = described.get("labels") if isinstance(described, dict) else None
    scopes = {scope.value: scope for scope in Scope}
    labels: list[GivenLabel] = []
    for entry in entries if isinstance(entries, list) else []:
        fields = entry if isinstance(entry, dict) else {}
        word, scope = as_name(source, fields.get("id")), scopes.get(str(fields.get("scope")))
        if word and scope is not None:
            labels.append(
                GivenLabel(
                    id=word,
                    name=as_name(source, fields.get("name")) or word,
                    scope=scope,
                    color=as_name(source, fields.get("color")),
                    description=as_name(source, fields.get("description")),
                )
            )
    return labels


def _roles(section: str, line: str) -> Iterator[str]:
    """Yield the roles that the arguments of an event have; relations with two arguments have none of their own."""
    if section == "events":
        for argument in line.split(None, 1)[1].split(",") if len(line.split(None, 1)) > 1 else ():
            role, colon, _ = argument.strip().partition(":")
            role = re.sub(r"[*+?]|\{.*?\}", "", role).strip()
            if colon and role and not role.startswith("<"):
                yield role


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield the lines that say something, each with the section that it is in."""
    section = ""
    for line in text.split("\n"):
        stripped = line.strip()
        if found := _SECTION.match(stripped):
            section = found[1]
        elif stripped and not stripped.startswith("#"):
            yield section, line.rstrip()
