"""Random discussions, written in each markup that pages have, come back as they were."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from annotations.importers import page
from annotations.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from annotations.model import Post, Thread


class Said(NamedTuple):
    number: int
    parent: int | None
    author: str
    minute: int
    paragraphs: tuple[str, ...]

    @property
    def time(self) -> str:
        return f"2026-05-01T{8 + self.minute // 60:02}:{self.minute % 60:02}:00Z"

    @property
    def html(self) -> str:
        return "".join(f"<p>{escape(part)}</p>" for part in self.paragraphs)


Tree = dict[int | None, list[Said]]

WORD_LINE = "tunnel harbour bridge the of concrete costs & < > “no” über 潮見 👍🏽 1.5 they said pay toll flood vote [x] a.b «oui» x=1"
WORDS = st.sampled_from(WORD_LINE.split())
TEXT = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)
NAMES = st.sampled_from(["Ann", "Bo Lee", "Ö. Ünal", "x_99", "Cees de Wit", "<b>", "潮見 健", "M&M"])


@st.composite
def discussions(draw: st.DrawFn) -> list[Said]:
    """Draw comments in pre-order, each with a number of its own."""
    number = draw(st.integers(1, 9))
    shape = draw(st.lists(st.integers(0, 3), min_size=1, max_size=number))
    said: list[Said] = []
    path: list[int] = []
    for at, up in enumerate(shape):
        del path[max(0, len(path) - up) :]
        said.append(
            Said(
                100 + at,
                path[-1] if path else None,
                draw(NAMES),
                draw(st.integers(0, 600)),
                tuple(draw(st.lists(TEXT, min_size=1, max_size=3))),
            )
        )
        path.append(100 + at)
    return said


def tree_of(said: list[Said]) -> Tree:
    tree: Tree = {}
    for one in said:
        tree.setdefault(one.parent, []).append(one)
    return tree


def depths(said: list[Said]) -> dict[int, int]:
    found: dict[int, int] = {}
    for one in said:
        found[one.number] = found[one.parent] + 1 if one.parent is not None else 0
    return found


def nested(said: list[Said], opening: Callable[[Said], str], closing: str, around: tuple[str, str]) -> str:
    """Write each comment with its answers in it; without recursion, for these may be many."""
    tree = tree_of(said)
    pieces: list[str] = []
    waiting: list[str | Said] = list(reversed(tree.get(None, [])))
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            pieces.append(one)
            continue
        below = tree.get(one.number, [])
        pieces.append(opening(one))
        waiting.append(closing)
        if below:
            pieces.append(around[0])
            waiting += [around[1], *reversed(below)]
    return "".join(pieces)


def wordpress(said: list[Said]) -> str:
    def opening(one: Said) -> str:
        return (
            f'<li id="comment-{one.number}" class="comment even thread-even depth-1"><article id="div-comment-{one.number}" class="comment-body">'
            f'<footer class="comment-meta"><div class="comment-author vcard"><img alt="" src="a.png" class="avatar">'
            f'<b class="fn"><a href="https://example.org/" class="url">{escape(one.author)}</a></b> <span class="says">says:</span></div>'
            f'<div class="comment-metadata"><a href="https://example.org/p/#comment-{one.number}"><time datetime="{one.time}">May 1, 2026 at 8:30 am</time></a>'
            f'<span class="edit-link"><a class="comment-edit-link" href="#">Edit</a></span></div></footer>'
            f'<div class="comment-content">{one.html}</div>'
            f'<div class="reply"><a class="comment-reply-link" href="?replytocom={one.number}#respond">Reply</a></div></article>'
        )

    return f'<div id="comments"><ol class="comment-list">{nested(said, opening, "</li>", ("<ol class=children>", "</ol>"))}</ol></div>'


def old_wordpress(said: list[Said]) -> str:
    def opening(one: Said) -> str:
        return (
            f'<li class="comment byuser odd alt depth-2" id="comment-{one.number}"><div id="div-comment-{one.number}" class="comment-body">'
            f'<div class="comment-author vcard"><cite class="fn">{escape(one.author)}</cite> <span class="says">says:</span></div>'
            f'<div class="comment-meta commentmetadata"><a href="#comment-{one.number}"><abbr title="{one.time}">May 1</abbr></a></div>'
            f'{one.html}<div class="reply"><a href="?replytocom={one.number}">Reply</a></div></div>'
        )

    return f'<ol class="commentlist">{nested(said, opening, "</li>", ("<ul class=children>", "</ul>"))}</ol>'


def block_wordpress(said: list[Said]) -> str:
    def opening(one: Said) -> str:
        return (
            f'<li id="comment-{one.number}" class="comment even thread-even depth-1"><div class="wp-block-columns"><div class="wp-block-column">'
            f'<div class="wp-block-avatar"><img alt="A" src="a.png" class="avatar"></div></div><div class="wp-block-column">'
            f'<div class="wp-block-comment-author-name"><a rel="external" href="https://example.org/" target="_self">{escape(one.author)}</a></div>'
            f'<div class="wp-block-group"><div class="wp-block-comment-date"><time datetime="{one.time}">'
            f'<a href="https://example.org/p/comment-page-2/#comment-{one.number}">May 1, 2026</a></time></div>'
            f'<div class="wp-block-comment-edit-link"><a href="#">Edit</a></div></div><div class="wp-block-comment-content">{one.html}</div>'
            f'<div class="wp-block-comment-reply-link"><a class="comment-reply-link" href="?replytocom={one.number}#respond">Reply</a></div></div></div>'
        )

    return f'<div class="wp-block-comments"><ol class="wp-block-comment-template">{nested(said, opening, "</li>", ("<ol>", "</ol>"))}</ol></div>'


def lobsters(said: list[Said]) -> str:
    def opening(one: Said) -> str:
        seconds = int(datetime.fromisoformat(one.time).timestamp())
        return (
            f'<li class="comments_subtree"><input id="comment_folder_{one.number}" class="comment_folder_button" type="checkbox">'
            f'<div id="c_{one.number}" data-shortid="{one.number}" class="comment"><label class="comment_folder"></label>'
            f'<div class="voters"><a class="upvoter" href="/login">5</a></div><div class="details"><div class="byline"><a href="/~x"><img class="avatar"></a> '
            f'<a href="/~x">{escape(one.author)}</a> <time title="2026-05-01 02:00:00" datetime="2026-05-01 02:00:00" data-at-unix="{seconds}">1 day ago</time>'
            f' | <a href="/c/{one.number}">link</a></div><div class="comment_text">{one.html}</div></div></div><ol class="comments">'
        )

    return f'<ol class="comments comments1"><li class="comments_subtree"><ol class="comments">{nested(said, opening, "</ol></li>", ("", ""))}</ol></li></ol>'


def disqus(said: list[Said]) -> str:
    def opening(one: Said) -> str:
        return (
            f'<li class="post" id="post-{one.number}"><div data-role="post-content" class="post-content"><div class="avatar hovercard">'
            f'<img alt="Avatar" src="a.png"></div><div class="post-body"><header class="comment__header"><span class="post-byline">'
            f'<span class="author publisher-anchor-color"><a href="https://disqus.com/by/x/" data-username="x">{escape(one.author)}</a></span></span>'
            f'<span class="post-meta"><span class="bullet">•</span><a href="https://example.org/p/#comment-{one.number}" data-role="relative-time" '
            f'class="time-ago" title="{one.time}">3 years ago</a></span></header><div class="post-body-inner">'
            f'<div class="post-message " data-role="message" dir="auto"><div>{one.html}</div></div></div>'
            f'<footer class="comment__footer"><menu><li class="voting"><span data-role="likes" class="count">2</span></li>'
            f'<li class="reply"><a href="#">Reply</a></li></menu></footer></div></div><ul data-role="children" class="children">'
        )

    return f'<div id="disqus_thread"><ul id="post-list" class="post-list">{nested(said, opening, "</ul></li>", ("", ""))}</ul></div>'


def microdata(said: list[Said]) -> str:
    def opening(one: Said) -> str:
        return (
            f'<div itemprop="comment" itemscope itemtype="https://schema.org/Comment" id="comment-{one.number}">'
            f'<span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">{escape(one.author)}</span></span>'
            f'<time itemprop="datePublished" datetime="{one.time}">May 1</time><div itemprop="text">{one.html}</div>'
        )

    return f"<section>{nested(said, opening, '</div>', ('', ''))}</section>"


def json_ld(said: list[Said]) -> str:
    tree = tree_of(said)

    def write(one: Said) -> dict[str, object]:
        return {
            "@type": "Comment",
            "@id": f"https://example.org/p/#comment-{one.number}",
            "author": {"@type": "Person", "name": one.author},
            "datePublished": one.time,
            "text": "\n\n".join(one.paragraphs),
            "comment": [write(below) for below in tree.get(one.number, [])],
        }

    whole = {"@type": "NewsArticle", "headline": "The tunnel", "comment": [write(one) for one in tree.get(None, [])]}
    written = msgspec.json.encode(whole).decode().replace("</", "<\\/")
    return f'<script type="application/ld+json">{written}</script>'


def old_reddit(said: list[Said]) -> str:
    def opening(one: Said) -> str:
        return (
            f'<div class=" thing id-t1_{one.number} noncollapsed   comment " id="thing_t1_{one.number}" data-fullname="t1_{one.number}" '
            f'data-type="comment" data-author="{escape(one.author)}" data-permalink="/r/x/comments/a/b/{one.number}/"><p class="parent"><a name="{one.number}"></a></p>'
            f'<div class="midcol unvoted"><div class="arrow up"></div></div><div class="entry unvoted"><p class="tagline"><a href="#" class="expand">[–]</a>'
            f'<a href="/user/x" class="author may-blank">{escape(one.author)}</a><span class="userattrs"></span> '
            f'<span class="score dislikes" title="4">4 points</span><span class="score unvoted" title="5">5 points</span>'
            f'<span class="score likes" title="6">6 points</span> <time title="Fri May 1 2026" datetime="{one.time}" class="live-timestamp">1 day ago</time>'
            f'</p><form action="#" class="usertext"><input type="hidden" name="thing_id"><div class="usertext-body"><div class="md">{one.html}</div></div></form>'
            f'<ul class="flat-list buttons"><li class="first"><a href="#">permalink</a></li><li><a href="#">reply</a></li></ul></div>'
            f'<div class="child"><div class="sitetable listing">'
        )

    return f'<div class="commentarea"><div class="sitetable nestedlisting">{nested(said, opening, "</div></div></div>", ("", ""))}</div></div>'


def new_reddit(said: list[Said]) -> str:
    at = depths(said)

    def opening(one: Said) -> str:
        parent = f"t1_{one.parent}" if one.parent is not None else "t3_zz"
        return (
            f'<shreddit-comment author="{escape(one.author)}" thingid="t1_{one.number}" depth="{at[one.number]}" parentid="{parent}" score="5" '
            f'created="{one.time}" permalink="/r/x/comments/zz/comment/{one.number}/"><div slot="commentMeta"><a href="/user/x">{escape(one.author)}</a>'
            f'<faceplate-timeago ts="{one.time}"><time datetime="{one.time}">1d ago</time></faceplate-timeago></div>'
            f'<div id="t1_{one.number}-comment-rtjson-content" class="md" slot="comment"><div id="t1_{one.number}-post-rtjson-content">{one.html}</div></div>'
            f'<shreddit-comment-action-row slot="actionRow"><button>Reply</button></shreddit-comment-action-row>'
        )

    return f"<shreddit-comment-tree>{nested(said, opening, '</shreddit-comment>', ('', ''))}</shreddit-comment-tree>"


def react_reddit(said: list[Said]) -> str:
    at = depths(said)
    return "".join(
        f'<div style="padding-left:{16 * at[one.number]}px" id="t1_{one.number}" tabindex="-1"><div class="Comment t1_{one.number} _1z5"><span class="x">level {at[one.number] + 1}</span>'
        f'<div data-testid="post-comment-header"><a data-testid="comment_author_link" href="/user/x/">{escape(one.author)}</a>'
        f'<a data-testid="comment_timestamp" href="/r/x/{one.number}/"><time datetime="{one.time}">1 day ago</time></a></div>'
        f'<div data-testid="comment"><div class="RichTextJSON-root">{one.html}</div></div><div id="vote-arrows-t1_{one.number}"><button>up</button><div>5</div></div>'
        f"<button>Reply</button></div></div>"
        for one in said
    )


def hacker_news(said: list[Said]) -> str:
    at = depths(said)
    rows = "".join(
        f'<tr class="athing comtr" id="{one.number}"><td><table border="0"><tr><td class="ind" indent="{at[one.number]}"><img src="s.gif" height="1" width="{40 * at[one.number]}"></td>'
        f'<td valign="top" class="votelinks"><center><a href="vote"><div class="votearrow"></div></a></center></td><td class="default">'
        f'<div><span class="comhead"><a href="user?id=x" class="hnuser">{escape(one.author)}</a> <span class="age" title="{one.time[:-1]} 1777624200">'
        f'<a href="item?id={one.number}">2 hours ago</a></span> <span class="navs"> | <a href="#1" class="clicky">next</a></span></span></div><br>'
        f'<div class="comment"><div class="commtext c00">{one.html[3:-4]}</div><div class="reply"><p><u><a href="reply?id=1">reply</a></u></div></div></td></tr></table></td></tr>'
        for one in said
    )
    return f'<table class="comment-tree">{rows}</table>'


def classed_divs(said: list[Said]) -> str:
    def opening(one: Said) -> str:
        return (
            f'<div class="comment" id="c{one.number}"><div class="head"><span class="author">{escape(one.author)}</span> '
            f'<time datetime="{one.time}">1 May 2026</time></div><div class="text">{one.html}</div><a href="#">Reply</a>'
        )

    return f"<section class=discussion>{nested(said, opening, '</div>', ('<div class=replies>', '</div>'))}</section>"


def boxes_beside(said: list[Said]) -> str:
    """Answers stand in a box behind what they answer, and not in it."""

    def opening(one: Said) -> str:
        return (
            f'<div class="comment-item" id="comment-{one.number}"><a class="username" href="/users/1">{escape(one.author)}</a> '
            f'<time datetime="{one.time}">1 May 2026</time><div class="comment-body">{one.html}</div></div><div class="replies">'
        )

    return f'<div class="discussion">{nested(said, opening, "</div>", ("", ""))}</div>'


def plain_lists(said: list[Said]) -> str:
    def opening(one: Said) -> str:
        return f'<li id="c{one.number}"><b>{escape(one.author)}</b> <time datetime="{one.time}">2 days ago</time>{one.html}'

    return f"<h2>Comments</h2><div class=comments><ul>{nested(said, opening, '</li>', ('<ul>', '</ul>'))}</ul></div>"


def parents_named(said: list[Said]) -> str:
    members = "".join(
        f'<li class="response" data-comment-id="{one.number}" data-parent-id="{one.parent or 0}"><span class="user-name">{escape(one.author)}</span>'
        f'<time datetime="{one.time}">1 May</time><div class="message-text">{one.html}</div></li>'
        for one in said
    )
    return f"<ul class=comments>{members}</ul>"


def parents_linked(said: list[Said]) -> str:
    def reference(one: Said) -> str:
        return f'<a class="in-reply" href="#comment-{one.parent}">in answer to that</a>' if one.parent else ""

    members = "".join(
        f'<article class="reaction" id="comment-{one.number}"><header><span class="author">{escape(one.author)}</span>'
        f'<time datetime="{one.time}">1 May</time>{reference(one)}</header><div class="content">{one.html}</div></article>'
        for one in said
    )
    return f"<div class=comments>{members}</div>"


def indented(said: list[Said]) -> str:
    at = depths(said)
    members = "".join(
        f'<div class="comment" style="margin-left: {20 * at[one.number]}px" id="comment_{one.number}"><span class="author">{escape(one.author)}</span>'
        f'<time datetime="{one.time}">1 May</time><div class="body">{one.html}</div></div>'
        for one in said
    )
    return f"<div class=comments>{members}</div>"


MARKUPS = {
    written.__name__: written
    for written in (
        *(
            wordpress,
            old_wordpress,
            block_wordpress,
            lobsters,
            disqus,
            microdata,
            json_ld,
            old_reddit,
            new_reddit,
            react_reddit,
            hacker_news,
        ),
        *(classed_divs, boxes_beside, plain_lists, parents_named, parents_linked, indented),
    )
}
DEEP = (
    "wordpress",
    "old_wordpress",
    "block_wordpress",
    "lobsters",
    "disqus",
    "microdata",
    "old_reddit",
    "new_reddit",
    "classed_divs",
    "boxes_beside",
    "plain_lists",
)


def whole(comments: str) -> bytes:
    story = "".join(
        f"<p>The council voted on part {at} of the harbour tunnel after a long night of speeches.</p>"
        for at in range(5)
    )
    return (
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>The tunnel</title>"
        '<link rel="canonical" href="https://example.org/p/"></head><body><nav><a href="/">Home</a></nav>'
        f"<main><article><h1>The tunnel</h1>{story}</article></main>{comments}<footer>Imprint</footer></body></html>"
    ).encode()


def read(raw: bytes) -> Thread:
    (thread,) = page.read(Source.of_bytes(raw, "tunnel.html"))
    return thread


def expected(said: list[Said]) -> Iterator[tuple[str, str, str, str, str]]:
    for one in said:
        yield str(one.number), str(one.parent or 0), one.author, one.time, "\n\n".join(one.paragraphs)


def found(posts: Sequence[Post]) -> list[tuple[str, str | None, str | None, str | None, str]]:
    return [(post.key, post.parent, post.author, post.created_at, post.text) for post in posts]


@pytest.mark.parametrize("markup", MARKUPS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(said=discussions())
@example(said=[Said(100, None, "Ann", 0, ("&",))])
def test_a_discussion_comes_back_as_it_was(markup: str, said: list[Said]) -> None:
    thread = read(whole(MARKUPS[markup](said)))
    assert found(thread.posts[1:]) == list(expected(said))
    article = thread.posts[0].text
    assert article.startswith("The tunnel\n\nThe council voted on part 0")
    assert article.count("The council voted") == 5
    assert article.endswith("a long night of speeches.")
    assert thread.url == "https://example.org/p/"
    assert sum(map(len, (str(post.meta) for post in thread.posts))) < 1000 * len(thread.posts)


@pytest.mark.parametrize("markup", DEEP)
def test_comments_1000_deep_are_all_there(markup: str) -> None:
    said = [Said(1000 + at, 999 + at if at else None, "Ann", 0, (f"Answer {at}",)) for at in range(1000)]
    thread = read(whole(MARKUPS[markup](said)))
    assert found(thread.posts[1:]) == list(expected(said))
    assert "Answer" not in thread.posts[0].text
