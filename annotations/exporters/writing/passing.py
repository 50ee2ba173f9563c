"""Names of files and folders that are written before they take their place, and what a crash has left of them.

That is cleared away by the next export to the same place, once it is a day old.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

STALE = 24 * 60 * 60
"""Seconds after which what is half written is taken for what a crash has left: no export takes a day."""

_PASSING = re.compile(r"\.postil-[0-9a-f]{12}\.(part|old)")


def passing(target: Path, ending: str) -> Path:
    """Return a name beside `target` that nothing has; `ending` is "part" for what becomes it, "old" for what it was."""
    return target.with_name(f".postil-{os.urandom(6).hex()}.{ending}")


def clear_stale(folder: Path) -> None:
    """Remove from a folder what exports have left that were broken off by force, a day ago or earlier."""
    with suppress(OSError):
        for each in folder.iterdir():
            if _PASSING.fullmatch(each.name) and _age(each) > STALE:
                if each.is_dir() and not each.is_symlink():
                    shutil.rmtree(each, ignore_errors=True)
                else:
                    each.unlink()


def _age(path: Path) -> float:
    """Return how many seconds ago a file, or a folder and what lies directly in it, was changed last."""
    found = [path, *path.iterdir()] if path.is_dir() and not path.is_symlink() else [path]
    times = [moment for each in found for moment in (each.lstat().st_mtime, each.lstat().st_ctime)]
    return time.time() - max(times)
