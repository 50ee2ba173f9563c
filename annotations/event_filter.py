"""Which events of the history somebody wants to see: conditions and words, as they are typed.

It never fails: what cannot be meant as it stands is told as a problem, never left out in silence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.moments import parse_moment
from annotations.store.history import Action

if TYPE_CHECKING:
    from datetime import datetime

HINT = "by:anna label:claim post:3.1 action:flag since:2026-05-01 until:7d words"
"""The language in a line, for the place where one types."""

LONGEST = 500
"""Code points of what is typed that are looked at."""

DONE = {
    Action.APPLY: "put on",
    Action.RETRACT: "taken off",
    Action.CHANGE: "changed",
    Action.REVIEW: "reviewed",
    Action.UNREVIEW: "not reviewed",
    Action.NOTE: "noted",
    Action.FLAG: "flagged",
    Action.UNFLAG: "flag off",
}
"""What happened, in words that the screen shows and that may be typed."""

_TERM = re.compile(r'(?:(by|label|post|action|since|until):)?(?:"([^"]*)"?|(\S+))')


class Asked(Struct, frozen=True, kw_only=True):
    """What was typed, taken apart.

    Args:
        by: Parts of names of annotators; one of them is to match, as of the next two.
        labels: Parts of names or ids of labels.
        posts: Keys of posts.
        actions: What happened; None for all.
        since: Not before this moment; "" for any.
        until: Before this moment; "" for any.
        words: Each is to stand in what the event says.
        problem: What is wrong with what was typed; "" if nothing is.
    """

    by: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    actions: tuple[Action, ...] | None = None
    since: str = ""
    until: str = ""
    words: tuple[str, ...] = ()
    problem: str = ""


def parse_asked(typed: str, now: datetime) -> Asked:
    """Read what was typed.

    Args:
        typed: Words and conditions, with blanks between.
        now: The present time, aware, for moments such as `7d`.
    """
    found: dict[str, list[str]] = {}
    clean = typed[:LONGEST].replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    for match in _TERM.finditer(clean):
        value = match[2] if match[2] is not None else match[3]
        if value:
            found.setdefault(match[1] or "", []).append(value)
    problem = ""
    moments = {"since": "", "until": ""}
    for name in moments:
        for value in found.get(name, ()):
            try:
                moments[name] = parse_moment(value, now, is_end=name == "until")
            except ValueError as error:
                problem = problem or f"{name}: {error}"
    actions: list[Action] = []
    for value in found.get("action", ()):
        meant = find_actions(value)
        actions += meant
        if not meant:
            problem = problem or f"action: is one of {', '.join(DONE.values())}"
    return Asked(
        by=tuple(found.get("by", ())),
        labels=tuple(found.get("label", ())),
        posts=tuple(found.get("post", ())),
        actions=tuple(actions) if "action" in found and not problem else None,
        words=tuple(found.get("", ())),
        problem=problem,
        **moments,
    )


def find_actions(typed: str) -> list[Action]:
    """Return what happened that begins as was typed: by its name in the history, or by the words for it."""
    part = typed.casefold()
    return [action for action, words in DONE.items() if action.value.startswith(part) or words.startswith(part)]
