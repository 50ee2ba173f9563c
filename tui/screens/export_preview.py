"""See what an export would write, then write it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from annotations import formats
from annotations.exporters.dataset import ExportOptions
from annotations.store.project import Project
from tui.screens.dialog import Dialog
from tui.screens.paper import coloured
from tui.screens.work import Outcome, WorkScreen, describe_failure, do_above
from tui.text.highlight import highlight_source
from tui.text.visible import one_line

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from annotations.exporters.dataset import ExportReport
    from annotations.work import Work

PREVIEW_ROWS = 5
_LANGUAGES = {".jsonl": "json", ".csv": "csv"}


class ExportPreview(Dialog[str]):
    """Returns what was written, in words, or None."""

    CSS_PATH = "dialog.tcss"
    HELP: ClassVar[str] = "Tab shows the next format, Enter writes the file, Escape goes back."
    HINT: ClassVar[str] = (
        "{export.next_format} next format   {export.page_down} {export.page_up} scroll   "
        "Enter write   {export.back} back"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back", id="export.back"),
        Binding("tab", "next_format", "Next format", id="export.next_format", priority=True),
        Binding("pagedown", "page(1)", "Page down", id="export.page_down", priority=True),
        Binding("pageup", "page(-1)", "Page up", id="export.page_up", priority=True),
    ]

    entry = getters.query_one(Input)
    heading = getters.query_one("#heading", Static)
    text = getters.query_one("#text", Static)
    problem = getters.query_one(".problem", Static)

    def __init__(self, project_path: Path, *, is_plain: bool = False) -> None:
        super().__init__()
        self._is_plain = is_plain
        self._path = project_path
        self._names = sorted(formats.exporters(), key=lambda name: (name != "jsonl", name))
        self._chosen = self._names[0]

    def compose(self) -> ComposeResult:
        """Show the preview above the file's name."""
        with Vertical(classes="dialog -tall"):
            yield Static("", id="heading", classes="title")
            with VerticalScroll(id="paper", can_focus=False):
                yield Static("", id="text")
            yield Static("File to write", classes="name")
            yield Input(select_on_focus=False)
            yield Static("", classes="problem")
            yield Static(Content(self.hint_words), classes="hint")

    def on_mount(self) -> None:
        """Show the first format."""
        self.entry.focus()
        self._show()

    def _show(self) -> None:
        exporter = formats.exporter(self._chosen)
        others = "   ".join(name for name in self._names if name != self._chosen)
        self.heading.update(
            Content.styled(f"Export: {self._chosen}", "bold") + Content.styled(f"   {others}", "$muted")
        )
        self.entry.value = str(self._path.with_suffix(exporter.suffix))
        with Project.open(self._path, read_only=True) as project:
            text = exporter.preview(project, ExportOptions(), PREVIEW_ROWS)
        language = _LANGUAGES.get(exporter.suffix, "text")
        self.text.update(coloured(text, highlight_source(text, language)))

    def action_next_format(self) -> None:
        """Show the next format."""
        self._chosen = self._names[(self._names.index(self._chosen) + 1) % len(self._names)]
        self._show()

    def action_page(self, pages: int) -> None:
        """Scroll the preview."""
        paper = self.query_one("#paper", VerticalScroll)
        paper.scroll_relative(y=pages * max(1, paper.size.height - 1), animate=False)

    @on(Input.Submitted)
    def write(self, event: Input.Submitted) -> None:
        """Write the file."""
        if not event.value.strip():
            self.problem.update("Name a file.")
            return
        target = Path(event.value.strip()).expanduser()
        path, exporter = self._path, formats.exporter(self._chosen)

        def job(work: Work) -> ExportReport:
            work.subject = target.name
            with Project.open(path, read_only=True) as project, project.doing(work):
                report: ExportReport = exporter.write(project, target, ExportOptions())
            return report

        def take(outcome: Outcome[ExportReport]) -> None:
            self._take_outcome(outcome, target)

        self.problem.update("")
        screen: WorkScreen[ExportReport] = WorkScreen("Exporting", job, is_plain=self._is_plain)
        do_above(self, screen, take)

    def _take_outcome(self, outcome: Outcome[ExportReport], target: Path) -> None:
        """Return what was written and where, or say what hindered it."""
        if outcome.result is not None:
            self.dismiss(f"{outcome.result.rows:,} rows written to {one_line(str(target.absolute()))}")
        elif outcome.error is not None:
            self.problem.update(describe_failure(outcome.error, f"{one_line(target.name)} was not written"))
