"""The card of a data set: README.md, which says what the data set is, what its labels mean, and what it does not say.

Its questions are those of "Datasheets for Datasets" (Gebru et al. 2021), as far as the project knows an answer; its head is that of
a Hugging Face dataset card (huggingface.co/docs/hub/datasets-cards). Numbers are of what was exported.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from annotations.exporters.describing.card_head import card_head
from annotations.exporters.describing.card_labels import group_rules, label_details, label_tables
from annotations.exporters.describing.card_making import (
    adjudication_section,
    choices_made,
    limits,
    sources_section,
    splits_section,
)
from annotations.exporters.describing.markdown import code, inline, many, quoted, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.exporters.describing.figures import Figures
    from annotations.exporters.writing.folder import DatasetFile, Folder

CARD = "README.md"

NO_LICENCE = (
    "No licence was named for this data set. The texts belong to those who wrote them; whoever passes them on should see "
    "that they may."
)


def card(folder: Folder, figures: Figures, agreement: str) -> str:
    """Return the card of a folder, without its own line in the list of files.

    Args:
        folder: The folder.
        figures: Its numbers.
        agreement: What is said of agreement, "" for nothing.
    """
    sections = [("", _lead(folder, figures)), *_sections(folder, figures, agreement)]
    body = "\n\n".join(f"## {heading}\n\n{text}" if heading else text for heading, text in sections if text)
    return f"---\n{card_head(folder)}---\n\n# {inline(folder.name)}\n\n{body}\n"


def _sections(folder: Folder, figures: Figures, agreement: str) -> Iterator[tuple[str, str]]:
    selection = folder.selection
    codebook = selection.codebook
    yield "Use", folder.card_use.strip()
    yield "Labels", "\n\n".join(filter(None, [label_tables(selection, figures), group_rules(selection)]))
    yield "Annotators", _annotators(folder, figures)
    yield "Agreement", agreement
    yield "Adjudication", adjudication_section(selection.gold)
    yield "Splits", splits_section(folder)
    yield "Sources", sources_section(figures)
    yield "What was chosen", choices_made(selection.options)
    yield "Limits", limits(folder, figures)
    yield "Licence", _licence(folder)
    yield "What the labels mean", label_details(selection)
    yield "Files", _files(folder.files)
    yield "Provenance", _provenance(folder, figures, codebook.sha256)


def _lead(folder: Folder, figures: Figures) -> str:
    codebook, tally = folder.selection.codebook, folder.tally
    called = f", version {inline(codebook.version)}," if codebook.version else ""
    lead = (
        f"Articles with the discussions below them, and what annotators found in them with the codebook "
        f"*{inline(codebook.name)}*{called} in Postil: {many(tally.annotations, 'annotation')} on "
        f"{many(tally.posts, 'post')} of {many(tally.threads, 'thread')}."
    )
    lines = [lead]
    if codebook.description:
        lines.append(quoted(codebook.description))
    facts = figures.facts
    rows = [
        ("threads", len(folder.selection.thread_ids)),
        ("posts in them, articles and comments", facts.posts),
        ("authors of these, as their sources name them", facts.authors),
        ("posts that somebody has reviewed or labeled", figures.seen),
        ("annotations", sum(figures.labels.values())),
        ("rows written", tally.rows),
    ]
    return "\n\n".join([*lines, table(("", "number"), rows, numbers=1)])


def _annotators(folder: Folder, figures: Figures) -> str:
    kinds = {annotator.name: annotator.kind.value for annotator in folder.selection.annotators.values()}
    names = sorted(figures.annotators.keys() | figures.reviews.keys())
    rows = [
        (
            inline(name),
            kinds.get(name, "one set of all"),
            figures.annotators.get(name, 0),
            figures.reviews.get(name, 0),
        )
        for name in names
    ]
    return table(("annotator", "kind", "annotations", "posts reviewed"), rows, numbers=2) if rows else "Nobody yet."


def _licence(folder: Folder) -> str:
    named = folder.selection.options.licence
    lines = [f"The data set may be used under {inline(named)}." if named else NO_LICENCE]
    if folder.selection.codebook.licence:
        lines.append(f"The codebook is under {inline(folder.selection.codebook.licence)}.")
    return " ".join(lines)


def _files(files: tuple[DatasetFile, ...]) -> str:
    rows = [
        (code(file.name), inline(file.description), inline(file.split), "" if file.rows is None else file.rows)
        for file in files
    ]
    return table(("file", "holds", "split", "rows"), rows, numbers=1)


def _provenance(folder: Folder, figures: Figures, codebook_sha256: str) -> str:
    facts = [
        ("written by", f"Postil {version('postil')}"),
        ("format", f"{code(folder.format_name)}, layout {folder.format_version}"),
        ("project", f"{code(folder.project.path.name)}, as of {figures.state_of or 'its beginning'}"),
        ("codebook", f"SHA-256 {code(codebook_sha256)}"),
    ]
    if folder.selection.options.command:
        facts.append(("command", code(_command(folder.selection.options.command))))
    said = (
        "`manifest.json` has the SHA-256 of the project and of each file, `report.json` what the format cannot carry; "
        "`datapackage.json` (Frictionless) and `croissant.json` (Croissant) describe the files for programs."
    )
    return f"{table(('', ''), facts)}\n\n{said}"


def _command(command: tuple[str, ...]) -> str:
    import shlex  # noqa: PLC0415  # loaded on use

    return shlex.join(command)
