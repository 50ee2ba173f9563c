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
from annotations.exporters.rows.unpaired import replace_unpaired
from annotations.exporters.writing.report import Loss
from annotations.exporters.writing.safe_names import safe_names
from annotations.model import Scope

if TYPE_CHECKING:
    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selecting import Selection
    from annotations.exporters.documents.rendition import Rendition
    from annotations.exporters.documents.rendition_places import Unplaced
    from annotations.exporters.writing.report import Tally

_SAFE_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,70}")
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

    def parts(self, rendition: Rendition) -> list[tuple[str, str | None, Rendition]]:
        """Return what of a thread goes into whose files: their name, the annotator, and the thread with what is the annotator's.

        Where the labels of all are made one set, that is one part, of no annotator; so is a thread on which nobody has put anything.
        """
        if None in self._stems:
            return [(self._stems[None], None, rendition)]
        found = [(self._stems.get(name) or safe_name(name), name, rendition.of(name)) for name in rendition.annotators]
        return list(found) or [(self._nobody, None, rendition)]


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


def count(tally: Tally, rendition: Rendition) -> None:
    """Count a thread and its posts, and what of it has no place at all."""
    tally.threads += 1
    tally.posts += sum(not block.is_left_out for block in rendition.blocks)
    for each in rendition.unplaced:
        if is_lost(each):
            lose(tally, rendition, each)


def count_annotations(tally: Tally, rendition: Rendition) -> None:
    """Count the annotations of a thread: those in its document, and those that are kept beside it."""
    kept = (*rendition.annotations, *(each.annotation for each in rendition.unplaced if not is_lost(each)))
    tally.annotations += sum(1 for annotation in kept if annotation.uuid)


def is_lost(unplaced: Unplaced) -> bool:
    """Tell whether what has no place is not even kept beside the document: relations to what is not there."""
    return unplaced.reason == RELATIONS


def lose(tally: Tally, rendition: Rendition, unplaced: Unplaced) -> None:
    """Count something that has no place."""
    annotation = unplaced.annotation
    tally.lose(
        unplaced.reason,
        Loss(
            thread=rendition.thread.key,
            post=None if unplaced.block is None else rendition.blocks[unplaced.block].post.key,
            annotation=annotation.uuid or None,
            detail=annotation.label if annotation.quote is None else annotation.quote.exact,
        ),
    )


def sound_json(value: object, tally: Tally) -> bytes:
    """Return a JSON value as ASCII on one line; half characters in it, which no reader takes, are replaced and counted."""
    said = json.dumps(value, separators=(",", ":"))
    if "\\ud" in said:  # a pair of halves, which is sound, or one alone
        try:
            msgspec.json.encode(value)
        except UnicodeEncodeError:
            said = json.dumps(replace_unpaired(value, tally), separators=(",", ":"))
    return said.encode()
