"""What a data set tells of some posts, column by column: what tables are made of.

Columns are filled in two ways, which tell the same: from records (here), and straight from the rows of the project where nothing
changes them (`annotations.exporters.rows.telling_chunks`). What a column is called, what it means and where it stands is said once,
here and in `annotations.exporters.rows.records`.
"""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import UNSET, Struct

from annotations.exporters.rows.json_values import json_text
from annotations.exporters.rows.structs import Structs, columns_of
from annotations.exporters.rows.table_rows import annotation_rows, note_rows, post_row
from annotations.exporters.rows.telling import VOTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.rows.records import PostRecord
    from annotations.exporters.writing.report import Tally

    Columns: TypeAlias = dict[str, Any]
    """Of each name the values: a sequence, or `Structs`."""

_END = ("annotation", "label", "start_char", "end_char", "quote", "detached")
FROM = tuple(f"from_{each}" for each in _END)
TO = tuple(f"to_{each}" for each in _END)
"""What is told of the annotations at which a relation starts and ends."""

_POSTS = (
    *("thread", "post", "parent", "kind", "position", "depth", "author", "created_at", "text"),
    *("reviewed_by", "flagged_by", "seconds", "uncertain", "meta"),
)
_ANNOTATIONS = (
    *("annotation", "thread", "post", "scope", "label", "label_name", "annotator", "annotator_kind"),
    *("start_char", "end_char", "quote", "detached", "to_post", "to_thread", *FROM, *TO, "note", "attributes"),
    *("implied_by", "put_as", "codebook_version", "created_at", "updated_at"),
)
_NOTES = ("thread", "post", "annotator", "annotator_kind", "note", "written_at")
_THREADS = ("thread", "title", "url", "posts", "thread_meta")
_CONTEXT_PARTS = 3


class ThreadPart(Struct, frozen=True):
    """Posts of a thread that are told together.

    Args:
        thread: Its key.
        title: Its title.
        url: Where it stood; None, too, where its article is not among the posts.
        posts: How many they are.
        meta: What its source says of it besides, as JSON; "{}", too, where its article is not among the posts.
        split: Its split, if splits were asked for.
    """

    thread: str
    title: str
    url: str | None
    posts: int
    meta: str
    split: tuple[str, ...] = ()


class Told(Struct, frozen=True):
    """What is told of some posts.

    Args:
        posts: A column for each of `post_names`.
        annotations: A column for each of `annotation_names`; what is put on a thread stands before what is put on its article,
            then what is put on posts, relations, and spans.
        owners: For each annotation the place of its post among the posts; of its article, if it is put on a thread.
        notes: A column for each of `note_names`.
        note_owners: For each note the place of its post among the posts.
        threads: Their threads, in order.
    """

    posts: Columns
    annotations: Columns
    owners: Sequence[int]
    notes: Columns
    note_owners: Sequence[int]
    threads: Sequence[ThreadPart]


def post_names(options: ExportOptions) -> tuple[str, ...]:
    """Return the names of the columns of posts."""
    return (*_POSTS, *(("context",) if options.context else ()), *_split(options))


def annotation_names(options: ExportOptions) -> tuple[str, ...]:
    """Return the names of the columns of annotations; what only spans or relations have is None for others."""
    return (*_ANNOTATIONS, *(VOTES if options.has_votes else ()), *_split(options))


def note_names(options: ExportOptions) -> tuple[str, ...]:
    """Return the names of the columns of notes."""
    return (*_NOTES, *_split(options))


def thread_names(options: ExportOptions) -> tuple[str, ...]:
    """Return the names of the columns of threads."""
    return (*_THREADS, *_split(options))


def _split(options: ExportOptions) -> tuple[str, ...]:
    return ("split",) if options.split else ()


def told_of(records: Sequence[PostRecord], options: ExportOptions, tally: Tally) -> Told:
    """Return what records tell, column by column; what JSON cannot carry is counted."""
    posts = named(post_names(options), [post_row(each, tally) for each in records])
    if "context" in posts:
        posts["context"] = Structs.of(posts["context"], _CONTEXT_PARTS)
    annotations = [list(annotation_rows(each, tally)) for each in records]
    notes = [list(note_rows(each)) for each in records]
    return Told(
        posts,
        named(annotation_names(options), list(chain.from_iterable(annotations))),
        owners_of(annotations),
        named(note_names(options), list(chain.from_iterable(notes))),
        owners_of(notes),
        [_thread_part(list(members), tally) for _, members in groupby(records, lambda each: each.thread)],
    )


def named(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Columns:
    """Return rows as columns by their names."""
    return dict(zip(names, columns_of(rows, len(names)), strict=True))


def owners_of(groups: Sequence[Sequence[object]]) -> list[int]:
    """Return for each member of a group the group's place."""
    return [place for place, group in enumerate(groups) for _ in group]


def _thread_part(records: Sequence[PostRecord], tally: Tally) -> ThreadPart:
    first = records[0]
    split = () if first.split is UNSET else (first.split or "",)
    meta = json_text(first.thread_meta, tally) if first.position == 0 else "{}"
    return ThreadPart(first.thread, first.title, first.url, len(records), meta, split)


class WholeThreads:
    """Puts parts of threads together: a thread is whole when the next one comes."""

    def __init__(self) -> None:
        self._first: ThreadPart | None = None
        self._posts = 0

    def add(self, parts: Sequence[ThreadPart]) -> list[ThreadPart]:
        """Take the next parts; return the threads that are whole now."""
        whole = []
        for part in parts:
            if self._first is not None and self._first.thread != part.thread:
                whole += self.finish()
            self._first = self._first or part
            self._posts += part.posts
        return whole

    def finish(self) -> list[ThreadPart]:
        """Return the last thread, if there was one."""
        first, posts = self._first, self._posts
        self._first, self._posts = None, 0
        if first is None:
            return []
        return [ThreadPart(first.thread, first.title, first.url, posts, first.meta, first.split)]


def thread_columns(threads: Sequence[ThreadPart], options: ExportOptions) -> Columns:
    """Return a column for each of `thread_names`."""
    rows = [(each.thread, each.title, each.url, each.posts, each.meta, *each.split) for each in threads]
    return named(thread_names(options), rows)
