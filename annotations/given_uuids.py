"""The identity of annotations that were made elsewhere: the one that they have, else one made of what they say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from annotations.model import Scope
from annotations.store.given import past_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.model import GivenAnnotation
    from annotations.store.given import Past
    from annotations.store.project import Project

_SPACE = UUID("6f0c7a0e-3d0b-5a53-9d53-5f1c6c1f2b11")
_UUID = re.compile(r"(?:urn:uuid:)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", re.IGNORECASE)


def known_uuids(
    project: Project, thread_id: int, annotations: Sequence[GivenAnnotation]
) -> Iterator[tuple[GivenAnnotation, str, Past | None]]:
    """Yield annotations, each once, with its uuid and what the history says of it; relations behind all others.

    A uuid of another project is kept, unless this one has it in another thread.

    Args:
        project: The project, with a transaction open.
        thread_id: The thread.
        annotations: What was given.
    """
    own = [own_uuid(given.key) for given in annotations]
    known = past_of(project, {uuid for uuid in own if uuid})
    uuids: list[str] = []
    used: set[str] = set()
    by_key: dict[str, str] = {}
    ordered = sorted(
        zip(annotations, own, strict=True), key=lambda pair: pair[0].scope is Scope.RELATION
    )  # a relation is named by what it is tied to
    for given, uuid in ordered:
        past = known.get(uuid)
        if not uuid or uuid in used or (past is not None and past.thread_id != thread_id):
            uuid = _made_uuid(project.origin, thread_id, given, by_key)  # noqa: PLW2901  # the one that it gets
        uuids.append(uuid)
        used.add(uuid)
        if given.key:
            by_key.setdefault(given.key, uuid)
    past_by_uuid = known | past_of(project, set(uuids) - known.keys())
    seen: set[str] = set()
    for (given, _), uuid in zip(ordered, uuids, strict=True):
        if uuid not in seen:
            seen.add(uuid)
            yield given, uuid, past_by_uuid.get(uuid)


def own_uuid(key: str) -> str:
    """Return the uuid that a key is, "" if it is none."""
    found = _UUID.fullmatch(key)
    return found[1].lower() if found else ""


def _made_uuid(origin: str, thread_id: int, given: GivenAnnotation, by_key: dict[str, str]) -> str:
    ends = [by_key.get(key, key) for key in (given.from_key, given.to_key)]
    said = (
        *(origin, thread_id, given.annotator, given.label.casefold(), given.scope.value, given.post, given.span),
        *(given.quote, given.note, sorted(given.attributes.items()), given.to_post, ends, given.is_detached),
    )
    return str(uuid5(_SPACE, repr(said)))
