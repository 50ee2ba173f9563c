"""What lies beside a data set that is a file: its report and its manifest, `labels.jsonl.report.json` and `labels.jsonl.manifest.json`.

They take the place of earlier ones together with the file; of anything that Postil did not write they never do.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from annotations.errors import ExportError
from annotations.exporters.describing.manifest import LOG_APART, as_json, manifest, report
from annotations.exporters.writing.report import WrittenFile
from annotations.store.census import state_of
from annotations.store.snapshot import is_source

if TYPE_CHECKING:
    from pathlib import Path

    from annotations.exporters.choosing.selection import Selection
    from annotations.store.project import Project
    from annotations.store.project_file import ProjectFile

REPORT, MANIFEST = ".report.json", ".manifest.json"

_LONGEST = 255
"""Bytes that a name has at most, on most disks."""

_SMALL = 1 << 30
"""Bytes above which no report is: it lists a thousand losses of a kind."""


def names_beside(path: Path) -> tuple[Path, Path]:
    """Return where the report and the manifest of a file lie."""
    report_path, manifest_path = (
        path.with_name(path.name.encode()[: _LONGEST - len(ending)].decode(errors="ignore") + ending)
        for ending in (REPORT, MANIFEST)
    )
    return report_path, manifest_path


def check_beside(project: Project, path: Path) -> None:
    """See that nothing lies where report and manifest go, or earlier ones.

    Raises:
        ExportError: If something else does.
    """
    for each in names_beside(path):
        if os.path.lexists(each) and not (is_ours(each) and not is_source(project, {str(each.resolve())})):
            raise ExportError(
                f"{each} is not Postil's, and the data set's own would take its place",
                "Write to another file; or write none of these: --no-manifest.",
            )


def is_ours(path: Path) -> bool:
    """Tell whether a file is a report or a manifest that Postil wrote."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        if path.is_file() and not path.is_symlink() and path.stat().st_size < _SMALL:
            return bool(json.loads(path.read_bytes())["postil"]["format"])
    return False


def remove_beside(path: Path) -> None:
    """Remove a report and a manifest that an earlier export has left beside a file, and nothing else."""
    for each in names_beside(path):
        if is_ours(each):
            with suppress(OSError):
                each.unlink()


def files_beside(  # noqa: PLR0913  # what they tell
    project: Project,
    selection: Selection,
    file: ProjectFile,
    path: Path,
    dataset: WrittenFile,
    *,
    name: str,
) -> dict[Path, bytes]:
    """Return what to write beside a file: the report first, then the manifest.

    Args:
        project: The project, in the snapshot that was exported.
        selection: What was exported.
        file: The project's file.
        path: The data set.
        dataset: What was written there.
        name: The exporter's name.
    """
    report_path, manifest_path = names_beside(path)
    if file.result()[1] is not None:
        selection.tally.warn(LOG_APART)
    layout = selection.options.format_version or 1
    told = as_json(report(selection.tally, format_name=name, layout=layout))
    files = (dataset, written(report_path, told))
    state = state_of(project)
    provenance = manifest(project, selection, file, files, format_name=name, layout=layout, state_of=state)
    return {report_path: told, manifest_path: as_json(provenance)}


def written(path: Path, content: bytes) -> WrittenFile:
    """Return what to say of a file that lies beside a data set."""
    from hashlib import sha256  # noqa: PLC0415  # loaded on use

    return WrittenFile(
        name=path.name, size=len(content), sha256=sha256(content).hexdigest(), media_type="application/json"
    )
