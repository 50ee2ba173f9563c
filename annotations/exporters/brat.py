"""brat: a folder for each annotator, with a text and a file of annotations for each thread.

A thread is one text, its rendition (see `annotations.exporters.documents.rendition`): labels on posts stand on the posts' header lines, labels on
the thread on the first line, and a relation that starts or ends at a post as a whole is tied to its header line, where there is
an entity `Post` for it. `annotation.conf`, `visual.conf` and `tools.conf` have the codebook: narrower labels below wider ones,
attributes with their values, names and colours. Free text, and numbers with too many values for a list, are notes. Threads
on which nobody has put anything are in the folder `unlabeled`.

`THREAD.json` beside each text, which brat passes over, is what `annotations.importers.brat` needs to make the thread of it again, with
what brat has no words for: detached spans, notes on posts, reviews and flags.

Sources: brat.nlplab.org/standoff.html and /configuration.html; `server/src/annotation.py` and `projectconfig.py` of
github.com/nlplab/brat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from annotations.exporters.choosing.selecting import select
from annotations.exporters.documents.brat_lines import StandoffLines
from annotations.exporters.documents.brat_types import Types, given_labels
from annotations.exporters.documents.companion import LAYOUT, companion
from annotations.exporters.documents.rendition import first_rendition, iter_renditions
from annotations.exporters.documents.rendition_files import (
    Names,
    check_options,
    count,
    count_annotations,
    safe_name,
    sound_json,
)
from annotations.exporters.writing.folder import write_folder
from annotations.store.snapshot import snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selecting import Selection
    from annotations.exporters.documents.rendition import Rendition
    from annotations.exporters.writing.folder import Folder
    from annotations.exporters.writing.report import ExportReport
    from annotations.store.project import Project

name = "brat"
title = "brat, a folder with a text and its annotations for each thread and annotator"
suffix = ""
keeps = (
    "spans, labels on posts and threads (on header lines), relations, attributes, notes, colours; in files beside the texts: posts, "
    "detached spans, notes on posts, reviews, flags"
)
loses = "relations to posts that are not exported; guidelines and rules of the codebook; seconds; meta of threads"

_LABELS = "postil.json"
_USE = """\
Put the folder below `data/` of a brat server and open `{folder}`: each annotator has a collection of their own there. Or read it
with brat's own parser, offsets are code points of the text:

```python
from annotation import TextAnnotations  # server/src of brat

for span in TextAnnotations("{example}").get_textbounds():
    print(span.type, span.spans, span.text)
```

`postil import {folder}` brings the threads and all annotations back.
"""


def write(project: Project, path: Path | None, options: ExportOptions) -> ExportReport:
    """Write the collections to the folder `path`.

    Raises:
        ExportError: If the target cannot be written, or a span does not say what was quoted.
        UnknownNameError: If the project has no such thread, annotator or label.
        WrongUsageError: If it is to be for Excel.
    """
    check_options(options, "brat")
    return write_folder(project, path, options, _fill, name=name, version=LAYOUT)


def preview(project: Project, options: ExportOptions, rows: int) -> str:
    """Return the first lines of the first annotator's annotations; the errors are those of `write`."""
    check_options(options, "brat")
    with snapshot(project):
        selection = select(project, options)
        rendition = first_rendition(project, selection)
        if rendition is None:
            return ""
        types = Types(selection)
        lines = [line for each in rendition.annotators for line in StandoffLines(rendition.of(each), types).lines]
        return "".join(f"{line}\n" for line in lines[: max(0, rows)])


def _fill(folder: Folder) -> None:
    names, types, example = Names(folder.selection), Types(folder.selection), ""
    for file, text in types.settings():
        with folder.open(file, description="Settings for brat, from the codebook", media_type="text/plain") as output:
            output.write(text.encode())
    with folder.open(_LABELS, description="The labels, for Postil", media_type="application/json") as output:
        output.write(
            msgspec.json.format(msgspec.json.encode({"labels": given_labels(folder.selection, types)}), indent=2)
            + b"\n"
        )
    for split, selection in folder.splits():
        for rendition in iter_renditions(folder.project, selection):
            count(folder.tally, rendition)
            count_annotations(folder.tally, rendition)
            for stem, annotator, part in names.parts(rendition):
                place = "/".join(filter(None, (split, stem, safe_name(rendition.thread.key))))
                _write_thread(folder, place, part, annotator, selection, types, split)
                example = example or place
    folder.card_use = _USE.format(folder=folder.name, example=f"{folder.name}/{example}")


def _write_thread(  # noqa: PLR0913, PLR0917  # what the three files are made of
    folder: Folder,
    place: str,
    rendition: Rendition,
    annotator: str | None,
    selection: Selection,
    types: Types,
    split: str,
) -> None:
    """Write the text of a thread, what an annotator has put on it, and what is kept beside it."""
    lines = StandoffLines(rendition, types)
    written = lines.written
    with folder.open(
        f"{place}.txt", description="A thread as one text", media_type="text/plain", split=split
    ) as output:
        output.write(rendition.text.encode())
    with folder.open(
        f"{place}.ann", description="Annotations in brat's format", media_type="text/plain", split=split
    ) as output:
        output.write("".join(f"{line}\n" for line in lines.lines).encode())
    kept = companion(rendition, selection, written, annotator=annotator)
    with folder.open(
        f"{place}.json", description="What brat has no words for", media_type="application/json", split=split
    ) as output:
        output.write(sound_json({"postil": kept}, folder.tally) + b"\n")
    folder.tally.rows += len(lines.lines)
