"""The registry of formats: names of importers and exporters, their modules loaded on use.

A format is a module that an installed package names in the entry point group `postil.importers` or `postil.exporters`;
Postil names its own in the same way. Source of the mechanism: the entry points specification of the Python Packaging
User Guide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from annotations.errors import ExportError, PostilError, SourceError, UnknownNameError
from annotations.registered import EXPORTERS, IMPORTERS, WORDS, describe, package_of, registered
from annotations.sources.stored import not_text
from annotations.work import WorkCancelledError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.metadata import EntryPoint
    from pathlib import Path

    from annotations.model import Thread
    from annotations.sources.source import Source
    from annotations.store.project import Project

_REQUIRED = {IMPORTERS: ("title", "sniff", "read"), EXPORTERS: ("title", "write")}
UNSURE = 0.3
"""An importer that is less sure than this has not recognised the source, it only makes do with it."""

_CLOSE = 0.15
"""An importer that is less sure than the surest by no more than this might be right as well."""


class Importer(Protocol):
    """A module that reads one format.

    `keeps` and `loses` say in a phrase each what comes of a source into a thread and what cannot. One that looks at
    `source.mapping` says with `maps`, a tuple, what can be mapped there.
    """

    name: str
    title: str
    keeps: str
    loses: str

    def sniff(self, source: Source) -> float:
        """Say how sure the importer is that it can read the source, from 0 (not at all) to 1."""

    def read(self, source: Source) -> Iterator[Thread]:
        """Yield the source's threads; SourceError where it cannot be read."""


class Exporter(Protocol):
    """A module that writes one format."""

    name: str
    title: str
    suffix: str

    def write(
        self,
        project: Project,
        path: Path | None,
        options: Any,  # noqa: ANN401  # the options and the report are the exporters' own words, a layer above
    ) -> Any:  # noqa: ANN401  # the same
        """Write labels to `path`, or standard output for None; report what was written and what could not be.

        `project.work` is the work that this is: where it is told how far it is, it can be cancelled; reading can be always.
        """

    def preview(self, project: Project, options: Any, rows: int) -> str:  # noqa: ANN401  # the same
        """Return the first `rows` rows as they would be written."""


def importers() -> dict[str, EntryPoint]:
    """Return the importers by name, sorted; none is loaded."""
    return registered(IMPORTERS)[0]


def exporters() -> dict[str, EntryPoint]:
    """Return the exporters by name, sorted; none is loaded."""
    return registered(EXPORTERS)[0]


def importer(name: str) -> Importer:
    """Load the importer of that name.

    Raises:
        UnknownNameError: If none is registered under it.
        SourceError: If its module is broken; the message names module and package.
    """
    return cast("Importer", _load(IMPORTERS, _find(IMPORTERS, name)))


def exporter(name: str) -> Exporter:
    """Load the exporter of that name.

    Raises:
        UnknownNameError: If none is registered under it.
        ExportError: If its module is broken; the message names module and package.
    """
    return cast("Exporter", _load(EXPORTERS, _find(EXPORTERS, name)))


def problems() -> tuple[str, ...]:
    """Load every registered format and say what is wrong with the registry, a sentence each."""
    found: list[str] = []
    for group in (IMPORTERS, EXPORTERS):
        entries, clashes = registered(group)
        found += clashes
        for entry in entries.values():
            try:
                _load(group, entry)
            except PostilError as error:
                found.append(error.message)
    return tuple(found)


def choose_importer(source: Source) -> tuple[Importer, str]:
    """Choose the importer that is surest of the source, and explain the choice.

    Where a second one is nearly as sure, the explanation names it, and how to take it. A broken third-party importer is passed
    over and named too.

    Raises:
        SourceError: If no importer knows the source; the message lists what was tried.
    """
    ranked, broken = _rank(source)
    if not ranked:
        raise _refusal(source, list(importers()), broken)
    return ranked[0][1], _explain(ranked, broken)


def find_importer(source: Source) -> tuple[Importer | None, str]:
    """Choose the same way, but only among importers that recognise the source; None where none does."""
    ranked, broken = _rank(source)
    if not ranked or ranked[0][0] < UNSURE:
        return None, ""
    return ranked[0][1], _explain(ranked, broken)


def ask(candidate: Importer, source: Source) -> float:
    """Return how sure an importer is of a source, 0 to 1; 0 if it fails to look at it."""
    try:
        return min(1.0, max(0.0, float(candidate.sniff(source))))
    except WorkCancelledError:
        raise
    except Exception:  # noqa: BLE001  # anybody's importer, any source: then it does not know it
        return 0.0


def _rank(source: Source) -> tuple[list[tuple[float, Importer]], list[str]]:
    """Return the importers that can read a source, the surest first, and what is wrong with others."""
    broken: list[str] = []
    ranked: list[tuple[float, Importer]] = []
    for entry in importers().values():
        try:
            candidate = cast("Importer", _load(IMPORTERS, entry))
            sure = _ask(candidate, entry, source)
        except SourceError as error:
            broken.append(error.message)
            continue
        if sure > 0:
            ranked.append((sure, candidate))
    return sorted(ranked, key=lambda each: -each[0]), broken


def _explain(ranked: Sequence[tuple[float, Importer]], broken: Sequence[str]) -> str:
    """Say which importer was chosen and why."""
    sureness, best = ranked[0]
    how = "recognised" if sureness >= UNSURE else "nothing more special fits"
    others = [(sure, other) for sure, other in ranked[1:2] if sure >= max(UNSURE, sureness - _CLOSE)]
    for sure, other in others:
        than = "surer than" if sure < sureness else "as sure as, and by its name before,"
        how += (
            f" ({sureness:.2f}), {than} {other.title} ({other.name}, {sure:.2f}); "
            f"--format {other.name} reads it as that"
        )
    return ". ".join([f"read as {best.title} ({best.name}): {how}", *broken])


def _refusal(source: Source, names: Sequence[str], broken: Sequence[str]) -> SourceError:
    """Make the error for a source that no importer knows."""
    if not names:
        return SourceError(
            f"{source.name} cannot be imported: no importer is registered",
            "Formats are found through the installed package: install Postil with pip.",
        )
    if not source.is_folder and not source.head:
        return SourceError(f"{source.shown} is empty", "There is no text in it to label.")
    if not source.is_folder and not source.start:
        return not_text(source.shown, source.kind)
    if source.start and not source.start.strip():
        return SourceError(f"{source.shown} holds nothing but white space", "There is no text in it to label.")
    looks = f"it looks like {source.kind}" if source.kind else "its format was not recognised"
    tried = ", ".join(names)
    return SourceError(
        ". ".join([f"{source.name} cannot be imported: {looks}, which none of the importers reads ({tried})", *broken]),
        "If it is one of these all the same, name it with --format NAME.",
    )


def _ask(candidate: Importer, entry: EntryPoint, source: Source) -> float:
    """Ask one importer how sure it is; whatever goes wrong in it is a SourceError that names it."""
    try:
        return min(1.0, max(0.0, float(candidate.sniff(source))))
    except WorkCancelledError:
        raise
    except Exception as error:
        raise SourceError(f"{describe(IMPORTERS, entry)} failed to look at {source.name}: {_say(error)}") from error


def _find(group: str, name: str) -> EntryPoint:
    """Return the entry point of that name."""
    entries = registered(group)[0]
    if name in entries:
        return entries[name]
    from difflib import get_close_matches  # noqa: PLC0415  # loaded on use

    close = get_close_matches(name, entries, n=1)
    known = f"Known: {', '.join(entries)}." if entries else "None is registered: install Postil with pip."
    raise UnknownNameError(
        f"“{name}” is no {WORDS[group]}",
        f"Did you mean {close[0]}? {known}" if close else known,
    )


def _load(group: str, entry: EntryPoint) -> object:
    """Import a format's module and see that it has what its kind needs."""
    failure: type[PostilError] = SourceError if group == IMPORTERS else ExportError
    try:
        module: object = entry.load()
    except Exception as error:
        raise failure(f"{describe(group, entry)} cannot be loaded: {_say(error)}", _repair(entry)) from error
    missing = [word for word in ("name", *_REQUIRED[group]) if not hasattr(module, word)]
    if missing:
        raise failure(f"{describe(group, entry)} lacks {', '.join(missing)}", _repair(entry))
    return module


def _repair(entry: EntryPoint) -> str:
    return f"Repair or uninstall {package_of(entry)}; the other formats work."


def _say(error: Exception) -> str:
    """Put somebody else's exception on one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())
