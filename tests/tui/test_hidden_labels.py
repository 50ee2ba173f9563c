"""What a folded comment hides: counted by label and place, and kept right while labels come and go."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.codebook_toml import default_codebook
from annotations.model import Target
from annotations.session import LabelingSession
from annotations.store.project import Project
from annotations.store.threads import find_thread
from tests.tui.conftest import COMMENTS, fixed_clock
from tui.screens.thread_source import ThreadSource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LAST = len(COMMENTS)
LABELS = ("agree", "sarcasm", "insult")


@pytest.fixture
def source(project_path: Path) -> Iterator[ThreadSource]:
    with Project.open(project_path, clock=fixed_clock) as project:
        thread = find_thread(project, "bridge")
        yield ThreadSource(LabelingSession(project, project.annotator("ann"), default_codebook()), thread)


def hidden(source: ThreadSource, start: int, stop: int) -> set[str]:
    return {chip.text for chip in source.hidden_summary(start, stop)[1]}


def expected(source: ThreadSource, start: int, stop: int) -> set[str]:
    counts = Counter(label for position in range(start, stop) for label in source.labels_at(position))
    names = {label: source.session.codebook.label(label).name for label in counts}
    return {f"{names[label]} ×{count}" if count > 1 else names[label] for label, count in counts.items()}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.integers(1, LAST), st.sampled_from(LABELS)), max_size=6),
    bounds=st.tuples(st.integers(1, LAST), st.integers(1, LAST)).map(lambda ends: (min(ends), max(ends) + 1)),
)
def test_counts_follow_every_label_that_is_put_and_taken_off(
    source: ThreadSource, steps: list[tuple[int, str]], bounds: tuple[int, int]
) -> None:
    for position, label in steps:
        post = source.load([position])[0].post
        source.session.toggle(label, Target(thread_id=source.thread.id, post_id=post.id))
        source.refresh([post.id])
    assert hidden(source, *bounds) == expected(source, *bounds)
    assert hidden(source, 1, LAST + 1) == expected(source, 1, LAST + 1)
    opened = ThreadSource(source.session, source.thread)
    assert hidden(opened, *bounds) == hidden(source, *bounds), "as after a restart"


def test_the_most_frequent_label_comes_first_and_unread_posts_are_counted(source: ThreadSource) -> None:
    for position, label in ((1, "agree"), (2, "sarcasm"), (3, "sarcasm")):
        post = source.load([position])[0].post
        source.session.apply(label, Target(thread_id=source.thread.id, post_id=post.id))
        source.refresh([post.id])
    source.mark_read([2, 3])
    unread, chips = source.hidden_summary(1, 5)
    assert (unread, [chip.text for chip in chips]) == (2, ["Sarcasm ×2", "Agree"])
