"""Pages of many kinds, written for this test, each read as a person would read it."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass

import pytest

from annotations.importers import flattened
from annotations.sources.source import read_source


@dataclass(frozen=True)
class Page:
    """A flattened page, and what stands in it.

    Args:
        text: The page.
        article: How many lines of the article's text begin with these words, in order.
        comments: A line for each comment: path, author, text.
    """

    text: str
    article: tuple[str, ...]
    comments: tuple[str, ...]


PAGES: dict[str, Page] = {}

PAGES["blog with numbers, says:, dates, reply links, a linkback, a menu and a footer"] = Page(
    """\
  • Home
  • News
    • Local
    • World

The Ferry Stops

By Ann Writer | May 1, 2026 | 4 Comments

The last ferry leaves in autumn. Here is what you need to know:

  • There will be a bus
  • It will be late

A petition was handed in on Monday by the people of the island, who say that they were neither asked nor told before the vote.

4 thoughts on “The Ferry Stops”

  1. Maria says:
    May 2, 2026 at 3:45 pm

    My grandmother rows faster.

    My plan:

    1. buy a boat
    2. row
    Reply
    1. Bob says:
      May 2, 2026 at 4:00 pm

      Nope.

      Reply
      1. Maria says:
        May 3, 2026 at 9:12 am

        Yes.

        Reply
  2. Pingback: Ferry news | Other blog
  3. Dr. Who says:
    May 4, 2026 at 1:00 am

    quoted words

    true words

    Reply

Leave a Reply

Your email address will not be published. Required fields are marked *

Related posts

  • Bridge closed

    The bridge is closed until further notice.

  • Bus fares

    Fares rise.

© 2026 The Harbour Gazette. All rights reserved.

  • About
  • Privacy
""",
    (
        "The Ferry Stops",
        "The last ferry",
        "  • There will be a bus",
        "4 thoughts",
        "Leave a Reply",
        "  • Bridge closed",
        "  • Privacy",
    ),
    (
        "1 Maria: My grandmother rows faster.||My plan:||1. buy a boat|2. row|Reply",
        "1.1 Bob: Nope.||Reply",
        "1.1.1 Maria: Yes.||Reply",
        "2 –: Pingback: Ferry news | Other blog",
        "3 Dr. Who: quoted words||true words||Reply",
    ),
)

PAGES["names with age beside them, and a tight list of links in each comment"] = Page(
    """\
The Ferry Stops

The last ferry leaves in autumn.

  • rowing boat • 3 years ago

    They will swim.

    • Reply
    • Share ›
    • Sea Dog • 3 years ago • edited

      All they want

      • Reply
      • Share ›
      • Jens • 2 years ago

        But they can’t.

        • Reply
        • Share ›
  • Ms Q • a day ago

    Fine.

    • Reply
    • Share ›
""",
    ("The Ferry Stops", "The last ferry"),
    (
        "1 rowing boat: They will swim.||• Reply|• Share ›",
        "1.1 Sea Dog: All they want||• Reply|• Share ›",
        "1.1.1 Jens: But they can’t.||• Reply|• Share ›",
        "2 Ms Q: Fine.||• Reply|• Share ›",
    ),
)

PAGES["forum whose posts begin with the date, the author below it"] = Page(
    """\
Ferry talk

  1. 01-05-2026, 10:11 AM #1
    digger
    Member

    Re: Ferry

    First post.

    Second paragraph.
    Reply With Quote
  2. 02-05-2026, 10:12 AM #2
    wet feet
    Senior Member

    Quote:
    Originally Posted by digger
    First post.

    I agree
    Reply With Quote
""",
    ("Ferry talk",),
    (
        "1 digger: Member||Re: Ferry||First post.||Second paragraph.|Reply With Quote",
        "2 wet feet: Senior Member||Quote:|Originally Posted by digger|First post.||I agree|Reply With Quote",
    ),
)

PAGES["dense social comments with a line of likes, and more to load"] = Page(
    """\
The Ferry Stops

The last ferry leaves in autumn.

  • Ann Ray
    hello
    there
    Like · 3 · 2 years ago
    • Bo
      hi
      Like · Reply · 1y
  • Cy
    bye
    Like · Reply · 3 · 2y
Load more comments
""",
    ("The Ferry Stops", "Load more comments"),
    (
        "1 Ann Ray: hello|there|Like · 3 · 2 years ago",
        "1.1 Bo: hi|Like · Reply · 1y",
        "2 Cy: bye|Like · Reply · 3 · 2y",
    ),
)

PAGES["guests without a name"] = Page(
    """\
The Ferry Stops

The last ferry leaves in autumn.

Comments (3)

  • I think this is a terrible idea, and I have lived here for forty years.

    Stop it.

  • Great!

  • What a waste of money that could have gone to the hospital.
""",
    ("The Ferry Stops", "Comments (3)"),
    (
        "1 –: I think this is a terrible idea, and I have lived here for forty years.||Stop it.",
        "2 –: Great!",
        "3 –: What a waste of money that could have gone to the hospital.",
    ),
)

PAGES["article with explained terms in a list, prose below it, then comments"] = Page(
    """\
Tunnel or bridge

What they mean.

  • Tunnel

    A tube under the water.

  • Bridge

    The other thing.

In the end the council decided for the tunnel, because the ships that come into the harbour grow taller every year.

  • Ann

    Wrong.

  • Bo

    Right.
""",
    ("Tunnel or bridge", "  • Tunnel", "    A tube", "  • Bridge", "In the end"),
    ("1 Ann: Wrong.", "2 Bo: Right."),
)

PAGES["article with steps and points, and no comments at all"] = Page(
    """\
How to catch the bus

You need:

  • a coat
  • patience

Do this:

  1. Wait
  2. Wait more

That is all there is to it.
""",
    ("How to catch", "  • a coat", "  1. Wait", "That is all"),
    (),
)

PAGES["German blog"] = Page(
    """\
Die Fähre fährt nicht mehr

Im Herbst legt die letzte Fähre ab.

3 Kommentare

  1. Jürgen schrieb am 3. Mai 2026 um 10:11 Uhr:

    Nein danke.

    1. Heike vor 2 Tagen

      Doch.

      Antworten
  2. Gast sagt:

    …

Schreibe einen Kommentar
""",
    ("Die Fähre", "3 Kommentare", "Schreibe einen"),
    ("1 Jürgen: Nein danke.", "1.1 Heike: Doch.||Antworten", "2 Gast: …"),
)

PAGES["deep wrappers, removed comments, and text below the replies"] = Page(
    """\
The Ferry Stops

The last ferry leaves in autumn.

      • [deleted]

        [deleted]

            • Bo

              Why was this removed?

              Reply

                  • mod_7

                    Rules.

              Hide 1 reply

        Hide 2 replies

      • Cy

        Good.
""",
    ("The Ferry Stops",),
    (
        "1 [deleted]: [deleted]||Hide 2 replies",
        "1.1 Bo: Why was this removed?||Reply||Hide 1 reply",
        "1.1.1 mod_7: Rules.",
        "2 Cy: Good.",
    ),
)

PAGES["headings, quotes, lists and code in comments"] = Page(
    """\
The Ferry Stops

The last ferry leaves in autumn.

Join the discussion

  • Ann

    A heading

    > quoted by hand

    The reasons:

    • money
    • money
      • mine
      • yours

    And the timetable:

      10:00  island
      11:00  town

    • Bo

      2. is not a reason

      • Cy

        True.
""",
    ("The Ferry Stops", "Join the discussion"),
    (
        (
            "1 Ann: A heading||> quoted by hand||The reasons:||• money|• money|  • mine|  • yours||"
            "And the timetable:||  10:00  island|  11:00  town"
        ),
        "1.1 Bo: 2. is not a reason",
        "1.1.1 Cy: True.",
    ),
)

PAGES["scripts of the world"] = Page(
    """\
渡轮停运

最后一班渡轮将于秋天开出。

  • 李雷

    为什么？🤷‍♀️

    • עדה

      כי זה יקר.

    • Человек 👨‍👩‍👧

      Дорого.

  • さくら

    残念です。
""",
    ("渡轮停运", "最后一班"),
    ("1 李雷: 为什么？🤷‍♀️", "1.1 עדה: כי זה יקר.", "1.2 Человек 👨‍👩‍👧: Дорого.", "2 さくら: 残念です。"),
)

PAGES["linkbacks in a list of their own below the comments"] = Page(
    """\
The Ferry Stops

The last ferry leaves in autumn.

2 Responses

  1. Ann

    Shame.

  2. Bo

    Pity.

Trackbacks

  1. Pingback: Ferry news
  2. Trackback: Other ferry news
""",
    ("The Ferry Stops", "2 Responses", "Trackbacks"),
    ("1 Ann: Shame.", "2 Bo: Pity.", "3 –: Pingback: Ferry news", "4 –: Trackback: Other ferry news"),
)

PAGES["one-line comments right below their heading"] = Page(
    """\
The Ferry Stops

3 comments

  • First!
  • who needs a ferry, honestly, we have had a bridge since last year
  • Ann: me too
""",
    ("The Ferry Stops", "3 comments"),
    ("1 –: First!", "2 –: who needs a ferry, honestly, we have had a bridge since last year", "3 –: Ann: me too"),
)

PAGES["comments in two lists with a page's line between them"] = Page(
    """\
The Ferry Stops

Text.

Newest comments

  • Ann

    yes

Older comments

  • Bo

    no
""",
    ("The Ferry Stops", "Newest", "Older"),
    ("1 Ann: yes", "2 Bo: no"),
)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_as_a_person_reads_it(name: str) -> None:
    page = PAGES[name]
    (thread,) = flattened.read(read_source(None, io.BytesIO(page.text.encode())))
    first, *comments = thread.posts
    assert [f"{p.key} {p.author or '–'}: {p.text}".replace("\n", "|") for p in comments] == list(page.comments)
    lines = iter(first.text.split("\n"))
    for words in page.article:
        assert any(line.startswith(words) for line in lines), f"“{words}” is not in the article, or not there"
    assert thread.title.startswith(page.article[0])


@pytest.mark.parametrize("name", PAGES)
def test_no_page_loses_a_character(name: str) -> None:
    page = PAGES[name]
    (thread,) = flattened.read(read_source(None, io.BytesIO(page.text.encode())))
    stored = Counter("".join(f"{p.author or ''}{p.meta.get('byline', '')}{p.text}" for p in thread.posts))
    markers = Counter("".join(f"{p.meta['number']}." if "number" in p.meta else "•" for p in thread.posts[1:]))
    whole = Counter(page.text)
    assert {c: n for c, n in whole.items() if not c.isspace()} == {
        c: n for c, n in (stored + markers).items() if not c.isspace()
    }
