"""Where the start and the end of a range go when they move by a word: never is punctuation parted from its word.

Pure functions as those of `tui.text.motions`: a start goes to the start of a word or of what opens it, an end behind a word
or behind what closes it.
"""

from __future__ import annotations

import unicodedata

from tui.text import motions


def next_start(text: str, start: int) -> int:
    """Return where a range starts once it has one word less at its start: never at what closes another word."""
    found = motions.next_word(text, start)
    while found < len(text) and _closes(text, found):
        found = motions.next_word(text, found)
    return found


def previous_start(text: str, start: int) -> int:
    """Return where a range starts once it has one word more at its start; 0 before the first."""
    found = motions.previous_word(text, start)
    while found > 0 and _closes(text, found):
        found = motions.previous_word(text, found)
    return found


def next_end(text: str, end: int) -> int:
    """Return where a range ends once it has one word more at its end, or the text's length: never at what opens another."""
    while True:
        last = motions.word_end(text, end)
        following = motions.next_cluster(text, last)
        end = max(following, end) if following > last else len(text)
        if end == len(text) or not _opens(text, end):
            return end


def previous_end(text: str, end: int) -> int:
    """Return where a range ends once it has one word less at its end; 0 before the first."""
    while True:
        start = motions.previous_word(text, end)
        word = motions.word_at(text, motions.previous_word(text, start)) if start else None
        end = word[1] if word else 0
        if end == 0 or not _opens(text, end):
            return end


def _closes(text: str, start: int) -> bool:
    """Tell whether punctuation stands at `start` with a space behind it."""
    word = motions.word_at(text, start)
    return word is not None and _is_punctuation(text[slice(*word)]) and text[word[1] : word[1] + 1].strip() == ""


def _opens(text: str, end: int) -> bool:
    """Tell whether punctuation stands before `end` with a space before it."""
    word = motions.word_at(text, end - 1)
    return (
        word is not None and _is_punctuation(text[slice(*word)]) and text[max(0, word[0] - 1) : word[0]].strip() == ""
    )


def _is_punctuation(text: str) -> bool:
    return all(unicodedata.category(character)[0] == "P" for character in text)
