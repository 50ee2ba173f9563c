"""`postil history`: who did what, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from annotations.store.history import events
from annotations.store.threads import find_thread
from tui.commands.output import say, write_json, write_text
from tui.commands.surroundings import Surroundings, with_surroundings
from tui.text.visible import one_line

if TYPE_CHECKING:
    from annotations.store.history import Event


@click.command("history")
@click.option("--thread", "thread_key", metavar="KEY", help="Only what happened in this thread.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="Only the newest N.")
@click.option("--json", "as_json", is_flag=True, help="Print an object a line for each event.")
@with_surroundings
@click.pass_obj
def command(here: Surroundings, thread_key: str | None, limit: int | None, *, as_json: bool) -> None:
    """List what was done to labels and reviews, oldest first, of all or of the annotator named with --annotator.

    Nothing is ever deleted from the history: what was taken back is there, and that it was taken back.
    """
    with here.open_project() as project:
        annotator = here.chosen_annotator(project)
        thread = None if thread_key is None else find_thread(project, thread_key)
        happened = False
        for event in events(
            project,
            thread_id=None if thread is None else thread.id,
            annotator_id=None if annotator is None else annotator.id,
            limit=limit,
        ):
            happened = True
            if as_json:
                write_json(_event_json(event))
            else:
                write_text(_describe_event(event))
    if not happened:
        say("Nothing has been labeled or reviewed yet")


def _event_json(event: Event) -> dict[str, object]:
    return {
        "event": event.uuid,
        "at": event.at,
        "annotator": event.annotator,
        "action": event.action.value,
        "cause": event.cause.value,
        "summary": event.summary,
        "thread": event.thread,
        "post": event.post,
        "annotation": event.annotation_uuid,
        "before": event.before,
        "after": event.after,
        "command": event.command_uuid,
        "origin": event.origin,
        "sequence": event.sequence,
    }


def _describe_event(event: Event) -> str:
    row = event.after or event.before or {}
    words = [event.at, event.annotator, event.action.value]
    words += [str(row["label"])] if row.get("label") else []
    words += [event.thread] if event.post is None else [event.thread, event.post]
    words += [f"“{row['exact']}”"] if row.get("exact") else []
    words += [f"({event.cause})"] if event.cause != "do" else []
    return "  ".join(one_line(word) for word in words)
