"""The records of a Reddit dump as what they add to threads: comments, and what is known of submissions.

Of a big file every other batch of lines is read by a second process (see `annotations.sources.second_reader`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from annotations.importers.reading.bad_lines import BadLines
from annotations.importers.reading.json_documents import has_lines, may_be_unclean, read_documents, read_numbered
from annotations.importers.reading.json_fields import Record, records_in
from annotations.importers.sites.reddit_fields import bare_id, read_comment, read_submission
from annotations.importers.sites.reddit_plain import read_plain_comment
from annotations.sources.second_reader import read_in_two
from annotations.store.json_text import dump_json
from annotations.store.packing import pack_post

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from annotations.model import Post
    from annotations.sources.second_process import SecondProcess
    from annotations.sources.source import Source

_NO_LINK = "does not say which submission it belongs to"


class Entry(msgspec.Struct, array_like=True):
    """What one record adds.

    Args:
        thread: The thread to which it adds it: the id of the submission; "" where none is named.
        comment: The comment as the spool keeps it, text or bytes; None for a submission.
        facts: What it says about the thread, by name: JSON, since MessagePack does not carry every number.
    """

    thread: str
    comment: Any
    facts: dict[str, str]


def read_entries(source: Source, other: SecondProcess) -> Iterator[Entry]:
    """Yield what the records of a file add, in their order; what is wrong with them is reported.

    Args:
        source: The file.
        other: Reads a part of it, if it was begun.
    """
    within = f"{source.relative}, " if source.relative else ""
    if has_lines(source):
        for entries in read_in_two(source, read_lines_here, within, list[Entry], other):
            yield from entries
        return
    values: list[object] = []
    for document in read_documents(source):
        inner = document.get("data") if isinstance(document, dict) and "id" not in document else None
        found = inner if isinstance(inner, list) else document
        values += found if isinstance(found, list) else [found]
    records = records_in(source, values, "record")
    yield from _entries(
        enumerate((Record(source, each, f"{within}record {number}") for number, each in enumerate(records, 1)), 1),
        set(),
    )


def read_lines_here(source: Source, lines: Iterable[tuple[int, bytes]], within: str) -> list[Entry]:
    """Return what the records in some lines add; numbers are those of the lines."""
    decode = msgspec.json.Decoder().decode
    entries: list[Entry] = []
    known: set[str] = set()
    bad = BadLines(source, within)
    bad.is_all = False  # other lines of the file are records: that was seen in its beginning
    for number, line in lines:
        if not bad.may_be_record(number, line):
            continue
        try:
            fields = decode(line)
        except (ValueError, RecursionError):
            fields = None
        plain = read_plain_comment(fields) if isinstance(fields, dict) and not may_be_unclean(line) else None
        if plain is None:
            records = read_numbered(source, [(number, line)], within)
            entries += _entries(((number, record) for record in records), known)
        else:
            entries.append(
                _plain_entry(*plain, None if plain[0] in known else Record(source, fields, "", is_clean=True), known)
            )
    return entries


def _entries(records: Iterable[tuple[int, Record]], known: set[str]) -> Iterator[Entry]:
    """Yield what records add; the threads that are known are those of which it was told what comments say of them."""
    for number, found in records:
        plain = read_plain_comment(found.fields) if found.is_clean else None
        if plain is not None:
            yield _plain_entry(*plain, found, known)
            continue
        record = _unwrapped(found)
        link = record.as_key(bare_id(record.peek("link_id")))
        if not link and ("selftext" in record.fields or "title" in record.fields):
            post, headline = read_submission(record, f"submission-{number}")
            subreddit = record.as_key(record.peek("subreddit"))
            facts = {"article": msgspec.to_builtins(post), "title": headline, "subreddit": subreddit}
            yield Entry(post.key, None, _as_json(facts))
            continue
        said: dict[str, object] = {}
        if not link:
            record.source.problems.add(_NO_LINK, record.where, "it is in a thread of such ones")
        elif link not in known:
            known.add(link)
            said = _said_of_submission(record)
        yield Entry(link, pack_post(read_comment(record, f"comment-{number}")), _as_json(said))


def _plain_entry(link: str, post: Post, record: Record | None, known: set[str]) -> Entry:
    """Return what a comment adds in which nothing is odd; the record is needed if its thread is not known yet."""
    if record is None or link in known:
        return Entry(link, pack_post(post), {})
    known.add(link)
    return Entry(link, pack_post(post), _as_json(_said_of_submission(record)))


def _as_json(facts: Mapping[str, object]) -> dict[str, str]:
    return {name: dump_json(value, is_ascii=True) for name, value in facts.items()}


def _said_of_submission(record: Record) -> dict[str, object]:
    """Return what a comment says about its submission, for a file without that."""
    said = record.peek("link_title")
    where = record.peek("permalink")
    parts = where.split("/") if isinstance(where, str) else []
    words = parts[5].replace("_", " ") if len(parts) > 6 and parts[3] == "comments" else ""  # noqa: PLR2004  # /r/NAME/comments/ID/WORDS/
    title = said if isinstance(said, str) and said else words
    subreddit = record.as_key(record.peek("subreddit"))
    return {"called": record.source.clean(title), "subreddit": subreddit} if title else {"subreddit": subreddit}


def _unwrapped(record: Record) -> Record:
    """Return the record without the envelope that some tools put around it."""
    inner = record.peek("data")
    is_wrapped = isinstance(inner, dict) and "kind" in record.fields
    return Record(record.source, inner, record.where) if is_wrapped and isinstance(inner, dict) else record
