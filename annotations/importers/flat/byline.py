"""The first line of a comment: who wrote it, when, and what pages write around it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from msgspec import Struct

_LONGEST_NAME = 80
_SENTENCE_WORDS = 5
_LONGEST_BYLINE = 240

_MONTH = (
    r"(?:jan|feb|fév|mar|mär|apr|avr|abr|may|mai|mag|jun|juin|giu|jul|juil|lug|aug|aoû|ago|sep|set|oct|okt|ott|out|nov|"
    r"dec|dez|déc|dic|ene|gen)[^\W\d_]{0,7}\.?"
)
_CLOCK = r"\d{1,2}[:.h]\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[ap]\.?m\b\.?)?"
_ISO = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?(?:Z\b|[+-]\d{2}:?\d{2}))?)?"
_DATE = (
    rf"(?:{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}|\d{{1,2}}(?:\.|st|nd|rd|th|er)?\s(?:de\s)?{_MONTH},?\s(?:de\s)?\d{{4}}|"
    r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2}))"
)
_UNIT = r"(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?|mo|mos|months?|y|yrs?|years?)"
_AGO = (
    rf"(?:(?:about|over|almost|nearly)\s)?(?:\d+|an?|one|a\sfew)\s?{_UNIT}\sago|just\snow|"
    r"vor\s(?:\d+|eine[mnr]?)\s\w+|il\sy\sa\s\S+\s\w+|hace\s\S+\s\w+"
)
_STAMP = re.compile(rf"(?<![\w.])(?:{_ISO}|{_DATE}|{_AGO})(?!\w)", re.IGNORECASE)
_KINDS = {
    kind: re.compile(rf"(?<![\w.])(?:{pattern})(?!\w)", re.IGNORECASE)
    for kind, pattern in (("iso", _ISO), ("date", _DATE), ("ago", _AGO))
}
_CLOCK_ALONE = re.compile(_CLOCK, re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")
_SHORT_AGO = re.compile(r"\s[·•|]\s(?:\d{1,3}\s?(?:s|m|h|d|w|mo|y)|yesterday|today)(?!\w)", re.IGNORECASE)

_TIMELY = re.compile(r"\d|\sago\b|just\snow|yesterday|today|\bvor\s|:\Z", re.IGNORECASE)
"""What every date and every "says:" has: a quick look that spares most names the long one."""

_FURNITURE_WORDS = (
    r"reply|replies|respond|quote|permalink|link|report|share|like|likes?|dislike|flag|edit|edited|delete|hide|show|more|less|"
    r"upvote|downvote|vote|votes?|up|down|score|points?|parent|next|prev|follow|block|mute|save|view|log\sin\sto\sreply|to|"
    r"this|comment|mod|moderator|author|pinned|antworten|melden|teilen|répondre|signaler|responder"
)
_FURNITURE = re.compile(
    rf"(?:[\s·•|,:;–—−+()\[\]#‹›<>▲▼△▽↑↓⋮…&/-]|{_STAMP.pattern}|{_CLOCK}|\d+[kKmM]?(?!\w)|"
    rf"(?<!\w)(?:{_FURNITURE_WORDS}|at|on|um|uhr|à|a\slas|utc|gmt|[ecmp][sd]t|cest|cet|bst|am|pm|says?|said|wrote|"
    r"today|yesterday|\d{1,3}(?:s|m|h|d|w|mo|y))(?!\w)\.?)*+",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?<!\w)(?:reply|respond|quote|permalink|report|share|like|flag|edit|upvote|downvote|vote|log\sin\sto\sreply|antworten|"
    r"melden|teilen|répondre|signaler|responder)(?!\w)|\A[−+▲▼△▽↑↓⋮…\s]+\Z",
    re.IGNORECASE,
)
_CONNECTION = re.compile(
    r"(?:[\s·•|,–—(-]|(?<!\w)(?:on|at|posted|commented|replied|writes?|wrote|says?|said|schrieb|sagte?|dit|escribió|am|le|el)(?!\w):?)+\Z",
    re.IGNORECASE,
)
_SAYS = re.compile(r"\s(?:says?|said|wrote|writes|commented|replied|schrieb|sagt|dit|dice)\s?:\Z", re.IGNORECASE)
_LINKBACK = re.compile(r"(?:pingback|trackback)s?:", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[!?…]|(?<!\b[A-Z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})\.|[:;,]")
_SPEECH = re.compile(r":\s|[!?…,;:]\Z")
"""What makes a line on its own somebody's words: “First!”, “Ann: me too”."""

_CLOSING = " \t\"'”’»)]"

_ISO_ZONED = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s?(Z|[+-]\d{2}:?\d{2}|UTC|GMT)(?!\w)"
)


class Byline(Struct, frozen=True):
    """The parts of a comment's first line; together they are all of it.

    Args:
        author: Who wrote the comment; "" where the line does not say.
        rest: What the page writes behind the name: "says:", "3 years ago".
        text: The line itself where it is no byline but the comment's first words.
    """

    author: str = ""
    rest: str = ""
    text: str = ""


def read_byline(head: str, *, has_text: bool) -> Byline:
    """Read the first line of a comment.

    Args:
        head: The line, without its marker.
        has_text: Whether the comment has further lines. A line on its own is less likely a name.
    """
    if not head:
        return Byline()
    if _LINKBACK.match(head):
        return Byline(text=head)
    author, rest = _split(head)
    if not author:
        return Byline(rest=rest) if has_text else Byline(text=head)
    if not is_name(author) or (not has_text and not rest and _SPEECH.search(author)):
        return Byline(text=head)
    return Byline(author=author, rest=rest)


def is_name(text: str) -> bool:
    """Tell whether a line can be somebody's name: neither long nor a sentence."""
    if len(text) > _LONGEST_NAME:
        return False
    words = len(text.split())
    if words < _SENTENCE_WORDS:
        return True
    bare = text.rstrip(_CLOSING)
    return words <= 2 * _SENTENCE_WORDS and _SENTENCE_END.search(bare, max(0, len(bare) - 1)) is None


def is_furniture(line: str) -> bool:
    """Tell whether a line is what pages put around comments: links ("Reply"), counts, dates."""
    return bool(line) and len(line) <= _LONGEST_BYLINE and _FURNITURE.fullmatch(line) is not None


def is_link(line: str) -> bool:
    """Tell whether a line is furniture that can be clicked on: "Reply", "Share ›"; a mere number might be a name."""
    return is_furniture(line) and _LINK.search(line) is not None


def is_announcement(line: str) -> bool:
    """Tell whether a line only says that what follows was said: "says:"."""
    return _SAYS.fullmatch(f" {line}") is not None


def is_linkback(line: str) -> bool:
    """Tell whether a line is another site's notice that it links to the page."""
    return _LINKBACK.match(line) is not None


def stamp_shape(line: str) -> str:
    """Return how a line that says when something was written does so, whenever that was; "" if it is no such line.

    Two lines with one shape begin alike and have the same kind of date: "on 3. May 2026 at 10:11", "on 12. June 2025".
    """
    if not is_furniture(line):
        return ""
    for kind, pattern in _KINDS.items():
        stamp = pattern.search(line)
        if stamp is not None:
            return f"{_LETTERS.sub('a', _DIGITS.sub('0', line[: stamp.start()]))}{kind}"
    return "clock" if _CLOCK_ALONE.fullmatch(line) else ""


def read_time(text: str) -> str | None:
    """Return the time in a byline as ISO 8601 in UTC; None unless it names date, time and zone.

    A time without a zone could be off by a day, and "3 years ago" by months: they stay words.
    """
    match = _ISO_ZONED.search(text) if text else None
    if match is None:
        return None
    date, clock, zone = match.groups()
    try:
        when = datetime.fromisoformat(f"{date}T{clock}{'+00:00' if zone in {'Z', 'UTC', 'GMT'} else zone}")
        return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):  # no such day; before the year 1 in UTC
        return None


def _split(head: str) -> tuple[str, str]:
    """Split a first line into the name and what the page writes behind it; both or one may be empty."""
    if len(head) > _LONGEST_BYLINE or _TIMELY.search(head) is None:
        return head, ""
    for pattern in (_STAMP, _SHORT_AGO):
        stamp = pattern.search(head)
        if stamp is not None and _FURNITURE.fullmatch(head, stamp.start()):
            name = _CONNECTION.sub("", head[: stamp.start()])
            return name, head[len(name) :].strip()
    says = _SAYS.search(head)
    if says is not None:
        return head[: says.start()], says.group().strip()
    return head, ""
