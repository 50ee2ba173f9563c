"""How long annotators were at posts, for people or for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.store.times import times_spent
from tui.commands.output import say, write_json
from tui.commands.table import write_table
from tui.text.pace import duration

if TYPE_CHECKING:
    from annotations.store.project import Project


def write_times(project: Project, annotator_id: int | None, thread_id: int | None, *, as_json: bool) -> None:
    """Print for each annotator how many posts they were at, how long, and how long for each that they labeled.

    Args:
        project: The project.
        annotator_id: The only annotator; None for all.
        thread_id: The only thread; None for all.
        as_json: Whether to print an object a line, in seconds.
    """
    spent = times_spent(project, annotator_id, thread_id)
    if as_json:
        for each in spent:
            write_json(
                {
                    "annotator": each.annotator,
                    "posts": each.posts,
                    "seconds": round(each.seconds, 1),
                    "labeled": each.labeled,
                    "seconds_labeled": round(each.labeled_seconds, 1),
                    "seconds_per_labeled": None if each.seconds_each is None else round(each.seconds_each, 1),
                }
            )
    elif spent:
        write_table(
            ("annotator", "posts", "time", "labeled", "for each"),
            [
                (
                    each.annotator,
                    f"{each.posts:,}",
                    duration(each.seconds) if each.seconds else "none",
                    f"{each.labeled:,}",
                    "" if each.seconds_each is None else f"{each.seconds_each:,.1f} s",
                )
                for each in spent
            ],
            right={1, 2, 3, 4},
        )
    else:
        say("Nobody has spent time on a post yet")
