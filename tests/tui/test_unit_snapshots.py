"""What crossing spans, relations and notes look like, and the dialogs in which they are chosen and written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from annotations.model import Target
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.codebooks import codebook_in_force
from annotations.store.project import Project
from annotations.store.threads import find_thread, load_posts
from tests.tui.conftest import fixed_clock
from tests.tui.test_snapshots import MIDDLE, NARROW, after
from tui.theme_names import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tui.app import PostilApp

OVERLAP = "right_curly_bracket w w w w"
SCREENS = {
    "spans": OVERLAP,
    "another": f"{OVERLAP} o",
    "ends": f"{OVERLAP} r",
    "list": "tab r colon",
    "ties": f"{OVERLAP} o o g o",
    "note": "tab j a",
    "thread": "tab j",
}


@pytest.fixture
def related(project_path: Path) -> None:
    """The project with nested and crossing spans, relations between words, posts and the thread, values and notes."""
    with Project.open(project_path, clock=fixed_clock) as project:
        thread = find_thread(project, "bridge")
        article, first, second, third, *_ = load_posts(project, thread.id, 0, 9)
        session = LabelingSession(project, project.annotator("ann"), codebook_in_force(project))

        def put(post_id: int, start: int, end: int) -> Target:
            return Target(thread_id=thread.id, post_id=post_id, span=Span(start, end))

        (claim,) = session.apply("claim", put(article.id, 28, 91), attributes={"type": "fact", "confidence": 4}).added
        session.apply("evidence", put(article.id, 40, 66), note="Which one?")
        session.apply("source", put(article.id, 48, 58))
        session.apply("claim", put(article.id, 80, 140))
        (reply,) = session.apply("claim", put(first.id, 0, 20)).added
        to_claim = Target(thread_id=thread.id, to_post_id=article.id, to_annotation=claim.id)
        session.apply("rebuts", replace(to_claim, post_id=first.id, from_annotation=reply.id), note="By half.")
        session.apply("supports", replace(to_claim, post_id=second.id))
        session.apply("cites", Target(thread_id=thread.id, post_id=third.id, to_thread_id=thread.id))
        session.apply("controversial", Target(thread_id=thread.id), attributes={"heat": 2})
        session.note(first.id, "Knows the mayor.")


@pytest.mark.usefixtures("related")
@pytest.mark.parametrize(("size", "theme"), [(NARROW, DARK), (MIDDLE, LIGHT)], ids=["narrow-dark", "wide-light"])
@pytest.mark.parametrize("name", sorted(SCREENS))
def test_units(
    snap_compare: Callable[..., bool], make_app: Callable[..., PostilApp], name: str, size: tuple[int, int], theme: str
) -> None:
    assert snap_compare(make_app(theme=theme), terminal_size=size, run_before=after(SCREENS[name]))
