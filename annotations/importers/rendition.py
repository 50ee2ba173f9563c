"""A document that Postil made of a thread, split into its posts again; `annotations.importers.labeled` says how it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from annotations.importers.assemble import assemble
from annotations.importers.labeled import ACROSS, NO_PLACE, OUTSIDE, UTF_16, as_name
from annotations.importers.times import from_any
from annotations.model import GivenAnnotation, Post, PostKind, Scope
from annotations.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.importers.labeled import Document
    from annotations.sources.source import Source


class _Block(Struct, frozen=True):
    """Where in a document a post is."""

    start: int
    end: int
    post: str


def read_blocks(source: Source, document: Document) -> Sequence[Post] | None:
    """Return the posts of a document that is a thread, None if it is none; what is put on it is moved to them.

    Args:
        source: Is told what does not fit.
        document: The document; its annotations, marks and title are changed.
    """
    map_ = document.blocks
    entries = map_.get("posts") if isinstance(map_, dict) else None
    if not isinstance(map_, dict) or not isinstance(entries, list):
        return None
    posts: list[Post] = []
    blocks: list[_Block] = []
    for number, entry in enumerate(entries, 1):
        fields = entry if isinstance(entry, dict) else {}
        is_utf16 = map_.get("offsets") == UTF_16
        span = document.text.span(fields.get("start"), fields.get("end"), is_utf16=is_utf16)
        if span is None and fields.get("start") != fields.get("end", ""):
            source.problems.add(NO_PLACE, f"block {number}", "its post is empty")
        key = as_name(source, fields.get("post")) or f"block-{number}"
        parent = as_name(source, fields.get("parent")) or None
        posts.append(
            Post(
                key=key,
                parent=parent if posts else None,
                kind=PostKind.COMMENT if posts else PostKind.ARTICLE,
                text="" if span is None else document.text.text[span.start : span.end],
                author=as_name(source, fields.get("author")) or None,
                created_at=from_any(fields.get("created_at")),
                meta=document.meta if not posts else {},
            )
        )
        if span is not None:
            blocks.append(_Block(span.start, span.end, key))
    if not posts:
        return None
    document.title = document.title or as_name(source, map_.get("title"))
    document.url = document.url or as_name(source, map_.get("url")) or None
    document.key = document.key or as_name(source, map_.get("thread"))
    document.annotations = _moved(source, document.annotations, blocks, posts[0].key)
    document.marks = [replace(mark, post=posts[0].key) for mark in document.marks]
    return assemble(posts[0], posts[1:], source.problems)


def _moved(
    source: Source, annotations: list[GivenAnnotation], blocks: list[_Block], article: str
) -> list[GivenAnnotation]:
    """Return annotations of the document as annotations of its posts."""
    moved: dict[int, GivenAnnotation] = {}
    posts: dict[str, str] = {}
    for place, given in enumerate(annotations):
        if given.scope is Scope.RELATION:
            continue
        if given.scope is Scope.SPAN and given.span is not None:
            given = _in_block(source, given, given.span, blocks, article)  # noqa: PLW2901  # as it is in its post
        else:
            given = replace(given, post=article)  # noqa: PLW2901  # the same
        moved[place] = given
        if given.key and given.post is not None:
            posts[given.key] = given.post
    for place, given in enumerate(annotations):
        if given.scope is Scope.RELATION:
            start, end = posts.get(given.from_key, article), posts.get(given.to_key, article)
            moved[place] = replace(given, post=start, to_post=end)
    return [moved[place] for place in range(len(annotations))]


def _in_block(
    source: Source, given: GivenAnnotation, span: Span, blocks: list[_Block], article: str
) -> GivenAnnotation:
    """Return a span of the document as a span of the first post that it touches."""
    touched = [block for block in blocks if block.start < span.end and span.start < block.end]
    where = f"the label {given.label} at {span}"
    if not touched:
        source.problems.add(OUTSIDE, where, "it was kept with its words, to be placed by hand")
        return replace(given, post=article, span=None, is_detached=True)
    block = touched[0]
    inner = Span(max(span.start, block.start) - block.start, min(span.end, block.end) - block.start)
    if len(inner) == len(span):
        return replace(given, post=block.post, span=inner)
    if len(touched) > 1:
        source.problems.add(ACROSS, where, "what is in the first of them was taken")
    return replace(given, post=block.post, span=inner, quote="")
