"""Whether a stop ends a sentence: what closes behind it, the word before it, the word after it."""

from __future__ import annotations

import re
from typing import NamedTuple

from tui.text import abbreviations
from tui.text.units import STOPS, skip_space

_UNSPACED = frozenset("。！？｡．\u0964\u0965\u06d4\u0589\u1362\u17d4\u104b")
"""Stops that no space need follow."""

_DOTS = ".…"
_EMOJI = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_JOINED = "\ufe0f\u200d\U0001f3fb-\U0001f3ff"
_CLOSERS = re.compile(
    rf"(?:[’”\"')\]}}»›«“‘」』）】〉》*_~⁰¹²³⁴-⁹{_EMOJI}{_JOINED}]|\[\d{{1,3}}\]|[ \xa0\u202f]»)*"
    rf"(?:[ ](?:[{_EMOJI}][{_EMOJI}{_JOINED}]*|[:;=]-?[()DPp](?!\w)|\[\d{{1,3}}\](?!\w)))*"
)
_OPENERS = re.compile(r"[\"'“”‘’«»„‚‹›(\[{¿¡*_「『（【]*")
_QUOTE_MARKS = re.compile(r"[>\s]*")
_DASHES = re.compile(r"[–—-]+\s*")
_WORD = re.compile(r"\w[\w'’]*")
_TOKEN_REVERSED = re.compile(r"[^\s\"“”«»„()\[\]{}…–—!?]*")
_ROMAN = re.compile(r"[IVXLC]+")
_VOWELS = frozenset("aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýаеёиоуыэюяієїαεηιουωάέήίόύώ")
_NO_WORDS = (
    abbreviations.TITLES | abbreviations.ALWAYS_CONTINUED | abbreviations.NUMBERED | abbreviations.EITHER
) - abbreviations.SHORT_WORDS
_CLOSING = frozenset("’”\"')]}»›」』）】")
_MID_SENTENCE = frozenset(",;:)]}’”，、；：）」』")
_PARTICLES = frozenset("とっなのはがをにでもか")
"""What a sentence in Japanese goes on with behind a quoted one."""

_SUFFIXES = frozenset(("Net", "Com", "Org", "Io", "Js", "Py", "Ai", "Tv"))
_IN_NAMES = frozenset("(._/:@")
_LONGEST_TOKEN = 60
_LONGEST_MARKER = 3
_LONGEST_ORDINAL = 2
_SHORTEST_WORD = 3
_LAST_ABBREVIATED = "\u0900"
"""Below it a letter alone is an initial or abbreviation; from it on, scripts follow where it may be a word."""

_FIRST_IDEOGRAPHIC = "\u2e80"


class Stop(NamedTuple):
    """A stop and its neighbourhood, as offsets.

    Args:
        start: Where the stop starts.
        end: Where it ends.
        after: Behind what closes with it: quotes, brackets, footnote numbers, emoji.
        next: Where what follows starts.
        word_at: Where the first word or sign of it starts, behind what opens.
    """

    start: int
    end: int
    after: int
    next: int
    word_at: int


def look_around(text: str, start: int, end: int) -> Stop:
    """Return the neighbourhood of the stop `text[start:end]`."""
    closed = _CLOSERS.match(text, end)
    after = closed.end() if closed else end
    following = word_at = skip_space(text, after)
    if "\n" in text[after:following] and (marks := _QUOTE_MARKS.match(text, following)):
        word_at = marks.end()
    if opened := _OPENERS.match(text, word_at):
        word_at = opened.end()
    return Stop(start, end, after, following, word_at)


def ends_sentence(text: str, stop: Stop) -> bool:
    """Tell whether a sentence ends at a stop that something follows."""
    if stop.after == stop.next:
        return _ends_without_space(text, stop)
    mark = text[stop.start : stop.end]
    dashes = _DASHES.match(text, stop.word_at)
    word_at = dashes.end() if dashes else stop.word_at
    follower = text[word_at : word_at + 1]
    if text[stop.next] in _MID_SENTENCE or (dashes and follower.islower()):
        return False
    has_line_end = "\n" in text[stop.after : stop.next]
    if mark.strip(_DOTS):
        is_quoted = not _CLOSING.isdisjoint(text[stop.end : stop.after])
        return has_line_end or not (is_quoted and follower.islower())
    if mark != ".":
        return has_line_end or not (follower.islower() or follower.isdigit())
    if stop.after > stop.end and follower.islower():
        return False
    return _ends_at_full_stop(text, stop.start, follower, _word_at(text, word_at))


def _ends_at_full_stop(text: str, start: int, follower: str, word: str) -> bool:  # noqa: PLR0911  # one rule a line
    """Tell whether a full stop at `start`, before a space, ends a sentence.

    Args:
        text: The text.
        start: Where the full stop is.
        follower: The first character of what follows.
        word: The first word of it, or "".
    """
    token = _token_before(text, start)
    if not token[-1:].isalnum():
        return not follower.islower()
    folded = token.casefold()
    is_starter = not word[:1].islower() and word.casefold() in abbreviations.STARTERS
    if folded.replace(".", "").replace(",", "").isdigit():
        return _ends_at_number(text, start, token, follower, word)
    has_capital = token[0].isupper()
    if folded in abbreviations.ALWAYS_CONTINUED or (has_capital and folded in abbreviations.TITLES):
        return False
    if folded in abbreviations.NUMBERED and (follower.isdigit() or _ROMAN.fullmatch(word)):
        return False
    if folded in abbreviations.ENDING:
        return not follower.islower()
    if folded in abbreviations.EITHER or (folded in abbreviations.CALENDAR and (has_capital or follower.isdigit())):
        return is_starter or not follower.isalnum()
    if len(token) == 1 and token < _LAST_ABBREVIATED:
        return _ends_at_letter(text, start, follower, is_starter=is_starter)
    if "." in folded and all(len(part) <= _LONGEST_ORDINAL for part in folded.split(".")):
        return is_starter or not follower.isalnum()
    return _is_word(folded) if follower.islower() else True


def _ends_at_number(text: str, start: int, token: str, follower: str, word: str) -> bool:
    """Tell a list's number and an ordinal from a number at the end of a sentence."""
    before = text[max(0, start - len(token) - _LONGEST_TOKEN) : start - len(token)]
    if len(token) <= _LONGEST_MARKER and before.rpartition("\n")[2].strip(" \t>") == "":
        return False
    if len(token) <= _LONGEST_ORDINAL:
        return not (follower.islower() or follower.isdigit() or word.casefold() in abbreviations.ORDINAL_FOLLOWERS)
    return not (follower.islower() and "." in token)


def _ends_at_letter(text: str, start: int, follower: str, *, is_starter: bool) -> bool:
    """Tell an initial or a short form of one letter from the last word of a sentence."""
    letter = text[start - 1]
    earlier = text[max(0, start - 4) : start - 1].rstrip()
    pair = f"{earlier[-2:]}{letter}".casefold()
    if pair in abbreviations.ALWAYS_CONTINUED:
        return False
    if pair in abbreviations.ENDING:
        return not follower.islower()
    is_word = letter.casefold() in abbreviations.SHORT_WORDS and earlier[-1:].isalpha() and earlier[-1:].islower()
    if follower.islower():
        return is_word
    return is_word or is_starter


def _ends_without_space(text: str, stop: Stop) -> bool:  # noqa: PLR0911  # one rule a line
    """Tell whether a sentence ends where the next one follows without a space, as in CJK and in haste."""
    mark, follower = text[stop.start : stop.end], text[stop.next]
    if follower in _MID_SENTENCE or follower in STOPS:
        return False
    if mark[-1] in _UNSPACED:
        if stop.after > stop.end and follower in _PARTICLES:
            return False
        return not (follower.isdigit() and text[stop.start - 1 : stop.start].isdigit())
    is_strong = bool(mark.strip(_DOTS))
    if is_strong and follower >= _FIRST_IDEOGRAPHIC and follower.isalpha():
        return True
    word = _word_at(text, stop.next)
    is_sentence_case = word in {"I", "A"} or (word[:1].isupper() and word[1:].isalpha() and word[1:].islower())
    if (
        not is_sentence_case
        or word in _SUFFIXES
        or text[stop.next + len(word) : stop.next + len(word) + 1] in _IN_NAMES
    ):
        return False
    token = _token_before(text, stop.start)
    if is_strong:
        return token.isalnum()
    return mark == "." and token.isalpha() and token[-1].islower() and _is_word(token.casefold())


def _word_at(text: str, start: int) -> str:
    match = _WORD.match(text, start, start + _LONGEST_TOKEN)
    return match[0] if match else ""


def _token_before(text: str, end: int) -> str:
    """Return what stands before `end` up to white space, an opening sign or a dash, without leading quotes."""
    match = _TOKEN_REVERSED.match(text[max(0, end - _LONGEST_TOKEN) : end][::-1])
    return match[0][::-1].lstrip("'‘’*_~>") if match else ""


def _is_word(folded: str) -> bool:
    """Tell a word from an abbreviation that is on no list, by its look."""
    if folded in abbreviations.SHORT_WORDS:
        return True
    if folded in _NO_WORDS:
        return False
    last = folded.rpartition(".")[2].replace("'", "").replace("’", "").replace("-", "")
    return len(last) >= _SHORTEST_WORD and last.isalpha() and (not _VOWELS.isdisjoint(last) or last > _LAST_ABBREVIATED)
