"""Select text in a post: by motion, by sentence, by paragraph, by word."""

from __future__ import annotations

from tui.text import motions
from tui.widgets.post_cursor import PostCursor


class PostSelection(PostCursor):
    """A canvas in which text is selected. A selection lies within one post and includes the cluster at its end."""

    def select_here(self) -> None:
        """Begin a selection at the cursor, or end the one there is."""
        if self.outline is None or not self.text:
            return
        if self.selection_start is not None:
            self.end_selection()
            return
        self.enter_text(is_passing=True)
        self.is_by_sentence = False
        self.selection_start = self.caret
        self.changed()

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
        """Take the last sentence off the selection; the first one stays."""
        span = self.selected_span()
        if span is None:
            return
        body = self.body
        last = body.find(motions.sentence_at, span[1] - 1)
        if last is None or last[0] <= span[0]:
            return
        before = body.find(motions.sentence_at, body.follow(motions.previous_sentence, last[0]))
        if before is not None and before[1] > span[0]:
            self.select_span(span[0], before[1])

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
