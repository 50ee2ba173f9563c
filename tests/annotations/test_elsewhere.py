"""A source that comes from another place than before is known again where it says itself who it is, and never else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from annotations.model import Post, PostKind, Target, Thread
from annotations.store import elsewhere
from annotations.store.check import check
from annotations.store.elsewhere import find_elsewhere
from annotations.store.labels import annotations_in_thread
from annotations.store.listing import load_report
from annotations.store.prepared import PreparedThread
from annotations.store.same_thread import STANDARD_INPUT
from annotations.store.threads import SavedThread, iter_posts, save_thread
from annotations.work import Work
from tests.annotations.test_same_thread import Explained

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.store.project import Project
    from tests.annotations.conftest import Desk

PAGE = "https://example.org/fog"
SAID = [f"What comment {number} says of the fog" for number in range(12)]


def thread(
    said: Sequence[str], *, ids: str = "", url: str | None = None, first: int = 0, title: str = "Fog", **more: str
) -> Thread:
    """Return a flat thread: of comments with ids if `ids` is what these begin with, else with their paths."""
    article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text=more.pop("article", title))
    comments = [
        Post(
            key=f"{ids}{first + place:06}" if ids else str(place + 1),
            parent="0",
            author=f"Author {sum(map(ord, text)) % 4}",
            text=text,
        )
        for place, text in enumerate(said)
    ]
    return Thread(key=more.pop("key", "fog"), title=title, posts=(article, *comments), format="page", url=url)


def save(project: Project, made: Thread, place: str, into: int | None = None) -> SavedThread:
    """Store a thread that lies at a place, of which the bytes are what it says."""
    digest = repr((made.title, made.posts))
    return save_thread(project, made, location=place, source_sha256=digest, into=into)


@pytest.fixture
def project(desk: Desk) -> Project:
    """A project with a thread that has nothing to do with it."""
    return desk.project


@pytest.mark.parametrize("ids", ["f", ""], ids=["with ids", "by its address"])
def test_a_page_that_was_saved_again_keeps_its_labels(desk: Desk, ids: str) -> None:
    first = save(desk.project, thread(SAID, ids=ids, url=PAGE), "/page.html")
    post = list(iter_posts(desk.project, first.thread.id))[3]
    desk.session().apply("agree", Target(thread_id=first.thread.id, post_id=post.id))
    later = thread(["A new one that came first", *SAID[:5], *SAID[6:]], ids=ids, url=PAGE)
    if ids:  # comments keep their ids
        keys = [f"{ids}new", *(f"{ids}{number:06}" for number in range(12) if number != 5)]
        later = replace(later, posts=(later.posts[0], *map(_called, later.posts[1:], keys)))
    again = save(desk.project, later, "/page (1).html")
    assert (again.status, again.thread.id, again.came_from) == ("revised", first.thread.id, "/page.html")
    assert (again.added, again.removed, again.thread.source) == (1, 1, "/page (1).html")
    (kept,) = annotations_in_thread(desk.project, first.thread.id)
    assert kept.target.post_id == post.id
    assert [each.text for each in iter_posts(desk.project, first.thread.id) if each.id == post.id] == [SAID[2]]
    # The file that was there before is no news, and does not bring the earlier state back.
    before = save(desk.project, thread(SAID, ids=ids, url=PAGE), "/page.html")
    assert (before.status, before.is_left, before.thread.revision) == ("unchanged", True, 2)
    assert save(desk.project, later, "/page (1).html").status == "unchanged"
    assert check(desk.project) == []


def _called(post: Post, key: str) -> Post:
    return replace(post, key=key)


def test_the_same_in_other_bytes_from_another_place_is_no_news(project: Project) -> None:
    first = save(project, thread(SAID, ids="f"), "/dump.ndjson")
    made = thread(SAID, ids="f")
    again = save_thread(project, made, location="/dump (1).ndjson.zst", source_sha256="packed")
    assert (again.status, again.thread.id, again.is_left) == ("unchanged", first.thread.id, False)
    assert again.came_from == again.thread.source == "/dump.ndjson"


def test_a_part_of_what_the_project_has_takes_nothing_away(project: Project) -> None:
    first = save(project, thread(SAID, ids="f"), "/dump.ndjson")
    again = save(project, thread(SAID[:8], ids="f"), "/older.ndjson")
    assert (again.status, again.is_left, again.thread.posts) == ("unchanged", True, 13)
    edited = save(project, thread([*SAID[:7], "Edited: What comment 7 says of the fog"], ids="f"), "/newer.ndjson")
    assert (edited.status, edited.changed, edited.removed) == ("revised", 1, 4), "which says something else"
    assert save(project, thread(SAID, ids="f"), "/dump.ndjson").is_left, "its former state"
    again = save(project, thread(SAID, ids="f"), "/dump.ndjson", first.thread.id)
    assert (again.status, again.added, again.removed) == ("revised", 0, 0), "unless it is said: what was gone is back"
    assert save(project, thread(SAID[:8], ids="f"), "/older.ndjson", first.thread.id).removed == 4, "unless it is said"


def test_a_thread_that_has_grown_much_is_known_by_the_few_that_there_were(project: Project) -> None:
    first = save(project, thread(SAID[:4], ids="f", title="Fog"), "/one.json")
    grown = thread([*SAID, *(f"More {number}" for number in range(400))], ids="f")
    assert save(project, grown, "/two.json").thread.id == first.thread.id


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(thread([f"Other {said}" for said in SAID], ids="f", first=12, url=PAGE), id="second page, ids"),
        pytest.param(thread([f"Other {said}" for said in SAID], url=PAGE), id="second page without ids"),
        pytest.param(thread([f"{number}" * 9 for number in range(12)], ids="g"), id="same title"),
        pytest.param(
            thread([*(f"{number}" * 9 for number in range(12)), SAID[1]], ids="f", article="x", url="https://b.org"),
            id="another site counts its comments too",
        ),
        pytest.param(thread(["+1", *SAID[:2]], ids="q", title="About the fog"), id="quotes two of it"),
        pytest.param(thread([], url=PAGE, title="Another article"), id="another article at the address"),
    ],
)
def test_another_thread_is_never_taken_for_it(project: Project, other: Thread) -> None:
    first = save(project, thread(SAID, ids="f" if other.posts[-1].key[0] in "fgq" else "", url=PAGE), "/page.html")
    if other.title == "Fog" and other.url == "https://b.org":
        other = replace(other, posts=(other.posts[0], *(replace(post, author="Else") for post in other.posts[1:])))
    saved = save(project, other, "/other.html")
    assert (saved.status, saved.came_from, saved.like) == ("new", "", None)
    assert saved.thread.id != first.thread.id


def test_what_is_merely_like_a_thread_is_told_and_can_be_said_to_be_it(desk: Desk) -> None:
    project = desk.project
    first = save(project, thread(SAID), "/a.txt").thread
    desk.session().apply("agree", Target(thread_id=first.id, post_id=list(iter_posts(project, first.id))[1].id))
    later = thread(["A new one", *SAID[:9]], key="b")
    other = save(project, later, "/b.txt")
    assert (other.status, other.thread.key) == ("new", "b")
    assert other.like is not None
    assert (other.like.key, round(other.share, 1)) == ("fog", 0.9)
    again = save(project, later, "/b.txt", into=first.id)
    assert (again.status, again.thread.id, again.added, again.removed) == ("revised", first.id, 1, 3)
    (kept,) = annotations_in_thread(project, first.id)
    posts = {post.id: post.text for post in iter_posts(project, first.id)}
    assert posts[kept.target.post_id or 0] == SAID[0]
    # From now on the place is that thread's, and its former state is known.
    assert save(project, later, "/b.txt").thread.id == first.id
    assert save(project, thread([*SAID[:9], "Two"], key="b"), "/b.txt").thread.id == first.id
    before = save(project, thread(SAID), "/a.txt")
    assert (before.status, before.thread.id) == ("unchanged", first.id)
    assert check(project) == []


def test_saying_what_is_so_already_changes_nothing(project: Project) -> None:
    first = save(project, thread(SAID), "/a.txt").thread
    again = save(project, thread(SAID, key="b"), "/b.txt", into=first.id)
    assert (again.status, again.thread.id, again.thread.revision) == ("unchanged", first.id, 1)
    assert save(project, thread(SAID, key="b"), "/b.txt").thread.id == first.id


def test_addresses_are_the_same_however_they_are_written(project: Project) -> None:
    first = save(project, thread(SAID, url="http://example.org/fog/#comments"), "/page.html")
    assert save(project, thread(SAID, url="http://example.org/fog/"), "/x.html").thread.id == first.thread.id
    first = save(project, thread(SAID, url="http://example.org/mist", title="Mist"), "/mist.html")
    later = thread([*SAID, "Another"], url="https://example.org/mist/#c4", title="The mist", key="m")
    assert save(project, later, "/mist (1).html").thread.id == first.thread.id


def test_a_pipe_brings_a_later_state_of_a_file(project: Project) -> None:
    first = save(project, thread(SAID, ids="f"), "/dump.json")
    assert save(project, thread([*SAID, "More"], ids="f"), STANDARD_INPUT).thread.id == first.thread.id


def test_former_states_are_few(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotations.store.thread_rows._FORMER", 2)
    for number in range(5):
        saved = save(project, thread([*SAID, *map(str, range(number))], ids="f"), f"/{number}.json")
    assert len(load_report(project, saved.thread.id)["former"]) == 2


def test_it_is_answered_from_indexes_and_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    save(project, thread(SAID, ids="f", url=PAGE), "/page.html")
    explained: Any = Explained(project.connection)
    prepared = PreparedThread(thread(SAID[:6], ids="f", url=PAGE), "/x", "1", Work())
    found = find_elsewhere(explained, prepared)
    assert found is not None
    assert found.is_same
    plans = [plan for plan in explained.plans if "threads" in plan]
    assert plans
    assert not [plan for plan in plans if "SCAN" in plan and "json_each" not in plan and "CONSTANT" not in plan]
    monkeypatch.setattr(elsewhere, "_compare", None)
    assert find_elsewhere(explained, prepared) == found


def test_many_comments_are_looked_at_by_the_thousand(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elsewhere, "_LOOKED_AT", 5)
    first = save(project, thread(SAID, ids="f"), str(Path("/one.json")))
    assert save(project, thread([*SAID, *SAID], ids="f"), "/two.json").thread.id == first.thread.id
    assert save(project, thread([*SAID, *SAID, *SAID], ids="g"), "/three.json").like is not None
