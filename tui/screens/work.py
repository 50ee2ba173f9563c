"""Long work under way: how far it is, and a way to stop it. The work runs in a thread of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import getters, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static
from textual.worker import get_current_worker

from annotations.errors import PostilError
from annotations.work import Work, WorkCancelledError
from tui.screens.dialog import Dialog
from tui.screens.handing_over import hand_over
from tui.text.pace import amount, left, percent, rate
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from textual import events
    from textual.app import ComposeResult
    from textual.types import CSSPathType
    from textual.worker import Worker

DELAY = 0.3
"""Seconds before the screen is seen: what is over sooner needs none."""

INTERVAL = 0.1
"""Seconds between two looks at the work."""

_EIGHTHS = " ▏▎▍▌▋▊▉"

_Result = TypeVar("_Result")


class Outcome(Generic[_Result]):
    """How work ended: with a result, or with what hindered it.

    Args:
        result: What it brought; None where it failed.
        error: What hindered it: a `WorkCancelledError` where the analyst stopped it. None where it was done.
    """

    def __init__(self, result: _Result | None, error: PostilError | None) -> None:
        self.result = result
        self.error = error


class _WorkerWork(Work):
    """Work that also stops when the app stops its workers."""

    worker: Worker[None] | None = None

    def must_stop(self) -> bool:
        """Tell whether the work was cancelled."""
        self.is_cancelled = self.is_cancelled or (self.worker is not None and self.worker.is_cancelled)
        return super().must_stop()


class WorkScreen(Dialog[Outcome[_Result]]):
    """Does long work, and returns how it ended.

    Args:
        verb: What is done: "Importing".
        job: Does it, in a thread of its own: it opens the project itself, and heeds the work that it is given.
        is_plain: Whether to say by words alone how far it is.
    """

    CSS_PATH: ClassVar[CSSPathType] = ["dialog.tcss", "work.tcss"]
    HELP: ClassVar[str] = "Escape stops the work; what it has not finished is as it was before."
    VERTICAL_BREAKPOINTS = [(0, "-short"), (16, "-high")]  # noqa: RUF012  # Textual declares it like this
    HINT: ClassVar[str] = "{work.stop} stops"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,ctrl+c", "stop", "Stop", id="work.stop", priority=True),
    ]

    heading = getters.query_one("#heading", Static)
    stage = getters.query_one("#stage", Static)
    bar = getters.query_one("#bar", Static)
    numbers = getters.query_one("#numbers", Static)
    hint = getters.query_one(".hint", Static)

    def __init__(self, verb: str, job: Callable[[Work], _Result], *, is_plain: bool = False) -> None:
        super().__init__()
        self.long_work = _WorkerWork()
        self._verb = verb
        self._job = job
        self._is_plain = is_plain

    def compose(self) -> ComposeResult:
        """Show what is done above how far it is."""
        with Vertical(classes="dialog"):
            yield Static("", id="heading", classes="title")
            yield Static("", id="stage")
            yield Static("", id="bar")
            yield Static("", id="numbers")
            yield Static(Content(self.hint_words), classes="hint")

    def on_mount(self) -> None:
        """Begin."""
        self.bar.display = not self._is_plain
        self.set_timer(DELAY, self._appear)
        self.set_interval(INTERVAL, self._show)
        self._show()
        self._run()

    def _appear(self) -> None:
        self.add_class("-seen")

    def _show(self) -> None:
        """Show how far the work is."""
        work = self.long_work
        subject = one_line(work.subject)
        self.heading.update(Content(f"{self._verb} {subject}".strip()))
        if work.is_cancelled:
            self.stage.update("Stopping …")
            return
        self.stage.update(Content(work.stage or "Beginning"))
        if not self._is_plain:
            self.bar.update(self._drawn_bar(work.fraction))
        said = [percent(work).strip(), amount(work), rate(work), left(work)]
        self.numbers.update(Content("   ".join(words for words in said if words)))

    def _drawn_bar(self, fraction: float) -> Content:
        """Return the bar, an eighth of a cell exact."""
        width = max(1, self.bar.size.width)
        eighths = min(width * 8, round(fraction * width * 8))
        full, rest = divmod(eighths, 8)
        part = _EIGHTHS[rest] if full < width else ""
        done = "█" * full + part
        return Content.styled(done + " " * (width - len(done)), "$primary on $panel")

    @work(thread=True, exclusive=True, group="long-work")
    def _run(self) -> None:
        """Do the work, and hand over how it ended unless the app has ended meanwhile."""
        worker = get_current_worker()
        self.long_work.worker = worker
        try:
            outcome = Outcome(self._job(self.long_work), None)
        except PostilError as error:
            outcome = Outcome(None, error)
        if not worker.is_cancelled:
            hand_over(self, self.dismiss, outcome)

    def action_stop(self) -> None:
        """Ask the work to stop."""
        self.long_work.cancel()
        self.hint.update("")
        self._show()

    def on_click(self, event: events.Click) -> None:
        """Stop at a click on the hint; beside the dialog nothing happens, for the work goes on."""
        event.stop()
        event.prevent_default()  # what a dialog does at a click beside it
        if event.widget is self.hint:
            self.action_stop()


def do_above(dialog: Dialog[Any], screen: WorkScreen[_Result], take: Callable[[Outcome[_Result]], None]) -> None:
    """Do work that a dialog asked for: the dialog is not seen meanwhile.

    Args:
        dialog: The dialog.
        screen: Does the work.
        take: Is told how it ended.
    """
    focused = dialog.focused  # what is not seen loses the focus

    def come_back(outcome: Outcome[_Result] | None) -> None:
        dialog.remove_class("-working")
        dialog.call_after_refresh(dialog.set_focus, focused)
        if outcome is not None:
            take(outcome)

    dialog.add_class("-working")
    dialog.app.push_screen(screen, come_back)


def describe_failure(error: PostilError, outcome: str) -> Content:
    """Return what hindered work, for a dialog: what was cancelled is no failure, and says what is the case now.

    Args:
        error: What hindered it.
        outcome: What is the case if it was cancelled, a phrase.
    """
    if isinstance(error, WorkCancelledError):
        return Content(f"Stopped: {outcome}.")
    hint = one_line(error.hint)
    return Content(f"{one_line(error.message)}.{f' {hint}' if hint else ''}")
