"""The commands of the history and their keys; to know them needs no Textual."""

from __future__ import annotations

from tui.keymap import EVERYWHERE, IN_TEXT, IN_THREAD, Command

MOVE = "Move"
FIND = "Find"
DO = "Do"
VIEW = "View"

LIST, LINE = IN_THREAD, IN_TEXT
"""Where a key works: in the list, in the line to type in."""

COMMANDS: tuple[Command, ...] = (
    Command("history.next", ("j",), "next", "Next event, an older one", MOVE, LIST),
    Command("history.previous", ("k",), "previous", "Previous event", MOVE, LIST),
    Command("history.down", ("down", "ctrl+n"), "next", "Next event, also while typing", MOVE, EVERYWHERE),
    Command("history.up", ("up",), "previous", "Previous event, also while typing", MOVE, EVERYWHERE),
    Command("history.page_down", ("pagedown",), "page_down", "Page down, also while typing", MOVE, EVERYWHERE),
    Command("history.page_up", ("pageup",), "page_up", "Page up, also while typing", MOVE, EVERYWHERE),
    Command("history.next_page", ("space", "ctrl+f"), "page_down", "Page down", MOVE, LIST),
    Command("history.previous_page", ("b", "ctrl+b"), "page_up", "Page up", MOVE, LIST),
    Command("history.half_down", ("ctrl+d",), "half_down", "Half a page down", MOVE, LIST),
    Command("history.half_up", ("ctrl+u",), "half_up", "Half a page up", MOVE, LIST),
    Command("history.first", ("g g", "home"), "first", "The newest", MOVE, LIST),
    Command("history.last", ("G", "end"), "last", "The oldest", MOVE, LIST),
    Command("history.open", ("enter", "l", "right"), "open", "Go to the place", MOVE, LIST),
    Command("history.filter", ("/",), "filter", "Show only some events, as you type", FIND, LIST),
    Command("history.keep_filter", ("enter",), "keep_filter", "To the events that are shown", FIND, LINE),
    Command("history.leave", ("escape",), "leave", "All events again; back, if all are shown", FIND, EVERYWHERE),
    Command("history.scope", ("ctrl+t",), "scope", "Of everything, this thread, this post, this annotation", FIND),
    Command("history.restore", ("r",), "restore", "Restore what the event left behind, or took away", DO, LIST),
    Command("history.undo", ("u",), "undo", "Undo", DO, LIST),
    Command("history.reload", ("ctrl+l",), "reload", "Look at the project again", VIEW, LIST),
    Command("history.theme", ("g t",), "next_theme", "Next theme", VIEW, LIST),
    Command("history.help", ("?", "f1"), "show_help", "Help", VIEW, LIST),
    Command("history.quit", ("q",), "leave_screen", "Back", VIEW, LIST),
)
