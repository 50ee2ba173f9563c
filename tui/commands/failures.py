"""How a command ends: every failure is a clear line and an exit code, never a traceback."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from annotations.errors import PostilError
from tui.commands.output import say_error, say_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import click

FAILED = 1
INTERRUPTED = 130
CLOSED_PIPE = 141
"""What a shell reports of a program that SIGPIPE ended: the reader of its output had enough."""

TRACEBACK_VARIABLE = "POSTIL_TRACEBACK"
"""Set, it makes mistakes of the program show where they happened."""


class ClosedPipeError(Exception):
    """Nobody reads our output any more."""


@contextmanager
def closed_pipe_noticed() -> Iterator[None]:
    """Tell a closed pipe apart before click does, which would call it a failure."""
    try:
        yield
    except BrokenPipeError as error:
        raise ClosedPipeError from error


def run_to_end(run: Callable[[], object]) -> NoReturn:
    """Run the program and exit: 0 done, 1 something failed, 2 wrong usage; a number that `run` returns says so too."""
    _prepare_streams()
    try:
        code = run()
        sys.stdout.flush()
    except Exception as error:  # noqa: BLE001  # the last resort: nothing ends in a traceback
        code = report_failure(error)
    except KeyboardInterrupt as error:
        code = report_failure(error)
    settle_output()
    sys.exit(code if isinstance(code, int) else 0)


def _prepare_streams() -> None:
    """Let streams write an escape for what they cannot encode, and nothing where they are closed."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # open to the end
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def report_failure(error: BaseException) -> int:
    """Say what `error` means for the analyst; return the exit code."""
    import click  # noqa: PLC0415  # loaded on use: what opens the reader can do without

    if isinstance(error, PostilError):
        say_error(error)
        return error.exit_code
    if isinstance(error, ClosedPipeError | BrokenPipeError):
        return CLOSED_PIPE
    if isinstance(error, click.ClickException):
        say_failure(error.format_message().rstrip(), _usage_hint(error))
        return error.exit_code
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return INTERRUPTED if _is_interrupt(error) else FAILED
    return _report_slip(error)


def _report_slip(error: BaseException) -> int:
    """Say what the program had not foreseen."""
    if os.environ.get(TRACEBACK_VARIABLE):
        import traceback  # noqa: PLC0415  # loaded on use

        traceback.print_exception(error)
    match error:
        case OSError():
            name = error.filename
            where = "" if name is None else f"{os.fsdecode(name) if isinstance(name, bytes) else name}: "
            say_failure(f"{where}{error.strerror or error}")
        case MemoryError():
            say_failure("There is not enough memory for this", "Split the source, or close other programs.")
        case RecursionError():
            say_failure("This is nested too deeply to be read")
        case _ if type(error).__module__ == "sqlite3":
            say_failure(f"The project cannot be used: {error}", "Check it with: postil check")
        case _:
            what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            say_failure(
                f"This is a mistake in Postil: {what}",
                f"What was stored before is safe. {TRACEBACK_VARIABLE}=1 in the environment shows where it happened.",
            )
    return FAILED


def _usage_hint(error: click.ClickException) -> str:
    context: click.Context | None = getattr(error, "ctx", None)
    return f"Try: {context.command_path.strip()} --help" if context is not None else ""


def _is_interrupt(error: BaseException) -> bool:
    return isinstance(error, KeyboardInterrupt) or isinstance(error.__cause__, KeyboardInterrupt)


def settle_output() -> None:
    """Write what is still to be written; if that is not possible, let it go nowhere.

    Else the interpreter would try once more when it ends, and complain.
    """
    try:
        sys.stdout.flush()
    except OSError:  # a closed pipe, a full disk: said already
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
