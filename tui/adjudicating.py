"""The app as an adjudicator has it: the reader puts labels into the gold set, and shows what annotators have put beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.adjudication import gold_as
from tui.app import PostilApp
from tui.screens.others_labels import OthersLabels

if TYPE_CHECKING:
    from annotations.model import Annotator, StoredThread
    from tui.screens.reader import ReaderScreen


class AdjudicatingApp(PostilApp):
    """The app on the gold set; to review a post there is to settle it."""

    def find_annotator(self) -> Annotator:
        """Return the gold set's annotator, with who adjudicates."""
        return gold_as(self.project, self._annotator)

    def make_reader(self, thread: StoredThread) -> ReaderScreen:
        """Return the reader of a thread, with the labels of the others in sight."""
        reader = super().make_reader(thread)
        source = reader.thread_source
        source.others = OthersLabels(reader.session, thread, source.words, is_plain=source.is_plain)
        return reader
