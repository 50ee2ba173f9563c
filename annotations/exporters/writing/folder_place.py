"""Where a data set that is a folder goes: it takes the place of an earlier one as a whole, and of nothing else.

A new folder is written beside its place under a name of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from contextlib import contextmanager, suppress
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

from annotations.errors import ExportError
from annotations.exporters.writing.output import sync_folder
from annotations.exporters.writing.passing import clear_stale, passing
from annotations.store.snapshot import is_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from annotations.store.project import Project

MANIFEST = "manifest.json"
"""The file that names all others of a folder, and by which a folder is known to be a data set of Postil's."""


def checked_folder(project: Project, path: Path) -> Path:
    """Return the folder to write.

    Raises:
        ExportError: If nothing may be written there, or what lies there is not an earlier export as it was written.
    """
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise ExportError(f"{path} cannot be written: there is no folder {target.parent}", "Make the folder first.")
    outer = next((each for each in target.parents if _read_manifest(each)), None)
    if outer is not None:
        raise ExportError(f"{path} lies in the data set {outer}", "Write to a folder outside of it.")
    if not target.exists():
        return target
    if not target.is_dir():
        raise ExportError(f"{path} is a file, and the data set is a folder", "Name a folder, or remove the file.")
    if target.is_mount() or target in {Path.cwd(), *Path.cwd().parents}:
        raise ExportError(
            f"{path} is a folder that is in use and cannot be replaced as a whole", "Name a new folder in it."
        )
    _check_content(project, path, target)
    return target


@contextmanager
def replacement(target: Path) -> Iterator[Path]:
    """Make a new folder that takes the place of `target` when the block ends."""
    clear_stale(target.parent)
    part = passing(target, "part")
    part.mkdir()
    try:
        yield part
        for each in (part, *(inner for inner in part.rglob("*") if inner.is_dir())):
            sync_folder(each)
        if target.exists():
            part.chmod(stat.S_IMODE(target.stat().st_mode))
            older = passing(target, "old")
            target.rename(older)
            try:
                part.rename(target)
            except BaseException:
                older.rename(target)
                raise
            shutil.rmtree(older, ignore_errors=True)
        else:
            part.rename(target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    sync_folder(target.parent)


def _check_content(project: Project, path: Path, target: Path) -> None:
    """See that a folder holds an earlier export as it was written, and nothing else."""
    manifest = _read_manifest(target) or {}
    present = {
        each.relative_to(target).as_posix() for each in target.rglob("*") if each.is_symlink() or not each.is_dir()
    }
    strange = sorted(present - manifest.keys() - ({MANIFEST} if manifest else set()))
    if strange:
        more = " and more" if len(strange) > 1 else ""
        raise ExportError(
            f"{path} holds what no export of Postil's wrote: {strange[0]!r}{more}",
            "Name a folder that is empty or not there yet.",
        )
    if present and is_source(
        project, {str(each) for name in present for each in (target / name, path.absolute() / name)}
    ):
        raise ExportError(
            f"{path} holds a source of this project", "Write to another folder: sources are never overwritten."
        )
    changed = sorted(name for name in present - {MANIFEST} if not _is_as_written(target / name, *manifest[name]))
    if changed:
        more = " and more" if len(changed) > 1 else ""
        raise ExportError(
            f"{path} was changed since it was exported: {changed[0]!r}{more}",
            "Write to another folder; or, if what was changed is not needed, remove this one.",
        )


def _read_manifest(folder: Path) -> Mapping[str, tuple[int, str]] | None:
    """Return size and hash of each file that an earlier export wrote to a folder; None if none did."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if manifest["postil"]["format"]:
            return {file["name"]: (file["size"], file["sha256"]) for file in manifest["files"]}
    return None


def _is_as_written(file: Path, size: int, sha256: str) -> bool:
    if file.is_symlink() or file.stat().st_size != size:
        return False
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest() == sha256
