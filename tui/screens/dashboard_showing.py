"""What the dashboard shows: charts, or numbers, and how they are counted."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual import getters, work
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from annotations.errors import PostilError
from annotations.store.project import Project
from annotations.store.statistics import Within, take_statistics
from annotations.work import Work, WorkCancelledError
from tui.keymap import show_keys
from tui.number_tables import summary
from tui.screens import dashboard_charts as charts
from tui.screens.dashboard_numbers import numbers_of
from tui.screens.handing_over import hand_over
from tui.screens.keyed import KeyedScreen
from tui.text.visible import one_line
from tui.widgets.chart import Chart
from tui.widgets.label_bar import LabelBar
from tui.widgets.status_line import Status, StatusLine

if TYPE_CHECKING:
    from pathlib import Path

    from textual import events
    from textual.app import ComposeResult

    from annotations.model import Annotator
    from annotations.store.statistics_records import Statistics
    from tui.keymap import Keymap
    from tui.widgets.chart import Canvas

GRID = (110, 32)
"""Columns and rows from which on all charts stand side by side; below there is room for one."""
MARGINS = 3
"""Cells beside the numbers: a space on both sides, and the scroll bar."""
TITLES = {
    "labels": "Labels",
    "depths": "Labels by depth",
    "together": "Labels on the same post",
    "progress": "Progress",
}
OFFERS = {
    "dashboard.next": "next",
    "dashboard.zoom": "alone",
    "dashboard.numbers": "numbers",
    "dashboard.work": "labels, reviews",
    "dashboard.annotator": "annotator",
    "dashboard.scope": "scope",
    "dashboard.help": "help",
    "dashboard.quit": "back",
}
NUMBER_OFFERS = {
    "dashboard.numbers": "charts",
    "dashboard.down": "down",
    "dashboard.page_down": "page",
    "dashboard.annotator": "annotator",
    "dashboard.scope": "scope",
    "dashboard.help": "help",
    "dashboard.quit": "back",
}


class Scope(Struct, frozen=True):
    """Of what there are numbers.

    Args:
        words: How it is called, harmless to a terminal.
        thread_id: The row of the only thread; None for all.
    """

    words: str
    thread_id: int | None = None


class DashboardShowing(KeyedScreen):
    """Charts and numbers, counted in the background.

    Args:
        project_path: The project.
        annotators: Those of whom there may be numbers.
        scopes: Of what there may be numbers, the widest first.
        keymap: The keys of `tui.screens.dashboard_keys.COMMANDS`.
        is_plain: Whether to draw for a screen reader: numbers alone.
    """

    CSS_PATH: ClassVar[list[str]] = ["library.tcss", "dashboard.tcss"]  # type: ignore[assignment]
    HELP: ClassVar[str] = "What is labeled, in charts. Tab goes to the next one, v shows numbers, Escape goes back."

    figures = getters.query_one("#figures", Container)
    numbers = getters.query_one("#numbers", VerticalScroll)
    label_bar = getters.query_one(LabelBar)
    status_line = getters.query_one(StatusLine)

    def __init__(
        self,
        project_path: Path,
        annotators: tuple[Annotator, ...],
        scopes: tuple[Scope, ...],
        keymap: Keymap,
        *,
        is_plain: bool = False,
    ) -> None:
        super().__init__(keymap)
        self._project_path = project_path
        self.annotators = annotators
        self.scopes = scopes
        self.is_plain = is_plain
        self.scope = 0
        self.whose = -1
        self.chart = "labels"
        self.is_alone = False
        self.is_in_numbers = is_plain
        self.of_reviews = False
        self._statistics: Statistics | None = None
        self.at_work: frozenset[str] = frozenset()
        """The names of those who have labeled or reviewed."""
        self._drawn: tuple[Statistics, bool] | None = None
        self._problem = ""
        self._counting = Work()

    def compose(self) -> ComposeResult:
        """Lay out the charts and the numbers, of which one is seen."""
        yield Static(id="heading", classes="heading")
        with Container(id="figures"):
            for name in TITLES:
                with Vertical(id=f"figure-{name}", classes="figure"):
                    yield Static(id=f"title-{name}", classes="figure-title")
                    yield Chart(partial(self._draw, name), id=f"chart-{name}")
        with VerticalScroll(id="numbers", can_focus=False):
            yield Static(id="tables")
        yield Static(classes="nothing")
        yield LabelBar()
        yield StatusLine()

    def on_mount(self) -> None:
        """Count."""
        self.count()

    def on_unmount(self) -> None:
        """Count no longer."""
        self._counting.cancel()

    def on_resize(self, event: events.Resize) -> None:
        """Show as many charts as there is room for."""
        self.is_wide = event.size.width >= GRID[0] and event.size.height >= GRID[1]
        self.show_all()

    is_wide = False

    # --- counting -----------------------------------------------------------------------------------------------

    @property
    def _within(self) -> Within:
        annotator = self.annotators[self.whose].id if self.whose >= 0 else None
        return Within(thread_id=self.scopes[self.scope].thread_id, annotator_id=annotator)

    def count(self) -> None:
        """Count anew; what was counted before stays in view meanwhile."""
        self._counting.cancel()
        self._counting = Work()
        self._count(self._within, self._counting)
        self.show_status()

    @work(thread=True, group="counting")
    def _count(self, within: Within, counting: Work) -> None:
        """Count on a connection of this thread's own, and hand over unless something else is asked for by now."""
        try:
            with closing(Project.open(self._project_path, read_only=True)) as project, project.doing(counting):
                statistics = take_statistics(project, within)
        except WorkCancelledError:
            return
        except PostilError as error:
            hand_over(self, self._take, None, counting, one_line(str(error)))
        else:
            hand_over(self, self._take, statistics, counting)

    def _take(self, statistics: Statistics | None, counting: Work, problem: str = "") -> None:
        if counting is self._counting and not counting.is_cancelled:
            self._counting.cancel()
            self._statistics = statistics
            self._problem = problem
            if statistics is not None and self.whose < 0:
                self.at_work = frozenset(
                    each.annotator for each in statistics.annotators if each.annotations or each.reviews
                )
            self.show_all()

    # --- what it shows ------------------------------------------------------------------------------------------

    def _draw(self, name: str, canvas: Canvas) -> None:
        statistics = self._statistics
        if statistics is None or not statistics.labels:
            return
        if name == "labels":
            charts.draw_labels(canvas, statistics)
        elif name == "depths":
            charts.draw_depths(canvas, statistics)
        elif name == "together":
            charts.draw_together(canvas, statistics)
        else:
            charts.draw_progress(canvas, statistics, of_reviews=self.of_reviews)

    def show_all(self) -> None:
        """Bring charts and numbers up to date."""
        if not self.is_mounted:
            return
        statistics = self._statistics
        is_empty = statistics is not None and not (statistics.annotations or statistics.days)
        nothing = self._problem or ("Nothing is labeled or reviewed here yet." if is_empty else "")
        self.query_one(".nothing", Static).update(Content(nothing))
        self.query_one(".nothing").display = bool(nothing)
        self.figures.display = not (self.is_in_numbers or nothing)
        self.numbers.display = self.is_in_numbers and not nothing
        if statistics is not None and not nothing:
            if self.is_in_numbers:
                self.query_one("#tables", Static).update(numbers_of(statistics, self.size.width - MARGINS))
            else:
                self._show_charts(statistics)
        self.show_status()

    def _show_charts(self, statistics: Statistics) -> None:
        is_grid = self.is_wide and not self.is_alone
        drawn = (statistics, self.of_reviews)
        is_drawn = self._drawn is not None and self._drawn[0] is statistics and self._drawn[1] == self.of_reviews
        self.figures.set_class(is_grid, "-grid")
        for name, title in TITLES.items():
            self.query_one(f"#figure-{name}").display = is_grid or name == self.chart
            is_chosen = name == self.chart
            style = "bold $accent" if is_chosen and is_grid else "bold"
            said = Content.styled(f"{'▸ ' if is_chosen and is_grid else ''}{self._title(name, title)}   ", style)
            self.query_one(f"#title-{name}", Static).update(said + self._legend(name, statistics))
            if not is_drawn:
                self.query_one(f"#chart-{name}", Chart).redraw()
        self._drawn = drawn

    def _title(self, name: str, title: str) -> str:
        if name != "progress":
            return title
        return f"{title}: {'reviews' if self.of_reviews else 'labels'} so far"

    def _legend(self, name: str, statistics: Statistics) -> Content:
        if name == "labels":
            return charts.whose_legend(statistics)
        if name == "depths":
            return Content.styled("posts at each depth; 0 is the article", "$muted")
        if name == "together":
            return Content.styled("posts on which one annotator put both", "$muted")
        return charts.progress_legend(statistics, of_reviews=self.of_reviews)

    def show_status(self) -> None:
        """Bring the lines at the top and the bottom up to date."""
        if not self.is_mounted:
            return
        statistics = self._statistics
        whose = one_line(self.annotators[self.whose].name) if self.whose >= 0 else "all annotators"
        told = summary(statistics, is_short=True) if statistics is not None else "counting …"
        told += f"   {self.scopes[self.scope].words}" if len(self.scopes) > 1 else ""
        heading = Content.styled("Dashboard", "bold") + Content.styled(f"   {told}", "$muted")
        self.query_one("#heading", Static).update(heading, layout=False)
        offered = NUMBER_OFFERS if self.is_in_numbers else OFFERS
        self.label_bar.offer(
            "", self.offers({name: words for name, words in offered.items() if self._is_offered(name)}), rows=1
        )
        is_counting = statistics is not None and not self._counting.is_cancelled
        names = list(TITLES)
        self.status_line.show(
            Status(
                mode="DASHBOARD",
                title="Numbers" if self.is_in_numbers else TITLES[self.chart],
                place="" if self.is_in_numbers else f"{names.index(self.chart) + 1} of {len(names)}",
                progress="counting …" if is_counting else "",
                annotator=whose,
                keys=show_keys(" ".join(self.pending)) if self.pending else "",
                said=self.said,
            )
        )

    def _is_offered(self, name: str) -> bool:
        return (
            (name != "dashboard.scope" or len(self.scopes) > 1)
            and (name != "dashboard.annotator" or len(self.at_work) > 1)
            and (name != "dashboard.zoom" or self.is_wide)
            and (name != "dashboard.numbers" or not self.is_plain)
        )
