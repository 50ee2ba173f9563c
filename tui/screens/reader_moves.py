"""The reader's actions that move, fold and select."""

from __future__ import annotations

import base64
from contextlib import suppress
from typing import TYPE_CHECKING

from annotations.errors import PostilError
from annotations.model import PostKind
from tui.screens.reader_base import ReaderBase
from tui.text import motions
from tui.widgets.post_painter import Geometry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.widgets.post_canvas import PostCanvas
    from tui.widgets.post_pane import PostPane

FLUSH_AFTER = 0.7
"""Seconds after the last move in which what was read, and the place, are written."""
MEASURE_STEP = 4
MEASURES = (40, 160)


class ReaderMoves(ReaderBase):
    """Where the cursor goes."""

    def begin(self) -> None:
        """Begin to follow what is read."""
        self._last_position: int | None = None
        self._to_mark: set[int] = set()
        self._marks: dict[str, tuple[str, int, int]] = {}
        self._flush_timer = self.set_interval(FLUSH_AFTER, self.flush, pause=True)
        super().begin()

    def follow(self, pane: PostCanvas) -> None:
        """Count a post as read when the cursor leaves it."""
        super().follow(pane)
        if pane is self.thread_pane and pane.outline is not None and pane.position != self._last_position:
            if self._last_position is not None:
                self.note_read([self._last_position])
            self._last_position = pane.position
        self._flush_timer.reset()
        self._flush_timer.resume()

    def note_read(self, positions: Iterable[int]) -> None:
        """Take posts for read; it is written a moment later."""
        self._to_mark.update(position for position in positions if not self.thread_source.read[position])

    def flush(self) -> None:
        """Write what was read, and where the analyst is; what hinders it is said, and tried again at the next move."""
        self._flush_timer.pause()
        try:
            self._write_reading()
        except PostilError as error:
            self.complain(error)

    def _write_reading(self) -> None:
        if self._to_mark:
            positions = sorted(self._to_mark)
            self.thread_source.mark_read(positions)
            self._to_mark.clear()
            self.thread_pane.update_posts(self.thread_source.load(self.thread_pane.held(positions)))
        self.save_place()

    def save_place(self) -> None:
        """Keep where the analyst is, for the next time."""
        if self.session.project.is_read_only:
            return
        thread = self.thread_pane
        place: dict[str, object] = {
            "article": self.article.caret,
            "pane": "thread" if self.pane is thread else "article",
            "marks": {name: list(mark) for name, mark in self._marks.items()},
        }
        if thread.outline is not None:
            place["post"] = thread.view_of(thread.position).post.id
            place["row"] = thread.viewport.screen_row(thread.position) or 0
            place["folds"] = base64.b64encode(self.folds_to_keep()).decode("ascii")
        self.session.save_place(self.thread.id, place)

    def folds_to_keep(self) -> bytes:
        """Return the folds as the analyst has set them."""
        outline = self.thread_pane.outline
        return outline.fold_state() if outline is not None else b""

    def restore_place(self) -> None:
        """Go to where the analyst was the last time."""
        place = self.session.load_place(self.thread.id)
        if not place:
            return
        marks = place.get("marks")
        if isinstance(marks, dict):
            self._marks = {
                str(name): (str(mark[0]), int(mark[1]), int(mark[2]))
                for name, mark in marks.items()
                if isinstance(mark, list) and len(mark) == 3  # noqa: PLR2004  # pane, position, offset
            }
        offset, post, row = place.get("article"), place.get("post"), place.get("row")
        if isinstance(offset, int):
            self.article.go_to_text(0, offset)
        if isinstance(post, int) and self.thread_pane.outline is not None:
            with suppress(ValueError):  # the tree has changed since: everything is unfolded
                self.thread_pane.outline.restore(base64.b64decode(str(place.get("folds", ""))))
            views = self.thread_source.refresh([post])
            if views and views[0].post.kind is PostKind.COMMENT:
                self.thread_pane.go_to(views[0].post.position)
                row = max(0, row) if isinstance(row, int) else 0
                self.thread_pane.viewport.height = max(
                    self.thread_pane.viewport.height, row + 1
                )  # until it has its own
                self.thread_pane.viewport.place(views[0].post.position, row)
                self.thread_pane.changed()
        if place.get("pane") == "thread":
            self.set_focus(self.thread_pane)

    # --- posts --------------------------------------------------------------------------------------------------

    def _outline_pane(self) -> PostPane | None:
        """Return the thread's pane where it has the focus and comments, else None."""
        pane = self.pane
        if pane is self.thread_pane and pane.outline is not None:
            return pane
        self.say("That works in the thread: Tab goes there")
        return None

    def action_next_post(self) -> None:
        """Go to the next post."""
        self.pane.next_post()

    def action_previous_post(self) -> None:
        """Go to the previous post."""
        self.pane.previous_post()

    def action_next_sibling(self) -> None:
        """Go to the next post with the same parent."""
        if (pane := self._outline_pane()) and pane.outline:
            pane.go_to(pane.outline.next_sibling(pane.position))

    def action_previous_sibling(self) -> None:
        """Go to the previous post with the same parent."""
        if (pane := self._outline_pane()) and pane.outline:
            pane.go_to(pane.outline.previous_sibling(pane.position))

    def action_out(self) -> None:
        """Fold, or go to the parent."""
        self.pane.out()

    def action_into(self) -> None:
        """Unfold, or go to the first reply."""
        self.pane.into()

    def action_parent(self) -> None:
        """Go to the post that is answered."""
        if (pane := self._outline_pane()) and pane.outline:
            pane.go_to(pane.outline.parent(pane.position), is_jump=True)

    def action_chain(self) -> None:
        """Go to the top-level comment above."""
        if (pane := self._outline_pane()) and pane.outline:
            pane.go_to(pane.outline.top_of_chain(pane.position), is_jump=True)

    def action_next_top(self) -> None:
        """Go to the next top-level comment."""
        if (pane := self._outline_pane()) and pane.outline:
            pane.go_to(pane.outline.next_top(pane.position))

    def action_previous_top(self) -> None:
        """Go to the previous top-level comment."""
        if (pane := self._outline_pane()) and pane.outline:
            pane.go_to(pane.outline.previous_top(pane.position))

    def _go_found(self, position: int | None, what: str) -> None:
        if position is None:
            self.say(f"No {what}")
        else:
            self.set_focus(self.thread_pane)
            self.thread_pane.go_to(position, is_jump=True)

    def action_next_unread(self) -> None:
        """Go to the next unread comment."""
        self.note_read([self.thread_pane.position] if self.thread_pane.outline else [])
        self._go_found(self.thread_source.next_unread(self.thread_pane.position, 1), "unread comment below")

    def action_previous_unread(self) -> None:
        """Go to the previous unread comment."""
        self._go_found(self.thread_source.next_unread(self.thread_pane.position, -1), "unread comment above")

    def action_next_labeled(self) -> None:
        """Go to the next labeled span of the text that the cursor is in, else to the next comment with an annotation."""
        if not self._go_to_mark(1):
            self._go_found(self.thread_source.next_labeled(self.thread_pane.position, 1), "annotation below")

    def action_previous_labeled(self) -> None:
        """Go to the previous labeled span of the text that the cursor is in, else to the previous such comment."""
        if not self._go_to_mark(-1):
            self._go_found(self.thread_source.next_labeled(self.thread_pane.position, -1), "annotation above")

    def _go_to_mark(self, step: int) -> bool:
        """Put the text cursor on a labeled span's start; return whether there is one that way in the post."""
        pane = self.pane
        if not pane.is_in_text or pane.outline is None:
            return False
        starts = [mark.start for mark in pane.view_of(pane.position).marks]
        ahead = [start for start in starts if (start - pane.caret) * step > 0]
        if ahead:
            pane.go_to_text(pane.position, ahead[0] if step > 0 else ahead[-1], is_jump=True)
        return bool(ahead)

    def action_read_on(self) -> None:
        """Page; where the end is in view, take what is in view for read and go to the next unread."""
        pane = self.pane
        if pane is self.thread_pane and pane.outline is not None:
            shown = {position for position, _ in pane.viewport.rows()}
            before = (pane.viewport.top, pane.viewport.row)
            is_at_end = pane.outline.last_visible() in shown and not pane.reaches_below()
            self.note_read([position for position in shown if position <= pane.position or not is_at_end])
            if not is_at_end:
                pane.page(1)
            if is_at_end or (pane.viewport.top, pane.viewport.row) == before:
                self.note_read(list(shown))
                self.flush()
                self._go_found(self.thread_source.next_unread(0, 1), "unread comment is left")
        elif not pane.page(1):
            self.action_other_pane()

    def action_page_down(self) -> None:
        """Page down."""
        self.pane.page(1)

    def action_page_up(self) -> None:
        """Page up."""
        self.pane.page(-1)

    def action_half_down(self) -> None:
        """Go half a page down."""
        self.pane.page(0.5)

    def action_half_up(self) -> None:
        """Go half a page up."""
        self.pane.page(-0.5)

    def action_first(self) -> None:
        """Go to the first post, or the start of the text."""
        self.pane.first()

    def action_last(self) -> None:
        """Go to the last post, or the end of the text."""
        self.pane.last()

    def action_jump_back(self) -> None:
        """Go back to where the last jump began."""
        if not self.pane.jump_back():
            self.say("No jump to go back from")

    def action_set_mark(self, name: str) -> None:
        """Mark this place by a character."""
        pane = self.pane
        self._marks[name] = ("thread" if pane is self.thread_pane else "article", pane.position, pane.caret)
        self.say(f"Mark {name} set")

    def action_go_mark(self, name: str) -> None:
        """Go to a marked place."""
        if name not in self._marks:
            self.say(f"No mark {name}")
            return
        where, position, offset = self._marks[name]
        pane = self.thread_pane if where == "thread" else self.article
        if position >= len(self.thread_source.shape):
            self.say(f"Mark {name} is on a post that is gone")
            return
        self.set_focus(pane)
        if where == "thread" and not offset:
            pane.go_to(position, is_jump=True)
        else:
            pane.go_to_text(position, offset, is_jump=True)

    def action_other_pane(self) -> None:
        """Go to the other pane."""
        other = self.thread_pane if self.pane is self.article else self.article
        self.set_class(other is self.thread_pane, "-thread")
        self.set_focus(other)
        self.lay_out(self.size.width, self.size.height)

    # --- folds --------------------------------------------------------------------------------------------------

    def action_toggle_fold(self) -> None:
        """Fold or unfold."""
        if pane := self._outline_pane():
            pane.toggle_fold()

    def action_open_fold(self) -> None:
        """Unfold."""
        if pane := self._outline_pane():
            pane.open_fold()

    def action_close_fold(self) -> None:
        """Fold."""
        if pane := self._outline_pane():
            pane.close_fold()

    def action_fold_all(self) -> None:
        """Fold all."""
        self.thread_pane.fold_all()

    def action_unfold_all(self) -> None:
        """Unfold all."""
        self.thread_pane.unfold_all()

    def action_fold_more(self) -> None:
        """Fold one level more."""
        self.thread_pane.fold_level(-1)

    def action_fold_less(self) -> None:
        """Unfold one level more."""
        self.thread_pane.fold_level(1)

    def action_fold_depth(self, digit: str) -> None:
        """Unfold to a depth."""
        self.thread_pane.fold_to_depth(int(digit) + 1)

    def action_toggle_flat(self) -> None:
        """Flatten or indent."""
        self.thread_pane.is_flat = not self.thread_pane.is_flat
        self.thread_pane.relayout()

    def action_align_top(self) -> None:
        """Bring the post to the top."""
        self.pane.align(0)

    def action_align_middle(self) -> None:
        """Bring the post to the middle."""
        self.pane.align(0.5)

    def action_align_bottom(self) -> None:
        """Bring the post to the bottom."""
        self.pane.align(1)

    # --- text ---------------------------------------------------------------------------------------------------

    def action_enter_text(self) -> None:
        """Put the text cursor into the post."""
        self.pane.enter_text()

    def action_text_left(self) -> None:
        """Go a character to the left."""
        self.pane.move(motions.previous_cluster)

    def action_text_right(self) -> None:
        """Go a character to the right."""
        self.pane.move(motions.next_cluster)

    def action_text_down(self) -> None:
        """Go a line down."""
        self.pane.move_line(1)

    def action_text_up(self) -> None:
        """Go a line up."""
        self.pane.move_line(-1)

    def action_next_word(self) -> None:
        """Go to the next word."""
        self.pane.move(motions.next_word)

    def action_previous_word(self) -> None:
        """Go to the previous word."""
        self.pane.move(motions.previous_word)

    def action_word_end(self) -> None:
        """Go to the end of the word."""
        self.pane.move(motions.word_end)

    def action_next_sentence(self) -> None:
        """Go to the next sentence."""
        self.pane.move(motions.next_sentence)

    def action_previous_sentence(self) -> None:
        """Go to the previous sentence."""
        self.pane.move(motions.previous_sentence)

    def action_next_paragraph(self) -> None:
        """Go to the next paragraph."""
        self.pane.move(motions.next_paragraph)

    def action_previous_paragraph(self) -> None:
        """Go to the previous paragraph."""
        self.pane.move(motions.previous_paragraph)

    def action_line_start(self) -> None:
        """Go to the start of the line."""
        self.pane.line_edge(is_end=False)

    def action_line_end(self) -> None:
        """Go to the end of the line."""
        self.pane.line_edge(is_end=True)

    def action_find_character(self, character: str) -> None:
        """Go to a character of the paragraph."""
        self.pane.find_character(character)

    def action_select(self) -> None:
        """Begin or end a selection."""
        self.pane.select_here()

    def action_select_by_sentence(self) -> None:
        """Select by sentences."""
        self.pane.select_sentence()

    def action_swap_ends(self) -> None:
        """Go to the selection's other end."""
        self.pane.swap_ends()

    def action_select_sentence(self) -> None:
        """Select the sentence, or one more."""
        self.pane.select_sentence()

    def action_shrink_selection(self) -> None:
        """Select one sentence less."""
        self.pane.shrink_selection()

    def action_select_paragraph(self) -> None:
        """Select the paragraph."""
        self.pane.select_paragraph()

    # --- views --------------------------------------------------------------------------------------------------

    def _set_measure(self, change: int) -> None:
        for pane in (self.article, self.thread_pane):
            geometry = Geometry(pane.size.width, pane.measure)
            widest = min(pane.measure, geometry.room) if change < 0 else pane.measure
            pane.measure = max(MEASURES[0], min(MEASURES[1], widest + change))
            pane.relayout()
        self.say(f"Text at most {self.pane.measure} columns wide")

    def action_wider(self) -> None:
        """Make text wider."""
        self._set_measure(MEASURE_STEP)

    def action_narrower(self) -> None:
        """Make text narrower."""
        self._set_measure(-MEASURE_STEP)

    def action_next_layout(self) -> None:
        """Go through the layouts."""
        layouts = ["auto", "side", "stacked", "one"]
        self.layout_choice = layouts[(layouts.index(self.layout_choice) + 1) % len(layouts)]
        self.lay_out(self.size.width, self.size.height)
        self.say(
            {"auto": "Layout by width", "side": "Side by side", "stacked": "Stacked", "one": "One pane"}[
                self.layout_choice
            ]
        )
