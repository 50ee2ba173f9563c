"""An export as it is done on the command line: for the manifest, and for who wants to do it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.exporters.choosing.options import SplitBy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.exporters.choosing.options import ExportOptions


def command_line(project_path: Path, name: str, target: Path, options: ExportOptions) -> tuple[str, ...]:
    """Return the words of the command that writes the same, `postil` the first."""
    words = ["postil", "export", name, "-o", str(target), "--project", str(project_path)]
    return (*words, *_chosen(options))


def _chosen(options: ExportOptions) -> Iterator[str]:
    """Yield the options that are not as they are by default."""
    named = {
        "--thread": options.thread,
        "--annotator": options.annotator,
        "--labels": ",".join(options.labels),
        "--aggregate": options.aggregate,
        "--split": ",".join(f"{name}={share:g}" for name, share in options.split),
        "--by": options.split_by if options.split and options.split_by is not SplitBy.THREAD else None,
        "--seed": str(options.seed) if options.split and options.seed else None,
        "--context": options.context,
        "--pseudonym-key": None if options.pseudonymize is None else str(options.pseudonymize),
        "--licence": options.licence,
        "--codebook": "current" if options.is_current else None,
    }
    for option, value in named.items():
        if value:
            yield from (option, str(value))
    switches = {
        "--gold": options.is_gold,
        "--only-reviewed": options.only_reviewed,
        "--pseudonymize": options.pseudonymize is not None,
        "--redact": options.redact,
        "--no-implied": not options.with_implied,
        "--excel": options.excel,
        "--no-manifest": not options.with_manifest,
    }
    yield from (option for option, is_on in switches.items() if is_on)
