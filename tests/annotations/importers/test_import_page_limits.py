"""Pages that nobody wrote are refused or read, within little memory: each is read by a process of its own with limits."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_DATA, (500 << 20, 500 << 20))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
from annotations.errors import SourceError
from annotations.importers import page
from annotations.sources.source import open_source
source = open_source(Path(sys.argv[1]))
assert page.sniff(source) > 0.3
try:
    (thread,) = page.read(source)
except SourceError as error:
    print("refused:", error.message)
else:
    print("read:", len(thread.posts), sum(len(post.text) for post in thread.posts))
"""


def read(tmp_path: Path, raw: bytes) -> str:
    path = tmp_path / "page.html"
    path.write_bytes(raw)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert not done.stderr, done.stderr[-2000:]
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("start", "part", "number", "why"),
    [
        (b"<html>", b"<div>", 1_000_000, "more than 300,000 tags"),
        (b"<html>", b"<ul><li>", 100_000, "more than 20,000 elements within each other"),
        (b"<html>", b"<table><tr><td>", 90_000, "more than 20,000 elements within each other"),
        (b"<html>", b"<!--", 1_000_000, "more than 300,000 tags"),
        (b"<html><p>", b"word ", 6_000_000, "more than 20,000,000 characters of text"),
        (b"<html>", b"0123456789", 11_000_000, "more than 100,000,000 bytes"),
    ],
    ids=["unclosed", "deep", "tables", "comments", "text", "bytes"],
)
def test_it_is_refused_with_the_reason(tmp_path: Path, start: bytes, part: bytes, number: int, why: str) -> None:
    said = read(tmp_path, start + part * number)
    assert said.startswith("refused:")
    assert why in said


def test_an_element_with_very_many_attributes_is_refused(tmp_path: Path) -> None:
    raw = b"<html><body><p " + b" ".join(b"a%d=b" % at for at in range(200_000)) + b">text"
    assert "attributes" in read(tmp_path, raw)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"<html><body><p><img src='" + b"x" * 50_000_000 + b"'>text</p>", "read: 1 4"),
        (b"<html><body><article><p>a</p>" + b"<div>" * 9_000 + b"deep" + b"</div>" * 9_000, "read: 1 7"),
        (b"<html><body><p>t<script type='application/ld+json'>" + b"[" * 2_000_000, "read: 1 1"),
        (b"<html><p>" + b"&amp;" * 2_000_000, "read: 1 2000000"),
    ],
    ids=["attribute", "deep", "json", "references"],
)
def test_it_is_read(tmp_path: Path, raw: bytes, said: str) -> None:
    assert read(tmp_path, raw) == said
