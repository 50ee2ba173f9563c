"""Flattened page text: the sample, the grammar, and that nothing is lost and nothing hangs whatever the text."""

from __future__ import annotations

import io
import re
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.errors import SourceError
from annotations.importers import flattened
from annotations.importers.flat.doubts import Doubt
from annotations.model import PostKind
from annotations.sources.source import read_source

if TYPE_CHECKING:
    from annotations.model import Post, Thread

SAMPLE = Path(__file__).parents[2] / "../shared/data/iraq-bases.txt"


def import_text(text: str) -> Thread:
    (thread,) = flattened.read(read_source(None, io.BytesIO(text.encode())))
    return thread


def show(thread: Thread) -> list[str]:
    """Write a line for each comment: path, author, text."""
    return [f"{post.key} {post.author or '–'}: {post.text}".replace("\n", "⏎") for post in thread.posts[1:]]


def article(*comments: str) -> str:
    return "Tunnel\n\nIt will be dug.\n\n" + "\n".join(comments)


def first_lines(post: Post) -> tuple[str, ...]:
    """Return where the characters of a comment's first lines stand: as they are, if something unseen is in them."""
    head = post.meta.get("head")
    return (str(head),) if head is not None else (post.author or "", str(post.meta.get("byline", "")))


def assert_nothing_lost(text: str, thread: Thread) -> None:
    """Each character that is not blank is stored once; what is not stored are the comments' markers, one each."""
    stored = Counter(
        character
        for post in thread.posts
        for part in (*first_lines(post), post.text)
        for character in part
        if not character.isspace()
    )
    source = Counter(character for character in text if not character.isspace())
    markers = Counter(
        f"{number}." if (number := post.meta.get("number")) is not None else "•" for post in thread.posts[1:]
    )
    spelled = Counter(character for marker, times in markers.items() for character in marker * times)
    assert source - stored == spelled
    assert stored - source == Counter()


def assert_sound(thread: Thread) -> None:
    """The shape is what the model promises: article first, pre-order, keys as paths, parents before children."""
    first, *comments = thread.posts
    assert (first.key, first.parent, first.kind) == ("0", None, PostKind.ARTICLE)
    assert len({post.key for post in thread.posts}) == len(thread.posts)
    path = [0]
    for post in comments:
        assert post.kind is PostKind.COMMENT
        assert post.parent == (post.key.rpartition(".")[0] or "0")
        places = [int(place) for place in post.key.split(".")]
        assert places == [*path[: len(places) - 1], path[len(places) - 1] + 1]
        path = [*places, 0]
    for post in thread.posts:
        assert post.text == post.text.strip("\n")
        assert post.author is None or post.author.strip() == post.author != ""
    assert thread.title


# The sample


@pytest.fixture(scope="module")
def sample() -> Thread:
    if not SAMPLE.exists():
        pytest.skip("the sample is not here")
    (thread,) = flattened.read(read_source(SAMPLE))
    return thread


def test_the_sample_has_its_article(sample: Thread) -> None:
    assert sample.key == "iraq-bases"
    assert sample.format == "flattened"
    assert sample.url is None
    paragraphs = sample.posts[0].text.split("\n\n")
    assert paragraphs[0] == sample.title
    assert len(paragraphs) == 9
    assert all("\n" not in paragraph for paragraph in paragraphs)


def test_the_sample_has_its_comments(sample: Thread) -> None:
    comments = sample.posts[1:]
    assert len(comments) == 22
    assert sum(post.parent == "0" for post in comments) == 8
    assert max(post.key.count(".") + 1 for post in comments) == 5
    assert [post.author for post in comments if not post.text] == ["Terence Silvestre Jr."]
    assert all(post.author for post in comments)
    assert sample.warnings == ()
    assert not any(post.uncertain for post in sample.posts)
    assert_sound(sample)


def test_every_character_of_the_sample_stands_in_one_place(sample: Thread) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    lines = [re.sub(r"^ *• ", "", line) for line in text.split("\n")]
    stored = "".join((post.author or "") + post.text for post in sample.posts)
    assert "".join(stored.split()) == "".join("".join(lines).split())
    assert_nothing_lost(text, sample)


# The grammar


def test_nesting_jumps_by_two_four_and_more() -> None:
    thread = import_text(
        article(
            "    • A", "", "      a", "          • B", "            b", "                  • C", "    • D", "      d"
        )
    )
    assert show(thread) == ["1 A: a", "1.1 B: b", "1.1.1 C: ", "2 D: d"]


def test_a_reply_hangs_on_the_nearest_comment_that_stands_further_left() -> None:
    thread = import_text(
        article("  • A", "    a", "        • B", "          b", "      • C", "        c", "    • D", "      d")
    )
    assert show(thread) == ["1 A: a", "1.1 B: b", "1.2 C: c", "1.3 D: d"]


def test_numbers_restart_in_nested_lists_and_skip_what_has_no_text() -> None:
    lines = [
        "  51. A",
        "",
        "    a",
        "",
        "    1. B",
        "",
        "      b",
        "",
        "    3. C",
        "",
        "      c",
        "",
        "  53. D",
        "",
        "    d",
    ]
    thread = import_text(article(*lines))
    assert show(thread) == ["1 A: a", "1.1 B: b", "1.2 C: c", "2 D: d"]
    assert [post.meta["number"] for post in thread.posts[1:]] == [51, 1, 3, 53]


def test_numbers_in_a_text_are_text() -> None:
    lines = [
        "  • A",
        "",
        "    1984. What a year.",
        "",
        "    3.5 km, 2. is no start",
        "",
        "  • B",
        "",
        "    1. first",
        "",
        "    2. second",
    ]
    assert show(import_text(article(*lines))) == [
        "1 A: 1984. What a year.⏎⏎3.5 km, 2. is no start",
        "2 B: 1. first⏎⏎2. second",
    ]


def test_a_text_keeps_its_lines_paragraphs_and_inner_indent() -> None:
    lines = ["  • A", "", "    one", "    two", "", "      code", "        more", "", "", "    last  ", "", ""]
    thread = import_text(article(*lines, "  • B", "", "    b"))
    assert thread.posts[1].text == "one\ntwo\n\n  code\n    more\n\n\nlast  "


def test_a_comment_without_text_is_no_line_of_a_list() -> None:
    thread = import_text(
        article("  • A", "", "", "  • B", "", "    b", "", "    • C", "", "  • D", "  • E", "", "    e")
    )
    assert show(thread) == ["1 A: ", "2 B: b", "2.1 C: ", "3 D: ", "4 E: e"]
    assert [post.author for post in thread.posts if Doubt.EMPTY in post.uncertain] == ["C", "D"]
    assert "2 comments have no text; they might be lines of lists." in thread.warnings


def test_tight_bullets_without_text_are_a_list_in_the_text_above() -> None:
    lines = [
        "  • A",
        "",
        "    I want",
        "",
        "    • tea",
        "    • milk",
        "",
        "    and",
        "",
        "    1. one",
        "    2. two",
        "",
        "    • B",
        "",
        "      b",
    ]
    thread = import_text(article(*lines))
    assert show(thread) == ["1 A: I want⏎⏎• tea⏎• milk⏎⏎and⏎⏎1. one⏎2. two", "1.1 B: b"]


def test_a_list_directly_above_replies_is_told_from_them_and_marked() -> None:
    thread = import_text(
        article("  • A", "", "    I want", "", "    • tea", "      • green", "    • milk", "    • B", "", "      b")
    )
    assert show(thread) == ["1 A: I want⏎⏎• tea⏎  • green⏎• milk", "1.1 B: b"]
    assert thread.posts[1].uncertain == (Doubt.LIST,)
    assert "1 comment holds lists that might be replies without text." in thread.warnings


def test_text_below_the_replies_belongs_to_the_parent() -> None:
    lines = ["  • A", "    a", "    • B", "      b", "      Reply", "    Reply", "    3 likes", "  • C", "    c"]
    thread = import_text(article(*lines))
    assert show(thread) == ["1 A: a⏎⏎Reply⏎3 likes", "1.1 B: b⏎Reply", "2 C: c"]
    assert [post.uncertain for post in thread.posts[1:]] == [(Doubt.TAIL,), (), ()]


def test_preformatted_lines_at_the_left_edge_stay_in_their_comment() -> None:
    lines = [
        "  • A",
        "",
        "    see",
        "",
        "    def f():",
        "  return 1",
        "",
        "f()",
        "    • B",
        "",
        "      b",
        "",
        "  • C",
        "",
        "    c",
    ]
    thread = import_text(article(*lines))
    assert show(thread) == ["1 A: see⏎⏎def f():⏎  return 1⏎⏎f()", "1.1 B: b", "2 C: c"]
    assert thread.posts[1].uncertain == (Doubt.PREFORMATTED,)


def test_preformatted_lines_in_the_last_comment() -> None:
    lines = ["  • A", "", "    a", "", "  • B", "", "    x = [", "1,", "  2,", "]", "    Reply", "", "Leave a reply"]
    thread = import_text(article(*lines))
    assert show(thread) == ["1 A: a", "2 B: x = [⏎1,⏎  2,⏎]⏎Reply"]
    assert thread.posts[0].text.endswith("Leave a reply")
    assert Doubt.ARTICLE_TAIL in thread.posts[0].uncertain


def test_a_footer_that_follows_tightly_on_dense_comments_is_the_pages() -> None:
    thread = import_text(article("  • A", "    a", "  • B", "    b", "Load more", "Imprint"))
    assert show(thread) == ["1 A: a", "2 B: b"]
    assert thread.posts[0].text == "Tunnel\n\nIt will be dug.\n\nLoad more\nImprint"


def test_tabs_are_an_indent() -> None:
    thread = import_text(article("\t• A", "\t\ta", "\t\t• B", "\t\t\tb", "\t\t\t\tcode", "\t• C", "\t\tc"))
    assert show(thread) == ["1 A: a", "1.1 B: b⏎\tcode", "2 C: c"]


def test_comments_at_the_left_edge() -> None:
    thread = import_text(article("• A", "", "  a", "", "  • B", "", "    b", "", "• C", "", "  c"))
    assert show(thread) == ["1 A: a", "1.1 B: b", "2 C: c"]


def test_bullets_at_the_left_edge_above_indented_comments_are_the_articles() -> None:
    thread = import_text(article("• Key point", "• Other point", "", "  • A", "", "    a"))
    assert thread.posts[0].text.endswith("• Key point\n• Other point")
    assert show(thread) == ["1 A: a"]


@pytest.mark.parametrize(
    ("line", "author", "byline"),
    [
        ("Maria says:", "Maria", "says:"),
        ("Maria 3 years ago", "Maria", "3 years ago"),
        ("Maria • 3 years ago • edited", "Maria", "• 3 years ago • edited"),
        ("Maria Ruiz on March 16, 2020 at 3:45 pm said:", "Maria Ruiz", "on March 16, 2020 at 3:45 pm said:"),
        ("Jürgen schrieb am 3. Mai 2026 um 10:11 Uhr:", "Jürgen", "schrieb am 3. Mai 2026 um 10:11 Uhr:"),
        ("Maria · 2h", "Maria", "· 2h"),
        ("Terence Silvestre Jr.", "Terence Silvestre Jr.", None),
        ("Dr. Ann Maria Lee Smith Jr.", "Dr. Ann Maria Lee Smith Jr.", None),
        ("Human kind is doomed", "Human kind is doomed", None),
        ("May", "May", None),
        ("agent 007", "agent 007", None),
        ("Simon", "Simon", None),
    ],
)
def test_the_author_is_the_name_without_what_the_page_writes_behind_it(
    line: str, author: str, byline: str | None
) -> None:
    post = import_text(article(f"  • {line}", "", "    a")).posts[1]
    assert (post.author, post.text, post.meta.get("byline")) == (author, "a", byline)


@pytest.mark.parametrize(
    ("when", "created_at"),
    [
        ("2020-03-16T10:11:12+02:00", "2020-03-16T08:11:12Z"),
        ("2020-03-16 10:11 UTC", "2020-03-16T10:11:00Z"),
        ("2020-03-16T10:11:12.345Z", "2020-03-16T10:11:12Z"),
        ("2020-03-16 10:11", None),
        ("2020-02-31T10:11:12Z", None),
        ("March 16, 2020 at 3:45 pm", None),
        ("3 years ago", None),
    ],
)
def test_only_a_time_with_its_zone_is_a_time(when: str, created_at: str | None) -> None:
    beside = import_text(article(f"  • Ann {when}", "", "    a")).posts[1]
    assert (beside.author, beside.created_at, beside.meta["byline"]) == ("Ann", created_at, when)
    below = import_text(article("  • Ann", f"    {when}", "", "    a")).posts[1]
    assert (below.author, below.created_at, below.text) == ("Ann", created_at, f"{when}\n\na")
    assert below.uncertain == (Doubt.DATED,)


def test_a_first_line_that_is_no_name_is_text() -> None:
    lines = [
        "  • I have lived at this harbour for forty years.",
        "",
        "    Stop it.",
        "",
        "  • Bo",
        "",
        "    b",
        "",
        "  •",
        "",
        "    c",
    ]
    thread = import_text(article(*lines))
    assert show(thread) == ["1 –: I have lived at this harbour for forty years.⏎⏎Stop it.", "2 Bo: b", "3 –: c"]
    assert [post.uncertain for post in thread.posts[1:]] == [(Doubt.NAMELESS,), (), ()]


def test_a_page_without_an_article() -> None:
    thread = import_text("  • A\n\n    a\n\n  • B\n\n    b\n")
    assert show(thread) == ["1 A: a", "2 B: b"]
    assert thread.posts[0].text == ""
    assert (thread.title, thread.key) == ("A", "a")
    assert "There is no article above the comments." in thread.warnings


def test_a_page_without_comments() -> None:
    text = "Tunnel\n\nIt has:\n\n  • a start\n  • an end\n\nAnd that is all."
    thread = import_text(text)
    assert [post.text for post in thread.posts] == [text]
    assert "No comments were found: the whole text is the article." in thread.warnings


def test_the_bullets_of_other_flatteners_are_text_and_it_is_said_who_reads_them() -> None:
    thread = import_text("Tunnel\n\n  * Ann\n\n    Hello\n\n    + Bo\n\n      Hi\n")
    assert len(thread.posts) == 1
    assert "It might also be read as inscriptis: --format inscriptis does." in thread.warnings


# Dates that the page puts below names, or above them


def dated(*dates: str) -> str:
    lines = [line for at, date in enumerate(dates) for line in (f"  • N{at}", f"    {date}", "", f"    text {at}", "")]
    return article(*lines)


@pytest.mark.parametrize(
    "dates",
    [
        ("May 2, 2026 at 3:45 pm", "December 11, 2025 at 10:05 am"),
        ("3 years ago", "a day ago · edited", "just now"),
        ("on 3. Mai 2026 um 10:11 Uhr", "on 12. Juni 2025 um 9:00 Uhr"),
        ("2020-03-16 10:11", "2021-01-01 00:00"),
    ],
)
def test_a_date_that_every_comment_has_below_its_name_is_the_pages(dates: tuple[str, ...]) -> None:
    thread = import_text(dated(*dates))
    assert [post.meta["byline"] for post in thread.posts[1:]] == list(dates)
    assert [post.text for post in thread.posts[1:]] == [f"text {at}" for at in range(len(dates))]
    assert not any(post.uncertain for post in thread.posts)


def test_such_a_date_is_the_time_where_it_names_its_zone() -> None:
    thread = import_text(dated("2020-03-16T10:11:12+02:00", "2021-03-16T10:11:12Z"))
    assert [post.created_at for post in thread.posts[1:]] == ["2020-03-16T08:11:12Z", "2021-03-16T10:11:12Z"]


@pytest.mark.parametrize(
    "dates",
    [
        ("May 2, 2026", "no date"),
        ("May 2, 2026", "3 years ago"),
        ("2020-03-16", "May 2, 2026"),
    ],
)
def test_a_date_that_not_all_comments_have_stays_in_the_text_and_is_uncertain(dates: tuple[str, ...]) -> None:
    thread = import_text(dated(*dates))
    assert [post.text.split("\n")[0] for post in thread.posts[1:]] == list(dates)
    assert thread.posts[1].uncertain == (Doubt.DATED,)


def test_comments_without_any_lines_do_not_unmake_the_habit() -> None:
    text = dated("May 2, 2026", "May 3, 2026").replace("  • N1", "  • Removed\n\n  • N1")
    thread = import_text(text)
    assert [post.meta.get("byline") for post in thread.posts[1:]] == ["May 2, 2026", None, "May 3, 2026"]
    assert_nothing_lost(text, thread)


def test_a_line_below_the_name_that_announces_words_is_the_pages() -> None:
    text = article(
        "  • Ann",
        "    says:",
        "    May 2, 2026",
        "",
        "    a",
        "",
        "  • Bo",
        "    says:",
        "    May 3, 2026",
        "",
        "    b",
    )
    thread = import_text(text)
    assert show(thread) == ["1 Ann: a", "2 Bo: b"]
    assert [post.meta["byline"] for post in thread.posts[1:]] == ["says: May 2, 2026", "says: May 3, 2026"]
    assert_nothing_lost(text, thread)


def test_names_that_every_comment_has_below_its_date_are_certain() -> None:
    lines = ["  • 01-05-2026, 10:11 AM", "    Ann", "    a", "", "  • 02-05-2026, 9:00 AM", "    Bo", "    b"]
    thread = import_text(article(*lines))
    assert show(thread) == ["1 Ann: a", "2 Bo: b"]
    assert not any(post.uncertain for post in thread.posts)
    alone = import_text(article(*lines[:3]))
    assert alone.posts[1].uncertain == (Doubt.AUTHOR_BELOW,)


# Characters that nobody sees


def test_soft_hyphens_and_direction_marks_do_not_hide_what_a_line_says() -> None:
    lines = [
        "2\u200f Com\u00adments",
        "",
        "  • \u200fAnn\u200e Sm\u00adith",
        "    \u200eMay 2, 2026",
        "",
        "    soft\u00adly \u200fspoken",
        "",
        "  • Bo",
        "    May\u200f 3, 2026",
        "",
        "    b",
    ]
    thread = import_text(article(*lines))
    assert show(thread) == ["1 Ann Smith: soft\u00adly \u200fspoken", "2 Bo: b"]
    assert [post.meta["byline"] for post in thread.posts[1:]] == ["May 2, 2026", "May 3, 2026"]
    assert thread.posts[1].meta["head"] == "\u200fAnn\u200e Sm\u00adith\n\u200eMay 2, 2026"
    assert Doubt.HEADING in thread.posts[0].uncertain
    assert_nothing_lost(article(*lines), thread)


def test_joiners_are_part_of_names() -> None:
    thread = import_text(article("  • 👩\u200d👩\u200d👧 نمی\u200cدانم", "", "    a"))
    assert thread.posts[1].author == "👩\u200d👩\u200d👧 نمی\u200cدانم"
    assert "head" not in thread.posts[1].meta


def test_the_announced_number_of_comments_is_compared() -> None:
    thread = import_text(article("3 Comments", "", "  • A", "", "    a", "", "  • B", "", "    b"))
    assert "The page says “3 Comments”, but 2 were found." in thread.warnings
    assert not any(
        "The page says" in w
        for w in import_text(article("2 Comments", "", "  • A", "", "    a", "", "  • B", "", "    b")).warnings
    )


def test_a_long_headline_is_cut_in_the_title_only() -> None:
    thread = import_text("word " * 200)
    assert len(thread.title) == 300
    assert thread.title.endswith("word…")
    assert thread.posts[0].text == ("word " * 200)


def test_the_key_comes_from_the_file_or_from_the_headline(tmp_path: Path) -> None:
    path = tmp_path / "Harbour Tunnel.txt"
    path.write_text("The Headline\n\nText", encoding="utf-8")
    (thread,) = flattened.read(read_source(path))
    assert (thread.key, thread.title) == ("harbour-tunnel", "The Headline")
    assert import_text("The Headline\n\nText").key == "the-headline"
    assert import_text("🦊").key == "thread"


def test_what_was_said_about_the_reading_is_in_the_warnings() -> None:
    source = read_source(None, io.BytesIO("“Tunnel” – it’s\n\n\x07text".encode("cp1252")))
    (thread,) = flattened.read(source)
    assert thread.dropped == 1
    assert any("guessed as cp1252" in warning for warning in thread.warnings)


# Sniffing


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        (article("  • A", "", "    a"), 0.8, 1.0),
        (article("  1. A", "    a", "    1. B", "      b"), 0.8, 1.0),
        ("Tunnel\n\n  • one\n  • two\n\nText", 0.3, 0.8),
        ("Only words.\n\nAnd more of them.", 0.01, 0.2),
        ('{"title": "• A"}', 0.0, 0.0),
        ("<html><body>• A</body></html>", 0.0, 0.0),
    ],
)
def test_how_sure_it_is(text: str, least: float, most: float) -> None:
    assert least <= flattened.sniff(read_source(None, io.BytesIO(text.encode()))) <= most


# Whatever the text


PIECES = [
    "•",
    "• ",
    "1. ",
    "2. ",
    "10.",
    "007. ",
    "\n",
    "\n",
    "\n\n",
    "  ",
    "    ",
    "\t",
    " ",
    "a",
    "Ann says:",
    "Reply",
    "3 years ago",
    "x.",
    "Comments",
    "\xa0",
    "\u2028",
    "\u00ad",
    "\u200f",
    "é",
    "🦊",
    "\r\n",
    "0",
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(alphabet="•1. \n\tab", max_size=80))
def test_any_text_is_kept_whole(text: str) -> None:
    try:
        source = read_source(None, io.BytesIO(text.encode()))
    except SourceError:
        assert not text.strip()
        return
    (thread,) = flattened.read(source)
    assert_sound(thread)
    assert_nothing_lost(source.text, thread)


def build_chain(depth: int) -> str:
    down = [f"{'  ' * level}• A{level}\n\n{'  ' * level}  text {level}\n" for level in range(1, depth + 1)]
    up = [f"{'  ' * level}  Reply" for level in range(depth, 0, -1)]
    return "Tunnel\n\n" + "\n".join(down + up)


def test_a_thread_may_be_thousands_deep() -> None:
    thread = import_text(build_chain(1200))
    assert len(thread.posts) == 1201
    assert thread.posts[-1].key.count(".") == 1199
    assert thread.posts[1].text == "text 1\n\nReply"


HARD: dict[str, str] = {
    "bullets": "  • a\n",
    "text between": "  • a\n\n    x\n\ntext\n\n",
    "left edge": "y\n\n",
    "zigzag": "  • a\n    x\n y\n   z\n",
    "links": "    • Reply\n",
    "dates": "  • 1.1.20 1 d ago 2 3 4 5 reply x\n\n    3 days ago\n\n",
}


@pytest.mark.parametrize("name", HARD)
def test_time_grows_with_the_text_and_not_with_its_square(name: str) -> None:
    def measure(times: int) -> float:
        source = read_source(None, io.BytesIO(("Tunnel\n\n  • a\n    x\n" + HARD[name] * times).encode()))
        start = time.process_time()
        list(flattened.read(source))
        return time.process_time() - start

    measure(100)
    small = min(measure(300) for _ in range(3))
    assert min(measure(2400) for _ in range(2)) < 30 * small  # eight times the text; its square would be 64
