"""Samples with bytes cut, flipped, doubled and values of other types: they are imported or refused, never with a traceback."""

from __future__ import annotations

import json
import random
import zipfile
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from annotations.errors import PostilError
from annotations.model import PostKind
from annotations.sources.cleaning import clean
from annotations.sources.source import Source, open_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from annotations.model import Thread

SAMPLES = Path(__file__).parents[3] / "sample_data"
FILES = [
    ("tables", "comment-table.csv"),
    ("tables", "comment-table.jsonl"),
    ("convokit", "convokit-corpus/utterances.jsonl"),
    ("slack", "slack-export/tunnel/2026-05-01.json"),
    ("remark42", "remark42-backup.jsonl"),
    ("isso", "isso-comments.sqlite"),
    ("isso", "isso-page.json"),
    ("commento", "commento-export.json"),
]
ODD: list[Any] = [None, True, 0, -1, 1e308, 2**70, "", "x\x00y\ud800", [], {}, [[None]], {"id": [1]}, "9" * 30, 0.5]


def exercise(name: str, source: Source) -> int:
    """Sniff and read a source; return how many posts it has, all of which the store would take."""
    importer = import_module(f"annotations.importers.{name}")
    assert 0 <= importer.sniff(source) <= 1
    posts = 0
    try:
        for thread in importer.read(source):
            check(thread)
            posts += len(thread.posts)
    except PostilError as error:
        assert error.message  # noqa: PT017  # either outcome is right, a traceback is not
    return posts


def check(thread: Thread) -> None:
    """Assert what the store asks of a thread: a tree in pre-order, keys of their own, clean texts, JSON beside them."""
    known: set[str | None] = set()
    for post in thread.posts:
        assert post.key
        assert post.key not in known
        assert (post.parent is None) == (post.kind is PostKind.ARTICLE) == (not known)
        assert post.parent is None or post.parent in known
        known.add(post.key)
        said = json.dumps(post.meta, allow_nan=False, ensure_ascii=False)
        for text in (post.key, post.text, post.author or "", said, thread.title, thread.key, thread.url or ""):
            assert clean(text) == (text, 0)
        assert post.created_at is None or len(post.created_at) == len("2026-05-01T08:30:00Z")


def cut(raw: bytes, chance: random.Random) -> bytes:
    return raw[: chance.randrange(len(raw))]


def flip(raw: bytes, chance: random.Random) -> bytes:
    changed = bytearray(raw)
    for _ in range(chance.randrange(1, 8)):
        changed[chance.randrange(len(raw))] = chance.choice([0, 10, 34, 44, 92, 255, chance.randrange(256)])
    return bytes(changed)


def double(raw: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(raw))
    stop = min(len(raw), start + chance.randrange(1, 400))
    return raw[:stop] + raw[start:stop] * chance.randrange(1, 3) + raw[stop:]


def drop(raw: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(raw))
    return raw[:start] + raw[start + chance.randrange(1, 200) :]


@pytest.mark.parametrize("change", [cut, flip, double, drop])
@pytest.mark.parametrize(("name", "file"), FILES)
def test_damaged_bytes_are_survived(name: str, file: str, change: Callable[[bytes, random.Random], bytes]) -> None:
    raw = (SAMPLES / file).read_bytes()
    chance = random.Random(file + change.__name__)  # noqa: S311  # the same damage each time
    survived = sum(exercise(name, Source.of_bytes(change(raw, chance), Path(file).name)) > 0 for _ in range(15))
    assert survived > 0, "some of what is left can be read"


@pytest.mark.parametrize(("name", "file"), [pair for pair in FILES if pair[1].endswith(("json", "jsonl"))])
def test_values_of_other_types_are_survived(name: str, file: str) -> None:
    text = (SAMPLES / file).read_text(encoding="utf-8")
    documents = [json.loads(line) for line in text.splitlines()] if file.endswith("l") else [json.loads(text)]
    whole = exercise(name, source_of(documents, file))
    for index, odd in enumerate(ODD * 6):
        chance = random.Random(f"{file}{index}")  # noqa: S311  # the same values each time
        changed = json.loads(json.dumps(documents))
        places = list(slots(changed))
        for container, key in chance.sample(places, min(len(places), 3)):
            container[key] = odd
        assert exercise(name, source_of(changed, file)) <= 3 * whole


def source_of(documents: list[Any], file: str) -> Source:
    return Source.of_bytes("\n".join(map(json.dumps, documents)).encode(), Path(file).name)


def slots(value: object) -> Iterator[tuple[Any, Any]]:
    """Yield each place in a document that holds a value."""
    waiting: list[Any] = [value]
    while waiting:
        inner = waiting.pop()
        keys = list(inner) if isinstance(inner, dict) else range(len(inner))
        for key in keys:
            yield inner, key
            if isinstance(inner[key], dict | list):
                waiting.append(inner[key])


@pytest.mark.parametrize(("name", "folder"), [("slack", "slack-export"), ("convokit", "convokit-corpus")])
def test_exports_with_damaged_files_are_survived(name: str, folder: str, tmp_path: Path) -> None:
    files = sorted(path for path in (SAMPLES / folder).rglob("*.json*"))
    for number in range(24):
        chance = random.Random(f"{folder}{number}")  # noqa: S311  # the same damage each time
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for path in files:
                raw = path.read_bytes()
                broken = chance.choice([cut, flip, double, drop])(raw, chance) if chance.random() < 0.4 else raw
                archive.writestr(f"export/{path.relative_to(SAMPLES / folder)}", broken)
        path = tmp_path / f"{number}.zip"
        path.write_bytes(packed.getvalue())
        exercise(name, open_source(path))
    assert exercise(name, open_source(SAMPLES / folder)) > 0
