"""What shall be labeled: a thread with gold annotations, from a project, an export, our own file, or made up by a seed."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.codebook_toml import default_codebook
from annotations.importers import flattened
from annotations.model import Post, PostKind, Scope, Thread
from annotations.sources.source import read_source
from annotations.store import labels, listing, posts
from annotations.store.codebooks import codebook_in_force
from annotations.store.project import Project
from tui.text.sentences import clause_places, sentences
from tui.text.units import strip_space

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from annotations.codebook import Codebook

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_data" / "harbour-tunnel.txt"
OWN = Path(__file__).with_name("harbour-tunnel.gold.jsonl")

WORDS_A_SPAN = 40
"""Of so many words in a post one begins a generated span."""
LONGEST = 24
"""Words of an arbitrary span at most."""
_WORD = re.compile(r"\w+(?:[’'.,-]\w+)*")


class Mark(Struct, frozen=True, order=True):
    """A gold annotation: a label on a post, or on the code points [start, end) of its text; `on_span` and `on_post` make one.

    Args:
        position: The place of the post in pre-order.
        is_of_post: Whether it is on the post, or the thread, as a whole: spans come first.
        start: Where the span starts, else 0.
        end: Where it ends, else 0.
        label: The label's id.
    """

    position: int
    is_of_post: bool
    start: int
    end: int
    label: str


def on_span(position: int, start: int, end: int, label: str) -> Mark:
    """Return a label on [start, end) of the text of the post at a position."""
    return Mark(position, False, start, end, label)  # noqa: FBT003  # as the record says


def on_post(position: int, label: str) -> Mark:
    """Return a label on the post at a position, or for position 0 on the thread."""
    return Mark(position, True, 0, 0, label)  # noqa: FBT003  # as the record says


class Gold(Struct, frozen=True):
    """A thread and its gold annotations, in the order in which they are put: as one reads."""

    name: str
    thread: Thread
    marks: tuple[Mark, ...]
    codebook: Codebook


def sample() -> Thread:
    """Return the thread of the sample data."""
    (thread,) = flattened.read(read_source(SAMPLE))
    return thread


def own() -> Gold:
    """Return our own labels on the sample: what a careful reader would mark in it."""
    thread = sample()
    places = {post.key: (position, post.text) for position, post in enumerate(thread.posts)}
    found = []
    for line in OWN.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        position, text = places[row["post"]]
        if "exact" not in row:
            found.append(on_post(position, row["label"]))
            continue
        start = text.index(row["exact"])
        found.append(on_span(position, start, start + len(row["exact"]), row["label"]))
    return Gold("sample, labeled by hand", thread, tuple(sorted(found)), default_codebook())


def read_export(path: Path) -> Gold:
    """Read a thread and its annotations from the JSON Lines that Postil exports; of several threads the first."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["thread"] == rows[0]["thread"]]
    found = []
    for position, row in enumerate(rows):
        of_post = [*row["labels"], *row["thread_labels"]]
        found += [on_post(position, each["label"]) for each in of_post if not each["implied_by"]]
        found += [
            on_span(position, each["start_char"], each["end_char"], each["label"])
            for each in row["spans"]
            if not each["detached"] and not each["implied_by"]
        ]
    posts = tuple(
        Post(key=row["post"], parent=row["parent"], kind=PostKind(row["kind"]), text=row["text"], author=row["author"])
        for row in rows
    )
    thread = Thread(key=rows[0]["thread"], title=rows[0]["title"], posts=posts, format="jsonl")
    return Gold(path.name, thread, tuple(sorted(set(found))), default_codebook())


def read_project(path: Path) -> Gold:
    """Read a thread and all that stands on it from a project; of several threads the one with most annotations."""
    with Project.open(path, read_only=True) as project:
        threads = [summary.thread for summary in listing.list_threads(project)]
        standing = {thread.id: labels.annotations_in_thread(project, thread.id) for thread in threads}
        stored = max(threads, key=lambda thread: len(standing[thread.id]))
        held = posts.load_posts(project, stored.id, 0, stored.posts)
        places = {post.id: post.position for post in held}
        found = {
            on_post(places.get(annotation.target.post_id or 0, 0), annotation.label)
            if annotation.target.span is None
            else on_span(
                places[annotation.target.post_id or 0],
                annotation.target.span.start,
                annotation.target.span.end,
                annotation.label,
            )
            for annotation in standing[stored.id]
            if annotation.scope is not Scope.RELATION and not annotation.detached
        }
        of_thread = tuple(
            Post(key=post.key, parent=post.parent, kind=post.kind, text=post.text, author=post.author) for post in held
        )
        thread = Thread(key=stored.key, title=stored.title, posts=of_thread, format=stored.format)
        return Gold(path.name, thread, tuple(sorted(found)), codebook_in_force(project))


def read_gold(path: Path) -> Gold:
    """Read a project or an export."""
    return read_export(path) if path.suffix == ".jsonl" else read_project(path)


def generate(kind: str, seed: int, *, words_a_span: int = WORDS_A_SPAN) -> Gold:
    """Return the sample with spans that chance puts there.

    Args:
        kind: Which: a key of `SHAPES`.
        seed: What decides.
        words_a_span: How far they stand apart, in words, on average.
    """
    thread = sample()
    chance = random.Random(f"{kind} {seed}")  # noqa: S311  # repeatable, not secret
    found: set[Mark] = set()
    for position, post in enumerate(thread.posts):
        words = [match.span() for match in _WORD.finditer(post.text)]
        shapes = SHAPES[kind](post.text, words)
        for _ in range(sum(chance.random() < 1 / words_a_span for _ in words)):
            if shapes:
                start, end = _draw(kind, shapes, chance)
                found.add(on_span(position, start, end, chance.choice(("claim", "evidence", "source"))))
    return Gold(kind, thread, tuple(sorted(found)), default_codebook())


def _draw(kind: str, shapes: Sequence[tuple[int, int]], chance: random.Random) -> tuple[int, int]:
    first = chance.randrange(len(shapes))
    most = {ARBITRARY: LONGEST, PHRASES: 5, SEVERAL: 4}.get(kind, 1)
    least = 2 if kind in {SEVERAL, PHRASES} else 1
    last = min(len(shapes) - 1, first + chance.randint(least, most) - 1)
    return shapes[first][0], shapes[last][1]


def _clauses(text: str, _: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found = []
    start = len(text) - len(text.lstrip())
    for end, following in clause_places(text, 0):
        found.append((start, end))
        start = following
    return [*found, (start, strip_space(text, start, len(text)))] if text.strip() else []


ARBITRARY = "arbitrary: from any word to any other, 1 to 24 words"
PHRASES = "phrases: 2 to 5 words"
CLAUSES = "clauses"
SENTENCES = "sentences"
SEVERAL = "2 to 4 sentences"

SHAPES: dict[str, Callable[[str, list[tuple[int, int]]], list[tuple[int, int]]]] = {
    ARBITRARY: lambda _, words: words,
    PHRASES: lambda _, words: words,
    CLAUSES: _clauses,
    SENTENCES: lambda text, _: sentences(text),
    SEVERAL: lambda text, _: sentences(text),
}
"""What spans are made of: by kind, a function from a text and its words to the pieces of which neighbours are taken."""
