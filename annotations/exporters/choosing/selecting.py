"""What an export's options name, found in the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.errors import ExportError, UnknownNameError, WrongUsageError
from annotations.exporters.choosing.selection import Selection
from annotations.exporters.rows.telling import telling
from annotations.model import AnnotatorKind
from annotations.store.codebooks import codebook_in_force, codebook_versions, label_names
from annotations.store.snapshot import thread_ids
from annotations.store.threads import find_thread

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.store.project import Project

_VERSION_DIGITS = 12
"""Digits of a codebook's SHA-256 that name its version: enough that no two are the same."""


def select(project: Project, options: ExportOptions) -> Selection:
    """Find what the options name.

    Raises:
        UnknownNameError: If the project has no such thread, annotator or label; the hint names what it has.
        ExportError: If the options ask for what the project does not have.
    """
    _check_options(options)
    names = label_names(project)
    annotators = {annotator.id: annotator for annotator in project.annotators()}
    by_name = {annotator.name: annotator.id for annotator in annotators.values()}
    for label in options.labels:
        _check_known(label, "label", names)
    if options.annotator is not None:
        _check_known(options.annotator, "annotator", by_name)
    codebook = codebook_in_force(project)
    gold = next((row for row, each in annotators.items() if each.kind is AnnotatorKind.GOLD), None)
    annotator_id = gold if options.is_gold else by_name.get(options.annotator or "")
    selection = Selection(
        options=options,
        thread_ids=tuple(thread_ids(project)) if options.thread is None else (find_thread(project, options.thread).id,),
        annotator_id=annotator_id,
        annotators={row: each for row, each in annotators.items() if row != gold or gold == annotator_id},
        labels=frozenset(options.labels),
        label_names=names,
        codebook=codebook,
        versions={version.id: version.sha256[:_VERSION_DIGITS] for version in codebook_versions(project)},
        telling=telling(codebook, with_implied=options.with_implied, is_current=options.is_current),
    )
    if options.is_gold:
        selection = _with_gold(project, selection)
    if options.split:
        from annotations.exporters.choosing.splitting import assign_splits  # noqa: PLC0415  # loaded on use

        selection = replace(
            selection,
            splits=tuple(name for name, _ in options.split),
            split_of=assign_splits(project, selection),
        )
    if is_shaped(options):
        from annotations.exporters.choosing.shaping import make_shapers  # noqa: PLC0415  # loaded on use

        selection = replace(selection, shapers=make_shapers(project, selection))
    return selection


def _with_gold(project: Project, selection: Selection) -> Selection:
    """Return the selection with what is said of the gold set, which a warning says, too.

    Raises:
        ExportError: If nothing is settled.
    """
    from annotations.exporters.choosing.settled import find_facts  # noqa: PLC0415  # loaded on use

    only = None if selection.options.thread is None else selection.thread_ids[0]
    facts = find_facts(project, selection.thread_ids, only)
    selection.tally.warn(facts.summary)
    return replace(selection, gold=facts)


def _check_options(options: ExportOptions) -> None:
    """Refuse choices that contradict each other, whatever is in the project."""
    if options.is_gold and (options.aggregate or options.annotator is not None):
        other = "--aggregate makes one set of" if options.aggregate else "--annotator asks for"
        raise WrongUsageError(
            f"--gold asks for what adjudication has settled, and {other} what annotators have put",
            "Leave one of them out.",
        )
    if options.aggregate and options.annotator is not None:
        raise WrongUsageError(
            "--aggregate makes one set of all annotators’ labels, and --annotator asks for those of one",
            "Leave one of them out.",
        )


def check_key_apart(options: ExportOptions, path: Path | None) -> None:
    """See that the key of pseudonyms does not lie where the data set is written, and would go where that goes.

    Raises:
        ExportError: If it does.
    """
    if options.pseudonymize is None or path is None or str(path) == "-":
        return
    key, target = options.pseudonymize.resolve(), path.resolve()
    if key == target or target in key.parents:
        raise ExportError(
            f"The key of the pseudonyms, {options.pseudonymize}, would lie inside the data set",
            "Whoever has the key can tell who is who: keep it elsewhere.",
        )


def is_shaped(options: ExportOptions) -> bool:
    """Tell whether the options ask for posts that differ from those of the project."""
    return bool(
        options.is_gold
        or options.aggregate
        or options.only_reviewed
        or options.context
        or options.pseudonymize
        or options.redact
    )


def _check_known(name: str, word: str, known: Mapping[str, object]) -> None:
    if name in known:
        return
    from difflib import get_close_matches  # noqa: PLC0415  # loaded on use

    close = get_close_matches(name, list(known), n=3)
    listed = f"It has: {', '.join(known)}." if known else "It has none yet."
    raise UnknownNameError(
        f"The project has no {word} {name!r}", f"Did you mean {' or '.join(close)}?" if close else listed
    )
