"""`postil adjudicate`: what annotators disagree on, settled into one gold set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from annotations.adjudication import Adjudication, Take
from annotations.errors import WrongUsageError
from annotations.store.threads import find_post, find_thread
from tui.commands.long_work import LongWork
from tui.commands.options import with_looks, with_surroundings
from tui.commands.output import count, say, write_json
from tui.commands.surroundings import known_annotator
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from annotations.adjudication import Settlement
    from annotations.store.project import Project
    from annotations.store.writing import Change
    from tui.commands.surroundings import Surroundings

    _Decorated = TypeVar("_Decorated", bound=Callable[..., Any])

_MODELS = click.option("--with-models", is_flag=True, help="Count models as annotators, too.")
_LEAST = click.option(
    "--at-least",
    metavar="N",
    type=click.IntRange(min=1),
    default=2,
    help="Posts that so many annotators have labeled or reviewed. [2]",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one object.")


def _of_several(command: _Decorated) -> _Decorated:
    """Add the options that say whose labels count, and of how many."""
    return _LEAST(_MODELS(command))


@click.group("adjudicate", invoke_without_command=True, subcommand_metavar="[COMMAND] [ARGS]...")
@with_surroundings
@click.pass_context
def command(context: click.Context) -> None:
    """Settle what annotators disagree on into one gold set, which export --gold writes; alone, list what is open.

    The gold set is a layer of its own: nobody's labels are changed. A post is settled with the labels that the gold set has
    then, or with none; the article stands for its thread, and relations for the post that they start from. --annotator
    names who adjudicates, which the history tells.
    """
    if context.invoked_subcommand is None:
        context.invoke(list_open)


@command.command("list", short_help="List where annotators differ.")
@click.argument("thread_key", metavar="[THREAD]", required=False)
@click.option("--all", "is_all", is_flag=True, help="Also posts on which all have put the same.")
@_of_several
@click.option("--json", "as_json", is_flag=True, help="Print an object a line for each post.")
@with_surroundings
@click.pass_obj
def list_open(  # noqa: PLR0913  # its options
    here: Surroundings,
    *,
    thread_key: str | None = None,
    is_all: bool = False,
    at_least: int = 2,
    with_models: bool = False,
    as_json: bool = False,
) -> None:
    """List the posts that are not settled and on which those differ who have seen them, with what each has put."""
    from tui.commands.adjudicate_words import OpenPosts  # noqa: PLC0415  # loaded on use

    agreed = differing = 0
    with here.open_project() as project:
        words = OpenPosts(project)
        thread_id = _thread_id(project, thread_key)
        for seen in Adjudication(project, with_models=with_models).disagreements(thread_id, at_least):
            agreed += seen.is_agreed
            differing += not seen.is_agreed
            if is_all or not seen.is_agreed:
                words.write_json(seen) if as_json else words.write(seen)
        settled = words.count_settled(thread_id)
    said = [f"{count(differing, 'post')} on which annotators differ", f"{agreed:,} on which they agree"]
    say(f"Open: {', '.join(said)}; settled: {settled:,}")
    if agreed:
        say("To settle those on which they agree: postil adjudicate agreed")


@command.command("agreed", short_help="Settle all on which they agree.")
@click.argument("thread_key", metavar="[THREAD]", required=False)
@_of_several
@_JSON
@with_surroundings
@click.pass_obj
def agreed(here: Surroundings, *, thread_key: str | None, at_least: int, with_models: bool, as_json: bool) -> None:
    """Settle in one step all posts on which everybody who has labeled or reviewed them has put the same."""
    long = LongWork("Settling", "nothing was settled")
    with long.under_way(), here.open_project() as project, project.doing(long.work):
        adjudication = Adjudication(project, here.annotator_name, with_models=with_models)
        _tell(adjudication.settle_agreed(_thread_id(project, thread_key), at_least), as_json=as_json)


@command.command("settle", short_help="Settle one post.")
@click.argument("thread_key", metavar="THREAD")
@click.argument("post_key", metavar="POST")
@click.option("--take", "whose", metavar="NAME", help="On what this annotator has put; gold for what the gold set has.")
@click.option(
    "--majority", "how", flag_value=Take.MAJORITY.value, help="On what more than half have put who have seen it."
)
@click.option("--all", "how", flag_value=Take.ALL.value, help="On what all have put who have seen it.")
@click.option("--none", "how", flag_value=Take.NONE.value, help="On nothing: no label belongs there.")
@click.option("--annotation", "uuids", metavar="UUID", multiple=True, help="On this annotation; may be repeated.")
@_MODELS
@_JSON
@with_surroundings
@click.pass_obj
def settle(  # noqa: PLR0913  # its options
    here: Surroundings,
    *,
    thread_key: str,
    post_key: str,
    whose: str | None,
    how: str | None,
    uuids: tuple[str, ...],
    with_models: bool,
    as_json: bool,
) -> None:
    """Settle one post, also one that is settled: what is taken stands in the gold set then, and nothing else.

    THREAD and POST are keys as `postil adjudicate list` prints them.
    """
    if sum(map(bool, (whose, how, uuids))) != 1:
        raise WrongUsageError(
            "What to settle on is to be said in one way",
            "Take --take NAME, --majority, --all, --none, or --annotation UUID as often as needed.",
        )
    with here.open_project() as project:
        post = find_post(project, find_thread(project, thread_key).id, post_key)
        adjudication = Adjudication(project, here.annotator_name, with_models=with_models)
        taking = Take(how) if how is not None else (known_annotator(project, whose) if whose is not None else uuids)
        _tell(adjudication.settle(post.id, taking), as_json=as_json)


@command.command("reopen", short_help="Open a post again.")
@click.argument("thread_key", metavar="THREAD")
@click.argument("post_key", metavar="POST")
@with_surroundings
@click.pass_obj
def reopen(here: Surroundings, *, thread_key: str, post_key: str) -> None:
    """Say that a post is not settled after all; the gold set's labels on it stay until it is settled anew."""
    with here.open_project() as project:
        post = find_post(project, find_thread(project, thread_key).id, post_key)
        say(one_line(Adjudication(project, here.annotator_name).reopen(post.id).summary))


@command.command("undo", short_help="Take back the last step.")
@with_surroundings
@click.pass_obj
def undo(here: Surroundings) -> None:
    """Take back the last step of adjudication that stands, also one of an earlier day, whoever did it."""
    _revert(here, Adjudication.undo, "undo")


@command.command("redo", short_help="Do it again.")
@with_surroundings
@click.pass_obj
def redo(here: Surroundings) -> None:
    """Do the step again that was taken back last."""
    _revert(here, Adjudication.redo, "redo")


@command.command("open", short_help="Open the reader on the gold set.")
@click.argument("thread_key", metavar="[THREAD]", required=False)
@with_looks
@with_surroundings
@click.pass_obj
def open_reader(here: Surroundings, *, thread_key: str | None) -> int:
    """Open the reader on the gold set: the keys put its labels, and to review a post is to settle it.

    What annotators have put is shown beside it.
    """
    from tui.commands.opening import run_reader_on_gold  # noqa: PLC0415  # loaded on use

    return run_reader_on_gold(here, thread_key)


def _revert(here: Surroundings, step: Callable[[Adjudication], Change | None], verb: str) -> None:
    with here.open_project() as project:
        change = step(Adjudication(project, here.annotator_name))
    say(f"There is nothing to {verb}" if change is None else one_line(change.summary))


def _thread_id(project: Project, key: str | None) -> int | None:
    return None if key is None else find_thread(project, key).id


def _tell(done: Settlement, *, as_json: bool) -> None:
    """Say what a step has done, and what it could not do."""
    if as_json:
        write_json(
            {
                "summary": done.change.summary,
                "posts": done.posts,
                "put": done.put,
                "off": done.off,
                "waiting": done.waiting,
                "without_end": done.endless,
                "differing_attributes": done.differing,
            }
        )
        return
    say(one_line(done.change.summary))
    labels = [
        f"{count(number, 'annotation')} {word}" for number, word in ((done.put, "put"), (done.off, "off")) if number
    ]
    if labels:
        say(f"  {', '.join(labels)}")
    if done.waiting:
        say(f"  {count(done.waiting, 'relation')} still to come: what it leads to is not settled")
    if done.endless:
        say(f"  {count(done.endless, 'relation')} left out: what they start at is not settled on")
    if done.differing:
        say(f"  {count(done.differing, 'attribute')} left out: annotators differ on the value")
