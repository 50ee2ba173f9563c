"""Parquet files that were made to fill memory, or that are broken: refused, and nothing but that is said."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import IO

import pytest

from annotations.errors import SourceError
from annotations.importers import tables
from annotations.importers.tabular import parquet_process
from annotations.importers.tabular.parquet_footer import count_rows
from annotations.sources.source import Source, open_source
from annotations.work import Work, WorkCancelledError

core = pytest.importorskip("arro3.core")
aio = pytest.importorskip("arro3.io")

SAMPLE = Path(__file__).parents[3] / "sample_data" / "comment-table.parquet"


def written(texts: list[str | None]) -> bytes:
    stream = BytesIO()
    table = core.Table.from_pydict({"text": core.Array(texts, core.DataType.utf8())})
    aio.write_parquet(table, stream, compression="zstd(3)")
    return stream.getvalue()


def broken(seed: int) -> bytes:
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    raw = bytearray(SAMPLE.read_bytes())
    for _ in range(12):
        raw[chance.randrange(4, len(raw) - 8)] = chance.randrange(256)
    return bytes(raw)


def test_a_small_file_that_expands_to_gigabytes_is_refused_within_little_memory() -> None:
    raw = written(["word " * 40_000] * 2_000)
    assert len(raw) < 10_000
    source = Source.of_bytes(raw, "x.parquet")
    program = (
        "import resource, sys\n"
        "from annotations.importers import tables\n"
        "from annotations.errors import SourceError\n"
        "from annotations.sources.source import Source\n"
        "resource.setrlimit(resource.RLIMIT_DATA, (500 << 20, 500 << 20))\n"
        "try:\n    list(tables.read(Source.of_bytes(sys.stdin.buffer.read(), 'x.parquet')))\n"
        "except SourceError as error:\n    print(error.message)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], input=source.read(), capture_output=True, check=False)
    assert b"unpacks to more than 200 times its size" in done.stdout, done.stderr[-1000:]


def test_very_many_empty_rows_are_refused() -> None:
    raw = written([None] * 9_000_000)
    assert len(raw) < 50_000
    with pytest.raises(SourceError, match="unpacks to more than 200 times its size"):
        list(tables.read(Source.of_bytes(raw, "x.parquet")))


@pytest.mark.parametrize("seed", range(6))
def test_of_a_broken_file_nothing_reaches_the_terminal(seed: int, capfd: pytest.CaptureFixture[str]) -> None:
    refused = None
    try:
        list(tables.read(Source.of_bytes(broken(seed), "x.parquet")))
    except SourceError as error:
        refused = error
    assert refused is None or "cannot be read as Parquet" in refused.message
    assert capfd.readouterr() == ("", "")


def test_what_other_threads_write_meanwhile_is_not_lost(capfd: pytest.CaptureFixture[str]) -> None:
    is_over = threading.Event()
    written_lines = []

    def write() -> None:
        while not is_over.wait(0.001):
            os.write(2, b"x\n")
            written_lines.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with pytest.raises(SourceError):
            list(tables.read(Source.of_bytes(broken(0), "x.parquet")))
    finally:
        is_over.set()
        writer.join()
    assert capfd.readouterr().err == "x\n" * len(written_lines)


def test_the_look_at_it_can_be_cancelled() -> None:
    work = Work()
    source = open_source(SAMPLE, work=work)
    assert tables.sniff(source) > 0
    work.cancel()
    with pytest.raises(WorkCancelledError):
        list(tables.read(source))


@pytest.mark.parametrize("rows", [0, 1, 3000, 1_200_000])
def test_a_footer_says_how_many_rows_there_are(rows: int) -> None:
    texts = core.Array(["word"] * rows, core.DataType.utf8())
    numbers = core.Array([1.5] * rows, core.DataType.float64())
    stream = BytesIO()
    aio.write_parquet(core.Table.from_pydict({"text": texts, "number": numbers}), stream)
    raw = stream.getvalue()
    footer = raw[-8 - int.from_bytes(raw[-8:-4], "little") : -8]
    assert count_rows(footer) == rows
    for end in range(0, len(footer), 7):
        assert count_rows(footer[:end]) <= rows, "a footer that breaks off says no more than a whole one"


def test_memory_is_watched_where_the_system_sets_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        parquet_process, "_ARGUMENTS", "import time; kept = bytearray(b'x' * (900 << 20)); time.sleep(60)"
    )
    with pytest.raises(SourceError, match="unpacks to more than 200 times its size"):
        list(tables.read(open_source(SAMPLE)))


def test_a_file_is_read_here_where_no_process_can_be_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    apart = list(tables.read(open_source(SAMPLE)))

    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(parquet_process, "_begin", refuse)
    assert list(tables.read(open_source(SAMPLE))) == apart


def test_the_process_ends_when_nobody_wants_more_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[subprocess.Popen[bytes]] = []
    begin = parquet_process._begin

    def begin_and_keep(path: str, given: IO[bytes], complained: IO[bytes]) -> subprocess.Popen[bytes]:
        begun.append(begin(path, given, complained))
        return begun[0]

    monkeypatch.setattr(parquet_process, "_begin", begin_and_keep)
    with closing(parquet_process.unpack_apart(open_source(SAMPLE), SAMPLE)) as frames:
        assert next(frames).names
    assert begun[0].returncode is not None
