"""The keys that the benchmark computes put exactly the gold labels when they are pressed in the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.codebook_toml import default_codebook
from annotations.model import Post, PostKind, Scope, Thread
from annotations.store.labels import annotations_in_thread
from annotations.store.project import Project
from tests.benchmarks import gold
from tests.benchmarks.fewest import Search
from tests.benchmarks.key_choice import remembered_motions
from tests.benchmarks.keystrokes import Row, kind_of, open_hands, rows_of, save
from tui.app import PostilApp
from tui.screens.reader import ReaderScreen

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.gold import Gold, Mark


SIZES = (((59, 33), (59, 33)),) * 2


def some(given: Gold) -> list[Mark]:
    """Return a few labels of the article, and of comments: spans, posts, two on one post."""
    chosen = [mark for mark in given.marks if mark.position == 0][8:12]
    return [*chosen, *(mark for mark in given.marks if mark.position in {1, 2, 3, 5, 46, 50})]


def standing(project: Project) -> list[tuple[int, bool, int, int, str]]:
    """Return the annotations of the first thread as the gold file tells them."""
    found = []
    places = dict(project.connection.execute("SELECT id, position FROM posts"))
    for annotation in annotations_in_thread(project, 1):
        span = annotation.target.span
        place = places.get(annotation.target.post_id or 0, 0)
        found.append(
            (place, annotation.scope is not Scope.SPAN, *((span.start, span.end) if span else (0, 0)), annotation.label)
        )
    return sorted(found)


async def test_computed_keys_put_exactly_the_gold_labels(tmp_path: Path) -> None:
    given = gold.own()
    marks = some(given)
    computed, replayed = tmp_path / "computed.db", tmp_path / "replayed.db"
    save(given, computed)
    save(given, replayed)
    app = PostilApp(replayed, "gold")
    async with app.run_test(size=(120, 40)) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, ReaderScreen)
        sizes = (((*screen.article.size,), (*screen.thread_pane.size,)),) * 2  # they stand side by side
        with Project.open(computed) as project, remembered_motions():
            ways = Search(open_hands(project, sizes)).put_all(marks)
        for way in ways:
            await pilot.press(*way)
        assert standing(app.project) == [(m.position, m.is_of_post, m.start, m.end, m.label) for m in marks]
    assert sorted(map(len, ways))[len(ways) // 2] <= 3


def test_a_way_is_the_shortest_there_is(tmp_path: Path) -> None:
    given = gold.own()
    save(given, tmp_path / "a.db")
    with Project.open(tmp_path / "a.db") as project:
        hands = open_hands(project, SIZES)
        text = hands.article.text
        search = Search(hands)
        begin = hands.keep()

        def keys(start: str, end: str, at: int = 0) -> tuple[str, ...] | None:
            hands.restore(begin)
            hands.article.go_to_text(0, at)
            first = text.index(start)
            return search.fewest(gold.on_span(0, first, text.index(end, first) + len(end), "claim"))

        assert keys("Council votes", "risk") in {("s", "c"), ("V", "c"), ("p", "c")}
        assert keys("Council", "Council") in {("v", "e", "c"), ("S", "S", "c")}
        assert len(keys("votes", "clash") or ()) == 4
        assert len(keys("Quillmouth council", "a mile.") or ()) == 3
        hands.restore(begin)
        assert search.fewest(gold.on_post(0, "controversial")) == ("9",)
        assert search.fewest(gold.on_post(2, "agree")) is not None


@pytest.mark.parametrize("quote", ["日本", "本語の", "e\u0301", "one two"])
def test_spans_that_end_within_words_are_reached_too(tmp_path: Path, quote: str) -> None:
    text = "Ace\u0301r since 日本語の文章です。 And one two three."
    posts = (Post(key="0", parent=None, kind=PostKind.ARTICLE, text=text),)
    thread = Thread(key="t", title="t", posts=posts, format="flattened")
    start = text.index(quote)
    marks = (gold.on_span(0, start, start + len(quote), "claim"),)
    save(gold.Gold("t", thread, marks, default_codebook()), tmp_path / "a.db")
    with Project.open(tmp_path / "a.db") as project:
        hands = open_hands(project, SIZES)
        (way,) = Search(hands).put_all(marks)
        assert standing(project) == [(0, False, start, start + len(quote), "claim")]
        hands.session.undo()
        hands.restore(open_hands(project, SIZES).keep())
        hands.press(*way)
        assert standing(project) == [(0, False, start, start + len(quote), "claim")]


def test_half_a_cluster_is_beyond_reach(tmp_path: Path) -> None:
    posts = (Post(key="0", parent=None, kind=PostKind.ARTICLE, text="cafe\u0301 now"),)
    marks = (gold.on_span(0, 0, 4, "claim"), gold.on_span(0, 6, 9, "claim"))
    save(
        gold.Gold("t", Thread(key="t", title="t", posts=posts, format="flattened"), marks, default_codebook()),
        tmp_path / "a.db",
    )
    with Project.open(tmp_path / "a.db") as project:
        ways = Search(open_hands(project, SIZES)).put_all(marks)
    assert (ways[0], len(ways[1])) == ((), 3)


def test_rows_say_what_labels_are_on() -> None:
    text = "One thing, and another. A second sentence of nine words stands here, too. A third."
    assert kind_of(gold.on_span(0, 0, 23, "claim"), text, "span") == "a sentence"
    assert kind_of(gold.on_span(0, 0, 9, "claim"), text, "span") == "a clause"
    assert kind_of(gold.on_span(0, 0, len(text), "claim"), text, "span") == "several sentences"
    assert kind_of(gold.on_span(0, 4, 14, "claim"), text, "span") == "a phrase"
    assert kind_of(gold.on_span(0, 4, 40, "claim"), text, "span") == "another span"
    assert kind_of(gold.on_post(0, "agree"), text, "post") == "a post"
    assert rows_of([]) == []
    assert not Row("x", 1, 5, 5, 5, 5, 4).is_met


@pytest.mark.parametrize("kind", list(gold.SHAPES))
def test_made_up_spans_are_the_same_for_the_same_seed_and_end_at_words(kind: str) -> None:
    one, again, other = (gold.generate(kind, seed) for seed in (1, 1, 2))
    assert one.marks == again.marks
    assert one.marks != other.marks
    for mark in one.marks:
        text = one.thread.posts[mark.position].text
        quote = text[mark.start : mark.end]
        assert quote == quote.strip()
        assert quote
        assert not (mark.start and text[mark.start - 1].isalnum() and text[mark.start].isalnum())


def test_gold_is_read_from_a_project_and_from_its_export(tmp_path: Path) -> None:
    from annotations.exporters import jsonl  # noqa: PLC0415  # only here
    from annotations.exporters.choosing.options import ExportOptions  # noqa: PLC0415  # only here

    given = gold.own()
    save(given, tmp_path / "a.db")
    marks = (*given.marks[5:8], *(mark for mark in given.marks if mark.position in {1, 3}))
    with Project.open(tmp_path / "a.db") as project:
        search = Search(open_hands(project, SIZES))
        for mark in marks:
            search._keep(mark)
        jsonl.write(project, tmp_path / "a.jsonl", ExportOptions())
    for path in (tmp_path / "a.db", tmp_path / "a.jsonl"):
        read = gold.read_gold(path)
        assert read.marks == tuple(sorted(marks))
        assert [post.text for post in read.thread.posts] == [post.text for post in given.thread.posts]
