"""The dashboard: what is labeled and how far the work is, in charts, or in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.dashboard_keys import COMMANDS
from tui.screens.dashboard_showing import TITLES, DashboardShowing, Scope
from tui.screens.dialog import Configured
from tui.text.visible import one_line

if TYPE_CHECKING:
    from textual import events
    from textual.screen import Screen

    from annotations.model import StoredThread
    from annotations.store.project import Project

HELP_WORDS = (
    "A click on a chart chooses it, another one shows it alone, or all again. The wheel scrolls the numbers.",
    "",
    "What is counted is what stands now. A post counts for a label once; labels meet on a post where one annotator",
    "has put both. The stronger the ground of a number, the more there are. Days are those of this computer’s zone.",
    "The same numbers, and more of them: postil stats, and postil stats --json.",
)


class DashboardScreen(DashboardShowing):
    """What the keys and the mouse do on the dashboard."""

    # --- charts -------------------------------------------------------------------------------------------------

    def action_next_chart(self, step: int = 1) -> None:
        """Go to the next chart; from the numbers to the charts."""
        if self.is_in_numbers:
            self.action_numbers()
            return
        names = list(TITLES)
        self.chart = names[(names.index(self.chart) + step) % len(names)]
        self.show_all()

    def action_previous_chart(self) -> None:
        """Go to the chart before."""
        self.action_next_chart(-1)

    def action_zoom(self) -> None:
        """Show the chart alone, or all of them."""
        if self.is_wide and not self.is_in_numbers:
            self.is_alone = not self.is_alone
            self.show_all()

    def action_numbers(self) -> None:
        """Show numbers, or charts again."""
        if self.is_plain:
            self.say("In plain mode there are numbers alone")
            return
        self.is_in_numbers = not self.is_in_numbers
        self.show_all()

    def action_work(self) -> None:
        """Show the progress by labels, or by reviews."""
        self.of_reviews = not self.of_reviews
        self.say(f"Progress by {'reviews' if self.of_reviews else 'labels'}")
        self.show_all()

    def on_click(self, event: events.Click) -> None:
        """Choose the chart that was clicked; if it is chosen, show it alone, or all."""
        for widget in event.widget.ancestors_with_self if event.widget is not None else ():
            name = (widget.id or "").removeprefix("figure-")
            if widget.has_class("figure") and name in TITLES:
                if name == self.chart:
                    self.action_zoom()
                self.chart = name
                self.show_all()
                return

    # --- of what ------------------------------------------------------------------------------------------------

    def action_annotator(self) -> None:
        """Count the work of the next annotator alone; after the last one that of all."""
        places = [place for place, each in enumerate(self.annotators) if each.name in self.at_work]
        if len(places) > 1 or self.whose >= 0:
            self.whose = next((place for place in places if place > self.whose), -1)
            self.count()

    def action_scope(self) -> None:
        """Count in something narrower; after the narrowest everywhere."""
        if len(self.scopes) > 1:
            self.scope = (self.scope + 1) % len(self.scopes)
            self.count()

    def action_reload(self) -> None:
        """Count again."""
        self.count()
        self.say("Counted again")

    def action_next_theme(self) -> None:
        """Take the colours of the next theme."""
        super().action_next_theme()
        self.call_after_refresh(self.show_all)

    # --- numbers ------------------------------------------------------------------------------------------------

    def _scroll(self, rows: int) -> None:
        if self.is_in_numbers:
            self.numbers.scroll_relative(y=rows, animate=False)

    @property
    def _page(self) -> int:
        return max(1, self.numbers.size.height - 1)

    def action_down(self) -> None:
        """Go down among the numbers; among charts to the next one."""
        self._scroll(1) if self.is_in_numbers else self.action_next_chart()

    def action_up(self) -> None:
        """Go up among the numbers; among charts to the one before."""
        self._scroll(-1) if self.is_in_numbers else self.action_next_chart(-1)

    def action_page_down(self) -> None:
        """Page down."""
        self._scroll(self._page)

    def action_page_up(self) -> None:
        """Page up."""
        self._scroll(-self._page)

    def action_first(self) -> None:
        """Go to the first number."""
        self.numbers.scroll_home(animate=False)

    def action_last(self) -> None:
        """Go to the last number."""
        self.numbers.scroll_end(animate=False)

    # --- leaving ------------------------------------------------------------------------------------------------

    def action_leave_screen(self) -> None:
        """Go back."""
        self.dismiss(None)

    def action_show_help(self) -> None:
        """Show every key."""
        from tui.screens.key_help import key_help  # noqa: PLC0415  # loaded on use

        self.app.push_screen(key_help("Dashboard", self.keymap, HELP_WORDS))


def show_dashboard(
    screen: Screen[None], project: Project, thread: StoredThread | None = None, *, is_plain: bool = False
) -> None:
    """Show the dashboard over a screen.

    Args:
        screen: The screen.
        project: The project.
        thread: The thread that the screen shows; None for none.
        is_plain: Whether to draw for a screen reader.
    """
    from tui.configuration import Configuration, keymap_for  # noqa: PLC0415  # loaded on use

    app = screen.app
    keymap = keymap_for(COMMANDS, app.configuration if isinstance(app, Configured) else Configuration())
    scopes = [Scope(words="everything")]
    if thread is not None:
        scopes.append(Scope(words=f"only in: {one_line(thread.title)}", thread_id=thread.id))
    annotators = tuple(project.annotators())
    app.push_screen(DashboardScreen(project.path, annotators, tuple(scopes), keymap, is_plain=is_plain))
