"""`postil codebook versions` and `diff`: how the codebook became what it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotations.codebook_diff import describe, diff_codebooks, difference_json
from annotations.errors import UnknownNameError
from annotations.store.codebooks import codebook_of_version, codebook_versions
from tui.commands.codebook_file import read_codebook_file
from tui.commands.options import with_surroundings
from tui.commands.output import say, write_json, write_text
from tui.commands.table import write_table
from tui.text.visible import one_line

if TYPE_CHECKING:
    from annotations.codebook import Codebook
    from annotations.store.codebooks import CodebookVersion
    from tui.commands.surroundings import Surroundings


@click.command("versions")
@click.option("--json", "as_json", is_flag=True, help="Print an object a line for each version.")
@with_surroundings
@click.pass_obj
def versions(here: Surroundings, *, as_json: bool) -> None:
    """List the versions of the project's codebook, oldest first, and how many annotations were made under each.

    The one in force is marked by a star. Every annotation keeps the version under which it was made.
    """
    with here.open_project() as project:
        found = codebook_versions(project)
    if as_json:
        for version in found:
            write_json(_version_json(version))
        return
    if not found:
        say("No codebook was applied to the project yet")
        return
    write_table(
        ("version", "applied at", "annotations", "sha256", "name"),
        [
            (
                f"{version.id}{' *' if version.is_current else ''}",
                version.applied_at,
                f"{version.annotations:,}",
                version.sha256[:12],
                version.name,
            )
            for version in found
        ],
    )


@click.command("diff")
@click.argument("before", metavar="[A]", required=False)
@click.argument("after", metavar="[B]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print an object a line for each difference.")
@with_surroundings
@click.pass_obj
def diff(here: Surroundings, before: str | None, after: str | None, *, as_json: bool) -> None:
    """Tell what differs between two codebooks: from A to B.

    A and B are versions of the project, such as 2, or files, such as codebook.toml. Without B it is the codebook in
    force; without A too, it is compared with the version before it.
    """
    earlier, later = _chosen(here, before, after)
    differences = diff_codebooks(earlier, later)
    for difference in differences:
        if as_json:
            write_json(difference_json(difference))
        else:
            for line in describe(difference):
                write_text("  " * line.startswith(" ") + one_line(line.strip()))
    if not differences and not as_json:
        say("No difference")


def _chosen(here: Surroundings, before: str | None, after: str | None) -> tuple[Codebook, Codebook]:
    named = [name for name in (before, after) if name is not None]
    if len(named) == 2 and not any(name.isdecimal() for name in named):  # noqa: PLR2004  # both are files: no project
        return read_codebook_file(Path(named[0])), read_codebook_file(Path(named[1]))
    with here.open_project() as project:
        known = codebook_versions(project)
        current = next((version.id for version in known if version.is_current), None)
        if current is None:
            raise UnknownNameError("No codebook was applied to the project yet", "Name two files to compare.")
        earlier = [version.id for version in known if version.id < current]
        if before is None and not earlier:
            raise UnknownNameError("The project has one version of its codebook", "Name a file to compare it with.")

        def codebook(name: str | None, version: int) -> Codebook:
            if name is not None and not name.isdecimal():
                return read_codebook_file(Path(name))
            return codebook_of_version(project, version if name is None else int(name))

        return codebook(before, earlier[-1] if earlier else current), codebook(after, current)


def _version_json(version: CodebookVersion) -> dict[str, object]:
    return {
        "version": version.id,
        "name": version.name,
        "sha256": version.sha256,
        "applied_at": version.applied_at,
        "current": version.is_current,
        "annotations": version.annotations,
    }


COMMANDS = (versions, diff)
"""In the order in which they are listed."""
