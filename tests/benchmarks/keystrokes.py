"""Count the fewest keys that put gold labels, with the app's real bindings.

    python tests/benchmarks/keystrokes.py                 # our own labels on the sample, and spans made up by a seed
    python tests/benchmarks/keystrokes.py GOLD.db         # what stands in a project, or in its JSON Lines export
    python tests/benchmarks/keystrokes.py --json          # the same as JSON, with the keys of each label
    python tests/benchmarks/keystrokes.py --smoke         # little and quick, to see that it runs

The keys go through the reader's own key reading, panes and labels (`tests.benchmarks.hands`); the search for the fewest is
described in `tests.benchmarks.fewest` and `ways`. Labels are put in reading order, a post's spans before the post's own labels, and
counted from where the cursor is when the one before is done: going to the place and scrolling count, too.
Targets: a sentence under the cursor 2 keys, a comment's label 1, undo 1, the median over arbitrary spans at most 4.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from annotations.session import LabelingSession  # noqa: E402  # after the path is set
from annotations.store import listing  # noqa: E402  # the same
from annotations.store.codebooks import apply_codebook, codebook_in_force  # noqa: E402  # the same
from annotations.store.project import Project  # noqa: E402  # the same
from annotations.store.threads import save_thread  # noqa: E402  # the same
from tests.benchmarks import gold  # noqa: E402  # the same
from tests.benchmarks.fewest import Search  # noqa: E402  # the same
from tests.benchmarks.hands import Hands  # noqa: E402  # the same
from tests.benchmarks.key_choice import remembered_motions  # noqa: E402  # the same
from tui.app import PostilApp  # noqa: E402  # the same
from tui.screens.reader import ReaderScreen  # noqa: E402  # the same
from tui.text import motions  # noqa: E402  # the same
from tui.text.sentences import sentences  # noqa: E402  # the same

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.benchmarks.gold import Gold, Mark
    from tests.benchmarks.hands import Sizes

TERMINAL = (120, 40)
MEDIAN = 4
A_SENTENCE, A_COMMENT, AN_UNDO = 2, 1, 1
FEW = 4
"""Words of what the table calls a phrase, at most."""


class Put(Struct, frozen=True):
    """A label, and the fewest keys that put it.

    Args:
        mark: The label.
        kind: What it is on, in the words of the table.
        keys: The keys.
        quote: What the span says.
    """

    mark: Mark
    kind: str
    keys: tuple[str, ...]
    quote: str


class Row(Struct, frozen=True):
    """A line of the table."""

    kind: str
    count: int
    least: int
    median: float
    at_90: int
    most: int
    target: int | None = None

    @property
    def is_met(self) -> bool:
        """Whether the median is within the target."""
        return self.target is None or self.median <= self.target


def save(given: Gold, path: Path) -> None:
    """Make a project of a thread, without labels."""
    with Project.open(path, create=True) as project:
        save_thread(project, given.thread, location=given.name, source_sha256="0" * 64)
        apply_codebook(project, given.codebook)


def open_hands(project: Project, sizes: Sizes) -> Hands:
    """Return hands on the first thread of a project."""
    thread = listing.load_thread(project, 1)
    codebook = codebook_in_force(project)
    return Hands(LabelingSession(project, project.annotator("gold"), codebook), thread, sizes)


def pane_sizes(path: Path, terminal: tuple[int, int]) -> Sizes:
    """Return the sizes that the app gives its panes in a terminal of so many columns and rows."""

    async def look() -> Sizes:
        app = PostilApp(path, "gold")
        async with app.run_test(size=terminal) as pilot:
            screen = pilot.app.screen
            assert isinstance(screen, ReaderScreen)
            found = []
            for _ in range(2):
                found.append(((*screen.article.size,), (*screen.thread_pane.size,)))
                await pilot.press("tab")
                await pilot.pause()
            return found[0], found[1]

    return asyncio.run(look())


def put_all(given: Gold, folder: Path, terminal: tuple[int, int], most: int | None = None) -> list[Put]:
    """Return the fewest keys for each label of a thread."""
    path = folder / "gold.db"
    path.unlink(missing_ok=True)
    save(given, path)
    sizes = pane_sizes(path, terminal)
    marks = given.marks[:most]
    with Project.open(path) as project, remembered_motions():
        ways = Search(open_hands(project, sizes)).put_all(marks)
    texts = [post.text for post in given.thread.posts]
    scopes = {label.id: label.scope.value for label in given.codebook.labels}
    return [
        Put(
            mark,
            kind_of(mark, texts[mark.position], scopes[mark.label]),
            keys,
            texts[mark.position][mark.start : mark.end],
        )
        for mark, keys in zip(marks, ways, strict=True)
    ]


def kind_of(mark: Mark, text: str, scope: str) -> str:
    """Return what a label is on, in the words of the table."""
    if mark.is_of_post:
        return f"a {scope}"
    span = (mark.start, mark.end)
    if motions.sentence_at(text, mark.start) == span:
        return "a sentence"
    first, last = motions.sentence_at(text, mark.start), motions.sentence_at(text, mark.end - 1)
    if first and last and (first[0], last[1]) == span:
        return "several sentences"
    if motions.clause_at(text, mark.start) == span:
        return "a clause"
    return "a phrase" if len(text[mark.start : mark.end].split()) <= FEW else "another span"


def rows_of(puts: Sequence[Put]) -> list[Row]:
    """Return a line for each kind, and one for all spans."""
    missed = [put for put in puts if not put.keys]
    puts = [put for put in puts if put.keys]
    kinds = sorted({put.kind for put in puts})
    found = [_row(kind, [len(put.keys) for put in puts if put.kind == kind]) for kind in kinds]
    spans = [len(put.keys) for put in puts if not put.mark.is_of_post]
    if spans:
        found.append(_row("all spans", spans, MEDIAN))
    return [*found, Row("beyond reach: no keys select it", len(missed), 0, 0, 0, 0)] if missed else found


def _row(kind: str, counts: Iterable[int], target: int | None = None) -> Row:
    ordered = sorted(counts)
    middle = len(ordered) // 2
    median = (ordered[middle] + ordered[~middle]) / 2
    return Row(kind, len(ordered), ordered[0], median, ordered[int(0.9 * (len(ordered) - 1))], ordered[-1], target)


def single_keys(given: Gold, folder: Path, terminal: tuple[int, int]) -> list[Row]:
    """Measure what must take one key or two: a sentence under the cursor, a comment's label, the way back."""
    path = folder / "single.db"
    path.unlink(missing_ok=True)
    save(given, path)
    sizes = pane_sizes(path, terminal)
    with Project.open(path) as project, remembered_motions():
        hands = open_hands(project, sizes)
        search = Search(hands)
        begin = hands.keep()
        on_sentences = []
        for start, end in sentences(hands.article.text):
            for offset in (start, (start + end) // 2, end - 1):
                hands.restore(begin)
                hands.article.go_to_text(0, offset)
                on_sentences.append(len(search.fewest(gold.on_span(0, start, end, "claim")) or "none"))
        hands.restore(begin)
        hands.press("tab")
        ways = search.put_all([gold.on_post(position, "agree") for position in range(1, len(given.thread.posts))])
        undone = []
        for left in range(len(ways), 0, -1):
            hands.press("u")
            undone.append(1 if hands.session.progress(hands.thread.id).labeled == left - 1 else 9)
    return [
        _row("a sentence under the cursor", on_sentences, A_SENTENCE),
        _row("a first label on each comment", [len(way) for way in ways[1:]], A_COMMENT),
        _row("undo", undone, AN_UNDO),
    ]


def show(name: str, rows: Sequence[Row]) -> None:
    """Print a table."""
    print(f"\n{name:<52}{'count':>6}{'min':>6}{'median':>8}{'p90':>6}{'max':>6}")
    for row in rows:
        missed = "" if row.is_met else f"   missed: {row.target}"
        print(f"  {row.kind:<50}{row.count:>6}{row.least:>6}{row.median:>8g}{row.at_90:>6}{row.most:>6}{missed}")


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("gold", nargs="*", type=Path, help="projects with labels, or their JSON Lines exports")
    parser.add_argument("--seed", type=int, default=1, help="what decides where made-up spans are")
    parser.add_argument("--words", type=int, default=gold.WORDS_A_SPAN, help="words from one made-up span to the next")
    parser.add_argument("--size", default="x".join(map(str, TERMINAL)), help="the terminal, as in 120x40")
    parser.add_argument("--json", action="store_true", help="print JSON, with the keys of each label")
    parser.add_argument("--smoke", action="store_true", help="a few labels only")
    options = parser.parse_args()
    columns, lines = map(int, options.size.split("x"))
    most = 6 if options.smoke else None
    if options.gold:
        golds = [gold.read_gold(path) for path in options.gold]
    else:
        kinds = list(gold.SHAPES)[: 1 if options.smoke else None]
        golds = [gold.own(), *(gold.generate(kind, options.seed, words_a_span=options.words) for kind in kinds)]
    sets: list[tuple[str, list[Put], list[Row]]] = []
    with tempfile.TemporaryDirectory() as folder:
        if not options.gold:
            sets.append(("what must be short", [], single_keys(gold.own(), Path(folder), (columns, lines))))
        for given in golds:
            puts = put_all(given, Path(folder), (columns, lines), most)
            sets.append((given.name, puts, rows_of(puts)))
    if options.json:
        print(json.dumps([_as_json(*each) for each in sets], ensure_ascii=False, indent=1))
    else:
        for name, _, rows in sets:
            show(name, rows)


def _as_json(name: str, puts: Sequence[Put], rows: Sequence[Row]) -> dict[str, object]:
    labels = [
        {"post": put.mark.position, "label": put.mark.label, "quote": put.quote, "keys": list(put.keys)} for put in puts
    ]
    shown = [{field: getattr(row, field) for field in (*row.__struct_fields__, "is_met")} for row in rows]
    return {"gold": name, "rows": shown, "labels": labels}


if __name__ == "__main__":
    main()
