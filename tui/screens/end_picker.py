"""Choose the other end of a relation from all words that are labeled in the thread, by typing a part of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from annotations.store import labels
from annotations.store.labeled import labeled_spans
from tui.screens.picker import Picker
from tui.screens.relation_draft import End
from tui.text.fuzzy import find_rows, fold
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from annotations.store.labeled import LabeledSpan
    from tui.screens.thread_source import ThreadSource

MOST_AT_HAND = 2_000
"""Labeled spans that are kept at hand, and found though they are misspelt; of more the project is asked at each key."""
MOST_SHOWN = 100
QUOTE_SHOWN = 56


class EndPicker(Picker[End]):
    """Returns the words chosen as the end of a relation, or None.

    Args:
        source: The thread.
        start: Where the relation starts, which is left out.
    """

    HELP: ClassVar[str] = "Type a part of the words, of a label or of an author; Enter chooses, Escape goes back."
    HINT: ClassVar[str] = "Enter chooses   {picker.previous} {picker.next} move   {picker.back} back"

    def __init__(self, source: ThreadSource, start: End) -> None:
        super().__init__()
        self._source = source
        self._start = start
        self._found: Sequence[LabeledSpan] = ()
        self._rows: list[str] = []

    def compose(self) -> ComposeResult:
        """Show an entry above what is labeled and matches it."""
        with Vertical(classes="dialog"):
            yield Static(Content(f"Relate {self._start.name} to"), classes="title")
            yield Input(placeholder="Type a part of the words, a label or an author")
            yield OptionList()
            yield Static("", classes="name", id="count")
            yield Static(Content(self.hint_words), classes="hint")

    def on_mount(self) -> None:
        """Show what is labeled."""
        self.entry.focus()
        self._found = self._load(MOST_AT_HAND)
        names = self._source.words
        self._rows = [
            fold(f"{names.label(each.label)[0]} {each.exact} {each.author} {each.key}") for each in self._found
        ]
        self.show_matches("")

    def _load(self, limit: int, words: Sequence[str] = ()) -> list[LabeledSpan]:
        session, start = self._source.session, self._start.annotation
        found = labeled_spans(session.project, self._source.thread.id, session.annotator.id, limit, words)
        return [each for each in found if start is None or each.annotation != start.id]

    def show_matches(self, typed: str) -> None:
        """Show the labeled words that match."""
        if len(self._found) < MOST_AT_HAND:
            found = [self._found[row] for row in find_rows(self._rows, typed)]
        else:
            found = self._load(MOST_SHOWN + 1, typed.split())
        self.options.clear_options()
        self.options.add_options(Option(self._line(each), id=str(each.annotation)) for each in found[:MOST_SHOWN])
        if found:
            self.options.highlighted = 0
        words = "Nothing is labeled in the text yet." if not self._found else "Nothing matches." if not found else ""
        if len(found) > MOST_SHOWN:
            words = f"The first {MOST_SHOWN}; type more to narrow them down."
        self.query_one("#count", Static).update(words)

    def _line(self, span: LabeledSpan) -> Content:
        name, colour, _ = self._source.words.label(span.label)
        style = colour if colour.startswith("#") else f"$label-{colour}"
        where = "article" if span.position == 0 else " ".join(part for part in (span.author, span.key) if part)
        return (
            Content.styled(one_line(name), f"bold {style}")
            + Content(f"  “{one_line(span.exact[:QUOTE_SHOWN])}”")
            + Content.styled(f"  {one_line(where)}", "$muted")
        )

    def choose(self, option: Option) -> None:
        """Return the words that were chosen."""
        annotation = labels.load_annotation(self._source.session.project, int(option.id or 0))
        self.dismiss(End(self._source.post_by_id(annotation.target.post_id or 0), annotation))
