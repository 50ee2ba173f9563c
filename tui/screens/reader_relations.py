"""The reader's action that relates a post, words or the thread to another: the other end, then the relation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.errors import PostilError
from annotations.model import Scope
from tui.keymap import FOLD, MOVE, Match, Reading, show_keys
from tui.screens.reader_values import ReaderValues
from tui.widgets.label_bar import Offer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.codebook import Label
    from tui.screens.relation_draft import Draft, End
    from tui.widgets.post_canvas import PostCanvas

PICK, START, LIST = "enter", "-", ":"
"""The keys that take what is under the cursor for the other end, start elsewhere, list what is labeled."""
STAYING = frozenset({"view.other_pane", "find.next", "find.previous"})
"""Commands of other groups that lead to ends that are not in view."""


class ReaderRelations(ReaderValues):
    """Relations across posts."""

    _draft: Draft | None = None

    def action_relate(self) -> None:
        """Choose the other end of a relation, then the relation."""
        self.begin_relation()

    def begin_relation(self, label: Label | None = None) -> None:
        """Give every post and labeled span in view a letter; with `label`, the relation is chosen already."""
        from tui.screens.relation_draft import Draft, starts_at  # noqa: PLC0415  # loaded on use

        pane = self.pane
        if not self._relations():
            self.say("The codebook has no relations")
            return
        if pane.outline is None:
            return
        post = pane.view_of(pane.position).post
        inspected = self.inspected
        if inspected is not None and inspected.scope is Scope.SPAN and not pane.is_in_text:
            inspected = None  # the post is meant, not what stands somewhere in it
        place = (pane is self.thread_pane, pane.position, pane.caret if pane.is_in_text else None)
        self._draft = Draft(starts_at(post, inspected), place, label=label)
        self._find_ends()
        self.show_status()

    def _relations(self) -> dict[str, Label]:
        """Return the relations by key; those without one get the letters that are free."""
        from tui.screens.relation_draft import HINTS  # noqa: PLC0415  # loaded on use

        labels = [label for label in self.session.codebook.of_scope(Scope.RELATION) if not label.is_retired]
        keys = {label.key: label for label in labels if label.key}
        free = (letter for letter in HINTS if letter not in keys)
        keys.update(zip(free, (label for label in labels if not label.key), strict=False))
        return keys

    def _find_ends(self) -> None:
        """Give letters to the ends in view, and show them."""
        from tui.screens.relation_draft import (  # noqa: PLC0415  # loaded on use
            ARTICLE,
            HINTS,
            PARENT,
            WHOLE_THREAD,
            End,
            ends_in_view,
        )

        draft = self._draft
        if draft is None:
            return
        start = draft.start
        found = [end for pane in (self.article, self.thread_pane) for end in ends_in_view(pane)]
        ends = dict(zip(HINTS, (end for end in found if end.key != start.key), strict=False))
        if start.post is not None and start.post.parent_id is not None:
            ends[PARENT] = End(self.thread_source.post_by_id(start.post.parent_id))
        if start.post is None or start.post.position != 0 or start.annotation is not None:
            ends[ARTICLE] = End(self.article.view_of(0).post)
        if start.post is not None:
            ends[WHOLE_THREAD] = End()
        draft.ends = ends
        self._show_hints()

    def _show_hints(self) -> None:
        from tui.screens.relation_draft import hints_of  # noqa: PLC0415  # loaded on use

        draft = self._draft
        ends = draft.ends if draft is not None and draft.end is None else {}
        for pane in (self.article, self.thread_pane):
            here = {
                key: end for key, end in ends.items() if end.post and (end.post.position == 0) == (pane is self.article)
            }
            pane.show_hints(hints_of(here, pane))

    def follow(self, pane: PostCanvas) -> None:
        """Give letters to what comes into view while an end is being chosen."""
        super().follow(pane)
        if self._draft is not None and self._draft.end is None:
            self._find_ends()

    # --- keys -------------------------------------------------------------------------------------------------------

    def take_first(self, key: str) -> bool:
        """Take a key as an end or a relation while one is in the making; those that move do what they always do."""
        draft = self._draft
        if draft is None:
            return super().take_first(key)
        if key == "escape":
            self._end_draft()
            self.say("No relation made")
        elif draft.end is not None:
            self._take_relation(draft, key)
        elif (end := draft.ends.get(key)) is not None:
            self._take_end(draft, end)
        elif key == PICK:
            self._take_here(draft)
        elif key == START:
            draft.at += 1
            self._find_ends()
        elif key == LIST:
            self._list_ends(draft)
        elif self._leads_on(key):
            return False
        else:
            self.say(f"{show_keys(key)} is no letter in view")
        self.show_status()
        return True

    def _leads_on(self, key: str) -> bool:
        """Tell whether a key leads to another place, or begins what does; letters name ends, and do not."""
        from tui.screens.relation_draft import HINTS  # noqa: PLC0415  # loaded on use

        if key in HINTS:
            return False
        match = self.keymap.read((key,), self.context)
        if isinstance(match, Match):
            return (
                match.command.group in {MOVE, FOLD} or match.command.id in STAYING or match.command.id == "find.start"
            )
        return match is Reading.PENDING

    def _take_here(self, draft: Draft) -> None:
        """Take the post, or the labeled words, under the cursor for the other end."""
        from tui.screens.relation_draft import End  # noqa: PLC0415  # loaded on use

        pane = self.pane
        if pane.outline is None:
            return
        inspected = self.inspected if pane.is_in_text else None
        is_span = inspected is not None and inspected.scope is Scope.SPAN
        end = End(pane.view_of(pane.position).post, inspected if is_span else None)
        if end.key == draft.start.key:
            self.say("A relation cannot lead to where it starts")
        else:
            self._take_end(draft, end)

    def _list_ends(self, draft: Draft) -> None:
        """Choose the other end from all that is labeled in the thread."""
        from tui.screens.end_picker import EndPicker  # noqa: PLC0415  # loaded on use

        def take(end: End | None) -> None:
            if end is not None and self._draft is draft:
                self._take_end(draft, end)
                self.show_status()

        self.app.push_screen(EndPicker(self.thread_source, draft.start), take)

    def _take_end(self, draft: Draft, end: End) -> None:
        draft.end = end
        self.said = ""
        self._show_hints()
        relations = self._relations()
        if draft.label is not None:
            self._finish(draft, end, draft.label)
        elif len(relations) == 1:
            self._finish(draft, end, next(iter(relations.values())))

    def _take_relation(self, draft: Draft, key: str) -> None:
        label = self._relations().get(key)
        if label is None or draft.end is None:
            self.say(f"{show_keys(key)} is no relation")
        else:
            self._finish(draft, draft.end, label)

    def _finish(self, draft: Draft, end: End, label: Label) -> None:
        self._end_draft()
        try:
            change = self.session.toggle(label.id, draft.target(self.thread.id, end))
        except PostilError as error:
            self.complain(error)
            return
        self._last_label = label
        self.take_change(change)
        self.ask_for_values(label, change)

    def _end_draft(self) -> None:
        """Go back to where the relation starts, and show the letters no longer."""
        draft, self._draft = self._draft, None
        self._show_hints()
        if draft is None:
            return
        is_in_thread, position, offset = draft.place
        pane = self.thread_pane if is_in_thread else self.article
        if self.pane is not pane:
            self.show_pane(pane)
        if offset is not None and (pane.position, pane.caret) != (position, offset):
            pane.go_to_text(position, offset)
        elif offset is None and pane.position != position:
            pane.go_to(position)

    def more_offer(self) -> Offer | None:
        """Return what leads to more offers: nothing while a relation is in the making."""
        return super().more_offer() if self._draft is None else None

    # --- the bar ----------------------------------------------------------------------------------------------------

    def mode_word(self) -> str:
        """Return what the keys do now, in a word."""
        return "RELATE" if self._draft is not None else super().mode_word()

    @property
    def notice(self) -> str:
        """What stands in the status line as long as nothing else is to be said: between what the relation is."""
        draft = self._draft
        if draft is None:
            return super().notice
        end = "…" if draft.end is None else draft.end.name
        return f"{draft.start.name} → {end}"

    def offers(self) -> tuple[str, Sequence[Offer]]:
        """Say how a relation in the making goes on."""
        draft = self._draft
        if draft is None:
            return super().offers()
        escape = Offer(key="Esc", text="leave", command="escape")
        if draft.end is not None:
            labels = self._relations().items()
            offers = [Offer(key=key, text=label.name, colour=label.colour, command=key) for key, label in labels]
            return "How", [*offers, escape]
        words = {"P": "parent", "0": "article", "*": "thread"}
        named = [Offer(key=key, text=text, command=key) for key, text in words.items() if key in draft.ends]
        other = draft.starts[(draft.at + 1) % len(draft.starts)].name
        offers = [
            Offer(key="a…Z", text="the letter"),
            Offer(key=show_keys(PICK), text="this one", command=PICK),
            *named,
            Offer(key=LIST, text="list", command=LIST),
            escape,
            Offer(key=START, text=f"start from {other}", command=START),
        ]
        return "To", offers
