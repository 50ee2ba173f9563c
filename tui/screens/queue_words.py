"""What queues are called: in the dialog that offers them, and in the status line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.queue import Queue, QueueKind
from tui.text.visible import one_line

if TYPE_CHECKING:
    from annotations.codebook import Codebook

OFFERED = {
    QueueKind.UNREVIEWED: "Comments that are not done",
    QueueKind.UNLABELED: "Comments without a label",
    QueueKind.UNREAD: "Unread comments",
    QueueKind.RANDOM: "Random order, by a seed …",
    QueueKind.FILTER: "Comments that meet a filter …",
    QueueKind.SUBTREE: "This comment and all below it",
    QueueKind.REPLIES: "Replies to posts with a label …",
    QueueKind.FLAGGED: "Flagged comments",
    QueueKind.DISPUTED: "Comments on which annotators differ",
    QueueKind.ANNOTATED: "Comments with a label, for a second look",
    QueueKind.EVERY: "Every comment, in the order of the thread",
}
"""The queues in the order in which they are offered; an ellipsis says that more is asked."""

_SHORT = {
    QueueKind.UNREVIEWED: "Not done",
    QueueKind.UNLABELED: "Unlabeled",
    QueueKind.UNREAD: "Unread",
    QueueKind.SUBTREE: "Subtree",
    QueueKind.FLAGGED: "Flagged",
    QueueKind.DISPUTED: "Disputed",
    QueueKind.ANNOTATED: "Second look",
    QueueKind.EVERY: "In order",
}
ENDS = {
    QueueKind.UNREVIEWED: "Every comment is done",
    QueueKind.UNLABELED: "Every comment is labeled",
    QueueKind.UNREAD: "Every comment is read",
}
END = "This is the end of the queue"
"""What is said where nothing comes next: of some queues, of the others."""
_SHOWN = 14
"""Characters of what was typed that the status line shows."""


def describe(queue: Queue, codebook: Codebook) -> str:
    """Return what a queue holds, in a phrase."""
    match queue.kind:
        case QueueKind.RANDOM:
            return f"Random order, seed {queue.seed}"
        case QueueKind.FILTER:
            return f"Comments that meet {one_line(queue.words)}"
        case QueueKind.REPLIES:
            return f"Replies to posts with {label_name(queue.label, codebook)}"
        case _:
            return OFFERED[queue.kind]


def short_name(queue: Queue, codebook: Codebook) -> str:
    """Return what a queue is called where there is little room."""
    match queue.kind:
        case QueueKind.RANDOM:
            return f"Random {queue.seed}"
        case QueueKind.FILTER:
            return _cut(one_line(queue.words))
        case QueueKind.REPLIES:
            return f"To {_cut(label_name(queue.label, codebook))}"
        case _:
            return _SHORT[queue.kind]


def label_name(label: str, codebook: Codebook) -> str:
    """Return the name of a label; its id where the codebook has it no longer."""
    return next((one_line(each.name) for each in codebook.labels if each.id == label), label)


def _cut(words: str) -> str:
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1].rstrip()}…"
