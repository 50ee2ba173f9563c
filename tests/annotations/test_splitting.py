"""How the threads of a project are divided into splits."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.codebook_toml import parse_codebook
from annotations.errors import WrongUsageError
from annotations.exporters.choosing.options import ExportOptions, SplitBy
from annotations.exporters.choosing.selecting import select
from annotations.model import Post, PostKind, Target, Thread
from annotations.session import LabelingSession
from annotations.store.project import Project
from annotations.store.threads import find_thread, iter_posts, save_thread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from annotations.exporters.choosing.selection import Selection

SHARES = (("train", 0.8), ("dev", 0.1), ("test", 0.1))

RULES = """
name = "Splits"

[[labels]]
id = "common"
name = "Common"
scope = "post"

[[labels]]
id = "rare"
name = "Rare"
scope = "post"
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.open(tmp_path / "postil.db", create=True) as project:
        yield project


def add(project: Project, key: str, authors: Sequence[str | None], times: Sequence[str | None] = ()) -> None:
    """Import a thread with an article and a comment by each author."""
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text=key, created_at=times[0] if times else None)]
    for number, author in enumerate(authors, start=1):
        time = times[number] if len(times) > number else None
        posts.append(Post(key=str(number), parent="0", author=author, text=f"{key} {number}", created_at=time))
    thread = Thread(key=key, title=key, posts=posts, format="test")
    save_thread(project, thread, location=f"/{key}", source_sha256=key)


def label(project: Project, put: Iterable[tuple[str, str, int]]) -> None:
    """Put labels: thread, label, on how many of its comments."""
    session = LabelingSession(project, project.annotator("Ada"), parse_codebook(RULES))
    for key, label_id, number in put:
        thread_id = find_thread(project, key).id
        for post in list(iter_posts(project, thread_id))[1 : number + 1]:
            session.apply(label_id, Target(thread_id=thread_id, post_id=post.id))


def selected(
    project: Project,
    shares: tuple[tuple[str, float], ...] = SHARES,
    by: SplitBy = SplitBy.THREAD,
    seed: int = 0,
    **more: object,
) -> Selection:
    return select(project, ExportOptions(split=shares, split_by=by, seed=seed, **more))  # type: ignore[arg-type]


def by_key(selection: Selection, project: Project) -> dict[str, str]:
    keys = dict(project.connection.execute("SELECT id, key FROM threads").fetchall())
    return {keys[row]: split for row, split in selection.split_of.items()}


def shares_of(selection: Selection) -> dict[str, float]:
    figures = selection.tally.splits
    total = sum(each.posts for each in figures)
    return {each.name: each.posts / total for each in figures}


def test_each_split_has_its_share_of_posts_and_of_each_label(project: Project) -> None:
    for number in range(100):
        add(project, f"t{number}", ["x"] * (3 + number % 7))
    label(project, [(f"t{number}", "common", 1 + number % 3) for number in range(0, 100, 2)])
    label(project, [(f"t{number}", "rare", 1) for number in range(0, 100, 10)])
    selection = selected(project)
    assert shares_of(selection) == pytest.approx({"train": 0.8, "dev": 0.1, "test": 0.1}, abs=0.02)
    rare = {each.name: each.labels["rare"] for each in selection.tally.splits}
    assert rare == {"train": 8, "dev": 1, "test": 1}
    common = {each.name: each.labels["common"] for each in selection.tally.splits}
    total = sum(common.values())
    assert common["train"] == pytest.approx(0.8 * total, abs=2)
    assert common["dev"] == pytest.approx(0.1 * total, abs=2)
    assert selection.tally.warnings == []
    assert sum(each.threads for each in selection.tally.splits) == 100


def test_the_seed_says_which_and_the_order_of_import_does_not_matter(project: Project, tmp_path: Path) -> None:
    keys = [f"thread-{number}" for number in range(40)]
    for number, key in enumerate(keys):
        add(project, key, ["x"] * (1 + number % 5))
    first = by_key(selected(project), project)
    assert by_key(selected(project), project) == first
    assert by_key(selected(project, seed=1), project) != first
    with Project.open(tmp_path / "other.db", create=True) as other:
        for number, key in reversed(list(enumerate(keys))):
            add(other, key, ["x"] * (1 + number % 5))
        assert by_key(selected(other), other) == first


def test_splits_are_these_on_every_machine(project: Project) -> None:
    for number in range(10):
        add(project, f"thread-{number}", ["x"])
    found = by_key(selected(project, (("a", 0.5), ("b", 0.5))), project)
    assert "".join(found[f"thread-{number}"] for number in range(10)) == EXPECTED


EXPECTED = "aaabbabbab"


def test_labels_that_are_not_exported_do_not_count(project: Project) -> None:
    for number in range(20):
        add(project, f"t{number}", ["x", "y"])
    label(project, [(f"t{number}", "common", 2) for number in range(10)])
    label(project, [(f"t{number}", "rare", 1) for number in range(10, 20)])
    selection = selected(project, labels=("rare",))
    assert [each.labels for each in selection.tally.splits] == [{"rare": 8}, {"rare": 1}, {"rare": 1}]
    nobody = project.annotator("Nobody")
    selection = selected(project, annotator=nobody.name)
    assert [each.labels for each in selection.tally.splits] == [{}, {}, {}]


def test_fewer_threads_than_splits_leave_one_empty_and_say_so(project: Project) -> None:
    add(project, "one", ["x"])
    add(project, "two", ["x"])
    selection = selected(project)
    assert sorted(each.threads for each in selection.tally.splits) == [0, 1, 1]
    assert any("is empty: there are 2 threads for 3 splits" in warning for warning in selection.tally.warnings)


@pytest.mark.parametrize("by", list(SplitBy))
def test_no_split_is_empty_that_need_not_be(project: Project, by: SplitBy) -> None:
    for number in range(4):
        add(project, f"t{number}", [f"author {number}"] * (1 + 50 * (number == 0)))
    selection = selected(project, by=by)
    assert all(each.threads for each in selection.tally.splits)


def test_a_split_far_from_its_share_is_told(project: Project) -> None:
    add(project, "big", ["x"] * 90)
    for number in range(9):
        add(project, f"t{number}", [])
    selection = selected(project, (("train", 0.5), ("test", 0.5)))
    assert by_key(selection, project)["big"] == "train"
    assert "The split train has 91.0% of the posts, and 50.0% were asked for: threads are not parted" in (
        selection.tally.warnings
    )


def test_authors_stay_in_one_split_and_names_of_nobody_join_nothing(project: Project) -> None:
    add(project, "a", ["Ada", "[deleted]", None])
    add(project, "b", ["ADA", "Bo", "Anonymous"])
    add(project, "c", ["@bo", "[removed]"])
    for number in range(27):
        add(project, f"t{number}", ["[deleted]", "anonymous", None, "deleted", f"only {number}"])
    selection = selected(project, by=SplitBy.AUTHOR)
    split = by_key(selection, project)
    assert split["a"] == split["b"] == split["c"]
    assert len(set(split.values())) == 3
    assert selection.tally.warnings == []


def test_authors_who_join_too_much_are_told_with_figures(project: Project) -> None:
    for number in range(9):
        add(project, f"t{number}", [f"chain {number}", f"chain {number + 1}"])
    add(project, "alone", ["Ada", "Bo"])
    selection = selected(project, by=SplitBy.AUTHOR)
    assert len({by_key(selection, project)[f"t{number}"] for number in range(9)}) == 1
    assert any(
        "9 of 10 threads share authors, directly or through others, and have 90.0% of the posts" in warning
        for warning in selection.tally.warnings
    )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from(["a", "B", "b", "c", "d", "[deleted]"]), max_size=3), min_size=1, max_size=12))
def test_no_author_stands_in_two_splits(tmp_path: Path, threads: list[list[str]]) -> None:
    path = tmp_path / "authors.db"
    path.unlink(missing_ok=True)
    with Project.open(path, create=True) as project:
        for number, authors in enumerate(threads):
            add(project, f"t{number}", authors)
        split = by_key(selected(project, by=SplitBy.AUTHOR), project)
    where: dict[str, set[str]] = {}
    for number, authors in enumerate(threads):
        for author in authors:
            where.setdefault(author.lower(), set()).add(split[f"t{number}"])
    where.pop("[deleted]", None)
    assert all(len(splits) == 1 for splits in where.values())
    assert len(split) == len(threads)


def test_older_threads_come_first_and_those_without_a_time_last(project: Project) -> None:
    add(project, "new", ["x"], ["2026-03-01T00:00:00Z", "2020-01-01T00:00:00Z"])
    add(project, "old", ["x"], ["2024-01-01T00:00:00Z"])
    add(project, "by-comment", ["x", "y"], [None, "2025-06-01T00:00:00Z", "2025-01-01T00:00:00Z"])
    add(project, "timeless", ["x"])
    shares = (("past", 0.25), ("present", 0.25), ("future", 0.25), ("never", 0.25))
    selection = selected(project, shares, SplitBy.TIME)
    assert by_key(selection, project) == {
        "old": "past",
        "by-comment": "present",
        "new": "future",
        "timeless": "never",
    }
    assert "1 of 4 threads have no time: the splits take them for the latest" in selection.tally.warnings


def test_time_deals_by_posts_in_whole_threads(project: Project) -> None:
    for number in range(50):
        add(project, f"t{number:02}", ["x"] * (number % 4), [f"2026-01-01T00:00:{number:02}Z"])
    selection = selected(project, by=SplitBy.TIME)
    order = [by_key(selection, project)[f"t{number:02}"] for number in range(50)]
    assert order == sorted(order, key=["train", "dev", "test"].index)
    assert shares_of(selection) == pytest.approx({"train": 0.8, "dev": 0.1, "test": 0.1}, abs=0.03)


def test_one_thread_alone_can_be_asked_for(project: Project) -> None:
    add(project, "one", ["x"])
    add(project, "two", ["x"])
    selection = selected(project, thread="two")
    assert Counter(by_key(selection, project)) == Counter({"two": by_key(selection, project)["two"]})


def test_a_project_without_threads_has_empty_splits(project: Project) -> None:
    for by in SplitBy:
        selection = selected(project, by=by)
        assert selection.split_of == {}
        assert len(selection.tally.warnings) == 3


def test_shares_are_checked_wherever_they_come_from(project: Project) -> None:
    with pytest.raises(WrongUsageError, match="not to 1"):
        selected(project, (("a", 0.5),))
