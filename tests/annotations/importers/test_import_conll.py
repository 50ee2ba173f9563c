"""CoNLL: tokens become a text again, tags its spans, in whichever scheme they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.errors import PostilError, SourceError
from annotations.importers import conll
from annotations.importers.conll import REBUILT
from annotations.importers.reading import text_lines
from annotations.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.model import Thread

SAMPLE = Path(__file__).parents[3] / "sample_data" / "conll-ferry.conll"


def read(raw: str | bytes, **mapping: str) -> list[Thread]:
    source = Source.of_bytes(raw if isinstance(raw, bytes) else raw.encode(), "x.conll", mapping=mapping)
    return list(conll.read(source))


@pytest.mark.parametrize(("limit", "most"), [("MOST_TOKENS", 5), ("LONGEST_DOCUMENT", 24)])
def test_a_document_is_refused_that_is_too_long_for_a_text_and_a_file_of_many_is_not(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(conll, limit, most)
    document = "-DOCSTART- O\n\n" + "word O\n" * 5
    assert len(read(document * 3)) == 3
    with pytest.raises(SourceError, match=r"goes on behind line 8: more than .*Put a line “-DOCSTART-”"):
        read(document + "word O\n")


def test_a_large_file_says_the_same_as_it_does_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    document = "-DOCSTART- O\r\n\r\nÖre{} B-PER\r\nRån I-PER\r\n\r\nsings\x07 O\r\n\r\n"
    raw = "".join(document.format(number) for number in range(9)).encode("utf-8-sig")
    whole = read(raw)
    monkeypatch.setattr(text_lines, "HEAD", 64)
    large = read(raw)
    assert [(each.key, each.posts, each.annotations) for each in large] == [
        (each.key, each.posts, each.annotations) for each in whole
    ]
    assert [thread.dropped for thread in large] == [1] * 9


def test_a_large_file_whose_line_never_ends_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_lines, "HEAD", 64)
    monkeypatch.setattr(text_lines, "LONGEST_TEXT_LINE", 100)
    with pytest.raises(SourceError, match=r"a line of more than 100 characters \(line 3\)"):
        read("word O\n\n" + "x" * 100)


def spans(thread: Thread) -> list[tuple[str, str]]:
    text = thread.posts[0].text
    return [(each.label, text[each.span.start : each.span.end]) for each in thread.annotations if each.span is not None]


def test_the_sample_says_what_its_lines_say() -> None:
    first, second = read(SAMPLE.read_bytes())
    assert first.posts[0].text == "The Quillmouth ferry stops on Monday .\nLena Abara rows ."
    assert spans(first) == [("ORG", "Quillmouth ferry"), ("PER", "Lena Abara")]
    assert second.posts[0].text == "Jory Maddern Calloway waits"
    assert spans(second) == [("PER", "Jory Maddern"), ("PER", "Calloway")]
    assert (first.key, second.key) == ("x-document-1", "x-document-2")
    assert first.warnings == (REBUILT,)
    raw = first.posts[0].meta["raw"]
    assert isinstance(raw, dict)
    assert raw["columns"].startswith("The\tDT\tB-NP\tO\nQuillmouth\tNNP\tI-NP\tB-ORG\n")


@pytest.mark.parametrize(
    "tags",
    [
        "B-A I-A O B-A B-A I-A B-B",  # IOB2
        "I-A I-A O I-A B-A I-A I-B",  # IOB
        "B-A E-A O S-A B-A E-A S-B",  # BIOES
        "B-A L-A O U-A B-A L-A U-B",  # BILOU
        "B-A I-A _ S-A B-A I-A B",  # a tag without a prefix is a type of its own
    ],
)
def test_each_scheme_says_the_same(tags: str) -> None:
    (thread,) = read("\n".join(f"t{number} {tag}" for number, tag in enumerate(tags.split())))
    assert spans(thread) == [("A", "t0 t1"), ("A", "t3"), ("A", "t4 t5"), ("B", "t6")]


def test_an_entity_ends_with_its_sentence() -> None:
    (thread,) = read("a\tI-X\n\nb\tI-X\n")
    assert (thread.posts[0].text, spans(thread)) == ("a\nb", [("X", "a"), ("X", "b")])


def test_columns_are_chosen_by_number() -> None:
    raw = "1\tAda\tB-PER\tx\n2\tmet\tO\tx\n3\tBo\tB-PER\tx\n"
    (thread,) = read(raw, text="2", label="-2")
    assert (thread.posts[0].text, spans(thread)) == ("Ada met Bo", [("PER", "Ada"), ("PER", "Bo")])
    with pytest.raises(SourceError, match="is no column"):
        read(raw, label="ner")


def test_tabs_part_columns_so_that_tokens_may_hold_blanks_and_signs() -> None:
    (thread,) = read("New York\tB-LOC\n#tag\tB-HASH\n漢字 👋\tO\n")
    assert thread.posts[0].text == "New York #tag 漢字 👋"
    assert spans(thread) == [("LOC", "New York"), ("HASH", "#tag")]


def test_comments_and_new_documents_are_understood() -> None:
    one, two = read("# newdoc id = one\n# text = a\na\tB-X\n\n# newdoc id = two\nb\tO\n")
    assert [one.key, two.key] == ["x-one", "x-two"]
    assert one.posts[0].meta["comments"] == ["# text = a"]


def test_a_line_without_a_tag_is_reported_and_its_token_kept() -> None:
    source = Source.of_bytes(b"a B-X\nlone\nb I-X\n", "x")
    (thread,) = conll.read(source)
    assert (thread.posts[0].text, spans(thread)) == ("a lone b", [("X", "a"), ("X", "b")])
    assert "line 2: has too few columns" in next(source.problems.sentences())


def test_a_file_without_tokens_is_refused_and_prose_is_not_recognised() -> None:
    with pytest.raises(SourceError, match="no tokens"):
        read("-DOCSTART- O\n\n")
    for raw, sure in (
        (SAMPLE.read_bytes(), 0.95),
        (b"a B-X\nb O\n", 0.85),
        (b"We saw\nIt all\n", 0),
        (b"a,b\nc,d\n", 0),
        (b"a O\nb O\n", 0),
        (b"", 0),
        (b"\xff\xfe\x00\x01", 0),
    ):
        assert conll.sniff(Source.of_bytes(raw, "x")) == sure


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(
                st.lists(st.text("ab👋é漢", min_size=1, max_size=4), min_size=1, max_size=3),
                st.sampled_from(["", "X", "Y"]),
            ),
            min_size=1,
            max_size=4,
        ),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["\t", " "]),
)
def test_random_sentences_come_back(sentences: Sequence[Sequence[tuple[list[str], str]]], gap: str) -> None:
    lines: list[str] = []
    for sentence in sentences:
        for tokens, label in sentence:
            for number, token in enumerate(tokens):
                tag = f"{'I' if number else 'B'}-{label}" if label else "O"
                lines.append(f"{token}{gap}{tag}")
        lines.append("")
    (thread,) = read("\n".join(lines))
    assert thread.posts[0].text == "\n".join(" ".join(token for part in one for token in part[0]) for one in sentences)
    assert spans(thread) == [(label, " ".join(tokens)) for one in sentences for tokens, label in one if label]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 500), st.binary(max_size=8), st.integers(0, 30))
def test_no_mutation_of_the_sample_does_harm(at: int, put: bytes, gone: int) -> None:
    raw = SAMPLE.read_bytes()
    changed = raw[:at] + put + raw[at + gone :]
    conll.sniff(Source.of_bytes(changed, "x"))
    try:
        threads = read(changed)
    except PostilError:
        return
    for thread in threads:
        for each in thread.annotations:
            assert each.span is not None
            assert each.span.end <= len(thread.posts[0].text)
