"""Who did what and when: the events of the project, newest first, of which any state can be restored."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.content import Content
from textual.widgets import Input, Static

from annotations.event_filter import HINT
from annotations.store.labels import load_annotation
from annotations.store.posts import load_post
from annotations.store.rows import find_row_id
from tui.keymap import show_keys
from tui.screens.going import PostPlace
from tui.screens.history_finding import HistoryFinding
from tui.screens.history_table import WHEN
from tui.screens.history_words import HELP_WORDS, OFFERS, TYPING_OFFERS
from tui.text.visible import one_line
from tui.widgets.label_bar import LabelBar
from tui.widgets.row_canvas import GUTTER, SCROLL_BAR
from tui.widgets.row_list import RowList
from tui.widgets.status_line import Status, StatusLine
from tui.widgets.table_head import TableHead

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from annotations.session import LabelingSession
    from annotations.store.history import Event
    from annotations.store.writing import Change
    from tui.keymap import Keymap
    from tui.screens.history_finding import Scope


class HistoryScreen(HistoryFinding):
    """The list of events.

    Args:
        session: Who restores, in which project.
        keymap: The keys of `tui.screens.history_keys.COMMANDS`.
        scopes: Of what the history can be shown, the widest first.
        scope: The index of the one to begin with.
        is_plain: Whether to draw for a screen reader.
    """

    CSS_PATH: ClassVar[list[str]] = ["library.tcss", "history.tcss"]  # type: ignore[assignment]
    HELP: ClassVar[str] = "Who did what and when. Enter goes to the place, r restores, Escape goes back."

    head = getters.query_one(TableHead)
    detail = getters.query_one(".detail", Static)
    label_bar = getters.query_one(LabelBar)
    status_line = getters.query_one(StatusLine)

    def __init__(
        self,
        session: LabelingSession,
        keymap: Keymap,
        scopes: list[Scope],
        scope: int = 0,
        *,
        is_plain: bool = False,
    ) -> None:
        super().__init__(session, keymap, scopes, scope)
        self.chosen: tuple[int, PostPlace] | None = None
        """The thread and the place to go to when the screen has gone."""
        self.changes: list[Change] = []
        """What was done here."""
        self._is_plain = is_plain

    def compose(self) -> ComposeResult:
        """Lay out the list between its headings and the lines that say what can be done."""
        yield Static(id="heading", classes="heading")
        yield Input(id="typed", compact=True, placeholder=HINT)
        yield TableHead(GUTTER, is_plain=self._is_plain)
        yield RowList(is_plain=self._is_plain)
        yield Static(classes="nothing")
        yield Static(classes="detail")
        yield LabelBar()
        yield StatusLine()

    def on_mount(self) -> None:
        """Take the keys, and look."""
        self.set_focus(self.rows)
        self.show_first()
        self.find_anew()

    def on_resize(self, event: events.Resize) -> None:
        """Choose the columns for the new width."""
        self._width = event.size.width - GUTTER - SCROLL_BAR
        self.table.set_width(self._width)
        self.show_head()
        self.rows.redraw()
        self.show_status()

    # --- what it says of itself ---------------------------------------------------------------------------------

    @property
    def event(self) -> Event | None:
        """The event that the cursor is on."""
        return self.table.event(self.rows.cursor) if len(self.table) else None

    def on_row_list_moved(self) -> None:
        """Follow the cursor with the lines at the bottom."""
        self.show_status()

    def show_head(self) -> None:
        """Bring the headings of the columns up to date."""
        self.head.show(self.table.places, WHEN, is_descending=True)

    def show_status(self) -> None:
        """Bring the lines at the top and the bottom up to date."""
        if not self.is_mounted or not self.rows.is_mounted:
            return
        count = f"{len(self.table):,}{'' if self._is_complete else '+'}"
        heading = Content.styled("History", "bold") + Content.styled(
            f"   {self.scopes[self.scope].words}   {count} {'event' if len(self.table) == 1 else 'events'}", "$muted"
        )
        self.query_one("#heading", Static).update(heading, layout=False)
        event = self.event
        lines = ["", self._problem] if self._problem else self.table.describe(event) if event else ["", ""]
        if self._is_plain:
            lines = [line.replace("→", "to") for line in lines]
        style = "$error" if self._problem else "$muted"
        self.detail.update(Content(f"{lines[0]}\n") + Content.styled(lines[1], style), layout=False)
        is_typing = self.focused is self.line
        self.label_bar.offer("", self.offers(TYPING_OFFERS if is_typing else OFFERS), rows=1)
        self.status_line.show(
            Status(
                mode="HISTORY",
                title=one_line(event.summary) if event else "",
                place=f"{self.rows.cursor + 1:,} of {count}" if event else "",
                progress="",
                annotator=self.session.annotator.name,
                keys=show_keys(" ".join(self.pending)) if self.pending else "",
                said=self.said,
            )
        )

    # --- filter and scope ---------------------------------------------------------------------------------------

    @on(Input.Changed, "#typed")
    def filter_typed(self, event: Input.Changed) -> None:
        """Show what matches what is typed so far."""
        event.stop()
        self.find_anew()

    def action_filter(self) -> None:
        """Type which events to show."""
        self.line.add_class("-open")
        self.set_focus(self.line)

    def action_keep_filter(self) -> None:
        """Go to the events that are shown."""
        self.set_focus(self.rows)
        self.line.set_class(bool(self.line.value.strip()), "-open")

    def action_leave(self) -> None:
        """Show all events again; where all are shown, go back."""
        if self.line.value or self.focused is self.line:
            self.line.value = ""
            self.action_keep_filter()
        else:
            self.action_leave_screen()

    def action_scope(self) -> None:
        """Show the history of something narrower; after the narrowest, of everything."""
        self.scope = (self.scope + 1) % len(self.scopes)
        self.find_anew()

    def _chosen_event(self) -> Event | None:
        """Return the event that the cursor is on; none while another filter is being looked through."""
        if not self.is_current:
            self.say("Still searching …")
            return None
        return self.event

    # --- doing --------------------------------------------------------------------------------------------------

    def action_restore(self) -> None:
        """Restore what the event left behind."""
        if (event := self._chosen_event()) is not None:
            self._take_change(self.session.restore(event.id))

    def action_undo(self) -> None:
        """Undo the last step."""
        change = self.session.undo()
        if change is None:
            self.say("Nothing to undo")
        else:
            self._take_change(change)

    def _take_change(self, change: Change) -> None:
        self.changes.append(change)
        self.say(change.summary)
        self.find_anew()

    def action_reload(self) -> None:
        """Look at the project again."""
        self.find_anew()
        self.say("Read again")

    # --- going --------------------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """Go to the place of the event."""
        event = self._chosen_event()
        if event is None:
            return
        if event.post_id is None:
            self.chosen = (event.thread_id, PostPlace(0))
        else:
            position = load_post(self.session.project, event.post_id).position
            self.chosen = (event.thread_id, PostPlace(position, self._spans(event)))
        self.dismiss(None)

    def _spans(self, event: Event) -> tuple[tuple[int, int], ...]:
        """Return where the annotation of an event stands in its text, if it stands."""
        project = self.session.project
        annotation_id = find_row_id(project, event.annotation_uuid or "")
        if annotation_id is None:
            return ()
        annotation = load_annotation(project, annotation_id)
        span = annotation.target.span
        return () if span is None or annotation.detached else ((span.start, span.end),)

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        """Go to the place of the event that was chosen with the mouse."""
        self.rows.go_to(message.index)
        self.action_open()

    def action_leave_screen(self) -> None:
        """Go back."""
        self.dismiss(None)

    def action_show_help(self) -> None:
        """Show every key."""
        from tui.screens.key_help import key_help  # noqa: PLC0415  # loaded on use

        self.app.push_screen(key_help("History", self.keymap, HELP_WORDS))
