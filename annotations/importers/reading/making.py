"""Threads made of a site's records: what all importers of discussion sites have in common."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.reading.assemble import assemble
from annotations.importers.reading.gathering import gather
from annotations.importers.reading.json_fields import one_line
from annotations.model import ARTICLE_KEY, Post, PostKind, Thread
from annotations.sources.cleaning import slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from annotations.sources.source import Source

ABSENT = "is missing in the source"
"""Said of an article that comments answer and that is not among the records."""

_LONGEST_TITLE = 300
_FIRST_WORDS = 100
_SHORTEST = 40
_LOOKED_AT = 4000
_ELEMENT = re.compile(r"<[^<>]*>")
_BLOCK = re.compile(r"<(?:/p|/div|/h\d|/li|br)\b[^<>]*>|<p\b[^<>]*>", re.IGNORECASE)


class ThreadMaker:
    """Makes a source's threads, one after the other.

    Args:
        source: The source.
        name: The importer's name.
    """

    def __init__(self, source: Source, name: str) -> None:
        self.source = source
        self.name = name
        self._dropped = source.dropped

    def make(  # noqa: PLR0913  # what a thread is made of
        self,
        article: Post,
        records: Iterable[Post],
        *,
        key: str = "",
        title: str = "",
        url: str | None = None,
        meta: Mapping[str, object] | None = None,
        warnings: Sequence[str] = (),
        roots: frozenset[str | None] = frozenset({None, ""}),
    ) -> Thread:
        """Return a thread.

        Args:
            article: The article.
            records: The comments as the source has them, in its order; a million of them may come one by one.
            key: What the source calls the thread where it may hold several; "" to name it after the file.
            title: The headline; "" if the source has none: then the first words of the article, or what there is.
            url: Where the thread stood.
            meta: What the source says of the thread beyond the model.
            warnings: Sentences for the analyst.
            roots: What a record has as its parent that answers the article.
        """
        posts = assemble(article, gather(records, self.source.work), self.source.problems, roots=roots)
        title = title or first_words(article.text, article.meta.get("markup")) or self.source.stem or key or self.name
        return Thread(
            key=key or self.source.stem or slug(title) or self.name.replace("_", "-"),
            title=title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE].rstrip()}…",
            posts=posts,
            format=self.name,
            url=url,
            dropped=self._take_dropped(),
            warnings=(*self.source.warnings, *warnings),
            meta=meta or {},
        )

    def finish(self, thread: Thread) -> Thread:
        """Return a thread that was made elsewhere, with what the source has to say."""
        return replace(thread, dropped=self._take_dropped(), warnings=(*self.source.warnings, *thread.warnings))

    def _take_dropped(self) -> int:
        dropped = self.source.dropped - self._dropped
        self._dropped = self.source.dropped
        return dropped


def make_meta(rest: Mapping[str, object], **more: object) -> dict[str, object]:
    """Return a post's or thread's meta: what was made out of the record, as far as there is something, and the rest of it."""
    meta = {name: value for name, value in more.items() if not (value is None or value is False or value == "")}
    if rest:
        meta["raw"] = rest
    return meta


def absent_article(key: str = ARTICLE_KEY, headline: str = "") -> Post:
    """Return what stands for an article that the source does not hold."""
    return Post(
        key=key or ARTICLE_KEY,
        parent=None,
        kind=PostKind.ARTICLE,
        text=headline,
        uncertain=(ABSENT,),
        meta={"is_missing": True},
    )


def join_headline(headline: str, body: str) -> str:
    """Return an article's text: the headline, a blank line, the body; one of them alone where the other is empty."""
    return f"{headline}\n\n{body}" if headline and body else headline or body


def first_words(text: str, markup: object = None) -> str:
    """Return the beginning of a text on one line, for a title where the source has none."""
    start = text[:_LOOKED_AT]
    if markup == "html":
        start = html.unescape(_ELEMENT.sub("", _BLOCK.sub("\n", start)))
    line = one_line(next((line for line in start.split("\n") if line.strip()), ""))
    if len(line) <= _FIRST_WORDS:
        return line
    at = line.rfind(" ", _SHORTEST, _FIRST_WORDS)
    return f"{line[: at if at > 0 else _FIRST_WORDS].rstrip()}…"


def count_missing(number: int, noun: str = "comment") -> str:
    """Return a sentence about comments that the source names and does not hold."""
    if number == 1:
        return f"1 {noun} is missing: the source names it, but does not hold it."
    return f"{number:,} {noun}s are missing: the source names them, but does not hold them."
