"""Texts, and edits of them of which it is known where every character went: to measure with, not to read."""

from __future__ import annotations

import random
from bisect import bisect_left
from copy import copy
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SYLLABLES = (
    "ba",
    "co",
    "dre",
    "fi",
    "gul",
    "hen",
    "ja",
    "kor",
    "li",
    "mo",
    "nev",
    "po",
    "qui",
    "ras",
    "sto",
    "tam",
    "ul",
    "ve",
)
_ENDINGS = (".", ".", ".", ".", "!", "?", ", he said.", " 🙂.", "…")
_STRANGE = ("naïve", "cafe\u0301", "Vie\u0323\u0302t", "👩‍👩‍👧‍👦", "👍🏽", "隧道", "证据在哪里", "नमस्ते", "12%", "U.S.")
_VOCABULARY = 4_000
_STRANGE_SHARE = 0.02
_BOILERPLATE = 0.04
"""Share of the sentences that stand in a text more than once."""


class Word(NamedTuple):
    """A word of an edited text, with what stands before it.

    Args:
        gap: The white space before it.
        text: The word, its signs included.
        origin: Where it began in the first text; None if it is not from there.
        is_whole: Whether it says what it said there.
    """

    gap: str
    text: str
    origin: int | None
    is_whole: bool = True


class Truth(NamedTuple):
    """Where a span of the first text is in the edited one.

    Args:
        inner: From the first of its words that are left to the last; None if none is.
        outer: The same with what was put in beside them, which may belong to it or not.
        left: Which share of its words is left.
    """

    inner: tuple[int, int] | None
    outer: tuple[int, int]
    left: float


class Prose:
    """Writes text whose words are as often and as seldom as those of a language (Zipf's law).

    Args:
        seed: Another seed, another text.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(f"prose {seed}")  # noqa: S311  # repeatable, not secret
        number = self.random.randint
        self._words = ["".join(self.random.choices(_SYLLABLES, k=number(1, 4))) for _ in range(_VOCABULARY)]
        self._weights = list(accumulate(1 / (rank + 2) for rank in range(_VOCABULARY)))
        self._boilerplate = [self._sentence() for _ in range(12)]

    def again(self, seed: int) -> Prose:
        """Return who writes another text with the same words."""
        other = copy(self)
        other.random = random.Random(f"again {seed}")  # noqa: S311  # repeatable, not secret
        return other

    def words(self, count: int) -> list[str]:
        """Return words as they come."""
        chosen = self.random.choices(self._words, cum_weights=self._weights, k=count)
        return [self.random.choice(_STRANGE) if self.random.random() < _STRANGE_SHARE else word for word in chosen]

    def _sentence(self) -> str:
        words = " ".join(self.words(self.random.randint(3, 24)))
        return words[:1].upper() + words[1:] + self.random.choice(_ENDINGS)

    def sentence(self) -> str:
        """Return a sentence, now and then one that was there before."""
        return self.random.choice(self._boilerplate) if self.random.random() < _BOILERPLATE else self._sentence()

    def text(self, characters: int) -> str:
        """Return paragraphs of about that many characters in all."""
        paragraphs: list[str] = []
        length = 0
        while length < characters:
            paragraph = " ".join(self.sentence() for _ in range(self.random.randint(2, 7)))
            paragraphs.append(paragraph)
            length += len(paragraph) + 2
        return "\n\n".join(paragraphs)


class Edited:
    """A text that is edited, and knows where everything was at first.

    Args:
        text: The text as it was.
        prose: Says what is put in.
    """

    def __init__(self, text: str, prose: Prose) -> None:
        self.old = text
        self._prose = prose
        self._random = prose.random
        self.words: list[Word] = []
        gap, start = "", 0
        for place, sign in enumerate(f"{text} "):
            if sign.isspace():
                if start < place:
                    self.words.append(Word(gap, text[start:place], start))
                    gap = ""
                gap += sign
                start = place + 1
        self._origins = [word.origin for word in self.words if word.origin is not None]

    @property
    def text(self) -> str:
        """The text as it is now."""
        return "".join(word.gap + word.text for word in self.words)

    def edit_words(self, rate: float) -> None:
        """Replace, take out, misspell, or put another word behind, each word at that rate."""
        edits: Sequence[Callable[[Word], list[Word]]] = (
            self._replace,
            self._take_out,
            self._misspell,
            self._put_behind,
        )
        words: list[Word] = []
        for word in self.words:
            words += self._random.choice(edits)(word) if self._random.random() < rate else [word]
        self.words = words

    def _replace(self, word: Word) -> list[Word]:
        return [Word(word.gap, self._prose.words(1)[0], None)]

    @staticmethod
    def _take_out(word: Word) -> list[Word]:
        del word
        return []

    def _misspell(self, word: Word) -> list[Word]:
        place = self._random.randrange(len(word.text))
        sign = self._random.choice("aeiou")
        return [word._replace(text=word.text[:place] + sign + word.text[place + 1 :], is_whole=False)]

    def _put_behind(self, word: Word) -> list[Word]:
        return [word, Word(" ", self._prose.words(1)[0], None)]

    def move_paragraphs(self, rate: float) -> None:
        """Take each paragraph at that rate to another place."""
        paragraphs = self._paragraphs()
        moved = [paragraph for paragraph in paragraphs if self._random.random() < rate]
        rest = [paragraph for paragraph in paragraphs if not any(paragraph is other for other in moved)]
        for paragraph in moved:
            rest.insert(self._random.randint(0, len(rest)), paragraph)
        self._join(rest)

    def repeat_stretches(self, rate: float) -> None:
        """Say a stretch of up to 15 words again elsewhere, for each paragraph at that rate."""
        paragraphs = self._paragraphs()
        for paragraph in list(paragraphs):
            if self._random.random() < rate and paragraph:
                start = self._random.randrange(len(paragraph))
                said_again = [word._replace(origin=None) for word in paragraph[start : start + 15]]
                target = self._random.choice(paragraphs)
                place = self._random.randint(0, len(target))
                target[place:place] = [said_again[0]._replace(gap=" "), *said_again[1:]]
        self._join(paragraphs)

    def _paragraphs(self) -> list[list[Word]]:
        paragraphs: list[list[Word]] = []
        for word in self.words:
            if not paragraphs or "\n" in word.gap:
                paragraphs.append([])
            paragraphs[-1].append(word)
        return paragraphs

    def _join(self, paragraphs: Sequence[Sequence[Word]]) -> None:
        self.words = [
            word._replace(gap=("\n\n" if number else "") if not place else word.gap if place else "")
            for number, paragraph in enumerate(filter(None, paragraphs))
            for place, word in enumerate(paragraph)
        ]

    def truths(self, spans: Sequence[tuple[int, int]]) -> list[Truth]:
        """Return where spans of the first text, which begin and end with words, are now."""
        starts: list[int] = []
        at = 0
        places: dict[int, int] = {}
        for number, word in enumerate(self.words):
            starts.append(at + len(word.gap))
            at += len(word.gap) + len(word.text)
            if word.origin is not None:
                places[word.origin] = number
        return [self._truth(span, places, starts) for span in spans]

    def _truth(self, span: tuple[int, int], places: dict[int, int], starts: Sequence[int]) -> Truth:
        mine = self._origins[bisect_left(self._origins, span[0]) : bisect_left(self._origins, span[1])]
        left = [places[origin] for origin in mine if origin in places]
        if not left:
            return Truth(None, (0, 0), 0.0)
        begin, stop = min(left), max(left)
        inner = (starts[begin], starts[stop] + len(self.words[stop].text))
        while begin and self.words[begin - 1].origin is None:
            begin -= 1
        while stop + 1 < len(self.words) and self.words[stop + 1].origin is None:
            stop += 1
        outer = (starts[begin], starts[stop] + len(self.words[stop].text))
        return Truth(inner, outer, len(left) / len(mine))
