"""What the lines at the bottom of the reader say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.errors import PostilError
from annotations.model import Scope
from annotations.rules import missing_labels
from tui.keymap import Context, show_keys
from tui.screens.reader_frame import ReaderFrame
from tui.text.visible import one_line
from tui.widgets.inspector import Inspection
from tui.widgets.label_bar import Offer
from tui.widgets.status_line import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annotations.codebook import Label

ALL_LABELS = "label.type"
"""The command that offers every label."""
QUOTE_SHOWN = 60
KEY_END = 5
"""Characters at each end of a post's key that the status line shows: what was done needs the room."""


class ReaderLines(ReaderFrame):
    """The label bar, the inspector and the status line, kept up to date."""

    def key_labels(self) -> dict[str, Label]:
        """Return the labels that keys put now: on the selection, else on the post, or the thread."""
        scope = Scope.SPAN if self.context is Context.VISUAL else Scope.POST
        return {key: label for key, label in self.session.codebook.key_map(scope).items() if not label.is_retired}

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
            extra = {"select.sentence": "one sentence more", "select.swap": "other end", ALL_LABELS: "all labels"}
            return "Selection", [*offers, *self.commands(extra | {"leave": "leave"})]
        extra = {"select.sentence": "select sentence", ALL_LABELS: "all labels", "label.undo": "undo"}
        name = "Article" if pane is self.article else "Comment"
        missing = [] if pane is self.article else missing_labels(self.session.codebook, on)
        if missing:
            name += f" needs {', '.join(one_line(label) for label in missing)}"
        return name, [*offers, *self.commands(extra | {"view.help": "help"})]

    def commands(self, words: Mapping[str, str]) -> list[Offer]:
        """Return what the bar says of commands: by id, each with a word or two; those without a key are left out."""
        return [
            Offer(key=self.keymap.first_key(name), text=text, command=self.keymap.keys[name][0])
            for name, text in words.items()
            if self.keymap.keys[name]
        ]

    def key_of(self, command_id: str) -> str:
        """Return how a command's key is written, or "(no key)" where the configuration has taken it away."""
        return self.keymap.first_key(command_id) or "(no key)"

    def show_status(self) -> None:
        """Bring the lines at the bottom up to date."""
        if not self.has_begun or not self.thread_pane.is_mounted:
            return
        heading, offers = self.offers()
        rows = 2 if self.size.height >= 30 else 1  # noqa: PLR2004  # room for two
        self.label_bar.offer(heading, offers, rows=rows, more=next(iter(self.commands({ALL_LABELS: ""})), None))
        self.inspector.inspect(self._inspection(), self._hint())
        self.status_line.show(
            Status(
                mode=self.mode_word(),
                title=self.thread.title,
                place=self._place(),
                progress=self.progress_words(),
                annotator=self.session.annotator.name,
                keys=show_keys(" ".join(self.pending)) if self.pending else "",
                said=self.said.replace("→", "to") if self.configuration.is_plain else self.said,
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
        count = len(self.thread_source.shape) - 1
        return f"comment {key}, {pane.position} of {count}" if pane.is_plain else f"{key} · {pane.position}/{count}"

    def mode_word(self) -> str:
        """Return what the keys do now, in a word."""
        return {Context.THREAD: "READ", Context.TEXT: "TEXT", Context.VISUAL: "SELECT"}[self.context]

    def _hint(self) -> str:
        pane = self.pane
        if pane.outline is None:
            return "This thread has no comments."
        uncertain = pane.view_of(pane.position).post.uncertain
        if uncertain:
            return ("" if pane.is_plain else "≈ ") + "Guessed at import: " + "; ".join(uncertain)
        span = pane.selected_span()
        if span is not None:
            words = len(pane.text[span[0] : span[1]].split())
            found = f"{words} {'word' if words == 1 else 'words'} selected, characters {span[0]} to {span[1]}"
            return f"{found}: {one_line(pane.text[span[0] : span[1]])}" if pane.is_plain else found
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
            quote = f"{'to' if self.configuration.is_plain else '→'} {self.thread_source.end_name(annotation)}"
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
