"""What is said of spans, relations and notes, without an app: the order under the cursor, chips, tags, fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from annotations.codebook import Attribute, AttributeKind
from annotations.codebook_records import CONFIDENCE
from annotations.model import Target
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.codebooks import codebook_in_force
from annotations.store.labeled import labeled_spans
from annotations.store.labels import annotations_of_thread
from annotations.store.project import Project
from annotations.store.threads import find_thread
from tests.tui.conftest import ARTICLE, fixed_clock
from tui.screens.annotation_editor import field_id, stored, values_of
from tui.screens.inspecting import inspect
from tui.screens.relation_draft import Draft, End, starts_at
from tui.screens.thread_source import ThreadSource
from tui.screens.under_cursor import far_from, leads_here, meant_among, next_among, under_cursor
from tui.widgets.post_layout import tag_words
from tui.widgets.post_view import PostView, Tag
from tui.widgets.value_field import digits_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.model import Annotation, StoredPost


class Work:
    """A labeled thread, as the reader sees it."""

    def __init__(self, project: Project) -> None:
        thread = find_thread(project, "bridge")
        self.session = LabelingSession(project, project.annotator("ann"), codebook_in_force(project))
        self.source = ThreadSource(self.session, thread)

    def view(self, position: int) -> PostView:
        return self.source.load([position])[0]

    def post(self, position: int) -> StoredPost:
        return self.view(position).post

    def span(self, words: str, position: int = 0, label: str = "claim") -> Annotation:
        post = self.post(position)
        start = post.text.index(words)
        target = Target(thread_id=post.thread_id, post_id=post.id, span=Span(start, start + len(words)))
        return self.session.apply(label, target).added[0]

    def tie(self, start: End, end: End, label: str = "rebuts") -> Annotation:
        draft = Draft([start], (False, 0, None))
        return self.session.apply(label, draft.target(self.source.thread.id, end)).added[0]


@pytest.fixture
def work(project_path: Path) -> Iterator[Work]:
    with Project.open(project_path, clock=fixed_clock) as project:
        yield Work(project)


def named(view: PostView, caret: int | None) -> list[str]:
    return [found.label for found in under_cursor(view, caret)]


def test_the_shortest_span_is_first_and_the_thread_comes_last(work: Work) -> None:
    wide = work.span("The council sold the bridge on Monday. It brought in 4 million.")
    crossing = work.span("Monday. It brought", label="evidence")
    work.span("4 million", label="source")
    work.tie(End(work.post(0), wide), End(work.post(1)))
    work.session.apply("controversial", Target(thread_id=1))
    view = work.view(0)
    caret = ARTICLE.index("brought")
    assert named(view, caret) == ["evidence", "claim", "rebuts", "controversial"]
    assert named(view, ARTICLE.index("Nobody")) == ["controversial"]
    assert named(view, None) == ["source", "evidence", "claim", "rebuts", "controversial"]
    candidates, far = under_cursor(view, caret), far_from(view)
    assert meant_among(candidates, 0, far) == crossing
    assert meant_among(candidates, wide.id, far) == wide
    assert next_among(candidates, crossing) == wide
    assert next_among(candidates, candidates[-1]) is None
    assert meant_among(under_cursor(view, 0), 0, far) is None


def test_a_relation_is_seen_from_both_of_its_ends(work: Work) -> None:
    claim, reply = work.span("Nobody had asked for it."), work.span("A ferry costs less.", 1)
    tie = work.tie(End(work.post(1), reply), End(work.post(0), claim))
    article, comment = work.view(0), work.view(1)
    assert [(tag.text, tag.offset) for tag in article.tags] == [("←Rebuts\xa01", ARTICLE.index(" it.") + 4)]
    assert [tag.text for tag in comment.tags] == ["→Rebuts\xa0article"]
    assert (article.chips, comment.chips) == ((), ())
    assert (leads_here(article, tie), leads_here(comment, tie)) == (True, False)
    words = work.source.relation_words
    assert words.other_end(tie, is_incoming=False) == (work.post(0).id, ARTICLE.index("Nobody"))
    assert words.other_end(tie, is_incoming=True) == (work.post(1).id, comment.post.text.index("A ferry"))
    assert words.end_name(tie) == "“Nobody had asked for it.”"
    assert words.end_name(tie, is_incoming=True) == "1 “A ferry costs less.”"


def test_relations_of_whole_posts_and_of_the_thread_are_chips(work: Work) -> None:
    up = work.tie(End(work.post(2)), End(), "cites")
    down = work.tie(End(), End(work.post(2)), "asks-about")
    own = work.tie(End(work.post(0)), End(), "supports")
    article, comment = work.view(0), work.view(2)
    assert [chip.text for chip in comment.chips] == ["→ Cites the thread", "← Asks about the thread"]
    assert [chip.text for chip in article.chips] == [
        "→ Asks about 1.1",
        "→ Supports the thread",
        "← Cites 1.1",
        "← Supports the article",
    ]
    assert all(chip.is_relation for chip in (*article.chips, *comment.chips))
    assert [leads_here(comment, found) for found in (up, down)] == [False, True]
    assert [leads_here(article, found) for found in (up, down, own)] == [True, False, False]
    assert far_from(article) == {up.id, down.id}
    assert {found.id for found in annotations_of_thread(work.session.project, 1)} == {up.id, down.id, own.id}
    assert work.source.relation_words.other_end(up, is_incoming=False) == (None, None)


def test_many_relations_at_one_place_are_counted(work: Work) -> None:
    claim = work.span("Nobody had asked for it.")
    for position in range(1, 6):
        work.tie(End(work.post(position)), End(work.post(0), claim))
    assert [tag.text for tag in work.view(0).tags] == ["←Rebuts\xa01", "←Rebuts\xa01.1", "←Rebuts\xa01.1.1", "+2"]


def test_a_screen_reader_reads_words_instead_of_arrows(work: Work) -> None:
    work.source.is_plain = True
    claim = work.span("Nobody had asked for it.")
    tie = work.tie(End(work.post(1)), End(work.post(0), claim))
    view = work.view(0)
    assert [tag.text for tag in view.tags] == ["[from\xa0Rebuts\xa01]"]
    assert inspect(work.source, view, under_cursor(view, ARTICLE.index("asked")), tie).names[1].text == "Rebuts from 1"


def test_the_words_of_tags_keep_their_distance(work: Work) -> None:
    post = replace(work.post(1), text="ab cd")
    tags = (Tag(offset=2, text="→A", colour="red"), Tag(offset=2, text="←B", colour="red"))
    assert tag_words(PostView(post=post, tags=tags)) == [(2, " →A ←B")]
    assert tag_words(PostView(post=replace(post, text="abcd"), tags=tags)) == [(2, " →A ←B ")]
    assert tag_words(PostView(post=replace(post, text="ab"), tags=tags)) == [(2, " →A ←B")]
    assert tag_words(PostView(post=post)) == ()


def test_attributes_and_notes_are_said_in_a_few_words(work: Work) -> None:
    claim = work.span("Nobody had asked for it.")
    work.session.change(claim.id, note="really?", attributes={"type": "fact", "certainty": 4, "confidence": 2})
    work.session.note(work.post(0).id, "Read again.")
    work.session.apply("controversial", Target(thread_id=1), attributes={"heat": 3})
    view = work.view(0)
    candidates = under_cursor(view, ARTICLE.index("asked"))
    said = inspect(work.source, view, candidates, candidates[0])
    assert (said.values, said.note, said.remark) == ("fact, certainty 4, confidence 2", "really?", "Read again.")
    assert ([name.text for name in said.names], said.apart) == (["Claim"], 1)
    far = inspect(work.source, view, candidates, candidates[1])
    assert ([name.text for name in far.names], far.apart) == (["Controversial topic (thread)"], 0)
    assert [chip.text for chip in view.chips] == ["Controversial topic: heat 3"]
    assert [sign.plain for sign in view.signs] == ["with a note"]


def test_of_many_names_those_near_the_one_that_is_meant_are_shown(work: Work) -> None:
    for length in range(3, 13):
        work.span(ARTICLE[28 : 28 + length])
    view = work.view(0)
    candidates = under_cursor(view, 29)
    for at, (before, place, behind) in {0: (0, 0, 4), 5: (2, 3, 2), 9: (4, 5, 0)}.items():
        said = inspect(work.source, view, candidates, candidates[at])
        assert (said.before, said.at, said.behind, len(said.names)) == (before, place, behind, 6)


def test_a_relation_may_start_at_the_words_the_post_or_the_thread(work: Work) -> None:
    claim = work.span("Nobody had asked for it.")
    label = work.session.apply("controversial", Target(thread_id=1)).added[0]
    post = work.post(0)
    assert [end.name for end in starts_at(post, claim)] == [
        "“Nobody had asked for it.”",
        "the article",
        "the whole thread",
    ]
    assert [end.name for end in starts_at(post, label)] == ["the whole thread", "the article"]
    assert [end.name for end in starts_at(work.post(2), None)] == ["1.1", "the whole thread"]


def test_labeled_words_are_found_by_words_labels_and_authors(work: Work) -> None:
    work.span("Nobody had asked for it.")
    work.span("A ferry costs less.", 1, "evidence")
    project = work.session.project

    def found(*words: str, limit: int = 9) -> list[str]:
        return [each.exact for each in labeled_spans(project, 1, work.session.annotator.id, limit, words)]

    assert found() == ["Nobody had asked for it.", "A ferry costs less."]
    assert found(limit=1) == ["Nobody had asked for it."]
    assert found("FERRY") == found("anna", "evid") == ["A ferry costs less."]
    assert found("ferry", "nobody") == found("%") == []


def scale(low: float, high: float, step: float | None) -> Attribute:
    return Attribute(id="a", name="A", kind=AttributeKind.SCALE, minimum=low, maximum=high, step=step)


@pytest.mark.parametrize(
    ("attribute", "values", "digits"),
    [
        (CONFIDENCE, [1, 2, 3, 4, 5], "12345"),
        (scale(0, 9, 1), list(range(10)), "0123456789"),
        (scale(0, 3, 1), [0, 1, 2, 3], "0123"),
        (scale(-2, 2, 1), [-2, -1, 0, 1, 2], "12345"),
        (scale(0, 0.3, 0.1), [0, 0.1, 0.2, 0.3], "1234"),
        (scale(0, 10, 1), [], ""),
        (scale(0, 1, None), [], ""),
        (Attribute(id="a", name="A", kind=AttributeKind.CHOICE, choices=("x", "y")), ["x", "y"], "12"),
        (Attribute(id="a", name="A", kind=AttributeKind.CHOICE, choices=tuple("abcdefghij")), [], ""),
        (Attribute(id="a", name="A", kind=AttributeKind.TEXT), [], ""),
    ],
)
def test_few_values_have_a_digit_each(attribute: Attribute, values: list[str | int | float], digits: str) -> None:
    assert values_of(attribute) == values
    assert "".join(digits_of(values)) == digits
    assert field_id(attribute).startswith("attribute-")


def test_a_line_end_of_a_note_outlives_an_entry_of_one_line() -> None:
    assert stored(" one⏎two ") == "one\ntwo"
