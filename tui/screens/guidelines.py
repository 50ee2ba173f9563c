"""The codebook to read: definitions, rules, guidelines, examples, and a search in all of that."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from tui.screens.label_facts import examples_of, facts_of, prose
from tui.screens.paper import Paper
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from annotations.codebook import Codebook, Label


class Guidelines(Paper):
    """Shows the codebook, the label with the id `first` before the others.

    Args:
        codebook: The codebook.
        first: The id of the label that is asked about; None for the order of the codebook.
    """

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""  # the line to search with is there when it is asked for
    HELP: ClassVar[str] = "j and k scroll, / searches, e changes the codebook, q closes."
    HINT: ClassVar[str] = (
        "{paper.down} {paper.up} scroll   {guidelines.search} search   {guidelines.change} change   {guidelines.back} back"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "Back", id="guidelines.back"),
        Binding("/", "search", "Search", id="guidelines.search"),
        Binding("e", "change", "Change the codebook", id="guidelines.change"),
    ]

    entry = getters.query_one("#words", Input)
    text = getters.query_one("#text", Static)

    def __init__(self, codebook: Codebook, first: str | None = None) -> None:
        super().__init__(codebook.name, Content(""))
        labels = [label for label in codebook.labels if not label.is_retired or label.id == first]
        labels.sort(key=lambda label: label.id != first)
        self._codebook = codebook
        self._labels = labels
        self._parts = [_describe(codebook, label) for label in labels]
        self.wants_change = False
        """Whether to go on to where the codebook is changed."""

    def compose(self) -> ComposeResult:
        """Show the text under a line to search with, which is hidden at first."""
        with Vertical(classes="dialog -tall"):
            yield Static(Content(one_line(self._heading)), classes="title")
            yield Input(id="words", classes="-hidden", placeholder="Words of a name, a guideline, an example")
            with VerticalScroll(id="paper", can_focus=False):
                yield Static(self._found(()), id="text")
            yield Static(Content(self.hint_words), classes="hint")

    def _found(self, words: Sequence[str]) -> Content:
        """Return what the codebook says of the labels in which all words occur, with the words emphasized."""
        patterns = [re.compile(re.escape(word), re.IGNORECASE) for word in words]
        parts = [part for part in self._parts if all(pattern.search(part.plain) for pattern in patterns)]
        if not words and self._codebook.description:
            parts = [prose(self._codebook.description), *parts]
        if not parts:
            return Content.styled("No label is explained with these words.", "$muted")
        found = Content("\n\n").join(parts)
        for pattern in patterns:
            for match in pattern.finditer(found.plain):
                found = found.stylize("bold underline", match.start(), match.end())
        return found

    def action_search(self) -> None:
        """Search in the codebook."""
        self.entry.remove_class("-hidden")
        self.entry.focus()

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        """Show what matches."""
        event.stop()
        self.text.update(self._found(event.value.split()))
        self.body.scroll_home(animate=False)

    @on(Input.Submitted)
    def keep(self, event: Input.Submitted) -> None:
        """Go to what was found."""
        event.stop()
        self.set_focus(None)

    def action_back(self) -> None:
        """Leave the search, else the codebook."""
        if self.entry.has_class("-hidden"):
            self.dismiss(None)
            return
        self.entry.value = ""
        self.entry.add_class("-hidden")
        self.set_focus(None)

    def action_change(self) -> None:
        """Go on to where the codebook is changed."""
        self.wants_change = True
        self.dismiss(None)


def _describe(codebook: Codebook, label: Label) -> Content:
    colour = label.colour if label.colour.startswith("#") else f"$label-{label.colour}"
    heading = Content.styled(one_line(label.name), f"bold {colour}")
    lines = [heading + Content.styled(f"  {', '.join(facts_of(codebook, label))}", "$muted")]
    if label.description:
        lines.append(prose(label.description))
    if label.guidelines:
        lines.append(prose(label.guidelines))
    for attribute in label.attributes:
        required = ", required" if attribute.is_required else ""
        words = f"  {one_line(attribute.name)} ({attribute.kind}{required})  {one_line(attribute.description)}"
        lines.append(Content.styled(words.rstrip(), "$secondary"))
    return Content("\n").join([*lines, *examples_of(label)])
