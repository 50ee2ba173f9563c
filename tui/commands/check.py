"""`postil check`: whether the project is sound."""

from __future__ import annotations

import click

from annotations.store.check import check
from tui.commands.failures import FAILED
from tui.commands.long_work import LongWork, with_quiet
from tui.commands.output import count, say, write_text
from tui.commands.surroundings import Surroundings, with_surroundings
from tui.text.visible import one_line


@click.command("check")
@with_quiet
@with_surroundings
@click.pass_obj
def command(here: Surroundings, *, is_quiet: bool) -> int:
    """Check that the project is sound: the file, its texts, its labels, its history.

    Prints a line for each problem, and exits with 1 if there is any.
    """
    long = LongWork("Checking", "the project was not looked at to its end", is_quiet=is_quiet)
    long.work.subject = here.project_path.name
    with long.under_way(), here.open_project() as project, project.doing(long.work):
        problems = check(project)
    for problem in problems:
        write_text(one_line(problem))
    if not is_quiet:
        say(f"{one_line(str(here.project_path))}: {count(len(problems), 'problem') if problems else 'sound'}")
    return FAILED if problems else 0
