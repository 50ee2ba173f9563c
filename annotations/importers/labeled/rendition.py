"""A document that Postil made of a thread, split into its posts again; `annotations.importers.labeled.documents` says how it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from annotations.importers.labeled.documents import ACROSS, NO_PLACE, OUTSIDE, UTF_16, as_name
from annotations.importers.reading.assemble import assemble
from annotations.importers.reading.times import from_any
from annotations.model import ARTICLE_KEY, GivenAnnotation, Post, PostKind, Scope
from annotations.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from annotations.importers.labeled.documents import Document
    from annotations.sources.source import Source


class _Block(Struct, frozen=True):
    """Where in a document a post is, or the line that stands for it; `post` is None for the line of the thread."""

    start: int
    end: int
    post: str | None


def read_blocks(source: Source, document: Document) -> Sequence[Post] | None:
    """Return the posts of a document that is a thread, None if it is none; what is put on it is moved to them.

    Args:
        source: Is told what does not fit.
        document: The document; its annotations, marks and title are changed.
    """
    if document.posts is None:
        settle(source, document)
    if document.posts is None:
        return None
    return assemble(document.posts[0], document.posts[1:], source.problems)


def settle(source: Source, document: Document, key_of: Callable[[str, Scope], str] = lambda key, _: key) -> None:
    """Move what is put on a document that is a thread to its posts, and bring back what Postil keeps beside it.

    Where several files hold one document, each of them is settled before they are joined.

    Args:
        source: Is told what does not fit.
        document: The document; a thread's gets its posts.
        key_of: Returns the key of an annotation by its id in the document, and by its scope there.
    """
    map_ = document.blocks
    entries = map_.get("posts") if isinstance(map_, dict) else None
    if not isinstance(map_, dict) or not isinstance(entries, list) or not entries:
        return
    records = [entry if isinstance(entry, dict) else {} for entry in entries]
    texts: list[_Block] = []
    lines: list[_Block] = []
    posts: list[Post] = []
    for number, fields in enumerate(records, 1):
        key = as_name(source, fields.get("post")) or f"block-{number}"
        span = _span(document, map_, fields, "start", "end")
        if span is None and fields.get("start") != fields.get("end", ""):
            source.problems.add(NO_PLACE, f"block {number}", "its post is empty")
        text = "" if span is None else document.text.text[span.start : span.end]
        posts.append(_post(source, fields, key, text))
        if span is not None:
            texts.append(_Block(span.start, span.end, key))
        if header := _span(document, map_, fields, "header_start", "header_end"):
            lines.append(_Block(header.start, header.end, key))
    document.posts = posts = _with_article(
        posts, document.meta, is_cut=records[0].get("kind") == PostKind.COMMENT.value
    )
    if title := _span(document, map_, map_, "title_start", "title_end"):
        lines.append(_Block(title.start, title.end, None))
    document.title = document.title or as_name(source, map_.get("title"))
    document.url = document.url or as_name(source, map_.get("url")) or None
    document.key = document.key or as_name(source, map_.get("thread"))
    document.annotations = _moved(source, document.annotations, (texts, lines), posts[0].key)
    document.marks = [replace(mark, post=posts[0].key) for mark in document.marks]
    if isinstance(map_.get("layout"), int):
        from annotations.importers.labeled.returning import Returning  # noqa: PLC0415  # seldom

        document.thread = as_name(source, map_.get("thread"))
        Returning(source, map_, key_of).bring_back(document)


def own_posts(source: Source, member: Mapping[str, object], texts: Sequence[str]) -> list[Post]:
    """Return the posts of a thread whose texts stand elsewhere, in the same order, the article first.

    Args:
        source: Cleans.
        member: What Postil keeps of the thread.
        texts: What the posts say.
    """
    entries = member.get("posts")
    records = [each if isinstance(each, dict) else {} for each in (entries if isinstance(entries, list) else [])]
    records += [{} for _ in range(len(texts) - len(records))]
    posts = [
        _post(source, fields, as_name(source, fields.get("post")) or f"block-{number}", text)
        for number, (fields, text) in enumerate(zip(records, texts, strict=False), 1)
    ]
    is_cut = not posts or records[0].get("kind") == PostKind.COMMENT.value
    return _with_article(posts, {}, is_cut=is_cut)


def _span(
    document: Document, map_: Mapping[str, object], fields: Mapping[str, object], first: str, last: str
) -> Span | None:
    is_utf16 = map_.get("offsets") == UTF_16
    return document.text.span(fields.get(first), fields.get(last), is_utf16=is_utf16)


def _post(source: Source, fields: Mapping[str, object], key: str, text: str) -> Post:
    meta = fields.get("meta")
    reasons = fields.get("uncertain")
    is_comment = fields.get("kind") == PostKind.COMMENT.value
    return Post(
        key=key,
        parent=as_name(source, fields.get("parent")) or None,
        kind=PostKind.COMMENT if is_comment else PostKind.ARTICLE,
        text=text,
        author=as_name(source, fields.get("author")) or None,
        created_at=from_any(fields.get("created_at")),
        uncertain=tuple(source.clean(each) for each in reasons if isinstance(each, str))
        if isinstance(reasons, list)
        else (),
        meta=meta if isinstance(meta, dict) else {},
    )


def _with_article(posts: list[Post], meta: Mapping[str, object], *, is_cut: bool) -> list[Post]:
    """Return the posts with an article in front: the first of them, or one for that which is not there."""
    if is_cut:
        absent = Post(key=ARTICLE_KEY, parent=None, kind=PostKind.ARTICLE, meta={**meta, "is_missing": True})
        posts = [absent, *posts]
    article = replace(posts[0], parent=None, kind=PostKind.ARTICLE, meta={**meta, **posts[0].meta})
    return [article, *(replace(post, kind=PostKind.COMMENT) for post in posts[1:])]


def _moved(
    source: Source, annotations: Iterable[GivenAnnotation], blocks: tuple[list[_Block], list[_Block]], article: str
) -> list[GivenAnnotation]:
    """Return annotations of the document as annotations of its posts."""
    moved: list[GivenAnnotation] = []
    posts: dict[str, str | None] = {}
    for given in annotations:
        if given.scope is Scope.SPAN and given.span is not None:
            given = _in_block(source, given, given.span, blocks, article)  # noqa: PLW2901  # as it is in its post
        elif given.scope is not Scope.RELATION:
            given = replace(given, post=article)  # noqa: PLW2901  # the same
        moved.append(given)
        if given.key and given.scope is not Scope.RELATION:
            posts[given.key] = given.post
    return [
        replace(given, post=posts.get(given.from_key, article), to_post=posts.get(given.to_key, article))
        if given.scope is Scope.RELATION
        else given
        for given in moved
    ]


def _in_block(
    source: Source, given: GivenAnnotation, span: Span, blocks: tuple[list[_Block], list[_Block]], article: str
) -> GivenAnnotation:
    """Return a span of the document as a span of the first post that it touches, or as a label on what its line stands for."""
    texts, lines = ([block for block in group if block.start < span.end and span.start < block.end] for group in blocks)
    where = f"the label {given.label} at {span}"
    if not texts and lines:
        post = lines[0].post
        return replace(given, scope=Scope.THREAD if post is None else Scope.POST, post=post, span=None, quote="")
    if not texts:
        source.problems.add(OUTSIDE, where, "it was kept with its words, to be placed by hand")
        return replace(given, post=article, span=None, is_detached=True)
    block = texts[0]
    inner = Span(max(span.start, block.start) - block.start, min(span.end, block.end) - block.start)
    if len(inner) == len(span):
        return replace(given, post=block.post, span=inner)
    if len(texts) > 1:
        source.problems.add(ACROSS, where, "what is in the first of them was taken")
    return replace(given, post=block.post, span=inner, quote="")
