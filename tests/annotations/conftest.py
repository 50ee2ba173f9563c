"""A small project to label in: one thread with a tree of comments, a second thread, a codebook of every kind of rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from annotations.codebook_toml import parse_codebook
from annotations.model import Annotation, Post, PostKind, Target, Thread
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.project import Project
from annotations.store.threads import find_thread, iter_posts, save_thread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.codebook import Codebook
    from annotations.store.writing import Change

ARTICLE = "Harbour tunnel approved\n\nThe tunnel will flood every spring. It costs 40 million. 🌊 Nobody asked us."

COMMENTS = (
    ("1", "0", "pikeperch", "It will not flood: the pumps are new."),
    ("1.1", "1", "Ada", "Pumps fail. Pumps always fail."),
    ("1.1.1", "1.1", None, "True 👩‍👩‍👧."),
    ("2", "0", "eel", "Who pays?"),
    ("3", "0", "stickleback", ""),
    ("3.1", "3", "pikeperch", "I agree with nobody."),
)

RULES = """
name = "Test"

[[groups]]
id = "stance"
name = "Stance"
exclusive = true

[[groups]]
id = "role"
name = "Role"
exclusive = true

[[groups]]
id = "mood"
name = "Mood"
exclusive = true

[[groups]]
id = "link"
name = "Link"
exclusive = true

[[labels]]
id = "claim"
name = "Claim"
scope = "span"
group = "role"

[[labels.attributes]]
id = "certainty"
name = "Certainty"
kind = "scale"
minimum = 1
maximum = 5

[[labels.attributes]]
id = "share"
name = "Share"
kind = "scale"
minimum = 0
maximum = 1
step = 0.1

[[labels.attributes]]
id = "type"
name = "Type"
kind = "choice"
choices = ["fact", "value"]

[[labels.attributes]]
id = "source"
name = "Source"
kind = "text"

[[labels]]
id = "premise"
name = "Premise"
scope = "span"
group = "role"

[[labels]]
id = "term"
name = "Term"
scope = "span"

[[labels]]
id = "agree"
name = "Agree"
scope = "post"
group = "stance"

[[labels]]
id = "disagree"
name = "Disagree"
scope = "post"
group = "stance"

[[labels]]
id = "funny"
name = "Funny"
scope = "post"

[[labels]]
id = "old"
name = "Old"
scope = "post"
retired = true

[[labels]]
id = "heated"
name = "Heated"
scope = "thread"
group = "mood"

[[labels]]
id = "calm"
name = "Calm"
scope = "thread"
group = "mood"

[[labels]]
id = "rebuts"
name = "Rebuts"
scope = "relation"
group = "link"

[[labels]]
id = "supports"
name = "Supports"
scope = "relation"
group = "link"

[[labels]]
id = "quotes"
name = "Quotes"
scope = "relation"
"""


def make_thread(key: str = "tunnel", *, article: str = ARTICLE) -> Thread:
    """Return a thread with six comments below an article."""
    root = Post(key="0", parent=None, kind=PostKind.ARTICLE, text=article, author="Editor")
    comments = [Post(key=key, parent=parent, author=author, text=text) for key, parent, author, text in COMMENTS]
    return Thread(key=key, title=article.split("\n", maxsplit=1)[0], posts=(root, *comments), format="test")


@dataclass
class Ticks:
    """A clock that goes a second further each time it is read."""

    time: datetime = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time, and go on."""
        self.time += timedelta(seconds=1)
        return self.time


@dataclass
class Desk:
    """A project with its threads, and sessions on it."""

    path: Path
    codebook: Codebook
    clock: Ticks = field(default_factory=Ticks)

    def __post_init__(self) -> None:
        """Make the project."""
        self.project = Project.open(self.path, create=True, clock=self.clock)
        for key in ("tunnel", "ferry"):
            save_thread(self.project, make_thread(key), location=f"/sources/{key}.txt", source_sha256=key)
        self.thread_id = find_thread(self.project, "tunnel").id
        self.other_id = find_thread(self.project, "ferry").id
        self.posts = {post.key: post.id for post in iter_posts(self.project, self.thread_id)}

    def session(self, name: str = "Ada", project: Project | None = None) -> LabelingSession:
        """Return a session of that annotator."""
        project = project or self.project
        return LabelingSession(project, project.annotator(name), self.codebook)

    def open_again(self) -> Project:
        """Return a second connection to the project."""
        return Project.open(self.path, clock=self.clock)

    def reopen(self) -> None:
        """Close the project and open it again, as after a restart."""
        self.project.close()
        self.project = self.open_again()

    def revise(self, article: str = ARTICLE, newcomer: Post | None = None) -> None:
        """Import the thread again, with another article text, and with a new comment before all others."""
        thread = make_thread(article=article)
        thread = replace(thread, posts=(thread.posts[0], *([newcomer] if newcomer else []), *thread.posts[1:]))
        save_thread(self.project, thread, location="/sources/tunnel.txt", source_sha256=f"{article}{newcomer}")

    @property
    def thread(self) -> Target:
        """The thread as a target."""
        return Target(thread_id=self.thread_id)

    def post(self, key: str) -> Target:
        """Return a post as a target."""
        return Target(thread_id=self.thread_id, post_id=self.posts[key])

    def span(self, start: int, end: int, key: str = "0") -> Target:
        """Return a span as a target."""
        return Target(thread_id=self.thread_id, post_id=self.posts[key], span=Span(start, end))

    def words(self, words: str, key: str = "0") -> Target:
        """Return the first place of these words in a post as a target."""
        text = ARTICLE if key == "0" else next(text for name, _, _, text in COMMENTS if name == key)
        start = text.index(words)
        return self.span(start, start + len(words), key)

    def relation(
        self, start: str, end: str, from_annotation: Annotation | None = None, to_annotation: Annotation | None = None
    ) -> Target:
        """Return a relation between two posts, or annotations in them, as a target."""
        return Target(
            thread_id=self.thread_id,
            post_id=self.posts[start],
            from_annotation=None if from_annotation is None else from_annotation.id,
            to_post_id=self.posts[end],
            to_annotation=None if to_annotation is None else to_annotation.id,
        )

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Return what is stored."""
        return self.project.connection.execute(query).fetchall()

    @property
    def state(self) -> list[list[tuple[object, ...]]]:
        """All annotations and reviews, column by column."""
        return [
            self.rows("SELECT * FROM annotations ORDER BY id"),
            self.rows("SELECT * FROM reviews ORDER BY annotator_id, post_id"),
        ]

    def only(self, change: Change) -> Annotation:
        """Return the one annotation that a change added."""
        (annotation,) = change.added
        return annotation


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    """Return a codebook with exclusive groups in every scope, a retired label and attributes of each kind."""
    return parse_codebook(RULES, "test")


@pytest.fixture
def desk(tmp_path: Path, codebook: Codebook) -> Iterator[Desk]:
    """Return a project to label in."""
    desk = Desk(tmp_path / "postil.db", codebook)
    yield desk
    desk.project.close()
