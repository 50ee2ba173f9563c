"""The reader's list of what imports could not place, and the choice by hand of the words that a lost span is put on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.errors import PostilError
from annotations.span import Span
from annotations.store.detached import count_detached
from tui.keymap import Context
from tui.screens.going import PostPlace, ToThread
from tui.screens.reader_history import ReaderHistory
from tui.text.visible import one_line
from tui.widgets.label_bar import Offer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from annotations.model import Annotation
    from annotations.store.detached import Detached

QUOTE_SHOWN = 48
ATTACH = "enter"
"""The key that attaches a lost span to the selection; a selection has no other use for it."""


class ReaderDetached(ReaderHistory):
    """Lost spans: how many, which, and where they are to be."""

    def begin(self) -> None:
        """Count what is lost."""
        self._attaching: Annotation | None = None
        self._lost = count_detached(self.session.project, self.thread.id)
        super().begin()

    def show_posts(self, post_ids: Iterable[int]) -> None:
        """Show posts as they are now; what is lost may be fewer."""
        super().show_posts(post_ids)
        self._lost = count_detached(self.session.project, self.thread.id)

    def progress_words(self) -> str:
        """Return how far the annotator is, and how many spans are lost, if any."""
        words = super().progress_words()
        return f"{self._lost:,} detached, {words}" if self._lost else words

    def action_detached(self) -> None:
        """List what imports could not place."""
        from tui.configuration import keymap_for  # noqa: PLC0415  # loaded on use
        from tui.screens.detached import DetachedScreen  # noqa: PLC0415  # loaded on use
        from tui.screens.detached_keys import COMMANDS  # noqa: PLC0415  # loaded on use

        self.flush()
        self._attaching = None
        screen = DetachedScreen(
            self.session,
            keymap_for(COMMANDS, self.configuration),
            self.thread,
            take_change=self.take_change,
            go=self._go_to_detached,
            is_plain=self.configuration.is_plain,
        )
        self.app.push_screen(screen, self._leave_detached)

    def _leave_detached(self, _result: None) -> None:
        self.said = ""
        self.show_status()

    def _go_to_detached(self, entry: Detached, is_choosing: bool) -> None:  # noqa: FBT001  # a callback
        """Go to the post of an entry; with `is_choosing`, to choose the words that it is to be put on."""
        post, candidate = entry.post, entry.candidate
        if post is None:
            return
        spans = ((candidate.span.start, candidate.span.end),) if candidate is not None else ()
        place = PostPlace(post.position, spans, attach=entry.annotation.id if is_choosing else 0)
        if post.thread_id == self.thread.id:
            self.go_to_place(place)
        else:
            self.has_left = True
            self.flush()
            self.post_message(ToThread(post.thread_id, place))

    def go_to_place(self, place: PostPlace, *, is_jump: bool = True) -> None:
        """Go to a place, as before; if something is to be attached there, ask where."""
        super().go_to_place(place, is_jump=is_jump)
        if not place.attach:
            return
        from annotations.store.labels import load_annotation  # noqa: PLC0415  # loaded on use

        self._attaching = load_annotation(self.session.project, place.attach)
        pane = self.pane
        if not pane.is_in_text:
            pane.enter_text()
        if place.spans:
            pane.go_to_text(place.position, place.spans[0][0])
        self.show_status()

    def take_first(self, key: str) -> bool:
        """Take the keys that attach a lost span, or give that up, while one is to be attached."""
        annotation = self._attaching
        if annotation is None:
            return super().take_first(key)
        if key == ATTACH:
            self._attach_to_selection(annotation)
        elif key == "escape" and self.context is not Context.VISUAL:
            self._attaching = None
            self.say("Left as it is: detached")
        else:
            return super().take_first(key)
        self.show_status()
        return True

    def _attach_to_selection(self, annotation: Annotation) -> None:
        pane = self.pane
        selected = pane.selected_span()
        if selected is None:
            self.say("Select the words first")
            return
        if pane.view_of(pane.position).post.id != annotation.target.post_id:
            self.say("A span stays in its post")
            return
        try:
            change = self.session.change(annotation.id, span=Span(*selected))
        except PostilError as error:
            self.complain(error)
            return
        self._attaching = None
        pane.end_selection()
        self.take_change(change)

    def mode_word(self) -> str:
        """Return what the keys do now, in a word."""
        return "ATTACH" if self._attaching is not None else super().mode_word()

    def offers(self) -> tuple[str, Sequence[Offer]]:
        """Say what is to be attached, and how."""
        annotation = self._attaching
        if annotation is None or annotation.quote is None:
            return super().offers()
        quote = one_line(annotation.quote.exact)
        shown = quote if len(quote) <= QUOTE_SHOWN else quote[:QUOTE_SHOWN].rstrip() + "…"
        heading = f"Select where “{shown}” is now"
        escape = Offer(key="Esc", text="leave it", command="escape")
        if self.context is Context.VISUAL:
            more = self.commands({"select.sentence": "one sentence more", "select.swap": "other end"})
            return heading, [Offer(key="Enter", text="attach here", command=ATTACH), *more, escape]
        return heading, [*self.commands({"select.sentence": "select sentence", "select.start": "select"}), escape]
