"""The flattener itself as oracle: a random tree of comments becomes HTML, Resiliparse flattens it, the importer reads it back.

Restricted to trees whose text has one reading only:
- an author is a name (up to four words, no date, no “Reply”), a line of a body is neither an entry of a list nor a date;
- of two siblings in a row one has text: two without any are also a list in their parent's text;
- numbers mark replies below bullets only where one of the replies has text: a number alone is a list's in a text;
- a comment's first line is its author;
- where a list stands below the comments, too, one of them has text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from annotations.importers import flattened
from annotations.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from annotations.model import Post, Thread

html2text = pytest.importorskip("resiliparse.extract.html2text")

SAMPLE = Path(__file__).parents[2] / "../shared/data/iraq-bases.txt"

NAMES = [
    "Ada",
    "Bo Li",
    "bouncer dogsly",
    "Człowiek",
    "Terence Jr.",
    "李雷",
    "さくら",
    "🦊 fox",
    "x_1984",
    "Ms. O’Neill-Ruiz",
    "Человек",
    "עדה",
]
WORDS = [
    "the",
    "tunnel",
    "will",
    "flood",
    "lol",
    "u.s.",
    "“quote”",
    "隧道",
    "🙂",
    "👩‍👩‍👧",
    "3.5",
    "naïve",
    "<b>",
    "&amp;",
    "•",
    "1.",
    "e\u0301",
]


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
    source = Source.of_bytes(text.encode(), "page.txt")
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


def is_told_apart(tree: list[Comment], template: Template, below: str) -> bool:
    """Tell whether the lists that are comments can be told from others on the page, as the module's docstring says."""
    replies = [reply for comment in tree for reply in every(comment.replies)]
    if template.lists == ["ul", "ol"] and replies and not any(reply.paragraphs for reply in replies):
        return False
    return not below or any(comment.paragraphs for comment in every(tree))


def every(comments: list[Comment]) -> list[Comment]:
    return [found for comment in comments for found in (comment, *every(comment.replies))]


HEADLINE = "<h1>The harbour tunnel</h1><p>It will be dug.</p>"
BULLETS = "<ul><li>a start</li><li>an end</li></ul>"
FRAMES = [  # what stands above and below the comments
    (HEADLINE, ""),
    (f"{HEADLINE}<p>It will cost.</p><h2>Comments</h2>", "<p>Leave a reply</p>"),
    (f"{HEADLINE}{BULLETS}<p>That is all.</p>", ""),
    (f"<nav><ul><li>Home</li><li>News</li></ul></nav>{HEADLINE}", f"<footer><p>Imprint</p>{BULLETS}</footer>"),
]


@settings(max_examples=250)
@given(tree=trees(), template=st.sampled_from(TEMPLATES), frame=st.sampled_from(FRAMES))
def test_a_flattened_tree_is_read_back(tree: list[Comment], template: Template, frame: tuple[str, str]) -> None:
    above, below = frame
    assume(is_told_apart(tree, template, below))
    text = flatten(f"<html><body>{above}{write_comments(tree, template)}{below}</body></html>")
    thread = import_text(text)
    assert thread.title == "The harbour tunnel"
    assert "The harbour tunnel\n\nIt will be dug." in thread.posts[0].text
    assert read_back(thread.posts[1:]) == spell(tree, template.break_between)


def rebuild(thread: Thread) -> str:
    """Write the HTML that a thread may have come from."""
    first, *comments = thread.posts
    headline, *text = first.text.split("\n\n")
    replies: dict[str | None, list[Post]] = {}
    for post in comments:
        replies.setdefault(post.parent, []).append(post)

    def write(posts: Sequence[Post]) -> str:
        inner = "".join(
            f"<li><b>{escape(post.author or '')}</b>"
            + "".join(f"<p>{escape(part)}</p>".replace("\n", "<br>") for part in re.split("\n\n+", post.text))
            + f"{write(replies.get(post.key, ()))}</li>"
            for post in posts
        )
        return f"<ul>{inner}</ul>" if inner else ""

    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in text)
    return f"<h1>{escape(headline)}</h1>{paragraphs}{write(replies.get('0', ()))}"


def test_the_sample_is_the_flattened_text_of_what_was_read() -> None:
    """Up to how many blank lines stand in a row, which a tree does not hold."""
    if not SAMPLE.exists():
        pytest.skip("the sample is not here")
    text = SAMPLE.read_text(encoding="utf-8")
    assert (
        re.sub("\n{3,}", "\n\n", flatten(rebuild(import_text(text)))).strip() == re.sub("\n{3,}", "\n\n", text).strip()
    )


PREFORMATTED = st.lists(
    st.sampled_from(["x = 1", "  y = 2", "", "    return z", "\tt", "end"]), min_size=2, max_size=5
).map(lambda lines: ["for q in w:", *lines, "done"])


@settings(max_examples=60)
@given(lines=PREFORMATTED, is_nested=st.booleans())
def test_preformatted_text_stays_in_its_comment(lines: list[str], is_nested: bool) -> None:  # noqa: FBT001  # drawn
    """Below a blank line only where a reply follows: else such a line at the left edge is the page's by another reading."""
    lines = lines if is_nested else [line for line in lines if line]
    code = f"<p>so:</p><pre>{escape(chr(10).join(lines))}</pre>"
    reply = "<ul><li><b>Bo</b><p>fine</p></li></ul>"
    html = f"<h1>T</h1><p>Text</p><ul><li><b>Ada</b><p>ok</p></li><li><b>Ada</b>{code}{reply if is_nested else ''}</li></ul>"
    thread = import_text(flatten(html))
    assert [post.author for post in thread.posts[1:]] == ["Ada", "Ada", "Bo"][: 3 if is_nested else 2]
    stored = [line.strip() for line in thread.posts[2].text.split("\n") if line.strip()]
    expected = [line.strip() for line in ["so:", *lines] if line.strip()]
    assert stored == expected
