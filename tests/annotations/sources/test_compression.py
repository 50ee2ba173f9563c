"""Compressed sources: read as if they were not, whatever compressed them; damage is reported, and bombs are refused."""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import lzma
import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.errors import SourceError
from annotations.sources.source import Source, open_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

zstandard = pytest.importorskip("zstandard")

TEXT = "".join(f"The harbour tunnel, line {number}: it will flood – they said.\n" for number in range(5000))
RAW = TEXT.encode()

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": lambda raw: bytes(zstandard.compress(raw)),
}
each = pytest.mark.parametrize("kind", PACKERS)


@each
def test_a_compressed_source_is_read_as_what_it_holds(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "tunnel.txt.gz"
    path.write_bytes(PACKERS[kind](RAW))
    source = open_source(path)
    assert (source.compression, source.head, source.kind) == (kind, RAW, "")
    assert source.text == TEXT
    assert source.stem == "tunnel", "the ending says how it is compressed, not what it is called"
    assert source.size == path.stat().st_size
    assert len(list(source.lines())) == 5000
    assert source.work.done == source.size, "how far it is counts in compressed bytes"


@each
def test_pieces_behind_each_other_are_one_text(kind: str) -> None:
    pack = PACKERS[kind]
    source = Source.of_bytes(pack(RAW[:999]) + pack(RAW[999:5000]) + pack(b"") + pack(RAW[5000:]), "a.txt")
    assert source.read() == RAW


@each
def test_what_was_cut_off_is_read_as_far_as_it_goes_and_that_is_said_once(kind: str) -> None:
    raw = bytes(number * number * 7 % 251 for number in range(400_000)) if kind in {"bzip2", "xz", "zstd"} else RAW
    packed = PACKERS[kind](raw * 4)
    source = Source.of_bytes(packed[: -len(packed) // 8], "a.txt")
    first, again = b"".join(source.open()), b"".join(source.open())
    assert first == again
    assert first
    assert (raw * 4).startswith(first)
    (said,) = source.problems.sentences()
    assert "the compressed data: ends before it is complete; what comes before was read" in said
    assert source.problems.count == 1


@each
def test_damage_from_the_start_is_refused_and_looking_at_it_raises_nothing(kind: str) -> None:
    packed = bytearray(PACKERS[kind](RAW))
    packed[12:40] = b"\xff" * 28
    source = Source.of_bytes(bytes(packed[:60]), "a.txt")
    assert source.head == b""
    assert source.kind
    with pytest.raises(SourceError, match=r"a\.txt is damaged: the compressed data "):
        source.examine()


def test_a_gzip_file_whose_checksum_is_wrong_is_read_and_reported() -> None:
    packed = bytearray(gzip.compress(RAW))
    packed[-8] ^= 1
    source = Source.of_bytes(bytes(packed), "a.txt")
    assert source.read() == RAW
    assert "cannot be unpacked any further" in next(source.problems.sentences())


@each
def test_what_unpacks_to_far_more_than_a_text_could_is_refused(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind != "gzip":  # making the bomb takes longer than finding it
        monkeypatch.setattr("annotations.sources.compression.FREE", 1 << 22)
    source = Source.of_bytes(PACKERS[kind](bytes(1 << (27 if kind == "gzip" else 23))), "bomb.txt")
    assert len(source.head) == 1 << 20, "looking at it is safe"
    for read in (source.read, lambda: sum(1 for _ in source.lines())):
        with pytest.raises(SourceError, match=r"bomb\.txt unpacks to more than 200 times its size"):
            read()


def test_a_bomb_of_records_is_refused_before_the_first_of_them_is_read() -> None:
    record = b'{"id": "a", "link_id": "t3_b", "parent_id": "t3_b", "author": "Ann", "body": "word", "created_utc": 1}\n'
    source = Source.of_bytes(gzip.compress(record * 700_000, 9), "bomb.ndjson.gz")
    assert source.head
    with pytest.raises(SourceError, match=r"bomb\.ndjson\.gz unpacks to more than 200 times its size"):
        source.examine()


class _Open(io.BytesIO):
    """Bytes of which it is counted how many were read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        block = super().read(size)
        self.taken += len(block)
        return block


def test_looking_for_a_bomb_reads_no_more_than_the_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotations.sources.compression.LOOKED_AT", 1 << 17)
    packed = gzip.compress(random.Random(1).randbytes(3 << 20))  # noqa: S311  # the same each time
    streams: list[_Open] = []

    def open_it() -> _Open:
        streams.append(_Open(packed))
        return streams[-1]

    source = Source(name="a.bin", location="a.bin", stem="a", opener=open_it, size=len(packed))
    source.examine()
    assert streams[-1].taken < 1 << 19
    assert not source.problems.count


def test_a_bomb_in_many_pieces_is_refused() -> None:
    piece = gzip.compress(bytes(1 << 20))
    with pytest.raises(SourceError, match="200 times its size"):
        Source.of_bytes(piece * 80, "bomb.txt").read()


@each
def test_tiny_pieces_without_end_are_refused(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotations.sources.compression.MOST_PIECES", 20)
    pack = PACKERS[kind]
    assert Source.of_bytes(pack(b"word ") * 20, "a.txt").read() == b"word " * 20
    large = random.Random(1).randbytes(1000)  # noqa: S311  # the same each time
    assert Source.of_bytes(pack(large) * 30, "a.txt").read() == large * 30
    with pytest.raises(SourceError, match="more than 20 compressed pieces of hardly any bytes"):
        Source.of_bytes(pack(b"word ") * 30, "a.txt").read()


def test_a_compressed_file_in_another_is_not_unpacked_further() -> None:
    source = Source.of_bytes(gzip.compress(gzip.compress(RAW)), "a.txt")
    assert source.kind == "gzip-compressed data"
    with pytest.raises(SourceError, match="is not text: it looks like gzip"):
        assert source.text


def test_what_is_too_large_to_be_read_as_a_whole_can_be_read_by_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotations.sources.stored.WHOLE", 1000)
    source = Source.of_bytes(gzip.compress(RAW), "a.txt")
    with pytest.raises(SourceError, match="too much to be read as a whole"):
        source.read()
    assert len(list(source.lines())) == 5000


def test_without_the_package_zstd_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    load = importlib.import_module

    def refuse(name: str, *arguments: Any) -> object:  # noqa: ANN401  # passed on
        if "zst" in name:
            raise ModuleNotFoundError(name)
        return load(name, *arguments)

    monkeypatch.setattr(importlib, "import_module", refuse)
    source = Source.of_bytes(PACKERS["zstd"](RAW), "a.txt")
    with pytest.raises(SourceError, match=r"a\.txt is compressed with zstd.*pip install 'postil\[zstd\]'"):
        source.examine()


@given(st.binary(max_size=3000), st.sampled_from(sorted(PACKERS)))
@settings(max_examples=60, deadline=None)
def test_any_bytes_come_back(raw: bytes, kind: str) -> None:
    packed = PACKERS[kind](raw)
    with Source.of_bytes(packed, "a.txt").open() as stream:
        assert stream.read() == raw


@given(
    st.sampled_from(sorted(PACKERS)),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=4),
    st.data(),
)
@settings(max_examples=120, deadline=None)
def test_broken_bytes_are_read_or_refused(kind: str, changes: list[tuple[int, int]], data: st.DataObject) -> None:
    packed = bytearray(PACKERS[kind](RAW[:3000]))
    for at, value in changes:
        packed[at % len(packed)] = value
    source = Source.of_bytes(bytes(packed[: data.draw(st.integers(0, len(packed)))]), "a.txt")
    assert source.kind is not None
    assert source.members() == [] or source.is_folder
    try:
        source.read()
    except SourceError as error:
        assert error.message  # noqa: PT017  # either outcome is right, a traceback is not
