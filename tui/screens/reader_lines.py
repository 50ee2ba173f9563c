"""What the lines at the bottom of the reader say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.model import Scope
from annotations.rules import missing_labels
from tui.keymap import Context, show_keys
from tui.screens.reader_frame import ReaderFrame
from tui.text.visible import one_line
from tui.widgets.label_bar import Offer
from tui.widgets.status_line import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annotations.codebook import Label
    from tui.widgets.inspector import Inspection

ALL_LABELS = "label.type"
"""The command that offers every label."""
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
        on |= {found.label for found in self.article.view_of(0).of_thread} if view else set()
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
        self.label_bar.offer(heading, offers, rows=rows, more=self.more_offer(), warning=self.rule_warning())
        self._point_at_inspected()
        self.inspector.inspect(self._inspection(), self._hint(), remark=self._remark(), rows=rows)
        said = self.said or self.notice
        self.status_line.show(
            Status(
                mode=self.mode_word(),
                title=self.thread.title,
                place=self._place(),
                progress=self.progress_words(),
                annotator=self.session.annotator.name,
                keys=show_keys(" ".join(self.pending)) if self.pending else "",
                said=said.replace("→", "to") if self.configuration.is_plain else said,
            )
        )

    def _point_at_inspected(self) -> None:
        """Set off the span that keys act on, in the pane that has the text cursor."""
        annotation = self.inspected if self.context is Context.TEXT else None
        for pane in (self.article, self.thread_pane):
            pane.point_at(annotation.id if annotation is not None and pane is self.pane else 0)

    def more_offer(self) -> Offer | None:
        """Return what leads to the offers for which the bar has no room."""
        return next(iter(self.commands({ALL_LABELS: ""})), None)

    def rule_warning(self) -> str:
        """Return which rule of the codebook the work on the post in focus breaks, in a few words."""
        return ""

    @property
    def notice(self) -> str:
        """What stands in the status line as long as nothing else is to be said."""
        return ""

    def progress_words(self) -> str:
        """Return how far the annotator is."""
        progress = self._progress
        return f"{progress.labeled:,} labeled, {progress.reviewed:,} reviewed of {progress.comments:,}"

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
        at = f"{pane.position:,}"
        return f"comment {key}, {at} of {count:,}" if pane.is_plain else f"{key} · {at}/{count:,}"

    def mode_word(self) -> str:
        """Return what the keys do now, in a word."""
        return {Context.THREAD: "READ", Context.TEXT: "TEXT", Context.VISUAL: "SELECT"}[self.context]

    def _remark(self) -> str:
        """Return the note on the post in focus."""
        pane = self.pane
        return pane.view_of(pane.position).remark if pane.outline is not None else ""

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
        annotation, pane = self.inspected, self.pane
        if annotation is None or self.context is Context.VISUAL:
            return None
        from tui.screens.inspecting import inspect  # noqa: PLC0415  # loaded on use

        return inspect(self.thread_source, pane.view_of(pane.position), self.candidates, annotation)
