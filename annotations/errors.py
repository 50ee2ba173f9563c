"""What can go wrong, said so that the analyst knows what, where and what to do."""

from __future__ import annotations


class PostilError(Exception):
    """A failure that is shown as one message, never as a traceback.

    Args:
        message: What is wrong and where, one sentence without a full stop.
        hint: What to do about it, or "" where nothing helps.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}" if self.hint else self.message


class WrongUsageError(PostilError):
    """The command or its arguments do not make sense."""

    exit_code = 2


class SourceError(PostilError):
    """A source cannot be read as a thread."""


class ProjectError(PostilError):
    """A project file cannot be opened, read or written."""


class ProjectBusyError(ProjectError):
    """Another program is writing to the project."""


class UnknownNameError(PostilError):
    """A thread, post or label of that name is not in the project."""


class SpanError(PostilError):
    """A span does not fit the text that it points into."""


class RuleError(PostilError):
    """An action does not fit the codebook: an unknown or retired label, a wrong scope."""


class ExportError(PostilError):
    """A dataset cannot be written."""


class CodebookError(PostilError):
    """A codebook has mistakes; `problems` holds all of them.

    Args:
        message: Which codebook, and how many mistakes.
        problems: A line for each mistake, each with the source's line number where it is known.
    """

    def __init__(self, message: str, problems: tuple[str, ...] = (), hint: str = "") -> None:
        super().__init__(message, hint)
        self.problems = problems
