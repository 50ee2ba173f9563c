"""The flatteners themselves as oracle: a random tree of comments becomes a page, is flattened, and the importer reads it back.

Pages are written as blogs write them. Restricted to trees whose text has one reading only, as for Resiliparse's flattening:
of two siblings in a row one has text; numbers below bullets need a reply with text; a date that one comment alone has below
its name might be its text. Where texts stand at the left edge (html2text), a name without text in a tight list is also a
list's line, so that there empty comments have names that are set off, and one comment is told from lists by its place.
"""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from annotations import formats
from annotations.importers import flattened, html2text, inscriptis, markdownify
from annotations.importers.flat.sniffing import RIVAL, weigh
from annotations.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from annotations.formats import Importer
    from annotations.model import Post, Thread

NAMES = [
    "Ada",
    "Bo Li",
    "bouncer dogsly",
    "Człowiek",
    "Terence Jr.",
    "李雷",
    "🦊 fox",
    "x_1984",
    "Ms. O’Neill-Ruiz",
    "עדה",
]
WORDS = [
    *("the", "tunnel", "will", "flood", "u.s.", "“quote”", "隧道", "👩‍👩‍👧", "3.5", "naïve", "<b>", "&", "e\u0301"),
    *("*", "+", "-", "#", "1.", "a_b_c", "2*3*4", "[x]", "(y)", "well-known", "`tick`", "\\", "https://a.example/x_y"),
]


class Comment(Struct):
    """A comment of a tree: `paragraphs` are lists of lines."""

    author: str
    paragraphs: list[list[str]]
    replies: list[Comment]


class Look(Struct, frozen=True):
    """How a page sets its comments.

    Args:
        lists: By depth, the last for all deeper ones.
        head: What it makes of a name.
        is_boxed: Whether a text stands in an element of its own.
        wrap: What stands around a list of replies.
        above: What stands between the headline and the comments.
    """

    lists: tuple[str, ...]
    head: str
    is_boxed: bool
    wrap: str
    above: str


HEADS: dict[str, Callable[[str], str]] = {
    "inline": lambda name: f"<cite>{name}</cite>",
    "bold": lambda name: f"<b>{name}</b>",
    "box": lambda name: f"<div class=author><b>{name}</b></div>",
    "blog": lambda name: f"<footer><div><div><b class=fn>{name}</b> <span class=says>says:</span></div></div></footer>",
    "heading": lambda name: f"<h4>{name}</h4>",
    "link": lambda name: f'<header><a href="https://a.example/u_x">{name}</a></header>',
    "dated": lambda name: f'<div><b>{name}</b></div><div><a href="#c"><time>May 1, 2026 at 3:45 pm</time></a></div>',
}
ABOVE = {
    "": "",
    "list": "<ul><li>a start</li><li>an end</li></ul><p>That is all there is to say of it.</p>",
    "heading": "<h2>Comments</h2>",
}
LOOKS = st.builds(
    Look,
    lists=st.sampled_from([("ul",), ("ol",), ("ol", "ul"), ("ul", "ol")]),
    head=st.sampled_from(list(HEADS)),
    is_boxed=st.booleans(),
    wrap=st.sampled_from(["", "div"]),
    above=st.sampled_from(list(ABOVE)),
)
LINES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=25).map(" ".join).map(lambda line: f"so {line}")
PARAGRAPHS = st.lists(st.lists(LINES, min_size=1, max_size=2), min_size=1, max_size=3)


@st.composite
def trees(draw: st.DrawFn) -> list[Comment]:
    """Draw a forest of comments."""
    roots: list[Comment] = []
    path: list[Comment] = []
    for _ in range(draw(st.integers(1, 10))):
        depth = draw(st.integers(0, len(path)))
        del path[depth:]
        siblings = path[-1].replies if path else roots
        is_empty = draw(st.integers(0, 7)) == 0 and not (siblings and not siblings[-1].paragraphs)
        comment = Comment(draw(st.sampled_from(NAMES)), [] if is_empty else draw(PARAGRAPHS), [])
        siblings.append(comment)
        path.append(comment)
    return roots


def every(comments: list[Comment]) -> Iterator[Comment]:
    for comment in comments:
        yield comment
        yield from every(comment.replies)


def write_text(paragraphs: list[list[str]], look: Look) -> str:
    written = "".join(f"<p>{'<br>'.join(map(escape, lines))}</p>" for lines in paragraphs)
    return f"<div class=content>{written}</div>" if look.is_boxed and written else written


def write(comments: list[Comment], look: Look, depth: int = 0) -> str:
    if not comments:
        return ""
    kind = look.lists[min(depth, len(look.lists) - 1)]
    inner = "".join(
        f"<li>{HEADS[look.head](escape(comment.author))}{write_text(comment.paragraphs, look)}"
        f"{write(comment.replies, look, depth + 1)}</li>"
        for comment in comments
    )
    written = f"<{kind}>{inner}</{kind}>"
    return f"<div class=children>{written}</div>" if depth and look.wrap else written


def as_page(tree: list[Comment], look: Look) -> str:
    above = f"<h1>The harbour tunnel</h1><p>It will be dug.</p>{ABOVE[look.above]}"
    return f"<html><body>{above}{write(tree, look)}</body></html>"


def spell(comments: list[Comment], parent: str = "0") -> Iterator[tuple[str, Comment]]:
    """Yield the comments in pre-order, each with the key of what it answers."""
    for place, comment in enumerate(comments, start=1):
        yield parent, comment
        yield from spell(comment.replies, f"{place}" if parent == "0" else f"{parent}.{place}")


def has_one_reading(tree: list[Comment], look: Look) -> bool:
    """Tell whether a tree's text has one reading only, as the module's docstring says."""
    replies = [reply for comment in tree for reply in every(comment.replies)]
    if not any(comment.paragraphs for comment in every(tree)):
        return False
    if look.head == "dated" and sum(bool(comment.paragraphs) for comment in every(tree)) < 2:
        return False
    return look.lists != ("ul", "ol") or not replies or any(reply.paragraphs for reply in replies)


def is_told_from_lists(tree: list[Comment], look: Look) -> bool:
    """Tell the same of a text in which only the names are indented."""
    if look.head in {"inline", "link"} and not all(comment.paragraphs for comment in every(tree)):
        return False
    groups = [tree, *(comment.replies for comment in every(tree))]
    return any(c.paragraphs and (not at or group[at - 1].paragraphs) for group in groups for at, c in enumerate(group))


def by_inscriptis(page: str) -> str:
    text: str = pytest.importorskip("inscriptis").get_text(page)
    return text


def by_inscriptis_strictly(page: str) -> str:
    library = pytest.importorskip("inscriptis")
    config = pytest.importorskip("inscriptis.model.config").ParserConfig
    styles = pytest.importorskip("inscriptis.css_profiles").STRICT_CSS_PROFILE
    text: str = library.get_text(page, config(css=styles))
    return text


def by_html2text(page: str, width: int = 0, bullet: str = "*") -> str:
    writer: Any = pytest.importorskip("html2text").HTML2Text(bodywidth=width)
    writer.ul_item_mark = bullet
    text: str = writer.handle(page)
    return text


def by_markdownify(page: str, **options: str) -> str:
    text: str = pytest.importorskip("markdownify").markdownify(page, **options)
    return text


FLATTENERS: dict[str, tuple[Importer, Callable[[str], str]]] = {
    "inscriptis": (inscriptis, by_inscriptis),
    "inscriptis strict": (inscriptis, by_inscriptis_strictly),
    "html2text": (html2text, by_html2text),
    "html2text -": (html2text, lambda page: by_html2text(page, bullet="-")),
    "html2text 78": (html2text, lambda page: by_html2text(page, 78)),
    "html2text 50": (html2text, lambda page: by_html2text(page, 50)),
    "markdownify": (markdownify, by_markdownify),
    "markdownify -": (markdownify, lambda page: by_markdownify(page, bullets="-", heading_style="ATX")),
}
WHOLE = {"html2text 78": by_html2text, "html2text 50": by_html2text}
"""What writes a text as it was before its lines were broken."""


def import_text(importer: Importer, text: str) -> Thread:
    (thread,) = importer.read(Source.of_bytes(text.encode(), "page.txt"))
    return thread


def bare_lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().split("\n")]


@pytest.mark.parametrize("flattener", FLATTENERS)
@settings(max_examples=20)
@given(tree=trees(), look=LOOKS)
def test_a_flattened_tree_is_read_back(flattener: str, tree: list[Comment], look: Look) -> None:
    """Parents, authors and dates are those of the page; a text is what the flattener makes of it alone."""
    importer, flatten = FLATTENERS[flattener]
    assume(has_one_reading(tree, look))
    assume(importer.name != "html2text" or is_told_from_lists(tree, look))
    text = flatten(as_page(tree, look))
    thread = import_text(importer, text)
    assert thread.title == "The harbour tunnel"
    assert thread.format == importer.name
    expected = [(parent, comment.author) for parent, comment in spell(tree)]
    assert [(post.parent, post.author) for post in thread.posts[1:]] == expected
    for post, (_, comment) in zip(thread.posts[1:], spell(tree), strict=True):
        alone = WHOLE.get(flattener, flatten)(write_text(comment.paragraphs, look)) if comment.paragraphs else ""
        assert bare_lines(post.text) == bare_lines(alone)
        date = "May 1, 2026 at 3:45 pm" if look.head == "dated" else "says:" if look.head == "blog" else None
        assert post.meta.get("byline") == date
    assert_nothing_lost(text, thread.posts)


def assert_nothing_lost(text: str, posts: Any) -> None:  # noqa: ANN401  # a sequence of posts
    """Each character that is not blank is stored once; what is not stored are the comments' markers."""
    stored = Counter(
        character for post in posts for part in told(post) for character in part if not character.isspace()
    )
    source = Counter(character for character in text if not character.isspace())
    assert stored - source == Counter()
    numbers = sum(len(f"{number}.") for post in posts[1:] if (number := post.meta.get("number")) is not None)
    bullets = sum("number" not in post.meta for post in posts[1:])
    assert (source - stored).total() == numbers + bullets
    assert set(source - stored) <= set("*+-o•.0123456789")


def told(post: Post) -> Iterator[str]:
    """Yield where the characters of a comment's source stand."""
    head = post.meta.get("head")
    yield from (str(head),) if head is not None else (post.author or "", str(post.meta.get("byline", "")))
    yield post.text


BLOG = """\
<html><body><header><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li><li><a href="/us">Us</a></li></ul></header>
<h1>Beavers stay</h1><div>By <a href="/a/x">Ann Writer</a> on May 1, 2026</div><div><p>The eleven beavers that have dammed the
brook since 2021 will not be moved, the trust announced on Monday, four weeks after the flood.</p><ol><li>Lower the dam</li>
<li>Vote</li></ol><p>Allotment holders doubt that the storm of 2019 can be compared.</p></div><h2>4 thoughts on “Beavers stay”</h2>
<ol><li><article><footer><div><img alt="" src="/a.png"><b><a href="/w">Wendy Arkle</a></b> <span>says:</span></div>
<div><a href="#1"><time>May 2, 2026 at 8:15 am</time></a></div></footer><div><p>Not a difficult sum.</p><ol><li>water</li>
<li>more water</li></ol><p>So there.</p></div><div><a href="?to=1">Reply</a></div></article><ol><li><article><footer><div><b>Len H.</b>
<span>says:</span></div><div><a href="#2"><time>May 2, 2026 at 9:15 am</time></a></div></footer><div><blockquote><p>a difficult sum</p>
</blockquote><p>It is.</p></div><div><a href="?to=2">Reply</a></div></article></li></ol></li><li><article><footer><div><b>brook_bob</b>
<span>says:</span></div><div><a href="#3"><time>May 3, 2026 at 9:15 am</time></a></div></footer><div><p>Shoot them.</p></div></article>
</li><li><div>Pingback: <a href="https://other.example">Beaver news</a></div></li></ol><h3>Leave a Reply</h3><p>Your address stays
secret.</p><h2>Related posts</h2><ul><li><a href="/1">Leeks win</a><p>The prize went to Mill Lane.</p></li></ul></body></html>
"""


@pytest.mark.parametrize("flattener", FLATTENERS)
def test_a_page_with_menus_lists_reply_links_and_a_footer(flattener: str) -> None:
    importer, flatten = FLATTENERS[flattener]
    text = flatten(BLOG)
    thread = import_text(importer, text)
    assert thread.title == "Beavers stay"
    assert [(post.key, post.author, post.meta.get("byline")) for post in thread.posts[1:]] == [
        ("1", "Wendy Arkle", "says: May 2, 2026 at 8:15 am"),
        ("1.1", "Len H.", "says: May 2, 2026 at 9:15 am"),
        ("2", "brook_bob", "says: May 3, 2026 at 9:15 am"),
        ("3", None, None),
    ]
    said = [[line for line in map(str.strip, post.text.split("\n")) if line] for post in thread.posts]
    assert said[1][:4] == ["Not a difficult sum.", "1. water", "2. more water", "So there."]
    assert [len(lines) for lines in said[1:]] == [5, 3, 1, 1]
    assert all(
        any(words in line for line in said[0]) for words in ("Home", "Vote", "Leave a Reply", "Leeks win", "The prize")
    )
    assert_nothing_lost(text, thread.posts)


@pytest.mark.parametrize("flattener", [*FLATTENERS, "resiliparse"])
@settings(max_examples=12)
@given(tree=trees(), look=LOOKS)
def test_the_flattener_is_recognised(flattener: str, tree: list[Comment], look: Look) -> None:
    """Where at least one comment has text and is not told from a list by it alone; no other comes near."""
    assume(has_one_reading(tree, look))
    assume(is_told_from_lists(tree, look))
    if flattener == "resiliparse":
        extract = pytest.importorskip("resiliparse.extract.html2text").extract_plain_text
        text, name = extract(as_page(tree, look), preserve_formatting=True, list_bullets=True), "flattened"
    else:
        text, name = FLATTENERS[flattener][1](as_page(tree, look)), FLATTENERS[flattener][0].name
    weights = weigh(Source.of_bytes(text.encode(), "page.txt").start)
    assert max(weights, key=lambda other: weights[other]) == name
    assert [other for other, weight in weights.items() if weight >= RIVAL] == [name]


def test_the_registry_chooses_the_importer_and_says_so() -> None:
    page = as_page(
        [Comment("Ada", [["so be it"]], [Comment("Bo Li", [["no"]], [])])],
        Look(lists=("ul",), head="box", is_boxed=True, wrap="", above=""),
    )
    for name, (importer, flatten) in FLATTENERS.items():
        chosen, why = formats.choose_importer(Source.of_bytes(flatten(page).encode(), "page.txt"))
        assert chosen.name == importer.name, name
        assert f"({importer.name}): recognised" in why


def test_plain_text_is_an_article_of_nobodys_flattener() -> None:
    assert set(weigh("Only words.\n\nAnd more of them.").values()) == {0.0}
    assert flattened.sniff(Source.of_bytes(b"Only words.\n\nAnd more of them.", "a.txt")) == 0.1
