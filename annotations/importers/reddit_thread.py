"""The importer of a Reddit thread as its page gives it with `.json` behind the address: a listing of it, one of its comments.

Source: reddit.com/dev/api (`GET [/r/subreddit]/comments/article`, `POST /api/morechildren`). A comment's `replies` are "" or
a listing; an entry of the kind `more` names comments that the answer left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct, field

from annotations.importers.reading.json_documents import read_documents
from annotations.importers.reading.json_fields import NO_RECORD, Record, key_of, place_of
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import ThreadMaker, absent_article, count_missing
from annotations.importers.sites.reddit_fields import bare_id, is_bare, page_of, read_comment, read_submission
from annotations.work import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annotations.model import Thread
    from annotations.sources.source import Source

name = "reddit_thread"
title = "Reddit thread: the JSON of its page"
keeps = (
    "the tree, Markdown, deleted and removed ones, votes, awards, flairs, crossposts, how many comments are left out"
)
loses = "the HTML that Reddit makes of the Markdown, and fields that are empty"

_SURE = 0.97
_HTML = re.compile(r'"(?:body|selftext)_html"\s*:\s*"(?:&lt;|(<|\\u003[cC]))')


class _Found(Struct):
    """A thread's records: the comments with what each answers, None where only they say; what was left out below each."""

    submission: dict[str, object] | None = None
    comments: list[tuple[dict[str, object], str | None]] = field(default_factory=list)
    more: dict[str, dict[str, object]] = field(default_factory=dict)
    missing: int = 0
    continued: int = 0


def sniff(source: Source) -> float:
    """Say how sure it is that the source is Reddit's: by its listings of things, each with a kind."""
    marks = look(source)
    for at in ("", "*/", "*/*/", "json/"):
        is_listing = marks.says(f"{at}kind", "Listing") and marks.has(f"{at}data/children")
        for inner in (f"{at}data/children/*/", f"{at}data/things/*/"):
            if (
                (is_listing or at == "json/")
                and marks.says(f"{inner}kind", "t1", "t3", "more")
                and marks.has(f"{inner}data")
            ):
                return _SURE
    return 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each submission."""
    maker = ThreadMaker(source, name)
    found = [thread for thread in _gather(source, read_documents(source)) if thread.submission or thread.comments]
    is_escaped = _is_escaped(source, found)
    for thread in found:
        yield _make_thread(maker, thread, is_one=len(found) == 1, is_escaped=is_escaped)


def _gather(source: Source, documents: Iterable[object]) -> list[_Found]:
    """Return the records of documents by thread; a listing of comments belongs to the submission before it."""
    threads: list[_Found] = []
    waiting = list(documents)[::-1]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            _gather_things(source, value, threads)
    return threads


def _gather_things(source: Source, listing: dict[str, object], threads: list[_Found]) -> None:
    """Sort the things of a listing, and of those within it, into threads."""
    waiting: list[tuple[object, str | None]] = [(thing, None) for thing in reversed(_things(listing))]
    steps = 0
    while waiting:
        steps += 1
        if not steps % CHUNK:
            source.work.check()
        thing, parent = waiting.pop()
        if not isinstance(thing, dict) or not isinstance(data := thing.get("data"), dict):
            source.problems.add(NO_RECORD, f"entry {steps} of a listing", "it was left out")
            continue
        if thing.get("kind") == "t3" or not threads:
            threads.append(_Found())
        thread = threads[-1]
        match thing.get("kind"):
            case "t3":
                thread.submission = data
            case "more":
                _count_more(source, thread, data, parent)
            case _:
                thread.comments.append((data, parent))
                key = bare_id(key_of(source, data.get("id")))
                waiting += [(below, key or None) for below in reversed(_things(data.get("replies")))]


def _things(listing: object) -> list[object]:
    """Return what a listing holds, or the answer to a request for more comments."""
    if not isinstance(listing, dict):
        return []
    answer = listing.get("json")
    if isinstance(answer, dict):
        listing = answer
    data = listing.get("data")
    if listing.get("kind") in ("t1", "t3", "more"):  # a set would want to hash what is there
        return [listing]
    if not isinstance(data, dict):
        return []
    children = data.get("children", data.get("things"))
    return children if isinstance(children, list) else []


def _count_more(source: Source, thread: _Found, data: dict[str, object], parent: str | None) -> None:
    """Note what was left out below a comment, or below the submission ("")."""
    said = data.get("parent_id")
    key = parent or ("" if not isinstance(said, str) or said.startswith("t3_") else bare_id(key_of(source, said)))
    children = data.get("children")
    ids = [key_of(source, child) for child in children if isinstance(child, str)] if isinstance(children, list) else []
    count = data.get("count")
    number = count if isinstance(count, int) and not isinstance(count, bool) and count > 0 else len(ids)
    thread.more[key] = {"count": number, "children": ids}
    thread.missing += number
    thread.continued += not number


def _is_escaped(source: Source, threads: Iterable[_Found]) -> bool:
    """Tell whether signs came as entities: by the HTML that Reddit adds, else by there being no bare sign."""
    if match := _HTML.search(source.start):
        return not match[1]
    texts = (
        text
        for thread in threads
        for fields in ([thread.submission or {}], (comment for comment, _ in thread.comments))
        for record in fields
        for text in (record.get("body"), record.get("selftext"), record.get("title"))
    )
    return not any(is_bare(text) for text in texts)


def _make_thread(maker: ThreadMaker, found: _Found, *, is_one: bool, is_escaped: bool) -> Thread:
    source = maker.source
    more = {"more": found.more[""]} if "" in found.more else {}
    if found.submission is None:
        link = bare_id(key_of(source, found.comments[0][0].get("link_id")))
        article, headline = absent_article(link), ""
        subreddit = found.comments[0][0].get("subreddit")
    else:
        record = Record(source, found.submission, place_of("submission", found.submission.get("id"), 1))
        subreddit = record.peek("subreddit")
        article, headline = read_submission(record, "0", is_escaped=is_escaped, **more)
    posts = []
    for number, (fields, parent) in enumerate(found.comments, 1):
        record = Record(source, fields, place_of("comment", fields.get("id"), number))
        record.drop("replies")
        key = bare_id(record.as_key(fields.get("id")))
        left_out = {"more": found.more[key]} if key in found.more else {}
        posts.append(read_comment(record, f"comment-{number}", parent=parent, is_escaped=is_escaped, **left_out))
    warnings = [count_missing(found.missing)] if found.missing else []
    if found.continued:
        many = "1 discussion goes" if found.continued == 1 else f"{found.continued:,} discussions go"
        warnings.append(f"{many} on deeper, on pages of their own, which the source does not hold.")
    return maker.make(
        article,
        posts,
        key="" if is_one else article.key,
        title=headline,
        url=page_of(article.key, subreddit),
        meta={"missing": found.missing} if found.missing else None,
        warnings=warnings,
    )
