"""`postil export`: a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotations.exporters.dataset import ExportOptions
from tui.commands.long_work import LongWork, with_quiet
from tui.commands.naming import named_exporter
from tui.commands.options import with_surroundings
from tui.commands.output import count, say
from tui.text.visible import one_line

if TYPE_CHECKING:
    from annotations.exporters.dataset import ExportReport
    from tui.commands.surroundings import Surroundings

_STANDARD_OUTPUT = Path("-")


@click.command("export")
@click.argument("format_name", metavar="FORMAT")
@click.option(
    "-o",
    "--output",
    "path",
    metavar="PATH",
    required=True,
    type=click.Path(path_type=Path, allow_dash=True),
    help="The file to write; - is standard output.",
)
@click.option("--thread", "thread_key", metavar="KEY", help="Only this thread.")
@click.option("--label", "labels", metavar="LABEL", multiple=True, help="Only this label; may be repeated.")
@click.option("--excel", "is_for_excel", is_flag=True, help="CSV that Excel opens as text: formulas are defused.")
@click.option(
    "--implied/--no-implied",
    "with_implied",
    default=True,
    help="Whether to write the wider labels that a label implies too, marked by implied_by. [yes]",
)
@click.option(
    "--codebook",
    "which_codebook",
    type=click.Choice(["put", "current"]),
    default="put",
    help="Labels as they were put, or those that were merged as they are put today. [put]",
)
@with_quiet
@with_surroundings
@click.pass_obj
def command(  # noqa: PLR0913  # its options
    here: Surroundings,
    *,
    format_name: str,
    path: Path,
    thread_key: str | None,
    labels: tuple[str, ...],
    is_for_excel: bool,
    with_implied: bool,
    which_codebook: str,
    is_quiet: bool,
) -> None:
    """Write the labels with what they are put on as a dataset, of all or of the annotator named with --annotator.

    `postil formats` lists the FORMATs. A file that stands at PATH is replaced when the new one is complete.
    """
    exporter = named_exporter(format_name)
    target = "standard output" if path == _STANDARD_OUTPUT else one_line(str(path))
    outcome = "standard output got a part" if path == _STANDARD_OUTPUT else f"{target} was not written"
    long = LongWork("Exporting", outcome, is_quiet=is_quiet)
    long.work.subject = path.name
    with long.under_way(), here.open_project() as project, project.doing(long.work):
        annotator = here.chosen_annotator(project)
        options = ExportOptions(
            thread=thread_key,
            annotator=None if annotator is None else annotator.name,
            labels=labels,
            excel=is_for_excel,
            with_implied=with_implied,
            is_current=which_codebook == "current",
        )
        report: ExportReport = exporter.write(project, path, options)
    if is_quiet:
        return
    say(
        f"{target}: {count(report.rows, 'row')}, {count(report.annotations, 'annotation')} "
        f"on {count(report.posts, 'post')} of {count(report.threads, 'thread')}"
    )
    for reason, number in report.lost.items():
        say(f"  not in it: {number:,} {one_line(reason)}")
