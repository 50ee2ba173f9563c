"""Time `postil` in a pseudo-terminal beside a floor: a minimal Textual app with one `Static`, in the same run.

    python tests/benchmarks/reader.py              # 100k and 1M comments
    python tests/benchmarks/reader.py 1000 10000   # other sizes
    python tests/benchmarks/reader.py --smoke      # small and quick, to see that it runs

A latency ends when the last byte of a frame has been read from the pseudo-terminal. Every figure stands beside the
floor's and its ratio to it; what misses its target is named. Targets are milliseconds on a quiet machine with two cores.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from annotations.shape import subtree_end  # noqa: E402  # after the path is set
from annotations.store.posts import load_posts, load_shape  # noqa: E402  # the same
from annotations.store.project import Project  # noqa: E402  # the same
from annotations.store.reading import save_place  # noqa: E402  # the same
from tests.benchmarks.threads import write_thread  # noqa: E402  # the same

END_OF_FRAME = b"\x1b[?2026l"
QUIET = 0.12
"""Seconds without output after which the program is taken to be done with a key."""
DEADLINE = 20.0
KEPT = 3.0
"""Seconds after which a program that was opened for the first time has kept what opens it sooner."""
WIDTH, HEIGHT = 120, 40
Targets: TypeAlias = Mapping[int, float]

FLOOR = """
from textual.app import App
from textual.widgets import Static

class Floor(App):
    count = 0
    def compose(self):
        yield Static("floor")
    def on_key(self, event):
        self.count += 1
        self.query_one(Static).update(f"floor {self.count}", layout=False)

Floor().run()
"""


@dataclass(frozen=True)
class Action:
    """Keys to time, and what they should take.

    Args:
        name: What the table calls it.
        keys: The keys that are sent at once; several variants are sent in turn.
        target: Milliseconds at 95 %, by size; the next smaller size holds.
    """

    name: str
    keys: tuple[bytes, ...]
    target: Targets


ACTIONS = (
    Action("fold, unfold a chain", (b"h", b"l"), {100_000: 25, 1_000_000: 40}),
    Action("j k", (b"j", b"j", b"j", b"k"), {100_000: 16, 1_000_000: 16}),
    Action("page down", (b"\x1b[6~",), {100_000: 20, 1_000_000: 25}),
    Action("end, home", (b"\x1b[F", b"\x1b[H"), {100_000: 20, 1_000_000: 25}),
    Action("fold all, unfold all", (b"zM", b"zR"), {100_000: 25, 1_000_000: 40}),
)
FIRST_PAINT: Targets = {100_000: 100, 1_000_000: 150}
RESIZE: Targets = {100_000: 120, 1_000_000: 150}
MEMORY: Targets = {100_000: 15, 1_000_000: 25}


class Program:
    """A program in a pseudo-terminal."""

    def __init__(self, command: list[str]) -> None:
        primary, secondary = pty.openpty()
        self._terminal = primary
        self._set_size(WIDTH, HEIGHT)
        variables = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(ROOT)}
        variables.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed Postil is compiled
        variables["POSTIL_CONFIG"] = str(ROOT / "nobodys.toml")  # not there: nobody's configuration
        self.begun = time.perf_counter()
        self._process = subprocess.Popen(  # our own program
            command, stdin=secondary, stdout=secondary, stderr=secondary, env=variables, start_new_session=True
        )
        os.close(secondary)

    def _set_size(self, width: int, height: int) -> None:
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def read(self, seconds: float) -> bytes:
        """Return what has been written, waiting for it as long as that; b"" if nothing came."""
        ready, _, _ = select.select([self._terminal], [], [], seconds)
        data = os.read(self._terminal, 1 << 16) if ready else b""
        if b"\x1b[?2026$p" in data:  # it asks whether frames can be drawn at once
            os.write(self._terminal, b"\x1b[?2026;2$y")
        return data

    def wait_for_frame(self, since: float, *, text: bytes = b"") -> float:
        """Return the milliseconds from `since` to the end of the next frame, or of the first that follows `text`."""
        seen = b""
        while time.perf_counter() - since < DEADLINE:
            seen += self.read(1)
            at = seen.find(text)
            if at >= 0 and seen.find(END_OF_FRAME, at) >= 0:
                return 1000 * (time.perf_counter() - since)
        raise TimeoutError(f"no frame within {DEADLINE} seconds; the last output was {seen[-200:]!r}")

    def settle(self) -> float:
        """Read until the program is quiet; return when the last output came."""
        last = time.perf_counter()
        while self.read(QUIET):
            last = time.perf_counter()
        return last

    def idle(self, seconds: float) -> None:
        """Leave it alone for as long."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self.read(left)

    def send(self, keys: bytes) -> None:
        """Send keys."""
        os.write(self._terminal, keys)

    def press(self, keys: bytes) -> float:
        """Send keys and return the milliseconds to the end of the frame."""
        since = time.perf_counter()
        self.send(keys)
        took = self.wait_for_frame(since)
        self.settle()
        return took

    def resize(self, width: int, height: int) -> float:
        """Change the terminal's size and return the milliseconds until the program is quiet again."""
        since = time.perf_counter()
        self._set_size(width, height)
        os.kill(self._process.pid, signal.SIGWINCH)
        self.wait_for_frame(since)
        return 1000 * (self.settle() - since)

    @property
    def memory(self) -> float:
        """The resident memory in MiB."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def close(self) -> None:
        """End the program."""
        self._process.kill()
        self._process.wait()
        os.close(self._terminal)


@dataclass(frozen=True)
class Figures:
    """What was measured of a program: milliseconds, and MiB."""

    memory: float
    resize: float
    keys: dict[str, list[float]]


def first_paints(programs: Sequence[tuple[list[str], bytes]], starts: int) -> list[float]:
    """Return the milliseconds to the first frame of each program, medians; they start in turn, as machines drift."""
    paints: list[list[float]] = [[] for _ in programs]
    for turn in range(1 + starts):
        for figures, (command, text) in zip(paints, programs, strict=True):
            with closing(Program(command)) as program:
                took = program.wait_for_frame(program.begun, text=text)
                if turn:
                    figures.append(took)
                    program.settle()
                else:  # the first start compiles and fills the system's cache
                    program.idle(KEPT)
    return [statistics.median(figures) for figures in paints]


def measure(command: list[str], text: bytes, repeats: int) -> Figures:
    """Press keys in a program, and resize its terminal."""
    with closing(Program(command)) as program:
        program.wait_for_frame(program.begun, text=text)
        program.settle()
        keys = {
            action.name: [
                program.press(action.keys[turn % len(action.keys)]) for turn in range(repeats * len(action.keys))
            ]
            for action in ACTIONS
        }
        memory = program.memory
        sizes = [(100, 30), (160, 50), (80, 24), (WIDTH, HEIGHT)]
        resizes = [program.resize(*sizes[turn % len(sizes)]) for turn in range(max(4, repeats // 4))]
    return Figures(memory, statistics.median(resizes), keys)


def at_95(figures: list[float]) -> float:
    """Return the value that 95 % stay under."""
    return sorted(figures)[max(0, int(len(figures) * 0.95) - 1)]


def target(targets: Targets, comments: int) -> float:
    """Return the target for a size: the one of the next size that has one."""
    return targets[min((size for size in targets if size >= comments), default=max(targets))]


def report(comments: int, paints: Sequence[float], floor: Figures, reader: Figures) -> int:
    """Print a size's figures, first the first paints of floor and reader; return how many miss their target."""
    missed = 0

    def row(  # noqa: PLR0913  # the columns of the table
        name: str, figure: float, beside: float, wanted: float, *, is_over: bool, unit: str = "ms"
    ) -> None:
        nonlocal missed
        misses = (figure - beside if is_over else figure) > wanted
        missed += misses
        goal = f"{'floor + ' if is_over else ''}{wanted:g}"
        print(
            f"{comments:>9,}  {name:<28}{figure:>9.1f} {unit:<4}{beside:>9.1f}{figure / beside:>8.2f}  {goal:<13}"
            f"{'MISSED' if misses else 'met'}"
        )

    row("first paint", paints[1], paints[0], target(FIRST_PAINT, comments), is_over=True)
    for action in ACTIONS:
        figures, beside = reader.keys[action.name], floor.keys[action.name]
        row(
            f"{action.name}, p50",
            statistics.median(figures),
            statistics.median(beside),
            target(action.target, comments),
            is_over=False,
        )
        row(f"{action.name}, p95", at_95(figures), at_95(beside), target(action.target, comments), is_over=False)
    row("resize until settled", reader.resize, floor.resize, target(RESIZE, comments), is_over=False)
    row("memory", reader.memory, floor.memory, target(MEMORY, comments), is_over=True, unit="MiB")
    return missed


def prepare(path: Path, comments: int) -> int:
    """Write a thread, to be opened at its longest chain; return how many posts that has."""
    with Project.open(path, create=True) as project:
        thread_id = write_thread(project, comments)
        depths = load_shape(project, thread_id).depths
        tops = [position for position, depth in enumerate(depths) if depth == chr(1)]
        chain = max(tops, key=lambda top: subtree_end(depths, top) - top)
        post = load_posts(project, thread_id, chain, chain + 1)[0]
        place = {"pane": "thread", "post": post.id, "row": 0}
        save_place(project, thread_id, project.annotator("benchmark").id, place)
        return post.subtree_size


def main() -> None:
    """Measure the floor and the reader at each size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sizes", nargs="*", type=int, help="comments in a thread")
    parser.add_argument("--smoke", action="store_true", help="a small thread, few repeats")
    options = parser.parse_args()
    sizes = options.sizes or ([300] if options.smoke else [100_000, 1_000_000])
    repeats, starts = (2, 1) if options.smoke else (20, 9)
    print(f"{'comments':>9}  {'what':<28}{'reader':>9}     {'floor':>9}{'ratio':>8}  {'target':<13}")
    bare = [sys.executable, "-c", FLOOR]
    floor = measure(bare, b"floor", repeats)
    with tempfile.TemporaryDirectory() as folder:
        for comments in sizes:
            path = Path(folder) / f"{comments}.db"
            print(f"{comments:>9,}  the longest chain has {prepare(path, comments):,} posts")
            postil = [sys.executable, "-m", "tui.cli", "--project", str(path), "--annotator", "benchmark"]
            paints = first_paints([(bare, b"floor"), (postil, b"Article")], starts)
            missed = report(comments, paints, floor, measure(postil, b"Article", repeats))
            print(f"{comments:>9,}  {missed} missed" if missed else f"{comments:>9,}  all met")
            path.unlink()


if __name__ == "__main__":
    main()
