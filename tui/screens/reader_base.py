"""The frame of the reader: its panes, its keys, and what the lines at the bottom say."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, getters
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Input, Static

from annotations.errors import PostilError
from annotations.model import PostKind, Scope
from annotations.rules import missing_labels
from tui.keymap import COMMANDS, Context, Keymap, Match, Reading, show_keys
from tui.screens.thread_source import ThreadSource
from tui.text.visible import one_line
from tui.themes import GUIDE_HUES
from tui.widgets.inspector import Inspection, Inspector
from tui.widgets.label_bar import LabelBar, Offer
from tui.widgets.post_pane import PostPane
from tui.widgets.status_line import Status, StatusLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

    from annotations.codebook import Label
    from annotations.model import Annotation, StoredThread, Target
    from annotations.session import Change, LabelingSession
    from tui.widgets.post_canvas import PostCanvas

SIDE_BY_SIDE = 100
"""Columns from which on the panes stand side by side."""
SMALLEST = (40, 10)
"""Columns and rows below which nothing can be read."""
QUIT = "view.quit"
"""The command that works however small the terminal is."""
QUOTE_SHOWN = 60
KEY_END = 5
"""Characters at each end of a post's key that the status line shows: what was done needs the room."""


class ReaderBase(Screen[None]):
    """Article and thread, with everything that is not an action."""

    CSS_PATH = "reader.tcss"
    AUTO_FOCUS = None
    HELP: ClassVar[str] = "Read the article and its comments, and label them. Press ? for the keys."

    panes = getters.query_one("#panes", Container)
    article = getters.query_one("#article", PostPane)
    thread_pane = getters.query_one("#thread", PostPane)
    inspector = getters.query_one(Inspector)
    label_bar = getters.query_one(LabelBar)
    status_line = getters.query_one(StatusLine)
    finder = getters.query_one("#finder", Input)

    def __init__(self, session: LabelingSession, thread: StoredThread, *, keymap: Keymap | None = None) -> None:
        super().__init__()
        self.session = session
        self.thread = thread
        self.thread_source = ThreadSource(session, thread)
        self.keymap = keymap or Keymap(COMMANDS)
        self.layout_choice = "auto"
        self.said = ""
        self._keys: tuple[str, ...] = ()
        self._inspected = 0
        self._is_in_thread = False
        self.has_left = False
        """Whether the reader is being closed: keys that are still on their way do nothing."""
        self._progress = session.progress(thread.id)

    def compose(self) -> ComposeResult:
        """Lay out the panes above the lines."""
        with Container(id="panes"):
            yield PostPane(GUIDE_HUES, id="article")
            yield Static(id="divider")
            yield PostPane(GUIDE_HUES, id="thread")
        yield Inspector()
        yield Input(id="finder", compact=True)
        yield LabelBar()
        yield StatusLine()
        yield Static(f"Postil needs at least {SMALLEST[0]}×{SMALLEST[1]} characters to show a thread.", id="too-small")

    def begin(self) -> None:
        """Show the thread. (Textual calls `on_mount` once for each class that defines it; this chains by `super`.)."""
        shape = self.thread_source.shape
        article_shape = type(shape)(shape.depths[:1], shape.sizes[:1])
        self.article.show(article_shape, self.thread_source, first=0)
        self.article.is_in_text = True
        self.thread_pane.show(shape, self.thread_source, first=1)
        self.set_focus(self.article)

    # --- what has the focus -------------------------------------------------------------------------------------

    @property
    def pane(self) -> PostPane:
        """The pane that keys act on: the focused one, or the last that was."""
        return self.thread_pane if self._is_in_thread or not self.article.display else self.article

    def watch_focused(self, focused: Widget | None) -> None:
        """Keep which pane keys act on: the line for searches takes the focus, and so does another window."""
        if isinstance(focused, PostPane):
            self._is_in_thread = focused is self.thread_pane

    @property
    def context(self) -> Context:
        """Where keys go."""
        pane = self.pane
        if pane.selection_start is not None:
            return Context.VISUAL
        return Context.TEXT if pane.is_in_text else Context.THREAD

    @property
    def candidates(self) -> list[Annotation]:
        """The annotations that the cursor is on: the shortest span first, then those of the post."""
        pane = self.pane
        if pane.outline is None:
            return []
        annotations = pane.view_of(pane.position).annotations
        spans = sorted(
            (found for found in annotations if found.scope is Scope.SPAN),
            key=lambda found: len(found.target.span) if found.target.span else 0,
        )
        if pane.is_in_text:
            spans = [
                found
                for found in spans
                if found.target.span and found.target.span.start <= pane.caret < found.target.span.end
            ]
            return [*spans, *(found for found in annotations if found.scope is not Scope.SPAN)]
        return [*(found for found in annotations if found.scope is not Scope.SPAN), *spans]

    @property
    def inspected(self) -> Annotation | None:
        """The annotation that keys such as `d` act on."""
        candidates = self.candidates
        return candidates[self._inspected % len(candidates)] if candidates else None

    # --- keys ---------------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Read a key; one that was on its way when a dialog opened goes on to the dialog."""
        if self.has_left:
            return
        if self.app.screen is self:
            self.read_key(event)
            return
        event.stop()
        event.prevent_default()
        self.app.screen.call_after_refresh(self.app.post_message, events.Key(event.key, event.character))

    def read_key(self, event: events.Key) -> None:
        """Read a key as a part of a sequence, or as a label's."""
        key = event.character if event.is_printable and event.character else event.key
        key = "space" if key == " " else key
        if self._take(key):
            event.stop()
            event.prevent_default()

    def _take(self, key: str) -> bool:
        """Act on a key; return whether it was ours."""
        if self.has_class("-too-small"):  # nothing is labeled that cannot be seen
            match = self.keymap.read((key,), self.context)
            if isinstance(match, Match) and match.command.id == QUIT:
                self.perform(match)
            return True
        if self._keys and key == "escape":
            self._keys = ()
            self.show_status()
            return True
        if not self._keys and self.take_first(key):
            return True
        keys = (*self._keys, key)
        match = self.keymap.read(keys, self.context)
        if isinstance(match, Match):
            self._keys = ()
            self.said = ""
            self.perform(match)
        elif match is Reading.PENDING:
            self._keys = keys
            self.show_status()
        elif self._keys:
            self.say(f"{show_keys(' '.join(keys))} does nothing here")
            self._keys = ()
            self.show_status()
        else:
            return False
        return True

    def take_first(self, key: str) -> bool:
        """Act on a key that means something before any command does; return whether it did."""
        del key
        return False

    def perform(self, match: Match) -> None:
        """Run the action of a command; what goes wrong is said, not raised."""
        action = getattr(self, f"action_{match.command.action}")
        try:
            if match.argument:
                action(match.argument)
            else:
                action()
        except PostilError as error:
            self.complain(error)
        self.show_status()

    def complain(self, error: PostilError) -> None:
        """Show what went wrong."""
        self.notify(one_line(str(error)), severity="error", markup=False, timeout=8)

    def say(self, words: str) -> None:
        """Say what has happened, in the status line."""
        self.said = words

    # --- what changed -------------------------------------------------------------------------------------------

    def take_change(self, change: Change) -> None:
        """Show what the session has done."""
        post_ids = set(change.post_ids)
        if change.thread_ids:
            post_ids.add(self.article.view_of(0).post.id)
        self.show_posts(post_ids)
        self._progress = self.session.progress(self.thread.id)
        self.say(change.summary)

    def show_posts(self, post_ids: Iterable[int]) -> None:
        """Show posts as they are in the project now."""
        views = self.thread_source.refresh(post_ids)
        self.article.update_posts(view for view in views if view.post.kind is PostKind.ARTICLE)
        self.thread_pane.update_posts(view for view in views if view.post.kind is PostKind.COMMENT)

    def on_post_canvas_moved(self, message: PostCanvas.Moved) -> None:
        """Follow the cursor with the lines at the bottom."""
        self.follow(message.pane)

    def follow(self, pane: PostCanvas) -> None:
        """Follow what a pane shows."""
        if pane is self.pane:
            self._inspected = 0
            self.show_status()

    # --- the lines at the bottom --------------------------------------------------------------------------------

    def key_labels(self) -> dict[str, Label]:
        """Return the labels that keys put now: on the selection, else on the post, or the thread."""
        scope = Scope.SPAN if self.context is Context.VISUAL else Scope.POST
        return {key: label for key, label in self.session.codebook.key_map(scope).items() if not label.is_retired}

    def target(self, scope: Scope) -> Target:
        """Return what a label of a scope would be put on now."""
        raise NotImplementedError

    def offers(self) -> tuple[str, Sequence[Offer]]:
        """Return what the label bar says: what the keys act on, and each key."""
        pane = self.pane
        view = pane.view_of(pane.position) if pane.outline is not None else None
        on = {found.label for found in view.annotations if found.scope is Scope.POST} if view else set()
        labels = self.key_labels()
        offers = [
            Offer(key=key, text=label.name, colour=label.colour, is_on=label.id in on, command=key)
            for key, label in labels.items()
        ]
        if self.context is Context.VISUAL:
            extra = [("s", "one sentence more"), ("o", "other end"), ("t", "all labels"), ("escape", "leave")]
            return "Selection", [*offers, *self._commands(extra)]
        extra = [("s", "select sentence"), ("t", "all labels"), ("u", "undo"), ("?", "help")]
        name = "Article" if pane is self.article else "Comment"
        missing = [] if pane is self.article else missing_labels(self.session.codebook, on)
        if missing:
            name += f" needs {', '.join(one_line(label) for label in missing)}"
        return name, [*offers, *self._commands(extra)]

    @staticmethod
    def _commands(extra: Iterable[tuple[str, str]]) -> list[Offer]:
        return [Offer(key=show_keys(key), text=text, command=key) for key, text in extra]

    def show_status(self) -> None:
        """Bring the lines at the bottom up to date."""
        if not self.is_mounted or not self.thread_pane.is_mounted:
            return
        heading, offers = self.offers()
        self.label_bar.offer(heading, offers, rows=2 if self.size.height >= 30 else 1)  # noqa: PLR2004  # room for two
        self.inspector.inspect(self._inspection(), self._hint())
        self.status_line.show(
            Status(
                mode={Context.THREAD: "READ", Context.TEXT: "TEXT", Context.VISUAL: "SELECT"}[self.context],
                title=self.thread.title,
                place=self._place(),
                progress=self.progress_words(),
                annotator=self.session.annotator.name,
                keys=show_keys(" ".join(self._keys)) if self._keys else "",
                said=self.said,
            )
        )

    def progress_words(self) -> str:
        """Return how far the annotator is."""
        progress = self._progress
        return f"{progress.labeled} labeled, {progress.reviewed} reviewed of {progress.comments}"

    def _place(self) -> str:
        pane = self.pane
        if pane.outline is None:
            return ""
        if pane is self.article:
            return "article"
        key = one_line(pane.view_of(pane.position).post.key)
        if len(key) > 2 * KEY_END + 1:
            key = f"{key[:KEY_END]}…{key[-KEY_END:]}"
        return f"{key} · {pane.position}/{len(self.thread_source.shape) - 1}"

    def _hint(self) -> str:
        pane = self.pane
        if pane.outline is None:
            return "This thread has no comments."
        uncertain = pane.view_of(pane.position).post.uncertain
        if uncertain:
            return "≈ Guessed at import: " + "; ".join(uncertain)
        span = pane.selected_span()
        if span is not None:
            words = len(pane.text[span[0] : span[1]].split())
            return f"{words} {'word' if words == 1 else 'words'} selected, characters {span[0]} to {span[1]}"
        return "Nothing labeled here." if pane.is_in_text else "No label yet."

    def _inspection(self) -> Inspection | None:
        annotation = self.inspected
        if annotation is None or self.context is Context.VISUAL:
            return None
        candidates = self.candidates
        try:
            label = self.session.codebook.label(annotation.label)
            name, colour, definition = label.name, label.colour, label.description
        except PostilError:
            name = self.thread_source.former_name(annotation.label)
            colour, definition = "grey", "No longer in the codebook."
        place = f"{self._inspected % len(candidates) + 1} of {len(candidates)}" if len(candidates) > 1 else ""
        quote = ""
        if annotation.quote is not None:
            exact = one_line(annotation.quote.exact)
            quote = f"“{exact if len(exact) <= QUOTE_SHOWN else exact[:QUOTE_SHOWN].rstrip() + '…'}”"
        elif annotation.scope is Scope.RELATION:
            quote = f"→ {self.thread_source.end_name(annotation)}"
        return Inspection(
            label=name,
            colour=colour,
            place=place,
            quote=f"{quote} (detached)" if annotation.detached else quote,
            definition=definition,
            who=f"{annotation.annotator}, {annotation.created_at[:16].replace('T', ' ')}",
            values=", ".join(f"{name} {value}" for name, value in annotation.attributes.items()),
            note=annotation.note,
        )

    # --- layout -------------------------------------------------------------------------------------------------

    def on_resize(self, event: events.Resize) -> None:
        """Choose the layout for the new size."""
        self.lay_out(event.size.width, event.size.height)

    def lay_out(self, width: int, height: int) -> None:
        """Put the panes side by side or one above the other, or show one of them."""
        choice = self.layout_choice
        if choice == "auto":
            choice = "side" if width >= SIDE_BY_SIDE else "stacked"
        self.set_class(choice == "stacked", "-stacked")
        self.set_class(choice == "one", "-one")
        self.set_class(width < SMALLEST[0] or height < SMALLEST[1], "-too-small")
        self.set_class(self.pane is self.thread_pane, "-thread")
        for line in (self.inspector, self.label_bar):  # their heights stay, or the text would jump with each selection
            line.set_class(height < 30, "-short")  # noqa: PLR2004  # room for a rule, and for a second row of labels
        self.show_status()
