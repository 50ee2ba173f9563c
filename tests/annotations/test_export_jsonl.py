"""JSON Lines: what is written reads back as what is in the project."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from annotations.errors import UnknownNameError, WrongUsageError
from annotations.exporters import jsonl
from annotations.exporters.choosing.options import ExportOptions
from annotations.exporters.rows.unpaired import UNPAIRED
from annotations.model import Post, PostKind, Target, Thread
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.project import Project
from annotations.store.threads import find_thread, iter_posts, save_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from annotations.codebook import Codebook
    from tests.annotations.conftest import Desk

FIELDS = [
    "thread",
    "title",
    "post",
    "parent",
    "kind",
    "position",
    "depth",
    "author",
    "created_at",
    "text",
    "labels",
    "spans",
    "relations",
    "notes",
    "reviewed_by",
    "reviewer_kinds",
    "flagged_by",
    "flagger_kinds",
    "seconds",
    "thread_labels",
    "thread_relations",
    "url",
    "thread_meta",
    "meta",
    "uncertain",
]

NASTY = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff\ufeff"),
        st.sampled_from("\"\\,;\n\t=+-@'\u2028\u2029\u202e\u200d\u00a0👩🏽🇩🇪שלםé"),
    ),
    max_size=40,
)


def export(project: Project, folder: Path, options: ExportOptions | None = None) -> list[dict[str, Any]]:
    """Write a dataset and read it back, a line at a time."""
    target = folder / "dataset.jsonl"
    report = jsonl.write(project, target, options or ExportOptions())
    content = target.read_bytes()
    assert report.sha256 == sha256(content).hexdigest()
    records = [json.loads(line) for line in content.decode().split("\n")[:-1]]
    assert report.rows == report.posts == len(records)
    return records


def test_each_post_is_a_line_in_reading_order_and_all_lines_have_the_same_fields(desk: Desk, tmp_path: Path) -> None:
    records = export(desk.project, tmp_path)
    assert [list(record) for record in records] == [FIELDS] * 14
    assert [(record["thread"], record["position"]) for record in records] == [
        (key, position) for key in ("tunnel", "ferry") for position in range(7)
    ]
    article, reply = records[0], records[3]
    assert (article["kind"], article["post"], article["parent"], article["depth"]) == ("article", "0", None, 0)
    assert (reply["kind"], reply["post"], reply["parent"], reply["depth"]) == ("comment", "1.1.1", "1.1", 3)
    assert (reply["author"], reply["text"], reply["title"]) == (None, "True 👩‍👩‍👧.", "Harbour tunnel approved")


def test_a_span_says_where_it_is_who_put_it_and_what_it_quotes(desk: Desk, tmp_path: Path) -> None:
    change = desk.session().apply(
        "claim", desk.words("Nobody asked us"), note="rhetorical =1+1", attributes={"certainty": 4, "share": 0.5}
    )
    article = export(desk.project, tmp_path)[0]
    (span,) = article["spans"]
    # Behind a wave that is one code point, two UTF-16 units and four bytes.
    assert article["text"][span["start_char"] : span["end_char"]] == span["quote"] == "Nobody asked us"
    annotation = desk.only(change)
    assert span == {
        "start_char": 84,
        "end_char": 99,
        "quote": "Nobody asked us",
        "detached": False,
        "label": "claim",
        "label_name": "Claim",
        "annotator": "Ada",
        "annotator_kind": "person",
        "note": "rhetorical =1+1",
        "attributes": {"certainty": 4, "share": 0.5},
        "annotation": annotation.uuid,
        "implied_by": None,
        "put_as": None,
        "codebook_version": desk.codebook.sha256[:12],
        "created_at": annotation.created_at,
        "updated_at": annotation.updated_at,
    }


def test_relations_with_the_thread_and_notes_stand_where_they_belong(desk: Desk, tmp_path: Path) -> None:
    session = desk.session()
    session.apply("quotes", Target(thread_id=desk.thread_id, post_id=desk.posts["2"], to_thread_id=desk.thread_id))
    session.apply("rebuts", Target(thread_id=desk.thread_id, to_post_id=desk.posts["1"]))
    session.note(desk.posts["2"], "Who is «we»?\n=1")
    records = export(desk.project, tmp_path)
    (to_thread,) = records[4]["relations"]
    assert (to_thread["label"], to_thread["to_post"], to_thread["to_thread"]) == ("quotes", None, True)
    (from_thread,) = records[0]["thread_relations"]
    assert (from_thread["label"], from_thread["to_post"], from_thread["to_thread"]) == ("rebuts", "1", False)
    assert records[0]["relations"] == records[0]["thread_labels"] == []
    (note,) = records[4]["notes"]
    assert (note["annotator"], note["note"]) == ("Ada", "Who is «we»?\n=1")
    assert note["written_at"].endswith("Z")


def test_post_labels_thread_labels_and_reviews_stand_where_they_belong(desk: Desk, tmp_path: Path) -> None:
    desk.session().apply("agree", desk.post("1"))
    desk.session("Bo").apply("disagree", desk.post("1"))
    desk.session().apply("heated", desk.thread)
    desk.session("Bo").review(desk.posts["1"])
    desk.session().review(desk.posts["1"])
    article, comment, *others = export(desk.project, tmp_path)
    assert [(each["label"], each["annotator"]) for each in article["thread_labels"]] == [("heated", "Ada")]
    assert [(each["label"], each["annotator"]) for each in comment["labels"]] == [("agree", "Ada"), ("disagree", "Bo")]
    assert (comment["reviewed_by"], comment["reviewer_kinds"]) == (["Ada", "Bo"], ["person", "person"])
    assert not any(other[name] for other in others for name in ("labels", "thread_labels", "reviewed_by", "spans"))


def test_a_relation_names_both_its_ends(desk: Desk, tmp_path: Path) -> None:
    session = desk.session()
    start = desk.only(session.apply("premise", desk.words("the pumps are new", "1")))
    end = desk.only(session.apply("claim", desk.words("The tunnel will flood")))
    session.apply("rebuts", desk.relation("1", "0", start, end))
    session.apply("quotes", desk.relation("2", "1"))
    records = {record["post"]: record for record in export(desk.project, tmp_path, ExportOptions(thread="tunnel"))}
    (tied,) = records["1"]["relations"]
    assert (tied["label"], tied["to_post"]) == ("rebuts", "0")
    assert tied["from_span"] == {
        "start_char": 19,
        "end_char": 36,
        "label": "premise",
        "quote": "the pumps are new",
        "annotation": start.uuid,
        "detached": False,
    }
    assert (tied["to_span"]["annotation"], tied["to_span"]["quote"]) == (end.uuid, "The tunnel will flood")
    (plain,) = records["2"]["relations"]
    assert (plain["to_post"], plain["from_span"], plain["to_span"]) == ("1", None, None)


def test_only_what_was_asked_for_is_written_but_every_post_of_it(desk: Desk, tmp_path: Path) -> None:
    desk.session().apply("agree", desk.post("1"))
    desk.session().apply("funny", desk.post("1"))
    desk.session("Bo").apply("agree", desk.post("2"))
    desk.session("Bo").review(desk.posts["1"])

    def labels(options: ExportOptions) -> list[tuple[str, str, str]]:
        records = export(desk.project, tmp_path, options)
        assert len(records) == (7 if options.thread else 14)
        return [(record["post"], each["label"], each["annotator"]) for record in records for each in record["labels"]]

    assert labels(ExportOptions()) == [("1", "agree", "Ada"), ("1", "funny", "Ada"), ("2", "agree", "Bo")]
    assert labels(ExportOptions(annotator="Bo", thread="tunnel")) == [("2", "agree", "Bo")]
    assert labels(ExportOptions(labels=("funny",))) == [("1", "funny", "Ada")]
    assert labels(ExportOptions(thread="ferry")) == []
    assert export(desk.project, tmp_path, ExportOptions(annotator="Ada"))[1]["reviewed_by"] == []
    assert export(desk.project, tmp_path, ExportOptions(annotator="Bo"))[1]["reviewed_by"] == ["Bo"]


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        (ExportOptions(thread="tunel"), "'tunel'", "tunnel"),
        (ExportOptions(annotator="Adda"), "no annotator 'Adda'", "Did you mean Ada?"),
        (ExportOptions(annotator="Zoltan"), "no annotator 'Zoltan'", "It has: Ada."),
        (ExportOptions(labels=("agree", "agre")), "no label 'agre'", "agree"),
    ],
)
def test_a_name_that_the_project_does_not_know_is_said_before_a_file_is_made(
    desk: Desk, tmp_path: Path, options: ExportOptions, message: str, hint: str
) -> None:
    desk.session().apply("agree", desk.post("1"))
    before = sorted(tmp_path.iterdir())
    with pytest.raises(UnknownNameError) as failure:
        jsonl.write(desk.project, tmp_path / "dataset.jsonl", options)
    assert message in failure.value.message
    assert hint in failure.value.hint
    assert sorted(tmp_path.iterdir()) == before


def test_a_span_that_lost_its_words_is_written_without_a_place(desk: Desk, tmp_path: Path) -> None:
    lost = desk.only(desk.session().apply("claim", desk.words("It costs 40 million.")))
    desk.session().apply("quotes", desk.relation("0", "1", lost))
    kept = desk.only(desk.session().apply("claim", desk.words("Nobody asked us")))
    desk.revise("Harbour tunnel approved\n\nA new beginning. 🌊 Nobody asked us.")
    article = export(desk.project, tmp_path)[0]
    spans = {span["annotation"]: span for span in article["spans"]}
    assert spans[lost.uuid]["detached"] is True
    assert (spans[lost.uuid]["start_char"], spans[lost.uuid]["end_char"]) == (None, None)
    assert spans[lost.uuid]["quote"] == "It costs 40 million."
    (relation,) = article["relations"]
    assert (relation["from_span"]["start_char"], relation["from_span"]["detached"]) == (None, True)
    found = spans[kept.uuid]
    assert article["text"][found["start_char"] : found["end_char"]] == "Nobody asked us"


def test_a_post_that_its_source_no_longer_has_is_written_with_its_labels(desk: Desk, tmp_path: Path) -> None:
    desk.session().apply("agree", desk.post("2"))
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Harbour tunnel approved\n\nShort.")]
    thread = Thread(key="tunnel", title="Harbour tunnel approved", posts=tuple(posts), format="test")
    save_thread(desk.project, thread, location="/sources/tunnel.txt", source_sha256="shorter")
    records = {record["post"]: record for record in export(desk.project, tmp_path, ExportOptions(thread="tunnel"))}
    assert [each["label"] for each in records["2"]["labels"]] == ["agree"]
    assert "removed_at" in records["2"]["meta"]


def test_what_the_source_says_beyond_the_model_is_carried(desk: Desk, tmp_path: Path) -> None:
    meta = {"score": 2**70, "nested": {"a": [1, None, 0.5]}, "half": "x\ud83dy"}
    article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="T", meta=meta, uncertain=("guessed", "again"))
    thread = Thread(
        key="meta", title="T", posts=(article,), format="test", url="https://example.org/t", meta={"site": "ü"}
    )
    save_thread(desk.project, thread, location="/sources/meta.txt", source_sha256="meta")
    target = tmp_path / "meta.jsonl"
    report = jsonl.write(desk.project, target, ExportOptions(thread="meta"))
    record = json.loads(target.read_text(encoding="utf-8"))
    assert record["meta"] == {"score": 2**70, "nested": {"a": [1, None, 0.5]}, "half": "x\ufffdy"}
    assert (record["url"], record["thread_meta"], record["uncertain"]) == (
        "https://example.org/t",
        {"site": "ü"},
        ["guessed", "again"],
    )
    assert report.lost == {UNPAIRED: 1}
    assert "ü".encode() in target.read_bytes()


def test_the_report_counts_what_was_written(desk: Desk, tmp_path: Path) -> None:
    desk.session().apply("heated", desk.thread)
    desk.session().apply("claim", desk.words("flood"))
    report = jsonl.write(desk.project, tmp_path / "a.jsonl", ExportOptions())
    assert (report.path, report.rows, report.threads, report.posts, report.annotations, report.lost) == (
        tmp_path / "a.jsonl",
        14,
        2,
        14,
        2,
        {},
    )


def test_the_same_project_gives_the_same_bytes(desk: Desk, tmp_path: Path) -> None:
    desk.session().apply("claim", desk.words("flood"), attributes={"type": "fact", "certainty": 1})
    one = jsonl.write(desk.project, tmp_path / "one.jsonl", ExportOptions())
    desk.reopen()
    other = jsonl.write(desk.project, tmp_path / "other.jsonl", ExportOptions())
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "other.jsonl").read_bytes()
    assert replace(other, path=one.path, files=one.files) == one


def test_a_preview_is_the_beginning_of_the_dataset(desk: Desk, tmp_path: Path) -> None:
    jsonl.write(desk.project, tmp_path / "a.jsonl", ExportOptions())
    content = (tmp_path / "a.jsonl").read_text(encoding="utf-8")
    assert jsonl.preview(desk.project, ExportOptions(), 3) == "".join(content.splitlines(keepends=True)[:3])
    assert jsonl.preview(desk.project, ExportOptions(), 0) == ""
    assert jsonl.preview(desk.project, ExportOptions(), 99) == content


def test_excel_is_not_for_json_lines(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError, match="Excel"):
        jsonl.write(desk.project, tmp_path / "a.jsonl", ExportOptions(excel=True))


def test_batches_join_without_a_gap(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.session().apply("agree", desk.post("3.1"))
    whole = export(desk.project, tmp_path)
    monkeypatch.setattr("annotations.store.exporting.BATCH", 2)
    assert export(desk.project, tmp_path) == whole


@pytest.fixture(scope="module")
def save_texts(
    tmp_path_factory: pytest.TempPathFactory, codebook: Codebook
) -> Iterator[Callable[[list[str]], tuple[Project, str, LabelingSession]]]:
    """Return a function that saves texts as one thread of a project and returns the project, its key and a session."""
    with Project.open(tmp_path_factory.mktemp("nasty") / "postil.db", create=True) as project:
        session = LabelingSession(project, project.annotator('=Ada,"'), codebook)
        numbers = iter(range(1000000))

        def save(texts: list[str]) -> tuple[Project, str, LabelingSession]:
            root = Post(key="0", parent=None, kind=PostKind.ARTICLE, text=texts[0])
            comments = (
                Post(key=f"{number}", parent="0", text=text, author=text or None)
                for number, text in enumerate(texts[1:], start=1)
            )
            key = f"thread-{next(numbers)}"
            thread = Thread(key=key, title=texts[0], posts=(root, *comments), format="test")
            save_thread(project, thread, location=f"/{key}", source_sha256=key)
            return project, key, session

        yield save


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(NASTY, min_size=1, max_size=4), notes=NASTY, picks=st.data())
def test_any_text_reads_back_as_it_is_and_every_slice_equals_its_quote(
    save_texts: Callable[[list[str]], tuple[Project, str, LabelingSession]],
    tmp_path: Path,
    texts: list[str],
    notes: str,
    picks: st.DataObject,
) -> None:
    project, key, session = save_texts(texts)
    thread = find_thread(project, key)
    expected = []
    for post in iter_posts(project, thread.id):
        if post.text:
            start = picks.draw(st.integers(0, len(post.text) - 1))
            end = picks.draw(st.integers(start + 1, len(post.text)))
            session.apply("claim", Target(thread_id=thread.id, post_id=post.id, span=Span(start, end)), note=notes)
            expected.append(post.text[start:end])
    records = export(project, tmp_path, ExportOptions(thread=key))
    assert [record["text"] for record in records] == texts
    spans = [(record["text"], span) for record in records for span in record["spans"]]
    assert [span["quote"] for _, span in spans] == expected
    assert all(text[span["start_char"] : span["end_char"]] == span["quote"] for text, span in spans)
    assert {span["note"] for _, span in spans} <= {notes}
    # Not only lines end lines: readers that split at every boundary of Unicode find the same ones.
    assert len((tmp_path / "dataset.jsonl").read_text(encoding="utf-8").splitlines()) == len(texts)
