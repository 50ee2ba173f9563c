"""What a post's header says to a screen reader: in words what otherwise signs, places and colours tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.model import PostKind
from tui.text.markup import words_of
from tui.text.visible import one_line
from tui.widgets.post_layout import author_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tui.widgets.post_layout import Emphasis
    from tui.widgets.post_view import Chip, PostView

SNIPPET = 400
"""Characters of a folded post of which the header says as many as there is room for."""


def plain_header(view: PostView, emphasis: Emphasis) -> Iterator[tuple[str, str]]:
    """Yield what a header says, part by part, each with the purpose that `PaneStyles` styles it for.

    Who wrote the post comes first, then what one needs to know to go on or to go past it; what is longest comes last.
    """
    post = view.post
    if emphasis.hint:
        yield f"[{emphasis.hint}] ", "unread"
    if post.kind is PostKind.ARTICLE:
        yield "Article", "author"
    else:
        yield from _comment(view, emphasis)
    if view.is_reviewed:
        yield ", reviewed", "reviewed"
    for sign in view.signs:
        yield f", {sign.plain}", sign.purpose
    yield from _replies(emphasis)
    if view.note:
        yield f", {view.note}", "muted"
    if post.created_at:
        yield f", {post.created_at[:10]}", "muted"
    if post.uncertain:
        yield ", guessed at import", "warning"
    yield from _labels(view, emphasis)
    if emphasis.is_folded:
        yield f": {one_line(words_of(post.text[:SNIPPET]))}", "muted"


def _comment(view: PostView, emphasis: Emphasis) -> Iterator[tuple[str, str]]:
    """Yield who wrote a comment, and where it stands."""
    post = view.post
    name = author_of(post)
    yield name, "context" if emphasis.is_context else "author" if view.is_read else "unread author"
    yield f", depth {post.depth}", "muted"
    if emphasis.answers:
        yield f", reply to {emphasis.answers}", "muted"
    if not view.is_read:
        yield ", unread", "unread"
    if emphasis.is_context:
        yield ", shown for its replies", "muted"


def _replies(emphasis: Emphasis) -> Iterator[tuple[str, str]]:
    if not emphasis.replies:
        if emphasis.is_folded:
            yield ", folded", "muted"
        return
    replies = "1 reply" if emphasis.replies == 1 else f"{emphasis.replies} replies"
    if not emphasis.is_folded:
        yield f", {replies}", "muted"
        return
    unread = f", {emphasis.unread} of them unread" if emphasis.unread else ""
    yield f", folded with {replies}{unread}", "muted"


def _labels(view: PostView, emphasis: Emphasis) -> Iterator[tuple[str, str]]:
    if view.chips:
        yield f", labels: {_listed(view.chips)}", "body"
    if view.marks:
        names = [f"{one_line(mark.name)} ({mark.sign})" if mark.sign else one_line(mark.name) for mark in view.marks]
        yield f", in the text: {', '.join(_counted(names))}", "body"
    if emphasis.is_folded and emphasis.hidden:
        yield f", labels of replies: {_listed(emphasis.hidden)}", "body"


def _listed(chips: Sequence[Chip]) -> str:
    return ", ".join(plain_chip(chip.text) for chip in chips)


def plain_chip(text: str) -> str:
    """Return what a chip says without arrows and pencils: `→ Rebuts 2.1` is `Rebuts 2.1`."""
    words = one_line(text)
    if words.startswith("← "):
        words = f"{words[2:]} (from there)"
    return words.removeprefix("→ ").replace(" ✎", " (with a note)")


def _counted(names: Iterable[str]) -> list[str]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return [f"{name} {count} times" if count > 1 else name for name, count in counts.items()]
