"""Choose a label by typing a part of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from annotations.model import Scope
from tui.screens.picker import Picker
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from annotations.codebook import Label


SCOPE_WORDS = {Scope.SPAN: "words", Scope.POST: "a post", Scope.THREAD: "a whole thread"}
"""What a new label may be put on, as the analyst reads it."""
_NEW = "new "
"""How the id of an option begins that makes a label: no label's id has a space."""
_CLOSED = "No such label, and the codebook is closed to new ones"


class NewLabel(Struct, frozen=True):
    """A label that is to be made."""

    name: str
    scope: Scope


class LabelPicker(Picker["str | NewLabel"]):
    """Returns the id of the label chosen, or the label to be made, or None.

    Args:
        labels: The labels, the likeliest first.
        scopes: What a new label may be put on here; empty where the codebook is not open to new ones.
    """

    HELP: ClassVar[str] = (
        "Type a part of a label's name, or a new name if the codebook is open; Enter puts it, Escape goes back."
    )
    HINT: ClassVar[str] = "Enter puts it   {picker.previous} {picker.next} choose   {picker.back} back"

    def __init__(self, labels: Sequence[Label], scopes: Sequence[Scope] = ()) -> None:
        super().__init__()
        self._labels = labels
        self._scopes = scopes

    def compose(self) -> ComposeResult:
        """Show an entry above the labels that match it."""
        with Vertical(classes="dialog"):
            yield Static("Label", classes="title")
            yield Input(placeholder="Type a part of a label's name")
            yield OptionList()
            yield Static(Content(self.hint_words), classes="hint")

    def on_mount(self) -> None:
        """Show all labels."""
        self.entry.focus()
        self.show_matches("")

    def show_matches(self, typed: str) -> None:
        """Show the labels that match."""
        options = [Option(_line(label), id=label.id) for label in ranked(self._labels, typed)]
        name = " ".join(typed.split())
        taken = {label.scope for label in self._labels if label.name.casefold() == name.casefold()}
        if name:
            options += [
                Option(_new_line(name, scope), id=f"{_NEW}{scope}") for scope in self._scopes if scope not in taken
            ]
        if not options:
            options.append(Option(Content.styled(_CLOSED, "$muted"), disabled=True))
        self.options.clear_options()
        self.options.add_options(options)
        self.options.highlighted = None if options[0].disabled else 0

    def choose(self, option: Option) -> None:
        """Return the label that was chosen, or what a new one is to be."""
        chosen = option.id or ""
        if chosen.startswith(_NEW):
            self.dismiss(NewLabel(" ".join(self.entry.value.split()), Scope(chosen.removeprefix(_NEW))))
        else:
            self.dismiss(chosen)


def ranked(labels: Sequence[Label], typed: str) -> list[Label]:
    """Return the labels whose name or id is like what was typed, the likeliest first; all of them for nothing."""
    if not typed:
        return list(labels)
    matcher = Matcher(typed)
    scored = [(max(matcher.match(label.name), matcher.match(label.id)), place) for place, label in enumerate(labels)]
    return [labels[place] for score, place in sorted(scored, key=lambda found: (-found[0], found[1])) if score > 0]


def _new_line(name: str, scope: Scope) -> Content:
    return (
        Content.styled("+ ", "$accent")
        + Content(f"New label “{one_line(name)}”")
        + Content.styled(f"  on {SCOPE_WORDS[scope]}", "$muted")
    )


def _line(label: Label) -> Content:
    colour = label.colour if label.colour.startswith("#") else f"$label-{label.colour}"
    return (
        Content.styled(f"{label.key or ' '} ", "$accent")
        + Content.styled(one_line(label.name), f"bold {colour}")
        + Content.styled(f"  {label.scope}", "$muted")
        + Content.styled(f"  {one_line(label.description)}", "$muted")
    )
