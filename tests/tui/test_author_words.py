"""What stands at the head of a post for whoever wrote it."""

from __future__ import annotations

import pytest

from annotations.model import Post
from tui.widgets.post_layout import author_of


@pytest.mark.parametrize(
    ("author", "meta", "words"),
    [
        ("anna\u202e", {}, "anna‹RLO›"),
        (None, {}, "(no name)"),
        (None, {"is_deleted": True}, "(deleted)"),
        (None, {"is_author_deleted": True}, "(deleted)"),
        ("anna", {"is_deleted": True}, "anna"),
        (None, {"is_missing": True}, "(missing)"),
    ],
)
def test_who_is_not_named_may_be_deleted_or_missing(author: str | None, meta: dict[str, object], words: str) -> None:
    assert author_of(Post(key="1", parent="0", author=author, meta=meta)) == words
