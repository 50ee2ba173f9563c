"""What importers of flattened text have to guess, in the words that the analyst reads: of a post, and of a whole import."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.model import Post


class Doubt(StrEnum):
    """What an importer of flattened text has to guess about a post; the value is the reason that the analyst sees."""

    EMPTY = "has no text: a comment without any, or a line of a list in the post above it"
    NAMELESS = "its first line does not look like a name: taken for its text, the author for unnamed"
    AUTHOR_BELOW = "its first line is a date: the author was taken from the line below it"
    DATED = "its text begins with what looks like a date that the page put there"
    LIST = "a list in it might be replies without text"
    LIST_ENDS = "the text below a list in it might be that of the list's last line"
    TAIL = "its last lines stand below its replies: they may be the page's"
    LAST = "it is the last comment, and its last lines may be the page's: the source does not say where it ends"
    PREFORMATTED = "some of its lines stand further left than it does, as in preformatted text"
    JOINED = "a line of it was broken at a hyphen: the two parts were joined without a blank"
    ARTICLE_LIST = "a list in it might be comments"
    ARTICLE_TAIL = "its last lines stand below comments: they may be the page's"
    HEADING = "it holds the heading of the comments"
    NO_ARTICLE = "the source has no text above the comments"


_SUMMARIES = {
    Doubt.EMPTY: "{} comments have no text; they might be lines of lists",
    Doubt.NAMELESS: "{} comments begin with a line that does not look like a name; they have no author",
    Doubt.AUTHOR_BELOW: "{} comments begin with a date; their author was taken from the line below it",
    Doubt.DATED: "{} comments begin with what looks like a date; it was left in their text",
    Doubt.LIST: "{} comments hold lists that might be replies without text",
    Doubt.LIST_ENDS: "{} posts have text below a list, which might be that of the list's last line",
    Doubt.TAIL: "{} comments have lines below their replies, which were added to their text",
    Doubt.LAST: "The last comment may hold text of the page: the source does not say where the comments end",
    Doubt.PREFORMATTED: "{} comments have lines that stand further left than they do; they were taken for preformatted text",
    Doubt.JOINED: "{} posts have lines that were broken at a hyphen; they were joined without a blank",
    Doubt.ARTICLE_LIST: "A list in the article might be comments",
    Doubt.ARTICLE_TAIL: "Text below comments was added to the article's",
    Doubt.HEADING: "The heading of the comments stands in the article's text",
    Doubt.NO_ARTICLE: "There is no article above the comments",
}
_SINGULARS = (
    ("comments have", "comment has"),
    ("comments begin", "comment begins"),
    ("comments hold", "comment holds"),
    ("posts have", "post has"),
)


def summarize(posts: Sequence[Post]) -> Iterator[str]:
    """Yield a sentence for each kind of doubt: how many posts have it."""
    counts = Counter(reason for post in posts for reason in post.uncertain)
    for doubt, summary in _SUMMARIES.items():
        if counts[doubt]:
            sentence = summary.format(counts[doubt])
            yield f"{_singular(sentence) if counts[doubt] == 1 else sentence}."


def held(doubts: list[tuple[bool, Doubt]]) -> tuple[str, ...]:
    """Return the reasons that hold."""
    return tuple(doubt.value for holds, doubt in doubts if holds)


def _singular(sentence: str) -> str:
    """Turn a summary that counts one comment into the singular."""
    for many, one in _SINGULARS:
        sentence = sentence.replace(f"1 {many}", f"1 {one}")
    return sentence
