"""Export: choose a format and what to write, see the first rows and what is lost, write it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import events, getters, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from annotations import formats
from annotations.errors import PostilError
from annotations.model import AnnotatorKind
from annotations.store.codebooks import codebook_in_force, label_names
from tui.screens.export_command import command_line
from tui.screens.export_form import Asked, ExportForm
from tui.screens.export_previewing import ExportPreviewing
from tui.screens.export_words import (
    count_lost,
    default_target,
    describe_target,
    described,
    is_folder,
    write_export,
)
from tui.screens.work import Outcome, WorkScreen, describe_failure, do_above
from tui.text.visible import one_line
from tui.widgets.choice_field import ChoiceField

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.screen import Screen
    from textual.types import CSSPathType

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.writing.report import ExportReport
    from annotations.store.project import Project

FIRST = "jsonl"
"""The format that is shown first: nothing is lost in it."""


class ExportScreen(ExportPreviewing):
    """Returns what was written, in words, or None.

    Args:
        project_path: The project.
        asked: What there is to choose from.
        is_plain: Whether to draw for a screen reader.
    """

    CSS_PATH: ClassVar[CSSPathType] = ["dialog.tcss", "exporting.tcss"]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-high")]  # noqa: RUF012  # Textual declares it like this
    HELP: ClassVar[str] = (
        "Choose a format in the list, Tab goes to its options, Left and Right change one; the preview follows. "
        "Enter writes, Ctrl+L counts what would be lost."
    )
    HINT: ClassVar[str] = (
        "{export.next} {export.previous} field   {export.page_down} {export.page_up} preview   "
        "{export.count} count what is lost   Enter write   {export.back} back"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back", id="export.back"),
        Binding("tab,down", "app.focus_next", "Next field", id="export.next"),
        Binding("shift+tab,up", "app.focus_previous", "Previous field", id="export.previous"),
        Binding("j", "step(1)", "Next format or field", id="export.step"),
        Binding("k", "step(-1)", "Previous format or field", id="export.step_back"),
        Binding("pagedown", "page(1)", "Page down", id="export.page_down", priority=True),
        Binding("pageup", "page(-1)", "Page up", id="export.page_up", priority=True),
        Binding("ctrl+l", "count", "Count what would be lost", id="export.count", priority=True),
        Binding("enter,ctrl+s", "write", "Write", id="export.write", priority=True),
    ]

    list_of_formats = getters.query_one("#formats", OptionList)
    form = getters.query_one(ExportForm)
    entry = getters.query_one("#target", Input)
    problem = getters.query_one("#target-problem", Static)

    def __init__(self, project_path: Path, asked: Asked, *, is_plain: bool = False) -> None:
        super().__init__(project_path)
        self._asked = asked
        self._is_plain = is_plain
        self._names = sorted(formats.exporters(), key=lambda name: (name != FIRST, name))
        self._chosen = self._names[0]
        self._options: ExportOptions | None = None
        self._default = ""
        self._confirmed = ""

    def compose(self) -> ComposeResult:
        """Show the formats beside the options, and the preview below these."""
        with Vertical(classes="dialog -tall -whole"):
            yield Static("Export", classes="title")
            with Horizontal(id="sides"):
                yield OptionList(*(Option(Content(one_line(name)), id=name) for name in self._names), id="formats")
                with Vertical(id="about-and-options"):
                    yield Static("", id="about")
                    yield ExportForm(self._asked, is_plain=self._is_plain)
                    with Horizontal(classes="option", id="where"):
                        yield Static("Write to", classes="name")
                        with Vertical(classes="entered"):
                            yield Input(id="target", select_on_focus=False)
                            yield Static("", id="target-problem")
                        yield Static("Write", id="write")
                    with VerticalScroll(id="paper", can_focus=False):
                        yield Static("", id="text")
            yield Static(Content(self.hint_words), classes="hint")

    def on_mount(self) -> None:
        """Show the first format."""
        self.list_of_formats.highlighted = 0
        self.list_of_formats.focus()
        self.read_project()

    # --- choosing -----------------------------------------------------------------------------------------------

    @on(OptionList.OptionHighlighted)
    def choose(self, event: OptionList.OptionHighlighted) -> None:
        """Show the format that the cursor is on."""
        event.stop()
        self._chosen = event.option.id or FIRST
        if self._chosen not in self.loaded:
            self.load_format(self._chosen)
        self.begin_anew()

    @on(ExportForm.Changed)
    def begin_anew(self) -> None:
        """Follow another format or another option."""
        self.form.suit(is_csv=self._chosen == "csv", is_file=self._exporter is not None and bool(self._exporter.suffix))
        self._options = self.form.read()
        self.lost = None
        exporter = self.loaded.get(self._chosen)
        if exporter is None or isinstance(exporter, PostilError):
            self.show_about("", "", "")
        else:
            self._move_target(exporter)
            self.show_about(*described(exporter))
        self.preview(exporter, self._options)

    def format_loaded(self, name: str) -> None:
        """Show the format that is chosen as soon as it is there."""
        if name == self._chosen:
            self.begin_anew()

    @property
    def _exporter(self) -> formats.Exporter | None:
        """The exporter that is chosen, once it is loaded and if nothing is wrong with it."""
        exporter = self.loaded.get(self._chosen)
        return None if isinstance(exporter, PostilError) else exporter

    def _move_target(self, exporter: formats.Exporter) -> None:
        """Go where this format goes by default, unless another place was typed."""
        default = str(default_target(self.project_path, exporter, self._options))
        if self.entry.value in {"", self._default}:
            with self.prevent(Input.Changed):
                self.entry.value = default
        self._default = default
        self._look_at_target()

    @on(Input.Changed, "#target")
    def target_typed(self, event: Input.Changed) -> None:
        """Say what stands there."""
        event.stop()
        self._look_at_target()

    def _look_at_target(self) -> None:
        self._confirmed = ""
        exporter = self._exporter
        if exporter is None or not self.entry.value.strip():
            self._say("")
            return
        words, is_replaced = describe_target(self._target, is_folder=is_folder(exporter, self._options))
        self._say(words, "$warning" if is_replaced else "$muted")

    def _say(self, words: str, style: str = "$muted") -> None:
        self.problem.update(Content.styled(one_line(words), style))

    @property
    def _target(self) -> Path:
        return Path(self.entry.value.strip()).expanduser()

    # --- moving -------------------------------------------------------------------------------------------------

    def action_step(self, step: int) -> None:
        """Go to the next format where these have the focus, else to the next field."""
        if self.focused is self.list_of_formats:
            if step > 0:
                self.list_of_formats.action_cursor_down()
            else:
                self.list_of_formats.action_cursor_up()
        elif isinstance(self.focused, ChoiceField):
            if step > 0:
                self.focus_next()
            else:
                self.focus_previous()

    # --- writing ------------------------------------------------------------------------------------------------

    @on(events.Click, "#write")
    def write_clicked(self, event: events.Click) -> None:
        """Write."""
        event.stop()
        self.action_write()

    def action_write(self) -> None:
        """Write the dataset; where something would be replaced, ask once more."""
        exporter, options, path = self._exporter, self._options, self.project_path
        if exporter is None or options is None:
            return  # what is wrong stands there
        if not self.entry.value.strip():
            self._say("Name a file or a folder.", "$error")
            return
        target = self._target
        words, is_replaced = describe_target(target, is_folder=is_folder(exporter, options))
        if is_replaced and self._confirmed != str(target):
            self._confirmed = str(target)
            self._say(f"{words} Enter again writes.", "$warning")
            return
        told = replace(options, command=command_line(path, exporter.name, target, options))
        screen: WorkScreen[ExportReport] = WorkScreen(
            "Exporting", lambda work: write_export(path, exporter, target, told, work), is_plain=self._is_plain
        )
        do_above(self, screen, lambda outcome: self._take_written(outcome, target, told.command))

    def _take_written(self, outcome: Outcome[ExportReport], target: Path, command: tuple[str, ...]) -> None:
        """Say what was written and where, or what hindered it."""
        if outcome.error is not None:
            failure = describe_failure(outcome.error, f"{one_line(target.name)} was not written")
            self._say(failure.plain, "$error")
        elif outcome.result is not None:
            from tui.screens.export_done import ExportDone, notice  # noqa: PLC0415  # loaded on use

            words = notice(outcome.result, target)

            def leave(_: None) -> None:
                self.dismiss(words)

            self.app.push_screen(ExportDone(outcome.result, target, self._chosen, command), leave)

    def action_count(self) -> None:
        """Count what the format would lose, by writing it to nowhere."""
        exporter, options, path = self._exporter, self._options, self.project_path
        if exporter is None or options is None:
            return

        def take(outcome: Outcome[dict[str, int]]) -> None:
            if outcome.error is not None:
                self._say(describe_failure(outcome.error, "nothing was counted").plain, "$error")
            elif outcome.result is not None:
                self.lost = outcome.result
                self.show_counted()

        screen: WorkScreen[dict[str, int]] = WorkScreen(
            "Counting what is lost in", lambda work: count_lost(path, exporter, options, work), is_plain=self._is_plain
        )
        do_above(self, screen, take)


def ask_for_export(
    screen: Screen[None], project: Project, thread_key: str | None = None, *, is_plain: bool = False
) -> None:
    """Let the analyst export, and say on the screen what was written.

    Args:
        screen: The screen.
        project: The project, of which what there is to choose from is read.
        thread_key: The thread that the screen shows; None for none.
        is_plain: Whether to draw for a screen reader.
    """
    labels = {**label_names(project), **{label.id: label.name for label in codebook_in_force(project).labels}}
    annotators = tuple(each.name for each in project.annotators() if each.kind is not AnnotatorKind.GOLD)

    def take(words: str | None) -> None:
        if words is not None:
            screen.notify(words, markup=False, timeout=10)

    asked = Asked(thread=thread_key, annotators=annotators, labels=labels)
    screen.app.push_screen(ExportScreen(project.path, asked, is_plain=is_plain), take)
