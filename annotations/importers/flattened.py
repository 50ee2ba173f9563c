"""The importer of flattened page text: an article, and under it comments as indented bullets or numbers.

This is what Resiliparse makes of a page with `extract_plain_text(html, preserve_formatting=True, list_bullets=True)`.
Every character of the source that is not blank stands in exactly one place: in a post's author, its text, or, where the
page writes something behind the name ("3 years ago", "says:"), in its `meta["byline"]`. Markers are structure; a number is
kept as `meta["number"]`. Where a first line holds what nobody sees, as direction marks, it stands as it is in `meta["head"]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.importers.flat.lines import scan
from annotations.importers.flat.reading import Flavour, Page, read_flattened
from annotations.importers.flat.sniffing import PLAIN, weigh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.model import Thread
    from annotations.sources.source import Source
    from annotations.work import Work

name = "flattened"
title = "Flattened page text: an article with comments as indented bullets or numbers"
keeps = "the article, the tree of comments, names, bylines, dates and numbers"
loses = "markup and addresses, which the text no longer has"


def sniff(source: Source) -> float:
    """Say how sure it is that the source is flattened page text: from its outline; any plain text is an article."""
    return 0.0 if source.kind else weigh(source.start)[name] or PLAIN


def read(source: Source) -> Iterator[Thread]:
    """Yield the one thread of the source."""
    yield from read_flattened(source, _FLAVOUR)


def _read_page(rows: list[str], work: Work) -> Page:
    """Take the lines of a source as they stand."""
    return Page(rows, scan(rows, work))


_FLAVOUR = Flavour(name, _read_page, has_stray_lines=True)
