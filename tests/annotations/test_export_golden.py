"""The exact bytes of each format for a small fixed project.

After a change that is meant, write them anew with POSTIL_WRITE_GOLDEN=1 and read the difference.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annotations.codebook import parse_codebook
from annotations.exporters import csv, jsonl
from annotations.exporters.dataset import ExportOptions
from annotations.model import Post, PostKind, Target, Thread
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.project import Project
from annotations.store.threads import save_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = Path(__file__).parent / "golden"

RULES = """
name = "Golden"

[[labels]]
id = "claim"
name = "Claim, with a comma"
scope = "span"

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


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Return a project that is the same, byte for byte, whenever it is made."""
    numbers = count()
    with Project.open(
        tmp_path / "postil.db",
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
        bo.review(4)
        ada.review(4)
        ada.review(2)
        save(project, SHORTER, COMMENTS[:3], "second")
        # How many ids a step takes is the session's business: the dataset's are the annotations' own numbers.
        rows = project.connection.execute("SELECT id FROM annotations ORDER BY id").fetchall()
        for number, (row,) in enumerate(rows, start=1):
            project.connection.execute("UPDATE annotations SET uuid = ? WHERE id = ?", (f"annotation-{number}", row))
        yield project


@pytest.mark.parametrize(
    ("file", "exporter", "options"),
    [
        ("ferry.jsonl", jsonl, ExportOptions()),
        ("ferry-bo.jsonl", jsonl, ExportOptions(annotator="Bo", thread="ferry", labels=("claim", "rebuts"))),
        ("ferry.csv", csv, ExportOptions()),
        ("ferry-excel.csv", csv, ExportOptions(excel=True)),
    ],
)
def test_the_bytes_are_as_ever(
    project: Project, tmp_path: Path, file: str, exporter: object, options: ExportOptions
) -> None:
    exporter.write(project, tmp_path / file, options)  # type: ignore[attr-defined]  # a module
    written = (tmp_path / file).read_bytes()
    if os.environ.get("POSTIL_WRITE_GOLDEN"):
        (GOLDEN / file).write_bytes(written)
    assert written == (GOLDEN / file).read_bytes()
