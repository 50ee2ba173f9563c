"""The fewest keys that put gold labels, one after the other.

Each is reached from both states that last, marking span after span on and off (`tests.benchmarks.ways`), and the cheapest
chain is taken. To what is out of reach by a few keys one goes by chains, posts and pages, to the end of a span within a word
by characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.model import Scope, Target
from annotations.span import Span
from tests.benchmarks.key_choice import OTHER_PANE
from tests.benchmarks.ways import Step, Ways
from tui.text import hints, motions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.gold import Mark
    from tests.benchmarks.hands import Kept

FARTHEST = 1_000
"""Steps after which a way to something far away is given up."""


class _Chain(Struct, frozen=True):
    """The keys for the labels so far, and the state that they lead to."""

    kept: Kept
    ways: tuple[tuple[str, ...], ...]

    @property
    def length(self) -> int:
        """How many keys they are."""
        return sum(map(len, self.ways))


class Search(Ways):
    """Finds the fewest keys for gold labels."""

    def put_all(self, marks: Sequence[Mark]) -> list[tuple[str, ...]]:
        """Put labels, and return the keys for each: none for a span that no keys select, as half a grapheme cluster."""
        chains = {False: _Chain(self.hands.keep(), ())}
        for mark in marks:
            found: dict[bool, _Chain] = {}
            for is_marking, will_mark in ((True, True), (False, False), (True, False), (False, True)):
                if (chain := chains.get(is_marking)) is not None:
                    known = found.get(will_mark)
                    turn = self._turn(is_on=is_marking, will_be_on=will_mark)
                    longer = self._lengthen(chain, mark, turn, known.length if known is not None else None)
                    if longer is not None:
                        found[will_mark] = longer
            if not found:
                found = {is_on: _Chain(chain.kept, (*chain.ways, ())) for is_on, chain in chains.items()}
            self._keep(mark)
            chains = self._worth_keeping(found)
        best = min(chains.values(), key=lambda chain: chain.length)
        self.hands.restore(best.kept)
        return list(best.ways)

    def _worth_keeping(self, chains: dict[bool, _Chain]) -> dict[bool, _Chain]:
        """Return the chains without one that is no shorter than the other with the keys that turn picking on or off."""
        if len(chains) == len({False, True}):
            for is_marking in (False, True):
                turn = self._turn(is_on=is_marking, will_be_on=not is_marking)
                if chains[not is_marking].length >= chains[is_marking].length + len(turn):
                    return {is_marking: chains[is_marking]}
        return chains

    def _turn(self, *, is_on: bool, will_be_on: bool) -> tuple[str, ...]:
        """Return the keys that turn picking word after word on or off."""
        if is_on == will_be_on:
            return ()
        return (self._picks, self._picks) if will_be_on else ("escape",)

    def _lengthen(self, chain: _Chain, mark: Mark, turn: tuple[str, ...], known: int | None) -> _Chain | None:
        """Return the chain with the keys for one label more, as if they had been pressed.

        None if none were found, or none with which they are fewer than are `known`.
        """
        hands = self.hands
        hands.restore(chain.kept)
        hands.press(*turn)
        begin = hands.keep()
        room = None if known is None else known - chain.length - len(turn)
        if turn and begin.state == chain.kept.state:
            return None
        way = self.fewest(mark, room)
        if way is None and known is None:
            hands.restore(begin)
            going = self._go(mark)
            near = hands.keep()
            way = self.fewest(mark) if going else None
            if way is None:
                hands.restore(near)
                way = self._by_characters(mark)
            way = None if way is None else (*going, *way)
        if way is None:
            return None
        hands.restore(begin)
        label = hands._last_label
        hands.press(*way)
        kept = hands.keep()
        hands.session.undo()
        hands.show_posts(self._post_ids(mark))
        hands.forget_run()
        hands._last_label = label
        return _Chain(kept, (*chain.ways, (*turn, *way)))

    def _go(self, mark: Mark) -> tuple[str, ...]:
        """Go near a mark that is far away, by chains, posts and pages, and return the keys; nothing if that does not help."""
        hands = self.hands
        found: list[str] = []
        if (hands.pane is hands.article) is not (mark.position == 0):
            found += self._press(OTHER_PANE)
        for _ in range(FARTHEST):
            pane = hands.pane
            outline = pane.outline
            if outline is None:
                return ()
            if pane.position != mark.position:
                step = 1 if pane.position < mark.position else -1
                top = outline.next_top(pane.position) if step > 0 else outline.previous_top(pane.position)
                is_chain = top is not None and (top - mark.position) * step <= 0 and pane is hands.thread_pane
                names = ("post.next_top", "post.previous_top") if is_chain else ("post.next", "post.previous")
            elif mark.is_of_post or any(
                word[0] == mark.position and word[3] == mark.end for word in pane.words_in_view()
            ):
                return tuple(found)
            else:
                names = ("page.down", "page.up")
                step = 1 if (pane.caret if pane.is_in_text else 0) < mark.end else -1
            found += self._press(names[0] if step > 0 else names[1])
        return ()

    def _by_characters(self, mark: Mark) -> tuple[str, ...] | None:
        """Return the way by the letters of words that the ends are in or near, and by characters from there."""
        hands = self.hands
        if mark.is_of_post:
            return None
        found: list[str] = []
        begun = self._pick_word(mark, Step(hands.keep()), is_end=False)
        ended = self._pick_word(mark, begun[0], is_end=True) if begun else []
        if ended:
            hands.restore(ended[-1].kept)
            found += ended[-1].keys
        elif hands._picking is None:
            found += self._press("select.start")
        else:
            return None
        pane = hands.pane
        for target in (pane.body.follow(motions.previous_cluster, mark.end), mark.start):
            for _ in range(FARTHEST):
                if pane.caret == target:
                    break
                found += self._press("text.right" if pane.caret < target else "text.left")
            if target != mark.start or pane.selected_span() != (mark.start, mark.end):
                found += self._press("select.swap")
        last = self._finish(mark)
        return (*found, *last) if last else None

    def _press(self, command: str) -> tuple[str, ...]:
        """Press the keys of a command, which are no letters where words have letters, and return them."""
        sequences = [tuple(keys.split(" ")) for keys in self.hands.keymap.keys[command]]
        is_picking = self.hands._picking is not None
        keys = next(keys for keys in sequences if not is_picking or keys[0] not in hints.LETTERS)
        self.hands.press(*keys)
        return keys

    def _post_ids(self, mark: Mark) -> list[int]:
        return self.hands.thread_source.post_ids(mark.position, mark.position + 1)

    def _keep(self, mark: Mark) -> None:
        """Put a label for good."""
        hands = self.hands
        label = hands.session.codebook.label(mark.label)
        post_id = None if label.scope is Scope.THREAD else self._post_ids(mark)[0]
        span = None if mark.is_of_post else Span(mark.start, mark.end)
        change = hands.session.apply(label.id, Target(thread_id=hands.thread.id, post_id=post_id, span=span))
        hands.take_change(change)
        hands._last_label = label
