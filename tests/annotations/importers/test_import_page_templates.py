"""Markup that the templates of forums and comment systems write beside a post: none of it becomes a post, a name or a text."""

from __future__ import annotations

import pytest

from annotations.importers import page
from annotations.importers.pages import article as page_article
from annotations.importers.pages import comments_discourse as page_comments_discourse
from annotations.sources.source import Source


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
