"""Questions, answers and comments as the API of Stack Exchange gives them.

What a request returns depends on its filter: answers and comments stand within their questions, or beside them, as items that
name what they belong to; a body is there or only a title. Titles and names come with entities of HTML.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from annotations.importers.reading.json_documents import read_documents
from annotations.importers.reading.json_fields import Record, key_of
from annotations.importers.reading.making import ThreadMaker, absent_article, join_headline, make_meta
from annotations.model import Post, PostKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.model import Thread
    from annotations.sources.source import Source

_DEEPEST = 2
"""Comments stand in answers, and those in questions."""


def read_api(source: Source, name: str) -> Iterator[Thread]:
    """Yield a thread for each question that is there or is answered, in their order."""
    said = _Said(source)
    for page in read_documents(source):
        items = page.get("items", page) if isinstance(page, dict) else page
        for item in items if isinstance(items, list) else [items]:
            said.add(item)
    yield from said.threads(name)


class _Said:
    """What the API said: questions, and what belongs to them."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._articles: dict[str, tuple[Post, str, str | None, dict[str, object]]] = {}
        self._posts: dict[str, list[Post]] = {}
        self._questions: dict[str, str] = {}
        self._loose: list[Post] = []
        self._number = 0

    def add(self, item: object, question: str = "", within: str = "", depth: int = 0) -> None:
        """Take an item and what stands within it.

        Args:
            item: A question, an answer or a comment.
            question: The question in which it stands; "" if it stands alone.
            within: The post in which it stands.
            depth: In how many items it stands.
        """
        self._number += 1
        where = f"item {self._number}"
        if not isinstance(item, dict) or depth > _DEEPEST:
            self._source.problems.add("is no record", where, "it was left out")
            return
        fields = Record(self._source, item, where)
        if fields.peek("comment_id") is not None:
            self._add_comment(fields, question, within)
        elif fields.peek("answer_id") is not None:
            self._add_answer(fields, question, depth)
        elif fields.peek("question_id") is not None or fields.peek("title") is not None:
            self._add_question(fields, depth)
        else:
            self._source.problems.add("is neither question nor answer nor comment", where, "it was left out")

    def threads(self, name: str) -> Iterator[Thread]:
        """Yield a thread for each question."""
        for post in self._loose:
            question = self._questions.get(post.parent or "", post.parent or "unknown")
            self._posts.setdefault(question, []).append(post)
        maker = ThreadMaker(self._source, name)
        keys = [*self._articles, *(key for key in self._posts if key not in self._articles)]
        for key in keys:
            headline = f"Question {key}"
            article, title, url, meta = self._articles.get(key, (absent_article(key, headline), headline, None, {}))
            posts = self._posts.get(key, [])
            yield maker.make(article, posts, key=key if len(keys) > 1 else "", title=title, url=url, meta=meta)

    def _add_question(self, fields: Record, depth: int) -> None:
        inner = [*fields.list("comments"), *fields.list("answers")]
        key = fields.identify(fields.where.replace(" ", "-"), "question_id")
        if key in self._articles:
            self._source.problems.add("has an id that another question has", fields.where, "the first one counts")
        else:
            headline = _plain(fields.name("title"))
            body, markup = _body(fields)
            article = Post(
                key=key,
                parent=None,
                kind=PostKind.ARTICLE,
                text=join_headline(headline, body),
                author=_author(fields),
                created_at=fields.time("creation_date"),
                meta=make_meta({}, markup=markup),
            )
            url = fields.text("link") or None
            self._articles[key] = article, headline or f"Question {key}", url, make_meta(fields.rest)
        for item in inner:
            self.add(item, key, key, depth + 1)

    def _add_answer(self, fields: Record, question: str, depth: int) -> None:
        inner = fields.list("comments")
        key = fields.key("answer_id")
        question = fields.key("question_id") or question or "unknown"
        body, markup = _body(fields)
        post = Post(
            key=key or fields.where.replace(" ", "-"),
            parent=question,
            text=body,
            author=_author(fields),
            created_at=fields.time("creation_date"),
            meta=make_meta(fields.rest, markup=markup, kind="answer"),
        )
        self._questions[post.key] = question
        self._posts.setdefault(question, []).append(post)
        for item in inner:
            self.add(item, question, post.key, depth + 1)

    def _add_comment(self, fields: Record, question: str, within: str) -> None:
        key = fields.key("comment_id") or fields.where.replace(" ", "-")
        body, markup = _body(fields)
        target = key_of(self._source, fields.peek("post_id")) or within
        fields.drop("post_id")
        post = Post(
            key=f"comment-{key}",
            parent=target,
            text=body,
            author=_author(fields),
            created_at=fields.time("creation_date"),
            meta=make_meta(fields.rest, markup=markup, kind="comment"),
        )
        if question:
            self._posts.setdefault(question, []).append(post)
        else:
            self._loose.append(post)


def _body(fields: Record) -> tuple[str, str]:
    """Return what a post says, and in which markup: HTML, or if only that is there the Markdown that was typed."""
    if body := fields.text("body"):
        return body, "html"
    typed = html.unescape(fields.text("body_markdown"))
    return typed, "markdown" if typed else ""


def _author(fields: Record) -> str | None:
    owner = fields.child("owner")
    shown = _plain(owner.name("display_name"))
    fields.settle("owner", owner)
    return shown or None


def _plain(text: str | None) -> str:
    return html.unescape(text or "")
