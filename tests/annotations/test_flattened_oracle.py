"""The flattener itself as oracle: a random tree of comments becomes HTML, Resiliparse flattens it, the importer reads it back.

Restricted to trees whose text has one reading only:
- an author is a name (up to four words, no date, no “Reply”), a line of a body is neither an entry of a list nor a date;
- of two siblings in a row one has text: two without any are also a list in their parent's text;
- numbers mark replies below bullets only where one of the replies has text: a number alone is a list's in a text;
- a comment's first line is its author, and nothing but comments and page furniture stands on the page below the article.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from html import escape
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from annotations.formats import Source
from annotations.importers import flattened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from annotations.model import Post, Thread

html2text = pytest.importorskip("resiliparse.extract.html2text")

SAMPLE = Path(__file__).parents[2] / "../shared/data/iraq-bases.txt"

NAMES = ["Ada", "Bo Li", "bouncer dogsly", "Człowiek", "Terence Jr.", "李雷", "さくら", "🦊 fox", "x_1984", "Ms. O’Neill-Ruiz", "Человек", "עדה"]
WORDS = ["the", "tunnel", "will", "flood", "lol", "u.s.", "“quote”", "隧道", "🙂", "👩‍👩‍👧", "3.5", "naïve", "<b>", "&amp;", "•", "1.", "e\u0301"]


@dataclass
class Comment:
    """A comment of a tree: `paragraphs` are lists of lines."""

    author: str
    paragraphs: list[list[str]]
    depth: int
    replies: list[Comment] = field(default_factory=list)


@dataclass(frozen=True)
class Template:
    """How a page writes its comments as HTML."""

    lists: Sequence[str]  # by depth, the last for all deeper ones
    head: Callable[[str], str]
    paragraph: Callable[[list[str]], str]
    wrap: Callable[[str], str]  # around a list of replies
    break_between: str = "\n\n"  # what the flattener makes of two paragraphs


def line_breaks(lines: list[str]) -> str:
    return "<br>".join(escape(line) for line in lines)


HEADS: dict[str, Callable[[str], str]] = {
    "cite": lambda name: f"<cite>{escape(name)}</cite>",
    "div-b": lambda name: f"<div class=author><b>{escape(name)}</b></div>",
    "h4": lambda name: f"<h4>{escape(name)}</h4>",
    "article-header": lambda name: f"<header><span><a href='/x'>{escape(name)}</a></span></header>",
}
WRAPS: dict[str, Callable[[str], str]] = {
    "bare": lambda inner: inner,
    "div": lambda inner: f"<div class=children><div>{inner}</div></div>",
    "jump-by-4": lambda inner: f"<ul>{inner}</ul>",
    "jump-by-6": lambda inner: f"<ul><li><ol>{inner}</ol></li></ul>",
}
LISTS = [["ul"], ["ol"], ["ol", "ul"], ["ul", "ol"]]


def p_paragraph(lines: list[str]) -> str:
    return f"<p>{line_breaks(lines)}</p>"


def div_paragraph(lines: list[str]) -> str:
    return f"<div>{line_breaks(lines)}</div>"


TEMPLATES = [
    Template(lists, HEADS[head], *body, wrap=WRAPS[wrap])
    for lists, head, body, wrap in product(LISTS, HEADS, [(p_paragraph,), (div_paragraph,)], WRAPS)
]
TEMPLATES = [
    Template(t.lists, t.head, t.paragraph, t.wrap, "\n\n" if t.paragraph is p_paragraph else "\n") for t in TEMPLATES
]


def write_comments(comments: list[Comment], template: Template) -> str:
    if not comments:
        return ""
    depth = comments[0].depth
    kind = template.lists[min(depth, len(template.lists)) - 1]
    inner = "".join(
        f"<li>{template.head(c.author)}{''.join(map(template.paragraph, c.paragraphs))}{write_comments(c.replies, template)}</li>"
        for c in comments
    )
    written = f"<{kind}>{inner}</{kind}>"
    return template.wrap(written) if depth > 1 else written


def flatten(html: str) -> str:
    text: str = html2text.extract_plain_text(html, preserve_formatting=True, list_bullets=True)
    return text


def import_text(text: str) -> Thread:
    source = Source(
        name="page.txt",
        location="/page.txt",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        dropped=0,
        stem="page",
        encoding="utf-8",
    )
    (thread,) = flattened.read(source)
    return thread


def spell(comments: list[Comment], between: str, parent: str = "0") -> list[tuple[str, str, str]]:
    """Return what the importer must find: parent, author and text of each comment in pre-order."""
    found = []
    for place, comment in enumerate(comments, start=1):
        key = f"{place}" if parent == "0" else f"{parent}.{place}"
        found.append((parent, comment.author, between.join("\n".join(lines) for lines in comment.paragraphs)))
        found += spell(comment.replies, between, key)
    return found


def read_back(posts: Sequence[Post]) -> list[tuple[str | None, str | None, str]]:
    return [(post.parent, post.author, post.text) for post in posts]


lines_of_text = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join).map(lambda line: f"so {line}")
paragraphs = st.lists(st.lists(lines_of_text, min_size=1, max_size=3), min_size=1, max_size=3)


@st.composite
def trees(draw: st.DrawFn) -> list[Comment]:
    """Draw a forest of comments whose text has one reading."""
    roots: list[Comment] = []
    path: list[Comment] = []
    for _ in range(draw(st.integers(1, 12))):
        depth = draw(st.integers(1, len(path) + 1))
        del path[depth - 1 :]
        siblings = path[-1].replies if path else roots
        is_empty = draw(st.integers(0, 5)) == 0 and not (siblings and not siblings[-1].paragraphs)
        comment = Comment(draw(st.sampled_from(NAMES)), [] if is_empty else draw(paragraphs), depth)
        siblings.append(comment)
        path.append(comment)
    return roots


def shows_replies(comments: list[Comment]) -> bool:
    """Tell whether there are no replies, or one that has text."""
    replies = [reply for comment in comments for reply in every(comment.replies)]
    return not replies or any(reply.paragraphs for reply in replies)


def every(comments: list[Comment]) -> list[Comment]:
    return [found for comment in comments for found in (comment, *every(comment.replies))]


@settings(max_examples=250)
@given(tree=trees(), template=st.sampled_from(TEMPLATES), heading=st.sampled_from(["", "<h2>Comments</h2>", "<p>Leave a reply</p>"]))
def test_a_flattened_tree_is_read_back(tree: list[Comment], template: Template, heading: str) -> None:
    assume(template.lists != ["ul", "ol"] or shows_replies(tree))
    article = "<h1>The harbour tunnel</h1><p>It will be dug.</p><p>It will cost.</p>"
    thread = import_text(flatten(f"<html><body>{article}{heading}{write_comments(tree, template)}</body></html>"))
    assert thread.title == "The harbour tunnel"
    assert thread.posts[0].text.startswith("The harbour tunnel\n\nIt will be dug.\n\nIt will cost.")
    assert read_back(thread.posts[1:]) == spell(tree, template.break_between)
