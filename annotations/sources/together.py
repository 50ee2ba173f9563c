"""Files that the analyst names one by one, and that are one source all the same: comments here, what they are about there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from annotations.errors import SourceError
from annotations.sources.problems import Problems
from annotations.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from annotations.sources.problems import Problem


class SourcesTogether(Source):
    """Some sources as a folder of them.

    Args:
        parts: The sources, two at least; in reports each is called by its file's name.
        is_strict: Whether the first problem with a record ends the import.
        listener: Is told of each problem, with the source's name.
    """

    def __init__(
        self,
        parts: Sequence[Source],
        *,
        is_strict: bool = False,
        listener: Callable[[str, Problem], None] | None = None,
    ) -> None:
        first = parts[0]
        name = " + ".join(part.name for part in parts)
        super().__init__(
            name=name,
            location=" + ".join(part.location for part in parts),
            stem=first.stem,
            opener=self._refuse,
            size=sum(part.size or 0 for part in parts),
            work=first.work,
            problems=Problems(name, is_strict=is_strict, listener=listener),
            mapping=first.mapping,
        )
        self._parts = list(parts)
        for part in self._parts:
            part.relative = part.path.name if part.path is not None else part.name

    @property
    def _is_directory(self) -> bool:
        return True

    def members(self) -> Sequence[Source]:
        """Return the sources."""
        return self._parts

    def _refuse(self) -> NoReturn:
        raise SourceError(f"{self.shown} are several files", "Name one of them.")
