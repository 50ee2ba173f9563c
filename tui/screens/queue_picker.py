"""Choose which post comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from annotations.model import PostKind
from annotations.queue import Queue, QueueKind
from tui.screens.dialog import Dialog
from tui.screens.queue_words import OFFERED
from tui.text.visible import one_line

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from annotations.codebook import Codebook
    from annotations.model import StoredPost
    from tui.screens.label_picker import NewLabel

MOST_SEED = 10**9
"""Seeds below this are numbers that one can remember or write down."""


class QueuePicker(Dialog[Queue]):
    """Returns the queue chosen, or None.

    Args:
        chosen: The queue that holds now.
        codebook: The labels, for replies to posts with one of them.
        post: The comment in focus, None where there is none: for the queue of what is below it.
    """

    CSS_PATH = "dialog.tcss"
    CSS = """
    QueuePicker .dialog .name {
        margin-top: 1;
    }
    QueuePicker .dialog Input {
        margin-bottom: 0;
    }
    QueuePicker .dialog Input > .input--selection {
        background: $primary;
        color: $background;
    }
    """
    HELP: ClassVar[str] = "Choose which post comes next after a label; Enter takes it, Escape goes back."
    HINT: ClassVar[str] = "Enter takes it   {queues.back} back"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="queues.back"),
        Binding("q", "dismiss(None)", "Out", id="queues.out"),
        Binding("j", "move(1)", "Next", id="queues.next"),
        Binding("k", "move(-1)", "Previous", id="queues.previous"),
    ]

    options = getters.query_one(OptionList)
    entry = getters.query_one(Input)
    name_of_entry = getters.query_one(".name", Static)
    problem = getters.query_one(".problem", Static)

    def __init__(self, chosen: Queue, codebook: Codebook, post: StoredPost | None) -> None:
        super().__init__()
        self._chosen = chosen
        self._codebook = codebook
        self._post = post if post is not None and post.kind is PostKind.COMMENT else None
        self._asked = QueueKind.UNREVIEWED

    def compose(self) -> ComposeResult:
        """Show the queues, and below them what more is asked."""
        with Vertical(classes="dialog"):
            yield Static("What comes next", classes="title")
            yield OptionList(*(Option(self._words(kind), id=kind) for kind in OFFERED if self._is_offered(kind)))
            yield Static("", classes="name", markup=False)
            yield Input()
            yield Static("", classes="problem", markup=False)
            yield Static(Content(self.hint_words), classes="hint")

    def _is_offered(self, kind: QueueKind) -> bool:
        return kind is not QueueKind.SUBTREE or self._post is not None or self._chosen.kind is kind

    def _words(self, kind: QueueKind) -> Content:
        words = Content(OFFERED[kind])
        if kind is not QueueKind.SUBTREE or self._post is None:
            return words
        count = "1 comment" if self._post.subtree_size == 1 else f"{self._post.subtree_size:,} comments"
        return words + Content.styled(f"  {one_line(self._post.key)}, {count}", "$muted")

    def on_mount(self) -> None:
        """Highlight the present queue."""
        self._close_entry()
        self.options.highlighted = self.options.get_option_index(self._chosen.kind)

    def _close_entry(self) -> None:
        for widget in (self.name_of_entry, self.entry, self.problem):
            widget.display = False
        self.options.focus()

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Return the queue chosen, or ask what more there is to know."""
        kind = QueueKind(event.option.id or "")
        if kind is QueueKind.RANDOM:
            seed = self._chosen.seed if self._chosen.kind is kind else 1
            self._ask(kind, "Seed: the same number gives the same order", str(seed))
        elif kind is QueueKind.FILTER:
            from annotations.post_filter import HINT as LANGUAGE  # noqa: PLC0415  # loaded on use

            self._ask(kind, f"Filter, such as  {LANGUAGE}", self._chosen.words)
        elif kind is QueueKind.REPLIES:
            from tui.screens.label_picker import LabelPicker  # noqa: PLC0415  # loaded on use

            labels = [label for label in self._codebook.labels if not label.is_retired]
            self.app.push_screen(LabelPicker(labels), self._take_label)
        elif kind is QueueKind.SUBTREE and self._post is not None:
            self.dismiss(Queue(kind, post_id=self._post.id))
        else:
            self.dismiss(self._chosen if kind is self._chosen.kind else Queue(kind))

    def _ask(self, kind: QueueKind, name: str, value: str) -> None:
        self._asked = kind
        self.name_of_entry.update(name)
        self.problem.update("")
        for widget in (self.name_of_entry, self.entry, self.problem):
            widget.display = True
        self.entry.value = value
        self.entry.focus()
        self.entry.select_all()

    def _take_label(self, label: str | NewLabel | None) -> None:
        if isinstance(label, str):  # the picker is not asked for new ones
            self.dismiss(Queue(QueueKind.REPLIES, label=label))

    @on(Input.Submitted)
    def take_entry(self, event: Input.Submitted) -> None:
        """Return the queue with what was typed, or say what is wrong with that."""
        event.stop()
        typed = event.value.strip()
        if self._asked is QueueKind.RANDOM:
            if typed.isascii() and typed.isdigit() and int(typed) < MOST_SEED:
                self.dismiss(Queue(QueueKind.RANDOM, seed=int(typed)))
            else:
                self.problem.update(f"A seed is a whole number below {MOST_SEED:,}.")
            return
        from annotations.post_filter import parse_filter  # noqa: PLC0415  # loaded on use

        wanted = parse_filter(typed)
        if wanted.problem or wanted.is_empty:
            self.problem.update(wanted.problem or "Type what the comments have to meet.")
        else:
            self.dismiss(Queue(QueueKind.FILTER, words=typed))

    def action_back(self) -> None:
        """Go back: from what was asked to the queues, from there out."""
        if self.entry.has_focus:
            self._close_entry()
        else:
            self.dismiss(None)

    def action_move(self, step: int) -> None:
        """Highlight the next or the previous queue."""
        if step > 0:
            self.options.action_cursor_down()
        else:
            self.options.action_cursor_up()
