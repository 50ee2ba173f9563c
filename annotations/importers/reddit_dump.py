"""The importer of Reddit dumps: comments and submissions, a record a line, the threads mixed.

Sources: Baumgartner et al., The Pushshift Reddit Dataset (2020), arxiv.org/abs/2001.08435; github.com/ArthurHeitmann/arctic_shift.
A comment's `link_id` names its submission. Files are called RC_… or …_comments and RS_… or …_submissions, mostly with .zst.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from annotations.errors import SourceError
from annotations.importers.json_documents import has_lines, read_documents, read_lines
from annotations.importers.json_fields import Record, records_in
from annotations.importers.json_marks import look
from annotations.importers.making import ThreadMaker, absent_article
from annotations.importers.reddit_fields import bare_id, page_of, read_comment, read_submission
from annotations.model import Post
from annotations.store.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.importers.json_marks import Marks
    from annotations.model import Thread
    from annotations.sources.source import Source

name = "reddit_dump"
title = "Reddit dump: comments and submissions, a line each"
keeps = "threads put together by their submissions, also from several files of a folder or an archive, Markdown, deleted and removed ones, votes, all fields"
loses = "the HTML that Reddit makes of the Markdown, and fields that are empty"
joins_files = True
"""Whether files of this format that are imported at once are read together."""

_SURE = 0.95
_NO_LINK = "does not say which submission it belongs to"


def sniff(source: Source) -> float:
    """Say how sure it is that the source is a dump of Reddit: by the names of submissions in its comments, or by these.

    A folder is one if all of its files are: then comments and submissions in different files are put together.
    """
    if source.is_folder:
        try:
            members = source.members()
        except SourceError:  # a damaged archive: that is said when it is read
            return 0.0
        return _SURE if members and all(sniff(member) for member in members) else 0.0
    marks = look(source)
    return _SURE if any(_is_ours(marks, at) for at in ("", "*/", "data/", "data/*/")) else 0.0


def _is_ours(marks: Marks, at: str) -> bool:
    is_comment = marks.has(f"{at}body", f"{at}link_id") and marks.begins(f"{at}link_id", "t3_")
    is_submission = marks.has(f"{at}selftext", f"{at}title", f"{at}subreddit", f"{at}num_comments")
    return is_comment or is_submission


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each submission, in the order in which one of its records is first met."""
    yield from read_together([source])


def read_together(sources: Sequence[Source]) -> Iterator[Thread]:
    """Yield the threads of several files: one may hold the submissions, another the comments.

    Args:
        sources: Files or folders of them; problems and work are the first one's.
    """
    maker = ThreadMaker(sources[0], name)
    with Spool(sources[0].work) as spool:
        for source in sources:
            for part in source.members() if source.is_folder else [source]:
                if part is source or sniff(part):
                    part.problems = sources[0].problems
                    _fill(spool, part)
                    sources[0].dropped += 0 if part is sources[0] else part.dropped
        for link, comments in spool.threads():
            yield _make_thread(maker, link, comments, spool.thread_facts(link))


def _fill(spool: Spool, source: Source) -> None:
    """Put a file's records into the spool: comments as posts, submissions as facts of their threads."""
    known: set[str] = set()
    for number, record in enumerate(_read_records(source), 1):
        link = record.as_key(bare_id(record.peek("link_id")))
        if not link and ("selftext" in record.fields or "title" in record.fields):
            post, headline = read_submission(record, f"submission-{number}")
            spool.add_thread_fact(post.key, "article", msgspec.to_builtins(post))
            spool.add_thread_fact(post.key, "title", headline)
            spool.add_thread_fact(post.key, "subreddit", record.as_key(record.peek("subreddit")))
            continue
        if not link:
            source.problems.add(_NO_LINK, record.where, "it is in a thread of such ones")
        elif link not in known:
            known.add(link)
            _note(spool, link, record)
        spool.add(link, read_comment(record, f"comment-{number}"))


def _note(spool: Spool, link: str, record: Record) -> None:
    """Keep what a comment says about its submission, for a file without that."""
    said = record.peek("link_title")
    where = record.peek("permalink")
    parts = where.split("/") if isinstance(where, str) else []
    words = parts[5].replace("_", " ") if len(parts) > 6 and parts[3] == "comments" else ""  # noqa: PLR2004  # /r/NAME/comments/ID/WORDS/
    title = said if isinstance(said, str) and said else words
    if title:
        spool.add_thread_fact(link, "called", record.source.clean(title))
    spool.add_thread_fact(link, "subreddit", record.as_key(record.peek("subreddit")))


def _read_records(source: Source) -> Iterator[Record]:
    """Yield the records of a file, without the envelopes that some tools put around them."""
    within = f"{source.relative}, " if source.relative else ""
    if has_lines(source):
        records = read_lines(source, within)
    else:
        values: list[object] = []
        for document in read_documents(source):
            inner = document.get("data") if isinstance(document, dict) and "id" not in document else None
            found = inner if isinstance(inner, list) else document
            values += found if isinstance(found, list) else [found]
        records = (
            Record(source, it, f"{within}record {n}") for n, it in enumerate(records_in(source, values, "record"), 1)
        )
    for record in records:
        inner = record.peek("data")
        is_wrapped = isinstance(inner, dict) and "kind" in record.fields
        yield Record(source, inner, record.where) if is_wrapped and isinstance(inner, dict) else record


def _make_thread(maker: ThreadMaker, link: str, comments: Sequence[Post], facts: dict[str, object]) -> Thread:
    """Make a thread of its comments and of what is known of its submission."""
    said = facts.get("article")
    article = msgspec.convert(said, Post) if said else absent_article(link)
    headline = str(facts.get("title") or facts.get("called") or "")
    subreddit = facts.get("subreddit")
    is_named = bool(link) and (said is None or not link.startswith("submission-"))
    return maker.make(
        article,
        comments,
        key=link or "without-submission",
        title=headline or (f"{subreddit} {link}" if subreddit and not said else ""),
        url=page_of(link, subreddit) if is_named else None,
    )
