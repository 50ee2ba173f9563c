"""What of a source the analyst can map: which column holds what, or how offsets count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations import formats
from annotations.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.formats import Importer
    from annotations.sources.source import Source


def check_mapping(importer: Importer, source: Source) -> None:
    """See that an importer takes what the analyst mapped for a source.

    Raises:
        SourceError: If it does not; it says what can be mapped where.
    """
    known = _maps(importer)
    unknown = ", ".join(f"“{role}”" for role in source.mapping if role not in known)
    if unknown:
        raise SourceError(
            f"{source.shown} is read as {importer.title} ({importer.name}), where {unknown} cannot be mapped",
            f"What can be mapped, by format: {'; '.join(_tell())}. --format NAME reads a source as one of these.",
        )


def _maps(importer: Importer) -> tuple[str, ...]:
    return tuple(getattr(importer, "maps", ()))


def _tell() -> Iterator[str]:
    """Say what can be mapped in which format."""
    for name in formats.importers():
        try:
            maps = _maps(formats.importer(name))
        except SourceError:  # somebody's, and broken
            continue
        if maps:
            yield f"{name} ({', '.join(maps)})"
