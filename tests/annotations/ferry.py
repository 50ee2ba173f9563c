"""A small fixed project that holds a bit of everything, for the golden files of all formats."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from annotations.codebook_toml import parse_codebook
from annotations.model import AnnotatorKind, Post, PostKind, Target, Thread
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.project import Project
from annotations.store.threads import save_thread
from annotations.store.times import add_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = Path(__file__).parent / "golden"

RULES = """
name = "Golden"

[[labels]]
id = "claim"
name = "Claim, with a comma"
scope = "span"
colour = "teal"
description = "What can be true or false: “it lost £3m”."

[[labels.attributes]]
id = "certainty"
name = "Certainty"
kind = "scale"
minimum = 0
maximum = 1
step = 0.25

[[labels.attributes]]
id = "source"
name = "Source"
kind = "text"

[[labels]]
id = "agree"
name = "Agree"
scope = "post"
description = "The comment says yes."

[[labels]]
id = "heated"
name = "Heated"
scope = "thread"

[[labels]]
id = "rebuts"
name = "Rebuts"
scope = "relation"
"""

ARTICLE = "Ferry to stop\n\nThe ferry “Möwe” 🛳️ stops in May.\n\nIt carried 12,000 people; it lost £3m."
SHORTER = "Ferry to stop\n\nThe ferry “Möwe” 🛳️ stops in May.\n\nNobody will miss it."

COMMENTS = (
    Post(key="1", parent="0", author="=cmd", text='It did *not* "lose" £3m.\n\n• one\n• two', uncertain=("a list",)),
    Post(key="1.1", parent="1", author="أحمد", text="كم الخسارة؟ 👩🏽‍🚀", created_at="2026-04-30T23:59:59Z"),
    Post(key="2", parent="0", text=""),
    Post(key="3", parent="0", author="-Jo", text="+1\u2028@all", meta={"score": -3, "edited": False}),
)


def save(project: Project, article: str, comments: tuple[Post, ...], sha256: str) -> int:
    root = Post(key="0", parent=None, kind=PostKind.ARTICLE, text=article, author="Desk")
    thread = Thread(
        key="ferry",
        title="Ferry to stop",
        posts=(root, *comments),
        format="test",
        url="https://news.example/ferry?a=1&b=2",
        meta={"language": "en"},
    )
    return save_thread(project, thread, location="/ferry", source_sha256=sha256).thread.id


@contextmanager
def open_ferry(folder: Path) -> Iterator[Project]:
    """Make the project in a folder, the same whenever it is made, and keep it open for the block."""
    numbers = count()
    with Project.open(
        folder / "postil.db",
        create=True,
        clock=lambda: datetime(2026, 5, 1, 8, 30, tzinfo=UTC),
        new_id=lambda: f"id-{next(numbers)}",
    ) as project:
        thread_id = save(project, ARTICLE, COMMENTS, "first")
        codebook = parse_codebook(RULES)
        ada = LabelingSession(project, project.annotator("Ada"), codebook)
        bo = LabelingSession(project, project.annotator("Bo"), codebook)

        def words(post_id: int, text: str, quoted: str) -> Target:
            start = text.index(quoted)
            return Target(thread_id=thread_id, post_id=post_id, span=Span(start, start + len(quoted)))

        (lost,) = ada.apply("claim", words(1, ARTICLE, "it lost £3m."), note="says\nwho?").added
        bo.apply("claim", words(1, ARTICLE, "🛳️ stops in May"), attributes={"certainty": 0.25})
        reply = words(2, COMMENTS[0].text, 'It did *not* "lose" £3m.')
        (denial,) = ada.apply("claim", reply, attributes={"certainty": 1, "source": "=A1, «no»"}).added
        tied = Target(thread_id=thread_id, post_id=2, from_annotation=denial.id, to_post_id=1, to_annotation=lost.id)
        ada.apply("rebuts", tied)
        bo.apply("rebuts", Target(thread_id=thread_id, post_id=3, to_post_id=2))
        bo.apply("agree", Target(thread_id=thread_id, post_id=5), note="@me")
        ada.apply("agree", Target(thread_id=thread_id, post_id=5))
        ada.apply("heated", Target(thread_id=thread_id))
        bo.apply("rebuts", Target(thread_id=thread_id, post_id=5, to_thread_id=thread_id))
        ada.apply("rebuts", Target(thread_id=thread_id, to_post_id=1, to_annotation=lost.id), note="all of it")
        ada.note(4, '=tired, "she"\nsays')
        bo.note(5, "🛳️?")
        engine = LabelingSession(project, project.annotator("ferry-1b", AnnotatorKind.MODEL), codebook)
        engine.apply("claim", words(1, ARTICLE, "ferry “Möwe” 🛳️ stops"), attributes={"certainty": 0.5})
        engine.apply("agree", Target(thread_id=thread_id, post_id=3))
        bo.flag(3)
        add_seconds(project, ada.annotator.id, {2: 12.25, 4: 3.5})
        add_seconds(project, bo.annotator.id, {2: 1.04})
        bo.review(4)
        ada.review(4)
        ada.review(2)
        save(project, SHORTER, COMMENTS[:3], "second")
        # How many ids a step takes is the session's business: the dataset's are the annotations' own numbers.
        rows = project.connection.execute("SELECT id FROM annotations ORDER BY id").fetchall()
        for number, (row,) in enumerate(rows, start=1):
            project.connection.execute("UPDATE annotations SET uuid = ? WHERE id = ?", (f"annotation-{number}", row))
        yield project


def check_golden(written: bytes, file: str) -> None:
    """See that bytes are those of a golden file; with POSTIL_WRITE_GOLDEN=1 in the environment they become it."""
    golden = GOLDEN / file
    if os.environ.get("POSTIL_WRITE_GOLDEN"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_bytes(written)
    assert written == golden.read_bytes(), f"{file} is not as it was"
