"""Select text in a post: by motion, by sentence, clause, paragraph or word, from one word to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.text import motions
from tui.widgets.post_cursor import PostCursor

if TYPE_CHECKING:
    from collections.abc import Iterator


class PostSelection(PostCursor):
    """A canvas in which text is selected. A selection lies within one post and includes the cluster at its end."""

    def __init__(self, guides: tuple[str, ...], *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(guides, id=id)
        self.origin = 0
        """Where the cursor stood when text was selected: the selection shrinks towards it."""

    def select_here(self) -> None:
        """Begin a selection at the cursor, or end the one there is."""
        if self.outline is None or not self.text:
            return
        if self.selection_start is not None:
            self.end_selection()
            return
        self.enter_text(is_passing=True)
        self.is_by_sentence = False
        self.selection_start = self.origin = self.caret
        self.changed()

    @property
    def selects_forward(self) -> bool:
        """Whether text is selected and the cursor stands at the end of it; not where whole sentences are selected anyway."""
        return self.selection_start is not None and self.caret >= self.selection_start and not self.is_by_sentence

    def select_by_sentence(self) -> None:
        """Begin a selection that is always whole sentences, however far motions extend it, or end it."""
        was_by_sentence = self.is_by_sentence
        if self.selection_start is None or was_by_sentence:
            self.select_here()
        self.is_by_sentence = self.selection_start is not None and not was_by_sentence
        self.changed()

    def select_span(self, start: int, end: int) -> None:
        """Select [start, end); the cursor stands at its end."""
        if self.outline is None or start >= end:
            return
        self.enter_text(is_passing=True)
        if self.selection_start is None:
            self.origin = self.caret
        self.is_by_sentence = False
        self.selection_start = start
        self._set_offset(self.body.follow(motions.previous_cluster, end))

    def swap_ends(self) -> None:
        """Put the cursor at the selection's other end."""
        if self.selection_start is not None:
            offset, self.selection_start = self.selection_start, self.caret
            self._set_offset(offset)

    def select_sentence(self) -> None:
        """Select the sentence under the cursor; where whole sentences are selected, one more."""
        if self.outline is None:
            return
        body, span = self.body, self.selected_span()
        if span is None:
            found = body.find(motions.sentence_at, self.caret)
        else:
            start = body.find(motions.sentence_at, span[0])
            end = body.find(motions.sentence_at, span[1] - 1)
            if start is None or end is None:
                return
            found = (min(start[0], span[0]), max(end[1], span[1]))
            if found == span:
                following = body.find(motions.sentence_at, body.follow(motions.next_sentence, span[1] - 1))
                if following is None or following[1] <= span[1]:
                    return
                found = (span[0], following[1])
        if found is not None:
            self.select_span(*found)

    def shrink_selection(self) -> None:
        """Take the last sentence off the selection; of one sentence select the clause, of a clause the word.

        Which clause and word, the place of the cursor says when the selection began. Where nothing is selected, it is
        the clause under the cursor.
        """
        if self.outline is None:
            return
        body, span = self.body, self.selected_span()
        if span is None:
            found = body.find(motions.clause_at, self.caret)
            if found is not None:
                self.select_span(*found)
            return
        last = body.find(motions.sentence_at, span[1] - 1)
        if last is not None and last[0] > span[0]:
            before = body.find(motions.sentence_at, body.follow(motions.previous_sentence, last[0]))
            if before is not None and before[1] > span[0]:
                self.select_span(span[0], before[1])
                return
        within = max(span[0], min(self.origin, span[1] - 1))
        for finder in (motions.clause_at, motions.word_at):
            found = body.find(finder, within)
            if found is not None and span[0] <= found[0] < found[1] <= span[1] and found != span:
                self.select_span(*found)
                return

    def select_paragraph(self) -> None:
        """Select the paragraph under the cursor; where whole paragraphs are selected, one more."""
        if self.outline is None:
            return
        body, span = self.body, self.selected_span()
        found = body.find(motions.paragraph_at, self.caret)
        if span is not None and found is not None and span[0] <= found[0] and found[1] <= span[1]:
            following = body.find(motions.paragraph_at, body.follow(motions.next_paragraph, span[1] - 1))
            if following is None or following[1] <= span[1]:
                return
            found = (span[0], following[1])
        if found is not None:
            self.select_span(*found)

    def select_word(self, offset: int) -> None:
        """Select the word at an offset of the focused post."""
        found = self.body.find(motions.word_at, offset)
        if found is not None:
            self.select_span(*found)

    def move_edge(self, *, is_start: bool, is_right: bool) -> bool:
        """Move the selection's start or end by a word; return whether at least one word is left."""
        span = self.selected_span()
        if span is None:
            return False
        is_swapped = self.selection_start is not None and self.caret < self.selection_start
        start, end = self.moved_edge(span, is_start=is_start, is_right=is_right)
        if not start < end:
            return False
        self.select_span(start, end)
        if is_swapped:
            self.swap_ends()
        return True

    def moved_edge(self, span: tuple[int, int], *, is_start: bool, is_right: bool) -> tuple[int, int]:
        """Return a span of the focused post with its start or its end a word farther to the right, or to the left."""
        from tui.text import edges  # noqa: PLC0415  # loaded on use

        start, end = span
        if is_start:
            return self.body.follow(edges.next_start if is_right else edges.previous_start, start), end
        return start, self.body.follow_end(edges.next_end if is_right else edges.previous_end, end)

    # --- words ----------------------------------------------------------------------------------------------------

    def words_in_view(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield position, line, start and end of each word that begins in view, from the top down."""
        if self.outline is None:
            return
        for position, row in self.viewport.rows():
            if row == 0 or self.outline.is_folded(position):
                continue
            body = self.painted(position).body
            if row <= body.height and body.text:
                for start, end in body.words(motions.words, row - 1):
                    yield position, row - 1, start, end

    def select_from(self, position: int, offset: int) -> None:
        """Begin a selection at an offset of a post that need not be the focused one."""
        is_passing = self._is_passing or not self.is_in_text
        self.selection_start = None
        self.go_to_text(position, offset)
        self._is_passing = is_passing and self._is_thread
        self.select_here()

    def go_to_word(self, position: int, start: int, end: int) -> None:
        """Put the text cursor on a word; a selection in the same post extends to it, the word included."""
        if self.selection_start is None or position != self.position:
            self.go_to_text(position, start, is_jump=True)
            return
        if start < self.selection_start:
            self._set_offset(start)
        else:
            self._set_offset(self.body.follow(motions.previous_cluster, end))
