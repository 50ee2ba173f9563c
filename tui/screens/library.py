"""The library: all threads of the project, how far the work on each has come, and when it was opened last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Input

from tui.screens.going import Back, ToSearch, ToThread
from tui.screens.library_list import LibraryList
from tui.screens.library_words import HELP_WORDS
from tui.screens.thread_table import COLUMNS

if TYPE_CHECKING:
    from tui.widgets.row_list import RowList
    from tui.widgets.table_head import TableHead


class LibraryScreen(LibraryList):
    """The list of all threads, put in order, filtered, and gone on from."""

    # --- opening ------------------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """Open the thread."""
        if self.thread is not None:
            self.leave_for(ToThread(self.thread.id))

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        """Open the thread that was chosen with the mouse."""
        self.rows.go_to(message.index)
        self.action_open()

    def action_search(self) -> None:
        """Search all threads."""
        self.leave_for(ToSearch())

    def action_import(self) -> None:
        """Import files, and go to what they hold."""
        from tui.screens.importing import ask_for_sources  # noqa: PLC0415  # loaded on use

        name = self.annotator.person
        ask_for_sources(self, self.project.path, self.leave_for, is_plain=self._is_plain, annotator=name)

    def action_export(self) -> None:
        """Choose what to export, and write it."""
        from tui.screens.exporting import ask_for_export  # noqa: PLC0415  # loaded on use

        ask_for_export(self, self.project, is_plain=self._is_plain)

    def action_dashboard(self) -> None:
        """Show what is labeled, in charts."""
        from tui.screens.dashboard import show_dashboard  # noqa: PLC0415  # loaded on use

        show_dashboard(self, self.project, is_plain=self._is_plain)

    def action_leave_screen(self) -> None:
        """Leave."""
        self.leave_for(Back())

    def action_show_help(self) -> None:
        """Show every key."""
        from tui.screens.key_help import key_help  # noqa: PLC0415  # loaded on use

        self.app.push_screen(key_help("The library", self.keymap, HELP_WORDS))

    def action_reload(self) -> None:
        """Look at the project again."""
        self.reload()
        self.say("Read again")

    # --- order and filter ---------------------------------------------------------------------------------------

    def action_sort(self) -> None:
        """Put the threads in order of the next column that there is room for."""
        columns = [place.column.id for place in self.table.places]
        at = columns.index(self.table.column) if self.table.column in columns else -1
        self._sort(columns[(at + 1) % len(columns)], is_reversed=False)

    def action_reverse(self) -> None:
        """Turn the order round."""
        self._sort(self.table.column, is_reversed=not self.table.is_reversed)

    def on_table_head_chosen(self, message: TableHead.Chosen) -> None:
        """Put the threads in order of the column that was clicked; another click turns the order round."""
        is_same = message.column == self.table.column
        self._sort(message.column, is_reversed=is_same and not self.table.is_reversed)
        self.show_status()

    def _sort(self, column: str, *, is_reversed: bool) -> None:
        table = self.table
        table.column, table.is_reversed = column, is_reversed
        if self.rows.cursor:
            self._keep_thread(table.arrange)
        else:  # whoever has not moved wants to see what comes first
            table.arrange()
            self._show(0)
        name = next(each.title for each in COLUMNS if each.id == column)
        self.say(f"In order of: {name.lower()}, {'descending' if table.is_descending else 'ascending'}")

    def action_filter(self) -> None:
        """Ask which threads to show."""
        self.line.add_class("-open")
        self.set_focus(self.line)

    @on(Input.Changed, "#typed")
    def narrow(self, event: Input.Changed) -> None:
        """Show the threads that match what is typed so far, the first of them first."""
        event.stop()
        if self.line.has_class("-open"):  # Escape may overtake what was typed before it
            self.table.typed = event.value
            self.table.arrange()
            self._show(0)

    @on(Input.Submitted, "#typed")
    def submit(self, event: Input.Submitted) -> None:
        """Go to the threads that are shown."""
        event.stop()
        self.action_keep_filter()

    def action_keep_filter(self) -> None:
        """Go to the threads that are shown."""
        self.set_focus(self.rows)
        if not self.table.typed:
            self.line.remove_class("-open")
        self.show_status()

    def action_all(self) -> None:
        """Show all threads; the cursor stays on its thread."""
        self.line.remove_class("-open")
        with self.prevent(Input.Changed):
            self.line.value = ""
        self.set_focus(self.rows)
        if self.table.typed:
            self.table.typed = ""
            self._keep_thread(self.table.arrange)
