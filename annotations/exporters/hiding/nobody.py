"""Names that stand where an author's name would, and are nobody's."""

from __future__ import annotations

_NOBODY = frozenset(
    {
        "",
        "anon",
        "anonym",
        "anonyme",
        "anonymous",
        "anonymous coward",
        "anonymous user",
        "anónimo",
        "deleted",
        "deleted account",
        "deleted user",
        "deleted by user",
        "flagged",
        "gast",
        "guest",
        "guest user",
        "invité",
        "n/a",
        "nobody",
        "none",
        "null",
        "removed",
        "removed by reddit",
        "suspended",
        "unknown",
        "unknown user",
        "unbekannt",
        "user deleted",
    }
)
"""What sites write in place of names that they do not have, or no longer show; without brackets, in lower case."""


def is_somebody(author: str | None) -> bool:
    """Tell whether an author's name is the name of somebody: not missing, not "[deleted]", not "Anonymous"."""
    return author is not None and " ".join(author.strip(" \t[](){}<>*").split()).casefold() not in _NOBODY


def same_name(author: str) -> str:
    """Return what an author's name has in common with its other spellings: signs before it and letter case do not count.

    Sites take names in any case, and put a sign before them: "Ada", "@ada", "u/ADA".
    """
    name = author.strip()
    for sign in ("/u/", "u/", "@"):
        if name[: len(sign)].lower() == sign and len(name) > len(sign):
            name = name[len(sign) :]
            break
    return name.casefold()
