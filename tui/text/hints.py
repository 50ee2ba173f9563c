"""Letters by which words in view are chosen: what is near the cursor has one letter, what is farther two.

Of two letters the first names a stretch of the text and is shown once a line, so that the text can still be read; when
it is typed, the words of that stretch show their second. No code begins another. Cf. vim-easymotion and avy, which give
letters to words in the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LETTERS = "asdfghjklqwertyiopzcvbnm" + "ASDFGHJKLQWERTYUOPZXCVBNM"
"""The letters in the order in which they are given out: without `u` and `x`, which undo and go on, and without `I`."""

SHARE_BEHIND = 6
"""One of so many letters is for a word before the cursor: texts are labeled from their beginning to their end."""

_UNHINTED = frozenset(",;:-–—/|·•*_~=+`>،؛，；：、")
"""Signs at which no span begins or ends."""


def is_worth_a_hint(word: str) -> bool:
    """Tell whether a span may sensibly begin or end with a word, which may be a run of signs."""
    return not _UNHINTED.issuperset(word)


def codes(count: int, here: int) -> list[str]:
    """Return the letters of each of `count` words in reading order, of which `here` is the first ahead of the cursor.

    Where there are more than two letters can tell apart, the words farthest behind and ahead have "".
    """
    size = len(LETTERS)
    firsts = 0  # how many letters are the first of two: as few as the words leave
    while True:
        near = _near(count, here, size - firsts)
        stretches = [*_stretches(0, near.start), *_stretches(near.stop, count)]
        if len(stretches) <= firsts or firsts == size:
            break
        firsts += 1
    found = [""] * count
    order = [*range(here, near.stop), *reversed(range(near.start, min(here, near.stop)))]
    for index, letter in zip(order, LETTERS, strict=False):
        found[index] = letter
    surplus = len(stretches) - firsts
    for first, stretch in zip(LETTERS[size - firsts :], stretches[max(0, surplus) // 2 :], strict=False):
        for index, second in zip(stretch, LETTERS, strict=False):
            found[index] = first + second
    return found


def codes_to(given: Sequence[str], first: int) -> Mapping[str, int]:
    """Return by their codes the words to which a selection may reach that begins with the word `first`.

    All codes of words behind it stay as they are `given`, for they may have been read before the first was typed; but
    the letters that are free now go to words that had two. Where `first` had two itself, all letters are dealt anew: its
    stretch hid the others.
    """
    ahead = range(first, len(given))
    if len(given[first]) != 1:
        return {code: first + index for index, code in enumerate(codes(len(ahead), 0)) if code}
    found = {given[index]: index for index in ahead if given[index]}
    free = (letter for letter in LETTERS if letter in given and letter not in found)
    found |= dict(zip(free, (index for index in ahead if len(given[index]) != 1), strict=False))
    return found


def _near(count: int, here: int, room: int) -> range:
    """Return the words that get one letter: most of them ahead of the cursor."""
    behind = min(here, max(room // SHARE_BEHIND, room - (count - here)))
    start = max(0, here - behind)
    return range(start, min(count, start + room))


def _stretches(start: int, stop: int) -> list[range]:
    """Return as few stretches of words as there are letters for, about equally long."""
    number = -(-(stop - start) // len(LETTERS))
    length = stop - start
    return [range(start + length * place // number, start + length * (place + 1) // number) for place in range(number)]
