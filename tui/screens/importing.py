"""Import sources without leaving the app."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from annotations.importing import Imported, Refused, SourceImport, count, describe_end, describe_import
from annotations.store.project import Project
from annotations.work import WorkCancelledError
from tui.file_names import MOST_FILES, candidates, complete, count_files, meant
from tui.screens.dialog import Dialog
from tui.screens.going import ToImported
from tui.screens.work import Outcome, WorkScreen, describe_failure, do_above
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.screen import Screen
    from textual.types import CSSPathType

    from annotations.errors import PostilError
    from annotations.work import Work
    from tui.screens.going import Going

SHOWN = 200
"""Names that are listed."""

MOST_LINES = 6
"""Lines about sources as wholes that are shown."""

MOST_FAILURES = 3
"""Failures that are said one by one; of all there is the number."""


class ImportedThread(Struct, frozen=True, kw_only=True):
    """A thread that was imported.

    Args:
        thread_id: Its row.
        lines: What became of it, in lines that are harmless to a terminal.
        is_changed: Whether the project has other posts of it than before.
    """

    thread_id: int
    lines: tuple[str, ...]
    is_changed: bool


class Imports(Struct, frozen=True, kw_only=True):
    """What was imported.

    Args:
        threads: The threads, in their order.
        failures: What hindered others.
        lines: What there is to say of sources as wholes, harmless to a terminal.
        is_cancelled: Whether it was stopped before its end.
    """

    threads: tuple[ImportedThread, ...]
    failures: tuple[PostilError, ...]
    lines: tuple[str, ...] = ()
    is_cancelled: bool = False

    @property
    def notice(self) -> str:
        """What became of one thread, or how many there are, harmless to a terminal."""
        if len(self.threads) == 1:
            return "\n".join((*self.threads[0].lines, *self.lines))
        failed = f"; {count(len(self.failures), 'file')} could not be read" if self.failures else ""
        stopped = ", then stopped" if self.is_cancelled else ""
        imported = f"{count(len(self.threads), 'thread')} imported{failed}{stopped}"
        more = f"… {len(self.lines) - MOST_LINES:,} more" if len(self.lines) > MOST_LINES else ""
        return "\n".join((imported, *self.lines[:MOST_LINES], *([more] if more else [])))


class ImportScreen(Dialog[Imports]):
    """Asks for a source, imports it, and returns what was imported.

    Args:
        project_path: The project.
        is_plain: Whether to say by words alone how far it is.
        annotator: Who imports.
    """

    CSS_PATH: ClassVar[CSSPathType] = ["dialog.tcss", "importing.tcss"]
    HELP: ClassVar[str] = (
        "Type the path of a file, a pattern such as *.txt, or a folder; Tab completes, Enter imports, Escape goes back."
    )
    HINT: ClassVar[str] = (
        "{import.complete} completes   {import.previous} {import.next} choose   Enter imports   {import.back} back"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back", id="import.back"),
        Binding("tab", "complete", "Complete the name", id="import.complete", priority=True),
        Binding("down,ctrl+n", "move(1)", "Next name", id="import.next", priority=True),
        Binding("up,ctrl+p", "move(-1)", "Previous name", id="import.previous", priority=True),
    ]

    entry = getters.query_one(Input)
    names = getters.query_one(OptionList)
    problem = getters.query_one(".problem", Static)

    def __init__(self, project_path: Path, *, is_plain: bool = False, annotator: str = "") -> None:
        super().__init__()
        self._project_path = project_path
        self._annotator = annotator
        self._is_plain = is_plain
        self._candidates: list[str] = []
        self._confirmed = ""

    def compose(self) -> ComposeResult:
        """Show an entry above the names that it may go on to be."""
        with Vertical(classes="dialog"):
            yield Static("Import", classes="title")
            yield Static("File, pattern such as *.txt, or folder", classes="name")
            yield Input(select_on_focus=False)
            yield Static("", classes="problem")
            yield OptionList()
            yield Static(Content(self.hint_words), classes="hint")

    def on_mount(self) -> None:
        """Show what is in this folder."""
        self.entry.focus()
        self.problem.display = False
        self._list("")

    # --- the path -----------------------------------------------------------------------------------------------

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        """Show the names that fit."""
        self._confirmed = ""
        self.problem.display = False
        self._list(event.value)

    def _list(self, typed: str) -> None:
        self._candidates = candidates(typed)[:SHOWN]
        folder = len(typed.rpartition("/")[0]) + 1 if "/" in typed else 0
        self.names.clear_options()
        self.names.add_options(Option(Content(one_line(name[folder:]))) for name in self._candidates)

    def action_complete(self) -> None:
        """Complete the path as far as it is certain, or to the name that is chosen."""
        chosen = self.names.highlighted
        typed = self.entry.value
        self._take(self._candidates[chosen] if chosen is not None else complete(typed, self._candidates))

    def _take(self, path: str) -> None:
        self.entry.value = path
        self.entry.cursor_position = len(path)

    def action_move(self, step: int) -> None:
        """Choose the next or the previous name."""
        if step > 0:
            self.names.action_cursor_down()
        else:
            self.names.action_cursor_up()

    @on(OptionList.OptionSelected)
    def click(self, event: OptionList.OptionSelected) -> None:
        """Take the name that was clicked."""
        event.stop()
        self._take(self._candidates[event.option_index])
        self.entry.focus()

    # --- the import ---------------------------------------------------------------------------------------------

    @on(Input.Submitted)
    def begin(self, event: Input.Submitted) -> None:
        """Import what is meant; several files are asked about first."""
        chosen = self.names.highlighted
        typed = self._candidates[chosen] if chosen is not None else event.value.strip()
        if not typed:
            return
        if chosen is not None:
            self._take(typed)
        try:
            paths = meant(typed)
            files = sum(map(count_files, paths))
        except OSError as error:
            self._say(Content(f"{one_line(typed)} cannot be looked into: {error.strerror or error}."))
            return
        if not paths or not files:
            self._say(Content(f"There is no file in {one_line(typed)}, or none that fits it."))
        elif (files > 1 or paths[0].is_dir() or paths[0].name not in typed) and self._confirmed != typed:
            self._confirmed = typed
            number = f"more than {MOST_FILES:,} files" if files > MOST_FILES else count(files, "file")
            self._say(Content(f"{number}: Enter imports {'all' if files > 1 else 'it'}."))
        else:
            self._import(paths)

    def _say(self, words: Content) -> None:
        self.problem.update(words)
        self.problem.display = True

    def _import(self, paths: list[Path]) -> None:
        path, annotator = self._project_path, self._annotator

        def job(work: Work) -> Imports:
            return import_paths(path, paths, work, annotator)

        screen: WorkScreen[Imports] = WorkScreen("Importing", job, is_plain=self._is_plain)
        do_above(self, screen, self._take_outcome)

    def _take_outcome(self, outcome: Outcome[Imports]) -> None:
        """Return what was imported, or say what hindered it."""
        imports = outcome.result
        if imports is not None and imports.threads:
            self.dismiss(imports)
            return
        errors: tuple[PostilError, ...] = () if imports is None else imports.failures[:MOST_FAILURES]
        if outcome.error is not None:
            errors = (outcome.error,)
        if imports is not None and imports.is_cancelled:
            errors = (WorkCancelledError(),)
        said = [describe_failure(error, "nothing was imported") for error in errors]
        self._say(Content("\n").join(said))


def ask_for_sources(
    screen: Screen[None],
    project_path: Path,
    go: Callable[[Going], None],
    *,
    is_plain: bool = False,
    annotator: str = "",
) -> None:
    """Ask for sources above a screen, import them, say what became of them, and go there.

    Args:
        screen: The screen.
        project_path: The project.
        go: Asks for another screen.
        is_plain: Whether to say by words alone how far it is.
        annotator: Who imports, and whose the undo of labels that come along is.
    """

    def take(imports: Imports | None) -> None:
        if imports is None:
            return
        is_whole = not imports.failures and not imports.is_cancelled
        screen.notify(imports.notice, severity="information" if is_whole else "warning", markup=False, timeout=10)
        for error in imports.failures[:MOST_FAILURES]:
            screen.notify(one_line(str(error)), severity="error", markup=False, timeout=10)
        is_changed = any(thread.is_changed for thread in imports.threads)
        go(ToImported(tuple(thread.thread_id for thread in imports.threads), is_changed=is_changed))

    screen.app.push_screen(ImportScreen(project_path, is_plain=is_plain, annotator=annotator), take)


def import_paths(project_path: Path, paths: list[Path], work: Work, annotator: str = "") -> Imports:
    """Import files, and say what became of each; when it is cancelled, what was imported before stays.

    Raises:
        ProjectError: If the project cannot be written.
    """
    threads: list[ImportedThread] = []
    failures: list[PostilError] = []
    lines: list[str] = []
    is_cancelled = False
    try:
        for found in SourceImport(project_path, lambda: Project.open(project_path), paths, None, work, annotator):
            if isinstance(found, Imported):
                threads.append(_described(found))
            elif isinstance(found, Refused):
                failures.append(found.error)
            else:
                lines += map(one_line, describe_end(found))
    except WorkCancelledError:
        is_cancelled = True
    return Imports(threads=tuple(threads), failures=tuple(failures), lines=tuple(lines), is_cancelled=is_cancelled)


def _described(imported: Imported) -> ImportedThread:
    return ImportedThread(
        thread_id=imported.saved.thread.id,
        lines=tuple(one_line(line) for line in describe_import(imported)),
        is_changed=imported.saved.status.value == "revised",
    )
