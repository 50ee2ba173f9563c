"""The command line: where options, commands and failures come together. Each command is loaded when called."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from tui.commands.failures import closed_pipe_noticed, run_to_end
from tui.commands.options import with_looks, with_surroundings
from tui.commands.registry import COMMANDS, READER
from tui.commands.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.shell_completion import CompletionItem


_HELP = """\
Read an article together with its comment thread, label claims and comments, export datasets.

PATHs are sources to import first, or one project file; the reader opens at the first of them. Without a source, a project
of several threads opens in its library, where all threads are listed and searched.

\b
  postil harbour-tunnel.txt        import into ./postil.db and read
  postil                           read on in ./postil.db, or choose in its library
  postil export csv -o labels.csv  write a dataset
"""


class PostilGroup(click.Group):
    """All commands; what is no command is the path of a source or a project, to be opened in the reader."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order of a day's work."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the command of that name."""
        del ctx
        return _load(COMMANDS[cmd_name][0]) if cmd_name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that `args` name; without a name they belong to the reader."""
        found = self.get_command(ctx, args[0])
        return (args[0], found, args[1:]) if found is not None else ("", _load(READER), args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands that begin so, and let the shell add files."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415  # loaded on use

        return [*super().shell_complete(ctx, incomplete), CompletionItem(incomplete, type="file")]

    def make_context(self, *args: Any, **extra: Any) -> click.Context:  # noqa: ANN401  # as click has it
        """Read the options before the command's name."""
        with closed_pipe_noticed():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # as click has it
        """Run the command."""
        with closed_pipe_noticed():
            return super().invoke(ctx)

    def main(  # type: ignore[override]  # it always ends the program, as click's does by default
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        **extra: Any,  # noqa: ANN401  # as click has it
    ) -> None:
        """Run the program and exit: 0 done, 1 something failed, 2 wrong usage."""
        extra["standalone_mode"] = False
        words = sys.argv[1:] if args is None else args
        extra.setdefault("obj", Surroundings(command_line=(prog_name or "postil", *words)))
        run_to_end(lambda: super(PostilGroup, self).main(args, prog_name or "postil", **extra))


def _load(module: str) -> click.Command:
    command = import_module(f"tui.commands.{module}").command
    assert isinstance(command, click.Command)  # noqa: S101  # each of these modules has one
    return command


def _print_version(context: click.Context, option: click.Parameter, value: bool) -> None:  # noqa: FBT001  # click calls it
    del option
    if not value or context.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  # loaded on use

    number = "(not installed)"
    with suppress(PackageNotFoundError):
        number = version("postil")
    click.echo(f"postil {number}")
    context.exit()


@click.group(
    "postil",
    cls=PostilGroup,
    help=_HELP,
    invoke_without_command=True,
    subcommand_metavar="[PATH]... | COMMAND [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version and exit.",
)
@with_looks
@with_surroundings
@click.pass_context
def cli(context: click.Context) -> int:
    """Open the reader on the project if no command is named."""
    if context.invoked_subcommand is not None:
        return 0
    from tui.commands.opening import open_project  # noqa: PLC0415  # loaded on use

    return open_project(context.obj)
