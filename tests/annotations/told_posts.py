"""Posts as an export tells them, and a thread full of names, for the tests of what choices make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.exporters.choosing.options import ExportOptions
from annotations.exporters.choosing.selecting import select
from annotations.exporters.rows.labeled_posts import iter_labeled_posts
from annotations.model import Post, PostKind, Thread
from annotations.store.threads import iter_posts, save_thread

if TYPE_CHECKING:
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.store.project import Project
    from tests.annotations.conftest import Desk

ARTICLE = "Where is the key?\n\nAsk @Ada Bond or ada@example.org, see https://example.org/@ada (or ring 020 7946 0958)."
REPLY = "@ada bond: no! @Cyd knows. 👩‍👩‍👧 I wrote to www.example.net/u/cyd twice."


def told(desk: Desk, *, is_sparse: bool = False, is_whole: bool = False, **options: object) -> list[LabeledPost]:
    return told_of(select(desk.project, ExportOptions(**options)), desk, is_sparse=is_sparse, is_whole=is_whole)  # type: ignore[arg-type]


def told_of(selection: Selection, desk: Desk, *, is_sparse: bool = False, is_whole: bool = False) -> list[LabeledPost]:
    thread_id = selection.thread_ids[0]
    return list(iter_labeled_posts(desk.project, selection, thread_id, is_sparse=is_sparse, is_whole=is_whole))


def save_names(project: Project) -> tuple[int, dict[str, int]]:
    """Import a thread full of names; return its row, and those of its posts by their keys."""
    posts = (
        Post(
            key="0", parent=None, kind=PostKind.ARTICLE, text=ARTICLE, author="Ada Bond", meta={"name": "Ada", "n": 1}
        ),
        Post(
            key="https://mas.to/@cyd/1",
            parent="0",
            author="Cyd",
            text=REPLY,
            meta={"mail": "a@b.org", "n": [1, "x.com"]},
        ),
        Post(key="2", parent="https://mas.to/@cyd/1", author="[deleted]", text="Who is u/cyd?"),
    )
    thread = Thread(
        key="names",
        title="Where is the key, @Ada Bond?",
        posts=posts,
        format="test",
        url="https://mas.to/@cyd/1",
        meta={"by": "Cyd"},
    )
    saved = save_thread(project, thread, location="/names", source_sha256="names").thread.id
    return saved, {post.key: post.id for post in iter_posts(project, saved)}
