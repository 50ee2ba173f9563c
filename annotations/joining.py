"""Which of the files that are imported at once are one source: those that one importer reads together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations import formats
from annotations.errors import PostilError
from annotations.sources.source import STANDARD_INPUT, open_source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from annotations.formats import Importer

_ATTRIBUTE = "joins_files"
"""What an importer's module has, and is true, if it reads several of its files together better than one by one."""


def group_paths(paths: Sequence[Path], importer: Importer | None) -> list[list[Path]]:
    """Return the paths, those together that one importer reads together; in the order of the first of each.

    Args:
        paths: What is to be imported.
        importer: How to read all of it; None to find out.
    """
    groups = [[path] for path in paths]
    if len(paths) < 2:  # noqa: PLR2004  # nothing to be put together
        return groups
    joining = [each for each in _loaded(importer) if getattr(each, _ATTRIBUTE, False)]
    for each in joining:
        own = [group for group in groups if len(group) == 1 and _is_known(each, group[0])]
        if len(own) > 1:
            own[0] += [path for group in own[1:] for path in group]
            groups = [group for group in groups if not any(group is other for other in own[1:])]
    return groups


def _loaded(importer: Importer | None) -> list[Importer]:
    if importer is not None:
        return [importer]
    found = []
    for name in formats.importers():
        try:
            found.append(formats.importer(name))
        except PostilError:  # a broken one: that is said when one is chosen
            continue
    return found


def _is_known(importer: Importer, path: Path) -> bool:
    if str(path) == STANDARD_INPUT or not path.is_file():
        return False
    try:
        source = open_source(path)
    except PostilError:  # that is said when its turn comes
        return False
    return not source.is_folder and formats.ask(importer, source) >= formats.UNSURE
