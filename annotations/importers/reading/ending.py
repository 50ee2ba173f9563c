"""What is to be said of a source as a whole when its last thread has been read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from annotations.model import Thread


def with_last_words(threads: Iterator[Thread], last_words: Callable[[], str]) -> Iterator[Thread]:
    """Yield the threads, the last one with a warning about all of the source.

    What was counted is known when the last thread has been read; a thread is held back until the next one is there.

    Args:
        threads: The threads.
        last_words: Says the warning, "" if there is none; asked when all were read.
    """
    before: Thread | None = None
    for thread in threads:
        if before is not None:
            yield before
        before = thread
    if before is not None:
        sentence = last_words()
        yield replace(before, warnings=(*before.warnings, sentence)) if sentence else before
