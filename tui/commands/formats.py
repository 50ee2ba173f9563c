"""`postil formats`: what can be imported and exported."""

from __future__ import annotations

from shutil import get_terminal_size
from textwrap import wrap
from typing import TYPE_CHECKING

import click
from rich.cells import cell_len

from annotations import formats
from annotations.errors import PostilError
from tui.commands.options import with_surroundings
from tui.commands.output import say_failure, write_json, write_text
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from importlib.metadata import EntryPoint


_WORD = 6
_NARROWEST = 40
_WIDEST = 110
"""Cells of a line: a longer one is hard to read."""


@click.command("formats")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
@with_surroundings
def command(*, as_json: bool) -> None:
    """List importers and exporters, built in and plugged in; of importers, what they keep of a source and what they lose."""
    importers = [_format_json(entry, formats.importer) for entry in formats.importers().values()]
    exporters = [_format_json(entry, formats.exporter) for entry in formats.exporters().values()]
    if as_json:
        write_json({"importers": importers, "exporters": exporters})
    else:
        width = max(_NARROWEST, min(_WIDEST, get_terminal_size().columns))
        names = max((cell_len(each["name"]) for each in (*importers, *exporters)), default=0)
        for heading, found in (("Importers", importers), ("Exporters", exporters)):
            write_text(heading)
            for each in found:
                for line in _lines(each, names, width):
                    write_text(line)
    for problem in formats.problems():
        say_failure(problem)


def _lines(each: dict[str, str], names: int, width: int) -> Iterator[str]:
    """Yield the lines that describe a format, none longer than `width` cells."""
    name = one_line(each["name"])
    indent = " " * (2 + names + 2)
    whose = "" if each["package"] in {"postil", ""} else f" (package {each['package']})"
    first = f"  {name}{' ' * (names - cell_len(name))}  "
    yield from _wrapped(one_line(each["title"] or each["problem"]) + one_line(whose), first, indent, width)
    for word in ("keeps", "loses"):
        if said := each.get(word, ""):
            yield from _wrapped(one_line(said), f"{indent}{word} ", indent + " " * _WORD, width)


def _wrapped(text: str, first: str, others: str, width: int) -> list[str]:
    return wrap(text, width, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)


def _format_json(entry: EntryPoint, load: Callable[[str], formats.Importer | formats.Exporter]) -> dict[str, str]:
    """Return what is known of a format; one that cannot be loaded says why instead of its title."""
    package = entry.dist.name if entry.dist is not None else ""
    said = {"name": entry.name, "title": "", "package": package, "module": entry.value, "problem": ""}
    try:
        found = load(entry.name)
    except PostilError as error:
        return {**said, "problem": str(error)}
    described = {word: str(getattr(found, word)) for word in ("keeps", "loses") if hasattr(found, word)}
    return {**said, "title": found.title, **described}
