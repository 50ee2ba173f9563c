"""The reader's actions about people and arrivals: whom to follow, who began the thread, what has come since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.reader_context import ReaderContext
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.widgets.post_canvas import PostCanvas


class ReaderPeople(ReaderContext):
    """Authors who are followed, the original poster, new comments."""

    def begin(self) -> None:
        """Begin a visit."""
        self._visit: tuple[int, int] | None = None
        self._opened_at: int | None = None
        super().begin()

    def follow(self, pane: PostCanvas) -> None:
        """Note that a new comment was looked at; the one at which the thread was opened is no choice of the analyst's."""
        super().follow(pane)
        if pane is self.thread_pane and pane.outline is not None:
            if self._opened_at is None:
                self._opened_at = pane.position
            if pane.position != self._opened_at:
                self.thread_source.signs.look_at(pane.position)

    def action_toggle_others(self) -> None:
        """Show beside one's own labels what the other annotators put, or hide it again."""
        from tui.screens.others_labels import OthersLabels  # noqa: PLC0415  # loaded on use

        source = self.thread_source
        if source.others is not None:
            source.others = None
            self.say("The labels of the others are hidden")
        else:
            others = OthersLabels(self.session, self.thread, source.words, is_plain=source.is_plain)
            names = [one_line(name) for name in others.names]
            if not names:
                self.say("Nobody else has labeled anything in this thread")
                return
            source.others = others
            self.say(f"Shown: what {', '.join(names)} put. {self.key_of('view.others')} hides it")
        for pane in (self.article, self.thread_pane):
            if pane.outline is not None:
                pane.update_posts(source.load(sorted(pane.all_held)))
        self.show_status()

    def _write_reading(self) -> None:
        super()._write_reading()
        signs = self.thread_source.signs
        visit = (signs.known, signs.seen)
        if visit != self._visit:
            self.session.save_visit(self.thread.id, known=signs.known, seen=signs.seen)
            self._visit = visit
        self.show_trail()  # it counts what is new

    # --- authors ----------------------------------------------------------------------------------------------------

    def action_follow_author(self) -> None:
        """Follow the author of the post in focus, or no longer."""
        pane = self.pane
        author = pane.view_of(pane.position).post.author if pane.outline is not None else None
        if not author:
            self.say("This post names no author")
            return
        is_followed = self.thread_source.signs.toggle_follow(author)
        thread = self.thread_pane
        thread.update_posts(self.thread_source.load(thread.held_of(author)))
        name = one_line(author)
        if is_followed:
            keys = [self.keymap.first_key(f"post.{way}_followed") for way in ("next", "previous")]
            self.say(f"Following {name}: {keys[0]} next, {keys[1]} previous")
        else:
            self.say(f"No longer following {name}")

    def _go_by(self, names: Iterable[str], step: int, what: str) -> None:
        position = self.thread_pane.position if self.thread_pane.outline is not None else 0
        found = self.thread_source.signs.next_by(names, position, step)
        self._go_found(found, f"{what} {'below' if step > 0 else 'above'}")

    def _go_followed(self, step: int) -> None:
        followed = self.thread_source.signs.followed
        if not followed:
            self.say(f"Nobody is followed: {self.keymap.first_key('post.follow')} follows an author")
            return
        names = sorted(one_line(author) for author in followed)
        who = names[0] if len(names) == 1 else f"the {len(names)} who are followed"
        self._go_by(followed, step, f"comment by {who}")

    def action_next_followed(self) -> None:
        """Go to the next comment of somebody who is followed."""
        self._go_followed(1)

    def action_previous_followed(self) -> None:
        """Go to the previous comment of somebody who is followed."""
        self._go_followed(-1)

    def _go_original(self, step: int) -> None:
        original = self.thread_source.signs.original
        if original is None:
            self.say("Nobody knows who began this thread")
            return
        self._go_by((original,), step, f"comment by {one_line(original)}, the original poster,")

    def action_next_original(self) -> None:
        """Go to the next comment of the original poster."""
        self._go_original(1)

    def action_previous_original(self) -> None:
        """Go to the previous comment of the original poster."""
        self._go_original(-1)

    # --- arrivals ---------------------------------------------------------------------------------------------------

    def action_next_new(self) -> None:
        """Go to the next comment that is new."""
        self._go_new(1)

    def action_previous_new(self) -> None:
        """Go to the previous comment that is new."""
        self._go_new(-1)

    def _go_new(self, step: int) -> None:
        position = self.thread_pane.position if self.thread_pane.outline is not None else 0
        where = "below" if step > 0 else "above"
        self._go_found(self.thread_source.next_new(position, step), f"new comment {where}")
