"""The headings of a page: those that announce comments, and those of what else stands on pages in lists."""

from __future__ import annotations

import re

_COMMENTS = (
    r"comments?|responses?|replies|thoughts?|reactions?|opinions?|trackbacks?|pingbacks?|kommentare?|antworten|commentaires?|"
    r"réponses?|comentarios?|respuestas?|commenti|reacties|comentários?|комментари\w+"
)
_COUNTED = re.compile(rf"\(?(\d[\d.,]*)\)?\s+(?:\w+\s+)?(?:{_COMMENTS})(?!\w).{{0,100}}", re.IGNORECASE)
_NAMED = re.compile(
    rf"(?:{_COMMENTS}|all\s+(?:{_COMMENTS})|discussion|conversation|join the (?:conversation|discussion)|"
    rf"(?:reader|user|your)\s+(?:{_COMMENTS})|leave an? (?:reply|comment|response)|(?:post|add|write) a comment)"
    r"\s*:?\s*(?:[(\[]?\s*(\d[\d.,]*)\s*[)\]]?)?",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?:related|popular|recommended|more (?:from|in|on|about|stories|posts)|you (?:may|might)|trending|latest|most (?:read|popular|"
    r"commented|viewed|shared)|sponsored|around the web|recent|about|categories|archives?|see also|read (?:next|more|also)|tags?|"
    r"share this|follow us|blogroll|links|references|footnotes|sources)(?!\w).{0,60}\Z",
    re.IGNORECASE,
)
"""Headings of what else stands on pages in lists."""


def read_heading(line: str) -> tuple[bool, int | None]:
    """Tell whether a line announces comments, and how many it says there are."""
    line = line.strip()
    match = _COUNTED.fullmatch(line) or _NAMED.fullmatch(line)
    if match is None:
        return False, None
    digits = re.sub(r"\D", "", match[1] or "")
    return True, int(digits) if digits and len(digits) < 10 else None  # noqa: PLR2004  # beyond that it is no count


def announces_other(line: str) -> bool:
    """Tell whether a line is the heading of something else that stands on pages in lists: related pages, categories."""
    return _OTHERS.match(line) is not None
