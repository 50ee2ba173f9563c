"""`postil export`: a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotations.exporters.dataset import ExportOptions
from tui.commands.long_work import LongWork, with_quiet
from tui.commands.naming import named_exporter
from tui.commands.output import count, say
from tui.commands.surroundings import Surroundings, with_surroundings
from tui.text.visible import one_line

if TYPE_CHECKING:
    from annotations.exporters.dataset import ExportReport

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
