"""How sources are to be read: the options that `postil import` and `postil` share."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, TypeVar

import click

from annotations.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from typing import Any

    from annotations.sources.problems import Problem

_Decorated = TypeVar("_Decorated", bound="Callable[..., Any]")


class Reading(TypedDict):
    """How sources are to be read.

    Args:
        format_name: The importer, or None to choose one for each source.
        is_strict: Whether the first problem with a record ends the import of its source.
        mapping: Which column or field holds what, as it was typed; None for nothing.
        report: Where to write all problems; None for nowhere.
    """

    format_name: str | None
    is_strict: bool
    mapping: str | None
    report: Path | None


def with_reading(command: _Decorated) -> _Decorated:
    """Add `--format`, `--map`, `--strict` and `--report`."""
    for option in (
        click.option(
            "--report",
            metavar="FILE",
            type=click.Path(path_type=Path),
            help="Write all problems with records, a line of JSON each.",
        ),
        click.option("--strict", "is_strict", is_flag=True, help="Stop at the first record that has something wrong."),
        click.option(
            "--map", "mapping", metavar="WHAT=COLUMN,...", help="Say which columns hold what: text=body,parent=reply_to"
        ),
        click.option(
            "--format", "format_name", metavar="NAME", help="How to read the sources, instead of finding out."
        ),
    ):
        command = option(command)
    return command


def read_mapping(typed: str | None) -> dict[str, str]:
    """Return which column holds what: {"text": "body"}.

    Raises:
        WrongUsageError: If it does not say that.
    """
    mapping: dict[str, str] = {}
    for part in (typed or "").split(",") if typed is not None else ():
        role, equals, column = (word.strip() for word in part.partition("="))
        if not role or not equals:
            raise WrongUsageError(
                f"“{part.strip()}” says of no column what it holds", "For example: --map text=body,parent=reply_to"
            )
        if role in mapping:
            raise WrongUsageError(f"“{role}” is mapped twice, to “{mapping[role]}” and to “{column}”")
        mapping[role] = column
    return mapping


@contextmanager
def problem_report(path: Path | None, others: Collection[Path]) -> Iterator[Callable[[str, Problem], None] | None]:
    """Yield what writes problems to a file, a line of JSON each; the file is there when the block ends without an error.

    Args:
        path: The file, or None for none.
        others: Files that must not be overwritten.

    Raises:
        ExportError: If it cannot be written; what stood there stays.
    """
    if path is None:
        yield None
        return
    from annotations.exporters.writing.output import open_file  # noqa: PLC0415  # loaded on use
    from tui.commands.output import to_json  # noqa: PLC0415  # the same

    with open_file(path, others) as output:

        def write(source: str, problem: Problem) -> None:
            record = {"source": source, "where": problem.where, "what": problem.what, "done": problem.done}
            output.write(to_json(record) + b"\n")

        yield write
