"""What readers of comments' markup say about a page in the same words, and the counts that pages write. Pure."""

from __future__ import annotations

CONTINUED = "The discussion goes on on another page, which is not in this one."

_MOST_DIGITS = 9
"""Digits of a count; a longer number is none, and Python does not even read one of some thousand."""


def say_more(number: int) -> tuple[str, ...]:
    """Return a sentence on so many places in a page that stand for comments which are not in it."""
    places = "1 place says" if number == 1 else f"{number:,} places say"
    return (f"{places} that there are more comments, which are not in the page.",) if number else ()


def is_count(words: str) -> bool:
    """Tell whether a text is a number as pages count votes, levels and pixels."""
    return words.isdecimal() and len(words) <= _MOST_DIGITS
