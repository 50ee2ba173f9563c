"""A CAS as files: XMI (XML 1.0) and CAS JSON, with the same ids in both.

On disk offsets count units of UTF-16, as in UIMA's own memory. Written here and not by a library, because a library holds every token of
a thread as an object: a thread of a million comments would not fit into memory. Feature structures are written without their ids, which
follow when it is known how many others stand before them: so what several files have in common is made once.

Sources: UIMA References, 7 (XMI CAS serialization); github.com/apache/uima-uimaj-io-jsoncas, SPECIFICATION (CAS JSON 0.4.0).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from annotations.exporters.documents.deferred import Part
from annotations.exporters.documents.uima_cas import SOFA_ID, segments
from annotations.exporters.documents.uima_types import SENTENCE, TOKEN, type_system_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from annotations.exporters.documents.deferred import Deferred
    from annotations.exporters.documents.rendition_places import Section
    from annotations.exporters.documents.uima_cas import Structure
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
_ID = b"\0"
"""Stands where the id of a structure will be: no text has it."""
_IDS = 1_000
"""Ids of members that are written at once."""


class Text:
    """The text of a CAS, as it stands in both files.

    Args:
        deferred: Where it waits.
        tally: Where it is counted what cannot be carried.
    """

    def __init__(self, deferred: Deferred, tally: Tally) -> None:
        self.xmi, self.json = Part(deferred), Part(deferred)
        self._tally = tally

    def add(self, text: str) -> None:
        """Add a piece."""
        text = _sound(text, self._tally)
        self.xmi.add(text.translate(_ENTITIES).encode())
        self.json.add(msgspec.json.encode(text)[1:-1])


class Structures:
    """Feature structures as they stand in both files, but for their ids.

    Args:
        deferred: Where they wait.
        tally: Where it is counted what cannot be carried.
    """

    def __init__(self, deferred: Deferred, tally: Tally) -> None:
        self.number = 0
        """How many there are."""
        self.xmi, self.json = Part(deferred), Part(deferred)
        self._tally = tally

    def add(self, structure: Structure) -> None:
        """Add a structure."""
        features = {
            name: _sound(value, self._tally) if isinstance(value, str) else value
            for name, value in structure.features.items()
        }
        self.xmi.add(_xmi_line(structure, features).encode())
        self.json.add(_json_object(structure, features))
        self.number += 1

    def add_segments(self, section: Section) -> None:
        """Add the sentences and the tokens of a piece of the thread."""
        kinds: list[int] = []
        places: list[int] = []
        for sentence, members in segments(section.text):
            kinds += (1, *(0,) * len(members))
            places += sentence
            for member in members:
                places += member
        if len(section.text) == section.length:
            ends = tuple([section.units + place for place in places])
        else:
            ends = tuple([section.utf16(section.start + place) for place in places])
        self.xmi.add(("".join([_XMI_SEGMENTS[kind] for kind in kinds]) % ends).encode())
        self.json.add(("".join([_JSON_SEGMENTS[kind] for kind in kinds]) % ends).encode())
        self.number += len(kinds)


class CasWriter:
    """Writes a CAS to both files.

    Args:
        xmi: Where the XMI goes.
        json: Where the CAS JSON goes.
        types: The type system.
    """

    def __init__(self, xmi: Output, json: Output, types: tuple[Type, ...]) -> None:
        self._xmi = xmi
        self._json = json
        self._types = types

    def write(self, text: Text, groups: Sequence[Structures]) -> None:
        """Write a text and what is put on it, group by group; ids follow each other, from `SOFA_ID` + 1 on."""
        self._begin(text)
        first = SOFA_ID + 1
        for group in groups:
            for output, part in ((self._xmi, group.xmi), (self._json, group.json)):
                for piece in numbered(part, first):
                    output.write(piece)
            first += group.number
        self._end(first - 1)

    def _begin(self, text: Text) -> None:
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
        for piece in text.xmi:
            self._xmi.write(piece)
        self._xmi.write(b'"/>\n')
        sofa = {"%ID": SOFA_ID, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": VIEW, "mimeType": _MIME}
        encode = msgspec.json.encode
        self._json.write(b'{"%TYPES":' + encode(type_system_json(self._types)) + b',\n"%FEATURE_STRUCTURES":[\n')
        self._json.write(encode(sofa)[:-1] + b',"sofaString":"')
        for piece in text.json:
            self._json.write(piece)
        self._json.write(b'"}')

    def _end(self, last: int) -> None:
        self._xmi.write(f'<cas:View sofa="{SOFA_ID}" members="'.encode())
        self._json.write(f'\n],\n"%VIEWS":{{"{VIEW}":{{"%SOFA":{SOFA_ID},"%MEMBERS":['.encode())
        for number, members in enumerate(_runs(SOFA_ID + 1, last + 1)):
            self._xmi.write(((" " if number else "") + " ".join(members)).encode())
            self._json.write((("," if number else "") + ",".join(members)).encode())
        self._xmi.write(b'"/>\n</xmi:XMI>\n')
        self._json.write(b"]}}}\n")


def numbered(pieces: Iterable[bytes], first: int) -> Iterator[bytes]:
    """Yield structures with their ids, from `first` on."""
    for piece in pieces:
        parts = piece.split(_ID)
        ids = [b"%d" % number for number in range(first, first + len(parts) - 1)]
        first += len(ids)
        said = [b""] * (len(parts) + len(ids))
        said[::2], said[1::2] = parts, ids
        yield b"".join(said)


def _sound(text: str, tally: Tally) -> str:
    sound, number = _ILLEGAL.subn("\ufffd", text)
    if number:
        tally.lost[UNCARRIED] += number
    return sound


def _runs(start: int, stop: int) -> Iterator[list[str]]:
    for first in range(start, stop, _IDS):
        yield [str(number) for number in range(first, min(first + _IDS, stop))]


@cache
def _tag(name: str) -> str:
    package, _, short = name.rpartition(".")
    return f"{_PREFIXES[package]}:{short}"


def _xmi_line(structure: Structure, features: Mapping[str, str | int | float]) -> str:
    values: Mapping[str, str | int | float] = {**structure.refers, **features}
    told = "".join([f' {name}="{_attribute(value)}"' for name, value in values.items()])
    begin, end = structure.begin, structure.end
    return f'<{_tag(structure.type)} xmi:id="\0" sofa="{SOFA_ID}" begin="{begin}" end="{end}"{told}/>\n'


def _attribute(value: str | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.translate(_ENTITIES) if isinstance(value, str) else str(value)


def _json_object(structure: Structure, features: Mapping[str, str | int | float]) -> bytes:
    said = msgspec.json.encode(
        {
            "%TYPE": structure.type,
            "@sofa": SOFA_ID,
            "begin": structure.begin,
            "end": structure.end,
            **{f"@{name}": target for name, target in structure.refers.items()},
            **features,
        }
    )
    return b',\n{"%ID":\0,' + said[1:]


_XMI_SEGMENTS = tuple(
    f'<{_tag(each)} xmi:id="\0" sofa="{SOFA_ID}" begin="%d" end="%d"/>\n' for each in (TOKEN, SENTENCE)
)
_JSON_SEGMENTS = tuple(
    f',\n{{"%%ID":\0,"%%TYPE":"{each}","@sofa":{SOFA_ID},"begin":%d,"end":%d}}' for each in (TOKEN, SENTENCE)
)
"""A token and a sentence in both files."""
