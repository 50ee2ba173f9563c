"""The commands of the screens that list threads and hits, and their keys; to know them needs no Textual."""

from __future__ import annotations

from tui.keymap import EVERYWHERE, IN_TEXT, IN_THREAD, Command

MOVE = "Move"
FIND = "Find"
VIEW = "View"

LIST, LINE = IN_THREAD, IN_TEXT
"""Where a key works: in the list, in the line to type in."""

COMMANDS: tuple[Command, ...] = (
    Command("library.next", ("j",), "next", "Next thread", MOVE, LIST),
    Command("library.previous", ("k",), "previous", "Previous thread", MOVE, LIST),
    Command("library.down", ("down", "ctrl+n"), "next", "Next thread, also while typing", MOVE, EVERYWHERE),
    Command("library.up", ("up",), "previous", "Previous thread, also while typing", MOVE, EVERYWHERE),
    Command("library.page_down", ("pagedown",), "page_down", "Page down, also while typing", MOVE, EVERYWHERE),
    Command("library.page_up", ("pageup",), "page_up", "Page up, also while typing", MOVE, EVERYWHERE),
    Command("library.next_page", ("space", "ctrl+f"), "page_down", "Page down", MOVE, LIST),
    Command("library.previous_page", ("b", "ctrl+b"), "page_up", "Page up", MOVE, LIST),
    Command("library.half_down", ("ctrl+d",), "half_down", "Half a page down", MOVE, LIST),
    Command("library.half_up", ("ctrl+u",), "half_up", "Half a page up", MOVE, LIST),
    Command("library.first", ("g g", "home"), "first", "First thread", MOVE, LIST),
    Command("library.last", ("G", "end"), "last", "Last thread", MOVE, LIST),
    Command("library.open", ("enter", "l", "right"), "open", "Open the thread", MOVE, LIST),
    Command("library.filter", ("/",), "filter", "Show only some threads, as you type", FIND, LIST),
    Command("library.keep_filter", ("enter",), "keep_filter", "To the threads that are shown", FIND, LINE),
    Command("library.all", ("escape",), "all", "All threads again", FIND, EVERYWHERE),
    Command("library.search", ("g /",), "search", "Search all threads", FIND, LIST),
    Command("library.import", ("g i",), "import", "Import files", VIEW, LIST),
    Command("library.export", ("g e",), "export", "Export: write a dataset", VIEW, LIST),
    Command("library.dashboard", ("g d",), "dashboard", "The dashboard: what is labeled, in charts", VIEW, LIST),
    Command("library.sort", ("s",), "sort", "In order of the next column", VIEW, LIST),
    Command("library.reverse", ("S",), "reverse", "The other way round", VIEW, LIST),
    Command("library.reload", ("ctrl+l", "f5"), "reload", "Look at the project again", VIEW, LIST),
    Command("library.theme", ("g t",), "next_theme", "Next theme", VIEW, LIST),
    Command("library.help", ("?", "f1"), "show_help", "Help", VIEW, LIST),
    Command("library.quit", ("q",), "leave_screen", "Out", VIEW, LIST),
)

SEARCH_COMMANDS: tuple[Command, ...] = (
    Command("search.next", ("j",), "next", "Next hit", MOVE, LIST),
    Command("search.previous", ("k",), "previous", "Previous hit", MOVE, LIST),
    Command("search.down", ("down", "ctrl+n"), "next", "Next hit, also while typing", MOVE, EVERYWHERE),
    Command("search.up", ("up",), "previous", "Previous hit, also while typing", MOVE, EVERYWHERE),
    Command("search.page_down", ("pagedown",), "page_down", "Page down, also while typing", MOVE, EVERYWHERE),
    Command("search.page_up", ("pageup",), "page_up", "Page up, also while typing", MOVE, EVERYWHERE),
    Command("search.next_page", ("space", "ctrl+f"), "page_down", "Page down", MOVE, LIST),
    Command("search.previous_page", ("b", "ctrl+b"), "page_up", "Page up", MOVE, LIST),
    Command("search.half_down", ("ctrl+d",), "half_down", "Half a page down", MOVE, LIST),
    Command("search.half_up", ("ctrl+u",), "half_up", "Half a page up", MOVE, LIST),
    Command("search.first", ("g g", "home"), "first", "First hit", MOVE, LIST),
    Command("search.last", ("G", "end"), "last", "Last hit so far", MOVE, LIST),
    Command("search.open", ("enter",), "open", "Go to the place", MOVE, EVERYWHERE),
    Command("search.into", ("l", "right"), "open", "Go to the place", MOVE, LIST),
    Command("search.type", ("/", "i"), "type", "Type another query", FIND, LIST),
    Command("search.other", ("tab", "shift+tab"), "other", "From the query to the hits, and back", FIND, EVERYWHERE),
    Command("search.scope", ("ctrl+t",), "scope", "All threads, or only this one", FIND, EVERYWHERE),
    Command("search.theme", ("g t",), "next_theme", "Next theme", VIEW, LIST),
    Command("search.help", ("f1",), "show_help", "Help, also while typing", VIEW, EVERYWHERE),
    Command("search.list_help", ("?",), "show_help", "Help", VIEW, LIST),
    Command("search.back", ("escape",), "leave_screen", "Back", VIEW, EVERYWHERE),
    Command("search.quit", ("q",), "leave_screen", "Back", VIEW, LIST),
)
