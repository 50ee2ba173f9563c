"""What an export has written: where it is, how much, what is not in it, how it is loaded."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.content import Content

from tui.screens.export_words import file_size, listed
from tui.screens.paper import Paper, coloured
from tui.text.highlight import highlight_source
from tui.text.table import fill
from tui.text.visible import one_line

if TYPE_CHECKING:
    from pathlib import Path

    from annotations.exporters.writing.report import ExportReport, WrittenFile

MOST_FILES = 12
"""Files of a folder that are listed."""
CARD = "README.md"
USE = "## Use"
"""The heading in a data set's card below which it says how it is loaded."""
LONGEST_CARD = 200_000
_LOADING = {
    "csv": (
        'import csv\n\nwith open("{file}", encoding="utf-8", newline="") as file:\n    rows = list(csv.DictReader(file))'
    ),
    "jsonl": (
        'import json\n\nwith open("{file}", encoding="utf-8") as file:\n    rows = [json.loads(line) for line in file]'
    ),
    "web-annotation": (
        'import json\n\nwith open("{file}", encoding="utf-8") as file:\n    annotations = json.load(file)["first"]["items"]'
    ),
}
"""How a file is loaded that stands alone, in Python, by the name of its format."""
_DATASETTE = "datasette"


class ExportDone(Paper):
    """Says what was written until it is closed.

    Args:
        report: What was written.
        target: Where.
        format_name: The name of the format.
        command: The words of the command that writes the same.
    """

    HELP: ClassVar[str] = "What was exported. q or Escape closes it."

    def __init__(self, report: ExportReport, target: Path, format_name: str, command: tuple[str, ...]) -> None:
        super().__init__(f"Exported as {format_name}", written(report, target, format_name, command))


def notice(report: ExportReport, target: Path) -> str:
    """Return in a line what was written and where, harmless to a terminal."""
    lost = listed(dict(report.lost))
    return f"{_rows(report)} written to {one_line(str(target.absolute()))}" + (f"; not in it: {lost}" if lost else "")


def written(report: ExportReport, target: Path, format_name: str, command: tuple[str, ...]) -> Content:
    """Return all there is to say of an export."""
    lines = [
        Content(one_line(str(target.absolute()))),
        Content.styled(f"{_rows(report)}: {_counts(report)}", "$muted"),
        Content(""),
    ]
    if report.lost:
        lines.append(Content.styled("Not in it", "bold $warning"))
        lines += [Content(f"  {number:,} {one_line(words)}") for words, number in report.lost.items()]
    else:
        lines.append(Content("Nothing was lost."))
    lines += [Content.styled("Mind: ", "$warning") + Content(f"{one_line(warning)}.") for warning in report.warnings]
    for split in report.splits:
        counts = f"{_count(split.threads, 'thread')}, {_count(split.posts, 'post')}"
        lines.append(Content(f"{one_line(split.name)}: ") + Content.styled(counts, "$muted"))
    lines += [Content(""), *_files(report, target), *_loading(target, format_name, command)]
    again = one_line(shlex.join(command))
    lines += [Content(""), Content.styled("The same on the command line", "bold"), Content(again)]
    return Content("\n").join(lines)


def _rows(report: ExportReport) -> str:
    return _count(report.rows, "row")


def _counts(report: ExportReport) -> str:
    counts = ((report.annotations, "annotation"), (report.posts, "post"), (report.threads, "thread"))
    return ", ".join(_count(*each) for each in counts)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _files(report: ExportReport, target: Path) -> list[Content]:
    files = report.files
    if not files:
        size = target.stat().st_size if target.is_file() else 0
        return [Content(f"{one_line(target.name)}, {file_size(size)}")]
    total = file_size(sum(file.size for file in files))
    lines = [Content.styled(f"{_count(len(files), 'file')}, {total}", "bold")]
    width = max(cell_len(one_line(file.name)) for file in files[:MOST_FILES])
    lines += [_file(file, width) for file in files[:MOST_FILES]]
    more = len(files) - MOST_FILES
    return [*lines, Content.styled(f"  … {more:,} more", "$muted")] if more > 0 else lines


def _file(file: WrittenFile, width: int) -> Content:
    name = one_line(file.name)
    size = file_size(file.size).rjust(10)
    return Content(f"  {fill(name, width)}  {size}") + Content.styled(f"  {one_line(file.description)}", "$muted")


def _loading(target: Path, format_name: str, command: tuple[str, ...]) -> list[Content]:
    """Return how the data set is loaded, as its card says it; nothing where nobody says so."""
    heading = [Content(""), Content.styled("How it is loaded", "bold")]
    if target.is_dir():
        use = _use(target / CARD)
        return [*heading, coloured(use, highlight_source(use, "markdown"))] if use else []
    if format_name == _DATASETTE:
        project = command[command.index("--project") + 1]
        return [*heading, Content(one_line(shlex.join((_DATASETTE, project, "--metadata", str(target)))))]
    code = _LOADING.get(format_name, "").format(file=target.name.replace("\\", "\\\\").replace('"', '\\"'))
    return [*heading, coloured(code, highlight_source(code, "python"))] if code else []


def _use(card: Path) -> str:
    """Return what stands below the heading that says how to load a data set, "" where it has none."""
    try:
        with card.open(encoding="utf-8") as file:
            text = file.read(LONGEST_CARD)
    except (OSError, UnicodeDecodeError):
        return ""
    _, found, rest = text.partition(f"\n{USE}\n")
    return rest.partition("\n## ")[0].strip() if found else ""
