"""Write a data set that is a folder: all of it from one state of the project, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from annotations.errors import ExportError
from annotations.exporters.choosing.selecting import check_key_apart, select
from annotations.exporters.describing.manifest import make_ready
from annotations.exporters.writing.folder import Folder
from annotations.exporters.writing.folder_place import checked_folder, replacement
from annotations.exporters.writing.output import failure
from annotations.exporters.writing.report import WrittenFile, make_report
from annotations.store.project_file import hashing
from annotations.store.snapshot import count_posts, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.writing.folder import DatasetFile
    from annotations.exporters.writing.report import ExportReport
    from annotations.store.project import Project

Fill: TypeAlias = "Callable[[Folder], None]"
"""Writes the files of a data set, and keeps its tally."""


def write_folder(  # noqa: PLR0913  # what the exporter's module says of itself
    project: Project, path: Path | None, options: ExportOptions, fill: Fill, *, name: str, version: int = 1
) -> ExportReport:
    """Write a data set that is a folder, all of it from one state of the project, and report.

    Args:
        project: The project.
        path: The folder: one that is not there yet, or an empty one, or one that an earlier export made and in which nothing else
            lies: it is replaced.
        options: What to export.
        fill: Writes the files.
        name: The exporter's name.
        version: The version of its layout.

    Raises:
        ExportError: If the target cannot be written, or a span does not say what was quoted.
        UnknownNameError: If the project has no such thread, annotator or label.
        ProjectError: If the project cannot be read.
        WorkCancelledError: If the project's work was cancelled: what stood at `path` stays.
    """
    from annotations.exporters.describing.folder_description import describe  # noqa: PLC0415  # loaded on use
    from annotations.exporters.describing.reckoning import reckoning  # noqa: PLC0415  # the same

    if path is None or path == Path("-"):
        raise ExportError(f"{name} is written as a folder, not to standard output", "Name a folder: -o FOLDER.")
    try:
        target = checked_folder(project, path)
        check_key_apart(options, target)
        make_ready(project)
        with snapshot(project), replacement(target) as part:
            selection = select(project, options)
            with hashing(project) as file, reckoning(project, selection) as numbers:
                project.work.begin("Writing the posts", count_posts(project, selection.thread_ids), "posts")
                folder = Folder(part, project, selection, name=target.name, format_name=name, format_version=version)
                fill(folder)
                manifest = describe(folder, file, numbers)
    except OSError as error:
        raise failure(str(path), error) from error
    return make_report(folder.tally, path, manifest, tuple(_written(each) for each in folder.files))


def _written(file: DatasetFile) -> WrittenFile:
    return WrittenFile(**{name: getattr(file, name) for name in WrittenFile.__struct_fields__})
