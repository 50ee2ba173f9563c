"""Time the import of a dump, and look at the memory that it takes, beside a bare `executemany` of the same rows.

    python tests/benchmarks/importing.py              # 100k and a million comments: in many threads, and all in one
    python tests/benchmarks/importing.py 200000       # other sizes
    python tests/benchmarks/importing.py --smoke      # small and quick, to see that it runs

The import is the program's: a process that reads JSON lines whose threads are mixed, puts them together, checks, hashes,
stores and indexes them, each batch on disk when it is told. From a big dump a second process reads and prepares. Its
memory is the most that both ever had, added, its processor time that of both; the target is one of the clock. The bare
floors write the rows that came out, already made, in one transaction: *rows* into a table with a primary key and nothing
else; *rows, words* into the same and into an index of FTS5; *rows, indexes, words*, to which the target applies, into a
table that has the project's indexes, too. Import and floors run one after the other in one run.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from annotations.store.check import check  # noqa: E402  # after the path is set
from annotations.store.project import Project  # noqa: E402  # the same
from tests.benchmarks.threads import generate  # noqa: E402  # the same

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST = 0.25
"""The part of the bare speed that the import is to have."""
MOST_MEMORY = 400
"""MiB."""
IN_A_THREAD = 50
AT_TOP = 0.2
"""The part of the comments that answers the article."""
AT_ONCE = 20
"""Threads whose comments are mixed at a place of the dump."""
START = 1_767_225_600
ROWS = 20_000
"""Rows that are ready in memory when the bare statement gets them."""

IMPORT = """
import json, resource, sys, time
from pathlib import Path
from annotations.importing import SourceImport
from annotations.store.project import Project
from annotations.work import Work
path, dump = Path(sys.argv[1]), Path(sys.argv[2])
since = time.perf_counter()
run = SourceImport(path, lambda: Project.open(path, create=True), [dump], None, Work())
kinds = {}
for outcome in run:
    kind = outcome.saved.status if hasattr(outcome, "saved") else type(outcome).__name__
    kinds[kind] = kinds.get(kind, 0) + 1
seconds = time.perf_counter() - since
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
processor = sum(each.ru_utime + each.ru_stime for each in used)
most = sum(each.ru_maxrss for each in used) / (1 << (20 if sys.platform == "darwin" else 10))
print(json.dumps({"seconds": seconds, "processor": processor, "memory": most, "kinds": kinds}))
"""

COLUMNS = """id, thread_id, key, parent_id, position, depth, subtree_size, kind, author, created_at, text, sha256, revision,
    uncertain, meta, added_revision"""


class Figures(msgspec.Struct):
    """What an import took.

    Args:
        seconds: By the clock.
        processor: Of the processors, by both processes, the start of the program included.
        memory: MiB at most, in both processes.
        kinds: How many threads became what.
    """

    seconds: float
    processor: float
    memory: float
    kinds: dict[str, int]


def write_dump(path: Path, comments: int, in_a_thread: int) -> None:
    """Write comments as Reddit's dumps have them: a line each, by time, some threads going on at once."""
    chance = random.Random(comments)  # noqa: S311  # repeatable, not secret
    encoder = msgspec.json.Encoder()
    open_threads: list[list[str]] = []
    threads = 0
    bodies = generate(comments, 1)
    next(bodies)  # the article
    with path.open("wb") as file:
        for number, post in enumerate(bodies):
            while len(open_threads) < min(AT_ONCE, max(1, comments // in_a_thread)):
                threads += 1
                open_threads.append([f"t3_{threads:06x}"])
            thread = chance.choice(open_threads)
            is_at_top = len(thread) == 1 or chance.random() < AT_TOP
            parent = thread[0] if is_at_top else thread[-1 - int(chance.random() ** 3 * (len(thread) - 1))]
            thread.append(f"t1_{number:07x}")
            record = _record(number, thread[0], parent, post.author, post.text, chance)
            file.write(encoder.encode(record) + b"\n")
            if len(thread) > in_a_thread:
                open_threads.remove(thread)


def _record(  # noqa: PLR0913, PLR0917  # what a comment has
    number: int, thread: str, parent: str, author: str | None, body: str, chance: random.Random
) -> dict[str, object]:
    return {
        "all_awardings": [],
        "archived": False,
        "author": author or "[deleted]",
        "author_flair_css_class": None,
        "author_flair_text": None,
        "author_fullname": f"t2_{hash(author) & 0xFFFFFF:x}",
        "body": body,
        "can_gild": True,
        "controversiality": 0,
        "created_utc": START + number,
        "distinguished": None,
        "edited": False,
        "gilded": 0,
        "id": f"{number:07x}",
        "is_submitter": False,
        "link_id": thread,
        "locked": False,
        "no_follow": True,
        "parent_id": parent,
        "permalink": f"/r/harbour/comments/{thread[3:]}/the_tunnel/{number:07x}/",
        "removal_reason": None,
        "retrieved_on": START + number + 4000,
        "score": int(chance.paretovariate(1)),
        "send_replies": True,
        "stickied": False,
        "subreddit": "harbour",
        "subreddit_id": "t5_2qh1a",
        "total_awards_received": 0,
    }


def run_import(project: Path, dump: Path) -> Figures:
    """Import a dump in a process of its own."""
    command = [sys.executable, "-c", IMPORT, str(project), str(dump)]
    output = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return msgspec.json.decode(output.stdout.splitlines()[-1], type=Figures)


def bare(project: Path, folder: Path, *, has_words: bool, has_indexes: bool) -> tuple[float, float]:
    """Return the seconds that bare statements take for the rows of a project, by the clock and of the processor."""
    path = folder / "bare.db"
    marks = ", ".join("?" * (COLUMNS.count(",") + 1))
    taken = spent = 0.0
    with closing(sqlite3.connect(project)) as source, closing(sqlite3.connect(path)) as target:
        (posts,) = source.execute("SELECT sql FROM sqlite_master WHERE name = 'posts'").fetchone()
        target.execute(posts)
        if has_indexes:
            for (index,) in source.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'posts'"):
                target.execute(index or "")
        if has_words:
            (words,) = source.execute("SELECT sql FROM sqlite_master WHERE name = 'posts_fts'").fetchone()
            target.execute(words)
        rows = source.execute(f"SELECT {COLUMNS} FROM posts ORDER BY id")  # noqa: S608  # constants
        while batch := rows.fetchmany(ROWS):
            said = [(row[0], row[8], row[10]) for row in batch]
            since, before = time.perf_counter(), time.process_time()
            target.executemany(f"INSERT INTO posts ({COLUMNS}) VALUES ({marks})", batch)  # noqa: S608  # constants
            if has_words:
                target.executemany("INSERT INTO posts_fts (rowid, author, text) VALUES (?, ?, ?)", said)
            taken, spent = taken + time.perf_counter() - since, spent + time.process_time() - before
        since, before = time.perf_counter(), time.process_time()
        target.commit()
        taken, spent = taken + time.perf_counter() - since, spent + time.process_time() - before
    path.unlink()
    return taken, spent


def run(comments: int, in_a_thread: int, folder: Path) -> Iterator[str]:
    """Import one dump, twice, and yield what is to be printed."""
    dump, path = folder / "RC_2026-01.ndjson", folder / "postil.db"
    write_dump(dump, comments, in_a_thread)
    figures = run_import(path, dump)
    again = run_import(path, dump)
    with Project.open(path) as project:
        problems = check(project)
        (posts, threads) = project.connection.execute("SELECT SUM(posts), COUNT(*) FROM threads").fetchone()
    if problems or posts != comments + threads or "Refused" in figures.kinds or "new" in again.kinds:
        yield f"UNSOUND: {problems[:3]} {posts} {figures.kinds} {again.kinds}"
    floors = [
        bare(path, folder, has_words=has_words, has_indexes=has_indexes)
        for has_words, has_indexes in ((False, False), (True, False), (True, True))
    ]
    what = f"{comments:>9,} comments in {threads:,} threads"
    yield (
        f"{what:<40}{figures.seconds:8.1f} s {1e6 * figures.seconds / comments:7.1f} µs each, processor "
        f"{figures.processor:.1f} s; again {again.seconds:.1f} s"
    )
    for name, (taken, spent) in zip(("rows", "rows, words", "rows, indexes, words"), floors, strict=True):
        share = taken / figures.seconds
        verdict = "" if name != "rows, indexes, words" else f" {LEAST} {'met' if share >= LEAST else 'MISSED'}"
        yield (
            f"{'':<9} bare, {name:<24}{taken:8.1f} s {1e6 * taken / comments:7.1f} µs each, processor {spent:.1f} s; "
            f"share of its speed {share:.2f}{verdict}, of the processor {spent / figures.processor:.2f}"
        )
    for name, memory in (("memory", figures.memory), ("memory, again", again.memory)):
        yield f"{'':<9} {name:<30}{memory:>8.0f} MiB {MOST_MEMORY:>24}  {'met' if memory <= MOST_MEMORY else 'MISSED'}"
    for file in folder.iterdir():
        file.unlink()


def main() -> None:
    """Import dumps of each size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sizes", nargs="*", type=int, help="comments in a dump")
    parser.add_argument("--smoke", action="store_true", help="a small dump")
    options = parser.parse_args()
    sizes = options.sizes or ([3000] if options.smoke else [100_000, 1_000_000])
    is_sound = True
    with tempfile.TemporaryDirectory() as folder:
        for comments in sizes:
            for in_a_thread in (IN_A_THREAD, comments):
                for line in run(comments, in_a_thread, Path(folder)):
                    print(line, flush=True)
                    is_sound &= not line.startswith("UNSOUND")
    sys.exit(not is_sound)


if __name__ == "__main__":
    main()
