"""What the reader shows around the post in focus: the chain that it answers, and its parent at a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.model import Scope
from tui.keymap import Match
from tui.screens.reader_find import ReaderFind
from tui.text.markup import words_of
from tui.widgets.post_layout import NO_NAME
from tui.widgets.trail import Crumb, Trail

if TYPE_CHECKING:
    from textual.events import Key

    from tui.text.outline import Outline
    from tui.widgets.breadcrumb import Breadcrumb
    from tui.widgets.peek import PeekPane
    from tui.widgets.post_canvas import PostCanvas
    from tui.widgets.post_view import PostView

NEAREST = 24
"""Posts of a chain, counted from the parent upwards, that the line above the thread looks at."""
PEEK = "post.peek"
"""The command that goes on from the parent to the grandparent."""
PEEK_PAGES = {
    "page.read_on": 1.0,
    "page.down": 1.0,
    "page.up": -1.0,
    "page.back": -1.0,
    "page.half_down": 0.5,
    "page.half_up": -0.5,
}
"""The commands that turn the pages of the panel while it holds more than it shows, and how many they turn."""


class ReaderContext(ReaderFind):
    """The line above the thread, and the panel below it that shows the parent."""

    def begin(self) -> None:
        """Begin with nothing shown."""
        self._trail_key: tuple[object, ...] = ()
        self._peek: PeekPane | None = None
        self._peeked: int | None = None
        self._peeked_from = 0
        super().begin()

    # --- the chain --------------------------------------------------------------------------------------------------

    def show_status(self) -> None:
        """Bring the lines at the bottom up to date, and the one above the thread."""
        super().show_status()
        if self.has_begun and self.thread_pane.is_mounted:
            self.show_trail()

    def show_trail(self) -> None:
        """Show whom the post in focus answers; it costs nothing while that stays the same."""
        pane = self.thread_pane
        outline = pane.outline
        parent = 0 if outline is None else outline.parent(pane.position) or 0
        labels = self._thread_labels()
        key = (outline is None, parent, self.thread_source.new_count, pane.is_plain, labels)
        if key != self._trail_key:
            self._trail_key = key
            trail = Trail(labels=labels, is_plain=pane.is_plain) if outline is None else self._trail(outline, parent)
            self.breadcrumb.show(replace(trail, labels=labels))

    def _thread_labels(self) -> tuple[tuple[str, str], ...]:
        """Return what the thread as a whole is labeled with: the words and the hue of each label."""
        found = self.article.view_of(0).of_thread if self.article.outline is not None else ()
        chips = [self.thread_source.words.chip(each) for each in found if each.scope is Scope.THREAD]
        return tuple((chip.text, chip.colour) for chip in chips)

    def _trail(self, outline: Outline, parent: int) -> Trail:
        new, is_plain = self.thread_source.new_count, self.thread_pane.is_plain
        if not parent:
            crumb = Crumb(0, self.thread.title)
            return Trail(crumbs=(crumb,), depths=(0,), new=new, is_plain=is_plain)
        chain = [parent]
        above = outline.parent(parent)
        while above is not None and len(chain) < NEAREST:
            chain.append(above)
            above = outline.parent(above)
        if above is not None:
            chain.append(outline.top_of_chain(above))
        chain.reverse()
        found = self.thread_source.signs.beginnings(chain)
        return Trail(
            crumbs=tuple(Crumb(at, author or NO_NAME) for at, (author, _) in zip(chain, found, strict=True)),
            depths=tuple(outline.depth(position) for position in chain),
            is_cut=above is not None and chain[0] != above,
            words=_own_words(found[-1][1]),
            new=new,
            is_plain=is_plain,
        )

    def on_breadcrumb_chosen(self, message: Breadcrumb.Chosen) -> None:
        """Go to a post of the chain."""
        self.go_to_post(message.position)

    def on_breadcrumb_new_chosen(self) -> None:
        """Go to the next new comment."""
        self.perform(Match(self.keymap.commands["post.next_new"]))

    def go_to_post(self, position: int, offset: int | None = None) -> None:
        """Go to a post of the thread or to the article, or to an offset in it; Back leads here again."""
        self.close_peek()
        self.said = ""
        pane = self.thread_pane if position else self.article
        self._show_pane(is_thread=position > 0)
        if offset is not None or not position:
            pane.go_to_text(position, offset or 0, is_jump=True)
        else:
            pane.go_to(position, is_jump=True)
        self.show_status()

    def _show_pane(self, *, is_thread: bool) -> None:
        pane = self.thread_pane if is_thread else self.article
        if self.pane is not pane:
            self.action_other_pane()
        self.set_focus(pane)

    # --- the parent ---------------------------------------------------------------------------------------------------

    def action_peek(self) -> None:
        """Show the parent over the thread; again, the parent's parent, up to the article; then close."""
        pane = self._outline_pane()
        if pane is None or pane.outline is None:
            return
        if self._peeked == 0:
            self.close_peek()
            self.say("Nothing stands above the article")
            return
        below = pane.position if self._peeked is None else self._peeked
        self._peeked = pane.outline.parent(below) or 0
        self._peeked_from = pane.position
        if self._peek is None:
            from tui.widgets.peek import PeekPane  # noqa: PLC0415  # loaded on use

            self._peek = PeekPane(pane.guides, id="peek")
            self.thread_side.mount(self._peek)
        has_more = self._peek.show_over(self._view_to_peek_at(self._peeked), pane)
        self._peek.display = True
        steps = pane.outline.depth(pane.position) - (pane.outline.depth(self._peeked) if self._peeked else 0)
        what = "The article" if not self._peeked else "The parent" if steps == 1 else f"{steps} steps up"
        more = f"{self.keymap.first_key('page.read_on')} shows more, " if has_more else ""
        on = "" if not self._peeked else f"{self.keymap.first_key(PEEK)} goes on up, "
        self.say(f"{what}: {more}{on}Esc closes")

    def _view_to_peek_at(self, position: int) -> PostView:
        """Return a post as the thread shows it: one that was left a moment ago is no longer unread."""
        view = self.thread_source.load([position])[0]
        return replace(view, is_read=view.is_read or position in self._to_mark)

    def close_peek(self) -> None:
        """Close the panel."""
        if self._peek is not None and self._peeked is not None:
            self._peek.display = False
            self._peeked = None

    def take_first(self, key: str) -> bool:
        """Close the panel at any key but those that go on up and that turn its pages; Escape does no more than that."""
        if self._peeked is not None:
            match = self.keymap.read((key,), self.context)
            command = match.command.id if isinstance(match, Match) else ""
            if command in PEEK_PAGES and self._peek is not None and self._peek.turn(PEEK_PAGES[command]):
                return True
            if command != PEEK:
                self.close_peek()
                if key == "escape":
                    self.said = ""
                    self.show_status()
                    return True
        return super().take_first(key)

    def read_key(self, event: Key) -> None:
        """Read a key; a search begins without the panel."""
        if self.is_asking:
            self.close_peek()
        super().read_key(event)

    def on_peek_pane_chosen(self, message: PeekPane.Chosen) -> None:
        """Go to the post in the panel."""
        self.go_to_post(message.position)

    def follow(self, pane: PostCanvas) -> None:
        """Close the panel when the cursor goes elsewhere, by the mouse too."""
        if pane is self.thread_pane and self._peeked is not None and pane.position != self._peeked_from:
            self.close_peek()
        super().follow(pane)


def _own_words(text: str) -> str:
    """Return how a text begins behind what it quotes from others."""
    lines = [line for line in words_of(text).split("\n") if line.strip()]
    return next((line for line in lines if not line.lstrip().startswith(">")), lines[0] if lines else "")
