"""Undo and redo of two annotators who take turns, over restarts, while the source is imported again and again.

The source changes so that words move but none goes. What an annotator has done is then told by the words that it is on:
undo and redo have to lead through the same states, whatever was imported in between and whatever the other one did.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from msgspec.structs import replace

from annotations.model import Target
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.check import check
from annotations.store.codebooks import apply_codebook
from annotations.store.flags import flaggers_of_posts
from annotations.store.labels import annotations_in_thread
from annotations.store.project import Project
from annotations.store.threads import find_thread, iter_posts, save_thread
from tests.annotations.conftest import ARTICLE, make_thread

if TYPE_CHECKING:
    from annotations.codebook import Codebook
    from annotations.store.writing import Change
    from tests.annotations.conftest import Desk

TEXTS = (
    ARTICLE,
    "Harbour tunnel approved\n\nNobody asked us. 🌊 It costs 40 million. The tunnel will flood every spring.",
    (
        "Harbour tunnel approved at last, said the council in a long statement\n\n🌊 Nobody asked us, they say. "
        "It costs 40 million today. Will the tunnel flood every spring? The tunnel will flood every spring."
    ),
)
WORDS = ("Nobody asked us", "costs 40 million", "flood every spring.")
SPAN_LABELS, POST_LABELS = ("claim", "premise", "term"), ("agree", "disagree", "funny")
EXCLUSIVE = ({"claim", "premise"}, {"agree", "disagree"})
KEYS = ("1", "1.1", "2")

Put: TypeAlias = "tuple[str, str, str]"
"""A label, the words or the key of the post that it is on, its note."""
State: TypeAlias = "frozenset[Put]"
"""Labels, and with the labels `reviewed` and `flagged` what else an annotator has said of posts."""


@dataclass
class Person:
    """What a plain model says of one annotator."""

    now: State = frozenset()
    done: list[State] = field(default_factory=list)
    undone: list[State] = field(default_factory=list)

    def step(self, after: State, change: Change) -> None:
        """Take a step, if it was one."""
        assert bool(change.thread_ids) is (after != self.now)
        if after != self.now:
            self.done.append(self.now)
            self.undone.clear()
            self.now = after


NAMES = st.sampled_from(["Ada", "Bea"])


class Interleaved(RuleBasedStateMachine):
    """Two annotators and an importer take turns; a model of sets says what must stand."""

    template: Path
    codebook: Codebook

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "postil.db"
        shutil.copy(self.template, self.path)
        self.people = {name: Person() for name in ("Ada", "Bea")}
        self.text, self.imports = ARTICLE, 0
        self.open()

    def open(self) -> None:
        self.project = Project.open(self.path)
        self.project.connection.execute("PRAGMA synchronous=OFF")  # no power is lost here, and it is much faster
        self.thread_id = find_thread(self.project, "tunnel").id
        self.posts = {post.key: post.id for post in iter_posts(self.project, self.thread_id)}
        self.sessions = {
            name: LabelingSession(self.project, self.project.annotator(name), self.codebook) for name in self.people
        }

    @rule()
    def restart(self) -> None:
        self.project.close()
        self.open()

    @rule(pick=st.integers(0, 2))
    def import_again(self, pick: int) -> None:
        self.text = TEXTS[pick]
        self.imports += 1
        thread = replace(make_thread(article=self.text), title=f"Import {self.imports}")
        save_thread(self.project, thread, location="/sources/tunnel.txt", source_sha256=str(self.imports))

    @rule(name=NAMES, label=st.sampled_from(SPAN_LABELS), words=st.sampled_from(WORDS))
    def label_words(self, name: str, label: str, words: str) -> None:
        start = self.text.rindex(words)
        target = Target(thread_id=self.thread_id, post_id=self.posts["0"], span=Span(start, start + len(words)))
        self.toggle(name, label, words, target)

    @rule(name=NAMES, label=st.sampled_from(POST_LABELS), key=st.sampled_from(KEYS))
    def label_post(self, name: str, label: str, key: str) -> None:
        self.toggle(name, label, key, Target(thread_id=self.thread_id, post_id=self.posts[key]))

    def toggle(self, name: str, label: str, place: str, target: Target) -> None:
        person = self.people[name]
        change = self.sessions[name].toggle(label, target)
        there = {put for put in person.now if put[:2] == (label, place)}
        if there:
            after = person.now - there
        else:
            group: set[str] = next((group for group in EXCLUSIVE if label in group), set())
            fallen = {put for put in person.now if put[1] == place and put[0] in group}
            after = (person.now - fallen) | {(label, place, "")}
        person.step(after, change)

    @rule(name=NAMES, pick=st.integers(0, 9), note=st.sampled_from(["", "a", "b"]))
    def write_note(self, name: str, pick: int, note: str) -> None:
        person, session = self.people[name], self.sessions[name]
        mine = annotations_in_thread(self.project, self.thread_id, session.annotator.id)
        if mine:
            chosen = mine[pick % len(mine)]
            old = self.put_of(
                chosen.label, chosen.quote.exact if chosen.quote else None, chosen.target.post_id, chosen.note
            )
            person.step((person.now - {old}) | {(*old[:2], note)}, session.change(chosen.id, note=note))

    @rule(name=NAMES, key=st.sampled_from(KEYS), mark=st.sampled_from(["reviewed", "flagged"]))
    def mark(self, name: str, key: str, mark: str) -> None:
        person, session = self.people[name], self.sessions[name]
        change = (session.toggle_review if mark == "reviewed" else session.flag)(self.posts[key])
        person.step(person.now ^ {(mark, key, "")}, change)

    @rule(name=NAMES, times=st.integers(1, 3))
    def undo(self, name: str, times: int) -> None:
        person = self.people[name]
        for _ in range(times):
            assert (self.sessions[name].undo() is None) is (not person.done)
            if person.done:
                person.undone.append(person.now)
                person.now = person.done.pop()

    @rule(name=NAMES, times=st.integers(1, 3))
    def redo(self, name: str, times: int) -> None:
        person = self.people[name]
        for _ in range(times):
            assert (self.sessions[name].redo() is None) is (not person.undone)
            if person.undone:
                person.done.append(person.now)
                person.now = person.undone.pop()

    def put_of(self, label: str, exact: str | None, post_id: int | None, note: str) -> Put:
        keys = {row: key for key, row in self.posts.items()}
        return label, exact or keys[post_id or 0], note

    @invariant()
    def each_has_what_the_model_says(self) -> None:
        for name, person in self.people.items():
            session = self.sessions[name]
            annotator_id = session.annotator.id
            mine = annotations_in_thread(self.project, self.thread_id, annotator_id)
            assert not any(each.detached for each in mine)
            stands = {
                self.put_of(each.label, each.quote.exact if each.quote else None, each.target.post_id, each.note)
                for each in mine
            }
            assert len(stands) == len(mine)
            stands |= {("reviewed", key, "") for key in KEYS if session.is_reviewed(self.posts[key])}
            flagged = flaggers_of_posts(self.project, self.posts.values(), annotator_id)
            stands |= {("flagged", key, "") for key in KEYS if self.posts[key] in flagged}
            assert stands == person.now

    def teardown(self) -> None:
        if hasattr(self, "project"):
            try:
                assert check(self.project) == []
            finally:
                self.project.close()
                self.folder.cleanup()


def test_two_annotators_undo_and_redo_while_the_source_changes(desk: Desk, codebook: Codebook) -> None:
    apply_codebook(desk.project, codebook)
    desk.project.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    Interleaved.template, Interleaved.codebook = desk.path, codebook
    run_state_machine_as_test(Interleaved, settings=settings(max_examples=20, stateful_step_count=25, deadline=None))
