"""The labels of the project's codebook in a list, kept up to date with what other terminals make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters, on
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from annotations.errors import PostilError
from annotations.store import codebooks
from tui.screens.dialog import Dialog
from tui.screens.label_facts import facts_of, prose, state_of
from tui.text.table import fill
from tui.text.visible import one_line

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from annotations.codebook import Codebook, Label
    from annotations.session import LabelingSession

LOOK_EVERY = 1.0
"""Seconds between two looks at whether another terminal has changed the codebook."""
SHORT = 30
"""Rows below which the list takes what there is."""
_NAME, _SCOPE, _USES = 26, 8, 6


class CodebookTable(Dialog[None]):
    """The labels of the project's codebook.

    Args:
        session: The session, whose project's codebook is changed.
        label: The id of the label to begin at, or "".
        is_plain: Whether to draw for a screen reader.
    """

    CSS_PATH = "dialog.tcss"

    options = getters.query_one(OptionList)
    heading = getters.query_one(".title", Static)
    detail = getters.query_one(".detail", Static)
    notice = getters.query_one(".problem", Static)

    def __init__(self, session: LabelingSession, label: str = "", *, is_plain: bool = False) -> None:
        super().__init__()
        self.session = session
        self.project = session.project
        self._is_plain = is_plain
        self.wanted = label
        self.uses: dict[str, int] = {}
        self.version: int | None = None
        self.codebook: Codebook = session.codebook

    def compose(self) -> ComposeResult:
        """Lay out the list above what the label at hand says."""
        with Vertical(classes="dialog -tall -wide"):
            yield Static("", classes="title")
            yield OptionList(classes="-all")
            yield Static("", classes="detail")
            yield Static("", classes="problem")
            yield Static(Content(self.hint_words), classes="hint")

    def on_resize(self, event: events.Resize) -> None:
        """Give the list the room, where there is little."""
        self.set_class(event.size.height < SHORT, "-short")

    def on_mount(self) -> None:
        """Show the codebook in force, and watch for another one."""
        self.options.focus()
        self.reload()
        self.set_interval(LOOK_EVERY, self._look)

    # --- what it shows ----------------------------------------------------------------------------------------------

    @property
    def label(self) -> Label | None:
        """The label at hand."""
        index = self.options.highlighted
        return self.codebook.labels[index] if index is not None and index < len(self.codebook.labels) else None

    def _look(self) -> None:
        try:
            if codebooks.current_codebook_version(self.project) != self.version:
                self.reload()
        except PostilError as error:
            self.say(str(error))

    def reload(self) -> None:
        """Show the codebook in force; the cursor stays on its label."""
        self.codebook = codebooks.codebook_in_force(self.project)
        self.version = codebooks.current_codebook_version(self.project)
        self.uses = codebooks.label_uses(self.project)
        at = self.label.id if self.label is not None and not self.wanted else self.wanted
        ids = [label.id for label in self.codebook.labels]
        number = f"version {self.version}" if self.version is not None else "not applied yet"
        is_open = ", open to new labels while labeling" if self.codebook.is_open else ""
        self.heading.update(
            Content.styled(one_line(self.codebook.name), "bold")
            + Content.styled(f"   {number}{is_open}", "not bold $muted")
        )
        self.options.clear_options()
        self.options.add_options(Option(self._line(label)) for label in self.codebook.labels)
        self.options.highlighted = ids.index(at) if at in ids else 0
        self.wanted = ""

    def _line(self, label: Label) -> Content:
        colour = label.colour if label.colour.startswith("#") else f"$label-{label.colour}"
        state = state_of(self.codebook, label)
        group = one_line(self.codebook.group(label.group).name) if label.group else ""
        uses = self.uses.get(label.id, 0)
        return (
            Content.styled(f"{' ' if label.is_retired else label.key or ' '}  ", "bold $accent")
            + Content.styled(f"{fill(one_line(label.name), _NAME)}  ", "$muted" if state else f"bold {colour}")
            + Content.styled(f"{fill(label.scope.value, _SCOPE)}  ", "$muted")
            + Content(f"{fill(f'{uses:,}' if uses else '', _USES, is_right=True)}  ")
            + Content.styled(state or group, "$warning" if state else "$muted")
        )

    @on(OptionList.OptionHighlighted)
    def show_detail(self) -> None:
        """Say what the label at hand means."""
        label = self.label
        if label is None:
            return
        words = [label.description or "No description yet.", *([label.guidelines] if label.guidelines else [])]
        facts = Content.styled(f"{one_line(label.id)}: {', '.join(facts_of(self.codebook, label))}", "$muted")
        self.detail.update(Content("\n").join([facts, *map(prose, words)]))

    def say(self, words: str) -> None:
        """Say what was done, or why it was not."""
        self.notice.update(Content(one_line(words)))

    def action_move(self, step: int) -> None:
        """Go to the next or the previous label."""
        if step > 0:
            self.options.action_cursor_down()
        else:
            self.options.action_cursor_up()
