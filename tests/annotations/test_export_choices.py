"""What the choices of an export make of posts: what is left out, masked, and put beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from annotations.errors import ExportError, WrongUsageError
from annotations.exporters.choosing.options import Aggregate, Context, ExportOptions
from annotations.exporters.choosing.selecting import select
from annotations.exporters.rows.labeled_post import ContextPost
from annotations.exporters.rows.labeled_posts import iter_labeled_posts
from annotations.model import Target
from annotations.store.threads import find_thread
from tests.annotations.told_posts import save_names, told, told_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.annotations.conftest import Desk


class TestOnlyReviewed:
    def test_posts_that_nobody_has_reviewed_are_left_out_and_counted(self, desk: Desk) -> None:
        ada = desk.session()
        ada.apply("funny", desk.post("1"))
        ada.apply("funny", desk.post("2"))
        ada.note(desk.posts["2"], "hm")
        ada.review(desk.posts["1"])
        selection = select(desk.project, ExportOptions(thread="tunnel", only_reviewed=True))
        assert [post.post.key for post in told_of(selection, desk)] == ["1"]
        lost = selection.tally.lost
        assert lost["posts that nobody has reviewed"] == 6
        assert lost["annotations on posts that nobody has reviewed"] == 1
        assert lost["notes on posts that nobody has reviewed"] == 1
        (loss,) = selection.tally.losses["annotations on posts that nobody has reviewed"]
        assert (loss.thread, loss.post, loss.detail) == ("tunnel", "2", "funny")

    def test_a_whole_thread_is_there_for_who_needs_it_with_nothing_on_the_rest(self, desk: Desk) -> None:
        ada = desk.session()
        ada.apply("funny", desk.post("1"))
        ada.apply("funny", desk.post("2"))
        ada.review(desk.posts["1"])
        whole = told(desk, is_whole=True, thread="tunnel", only_reviewed=True)
        assert [(post.is_left_out, len(post.annotations)) for post in whole] == [
            (True, 0),
            (False, 1),
            *[(True, 0)] * 5,
        ]

    def test_it_is_the_review_of_the_annotator_to_export_that_counts(self, desk: Desk) -> None:
        desk.session("Ada").review(desk.posts["1"])
        desk.session("Bo").review(desk.posts["2"])
        found = told(desk, thread="tunnel", annotator="Bo", only_reviewed=True)
        assert [post.post.key for post in found] == ["2"]

    def test_what_stands_on_the_thread_keeps_the_article(self, desk: Desk) -> None:
        ada = desk.session()
        ada.apply("heated", desk.thread)
        ada.apply("funny", desk.post("0"))
        (article,) = told(desk, thread="tunnel", only_reviewed=True)
        assert [each.label for each in article.thread_annotations] == ["heated"]
        assert article.annotations == ()

    def test_losses_count_once_however_often_a_thread_is_read(self, desk: Desk) -> None:
        selection = select(desk.project, ExportOptions(only_reviewed=True))
        for _ in range(2):
            for thread_id in selection.thread_ids:
                list(iter_labeled_posts(desk.project, selection, thread_id))
        assert selection.tally.lost["posts that nobody has reviewed"] == 14


class TestContext:
    def test_all_posts_above(self, desk: Desk) -> None:
        found = {
            post.post.key: [above.post for above in post.context] for post in told(desk, context=Context.ANCESTORS)
        }
        assert found == {
            "0": [],
            "1": ["0"],
            "1.1": ["0", "1"],
            "1.1.1": ["0", "1", "1.1"],
            "2": ["0"],
            "3": ["0"],
            "3.1": ["0", "3"],
        }

    def test_the_one_that_is_answered_and_the_article(self, desk: Desk) -> None:
        for context, expected in ((Context.PARENT, "1.1"), (Context.ARTICLE, "0")):
            by_key = {post.post.key: post.context for post in told(desk, context=context)}
            assert by_key["0"] == ()
            assert [above.post for above in by_key["1.1.1"]] == [expected]
            assert [above.post for above in by_key["2"]] == ["0"]
        assert by_key["2"][0].text.startswith("Harbour tunnel approved\n")

    def test_posts_that_were_passed_over_are_read(self, desk: Desk) -> None:
        ada = desk.session()
        for key in ("1.1.1", "3.1"):
            ada.apply("funny", desk.post(key))
        sparse = told(desk, is_sparse=True, thread="tunnel", context=Context.ANCESTORS)
        dense = told(desk, thread="tunnel", context=Context.ANCESTORS)
        assert [post.post.key for post in sparse] == ["0", "1.1.1", "3.1"]
        assert [post.context for post in sparse] == [
            post.context for post in dense if post.post.key in {"0", "1.1.1", "3.1"}
        ]

    def test_posts_that_are_left_out_are_in_it(self, desk: Desk) -> None:
        desk.session().review(desk.posts["1.1.1"])
        (post,) = told(desk, thread="tunnel", context=Context.ANCESTORS, only_reviewed=True)
        assert [above.post for above in post.context] == ["0", "1", "1.1"]

    def test_it_is_masked_like_the_posts_themselves(self, desk: Desk, tmp_path: Path) -> None:
        _, posts = save_names(desk.project)
        desk.session().apply("funny", Target(thread_id=find_thread(desk.project, "names").id, post_id=posts["2"]))
        choices: dict[str, Any] = {
            "thread": "names",
            "context": Context.ANCESTORS,
            "pseudonymize": tmp_path / "k",
            "redact": True,
        }
        dense = told(desk, **choices)
        sparse = told(desk, is_sparse=True, **choices)
        assert sparse[-1].context == dense[-1].context
        assert dense[-1].context == tuple(
            ContextPost(post=post.post.key, author=post.post.author, text=post.post.text) for post in dense[:2]
        )


def test_what_contradicts_itself_is_refused(desk: Desk) -> None:
    desk.session()
    with pytest.raises(ExportError, match="Nothing in this project is adjudicated") as refused:
        select(desk.project, ExportOptions(is_gold=True))
    assert "--aggregate" in refused.value.hint
    with pytest.raises(WrongUsageError, match="--annotator asks for those of one"):
        select(desk.project, ExportOptions(aggregate=Aggregate.ANY, annotator="Ada"))
