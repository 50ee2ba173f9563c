"""Files that describe a data set of Postil's and hold nothing of it: an import passes them over, and says nothing of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.sources.source import Source

_MANIFEST = "manifest.json"

_OF_FOLDER = frozenset(
    {
        _MANIFEST,
        "report.json",
        "datapackage.json",
        "croissant.json",
        "README.md",
        "label_config.json",
        "relation_config.json",
    }
)
"""What an export writes into every folder; and settings for doccano, which are for all splits of a data set."""

_OF_FILE = (".manifest.json", ".report.json")
"""What an export writes beside a file, behind its name."""

_OURS = re.compile(r'\s*\{\s*"postil":\s*\{\s*"version":')
"""How manifests and reports begin."""


def without_descriptions(files: Sequence[Source]) -> list[Source]:
    """Return the files that stand directly in a folder but for those by which an export has described others of them."""
    names = {file.relative.rpartition("/")[2]: file for file in files}
    is_export = _MANIFEST in names and _is_ours(names[_MANIFEST])
    passed = {name for name in names if is_export and name in _OF_FOLDER}
    for ending in _OF_FILE:
        passed |= {name for name, file in names.items() if name.endswith(ending) and _is_ours(file)}
    return [file for name, file in names.items() if name not in passed]


def _is_ours(file: Source) -> bool:
    return _OURS.match(file.start) is not None
