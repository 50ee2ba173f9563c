"""What is found out about a thread before the project is locked, and what others do to the project meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from annotations.model import Post, PostKind, Thread
from annotations.store.check import check
from annotations.store.posts import iter_posts
from annotations.store.threads import ImportStatus, SavedThread, save_thread
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotations.store.project import Project
    from tests.annotations.conftest import Desk


class Watched(Work):
    """Work that lets somebody else do something just before the project is locked."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self.meanwhile = meanwhile
        self.stages: list[str] = []

    def begin(self, stage: str, *arguments: Any, **extra: Any) -> None:  # noqa: ANN401  # passed on
        super().begin(stage, *arguments, **extra)
        self.stages.append(stage)
        if stage == "Waiting for the project":
            self.meanwhile()


def fog_thread(*texts: str) -> Thread:
    """Return a thread with these comments."""
    article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Fog in the harbour")
    comments = [Post(key=str(number), parent="0", author="eel", text=text) for number, text in enumerate(texts, 1)]
    return Thread(key="fog", title="Fog", posts=(article, *comments), format="test")


def save(project: Project, *texts: str) -> SavedThread:
    """Import the thread in a state that it never had before."""
    return save_thread(project, fog_thread(*texts), location="/fog.txt", source_sha256=repr(texts))


FIRST = ("The fog lasts for days on end.", "Nobody can see the ferry from here.")


def test_an_earlier_state_is_compared_with_before_the_project_is_locked(desk: Desk) -> None:
    save(desk.project, *FIRST)
    locked: list[bool] = []
    work = Watched(lambda: locked.append(desk.project.connection.in_transaction))
    with desk.project.doing(work):
        saved = save(desk.project, *FIRST, "And the pilots?")
    assert (saved.status, saved.added, saved.changed) == (ImportStatus.REVISED, 1, 0)
    assert work.stages.index("Comparing with what is there") < work.stages.index("Waiting for the project")
    assert work.stages.count("Comparing with what is there") == 1
    assert locked == [False]


def test_what_others_import_meanwhile_is_compared_with_too(desk: Desk) -> None:
    first = save(desk.project, *FIRST)
    other = desk.open_again()
    work = Watched(lambda: save(other, "Fog is beautiful, says my aunt.", *FIRST))
    with desk.project.doing(work):
        saved = save(desk.project, *FIRST, "And the pilots?")
    other.close()
    assert work.stages.count("Comparing with what is there") == 2
    assert (saved.status, saved.added, saved.removed) == (ImportStatus.REVISED, 1, 1)
    assert saved.thread.revision == 3
    posts = list(iter_posts(desk.project, first.thread.id))
    assert [post.text for post in posts if "removed_at" not in post.meta] == [
        "Fog in the harbour",
        *FIRST,
        "And the pilots?",
    ]
    assert check(desk.project) == []


def test_a_thread_that_somebody_else_brings_meanwhile_is_not_there_twice(desk: Desk) -> None:
    other = desk.open_again()
    with desk.project.doing(Watched(lambda: save(other, *FIRST))):
        saved = save(desk.project, *FIRST)
    other.close()
    assert saved.status is ImportStatus.UNCHANGED
    assert desk.rows("SELECT COUNT(*) FROM threads WHERE key LIKE 'fog%'") == [(1,)]
