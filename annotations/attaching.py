"""Annotations on a document that the project has: they are put on its thread, instead of on the passages that their source quotes.

A source may hold annotations of a page and not the page itself (`Thread.stands_for`). Where the project has one thread that stood
at that address, each annotation is placed there by its words and what stands around them: in the article, else in the only
comment that says them. What is nowhere is kept with its words, detached, as ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.anchoring import Anchoring
from annotations.model import ARTICLE_KEY, Scope
from annotations.span import Quote, Span, quote
from annotations.store.posts import load_posts
from annotations.store.thread_urls import post_that_says, thread_at
from annotations.store.threads import ImportStatus, SavedThread

if TYPE_CHECKING:
    from annotations.model import GivenAnnotation, StoredPost, Thread
    from annotations.store.project import Project


def attach(project: Project, thread: Thread) -> tuple[Thread, SavedThread] | None:
    """Return a thread of passages as annotations of the thread for which it stands; None where there is no such thread.

    Args:
        project: The project.
        thread: What was read; one that has comments of its own, answers to annotations, stays a thread.

    Returns:
        The thread with its annotations where they belong, and the thread of the project, unchanged.

    Raises:
        ProjectError: If the project cannot be read.
    """
    if not thread.stands_for or len(thread.posts) > 1:
        return None
    stored = thread_at(project, thread.stands_for)
    if stored is None:
        return None
    article = load_posts(project, stored.id, 0, 1)[0]
    placing = _Placing(project, article, thread.posts[0].text, thread.gap)
    moved = tuple(placing.moved(given) for given in thread.annotations)
    saved = SavedThread(thread=stored, status=ImportStatus.UNCHANGED)
    return replace(thread, annotations=moved, warnings=()), saved


class _Placing:
    """Finds the place of passages in a thread.

    Args:
        project: The project.
        article: The thread's article.
        passages: The text made of passages in which the annotations are.
        gap: What stands between them.
    """

    def __init__(self, project: Project, article: StoredPost, passages: str, gap: str) -> None:
        self._project = project
        self._article = article
        self._passages = passages
        self._gap = gap
        self._anchoring: Anchoring | None = None

    def moved(self, given: GivenAnnotation) -> GivenAnnotation:
        """Return an annotation on the passages as one on the thread."""
        if given.scope is Scope.RELATION:
            ends = {name: self._key(getattr(given, name)) for name in ("post", "to_post")}
            return replace(given, **ends)
        if given.span is None or given.scope is not Scope.SPAN:
            return replace(given, post=self._key(given.post))
        sought = self._quote(given.span)
        span = self._in_text(self._article.text, sought)
        if span is not None:
            return replace(given, post=self._article.key, span=span, quote=sought.exact)
        comment = post_that_says(self._project, self._article.thread_id, sought.exact)
        span = None if comment is None else self._in_text(comment[1], sought)
        if comment is not None and span is not None:
            return replace(given, post=comment[0], span=span, quote=sought.exact)
        if self._anchoring is None:
            self._anchoring = Anchoring(self._article.text)
        anchor = self._anchoring.find(sought, 0)
        found = None if anchor is None else anchor.span
        said = sought.exact if found is None else self._article.text[found.start : found.end]
        return replace(given, post=self._article.key, span=found, quote=said, is_detached=found is None)

    def _key(self, post: str | None) -> str | None:
        return self._article.key if post == ARTICLE_KEY else post

    def _quote(self, span: Span) -> Quote:
        """Return what a span of the passages says, with what stands around it in its passage."""
        text, gap = self._passages, self._gap
        before, behind = text.rfind(gap, 0, span.start), text.find(gap, span.end)
        start = before + len(gap) if before >= 0 else text.find("\n\n") + 2  # behind the headline
        return quote(text[start : behind if behind >= 0 else None], Span(span.start - start, span.end - start))

    @staticmethod
    def _in_text(text: str, sought: Quote) -> Span | None:
        """Return where a text says a quote with what stands around it, if that is one place; else the quote alone."""
        for before, words in ((sought.prefix, f"{sought.prefix}{sought.exact}{sought.suffix}"), ("", sought.exact)):
            at = _only(text, words)
            if at is not None:
                return Span(at + len(before), at + len(before) + len(sought.exact))
        return None


def _only(text: str, words: str) -> int | None:
    """Return where a text says words that it says once."""
    at = text.find(words)
    return at if at >= 0 and text.find(words, at + 1) < 0 else None
