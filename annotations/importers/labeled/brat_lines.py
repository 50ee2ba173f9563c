"""The lines of brat's annotation files, made annotations.

Source: brat.nlplab.org/standoff.html and its wiki's page Annotation-Data-Format. `T` is a span, `R` a relation, `E` an event,
`A` and `M` an attribute, `N` a reference to a database, `#` a note, `*` what means the same.

An event becomes relations from its trigger to its arguments, named by their roles; what is put on the event is put on the
trigger. A span of several fragments becomes one over all of them, and its attribute `fragments` tells where they are, in
code points of the stored text; fragments with nothing but white space between them are one span.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.labeled.documents import NO_PLACE, label_of
from annotations.model import ARTICLE_KEY, GivenAnnotation, Scope
from annotations.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.importers.labeled.documents import DocumentText
    from annotations.sources.source import Source

BROKEN = "is no line of brat's"
NO_END = "names an annotation that is not there"
FRAGMENTS = "fragments"
NORMALIZATION = "normalization"
EQUIVALENCE = "Equiv"

LINE = re.compile(
    r"(?:T\d\S*\t\S+ \d+ \d|[RE]\d\S*\t\S+ ?\S+:|[AMN]\d\S*\t\S+ [TERN]\d|#\d*\S*\t\S+ \S+\t|\*\t\S+ [TE]\d)"
)
"""How the lines of an annotation file begin."""

_FRAGMENT = re.compile(r"(\d{1,18}) (\d{1,18})")
_NUMBERED = re.compile(r"(.*[^\d])\d+\Z")


class BratLines:
    """The annotations of one file.

    Args:
        source: Cleans, and is told what does not fit.
        text: The document.
        annotator: Whose they are; None for whoever imports them.
        file: What the file is called in reports.
    """

    def __init__(self, source: Source, text: DocumentText, annotator: str | None, file: str) -> None:
        self._source = source
        self._text = text
        self._annotator = annotator
        self._file = file
        self._spans: dict[str, GivenAnnotation] = {}
        self._relations: dict[str, GivenAnnotation] = {}
        self._triggers: dict[str, str] = {}
        self._events: list[tuple[str, str, list[str]]] = []
        self._ties: list[tuple[str, str, str, str, str]] = []  # key, label, from, to, note
        self._more: list[tuple[str, list[str], str]] = []

    def read(self, lines: Iterable[str]) -> list[GivenAnnotation]:
        """Return what the lines of a file say; what is no line is reported and left out."""
        for number, line in enumerate(lines, 1):
            if line.strip():
                self._read_line(line.rstrip("\r\n").split("\t"), f"{self._file} line {number}")
        self._tie_events()
        for key, label, start, end, note in self._ties:
            self._tie(key, label, start, end, note)
        for where, columns, text in self._more:
            self._add_more(where, columns, text)
        return [*self._spans.values(), *self._relations.values()]

    def _read_line(self, columns: list[str], where: str) -> None:
        key, said = columns[0].strip(), columns[1].split() if len(columns) > 1 else []
        text = "\t".join(columns[2:])
        match key[:1], len(said):
            case "T", number if number >= 3:  # noqa: PLR2004  # a label and two offsets
                self._span(key, columns[1], text, where)
            case "R", number if number >= 3:  # noqa: PLR2004  # a label and two arguments
                self._relation(key, said, where)
            case "E", number if number >= 1 and ":" in said[0]:
                label, _, trigger = said[0].partition(":")
                self._triggers[key] = trigger
                self._events.append((key, label, said[1:]))
            case "*", number if number >= 2:  # noqa: PLR2004  # a label and one that it holds for
                for start, end in pairwise(said[1:]):
                    self._ties.append((f"*{start}-{end}", said[0], start, end, ""))
            case (("A" | "M" | "N" | "#"), number) if number >= 2:  # noqa: PLR2004  # what it is and whose
                self._more.append((where, [key, *said], text))
            case _:
                self._source.problems.add(BROKEN, where, "it was left out")

    def _span(self, key: str, said: str, text: str, where: str) -> None:
        label, _, places = said.strip().partition(" ")
        found = [self._text.span(*match.groups()) for match in _FRAGMENT.finditer(places)]
        fragments = [span for span in found if span is not None]
        quoted = self._source.clean(text)
        given = label_of(self._source, where, label, key=self._key(key), annotator=self._annotator)
        if not fragments:
            self._source.problems.add(NO_PLACE, where, "its words are looked for")
            self._spans[key] = replace(given, quote=quoted)
            return
        whole = Span(min(span.start for span in fragments), max(span.end for span in fragments))
        stored = self._text.text
        parts = self._joined(fragments)
        if len(parts) > 1:
            says = " ".join(" ".join(stored[part.start : part.end] for part in parts).split())
            is_right = not quoted or says == " ".join(quoted.split())
            told = ";".join(f"{part.start} {part.end}" for part in parts)
            given = replace(given, attributes={FRAGMENTS: told})
            quoted = "" if is_right else quoted
        self._spans[key] = replace(given, span=whole, quote=quoted)

    def _joined(self, fragments: list[Span]) -> list[Span]:
        """Return fragments in order, those that only white space parts as one."""
        stored = self._text.text
        joined: list[Span] = []
        for part in sorted(fragments):
            if joined and not stored[joined[-1].end : part.start].strip():
                joined[-1] = Span(joined[-1].start, max(joined[-1].end, part.end))
            else:
                joined.append(part)
        return joined

    def _relation(self, key: str, said: list[str], where: str) -> None:
        ends = [end.partition(":")[2] or end for end in said[1:]]
        note = "" if said[1].startswith("Arg1:") and said[2].startswith("Arg2:") else " ".join(said[1:])
        self._ties.append((key, said[0], ends[0], ends[1], note))
        if len(ends) > 2:  # noqa: PLR2004  # brat's have two
            self._source.problems.add("leads to more than one annotation", where, "the others are named in its note")

    def _tie_events(self) -> None:
        """Make relations of the arguments of events."""
        triggers = list(self._triggers.values())
        for key, label, arguments in self._events:
            start = self._triggers[key]
            roles = {argument.partition(":")[0] for argument in arguments}
            span = self._spans.get(start)
            notes = [f"event {key}"] if triggers.count(start) > 1 else []
            notes += [f"type {label}"] if span is not None and span.label != label else []
            for place, argument in enumerate(arguments):
                role, _, end = argument.partition(":")
                numbered = _NUMBERED.fullmatch(role)
                role = numbered[1] if numbered and numbered[1] in roles else role
                self._ties.append((f"{key}.{place}", role, key, end, ", ".join(notes)))
            if span is None:
                self._source.problems.add(NO_END, f"{self._file} {key}", "it was left out")
            elif notes and not arguments:
                self._spans[start] = replace(span, note="\n".join(filter(None, (span.note, ", ".join(notes)))))

    def _tie(self, key: str, label: str, start: str, end: str, note: str) -> None:
        first, second = self._triggers.get(start, start), self._triggers.get(end, end)
        if first not in self._spans or second not in self._spans:
            self._source.problems.add(NO_END, f"{self._file} {key}", "it was left out")
            return
        self._relations[key] = label_of(
            self._source,
            f"{self._file} {key}",
            label,
            scope=Scope.RELATION,
            key=self._key(key),
            annotator=self._annotator,
            note=self._source.clean(note),
            from_key=self._key(first),
            to_post=ARTICLE_KEY,
            to_key=self._key(second),
        )

    def _add_more(self, where: str, columns: list[str], text: str) -> None:
        """Add an attribute, a reference or a note to what it is put on."""
        key, name, at = columns[:3]
        at = self._triggers.get(at, at)
        group = self._spans if at in self._spans else self._relations
        given = group.get(at)
        if given is None:
            self._source.problems.add(NO_END, where, "it was left out")
            return
        text = self._source.clean(text)
        if key.startswith("#"):
            told = text if name == "AnnotatorNotes" else f"{name}: {text}"
            group[at] = replace(given, note="\n".join(filter(None, (given.note, told))))
            return
        if key.startswith("N"):
            name, value = NORMALIZATION, " ".join(filter(None, (*columns[3:], f"({text})" if text else "")))
        else:
            value = " ".join(columns[3:]) or "true"
        before = given.attributes.get(name)
        told = value if before is None else f"{before}; {value}"
        group[at] = replace(given, attributes={**given.attributes, self._source.clean(name): self._source.clean(told)})

    def _key(self, key: str) -> str:
        """Return a key that no other annotator's annotation has."""
        key = self._source.clean(key)
        return f"{self._annotator}/{key}" if self._annotator else key
