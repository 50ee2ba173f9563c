"""What the formats have in common that write threads as documents: names of files, and what is counted."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

import msgspec

from annotations.errors import WrongUsageError
from annotations.exporters.choosing.by_annotator import UNLABELED, annotator_stems
from annotations.exporters.documents.rendition_places import RELATIONS
from annotations.exporters.rows.telling import votes
from annotations.exporters.rows.unpaired import replace_unpaired
from annotations.exporters.writing.report import Loss
from annotations.exporters.writing.safe_names import safe_names
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.documents.rendition_places import Section, Unplaced
    from annotations.exporters.writing.report import Tally

_SAFE_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,70}")
_JSON = json.JSONEncoder(separators=(",", ":")).encode
VOTES = "votes behind labels that were made one set"
_HASHED = 8
"""Digits of a hash that tell two names apart which look alike when made safe."""


def check_options(options: ExportOptions, tool: str) -> None:
    """Refuse what a document cannot be.

    Raises:
        WrongUsageError: If it is to be for Excel.
    """
    if options.excel:
        raise WrongUsageError(f"Excel does not read what is made for {tool}", "Export csv for Excel.")


class Names:
    """Names of files for annotators and threads.

    Args:
        selection: What is exported.
    """

    def __init__(self, selection: Selection) -> None:
        self._stems = annotator_stems(selection)
        self._nobody = UNLABELED
        while self._nobody in {stem.lower() for stem in self._stems.values()}:
            self._nobody += "_"

    def parts(self, annotators: Iterable[str]) -> list[tuple[str, str | None]]:
        """Return into whose files a thread goes on which these have put something: the name of the files, and the annotator.

        Where the labels of all are made one set, that is one part, of no annotator; so is a thread on which nobody has put anything.
        """
        if None in self._stems:
            return [(self._stems[None], None)]
        found: list[tuple[str, str | None]] = [(self._stems.get(name) or safe_name(name), name) for name in annotators]
        return found or [(self._nobody, None)]


def safe_name(name: str) -> str:
    """Return a name of ASCII letters, digits, `_` and `-` for one, which differs from that for any other, in whatever case.

    Unlike `safe_names` it needs not know them all.
    """
    safe = safe_names([name])[name]
    if _SAFE_KEY.fullmatch(name) and safe == name:
        return name
    return f"{safe}-{hashlib.blake2b(name.encode('utf-8', 'surrogatepass')).hexdigest()[:_HASHED]}"


def anchor_names(selection: Selection) -> dict[Scope, str]:
    """Return what stands for a post and for a thread as a whole is called: as no label is, in whatever case."""
    taken = {each.lower() for each in (*selection.label_names, *(label.id for label in selection.codebook.labels))}
    names: dict[Scope, str] = {}
    for scope, name in ((Scope.POST, "Post"), (Scope.THREAD, "Thread")):
        names[scope] = name
        while names[scope].lower() in taken:
            names[scope] += "_"
    return names


def count(tally: Tally, thread: str, section: Section) -> None:
    """Count a piece of a thread: its post, the annotations in the document and those kept beside it, and what has no place at all."""
    if section.block is not None:
        tally.posts += not section.block.is_left_out
    for placed in section.placed:
        tally.annotations += placed.annotation is not None and bool(placed.annotation.uuid)
    for relation in section.relations:
        tally.annotations += bool(relation.annotation.uuid)
    for unplaced in section.unplaced:
        if is_lost(unplaced):
            _lose(tally, thread, unplaced)
        else:
            tally.annotations += bool(unplaced.annotation.uuid)


def is_lost(unplaced: Unplaced) -> bool:
    """Tell whether what has no place is not even kept beside the document: relations to what is not there."""
    return unplaced.reason == RELATIONS


def lose_votes(tally: Tally, thread: str, section: Section) -> None:
    """Count the votes for what was made of several annotators' labels, for a format that has no room for them."""
    kept = (*(each.annotation for each in section.placed), *(each.annotation for each in section.relations))
    for annotation in (*kept, *(each.annotation for each in section.unplaced if not is_lost(each))):
        if annotation is not None and annotation.uuid:
            number, seen, _ = votes(annotation)
            if number is not None:
                detail = f"{annotation.label}: {number} of {seen}"
                tally.lose(VOTES, Loss(thread=thread, post=section.key, annotation=annotation.uuid, detail=detail))


def whose(section: Section, documents: Mapping[str | None, object]) -> Iterable[str | None]:
    """Return in whose documents there is something on a piece of a thread; None is that of all."""
    return documents if None in documents else section.annotators


def share_losses(tally: Tally, shared: Tally, documents: int) -> None:
    """Count what was lost in a part that several documents have."""
    for reason, number in shared.lost.items():
        if number:
            tally.lost[reason] += number * documents


def _lose(tally: Tally, thread: str, unplaced: Unplaced) -> None:
    """Count something that has no place."""
    annotation = unplaced.annotation
    tally.lose(
        unplaced.reason,
        Loss(
            thread=thread,
            post=unplaced.post,
            annotation=annotation.uuid or None,
            detail=annotation.label if annotation.quote is None else annotation.quote.exact,
        ),
    )


def sound_json(value: object, tally: Tally) -> bytes:
    """Return a JSON value as ASCII on one line; half characters in it, which no reader takes, are replaced and counted."""
    said = _JSON(value)
    if "\\ud" in said:  # a pair of halves, which is sound, or one alone
        try:
            msgspec.json.encode(value)
        except UnicodeEncodeError:
            said = _JSON(replace_unpaired(value, tally))
    return said.encode()
