"""Print what each operation of an outline costs; run by hand: `python tests/benchmarks/outline.py [COMMENTS …]`.

For each operation the 50th and 95th percentile of its CPU time in milliseconds (it never waits, but other programs
may run), on a thread that `tests.benchmarks.threads` makes. With `--smoke` a small thread, to see that the script runs.
"""

from __future__ import annotations

import gc
import random
import sys
import tracemalloc
from time import process_time
from typing import TYPE_CHECKING

from annotations.shape import Shape
from tests.benchmarks.threads import generate_shape
from tui.text.outline import Outline

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTHS = (100, 84)
CHAIN = 12_000
REPEATS = 41
OFTEN = 400


def body_width(width: int) -> Callable[[int], int]:
    """Return the widths of bodies in a pane: two cells less for each depth, 40 at least."""
    return lambda depth: max(min(width, 40), width - 2 * depth)


def time_calls(call: Callable[[], object], repeats: int = REPEATS, prepare: Callable[[], object] | None = None) -> str:
    """Return the 50th and 95th percentile of the CPU time of a call, in milliseconds."""
    taken = []
    for _ in range(repeats):
        if prepare is not None:
            prepare()
        start = process_time()
        call()
        taken.append((process_time() - start) * 1000)
    taken.sort()
    return f"{taken[len(taken) // 2]:9.3f} {taken[int(len(taken) * 0.95)]:9.3f}"


def say(line: str) -> None:
    """Print a line as soon as it is known."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Bench:
    """The operations on one outline."""

    def __init__(self, comments: int) -> None:
        shape = generate_shape(comments)
        self.blobs = shape.pack()
        self.shape = Shape.unpack(*self.blobs)
        tracemalloc.start()
        self.outline = Outline(self.shape, first=1, width=WIDTHS[0], body_width=body_width(WIDTHS[0]))
        self.bytes_a_post = (tracemalloc.get_traced_memory()[0] + sum(map(len, self.blobs))) / (comments + 1)
        tracemalloc.stop()
        self.random = random.Random(comments)  # noqa: S311  # repeatable, not secret
        tops = [position for position in range(1, comments + 1) if shape.depths[position] == "\1"]
        sizes = {position: self.outline.replies(position) for position in tops}
        self.chain = min(tops, key=lambda position: abs(sizes[position] - CHAIN))
        self.largest = max(tops, key=lambda position: sizes[position])
        self.sizes = sizes
        self.few = bytes(self.random.random() < 50 / comments for _ in range(comments + 1))
        self.many = bytes(self.random.random() < 0.7 for _ in range(comments + 1))

    def somewhere(self) -> int:
        """Return a random position."""
        return self.random.randrange(1, len(self.outline))

    def run(self) -> None:
        """Print a line for each operation."""
        outline, turn = self.outline, iter(range(10**9))
        chain, largest = f"{self.sizes[self.chain]:,}", f"{self.sizes[self.largest]:,}"
        say(f"\n{len(outline) - 1:,} comments, {self.bytes_a_post:.1f} bytes a post" + " " * 10 + "p50 ms    p95 ms")
        self.show("unpack the shape", lambda: Shape.unpack(*self.blobs))
        self.show("make an outline", lambda: Outline(self.shape, first=1, width=99, body_width=body_width(99)))
        self.show_often()
        self.show(f"fold {chain}", lambda: outline.fold(self.chain), lambda: outline.unfold(self.chain))
        self.show(f"unfold {chain}", lambda: outline.unfold(self.chain), lambda: outline.fold(self.chain))
        self.show(f"fold {largest}", lambda: outline.fold(self.largest), lambda: outline.unfold(self.largest))
        self.show(f"unfold {largest}", lambda: outline.unfold(self.largest), lambda: outline.fold(self.largest))
        self.show("fold all", outline.fold_all, outline.unfold_all)
        self.show("unfold all", outline.unfold_all, outline.fold_all)
        self.show("fold to depth 3", lambda: outline.fold_to_depth(3), outline.unfold_all)
        self.show(f"fold, all folded below ({largest})", lambda: outline.toggle(self.largest), outline.fold_all)
        self.show("reveal a random post, all folded", lambda: outline.reveal(self.somewhere()), outline.fold_all)
        outline.fold_all()
        self.show("next visible, all folded", lambda: outline.next_visible(self.largest))
        self.show("set the width, all folded", lambda: self.resize(next(turn)))
        outline.fold_to_depth(4)
        for _ in range(100):
            outline.toggle(self.somewhere())
        self.show("keep the folds", outline.fold_state)
        state = outline.fold_state()
        self.show("restore the folds", lambda: outline.restore(state), outline.unfold_all)
        self.show(
            "set the width, folds and filter", lambda: self.resize(next(turn)), lambda: outline.set_filter(self.many)
        )
        outline.unfold_all()
        outline.set_filter(None)
        self.show("first filter", lambda: outline.set_filter(self.few), lambda: setattr(outline, "_ancestry", None))
        self.show("filter, 50 matches", lambda: outline.set_filter(self.few))
        self.show("filter, 70% match", lambda: outline.set_filter(self.many))
        few, many = outline.paths_to(self.few), outline.paths_to(self.many)
        self.show("paths to 50 matches, beside the app", lambda: outline.paths_to(self.few))
        self.show("paths to 70%, beside the app", lambda: outline.paths_to(self.many))
        self.show("follow paths to 50", lambda: outline.follow_paths(few), lambda: outline.restore(state))
        self.show("follow paths to 70%", lambda: outline.follow_paths(many), lambda: outline.restore(state))
        self.show("leave paths", lambda: outline.leave_paths(state), lambda: outline.follow_paths(many))
        outline.unfold_all()
        self.show("drop the filter", lambda: outline.set_filter(None), lambda: outline.set_filter(self.few))

    def show_often(self) -> None:
        """Print a line for each operation that a frame does many times."""
        outline = self.outline
        often: dict[str, Callable[[], object]] = {
            "measure": lambda: outline.measure(self.somewhere(), 5),
            "row of a post": lambda: outline.row_of(self.somewhere()),
            "post at a row": lambda: outline.at_row(self.random.randrange(outline.total_rows)),
            "next visible": lambda: outline.next_visible(self.somewhere()),
            "previous visible": lambda: outline.previous_visible(self.somewhere()),
            "last visible": outline.last_visible,
            "replies": lambda: outline.replies(self.somewhere()),
            "replies of the largest": lambda: outline.replies(self.largest),
            "parent": lambda: outline.parent(self.somewhere()),
            "ancestors": lambda: outline.ancestors(self.somewhere()),
            "next sibling": lambda: outline.next_sibling(self.somewhere()),
            "previous sibling": lambda: outline.previous_sibling(self.somewhere()),
            "next top": lambda: outline.next_top(self.somewhere()),
        }
        for name, call in often.items():
            say(f"{name:44}{time_calls(call, OFTEN)}")

    def resize(self, turn: int) -> None:
        """Give the outline another width."""
        self.outline.set_width(WIDTHS[turn % 2], body_width(WIDTHS[turn % 2]))

    @staticmethod
    def show(name: str, call: Callable[[], object], prepare: Callable[[], object] | None = None) -> None:
        """Print the line of one operation."""
        say(f"{name:44}{time_calls(call, REPEATS, prepare)}")


if __name__ == "__main__":
    gc.disable()
    for number in ("3000",) if "--smoke" in sys.argv else sys.argv[1:] or ("10000", "100000", "1000000"):
        Bench(int(number)).run()
