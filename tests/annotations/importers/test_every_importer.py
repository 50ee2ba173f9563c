"""All importers at once, given what is not theirs or is broken: no mistake of theirs shows, and nothing hangs."""

from __future__ import annotations

import random
import re
import signal
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annotations import formats
from annotations.errors import PostilError
from annotations.sources.source import Source, open_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from annotations.formats import Importer
    from annotations.model import Thread

SAMPLES = Path(__file__).parents[3] / "sample_data"
FILES = sorted(
    path
    for path in SAMPLES.rglob("*")
    if path.is_file() and path.suffix not in {".toml", ".md"} and path.stat().st_size < 1 << 20
)
IMPORTERS = [
    formats.importer(name) for name, entry in formats.importers().items() if entry.value.startswith("annotations.")
]
PATIENCE = 20
"""Seconds after which something hangs: what is tried takes milliseconds."""


@contextmanager
def patience(what: str) -> Iterator[None]:
    """Fail if the block does not come to an end."""

    def give_up(*_: object) -> None:
        pytest.fail(f"{what} hangs")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


needs_alarm = pytest.mark.skipif(
    not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread(),
    reason="this system has no alarm",
)


def cut(raw: bytes, chance: random.Random) -> bytes:
    """Cut it off somewhere."""
    return raw[: chance.randrange(len(raw))]


def flip(raw: bytes, chance: random.Random) -> bytes:
    """Give some bytes other values."""
    changed = bytearray(raw)
    for _ in range(1 + len(raw) // 500):
        changed[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(changed)


def swap(raw: bytes, chance: random.Random) -> bytes:
    """Give what stands behind a colon, a comma or an equals sign another type."""
    others = [b"null", b"-1", b'"x"', b"[]", b"{}", b"1e400", b"true", b"[[{}]]", b'{"id": 0}']
    return re.sub(
        rb'(?<=[:=,])\s*("[^"\n]{0,40}"|[\w.-]+)',
        lambda found: chance.choice(others) if not chance.randrange(6) else found[0],
        raw,
    )


def double(raw: bytes, chance: random.Random) -> bytes:
    """Write it twice."""
    del chance
    return raw + raw


def interleave(raw: bytes, chance: random.Random) -> bytes:
    """Shuffle its lines, and write some twice."""
    lines = raw.splitlines(keepends=True)
    lines += chance.sample(lines, len(lines) // 3)
    chance.shuffle(lines)
    return b"".join(lines)


def stray(raw: bytes, chance: random.Random) -> bytes:
    """Put bytes in between that are no text."""
    at = chance.randrange(len(raw))
    return raw[:at] + bytes(chance.randrange(256) for _ in range(40)) + b"\x00\x1b\xed\xa0\x80" + raw[at:]


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (cut, flip, swap, double, interleave, stray)


def sure_ones(source: Source) -> list[Importer]:
    """Return the importers that would read a source; that any of them raises is a mistake."""
    return [importer for importer in IMPORTERS if importer.sniff(source) > 0]


def read_all(importer: Importer, source: Source) -> list[Thread]:
    """Return the threads of a source, none if it is refused."""
    try:
        return list(importer.read(source))
    except PostilError:
        return []


@needs_alarm
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SAMPLES)))
def test_a_broken_sample_is_read_or_refused(path: Path, seed: int) -> None:
    raw = path.read_bytes()
    if not raw:
        pytest.skip("there is nothing to break")
    for mutate in MUTATIONS:
        mutated = mutate(raw, random.Random(f"{path.name} {mutate.__name__} {seed}"))  # noqa: S311  # repeatable
        source = Source.of_bytes(mutated, path.name)
        with patience(f"looking at {path.name} ({mutate.__name__})"):
            chosen = sure_ones(source)
        for importer in chosen:
            again = Source.of_bytes(mutated, path.name)
            with patience(f"{importer.name} reading {path.name} ({mutate.__name__})"):
                for thread in read_all(importer, again):
                    assert thread.posts[0].parent is None
                    assert all(str(post.text) == post.text for post in thread.posts)


@needs_alarm
@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda importer: importer.name)
def test_what_is_somebody_elses_is_read_or_refused(importer: Importer) -> None:
    for path in FILES:
        with patience(f"{importer.name} reading {path.name}"):
            read_all(importer, open_source(path))


@needs_alarm
@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda importer: importer.name)
def test_bytes_of_any_kind_are_read_or_refused(importer: Importer) -> None:
    chance = random.Random(7)  # noqa: S311  # repeatable, not secret
    odd = [
        b"",
        b"\x00" * 1000,
        bytes(chance.randrange(256) for _ in range(3000)),
        b"[" * 5000,
        b'{"children":[' * 3000,
        b'{"a":' * 2000 + b"1" + b"}" * 2000,
        b"<div><ul><li>" * 700,
        b"<?xml version='1.0'?>" + b"<a>" * 2000,
        b"\xff\xfe" + "{}".encode("utf-16-le") * 50,
        b"From \n\n" * 500,
        b"  " * 500 + b"\xe2\x80\xa2 x\n" * 50,
        b'"' * 5001,
        b"," * 5000 + b"\n" + b"\t" * 5000,
        b"1.1.1.1.1. Pro: x\n" * 500,
        b"T1\tA 0 99999999999999\tx\nR1\tB Arg1:R1 Arg2:R1\n" * 100,
    ]
    for number, raw in enumerate(odd):
        source = Source.of_bytes(raw, "odd")
        with patience(f"{importer.name} given odd bytes {number}"):
            assert 0 <= importer.sniff(source) <= 1
            read_all(importer, source)


def test_each_importer_says_what_it_keeps_and_what_it_loses() -> None:
    for importer in IMPORTERS:
        assert importer.name in formats.importers()
        for said in (importer.title, importer.keeps, importer.loses):
            assert said.strip() == said
            assert said
            assert not said.endswith("."), "phrases, not sentences"


def test_no_two_importers_are_equally_sure_of_a_sample() -> None:
    for path in FILES:
        source = open_source(path)
        ranked = sorted(((importer.sniff(source), importer.name) for importer in IMPORTERS), reverse=True)
        assert ranked[0][0] == 0 or ranked[0][0] > ranked[1][0], f"{path.name}: {ranked[:2]}"
