"""`postil threads`: what is in the project, and how far the work has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from annotations.store.threads import list_threads
from annotations.store.times import seconds_of_threads
from tui.commands.options import with_surroundings
from tui.commands.output import say, write_json
from tui.commands.table import write_table

if TYPE_CHECKING:
    from annotations.store.threads import ThreadSummary
    from tui.commands.surroundings import Surroundings


@click.command("threads")
@click.option("--json", "as_json", is_flag=True, help="Print an object a line for each thread.")
@with_surroundings
@click.pass_obj
def command(here: Surroundings, *, as_json: bool) -> None:
    """List the threads of the project, with the work of all, or of the annotator named with --annotator."""
    with here.open_project() as project:
        annotator = here.chosen_annotator(project)
        annotator_id = None if annotator is None else annotator.id
        summaries = list_threads(project, annotator_id)
        seconds = seconds_of_threads(project, annotator_id) if as_json else {}
    if as_json:
        for summary in summaries:
            write_json(_thread_json(summary, seconds.get(summary.thread.id, 0.0)))
    elif summaries:
        write_table(
            ("thread", "comments", "labeled", "reviewed", "title"),
            [
                (each.thread.key, f"{each.comments:,}", f"{each.labeled:,}", f"{each.reviewed:,}", each.thread.title)
                for each in summaries
            ],
            right={1, 2, 3},
        )
    else:
        say("The project has no threads yet. Import one: postil import PATH")


def _thread_json(summary: ThreadSummary, seconds: float) -> dict[str, object]:
    thread = summary.thread
    return {
        "thread": thread.key,
        "title": thread.title,
        "comments": summary.comments,
        "labeled": summary.labeled,
        "reviewed": summary.reviewed,
        "seconds": seconds,
        "posts": thread.posts,
        "max_depth": thread.max_depth,
        "source": thread.source,
        "format": thread.format,
        "url": thread.url,
        "imported_at": thread.imported_at,
        "revision": thread.revision,
    }
