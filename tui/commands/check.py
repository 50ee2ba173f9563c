"""`postil check`: whether the project is sound, and where the work in it breaks the rules of its codebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from annotations.rule_check import iter_violations
from annotations.store.check import check
from annotations.store.codebooks import codebook_in_force
from tui.commands.failures import FAILED
from tui.commands.long_work import LongWork, with_quiet
from tui.commands.options import with_surroundings
from tui.commands.output import count, say, write_json, write_text
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.rule_check import FoundViolation
    from annotations.store.project import Project
    from tui.commands.surroundings import Surroundings


@click.command("check")
@click.option("--rules/--no-rules", "with_rules", default=True, help="Whether to look at the codebook's rules too.")
@click.option("--strict", "is_strict", is_flag=True, help="Exit with 1 for broken rules too.")
@click.option("--json", "as_json", is_flag=True, help="Print one object with all problems and broken rules.")
@with_quiet
@with_surroundings
@click.pass_obj
def command(here: Surroundings, *, with_rules: bool, is_strict: bool, as_json: bool, is_quiet: bool) -> int:
    """Check that the project is sound: the file, its texts, its labels, its history; and that labels keep the rules.

    Prints a line for each problem, and exits with 1 if there is any. Where labels break a rule of the codebook (one
    that is required and missing, too many of them, one without the label that it needs) it prints a warning with
    thread, post and annotator; that leaves the project sound, and the exit code 0 unless --strict is given.
    --annotator narrows the warnings to one annotator's work.
    """
    long = LongWork("Checking", "the project was not looked at to its end", is_quiet=is_quiet)
    long.work.subject = here.project_path.name
    with long.under_way(), here.open_project() as project, project.doing(long.work):
        problems = check(project)
        broken = _broken_rules(here, project) if with_rules and not problems else []
    _print(problems, broken, as_json=as_json)
    if not is_quiet:
        found = count(len(problems), "problem") if problems else "sound"
        rules = f", {count(len(broken), 'broken rule')}" if broken else ""
        say(f"{one_line(str(here.project_path))}: {found}{rules}")
    return FAILED if problems or (is_strict and broken) else 0


def _broken_rules(here: Surroundings, project: Project) -> list[FoundViolation]:
    """Return where rules are broken; what is not sound is not asked for it."""
    annotator = here.chosen_annotator(project)
    annotator_id = None if annotator is None else annotator.id
    project.work.begin("Checking the rules")
    return list(project.work.heed(iter_violations(project, codebook_in_force(project), annotator_id=annotator_id)))


def _print(problems: Sequence[str], broken: Sequence[FoundViolation], *, as_json: bool) -> None:
    if as_json:
        write_json({"problems": list(problems), "rules": [_json(found) for found in broken]})
        return
    for problem in problems:
        write_text(one_line(problem))
    for found in broken:
        place = f"{found.thread} {found.post}" if found.post is not None else found.thread
        write_text(one_line(f"warning: {place}, {found.annotator}: {found.violation.message}"))


def _json(found: FoundViolation) -> dict[str, object]:
    return {
        "thread": found.thread,
        "post": found.post,
        "annotator": found.annotator,
        "rule": found.violation.rule.value,
        "message": found.violation.message,
        "labels": list(found.violation.labels),
        "annotation": found.uuid,
    }
