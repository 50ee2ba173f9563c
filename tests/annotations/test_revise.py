"""A source that has changed is imported again: nothing that was labeled is lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.lazy_posts import LazyPosts
from annotations.model import Post, PostKind, StoredPost, Target, Thread
from annotations.session import LabelingSession
from annotations.span import Span, is_quote_at
from annotations.store.check import check
from annotations.store.history import Cause
from annotations.store.labels import annotations_in_thread, load_annotation, reviewed_positions
from annotations.store.past import find_events
from annotations.store.project import Project
from annotations.store.reading import read_positions
from annotations.store.search import search
from annotations.store.threads import (
    SavedThread,
    find_post,
    iter_posts,
    load_report,
    load_shape,
    load_source_record,
    save_thread,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from annotations.codebook import Codebook
    from annotations.model import Annotation

ARTICLE = "The Tunnel\n\nThe tunnel will flood. Nobody has measured the salt in the ground water. Pumps are dear."
LONG = "I have lived at the harbour for forty years and the ground there was always wet."


class Source:
    """A source that changes, the project that it is imported into, and an analyst who labels there."""

    def __init__(self, project: Project, codebook: Codebook) -> None:
        self.project = project
        self.session = LabelingSession(project, project.annotator("Ann"), codebook)
        self.imports = 0
        self.thread_id = 0

    def bring(self, *comments: Post, article: str = ARTICLE, title: str = "The Tunnel") -> SavedThread:
        self.imports += 1
        root = Post(key="0", parent=None, kind=PostKind.ARTICLE, text=article)
        thread = Thread(key="tunnel", title=title, posts=(root, *comments), format="test", dropped=self.imports)
        saved = save_thread(self.project, thread, location="/tunnel", source_sha256=str(self.imports))
        self.thread_id = saved.thread.id
        assert check(self.project) == []
        return saved

    @property
    def posts(self) -> list[StoredPost]:
        return list(iter_posts(self.project, self.thread_id))

    @property
    def outline(self) -> list[str]:
        """Key, depth and beginning of each post."""
        return [f"{'  ' * post.depth}{post.key} {post.text[:20]}".rstrip() for post in self.posts]

    def ids(self) -> dict[str, int]:
        """Row of each post by its text."""
        return {post.text: post.id for post in self.posts}

    def mark(self, words: str, *, post: str = "0", label: str = "claim", nth: int = 0) -> Annotation:
        """Label a span of a post."""
        stored = find_post(self.project, self.thread_id, post)
        start = -1
        for _ in range(nth + 1):
            start = stored.text.index(words, start + 1)
        target = Target(thread_id=self.thread_id, post_id=stored.id, span=Span(start, start + len(words)))
        (annotation,) = self.session.apply(label, target).added
        return annotation

    def put(self, label: str, post: str) -> Annotation:
        stored = find_post(self.project, self.thread_id, post)
        (annotation,) = self.session.apply(label, Target(thread_id=self.thread_id, post_id=stored.id)).added
        return annotation

    def again(self, annotation: Annotation) -> Annotation:
        """The annotation as it is now."""
        return load_annotation(self.project, annotation.id)

    def says(self, annotation: Annotation) -> str | None:
        """What the annotation's span says now; None if it is detached."""
        now = self.again(annotation)
        assert now.target.span is not None
        assert now.target.post_id is not None
        assert now.quote is not None
        if now.detached:
            return None
        text = next(post.text for post in self.posts if post.id == now.target.post_id)
        assert is_quote_at(text, now.target.span, now.quote.exact)
        return now.quote.exact


@pytest.fixture
def source(tmp_path: Path, codebook: Codebook) -> Iterator[Source]:
    with Project.open(tmp_path / "postil.db", create=True) as project:
        yield Source(project, codebook)


def comment(key: str, text: str, *, author: str | None = "Ann", **values: Any) -> Post:  # noqa: ANN401  # fields of a post
    """Return a comment whose parent is what its path says."""
    return Post(key=key, text=text, author=author, **{"parent": key.rpartition(".")[0] or "0", **values})


# Spans


def test_spans_move_with_their_words(source: Source) -> None:
    source.bring()
    flood, salt = source.mark("tunnel will flood"), source.mark("measured the salt")
    saved = source.bring(article=ARTICLE.replace("The tunnel will", "Listen. The tunnel will"))
    assert (saved.status, saved.changed) == ("revised", 1)
    assert (saved.kept, saved.moved, saved.edited, saved.detached) == (0, 2, 0, 0)
    assert [source.says(flood), source.says(salt)] == ["tunnel will flood", "measured the salt"]
    before, after = flood.target.span, source.again(flood).target.span
    assert before is not None
    assert after == Span(before.start + 8, before.end + 8)


def test_spans_before_a_change_stay_and_what_is_around_them_is_kept_fresh(source: Source) -> None:
    source.bring()
    flood, headline = source.mark("tunnel will flood"), source.mark("The Tunnel")
    saved = source.bring(article=ARTICLE.replace("measured", "gauged"))
    assert (saved.kept, saved.moved, saved.edited, saved.detached) == (2, 0, 0, 0)
    now = source.again(flood)
    assert now.target == flood.target
    assert now.quote is not None
    assert now.quote.suffix == ". Nobody has gauged the salt in "
    assert source.again(headline) == headline  # not even its surroundings have changed
    assert [event.annotation_uuid for event in imports(source)] == [flood.uuid]


def test_edited_words_are_quoted_anew(source: Source) -> None:
    source.bring()
    salt = source.mark("Nobody has measured the salt in the ground water")
    saved = source.bring(article=ARTICLE.replace("measured the salt", "ever measured the salt"))
    assert (saved.kept, saved.moved, saved.edited, saved.detached) == (0, 0, 1, 0)
    assert source.says(salt) == "Nobody has ever measured the salt in the ground water"


def test_words_that_are_gone_leave_a_detached_annotation_that_can_come_back(source: Source) -> None:
    source.bring()
    pumps = source.mark("Pumps are dear")
    saved = source.bring(article=ARTICLE.replace(" Pumps are dear.", ""))
    assert (saved.moved, saved.detached) == (0, 1)
    now = source.again(pumps)
    assert (now.detached, now.quote, now.target) == (True, pumps.quote, pumps.target)
    saved = source.bring(article=ARTICLE.replace(" Pumps are dear.", " Oh."))
    assert (saved.moved, saved.detached) == (0, 0)  # it was detached before
    saved = source.bring(article="Corrected.\n\n" + ARTICLE)
    assert (saved.moved, saved.detached) == (1, 0)
    assert source.says(pumps) == "Pumps are dear"


def test_twins_are_told_apart(source: Source) -> None:
    article = "T\n\nIt rains. And it will flood, they say. But it will flood, we say. So it will flood."
    source.bring(article=article)
    marks = [source.mark("it will flood", nth=n) for n in range(3)]
    source.bring(article=article.replace("It rains.", "It rains, and it will flood, and then some."))
    starts = [span.start for mark in marks if (span := source.again(mark).target.span)]
    assert starts == [mark.target.span.start + 34 for mark in marks if mark.target.span]


def test_spans_that_exchange_their_places_do_not_collide(source: Source) -> None:
    """Each takes the place that the other had: for a moment both would be the same annotation."""
    one, two = "AAAA the first half.", "BBBB the other half."
    source.bring(article=f"{one}{two}")
    marks = [source.mark(half) for half in (one, two)]
    saved = source.bring(article=f"{two}{one}")
    assert (saved.moved, saved.detached) == (2, 0)
    assert [source.says(mark) for mark in marks] == [one, two]
    assert [source.again(mark).target.span for mark in marks] == [Span(20, 40), Span(0, 20)]


def test_two_annotations_that_come_to_say_the_same_are_both_kept(source: Source) -> None:
    source.bring(article="T\n\nThe tunnel will flood soon. Well. The tunnel will flood, soon.")
    marks = [source.mark("The tunnel will flood soon"), source.mark("The tunnel will flood, soon")]
    saved = source.bring(article="T\n\nThe tunnel will flood soon.")
    assert saved.detached == 1
    assert [source.says(mark) for mark in marks] == ["The tunnel will flood soon", None]


def test_other_annotators_and_labels_move_too(source: Source) -> None:
    source.bring()
    first = source.mark("tunnel will flood")
    other = source.mark("tunnel will flood", label="term")
    ben = LabelingSession(source.project, source.project.annotator("Ben"), source.session.codebook)
    (third,) = ben.apply("claim", first.target).added
    assert source.bring(article="Hear: " + ARTICLE).moved == 3
    assert {source.says(mark) for mark in (first, other, third)} == {"tunnel will flood"}


def imports(source: Source) -> list[Any]:
    return [event for event in find_events(source.project) if event.cause is Cause.IMPORT]


def test_history_says_what_an_import_did(source: Source) -> None:
    source.bring()
    flood, pumps = source.mark("tunnel will flood"), source.mark("Pumps are dear")
    assert imports(source) == []
    source.bring(article="So. " + ARTICLE.replace(" Pumps are dear.", ""))
    told = imports(source)
    assert [(event.action, event.annotation_uuid, event.annotator) for event in told] == [
        ("change", flood.uuid, "Ann"),
        ("change", pumps.uuid, "Ann"),
    ]
    assert len({event.command_uuid for event in told}) == 1
    assert flood.target.span is not None
    assert (told[0].before["start_char"], told[0].after["start_char"]) == (
        flood.target.span.start,
        flood.target.span.start + 4,
    )
    assert (told[1].before["is_detached"], told[1].after["is_detached"]) == (0, 1)


def test_undo_after_an_import_places_what_it_brings_back(source: Source) -> None:
    source.bring()
    flood = source.mark("tunnel will flood")
    source.session.retract(flood.id)
    source.bring(article="So. " + ARTICLE)
    assert source.session.undo() is not None
    assert source.says(flood) == "tunnel will flood"
    assert check(source.project) == []


def test_relations_reviews_and_reads_follow_their_posts(source: Source) -> None:
    source.bring(comment("1", LONG), comment("2", "It is not."))
    claim = source.mark("tunnel will flood")
    stance = source.put("disagree", "2")
    post_id = stance.target.post_id
    relation = Target(
        thread_id=source.thread_id, post_id=post_id, to_post_id=claim.target.post_id, to_annotation=claim.id
    )
    (rebuts,) = source.session.apply("rebuts", relation).added
    assert post_id is not None
    source.session.review(post_id)
    source.session.mark_read([post_id])
    source.bring(comment("1", "First!"), comment("2", LONG), comment("3", "It is not."), article="So. " + ARTICLE)
    annotator_id = source.session.annotator.id
    assert next(post for post in source.posts if post.id == post_id).key == "3"
    assert source.again(stance).target.post_id == post_id
    assert source.again(rebuts).target == relation
    assert reviewed_positions(source.project, source.thread_id, annotator_id) == {3}
    assert read_positions(source.project, source.thread_id, annotator_id) == {3}


# Posts


def test_earlier_texts_are_kept(source: Source) -> None:
    source.bring(comment("1", LONG))
    post_id = source.posts[1].id
    source.bring(comment("1", LONG + " Edit: still is."))
    source.bring(comment("1", LONG + " Edit: not any more."))
    post = source.posts[1]
    assert (post.id, post.revision, post.text) == (post_id, 3, LONG + " Edit: not any more.")
    kept = source.project.connection.execute("SELECT post_id, revision, text FROM post_revisions").fetchall()
    assert kept == [(post_id, 1, LONG), (post_id, 2, LONG + " Edit: still is.")]
    record = load_source_record(source.project, post_id)
    assert (record["revision"], record["earlier_revisions"], record["thread_revision"]) == (3, 2, 3)


def test_what_has_not_changed_is_not_written(source: Source) -> None:
    comments = [comment(str(number), f"{number} {LONG}") for number in range(1, 30)]
    source.bring(*comments)
    with source.project.transaction() as connection:
        connection.execute("CREATE TABLE written (id)")
        connection.execute(
            "CREATE TEMP TRIGGER noticed AFTER UPDATE ON posts BEGIN INSERT INTO written VALUES (new.id); END"
        )
    comments[4] = comment("5", f"5 {LONG}!")
    source.bring(*comments)
    written = source.project.connection.execute("SELECT DISTINCT id FROM written").fetchall()
    assert written == [(source.posts[5].id,)]


def test_comments_with_path_keys_are_known_by_what_they_say(source: Source) -> None:
    source.bring(comment("1", "Yes.", author="Ann"), comment("2", "No.", author="Ben"), comment("2.1", "Yes."))
    rows = source.ids()
    before = {post.key: post.id for post in source.posts}
    saved = source.bring(
        comment("1", "First!", author="Cem"),
        comment("2", "Yes.", author="Ann"),
        comment("2.1", "Why?", author="Cem"),
        comment("3", "No.", author="Ben"),
        comment("3.1", "Yes."),
    )
    assert (saved.added, saved.changed, saved.removed) == (2, 0, 0)
    after = {post.key: post.id for post in source.posts}
    assert (after["2"], after["3"], after["3.1"]) == (before["1"], before["2"], before["2.1"])
    assert after["1"] not in rows.values()
    assert {post.revision for post in source.posts} == {1}


def test_edited_comment_is_known_among_the_answers_of_its_author(source: Source) -> None:
    source.bring(comment("1", LONG, author="Ann"), comment("1.1", "So?", author="Ben"))
    before = source.posts
    saved = source.bring(
        comment("1", LONG.replace("wet", "damp"), author="Ben"),
        comment("2", LONG.replace("forty", "fifty"), author="Ann"),
        comment("2.1", "So?", author="Ben"),
    )
    assert (saved.added, saved.changed) == (1, 1)
    assert [post.id for post in source.posts[2:]] == [post.id for post in before[1:]]


def test_comment_that_was_much_extended_is_known(source: Source) -> None:
    source.bring(comment("1", LONG))
    post_id = source.posts[1].id
    source.bring(comment("1", f"{LONG}\n\nEdit: " + "much more to be said about it, " * 20))
    assert source.posts[1].id == post_id


def test_comment_of_an_author_who_took_another_name_is_known(source: Source) -> None:
    source.bring(comment("1", "Yes.", author="Ann"))
    post_id = source.posts[1].id
    saved = source.bring(comment("1", "Yes.", author="[deleted]"))
    assert (saved.added, saved.changed, source.posts[1].id) == (0, 0, post_id)
    assert source.posts[1].author == "[deleted]"
    assert [hit.post_id for hit in search(source.project, "deleted")] == [post_id]
    assert search(source.project, "ann") == []


def test_comment_that_was_moved_is_known_if_it_says_enough(source: Source) -> None:
    source.bring(comment("1", LONG), comment("1.1", "+1", author="Ben"), comment("2", "Well.", author="Cem"))
    rows = source.ids()
    saved = source.bring(comment("1", "Well.", author="Cem"), comment("1.1", LONG), comment("1.2", "+1", author="Ben"))
    now = source.ids()
    assert now[LONG] == rows[LONG]
    assert now["Well."] == rows["Well."]
    assert (saved.added, saved.removed) == (1, 1)  # which "+1" is which nobody can tell


def test_moved_and_edited_comment_takes_its_answers_along(source: Source) -> None:
    source.bring(comment("1", LONG), comment("1.1", "+1", author="Ben"), comment("2", "Well.", author="Cem"))
    before = {post.key: post.id for post in source.posts}
    saved = source.bring(
        comment("1", "Well.", author="Cem"),
        comment("1.1", LONG.replace("forty", "fifty")),
        comment("1.1.1", "+1", author="Ben"),
    )
    assert (saved.added, saved.changed, saved.removed) == (0, 1, 0)
    after = {post.key: post.id for post in source.posts}
    assert (after["1"], after["1.1"], after["1.1.1"]) == (before["2"], before["1"], before["1.1"])


def test_comments_without_authors_and_texts_keep_their_order(source: Source) -> None:
    source.bring(*(comment(str(number), "", author=None) for number in range(1, 4)), comment("4", "x", author=None))
    before = [post.id for post in source.posts]
    saved = source.bring(*(comment(str(number), "", author=None) for number in range(1, 4)))
    assert (saved.added, saved.changed, saved.removed) == (0, 0, 1)
    assert [post.id for post in source.posts] == before


def test_comments_with_names_of_their_own_are_known_by_them(source: Source) -> None:
    def named(*texts: tuple[str, str, str]) -> list[Post]:
        return [Post(key=key, parent=parent, text=text, author="Ann") for key, parent, text in texts]

    source.bring(*named(("a7", "0", "One."), ("b3", "a7", "Two."), ("c1", "0", LONG)))
    before = {post.key: post.id for post in source.posts}
    saved = source.bring(*named(("c1", "0", "Entirely other words."), ("b3", "c1", "Two."), ("d9", "0", LONG)))
    after = {post.key: post.id for post in source.posts}
    assert (after["b3"], after["c1"]) == (before["b3"], before["c1"])
    assert after["d9"] not in before.values()  # what c1 said is now said by another
    assert (saved.added, saved.changed, saved.removed) == (1, 1, 1)


def test_key_that_was_a_path_means_nothing_once_the_source_names_its_comments(source: Source) -> None:
    source.bring(comment("1", LONG), comment("2", "So?", author="Ben"))
    rows = source.ids()
    source.bring(Post(key="2", parent="0", text=LONG, author="Ann"), Post(key="1", parent="2", text="Oh."))
    assert source.ids()[LONG] == rows[LONG]
    assert find_post(source.project, source.thread_id, "2").text == LONG
    assert not load_report(source.project, source.thread_id)["has_path_keys"]


# What is gone


def test_comments_that_are_gone_stay_behind_their_siblings(source: Source) -> None:
    source.bring(
        comment("1", "One."), comment("1.1", "Under one."), comment("1.1.1", "Deep."), comment("1.2", "Also."),
        comment("2", "Two."),
    )  # fmt: skip
    stance = source.put("agree", "1.1.1")
    saved = source.bring(comment("1", "One."), comment("1.1", "Also."), comment("2", "Two."))
    assert (saved.added, saved.removed, saved.changed) == (0, 2, 0)
    assert source.outline == [
        "0 The Tunnel\n\nThe tunn",
        "  1 One.",
        "    1.1 Also.",
        "    1.1-removed Under one.",
        "      1.1.1 Deep.",
        "  2 Two.",
    ]
    gone = source.posts[3]
    assert str(gone.meta["removed_at"]).endswith("Z")
    assert (saved.thread.posts, saved.thread.max_depth) == (6, 3)
    assert load_shape(source.project, source.thread_id).depths == "\0\1\2\2\3\1"
    assert source.again(stance).target == stance.target
    assert [hit.post for hit in search(source.project, "deep")] == ["1.1.1"]


def test_what_was_gone_once_is_not_counted_again_and_may_come_back(source: Source) -> None:
    both = (comment("1", "One."), comment("2", LONG, meta={"score": 1}))
    source.bring(*both)
    post_id = source.ids()[LONG]
    assert source.bring(both[0]).removed == 1
    removed_at = source.posts[2].meta["removed_at"]
    assert source.posts[2].meta == {"score": 1, "removed_at": removed_at}
    saved = source.bring(both[0], comment("2", "Three."))
    assert (saved.removed, saved.added) == (0, 1)
    assert source.outline[1:] == ["  1 One.", "  2 Three.", "  2-removed I have lived at the"]
    saved = source.bring(both[0], comment("2", "Three."), comment("3", LONG, meta={"score": 2}))
    assert (saved.added, saved.removed) == (0, 0)
    assert (source.posts[3].id, source.posts[3].meta) == (post_id, {"score": 2})


def test_keys_of_what_is_gone_make_way_every_time(source: Source) -> None:
    for word in ("One", "Two", "Three", "Four"):
        source.bring(comment("1", f"{word} {word} {word}.", author=word))
    assert [post.key for post in source.posts] == ["0", "1", "1-removed", "1-removed-2", "1-removed-3"]


def test_everything_gone_is_everything_kept(source: Source) -> None:
    source.bring(comment("1", "One."), comment("1.1", "Two."))
    stance = source.put("agree", "1.1")
    saved = source.bring(article="Something else entirely.")
    assert (saved.removed, saved.thread.posts) == (2, 3)
    assert source.again(stance) == stance


def test_failing_revision_changes_nothing(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    source.bring(comment("1", LONG))
    source.mark("tunnel will flood")
    before = list(source.project.connection.iterdump())

    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("annotations.store.revise.reanchor_spans", fail)
    with pytest.raises(ZeroDivisionError):
        source.bring(comment("1", "First!"), article="So. " + ARTICLE)
    assert list(source.project.connection.iterdump()) == before


def test_report_is_that_of_the_last_import(source: Source) -> None:
    first = source.bring(comment("1", LONG)).thread
    source.bring(comment("1", LONG), article="So. " + ARTICLE)
    report = load_report(source.project, source.thread_id)
    assert (report["dropped"], report["first_imported_at"]) == (2, first.imported_at)


# In general

WORDS = st.sampled_from(["the tunnel will flood", "nobody has measured", "ä 水位", "yes", "", "pumps are dear 😀"])
TEXTS = st.lists(WORDS, max_size=4).map(". ".join)
AUTHORS = st.sampled_from(["Ann", "Ben", None])


@st.composite
def comment_lists(draw: st.DrawFn) -> list[Post]:
    """Comments with path keys, in pre-order."""
    answers: dict[str, int] = {}
    comments: list[Post] = []
    for _ in range(draw(st.integers(0, 8))):
        parent = draw(st.sampled_from(["0", *(post.key for post in comments)]))
        answers[parent] = answers.get(parent, 0) + 1
        key = str(answers[parent]) if parent == "0" else f"{parent}.{answers[parent]}"
        comments.append(Post(key=key, parent=parent, text=draw(TEXTS), author=draw(AUTHORS)))
    return comments


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A new project's file."""
    path = tmp_path_factory.mktemp("empty") / "postil.db"
    Project.open(path, create=True).close()
    return path.read_bytes()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    versions=st.lists(st.tuples(TEXTS, comment_lists()), min_size=2, max_size=4),
    choices=st.lists(st.integers(0, 10_000), min_size=6, max_size=6),
)
def test_nothing_labeled_is_ever_lost(
    tmp_path: Path,
    empty: bytes,
    codebook: Codebook,
    versions: Sequence[tuple[str, list[Post]]],
    choices: Sequence[int],
) -> None:
    path = tmp_path / "postil.db"
    path.write_bytes(empty)
    with Project.open(path) as project:
        project.connection.execute("PRAGMA synchronous=OFF")  # hundreds of imports, none of which need last
        source = Source(project, codebook)
        article, comments = versions[0]
        source.bring(*comments, article=article)
        posts = source.posts
        for choice in choices:
            post = posts[choice % len(posts)]
            span = Span(choice % len(post.text), len(post.text)) if post.text else None
            target = Target(thread_id=source.thread_id, post_id=post.id, span=span)
            source.session.apply("agree" if span is None else "term", target)
        labeled = {each.id: each for each in annotations_in_thread(project, source.thread_id)}
        known = {post.id for post in posts}
        for article, comments in versions[1:]:
            source.bring(*comments, article=article)  # and the project is sound
            now = {each.id: each for each in annotations_in_thread(project, source.thread_id)}
            assert now.keys() == labeled.keys()
            assert all(now[each].target.post_id == labeled[each].target.post_id for each in now)
            assert known <= {post.id for post in source.posts}
            known |= {post.id for post in source.posts}
            present = [post for post in source.posts if "removed_at" not in post.meta]
            assert [(post.key, post.parent, post.author, post.text) for post in present[1:]] == [
                (post.key, post.parent, post.author, post.text) for post in in_pre_order(comments)
            ]
        json.dumps([event.after for event in find_events(project)])


def in_pre_order(comments: Sequence[Post]) -> list[Post]:
    return sorted(comments, key=lambda post: [int(number) for number in post.key.split(".")])


class OnDisk(LazyPosts):
    """Posts that are fetched, as those of a thread that is too long for the memory are."""

    def __init__(self, posts: Sequence[Post]) -> None:
        self._kept = posts

    def __len__(self) -> int:
        return len(self._kept)

    def fetch(self, places: Sequence[int]) -> list[Post]:
        return [self._kept[place] for place in places]


def test_a_thread_that_is_not_in_memory_is_revised_like_one_that_is(source: Source) -> None:
    root = Post(key="0", parent=None, kind=PostKind.ARTICLE, text=ARTICLE)
    old = [root, *(comment(f"k{number}", f"{LONG} {number}", parent="0") for number in range(1, 1300))]
    edited = [
        Post(key=post.key, parent=post.parent, kind=post.kind, text=f"{post.text} Edited." if number % 3 else post.text)
        for number, post in enumerate(old)
        if not number or number % 11
    ]
    new = [edited[0], comment("late", "I come first.", parent="0"), *edited[:600:-1], *edited[1:601]]
    states = []
    for name, kind in (("/memory", tuple), ("/disk", OnDisk)):
        saved = []
        for number, posts in enumerate((old, new)):
            thread = Thread(key=name, title=name, posts=kind(posts), format="test")
            saved.append(save_thread(source.project, thread, location=name, source_sha256=f"{name} {number}"))
        first = find_post(source.project, saved[-1].thread.id, "0").id
        found = iter_posts(source.project, saved[-1].thread.id)
        rows = [(post.id - first, post.key, post.depth, post.text, "removed_at" in post.meta) for post in found]
        counts = (saved[-1].added, saved[-1].changed, saved[-1].removed, saved[-1].thread.revision)
        assert counts == (1, 787, 118, 2)
        states.append((counts, rows))
    assert states[0] == states[1]
    assert check(source.project) == []
