"""Which keys may lead to a label: those of the keymap that move and select, for the search in `tests.benchmarks.ways`.

Left out is what cannot help: folds, marks, jumps back, searches; letters of words that are far from both ends of the span;
characters for `f` that stand at neither end.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from tui.keymap import ANY_CHARACTER, ANY_DIGIT, MOVE, TEXT, Context
from tui.screens import reader_hints
from tui.text import hints, motions
from tui.widgets import post_stock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.gold import Mark
    from tests.benchmarks.hands import Hands
    from tui.keymap import Command
    from tui.widgets.post_pane import PostPane

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
OTHER_PANE, REPEAT, PICK = "view.other_pane", "label.repeat", "select.pick"


class KeyChoice:
    """Tells which keys to try.

    Args:
        hands: The reader whose keys are pressed.
    """

    def __init__(self, hands: Hands) -> None:
        self.hands = hands
        self._sequences: dict[Context, dict[tuple[str, ...], Command]] = {context: {} for context in Context}
        keys = hands.keymap.keys
        for command in hands.keymap.commands.values():
            if command.id in _USELESS or (
                command.group not in {MOVE, TEXT} and command.id not in {*_EDGES, OTHER_PANE}
            ):
                continue
            for context in command.contexts:
                if command.id not in _EDGES or context is Context.VISUAL:
                    for sequence in keys[command.id]:
                        self._sequences[context][tuple(sequence.split(" "))] = command
        self._repeat, self._picks = (next(iter(keys[name]), "") for name in (REPEAT, PICK))

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
        """Yield the characters at the ends of the span, if every keyboard has them."""
        pane = self.hands.pane
        if pane.position == mark.position and not mark.is_of_post:
            ends = pane.text[mark.start], pane.text[mark.end - 1]
            yield from dict.fromkeys("space" if each == " " else each for each in ends if each.isascii())

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
        view = id(pane), *pane.size, pane.viewport.top, pane.viewport.row, is_selecting and pane.position
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
