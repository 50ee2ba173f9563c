"""What surrounds the text looks like: the chain above the thread, the parent at a key, signs behind names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from annotations.codebook_toml import default_codebook
from annotations.model import Post
from annotations.session import LabelingSession
from annotations.store.project import Project
from annotations.store.threads import find_thread, save_thread
from tests.tui.conftest import bridge_thread, fixed_clock
from tui.screens.reader import ReaderScreen
from tui.theme_names import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from tui.app import PostilApp

NARROW, WIDE = (80, 24), (120, 40)
SIZES = pytest.mark.parametrize(("size", "theme"), [(NARROW, DARK), (WIDE, LIGHT)], ids=["narrow-dark", "wide-light"])


def after(keys: str) -> Callable[[Pilot[None]], object]:
    async def press(pilot: Pilot[None]) -> None:
        for key in keys.split():
            await pilot.press(key)
            await pilot.pause()
        for screen in pilot.app.screen_stack:
            if isinstance(screen, ReaderScreen):
                screen.flush()  # what is written a moment later, and shown then, is shown now
        await pilot.pause()

    return press


@SIZES
def test_peek(
    snap_compare: Callable[..., bool], make_app: Callable[..., PostilApp], size: tuple[int, int], theme: str
) -> None:
    assert snap_compare(make_app(theme=theme), terminal_size=size, run_before=after("tab 1 j equals_sign"))


@SIZES
def test_signs(
    snap_compare: Callable[..., bool],
    make_app: Callable[..., PostilApp],
    project_path: Path,
    size: tuple[int, int],
    theme: str,
) -> None:
    """The original poster, somebody followed, a new comment, an edited one, one that is gone from the source."""
    thread = bridge_thread()
    posts = [
        replace(post, text=f"{post.text} Edited.") if post.key == "1.1" else post
        for post in thread.posts
        if post.key != "1.2"
    ]
    late = Post(key="1.1.2", parent="1.1", author="ida", text="So do I; who has the key?")
    with Project.open(project_path, clock=fixed_clock) as project:
        session = LabelingSession(project, project.annotator("ann"), default_codebook())
        session.save_visit(find_thread(project, "bridge").id, known=1, seen=1)
        session.follow("bert")
        revised = replace(thread, posts=(*posts, late), meta={"submitter": "anna"})
        save_thread(project, revised, location="/bridge.txt", source_sha256="1" * 64)
    assert snap_compare(make_app(theme=theme), terminal_size=size, run_before=after("tab j"))
