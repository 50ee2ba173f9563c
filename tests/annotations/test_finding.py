"""What a search beside the app finds is what a walk over all posts would find."""

from __future__ import annotations

import re
import sys
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from annotations.model import Post, PostKind, Target, Thread
from annotations.post_filter import Condition, Field, PostFilter, State, parse_filter, search_for, smart_case
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store import finding, letter_cases
from annotations.store.finding import Known, Progress, find_posts
from annotations.store.project import Project
from annotations.store.threads import iter_posts, load_shape, save_thread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.codebook import Codebook
    from annotations.model import StoredPost

AUTHORS = (None, "Ann", "anna b", "Ödön", "ΣΊΣΥΦΟΣ", "Cem İ.")
WORDS = (
    "flood", "Flooding", "FLOOD", "risk", "RİSK", "rıſk", "\u212ailo", "kilo", "Überflutung", "überflutung", "ÜBER",
    "Это", "это", "ЭТО", "σίσυφος", "ΣΊΣΥΦΟΣ", "100%", "a_b", "c\\d", "水", "隧道", "straße", "STRASSE", "STRAẞE",
    "sınır", "SINIR", "\n", "read", "ſ", "é", "e\u0301", "👩‍👩‍👧",
)  # fmt: skip
LABELS = ("claim", "premise", "agree", "funny")
MARKS = (State.READ, State.REVIEWED, State.FLAGGED, State.NEW)


@st.composite
def threads(draw: st.DrawFn) -> Thread:
    """Draw a thread whose texts are made of words that are hard to tell from each other."""
    texts = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text=draw(texts), author=draw(st.sampled_from(AUTHORS)))]
    for number in range(1, 1 + draw(st.integers(0, 12))):
        parent = posts[draw(st.integers(0, number - 1))].key
        uncertain = draw(st.sampled_from(((), ("parent",))))
        author = draw(st.sampled_from(AUTHORS))
        posts.append(Post(key=f"p{number}", parent=parent, author=author, text=draw(texts), uncertain=uncertain))
    return Thread(key="t", title="T", posts=tuple(_in_preorder(posts)), format="test")


def _in_preorder(posts: list[Post]) -> Iterator[Post]:
    def walk(post: Post) -> Iterator[Post]:
        yield post
        for reply in posts:
            if reply.parent == post.key:
                yield from walk(reply)

    return walk(posts[0])


values = st.sampled_from(
    (*WORDS, "fl", "i", "s", "k", "is", "ü", "б", "о", "σ", "ς", "%", "_", "\\", "ı", "an", "nn b")
)
conditions = st.builds(
    Condition, st.sampled_from((Field.ANYWHERE, Field.TEXT, Field.AUTHOR)), values | st.text(min_size=1, max_size=2)
) | st.one_of(
    st.builds(Condition, st.just(Field.DEPTH), st.integers(1, 5).map(str), st.booleans()),
    st.builds(Condition, st.just(Field.LABEL), st.sampled_from((*LABELS, "Claim", "m", "zz")), st.booleans()),
    st.builds(Condition, st.just(Field.STATE), st.sampled_from(list(State)).map(str), st.booleans()),
    st.builds(Condition, st.just(Field.ANYWHERE), values, st.booleans()),
)


def is_met(condition: Condition, post: StoredPost, labels: list[str], states: set[State]) -> bool:
    """Tell in the plainest way whether a post meets a condition."""
    in_text = smart_case(condition.value).search(post.text) is not None
    in_author = post.author is not None and smart_case(condition.value).search(post.author) is not None
    if condition.field is Field.LABEL:
        found = any(condition.value.casefold() in label for label in labels)
    elif condition.field is Field.DEPTH:
        found = post.depth <= int(condition.value)
    elif condition.field is Field.STATE:
        found = State(condition.value) in states
    else:
        found = (in_text and condition.field is not Field.AUTHOR) or (in_author and condition.field is not Field.TEXT)
    return found != condition.is_negated


numbers = count()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with Project.open(tmp_path_factory.mktemp("finding") / "postil.db", create=True) as project:
        yield project


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=120)
@given(
    thread=threads(),
    wanted=st.lists(conditions, min_size=1, max_size=3),
    start=st.integers(0, 20),
    choices=st.lists(st.tuples(st.integers(0, 12), st.sampled_from(LABELS)), max_size=5),
    marks=st.lists(st.tuples(st.integers(0, 12), st.sampled_from(MARKS)), max_size=5),
)
def test_a_search_finds_what_a_walk_over_all_posts_finds(  # noqa: PLR0913, PLR0917  # what Hypothesis draws
    project: Project,
    codebook: Codebook,
    thread: Thread,
    wanted: list[Condition],
    start: int,
    choices: list[tuple[int, str]],
    marks: list[tuple[int, State]],
) -> None:
    location = f"/{next(numbers)}"
    thread_id = save_thread(project, thread, location=location, source_sha256=location).thread.id
    posts = list(iter_posts(project, thread_id))
    session = LabelingSession(project, project.annotator("Ada"), codebook)
    other = LabelingSession(project, project.annotator("Bob"), codebook)
    states: dict[int, set[State]] = {post.position: set() for post in posts}
    columns = {State.READ: bytearray(len(posts)), State.NEW: bytearray(len(posts))}
    for place, state in marks:
        position = place % len(posts)
        states[position].add(state)
        if state in columns:
            columns[state][position] = 1
        elif state is State.FLAGGED:
            session.flag(posts[position].id, is_flagged=True)
        else:
            session.review(posts[position].id)
    for place, label in choices:
        post = posts[place % len(posts)]
        is_span = codebook.label(label).scope == "span"
        if not is_span or post.text:
            span = Span(0, 1) if is_span else None
            session.apply(label, Target(thread_id=thread_id, post_id=post.id, span=span))
            other.apply("agree", Target(thread_id=thread_id, post_id=posts[0].id))
    labels = labels_of(session, thread_id, posts)
    for post in posts:
        of_post = states[post.position]
        of_post.add(State.LABELED if labels[post.position] else State.UNLABELED)
        of_post.update({State.GUESSED} if post.uncertain else ())
        of_post.update(() if State.READ in of_post else {State.UNREAD})
    expected = bytes(
        all(is_met(condition, post, labels[post.position], states[post.position]) for condition in wanted)
        for post in posts
    )
    known = Known(load_shape(project, thread_id).depths, {state: bytes(column) for state, column in columns.items()})
    steps = list(find_posts(project, thread_id, session.annotator.id, PostFilter(tuple(wanted)), known, start=start))
    assert bytes(steps[-1].column) == expected
    assert [step.is_complete for step in steps] == [False] * (len(steps) - 1) + [True]
    assert steps[-1].searched == len(posts)


def labels_of(session: LabelingSession, thread_id: int, posts: list[StoredPost]) -> list[list[str]]:
    rows = session.project.connection.execute(
        "SELECT p.position, l.label || ' ' || l.name FROM annotations AS a JOIN labels AS l ON l.id = a.label_id "
        "JOIN posts AS p ON p.id = a.post_id WHERE a.annotator_id = ? AND a.thread_id = ?",
        (session.annotator.id, thread_id),
    ).fetchall()
    return [[name.casefold() for position, name in rows if position == post.position] for post in posts]


def test_all_that_a_character_matches_without_case_is_known() -> None:
    """`LIKE` and the telling signs together leave no case out that Python's patterns know."""
    every = map(chr, (*range(0xD800), *range(0xE000, sys.maxunicode + 1)))
    cased = {case for sign in every if len(_own_cases(sign)) > 1 for case in _own_cases(sign) if len(case) == 1}
    universe = "".join(sorted(cased))
    assert len(universe) > 2900
    for sign in universe:
        if not sign.isupper():
            expected = set(re.findall(re.escape(sign), universe, re.IGNORECASE))
            assert letter_cases.cases(sign) == expected, sign
            if letter_cases.is_plain(sign):
                assert expected <= {sign, sign.swapcase()}
                assert sign.isascii() or expected == {sign}


def _own_cases(sign: str) -> set[str]:
    return {sign, sign.lower(), sign.upper(), sign.title(), sign.casefold()}


@pytest.fixture(scope="module")
def long_thread(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, int]]:
    with Project.open(tmp_path_factory.mktemp("finding") / "postil.db", create=True) as project:
        posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text="flood")]
        posts += [Post(key=f"{n}", parent="0", text="flood" if n % 1000 == 0 else "dry") for n in range(1, 30_001)]
        thread = Thread(key="long", title="Long", posts=tuple(posts), format="test")
        yield project, save_thread(project, thread, location="/long", source_sha256="long").thread.id


def steps_of(long_thread: tuple[Project, int], wanted: PostFilter, start: int = 0) -> list[tuple[Progress, bytes]]:
    project, thread_id = long_thread
    known = Known(load_shape(project, thread_id).depths, {})
    return [(step, bytes(step.column)) for step in find_posts(project, thread_id, 1, wanted, known, start=start)]


def test_it_searches_the_article_first_then_from_where_one_is_and_around_the_end(
    long_thread: tuple[Project, int],
) -> None:
    steps = [column for _, column in steps_of(long_thread, search_for("flood"), start=20_000)]
    first = [next(at for at, byte in enumerate(column) if byte and at > 0) for column in steps[1:]]
    assert [at for at, byte in enumerate(steps[0]) if byte] == [0]
    assert first[0] == 20_000
    assert first[-1] == 1000
    assert steps[-1].count(1) == 31
    assert len(steps) > 4


def test_what_other_conditions_rule_out_is_not_read(
    long_thread: tuple[Project, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []
    values = finding._Query.values

    def note(self: finding._Query, thread_id: int, low: int, high: int) -> dict[str, object]:
        asked.append((low, high))
        return values(self, thread_id, low, high)

    monkeypatch.setattr(finding._Query, "values", note)
    (last, column) = steps_of(long_thread, parse_filter("flood label:claim"))[-1]
    assert last.is_complete
    assert not any(column)
    assert asked == []


def test_a_thread_deeper_than_a_byte_is_filtered_by_depth(tmp_path: Path) -> None:
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text="")]
    posts += [Post(key=f"{n}", parent=f"{n - 1}", text="") for n in range(1, 300)]
    with Project.open(tmp_path / "postil.db", create=True) as project:
        thread = Thread(key="deep", title="Deep", posts=tuple(posts), format="test")
        thread_id = save_thread(project, thread, location="/deep", source_sha256="deep").thread.id
        known = Known(load_shape(project, thread_id).depths, {})
        for depth in (1, 254, 255, 256, 298):
            (step,) = find_posts(project, thread_id, 1, parse_filter(f"depth:{depth}"), known)
            assert step.column.count(1) == depth + 1


@example("i " * 500)
@example('"k" -ü ' * 200)
@example("%")
@example("flood\\")
@given(st.text(max_size=8))
def test_nothing_that_is_typed_is_an_error(long_thread: tuple[Project, int], typed: str) -> None:
    project, thread_id = long_thread
    known = Known(load_shape(project, thread_id).depths[:2], {})
    for wanted in (search_for(typed), PostFilter(parse_filter(typed).conditions)):
        for step in find_posts(project, thread_id, 1, wanted, known):
            assert len(step.column) == 2
