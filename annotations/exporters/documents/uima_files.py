"""A CAS as files: XMI (XML 1.0) and CAS JSON, written structure by structure, with the same ids in both.

On disk offsets count units of UTF-16, as in UIMA's own memory. Written here and not by a library, because a library holds every token of
a thread as an object: a thread of a million comments would not fit into memory.

Sources: UIMA References, 7 (XMI CAS serialization); github.com/apache/uima-uimaj-io-jsoncas, SPECIFICATION (CAS JSON 0.4.0).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from annotations.exporters.documents.uima_cas import SOFA_ID, Structure
from annotations.exporters.documents.uima_types import type_system_json
from annotations.exporters.documents.utf16 import Utf16

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from annotations.exporters.documents.uima_types import Type
    from annotations.exporters.writing.output import Output
    from annotations.exporters.writing.report import Tally

UNCARRIED = "characters that XML cannot carry, replaced by U+FFFD"
VIEW = "_InitialView"
_MIME = "text/plain"

_PREFIXES = {
    "webanno.custom": "custom",
    "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type": "segmentation",
    "de.tudarmstadt.ukp.dkpro.core.api.metadata.type": "metadata",
}
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 forbids (section 2.2, Char); texts of posts are without it, names and notes may not be."""

_ENTITIES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
)
_PIECES = 1_000
"""Structures that are written at once, and ids of members."""


class CasWriter:
    """Writes the CAS of one thread and annotator to both files.

    Args:
        xmi: Where the XMI goes.
        json: Where the CAS JSON goes.
        types: The type system.
        tally: Where it is counted what cannot be carried.
    """

    def __init__(self, xmi: Output, json: Output, types: tuple[Type, ...], tally: Tally) -> None:
        self._xmi = xmi
        self._json = json
        self._types = types
        self._tally = tally
        self._names = {each.name: _tag(each.name) for each in types}

    def write(self, text: str, structures: Iterable[Structure]) -> None:
        """Write a text and what is put on it."""
        text = self._sound(text)
        units = Utf16(text)
        self._begin(text)
        last = SOFA_ID
        lines: list[str] = []
        objects: list[bytes] = []
        for last, each in enumerate(structures, start=SOFA_ID + 1):
            features = {
                name: self._sound(value) if isinstance(value, str) else value for name, value in each.features.items()
            }
            sound = Structure(each.type, units(each.begin), units(each.end), features, each.refers)
            lines.append(_xmi_line(self._names[each.type], last, sound))
            objects.append(_json_object(last, sound))
            if len(lines) == _PIECES:
                self._flush(lines, objects)
        self._flush(lines, objects)
        self._end(last)

    def _begin(self, text: str) -> None:
        namespaces = "".join(
            f' xmlns:{prefix}="http:///{package.replace(".", "/")}.ecore"' for package, prefix in _PREFIXES.items()
        )
        self._xmi.write(
            (
                '<?xml version="1.0" encoding="UTF-8"?>\n'
                '<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore"'
                f'{namespaces} xmi:version="2.0">\n'
                '<cas:NULL xmi:id="0"/>\n'
                f'<cas:Sofa xmi:id="{SOFA_ID}" sofaNum="1" sofaID="{VIEW}" mimeType="{_MIME}" sofaString="'
            ).encode()
        )
        self._xmi.write(text.translate(_ENTITIES).encode())
        self._xmi.write(b'"/>\n')
        sofa = {
            "%ID": SOFA_ID,
            "%TYPE": "uima.cas.Sofa",
            "sofaNum": 1,
            "sofaID": VIEW,
            "mimeType": _MIME,
            "sofaString": text,
        }
        encode = msgspec.json.encode
        self._json.write(b'{"%TYPES":' + encode(type_system_json(self._types)) + b',\n"%FEATURE_STRUCTURES":[\n')
        self._json.write(encode(sofa))

    def _flush(self, lines: list[str], objects: list[bytes]) -> None:
        self._xmi.write("".join(lines).encode())
        self._json.write(b"".join(objects))
        lines.clear()
        objects.clear()

    def _end(self, last: int) -> None:
        self._xmi.write(f'<cas:View sofa="{SOFA_ID}" members="'.encode())
        self._json.write(f'\n],\n"%VIEWS":{{"{VIEW}":{{"%SOFA":{SOFA_ID},"%MEMBERS":['.encode())
        for number, members in enumerate(_runs(SOFA_ID + 1, last + 1)):
            self._xmi.write(((" " if number else "") + " ".join(members)).encode())
            self._json.write((("," if number else "") + ",".join(members)).encode())
        self._xmi.write(b'"/>\n</xmi:XMI>\n')
        self._json.write(b"]}}}\n")

    def _sound(self, text: str) -> str:
        sound, number = _ILLEGAL.subn("\ufffd", text)
        if number:
            self._tally.lost[UNCARRIED] += number
        return sound


def shown_line(text: str, number: int, structure: Structure) -> str:
    """Return a structure as a line of XMI, for somebody to look at."""
    units = Utf16(text)
    begin, end = units(structure.begin), units(structure.end)
    return _xmi_line(
        _tag(structure.type), number, Structure(structure.type, begin, end, structure.features, structure.refers)
    )


def _runs(start: int, stop: int) -> Iterator[list[str]]:
    for first in range(start, stop, _PIECES):
        yield [str(number) for number in range(first, min(first + _PIECES, stop))]


def _tag(name: str) -> str:
    package, _, short = name.rpartition(".")
    return f"{_PREFIXES[package]}:{short}"


def _xmi_line(tag: str, number: int, structure: Structure) -> str:
    told = ""
    if structure.features or structure.refers:
        values: Mapping[str, str | int | float] = {**structure.refers, **structure.features}
        told = "".join(f' {name}="{_attribute(value)}"' for name, value in values.items())
    return f'<{tag} xmi:id="{number}" sofa="{SOFA_ID}" begin="{structure.begin}" end="{structure.end}"{told}/>\n'


def _attribute(value: str | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.translate(_ENTITIES) if isinstance(value, str) else str(value)


def _json_object(number: int, structure: Structure) -> bytes:
    if not structure.features and not structure.refers:  # tokens: most of them
        begin, end = structure.begin, structure.end
        return (
            f',\n{{"%ID":{number},"%TYPE":"{structure.type}","@sofa":{SOFA_ID},"begin":{begin},"end":{end}}}'.encode()
        )
    return b",\n" + msgspec.json.encode(
        {
            "%ID": number,
            "%TYPE": structure.type,
            "@sofa": SOFA_ID,
            "begin": structure.begin,
            "end": structure.end,
            **{f"@{name}": target for name, target in structure.refers.items()},
            **structure.features,
        }
    )
