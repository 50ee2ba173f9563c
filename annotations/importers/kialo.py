"""The importer of discussions that were exported from Kialo as text: numbered claims, each for or against the one above it.

Two layouts are read, as exported discussions in public repositories show them (edoguido/Kialo-Parser, samvalli/debate-analysis)
and the parsers of arguebuf and kialoparser expect them: "Discussion Title: …" with a claim a line ("1.2.3. Con: text"), its text
Markdown; and "Discussion Name:" with indented claims whose text stands below "1.2.3. Con:", and numbered sources at the end.

The thesis is the article, below its title. Where there are several theses, the title is the article and they answer it. What
stands for a claim made elsewhere in the discussion ("-> See 1.2.") stays as it is, with the key of that in `meta["see"]`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct, field

from annotations.importers.flat.lines import cut, split_rows
from annotations.importers.reading.assemble import assemble
from annotations.model import ARTICLE_KEY, Post, PostKind, Thread
from annotations.sources.cleaning import slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.sources.problems import Problems
    from annotations.sources.source import Source
    from annotations.work import Work

name = "kialo"
title = "Kialo discussion, exported as text: numbered claims for and against a thesis"
keeps = "thesis and claims, their numbers, for or against, links between claims, sources, Markdown"
loses = "authors, times and votes, which the export does not have"

_TITLE = re.compile(r"\s*Discussion (?:Title|Name):[ \t]*(.*)")
_CLAIM = re.compile(r"[ \t]*((?:\d{1,6}\.)+)(?:[ \t]+(?:(Pro|Con|Thesis|Question):(?:[ \t]+|$))?(.*))?$")
_STANCE = re.compile(r"^[ \t]*(?:\d{1,6}\.){2,}[ \t]+(?:Pro|Con):", re.MULTILINE)
_THESIS = re.compile(r"^[ \t]*1\.(?:1\.)?[ \t]+\S", re.MULTILINE)
_SEE = re.compile(r"->\s+See\s+((?:\d{1,6}\.)+)?")
_SOURCES = re.compile(r"Sources:[ \t]*$")
_SOURCE = re.compile(r"\[(\d{1,6})\][ \t]*(.*)")

_SURE, _LIKELY = 0.97, 0.6
_STANCES = 3
"""Claims that tell the format where no title does."""

_LINES = 5000
_LONGEST_TITLE = 300
_NEAR = 50
"""Lines above one in which the number before its own is looked for."""

_NOWHERE = "stands for a claim that is not in the source"
_AMBIGUOUS = "is numbered like a thesis and has no claims: it might be a line of the claim above it"


class _Claim(Struct):
    """A claim, as its lines are read.

    Args:
        key: Its number, without the last dot.
        row: Its first line, from 1.
        stance: "Pro", "Con", "Thesis", "Question", or "" where it has none.
        columns: How far right it stands.
        lines: Its text.
    """

    key: str
    row: int
    stance: str
    columns: int
    lines: list[str] = field(default_factory=list)

    @property
    def parent(self) -> str:
        """The number of what it is for or against; "" for a thesis."""
        return self.key.rpartition(".")[0]

    @property
    def text(self) -> str:
        """Its text, without blank lines around it."""
        return "\n".join(self.lines).strip("\n")


def sniff(source: Source) -> float:
    """Say how sure it is that the source is an exported discussion: from its title line and the numbers of its claims."""
    start = source.start
    stances = sum(1 for _, _ in zip(_STANCE.finditer(start), range(_STANCES), strict=False))
    if _TITLE.match(start) is not None:
        return _SURE if stances or _THESIS.search(start) else _LIKELY
    return _LIKELY if stances == _STANCES else 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield the one thread of the source."""
    rows = split_rows(source)
    source.work.begin("Reading the claims", len(rows), "lines")
    reader = _Reader(rows)
    reader.read(source.work)
    headline = reader.headline or source.stem or "Discussion"
    article, claims = _make_article(headline, reader.above, reader.claims, is_markdown=not reader.is_indented)
    posts = [_make_post(claim, reader, article.key) for claim in source.work.heed(claims)]
    ordered = assemble(article, posts, source.problems)
    _check_links(ordered, source.problems)
    yield Thread(
        key=source.stem or slug(headline) or "thread",
        title=headline if len(headline) <= _LONGEST_TITLE else f"{headline[:_LONGEST_TITLE].rstrip()}…",
        posts=ordered,
        format=name,
        dropped=source.dropped,
        warnings=(
            *source.warnings,
            *(() if reader.claims else ("No claims were found: the whole text is the article.",)),
        ),
        meta={"sources": reader.sources} if reader.sources else {},
    )


class _Reader:
    """Goes through the lines: the title, what stands below it, the claims, the sources.

    Args:
        rows: All lines of the source.
    """

    def __init__(self, rows: list[str]) -> None:
        self.rows = rows
        self.headline = ""
        self.above: list[str] = []
        self.claims: list[_Claim] = []
        self.sources: dict[str, str] = {}
        self.counts: dict[str, int] = {}
        self.is_indented = False

    def read(self, work: Work) -> None:
        """Read all lines."""
        first = next((row for row, text in enumerate(self.rows) if text.strip()), 0)
        titled = _TITLE.match(self.rows[first])
        start = first + 1 if titled is not None else first
        self.headline = titled[1].strip() if titled is not None else ""
        for row, text in work.each(enumerate(self.rows[start:], start), _LINES):
            if self.claims and _SOURCES.match(text) and self._are_sources(row + 1):
                self._read_sources(row + 1)
                break
            claim = self._find_claim(row, text)
            if claim is not None:
                self.claims.append(claim)
                self.counts[claim.parent] = max(self.counts.get(claim.parent, 0), int(claim.key.rpartition(".")[2]))
                self.is_indented = self.is_indented or claim.columns > 0
            elif self.claims:
                self.claims[-1].lines.append(cut(text, self.claims[-1].columns))
            elif text.strip() and not self.headline:
                self.headline = text.strip()
            else:
                self.above.append(text)

    def _find_claim(self, row: int, text: str) -> _Claim | None:
        """Return the claim that begins in a line; None where it goes on with the one above.

        A number without "Pro:" or "Con:" begins one only where it is next in order, so that lists in a claim are its text.
        """
        found = _CLAIM.match(text)
        if found is None:
            return None
        number, stance, words = found.groups("")
        key = number.removesuffix(".")
        parent, _, last = key.rpartition(".")
        if not (stance and parent) and not self._is_next(parent, int(last)):
            return None
        columns = len(text) - len(text.lstrip(" \t"))
        return _Claim(key, row + 1, stance, columns, [words.strip()] if words.strip() else [])

    def _is_next(self, parent: str, number: int) -> bool:
        """Tell whether a claim with this number would be the next below `parent`."""
        if number != self.counts.get(parent, 0) + 1:
            return False
        if not self.claims:
            return number == 1
        if any(re.match(rf"\s*{number - 1}\.\s", line) for line in self.claims[-1].lines[-_NEAR:]):
            return False  # a list that somebody numbered
        last = self.claims[-1].key
        return not parent or last == parent or last.startswith(f"{parent}.")

    def _are_sources(self, row: int) -> bool:
        """Tell whether numbered sources begin in a line."""
        return next((bool(_SOURCE.match(text)) for text in self.rows[row:] if text.strip()), False)

    def _read_sources(self, row: int) -> None:
        """Read the sources to the end: each a number in brackets, an address, and what is quoted from there."""
        number = ""
        for text in self.rows[row:]:
            found = _SOURCE.match(text)
            if found is not None and int(found[1]) == len(self.sources) + 1:
                number = found[1]
                self.sources[number] = found[2]
            elif number:
                self.sources[number] = f"{self.sources[number]}\n{text}".rstrip()


def _make_article(
    headline: str, above: Sequence[str], claims: list[_Claim], *, is_markdown: bool
) -> tuple[Post, list[_Claim]]:
    """Make the article of the title and, where there is one thesis, of that; return the claims that are left, too."""
    theses = [claim for claim in claims if not claim.parent]
    thesis = theses[0] if len(theses) == 1 and claims[0] is theses[0] else None
    parts = [headline, "\n".join(above).strip("\n"), thesis.text if thesis else ""]
    meta: dict[str, object] = {"markup": "markdown"} if is_markdown else {}
    if thesis is not None and thesis.stance:
        meta["stance"] = thesis.stance
    article = Post(
        key=thesis.key if thesis else ARTICLE_KEY,
        parent=None,
        kind=PostKind.ARTICLE,
        text="\n\n".join(part for part in parts if part),
        meta=meta,
    )
    return article, claims[1:] if thesis else claims


def _make_post(claim: _Claim, reader: _Reader, article: str) -> Post:
    """Make a comment of a claim."""
    text = claim.text
    meta: dict[str, object] = {} if reader.is_indented else {"markup": "markdown"}
    if claim.stance:
        meta["stance"] = claim.stance
    see = _SEE.match(text)
    if see is not None and see[1]:
        meta["see"] = see[1].removesuffix(".")
    is_lone = not claim.parent and not claim.stance and claim.key not in reader.counts and int(claim.key) > 1
    return Post(
        key=claim.key,
        parent=claim.parent or article,
        text=text,
        uncertain=(_AMBIGUOUS,) if is_lone else (),
        meta=meta,
    )


def _check_links(posts: Sequence[Post], problems: Problems) -> None:
    """Report claims that stand for others which are not there."""
    keys = {post.key for post in posts}
    for post in posts:
        if (see := post.meta.get("see")) is not None and see not in keys:
            problems.add(_NOWHERE, f"claim {post.key}", "its text is kept")
