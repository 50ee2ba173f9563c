"""The reader's actions in a text, and on how it is shown."""

from __future__ import annotations

from tui.configuration import LAYOUTS, WIDTHS
from tui.screens.reader_moves import ReaderMoves
from tui.text import motions
from tui.widgets.post_layout import Geometry

MEASURE_STEP = 4


class ReaderText(ReaderMoves):
    """Where the text cursor goes, what is selected, how wide lines are."""

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
        """Go to the next sentence; while selecting to the end of this one, so that nothing of the next is taken in."""
        self.pane.move(motions.sentence_end if self.pane.selects_forward else motions.next_sentence)

    def action_previous_sentence(self) -> None:
        """Go to the previous sentence."""
        self.pane.move(motions.previous_sentence)

    def action_next_paragraph(self) -> None:
        """Go to the next paragraph; while selecting to the end of this one."""
        self.pane.move(motions.paragraph_end if self.pane.selects_forward else motions.next_paragraph)

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
        self.pane.select_by_sentence()

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
            pane.measure = max(WIDTHS[0], min(WIDTHS[1], widest + change))
            pane.relayout()
        self.say(f"Text at most {self.pane.measure} columns wide")

    def action_wider(self) -> None:
        """Make text wider."""
        self._set_measure(MEASURE_STEP)

    def action_narrower(self) -> None:
        """Make text narrower."""
        self._set_measure(-MEASURE_STEP)

    def action_next_layout(self) -> None:
        """Go on to the next layout that looks other than this one."""
        layouts = [layout for layout in LAYOUTS if layout != "side" or not self.configuration.is_plain]
        shown = self.layout_classes(*self.size)
        for _ in layouts:
            self.layout_choice = layouts[(layouts.index(self.layout_choice) + 1) % len(layouts)]
            if self.layout_classes(*self.size) != shown:
                break
        self.lay_out(self.size.width, self.size.height)
        self.say(
            {"auto": "Layout by width", "side": "Side by side", "stacked": "Stacked", "one": "One pane"}[
                self.layout_choice
            ]
        )
