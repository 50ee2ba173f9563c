"""Authors by place, the next post of an author, whom an annotator follows, who began a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from annotations.store import authors
from annotations.store.posts import load_post
from annotations.store.threads import load_thread

if TYPE_CHECKING:
    from annotations.model import StoredPost, StoredThread
    from tests.annotations.conftest import Desk


def thread_and_article(desk: Desk) -> tuple[StoredThread, StoredPost]:
    return load_thread(desk.project, desk.thread_id), load_post(desk.project, desk.posts["0"])


def test_the_articles_author_began_the_thread(desk: Desk) -> None:
    assert authors.original_poster(*thread_and_article(desk)) == "Editor"


@pytest.mark.parametrize("meta", [{"submitter": "eel"}, {"op": "eel", "score": 3}])
def test_without_an_author_whoever_submitted_the_article_began_it(desk: Desk, meta: dict[str, object]) -> None:
    thread, article = thread_and_article(desk)
    nameless = replace(article, author=None)
    assert authors.original_poster(thread, replace(nameless, meta=meta)) == "eel"
    assert authors.original_poster(replace(thread, meta=meta), nameless) == "eel"
    assert authors.original_poster(thread, nameless) is None
    assert authors.original_poster(thread, replace(nameless, meta={"submitter": 7})) is None


def test_beginnings_are_fetched_by_place(desk: Desk) -> None:
    found = authors.beginnings(desk.project, desk.thread_id, [1, 3, 99])
    assert found == {1: ("pikeperch", "It will not flood: the pumps are new."), 3: (None, "True 👩‍👩‍👧.")}


@pytest.mark.parametrize(
    ("names", "position", "step", "found"),
    [
        (["pikeperch"], 0, 1, 1),
        (["pikeperch"], 1, 1, 6),
        (["pikeperch"], 6, 1, None),
        (["pikeperch"], 6, -1, 1),
        (["pikeperch"], 1, -1, None),
        (["eel", "Ada"], 0, 1, 2),
        (["eel", "Ada"], 7, -1, 4),
        (["EEL"], 0, 1, None),
        ([], 0, 1, None),
        (["Editor"], 3, -1, None),
    ],
)
def test_the_next_comment_of_authors_is_found_by_exact_name_and_the_article_is_none(
    desk: Desk, names: list[str], position: int, step: int, found: int | None
) -> None:
    assert authors.next_by(desk.project, desk.thread_id, names, position, step) == found


def test_finding_an_author_walks_no_posts(desk: Desk) -> None:
    plan = desk.rows(
        "EXPLAIN QUERY PLAN SELECT MIN(position) FROM posts WHERE thread_id = 1 AND author = 'eel' AND position > 2"
    )
    assert "USING COVERING INDEX posts_author (thread_id=? AND author=? AND position>?)" in str(plan)


def test_whom_one_follows_is_kept_for_each_annotator_across_restarts(desk: Desk) -> None:
    ada, bert = desk.session("Ada"), desk.session("Bert")
    for author in ("pikeperch", "eel", "eel"):
        ada.follow(author)
    bert.follow("stickleback")
    ada.follow("pikeperch", is_followed=False)
    ada.follow("nobody", is_followed=False)
    desk.reopen()
    assert authors.followed_authors(desk.project, ada.annotator.id) == ["eel"]
    assert authors.followed_authors(desk.project, bert.annotator.id) == ["stickleback"]
