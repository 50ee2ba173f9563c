"""A data set that is a file; with splits it is a folder of one file for each.

Everything is read in one snapshot and in batches: memory does not grow with the project.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from annotations.exporters.choosing.selecting import check_key_apart, select
from annotations.exporters.writing.output import is_file_target, open_output
from annotations.exporters.writing.report import WrittenFile, make_report
from annotations.store.codebooks import codebook_in_force
from annotations.store.snapshot import count_posts, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.writing.folder import Folder, Table
    from annotations.exporters.writing.output import Output
    from annotations.exporters.writing.report import ExportReport, Tally
    from annotations.store.project import Project

Lines: TypeAlias = "Callable[[Project, Selection, Tally], Iterator[bytes]]"
"""Yields a dataset piece by piece, and keeps the tally; a piece is a header, a record, or some hundred records. As the
posts are read, the project's work is told how far it is, and may stop."""


def write_dataset(  # noqa: PLR0913  # what the exporter's module says of itself
    project: Project,
    path: Path | None,
    options: ExportOptions,
    lines: Lines,
    *,
    name: str,
    suffix: str,
    media_type: str = "",
    table: Table | None = None,
) -> ExportReport:
    """Write what `lines` yields, all of it from one state of the project, and report.

    Beside a file that is no device or pipe lie its report and its manifest, unless the options want none.

    Args:
        project: The project.
        path: The file; the folder where the options ask for splits; None for standard output.
        options: What to export.
        lines: Yields the dataset.
        name: The exporter's name.
        suffix: What its files' names end with.
        media_type: The media type (IANA) of its files.
        table: What the rows of its files are, where they are tables.

    Raises:
        ExportError: If the target cannot be written, or a span does not say what was quoted.
        UnknownNameError: If the project has no such thread, annotator or label.
        ProjectError: If the project cannot be read.
        WorkCancelledError: If the project's work was cancelled: what stood at `path` stays.
    """
    if options.split:
        from annotations.exporters.writing.whole_folder import write_folder  # noqa: PLC0415  # loaded on use

        def fill(folder: Folder) -> None:
            for split, selection in folder.splits():
                before = folder.tally.rows
                with folder.open(f"{split}{suffix}", media_type=media_type, table=table, split=split) as output:
                    for line in lines(project, selection, folder.tally):
                        output.write(line)
                    output.rows = folder.tally.rows - before

        return write_folder(project, path, options, fill, name=name)
    check_key_apart(options, path)
    if path is None or not options.with_manifest or not is_file_target(path):
        return _write_file(project, path, options, lines)
    return _write_described(project, path, options, lines, name=name, media_type=media_type)


def _write_file(project: Project, path: Path | None, options: ExportOptions, lines: Lines) -> ExportReport:
    """Write a data set that nothing lies beside; an earlier report and manifest would speak of another one."""
    codebook_in_force(
        project
    )  # what it has to remember it writes now, not in the snapshot, where others would have to wait
    with snapshot(project):
        selection = select(project, options)
        with open_output(project, path) as output:
            _write_lines(project, selection, lines, output)
    if path is not None and is_file_target(path):
        from annotations.exporters.describing.beside import remove_beside  # noqa: PLC0415  # not for standard output

        remove_beside(path)
    return make_report(selection.tally, path, output.sha256)


def _write_described(  # noqa: PLR0913  # as `write_dataset`
    project: Project, path: Path, options: ExportOptions, lines: Lines, *, name: str, media_type: str
) -> ExportReport:
    """Write a data set with its report and its manifest beside it."""
    from annotations.exporters.describing.beside import check_beside, files_beside, written  # noqa: PLC0415  # not for standard output
    from annotations.exporters.describing.manifest import make_ready  # noqa: PLC0415  # the same
    from annotations.store.project_file import hashing  # noqa: PLC0415  # the same

    check_beside(project, path)
    make_ready(project)
    with snapshot(project):
        selection = select(project, options)
        with hashing(project) as file, open_output(project, path) as output:
            _write_lines(project, selection, lines, output)
            dataset = WrittenFile(name=path.name, size=output.size, sha256=output.sha256, media_type=media_type)
            output.beside = files_beside(project, selection, file, path, dataset, name=name)
    files = (dataset, *(written(each, content) for each, content in output.beside.items()))
    return make_report(selection.tally, path, output.sha256, tuple(sorted(files, key=lambda each: each.name)))


def _write_lines(project: Project, selection: Selection, lines: Lines, output: Output) -> None:
    project.work.begin("Writing the posts", count_posts(project, selection.thread_ids), "posts")
    for line in lines(project, selection, selection.tally):
        output.write(line)


def preview_dataset(project: Project, options: ExportOptions, pieces: int, lines: Lines) -> str:
    """Return the first pieces that `lines` yields as text; the errors are those of `write_dataset`."""
    with snapshot(project):
        selection = select(project, options)
        return b"".join(islice(lines(project, selection, selection.tally), max(0, pieces))).decode("utf-8-sig")
