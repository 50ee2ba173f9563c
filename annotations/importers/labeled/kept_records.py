"""The records that Postil keeps beside a document of another tool, found by what the document says now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.importers.labeled.documents import as_name, as_offset
from annotations.importers.labeled.postil_records import GivenRecords, place_of
from annotations.importers.reading.json_fields import records_in
from annotations.model import Scope
from annotations.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeAlias

    from annotations.model import GivenAnnotation
    from annotations.sources.source import Source

    End: TypeAlias = tuple[str, str | None]
    """The key of the annotation at which a relation starts or ends, "" for the post as a whole; and the post, None for the thread."""

_SCOPES = {scope.value: scope for scope in Scope}


class Kept(Struct):
    """What is kept of an annotation.

    Args:
        record: The record.
        key: The key of the annotation in the document; "" if it is not there.
        scope: What it is put on.
        post: The key of the post, None for the thread.
        span: Where the document has it in the post; None where there is no span, or no place for it.
        label: What the document calls it, in the codebook's words.
        is_used: Whether it was found in the document.
    """

    record: Mapping[str, object]
    key: str
    scope: Scope
    post: str | None
    span: Span | None
    label: str
    is_used: bool = False


class KeptRecords:
    """The records of one document.

    Args:
        source: Cleans, and is told what does not fit.
        member: What is kept beside the document.
        key_of: Returns the key of an annotation by its id in the document, and by its scope there.
    """

    def __init__(self, source: Source, member: Mapping[str, object], key_of: Callable[[str, Scope], str]) -> None:
        self._source = source
        self._whose = {"annotator": member.get("annotator"), "annotator_kind": member.get("annotator_kind")}
        entries = member.get("annotations")
        fields = records_in(source, entries if isinstance(entries, list) else [], "annotations")
        self.every = [self._kept(each, key_of) for each in fields]
        """All of them, in order."""
        self._by_key = {kept.key: kept for kept in self.every if kept.key}
        self._by_place: dict[object, list[Kept]] = {}
        if self._whose["annotator"]:  # else one that is somebody else's would be taken for it
            for kept in self.every:
                if kept.key:
                    self._by_place.setdefault((kept.scope, kept.post, kept.span, kept.label), []).append(kept)

    def find(self, given: GivenAnnotation, label: str) -> Kept | None:
        """Return the record of an annotation that is where it was with the label that it had, None if there is none.

        Tools give new ids when they import: what has another one is found by its place.

        Args:
            given: What the document says, put on its post.
            label: Its label in the codebook's words.
        """
        place = (given.scope, given.post, given.span, label)
        kept = self._by_key.get(given.key)
        candidates = ([] if kept is None else [kept]) + self._by_place.get(place, [])
        for each in candidates:
            if not each.is_used and (each.scope, each.post, each.span, each.label) == place:
                each.is_used = True
                return each
        return None

    def find_relation(self, given: GivenAnnotation, label: str, ends: tuple[End, End]) -> Kept | None:
        """Return the record of a relation that has the label and the ends that it had."""
        kept = self._by_key.get(given.key)
        of_label = [each for each in self.every if each.scope is Scope.RELATION] if self._by_place else []
        for each in ([] if kept is None else [kept]) + of_label:
            if not each.is_used and each.key and each.label == label and self._has_ends(each, ends):
                each.is_used = True
                return each
        return None

    def restored(self, kept: Kept, key: str = "") -> Iterator[GivenAnnotation]:
        """Yield what is kept of an annotation; nothing of one that only follows from another.

        Args:
            kept: The record.
            key: The key that it gets if it has no name of its own.
        """
        given = GivenRecords(self._source)
        whose = {name: value for name, value in self._whose.items() if value}
        where = f"the label {kept.label} on {kept.post}"
        given.add({**whose, **kept.record}, kept.scope, kept.post, where, key=key)
        yield from given.annotations

    def own_end(self, kept: Kept, number: int) -> tuple[str, str | None, bool]:
        """Return the key of the annotation at which a relation starts (0) or ends (1), its post, and whether it is in the document."""
        end = kept.record.get(("from", "to")[number])
        fields = end if isinstance(end, dict) else {}
        post = kept.post if number == 0 else as_name(self._source, kept.record.get("to_post")) or None
        return as_name(self._source, fields.get("annotation")), post, not fields.get("is_loose")

    def _has_ends(self, kept: Kept, ends: tuple[End, End]) -> bool:
        for number, (key, post) in enumerate(ends):
            own, own_post, is_there = self.own_end(kept, number)
            if post != own_post or (own and key != (own if is_there else "")):
                return False
        return True

    def _kept(self, record: Mapping[str, object], key_of: Callable[[str, Scope], str]) -> Kept:
        scope = _SCOPES.get(str(record.get("scope")), Scope.SPAN)
        id_ = record.get("id")
        return Kept(
            record=record,
            key=key_of(id_, scope) if isinstance(id_, str) and id_ else "",
            scope=scope,
            post=as_name(self._source, record.get("post")) or None,
            span=(_told_place(record) or place_of(record)) if scope is Scope.SPAN else None,
            label=as_name(self._source, record.get("label")),
        )


def _told_place(record: Mapping[str, object]) -> Span | None:
    """Return where in the post the document has a span, None if that is where it is."""
    told = record.get("told")
    place = told.get("place") if isinstance(told, dict) else None
    start, end = map(as_offset, place) if isinstance(place, list) and len(place) == 2 else (None, None)  # noqa: PLR2004  # two ends
    return Span(start, end) if start is not None and end is not None and start < end else None
