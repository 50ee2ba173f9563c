"""What of a folder is imported how: by one importer as a whole, else folder by folder and file by file."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations import formats
from annotations.errors import PostilError, ProjectError
from annotations.sources.descriptions import without_descriptions
from annotations.sources.folders import FolderPart, split_folder
from annotations.sources.opening import bare_name
from annotations.work import WorkCancelledError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.formats import Importer
    from annotations.sources.source import Source

_PLAIN = frozenset({".txt", ".text"})
"""Files that in a folder are taken for articles, though no importer recognises them."""


class Part(Struct, frozen=True):
    """A folder or file that is a source of its own.

    Args:
        source: The source.
        importer: Reads it; None if no importer knows it.
        explanation: Why it is read with that one.
        error: Why it cannot be read at all; None if it can.
    """

    source: Source
    importer: Importer | None = None
    explanation: str = ""
    error: PostilError | None = None


def walk_folder(folder: Source, importer: Importer | None) -> Iterator[Part]:
    """Yield the sources that a folder or an archive holds: itself if an importer knows it as a whole.

    A folder of many things is not taken for one of its things: an importer knows it as a whole by the files that stand directly
    in it, or if none of these is anybody else's.

    Args:
        folder: The folder or archive.
        importer: How to read everything in it; None to find out.

    Raises:
        SourceError: If an archive is damaged or a bomb.
    """
    files, folders = split_folder(folder)
    files = without_descriptions(files)
    if importer is not None:
        if formats.ask(importer, folder):
            yield Part(folder, importer)
            return
    else:
        found, explanation = formats.find_importer(folder)
        if found is not None and (not folders or _is_whole(found, folder, files)):
            yield Part(folder, found, explanation)
            return
    for inner in folders:
        yield from walk_folder(inner, importer)
    for file in files:
        yield from _look_at(file, importer)
        file.forget()


def _is_whole(importer: Importer, folder: Source, files: Sequence[Source]) -> bool:
    if formats.ask(importer, FolderPart(folder, "", files)) >= formats.UNSURE:
        return True
    return not any(_is_anybodys(file) for file in files)


def _is_anybodys(file: Source) -> bool:
    return not file.is_folder and formats.find_importer(file)[0] is not None


def _look_at(file: Source, importer: Importer | None) -> Iterator[Part]:
    """Yield a file as a source; what is in it if it is an archive."""
    try:
        file.examine()
        if file.is_folder:
            yield from walk_folder(file, importer)
            return
        if importer is not None:
            yield Part(file, importer)
            return
        found, explanation = formats.find_importer(file)
        if found is None and PurePosixPath(bare_name(file.relative)).suffix.lower() in _PLAIN:
            found, explanation = formats.choose_importer(file)
    except (WorkCancelledError, ProjectError):
        raise
    except PostilError as error:
        yield Part(file, error=error)
    else:
        yield Part(file, found, explanation)
