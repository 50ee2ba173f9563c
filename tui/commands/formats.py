"""`postil formats`: what can be imported and exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from annotations import formats
from annotations.errors import PostilError
from tui.commands.options import with_surroundings
from tui.commands.output import say_failure, write_json
from tui.commands.table import write_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.metadata import EntryPoint


@click.command("formats")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
@with_surroundings
def command(*, as_json: bool) -> None:
    """List importers and exporters, built in and plugged in."""
    importers = [_format_json(entry, formats.importer) for entry in formats.importers().values()]
    exporters = [_format_json(entry, formats.exporter) for entry in formats.exporters().values()]
    if as_json:
        write_json({"importers": importers, "exporters": exporters})
    else:
        rows = [("import", each) for each in importers] + [("export", each) for each in exporters]
        write_table(
            ("use", "name", "package", "title"),
            [(use, each["name"], each["package"], each["title"] or each["problem"]) for use, each in rows],
        )
    for problem in formats.problems():
        say_failure(problem)


def _format_json(entry: EntryPoint, load: Callable[[str], formats.Importer | formats.Exporter]) -> dict[str, str]:
    """Return what is known of a format; one that cannot be loaded says why instead of its title."""
    title = problem = ""
    try:
        title = load(entry.name).title
    except PostilError as error:
        problem = str(error)
    package = entry.dist.name if entry.dist is not None else ""
    return {"name": entry.name, "title": title, "package": package, "module": entry.value, "problem": problem}
