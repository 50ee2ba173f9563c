"""The fewest keys that put gold labels: a search through the states of cursor and selection that keys lead to.

For one label: layer by layer, a key a layer, so that the first way found is a shortest one. Every way of up to four keys is
looked at; a longer one goes by the letters of words, from a place that at most two keys lead to, and might be undercut; to
what is out of reach so, one goes by chains, posts and pages.
For all labels of a thread: each is reached from both states that last, picking words on and off, and the cheapest chain is
taken. Keys are those of the keymap that move and select. Left out is what cannot help: folds, marks, jumps back, searches;
letters of words that are far from both ends of the span; characters for `f` that stand at neither end.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.model import Scope, Target
from annotations.span import Span
from tui.keymap import ANY_CHARACTER, ANY_DIGIT, MOVE, TEXT, Context
from tui.screens import reader_hints
from tui.text import hints, motions
from tui.widgets import post_stock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tests.benchmarks.gold import Mark
    from tests.benchmarks.hands import Hands, Kept, State
    from tui.keymap import Command
    from tui.widgets.post_pane import PostPane

LAYERS = 3
"""How many keys, the label's not counted, are tried in every order."""
FARTHEST = 1_000
"""Steps after which a way to something far away is given up."""
NEAR = 2
"""Words to either side of an end of the span whose letters are tried."""

_USELESS = frozenset(
    {
        "post.out",
        "post.in",
        "post.peek",
        "post.next_unread",
        "post.previous_unread",
        "post.next_labeled",
        "post.previous_labeled",
        "post.next_dispute",
        "post.previous_dispute",
        "post.next_new",
        "post.previous_new",
        "post.follow",
        "post.next_followed",
        "post.previous_followed",
        "post.next_original",
        "post.previous_original",
        "post.done",
        "page.read_on",
        "jump.back",
        "mark.set",
        "mark.go",
        "leave",
    }
)
"""Of the commands that move: those that fold, ask what others did, or remember something."""
_EDGES = frozenset({"label.start_left", "label.start_right", "label.end_left", "label.end_right"})
"""Commands that move an end of the selection."""
_OTHER_PANE = "view.other_pane"
_REPEAT = "label.repeat"
_PICK = "select.pick"
_UNDO = "label.undo"


class _Step(Struct, frozen=True):
    """A state, and how it was reached."""

    kept: Kept
    before: _Step | None = None
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


class _Chain(Struct, frozen=True):
    """The keys for the labels so far, and the state that they lead to."""

    kept: Kept
    ways: tuple[tuple[str, ...], ...]

    @property
    def length(self) -> int:
        """How many keys they are."""
        return sum(map(len, self.ways))


class Search:
    """Finds the fewest keys for gold labels.

    Args:
        hands: The reader whose keys are pressed.
    """

    def __init__(self, hands: Hands) -> None:
        self.hands = hands
        self._sequences: dict[Context, dict[tuple[str, ...], Command]] = {context: {} for context in Context}
        keys = hands.keymap.keys
        for command in hands.keymap.commands.values():
            if command.id in _USELESS or (
                command.group not in {MOVE, TEXT} and command.id not in {*_EDGES, _OTHER_PANE}
            ):
                continue
            for context in command.contexts:
                if command.id not in _EDGES or context is Context.VISUAL:
                    for sequence in keys[command.id]:
                        self._sequences[context][tuple(sequence.split(" "))] = command
        self._repeat, self._picks, self._undo = (next(iter(keys[name]), "") for name in (_REPEAT, _PICK, _UNDO))

    # --- all labels -------------------------------------------------------------------------------------------------

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
            found += self._press(_OTHER_PANE)
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
        begun = self._pick_word(mark, _Step(hands.keep()), is_end=False)
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

    # --- one label --------------------------------------------------------------------------------------------------

    def fewest(self, mark: Mark, below: int | None = None) -> tuple[str, ...] | None:
        """Return the fewest keys from where the hands are to the label put, its own included; the hands are left anywhere.

        None if none were found, or none fewer than `below`.
        """
        hands = self.hands
        layer = [_Step(hands.keep())]
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

    def _end(self, mark: Mark, layer: Iterable[_Step], room: int | None) -> tuple[str, ...]:
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

    def _last_two(self, mark: Mark, step: _Step) -> tuple[str, ...]:
        """Return a way on which one key is left before the label's, without keeping where all others lead."""
        hands = self.hands
        hands.restore(step.kept)
        for key in list(self._last_keys(mark)):
            hands.restore(step.kept)
            hands.press(key)
            if last := self._finish(mark):
                return (*step.keys, key, *last)
        return ()

    def _pick(self, mark: Mark, step: _Step, below: int | None) -> tuple[str, ...] | None:
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

    def _pick_word(self, mark: Mark, step: _Step, *, is_end: bool) -> list[_Step]:
        """Return where the letters lead of the word at an end of the span; of two where it ends within a word."""
        hands = self.hands
        hands.restore(step.kept)
        if hands.pending:
            return []
        if hands._picking is None and not is_end:
            hands.press(self._picks)
            step = _Step(hands.keep(), step, self._picks)
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
                after = _Step(hands.keep(), after, letter)
            found.append(after)
        return found

    def _mend(self, mark: Mark, step: _Step, below: int | None) -> tuple[str, ...]:
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

    def _next_layer(self, mark: Mark, layer: Iterable[_Step], seen: set[State], room: int | None) -> Iterator[_Step]:
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
                least = {_PICK: 4, "text.jump": 3 if is_visual else 4}.get(command.id, 3) if command else 3
                if room is not None and room <= least:
                    continue
                hands.restore(step.kept)
                hands.press(key)
                kept = hands.keep()
                if kept.state not in seen:
                    seen.add(kept.state)
                    yield _Step(kept, step, key)

    # --- keys that may lead there -------------------------------------------------------------------------------------

    def _keys(self, mark: Mark) -> Iterator[str]:
        """Yield the keys to try in the present state."""
        hands = self.hands
        length = len(hands.pending)
        commands = self._sequences[hands.context]
        if hands._picking is not None:
            yield from self._letters(mark)
            if not hands._picking.typed:
                yield from (keys[0] for keys in commands if len(keys) == 1 and keys[0] not in hints.LETTERS)
            return
        known: set[str] = set()
        next_keys: dict[str, None] = {}
        for keys, command in commands.items():
            if keys[:length] == hands.pending and len(keys) > length and (len(keys) > 1 or command.id not in known):
                next_keys[keys[length]] = None
                known.add(command.id)
        for key in next_keys:
            if key == ANY_CHARACTER:
                yield from self._characters(mark)
            elif key != ANY_DIGIT:
                yield key

    def _letters(self, mark: Mark) -> Iterator[str]:
        """Yield the next letters of words near the ends of the span."""
        picking = self.hands._picking
        assert picking is not None
        ends = [
            index
            for index, (position, _, start, end) in enumerate(picking.words)
            if position == mark.position and (start <= mark.start < end or start < mark.end <= end)
        ]
        near = {index + by for index in ends for by in range(-NEAR, NEAR + 1)}
        typed = picking.typed
        yield from dict.fromkeys(
            code[len(typed)] for code, index in picking.codes.items() if index in near and code.startswith(typed)
        )

    def _characters(self, mark: Mark) -> Iterator[str]:
        """Yield the characters at the ends of the span."""
        pane = self.hands.pane
        if pane.position == mark.position and not mark.is_of_post:
            ends = pane.text[mark.start], pane.text[mark.end - 1]
            yield from dict.fromkeys("space" if character == " " else character for character in ends)

    def _last_keys(self, mark: Mark) -> Iterator[str]:
        """Yield the keys after which the label's may follow at once: of those that move one end, if the other is right."""
        hands = self.hands
        picking = hands._picking
        is_last = hands._last_label == hands.session.codebook.label(mark.label)
        if picking is not None and picking.first is None and not mark.is_of_post and not is_last:
            return  # a letter more selects nothing, and nothing is repeated
        if hands.pending or picking is not None:
            yield from self._keys(mark)
            return
        span = hands.pane.selected_span()
        is_one_right = span is not None and (span[0] == mark.start or span[1] == mark.end)
        for keys, command in self._sequences[hands.context].items():
            selects = command.id.startswith("select.")
            if len(keys) == 1 and (mark.is_of_post or selects or is_one_right or span is None):
                yield keys[0]


@contextmanager
def remembered_motions() -> Iterator[None]:
    """Remember where motions lead, while many ways through the same texts are tried."""
    names = [name for name in motions.__all__ if name not in {"words", "next_cluster", "previous_cluster"}]
    places = [*((motions, name) for name in names), (hints, "codes"), (post_stock, "sentence_at")]
    before = [(module, name, getattr(module, name)) for module, name in places]
    for module, name, function in before:
        setattr(module, name, lru_cache(maxsize=100_000)(function))
    choose = reader_hints.words_to_choose
    found: dict[tuple[object, ...], list[reader_hints.Word]] = {}

    def remembered_words(pane: PostPane, *, is_selecting: bool) -> list[reader_hints.Word]:
        view = id(pane), pane.viewport.top, pane.viewport.row, is_selecting and pane.position
        if view not in found:
            found[view] = choose(pane, is_selecting=is_selecting)
        return found[view]

    reader_hints.words_to_choose = remembered_words
    try:
        yield
    finally:
        reader_hints.words_to_choose = choose
        for module, name, function in before:
            setattr(module, name, function)
