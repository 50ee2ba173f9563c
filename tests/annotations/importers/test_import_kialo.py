"""Discussions exported from Kialo as text: the sample, both layouts, disorder, and that nothing is lost whatever the text."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations import formats
from annotations.errors import PostilError, SourceError
from annotations.importers import flattened, kialo
from annotations.importers.flat import lines
from annotations.importers.reading.assemble import LACKING, TWICE
from annotations.model import PostKind
from annotations.sources.problems import Problems
from annotations.sources.source import Source

if TYPE_CHECKING:
    from annotations.model import Thread

SAMPLE = Path(__file__).parents[3] / "sample_data" / "kialo-tunnel.txt"

INDENTED = """\
Discussion Name:
Should Quillmouth build the tunnel?

1. Thesis:
It should be built [1].

  1.1. Con:
  It is dear [2].
  Very dear.

    1.1.1. Pro:
    Nobody knows the toll.

  1.2. Pro:
  It is quick.

Sources:
[1] https://quillmouth.example/plan
"A tunnel
[7] of 1.6 kilometres"
[2] https://quillmouth.example/cost
"""


def test_more_lines_than_a_thread_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_LINES", 8)
    long = "A title\n\nWords\n\n" + "• An author\n\n\n\n" * 6
    for importer in (kialo, flattened):
        (thread,) = importer.read(Source.of_bytes(long.encode(), "d.txt"))
        assert thread.posts
        with pytest.raises(SourceError, match=r"more than 8 lines that are not blank.*Import it in parts"):
            list(importer.read(Source.of_bytes((long + "• A ninth\n").encode(), "d.txt")))


def read(text: str) -> Thread:
    (thread,) = kialo.read(Source.of_bytes(text.encode(), "d.txt"))
    return thread


def show(thread: Thread) -> list[str]:
    return [f"{p.key} < {p.parent} {p.meta.get('stance', '–')}: {p.text}".replace("\n", "⏎") for p in thread.posts]


# The sample and the layouts


def test_the_sample_is_recognised_and_read() -> None:
    source = Source.of_bytes(SAMPLE.read_bytes(), SAMPLE.name)
    importer, why = formats.choose_importer(source)
    assert importer.name == "kialo"
    assert "recognised" in why
    (thread,) = importer.read(source)
    first, *claims = thread.posts
    assert (thread.key, thread.title) == ("kialo-tunnel", "Should Quillmouth build the harbour tunnel?")
    assert (first.key, first.kind, first.parent) == ("1", PostKind.ARTICLE, None)
    assert first.text == f"{thread.title}\n\nQuillmouth should build the road tunnel under its harbour."
    assert [(post.key, post.meta["stance"]) for post in claims] == [
        *(("1.1", "Pro"), ("1.1.1", "Con"), ("1.1.1.1", "Pro"), ("1.1.2", "Pro"), ("1.1.2.1", "Con")),
        *(("1.2", "Con"), ("1.2.1", "Pro"), ("1.2.2", "Con"), ("1.2.2.1", "Con")),
        *(("1.3", "Con"), ("1.3.1", "Con"), ("1.3.1.1", "Pro"), ("1.3.2", "Pro"), ("1.4", "Con")),
    ]
    assert all(post.parent == post.key.rpartition(".")[0] for post in claims)
    assert all(post.author is None and post.meta["markup"] == "markdown" for post in claims)
    by_key = {post.key: post for post in claims}
    assert by_key["1.1.2"].text.split("\n")[1:] == ["312 of them last year,", "41 of those for more than ten minutes."]
    assert by_key["1.2.1"].text.endswith(
        "\n\n1. at 19,000 the toll does not cover the interest\n2. at 27,000 it covers the "
        "interest and a third of the principal"
    )
    assert (by_key["1.3.2"].text, by_key["1.3.2"].meta["see"]) == ("-> See 1.2.1.", "1.2.1")
    assert by_key["1.1.2.1"].text.endswith("\\(a two-hundredth of the tunnel\\).")
    assert not any(post.uncertain for post in thread.posts)
    assert source.problems.count == 0


def test_indented_claims_with_their_text_below_and_sources() -> None:
    thread = read(INDENTED)
    assert kialo.sniff(Source.of_bytes(INDENTED.encode(), "d.txt")) > 0.9
    assert show(thread) == [
        "1 < None Thesis: Should Quillmouth build the tunnel?⏎⏎It should be built [1].",
        "1.1 < 1 Con: It is dear [2].⏎Very dear.",
        "1.1.1 < 1.1 Pro: Nobody knows the toll.",
        "1.2 < 1 Pro: It is quick.",
    ]
    assert thread.meta["sources"] == {
        "1": 'https://quillmouth.example/plan\n"A tunnel\n[7] of 1.6 kilometres"',
        "2": "https://quillmouth.example/cost",
    }
    assert not any("markup" in post.meta for post in thread.posts)


def test_several_theses_answer_the_title() -> None:
    text = "Discussion Title: What shall we build?\n\n1. A tunnel.\n1.1. Pro: Fast.\n2. A bridge.\n2.1. Con: High.\n2.1.1. Pro: Yes."
    assert show(read(text)) == [
        "0 < None –: What shall we build?",
        "1 < 0 –: A tunnel.",
        "1.1 < 1 Pro: Fast.",
        "2 < 0 –: A bridge.",
        "2.1 < 2 Con: High.",
        "2.1.1 < 2.1 Pro: Yes.",
    ]


def test_a_question_with_theses_below_it() -> None:
    text = "Discussion Name:\nWhat?\n\n1. Question:\nWhat shall we build?\n\n  1.1. Thesis:\n  A tunnel.\n\n    1.1.1. Con:\n    No."
    assert show(read(text)) == [
        "1 < None Question: What?⏎⏎What shall we build?",
        "1.1 < 1 Thesis: A tunnel.",
        "1.1.1 < 1.1 Con: No.",
    ]


def test_theses_below_a_question_that_does_not_say_so() -> None:
    text = "Discussion Title: What?\n\n1. What shall we build?\n1.1. A tunnel.\n1.1.1. Con: No.\n1.2. A bridge."
    assert [line.split(" ")[0] for line in show(read(text))] == ["1", "1.1", "1.1.1", "1.2"]


def test_lists_and_numbers_in_a_claim_are_its_text() -> None:
    text = "Discussion Title: T\n\n1. Thesis\n1.1. Pro: so:\n1. one\n2. two\n1984. was a year\n3.5. is a number\n1.2. Con: no"
    assert show(read(text))[1:] == [
        "1.1 < 1 Pro: so:⏎1. one⏎2. two⏎1984. was a year⏎3.5. is a number",
        "1.2 < 1 Con: no",
    ]


def test_a_last_line_numbered_like_a_thesis_is_uncertain() -> None:
    thread = read("Discussion Title: T\n\n1. Thesis\n1.1. Pro: so\n2. but")
    assert [post.key for post in thread.posts if post.uncertain] == ["2"]


def test_a_discussion_without_claims_is_an_article() -> None:
    thread = read("Discussion Title: Nobody came\n\nA background.\n")
    assert [post.text for post in thread.posts] == ["Nobody came\n\nA background."]
    assert "No claims were found" in thread.warnings[0]


# Disorder


def test_claims_without_what_they_answer_are_kept_and_reported() -> None:
    source = Source.of_bytes(
        b"Discussion Title: T\n\n1. Thesis\n1.1. Pro: a\n1.4.2. Con: b\n1.1. Con: c\n1.2. Pro: -> See 1.9.", "d"
    )
    (thread,) = kialo.read(source)
    assert [(post.key, post.parent) for post in thread.posts[1:]] == [
        ("1.1", "1"),
        ("1.4.2", "1"),
        ("1.1~2", "1"),
        ("1.2", "1"),
    ]
    assert thread.posts[2].meta["parent"] == "1.4"
    said = " ".join(source.problems.sentences())
    assert LACKING in said
    assert TWICE in said
    assert "claim 1.2: stands for a claim that is not in the source" in said


def test_strictly_the_first_problem_ends_the_import() -> None:
    problems = Problems("d.txt", is_strict=True)
    source = Source.of_bytes(b"Discussion Title: T\n\n1. Thesis\n1.4.2. Con: b", "d.txt", problems=problems)
    with pytest.raises(SourceError, match=r"comment 1\.4\.2 answers a comment that is not in the source"):
        list(kialo.read(source))


def test_a_thousand_claims_deep() -> None:
    numbers = [".".join("1" * depth) for depth in range(1, 1001)]
    text = "Discussion Title: T\n\n1. Thesis\n" + "\n".join(f"{number}. Pro: claim" for number in numbers[1:])
    thread = read(text)
    assert [post.key for post in thread.posts] == numbers


@pytest.mark.parametrize(
    "text",
    [
        "Discussion Title is a strange headline\n\nWords.",
        "1. one\n2. two\n",
        "An article\n\n1.1. Pro: a chapter\n",
        '{"Discussion Title": "T"}',
        "",
    ],
)
def test_what_is_no_export_is_not_taken_for_one(text: str) -> None:
    assert kialo.sniff(Source.of_bytes(text.encode(), "d.txt")) == 0


# Whatever the text


@st.composite
def discussions(draw: st.DrawFn) -> list[tuple[str, str, str]]:
    """Draw claims in pre-order: number, stance, text."""
    lines = st.lists(
        st.sampled_from(["so", "a [link](https://a.example)", "\\(this\\)", "1984", "éа隧🦊"]), min_size=1, max_size=4
    )
    texts = st.lists(lines.map(" ".join), min_size=1, max_size=3).map("\n".join)
    claims = [("1", "", draw(texts))]
    counts: Counter[str] = Counter()
    path = ["1"]
    for _ in range(draw(st.integers(0, 15))):
        depth = draw(st.integers(1, len(path)))
        parent = path[depth - 1]
        counts[parent] += 1
        del path[depth:]
        path.append(f"{parent}.{counts[parent]}")
        claims.append((path[-1], draw(st.sampled_from(["Pro", "Con"])), draw(texts)))
    return claims


@settings(max_examples=80)
@given(claims=discussions(), is_indented=st.booleans())
def test_a_random_discussion_is_read_back(claims: list[tuple[str, str, str]], is_indented: bool) -> None:  # noqa: FBT001  # drawn
    def write(number: str, stance: str, text: str) -> str:
        if not is_indented:
            return f"{number}. {stance}: {text}" if stance else f"{number}. {text}"
        space = "  " * number.count(".")
        return "\n".join(f"{space}{line}" for line in [f"{number}. {stance or 'Thesis'}:", *text.split("\n")]) + "\n"

    title = "Discussion Name:\nT\n\n" if is_indented else "Discussion Title: T\n\n"
    thread = read(title + "\n".join(write(*claim) for claim in claims))
    assert [(post.key, post.meta["stance"], post.text) for post in thread.posts[1:]] == claims[1:]
    assert thread.posts[0].text == f"T\n\n{claims[0][2]}"


PIECES = [
    *(
        "Discussion Title: ",
        "Discussion Name:",
        "1. ",
        "1.1. ",
        "1.1. Pro: ",
        "1.2. Con: ",
        "2. ",
        "1.1.1. Con:",
        "Thesis:",
    ),
    *(
        "Sources:\n",
        "[1] ",
        "[2] x",
        "-> See 1.1.",
        "\n",
        "\n",
        "\n\n",
        "  ",
        "a",
        "0. ",
        "999999999. ",
        "\r\n",
        "\u2028",
        ".",
    ),
]


@settings(max_examples=150)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_text_is_read_and_its_words_are_kept(pieces: list[str]) -> None:
    source = Source.of_bytes("".join(pieces).encode(), "d.txt")
    assert 0 <= kialo.sniff(source) <= 1
    try:
        (thread,) = kialo.read(source)
    except PostilError:
        assert not "".join(pieces).strip()
        return
    stored = "".join(post.text for post in thread.posts) + str(thread.meta)
    assert stored.count("a") >= source.text.count("a") - source.text.count("Name")
    assert len({post.key for post in thread.posts}) == len(thread.posts)


@settings(max_examples=25)
@given(data=st.data())
def test_a_damaged_sample_is_read_or_refused(data: st.DataObject) -> None:
    raw = bytearray(SAMPLE.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at, length = data.draw(st.integers(0, len(raw))), data.draw(st.integers(0, 300))
        raw[at : at + length] = data.draw(
            st.sampled_from([b"", bytes(raw[at : at + length]) * 2, b"\xff\x00", b"\n1."])
        )
    source = Source.of_bytes(bytes(raw), "d.txt")
    assert 0 <= kialo.sniff(source) <= 1
    try:
        assert len(list(kialo.read(source))) == 1
    except PostilError:
        assert source.problems.count == 0
