"""What inscriptis, html2text and markdownify make of pages: the samples, what is particular to each, and any text at all."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations import formats
from annotations.errors import PostilError
from annotations.importers import flattened, html2text, inscriptis, markdownify
from annotations.importers.flat.doubts import Doubt
from annotations.importers.flat.sniffing import weigh
from annotations.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.formats import Importer
    from annotations.model import Post, Thread

SAMPLES = Path(__file__).parents[3] / "sample_data"
IMPORTERS: list[Importer] = [flattened, html2text, inscriptis, markdownify]


def read(importer: Importer, text: str) -> Thread:
    (thread,) = importer.read(Source.of_bytes(text.encode(), "page.txt"))
    return thread


def show(thread: Thread) -> list[str]:
    """Write a line for each comment: path, author, text."""
    return [f"{post.key} {post.author or '–'}: {post.text}".replace("\n", "⏎") for post in thread.posts[1:]]


def told(post: Post) -> Iterator[str]:
    """Yield where the characters of a post's source stand."""
    head = post.meta.get("head")
    yield from (str(head),) if head is not None else (post.author or "", str(post.meta.get("byline", "")))
    yield post.text


def assert_nothing_lost(text: str, thread: Thread) -> None:
    stored = Counter(c for post in thread.posts for part in told(post) for c in part if not c.isspace())
    source = Counter(c for c in text if not c.isspace())
    assert stored - source == Counter()
    numbers = sum(len(f"{number}.") for post in thread.posts[1:] if (number := post.meta.get("number")) is not None)
    assert (source - stored).total() == numbers + sum("number" not in post.meta for post in thread.posts[1:])
    assert set(source - stored) <= set("*+-o•.0123456789")


# The samples: one page, flattened by each


@pytest.mark.parametrize("name", ["html2text", "inscriptis", "markdownify"])
def test_the_sample_is_the_same_thread_whoever_flattened_it(name: str) -> None:
    source = Source.of_bytes((SAMPLES / f"ferry-{name}.txt").read_bytes(), f"ferry-{name}.txt")
    importer, why = formats.choose_importer(source)
    assert importer.name == name
    assert "recognised" in why
    (thread,) = importer.read(source)
    assert (thread.key, thread.format) == (f"ferry-{name}", name)
    assert thread.title == "The last ferry leaves Saltpan Quay in October"
    assert [(post.key, post.parent, post.author, post.meta["byline"]) for post in thread.posts[1:]] == [
        ("1", "0", "Marit Oke", "May 2, 2026 at 8:15 am"),
        ("1.1", "1", "quay_walker", "May 2, 2026 at 9:02 am"),
        ("1.1.1", "1.1", "Marit Oke", "May 2, 2026 at 12:40 pm"),
        ("1.2", "1", "P. Halloran", "May 3, 2026 at 7:31 pm"),
        ("2", "0", "Jonah T.", "May 4, 2026 at 6:05 am"),
        ("3", "0", "Orla Penhale", "May 5, 2026 at 5:55 am"),
    ]
    assert [post.key for post in thread.posts[1:] if post.uncertain] == ["1"]
    assert thread.posts[1].uncertain == (Doubt.LIST,)
    assert [post.text.replace("\\", "") for post in thread.posts[3:]] == [
        "Then run it from April to September. Half a ferry is better than a footpath over a weir.",
        "The pier has to go because the caisson is built there. It was in the first plan, on page 4.",
        "My grandmother rowed it. *She* charged a penny.",
        "I have the notebooks, 27 years of them. Anybody may come and count.",
    ]
    assert thread.posts[0].text.endswith("Leave a Reply")
    assert (thread.posts[1].meta.get("markup") == "markdown") is (name != "inscriptis")
    assert_nothing_lost(source.text, thread)


def test_links_and_escapes_stay_markdown_and_names_lose_them() -> None:
    thread = read(markdownify, (SAMPLES / "ferry-markdownify.txt").read_text(encoding="utf-8"))
    assert "see [the counts](https://harbour-office.example/counts).  \nThe boat" in thread.posts[2].text
    assert thread.posts[2].meta["head"] == "**quay\\_walker**\n[May 2, 2026 at 9:02 am](#c2)"
    assert thread.posts[5].text == "My grandmother rowed it. \\*She\\* charged a penny."


# html2text


def test_broken_lines_are_put_together_and_it_is_said() -> None:
    thread = read(html2text, (SAMPLES / "ferry-html2text.txt").read_text(encoding="utf-8"))
    first = "Six minutes by ferry, 34 by bus. That is 56 minutes a day for the 900 people who cross to work, and nobody"
    assert thread.posts[1].text.startswith(first)
    assert "(https://harbour-office.example/plans_2026)" in thread.posts[0].text
    assert Doubt.JOINED in thread.posts[0].uncertain
    assert thread.warnings[0].startswith("Its lines were broken at about 78 columns")


def test_breaks_of_the_page_lists_code_and_tables_are_not_put_together() -> None:
    body = [
        "a line that is as wide as any on this page is",
        "and goes on, with a break of the page’s own  ",
        "here",
        "",
        "    code that is as wide as any line is here",
        "    more code",
        "",
        "one | two and as wide as the lines of it are",
        "three | four",
        "",
        "short",
        "shorter",
    ]
    page = "\n".join(["# T", "", "Text", "", "  * **Ada**", "", *body, "", "  * **Bo**", "", "yes"])
    assert read(html2text, page).posts[1].text.split("\n") == [f"{body[0]} {body[1]}", *body[2:]]


def test_a_text_at_the_left_edge_belongs_to_the_marker_above_and_below_a_list_to_its_writer() -> None:
    page = (
        "# T\n\nText\n\n  * one\n  * two\n\nMore text\n\n  * **Ada**\n\na\n\n    * tea\n    * milk\n\nand so on\n\n"
        "    * **Bo**\n\nb\n\n> quoted\n\nb2\n\n  * **Cy**\n\nc\n\n### Leave a Reply\n\nName\n"
    )
    thread = read(html2text, page)
    assert show(thread) == ["1 Ada: a⏎⏎* tea⏎* milk⏎⏎and so on", "1.1 Bo: b⏎⏎> quoted⏎⏎b2", "2 Cy: c"]
    assert thread.posts[0].text == "# T\n\nText\n\n  * one\n  * two\n\nMore text\n\n### Leave a Reply\n\nName"
    assert thread.posts[1].uncertain == (Doubt.LIST_ENDS,)
    assert Doubt.LIST_ENDS in thread.posts[0].uncertain


def test_where_the_comments_end_is_said_by_a_gap_or_not_at_all() -> None:
    page = "# T\n\nText\n\n  * **Ada**\n\na\n\n  * **Bo**\n\nb\n\n{}Imprint\n"
    unsure = read(html2text, page.format(""))
    assert show(unsure)[-1] == "2 Bo: b⏎⏎Imprint"
    assert unsure.posts[2].uncertain == (Doubt.LAST,)
    assert any("does not say where the comments end" in warning for warning in unsure.warnings)
    sure = read(html2text, page.format("\n\n"))
    assert show(sure)[-1] == "2 Bo: b"
    assert not sure.posts[2].uncertain


def test_a_menu_of_links_is_no_comments() -> None:
    menu = "  * [Home](/)\n  * [News](/n)\n  * [Sport](/s)\n\n"
    thread = read(html2text, f"{menu}# T\n\nText\n\n  * [Ada](/u/1)\n\na\n\n  * [Bo](/u/2)\n\nb\n")
    assert (thread.title, show(thread)) == ("T", ["1 Ada: a", "2 Bo: b"])


# inscriptis


def test_bullets_of_one_sign_stand_side_by_side_however_they_are_indented() -> None:
    page = "T\n\n  * Home\n  * News\n    * Ada\n      May 1, 2026\n\n    a\n\n    * Bo\n      May 2, 2026\n\n    b\n"
    assert show(read(inscriptis, page)) == ["1 Ada: a", "2 Bo: b"]


def test_numbers_are_as_wide_as_they_are() -> None:
    entries = "".join(f"{f'{number}. ':>6}N{number}\n\n      text {number}\n\n" for number in range(1, 102))
    thread = read(inscriptis, f"T\n\nText\n\n{entries}")
    assert show(thread) == [f"{number} N{number}: text {number}" for number in range(1, 102)]
    assert [post.meta["number"] for post in thread.posts[1:]] == list(range(1, 102))


def test_a_text_may_stand_further_left_than_its_name() -> None:
    page = "T\n\nText\n\n      * Ada\n\n    a\n\n          + Bo\n\n        b\n\n      * Cy\n\n    c\n\nImprint\n"
    thread = read(inscriptis, page)
    assert show(thread) == ["1 Ada: a", "1.1 Bo: b", "2 Cy: c"]
    assert thread.posts[0].text == "T\n\nText\n\nImprint"


# markdownify


def test_code_is_text_whatever_it_begins_with() -> None:
    page = "# T\n\nText\n\n- **Ada**\n\n  so:\n\n  ```\n  - x\n    1. y\n  ```\n\n  - **Bo**\n\n    b\n"
    assert show(read(markdownify, page)) == ["1 Ada: so:⏎⏎```⏎- x⏎  1. y⏎```", "1.1 Bo: b"]


def test_a_rule_across_the_page_is_no_bullet() -> None:
    page = "# T\n\nText\n\n* * *\n\n- **Ada**\n\n  a\n\n  - - -\n\n  b\n"
    assert show(read(markdownify, page)) == ["1 Ada: a⏎⏎- - -⏎⏎b"]


# Which of them it was


def test_when_two_fit_the_other_is_named() -> None:
    page = "T\n\nText\n\n  1. Ada\n\n    a\n\n  * Bo\n\n    b\n\n  * Cy\n\n    c\n"
    weights = weigh(page)
    first, second = sorted(weights, key=lambda name: -weights[name])[:2]
    assert {first, second} == {"inscriptis", "flattened"}
    chosen, _ = formats.choose_importer(Source.of_bytes(page.encode(), "page.txt"))
    assert chosen.name == first
    warnings = read(chosen, page).warnings
    assert f"It might also be read as {second}: --format {second} does." in warnings


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Only words.\n\nAnd more of them.", "flattened"),
        ("A list:\n\n  * one\n  * two\n\nAnd that is all.", "flattened"),
        ("- one\n- two\n- three\n", "flattened"),
        ("# A title\n\nWords with [a link](https://a.example/).", "markdownify"),
        ("T\n\n3 comments\n\n* First!\n* me too\n* no", "markdownify"),
        ("T\n\n3 comments\n\n    * First!\n    * me too\n    * no", "inscriptis"),
        ("T\n\n  • Ada\n\n    a\n", "flattened"),
        ("T\n\n  1. Ada\n\n    a\n", "flattened"),
        ("T\n\n 1. Ada\n\n    a\n", "inscriptis"),
        ("T\n\n1. Ada\n\n   a\n", "markdownify"),
        ("T\n\n  1. **Ada**\n\na\n", "html2text"),
    ],
)
def test_a_short_text_is_told_by_its_layout(text: str, name: str) -> None:
    assert formats.choose_importer(Source.of_bytes(text.encode(), "page.txt"))[0].name == name


# Whatever the text


PIECES = [
    *(
        "* ",
        "+ ",
        "o ",
        "- ",
        "• ",
        "1. ",
        "2. ",
        "10. ",
        "\n",
        "\n",
        "\n\n",
        "\n\n\n\n",
        "  ",
        "    ",
        "\t",
        " ",
        "a",
        "  \n",
    ),
    *(
        "**Ann** says:",
        "[Bo](/b)",
        "Reply",
        "3 years ago",
        "May 1, 2026",
        "x.",
        "## Comments",
        "---",
        "* * *",
        "```",
        "> ",
    ),
    *("\xa0", "\u2028", "\u00ad", "\u200f", "é", "🦊", "\\_", "_", "**", "a-\n", " | ", "word " * 16),
]


@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda importer: importer.name)
@settings(max_examples=120)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=50))
def test_any_text_is_kept_whole(importer: Importer, pieces: list[str]) -> None:
    text = "".join(pieces)
    source = Source.of_bytes(text.encode(), "page.txt")
    assert 0 <= importer.sniff(source) <= 1
    try:
        (thread,) = importer.read(source)
    except PostilError:
        assert not text.strip()
        return
    keys = [post.key for post in thread.posts]
    assert len(set(keys)) == len(keys)
    assert all(post.parent in keys[:at] for at, post in enumerate(thread.posts) if at)
    assert thread.title
    assert_nothing_lost(source.text, thread)


@pytest.mark.parametrize("name", ["html2text", "inscriptis", "markdownify"])
@settings(max_examples=25)
@given(data=st.data())
def test_a_damaged_sample_is_read_or_refused(name: str, data: st.DataObject) -> None:
    raw = bytearray((SAMPLES / f"ferry-{name}.txt").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at, length = data.draw(st.integers(0, len(raw))), data.draw(st.integers(0, 400))
        raw[at : at + length] = data.draw(
            st.sampled_from([b"", bytes(raw[at : at + length]) * 2, b"\xff\x00", b"\n\n"])
        )
    source = Source.of_bytes(bytes(raw), "page.txt")
    for importer in IMPORTERS:
        assert 0 <= importer.sniff(source) <= 1
        try:
            threads = list(importer.read(source))
        except PostilError:
            continue
        assert len(threads) == 1


@pytest.mark.parametrize(
    ("importer", "line", "text"),
    [
        (inscriptis, "{}    * A{}\n\n", "{}      text {}\n\n"),
        (html2text, "{}  * **A{}**\n\n", "text {1}\n\n"),
        (markdownify, "{}* A{}\n\n", "{}  text {}\n\n"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_thread_may_be_a_thousand_deep(importer: Importer, line: str, text: str) -> None:
    step = "    " if importer is inscriptis else "  "
    parts = [line.format(step * depth, depth) + text.format(step * depth, depth) for depth in range(1000)]
    if importer is inscriptis:
        parts = [part.replace("*", "*+o-"[depth % 4], 1) for depth, part in enumerate(parts)]
    thread = read(importer, f"T\n\nText\n\n{''.join(parts)}")
    assert len(thread.posts) == 1001
    assert thread.posts[-1].key.count(".") == 999
    assert (thread.posts[-1].author, thread.posts[-1].text) == ("A999", "text 999")
