"""What describes a data set that is a folder: its report, its card, its metadata for programs, and its manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.exporters.describing.card import CARD, card
from annotations.exporters.describing.croissant import CROISSANT, croissant
from annotations.exporters.describing.datapackage import PACKAGE, datapackage
from annotations.exporters.describing.figures import told_splits
from annotations.exporters.describing.manifest import LOG_APART, as_json, manifest, report
from annotations.exporters.writing.folder_place import MANIFEST

if TYPE_CHECKING:
    from annotations.exporters.describing.reckoning import Reckoning
    from annotations.exporters.writing.folder import Folder
    from annotations.store.project_file import ProjectFile

REPORT = "report.json"


def describe(folder: Folder, file: ProjectFile, numbers: Reckoning) -> str:
    """Write what describes the files of a folder; return the SHA-256 of its manifest.

    Args:
        folder: The folder, with all other files in it.
        file: The project's file.
        numbers: Its numbers.
    """
    project, selection = folder.project, folder.selection
    name, layout = folder.format_name, folder.format_version
    if file.result()[1] is not None:
        folder.tally.warn(LOG_APART)
    reckoned = numbers.result(folder.counting)
    figures = reckoned.figures
    content = folder.files
    if folder.counting is not None:
        folder.tally.splits = told_splits(folder.tally.splits, folder.counting)
    told = report(folder.tally, format_name=name, layout=layout)
    _write(folder, REPORT, as_json(told), "What was written, and what the format cannot carry", "application/json")
    package, crumbs = datapackage(folder, figures, content), croissant(folder, figures, content)
    _write(folder, PACKAGE, as_json(package), "The files, described for Frictionless", "application/json")
    _write(folder, CROISSANT, as_json(crumbs), "The files, described as Croissant", "application/ld+json")
    _write(folder, CARD, card(folder, figures, reckoned.agreement).encode(), "What the data set is", "text/markdown")
    state = manifest(project, selection, file, folder.files, format_name=name, layout=layout, state_of=figures.state_of)
    _write(folder, MANIFEST, as_json(state), "Where the files come from, and their hashes", "application/json")
    return next(each.sha256 for each in folder.files if each.name == MANIFEST)


def _write(folder: Folder, name: str, content: bytes, description: str, media_type: str) -> None:
    with folder.open(name, description=description, media_type=media_type) as output:
        output.write(content)
