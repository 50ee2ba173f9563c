"""Which commands there are, without loading one: help and misspelt names need no more."""

from __future__ import annotations

COMMANDS = {
    "import": ("importing", "Import sources without opening the reader."),
    "threads": ("threads", "List the threads of the project."),
    "show": ("show", "Print a thread with its labels."),
    "search": ("search", "Find posts by what they say."),
    "annotate": ("annotate", "Put a label, or take it off."),
    "codebook": ("codebook", "Write, check, show, apply and change the codebook."),
    "adjudicate": ("adjudicate", "Settle what annotators disagree on."),
    "export": ("export", "Write a dataset."),
    "stats": ("stats", "Count labels, and what is done."),
    "history": ("history", "List who did what, and when."),
    "check": ("check", "Check that the project is sound."),
    "config": ("config", "Show what is set, and where it comes from."),
    "formats": ("formats", "List what can be imported and exported."),
}
"""By name, in the order of a day's work: the module beside this one, and what the list of commands says of it."""

READER = "reader"
"""The module of the command without a name."""
