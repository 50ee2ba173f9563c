"""What a post's text holds beside its words: Markdown's and HTML's marks, links, quotes, code.

The stored text stays as it is. From here comes how it is *read*: which ranges are set off (`Decoration`), and which are
read otherwise than they are written (`Edit`): a tag of HTML as nothing or as a line's end, an entity as its character,
a link with a number behind it. Markdown's marks stay where they are. What is no markup for sure is left alone: `2*3*4`,
`snake_case_name`, a `*` of a footnote. Linear in the text's length whatever it holds.

Sources: CommonMark 0.31, HTML's living standard; both are read more narrowly than they say.
"""

from __future__ import annotations

import re

from tui.text.decoration import PLAIN, Markup

_MARKS = re.compile(r"[`>\t*_<&~#\[]")


def is_plain(text: str) -> bool:
    """Tell whether a text holds nothing that could be markup, a link, a quote or code; about a µs a comment."""
    return (
        _MARKS.search(text) is None
        and "://" not in text
        and "    " not in text
        and "www." not in text
        and "WWW." not in text
    )


def read_markup(text: str, *, is_ascii: bool = False) -> Markup:
    """Return how a post's text is read.

    Args:
        text: The stored text.
        is_ascii: Whether to add nothing but ASCII: `[1]` for a link's number, `-` for a bullet.
    """
    if is_plain(text):
        return PLAIN
    from tui.text.markup_reader import read  # noqa: PLC0415  # loaded on use: most comments are plain words

    return read(text, is_ascii=is_ascii)


def words_of(text: str) -> str:
    """Return the words of a text for a place where there is one line of it: no tags, entities as characters."""
    if "<" not in text and "&" not in text:
        return text
    from tui.text.markup_reader import read_words  # noqa: PLC0415  # loaded on use

    return read_words(text)
