"""Documents that were labeled elsewhere, made threads: what the importers of labeled data have in common.

A document is the article of a thread without comments. One that Postil made of a whole thread says so: its meta has a member
`postil` whose `posts` say where in the document the text of each post is, so that the thread comes back:

    {"postil": {"thread": "tunnel", "title": "…", "url": null, "posts": [
        {"post": "0", "parent": null, "kind": "article", "author": null, "created_at": null, "start": 0, "end": 120}, …]}}

`start` and `end` are code points of the document, as `offsets` says otherwise: "utf-16". What else Postil writes there about
the thread is read by `annotations.importers.labeled.returning`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from annotations.importers.reading.making import first_words
from annotations.model import ARTICLE_KEY, GivenAnnotation, GivenLabel, GivenMark, Post, PostKind, Scope, Thread
from annotations.sources.cleaning import slug
from annotations.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from annotations.sources.source import Source

NO_PLACE = "has no place in the text that can be read"
NO_LABEL = "has no label"
NO_TEXT = "has no text"
ACROSS = "reaches over more than one post"
OUTSIDE = "is put on words between the posts"
UNNAMED = "unnamed"

UTF_16 = "utf-16"
_DROPPED = re.compile("\\A\ufeff+|\r(?=\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")
"""What `annotations.sources.cleaning.clean` takes out of a text, in the text as it was."""

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
"""What takes two units of UTF-16."""


class DocumentText:
    """A text as a source has it, and as it is stored: offsets in the one become offsets in the other.

    Args:
        source: Cleans it.
        raw: The text as the source's offsets count it.
    """

    def __init__(self, source: Source, raw: str) -> None:
        self.raw = raw
        self.text = source.clean(raw)
        self._dropped: list[int] | None = None
        self._astral: list[int] | None = None

    @property
    def is_astral(self) -> bool:
        """Whether offsets in UTF-16 differ from those in code points."""
        return bool(self._doubled())

    def at(self, offset: int, *, is_utf16: bool = False) -> int:
        """Return where in the stored text that is what stands at an offset of the source."""
        if is_utf16:
            doubled = self._doubled()
            before = bisect_left(doubled, offset)
            if before and doubled[before - 1] + 1 == offset:  # within a pair of surrogates
                offset -= 1
                before -= 1
            offset -= before
        if self._dropped is None:
            self._dropped = [] if len(self.text) == len(self.raw) else _dropped_places(self.raw)
        return offset - bisect_left(self._dropped, offset)

    def span(self, start: object, end: object, *, is_utf16: bool = False) -> Span | None:
        """Return the span between two offsets of the source, None if they are none."""
        first, last = as_offset(start), as_offset(end)
        if first is None or last is None or first >= last:
            return None
        first, last = self.at(first, is_utf16=is_utf16), self.at(last, is_utf16=is_utf16)
        return Span(first, last) if first < last else None

    def _doubled(self) -> list[int]:
        """Return where in UTF-16 the characters begin that take two units."""
        if self._astral is None:
            self._astral = [found.start() + number for number, found in enumerate(_ASTRAL.finditer(self.raw))]
        return self._astral


def _dropped_places(raw: str) -> list[int]:
    return [place for found in _DROPPED.finditer(raw) for place in range(*found.span())]


def as_offset(value: object) -> int | None:
    """Return an offset that a source writes, as a number or as text; None if it is none."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 20:  # noqa: PLR2004  # digits of an offset
        return int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**62 else None


def as_name(source: Source, value: object) -> str:
    """Return a name that a source gives, on one line; "" if it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(source.clean(str(value)).split())


def as_value(source: Source, value: object, depth: int = 10) -> str | int | float | None:
    """Return a value as an attribute can have it, None if there is none: lists and objects are told in one text.

    What is nested deeper than `depth` is left out, and nothing nests like that.
    """
    if isinstance(value, int | float):
        sound = value if abs(value) < 1e300 else str(value)  # noqa: PLR2004  # neither infinite nor no number
        return str(value).lower() if isinstance(value, bool) else sound
    if isinstance(value, str):
        return source.clean(value) or None
    if isinstance(value, list) and depth:
        parts = [part for part in (as_value(source, each, depth - 1) for each in value) if part is not None]
        return parts[0] if len(parts) == 1 else "; ".join(map(str, parts)) or None
    if isinstance(value, dict) and depth:
        told = {as_name(source, name): as_value(source, each, depth - 1) for name, each in value.items()}
        return "; ".join(f"{name}: {each}" for name, each in told.items() if each is not None) or None
    return None


class Document(Struct, kw_only=True):
    """A document and what was put on it.

    Args:
        text: What it says.
        key: What the source calls it; "" for the only one of its source.
        title: Its headline; "" for its first words.
        url: Where it stands.
        author: Who wrote it.
        created_at: When.
        meta: What else the source says of it.
        labels: Labels as the source describes them.
        annotations: What was put on it; the post is `ARTICLE_KEY`, spans are those of the stored text.
        marks: Notes on it, and who has done with it; the post is `ARTICLE_KEY`.
        warnings: What the analyst should know.
        blocks: The member `postil` of its meta.
        posts: The posts of the thread of which Postil made it; then what is put on it is put on them.
        thread: The key of that thread, "" if it is not to be kept as it is.
    """

    text: DocumentText
    key: str = ""
    title: str = ""
    url: str | None = None
    author: str | None = None
    created_at: str | None = None
    meta: Mapping[str, object] = field(default_factory=dict)
    labels: Iterable[GivenLabel] = ()
    annotations: list[GivenAnnotation] = field(default_factory=list)
    marks: list[GivenMark] = field(default_factory=list)
    warnings: tuple[str, ...] = ()
    blocks: object = None
    posts: list[Post] | None = None
    thread: str = ""


class DocumentMaker:
    """Makes threads of the documents of a source.

    Args:
        source: The source.
        name: The importer's name.
    """

    def __init__(self, source: Source, name: str) -> None:
        self.source = source
        self.name = name
        self._dropped = 0

    def make(self, document: Document) -> Thread:
        """Return a document as a thread; one that Postil made of a thread as that thread."""
        from annotations.importers.labeled.rendition import read_blocks  # noqa: PLC0415  # seldom

        posts: Sequence[Post] | None = read_blocks(self.source, document)
        title = document.title
        if posts is None:
            article = Post(
                key=ARTICLE_KEY,
                parent=None,
                kind=PostKind.ARTICLE,
                text=document.text.text,
                author=document.author,
                created_at=document.created_at,
                meta=document.meta,
            )
            posts = (article,)
            title = title or first_words(article.text)
        thread = self.thread(
            posts,
            key=document.key,
            title=title,
            url=document.url,
            labels=document.labels,
            annotations=document.annotations,
            marks=document.marks,
            warnings=document.warnings,
        )
        return replace(thread, key=document.thread) if document.thread else thread

    def thread(  # noqa: PLR0913  # what a thread is made of
        self,
        posts: Sequence[Post],
        *,
        key: str,
        title: str,
        url: str | None = None,
        labels: Iterable[GivenLabel] = (),
        annotations: Iterable[GivenAnnotation] = (),
        marks: Iterable[GivenMark] = (),
        warnings: tuple[str, ...] = (),
        meta: Mapping[str, object] | None = None,
    ) -> Thread:
        """Return a thread of these posts, with what was put on it."""
        dropped, self._dropped = self.source.dropped - self._dropped, self.source.dropped
        stem = self.source.stem
        chosen = "-".join(part for part in (stem, slug(key)) if part) if key else stem
        chosen = chosen or slug(title) or self.name.replace("_", "-")
        return Thread(
            key=chosen,
            title=title or stem or key or self.name,
            posts=posts,
            format=self.name,
            url=url,
            dropped=dropped,
            warnings=(*self.source.warnings, *warnings),
            meta=meta or {},
            labels=tuple(dict.fromkeys(labels)),
            annotations=tuple(annotations),
            marks=tuple(marks),
        )


def label_of(
    source: Source, where: str, label: object, *, scope: Scope = Scope.SPAN, **more: object
) -> GivenAnnotation:
    """Return an annotation on a document; one without a label is reported and called `UNNAMED`."""
    word = as_name(source, label)
    if not word:
        source.problems.add(NO_LABEL, where, f"it is called “{UNNAMED}”")
    given = GivenAnnotation(label=word or UNNAMED, scope=scope, post=ARTICLE_KEY)
    return replace(given, **more)
