"""A thread as one text: its fixed layout, where its posts are in it, and where what is put on them is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from annotations.exporters.choosing.options import Aggregate, ExportOptions
from annotations.exporters.choosing.selecting import select
from annotations.exporters.documents.rendition import Rendition, first_rendition, iter_renditions, render
from annotations.exporters.documents.rendition_files import sound_json
from annotations.exporters.documents.survey import MARK
from annotations.exporters.rows.labeled_post import LabeledPost
from annotations.exporters.rows.labeled_posts import iter_labeled_posts
from annotations.exporters.writing.report import Tally
from annotations.model import PostKind, Scope, StoredPost, StoredThread
from tests.annotations.ferry import open_ferry

if TYPE_CHECKING:
    from pathlib import Path

    from annotations.exporters.documents.rendition_places import Block, Section

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


def text_of(rendition: Rendition | None) -> str:
    assert rendition is not None
    return "".join(section.text for section in rendition.sections())


def blocks_of(rendition: Rendition) -> list[Block]:
    return [section.block for section in rendition.sections() if section.block is not None]


def test_a_thread_has_a_line_a_block_for_each_post_and_an_empty_line_between(tmp_path: Path) -> None:
    with open_ferry(tmp_path) as project:
        (rendition,) = iter_renditions(project, select(project, ExportOptions()))
        text, blocks = text_of(rendition), blocks_of(rendition)
    assert text == LAYOUT
    for block in blocks:
        assert text[block.start : block.end] == block.post.text
        assert text[block.header_start : block.header_end].startswith(block.post.key)
        assert text[block.header_end : block.start] == "\n"
    start, end = rendition.title
    assert text[start:end] == LAYOUT.split("\n", 1)[0].removeprefix("▌ ")


def test_each_annotation_is_where_it_says_and_relations_are_tied_to_what_is_placed(tmp_path: Path) -> None:
    with open_ferry(tmp_path) as project:
        (rendition,) = iter_renditions(project, select(project, ExportOptions()))
        text, sections = text_of(rendition), list(rendition.sections())
    words, told = {}, {}
    for placed in (placed for section in sections for placed in section.placed):
        said = text[placed.start : placed.end]
        if placed.annotation is not None and placed.annotation.quote is not None:
            assert said == placed.annotation.quote.exact
        words[placed.annotator, placed.annotation and placed.annotation.label, placed.scope] = said.partition(" ·")[0]
        told[placed.place] = f"{placed.scope} {said.partition(' ·')[0]}"
    assert sorted(told) == list(range(rendition.survey.places))
    assert words["Ada", "heated", Scope.THREAD] == "Ferry to stop"
    assert words["ferry-1b", "agree", Scope.POST] == "1.1"
    assert words["Bo", None, Scope.THREAD] == "Ferry to stop"
    assert [each.reason for section in sections for each in section.unplaced] == ["detached spans"]
    relations = [each for section in sections for each in section.relations]
    ties = {
        (each.annotator, told[each.source], told[each.target], tuple(end.exact for end in each.loose))
        for each in relations
    }
    assert ties == {
        ("Ada", "thread Ferry to stop", "post 0", ("it lost £3m.",)),
        ("Ada", 'span It did *not* "lose" £3m.', "post 0", ("it lost £3m.",)),
        ("Bo", "post 1.1", "post 1", ()),
        ("Bo", "post 3", "thread Ferry to stop", ()),
    }
    assert {place for each in relations for place in (each.source, each.target)} == {
        place for place in told if rendition.survey.is_end(place)
    }
    assert rendition.annotators == ["Ada", "Bo", "ferry-1b"]
    own = [section.of("Bo") for section in sections]
    assert {each.annotation.label for section in own for each in section.relations} == {"rebuts"}
    assert {name for section in own for name in section.annotators} == {"Bo"}


def test_a_thread_that_is_gone_through_twice_is_told_as_one_that_is_kept(tmp_path: Path) -> None:
    with open_ferry(tmp_path) as project:
        selection = select(project, ExportOptions(aggregate=Aggregate.ANY, only_reviewed=True))
        found = list(iter_labeled_posts(project, selection, 1, is_whole=True))
        kept = render(found)
        assert kept is not None
        read = Rendition(lambda: iter_labeled_posts(project, selection, 1, is_whole=True), kept.survey, kept.thread)
        assert list(map(facts, read.sections())) == list(map(facts, kept.sections()))


def facts(section: Section) -> tuple[object, ...]:
    """Return what there is to compare of a piece; how it counts its units is its own affair."""
    return (section.text, section.start, section.units, section.head, section.block, *groups(section))


def groups(section: Section) -> tuple[object, ...]:
    return (section.placed, section.relations, section.unplaced, section.marks)


def test_a_relation_to_a_post_that_is_not_there_has_no_place(tmp_path: Path) -> None:
    with open_ferry(tmp_path) as project:
        found = list(iter_labeled_posts(project, select(project, ExportOptions()), 1))
    rendition = render(each for each in found if each.post.key != "1")
    assert rendition is not None
    left = [each for section in rendition.sections() for each in section.unplaced]
    assert [(each.reason, each.annotator) for each in left if each.annotation.target.span is None] == [
        ("relations to what is not exported", "Bo")
    ]


def test_posts_are_found_by_their_rows_in_whatever_order_these_are(tmp_path: Path) -> None:
    with open_ferry(tmp_path) as project:
        found = list(iter_labeled_posts(project, select(project, ExportOptions()), 1))
    rows = {each.post.id: 100 - each.post.id for each in found}  # as after a revision: what is above came later

    def moved(row: int | None) -> int | None:
        return None if row is None else rows[row]

    def turned(labeled: LabeledPost) -> LabeledPost:
        post = replace(labeled.post, id=rows[labeled.post.id], parent_id=moved(labeled.post.parent_id))
        told, on_thread = (
            tuple(replace(each, target=replace(each.target, to_post_id=moved(each.target.to_post_id))) for each in put)
            for put in (labeled.annotations, labeled.thread_annotations)
        )
        return replace(labeled, post=post, annotations=told, thread_annotations=on_thread)

    one, other = render(found), render(map(turned, found))
    assert one is not None
    assert other is not None
    assert text_of(one) == text_of(other)
    assert list(one.survey.targets) == list(other.survey.targets)
    assert list(one.survey.outcomes) == list(other.survey.outcomes)


def test_a_post_that_is_left_out_has_a_header_if_others_answer_it_and_else_nothing() -> None:
    article, *comments = posts("The article", "first", "second")
    flagged = replace(comments[1], is_left_out=True, flaggers=("Bo",))
    rendition = render([replace(article, is_left_out=True, flaggers=("Ada",)), comments[0], flagged])
    assert rendition is not None
    told = text_of(rendition)
    assert told == "▌ T\n\n▌ k0 · article · A B · left out\n\n\n▌ k1 · A B · level 1, answers k0 (A B)\nfirst"
    assert [(block.post.text, block.is_left_out) for block in blocks_of(rendition)] == [("", True), ("first", False)]
    assert rendition.annotators == ["Ada"], "the post that Bo has flagged is not told"


def test_of_a_long_thread_a_preview_renders_the_beginning_and_what_is_all_left_out_is_no_thread(tmp_path: Path) -> None:
    assert render([replace(each, is_left_out=True) for each in posts("a", "b")]) is None
    assert render([]) is None
    with open_ferry(tmp_path) as project:
        assert text_of(first_rendition(project, select(project, ExportOptions()))) == LAYOUT


_SIGNS = st.text(st.sampled_from(f"{MARK} \n\u2028\x0b·a👩‍🚀\ufeff"), max_size=12)


@settings(max_examples=150, deadline=None)
@given(texts=st.lists(_SIGNS, min_size=1, max_size=4))
def test_no_text_can_be_taken_for_a_header(texts: list[str]) -> None:
    rendition = render(posts(*texts))
    assert rendition is not None
    text, blocks = text_of(rendition), blocks_of(rendition)
    assert [text[block.start : block.end] for block in blocks] == texts
    mark = text[: rendition.title[0]]
    headers = {block.header_start - len(mark) for block in blocks} | {0}
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    assert {start for start in starts if text.startswith(mark.rstrip(), start)} == headers
    for section in rendition.sections():
        for place in range(section.start, section.start + len(section.text) + 1):
            assert section.utf16(place) == len(text[:place].encode("utf-16-le")) // 2


def test_json_is_ascii_and_half_characters_in_it_are_replaced_and_counted() -> None:
    tally = Tally()
    assert sound_json({"a": ["👋", "\\ud83d"]}, tally) == b'{"a":["\\ud83d\\udc4b","\\\\ud83d"]}'
    assert not tally.lost
    assert sound_json({"a": "x\ud83d"}, tally) == b'{"a":"x\\ufffd"}'
    assert sum(tally.lost.values()) == 1
