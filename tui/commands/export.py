"""`postil export`: a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotations.errors import WrongUsageError
from annotations.exporters.choosing.options import Aggregate, Context, ExportOptions, SplitBy
from tui.commands.export_options import GroupedCommand, with_choices
from tui.commands.long_work import LongWork, with_quiet
from tui.commands.naming import named_exporter
from tui.commands.options import with_surroundings
from tui.commands.output import count, say, write_json
from tui.text.visible import one_line

if TYPE_CHECKING:
    from annotations.exporters.writing.report import ExportReport
    from annotations.formats import Exporter
    from tui.commands.surroundings import Surroundings

_STANDARD_OUTPUT = Path("-")
_KEY_SUFFIX = ".pseudonyms.key"


@click.command("export", cls=GroupedCommand)
@click.argument("format_name", metavar="FORMAT")
@with_choices
@with_quiet
@with_surroundings
@click.pass_obj
def command(
    here: Surroundings,
    /,
    *,
    format_name: str,
    path: Path,
    as_json: bool,
    is_quiet: bool,
    **chosen: Any,  # noqa: ANN401  # of many kinds: strings, numbers, switches
) -> None:
    """Write the labels with what they are put on as a dataset, of all or of the annotator named with --annotator.

    `postil formats` lists the FORMATs. A file that stands at PATH is replaced when the new one is complete, and so is the folder of an
    earlier export. What the format cannot carry, and what was left out, is counted; report.json lists it in a folder.
    """
    exporter = named_exporter(format_name)
    if as_json and path == _STANDARD_OUTPUT:
        raise WrongUsageError("--json and -o - both write to standard output", "Write the data set to a file.")
    check_version(exporter, chosen["format_version"])
    options = _options(here, chosen)
    target = "standard output" if path == _STANDARD_OUTPUT else one_line(str(path))
    outcome = "standard output got a part" if path == _STANDARD_OUTPUT else f"{target} was not written"
    long = LongWork("Exporting", outcome, is_quiet=is_quiet)
    long.work.subject = path.name
    with long.under_way(), here.open_project() as project, project.doing(long.work):
        annotator = here.chosen_annotator(project)
        named = options(None if annotator is None else annotator.name)
        report: ExportReport = exporter.write(project, path, named)
    if as_json:
        write_json(report_json(report, format_name))
    elif not is_quiet:
        _say(report, target)


def check_version(exporter: Exporter, version: int | None) -> None:
    """See that an exporter can write that version of its layout.

    Raises:
        WrongUsageError: If not; the hint names those that there are.
    """
    versions: tuple[int, ...] = getattr(exporter, "versions", (1,))
    if version is not None and version not in versions:
        raise WrongUsageError(
            f"{exporter.name} has no version {version} of its layout",
            f"There is {', '.join(map(str, versions))}; without --format-version the newest is written.",
        )


def report_json(report: ExportReport, format_name: str) -> dict[str, object]:
    """Return the report as JSON values."""
    return {
        "format": format_name,
        "path": None if report.path is None else str(report.path),
        "rows": report.rows,
        "threads": report.threads,
        "posts": report.posts,
        "annotations": report.annotations,
        "lost": dict(report.lost),
        "warnings": list(report.warnings),
        "splits": [
            {
                "name": each.name,
                "share": each.share,
                "threads": each.threads,
                "posts": each.posts,
                "labels": dict(each.labels),
            }
            for each in report.splits
        ],
        "sha256": report.sha256,
        "files": [{"name": each.name, "size": each.size, "sha256": each.sha256} for each in report.files],
    }


def _options(here: Surroundings, chosen: dict[str, Any]) -> Any:  # noqa: ANN401  # a function of one argument
    """Return what makes the options as soon as it is known whose labels they are for; what is wrong with them is said before."""
    from annotations.exporters.choosing.shares import parse_shares  # noqa: PLC0415  # loaded on use

    if chosen["split"] is None and (chosen["split_by"] is not None or chosen["seed"] is not None):
        raise WrongUsageError("--by and --seed say how to divide a data set, and need --split", "")
    key = chosen["key_file"]
    if chosen["is_pseudonymized"] and key is None:
        key = here.project_path.with_suffix(_KEY_SUFFIX)
    listed = (chosen["listed_labels"] or "").split(",")
    values = {
        "thread": chosen["thread_key"],
        "labels": (*chosen["labels"], *(label.strip() for label in listed if label.strip())),
        "excel": chosen["is_for_excel"],
        "with_implied": chosen["with_implied"],
        "is_current": chosen["which_codebook"] == "current",
        "split": () if chosen["split"] is None else parse_shares(chosen["split"]),
        "split_by": SplitBy(chosen["split_by"] or SplitBy.THREAD),
        "seed": chosen["seed"] or 0,
        "aggregate": None if chosen["aggregate"] is None else Aggregate(chosen["aggregate"]),
        "is_gold": chosen["is_gold"],
        "only_reviewed": chosen["only_reviewed"],
        "context": None if chosen["context"] is None else Context(chosen["context"]),
        "pseudonymize": key,
        "redact": chosen["is_redacted"],
        "format_version": chosen["format_version"],
        "licence": chosen["licence"],
        "with_manifest": chosen["with_manifest"],
        "command": here.command_line,
    }
    return lambda annotator: ExportOptions(annotator=annotator, **values)


def _say(report: ExportReport, target: str) -> None:
    say(
        f"{target}: {count(report.rows, 'row')}, {count(report.annotations, 'annotation')} "
        f"on {count(report.posts, 'post')} of {count(report.threads, 'thread')}"
    )
    for split in report.splits:
        labels = ", ".join(f"{number:,} {one_line(label)}" for label, number in split.labels.items())
        say(
            f"  {split.name}: {count(split.threads, 'thread')}, {count(split.posts, 'post')}"
            + (f"; {labels}" if labels else "")
        )
    for reason, number in report.lost.items():
        say(f"  not in it: {number:,} {one_line(reason)}")
    for warning in report.warnings:
        say(f"  mind: {one_line(warning)}")
