"""UIMA: a CAS for each thread and annotator, as XMI and as CAS JSON, with the layers that INCEpTION imports.

A document is a whole thread as one text, as `annotations.exporters.documents.rendition` describes it, so that relations can go from post to post.
`source/THREAD.xmi` and `.json` have the text with its posts, tokens and sentences; `annotation/ANNOTATOR/THREAD.xmi` and `.json` have what
one annotator has put on it besides, where there is anything. With splits all of that stands below a folder for each split.
`TypeSystem.xml` describes the types, `layers.json` the same for INCEpTION, with the codebook's labels as tagsets.

`PostilLabel` is a label on words, on a post (its header line) or on the thread (the first line), `PostilRelation` leads from one to
another; one without a label stands for the post or thread itself. `PostilPost` says where the text of each post is, `PostilMark` is a
note, a review or a flag, `PostilDetached` a label whose words are gone. Tokens and sentences are those of `annotations.exporters.language.tokens`.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from annotations.exporters.choosing.selecting import select
from annotations.exporters.documents.deferred import Deferred
from annotations.exporters.documents.rendition import iter_renditions, render
from annotations.exporters.documents.rendition_files import (
    Names,
    check_options,
    count,
    lose_votes,
    safe_name,
    share_losses,
    whose,
)
from annotations.exporters.rows.labeled_posts import iter_labeled_posts
from annotations.exporters.writing.report import Tally
from annotations.exporters.writing.whole_folder import write_folder
from annotations.store.snapshot import snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.documents.rendition import Rendition
    from annotations.exporters.documents.uima_cas import Telling
    from annotations.exporters.documents.uima_thread import ThreadLabels, ThreadText
    from annotations.exporters.documents.uima_types import Feature, Type
    from annotations.exporters.writing.folder import Folder
    from annotations.exporters.writing.report import ExportReport
    from annotations.model import StoredThread
    from annotations.store.project import Project

name = "uima"
title = "UIMA CAS, XMI and JSON as INCEpTION imports them"
suffix = ""
keeps = "each thread as one document: labels, relations across posts, attributes, notes, reviews and flags, a file for each annotator"
loses = "relations to posts that are not exported; rules, guidelines and examples of the codebook; seconds; votes behind labels that were made one set"

XMI, JSON = "application/vnd.xmi+xml", "application/json"


def write(project: Project, path: Path | None, options: ExportOptions) -> ExportReport:
    """Write the data set as a folder.

    Raises:
        ExportError: If the target cannot be written, or a span does not say what was quoted.
        UnknownNameError: If the project has no such thread, annotator or label.
        WrongUsageError: If it is to be for Excel.
    """
    check_options(options, "UIMA")
    return write_folder(project, path, options, _fill, name=name)


def preview(project: Project, options: ExportOptions, rows: int) -> str:
    """Return the labels, relations and marks on the first posts of the first thread, as lines of XMI; the errors are those of `write`."""
    from annotations.exporters.documents.uima_cas import Telling  # noqa: PLC0415  # loaded on use
    from annotations.exporters.documents.uima_files import Structures, numbered  # noqa: PLC0415  # loaded on use
    from annotations.exporters.documents.uima_thread import FIRST_LABEL, ThreadLabels, ThreadText  # noqa: PLC0415  # loaded on use
    from annotations.exporters.documents.uima_types import attribute_features  # noqa: PLC0415  # loaded on use

    check_options(options, "UIMA")
    with snapshot(project), Deferred() as deferred:
        selection = select(project, options)
        telling = Telling(selection, attribute_features(selection.codebook))
        for thread_id in selection.thread_ids:
            rendition = render(islice(iter_labeled_posts(project, selection, thread_id), max(0, rows)))
            if rendition is not None:
                text, labels = ThreadText(rendition, deferred), ThreadLabels(rendition, telling, Tally(), deferred)
                for section in rendition.sections():
                    text.add(section, is_segmented=False)
                    labels.add(section)
                labels.tie()
                head = Structures(deferred, text.tally)
                head.add(telling.metadata(rendition.thread, rendition.thread.key, text.length))
                groups = (head, *labels.groups, text.posts, labels.marks)
                pieces = (piece for group in groups for piece in group.xmi)
                return b"".join(numbered(pieces, FIRST_LABEL - 1)).decode()
    return ""


class _Filling:
    """The filling of one folder."""

    def __init__(self, folder: Folder, deferred: Deferred) -> None:
        from annotations.exporters.documents.uima_types import attribute_features, make_types  # noqa: PLC0415  # loaded on use

        self._folder = folder
        self._deferred = deferred
        self._names = Names(folder.selection)
        self._attributes: dict[str, Feature] = attribute_features(folder.selection.codebook)
        self.types: tuple[Type, ...] = make_types(self._attributes)

    def add(self, rendition: Rendition, selection: Selection, split: str) -> None:
        """Write a thread: its text, and what each annotator has put on it."""
        from annotations.exporters.documents.uima_cas import Telling  # noqa: PLC0415  # loaded on use
        from annotations.exporters.documents.uima_thread import ThreadLabels, ThreadText  # noqa: PLC0415  # loaded on use

        tally, deferred, telling = self._folder.tally, self._deferred, Telling(selection, self._attributes)
        parts = self._names.parts(rendition.annotators) if rendition.annotators else []
        text = ThreadText(rendition, deferred)
        labels = {annotator: ThreadLabels(rendition, telling, tally, deferred) for _, annotator in parts}
        tally.threads += 1
        for section in rendition.sections():
            count(tally, rendition.thread.key, section)
            lose_votes(tally, rendition.thread.key, section)
            text.add(section)
            for annotator in whose(section, labels):
                labels[annotator].add(section.of(annotator))
        name = safe_name(rendition.thread.key)
        self._write(text, None, telling, f"source/{name}", rendition.thread, split)
        for stem, annotator in parts:
            labels[annotator].tie()
            self._write(text, labels[annotator], telling, f"annotation/{stem}/{name}", rendition.thread, split)
        share_losses(tally, text.tally, 1 + len(parts))
        deferred.forget()

    def _write(  # noqa: PLR0913, PLR0917  # what the two files are made of
        self,
        text: ThreadText,
        labels: ThreadLabels | None,
        telling: Telling,
        place: str,
        thread: StoredThread,
        split: str,
    ) -> None:
        from annotations.exporters.documents.uima_files import CasWriter, Structures  # noqa: PLC0415  # loaded on use

        folder, tally = self._folder, self._folder.tally
        stem = f"{split}/{place}" if split else place
        what = "The text, its posts and tokens" if labels is None else "The labels of an annotator"
        head = Structures(self._deferred, tally)
        head.add(telling.metadata(thread, place.rpartition("/")[2], text.length))
        before, behind = ((), ()) if labels is None else (labels.groups, (labels.marks,))
        with (
            folder.open(f"{stem}.xmi", description=f"{what}, XMI", media_type=XMI, split=split) as xmi,
            folder.open(f"{stem}.json", description=f"{what}, CAS JSON", media_type=JSON, split=split) as json,
        ):
            CasWriter(xmi, json, self.types).write(text.text, (head, *before, text.posts, *behind, text.segments))
        tally.rows += 1


def _fill(folder: Folder) -> None:
    import msgspec  # noqa: PLC0415  # loaded on use

    from annotations.exporters.documents.uima_layers import layers  # noqa: PLC0415  # loaded on use
    from annotations.exporters.documents.uima_types import type_system_xml  # noqa: PLC0415  # loaded on use

    with Deferred(folder.path, folder.project.work) as deferred:
        filling = _Filling(folder, deferred)
        for split, selection in folder.splits():
            for rendition in iter_renditions(folder.project, selection):
                filling.add(rendition, selection, split)
    with folder.open("TypeSystem.xml", description="The types, UIMA's descriptor", media_type="text/xml") as output:
        output.write(type_system_xml(filling.types).encode())
    described = layers(filling.types, folder.selection.codebook)
    with folder.open("layers.json", description="The layers and tagsets for INCEpTION", media_type=JSON) as output:
        output.write(msgspec.json.format(msgspec.json.encode(described), indent=2) + b"\n")
    folder.card_use = _USE


_USE = """\
A document is a whole thread as one text: a header line and the text for each post. `source/` has the texts, `annotation/NAME/` what one
annotator has put on them, each document as XMI (XML 1.0) and as CAS JSON, which has its types inside.

With [DKPro Cassis](https://pypi.org/project/dkpro-cassis/):

```python
from pathlib import Path

from cassis import load_cas_from_xmi, load_typesystem

with open("TypeSystem.xml", "rb") as stream:
    types = load_typesystem(stream)
for path in sorted(Path(".").rglob("annotation/*/*.xmi")):
    cas = load_cas_from_xmi(path, typesystem=types, trusted=True)
    for label in cas.select("webanno.custom.PostilLabel"):
        print(path, label.scope, label.post, label.label, cas.get_covered_text(label))
```

`trusted=True` takes away the limit of 10 million characters that the XML parser has. A `PostilLabel` with the scope `post` is on the header line
of its post, one with the scope `thread` on the first line; one without a `label` stands for that post or thread because a
`PostilRelation` starts (`Governor`) or ends (`Dependent`) there. `PostilPost` covers the text of each post: offsets within a post are
`label.begin - post.begin`.

In [INCEpTION](https://inception-project.github.io/): *Settings → Layers → Import* `layers.json` (it brings the codebook's labels as
tagsets; `TypeSystem.xml` does without them); then *Settings → Documents*, format *UIMA CAS XMI (XML 1.0)* or *UIMA CAS JSON*: the
files of `source/` for a fresh start, those of an annotator to start from what he or she has put. What several annotators have put goes
in through the remote API: `POST /api/aero/v1/projects/PROJECT/documents/DOCUMENT/annotations/NAME` with `format=xmi`.
"""
