"""The commands of the list of what imports could not place, and their keys; to know them needs no Textual."""

from __future__ import annotations

from tui.keymap import IN_THREAD, Command

MOVE = "Move"
DECIDE = "Decide"
VIEW = "View"

COMMANDS: tuple[Command, ...] = (
    Command("detached.next", ("j", "down", "ctrl+n"), "next", "Next; leaves this one as it is", MOVE, IN_THREAD),
    Command("detached.previous", ("k", "up"), "previous", "Previous", MOVE, IN_THREAD),
    Command("detached.page_down", ("pagedown", "space", "ctrl+f"), "page_down", "Page down", MOVE, IN_THREAD),
    Command("detached.page_up", ("pageup", "b", "ctrl+b"), "page_up", "Page up", MOVE, IN_THREAD),
    Command("detached.half_down", ("ctrl+d",), "half_down", "Half a page down", MOVE, IN_THREAD),
    Command("detached.half_up", ("ctrl+u",), "half_up", "Half a page up", MOVE, IN_THREAD),
    Command("detached.first", ("g g", "home"), "first", "First", MOVE, IN_THREAD),
    Command("detached.last", ("G", "end"), "last", "Last", MOVE, IN_THREAD),
    Command("detached.accept", ("a", "y"), "accept", "Attach it to the nearest words", DECIDE, IN_THREAD),
    Command(
        "detached.choose", ("s", "v"), "choose", "Choose the words in the text, and attach it there", DECIDE, IN_THREAD
    ),
    Command("detached.drop", ("d",), "drop", "Take it off", DECIDE, IN_THREAD),
    Command("detached.undo", ("u",), "undo", "Undo", DECIDE, IN_THREAD),
    Command("detached.redo", ("ctrl+r",), "redo", "Redo", DECIDE, IN_THREAD),
    Command("detached.open", ("enter", "l", "right"), "open", "Go to the post", VIEW, IN_THREAD),
    Command("detached.scope", ("ctrl+t",), "scope", "Of all threads, or only of this one", VIEW, IN_THREAD),
    Command("detached.reload", ("ctrl+l",), "reload", "Look at the project again", VIEW, IN_THREAD),
    Command("detached.theme", ("g t",), "next_theme", "Next theme", VIEW, IN_THREAD),
    Command("detached.help", ("?", "f1"), "show_help", "Help", VIEW, IN_THREAD),
    Command("detached.back", ("escape", "q", "h", "left"), "leave_screen", "Back", VIEW, IN_THREAD),
)

OFFERS = {
    "detached.accept": "attach here",
    "detached.choose": "choose by hand",
    "detached.drop": "drop",
    "detached.next": "leave it",
    "detached.undo": "undo",
    "detached.open": "to the post",
    "detached.scope": "all threads",
    "detached.help": "help",
    "detached.back": "back",
}
"""What the bar at the bottom offers."""

WITHOUT_ENTRY = frozenset({"detached.scope", "detached.undo", "detached.help", "detached.back"})
"""What of it is offered where nothing is listed."""

HELP_WORDS = (
    "A click chooses an entry, a double click goes to its post.",
    "",
    "An import that no longer finds the words of a span keeps it, with its old quote, and lists it here with the words",
    "of the present text that are the nearest. How near is said in per cent: words count twice, what stands around",
    "them once. Nothing is attached without you, and everything can be undone.",
    "Labels on posts that the source no longer has stay on them, and are listed behind the spans.",
)
