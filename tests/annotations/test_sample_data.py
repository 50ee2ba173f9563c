"""The sample threads are what a real page would be flattened to, and hold what they are there to show."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from resiliparse.extract.html2text import extract_plain_text

from annotations.exporters import jsonl
from annotations.exporters.choosing.options import ExportOptions
from annotations.importers import flattened
from annotations.sources.source import read_source
from annotations.store.check import check
from annotations.store.project import Project
from annotations.store.threads import save_thread

if TYPE_CHECKING:
    from annotations.model import Post, Thread

SAMPLES = Path(__file__).parents[2] / "sample_data"
NAMES = ("harbour-tunnel", "numbered-thread")


def read(name: str) -> Thread:
    (thread,) = flattened.read(read_source(SAMPLES / f"{name}.txt"))
    return thread


def answers(thread: Thread) -> dict[str | None, list[Post]]:
    """Return the posts by the key of what they answer."""
    found: dict[str | None, list[Post]] = {}
    for post in thread.posts:
        found.setdefault(post.parent, []).append(post)
    return found


def depths(thread: Thread) -> dict[str, int]:
    found = {"0": 0}
    for post in thread.posts[1:]:
        found[post.key] = found[post.parent or ""] + 1
    return found


def as_html(thread: Thread) -> str:
    """Return a page that says what the thread says."""
    by_parent = answers(thread)
    kind = "ol" if "number" in thread.posts[1].meta else "ul"

    def block(text: str) -> str:
        lines = [escape(line) for line in text.split("\n")]
        if all(line.startswith("• ") for line in lines):
            return "<ul>" + "".join(f"<li>{line[2:]}</li>" for line in lines) + "</ul>"
        return f"<p>{'<br>'.join(lines)}</p>"

    def body(text: str) -> str:
        return "".join(map(block, text.split("\n\n"))) if text else "<br>"

    def comments(parent: str) -> str:
        if parent not in by_parent:
            return ""
        members = (
            f"<li><div>{escape(post.author or '')}</div><div>{body(post.text)}</div>{comments(post.key)}</li>"
            for post in by_parent[parent]
        )
        return f"<{kind}>{''.join(members)}</{kind}>"

    headline, *paragraphs = thread.posts[0].text.split("\n\n")
    article = f"<h1>{escape(headline)}</h1>{''.join(map(block, paragraphs))}"
    return f"<html><body>{article}<div><br></div>{comments('0')}</body></html>"


@pytest.mark.parametrize("name", NAMES)
def test_it_is_what_a_page_with_this_tree_is_flattened_to(name: str) -> None:
    flat = extract_plain_text(as_html(read(name)), preserve_formatting=True, list_bullets=True)
    assert flat + "\n" == (SAMPLES / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_dropped_and_everybody_but_the_article_has_an_author(name: str) -> None:
    thread = read(name)
    assert thread.dropped == 0
    assert [post.key for post in thread.posts if post.author is None] == ["0"]
    assert thread.posts[0].text.startswith(f"{thread.title}\n\n")


def test_only_the_list_in_a_comment_is_uncertain() -> None:
    (listing,) = (post for post in read("harbour-tunnel").posts if post.uncertain)
    assert listing.author == "Bridge Not Bore"
    assert listing.text.count("\n• ") == 3
    assert not [post for post in read("numbered-thread").posts if post.uncertain]


def test_the_article_has_the_length_of_a_news_story() -> None:
    text = read("harbour-tunnel").posts[0].text
    assert 700 <= len(text.split()) <= 900
    assert text.count("\n\n") >= 9
    assert text.count("“") == text.count("”") >= 8


def test_the_discussions_are_deep() -> None:
    thread = read("harbour-tunnel")
    by_key = depths(thread)
    deepest = Counter[str]()
    for key, depth in by_key.items():
        first = key.split(".")[0]
        deepest[first] = max(deepest[first], depth)
    assert len(thread.posts) == 55
    assert sorted(deepest.values(), reverse=True)[:4] == [10, 8, 6, 4]
    leaves = by_key.keys() - answers(thread).keys()
    assert sum(by_key[key] >= 5 for key in leaves) >= 3
    assert len(read("numbered-thread").posts) == 23


@pytest.mark.parametrize(
    "sign",
    [
        "👨‍👩‍👧‍👧",  # a family: seven code points, one sign
        "👍🏽",  # a skin tone
        "🇩🇪",  # a flag
        "潮見 健",  # wide letters
        "Glaubt keiner Prognose",  # another language
        "https://example.org/",
        "\n> ",  # a quote of somebody, behind the author's line
        "```\nloan = ",  # code
        "[deleted]",
        "walnut",  # an insult
    ],
)
def test_it_holds_what_real_threads_hold(sign: str) -> None:
    thread = read("harbour-tunnel")
    assert any(sign in f"{post.author}\n{post.text}" for post in thread.posts)


def test_it_has_a_very_long_comment_a_comment_of_a_word_and_an_empty_one() -> None:
    texts = [post.text for post in read("harbour-tunnel").posts[1:]]
    assert max(text.count("\n\n") for text in texts) >= 5
    assert sum(bool(re.fullmatch(r"\w+", text)) for text in texts) >= 1
    assert texts.count("") == 1


def test_the_sum_in_a_comment_gives_what_the_comment_says() -> None:
    """Whoever labels it as evidence may check it."""
    (comment,) = (post.text for post in read("harbour-tunnel").posts if "```" in post.text)
    code = comment.split("```")[1]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["-4.2", "2.4", "5.7"]
    assert "It prints -4.2, 2.4 and 5.7" in comment


def test_both_go_through_a_project_into_a_dataset(tmp_path: Path) -> None:
    with Project.open(tmp_path / "postil.db", create=True) as project:
        for name in NAMES:
            path = SAMPLES / f"{name}.txt"
            save_thread(project, read(name), location=str(path), source_sha256=name)
        report = jsonl.write(project, tmp_path / "all.jsonl", ExportOptions())
        assert check(project) == []
    assert (report.threads, report.posts, report.lost) == (2, 78, {})


def test_the_readme_tells_what_there_is() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in readme.splitlines() if line.startswith("| `")]
    told = {name.split("/")[0] for row in rows for name in re.findall(r"`([^`]+)`", row)}
    assert told == {path.name for path in SAMPLES.iterdir()} - {"README.md"}
    codebooks = {f"codebooks/{path.name}" for path in (SAMPLES / "codebooks").iterdir()}
    assert codebooks <= {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
