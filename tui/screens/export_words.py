"""What the export screen says, and what it makes in the background: all of it without a screen."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.content import Content

from annotations import formats
from annotations.errors import ExportError, PostilError
from annotations.store.contents import count_contents
from annotations.store.project import Project
from annotations.work import WorkCancelledError
from tui.screens.paper import coloured
from tui.text.highlight import highlight_source
from tui.text.visible import one_line

if TYPE_CHECKING:
    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.writing.report import ExportReport
    from annotations.store.contents import Contents
    from annotations.work import Work

PREVIEW_ROWS = 8
LONGEST_PREVIEW = 20_000
"""Characters of a preview that are shown."""
MANIFEST = "manifest.json"
"""The file by which a folder is known to be an earlier export."""
_KILO = 1000


def load_exporter(name: str) -> formats.Exporter | PostilError:
    """Return an exporter, or what is wrong with it."""
    try:
        return formats.exporter(name)
    except PostilError as error:
        return error


def described(exporter: formats.Exporter) -> tuple[str, str, str]:
    """Return its title, what it keeps and what it loses, harmless to a terminal; "" for what it does not say."""
    keeps, loses = (str(getattr(exporter, word, "") or "") for word in ("keeps", "loses"))
    return one_line(exporter.title), one_line(keeps), one_line(loses)


def is_folder(exporter: formats.Exporter, options: ExportOptions | None) -> bool:
    """Tell whether an export is a folder: its format always is, or with splits it is one file for each."""
    return not exporter.suffix or (options is not None and bool(options.split))


def default_target(project_path: Path, exporter: formats.Exporter, options: ExportOptions | None) -> Path:
    """Return where an export goes if nothing else is said: beside the project, and not where a source may lie."""
    if is_folder(exporter, options):
        return project_path.with_name(f"{project_path.stem}-{exporter.name}")
    shortest = project_path.with_suffix(exporter.suffix)
    is_export = shortest.with_name(f"{shortest.name}.manifest.json").exists()
    if exporter.suffix == f".{exporter.name}" and (is_export or not shortest.exists()):
        return shortest
    return shortest.with_name(f"{project_path.stem}-{exporter.name}{exporter.suffix}")  # others have that suffix too


def describe_target(target: Path, *, is_folder: bool) -> tuple[str, bool]:
    """Say what stands where an export goes, and whether it would be replaced."""
    try:
        if target.is_dir():
            return _describe_folder(target) if is_folder else ("A folder stands there. Name a file in it.", False)
        if target.exists():
            size = file_size(target.stat().st_size)
            if is_folder:
                return f"A file of {size} stands there. Name a folder.", False
            return f"A file of {size} stands there: it is replaced.", True
        has_place = target.absolute().parent.is_dir()
    except OSError as error:
        return f"It cannot be looked at: {error.strerror or error}.", False
    new = f"A new {'folder' if is_folder else 'file'}."
    return new if has_place else "There is no such folder to put it in. Make it first.", False


def _describe_folder(target: Path) -> tuple[str, bool]:
    if (target / MANIFEST).is_file():
        return "An earlier export stands there: it is replaced.", True
    if any(target.iterdir()):
        return "A folder with other things stands there. Name another one.", False
    return "An empty folder stands there: it is filled.", False


def file_size(size: int) -> str:
    """Return a size in bytes as people read it: "812 bytes", "12.3 kB", "4.0 MB"."""
    if size < _KILO:
        return f"{size:,} byte{'' if size == 1 else 's'}"
    number, unit = size / _KILO, "kB"
    for larger in ("MB", "GB"):
        if number >= _KILO:
            number, unit = number / _KILO, larger
    return f"{number:,.1f} {unit}"


def listed(counts: dict[str, int]) -> str:
    """Return counts in words, without those of nothing: "3 relations, 12 reviews"."""
    return ", ".join(f"{number:,} {one_line(words)}" for words, number in counts.items() if number)


def describe_contents(contents: Contents) -> str:
    """Say what there is in the project that formats may lose."""
    counts = (
        (contents.annotations, "annotation", "annotations"),
        (contents.relations, "relation", "relations"),
        (contents.on_threads, "label of a thread", "labels of threads"),
        (contents.detached, "detached span", "detached spans"),
        (contents.notes, "note on a post", "notes on posts"),
        (contents.reviews, "review", "reviews"),
        (contents.flags, "flag", "flags"),
    )
    said = ", ".join(f"{number:,} {one if number == 1 else many}" for number, one, many in counts if number)
    return said or "nothing is labeled yet"


# --- in a thread of its own -------------------------------------------------------------------------------------


def make_preview(project_path: Path, exporter: formats.Exporter, options: ExportOptions, work: Work) -> Content:
    """Return the first rows as they would be written, coloured; what hinders that in words.

    Args:
        project_path: The project.
        exporter: The exporter.
        options: What to export.
        work: Is cancelled when nobody waits for it any more.

    Raises:
        WorkCancelledError: If it was.
    """
    try:
        with tempfile.TemporaryDirectory() as folder:
            text = _previewed(project_path, exporter, _harmless(options, Path(folder)), work)
    except WorkCancelledError:
        raise
    except PostilError as error:
        hint = f"\n{one_line(error.hint)}" if error.hint else ""
        return Content.styled(one_line(error.message), "$error") + Content.styled(hint, "$muted")
    except Exception as error:  # noqa: BLE001  # anybody's exporter
        return Content.styled(_failed(exporter, error).message, "$error")
    if not text.strip():
        return Content.styled("There is nothing to write with these options.", "$muted")
    is_cut = len(text) > LONGEST_PREVIEW
    text = text[:LONGEST_PREVIEW].replace("\r\n", "\n")
    content = coloured(text, highlight_source(text, _language(exporter, text)))
    return content + Content.styled("\n…", "$muted") if is_cut else content


def _language(exporter: formats.Exporter, text: str) -> str:
    """Return what a preview is written in: as its exporter says, or as it looks."""
    if said := getattr(exporter, "preview_language", ""):
        return str(said)
    suffix = exporter.suffix.removeprefix(".")
    if suffix in {"csv", "tsv"}:
        return suffix
    head = text.lstrip().partition("\n")[0]
    if all(word.isidentifier() for word in head.split(",")) and "," in head:
        return "csv"
    return {"{": "json", "[": "json", "<": "xml"}.get(head[:1], suffix)


def _previewed(project_path: Path, exporter: formats.Exporter, options: ExportOptions, work: Work) -> str:
    with closing(Project.open(project_path, read_only=True)) as project, project.doing(work):
        return str(exporter.preview(project, options, PREVIEW_ROWS))


def write_export(
    project_path: Path, exporter: formats.Exporter, target: Path, options: ExportOptions, work: Work
) -> ExportReport:
    """Write an export, and report.

    Raises:
        PostilError: If it cannot be written; what stood there stays.
    """
    work.subject = target.name
    try:
        with closing(Project.open(project_path)) as project, project.doing(work):
            report: ExportReport = exporter.write(project, target, options)
    except PostilError:
        raise
    except Exception as error:
        raise _failed(exporter, error) from error
    return report


def count_lost(project_path: Path, exporter: formats.Exporter, options: ExportOptions, work: Work) -> dict[str, int]:
    """Write an export to a place that is deleted at once, to see what the format cannot carry: words and numbers.

    Raises:
        PostilError: If it cannot be written.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "dataset"
        report = write_export(project_path, exporter, target, _harmless(options, Path(folder)), work)
    return dict(report.lost)


def read_contents(project_path: Path) -> Contents:
    """Count what there is in a project.

    Raises:
        ProjectError: If it cannot be read.
    """
    with closing(Project.open(project_path, read_only=True)) as project:
        return count_contents(project)


def _harmless(options: ExportOptions, folder: Path) -> ExportOptions:
    """Return options with which no key for pseudonyms is left behind where there is none yet."""
    if options.pseudonymize is None or options.pseudonymize.exists():
        return options
    return replace(options, pseudonymize=folder / "key")


def _failed(exporter: formats.Exporter, error: Exception) -> ExportError:
    """Put somebody else's exception into words."""
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return ExportError(
        f"The exporter {one_line(exporter.name)} has failed: {one_line(said)}", "This is a fault of the exporter."
    )
