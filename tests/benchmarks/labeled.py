"""Labeled projects of any size, the same ones for the same numbers: made to measure exports with, not to read.

Each post has one post label, of one of two annotators; every second post has a span; some have a relation to their parent,
a note, a flag; most are reviewed, and took seconds. What is put is written as rows, without a history: a million of them in
half a minute.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from annotations.codebook_toml import parse_codebook
from annotations.model import AnnotatorKind, Scope
from annotations.span import CONTEXT
from annotations.store.codebooks import apply_codebook
from annotations.store.project import Project
from annotations.store.rows import COLUMNS
from tests.benchmarks.threads import insert_thread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

RULES = """
name = "Benchmark"

""" + "\n".join(
    f'[[labels]]\nid = "{name}"\nname = "{name.capitalize()}"\nscope = "{scope}"\ndescription = "To be measured."\n'
    for scope, names in (
        (Scope.POST, ("agrees", "disagrees", "asks", "strays")),
        (Scope.SPAN, ("claim", "evidence", "insult")),
        (Scope.RELATION, ("rebuts",)),
        (Scope.THREAD, ("heated",)),
    )
    for name in names
)

SPANS, RELATIONS, NOTES, FLAGS, REVIEWS, TIMES = 0.5, 0.03, 0.01, 0.01, 0.8, 0.3
"""The share of the posts that have one."""
SEEDS = 32
"""Threads of one size that are not the same."""
AT = "2026-05-02T08:30:00Z"

_INSERT = f"INSERT INTO annotations ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608  # constants


def make_project(path: Path, posts: int, in_a_thread: int) -> None:
    """Make a project of `posts` labeled comments, in threads of so many comments each; their words are not indexed."""
    with Project.open(path, create=True) as project:
        with project.transaction() as connection:
            for number in range(max(1, posts // in_a_thread)):
                insert_thread(connection, in_a_thread, 1 + number % SEEDS, key=f"thread-{number}", imported_at=AT)
        label(project)
        project.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def label(project: Project) -> None:
    """Put labels, and all else that there is, on every post of a project that has none."""
    version = apply_codebook(project, parse_codebook(RULES))
    ada = project.annotator("Ada").id
    bo = project.annotator("bo-7b", AnnotatorKind.MODEL).id
    with project.transaction() as connection:
        rows = dict(connection.execute("SELECT label, id FROM labels"))
        chance = random.Random(1)  # noqa: S311  # repeatable, not secret
        posts = connection.execute("SELECT id, thread_id, parent_id, text FROM posts ORDER BY id")
        connection.executemany(_INSERT, _annotations(posts, rows, (ada, bo), version, chance))
        for share, statement in (
            (NOTES, f"INSERT INTO post_notes SELECT {ada}, id, 'Why «' || key || '»?', '{AT}' FROM posts"),  # noqa: S608
            (FLAGS, f"INSERT INTO flags SELECT {ada}, id, '{AT}' FROM posts"),  # noqa: S608  # the same
            (REVIEWS, f"INSERT INTO reviews SELECT {ada}, id, '{AT}' FROM posts"),  # noqa: S608  # the same
            (TIMES, f"INSERT INTO times SELECT {ada}, id, 1.5 + id % 97 / 10.0 FROM posts"),  # noqa: S608  # the same
        ):
            connection.execute(f"{statement} WHERE (id * 7919) % 1000 < {int(1000 * share)}")


def _annotations(
    posts: Iterator[tuple[Any, ...]],
    labels: dict[str, int],
    annotators: tuple[int, int],
    version: int,
    chance: random.Random,
) -> Iterator[tuple[Any, ...]]:
    """Yield rows of `COLUMNS`."""
    draw, number = chance.random, 0
    of_posts = [labels[name] for name in ("agrees", "disagrees", "asks", "strays")]
    of_spans = [labels[name] for name in ("claim", "evidence", "insult")]
    for post_id, thread_id, parent_id, text in posts:
        ends: tuple[Any, ...] = (None, None, None, None)
        no_span: tuple[Any, ...] = (None, None, None, None, None)
        rows = [(of_posts[int(draw() * 4)], no_span, ends)]
        if draw() < SPANS:
            start = int(draw() * len(text) / 2)
            end = start + 1 + int(draw() * (len(text) - start - 1))
            quote = (text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])
            rows.append((of_spans[int(draw() * 3)], (start, end, *quote), ends))
        if parent_id is None:
            rows.append((labels["heated"], no_span, ends))
        elif draw() < RELATIONS:
            rows.append((labels["rebuts"], no_span, (None, parent_id, None, None)))
        for label_id, place, tied in rows:
            number += 1
            uuid = f"{number:08x}-0000-4000-8000-{post_id:012x}"
            on = None if label_id == labels["heated"] else post_id
            who = annotators[draw() < 0.4]  # the share of the model
            yield (*(number, uuid, who, label_id, thread_id, on, *place, *tied, "", "{}", version, AT, AT, 0),)
