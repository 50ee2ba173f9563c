"""What the history says of its keys."""

from __future__ import annotations

from annotations.event_filter import HINT

OFFERS = {
    "history.open": "go there",
    "history.restore": "restore",
    "history.filter": "filter",
    "history.scope": "of what",
    "history.help": "help",
    "history.quit": "back",
}
TYPING_OFFERS = {"history.keep_filter": "to these events", "history.leave": "all events"}
HELP_WORDS = (
    "A click chooses an event, a double click goes to its place. The wheel scrolls.",
    "",
    f"A filter takes words and conditions: {HINT}.",
    "Names may be parts of names, moments days, times or how long ago: 2026-05-01, 30m, 12h, 7d, 4w.",
    "",
    "Restoring brings back an annotation, a note, a flag or a review as the event left it; where the event took it",
    "away, as it was before. That is a step of its own: u takes it back. Nothing is ever deleted from the history.",
)
