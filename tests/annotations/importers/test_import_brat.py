"""brat: texts and their annotations, alone, in folders, by several annotators."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations import formats
from annotations.errors import PostilError, SourceError
from annotations.importers import brat
from annotations.importers.labeled.brat_lines import BROKEN, NO_END, BratLines
from annotations.importers.labeled.brat_settings import read_settings
from annotations.importers.labeled.documents import NO_PLACE, DocumentText
from annotations.model import GivenAnnotation, GivenLabel, Scope, Thread
from annotations.sources.source import Source, open_source
from annotations.span import Span

SAMPLE = Path(__file__).parents[3] / "sample_data" / "brat-ferry"
TEXT = "Ada met Bo 👋 in the harbour.\nThey talked."


def read_lines(text: str, *lines: str, annotator: str | None = None) -> tuple[list[GivenAnnotation], str]:
    source = Source.of_bytes(b"", "doc.ann")
    found = BratLines(source, DocumentText(source, text), annotator, "doc.ann").read(lines)
    return found, "\n".join(source.problems.sentences())


def write(folder: Path, name: str, text: str, *lines: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".txt").write_bytes(text.encode())
    path.with_suffix(".ann").write_bytes("\n".join(lines).encode())


def read(path: Path) -> list[Thread]:
    return list(brat.read(open_source(path)))


def by_key(thread: Thread) -> dict[str, GivenAnnotation]:
    return {each.key: each for each in thread.annotations}


def test_the_sample_says_all_that_its_files_say() -> None:
    (thread,) = read(SAMPLE)
    text = (SAMPLE / "ferry.txt").read_text(encoding="utf-8")
    assert [(post.key, post.text) for post in thread.posts] == [("0", text)]
    assert thread.title == "Ferry to stop at nine in winter"
    found = by_key(thread)
    said = {key: text[each.span.start : each.span.end] for key, each in found.items() if each.span is not None}
    assert said == {
        "T1": "Too few people cross after that hour",
        "T2": "14 a night on average",
        "T3": "Lena Abara 🚑, a paramedic",
        "T4": "said on Monday",
        "T5": "the harbour board",
        "T6": "Whoever works late in the hospital has to swim",
    }
    start = text.index("Lena")
    assert found["T3"].attributes == {"fragments": f"{start} {start + 10};{start + 14} {start + 25}"}
    assert (found["T1"].attributes, found["T1"].note) == ({"Certainty": "high"}, "The board's own count.")
    assert found["T6"].attributes == {"Sarcasm": "true"}
    assert found["T5"].attributes == {"normalization": "Wikidata:Q0 (harbour board)"}
    ties = {(each.label, each.from_key, each.to_key) for each in thread.annotations if each.scope is Scope.RELATION}
    assert ties == {
        ("Supports", "T2", "T1"),
        ("Rebuts", "T6", "T1"),
        ("Who", "T4", "T5"),
        ("What", "T4", "T1"),
        ("Equiv", "T3", "T6"),
    }
    labels = {(label.id, label.scope): label for label in thread.labels}
    assert labels["Claim", Scope.SPAN] == GivenLabel(
        name="Claim", id="Claim", scope=Scope.SPAN, color="#ffcc66", description="A kind of Argument."
    )
    assert labels["Figure", Scope.SPAN].name == "Figure or date"
    assert ("Argument", Scope.SPAN) not in labels
    assert {key for key, scope in labels if scope is Scope.RELATION} == {"Supports", "Rebuts", "Who", "What"}


@pytest.mark.parametrize("name", ["ferry.ann", "ferry.txt"])
def test_a_text_and_its_annotations_are_found_by_either_of_them(name: str) -> None:
    source = open_source(SAMPLE / name)
    assert formats.choose_importer(source)[0].name == "brat"
    (thread,) = brat.read(source)
    assert len(thread.annotations) == 11
    assert thread.labels


def test_annotations_without_their_text_are_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "lone.ann").write_text("T1\tA 0 1\tx")
    with pytest.raises(SourceError, match=r"lone.ann is not there.*lone.txt"):
        read(tmp_path / "lone.ann")


def test_subfolders_with_the_same_text_are_annotators_of_one_thread(tmp_path: Path) -> None:
    write(tmp_path, "ada/doc", TEXT, "T1\tName 0 3\tAda", "R1\tMeets Arg1:T1 Arg2:T1")
    write(tmp_path, "bo/doc", TEXT, "T1\tName 8 10\tBo")
    write(tmp_path, "bo/other", "Alone.", "T1\tName 0 5\tAlone")
    threads = {thread.key.rpartition("-")[2]: thread for thread in read(tmp_path)}
    assert {(each.annotator, each.key) for each in threads["doc"].annotations} == {
        ("ada", "ada/T1"),
        ("ada", "ada/R1"),
        ("bo", "bo/T1"),
    }
    assert [each.annotator for each in threads["other"].annotations] == [None]


def test_subfolders_with_other_texts_of_one_name_are_threads_of_their_own(tmp_path: Path) -> None:
    write(tmp_path, "may/doc", "One.", "T1\tA 0 3\tOne")
    write(tmp_path, "june/doc", "Two.", "T1\tA 0 3\tTwo")
    threads = read(tmp_path)
    assert len({thread.key for thread in threads}) == 2
    assert {thread.posts[0].text for thread in threads} == {"One.", "Two."}


def test_an_archive_is_read_as_a_folder_and_the_files_of_the_shared_tasks_together(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("task/1.txt", TEXT)
        archive.writestr("task/1.a1", "T1\tProtein 0 3\tAda\n")
        archive.writestr("task/1.a2", "T2\tBinding 4 7\tmet\nE1\tBinding:T2 Theme:T1\n")
    (tmp_path / "task.zip").write_bytes(packed.getvalue())
    source = open_source(tmp_path / "task.zip")
    assert brat.sniff(source) > 0.9
    (thread,) = brat.read(source)
    assert [(each.label, each.from_key, each.to_key) for each in thread.annotations] == [
        ("Protein", "", ""),
        ("Binding", "", ""),
        ("Theme", "T2", "T1"),
    ]


def test_offsets_count_the_text_as_it_was_before_it_was_cleaned(tmp_path: Path) -> None:
    text = "\ufeffOne\r\nTwo\x00 👋\r\nThree"
    raw = text.removeprefix("\ufeff")
    start = raw.index("Three")
    (tmp_path / "doc.txt").write_bytes(text.encode())
    (tmp_path / "doc.ann").write_text(f"T1\tA {start} {start + 5}\tThree\n")
    (thread,) = read(tmp_path / "doc.ann")
    (only,) = thread.annotations
    assert thread.posts[0].text == "One\nTwo 👋\nThree"
    assert only.span == Span(10, 15)
    assert thread.dropped == 1


def test_fragments_that_white_space_parts_are_one_span() -> None:
    found, _ = read_lines("aa\nbb", "T1\tA 0 2;3 5\taa bb")
    assert (found[0].span, found[0].attributes) == (Span(0, 5), {})


def test_events_tie_their_trigger_to_their_arguments_and_say_which_event_it_was() -> None:
    found, said = read_lines(
        TEXT,
        "T1\tMeet 4 7\tmet",
        "T2\tName 0 3\tAda",
        "T3\tName 8 10\tBo",
        "E1\tMeet:T1 Who:T2 Who2:T3",
        "E2\tMeet:T1 Cause:E1",
        "A1\tNegation E1",
        "#1\tAnnotatorNotes E2\tHow?",
    )
    ties = [(each.label, each.from_key, each.to_key, each.note) for each in found if each.scope is Scope.RELATION]
    assert ties == [("Who", "T1", "T2", "event E1"), ("Who", "T1", "T3", "event E1"), ("Cause", "T1", "T1", "event E2")]
    trigger = next(each for each in found if each.key == "T1")
    assert (trigger.attributes, trigger.note) == ({"Negation": "true"}, "How?")
    assert not said


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("T1", BROKEN),
        ("nonsense", BROKEN),
        ("R1\tX Arg1:T1", BROKEN),
        ("R1\tX Arg1:T1 Arg2:T9", NO_END),
        ("A1\tX T9", NO_END),
        ("#1\tAnnotatorNotes T9\tx", NO_END),
        ("E1\tX:T9 Y:T1", NO_END),
        ("T2\tX 9 5\tx", NO_PLACE),
        ("T2\tX a b\tx", NO_PLACE),
    ],
)
def test_a_bad_line_is_reported_and_stops_nothing(line: str, problem: str) -> None:
    found, said = read_lines(TEXT, "T1\tName 0 3\tAda", line, "T7\tName 8 10\tBo")
    assert {"T1", "T7"} <= {each.key for each in found}
    assert problem in said


def test_settings_without_their_sections_say_nothing() -> None:
    assert read_settings("", "") == []
    assert read_settings("Claim\n[nothing]\nX\n[entities]\n-----\n<M>=A|B\n# no\n", "[drawing]\n\n[labels]\nx") == []


def test_what_has_no_other_half_is_reported_and_a_folder_of_other_things_is_not_brats(tmp_path: Path) -> None:
    write(tmp_path, "doc", "One.", "T1\tA 0 3\tOne")
    (tmp_path / "lone.txt").write_text("Lone.")
    (tmp_path / "gone.ann").write_text("T1\tA 0 3\tOne")
    source = open_source(tmp_path)
    assert [thread.posts[0].text for thread in brat.read(source)] == ["One."]
    said = "\n".join(source.problems.sentences())
    assert "lone.txt: has no annotations beside it" in said
    assert "gone.ann: has no text beside it" in said
    for number in range(9):
        (tmp_path / f"{number}.html").write_text("<p>x</p>")
    assert brat.sniff(open_source(tmp_path)) == 0


def test_a_plain_text_is_not_taken_for_brat(tmp_path: Path) -> None:
    (tmp_path / "doc.txt").write_text("Plain.")
    assert brat.sniff(open_source(tmp_path / "doc.txt")) == 0
    (tmp_path / "doc.ann").write_text("Announcement: nothing of brat's")
    assert brat.sniff(open_source(tmp_path / "doc.txt")) == 0
    assert brat.sniff(open_source(tmp_path)) > 0.9


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_random_annotations_come_back(data: st.DataObject) -> None:
    text = data.draw(st.text(st.sampled_from("ab \n👋e\u0301漢\u200d"), min_size=1, max_size=40))
    places = data.draw(
        st.lists(
            st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).filter(lambda p: p[0] < p[1]),
            max_size=6,
        )
    )
    lines = [
        f"T{number}\tL{number % 3} {start} {end}\t{text[start:end]}".replace("\n", " ")
        for number, (start, end) in enumerate(places, 1)
    ]
    found, said = read_lines(text, *lines)
    assert [(each.label, each.span) for each in found] == [
        (f"L{number % 3}", Span(*place)) for number, place in enumerate(places, 1)
    ]
    assert not said


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_mutation_of_the_sample_does_harm(data: st.DataObject) -> None:
    raw = bytearray((SAMPLE / "ferry.ann").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        stop = data.draw(st.integers(at, min(len(raw), at + 20)))
        raw[at:stop] = data.draw(
            st.sampled_from([b"", b"\t", b" ", b"\n", b"\xff", b"T1", b"99999999999999999999", bytes(raw[at:stop]) * 2])
        )
    text = (SAMPLE / "ferry.txt").read_text(encoding="utf-8")
    source = Source.of_bytes(bytes(raw), "x.ann")
    try:
        found = BratLines(source, DocumentText(source, text), None, "x").read(raw.decode(errors="replace").split("\n"))
    except PostilError:
        return
    assert all(each.label for each in found)
