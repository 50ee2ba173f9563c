"""doccano: a file of JSON Lines for each annotator, with a thread a line, as it is imported for sequence labeling with relations.

A thread is one text, its rendition (see `annotations.exporters.documents.rendition`). `entities` are the spans; labels on posts stand on the
posts' header lines, labels on the thread on the first line, and a relation that starts or ends at a post as a whole is tied to its
header line, where there is an entity `Post` for it. `relations` name entities by their ids. Labels are told by their ids; their colours,
and keys, are in `label_config.json` and `relation_config.json`, as doccano imports its label types. Threads on which nobody has
put anything are in `unlabeled.jsonl`.

doccano takes all other fields for the meta of the text and gives them out again: `postil` is what `annotations.importers.doccano` needs to
make the thread of it again, with what doccano has no words for: attributes, notes, detached spans, reviews and flags.

Offsets are units of UTF-16: doccano's server passes them on, and its editor, which counts like JavaScript, shows them (a
project must not count grapheme clusters as one character). The JSON is ASCII, because doccano guesses encodings.

Source: github.com/doccano/doccano 1.8.4, `backend/data_import` and `backend/label_types`.
"""

from __future__ import annotations

import string
from contextlib import ExitStack
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from annotations.exporters.choosing.selecting import select
from annotations.exporters.documents.companion import LAYOUT
from annotations.exporters.documents.deferred import Deferred
from annotations.exporters.documents.doccano_lines import DoccanoLine, Shared
from annotations.exporters.documents.label_looks import ground_colour, text_colour
from annotations.exporters.documents.rendition import first_rendition, iter_renditions
from annotations.exporters.documents.rendition_files import (
    Names,
    anchor_names,
    check_options,
    count,
    share_losses,
    whose,
)
from annotations.exporters.writing.folder import Field, FieldType, Table
from annotations.exporters.writing.whole_folder import write_folder
from annotations.model import Scope
from annotations.store.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.documents.rendition import Rendition
    from annotations.exporters.writing.folder import Folder
    from annotations.exporters.writing.output import Output
    from annotations.exporters.writing.report import ExportReport
    from annotations.store.project import Project

name = "doccano"
title = "doccano, a folder with a file of texts, entities and relations for each annotator"
suffix = ""
keeps = (
    "spans, labels on posts and threads (on header lines), relations, colours; as meta: posts, attributes, notes, detached spans, "
    "reviews, flags"
)
loses = "relations to posts that are not exported; guidelines and rules of the codebook; seconds; meta of threads"

_KEYS = frozenset(string.digits + string.ascii_lowercase)
"""What doccano takes for the key of a label (`SuffixKey` in `label_types/models.py`)."""

_TABLE = Table(
    name="texts",
    fields=(
        Field(name="text", type=FieldType.STRING, description="The thread", is_required=True),
        Field(name="entities", type=FieldType.LIST, description="Labels, with offsets in UTF-16", is_required=True),
        Field(name="relations", type=FieldType.LIST, description="Relations between entities", is_required=True),
        Field(
            name="postil",
            type=FieldType.OBJECT,
            description="Where posts are, and what else is known",
            is_required=True,
        ),
    ),
)
_USE = """\
Make a project for sequence labeling in doccano, with overlapping spans and relations allowed, and without counting grapheme
clusters as one character. Import `label_config.json` as span types and `relation_config.json` as relation types, then a file
`NAME.jsonl` as JSONL(Relation). Offsets are units of UTF-16, as in doccano's editor:

```python
import json
from pathlib import Path

for file in Path("{folder}").rglob("*.jsonl"):
    for line in file.read_text(encoding="ascii").splitlines():
        thread = json.loads(line)
        units = thread["text"].encode("utf-16-le")
        for entity in thread["entities"]:
            words = units[2 * entity["start_offset"] : 2 * entity["end_offset"]].decode("utf-16-le")
```

`postil import {folder}` brings the threads and all annotations back, also from what doccano exports.
"""


def write(project: Project, path: Path | None, options: ExportOptions) -> ExportReport:
    """Write the files to the folder `path`.

    Raises:
        ExportError: If the target cannot be written, or a span does not say what was quoted.
        UnknownNameError: If the project has no such thread, annotator or label.
        WrongUsageError: If it is to be for Excel.
    """
    check_options(options, "doccano")
    return write_folder(project, path, options, _fill, name=name, version=LAYOUT)


def preview(project: Project, options: ExportOptions, rows: int) -> str:
    """Return the beginning of the first text, for each annotator one; the errors are those of `write`."""
    check_options(options, "doccano")
    with snapshot(project), Deferred() as deferred:
        selection = select(project, options)
        rendition = first_rendition(project, selection)
        if rendition is None:
            return ""
        lines = _lines(rendition, selection, Names(selection).parts(rendition.annotators), Shared(selection, deferred))
        found = [msgspec.json.decode(b"".join(pieces)) for pieces in islice(lines.values(), max(0, rows))]
        return "".join(
            msgspec.json.encode(each).decode() + "\n" for each in found
        )  # with signs of any script as they are


def _fill(folder: Folder) -> None:
    names, anchors = Names(folder.selection), anchor_names(folder.selection)
    for file, scopes in (
        ("label_config.json", (Scope.SPAN, Scope.POST, Scope.THREAD)),
        ("relation_config.json", (Scope.RELATION,)),
    ):
        types = [each for scope in scopes for each in _label_types(folder.selection, scope, anchors)]
        with folder.open(file, description="Types of labels, for doccano", media_type="application/json") as output:
            output.write(msgspec.json.format(msgspec.json.encode(_with_keys(types)), indent=2) + b"\n")
    with Deferred(folder.path, folder.project.work) as deferred:
        for split, selection in folder.splits():
            _fill_split(folder, selection, split, names, deferred)
    folder.card_use = _USE.format(folder=folder.name)


def _fill_split(folder: Folder, selection: Selection, split: str, names: Names, deferred: Deferred) -> None:
    tally = folder.tally
    with ExitStack() as stack:
        outputs: dict[str, Output] = {}
        for rendition in iter_renditions(folder.project, selection):
            shared, parts = Shared(selection, deferred), names.parts(rendition.annotators)
            lines = _lines(rendition, selection, parts, shared)
            for stem, annotator in parts:
                if stem not in outputs:
                    outputs[stem] = stack.enter_context(
                        folder.open(
                            f"{split}/{stem}.jsonl" if split else f"{stem}.jsonl",
                            description="Threads with what is put on them",
                            media_type="application/jsonl",
                            table=_TABLE,
                            split=split,
                        )
                    )
                for piece in lines[annotator]:
                    outputs[stem].write(piece)
                outputs[stem].rows += 1
                tally.rows += 1
            share_losses(tally, shared.tally, len(parts))
            deferred.forget()


def _lines(
    rendition: Rendition, selection: Selection, parts: Sequence[tuple[str, str | None]], shared: Shared
) -> dict[str | None, Iterator[bytes]]:
    """Return the lines of a thread, for each annotator one; what is in them is counted."""
    documents = {annotator: DoccanoLine(rendition, selection, annotator, shared) for _, annotator in parts}
    selection.tally.threads += 1
    for section in rendition.sections():
        count(selection.tally, rendition.thread.key, section)
        shared.add(section)
        for annotator in whose(section, documents):
            documents[annotator].add(section.of(annotator))
    return {annotator: document.pieces() for annotator, document in documents.items()}


def _label_types(selection: Selection, scope: Scope, anchors: Mapping[Scope, str]) -> Iterator[dict[str, str | None]]:
    """Yield the labels of a scope as doccano imports them."""
    for label in selection.codebook.of_scope(scope, with_retired=True):
        yield _label_type(label.id, label.key.lower(), ground_colour(label))
    if scope in anchors:
        yield _label_type(anchors[scope], "", "#e4e4e4")


def _label_type(text: str, key: str, ground: str) -> dict[str, str | None]:
    return {
        "text": text,
        "prefixKey": None,
        "suffixKey": key if key in _KEYS else None,
        "backgroundColor": ground,
        "textColor": text_colour(ground),
    }


def _with_keys(types: list[dict[str, str | None]]) -> list[dict[str, str | None]]:
    """Return types of labels of which no two have one key: the first keeps it."""
    taken: set[str | None] = {None}
    for each in types:
        if each["suffixKey"] in taken:
            each["suffixKey"] = None
        taken.add(each["suffixKey"])
    return types
