"""The importer of CoNLL files: a token a line with its tag, sentences apart by blank lines.

Source: clips.uantwerpen.be/conll2003/ner (columns, `-DOCSTART-`), and the schemes of tags in use: IOB, IOB2, BIOES, BILOU. They
are told apart by nothing: an entity begins where its type changes, at B, S and U, and behind E, S, L and U, as in conlleval. The
text is not in such files but its tokens: they are put together with single blanks, a sentence a line.
"""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING

from annotations.errors import SourceError
from annotations.importers.labeled.documents import Document, DocumentMaker, DocumentText, as_name
from annotations.importers.reading.text_lines import iterate_lines
from annotations.model import ARTICLE_KEY, GivenAnnotation, Scope
from annotations.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.model import Thread
    from annotations.sources.source import Source

name = "conll"
title = "CoNLL: a token a line with its tag in IOB, IOB2, BIOES or BILOU"
keeps = "tokens, sentences, documents, the spans of one column of tags, the other columns as meta"
loses = "the white space between the tokens, which such files do not have"

LONGEST_DOCUMENT = 1 << 24
"""Characters that the tokens of one document may have: five times the longest novels. A file may have any number of documents."""

MOST_TOKENS = 1_500_000
"""Tokens that it may have."""

_TEXT_NAMES = ("text", "token", "word")
_LABEL_NAMES = ("label", "ner", "tag")
maps = (*_TEXT_NAMES, *_LABEL_NAMES)

_SURE, _LIKELY = 0.95, 0.85
_TAG = re.compile(r"(?:O|[BIESLUM]-\S+)\Z")
_DOCUMENT = "-DOCSTART-"
_NEW_DOCUMENT = re.compile(r"#\s*newdoc\b(?:\s+id\s*=\s*(.*))?")
_LOOKED_AT = 200
_FEWEST = 2
_FIRSTS = "BSU"
_LASTS = "ESLU"
REBUILT = "Its text was put together from tokens with single blanks, for the file does not say how they stood."


def sniff(source: Source) -> float:
    """Say how sure it is that the source is CoNLL: by its columns and their tags."""
    if source.is_folder:
        return 0.0
    lines = [line for line in source.start[: 1 << 16].split("\n") if line.strip() and not line.startswith("#")]
    rows = [_columns(line) for line in lines[:_LOOKED_AT]]
    rows = rows[:-1] if len(rows) == _LOOKED_AT else rows
    if not rows:
        return 0.0
    if rows[0][0] == _DOCUMENT:
        return _SURE
    widths = {len(row) for row in rows}
    if len(rows) < _FEWEST or len(widths) > 1 or widths == {1}:
        return 0.0
    tags = [row[-1] for row in rows]
    is_tagged = all(_TAG.match(tag) for tag in tags) and any(tag != "O" for tag in tags)
    return _LIKELY if is_tagged else 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each document of the file; one is in memory at a time."""
    maker = DocumentMaker(source, name)
    text_column = _chosen(source, _TEXT_NAMES, 0)
    label_column = _chosen(source, _LABEL_NAMES, -1)
    document = _Tokens(source)
    number = 0
    for line_number, text in iterate_lines(source):
        line = text.strip()
        new = _NEW_DOCUMENT.match(line)
        row = _columns(line)
        if new or row[:1] == [_DOCUMENT]:
            if document.has_tokens:
                number += 1
                yield document.thread(maker, number, is_only=False)
            document = _Tokens(source, (new[1] or "").strip() if new else "")
        elif not line:
            document.end_sentence()
        elif line.startswith("#") and (len(row) < _FEWEST or not _TAG.match(row[-1])):
            document.comments.append(source.clean(line))
        else:
            document.add(row, text_column, label_column, f"line {line_number}")
    if document.has_tokens or not number:
        if not document.has_tokens:
            raise SourceError(f"{source.shown} holds no tokens", "Each line has a token and its tag.")
        yield document.thread(maker, number + 1, is_only=not number)


class _Tokens:
    """The tokens of one document, as they are read."""

    def __init__(self, source: Source, key: str = "") -> None:
        self.comments: list[str] = []
        self._source = source
        self._key = source.clean(key)
        self._text = StringIO()
        self._length = self._tokens = 0
        self._is_start = self._is_empty = True
        self._spans: list[GivenAnnotation] = []
        self._open: tuple[str, int, int] | None = None
        self._was_last = False
        self._rows = StringIO()
        self._has_more = False

    @property
    def has_tokens(self) -> bool:
        """Whether there is anything in it."""
        return not self._is_empty

    def add(self, row: list[str], text_column: int, label_column: int, where: str) -> None:
        """Add a token."""
        width = len(row)
        if not -width <= text_column < width or not -width <= label_column < width or width < _FEWEST:
            self._source.problems.add("has too few columns", where, "its token was taken without a tag")
            token, tag = (row or [""])[0], "O"
        else:
            token, tag = row[text_column], row[label_column]
        self._rows.write("\t".join(row) + "\n")
        self._has_more = self._has_more or width > _FEWEST
        token = self._source.clean(token)
        if not self._is_start:
            self._append(" ")
        elif not self._is_empty:
            self._append("\n")
        start = self._length
        self._append(token)
        self._tokens += 1
        if self._length > LONGEST_DOCUMENT or self._tokens > MOST_TOKENS:
            raise SourceError(
                f"{self._source.shown} has a document that goes on behind {where}: more than {MOST_TOKENS:,} tokens, or "
                f"{LONGEST_DOCUMENT:,} characters, are too much for one text",
                f"Put a line “{_DOCUMENT}” between its documents, with a blank one behind it, and import it again.",
            )
        self._is_start = self._is_empty = False
        self._tag(self._source.clean(tag), start, self._length)

    def end_sentence(self) -> None:
        """Close the sentence, and the entity that is open."""
        self._close()
        if self.has_tokens and not self._is_start:
            self._rows.write("\n")
        self._is_start = True

    def _append(self, part: str) -> None:
        self._text.write(part)
        self._length += len(part)

    def _tag(self, tag: str, start: int, end: int) -> None:
        prefix, hyphen, kind = tag.partition("-")
        if tag in {"O", "", "_"}:
            self._close()
            return
        if not hyphen or len(prefix) != 1:
            prefix, kind = "I", tag
        if self._open is None or self._open[0] != kind or prefix in _FIRSTS or self._was_last:
            self._close()
            self._open = (kind, start, end)
        else:
            self._open = (kind, self._open[1], end)
        self._was_last = prefix in _LASTS

    def _close(self) -> None:
        if self._open is not None:
            kind, start, end = self._open
            if end > start:
                self._spans.append(
                    GivenAnnotation(
                        label=as_name(self._source, kind) or kind,
                        scope=Scope.SPAN,
                        post=ARTICLE_KEY,
                        span=Span(start, end),
                    )
                )
        self._open = None
        self._was_last = False

    def thread(self, maker: DocumentMaker, number: int, *, is_only: bool) -> Thread:
        """Return the document as a thread."""
        self._close()
        meta: dict[str, object] = {"comments": self.comments} if self.comments else {}
        if self._has_more:
            meta["raw"] = {"columns": self._source.clean(self._rows.getvalue().strip())}
        key = self._key or ("" if is_only else f"document-{number}")
        text = DocumentText(self._source, self._text.getvalue())
        return maker.make(Document(text=text, key=key, annotations=self._spans, meta=meta, warnings=(REBUILT,)))


def _columns(line: str) -> list[str]:
    """Return the columns of a line, which TABs part, or blanks where there are none."""
    return [part.strip() for part in line.split("\t")] if "\t" in line.strip() else line.split()


def _chosen(source: Source, names: tuple[str, ...], otherwise: int) -> int:
    """Return which column the analyst has named by its number from 1, counted from the end if it is negative."""
    for each in names:
        if each in source.mapping:
            wanted = source.mapping[each]
            try:
                number = int(wanted)
            except ValueError:
                number = 0
            if not number:
                raise SourceError(
                    f"“{wanted}” is no column of {source.shown}",
                    f"Name it by its number: --map {each}=1; -1 is the last.",
                )
            return number - 1 if number > 0 else number
    return otherwise
