"""Which posts of a thread somebody wants to see: the conditions of a filter, as they are typed.

A filter is words and conditions with blanks between; a post has to meet all of them. `LANGUAGE` says what there is: the
line in which one types shows it, and so does the help. Whatever is no condition is text to look for. What cannot be
meant as it stands (`depth:x`) is told as a problem, never left out in silence.
"""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

LONGEST = 1000
"""Code points of what is typed that are looked at."""

HINT = "label:claim author:anna text:flood depth:2 unread new labeled reviewed -dam"
"""The language in a line, for the place where one types."""

LANGUAGE = (
    ("flood", "has it in its text or its author’s name; case counts once a capital is typed"),
    ('"tunnel will flood"', 'quotes hold words together, and make words of conditions: "read"'),
    ("text:flood", "has it in its text"),
    ("author:anna", 'stands in its author’s name; author:"Anna B"'),
    ("label:claim", "carries a label of yours with this in its name or its id, on itself or in its text"),
    ("depth:2", "stands at most that deep; 1 are the top-level comments"),
    ("unread", "also: read, new (since your last visit), labeled, unlabeled, reviewed, flagged, guessed (at import)"),
    ("-label:claim", "a minus before anything: posts that do not meet it"),
)
"""The language: an example, and what it asks of a post."""


class Field(StrEnum):
    """What a condition is about."""

    ANYWHERE = ""
    """The text or the author's name."""
    TEXT = "text"
    AUTHOR = "author"
    LABEL = "label"
    DEPTH = "depth"
    STATE = "state"


class State(StrEnum):
    """What a post can be for its reader."""

    UNREAD = "unread"
    READ = "read"
    NEW = "new"
    LABELED = "labeled"
    UNLABELED = "unlabeled"
    REVIEWED = "reviewed"
    FLAGGED = "flagged"
    GUESSED = "guessed"


class Condition(Struct, frozen=True):
    """Something that a post has to meet.

    Args:
        field: What it is about.
        value: What has to be found there: words, a part of a label's name or id, a depth, a `State`.
        is_negated: Whether a post must not meet it.
    """

    field: Field
    value: str
    is_negated: bool = False


class PostFilter(Struct, frozen=True):
    """Conditions, all of which a post has to meet.

    Args:
        conditions: The conditions in the order in which they were typed, but for those that cannot be meant.
        problem: What is wrong with what was typed, in some words; "" if nothing is.
    """

    conditions: tuple[Condition, ...] = ()
    problem: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether every post meets it."""
        return not self.conditions

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """What to emphasize in texts, None if it looks for no words there."""
        return self._pattern(Field.ANYWHERE, Field.TEXT)

    @property
    def name_pattern(self) -> re.Pattern[str] | None:
        """What to emphasize in the names of authors, None if it looks for nothing there."""
        return self._pattern(Field.ANYWHERE, Field.AUTHOR)

    def _pattern(self, *fields: Field) -> re.Pattern[str] | None:
        words = {found.value for found in self.conditions if found.field in fields and not found.is_negated}
        if not words:
            return None
        return re.compile(
            "|".join(f"(?{'' if has_capital(one) else 'i'}:{re.escape(one)})" for one in _long_first(words))
        )


def search_for(typed: str) -> PostFilter:
    """Return the filter of a search: what was typed, as it stands, in the text or the author's name."""
    words = _clean(typed)
    return PostFilter((Condition(Field.ANYWHERE, words),)) if words.strip() else PostFilter()


def parse_filter(typed: str) -> PostFilter:
    """Read a filter in the language that `LANGUAGE` describes; it never fails, see `PostFilter.problem`."""
    conditions: list[Condition] = []
    problem = ""
    for match in _TERM.finditer(_clean(typed)):
        if match[0] == "-":  # the minus of a condition that is yet to be typed
            continue
        field = Field(match["field"] or "")
        value = match["word"] if match["word"] is not None else match["quoted"]
        if not field and match["word"] in _STATES:
            field = Field.STATE
        wrong = _problem(field, value)
        problem = problem or wrong
        if value and not wrong:
            conditions.append(Condition(field, value, bool(match["minus"])))
    return PostFilter(tuple(conditions), problem)


def _clean(typed: str) -> str:
    """Return what SQLite can be asked for: no NUL, which ends a pattern, and no half of a pair of surrogates."""
    return typed[:LONGEST].replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def smart_case(words: str) -> re.Pattern[str]:
    """Return a pattern for `words` as they are; case counts only where they hold a capital."""
    return re.compile(re.escape(words), re.NOFLAG if has_capital(words) else re.IGNORECASE)


def has_capital(words: str) -> bool:
    """Tell whether case counts in `words`."""
    return any(character.isupper() for character in words)


_TERM = re.compile(
    r'(?P<minus>-)?(?:(?P<field>text|author|label|depth):)?(?:"(?P<quoted>[^"]*)"?|(?P<word>(?<!:)\S+|(?<=:)\S*))'
)
_STATES = frozenset(State)
_WANTS = {
    Field.TEXT: "words",
    Field.AUTHOR: "a name",
    Field.LABEL: "a label",
    Field.DEPTH: "a number",
}


def _problem(field: Field, value: str) -> str:
    """Return what is wrong with a condition, or ""."""
    if field not in _WANTS or (value and field is not Field.DEPTH):
        return ""
    is_number = value.isascii() and value.isdigit() and int(value) > 0
    return "" if is_number else f"{field.value}: wants {_WANTS[field]}"


def _long_first(words: set[str]) -> list[str]:
    """Return words in an order in which none hides a longer one that begins with it."""
    return sorted(words, key=lambda one: (-len(one), one))
