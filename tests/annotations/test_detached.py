"""What an import could not place is kept and listed, with the nearest words of the present text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.model import Post, PostKind, Target, Thread
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.check import check
from annotations.store.detached import count_detached, detached_annotations
from annotations.store.library import work_by_thread
from annotations.store.posts import find_post
from annotations.store.project import Project
from annotations.store.threads import SavedThread, save_thread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.codebook import Codebook

ARTICLE = "The Tunnel\n\nThe tunnel will flood. Nobody has measured the salt in the ground water. Pumps are dear."


class Desk:
    """A project with a source that changes, and two analysts."""

    def __init__(self, project: Project, codebook: Codebook) -> None:
        self.project = project
        self.ann = LabelingSession(project, project.annotator("Ann"), codebook)
        self.ben = LabelingSession(project, project.annotator("Ben"), codebook)
        self.imports = 0

    def bring(self, *comments: str, article: str = ARTICLE, key: str = "tunnel") -> SavedThread:
        self.imports += 1
        posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text=article)]
        posts += [Post(key=str(number), parent="0", author="x", text=text) for number, text in enumerate(comments, 1)]
        thread = Thread(key=key, title=f"The {key}", posts=tuple(posts), format="test")
        return save_thread(self.project, thread, location=f"/{key}", source_sha256=str(self.imports))

    def target(self, words: str, post: str = "0", thread_id: int = 1) -> Target:
        stored = find_post(self.project, thread_id, post)
        start = stored.text.index(words)
        return Target(thread_id=thread_id, post_id=stored.id, span=Span(start, start + len(words)))


@pytest.fixture
def desk(tmp_path: Path, codebook: Codebook) -> Iterator[Desk]:
    with Project.open(tmp_path / "postil.db", create=True) as project:
        yield Desk(project, codebook)


def test_lost_spans_are_listed_with_what_became_of_their_place(desk: Desk) -> None:
    desk.bring()
    (claim,) = desk.ann.apply("claim", desk.target("Nobody has measured the salt in the ground water")).added
    (term,) = desk.ben.apply("term", desk.target("Pumps are dear")).added
    saved = desk.bring(article="The Tunnel\n\nThe tunnel will flood. The salt was found to do no harm. Also.")
    assert (saved.kept, saved.detached) == (0, 2)
    first, second = detached_annotations(desk.project, 1)
    assert (first.annotation.id, first.annotation.annotator, first.thread) == (claim.id, "Ann", "The tunnel")
    assert first.candidate is not None
    assert first.candidate.quote.exact == "The salt was found to do no harm"
    assert 0.3 < first.candidate.score < 0.7
    assert (second.annotation.id, second.annotation.annotator) == (term.id, "Ben")
    assert count_detached(desk.project, 1) == 2
    assert count_detached(desk.project, 1, desk.ben.annotator.id) == 1
    assert work_by_thread(desk.project, desk.ann.annotator.id)[1].detached == 2
    assert [entry.annotation.id for entry in detached_annotations(desk.project, 1, desk.ben.annotator.id)] == [term.id]


def test_the_nearest_words_are_a_place_to_attach_to_and_that_can_be_undone(desk: Desk) -> None:
    desk.bring()
    (claim,) = desk.ann.apply("claim", desk.target("Nobody has measured the salt in the ground water")).added
    desk.bring(article="The Tunnel\n\nThe tunnel will flood. The salt was found to do no harm. Also.")
    (entry,) = detached_annotations(desk.project, 1)
    assert entry.candidate is not None
    desk.ann.change(claim.id, span=entry.candidate.span)
    assert detached_annotations(desk.project, 1) == []
    assert check(desk.project) == []
    desk.ann.undo()
    (again,) = detached_annotations(desk.project, 1)
    assert again == entry
    desk.ann.retract(claim.id)
    assert detached_annotations(desk.project) == []
    desk.ann.undo()
    assert len(detached_annotations(desk.project)) == 1
    assert check(desk.project) == []


def test_a_span_whose_words_are_wholly_gone_has_no_candidate(desk: Desk) -> None:
    desk.bring()
    desk.ann.apply("claim", desk.target("Pumps are dear"))
    desk.bring(article="水")
    (entry,) = detached_annotations(desk.project)
    assert entry.candidate is None


def test_labels_and_relations_of_posts_that_are_gone_are_kept_and_listed(desk: Desk) -> None:
    desk.bring("The tunnel is a fine thing, I have always said so.", "No, it will cost us the harbour and the fish.")
    posts = {key: find_post(desk.project, 1, key).id for key in ("0", "1", "2")}
    (stance,) = desk.ann.apply("agree", Target(thread_id=1, post_id=posts["1"])).added
    (rebuts,) = desk.ann.apply("rebuts", Target(thread_id=1, post_id=posts["2"], to_post_id=posts["1"])).added
    (span,) = desk.ben.apply("claim", desk.target("fine thing", "1")).added
    (other,) = desk.ben.apply("agree", Target(thread_id=1, post_id=posts["2"])).added
    saved = desk.bring("No, it will cost us the harbour and the fish.")
    assert (saved.removed, saved.on_removed) == (1, 3)
    found = detached_annotations(desk.project)
    assert {entry.annotation.id for entry in found} == {stance.id, rebuts.id, span.id}
    assert other.id not in {entry.annotation.id for entry in found}
    assert all(entry.is_removed and entry.candidate is None for entry in found)
    assert count_detached(desk.project, 1) == 0, "they are where they were put"


def test_several_threads_are_listed_one_after_the_other(desk: Desk) -> None:
    for key in ("tunnel", "bridge"):
        desk.bring(key=key)
    for thread_id in (2, 1):
        desk.ann.apply("claim", desk.target("Pumps are dear", thread_id=thread_id))
    for key in ("tunnel", "bridge"):
        desk.bring(article=f"The {key} stands.", key=key)
    assert [entry.thread for entry in detached_annotations(desk.project)] == ["The tunnel", "The bridge"]
    assert [entry.thread for entry in detached_annotations(desk.project, 2)] == ["The bridge"]
