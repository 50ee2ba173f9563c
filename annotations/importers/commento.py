"""The importer of Commento: the export of a domain, JSON or gzipped JSON as it is sent by mail.

Sources: gitlab.com/commento/commento, `api/domain_export.go` (`version`, `comments`, `commenters`), `api/comment.go` (its
`url` is a path on the domain, `parentHex` is "root" at the top, `html` is left empty in an export, `deleted` is in later
versions), `api/commenter.go`; who is not logged in has the `commenterHex` "anonymous".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.importers.reading.json_documents import read_documents
from annotations.importers.reading.json_fields import Record, records_in
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import ThreadMaker, make_meta
from annotations.model import ARTICLE_KEY, Post, PostKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from annotations.model import Thread
    from annotations.sources.source import Source

name = "commento"
title = "Commento: the export of a domain"
keeps = "a thread for each page, replies, authors, times, deleted comments, scores, states and all other fields"
loses = "the article, of which Commento knows the address"

_SURE = 0.95
_ROOT = "root"


def sniff(source: Source) -> float:
    """Say how sure it is that the source is Commento's: by the names that it gives to ids."""
    marks = look(source)
    is_ours = marks.has("comments/*/commentHex") or marks.has("commenters/*/commenterHex")
    return _SURE if is_ours or marks.has("version", "comments", "commenters") else 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each page, in the order in which they first appear."""
    maker = ThreadMaker(source, name)
    commenters: dict[str, Record] = {}
    pages: dict[tuple[str, str], list[Record]] = {}
    for document in read_documents(source):
        fields = document if isinstance(document, dict) else {}
        for commenter in _list(source, fields, "commenters"):
            record = Record(source, commenter, "commenter")
            commenters.setdefault(record.key("commenterHex"), record)
        for number, comment in enumerate(_list(source, fields, "comments"), 1):
            record = Record(source, comment, f"comment {comment.get('commentHex', f'number {number}')}"[:80])
            pages.setdefault((record.text("domain"), record.text("url")), []).append(record)
    people = {key: (record.name("name"), record.rest) for key, record in commenters.items()}
    for (domain, path), records in (pages or {("", ""): []}).items():
        url = _address(domain, path)
        headline = f"{domain}{path}" or source.stem or name
        article = Post(key=ARTICLE_KEY, parent=None, kind=PostKind.ARTICLE, text=headline)
        posts = [_read_comment(record, f"comment-{number}", people) for number, record in enumerate(records, 1)]
        where = {field: value for field, value in (("domain", domain), ("url", path)) if value}
        yield maker.make(
            article,
            posts,
            key=f"{domain}{path}" if len(pages) > 1 else "",
            title=headline,
            url=url or None,
            meta=make_meta(where),
            roots=frozenset({None, "", _ROOT}),
        )


def _list(source: Source, fields: Mapping[str, object], field: str) -> list[dict[str, object]]:
    values = fields.get(field)
    if values is not None and not isinstance(values, list):
        source.problems.add("is no list", f"the field “{field}”", "it was left out")
    return records_in(source, values if isinstance(values, list) else [], field.removesuffix("s"))


def _address(domain: str, path: str) -> str:
    if not domain:
        return path if "://" in path else ""
    return f"https://{domain}{path if path.startswith('/') or not path else f'/{path}'}"


def _read_comment(record: Record, fallback: str, people: Mapping[str, tuple[str | None, dict[str, object]]]) -> Post:
    """Make a post of a comment, with what is known of who wrote it."""
    key = record.identify(fallback, "commentHex")
    parent = record.key("parentHex") or None
    body, markup = record.text("markdown"), "markdown"
    if not body and record.peek("html"):
        body, markup = record.text("html"), "html"
    author, facts = people.get(record.as_key(record.peek("commenterHex")), (None, {}))
    if record.peek("html") == "":
        record.drop("html")
    created_at = record.time("creationDate")
    meta = make_meta(
        record.rest, markup=markup if body else "", is_deleted=record.peek("deleted") is True, commenter=facts or None
    )
    return Post(key=key, parent=parent, text=body, author=author, created_at=created_at, meta=meta)
