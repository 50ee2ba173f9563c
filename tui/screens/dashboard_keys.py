"""The commands of the dashboard and their keys; to know them needs no Textual."""

from __future__ import annotations

from tui.keymap import Command

MOVE = "Move"
SHOW = "Show"
VIEW = "View"

COMMANDS: tuple[Command, ...] = (
    Command("dashboard.next", ("tab", "l", "right"), "next_chart", "Next chart", MOVE),
    Command("dashboard.previous", ("shift+tab", "h", "left"), "previous_chart", "Chart before", MOVE),
    Command("dashboard.down", ("j", "down"), "down", "Down among the numbers", MOVE),
    Command("dashboard.up", ("k", "up"), "up", "Up among the numbers", MOVE),
    Command("dashboard.page_down", ("space", "pagedown", "ctrl+f"), "page_down", "Page down", MOVE),
    Command("dashboard.page_up", ("b", "pageup", "ctrl+b"), "page_up", "Page up", MOVE),
    Command("dashboard.first", ("g g", "home"), "first", "To the first number", MOVE),
    Command("dashboard.last", ("G", "end"), "last", "To the last number", MOVE),
    Command("dashboard.zoom", ("enter", "z"), "zoom", "This chart alone, or all of them", SHOW),
    Command("dashboard.numbers", ("v",), "numbers", "Numbers instead of charts, or charts again", SHOW),
    Command("dashboard.work", ("w",), "work", "Progress by labels, or by reviews", SHOW),
    Command("dashboard.annotator", ("a",), "annotator", "Of the next annotator alone; after the last of all", SHOW),
    Command("dashboard.scope", ("ctrl+t",), "scope", "Of everything, or of this thread", SHOW),
    Command("dashboard.reload", ("ctrl+l", "f5"), "reload", "Count again", VIEW),
    Command("dashboard.theme", ("g t",), "next_theme", "Next theme", VIEW),
    Command("dashboard.help", ("?", "f1"), "show_help", "Help", VIEW),
    Command("dashboard.quit", ("q", "escape"), "leave_screen", "Back", VIEW),
)
