"""The reader without a terminal: its own key reading, panes, labels and relations, and nothing that draws.

Everything but Textual's widgets is the app's own: `Hands.press` goes through the keymap, the actions of the reader and the
methods of its panes, and a label key writes to the project. So what keys lead to is found thousands of times a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

from msgspec.structs import replace
from textual.geometry import Size

from tui.screens.reader_relations import ReaderRelations
from tui.themes import GUIDE_HUES
from tui.widgets.post_selection import PostSelection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from annotations.model import StoredThread
    from annotations.session import LabelingSession
    from tui.configuration import Configuration
    from tui.screens.reader_hints import Picking

    Cells: TypeAlias = tuple[int, int]
    Sizes: TypeAlias = tuple[tuple[Cells, Cells], tuple[Cells, Cells]]
    """Columns and rows of the article's pane and of the thread's: while the article has the focus, and the thread."""
    State: TypeAlias = tuple[object, ...]


class Kept(NamedTuple):
    """A state, and the choice of words by letters that was under way."""

    state: State
    picking: Picking | None


_OF_PANE = ("position", "caret", "is_in_text", "selection_start", "is_by_sentence", "origin", "_is_passing", "_column")
_OF_READER = ("_is_in_thread", "_is_marking", "pending")


class _Timer:
    """A timer that never runs out."""

    def pause(self) -> None: ...
    def reset(self) -> None: ...
    def resume(self) -> None: ...


if TYPE_CHECKING:

    class _Ground:
        """Nothing: the parts are Textual's for those who read types."""

else:

    class _Ground:
        """What the parts of a pane and of a screen ask of Textual, and need no answer to."""

        display = True
        is_mounted = True
        has_focus = False

        def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
            self.id = id

        def refresh(self, *_: object, **__: object) -> Self:
            return self

        def call_after_refresh(self, *_: object) -> bool:
            return False

        def post_message(self, _: object) -> bool:
            return False

        def set_class(self, *_: object) -> None:
            """Leave everything as it looks."""

        def has_class(self, _: str) -> bool:
            return False

        def set_focus(self, *_: object) -> None:
            """Leave the focus to `Hands.show_pane`."""

        def run_worker(self, *_: object, **__: object) -> None:
            """Look for nothing beside the app."""

        def set_interval(self, *_: object, **__: object) -> _Timer:
            return _Timer()


class Slate(PostSelection, _Ground):
    """A pane that draws nothing."""

    def __init__(self, name: str, size: tuple[int, int]) -> None:
        super().__init__(GUIDE_HUES, id=name)
        vars(self)["size"] = Size(*size)
        self.moved: Callable[[Slate], None] = lambda _: None
        self._words: dict[tuple[int, ...], list[tuple[int, int, int, int]]] = {}

    def refresh(self, *_: object, **__: object) -> Self:
        """Draw nothing."""
        return self

    def words_in_view(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield the words in view, remembered for each view."""
        if self.outline is None:
            return
        view = *self.size, self.viewport.top, self.viewport.row, self.outline.total_rows
        if view not in self._words:
            self._words[view] = list(super().words_in_view())
        yield from self._words[view]

    def resize(self, size: tuple[int, int]) -> None:
        """Take another size, as the layout gives it."""
        if size != tuple(self.size):
            vars(self)["size"] = Size(*size)
            self.relayout(size[1])

    def changed(self) -> None:
        """Tell the reader."""
        self.moved(self)


class Hands(ReaderRelations, _Ground):
    """The reader's keys.

    Args:
        session: Whose labels they put.
        thread: The thread.
        sizes: The sizes of the panes, as `ReaderScreen` gives them in a terminal.
        configuration: Keys and the rest.
    """

    def __init__(
        self, session: LabelingSession, thread: StoredThread, sizes: Sizes, configuration: Configuration | None = None
    ) -> None:
        super().__init__(session, thread, configuration=configuration)
        self._sizes = sizes
        self.article = Slate("article", sizes[0][0])  # type: ignore[assignment]
        self.thread_pane = Slate("thread", sizes[0][1])  # type: ignore[assignment]
        for pane in (self.article, self.thread_pane):
            pane.moved = self.follow  # type: ignore[attr-defined]
            pane.measure = self.configuration.width
        self.begin()
        self.has_begun = True

    # --- what the screen does besides ---------------------------------------------------------------------------------

    def show_status(self) -> None:
        """Say nothing."""

    def lay_out(self, width: int, height: int) -> None:
        """Leave the panes as they are."""

    def show_pane(self, pane: PostSelection) -> None:
        """Give a pane the focus, and the room that goes with it."""
        self._is_in_thread = pane is self.thread_pane
        for slate, size in zip((self.article, self.thread_pane), self._sizes[self._is_in_thread], strict=True):
            slate.resize(size)  # type: ignore[attr-defined]

    def _show_letters(self) -> None:
        """Show no letters."""

    def action_leave(self) -> None:
        """Leave the selection, or the text: there is no search."""
        self.pane.leave_text()

    # --- keys ---------------------------------------------------------------------------------------------------------

    def press(self, *keys: str) -> Self:
        """Press keys, named as the keymap names them."""
        for key in keys:
            self.take(key)
        return self

    def state(self) -> State:
        """Return all that moving and selecting changes: two equal ones are the same to every key that follows."""
        panes = [
            (*(getattr(pane, name) for name in _OF_PANE), pane.viewport.top, pane.viewport.row)
            if pane.outline is not None
            else None
            for pane in (self.article, self.thread_pane)
        ]
        picking = self._picking
        picked = None
        if picking is not None:
            ends = picking.words[0], picking.words[-1], picking.given.index("a")
            picked = ends, picking.is_span, picking.typed, picking.first
        return (*(getattr(self, name) for name in _OF_READER), *panes, picked)

    def keep(self) -> Kept:
        """Return what `restore` needs to come back to this state; folds are not part of it."""
        return Kept(self.state(), None if self._picking is None else replace(self._picking))

    def restore(self, kept: Kept) -> None:
        """Come back to a state."""
        reader, panes = kept.state[: len(_OF_READER)], kept.state[len(_OF_READER) :]
        for name, value in zip(_OF_READER, reader, strict=True):
            setattr(self, name, value)
        sizes = self._sizes[self._is_in_thread]
        for pane, size, values in zip((self.article, self.thread_pane), sizes, panes[:2], strict=True):
            if isinstance(values, tuple):
                vars(pane)["size"] = Size(*size)
                pane.viewport.height = size[1]
                *fields, pane.viewport.top, pane.viewport.row = values
                for name, value in zip(_OF_PANE, fields, strict=True):
                    setattr(pane, name, value)
        self._picking = None if kept.picking is None else replace(kept.picking)
