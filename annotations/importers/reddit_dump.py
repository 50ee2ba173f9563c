"""The importer of Reddit dumps: comments and submissions, a record a line, the threads mixed.

Sources: Baumgartner et al., The Pushshift Reddit Dataset (2020), arxiv.org/abs/2001.08435; github.com/ArthurHeitmann/arctic_shift.
A comment's `link_id` names its submission. Files are called RC_… or …_comments and RS_… or …_submissions, mostly with .zst.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from annotations.errors import SourceError
from annotations.importers.reading.json_documents import has_lines
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import ThreadMaker, absent_article
from annotations.importers.reading.second_maker import SecondMaker, make_batch
from annotations.importers.sites.reddit_entries import read_entries
from annotations.importers.sites.reddit_fields import page_of
from annotations.model import Post
from annotations.sources.second_process import SecondProcess
from annotations.sources.second_reader import is_worth_it
from annotations.store.json_text import load_json
from annotations.store.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.importers.reading.json_marks import Marks
    from annotations.model import Thread
    from annotations.sources.source import Source

name = "reddit_dump"
title = "Reddit dump: comments and submissions, a line each"
keeps = "threads put together by their submissions, also from several files of a folder or an archive, Markdown, deleted and removed ones, votes, all fields"
loses = "the HTML that Reddit makes of the Markdown, and fields that are empty"
joins_files = True
"""Whether files of this format that are imported at once are read together."""

_SURE = 0.95


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
    parts = [
        part
        for source in sources
        for part in (source.members() if source.is_folder else [source])
        if part is source or sniff(part)
    ]
    with SecondProcess() as other:
        if any(is_worth_it(part) and has_lines(part) for part in parts):
            other.begin()
        with Spool(sources[0].work, other=other) as spool:
            second = SecondMaker(maker, make_thread, spool)
            other.greet(make_batch, second.greeting(), spool.forget_name)
            for part in parts:
                part.problems = sources[0].problems
                _fill(spool, part, other)
                sources[0].dropped += 0 if part is sources[0] else part.dropped
            yield from second.threads(other)


def _fill(spool: Spool, source: Source, other: SecondProcess) -> None:
    """Put a file's records into the spool: comments as posts, submissions as facts of their threads."""
    noted: set[str] = set()
    for entry in read_entries(source, other):
        if entry.comment is None or entry.thread not in noted:  # its first comment says as much as all
            for fact, value in entry.facts.items():
                spool.add_thread_fact(entry.thread, fact, load_json(value))
        if entry.comment is not None:
            noted.add(entry.thread)
            spool.add_packed(entry.thread, entry.comment)


def make_thread(maker: ThreadMaker, link: str, comments: Sequence[Post], facts: dict[str, object]) -> Thread:
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
