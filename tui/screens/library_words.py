"""What the library says of its keys and of a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.text.ago import exact
from tui.text.visible import one_line

if TYPE_CHECKING:
    from annotations.store.library import LibraryThread

OFFERS = {
    "library.open": "open",
    "library.filter": "filter",
    "library.sort": "sort",
    "library.search": "search all",
    "library.import": "import",
    "library.help": "help",
    "library.quit": "quit",
}
"""What the bar at the bottom offers; whoever adds a command may add it here."""
TYPING_OFFERS = {"library.keep_filter": "to these threads", "library.all": "all threads"}

HELP_WORDS = (
    "A click chooses a thread, a double click opens it. A click on a heading puts the threads in its order,",
    "another click turns the order round. The wheel scrolls.",
    "",
    "A filter finds threads whose title, key or source holds all words that you type; a word that occurs",
    "nowhere stands for those like it: harbor or hrb for harbour, hrbtun for harbour tunnel.",
)


def describe(thread: LibraryThread, detached: int = 0) -> str:
    """Return in one line what the table has no room for, what matters most first; of spans that are lost, how many."""
    opened = f"opened {exact(thread.opened_at)}" if thread.opened_at else "never opened"
    lost = (f"{detached:,} detached",) if detached else ()
    facts = (*lost, thread.key, opened, f"imported {thread.imported_at[:10]}", thread.source)
    return "   ".join(one_line(fact) for fact in facts)
