"""The context of a post in a data set: what of its thread stands beside it, as its annotators saw it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.exporters.choosing.options import Context
from annotations.exporters.rows.labeled_post import ContextPost
from annotations.store.context import iter_ancestors

if TYPE_CHECKING:
    from annotations.exporters.hiding.masking import Masking
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.model import StoredPost
    from annotations.store.context import Ancestor
    from annotations.store.project import Project


class Surrounding:
    """Puts the context beside posts: the article, what they answer, or all that they answer directly and through others.

    It keeps the posts above the one that came last, and no others. Where posts were passed over, those that are missing are read.
    The article has no context; a comment that answers it has the article, whichever context is asked for.

    Args:
        project: The project.
        context: What is wanted.
        masking: How texts and authors are told that the shapers before have not seen; None where they are told as they are.
    """

    def __init__(self, project: Project, context: Context, masking: Masking | None) -> None:
        self._project = project
        self._context = context
        self._masking = masking
        self._thread = 0
        self._above: list[tuple[int, ContextPost]] = []
        """The rows of the last post and of those above it, the article first, and how they are told."""

    def __call__(self, labeled: LabeledPost) -> LabeledPost:
        """Return the post with its context."""
        post = labeled.post
        if labeled.thread.id != self._thread:
            self._thread, self._above = labeled.thread.id, []
        self._climb(post)
        if self._context is Context.ANCESTORS:
            context = tuple(told for _, told in self._above)
        else:
            end = slice(-1, None) if self._context is Context.PARENT else slice(1)
            context = tuple(told for _, told in self._above[end])
        self._above.append((post.id, ContextPost(post=post.key, author=post.author, text=post.text)))
        return replace(labeled, context=context)

    def _climb(self, post: StoredPost) -> None:
        """Make those above the last post those above this one, the article first."""
        depth = post.depth - 1
        missing: list[tuple[int, ContextPost]] = []
        if post.parent_id is not None and not self._is_above(depth, post.parent_id):
            for ancestor in iter_ancestors(self._project, post.parent_id):
                if self._is_above(depth, ancestor.id):
                    break
                missing.append((ancestor.id, self._told(ancestor)))
                depth -= 1
        del self._above[max(0, depth + 1) :]
        self._above += reversed(missing)

    def _is_above(self, depth: int, row: int) -> bool:
        """Tell whether a post is among those above the one that came last: then it is at the place of its depth."""
        return 0 <= depth < len(self._above) and self._above[depth][0] == row

    def _told(self, ancestor: Ancestor) -> ContextPost:
        masking = self._masking
        if masking is None:
            return ContextPost(post=ancestor.key, author=ancestor.author, text=ancestor.text)
        return ContextPost(
            post=masking.key(ancestor.key),
            author=masking.author(ancestor.author),
            text=masking.text(self._thread, ancestor.text),
        )
