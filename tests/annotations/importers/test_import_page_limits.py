"""Pages that nobody wrote are refused or read, within little memory: each is read by a process of its own with limits."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from annotations.importers import page
from annotations.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import FrameType
    from typing import Self

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
        (b"<html><article>", b"<p>word ", 280_000, "more than 150,000 elements"),
        (b"<html><ul>", b"<li>word ", 280_000, "more than 150,000 elements"),
        (b"<html><p>", b"word<br>", 280_000, "more than 150,000 elements"),
        (b"<html><p>", b"word ", 6_000_000, "more than 20,000,000 characters of text"),
        (b"<html>", b"0123456789", 11_000_000, "more than 100,000,000 bytes"),
        (b"<html><p>", b"&amp", 3_000_000, "more than 2,500,000 references to characters"),
        (b"<html><p ", b"a=b ", 2_500_000, "more than 2,000,000 values of attributes"),
        (b"<html><p ", b'a=">" b ', 40_000, "a tag of more than 20,000 attributes"),
    ],
    ids=[
        "unclosed",
        "deep",
        "tables",
        "comments",
        "paragraphs",
        "members",
        "breaks",
        "text",
        "bytes",
        "amps",
        "values",
        "attributes",
    ],
)
def test_it_is_refused_with_the_reason(tmp_path: Path, start: bytes, part: bytes, number: int, why: str) -> None:
    said = read(tmp_path, start + part * number)
    assert said.startswith("refused:")
    assert why in said


def test_an_element_with_very_many_attributes_is_refused(tmp_path: Path) -> None:
    raw = b"<html><body><p " + b" ".join(b"a%d=b" % at for at in range(200_000)) + b">text"
    assert "attributes" in read(tmp_path, raw)


def test_an_element_of_very_many_classes_is_refused(tmp_path: Path) -> None:
    assert "whose names have more than 10,000 characters" in read(
        tmp_path, b"<html><p class='" + b"a " * 9_000 + b"'>text"
    )


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"<html><body><p><img src='" + b"x" * 50_000_000 + b"'>text</p>", "read: 1 4"),
        (b"<html><body><article><p>a</p>" + b"<div>" * 9_000 + b"deep" + b"</div>" * 9_000, "read: 1 7"),
        (b"<html><body><p>t<script type='application/ld+json'>" + b"[" * 2_000_000, "read: 1 1"),
        (b"<html><p>" + b"&amp;" * 2_000_000, "read: 1 2000000"),
        (b"<html><body><p>text" + b"<!-- x -->" * 280_000, "read: 1 4"),
        (b"<html><body><p>" + b"<style></style>word" * 100_000, "read: 1 400000"),
    ],
    ids=["attribute", "deep", "json", "references", "remarks", "styles"],
)
def test_it_is_read(tmp_path: Path, raw: bytes, said: str) -> None:
    assert read(tmp_path, raw) == said


class Steps:
    """Counts the lines of the importers' code that are carried out, in this thread."""

    def __init__(self) -> None:
        self.number = 0

    def __enter__(self) -> Self:
        sys.settrace(self._enter)  # type: ignore[arg-type]  # what it takes has no name
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _enter(self, frame: FrameType, _event: str, _argument: object) -> Callable[..., object] | None:
        return self._count if "importers" in frame.f_code.co_filename else None

    def _count(self, _frame: FrameType, _event: str, _argument: object) -> Callable[..., object]:
        self.number += 1
        return self._count


NESTED = {
    "wordpress": '<li class="comment depth-#" id="comment-#"><cite class="fn">a<div class="comment-body"><p>text #<ul>',
    "one name": '<div class="comment depth-1" id="comment-1"><div class="comment-body">t #',
    "schema": '<div itemscope itemtype="https://schema.org/Comment" id="c#"><div itemprop="author">Ann<div itemprop="text">t #',
    "lobsters": '<li class="comments_subtree"><div class="comment" data-shortid="c#"><a href="/~ann">Ann</a><div class="comment_text">t #',
    "old reddit": '<div class="thing comment" data-fullname="t1_#"><a class="author">a</a><span class="score">3<div class="md">t #',
    "reddit": '<shreddit-comment thingid="t1_#" depth="#" author="a"><div slot="comment">t #',
    "react reddit": '<div class="Comment t1_#"><div data-testid="comment_author_link">a<div data-testid="comment">t #',
    "rows": '<table><tr class="comtr" id="#"><td class="x"><a class="hnuser">a<div class="comment"><div class="commtext">t #',
    "disqus": '<div class="post" id="post-#"><div data-role="post-content"><div class="author">a<div data-role="message">t #',
    "discourse": '<article data-post-id="#" id="post_#"><span class="username">a<div class="cooked">t #',
    "phpbb": '<div class="post" id="p#"><p class="author">a</p><div class="content">t #',
    "list": '<div class="comment"><b class=author>Ann<span class=time>3 years ago</span><div class="text">t #',
    "hidden": '<div class="comment"><b>Ann</b> <i>3 years ago</i><div hidden>t #',
    "headlines": "<article><h1>t #",
    "areas": '<div class="comments"><h2></h2>',
    "no scripts": "<div><noscript>",
}


def steps_for(part: str, number: int) -> int:
    """Return how many lines are carried out for a page in which a part stands in itself so often."""
    parts = "".join(part.replace("#", str(at)) for at in range(1, number + 1))
    source = Source.of_bytes(f"<html><body><article><p>An article.</p></article>{parts}".encode(), "page.html")
    with Steps() as steps:
        list(page.read(source))
    return steps.number


@pytest.mark.parametrize("part", NESTED.values(), ids=NESTED)
def test_what_nests_deeply_takes_steps_by_its_size_and_not_by_the_square_of_it(part: str) -> None:
    assert steps_for(part, 500) < 2.6 * steps_for(part, 250)
