"""Time the search of a corpus beside the bare statement of FTS5, and the search of a thread as its keys are typed.

    python tests/benchmarks/search.py              # 100k comments
    python tests/benchmarks/search.py 1000000      # other sizes
    python tests/benchmarks/search.py --smoke      # small and quick, to see that it runs

In the corpus: milliseconds to the first 50 hits, made ready to be shown. The floor asks the index for 50 rows and fetches
their texts, no more. In a thread: the real app in a pseudo-terminal, from a key to the frame that shows first results; the
floor is a key in a minimal Textual app. What misses its target is named; targets hold on a quiet machine with two cores.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from annotations.model import Post, PostKind, Thread  # noqa: E402  # after the path is set
from annotations.store.project import Project  # noqa: E402  # the same
from annotations.store.search import fts_expression, search  # noqa: E402  # the same
from annotations.store.threads import save_thread  # noqa: E402  # the same
from tests.benchmarks.reader import FLOOR, Program, at_95, target  # noqa: E402  # the same
from tests.benchmarks.threads import write_thread  # noqa: E402  # the same

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HITS = 50
IN_CORPUS = {100_000: 10.0, 1_000_000: 50.0}
FIRST_RESULTS = {100_000: 100.0, 1_000_000: 100.0}
"""Milliseconds: what people take for at once."""
BESIDE_SEARCH = {100_000: 25.0, 1_000_000: 25.0}
RARE = "quillwort"
RARE_POSTS = 60
FEW, OFTEN = 3, 11


class Query(Struct, frozen=True):
    """A query to time.

    Args:
        kind: What the table calls it.
        typed: What somebody types.
        is_indexed: Whether the index answers it; else the floor looks at the texts.
    """

    kind: str
    typed: str
    is_indexed: bool = True


QUERIES = (
    Query("rare word", RARE),
    Query("common word", "the"),
    Query("phrase", '"harbour tunnel"'),
    Query("phrase that is nowhere", '"tunnel tunnel tunnel"'),
    Query("prefix", "infra*"),
    Query("prefix of one letter", "t*"),
    Query("prefix of two letters", "in*"),
    Query("two common words", "the tunnel"),
    Query("common but for a common one", "the NOT tunnel"),
    Query("word that is nowhere", "zebra"),
    Query("Han", "证据", is_indexed=False),
    Query("Han that is nowhere", "这不是", is_indexed=False),
    Query("sign that is nowhere", "§", is_indexed=False),
)
READER = """
import sys
from pathlib import Path
from tui.app import PostilApp
PostilApp(Path(sys.argv[1]), "benchmark", sys.argv[2]).run()
"""
ASKED = "infrastructure"
ASKED_SLOWLY = "sinks"
"""Is nowhere, and of letters whose other cases are not all ASCII's: the slowest search of a thread."""


def row(comments: int, name: str, figure: float, floor: float, wanted: float | None) -> bool:
    """Print a figure; return whether it misses its target."""
    misses = wanted is not None and figure > wanted
    goal = "" if wanted is None else f"{wanted:g}"
    verdict = "" if wanted is None else "MISSED" if misses else "met"
    print(f"{comments:>9,}  {name:<45}{figure:>9.2f} ms  {floor:>9.2f}{figure / floor:>8.2f}  {goal:<8}{verdict}")
    return misses


def time_it(call: Callable[[], object], repeats: int) -> float:
    """Return the median of the milliseconds that a call takes, after a first one that fills the caches."""
    taken = []
    for _ in range(1 + repeats):
        since = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - since))
    return statistics.median(taken[1:])


def prepare(path: Path, comments: int) -> None:
    """Write a thread, and behind it a small one that holds a rare word."""
    with Project.open(path, create=True) as project:
        write_thread(project, comments)
        posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Plants of the harbour")]
        posts += [Post(key=f"{n}", parent="0", text=f"No {RARE} here, says {n}.") for n in range(1, RARE_POSTS)]
        thread = Thread(key="plants", title="Plants", posts=tuple(posts), format="generated")
        save_thread(project, thread, location="/generated/plants", source_sha256="plants")


def bare_hits(project: Project, query: Query) -> list[str]:
    """Return the texts of the first hits by the barest means."""
    if not query.is_indexed:
        rows = project.connection.execute(
            "SELECT text FROM posts WHERE instr(text, ?) ORDER BY id LIMIT ?", (query.typed, HITS)
        )
        return [text for (text,) in rows]
    found = project.connection.execute(
        "SELECT rowid FROM posts_fts WHERE posts_fts MATCH ? ORDER BY rowid LIMIT ?",
        (fts_expression(query.typed), HITS),
    ).fetchall()
    return [project.connection.execute("SELECT text FROM posts WHERE id = ?", row).fetchone()[0] for row in found]


def measure_corpus(path: Path, comments: int, repeats: int) -> int:
    """Time each query; return how many miss their target."""
    missed = 0
    with Project.open(path, read_only=True) as project:
        for query in QUERIES:
            figure = time_it(lambda query=query: search(project, query.typed, HITS), repeats)  # type: ignore[misc]
            floor = time_it(lambda query=query: bare_hits(project, query), repeats)  # type: ignore[misc]
            missed += row(comments, f"{query.kind}: {query.typed}", figure, floor, target(IN_CORPUS, comments))
    return missed


def floor_keys(repeats: int) -> list[float]:
    """Return what keys take in a minimal app."""
    with closing(Program([sys.executable, "-c", FLOOR])) as program:
        program.wait_for_frame(program.begun, text=b"floor")
        program.settle()
        return [program.press(b"j") for _ in range(repeats)]


def measure_thread(path: Path, comments: int, repeats: int, floor: Sequence[float]) -> int:
    """Time the search of a thread in the app; return how many figures miss their target."""
    with closing(Program([sys.executable, "-c", READER, str(path), f"generated-{comments}"])) as program:
        program.wait_for_frame(program.begun, text=b"Article")
        program.settle()
        program.press(b"\t")
        shown, complete = [], []
        for _ in range(1 + repeats):
            program.press(b"/")
            since = time.perf_counter()
            program.send(b"\x1b[200~" + ASKED.encode() + b"\x1b[201~")  # pasted: the work of one key
            shown.append(program.wait_for_frame(since, text=b" comments"))
            program.send(b"\r")
            program.wait_for_frame(since, text=b" next, ")
            complete.append(1000 * (time.perf_counter() - since))
            program.settle()
            program.press(b"\x1b")
        beside = keys_beside_a_search(program, repeats)
    wanted, usual = target(FIRST_RESULTS, comments), statistics.median(floor)
    missed = 0
    missed += row(comments, "in a thread: first results, p50", statistics.median(shown[1:]), usual, wanted)
    missed += row(comments, "in a thread: first results, p95", at_95(shown[1:]), at_95(list(floor)), wanted)
    row(comments, "in a thread: all results", statistics.median(complete[1:]), usual, None)
    limit = target(BESIDE_SEARCH, comments)
    return missed + row(comments, "j k while it searches, p95", at_95(beside), at_95(list(floor)), limit)


def keys_beside_a_search(program: Program, repeats: int) -> list[float]:
    """Return what moves take while a search goes on that finds nothing."""
    taken = []
    for _ in range(repeats):
        program.press(b"/")
        program.send(ASKED_SLOWLY.encode())
        program.send(b"\r")
        time.sleep(0.1)
        while program.read(0):
            pass
        for key in (b"j", b"j", b"k"):
            since = time.perf_counter()
            program.send(key)
            taken.append(program.wait_for_frame(since))
            time.sleep(0.02)
        program.settle()
        program.press(b"\x1b")
    return taken


def main() -> None:
    """Measure both searches at each size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sizes", nargs="*", type=int, help="comments in a thread")
    parser.add_argument("--smoke", action="store_true", help="a small thread, few repeats")
    options = parser.parse_args()
    sizes = options.sizes or ([300] if options.smoke else [100_000])
    repeats = FEW if options.smoke else OFTEN
    floor = floor_keys(repeats)
    print(f"{'comments':>9}  {'what':<45}{'search':>9}     {'floor':>9}{'ratio':>8}  target")
    with tempfile.TemporaryDirectory() as folder:
        for comments in sizes:
            path = Path(folder) / f"{comments}.db"
            prepare(path, comments)
            missed = measure_corpus(path, comments, repeats) + measure_thread(path, comments, repeats, floor)
            print(f"{comments:>9,}  {missed} missed" if missed else f"{comments:>9,}  all met")
            path.unlink()


if __name__ == "__main__":
    main()
