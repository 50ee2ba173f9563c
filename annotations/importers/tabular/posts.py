"""Posts made of the rows of a table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annotations.importers.reading.json_fields import Record
from annotations.importers.reading.times import from_any
from annotations.model import Post

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.importers.tabular.columns import Columns
    from annotations.importers.tabular.row import Row
    from annotations.sources.source import Source

NO_KEY = "has no id"
NO_TIME = "has no time that can be read"
NO_TEXT = "has a text that is no text"

_ROOTS = frozenset({"0", "-1", "root", "none", "None", "NONE", "null", "NULL", "nan", "NaN", "NA", "N/A", r"\N"})
"""What tables have in place of a parent where there is none; unless it is the id of a row."""

_ARTICLES = frozenset(
    {
        "article",
        "story",
        "submission",
        "thread",
        "root",
        "topic",
        "op",
        "original",
        "original_post",
        "question",
        "t3",
        "page",
    }
)
"""What a kind column calls an article; "post" is left out, for many call every comment that."""

_NESTED = ("name", "username", "display_name", "screen_name", "login", "id")
"""Where an author is named whose column holds a record."""

_OURS = frozenset({"raw", "parent", "key", "is_missing", "markup"})
"""What importers write into a post's meta: a column of one of these names goes one level deeper."""

_WHOLE = re.compile(r"(-?\d+)\.0+", re.ASCII)
"""An id as spreadsheets and data frames write it once a column has an empty value."""

_EARLIEST = 1e8
"""Numbers below this (before 1973) are no moments but years, or seconds from some beginning."""

_MILLISECONDS = 1e11
_LONGEST_TIME = 20
"""Numbers from here on count no seconds."""


class RowReader:
    """Makes posts of rows.

    Args:
        source: Where they are from: cleans their texts, is told of problems.
        columns: Which column holds what.
    """

    def __init__(self, source: Source, columns: Columns) -> None:
        self._source = source
        self._columns = columns
        self._names: dict[str, str] = {}
        self.threads: dict[str, set[str]] = {}
        """The threads, each with the ids in it that elsewhere mean that a row answers nothing."""

    def read(self, row: Row) -> tuple[str, Post]:
        """Return the thread that a row is in, "" for the only one, and its post."""
        columns, fields = self._columns, row.fields
        left = dict(fields)
        thread = self._key(fields, columns.thread)
        key = self._key(fields, columns.id)
        if columns.id and not key:
            self._source.problems.add(NO_KEY, row.where, "it is called after its place")
        rootlike = self.threads.setdefault(thread, set())
        if key in _ROOTS:
            rootlike.add(key)
        key = key or row.key
        parent = self._parent(self._key(fields, columns.parent), key)
        post = Post(
            key=key,
            parent=parent,
            text=self._text(row, left),
            author=self._author(fields),
            created_at=self._time(row, left),
            meta=self._meta(row, left, parent),
        )
        return thread, post

    def rootlike(self, thread: str) -> set[str]:
        """Return the ids of a thread that elsewhere mean that a row answers nothing."""
        return self.threads.get(thread, set())

    def roots(self, thread: str) -> frozenset[str | None]:
        """Return what the rows of a thread have as their parent that answer the article."""
        return (_ROOTS - self.rootlike(thread)) | {None, "", *([thread] if thread else [])}

    def title_of(self, post: Post | None) -> str:
        """Return the headline in a row, "" if it has none."""
        return self._kept(post, self._columns.title)

    def url_of(self, post: Post | None) -> str | None:
        """Return the address in a row, None if it has none."""
        return self._kept(post, self._columns.url) or None

    def _kept(self, post: Post | None, column: str) -> str:
        value = post.meta.get(column) if post is not None and column else None
        return " ".join(value.split()) if isinstance(value, str) else ""

    def _value(self, fields: Mapping[str, object], column: str) -> object:
        """Return what a column holds; of "user.name" the field `name` of what the column `user` holds."""
        if not column or column in fields:
            return fields[column] if column else None
        value: object = fields
        for part in column.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def _key(self, fields: Mapping[str, object], column: str) -> str:
        value = self._value(fields, column) if column else None
        if isinstance(value, str) and value.isalnum():
            return value
        if isinstance(value, dict):
            value = value.get("id")
        return self._name(value)

    def _name(self, value: object) -> str:
        return Record(self._source, {}, "").as_key(value).strip() if value is not None else ""

    def _parent(self, said: str, key: str) -> str | None:
        """Return the key of what a row answers, in the form that the table's ids have."""
        if not said or said == key or said.startswith("t3_"):
            return None  # a row that answers itself, or the submission, answers the article
        if said.startswith("t1_") and not key.startswith("t1_"):
            return said[3:]
        whole = _WHOLE.fullmatch(said)
        return whole[1] if whole and "." not in key else said

    def _text(self, row: Row, left: dict[str, object]) -> str:
        column = self._columns.text
        value = self._value(row.fields, column)
        if isinstance(value, str):
            left.pop(column, None)
            return self._clean(value)
        if value is None:
            return ""
        is_plain = isinstance(value, int | float)
        done = "what it says was taken as text" if is_plain else "it is kept as it is, beside the post"
        self._source.problems.add(NO_TEXT, row.where, done)
        return str(value) if is_plain else ""

    def _author(self, fields: Mapping[str, object]) -> str | None:
        value = self._value(fields, self._columns.author)
        if isinstance(value, dict):
            value = next((value[field] for field in _NESTED if value.get(field)), None)
        return self._name(value) or None

    def _time(self, row: Row, left: dict[str, object]) -> str | None:
        """Return when a row was written; what it says stays beside the post where it says more than the model keeps."""
        column = self._columns.time
        value = self._value(row.fields, column)
        if value is None or value == "":
            return None
        time = None if _is_relative(value) else from_any(value)
        if time is None:
            self._source.problems.add(NO_TIME, row.where, "it was imported without one")
        elif time == value or _is_seconds(value):
            left.pop(column, None)
        return time

    def _meta(self, row: Row, left: dict[str, object], parent: str | None) -> dict[str, object]:
        """Return what is not in the model, or not in the same form, under the names of the columns."""
        columns = self._columns
        left.pop(columns.thread, None)
        for column in (columns.id, columns.author):
            if isinstance(left.get(column), str | int):
                del left[column]
        if columns.parent and str(left.get(columns.parent)) == parent:
            del left[columns.parent]
        meta: dict[str, object] = {}
        for column, value in left.items():
            if value is None or (not value and not isinstance(value, int | float)):
                continue
            name = self._names.get(column) or self._names.setdefault(column, self._clean(column) or " ")
            if name in _OURS:
                deeper = meta.setdefault("raw", {})
                assert isinstance(deeper, dict)  # noqa: S101  # nothing else writes it
                deeper[name] = self._plain(row, value)
            else:
                meta[name] = self._plain(row, value)
        return meta

    def _plain(self, row: Row, value: object) -> object:
        """Return a value as JSON that every consumer can carry."""
        if isinstance(value, str):
            return self._clean(value)
        if isinstance(value, int):
            return value
        return Record(self._source, {"value": value}, row.where).rest.get("value")

    def _clean(self, text: str) -> str:
        return text if text.isprintable() else self._source.clean(text)


def is_row_of_article(columns: Columns, thread: str, post: Post) -> bool:
    """Tell whether a row is the article of its thread: it answers nothing, and is called an article or after the thread."""
    if post.parent is not None and post.parent not in _ROOTS and post.parent != thread:
        return False
    kind = post.meta.get(columns.kind) if columns.kind else None
    if isinstance(kind, str) and kind.strip().lower() in _ARTICLES:
        return True
    return bool(thread) and bool(columns.id) and post.key == thread.removeprefix("t3_")


def _is_relative(value: object) -> bool:
    try:
        return abs(float(value)) < _EARLIEST if isinstance(value, int | float | str) else False
    except (ValueError, OverflowError):
        return False


def _is_seconds(value: object) -> bool:
    """Tell whether a time is one of whole seconds from 1970, of which the model's form says as much."""
    if isinstance(value, int):
        return abs(value) < _MILLISECONDS
    is_number = isinstance(value, str) and len(value) <= _LONGEST_TIME and value.isascii() and value.isdigit()
    return is_number and int(str(value)) < _MILLISECONDS
