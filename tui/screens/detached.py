"""What imports could not place: each lost span with the nearest words of the present text, to be attached or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from annotations.errors import PostilError
from annotations.store import codebooks
from annotations.store.detached import detached_annotations
from annotations.store.posts import load_post
from annotations.store.project import Project
from annotations.work import Work
from tui.keymap import show_keys
from tui.screens.detached_keys import HELP_WORDS, OFFERS, WITHOUT_ENTRY
from tui.screens.detached_table import ROWS_EACH, DetachedTable
from tui.screens.handing_over import hand_over
from tui.screens.keyed import KeyedScreen
from tui.text.visible import one_line
from tui.widgets.label_bar import LabelBar
from tui.widgets.row_list import RowList
from tui.widgets.status_line import Status, StatusLine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from annotations.model import StoredThread
    from annotations.session import LabelingSession
    from annotations.store.detached import Detached
    from annotations.store.writing import Change
    from tui.keymap import Keymap


class DetachedScreen(KeyedScreen):
    """A list of what is lost above one entry of it in full.

    Args:
        session: Who decides.
        keymap: The keys of `tui.screens.detached_keys.COMMANDS`.
        thread: The thread from which the list was opened.
        take_change: Is told of every change.
        go: Is told which entry's post to go to, and whether to choose words there to attach it to.
        is_plain: Whether to draw for a screen reader.
    """

    CSS_PATH = "detached.tcss"
    HELP: ClassVar[str] = (
        "Spans that an import could not place: attach them to the nearest words, choose, or drop them."
    )

    label_bar = getters.query_one(LabelBar)
    status_line = getters.query_one(StatusLine)

    def __init__(  # noqa: PLR0913  # what the reader hands over
        self,
        session: LabelingSession,
        keymap: Keymap,
        thread: StoredThread,
        *,
        take_change: Callable[[Change], None],
        go: Callable[[Detached, bool], None],
        is_plain: bool = False,
    ) -> None:
        super().__init__(keymap)
        self.session = session
        self.thread = thread
        self.is_everywhere = False
        """Whether what is lost in all threads is listed."""
        self._take_change = take_change
        self._go = go
        self._is_plain = is_plain
        self._looking = Work()
        self._is_looking = True
        self.table = DetachedTable((), self._look_of, is_plain=is_plain)

    def compose(self) -> ComposeResult:
        """Lay out the list above the entry that the cursor is on."""
        yield Static(id="heading", classes="heading")
        yield Static(classes="nothing")
        yield RowList(ROWS_EACH, is_plain=self._is_plain)
        with Container(id="detail"):
            yield Static("was", classes="side")
            yield Static(id="was")
            yield Static("now", classes="side")
            yield Static(id="now")
        yield LabelBar()
        yield StatusLine()

    def on_mount(self) -> None:
        """Look what is lost."""
        self.set_focus(self.rows)
        self.reload()

    def on_unmount(self) -> None:
        """Look no longer."""
        self._looking.cancel()

    def on_resize(self) -> None:
        """Lay out the lines for the new size."""
        self.show_status()

    # --- what it shows ------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Look at the project (again); texts are compared beside the app."""
        self._looking.cancel()
        self._looking = Work()
        self._is_looking = True
        self._show()
        self._look(None if self.is_everywhere else self.thread.id, self._looking)

    @work(thread=True, exclusive=True, group="detached")
    def _look(self, thread_id: int | None, looking: Work) -> None:
        """Find what is lost, on a connection of this thread's own."""
        try:
            with Project.open(self.session.project.path, read_only=True) as project, project.doing(looking):
                found = detached_annotations(project, thread_id)
        except PostilError as error:
            if not looking.is_cancelled:
                hand_over(self, self.complain, error)
            return
        if not looking.is_cancelled:
            hand_over(self, self._take_found, found, looking)

    def _take_found(self, found: Sequence[Detached], looking: Work) -> None:
        if looking is self._looking:
            self._is_looking = False
            self._take(found)

    def _take(self, found: Sequence[Detached]) -> None:
        self.table = DetachedTable(found, self._look_of, is_plain=self._is_plain)
        self.rows.show(self.table, self.rows.cursor)
        self._show()

    def _look_of(self, label: str) -> tuple[str, str, str]:
        """Return the name, colour and key of a label, also of one that the codebook no longer has."""
        for known in self.session.codebook.labels:
            if known.id == label:
                return known.name, known.colour, known.key
        name = codebooks.label_names(self.session.project).get(label, label)
        return name, "grey", ""

    @property
    def entry(self) -> Detached | None:
        """The entry that the cursor is on."""
        return self.table.entries[self.rows.cursor] if self.table.entries else None

    def _show(self) -> None:
        self.set_class(not len(self.table), "-empty")
        where = "in this project" if self.is_everywhere else "in this thread"
        nothing = "Comparing texts …" if self._is_looking else f"Nothing is lost {where}: every span has its words."
        self.query_one(".nothing", Static).update(Content(nothing))
        self.show_status()

    def on_row_list_moved(self) -> None:
        """Follow the cursor with the entry in full."""
        self.show_status()

    def show_status(self) -> None:
        """Bring the lines at the top and the bottom up to date."""
        if not self.is_mounted or not self.rows.is_mounted:
            return
        self.query_one("#heading", Static).update(self._heading(), layout=False)
        entry = self.entry
        if entry is not None:
            was, now = self.table.detail(entry)
            self.query_one("#was", Static).update(was)
            self.query_one("#now", Static).update(now)
        offers = dict(OFFERS)
        offers["detached.scope"] = "this thread" if self.is_everywhere else "all threads"
        if entry is None:
            offers = {name: text for name, text in offers.items() if name in WITHOUT_ENTRY}
        elif entry.candidate is None:
            del offers["detached.accept"]
        self.label_bar.offer("", self.offers(offers), rows=1)
        self.status_line.show(
            Status(
                mode="DETACHED",
                title=entry.thread if entry is not None else self.thread.title,
                place=f"{self.rows.cursor + 1:,} of {len(self.table):,}" if entry is not None else "",
                progress="",
                annotator=self.session.annotator.name,
                keys=show_keys(" ".join(self.pending)) if self.pending else "",
                said=self.said,
            )
        )

    def _heading(self) -> Content:
        spans = sum(1 for entry in self.table.entries if entry.annotation.detached)
        others = len(self.table) - spans
        counts = [f"{spans:,} {'span' if spans == 1 else 'spans'} lost"] if spans or not others else []
        if others:
            counts.append(f"{others:,} {'label' if others == 1 else 'labels'} on posts that are gone")
        scope = "all threads" if self.is_everywhere else one_line(self.thread.title)
        found = "" if self._is_looking and not len(self.table) else f"   {', '.join(counts)}"
        return Content.styled("Detached", "bold") + Content.styled(f"{found}   {scope}", "$muted")

    # --- deciding -----------------------------------------------------------------------------------------------

    def action_accept(self) -> None:
        """Attach the span to the nearest words."""
        entry = self.entry
        if entry is None:
            return
        candidate, post = entry.candidate, entry.post
        if candidate is None or post is None:
            self.say("No words of the text are like it: choose some by hand, or drop it")
            return
        if load_post(self.session.project, post.id).revision != post.revision:
            self.say("The text has changed meanwhile: looked at again")
            self.reload()
            return
        change = self.session.change(entry.annotation.id, span=candidate.span)
        self._settle(entry, change)

    def action_drop(self) -> None:
        """Take the annotation off."""
        if (entry := self.entry) is not None:
            self._settle(entry, self.session.retract(entry.annotation.id))

    def _settle(self, entry: Detached, change: Change) -> None:
        """Take from the list what was decided; what hung on it may be on the list too."""
        self._take_change(change)
        gone = {annotation.id for annotation in change.removed} | {entry.annotation.id}
        self._take([other for other in self.table.entries if other.annotation.id not in gone])
        self.say(change.summary)

    def action_choose(self) -> None:
        """Choose by hand, in the text, what to attach the span to."""
        entry = self.entry
        if entry is None:
            return
        if not entry.annotation.detached:
            self.say("It is on its post, and needs no other place")
        elif entry.annotation.annotator_id != self.session.annotator.id:
            self.say(f"It is {one_line(entry.annotation.annotator)}’s: annotators change what is theirs")
        else:
            self._leave_to(entry, is_choosing=True)

    def action_open(self) -> None:
        """Go to the post."""
        if (entry := self.entry) is not None:
            self._leave_to(entry, is_choosing=False)

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        """Go to the post of the entry that was clicked."""
        self.rows.go_to(message.index)
        self.action_open()

    def _leave_to(self, entry: Detached, *, is_choosing: bool) -> None:
        if entry.post is None:
            self.say("It is on the thread, not on a post")
            return
        self.has_left = True
        self.dismiss()
        self._go(entry, is_choosing)

    def action_undo(self) -> None:
        """Take back the last thing done."""
        self._take_back(self.session.undo(), "Nothing to undo")

    def action_redo(self) -> None:
        """Do again what was taken back."""
        self._take_back(self.session.redo(), "Nothing to redo")

    def _take_back(self, change: Change | None, nothing: str) -> None:
        if change is None:
            self.say(nothing)
            return
        self._take_change(change)
        self.reload()
        self.say(change.summary)

    # --- other views --------------------------------------------------------------------------------------------

    def action_scope(self) -> None:
        """List what is lost in all threads, or only in this one."""
        self.is_everywhere = not self.is_everywhere
        self.reload()

    def action_reload(self) -> None:
        """Look at the project again."""
        self.reload()

    def action_leave_screen(self) -> None:
        """Go back to the text."""
        self.has_left = True
        self.dismiss()

    def action_show_help(self) -> None:
        """Show every key."""
        from tui.screens.key_help import key_help  # noqa: PLC0415  # loaded on use

        self.app.push_screen(key_help("What imports could not place", self.keymap, HELP_WORDS))
