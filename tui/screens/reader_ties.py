"""The reader's ways along relations: from one end to the other, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.model import Scope
from annotations.store.labels import relations_on
from tui.screens.reader_mouse import ReaderMouse
from tui.screens.under_cursor import leads_here
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.content import Content

    from annotations.model import Annotation
    from annotations.store.history import Event
    from annotations.store.writing import Change
    from tui.widgets.post_pane import PostPane
    from tui.widgets.post_view import PostView


class Tie(Struct, frozen=True):
    """A relation as it is seen from one of its ends."""

    relation: Annotation
    is_incoming: bool


class Crossing(Struct, frozen=True):
    """A way from one pane to the other.

    Args:
        origin: The pane where it began.
        target: The pane to which it led.
        jumps: How many jumps that pane could go back then.
    """

    origin: PostPane
    target: PostPane
    jumps: int


class ReaderTies(ReaderMouse):
    """Relations are followed."""

    def begin(self) -> None:
        """Begin without a way to go back."""
        self._crossings: list[Crossing] = []
        super().begin()

    def take_change(self, change: Change) -> None:
        """Show what the session has done, and what is said of it at the other ends of relations."""
        super().take_change(change)
        moved = [found.id for found in change.added if found.scope is Scope.SPAN]
        if change.removed and moved:
            project = self.session.project
            ties = [relation.target for found in moved for relation in relations_on(project, found)]
            self.show_posts({end for target in ties for end in (target.post_id, target.to_post_id) if end is not None})

    def touched_by(self, events: Iterable[Event]) -> set[int]:
        """Return the rows of the posts that look otherwise after these events: both ends of relations among them.

        What is put on the thread, or leads to it, is shown in the article.
        """
        touched: set[int] = set()
        for event in events:
            rows = [row for row in (event.before, event.after) if row is not None]
            ends = [row.get("to_post_id") for row in rows]
            touched.update(end for end in (event.post_id, *ends) if isinstance(end, int))
            if event.post_id is None or any(row.get("to_thread_id") for row in rows):
                touched.add(self.article.view_of(0).post.id)
        return touched

    # --- which ------------------------------------------------------------------------------------------------------

    def action_other_end(self) -> None:
        """Go to the other end of a relation here; where there are several, choose one by its letter."""
        pane = self.pane
        if pane.outline is None:
            return
        view, inspected = pane.view_of(pane.position), self.inspected
        if inspected is not None and inspected.scope is Scope.RELATION:
            ties = [Tie(inspected, leads_here(view, inspected))]
        elif inspected is not None and inspected.scope is Scope.SPAN and pane.is_in_text:
            ties = _ties(view, {inspected.id})
        else:
            ties = _ties(view, None)
        self._choose(ties)

    def _choose(self, ties: list[Tie]) -> None:
        if not ties:
            self.say("No relation here")
        elif len(ties) == 1:
            self._go_along(ties[0])
        else:
            from tui.screens.tie_picker import TiePicker  # noqa: PLC0415  # loaded on use

            def take(place: int | None) -> None:
                if place is not None:
                    self._go_along(ties[place])
                    self.show_status()

            self.app.push_screen(TiePicker([self._line(tie) for tie in ties]), take)

    def _line(self, tie: Tie) -> Content:
        from textual.content import Content  # noqa: PLC0415  # loaded on use

        name, colour, _ = self.thread_source.words.label(tie.relation.label)
        other = self.thread_source.relation_words.end_name(tie.relation, is_incoming=tie.is_incoming)
        arrow = (
            ("from" if tie.is_incoming else "to") if self.configuration.is_plain else "←" if tie.is_incoming else "→"
        )
        style = colour if colour.startswith("#") else f"$label-{colour}"
        return Content.styled(f"{arrow} {one_line(name)}", f"bold {style}") + Content(f"  {one_line(other)}")

    # --- there and back ---------------------------------------------------------------------------------------------

    def _go_along(self, tie: Tie) -> None:
        """Go to the other end of a relation, unfolding what hides it."""
        post_id, offset = self.thread_source.relation_words.other_end(tie.relation, is_incoming=tie.is_incoming)
        position = 0 if post_id is None else self.thread_source.post_by_id(post_id).position
        if position < 0:
            self.say("That post has come since this thread was opened")
            return
        origin = self.pane
        self.go_to_post(position, offset)
        if self.pane is not origin:
            self._crossings.append(Crossing(origin, self.pane, self.pane.jump_count))
        self.mean(tie.relation.id)

    def cross_back(self) -> bool:
        """Go back to the pane from which a relation led here, if nothing was jumped to since; return whether one did."""
        if not self._crossings:
            return False
        last = self._crossings[-1]
        if self.pane is not last.target or last.target.jump_count != last.jumps:
            return False
        self._crossings.pop()
        last.target.jump_back()
        self.show_pane(last.origin)
        return True

    # --- the mouse --------------------------------------------------------------------------------------------------

    def on_post_pane_tag_chosen(self, message: PostPane.TagChosen) -> None:
        """Follow the relation at the words whose tag was clicked."""
        view = self.pane.view_of(message.position)
        ending = {
            found.id
            for found in view.annotations
            if found.target.span is not None and found.target.span.end == message.offset
        }
        self._choose(_ties(view, ending))
        self.show_status()

    def _take_chip(self, message: PostPane.ChipChosen) -> None:
        chip = message.chip
        if not chip.is_relation:
            super()._take_chip(message)
            return
        view = self.pane.view_of(self.pane.position)
        for found in (*view.annotations, *view.incoming, *view.of_thread):
            if found.id == chip.annotation:
                self._go_along(Tie(found, chip.is_incoming))
                self.show_status()
                return


def _ties(view: PostView, ends: Iterable[int] | None) -> list[Tie]:
    """Return the relations of a post: those tied to some of its annotations, or for None all of them, and the thread's."""
    relations = [found for found in view.annotations if found.scope is Scope.RELATION]
    if ends is not None:
        tied = set(ends)
        found = [Tie(each, is_incoming=False) for each in relations if each.target.from_annotation in tied]
        return found + [Tie(each, is_incoming=True) for each in view.incoming if each.target.to_annotation in tied]
    found = [Tie(each, is_incoming=False) for each in relations]
    found += [Tie(each, is_incoming=True) for each in view.incoming]
    for each in view.of_thread:
        if each.scope is Scope.RELATION:
            found.append(Tie(each, is_incoming=each.target.to_thread_id is not None))
    return found
