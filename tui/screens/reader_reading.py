"""What the reader keeps of the reading: which posts were read, where the analyst is, marks."""

from __future__ import annotations

import base64
from contextlib import suppress
from typing import TYPE_CHECKING

from annotations.errors import PostilError, ProjectBusyError
from annotations.model import PostKind
from tui.screens.reader_base import ReaderBase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.widgets.post_canvas import PostCanvas

FLUSH_AFTER = 0.7
"""Seconds after the last move in which what was read, and the place, are written."""


class ReaderReading(ReaderBase):
    """What is remembered of reading."""

    def begin(self) -> None:
        """Begin to follow what is read."""
        self._last_position: int | None = None
        self._to_mark: set[int] = set()
        self._marks: dict[str, tuple[str, int, int, int]] = {}  # pane, position, offset, the post's row
        self._flush_timer = self.set_interval(FLUSH_AFTER, self._flush_if_free, pause=True)
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
        if not self.has_begun:
            return
        self._flush_timer.pause()
        try:
            self._write_reading()
        except PostilError as error:
            self.complain(error)

    def _flush_if_free(self) -> None:
        """Write it if no other program is writing, which may be a long import; else in a moment."""
        try:
            with self.session.project.impatient():
                self._write_reading()
        except ProjectBusyError:
            return
        except PostilError as error:
            self.complain(error)
        self._flush_timer.pause()

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
            "revision": self.thread.revision,
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
        place = self.place
        if not place:
            return
        marks = place.get("marks")
        if isinstance(marks, dict):
            self._marks = {
                str(name): (str(mark[0]), int(mark[1]), int(mark[2]), int(mark[3]) if len(mark) > 3 else 0)  # noqa: PLR2004  # as written before there was a row
                for name, mark in marks.items()
                if isinstance(mark, list) and len(mark) >= 3  # noqa: PLR2004  # pane, position, offset
            }
        if (revision := place.get("revision", self.thread.revision)) != self.thread.revision:
            self.place_marks()
        offset, post, row = place.get("article"), place.get("post"), place.get("row")
        if isinstance(offset, int):
            self.article.go_to_text(0, offset)
        if isinstance(post, int) and self.thread_pane.outline is not None:
            with suppress(ValueError):  # posts have changed places since: everything is unfolded
                folds = base64.b64decode(str(place.get("folds", "")))
                if isinstance(revision, int) and revision < self.thread.revision:
                    folds = self._folds_since(revision, folds)
                self.thread_pane.outline.restore(folds)
            views = self.thread_source.refresh([post])
            if views and views[0].post.kind is PostKind.COMMENT:
                self.thread_pane.go_to(views[0].post.position, row=max(0, row) if isinstance(row, int) else 0)
        if place.get("pane") == "thread":
            self.show_pane(self.thread_pane)

    def _folds_since(self, revision: int, folds: bytes) -> bytes:
        """Return the folds of an earlier revision of the thread for the posts as they stand now.

        Raises:
            ValueError: If other posts have changed places than those that came.
        """
        from annotations.store.overview import thread_revisions  # noqa: PLC0415  # seldom needed
        from annotations.store.visits import arrived_positions  # noqa: PLC0415  # seldom needed
        from tui.text.folds import shifted_state  # noqa: PLC0415  # seldom needed
        from tui.text.shift import Shift  # noqa: PLC0415  # seldom needed

        if thread_revisions(self.session.project, self.thread.id)[1] > revision:
            raise ValueError("posts have changed places")
        arrived = arrived_positions(self.session.project, self.thread.id, revision)
        return shifted_state(folds, self.thread_source.shape.depths, Shift(arrived))

    def place_marks(self) -> None:
        """Let marks stand where their posts do, after an import has moved those."""
        rows = {mark[3] for mark in self._marks.values()}
        now = {view.post.id: view.post.position for view in self.thread_source.refresh(rows)}
        self._marks = {
            name: (pane, now.get(row, position), offset, row)
            for name, (pane, position, offset, row) in self._marks.items()
        }
