"""`postil history`: who did what, and when; and how long it took."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from annotations.errors import UnknownNameError, WrongUsageError
from annotations.moments import parse_moment
from annotations.store.codebooks import label_names
from annotations.store.history import Action
from annotations.store.past import EventFilter, find_events
from annotations.store.threads import find_post, find_thread, list_threads
from tui.commands.options import with_surroundings
from tui.commands.output import say, write_json, write_text
from tui.text.visible import one_line

if TYPE_CHECKING:
    from annotations.store.history import Event
    from annotations.store.project import Project
    from tui.commands.surroundings import Surroundings


@click.command("history")
@click.option("--thread", "thread_key", metavar="KEY", help="Only what happened in this thread.")
@click.option("--post", "post_key", metavar="KEY", help="Only what happened at this post of the thread.")
@click.option("--label", "labels", metavar="ID", multiple=True, help="Only this label; may be given several times.")
@click.option(
    "--action",
    "actions",
    type=click.Choice([action.value for action in Action]),
    multiple=True,
    help="Only this kind of event; may be given several times.",
)
@click.option("--since", metavar="TIME", default="", help="Not before: 2026-05-01, 2026-05-01T08:30, or 12h, 7d ago.")
@click.option("--until", metavar="TIME", default="", help="Not after; a day counts to its end.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="Only the newest N.")
@click.option("--time", "is_time", is_flag=True, help="How long each annotator was at posts, instead of the events.")
@click.option("--json", "as_json", is_flag=True, help="Print an object a line for each event.")
@with_surroundings
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917  # an option each
    here: Surroundings,
    thread_key: str | None,
    post_key: str | None,
    labels: tuple[str, ...],
    actions: tuple[str, ...],
    since: str,
    until: str,
    limit: int | None,
    *,
    is_time: bool,
    as_json: bool,
) -> None:
    """List what was done to labels, notes, flags and reviews, oldest first, of all or of the annotator of --annotator.

    Nothing is ever deleted from the history: what was taken back is there, and that it was taken back.
    Times without a zone are in UTC.
    """
    if is_time and (post_key or labels or actions or since or until or limit):
        raise WrongUsageError("--time sums up what was spent", "It goes with --thread, --annotator and --json alone.")
    with here.open_project() as project:
        annotator = here.chosen_annotator(project)
        thread_id = None if thread_key is None else find_thread(project, thread_key).id
        if is_time:
            from tui.commands.time_spent import write_times  # noqa: PLC0415  # loaded on use

            write_times(project, None if annotator is None else annotator.id, thread_id, as_json=as_json)
            return
        wanted = EventFilter(
            thread_id=thread_id,
            post_id=None if post_key is None else _post_id(project, thread_id, post_key),
            annotator_ids=None if annotator is None else (annotator.id,),
            labels=_label_ids(project, labels) or None,
            actions=tuple(map(Action, actions)) or None,
            since=_moment(project, "--since", since),
            until=_moment(project, "--until", until, is_end=True),
        )
        happened = False
        for event in find_events(project, wanted, limit):
            happened = True
            if as_json:
                write_json(_event_json(event))
            else:
                write_text(_describe_event(event))
    if not happened:
        narrowed = wanted != EventFilter()
        say("Nothing in the history is like that" if narrowed else "Nothing has been labeled or reviewed yet")


def _post_id(project: Project, thread_id: int | None, key: str) -> int:
    """Return the row of a post; the thread need not be named where there is only one."""
    if thread_id is None:
        threads = list_threads(project)
        if len(threads) != 1:
            raise WrongUsageError("--post names a post of a thread", "Name the thread too: --thread KEY")
        thread_id = threads[0].thread.id
    return find_post(project, thread_id, key).id


def _label_ids(project: Project, given: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids of labels, which may be named by what people call them."""
    names = label_names(project)
    by_name = {name.casefold(): label for label, name in names.items()}
    found = [label if label in names else by_name.get(label.casefold(), "") for label in given]
    for label, known in zip(given, found, strict=True):
        if not known:
            hint = f"It has: {', '.join(names)}." if names else "It has none yet."
            raise UnknownNameError(f"The project has no label {label!r}", hint)
    return tuple(found)


def _moment(project: Project, option: str, given: str, *, is_end: bool = False) -> str:
    if not given:
        return ""
    try:
        return parse_moment(given, datetime.fromisoformat(project.now()), is_end=is_end)
    except ValueError as error:
        raise WrongUsageError(f"{option}: {error}", "") from None


def _event_json(event: Event) -> dict[str, object]:
    return {
        "event": event.uuid,
        "at": event.at,
        "annotator": event.annotator,
        "adjudicator": event.adjudicator,
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
    words = [event.at, event.who, event.action.value]
    words += [str(row["label"])] if row.get("label") else []
    words += [event.thread] if event.post is None else [event.thread, event.post]
    words += [f"“{row['exact']}”"] if row.get("exact") else []
    words += [f"({event.cause})"] if event.cause != "do" else []
    return "  ".join(one_line(word) for word in words)
