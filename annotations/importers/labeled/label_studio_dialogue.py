"""The paragraphs of Label Studio's dialogues, made posts.

Source: labelstud.io/tags/paragraphs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.labeled.documents import DocumentText
from annotations.importers.reading.json_fields import Record
from annotations.importers.reading.making import join_headline, make_meta
from annotations.model import ARTICLE_KEY, Post, PostKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annotations.sources.source import Source

_AUTHORS = ("author", "name", "speaker", "user")
_PLACED = {"start", "labels", "paragraphlabels", "hypertextlabels", "choices", "rating"}
"""Fields of results, which no paragraph has."""


def is_dialogue(value: object) -> bool:
    """Tell whether a task's data is a dialogue: a list of objects that say something."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(part, dict) and not _PLACED & part.keys() and _said(part) is not None for part in value)
    )


def _said(part: Mapping[str, object]) -> str | None:
    """Return what a paragraph says: what is called its text, else the longest of its fields that is no name."""
    if isinstance(part.get("text"), str):
        return str(part["text"])
    texts = [
        value
        for each, value in part.items()
        if isinstance(value, str) and each not in {*_AUTHORS, "id", "post", "parent"}
    ]
    return max(texts, key=len, default=None)


def read_paragraphs(source: Source, parts: Sequence[object], headline: str) -> tuple[list[Post], list[DocumentText]]:
    """Return the paragraphs of a dialogue as posts, the article first; where there is none, an article of the headline."""
    records = [
        Record(source, part if isinstance(part, dict) else {}, f"paragraph {number}")
        for number, part in enumerate(parts)
    ]
    posts: list[Post] = []
    texts: list[DocumentText] = []
    is_thread = any(record.peek("kind") == PostKind.ARTICLE.value for record in records[:1])
    if not is_thread:
        texts.append(DocumentText(source, headline))
        posts.append(Post(key=ARTICLE_KEY, parent=None, kind=PostKind.ARTICLE, text=join_headline(texts[0].text, "")))
    taken = {post.key for post in posts}
    for number, record in enumerate(records):
        said = _said(record.fields) or ""
        text = DocumentText(source, said)
        author, key = record.name(*_AUTHORS), record.key("post") or str(number + 1)
        if key in taken:
            key = f"{key}-{number + 1}"
        taken.add(key)
        parent = record.key("parent")
        moment = record.time("created_at", is_due=False)
        record.drop("kind", *(each for each, value in record.fields.items() if value == said))
        is_article = is_thread and not number
        posts.append(
            Post(
                key=key,
                parent=None if is_article else parent or ARTICLE_KEY,
                kind=PostKind.ARTICLE if is_article else PostKind.COMMENT,
                text=text.text,
                author=author,
                created_at=moment,
                meta=make_meta(record.rest),
            )
        )
        texts.append(text)
    if is_thread:
        top = posts[0].key
        posts = [replace(post, parent=top) if post.parent == ARTICLE_KEY else post for post in posts]
    return posts, texts
