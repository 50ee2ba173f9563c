"""A long thread that nobody expects is stored in one walk through its posts, as it would be in two, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from annotations.errors import SourceError
from annotations.importers.reading.assemble import assemble
from annotations.lazy_posts import LazyPosts, ReorderedPosts
from annotations.model import Post, PostKind, Thread
from annotations.sources.problems import Problems
from annotations.store.check import check
from annotations.store.project import Project
from annotations.store.threads import ImportStatus, SavedThread, save_thread
from annotations.work import Work, WorkCancelledError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.annotations.conftest import Desk

COMMENTS = 1300
"""More than are stored between two words about how far it is."""
TABLES = {
    "threads": "key, title, source, source_key, source_sha256, content_sha256, format, posts, max_depth, revision, meta",
    "posts": "*",
    "thread_shapes": "*",
    "text_signatures": "*",
}


class Watched(Work):
    """Work in which something happens at a stage, and at its first word about how far that is.

    Args:
        stage: The stage.
        begun: Happens when it begins.
        told: Happens at that word.
    """

    def __init__(self, stage: str, *, begun: Callable[[], object] = bool, told: Callable[[], object] = bool) -> None:
        super().__init__()
        self.events = {f"{stage} begins": begun, stage: told}
        self.stages: list[str] = []
        self.fractions: list[float] = []

    def begin(self, stage: str, *arguments: Any, **extra: Any) -> None:  # noqa: ANN401  # passed on
        super().begin(stage, *arguments, **extra)
        self.stages.append(stage)
        self.fractions.append(self.fraction)
        self.events.pop(f"{stage} begins", bool)()

    def advance(self, done: int) -> None:
        self.events.pop(self.stage, bool)()
        super().advance(done)
        self.fractions.append(self.fraction)


def long_thread(*others: Post, is_lazy: bool = True, comments: int = COMMENTS) -> Thread:
    """Return a thread whose posts are fetched, and some of whose records do not fit."""
    article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Fog in the harbour")
    records = [
        Post(key=f"c{at}", parent=f"c{at // 3}" if at > 2 else "", author="eel", text=f"Fog, said {at}. 🌫 雾里")
        for at in range(comments)
    ]
    records += [Post(key="o", parent="missing", text="An orphan."), Post(key="c7", parent="c9", text="Twice."), *others]
    posts = assemble(article, ReorderedPosts(records, range(len(records)), {}), Problems("fog"))
    assert isinstance(posts, LazyPosts)
    return Thread(key="fog", title="Fog", posts=posts if is_lazy else tuple(posts), format="test")


def save(project: Project, thread: Thread, sha256: str = "1") -> SavedThread:
    return save_thread(project, thread, location="/dump", source_sha256=sha256)


def stored(project: Project) -> list[list[tuple[Any, ...]]]:
    """Return all that is stored of threads, and which posts are found."""
    queries = [f"SELECT {columns} FROM {table} ORDER BY 1" for table, columns in TABLES.items()]  # noqa: S608  # ours
    queries.append("SELECT rowid FROM posts_fts WHERE posts_fts MATCH 'said OR orphan OR fog' ORDER BY 1")
    return [project.connection.execute(query).fetchall() for query in queries]


@pytest.mark.parametrize("posts_before", [0, 100])
def test_one_walk_stores_what_two_store(desk: Desk, posts_before: int) -> None:
    """Also where the signature of the posts before is to be completed."""
    others = tuple(Post(key=f"b{at}", parent="0", text="前") for at in range(posts_before))
    article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Before")
    save_thread(
        desk.project,
        Thread(key="before", title="Before", posts=(article, *others), format="test"),
        location="/before",
        source_sha256="before",
    )
    copy = desk.path.with_name("copy.db")
    desk.project.connection.execute("VACUUM INTO ?", (str(copy),))
    with Project.open(copy, clock=desk.clock) as other:
        for project, is_lazy in ((desk.project, True), (other, False)):
            work = Watched("")
            with project.doing(work):
                saved = save(project, long_thread(is_lazy=is_lazy))
            assert ("Checking the thread" in work.stages) is not is_lazy
            assert work.fractions == sorted(work.fractions)
            assert (saved.status, saved.uncertain) == (ImportStatus.NEW, 2)
            assert check(project) == []
        assert stored(desk.project) == stored(other)


@pytest.mark.parametrize(("comments", "status"), [(COMMENTS, ImportStatus.UNCHANGED), (900, ImportStatus.REVISED)])
def test_what_others_bring_meanwhile_is_not_there_twice(desk: Desk, comments: int, status: ImportStatus) -> None:
    other = desk.open_again()
    threads = len(desk.rows("SELECT id FROM threads"))
    work = Watched("Waiting for the project", begun=lambda: save(other, long_thread(comments=comments), f"{comments}"))
    with desk.project.doing(work):
        saved = save(desk.project, long_thread())
    other.close()
    assert saved.status is status
    assert len(desk.rows("SELECT id FROM threads")) == threads + 1
    assert desk.rows("SELECT COUNT(*) FROM posts WHERE thread_id = (SELECT MAX(id) FROM threads)") == [(COMMENTS + 3,)]
    assert check(desk.project) == []


@pytest.mark.parametrize(
    ("post", "message"),
    [
        (Post(key="bell", parent="", text="Ding\a"), r"the character U\+0007"),
        (Post(key="half", parent="", text="\ud83d"), r"the character U\+D83D"),
        (Post(key="two", parent="", kind=PostKind.ARTICLE, text="Two"), "has a second one: post 'two'"),
    ],
)
def test_what_is_refused_at_its_end_leaves_nothing(desk: Desk, post: Post, message: str) -> None:
    before = stored(desk.project)
    thread = long_thread(post)
    with pytest.raises(SourceError, match=message):
        save(desk.project, thread)
    assert stored(desk.project) == before
    with pytest.raises(SourceError, match=message):
        save(desk.project, replace(thread, posts=tuple(thread.posts)))


def test_cancelling_in_its_midst_leaves_nothing(desk: Desk) -> None:
    before = stored(desk.project)
    work = Watched("Storing", told=lambda: work.cancel())  # noqa: PLW0108  # it is not made yet
    with desk.project.doing(work), pytest.raises(WorkCancelledError):
        save(desk.project, long_thread())
    assert "Indexing" not in work.stages
    assert stored(desk.project) == before
    assert check(desk.project) == []


def test_a_source_that_is_known_is_looked_at_before_the_project_is_locked(desk: Desk) -> None:
    save(desk.project, long_thread())
    for sha256, comments, status in (
        ("1", COMMENTS, ImportStatus.UNCHANGED),
        ("2", COMMENTS, ImportStatus.UNCHANGED),
        ("3", COMMENTS - 9, ImportStatus.REVISED),
    ):
        work = Watched("Storing")
        with desk.project.doing(work):
            assert save(desk.project, long_thread(comments=comments), sha256).status is status
        assert work.stages[0] == "Checking the thread"
    assert check(desk.project) == []
