"""Provenance: what a data set was made of, by which Postil, with which command.

There is no clock in it: the same project and command give the same bytes. `state_of` is when the project was added to last.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import msgspec

from annotations.store.codebooks import codebook_in_force, codebook_versions
from annotations.store.project_file import bring_log_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.writing.report import Tally, WrittenFile
    from annotations.store.project import Project
    from annotations.store.project_file import ProjectFile

LOG_APART = (
    "The last changes to the project stood in its write-ahead log, which could not be brought into the project's file "
    "while the data set was written: the hashes of both are in the manifest."
)


def postil_record(format_name: str, layout: int) -> dict[str, object]:
    """Return which Postil wrote a data set, and how; by this member its files are known to be Postil's."""
    return {"version": version("postil"), "format": format_name, "layout": layout}


def manifest(  # noqa: PLR0913  # what it tells
    project: Project,
    selection: Selection,
    file: ProjectFile,
    files: Iterable[WrittenFile],
    *,
    format_name: str,
    layout: int,
    state_of: str | None,
) -> dict[str, object]:
    """Return the manifest of a data set.

    Args:
        project: The project.
        selection: What was exported.
        file: The project's file.
        files: The files of the data set.
        format_name: The exporter's name.
        layout: The version of its layout.
        state_of: When the project was added to last.
    """
    found, log = file.result()
    gold = selection.gold
    settled = {} if gold is None else {"gold": {"settled": gold.settled, "adjudicators": gold.adjudicators}}
    return {
        "postil": postil_record(format_name, layout),
        "command": selection.options.command,
        "project": {**msgspec.to_builtins(found), "log": msgspec.to_builtins(log), "state_of": state_of},
        "codebook": codebook_record(project, selection),
        **settled,
        "files": [_file_record(each) for each in files],
    }


def codebook_record(project: Project, selection: Selection) -> dict[str, Any]:
    """Return which codebook is in force, and under which other versions annotations were made."""
    codebook = selection.codebook
    earlier = [
        {"name": each.name, "sha256": each.sha256, "annotations": each.annotations}
        for each in codebook_versions(project)
        if each.annotations and each.sha256 != codebook.sha256
    ]
    return {"name": codebook.name, "version": codebook.version, "sha256": codebook.sha256, "earlier": earlier}


def report(tally: Tally, *, format_name: str, layout: int) -> dict[str, object]:
    """Return what was written, and what the format cannot carry; each kind of that is listed as far as it was kept.

    Args:
        tally: What was written.
        format_name: The exporter's name.
        layout: The version of its layout.
    """
    return {
        "postil": postil_record(format_name, layout),
        "rows": tally.rows,
        "threads": tally.threads,
        "posts": tally.posts,
        "annotations": tally.annotations,
        "splits": tally.splits,
        "lost": [
            {"what": reason, "count": number, "listed": tally.losses.get(reason, [])}
            for reason, number in sorted(tally.lost.items())
            if number
        ],
        "warnings": tally.warnings,
    }


def make_ready(project: Project) -> None:
    """Bring the project's file to rest before it is read in a snapshot: what is to be written to it, is now."""
    codebook_in_force(project)  # remembers what it has read
    bring_log_in(project)


def as_json(value: object) -> bytes:
    """Return a JSON document as bytes, indented, with a line feed behind it."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def _file_record(file: WrittenFile) -> dict[str, object]:
    found: dict[str, object] = {"name": file.name, "size": file.size, "sha256": file.sha256}
    for name in ("rows", "split"):
        value = getattr(file, name, None)
        if value not in (None, ""):
            found[name] = value
    return found
