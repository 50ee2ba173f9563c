"""The fewest keys that put one label: a search through the states of cursor and selection that keys lead to.

Layer by layer, a key a layer, so that the first way found is a shortest one. Every way of up to four keys is looked at; a
longer one goes by the letters of words, from a place that at most two keys lead to, and might be undercut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.model import Scope
from tests.benchmarks.key_choice import PICK, KeyChoice
from tui.keymap import Context
from tui.text import hints, motions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.benchmarks.gold import Mark
    from tests.benchmarks.hands import Kept, State

LAYERS = 3
"""How many keys, the label's not counted, are tried in every order."""


class Step(Struct, frozen=True):
    """A state, and how it was reached."""

    kept: Kept
    before: Step | None = None
    key: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that led here."""
        found: list[str] = []
        step = self
        while step.before is not None:
            found.append(step.key)
            step = step.before
        return tuple(reversed(found))


class Ways(KeyChoice):
    """Finds the fewest keys for one label."""

    def fewest(self, mark: Mark, below: int | None = None) -> tuple[str, ...] | None:
        """Return the fewest keys from where the hands are to the label put, its own included; the hands are left anywhere.

        None if none were found, or none fewer than `below`.
        """
        hands = self.hands
        layer = [Step(hands.keep())]
        seen = {layer[0].kept.state}
        best: tuple[str, ...] | None = None
        for pressed in range(LAYERS):
            if way := self._end(mark, layer, None if below is None else below - pressed):
                return way
            for step in layer:
                way = self._pick(mark, step, below) or ()
                if way and (below is None or len(way) < below):
                    best, below = way, len(way)
            room = None if below is None else below - pressed
            if pressed + 1 == LAYERS or (
                room is not None and room <= 3
            ):  # three keys more: another, the last, the label's
                break
            layer = list(self._next_layer(mark, layer, seen, room))
        return best

    def _end(self, mark: Mark, layer: Iterable[Step], room: int | None) -> tuple[str, ...]:
        """Return a way on which the label's key follows on a layer, or with one key between; fewer than `room` keys."""
        if room is None or room > 1:
            for step in layer:
                self.hands.restore(step.kept)
                if last := self._finish(mark):
                    return (*step.keys, *last)
        if room is None or room > 2:
            for step in layer:
                if way := self._last_two(mark, step):
                    return way
        return ()

    def _finish(self, mark: Mark) -> tuple[str, ...]:
        """Return the key that puts the label as things stand, or nothing."""
        hands = self.hands
        pane, picking = hands.pane, hands._picking
        if hands.pending or pane.position != mark.position or (picking and (picking.first or picking.typed)):
            return ()
        label = hands.session.codebook.label(mark.label)
        if label.scope is Scope.SPAN:
            is_here = pane.selected_span() == (mark.start, mark.end)
        else:
            is_here = hands.context is not Context.VISUAL
        if is_here:
            key = next((key for key, found in hands.key_labels().items() if found.id == mark.label), "")
            if key and not (picking and key in hints.LETTERS):
                return (key,)
        if self._repeat and hands._last_label == label and pane.selection_start is None and self._is_sentence(mark):
            return (self._repeat,)
        return ()

    def _is_sentence(self, mark: Mark) -> bool:
        """Tell whether the mark is the sentence under the cursor, on which a label is put where nothing is selected."""
        pane = self.hands.pane
        return not mark.is_of_post and pane.body.find(motions.sentence_at, pane.caret) == (mark.start, mark.end)

    def _last_two(self, mark: Mark, step: Step) -> tuple[str, ...]:
        """Return a way on which one key is left before the label's, without keeping where all others lead."""
        hands = self.hands
        hands.restore(step.kept)
        for key in list(self._last_keys(mark)):
            hands.restore(step.kept)
            hands.press(key)
            if last := self._finish(mark):
                return (*step.keys, key, *last)
        return ()

    def _pick(self, mark: Mark, step: Step, below: int | None) -> tuple[str, ...] | None:
        """Return the way by the letters of the first and the last word, if both are in view; None if there is none.

        Ways that are not shorter than `below` need not be found.
        """
        if mark.is_of_post:
            return None
        ways = []
        for begun in self._pick_word(mark, step, is_end=False):
            for ended in self._pick_word(mark, begun, is_end=True):
                self.hands.restore(ended.kept)
                if last := self._finish(mark):
                    ways.append((*ended.keys, *last))
                elif way := self._mend(mark, ended, below):
                    ways.append(way)
                below = min((below or len(ways[-1]), *map(len, ways))) if ways else below
        return min(ways, key=len, default=None)

    def _pick_word(self, mark: Mark, step: Step, *, is_end: bool) -> list[Step]:
        """Return where the letters lead of the word at an end of the span; of two where it ends within a word."""
        hands = self.hands
        hands.restore(step.kept)
        if hands.pending:
            return []
        if hands._picking is None and not is_end:
            hands.press(self._picks)
            step = Step(hands.keep(), step, self._picks)
        picking = hands._picking
        if picking is None or picking.typed or (picking.first is not None) is not is_end:
            return []
        codes: dict[int, str] = {}
        for code, index in picking.codes.items():
            if picking.words[index][0] == mark.position and len(code) < len(codes.get(index, "...")):
                codes[index] = code
        place = mark.end if is_end else mark.start
        words = {index: picking.words[index][2:] for index in codes}
        chosen = [index for index, word in words.items() if word[is_end] == place]
        if not chosen:
            before = max((index for index, (start, _) in words.items() if start < place), default=None)
            behind = min((index for index, (_, end) in words.items() if end > place), default=None)
            chosen = [index for index in dict.fromkeys((before, behind)) if index is not None]
        found = []
        for index in chosen:
            hands.restore(step.kept)
            after = step
            for letter in codes[index]:
                hands.press(letter)
                after = Step(hands.keep(), after, letter)
            found.append(after)
        return found

    def _mend(self, mark: Mark, step: Step, below: int | None) -> tuple[str, ...]:
        """Return a way on from a selection of whole words to one whose ends are within words."""
        so_far = len(step.keys)
        if below is not None and so_far + 2 >= below:
            return ()
        if way := self._last_two(mark, step):
            return way
        if below is not None and so_far + 3 >= below:
            return ()
        seen = {step.kept.state}
        for longer in list(self._next_layer(mark, [step], seen, None)):
            if way := self._last_two(mark, longer):
                return way
        return ()

    def _next_layer(self, mark: Mark, layer: Iterable[Step], seen: set[State], room: int | None) -> Iterator[Step]:
        """Yield the states to which one key more leads.

        Args:
            mark: What is to be labeled.
            layer: The states so far.
            seen: All states that were reached before.
            room: How many keys a known way has from here on.
        """
        hands = self.hands
        for step in layer:
            hands.restore(step.kept)
            is_visual = hands.context is Context.VISUAL
            for key in list(self._keys(mark)):
                command = self._sequences[hands.context].get((key,)) if not hands.pending else None
                least = {PICK: 4, "text.jump": 3 if is_visual else 4}.get(command.id, 3) if command else 3
                if room is not None and room <= least:
                    continue
                hands.restore(step.kept)
                hands.press(key)
                kept = hands.keep()
                if kept.state not in seen:
                    seen.add(kept.state)
                    yield Step(kept, step, key)
