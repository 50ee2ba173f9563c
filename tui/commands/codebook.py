"""`postil codebook`: written, checked, shown, applied; changed and compared in the modules beside this one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from annotations.codebook import Codebook
from annotations.codebook_diff import Kind, describe, diff_codebooks
from annotations.codebook_toml import default_codebook
from annotations.codebook_values import codebook_json
from annotations.errors import CodebookError
from annotations.store.codebooks import apply_codebook, codebook_of_version, current_codebook
from annotations.store.project import is_project
from tui.commands import codebook_changes as changes
from tui.commands import codebook_versions as versions
from tui.commands.codebook_file import STANDARD_STREAM, read_codebook_file
from tui.commands.options import with_surroundings
from tui.commands.output import count, say, write_json, write_text
from tui.commands.table import write_table
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.codebook import Label
    from tui.commands.surroundings import Surroundings

_FILE = click.Path(path_type=Path, allow_dash=True)


@click.group("codebook", no_args_is_help=False, subcommand_metavar="COMMAND [ARGS]...")
@with_surroundings
def command() -> None:
    """Write, check, show, apply, compare and change a codebook: the labels of a project, their rules and guidelines."""


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
@click.option("--version", metavar="N", type=click.IntRange(min=1), help="As it was in this version of the project.")
@click.option("--toml", "as_toml", is_flag=True, help="Print the TOML.")
@click.option("--json", "as_json", is_flag=True, help="Print one object with everything that the codebook says.")
@with_surroundings
@click.pass_obj
def show(here: Surroundings, file: Path | None, *, version: int | None, as_toml: bool, as_json: bool) -> None:
    """Print the codebook of the project, or FILE.

    Without a project this is the one that a new project begins with. `postil codebook versions` lists the versions.
    """
    if file is not None and version is not None:
        raise click.UsageError("FILE has no versions: name one of the two.")
    if version is not None:
        with here.open_project() as project:
            codebook = codebook_of_version(project, version)
    else:
        codebook = _project_codebook(here) if file is None else read_codebook_file(file)
    if as_toml:
        sys.stdout.buffer.write(codebook.source.encode())
        return
    if as_json:
        write_json(codebook_json(codebook))
        return
    write_text(" ".join(one_line(word) for word in (codebook.name, codebook.version) if word))
    if codebook.description:
        write_text(one_line(codebook.description))
    if codebook.is_open:
        write_text("open: labels may be added while labeling")
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
        write_text(f"  {line}")


def _project_codebook(here: Surroundings) -> Codebook:
    if here.project_path.exists():
        with here.open_project() as project:
            found = current_codebook(project)
        if found is not None:
            return found
    say("The project has no codebook yet; this is the one that it begins with.")
    return default_codebook()


def _differences(before: Codebook | None, after: Codebook) -> Iterator[str]:
    """Yield what a new version of the codebook does to the project: a label that it no longer has is retired."""
    for difference in diff_codebooks(before or Codebook(name=after.name), after):
        if difference.entry == "codebook" and before is None:
            continue
        if difference.kind is Kind.REMOVED and difference.entry == "label":
            difference = replace(difference, kind=Kind.RETIRED)  # noqa: PLW2901  # the same one, as the project has it
        for line in describe(difference):
            yield "  " * line.startswith(" ") + one_line(line.strip())


def _shown_name(label: Label) -> str:
    if label.merged_into is not None:
        return f"{label.name} (merged into {label.merged_into})"
    if label.split_into:
        return f"{label.name} (split into {', '.join(label.split_into)})"
    return f"{label.name} (retired)" if label.is_retired else label.name


for _more in (changes, versions):
    for _command in _more.COMMANDS:
        command.add_command(_command)
