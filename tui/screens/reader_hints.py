"""The reader's actions that reach any word in view by the letters that are shown before it.

To *pick* is to press such letters: of a first and a last word, to select from one to the other. To *mark* is to pick span
after span: when a label is put, the letters are there again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tui.keymap import Context, Match, show_keys
from tui.screens.reader_labels import ReaderLabels
from tui.widgets.label_bar import Offer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    from annotations.codebook import Label
    from tui.text.outline import Outline
    from tui.widgets.post_canvas import PostCanvas
    from tui.widgets.post_pane import PostPane

    Word: TypeAlias = tuple[int, int, int, int]
    """The position of its post, its line, its start and its end."""


PICK = "select.pick"
"""The command that, while words have their letters, goes on to mark span after span."""


class Picking(Struct):
    """A choice of words by letters.

    Args:
        pane: The pane in which.
        outline: What the pane showed when the words got their letters: the thread may be imported again meanwhile.
        view: What was in the pane's view then: the post and the row where it begins, and its rows.
        words: The words in view, in reading order.
        given: The letters of each.
        codes: The words that can be chosen now, by their letters.
        is_span: Whether a first and a last word are chosen, to select from one to the other; else one, to go there.
        typed: The letters so far of a word that has two.
        first: The first word, once it is chosen.
    """

    pane: PostPane
    outline: Outline | None
    view: tuple[int, int, int]
    words: Sequence[Word]
    given: Sequence[str]
    codes: Mapping[str, int]
    is_span: bool
    typed: str = ""
    first: Word | None = None


class ReaderHints(ReaderLabels):
    """Words by their letters."""

    _picking: Picking | None = None
    _is_marking = False

    def action_pick_span(self) -> None:
        """Select from one word to another, by their letters."""
        self._pick(is_span=True)

    def action_jump_to_word(self) -> None:
        """Go to a word in view, or select as far as it."""
        self._pick(is_span=False)

    def put(self, label: Label) -> None:
        """Put a label; where spans are marked one after the other, go on with the next."""
        super().put(label)
        self._go_on_marking()

    def take(self, key: str) -> bool:
        """Act on a key; where spans are marked, the letters come again when it has done what it does."""
        is_taken = super().take(key)
        if not self.pending:
            self._go_on_marking()
        return is_taken

    def _go_on_marking(self) -> None:
        if self._is_marking and self._picking is None and self.context is not Context.VISUAL:
            self._pick(is_span=True)
            self.show_status()

    def follow(self, pane: PostCanvas) -> None:
        """Give other words their letters when they come into view."""
        super().follow(pane)
        picking = self._picking
        if picking is None or picking.pane is not pane or picking.first is not None or picking.view == _view(pane):
            return
        self._end_picking()
        self._pick(is_span=picking.is_span)
        self.show_status()

    def _pick(self, *, is_span: bool) -> None:
        from tui.text.hints import codes  # noqa: PLC0415  # loaded on use

        pane = self.pane
        words = words_to_choose(pane, is_selecting=pane.selection_start is not None and not is_span)
        if not words:
            self.say("No words in view")
            return
        here = pane.position, pane.caret
        ahead = next((index for index, word in enumerate(words) if (word[0], word[3]) > here), len(words))
        given = codes(len(words), ahead)
        codes_of = {code: at for at, code in enumerate(given) if code}
        self._picking = Picking(pane, pane.outline, _view(pane), words, given, codes_of, is_span)
        self._show_letters()

    def _show_letters(self) -> None:
        """Show the letter of each word that has one, and once a line the first of those of two."""
        picking = self._picking
        if picking is None:
            return
        typed = len(picking.typed)
        left = {at: code[typed:] for code, at in picking.codes.items() if code.startswith(picking.typed)}
        left |= {at: code for code, at in picking.codes.items() if len(code) == 1 and not typed}
        shown: dict[tuple[int, int | None], str] = {}
        firsts: dict[tuple[int, int, str], int] = {}
        for at in sorted(left):
            position, line, start, _ = picking.words[at]
            if len(left[at]) == 1:
                shown[position, start] = left[at]
            elif (place := firsts.get((position, line, left[at][0]))) is None or not self._has_gap(place):
                firsts[position, line, left[at][0]] = at
        for (position, _, first), at in firsts.items():
            shown[position, picking.words[at][2]] = f"{first}…"
        picking.pane.show_hints(shown)

    def _has_gap(self, at: int) -> bool:
        """Tell whether there is room for a letter before a word."""
        picking = self._picking
        assert picking is not None  # noqa: S101  # asked while letters are shown
        position, _, start, _ = picking.words[at]
        return start == 0 or picking.pane.view_of(position).post.text[start - 1].isspace()

    def _end_picking(self) -> None:
        if self._picking is not None:
            self._picking.pane.show_hints({})
            self._picking = None

    def take_first(self, key: str) -> bool:
        """Take a key as a letter while words have letters; one that is none does what it always does."""
        picking = self._picking
        if picking is None:
            return super().take_first(key)
        from tui.text.hints import LETTERS  # noqa: PLC0415  # loaded on use

        if len(key) == 1 and key in LETTERS:
            self.said = ""
            if picking.pane is self.pane and picking.outline is self.pane.outline:
                self._take_letter(picking, key)
            else:  # the letter was meant for what is not there any more
                self._end_picking()
                self._pick(is_span=picking.is_span)
        elif key == "escape":
            self._leave_picking(picking)
        elif picking.is_span and picking.first is None and self._is_of(PICK, key):
            self._is_marking = not self._is_marking
        else:
            self._end_picking()
            self.show_status()
            return super().take_first(key)
        self.show_status()
        return True

    def _is_of(self, command: str, key: str) -> bool:
        match = self.keymap.read((key,), self.context)
        return isinstance(match, Match) and match.command.id == command

    def _leave_picking(self, picking: Picking) -> None:
        """Take back the first letter, then leave."""
        self._end_picking()
        if picking.typed or picking.first is not None:
            if picking.first is not None:
                picking.pane.end_selection()
            self._pick(is_span=picking.is_span)
        else:
            self._is_marking = False

    def _take_letter(self, picking: Picking, key: str) -> None:
        code = picking.typed + key
        if code in picking.codes:
            picking.typed = ""
            self._take_word(picking, picking.codes[code])
        elif any(other.startswith(code) for other in picking.codes):
            picking.typed = code
            self._show_letters()
        else:
            self.say(f"{show_keys(key)} is no letter in view")

    def _take_word(self, picking: Picking, at: int) -> None:
        from tui.text.hints import codes_to  # noqa: PLC0415  # loaded on use

        pane = picking.pane
        position, _, start, end = word = picking.words[at]
        if not picking.is_span:
            self._end_picking()
            pane.go_to_word(position, start, end)
        elif picking.first is not None:
            self._end_picking()
            pane.select_span(picking.first[2], end)
        else:
            picking.first = word
            stop = next((other for other in range(at, len(picking.words)) if picking.words[other][0] != position), None)
            picking.codes = codes_to(picking.given[:stop], at)
            pane.select_from(position, start)
            self._show_letters()

    def offers(self) -> tuple[str, Sequence[Offer]]:
        """Say what the letters do."""
        picking = self._picking
        if picking is None:
            return super().offers()
        from tui.text.hints import LETTERS  # noqa: PLC0415  # loaded on use

        escape = [Offer(key="Esc", text="leave", command="escape")]
        if not picking.is_span:
            verb = "Select to" if picking.pane.selection_start is not None else "Go to"
            return f"{verb} a word: press its letter", escape
        if picking.first is not None:
            return "Select to a word: press its letter, the same again for one word", escape
        if self._is_marking:
            digits = [key for key in self.key_labels() if key not in LETTERS]
            keys = f"{digits[0]}…{digits[-1]}" if len(digits) > 1 else "".join(digits)
            return "Mark from a word: press its letter", [
                *escape,
                *([Offer(key=keys, text="label the post")] if keys else []),
            ]
        more = self.commands({PICK: "mark span after span"})
        return "Select from a word: press its letter", [*more, *escape]

    def mode_word(self) -> str:
        """Return what the keys do now, in a word."""
        return "MARK" if self._is_marking and self.context is not Context.VISUAL else super().mode_word()


def _view(pane: PostCanvas) -> tuple[int, int, int]:
    """Return where the view of a pane begins, a post and a row of it, and how many rows it has."""
    return pane.viewport.top, pane.viewport.row, pane.viewport.height


def words_to_choose(pane: PostPane, *, is_selecting: bool) -> list[Word]:
    """Return the words in view that can be chosen: where text is selected, those of its post."""
    from tui.text.hints import is_worth_a_hint  # noqa: PLC0415  # loaded on use

    found = []
    position, text = -1, ""
    for word in pane.words_in_view():
        if is_selecting and word[0] != pane.position:
            continue
        if word[0] != position:
            position, text = word[0], pane.view_of(word[0]).post.text
        if is_worth_a_hint(text[word[2] : word[3]]):
            found.append(word)
    return found
