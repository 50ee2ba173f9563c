"""The words of a text, as texts are compared by."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re


class Words:
    """A text as words, each sign that is neither letter nor digit by itself; white space is between them.

    Args:
        text: The text.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        found = list(_word_pattern().finditer(text))
        self.words = [match.group() for match in found]
        self.starts = [match.start() for match in found]

    def __len__(self) -> int:
        return len(self.words)

    def end(self, place: int) -> int:
        """Return the offset behind the word at a place."""
        return self.starts[place] + len(self.words[place])


@cache
def _word_pattern() -> re.Pattern[str]:
    import re  # noqa: PLC0415  # loaded on use

    # Scripts that write without spaces are compared letter by letter, like signs.
    return re.compile(r"[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]+|\S")


def is_edge(text: str, offset: int) -> bool:
    """Tell whether no word goes on across an offset of a text."""
    return not 0 < offset < len(text) or _word_pattern().fullmatch(text, offset - 1, offset + 1) is None
