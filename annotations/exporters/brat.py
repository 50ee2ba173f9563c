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
from annotations.exporters.documents.brat_lines import StandoffLines, wording
from annotations.exporters.documents.brat_types import Types, given_labels
from annotations.exporters.documents.companion import LAYOUT, Posts
from annotations.exporters.documents.deferred import Deferred, Part
from annotations.exporters.documents.rendition import first_rendition, iter_renditions
from annotations.exporters.documents.rendition_files import Names, check_options, count, safe_name, share_losses, whose
from annotations.exporters.writing.report import Tally
from annotations.exporters.writing.whole_folder import write_folder
from annotations.store.snapshot import snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selection import Selection
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
    with snapshot(project), Deferred() as deferred:
        selection = select(project, options)
        rendition = first_rendition(project, selection)
        if rendition is None:
            return ""
        types = Types(selection)
        files = [StandoffLines(rendition, selection, types, each, deferred) for each in rendition.annotators]
        for section in rendition.sections():
            for each, annotator in zip(files, rendition.annotators, strict=True):
                each.add(section.of(annotator))
        lines = "".join(piece.decode() for each in files for piece in each.lines()).split("\n")[:-1]
        return "".join(f"{line}\n" for line in lines[: max(0, rows)])


def _fill(folder: Folder) -> None:
    with Deferred(folder.path, folder.project.work) as deferred:
        filling = _Filling(folder, deferred)
        for split, selection in folder.splits():
            for rendition in iter_renditions(folder.project, selection):
                filling.add(rendition, selection, split)
    folder.card_use = _USE.format(folder=folder.name, example=f"{folder.name}/{filling.example}")


class _Filling:
    """The filling of one folder."""

    def __init__(self, folder: Folder, deferred: Deferred) -> None:
        self.example = ""
        """A thread's place in it."""
        self._folder = folder
        self._deferred = deferred
        self._names = Names(folder.selection)
        self._types = Types(folder.selection)
        for file, text in self._types.settings():
            with folder.open(
                file, description="Settings for brat, from the codebook", media_type="text/plain"
            ) as output:
                output.write(text.encode())
        labels = msgspec.json.encode({"labels": given_labels(folder.selection, self._types)})
        with folder.open(_LABELS, description="The labels, for Postil", media_type="application/json") as output:
            output.write(msgspec.json.format(labels, indent=2) + b"\n")

    def add(self, rendition: Rendition, selection: Selection, split: str) -> None:
        """Write a thread: its text, and what each annotator has put on it, a piece at a time."""
        deferred, tally, shared = self._deferred, self._folder.tally, Tally()
        parts = self._names.parts(rendition.annotators)
        files = {
            annotator: StandoffLines(rendition, selection, self._types, annotator, deferred) for _, annotator in parts
        }
        text, posts = Part(deferred), Posts(deferred, wording(self._types), shared)
        tally.threads += 1
        for section in rendition.sections():
            count(tally, rendition.thread.key, section)
            text.add(section.text.encode())
            posts.add(section)
            for annotator in whose(section, files):
                files[annotator].add(section.of(annotator))
        for stem, annotator in parts:
            place = "/".join(filter(None, (split, stem, safe_name(rendition.thread.key))))
            self._write(place, text, files[annotator], posts, split)
        share_losses(tally, shared, len(parts))
        deferred.forget()

    def _write(self, place: str, text: Part, lines: StandoffLines, posts: Posts, split: str) -> None:
        """Write the text of a thread, what an annotator has put on it, and what is kept beside it."""
        self.example = self.example or place
        for ending, description, media_type, pieces in (
            ("txt", "A thread as one text", "text/plain", text),
            ("ann", "Annotations in brat's format", "text/plain", lines.lines()),
            ("json", "What brat has no words for", "application/json", lines.kept(posts)),
        ):
            with self._folder.open(
                f"{place}.{ending}", description=description, media_type=media_type, split=split
            ) as output:
                for piece in pieces:
                    output.write(piece)
        self._folder.tally.rows += lines.rows
