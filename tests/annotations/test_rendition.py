"""A thread as one text: its fixed layout, where its posts are in it, and where what is put on them is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from annotations.exporters.choosing.options import ExportOptions
from annotations.exporters.choosing.selecting import select
from annotations.exporters.documents.rendition import MARK, first_rendition, iter_renditions, render
from annotations.exporters.documents.rendition_files import sound_json
from annotations.exporters.rows.labeled_posts import LabeledPost, iter_labeled_posts
from annotations.exporters.writing.report import Tally
from annotations.model import PostKind, Scope, StoredPost, StoredThread
from tests.annotations.ferry import open_ferry

if TYPE_CHECKING:
    from pathlib import Path

LAYOUT = """\
▌ Ferry to stop · https://news.example/ferry?a=1&b=2

▌ 0 · article · Desk
Ferry to stop

The ferry “Möwe” 🛳️ stops in May.

Nobody will miss it.

▌ 1 · =cmd · level 1, answers 0 (Desk)
It did *not* "lose" £3m.

• one
• two

▌ 1.1 · أحمد · 2026-04-30T23:59:59Z · level 2, answers 1 (=cmd)
كم الخسارة؟ 👩🏽‍🚀

▌ 2 · no name · level 1, answers 0 (Desk)


▌ 3 · -Jo · level 1, answers 0 (Desk)
+1\u2028@all"""

THREAD = StoredThread(
    id=1,
    key="t",
    title="T",
    source="s",
    format="f",
    url=None,
    posts=2,
    max_depth=1,
    imported_at="2026-05-01T08:30:00Z",
    revision=1,
)


def posts(*texts: str) -> list[LabeledPost]:
    return [
        LabeledPost(
            thread=THREAD,
            post=StoredPost(
                id=number,
                thread_id=1,
                key=f"k{number}",
                parent="k0" if number else None,
                parent_id=0 if number else None,
                kind=PostKind.COMMENT if number else PostKind.ARTICLE,
                author="A\u2028 \nB",
                text=text,
                position=number,
                depth=min(number, 1),
                subtree_size=1,
            ),
            annotations=(),
            thread_annotations=(),
            reviewers=(),
            post_keys={},
            ends={},
        )
        for number, text in enumerate(texts)
    ]


def test_a_thread_has_a_line_a_block_for_each_post_and_an_empty_line_between(tmp_path: Path) -> None:
    with open_ferry(tmp_path) as project:
        (rendition,) = iter_renditions(project, select(project, ExportOptions()))
    assert rendition.text == LAYOUT
    for block in rendition.blocks:
        assert rendition.text[block.start : block.end] == block.post.text
        assert rendition.text[block.header_start : block.header_end].startswith(block.post.key)
        assert rendition.text[block.header_end : block.start] == "\n"
    assert rendition.text[rendition.title_start : rendition.title_end] == LAYOUT.split("\n", 1)[0].removeprefix("▌ ")


def test_each_annotation_is_where_it_says_and_relations_are_tied_to_what_is_placed(tmp_path: Path) -> None:
    with open_ferry(tmp_path) as project:
        (rendition,) = iter_renditions(project, select(project, ExportOptions()))
    words = {}
    for placed in rendition.placed:
        said = rendition.text[placed.start : placed.end]
        if placed.annotation is not None and placed.annotation.quote is not None:
            assert said == placed.annotation.quote.exact
        words[placed.annotator, placed.annotation and placed.annotation.label, placed.scope] = said.partition(" ·")[0]
    assert words["Ada", "heated", Scope.THREAD] == "Ferry to stop"
    assert words["ferry-1b", "agree", Scope.POST] == "1.1"
    assert words["Bo", None, Scope.THREAD] == "Ferry to stop"
    assert [each.reason for each in rendition.unplaced] == ["detached spans"]

    def told(number: int) -> str:
        placed = rendition.placed[number]
        return f"{placed.scope} {rendition.text[placed.start : placed.end].partition(' ·')[0]}"

    ties = {
        (each.annotator, told(each.source), told(each.target), tuple(end.exact for end in each.loose))
        for each in rendition.relations
    }
    assert ties == {
        ("Ada", "thread Ferry to stop", "post 0", ("it lost £3m.",)),
        ("Ada", 'span It did *not* "lose" £3m.', "post 0", ("it lost £3m.",)),
        ("Bo", "post 1.1", "post 1", ()),
        ("Bo", "post 3", "thread Ferry to stop", ()),
    }
    own = rendition.of("Bo")
    assert own.annotators == ("Bo",)
    assert {each.annotation.label for each in own.relations} == {"rebuts"}
    assert all(own.placed[end].annotator == "Bo" for each in own.relations for end in (each.source, each.target))


def test_a_relation_to_a_post_that_is_not_there_has_no_place(tmp_path: Path) -> None:
    with open_ferry(tmp_path) as project:
        found = list(iter_labeled_posts(project, select(project, ExportOptions()), 1))
    rendition = render(each for each in found if each.post.key != "1")
    assert rendition is not None
    assert [(each.reason, each.annotator) for each in rendition.unplaced if each.annotation.target.span is None] == [
        ("relations to what is not exported", "Bo")
    ]


def test_a_post_that_is_left_out_has_a_header_if_others_answer_it_and_else_nothing() -> None:
    article, *comments = posts("The article", "first", "second")
    rendition = render([replace(article, is_left_out=True), comments[0], replace(comments[1], is_left_out=True)])
    assert rendition is not None
    assert rendition.text == "▌ T\n\n▌ k0 · article · A B · left out\n\n\n▌ k1 · A B · level 1, answers k0 (A B)\nfirst"
    assert [(block.post.text, block.is_left_out) for block in rendition.blocks] == [("", True), ("first", False)]


def test_of_a_long_thread_a_preview_renders_the_beginning_and_what_is_all_left_out_is_no_thread(tmp_path: Path) -> None:
    assert render([replace(each, is_left_out=True) for each in posts("a", "b")]) is None
    assert render([]) is None
    with open_ferry(tmp_path) as project:
        found = first_rendition(project, select(project, ExportOptions()))
    assert found is not None
    assert found.text == LAYOUT


_SIGNS = st.text(st.sampled_from(f"{MARK} \n\u2028\x0b·a👩‍🚀\ufeff"), max_size=12)


@settings(max_examples=150, deadline=None)
@given(texts=st.lists(_SIGNS, min_size=1, max_size=4))
def test_no_text_can_be_taken_for_a_header(texts: list[str]) -> None:
    rendition = render(posts(*texts))
    assert rendition is not None
    assert [rendition.text[block.start : block.end] for block in rendition.blocks] == texts
    mark = rendition.text[: rendition.title_start]
    headers = {block.header_start - len(mark) for block in rendition.blocks} | {0}
    starts = [0]
    for line in rendition.text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    assert {start for start in starts if rendition.text.startswith(mark.rstrip(), start)} == headers


def test_json_is_ascii_and_half_characters_in_it_are_replaced_and_counted() -> None:
    tally = Tally()
    assert sound_json({"a": ["👋", "\\ud83d"]}, tally) == b'{"a":["\\ud83d\\udc4b","\\\\ud83d"]}'
    assert not tally.lost
    assert sound_json({"a": "x\ud83d"}, tally) == b'{"a":"x\\ufffd"}'
    assert sum(tally.lost.values()) == 1
