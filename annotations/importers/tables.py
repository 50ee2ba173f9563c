"""The importer of tables: delimited values, JSON records and Parquet of any columns, a row for each comment.

Which column holds what is guessed by common names, said in the import's report, and can be named: `--map text=body`. A file
is one thread, or one for each value of a thread column. Without a column that says what a row answers, all rows answer the
article. The article is a row that answers nothing and is called one by a kind column, or has the thread's id; if there is
none, it is the thread's title alone.

Sources: RFC 4180 (delimited values), jsonlines.org, parquet.apache.org/docs/file-format.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.reading.json_documents import has_lines
from annotations.importers.reading.making import ThreadMaker, join_headline
from annotations.importers.tabular.columns import ROLES, choose_columns, guess_columns
from annotations.importers.tabular.files import columns_of_records, dialect_of, is_delimited, open_table
from annotations.importers.tabular.parquet import MARK
from annotations.importers.tabular.posts import RowReader, is_row_of_article
from annotations.model import ARTICLE_KEY, GivenAnnotation, Post, PostKind, Scope
from annotations.sources.source import STANDARD_INPUT
from annotations.store.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.importers.tabular.columns import Columns
    from annotations.model import Thread
    from annotations.sources.source import Source

name = "tables"
title = "Tables: CSV, TSV, JSON records (an array or a line each), Parquet, with any columns"
keeps = "all columns: those that are mapped in the model, the others beside each post under their own names"
loses = "empty values, and the types of values in CSV, where all are text"
maps = ROLES

_MAPPED = 0.97
_SURE = 0.9
_TABLE = 0.5
_NAMED = 0.4
_RECORDS = 0.35
_BARELY = 0.2
_CONSISTENT = 0.7

_LINES = {".jsonl", ".ndjson"}


def sniff(source: Source) -> float:
    """Say how sure it is that the source is a table: modestly, for every special format of JSON or CSV is one, too."""
    if source.is_folder:
        return 0.0
    sureness = _rate(source)
    return _MAPPED if sureness and source.mapping else sureness


def _rate(source: Source) -> float:
    if source.head.startswith(MARK):
        return _SURE
    start = source.start.lstrip("\ufeff \t\r\n\x00")[:1]
    return _rate_records(source, start) if start in {"[", "{"} else _rate_values(source)


def _rate_records(source: Source, start: str) -> float:
    is_lines = start == "{" and (has_lines(source) or PurePath(source.name).suffix.lower() in _LINES)
    names = columns_of_records(source)
    if not names or not (is_lines or start == "["):
        return 0.0
    return _RECORDS if "text" in guess_columns(sorted(names)) else _BARELY


def _rate_values(source: Source) -> float:
    is_named = is_delimited(source)
    if not source.start.strip() or not (is_named or source.kind.startswith(("CSV", "TSV"))):
        return 0.0
    dialect = dialect_of(source)
    if dialect is None:
        return 0.0
    if dialect.has_text and dialect.share >= _CONSISTENT:
        return _TABLE
    return _NAMED if is_named else _BARELY


def read(source: Source) -> Iterator[Thread]:
    """Yield the threads of a table, in the order in which they first appear."""
    table = open_table(source)
    columns = choose_columns(source, table.names)
    maker = ThreadMaker(source, name)
    reader = RowReader(source, columns)
    articles: dict[str, Post] = {}
    titles: dict[str, str] = {}
    with Spool(source.work) as spool:
        for row in table.rows:
            thread, post = reader.read(row)
            if thread not in articles and is_row_of_article(columns, thread, post):
                articles[thread] = post
                spool.add_thread_fact(thread, "article", value=True)
            else:
                spool.add(thread, post)
            if columns.title and thread not in titles and (headline := reader.title_of(post)):
                titles[thread] = headline
        is_one = len(reader.threads) <= 1
        if not reader.threads:
            spool.add_thread_fact("", "article", value=False)
        for thread, posts in spool.threads():
            headline = (
                titles.get(thread, "") if thread in articles else titles.get(thread) or thread or _file_title(source)
            )
            article = _make_article(reader, thread, articles.get(thread), headline)
            made = maker.make(
                article,
                posts,
                key="" if is_one else thread,
                title=headline,
                url=reader.url_of(articles.get(thread)),
                warnings=columns.notes,
                roots=reader.roots(thread),
            )
            yield replace(made, annotations=tuple(_labels(columns, made.posts))) if columns.label else made


def _file_title(source: Source) -> str:
    """Return what a file's name says."""
    if source.name == STANDARD_INPUT:
        return name
    return source.clean(PurePath(source.name).name.split(".")[0]) or source.stem or name


def _make_article(reader: RowReader, thread: str, found: Post | None, headline: str) -> Post:
    """Return the article of a thread: the row that is one, else its title."""
    if found is None:
        key = ARTICLE_KEY if ARTICLE_KEY not in reader.rootlike(thread) else "article"
        return Post(key=key, parent=None, kind=PostKind.ARTICLE, text=headline)
    own = reader.title_of(found)
    text = join_headline(own, found.text) if own and not found.text.startswith(own) else found.text
    return replace(found, kind=PostKind.ARTICLE, parent=None, text=text)


def _labels(columns: Columns, posts: Sequence[Post]) -> Iterator[GivenAnnotation]:
    """Yield the labels that a column puts on posts."""
    for post in posts:
        value = post.meta.get(columns.label)
        for label in value if isinstance(value, list) else [value]:
            said = label.strip() if isinstance(label, str) else label
            if said is not None and said != "" and not isinstance(said, dict | list):
                words = str(said).lower() if isinstance(said, bool) else str(said)
                yield GivenAnnotation(label=words, scope=Scope.POST, post=post.key)
