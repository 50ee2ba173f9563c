"""Threads come into a project, and are listed, found and read there."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from annotations.errors import ProjectError, SourceError, UnknownNameError
from annotations.model import Post, PostKind, Thread
from annotations.shape import DEEPEST, Shape, size_class
from annotations.sources.cleaning import clean
from annotations.store.check import check
from annotations.store.project import Project
from annotations.store.threads import (
    SavedThread,
    find_post,
    find_thread,
    iter_posts,
    list_threads,
    load_post,
    load_posts,
    load_report,
    load_shape,
    load_source_record,
    load_thread,
    save_thread,
)
from annotations.store.tree import find_unclean, is_pre_order, measure, pre_order

if TYPE_CHECKING:
    from collections.abc import Iterator

ARTICLE = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="The Tunnel\n\nThe tunnel will flood.")
COMMENTS = (
    Post(key="1", parent="0", author="Ann", text="It will not.", created_at="2026-05-01T08:30:00Z"),
    Post(key="1.1", parent="1", author="Ben", text="It will.\n\nSee the soil.", uncertain=("the author is a guess",)),
    Post(key="1.1.1", parent="1.1", author="Ann", text=""),
    Post(key="2", parent="0", text="水位 😀", meta={"score": 3, "tags": ["ä"]}),
)
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.open(tmp_path / "postil.db", create=True, clock=lambda: NOON) as project:
        yield project


def make_thread(
    *comments: Post, key: str = "tunnel", title: str = "The Tunnel", article: Post = ARTICLE, dropped: int = 0
) -> Thread:
    return Thread(
        key=key,
        title=title,
        posts=(article, *comments),
        format="flattened",
        url="https://example.org/tunnel",
        dropped=dropped,
        warnings=("A warning.",),
        meta={"site": "Harbour News"},
    )


def save(project: Project, thread: Thread, *, location: str = "/tunnel.txt", sha256: str = "first") -> SavedThread:
    return save_thread(project, thread, location=location, source_sha256=sha256)


def count_rows(project: Project) -> int:
    counts = [
        project.connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]  # noqa: S608  # constants
        for table in ("threads", "posts", "thread_shapes", "post_revisions", "events")
    ]
    return sum(counts)


# Saving


def test_saved_thread_says_what_it_is(project: Project) -> None:
    saved = save(project, make_thread(*COMMENTS, dropped=7))
    assert saved.status == "new"
    thread = saved.thread
    assert (thread.key, thread.title, thread.source, thread.format) == (
        "tunnel",
        "The Tunnel",
        "/tunnel.txt",
        "flattened",
    )
    assert (thread.url, thread.posts, thread.max_depth, thread.revision) == ("https://example.org/tunnel", 5, 3, 1)
    assert (thread.imported_at, thread.meta) == ("2026-05-01T12:00:00Z", {"site": "Harbour News"})
    assert load_report(project, thread.id) == {
        "key": "tunnel",
        "dropped": 7,
        "warnings": ["A warning."],
        "uncertain": 1,
        "characters": sum(len(post.text) for post in (ARTICLE, *COMMENTS)),
        "has_path_keys": True,
        "first_imported_at": "2026-05-01T12:00:00Z",
    }


def test_posts_come_back_as_they_went_in(project: Project) -> None:
    thread = save(project, make_thread(*COMMENTS)).thread
    stored = list(iter_posts(project, thread.id))
    assert [
        Post(
            key=post.key,
            parent=post.parent,
            kind=post.kind,
            text=post.text,
            author=post.author,
            created_at=post.created_at,
            uncertain=post.uncertain,
            meta=post.meta,
        )
        for post in stored
    ] == [ARTICLE, *COMMENTS]
    assert [(post.position, post.depth, post.subtree_size) for post in stored] == [
        (0, 0, 5),
        (1, 1, 3),
        (2, 2, 2),
        (3, 3, 1),
        (4, 1, 1),
    ]
    ids = {post.key: post.id for post in stored}
    assert [post.parent_id for post in stored] == [None, ids["0"], ids["1"], ids["1.1"], ids["0"]]
    assert {post.revision for post in stored} == {1}


def test_shape_is_that_of_the_posts(project: Project) -> None:
    thread = save(project, make_thread(*COMMENTS)).thread
    expected = Shape("\0\1\2\3\1", bytes(size_class(post.text) for post in (ARTICLE, *COMMENTS)))
    assert load_shape(project, thread.id) == expected
    project.connection.execute("UPDATE thread_shapes SET depths = x'FF'")
    assert load_shape(project, thread.id) == expected  # it is derived: what is damaged is made anew
    project.connection.execute("DELETE FROM thread_shapes")
    assert load_shape(project, thread.id) == expected


def test_article_alone_is_a_thread(project: Project) -> None:
    thread = save(project, make_thread()).thread
    assert (thread.posts, thread.max_depth) == (1, 0)
    assert check(project) == []


def test_posts_in_another_order_are_put_in_pre_order(project: Project) -> None:
    """By time rather than by place: siblings keep the order in which they came."""
    first, answer, deep, second = COMMENTS
    thread = save(project, make_thread(first, second, answer, deep)).thread
    assert [post.key for post in iter_posts(project, thread.id)] == ["0", "1", "1.1", "1.1.1", "2"]
    assert check(project) == []


@st.composite
def parent_lists(draw: st.DrawFn) -> list[int]:
    size = draw(st.integers(1, 40))
    return [-1, *(draw(st.integers(0, place - 1)) for place in range(1, size))]


@given(parent_lists())
def test_pre_order_keeps_subtrees_together_and_siblings_in_order(parents: list[int]) -> None:
    order = pre_order(parents)
    assert sorted(order) == list(range(len(parents)))
    ranks = {place: position for position, place in enumerate(order)}
    ordered = [-1 if place == 0 else ranks[parents[place]] for place in order]
    assert is_pre_order(ordered)
    assert is_pre_order(parents) == (order == list(range(len(parents))))
    for place, parent in enumerate(parents[1:], 1):
        assert ranks[parent] < ranks[place]
        assert all(ranks[other] < ranks[place] for other in range(1, place) if parents[other] == parent)
    tree = measure(ordered)
    for position, size in enumerate(tree.sizes):
        inside = tree.depths[position + 1 : position + size]
        assert all(depth > tree.depths[position] for depth in inside)
        behind = list(tree.depths[position + size : position + size + 1])
        assert behind <= [tree.depths[position]]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(parents=parent_lists(), seed=st.integers(0, 10))
def test_any_tree_is_stored_soundly(project: Project, parents: list[int], seed: int) -> None:
    words = random.Random(seed)  # noqa: S311  # repeatable
    comments = [
        Post(key=f"c{place}", parent=f"c{parent}" if parent else "0", text="ä " * words.randint(0, 9))
        for place, parent in enumerate(parents)
        if place
    ]
    location = f"/{parents}/{seed}"
    made = replace(make_thread(*comments, key=location), title=location, url=None)  # each is a thread of its own
    thread = save(project, made, location=location, sha256=location).thread
    assert thread.posts == len(parents)
    assert check(project) == []


def test_deep_and_wide_threads_work(project: Project) -> None:
    deep = [Post(key=str(n), parent=str(n - 1), text=f"Answer {n}") for n in range(1, 1001)]
    thread = save(project, make_thread(*deep)).thread
    assert thread.max_depth == 1000
    assert load_posts(project, thread.id, 1000, 1001)[0].subtree_size == 1
    wide = [Post(key=f"c{n}", parent="0", text=f"Answer {n}") for n in range(2500)]
    thread = save(project, make_thread(*wide, key="wide"), location="/wide.txt", sha256="wide").thread
    assert [post.key for post in iter_posts(project, thread.id)] == ["0", *(f"c{n}" for n in range(2500))]
    assert check(project) == []


def test_what_answers_too_deeply_is_refused(project: Project) -> None:
    endless = [Post(key=str(n), parent=str(n - 1)) for n in range(1, DEEPEST + 2)]
    with pytest.raises(SourceError, match="answers deep"):
        save(project, make_thread(*endless))
    assert count_rows(project) == 0


def test_thread_keys_are_made_unique(project: Project) -> None:
    keys = [
        save(project, make_thread(key=key, title=f"{number}"), location=f"/{number}", sha256=f"{number}").thread.key
        for number, key in enumerate(["a", "a", "a-b", "a", "a-2", "", "", "a.b", "a%", "a_"])
    ]
    assert keys == ["a", "a-2", "a-b", "a-3", "a-2-2", "thread", "thread-2", "a.b", "a%", "a_"]


@pytest.mark.parametrize(
    ("posts", "message"),
    [
        ((), "has no posts"),
        ((COMMENTS[0],), "article"),
        ((ARTICLE, ARTICLE), "article"),
        ((Post(key="0", parent=None, text="x"),), "article"),
        ((ARTICLE, Post(key="1", parent=None)), "article"),
        ((ARTICLE, Post(key="1", parent="9")), "answers '9'"),
        ((ARTICLE, Post(key="1", parent="1")), "answers '1'"),
        ((ARTICLE, Post(key="2", parent="1"), Post(key="1", parent="2")), "answers '1'"),
        ((ARTICLE, COMMENTS[1], COMMENTS[0]), "does not stand before it"),
        ((ARTICLE, COMMENTS[0], COMMENTS[0]), "two posts with the key '1'"),
        ((ARTICLE, Post(key="0", parent="0")), "two posts with the key '0'"),
    ],
)
def test_what_is_no_tree_is_refused(project: Project, posts: tuple[Post, ...], message: str) -> None:
    thread = Thread(key="t", title="T", posts=posts, format="test")
    with pytest.raises(SourceError, match=message) as caught:
        save(project, thread)
    assert caught.value.hint
    assert count_rows(project) == 0


@pytest.mark.parametrize("where", ["text", "author", "key", "created_at"])
@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\r", "\x7f", "\x9b", "\ud800", "\ufffe"])
def test_characters_that_no_consumer_can_carry_are_refused(project: Project, where: str, sign: str) -> None:
    clean_post = Post(parent="0", key="1", text="x", author="Ann", created_at="2026-05-01T08:30:00Z")
    post = replace(clean_post, **{where: getattr(clean_post, where) + sign})
    with pytest.raises(SourceError, match=f"U\\+{ord(sign):04X}"):
        save(project, make_thread(post))
    assert count_rows(project) == 0


def test_characters_that_are_refused_are_those_that_importers_drop() -> None:
    signs = "".join(map(chr, range(0x110000)))
    carried = clean("x" + signs)[0]
    refused = "".join(sign for sign in map(chr, range(0x110000)) if find_unclean(sign))
    is_same = signs.translate(dict.fromkeys(map(ord, refused))) == carried[1:].replace("\n\n", "\n")
    assert is_same  # the strings are too long to be compared in a message
    assert find_unclean("\t\n\u200b\u202e\u00ad\ufeff\U000e0041") == ""


def test_meta_may_hold_what_utf_8_cannot(project: Project) -> None:
    meta = {"broken": "\ud800", "names": ("ä",), "when": NOON.date()}
    thread = save(project, make_thread(Post(key="1", parent="0", meta=meta))).thread
    stored = load_posts(project, thread.id, 1, 2)[0].meta
    assert stored == {"broken": "\ud800", "names": ["ä"], "when": "2026-05-01"}
    assert check(project) == []


# Importing again


def test_same_source_is_unchanged_and_nothing_is_written(project: Project) -> None:
    first = save(project, make_thread(*COMMENTS))
    with project.transaction() as connection:
        connection.execute("CREATE TRIGGER no_writing BEFORE UPDATE ON threads BEGIN SELECT RAISE(ABORT, 'no'); END")
    again = save(project, make_thread(*COMMENTS))
    assert (again.status, again.thread) == ("unchanged", first.thread)
    elsewhere = save(project, make_thread(*COMMENTS, key="copy"), location="/copy.txt")
    assert (elsewhere.status, elsewhere.thread) == ("unchanged", first.thread)


def test_same_source_is_told_where_nothing_can_be_written(project: Project) -> None:
    save(project, make_thread(*COMMENTS))
    with Project.open(project.path, read_only=True) as reader:
        assert save(reader, make_thread(*COMMENTS)).status == "unchanged"
        with pytest.raises(ProjectError, match="reading only"):
            save(reader, make_thread(*COMMENTS, title="Other"), location="/other", sha256="other")


def test_other_bytes_with_the_same_content_are_unchanged(project: Project) -> None:
    first = save(project, make_thread(*COMMENTS))
    rows = count_rows(project)
    again = save(project, make_thread(*COMMENTS, dropped=1), sha256="second")
    assert (again.status, again.thread) == ("unchanged", first.thread)
    assert count_rows(project) == rows
    assert load_report(project, first.thread.id)["dropped"] == 0


def test_same_content_from_elsewhere_is_a_thread_of_its_own(project: Project) -> None:
    """Without an address and ids nothing says that it is the same; that it is like it is told."""
    thread = replace(make_thread(*COMMENTS), url=None)
    save(project, thread)
    other = save(project, thread, location="/other.txt", sha256="second")
    assert (other.status, other.thread.key) == ("new", "tunnel-2")
    assert (other.like and other.like.key, other.share) == ("tunnel", 1)


def test_same_title_elsewhere_with_other_content_is_a_new_thread(project: Project) -> None:
    save(project, make_thread(*COMMENTS))
    other = save(project, make_thread(Post(key="1", parent="0", text="Else")), location="/other.txt", sha256="second")
    assert (other.status, other.thread.key, other.like) == ("new", "tunnel-2", None)


def test_other_content_from_the_same_place_is_a_revision(project: Project) -> None:
    first = save(project, make_thread(*COMMENTS))
    again = save(project, make_thread(*COMMENTS[:-1], title="The Harbour Tunnel"), sha256="second")
    assert again.status == "revised"
    assert (again.thread.id, again.thread.key, again.thread.revision) == (first.thread.id, "tunnel", 2)
    assert again.thread.title == "The Harbour Tunnel"


def test_what_comes_through_a_pipe_revises_nothing(project: Project) -> None:
    """Standard input is no place: two articles that came that way have nothing to do with each other."""
    first = save(project, make_thread(*COMMENTS, key=""), location="-")
    other = save(project, make_thread(COMMENTS[0], key=""), location="-", sha256="second")
    again = save(project, make_thread(*COMMENTS, key=""), location="-", sha256="third")
    assert [saved.status for saved in (first, other, again)] == ["new", "new", "unchanged"]
    assert again.thread.id == first.thread.id


def numbered(number: int, *comments: Post, key: str = "dump") -> Thread:
    return make_thread(*comments, key=key, title=f"Thread {number}")


def test_threads_of_one_source_do_not_revise_each_other(project: Project) -> None:
    """A dump gives all its threads the key of its file; they stay apart, in each import."""
    first = [save(project, numbered(number), location="/dump", sha256="1") for number in range(3)]
    assert [(saved.status, saved.thread.key) for saved in first] == [
        ("new", "dump"),
        ("new", "dump-2"),
        ("new", "dump-3"),
    ]
    assert [save(project, numbered(number), location="/dump", sha256="1").status for number in range(3)] == [
        "unchanged"
    ] * 3
    later = [
        save(project, numbered(0), location="/dump", sha256="2"),
        save(project, numbered(1, COMMENTS[0]), location="/dump", sha256="2"),
        save(project, numbered(3), location="/dump", sha256="2"),
        save(project, numbered(2, COMMENTS[0]), location="/dump", sha256="2"),
    ]
    assert [(saved.status, saved.thread.key) for saved in later] == [
        ("unchanged", "dump"),
        ("revised", "dump-2"),
        ("new", "dump-4"),
        ("revised", "dump-3"),
    ]


def test_thread_that_joins_another_in_its_source_is_new(project: Project) -> None:
    first = save(project, numbered(0), location="/dump", sha256="1")
    same = save(project, numbered(0), location="/dump", sha256="2")
    joined = save(project, numbered(1), location="/dump", sha256="2")
    assert [(saved.status, saved.thread.id) for saved in (same, joined)] == [
        ("unchanged", first.thread.id),
        ("new", first.thread.id + 1),
    ]


def test_threads_with_one_title_are_told_by_their_keys(project: Project) -> None:
    threads = [make_thread(key=key, title="Open thread") for key in ("monday", "tuesday")]
    ids = [save(project, thread, location="/dump", sha256="1").thread.id for thread in threads]
    for thread, thread_id in reversed(list(zip(threads, ids, strict=True))):
        longer = make_thread(COMMENTS[0], key=thread.key, title=thread.title)
        saved = save(project, longer, location="/dump", sha256="2")
        assert (saved.status, saved.thread.id) == ("revised", thread_id)


def test_failure_while_saving_leaves_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("annotations.store.thread_rows.save_shape", fail)
    with pytest.raises(ZeroDivisionError):
        save(project, make_thread(*COMMENTS))
    assert count_rows(project) == 0
    assert check(project) == []


# Reading


def test_posts_are_read_by_place(project: Project) -> None:
    thread = save(project, make_thread(*COMMENTS)).thread
    assert [post.key for post in load_posts(project, thread.id, 1, 3)] == ["1", "1.1"]
    assert [post.key for post in load_posts(project, thread.id, 3, 99)] == ["1.1.1", "2"]
    assert load_posts(project, thread.id, 3, 3) == []
    assert load_posts(project, 99, 0, 3) == []


def test_reading_may_be_interrupted_by_writing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotations.store.posts.BATCH", 2)
    thread = save(project, make_thread(*COMMENTS)).thread
    keys = []
    for post in iter_posts(project, thread.id):
        project.save_setting("last", post.key)
        keys.append(post.key)
    assert keys == ["0", "1", "1.1", "1.1.1", "2"]


def test_posts_and_threads_are_found_by_key_and_by_row(project: Project) -> None:
    thread = save(project, make_thread(*COMMENTS)).thread
    assert find_thread(project, "tunnel") == load_thread(project, thread.id) == thread
    post = find_post(project, thread.id, "1.1")
    assert (post.author, load_post(project, post.id)) == ("Ben", post)


def test_unknown_names_are_answered_with_what_there_is(project: Project) -> None:
    with pytest.raises(UnknownNameError) as caught:
        find_thread(project, "tunnel")
    assert "no threads yet" in caught.value.hint
    thread = save(project, make_thread(*COMMENTS)).thread
    with pytest.raises(UnknownNameError) as caught:
        find_thread(project, "tunel")
    assert "Did you mean tunnel?" in caught.value.hint
    with pytest.raises(UnknownNameError) as caught:
        find_thread(project, "\x1b[31m")
    assert "\x1b" not in str(caught.value)
    with pytest.raises(UnknownNameError) as caught:
        find_post(project, thread.id, "7.7")
    assert "the last comment is 2" in caught.value.hint
    for look in (lambda: load_post(project, 99), lambda: load_thread(project, 99), lambda: find_post(project, 99, "0")):
        with pytest.raises(UnknownNameError):
            look()


def test_list_says_how_far_the_work_has_come(project: Project) -> None:
    first = save(project, make_thread(*COMMENTS)).thread
    second = save(project, make_thread(title="B"), location="/b", sha256="b").thread
    ann, ben = project.annotator("Ann"), project.annotator("Ben")
    posts = list(iter_posts(project, first.id))
    with project.transaction() as connection:
        connection.execute("INSERT INTO codebook_versions VALUES (1, 'c', 'x', '', '')")
        connection.execute(
            "INSERT INTO labels (id, label, name, scope, codebook_version_id) VALUES (1, 'l', 'L', 'post', 1)"
        )
        for number, (annotator, post) in enumerate([(ann, 0), (ann, 1), (ann, 1), (ben, 1), (ben, 2)]):
            connection.execute(
                "INSERT INTO annotations (uuid, annotator_id, label_id, thread_id, post_id, start_char, end_char, exact,"
                " codebook_version_id, created_at, updated_at) VALUES (?, ?, 1, ?, ?, ?, ?, '', 1, '', '')",
                (str(number), annotator.id, first.id, posts[post].id, number, number + 1),
            )
        connection.execute("INSERT INTO reviews VALUES (?, ?, '')", (ann.id, posts[3].id))
        connection.execute("INSERT INTO reviews VALUES (?, ?, '')", (ben.id, posts[3].id))
    assert [
        [(summary.thread.key, summary.comments, summary.labeled, summary.reviewed) for summary in summaries]
        for summaries in (list_threads(project, None), list_threads(project, ann.id), list_threads(project, ben.id))
    ] == [
        [("tunnel", 4, 2, 1), ("tunnel-2", 0, 0, 0)],
        [("tunnel", 4, 1, 1), ("tunnel-2", 0, 0, 0)],
        [("tunnel", 4, 2, 1), ("tunnel-2", 0, 0, 0)],
    ]
    assert list_threads(project, None)[1].thread == second


def test_source_record_says_where_a_post_comes_from(project: Project) -> None:
    thread = save(project, make_thread(*COMMENTS)).thread
    record = load_source_record(project, find_post(project, thread.id, "1.1").id)
    assert record == {
        "thread": "tunnel",
        "title": "The Tunnel",
        "source": "/tunnel.txt",
        "source_sha256": "first",
        "format": "flattened",
        "url": "https://example.org/tunnel",
        "imported_at": "2026-05-01T12:00:00Z",
        "thread_revision": 1,
        "thread_meta": {"site": "Harbour News"},
        "post": "1.1",
        "parent": "1",
        "kind": "comment",
        "position": 2,
        "depth": 2,
        "author": "Ben",
        "created_at": None,
        "characters": 23,
        "sha256": sha256(b"It will.\n\nSee the soil.").hexdigest(),
        "revision": 1,
        "earlier_revisions": 0,
        "uncertain": ["the author is a guess"],
        "meta": {},
    }
    with pytest.raises(UnknownNameError):
        load_source_record(project, 99)


def test_sample_page_goes_through_the_project_unharmed(project: Project) -> None:
    """The page that the first importer was made for, if it is at hand."""
    sample = Path(__file__).parents[2] / "../shared/data/iraq-bases.txt"
    if not sample.exists():
        pytest.skip("the sample is not here")
    flattened = pytest.importorskip("annotations.importers.flattened")
    from annotations.sources.source import read_source  # noqa: PLC0415  # only here

    source = read_source(sample)
    (thread,) = flattened.read(source)
    saved = save(project, thread, location=source.location, sha256=source.sha256)
    assert saved.thread.posts == 23
    assert [post.text for post in iter_posts(project, saved.thread.id)] == [post.text for post in thread.posts]
    assert check(project) == []
