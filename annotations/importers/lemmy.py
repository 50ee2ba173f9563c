"""The importer of Lemmy: a post and its comments as the API's version 3 gives them, in one object, a list or one by one.

Source: join-lemmy.org/docs/contributors/04-api.html and lemmy-js-client (`GetPostResponse`, `GetCommentsResponse`,
`CommentView`). A comment's `path` names all that it answers, from the post ("0") to itself: "0.12.34". Posts and comments are
counted apart, so that a comment may have its post's id: the article is called "0", as in the paths. Texts are Markdown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from annotations.importers.reading.json_documents import read_documents
from annotations.importers.reading.json_fields import Record, one_line, place_of
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import ThreadMaker, absent_article, join_headline, make_meta
from annotations.model import ARTICLE_KEY, Post, PostKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annotations.model import Thread
    from annotations.sources.source import Source

name = "lemmy"
title = "Lemmy: a post and its comments from the API"
keeps = "the tree by paths, Markdown, deleted and removed ones, votes, edits, communities, all fields"
loses = "fields that are empty"

_SURE = 0.95
_PARTS = ("post_view", "posts", "comment_view", "comments")


def sniff(source: Source) -> float:
    """Say how sure it is that the source is Lemmy's: by its views of posts and of comments with paths."""
    marks = look(source)
    for at in ("", "*/"):
        if marks.has(f"{at}post_view/post/ap_id") or marks.has(
            f"{at}post_view/post/community_id", f"{at}post_view/counts"
        ):
            return _SURE
        for comment in (f"{at}comments/*/comment/", f"{at}comment_view/comment/", f"{at}comment/"):
            if marks.has(f"{comment}path", f"{comment}post_id") and marks.begins(f"{comment}path", "0."):
                return _SURE
        if marks.has(f"{at}posts/*/post/ap_id", f"{at}posts/*/community"):
            return _SURE
    return 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each post."""
    maker = ThreadMaker(source, name)
    posts: dict[str, tuple[Post, str]] = {}
    comments: dict[str, list[Post]] = {}
    around: dict[str, dict[str, object]] = {}
    for number, (kind, view) in enumerate(_views(read_documents(source)), 1):
        record = Record(source, view, place_of(kind, _inner_id(view, kind), number))
        if kind == "post":
            link = record.as_key(_inner_id(view, kind))
            posts[link] = _read_post(record)
            comments.setdefault(link, [])
            continue
        if kind == "response":
            record.drop(*_PARTS)
            link = record.as_key(_inner_id(_as_object(view.get("post_view")), "post"))
            around[link] = make_meta(record.rest)
            continue
        link, comment = _read_comment(record, f"comment-{number}")
        comments.setdefault(link, []).append(comment)
        if link not in posts and isinstance(view.get("post"), dict):
            posts[link] = _read_post(
                Record(source, {name: view[name] for name in ("post", "community") if name in view}, f"post {link}")
            )
    for link, answers in comments.items():
        article, headline = posts.get(link) or (absent_article(), "")
        yield maker.make(
            article,
            answers,
            key="" if len(comments) == 1 else link,
            title=headline,
            url=str(article.meta["url"]) if "url" in article.meta else None,
            meta=around.get(link),
        )


def _views(documents: Iterable[object]) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the views of posts and comments in documents, each with its kind, and the responses that hold a post."""
    waiting = list(documents)[::-1]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            if isinstance(value.get("comment"), dict):
                yield "comment", value
            elif isinstance(value.get("post"), dict):
                yield "post", value
            else:
                if isinstance(value.get("post_view"), dict):
                    yield "response", value
                inner = [value.get(field) for field in _PARTS]
                waiting += [it for it in reversed(inner) if isinstance(it, dict | list)]


def _as_object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _inner_id(view: dict[str, object], kind: str) -> object:
    inner = view.get(kind)
    return inner.get("id") if isinstance(inner, dict) else None


def _read_post(view: Record) -> tuple[Post, str]:
    """Make the article of a view of a post, and return its headline, too."""
    post = view.child("post")
    headline, body = one_line(post.text("name")), post.text("body")
    meta = _finish(view, "post", post, body, link=post.text("url"))
    article = Post(
        key=ARTICLE_KEY,
        parent=None,
        kind=PostKind.ARTICLE,
        text=join_headline(headline, body),
        author=_name_creator(view.child("creator")),
        created_at=meta.pop("created_at"),  # type: ignore[arg-type]  # a time
        meta=meta,
    )
    return article, headline


def _read_comment(view: Record, fallback: str) -> tuple[str, Post]:
    """Make a post of a view of a comment, and return with it which post it belongs to."""
    comment = view.child("comment")
    path = comment.peek("path")
    above = path.split(".")[-2:-1] if isinstance(path, str) else []
    parent = view.source.clean(above[0]) if above else comment.key("parent_id")
    text = comment.text("content")
    link = comment.as_key(comment.peek("post_id")) or comment.as_key(_inner_id(dict(view.fields), "post"))
    key = comment.identify(fallback, "id")
    view.drop("post", "community")
    meta = _finish(view, "comment", comment, text)
    created_at = meta.pop("created_at")
    author = _name_creator(view.child("creator"))
    return link, Post(key=key, parent=parent, text=text, author=author, created_at=created_at, meta=meta)  # type: ignore[arg-type]  # a time


def _finish(view: Record, field: str, inner: Record, text: str, **more: object) -> dict[str, object]:
    """Return a post's meta, and in it for the moment its time."""
    created_at = inner.time("published", "published_at")
    is_removed = inner.peek("removed") is True
    address = inner.text("ap_id")
    edited_at = inner.moment("updated") or inner.moment("updated_at")
    view.settle(field, inner)
    meta = make_meta(
        view.rest,
        markup="markdown" if text else "",
        url=address,
        edited_at=edited_at,
        is_deleted=is_removed or inner.peek("deleted") is True,
        is_removed=is_removed,
        **more,
    )
    return {**meta, "created_at": created_at}


def _name_creator(creator: Record) -> str | None:
    """Return the name of who wrote something, with the server behind it where that is another one."""
    called = creator.name("name")
    address = creator.peek("actor_id") or creator.peek("ap_id")
    if called is None or creator.peek("local") is not False or not isinstance(address, str):
        return called
    try:
        server = urlsplit(address).hostname
    except ValueError:
        server = None
    return f"{called}@{creator.source.clean(server)}" if server else called
