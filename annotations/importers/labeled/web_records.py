"""Web Annotations and annotations of Hypothesis, brought to one form.

Sources: the W3C's Web Annotation Data Model (w3.org/TR/annotation-model), h.readthedocs.io/en/latest/api-reference for
Hypothesis: `rows` with `uri`, `user`, `text`, `tags`, `target`, `references`, `document`.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  # msgspec reads the types of fields
from typing import TYPE_CHECKING
from urllib.parse import unquote

from msgspec import Struct

from annotations.importers.labeled.documents import as_name, as_offset
from annotations.importers.labeled.web_passages import Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.importers.reading.json_fields import Record
    from annotations.sources.source import Source

LABELLING = {"tagging", "classifying", "identifying"}
"""Purposes of bodies that are labels; what has another one is a note."""

LINKING = "linking"
_DEEPEST = 20


class Place(Struct, frozen=True):
    """Where an annotation is, or leads.

    Args:
        source: The document, or another annotation.
        passage: What is quoted of it; None for all of it.
        start: Where that begins if nothing is quoted, else None.
        end: Where that ends.
    """

    source: str
    passage: Passage | None = None
    start: int | None = None
    end: int | None = None


class WebAnnotation(Struct, frozen=True, kw_only=True):
    """An annotation.

    Args:
        key: What its source calls it.
        labels: Its labels.
        terms: The addresses of those of them that are terms of a vocabulary, by label.
        note: What it says besides.
        places: Where it is.
        links: Where it starts, if it is a relation.
        creator: Who has put it, None if that is not said.
        is_software: Whether that is a program.
        created_at: When.
        title: What its document is called, "" if that is not said.
        replies_to: The annotations that it answers, the first one first.
        meta: The rest of it.
    """

    key: str
    labels: tuple[str, ...]
    terms: Mapping[str, str]
    note: str
    places: tuple[Place, ...]
    links: tuple[Place, ...] = ()
    creator: str | None = None
    is_software: bool = False
    created_at: str | None = None
    title: str = ""
    replies_to: tuple[str, ...] = ()
    meta: Mapping[str, object] = {}


def read_annotation(record: Record) -> WebAnnotation | None:
    """Return the annotation that a record is, None if it is none."""
    if record.peek("uri") is not None and (record.peek("user") is not None or record.peek("tags") is not None):
        return _read_hypothesis(record)
    if record.peek("target") is None:
        return None
    return _read_web(record)


def _read_web(record: Record) -> WebAnnotation:
    source = record.source
    motivations = [_ending(as_name(source, each)) for each in _listed(record.peek("motivation"))]
    links: list[Place] = []
    labels: list[str] = []
    terms: dict[str, str] = {}
    notes: list[str] = []
    bodies = [each if isinstance(each, dict) else {"id": each} for each in _listed(record.peek("body"))]
    bodies += [{"value": each} for each in _listed(record.peek("bodyValue"))]
    for fields in bodies:
        purposes = [_ending(as_name(source, each)) for each in _listed(fields.get("purpose"))] or motivations
        told = _told(source, fields)
        if "selector" in fields or ("source" in fields and LINKING in purposes and not LABELLING & set(purposes)):
            links += _places(source, [fields])
        elif LABELLING & set(purposes) and told:
            labels.append(_ending(told) if "value" not in fields else " ".join(told.split()))
            if labels[-1] != told and "value" not in fields:
                terms[labels[-1]] = told
        elif told:
            notes.append(told)
    creator = next(iter(_listed(record.peek("creator"))), None)
    kind = as_name(source, creator.get("type")) if isinstance(creator, dict) else ""
    made = {"commenting": bool(notes), LINKING: bool(links)}
    motivation = next(
        (each for each in motivations if each), next((each for each, is_it in made.items() if is_it), "highlighting")
    )
    places = _places(source, _listed(record.peek("target")))
    moment = record.moment("created")
    key = record.key("id", "@id")
    record.drop("target", "body", "bodyValue", "type", "@type", "@context", "motivation", "creator", "created")
    return WebAnnotation(
        key=key,
        labels=tuple(dict.fromkeys(labels)) or (motivation.capitalize(),),
        terms=terms,
        note="\n".join(notes),
        places=tuple(places),
        links=tuple(links),
        creator=_creator(source, creator),
        is_software=kind == "Software",
        created_at=moment,
        meta=record.rest,
    )


def _read_hypothesis(record: Record) -> WebAnnotation:
    source = record.source
    info, document = record.child("user_info"), record.child("document")
    uri = as_name(source, record.peek("uri"))
    titles = _listed(document.peek("title"))
    replies = tuple(each for each in (as_name(source, value) for value in record.list("references")) if each)
    tags = [each for each in (as_name(source, value) for value in record.list("tags")) if each]
    user = as_name(source, record.peek("user")).removeprefix("acct:")
    places = _places(source, [each for each in _listed(record.peek("target")) if isinstance(each, dict)], uri)
    note = record.text("text")
    moment = record.moment("created")
    key = record.key("id")
    record.drop("uri", "user", "user_info", "target", "created", "document")
    return WebAnnotation(
        key=key,
        labels=tuple(dict.fromkeys(tags)) or ("Commenting" if note else "Highlighting",),
        terms={},
        note=note,
        places=tuple(places) or (Place(uri),),
        creator=info.name("display_name") or user.partition("@")[0] or None,
        created_at=moment,
        title=as_name(source, titles[0]) if titles else "",
        replies_to=replies,
        meta=record.rest,
    )


def _places(source: Source, targets: list[object], document: str = "") -> Iterator[Place]:
    for target in targets:
        fields = target if isinstance(target, dict) else {"source": target}
        where = fields.get("source", fields.get("id", fields.get("@id", document)))
        if isinstance(where, dict):
            where = where.get("id", where.get("@id", ""))
        name = as_name(source, where if not isinstance(where, list) else next(iter(where), "")) or document
        selectors = list(_selectors(fields.get("selector")))
        quoted = next(
            (each for each in selectors if each.get("type") == "TextQuoteSelector" and each.get("exact")), None
        )
        placed = next((each for each in selectors if each.get("type") == "TextPositionSelector"), {})
        start, end = as_offset(placed.get("start")), as_offset(placed.get("end"))
        if quoted is None:
            yield Place(name, None, start, end)
            continue
        prefix, exact, suffix = (_text(source, quoted.get(each)) for each in ("prefix", "exact", "suffix"))
        if start is not None and start < len(prefix):
            start = None  # the two do not belong to one text
        yield Place(name, Passage(prefix, exact, suffix, start)) if exact else Place(name, None, start, end)


def _selectors(value: object) -> Iterator[Mapping[str, object]]:
    """Yield selectors, those that refine others too."""
    waiting = [(each, 0) for each in _listed(value)]
    while waiting:
        each, depth = waiting.pop(0)
        if isinstance(each, dict):
            yield each
            if depth < _DEEPEST:
                waiting += [(inner, depth + 1) for word in ("refinedBy", "items") for inner in _listed(each.get(word))]


def _told(source: Source, fields: Mapping[str, object]) -> str:
    """Return what a body says: its text, or what it refers to."""
    for each in ("value", "chars", "label", "source", "id", "@id"):
        value = fields.get(each)
        if isinstance(value, str) and value:
            return source.clean(value)
    return ""


def _creator(source: Source, value: object) -> str | None:
    if isinstance(value, dict):
        names = (value.get(each) for each in ("name", "nickname", "email", "id", "@id"))
        firsts = (next(iter(_listed(each)), None) for each in names if each)
        return next(
            (found for each in firsts if not isinstance(each, dict) and (found := _creator(source, each))), None
        )
    word = as_name(source, value)
    return (_ending(word) if "://" in word else word.removeprefix("acct:").removeprefix("mailto:")) or None


def _text(source: Source, value: object) -> str:
    return source.clean(value) if isinstance(value, str) else ""


def _ending(word: str) -> str:
    """Return what an address ends with: the name of what it is about; another word as it is."""
    if "://" not in word and not word.startswith(("oa:", "as:")):
        return word
    tail = word.rstrip("/#").replace("#", "/").replace("oa:", "/").replace("as:", "/").rsplit("/", 1)[-1]
    return unquote(tail) or word


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
