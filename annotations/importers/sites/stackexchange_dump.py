"""The data dump of a site of Stack Exchange: `Posts.xml`, `Comments.xml` and `Users.xml` in a folder."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from pathlib import PurePath
from typing import TYPE_CHECKING

from annotations.errors import SourceError
from annotations.importers.reading.ending import with_last_words
from annotations.importers.reading.json_fields import Record
from annotations.importers.reading.making import ThreadMaker, absent_article, join_headline, make_meta
from annotations.importers.reading.xml_records import read_records
from annotations.model import Post, PostKind
from annotations.store.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.model import Thread
    from annotations.sources.source import Source

_QUESTION, _ANSWER = "1", "2"
_LARGEST = 2**62
_LONGEST_NUMBER = 19


class Dump:
    """A data dump.

    Args:
        source: The folder, or `Posts.xml` alone.
        name: The importer's name.
        files: The files in the folder.
    """

    def __init__(self, source: Source, name: str, files: Sequence[Source]) -> None:
        self._source = source
        self._name = name
        self._files = {PurePath(file.name).name.lower(): file for file in files}
        if source in files:
            self._files = {"posts.xml": files[0]}
        self._answers = array("q")
        self._questions = array("q")
        self._names: dict[str, str] = {}
        self._left = 0
        self._threads = 0

    def threads(self) -> Iterator[Thread]:
        """Yield a thread for each question.

        Raises:
            SourceError: If there is no `Posts.xml`.
        """
        if "posts.xml" not in self._files:
            raise SourceError(f"{self._source.shown} holds no Posts.xml", "Name the folder of the unpacked dump.")
        for fields in self._rows("users.xml"):
            self._names[fields.key("Id")] = fields.name("DisplayName") or ""
        with Spool(self._source.work) as spool:
            for fields in self._rows("posts.xml"):
                self._add_post(spool, fields)
            self._sort_answers()
            for fields in self._rows("comments.xml"):
                self._add_comment(spool, fields)
            yield from with_last_words(self._make_threads(spool), self._last_words)

    def _rows(self, file: str) -> Iterator[Record]:
        """Yield the rows of a file, their attributes as fields; none if it is not there."""
        found = self._files.get(file)
        if found is None:
            return
        for number, record in enumerate(read_records(found, "row"), 1):
            where = f"{PurePath(found.name).name} line {record.line}" if found is not self._source else f"row {number}"
            yield Record(self._source, {key.removeprefix("@"): value for key, value in record.fields.items()}, where)
        if found is not self._source:
            self._source.dropped += found.dropped

    def _add_post(self, spool: Spool, fields: Record) -> None:
        kind = fields.key("PostTypeId")
        key = fields.identify(fields.where.replace(" ", "-"), "Id")
        if kind not in {_QUESTION, _ANSWER}:
            self._left += 1
            return
        parent = fields.key("ParentId")
        if kind == _ANSWER and not parent:
            self._source.problems.add("is an answer that names no question", f"post {key}", "it is a thread of its own")
        author = self._author(fields, "Owner")
        created_at = fields.time("CreationDate")
        body = fields.text("Body")
        if kind == _QUESTION or not parent:
            headline = fields.name("Title") or ""
            meta = make_meta({}, markup="html" if body else "")
            self._threads += 1
            spool.add_thread_fact(key, "title", headline)
            spool.add_thread_fact(key, "text", join_headline(headline, body))
            spool.add_thread_fact(key, "author", author or "")
            spool.add_thread_fact(key, "created_at", created_at or "")
            spool.add_thread_fact(key, "meta", meta)
            spool.add_thread_fact(key, "raw", fields.rest)
            return
        self._note_answer(key, parent)
        meta = make_meta(fields.rest, markup="html", kind="answer")
        spool.add(parent, Post(key=key, parent=parent, text=body, author=author, created_at=created_at, meta=meta))

    def _add_comment(self, spool: Spool, fields: Record) -> None:
        key = fields.identify(fields.where.replace(" ", "-"), "Id")
        target = fields.key("PostId")
        question = self._find_question(target)
        post = Post(
            key=f"comment-{key}",
            parent=target,
            text=fields.text("Text"),
            author=self._author(fields, ""),
            created_at=fields.time("CreationDate"),
            meta=make_meta(fields.rest, kind="comment"),
        )
        spool.add(question or target or "unknown", post)

    def _author(self, fields: Record, role: str) -> str | None:
        """Return who wrote it: the name that the dump gives, else that of the account, else what an account without is called."""
        account = fields.key(f"{role}UserId")
        shown = fields.name(f"{role}DisplayName" if role else "UserDisplayName")
        if account:
            fields.keep(f"{role}UserId", account)
        return shown or self._names.get(account) or (f"user{account}" if account else None)

    def _note_answer(self, answer: str, question: str) -> None:
        if _is_number(answer) and _is_number(question):
            self._answers.append(int(answer))
            self._questions.append(int(question))

    def _sort_answers(self) -> None:
        """Order the numbers of answers, so that they can be found; they come in order, but nobody promises it."""
        numbers = self._answers
        if any(numbers[at] > numbers[at + 1] for at in range(len(numbers) - 1)):
            order = sorted(range(len(numbers)), key=numbers.__getitem__)
            self._answers = array("q", (numbers[at] for at in order))
            self._questions = array("q", (self._questions[at] for at in order))

    def _find_question(self, post: str) -> str:
        """Return the question that a post answers, "" if it is no answer."""
        if not _is_number(post):
            return ""
        at = bisect_left(self._answers, int(post))
        is_there = at < len(self._answers) and self._answers[at] == int(post)
        return str(self._questions[at]) if is_there else ""

    def _make_threads(self, spool: Spool) -> Iterator[Thread]:
        maker = ThreadMaker(self._source, self._name)
        for key, posts in spool.threads():
            facts = spool.thread_facts(key)
            said = {field: value for field, value in facts.items() if isinstance(value, str)}
            raw, meta = facts.get("raw"), facts.get("meta")
            article = Post(
                key=key,
                parent=None,
                kind=PostKind.ARTICLE,
                text=said.get("text", ""),
                author=said.get("author") or None,
                created_at=said.get("created_at") or None,
                meta=meta if isinstance(meta, dict) else {},
            )
            yield maker.make(
                article if facts else absent_article(key, f"Question {key}"),
                posts,
                key=key if self._threads > 1 else "",
                title=said.get("title") or f"Question {key}",
                meta=make_meta(raw if isinstance(raw, dict) else {}),
            )

    def _last_words(self) -> str:
        sentences = []
        if self._left:
            many = "1 page that is neither question nor answer was left out."
            if self._left > 1:
                many = f"{self._left:,} pages that are neither question nor answer were left out."
            sentences.append(many)
        if "users.xml" not in self._files:
            sentences.append("Users.xml is not there: people go by the numbers of their accounts.")
        if "comments.xml" not in self._files:
            sentences.append("Comments.xml is not there: to have the comments, import the folder that holds it.")
        return " ".join(sentences)


def _is_number(key: str) -> bool:
    """Tell whether a post's key is one of those numbers that are kept as such."""
    return key.isdecimal() and len(key) <= _LONGEST_NUMBER and int(key) < _LARGEST
