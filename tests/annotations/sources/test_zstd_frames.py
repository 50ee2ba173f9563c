"""A frame of zstd whose window is larger than half of the machine's memory is refused; what fits into it is read."""

from __future__ import annotations

import os
import random
from io import BytesIO

import pytest

from annotations.errors import SourceError
from annotations.sources import zstd_frames
from annotations.sources.compression import expand
from annotations.sources.source import Source

zstandard = pytest.importorskip("zstandard")

WINDOW = 20
"""Of the frames, as a power of two."""


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)  # noqa: S311  # repeatable, not secret


def compress(raw: bytes, *, is_size_told: bool) -> bytes:
    parameters = zstandard.ZstdCompressionParameters(
        window_log=WINDOW, enable_ldm=True, write_content_size=is_size_told, compression_level=1
    )
    compressor = zstandard.ZstdCompressor(compression_params=parameters)
    if is_size_told:
        return bytes(compressor.compress(raw))
    stream = compressor.compressobj()
    return bytes(stream.compress(raw) + stream.flush())


def unpack(raw: bytes) -> bytes:
    with expand(BytesIO(raw), "zstd", "dump.zst", lambda _: None) as stream:
        return stream.read()


@pytest.fixture(autouse=True)
def smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zstd_frames, "largest_window", lambda: 1 << WINDOW - 2)


@pytest.mark.parametrize("is_size_told", [True, False])
def test_what_fits_is_read_however_large_the_window_that_its_frame_asks_for(*, is_size_told: bool) -> None:
    raw = noise(1 << WINDOW - 3)
    assert unpack(compress(raw, is_size_told=is_size_told) * 5) == raw * 5  # each frame begins anew


@pytest.mark.parametrize("is_size_told", [True, False])
def test_what_does_not_fit_is_refused_with_what_to_do(*, is_size_told: bool) -> None:
    packed = compress(noise(1 << WINDOW + 1), is_size_told=is_size_told)
    with pytest.raises(SourceError, match=r"dump\.zst is compressed .* so that 1 MiB .* must be kept") as caught:
        unpack(packed)
    assert "with zstd -d --long=31 FILE, and import" in caught.value.hint


def test_a_frame_that_tells_its_size_is_refused_before_anything_is_unpacked() -> None:
    packed = compress(noise(1 << WINDOW + 1), is_size_told=True)
    with pytest.raises(SourceError, match="must be kept in memory"):
        Source.of_bytes(packed[:40], "dump.zst").examine()


def test_a_small_window_takes_no_more_memory_for_any_number_of_bytes() -> None:
    raw = noise(1 << WINDOW + 1)
    parameters = zstandard.ZstdCompressionParameters(window_log=WINDOW - 4, compression_level=1)
    stream = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    assert unpack(stream.compress(raw) + stream.flush()) == raw


def test_half_of_the_memory_that_the_machine_tells_of_may_be_taken_and_all_where_it_does_not_tell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(os, "sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 1 << 20}.__getitem__, raising=False)
    assert zstd_frames.largest_window() == 1 << 31
    monkeypatch.delattr(os, "sysconf")
    assert zstd_frames.largest_window() == zstd_frames.ANY_WINDOW


@pytest.mark.parametrize("length", range(18))
def test_a_head_that_is_cut_off_is_no_reason_to_fail(length: int) -> None:
    zstd_frames.FrameWindow(compress(b"short", is_size_told=True)[:length], "dump.zst").add(10)
