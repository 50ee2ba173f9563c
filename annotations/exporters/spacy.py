"""spaCy: DocBin files, a `Doc` a post, ready for `spacy train`.

`doc.spans["sc"]` has the spans of all annotators, each once; `doc.spans["sc:NAME"]` those of one. `span.id_` is the annotation's own
name. `doc.cats` has the labels of posts: 1.0 where anybody has put it, 0.0 where not, and nothing at all on a post of which nobody has
said anything, which trainers take for unknown. `doc.user_data["postil"]` is the post as the format jsonl has it, without its text:
who put what, with exact offsets, attributes, notes, relations and what is put on the thread.

spaCy's spans are made of its tokens: one whose edge is within a token is widened (`alignment_mode="expand"`) and listed in the report.
The files of a split lie in a folder, which spaCy reads as it reads one file; each holds so much that it fits into memory easily.

Source: spacy.io/api/docbin, spacy.io/api/data-formats.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from annotations.errors import ExportError
from annotations.exporters.choosing.selecting import select
from annotations.exporters.documents.rendition_files import check_options
from annotations.exporters.language.spacy_plan import known_labels, plan
from annotations.exporters.rows.labeled_posts import iter_labeled_posts
from annotations.exporters.writing.whole_folder import write_folder
from annotations.model import Scope
from annotations.store.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.language.spacy_docs import DocWriter
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.exporters.writing.folder import Folder
    from annotations.exporters.writing.report import ExportReport
    from annotations.store.project import Project

name = "spacy"
title = "spaCy, DocBin files for training"
suffix = ""
keeps = "spans as span groups, labels of posts as categories, everything else in doc.user_data"
loses = "the exact edges of spans that end within a token, in the span groups; the place of detached spans"

WHOLE = "docs"
"""The folder of a data set in one piece."""


def write(project: Project, path: Path | None, options: ExportOptions) -> ExportReport:
    """Write the data set as a folder.

    Raises:
        ExportError: If spaCy is not installed, the target cannot be written, or a span does not say what was quoted.
        UnknownNameError: If the project has no such thread, annotator or label.
        WrongUsageError: If it is to be for Excel.
    """
    check_options(options, "spaCy")
    try:
        import spacy  # noqa: F401, PLC0415  # loaded on use; nothing is written without it
    except ImportError as error:
        raise ExportError("spaCy's files need spaCy to be written", "pip install 'postil[spacy]'") from error
    return write_folder(project, path, options, _fill, name=name)


def preview(project: Project, options: ExportOptions, rows: int) -> str:
    """Return as JSON what the documents of the first posts will hold; the errors are those of `write`, but spaCy is not needed."""
    import msgspec  # noqa: PLC0415  # loaded on use

    check_options(options, "spaCy")
    with snapshot(project):
        selection = select(project, options)
        shown = []
        for labeled in islice(_posts(project, selection), max(0, rows)):
            planned = plan(labeled, selection)
            spans = {
                key: [{"start_char": each.start, "end_char": each.end, "label": each.label} for each in group]
                for key, group in planned.groups.items()
            }
            shown.append({"text": labeled.post.text, "spans": spans, "cats": planned.cats})
        return b"".join(msgspec.json.format(msgspec.json.encode(each), indent=2) + b"\n" for each in shown).decode()


def _posts(project: Project, selection: Selection) -> Iterator[LabeledPost]:
    for thread_id in selection.thread_ids:
        yield from iter_labeled_posts(project, selection, thread_id)


def _fill(folder: Folder) -> None:
    from annotations.exporters.language.spacy_config import base_config, use  # noqa: PLC0415  # loaded on use
    from annotations.exporters.language.spacy_docs import DocWriter, encoders_known  # noqa: PLC0415  # loaded on use

    tally = folder.tally
    writers: dict[str, DocWriter] = {}
    for split, selection in folder.splits():
        place = split or WHOLE
        writer = writers[place] = DocWriter(folder, place, split, selection.codebook.language)
        tally.threads += len(selection.thread_ids)
        with encoders_known():
            for labeled in folder.project.work.heed(_posts(folder.project, selection)):
                writer.add(labeled, plan(labeled, selection))
                tally.rows += 1
                tally.posts += 1
                tally.annotations += sum(1 for each in (*labeled.annotations, *labeled.thread_annotations) if each.uuid)
            writer.close()
    any_writer = next(iter(writers.values()))
    lengths = sum((writer.lengths for writer in writers.values()), start=type(any_writer.lengths)())
    has_cats = bool(known_labels(folder.selection, Scope.POST))
    config = base_config(any_writer.language, lengths, tuple(writers), has_cats=has_cats)
    if config:
        with folder.open("base_config.cfg", description="A base to train from: spacy init fill-config") as output:
            output.write(config.encode())
    folder.card_use = use(any_writer.language, lengths, tuple(writers), has_config=bool(config))
