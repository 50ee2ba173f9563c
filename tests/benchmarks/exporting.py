"""Time the export of a million labeled posts beside fetching their rows alone, and look at the memory that it takes.

    python tests/benchmarks/exporting.py              # a million, in one thread and in threads of twenty
    python tests/benchmarks/exporting.py 200000       # other sizes
    python tests/benchmarks/exporting.py --smoke      # small and quick, to see that it runs

Every second post has a span beside its label, most are reviewed, some have a relation or a note (see `labeled.py`). The *floor* gets
the same rows: SQLite hands each post with what is reviewed and flagged, and each annotation, in the order of the data set, to
Python as tuples, which are thrown away. Floor and exports are processes of their own, one after the other; an export is what the
command line does, with the hash of the project and what describes the data set. Seconds are by the clock, from the opened project to
the end; memory is the most that the process ever had. On a machine that others use, too, the clock says little: then look at the
time of the processor, which is told beside the floor's as well; it has in it what is done in other threads (the hash, the numbers,
the compression), for which the clock does not wait where there is a second core.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

ROOT = Path(__file__).parents[2]

if TYPE_CHECKING:
    from collections.abc import Iterator

TARGETS = {"jsonl": 2.5, "parquet": 2.5, "csv": 3.5, "huggingface": None}
"""How often the time of the floor an export may take; None where only what it took is told."""
MOST_MEMORY = 130
"""MiB."""
IN_A_THREAD = 20

MAKE = """
import sys
from pathlib import Path
from tests.benchmarks.labeled import make_project
make_project(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
"""

_SAY = """
seconds, processor = time.perf_counter() - since, time.process_time() - spent
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << (20 if sys.platform == "darwin" else 10))
print(json.dumps({"seconds": seconds, "processor": processor, "memory": most, "rows": rows}))
"""

FLOOR = """
import json, resource, sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
since, spent = time.perf_counter(), time.process_time()
connection.execute("BEGIN")
rows = 0
for query in json.loads(sys.argv[2]):
    for row in connection.execute(query):
        rows += 1
"""

EXPORT = """
import json, resource, sys, time
from pathlib import Path
from annotations.exporters.choosing.options import ExportOptions
from annotations.formats import exporter
from annotations.store.project import Project
from annotations.work import Work
with Project.open(Path(sys.argv[1]), read_only=True) as project, project.doing(Work()):
    since, spent = time.perf_counter(), time.process_time()
    rows = exporter(sys.argv[2]).write(project, Path(sys.argv[3]), ExportOptions(command=("export", sys.argv[2]))).rows
"""

QUERIES = (
    """
    SELECT p.id, p.thread_id, p.key, p.parent_id, q.key, p.position, p.depth, p.subtree_size, p.kind, p.author,
        p.created_at, p.text, p.revision, p.uncertain, p.meta,
        (SELECT group_concat(a.annotator_id) FROM reviews AS a WHERE a.post_id = p.id),
        (SELECT group_concat(a.annotator_id) FROM flags AS a WHERE a.post_id = p.id),
        (SELECT ROUND(SUM(a.seconds), 1) FROM times AS a WHERE a.post_id = p.id),
        (SELECT group_concat(a.note) FROM post_notes AS a WHERE a.post_id = p.id)
    FROM posts AS p LEFT JOIN posts AS q ON q.id = p.parent_id
    ORDER BY p.thread_id, p.position
    """,
    """
    SELECT a.post_id, a.id, a.uuid, a.label_id, a.annotator_id, a.start_char, a.end_char, a.exact, a.is_detached,
        a.from_annotation_id, a.to_post_id, a.to_annotation_id, a.to_thread_id, a.note, a.attributes,
        a.codebook_version_id, a.created_at, a.updated_at
    FROM posts AS p CROSS JOIN annotations AS a ON a.post_id = p.id
    ORDER BY p.thread_id, p.position
    """,
    "SELECT thread_id, id, uuid, label_id, annotator_id FROM annotations WHERE post_id IS NULL ORDER BY thread_id",
    "SELECT id, key, title, url, meta FROM threads ORDER BY id",
)
"""What the floor fetches; none of them sorts: indexes have the rows in order."""


class Figures(msgspec.Struct):
    """What a process took.

    Args:
        seconds: By the clock.
        processor: Of the processor.
        memory: MiB at most.
        rows: Rows that it fetched, or wrote.
    """

    seconds: float
    processor: float
    memory: float
    rows: int


def run(program: str, *arguments: str) -> Figures:
    """Run a program in a process of its own."""
    command = [sys.executable, "-c", program + _SAY, *arguments]
    output = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return msgspec.json.decode(output.stdout.splitlines()[-1], type=Figures)


def measure(posts: int, in_a_thread: int, folder: Path) -> Iterator[str]:
    """Measure a project of so many posts, and yield what is to be printed."""
    project = folder / f"{in_a_thread}.db"
    # Of a process its own: what a process has at most, its children begin with.
    subprocess.run([sys.executable, "-c", MAKE, str(project), str(posts), str(in_a_thread)], cwd=ROOT, check=True)
    run(FLOOR, str(project), json.dumps(QUERIES))  # so that the file is in the system's memory
    floor = run(FLOOR, str(project), json.dumps(QUERIES))
    what = f"{posts:>9,} posts in threads of {in_a_thread:,}"
    yield f"{what:<44}{floor.seconds:8.1f} s  processor {floor.processor:6.1f} s {floor.memory:6.0f} MiB   floor"
    for name, wanted in TARGETS.items():
        target = folder / f"dataset.{name}"
        figures = run(EXPORT, str(project), name, str(target))
        ratio, of_processor = figures.seconds / floor.seconds, figures.processor / floor.processor
        goal = "" if wanted is None else f"{wanted}  {'met' if ratio <= wanted else 'MISSED'}"
        memory = "met" if figures.memory <= MOST_MEMORY else "MISSED"
        yield (
            f"{name:>44}{figures.seconds:8.1f} s  processor {figures.processor:6.1f} s {figures.memory:6.0f} MiB "
            f"{MOST_MEMORY} {memory}{ratio:8.2f} of the floor, {of_processor:.2f} of its processor  {goal}"
        )
        remove(target)
        if not figures.rows:
            yield f"UNSOUND: {name} has no rows"
    project.unlink()


def remove(target: Path) -> None:
    """Remove a data set, with what lies beside it."""
    import shutil  # noqa: PLC0415  # only here

    for each in target.parent.glob(f"{target.name}*"):
        shutil.rmtree(each) if each.is_dir() else each.unlink()


def main() -> None:
    """Measure exports at each size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sizes", nargs="*", type=int, help="posts in a project")
    parser.add_argument("--smoke", action="store_true", help="a small project")
    options = parser.parse_args()
    sizes = options.sizes or ([3000] if options.smoke else [1_000_000])
    is_sound = True
    with tempfile.TemporaryDirectory() as folder:
        for posts in sizes:
            for in_a_thread in (posts, IN_A_THREAD):
                for line in measure(posts, in_a_thread, Path(folder)):
                    print(line, flush=True)
                    is_sound &= not line.startswith("UNSOUND")
    sys.exit(not is_sound)


if __name__ == "__main__":
    main()
