"""What the search says of its keys and of queries, and what it makes of one that is being typed."""

from __future__ import annotations

SYNTAX = 'All words must occur.  "side by side"  begin*  this OR that  this NOT that'

OFFERS = {
    "search.open": "go there",
    "search.other": "query, hits",
    "search.scope": "all threads, this one",
    "search.help": "help",
    "search.back": "back",
}


def as_typed(query: str) -> str:
    """Return a query in which the last word may be unfinished: all that begins so is found."""
    words = query.split()
    if not query[-1:].isalnum() or words[-1] in {"AND", "OR", "NOT"}:
        return query
    return f'{query}"*' if query.count('"') % 2 else f"{query}*"


HELP_WORDS = (
    "A click goes to the place. The wheel scrolls; more hits are looked for as the end comes near.",
    "",
    "All words of a query must occur in a comment's text or its author's name, in any order and case.",
    'Double quotes hold words together: "high water". A star finds what begins so: flood*.',
    "OR, AND and NOT in capitals mean what they say. Everything else is text.",
    "The last word may be unfinished; a space behind it says that it is not.",
    "",
    "In the reader, ^o leads back to the thread from which you searched, q to the hits.",
)
