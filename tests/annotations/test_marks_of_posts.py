"""What is left on posts is the same whether it is read from end to end or looked for post by post."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.store import marks
from annotations.store.gathering import of_annotator
from annotations.store.marks import MarksOfPosts

if TYPE_CHECKING:
    from tests.annotations.conftest import Desk


@pytest.mark.parametrize("gaps", [0, 4])
def test_marks_of_several_annotators_come_in_the_order_of_their_names(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, gaps: int
) -> None:
    monkeypatch.setattr(marks, "_GAPS", gaps)  # 0: always post by post
    first, second, other = (desk.posts[key] for key in ("1", "2", "3"))
    zoe, ada = desk.session("Zoe"), desk.session("Ada")
    for session in (zoe, ada):
        session.review(second)
        session.flag(first)
        session.note(second, session.annotator.name)
        session.review(other)
    zoe.review(first)
    with desk.project.transaction() as connection:
        connection.executemany(
            "INSERT INTO times VALUES (?, ?, ?)",
            [(zoe.annotator.id, first, 1.04), (ada.annotator.id, first, 2.04), (ada.annotator.id, second, 0.5)],
        )
    names = {each.annotator.id: each.annotator.name for each in (zoe, ada)}

    found = MarksOfPosts(desk.project, names, [second, first], of_annotator(None, None))
    people = found.people("reviews")
    assert (people[first], people[second]) == (("Zoe",), ("Ada", "Zoe"))
    assert found.people("flags") == {first: ("Ada", "Zoe")}
    assert found.seconds() == {first: 3.1, second: 0.5}
    assert [note.note for note in found.notes()[second]] == ["Ada", "Zoe"]

    alone = MarksOfPosts(desk.project, names, [second, first], of_annotator(ada.annotator.id, None))
    assert (alone.people("reviews")[second], first in alone.people("reviews")) == (("Ada",), False)
    assert alone.seconds() == {first: 2.0, second: 0.5}
    assert [note.note for note in alone.notes()[second]] == ["Ada"]


@pytest.mark.parametrize("gaps", [0, 4])
def test_annotations_come_by_their_posts_of_one_annotator_or_of_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, gaps: int
) -> None:
    monkeypatch.setattr(marks, "_GAPS", gaps)
    first, second, other = (desk.posts[key] for key in ("1", "2", "3"))
    zoe, ada = desk.session("Zoe"), desk.session("Ada")
    for session in (zoe, ada):
        session.apply("agree", desk.post("2"))
    zoe.apply("agree", desk.post("1"))
    zoe.apply("agree", desk.post("3"))

    def put(annotator: int | None) -> dict[int, set[str]]:
        read = MarksOfPosts(desk.project, {}, [second, first], of_annotator(annotator, None))
        names = {each.annotator.id: each.annotator.name for each in (zoe, ada)}
        found = read.annotations("a.post_id, a.annotator_id")
        return {post: {names[who] for _, who in rows} for post, rows in found.items() if post != other}

    assert put(None) == {first: {"Zoe"}, second: {"Ada", "Zoe"}}
    assert put(ada.annotator.id) == {second: {"Ada"}}
