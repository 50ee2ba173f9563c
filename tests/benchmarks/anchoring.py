"""Count how many labeled spans survive edits of their text, right, wrong or lost, against the place where they truly are.

    python tests/benchmarks/anchoring.py            # texts of 20,000 characters, and one of a million
    python tests/benchmarks/anchoring.py --smoke    # small and quick, to see that it runs
    python tests/benchmarks/anchoring.py --json     # the same as one JSON object a line

Words are replaced, taken out, misspelt or put in, each at the rate of the row; paragraphs are moved; stretches of up to 15
words are said again elsewhere. *Right* is a span that begins and ends where its words do (words put in at its edges may
belong to it or not), *near* one that shares half of its place, *lost* one that was given up although half of its words
are left, *gone* one that was given up because they are not. *Wrong* is everything else: it is what must not happen.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from msgspec import Struct

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from annotations.anchoring import Anchoring  # noqa: E402  # after the path is set
from annotations.span import Span, quote  # noqa: E402  # the same
from tests.benchmarks.edits import Edited, Prose  # noqa: E402  # the same

if TYPE_CHECKING:
    from tests.benchmarks.edits import Truth

RIGHT, NEAR, LOST, GONE, WRONG = "right", "near", "lost", "gone", "wrong"
OUTCOMES = (RIGHT, NEAR, LOST, GONE, WRONG)
HALF = 0.5
LENGTHS = {"word": (1, 1), "phrase": (2, 6), "sentence": (8, 20), "passage": (25, 60)}
"""The kinds of spans: how many words they have."""
MOST_WRONG = 0.01
"""Share of the spans that may be wrong when words are edited, at any rate."""


class Case(Struct, frozen=True):
    """A way in which a text is edited.

    Args:
        name: What the table calls it.
        words: Rate of edited words.
        moved: Rate of moved paragraphs.
        repeated: Rate of paragraphs of which a stretch is said again.
    """

    name: str
    words: float = 0
    moved: float = 0
    repeated: float = 0


CASES = (
    *(Case(f"{rate:.1%} of words", words=rate) for rate in (0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)),
    Case("20% of paragraphs moved", moved=0.2),
    Case("50% moved, 5% of words", moved=0.5, words=0.05),
    Case("said again in 50%", repeated=0.5),
    Case("all: 5%, 30%, 50%", words=0.05, moved=0.3, repeated=0.5),
)


def choose_spans(edits: Edited, prose: Prose, kind: str, count: int) -> list[tuple[int, int]]:
    """Return spans of whole words that lie in one paragraph each."""
    least, most = LENGTHS[kind]
    spans: list[tuple[int, int]] = []
    while len(spans) < count:
        length = prose.random.randint(least, most)
        start = prose.random.randrange(len(edits.words) - length)
        words = edits.words[start : start + length]
        if not any("\n" in word.gap for word in words[1:]):
            spans.append((words[0].origin or 0, (words[-1].origin or 0) + len(words[-1].text)))
    return spans


def judge(found: Span | None, truth: Truth) -> str:
    """Return what became of a span whose true place is known."""
    if found is None:
        return LOST if truth.left >= HALF else GONE
    if truth.inner is None:
        return WRONG
    (inner_start, inner_end), (outer_start, outer_end) = truth.inner, truth.outer
    if outer_start <= found.start <= inner_start and inner_end <= found.end <= outer_end:
        return RIGHT
    shared = min(found.end, inner_end) - max(found.start, inner_start)
    return NEAR if shared >= HALF * min(len(found), inner_end - inner_start) else WRONG


def run_case(case: Case, kind: str, *, texts: int, characters: int, spans: int) -> tuple[Counter[str], float]:
    """Return how often each outcome was, and the CPU seconds that it took to find all spans."""
    outcomes: Counter[str] = Counter()
    seconds = 0.0
    for seed in range(texts):
        prose = Prose(seed)
        edits = Edited(prose.text(characters), prose)
        chosen = choose_spans(edits, prose, kind, spans)
        edits.repeat_stretches(case.repeated)
        edits.move_paragraphs(case.moved)
        edits.edit_words(case.words)
        truths, new = edits.truths(chosen), edits.text
        start = process_time()
        anchoring = Anchoring(new, edits.old)
        found = [anchoring.find(quote(edits.old, Span(*span)), span[0], Span(*span)) for span in chosen]
        seconds += process_time() - start
        outcomes.update(judge(each.span if each else None, truth) for each, truth in zip(found, truths, strict=True))
    return outcomes, seconds


def time_long_text(characters: int, spans: int, rate: float) -> dict[str, object]:
    """Return the CPU seconds for one long text and spans of 1 to 5,000 characters in it."""
    prose = Prose(1)
    edits = Edited(prose.text(characters), prose)
    old = edits.old
    if rate < 1:
        edits.edit_words(rate)
        edits.move_paragraphs(0.2)
        new = edits.text
    else:
        new = Prose(2).text(characters)
    longest = min(5_000, characters // 4)
    chosen = []
    for _ in range(spans):
        length = prose.random.choice((1, 5, 20, 80, 300, longest))
        start = prose.random.randrange(len(old) - length)
        chosen.append(Span(start, start + length))
    began = process_time()
    anchoring = Anchoring(new, old)
    _ = anchoring.alignment
    aligned = process_time()
    worst, found = 0.0, 0
    for span in chosen:
        at = process_time()
        found += anchoring.find(quote(old, span), span.start, span) is not None
        worst = max(worst, process_time() - at)
    return {
        "characters": len(old),
        "spans": spans,
        "edited": rate,
        "found": found,
        "align_seconds": round(aligned - began, 3),
        "find_seconds": round(process_time() - aligned, 3),
        "slowest_milliseconds": round(worst * 1000, 1),
    }


def say(line: str) -> None:
    """Print a line as soon as it is known."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run; return 1 where more than the share allowed is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--smoke", action="store_true", help="small and quick, to see that it runs")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    texts, characters, spans = (1, 6_000, 20) if options.smoke else (5, 20_000, 200)
    failed = False
    if not options.json:
        say(f"{'':24} {'spans':9}" + "".join(f"{outcome:>8}" for outcome in OUTCOMES) + f"{'CPU s':>8}")
    for case in CASES:
        for kind in LENGTHS:
            outcomes, seconds = run_case(case, kind, texts=texts, characters=characters, spans=spans)
            total = sum(outcomes.values())
            is_missed = not (case.moved or case.repeated) and outcomes[WRONG] > max(1, MOST_WRONG * total)
            failed |= is_missed
            if options.json:
                counts = {outcome: outcomes[outcome] for outcome in OUTCOMES}
                say(json.dumps({"case": case.name, "spans": kind, **counts, "seconds": round(seconds, 3)}))
            else:
                shares = "".join(f"{outcomes[outcome] / total:>8.1%}" for outcome in OUTCOMES)
                say(f"{case.name:24} {kind:9}{shares}{seconds:>8.2f}{'  MISSED' if is_missed else ''}")
    long = (40_000, 50) if options.smoke else (1_000_000, 1_000)
    for rate in (0.01, 0.1, 1):
        timed = time_long_text(*long, rate)
        if options.json:
            say(json.dumps(timed))
        else:
            what = "another text" if rate == 1 else f"{rate:.0%} edited, 20% moved"
            say(
                f"{what:24} {timed['characters']:,} characters, {timed['spans']} spans: {timed['found']} found, "
                f"compared in {timed['align_seconds']} s, found in {timed['find_seconds']} s, "
                f"the slowest in {timed['slowest_milliseconds']} ms"
            )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
