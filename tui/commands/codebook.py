"""`postil codebook`: written, checked, shown, applied."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotations.codebook import Codebook, codebook_json, default_codebook
from annotations.errors import CodebookError
from annotations.store.codebooks import apply_codebook, current_codebook
from annotations.store.project import is_project
from tui.commands.codebook_file import STANDARD_STREAM, read_codebook_file
from tui.commands.output import count, say, write_json, write_text
from tui.commands.surroundings import Surroundings, with_surroundings
from tui.commands.table import write_table
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.codebook import Label

_FILE = click.Path(path_type=Path, allow_dash=True)


@click.group("codebook", no_args_is_help=False, subcommand_metavar="COMMAND [ARGS]...")
@with_surroundings
def command() -> None:
    """Write, check, show and apply a codebook: the labels of a project, their rules and guidelines."""


@command.command("init")
@click.argument("file", type=_FILE, default="codebook.toml")
@click.option("--force", is_flag=True, help="Replace FILE if there is one.")
@with_surroundings
def init(file: Path, *, force: bool) -> None:
    """Write a codebook to begin with.

    It is the one that a new project has, to be changed by hand. FILE is codebook.toml unless named; - is standard
    output.
    """
    source = default_codebook().source
    if file == STANDARD_STREAM:
        sys.stdout.buffer.write(source.encode())
        return
    if is_project(file):
        raise CodebookError(f"{file} is a Postil project", hint="Name another file.")
    try:
        with file.open("w" if force else "x", encoding="utf-8", newline="\n") as stream:
            stream.write(source)
    except FileExistsError as error:
        raise CodebookError(f"{file} exists", hint="Name another file, or replace it with --force.") from error
    say(f"Wrote {one_line(str(file))}. Change it, then: postil codebook apply {one_line(str(file))}")


@command.command("check")
@click.argument("file", type=_FILE)
@with_surroundings
def check(file: Path) -> None:
    """Check the codebook in FILE.

    Prints every mistake with its line, and exits with 1 if there is any.
    """
    codebook = read_codebook_file(file)
    say(f"{one_line(str(file))}: sound, {count(len(codebook.labels), 'label')}")


@command.command("show")
@click.argument("file", type=_FILE, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one object with everything that the codebook says.")
@with_surroundings
@click.pass_obj
def show(here: Surroundings, file: Path | None, *, as_json: bool) -> None:
    """Print the codebook of the project, or FILE.

    Without a project this is the one that a new project begins with.
    """
    codebook = _project_codebook(here) if file is None else read_codebook_file(file)
    if as_json:
        write_json(codebook_json(codebook))
        return
    write_text(" ".join(one_line(word) for word in (codebook.name, codebook.version) if word))
    if codebook.description:
        write_text(one_line(codebook.description))
    for group in codebook.groups:
        rule = "at most one of these" if group.is_exclusive else "any of these"
        members = ", ".join(label.name for label in codebook.members(group.id))
        write_text(one_line(f"{group.name}: {rule}: {members}"))
    write_text()
    write_table(
        ("key", "label", "scope", "name", "description"),
        [(label.key, label.id, label.scope, _shown_name(label), label.description) for label in codebook.labels],
    )


@command.command("apply")
@click.argument("file", type=_FILE)
@with_surroundings
@click.pass_obj
def apply(here: Surroundings, file: Path) -> None:
    """Put the codebook in FILE in force.

    The project is made if there is none. Labels keep their annotations: one that FILE no longer has is retired, which means that it is no longer put.
    """
    codebook = read_codebook_file(file)
    with here.open_project(create=True, begins_with_codebook=False) as project:
        before = current_codebook(project)
        apply_codebook(project, codebook)
    if before is not None and before.sha256 == codebook.sha256:
        write_text("nothing changed: the project has this codebook already")
        return
    write_text(
        f"applied {one_line(codebook.name)}: {count(sum(1 for label in codebook.labels if not label.is_retired), 'label')} in use"
    )
    for line in _differences(before, codebook):
        write_text(f"  {one_line(line)}")


def _project_codebook(here: Surroundings) -> Codebook:
    if here.project_path.exists():
        with here.open_project() as project:
            found = current_codebook(project)
        if found is not None:
            return found
    say("The project has no codebook yet; this is the one that it begins with.")
    return default_codebook()


def _differences(before: Codebook | None, after: Codebook) -> Iterator[str]:
    """Yield what a new version of the codebook does to its labels, a line each."""
    earlier = {} if before is None else {label.id: label for label in before.labels}
    for label in after.labels:
        known = earlier.pop(label.id, None)
        if known is None:
            yield f"added {label.id}: {label.name}"
        elif label.is_retired and not known.is_retired:
            yield f"retired {label.id}: {label.name}"
        elif known.is_retired and not label.is_retired:
            yield f"in use again {label.id}: {label.name}"
        elif label != known:
            yield f"changed {label.id}: {', '.join(_changed_fields(known, label))}"
    for label in earlier.values():
        if not label.is_retired:
            yield f"retired {label.id}: {label.name}"


def _changed_fields(before: Label, after: Label) -> Iterator[str]:
    old, new = _fields(before), _fields(after)
    return (name.removeprefix("is_") for name in new if old[name] != new[name])


def _fields(label: Label) -> dict[str, object]:
    return {name: getattr(label, name) for name in type(label).__struct_fields__}


def _shown_name(label: Label) -> str:
    return f"{label.name} (retired)" if label.is_retired else label.name
