"""Datasette: what a Datasette that shows the project's own file should know of it.

    datasette postil.db --metadata metadata.json                           # 0.65
    datasette postil.db --metadata metadata.json --config metadata.json    # 1.0, which takes queries from its configuration

A project is a SQLite file, so nothing is copied: this says what its tables, views and columns are, by what to tell rows
apart and by what to sort them into facets, and it has queries that an analyst asks for. Datasette finds the index of words by itself.
Format: docs.datasette.io, "Metadata".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from annotations.errors import WrongUsageError
from annotations.exporters.choosing.options import ExportOptions
from annotations.exporters.describing.datasette_words import HIDDEN, QUERIES, TABLES
from annotations.exporters.describing.manifest import as_json
from annotations.exporters.writing.dataset import preview_dataset, write_dataset

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.writing.report import ExportReport, Tally
    from annotations.store.project import Project

name = "datasette"
title = "Datasette metadata for the project's own file"
suffix = ".json"
keeps = "everything: the project's file is shown as it is"
loses = "nothing"

_DESCRIBING = ("command", "licence", "with_manifest", "format_version", "with_implied", "is_current")
"""Options that do not ask for other rows than the project has."""


def write(project: Project, path: Path | None, options: ExportOptions) -> ExportReport:
    """Write the metadata to `path`, or to standard output for None.

    Raises:
        ExportError: If the target cannot be written.
        WrongUsageError: If the options leave something out or change it.
    """
    _check_options(options)
    return write_dataset(project, path, options, _lines, name=name, suffix=suffix, media_type="application/json")


def preview(project: Project, options: ExportOptions, rows: int) -> str:
    """Return the first lines of the metadata as text; the errors are those of `write`."""
    _check_options(options)
    return "".join(preview_dataset(project, options, 1, _lines).splitlines(keepends=True)[: max(0, rows)])


def _check_options(options: ExportOptions) -> None:
    plain = ExportOptions()
    others = [each for each in ExportOptions.__struct_fields__ if each not in _DESCRIBING]
    if any(getattr(options, each) != getattr(plain, each) for each in others):
        raise WrongUsageError(
            "Datasette shows the project's file as it is, with nothing left out or changed",
            "Export without these options; or export csv, and make a database of it.",
        )


def _lines(project: Project, selection: Selection, tally: Tally) -> Iterator[bytes]:
    tally.threads = len(selection.thread_ids)
    tally.rows = len(TABLES)
    yield as_json(metadata(project, selection))


def metadata(project: Project, selection: Selection) -> dict[str, Any]:
    """Return what Datasette should know of a project."""
    codebook = selection.codebook
    about = {"title": codebook.name, "description": codebook.description.strip()}
    if selection.options.licence:
        about["license"] = selection.options.licence
    database: dict[str, Any] = {
        "title": f"{codebook.name}: annotated discussions",
        "description": "A Postil project: articles, the discussions below them, and what annotators found in them.",
        "tables": {**TABLES, **{table: {"hidden": True} for table in HIDDEN}},
        "queries": QUERIES,
    }
    return {**{key: value for key, value in about.items() if value}, "databases": {project.path.stem: database}}
