"""Markup that the templates of forums and comment systems write beside a post: none of it becomes a post, a name or a text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from annotations.importers import page
from annotations.importers.pages import article as page_article
from annotations.importers.pages import comments_discourse as page_comments_discourse
from annotations.importers.pages import saying
from annotations.sources.source import Source

if TYPE_CHECKING:
    from annotations.model import Thread


def read(body: str) -> list[tuple[str, str | None, str | None, str]]:
    (thread,) = page.read(Source.of_bytes(f"<html><body>{body}</body></html>".encode(), "page.html"))
    return [(post.key, post.parent, post.author, post.text) for post in thread.posts]


def test_the_link_to_the_next_page_of_a_topic_is_no_post_and_is_said() -> None:
    posts = "".join(
        f'<div id="post_{number}" class="topic-body crawler-post"><div class="crawler-post-meta"><span class="creator">'
        f'<a href="/u/x"><span itemprop="name">Ann</span></a></span></div><div class="post" itemprop="text"><p>Text {number}</p></div></div>'
        for number in (1, 2)
    )
    link = '<div role="navigation" class="topic-body crawler-post"><b><a rel="next" href="?page=2">next page →</a></b></div>'
    source = Source.of_bytes(f"<html><body><h1>Topic</h1>{posts}{link}</body></html>".encode(), "page.html")
    (thread,) = page.read(source)
    assert [post.text for post in thread.posts] == ["Topic\n\nText 1", "Text 2"]
    assert page_comments_discourse.CONTINUED in thread.warnings


DISQUS = (
    '<li class="post" id="post-{0}"><div data-role="post-content" class="post-content"><header><span class="post-byline">'
    '<span class="author"><a href="/by/{1}">{1}</a> <span class="badge moderator">Mod</span></span>'
    '<span class="parent-link-container"><a class="parent-link" data-role="parent-link" href="#comment-{2}">Bo</a></span></span>'
    '<a class="time-ago" data-role="relative-time" href="#comment-{0}">2 years ago</a></header>'
    '<div class="post-message" data-role="message"><p>Text {0}</p></div></div><ul class="children"></ul></li>'
)


def test_a_badge_is_no_part_of_a_name_and_what_is_answered_is_what_the_post_links_to() -> None:
    posts = DISQUS.format(11, "Ann", 11) + DISQUS.format(12, "Bo", 11) + DISQUS.format(13, "Cy", 99)
    found = read(f'<p>An article.</p><div id="disqus_thread"><ul id="post-list" class="post-list">{posts}</ul></div>')
    assert found[1:] == [("11", "0", "Ann", "Text 11"), ("12", "11", "Bo", "Text 12"), ("13", "0", "Cy", "Text 13")]


def test_a_deleted_post_of_a_forum_stays_and_says_so() -> None:
    posts = "".join(
        f'<div id="p{number}" class="post bg2{kind}"><p class="author">by <strong><span class="username">Ann</span></strong></p>'
        f'<div class="content">Text {number}</div></div>'
        for number, kind in ((1, ""), (2, " deleted"))
    )
    (thread,) = page.read(Source.of_bytes(f"<html><body>{posts}</body></html>".encode(), "page.html"))
    assert [post.meta.get("is_deleted") for post in thread.posts] == [None, True]
    assert thread.posts[1].text == "Text 2"


def test_texts_of_reddit_are_found_where_the_slots_are_lost() -> None:
    found = read(
        '<shreddit-post id="t3_abc" post-title="Ferries" author="Ann"><h1 slot="title">Ferries</h1>'
        '<div id="t3_abc-post-rtjson-content"><p>The last one leaves at ten.</p></div></shreddit-post>'
        '<shreddit-comment thingid="t1_c1" depth="0" author="Bo"><div slot="commentMeta">Bo 3d ago</div>'
        '<div id="t1_c1-comment-rtjson-content"><p>Too early.</p></div>'
        '<shreddit-comment thingid="t1_c2" depth="1" author="Cy"><div class="rtjson-content"><div>For nurses.</div></div>'
        "</shreddit-comment></shreddit-comment>"
    )
    assert found == [
        ("abc", None, "Ann", "Ferries\n\nThe last one leaves at ten."),
        ("c1", "abc", "Bo", "Too early."),
        ("c2", "c1", "Cy", "For nurses."),
    ]


def test_a_name_is_known_by_the_address_of_its_page_and_a_time_may_have_a_licence_behind_it() -> None:
    comments = "".join(
        f'<li id="c_{name}"><div class="comment"><a href="/~{name}">{name}</a> <span title="2025-01-02 0{hour}:04:05Z, License: CC BY-SA 4.0">'
        f'{hour} hours ago</span><div class="comment_text"><p>Says {name}.</p></div></div></li>'
        for hour, name in ((3, "ann"), (4, "bo"))
    )
    (thread,) = page.read(
        Source.of_bytes(
            f"<html><body><h1>Talk</h1><ol class='comments'>{comments}</ol></body></html>".encode(), "p.html"
        )
    )
    assert [(post.author, post.created_at, post.text) for post in thread.posts[1:]] == [
        ("ann", "2025-01-02T03:04:05Z", "Says ann."),
        ("bo", "2025-01-02T04:04:05Z", "Says bo."),
    ]


def test_a_story_of_lobsters_is_the_article_and_its_times_are_those_of_a_known_zone() -> None:
    time = (
        '<time datetime="2024-03-05 06:00:01" title="2024-03-05 06:00:01" data-at-unix="1709640001">1 year ago</time>'
    )
    source = Source.of_bytes(
        (
            '<html><body><ol class="stories"><li class="story" data-shortid="abc"><div class="voters"><a class="upvoter">41</a></div>'
            '<div class="details"><span class="link"><a class="u-url" href="https://bay.example/span">A span</a></span>'
            f'<a class="tag" href="/t/x">bridges</a><div class="byline"><a href="/~kim">kim</a> {time}</div></div></li></ol>'
            '<div class="story_content"><div class="story_text"><p>What I think.</p></div></div>'
            '<ol class="comments"><li class="comments_subtree"><div id="c_q1" data-shortid="q1" class="comment"><a class="upvoter">3</a>'
            f'<div class="byline"><a href="/~kim" class="user_is_author">kim</a> {time}</div>'
            '<div class="comment_text"><p>One.</p></div></div></li></ol></body></html>'
        ).encode(),
        "lobsters.html",
    )
    (thread,) = page.read(source)
    story, comment = thread.posts
    assert (thread.title, story.key, story.author, story.created_at) == ("A span", "abc", "kim", "2024-03-05T12:00:01Z")
    assert story.text == "A span\n\nWhat I think."
    assert [story.meta.get(field) for field in ("score", "url", "tags")] == [
        41,
        "https://bay.example/span",
        ["bridges"],
    ]
    assert (comment.key, comment.parent, comment.created_at, comment.text) == (
        "q1",
        "abc",
        "2024-03-05T12:00:01Z",
        "One.",
    )
    assert (comment.meta["score"], comment.meta["is_post_author"]) == (3, True)


PINGBACK = (
    '<li id="comment-14" class="pingback even depth-1"><div class="wp-block-comment-author-name"><a href="https://b.example/x">Blog</a></div>'
    '<div class="wp-block-comment-date"><time datetime="2024-03-05T15:00:00+00:00">March 5</time></div>'
    '<div class="wp-block-comment-content"><p>[…] a span […]</p></div></li>'
)
WAITING = (
    '<li id="comment-15" class="comment odd depth-1"><div class="wp-block-comment-author-name">Ann</div>'
    '<div class="wp-block-comment-content"><p><em class="comment-awaiting-moderation">Your comment is awaiting moderation.</em></p><p>No!</p></div></li>'
)


def read_wordpress(more: str = "") -> Thread:
    body = f'<h1>Span</h1><ol class="wp-block-comment-template">{PINGBACK}{WAITING}</ol>{more}'
    (thread,) = page.read(Source.of_bytes(f"<html><body>{body}</body></html>".encode(), "page.html"))
    return thread


def test_a_pingback_with_a_name_is_read_as_a_comment_is_and_says_its_kind() -> None:
    pingback = read_wordpress().posts[1]
    assert (pingback.author, pingback.created_at, pingback.text) == ("Blog", "2024-03-05T15:00:00Z", "[…] a span […]")
    assert (pingback.meta["kind"], pingback.meta["author_url"]) == ("pingback", "https://b.example/x")


def test_a_notice_to_the_writer_is_no_part_of_the_text() -> None:
    waiting = read_wordpress().posts[2]
    assert (waiting.text, waiting.meta["is_awaiting_moderation"]) == ("No!", True)


@pytest.mark.parametrize(
    ("link", "is_continued"),
    [
        ('<a href="/span/comment-page-1/#comments">Older Comments</a>', True),
        ('<a href="?cpage=3">Newer</a>', True),
        ('<a href="/span/comment-page-1/#comment-14">March 5</a>', False),
    ],
)
def test_comments_on_another_page_are_said(link: str, is_continued: bool) -> None:  # noqa: FBT001  # a row's value
    assert (saying.CONTINUED in read_wordpress(link).warnings) is is_continued


def test_what_reddit_would_load_later_is_counted_and_false_is_no_deletion() -> None:
    body = (
        '<shreddit-comment thingid="t1_a" depth="0" author="Bo" is-comment-deleted="false"><div slot="comment"><p>Hm.</p></div>'
        '<faceplate-partial src="/svc/shreddit/more-comments/x"><button>3 more replies</button></faceplate-partial></shreddit-comment>'
    )
    (thread,) = page.read(Source.of_bytes(f"<html><body>{body}</body></html>".encode(), "page.html"))
    assert "is_deleted" not in thread.posts[1].meta
    assert "1 place says that there are more comments, which are not in the page." in thread.warnings


@pytest.mark.parametrize(("style", "number"), [("", 1), (' style="display: none"', 0)])
def test_the_menus_of_disqus_frame_are_no_article_and_what_it_would_load_is_said(style: str, number: int) -> None:
    body = (
        '<div id="layout" data-tracking-area="layout"><ul><li>Sort by Best</li></ul>'
        f'<ul id="post-list">{DISQUS.format(11, "Ann", 11)}</ul>'
        f'<div class="load-more"{style}><a data-action="more-posts">Load more comments</a></div></div>'
    )
    raw = f"<html><head><title>Disqus Comments</title></head><body>{body}</body></html>"
    (thread,) = page.read(Source.of_bytes(raw.encode(), "page.html"))
    assert [post.text for post in thread.posts] == ["Disqus Comments", "Text 11"]
    assert sum("more comments" in warning for warning in thread.warnings) == number


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ('{"@type": "NewsArticle", "datePublished": "2024-03-05T10:11:12+01:00"}', "2024-03-05T09:11:12Z"),
        ('{"@graph": [{"@type": ["BlogPosting"], "datePublished": "2024-03-05T10:11:12Z"}]}', "2024-03-05T10:11:12Z"),
        ('[{"@type": "Article", "datePublished": "2024-03-05T10:11:12Z"}, {"@type": "Article"}]', None),
        ('{"@type": "WebSite", "datePublished": "2024-03-05T10:11:12Z"}', None),
        ("{", None),
    ],
)
def test_an_article_is_of_when_the_page_says_that_it_was_published(said: str, when: str | None) -> None:
    body = f'<script type="application/ld+json">{said}</script><h1>Span</h1><p>It was built.</p>'
    (thread,) = page.read(Source.of_bytes(f"<html><body>{body}</body></html>".encode(), "page.html"))
    assert thread.posts[0].created_at == when


ODD: list[object] = [None, True, -1, 1e30, "", [], {}, [[None]], ["x", {}], {"@id": [1]}, {"name": {}}, "9" * 30]


@pytest.mark.parametrize("kind", ["Comment", "Article", "Question"])
@pytest.mark.parametrize(
    "field",
    [
        "@type",
        "@id",
        "@graph",
        "text",
        "author",
        "dateCreated",
        "datePublished",
        "comment",
        "url",
        "identifier",
        "headline",
    ],
)
def test_what_a_page_says_beside_its_markup_may_be_of_any_type(kind: str, field: str) -> None:
    things = [{"@type": kind, "@id": "#c8", "text": "Odd.", field: odd} for odd in ODD]
    said = json.dumps([*things, {"@type": "Comment", "@id": "#c7", "author": {"name": "Lou"}, "text": "Eleven years."}])
    found = read(f'<script type="application/ld+json">{said}</script><h1>Span</h1><p>It was built.</p>')
    assert found[-1] == ("7", "0", "Lou", "Eleven years.")


def test_comments_beside_the_markup_answer_those_that_they_name() -> None:
    parents: list[object] = [
        {"@id": "#article"},
        "#c1",
        {"@type": "Comment", "@id": "https://x.example/p#c2"},
        {"@id": "#c4"},
    ]
    said = json.dumps(
        [
            {"@type": "Comment", "@id": f"#c{at}", "text": "Yes.", "parentItem": above}
            for at, above in enumerate(parents, 1)
        ]
    )
    found = read(f'<script type="application/ld+json">{said}</script><h1>Span</h1><p>It was built.</p>')
    assert [row[:2] for row in found[1:]] == [("1", "0"), ("2", "1"), ("3", "2"), ("4", "0")]


@pytest.mark.parametrize(
    "body", ["<p>word</p>" * 13_000, "<div>" * 300 + "word" + "</div>" * 300], ids=["wide", "deep"]
)
def test_a_page_that_is_too_much_for_the_search_of_its_article_is_taken_whole_and_says_so(body: str) -> None:
    (thread,) = page.read(Source.of_bytes(f"<html><body>{body}</body></html>".encode(), "page.html"))
    assert thread.posts[0].text.count("word") == body.count("word")
    assert page_article.TOO_LARGE.format("its body element") in thread.warnings


def test_an_article_of_which_only_a_small_part_would_be_found_is_taken_whole() -> None:
    body = "<article>" + ("<b>First words " * 190 + "</b>" * 190) * 10 + "</article>"
    (thread,) = page.read(Source.of_bytes(f"<html><body>{body}</body></html>".encode(), "page.html"))
    assert thread.posts[0].text.count("First words") == 1_900


STORY = "<p>The council voted on the harbour tunnel after a long night of speeches, 20 to 19.</p>" * 3


def test_a_menu_of_names_is_no_list_of_comments_and_the_article_stays_whole() -> None:
    menu = "".join(
        f'<li><a href="/section/{at}">Section</a><ul><li class="date">{at} May 2026</li></ul></li>'
        for at in range(1, 20)
    )
    found = read(f'<div class="thread"><ul>{menu}</ul></div><article><h1>Tunnel</h1>{STORY}</article>')
    assert len(found) == 1
    assert found[0][3].count("The council voted") == 3


def test_the_post_of_a_blog_is_none_of_disqus_comments() -> None:
    related = (
        '<div class="post"><div class="post-content"><h2>Another story</h2><span>16 November 2016</span></div></div>'
        * 4
    )
    found = read(f'<div class="post" id="post-9"><div class="post-content"><h1>Tunnel</h1>{STORY}</div></div>{related}')
    assert len(found) == 1
    assert found[0][3].count("The council voted") == 3


def test_a_text_that_stands_beside_the_head_of_its_comment_is_its_text() -> None:
    comments = "".join(
        f'<div class="box"><div class="x_comment" id="x_comment_{at}"><p class="info"><span class="author">{name}</span> '
        f'<span class="date">{at} minutes ago</span></p></div><div class="x_comment_text"><p>Says {name}.</p></div></div>'
        for at, name in ((3, "Ann"), (4, "Bo"), (5, "Cy"))
    )
    found = read(
        f'<article><h2>Tunnel</h2><p class="date">8 January 2014</p>{STORY}<div class="comments">{comments}</div></article>'
    )
    assert [(author, text) for _, _, author, text in found[1:]] == [
        ("Ann", "Says Ann."),
        ("Bo", "Says Bo."),
        ("Cy", "Says Cy."),
    ]
    assert found[0][3].count("The council voted") == 3
    assert "Says" not in found[0][3]


def test_a_small_number_is_no_time() -> None:
    comment = '<div class="comment" id="c{0}"><b class="author">Ann</b> <meta content="5"><span class="date">2 days ago</span><div class="text">Hm {0}.</div><a href="#">Reply</a></div>'
    (thread,) = page.read(
        Source.of_bytes(
            f"<html><body><h1>T</h1>{comment.format(1)}{comment.format(2)}</body></html>".encode(), "page.html"
        )
    )
    assert [(post.text, post.created_at) for post in thread.posts[1:]] == [("Hm 1.", None), ("Hm 2.", None)]


HUGE = "9" * 5000
"""More digits than Python makes a number of."""


@pytest.mark.parametrize(
    "body",
    [
        f'<table><tr class="comtr" id="1"><td class="ind" indent="{HUGE}"></td><td><div class="commtext">Hm.</div></td></tr></table>',
        f'<table><tr class="comtr" id="1"><td class="ind"><img width="{HUGE}"></td><td><div class="commtext">Hm.</div></td></tr></table>',
        f'<table class="fatitem"><tr class="athing"><td class="titleline"><a href="x">T</a></td></tr><tr><td><span class="score">{HUGE} points</span></td></tr></table><tr class="comtr"><div class="commtext">Hm.</div>',
        f'<li class="post" id="post-1"><div data-role="post-content"><div data-role="message">Hm.</div><b data-role="likes">{HUGE}</b></div></li>',
        f'<div id="post_1" class="topic-body crawler-post"><div class="post" itemprop="text">Hm.<meta itemprop="userInteractionCount" content="{HUGE}"></div></div>',
        f'<div class="Comment t1_1"><span>level {HUGE}</span><div data-testid="comment">Hm.</div></div>',
        f'<div class="comment" id="c1" data-depth="{HUGE}"><b class="author">Ann</b> <i>2 days ago</i><div class="text">Hm.</div></div>',
    ],
    ids=["indent", "width", "points", "likes", "hearts", "level", "depth"],
)
def test_numbers_of_any_length_are_survived(body: str) -> None:
    assert any("Hm." in text for *_, text in read(body))
