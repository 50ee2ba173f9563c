"""The reader's action that relates a post or a span to another: the other end by a hint letter, then the relation."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.errors import PostilError
from annotations.model import Scope, Target
from tui.keymap import show_keys
from tui.screens.reader_labels import ReaderLabels
from tui.widgets.label_bar import Offer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.codebook import Label
    from annotations.model import Annotation, StoredPost
    from tui.widgets.post_pane import PostPane

HINTS = "asdfghjklqwertyuiopzxcvbnm" + "".join(letter for letter in string.ascii_uppercase if letter != "P")
"""The letters that name the other ends in view; `P` is the parent, `0` the article."""


class End(Struct, frozen=True):
    """One end of a relation: a post, or a span annotation in it."""

    post: StoredPost
    annotation: Annotation | None = None


class Draft(Struct):
    """A relation that is being made."""

    start: End
    ends: dict[str, End]
    label: Label | None = None
    end: End | None = None


class ReaderRelations(ReaderLabels):
    """Relations across posts."""

    def begin(self) -> None:
        """Begin without a relation in the making."""
        self._draft: Draft | None = None
        super().begin()

    def action_relate(self) -> None:
        """Choose the other end of a relation, then the relation."""
        self.begin_relation()

    def begin_relation(self, label: Label | None = None) -> None:
        """Give every post and labeled span in view a letter; with `label`, the relation is chosen already."""
        pane = self.pane
        if not self._relations():
            self.say("The codebook has no relations")
            return
        if pane.outline is None:
            return
        post = pane.view_of(pane.position).post
        inspected = self.inspected if pane.is_in_text else None
        start = End(post, inspected if inspected is not None and inspected.scope is Scope.SPAN else None)
        ends = self._ends_in_view(start)
        self._draft = Draft(start, ends, label)
        self._show_hints()
        self.show_status()

    def _relations(self) -> dict[str, Label]:
        """Return the relations by key; those without one get the letters that are free."""
        labels = [label for label in self.session.codebook.of_scope(Scope.RELATION) if not label.is_retired]
        keys = {label.key: label for label in labels if label.key}
        free = (letter for letter in HINTS if letter not in keys)
        keys.update((next(free), label) for label in labels if not label.key)
        return keys

    def _ends_in_view(self, start: End) -> dict[str, End]:
        found: list[End] = []
        for pane in (self.article, self.thread_pane):
            if pane.outline is None or not pane.display:
                continue
            for position in dict.fromkeys(position for position, _ in pane.viewport.rows()):
                view = pane.view_of(position)
                found.append(End(view.post))
                found.extend(End(view.post, annotation) for annotation in self._spans_in_view(pane, position))
        found = [end for end in found if end != start]
        ends = dict(zip(HINTS, found, strict=False))
        if start.post.parent_id is not None:
            ends["P"] = End(self.thread_source.post_by_id(start.post.parent_id))
        if start.post.position != 0:
            ends["0"] = End(self.article.view_of(0).post)
        return ends

    @staticmethod
    def _spans_in_view(pane: PostPane, position: int) -> list[Annotation]:
        body = pane.painted(position).body
        lines = {row - 1 for shown, row in pane.viewport.rows() if shown == position}
        return [
            annotation
            for annotation in pane.view_of(position).annotations
            if annotation.scope is Scope.SPAN
            and not annotation.detached
            and annotation.target.span is not None
            and body.line_of(annotation.target.span.start) in lines
        ]

    def _show_hints(self) -> None:
        hints: dict[tuple[int, int | None], str] = {}
        if self._draft is not None and self._draft.end is None:
            for letter, end in self._draft.ends.items():
                if letter in HINTS:
                    span = end.annotation.target.span if end.annotation else None
                    hints[end.post.position, span.start if span else None] = letter
        for pane in (self.article, self.thread_pane):
            pane.show_hints({key: letter for key, letter in hints.items() if (key[0] == 0) == (pane is self.article)})

    def take_first(self, key: str) -> bool:
        """Take a key as an end or a relation while one is in the making."""
        draft = self._draft
        if draft is None:
            return super().take_first(key)
        if key == "escape":
            self._end_draft()
            self.say("No relation made")
        elif draft.end is None:
            self._take_end(draft, key)
        elif label := self._relations().get(key):
            self._finish(draft, label)
        else:
            self.say(f"{show_keys(key)} is no relation")
        self.show_status()
        return True

    def _take_end(self, draft: Draft, key: str) -> None:
        end = draft.ends.get(key)
        if end is None:
            self.say(f"{show_keys(key)} is no letter in view")
            return
        draft.end = end
        self.said = ""
        self._show_hints()
        relations = self._relations()
        if draft.label is not None:
            self._finish(draft, draft.label)
        elif len(relations) == 1:
            self._finish(draft, next(iter(relations.values())))

    def _finish(self, draft: Draft, label: Label) -> None:
        end = draft.end
        self._end_draft()
        if end is None:
            return
        target = Target(
            thread_id=self.thread.id,
            post_id=draft.start.post.id,
            from_annotation=draft.start.annotation.id if draft.start.annotation else None,
            to_post_id=end.post.id,
            to_annotation=end.annotation.id if end.annotation else None,
        )
        try:
            self.take_change(self.session.toggle(label.id, target))
            self._last_label = label
            self.show_posts({draft.start.post.id, end.post.id})
        except PostilError as error:
            self.complain(error)

    def _end_draft(self) -> None:
        self._draft = None
        self._show_hints()

    def offers(self) -> tuple[str, Sequence[Offer]]:
        """Say how a relation in the making goes on."""
        draft = self._draft
        if draft is None:
            return super().offers()
        start = "this span" if draft.start.annotation else "this post"
        escape = Offer(key="Esc", text="leave", command="escape")
        if draft.end is None:
            named = [
                Offer(key=key, text=text, command=key)
                for key, text in (("P", "its parent"), ("0", "the article"))
                if key in draft.ends
            ]
            return f"Relate {start} to: press a letter shown", [*named, escape]
        offers = [
            Offer(key=key, text=label.name, colour=label.colour, command=key)
            for key, label in self._relations().items()
        ]
        return f"How does {start} relate", [*offers, escape]
