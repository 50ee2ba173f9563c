"""How the reader is opened on a project."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from annotations.errors import WrongUsageError
from tui.commands.surroundings import upgrading

if TYPE_CHECKING:
    from tui.app import PostilApp
    from tui.commands.surroundings import Surroundings
    from tui.configuration import Configuration

_HOW_TO_BEGIN = "To begin, name a source: postil ARTICLE.txt. A project elsewhere: postil --project FILE"


def open_project(here: Surroundings) -> int:
    """Open the reader on the project, return its exit code.

    Raises:
        WrongUsageError: If there is no project yet, or no terminal.
    """
    if not here.project_path.exists():
        raise WrongUsageError(f"There is no project at {here.project_path}", _HOW_TO_BEGIN)
    prepare(here)
    return run_reader(here, None)


def prepare(here: Surroundings) -> Configuration:
    """See that the reader can be opened, before anything is imported for it.

    Raises:
        WrongUsageError: If there is no terminal, or the configuration has mistakes.
    """
    _require_terminal()
    return here.configuration


def _require_terminal() -> None:
    # Textual draws on standard error where there is one, so all three must be the terminal.
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise WrongUsageError(
            "The reader needs a terminal: standard input, output or error is none",
            "In a script: postil import, postil annotate, postil export; “postil --help” lists all.",
        )


def _load_asyncio() -> None:
    """Load the event loop as on a Python without TLS: loading that takes 6 ms, and the reader speaks to nobody."""
    if "asyncio" in sys.modules or "ssl" in sys.modules:
        return
    sys.modules["ssl"] = None  # type: ignore[assignment]  # the documented way to make an import fail
    try:
        import asyncio  # noqa: F401, PLC0415  # loaded in this place, for this
    finally:
        del sys.modules["ssl"]


def run_reader(here: Surroundings, thread_key: str | None) -> int:
    """Open the reader on the project, at a thread or where the analyst was; return its exit code."""
    gc.disable()  # until the first frame: what is made on the way there stays
    _load_asyncio()
    from tui.app import PostilApp  # noqa: PLC0415  # loaded on use: Textual takes most of the time to start

    return _run(PostilApp, here, thread_key)


def run_reader_on_gold(here: Surroundings, thread_key: str | None) -> int:
    """Open the reader on the gold set, otherwise as `run_reader`.

    Raises:
        WrongUsageError: If there is no project yet, or no terminal.
    """
    if not here.project_path.exists():
        raise WrongUsageError(f"There is no project at {here.project_path}", _HOW_TO_BEGIN)
    prepare(here)
    from tui.adjudicating import AdjudicatingApp  # noqa: PLC0415  # loaded on use, as above

    return _run(AdjudicatingApp, here, thread_key)


def _run(make: type[PostilApp], here: Surroundings, thread_key: str | None) -> int:
    app = make(
        here.project_path, here.annotator_name, thread_key, configuration=here.configuration, upgrading=upgrading
    )
    app.run()
    return app.return_code or 0
