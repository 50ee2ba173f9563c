"""CSV: what is written reads back as what is in the project, and Excel is kept from running it."""

from __future__ import annotations

import csv as standard
import io
import json
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.exporters import csv
from annotations.exporters.choosing.options import ExportOptions
from annotations.exporters.writing.report import ExportReport, Tally
from annotations.model import Post, PostKind, Target, Thread
from annotations.span import Span
from annotations.store.threads import find_thread, iter_posts, save_thread
from annotations.store.times import add_seconds

if TYPE_CHECKING:
    from pathlib import Path

    from annotations.store.project import Project
    from tests.annotations.conftest import Desk

NASTY = (
    '=HYPERLINK("http://example.org","x")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\tindented",
    'He said "no", then\nleft;',
    "👩‍👩‍👧 שלום \u202eabc\u2028end",
    "'=already",
    "plain = equal",
)


def read(content: bytes, encoding: str = "utf-8") -> list[dict[str, str]]:
    """Read a file as the standard library does."""
    return list(standard.DictReader(io.StringIO(content.decode(encoding), newline="")))


def export(
    project: Project, folder: Path, options: ExportOptions | None = None
) -> tuple[list[dict[str, str]], ExportReport]:
    """Write a dataset and read it back."""
    target = folder / "dataset.csv"
    options = options or ExportOptions()
    report = csv.write(project, target, options)
    content = target.read_bytes()
    assert report.sha256 == sha256(content).hexdigest()
    rows = read(content, "utf-8-sig" if options.excel else "utf-8")
    assert report.rows == report.annotations == len(rows)
    return rows, report


def save_nasty(desk: Desk) -> int:
    """Save a thread of nasty comments, each labeled as a whole and in its last four signs, and return its row."""
    root = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="=1+1")
    comments = (
        Post(key=str(number), parent="0", text=text, author=text.split("\n")[0].strip())
        for number, text in enumerate(NASTY, start=1)
    )
    thread = Thread(key="nasty", title="=1+1", posts=(root, *comments), format="test")
    save_thread(desk.project, thread, location="/nasty", source_sha256="nasty")
    thread_id = find_thread(desk.project, "nasty").id
    session = desk.session("@Ada")
    for post in iter_posts(desk.project, thread_id):
        session.apply("agree", Target(thread_id=thread_id, post_id=post.id), note=post.text)
        start = max(0, len(post.text) - 4)
        span = Span(start, len(post.text))
        session.apply(
            "claim", Target(thread_id=thread_id, post_id=post.id, span=span), attributes={"source": post.text}
        )
    return thread_id


def test_each_annotation_is_a_row_with_the_text_that_it_is_put_on(desk: Desk, tmp_path: Path) -> None:
    change = desk.session().apply("claim", desk.words("Nobody asked us"), note="n", attributes={"certainty": 4})
    (row,), _ = export(desk.project, tmp_path)
    annotation = desk.only(change)
    text = next(iter_posts(desk.project, desk.thread_id)).text
    assert tuple(row) == csv.COLUMNS
    assert row == {
        "annotation": annotation.uuid,
        "thread": "tunnel",
        "title": "Harbour tunnel approved",
        "post": "0",
        "parent": "",
        "kind": "article",
        "position": "0",
        "depth": "0",
        "author": "Editor",
        "label": "claim",
        "label_name": "Claim",
        "scope": "span",
        "annotator": "Ada",
        "start_char": "84",
        "end_char": "99",
        "quote": "Nobody asked us",
        "to_post": "",
        "to_start_char": "",
        "to_end_char": "",
        "to_quote": "",
        "note": "n",
        "attributes": '{"certainty":4}',
        "text": text,
        "codebook_version": desk.codebook.sha256[:12],
        "created_at": annotation.created_at,
        "updated_at": annotation.updated_at,
        "detached": "false",
        "implied_by": "",
        "put_as": "",
        "annotator_kind": "person",
        "from_annotation": "",
        "from_label": "",
        "to_annotation": "",
        "to_label": "",
        "to_detached": "",
        "to_thread": "",
        "post_created_at": "",
        "reviewed_by": "[]",
        "flagged_by": "[]",
        "seconds": "0.0",
        "uncertain": "[]",
        "meta": "{}",
        "url": "",
        "thread_meta": "{}",
    }


def test_a_relation_says_where_both_of_its_ends_are(desk: Desk, tmp_path: Path) -> None:
    session = desk.session()
    claim = desk.only(session.apply("claim", desk.words("Nobody asked us")))
    reply = desk.only(session.apply("claim", desk.words("flood", "1")))
    session.apply("rebuts", desk.relation("1", "0", reply, claim))
    session.apply("quotes", Target(thread_id=desk.thread_id, post_id=desk.posts["2"], to_thread_id=desk.thread_id))
    session.apply("quotes", Target(thread_id=desk.thread_id, to_post_id=desk.posts["2"]))
    rows, _ = export(desk.project, tmp_path)
    ends = ("label", "post", "start_char", "end_char", "quote", "to_post", "to_start_char", "to_end_char", "to_quote")
    assert [tuple(row[name] for name in ends) for row in rows if row["scope"] == "relation"] == [
        ("quotes", "", "", "", "", "2", "", "", ""),
        ("rebuts", "1", "12", "17", "flood", "0", "84", "99", "Nobody asked us"),
        ("quotes", "2", "", "", "", "", "", "", ""),
    ]


def test_a_note_on_a_post_is_a_row_of_its_own(desk: Desk, tmp_path: Path) -> None:
    desk.session("Ada").note(desk.posts["3"], "Empty, and yet answered.")
    desk.session("Bea").note(desk.posts["3"], "=1+1")
    desk.session("Bea").apply("funny", desk.post("1"))
    target = tmp_path / "dataset.csv"
    report = csv.write(desk.project, target, ExportOptions())
    rows = read(target.read_bytes())
    noted = [(row["scope"], row["annotator"], row["note"], row["label"]) for row in rows if row["post"] == "3"]
    assert noted == [("note", "Ada", "Empty, and yet answered.", ""), ("note", "Bea", "=1+1", "")]
    assert (report.rows, report.annotations, report.posts) == (3, 1, 2)
    csv.write(desk.project, target, ExportOptions(annotator="Ada"))
    assert [row["note"] for row in read(target.read_bytes())] == ["Empty, and yet answered."]
    report = csv.write(desk.project, target, ExportOptions(labels=("funny",)))
    assert [row["scope"] for row in read(target.read_bytes())] == ["post"]
    assert report.lost[csv.NOTES] == 2


def test_rows_come_in_reading_order_whenever_the_labels_were_put(desk: Desk, tmp_path: Path) -> None:
    session = desk.session()
    for label, target in (
        ("funny", desk.post("3.1")),
        ("term", desk.words("million")),
        ("term", desk.words("tunnel")),
        ("agree", desk.post("1")),
        ("heated", desk.thread),
    ):
        session.apply(label, target)
    rows, _ = export(desk.project, tmp_path)
    assert [(row["scope"], row["post"], row["quote"]) for row in rows] == [
        ("thread", "", ""),
        ("span", "0", "tunnel"),
        ("span", "0", "million"),
        ("post", "1", ""),
        ("post", "3.1", ""),
    ]
    assert (rows[0]["title"], rows[0]["kind"], rows[0]["text"]) == ("Harbour tunnel approved", "", "")


def test_a_relation_tells_both_its_ends(desk: Desk, tmp_path: Path) -> None:
    session = desk.session()
    start = desk.only(session.apply("premise", desk.words("the pumps are new", "1")))
    end = desk.only(session.apply("claim", desk.words("The tunnel will flood")))
    session.apply("rebuts", desk.relation("1", "0", start, end))
    session.apply("quotes", desk.relation("2", "1"))
    rows = [row for row in export(desk.project, tmp_path)[0] if row["scope"] == "relation"]
    names = ("label", "post", "start_char", "end_char", "quote", "to_post", "to_quote")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("rebuts", "1", "19", "36", "the pumps are new", "0", "The tunnel will flood"),
        ("quotes", "2", "", "", "", "1", ""),
    ]


def test_a_detached_span_has_a_quote_and_no_place(desk: Desk, tmp_path: Path) -> None:
    lost = desk.only(desk.session().apply("claim", desk.words("It costs 40 million.")))
    desk.session().apply("quotes", desk.relation("0", "1", lost))
    desk.revise("Harbour tunnel approved\n\nA new beginning. 🌊 Nobody asked us.")
    rows, _ = export(desk.project, tmp_path)
    assert [(row["scope"], row["start_char"], row["end_char"], row["quote"], row["detached"]) for row in rows] == [
        ("relation", "", "", "It costs 40 million.", "true"),
        ("span", "", "", "It costs 40 million.", "true"),
    ]


def test_the_plain_file_is_exact(desk: Desk, tmp_path: Path) -> None:
    save_nasty(desk)
    rows, report = export(desk.project, tmp_path, ExportOptions(thread="nasty"))
    labels, spans = rows[::2], rows[1::2]
    assert [row["text"] for row in labels] == [row["note"] for row in labels] == ["=1+1", *NASTY]
    assert [json.loads(row["attributes"]) for row in spans] == [{"source": text} for text in ("=1+1", *NASTY)]
    for row in spans:
        assert row["text"][int(row["start_char"]) : int(row["end_char"])] == row["quote"]
    assert {row["annotator"] for row in rows} == {"@Ada"}
    assert report.lost == {}
    content = (tmp_path / "dataset.csv").read_bytes()
    # RFC 4180: a record ends with CR LF; a line feed alone is part of a text.
    assert content.startswith(b"annotation,thread,title,")
    assert content.endswith(b"\r\n")
    assert content.count(b"\r\n") == content.count(b"\r") == len(rows) + 1
    assert b'"He said ""no"", then\nleft;"' in content


def test_excel_gets_no_formula(desk: Desk, tmp_path: Path) -> None:
    save_nasty(desk)
    rows, report = export(desk.project, tmp_path, ExportOptions(thread="nasty", excel=True))
    assert (tmp_path / "dataset.csv").read_bytes().startswith(b"\xef\xbb\xbfannotation,")
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    escaped = [f"'{text}" for text in ("=1+1", *NASTY[:5])] + list(NASTY[5:])
    assert [row["text"] for row in rows[::2]] == [row["note"] for row in rows[::2]] == escaped
    assert {row["annotator"] for row in rows} == {"'@Ada"}
    assert {row["title"] for row in rows} == {"'=1+1"}
    # Numbers stay numbers.
    assert rows[0]["position"] == "0"
    assert report.lost == {}


def test_excel_gets_no_cell_that_is_too_long_and_the_report_counts_what_was_cut(desk: Desk, tmp_path: Path) -> None:
    texts = {"fits": "x" * 32_767, "long": "=" + "x" * 32_767, "waves": "x" + "🌊" * 16_384}
    root = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Long")
    comments = (Post(key=key, parent="0", text=text) for key, text in texts.items())
    thread = Thread(key="long", title="Long", posts=(root, *comments), format="test")
    save_thread(desk.project, thread, location="/long", source_sha256="long")
    thread_id = find_thread(desk.project, "long").id
    for post in iter_posts(desk.project, thread_id):
        desk.session().apply("agree", Target(thread_id=thread_id, post_id=post.id))
    rows, report = export(desk.project, tmp_path, ExportOptions(thread="long", excel=True))
    cells = {row["post"]: row["text"] for row in rows}
    assert cells["fits"] == texts["fits"]
    assert cells["long"] == "'=" + "x" * 32_765
    assert cells["waves"] == "x" + "🌊" * 16_383
    assert report.lost == {csv.CUT: 2}
    rows, report = export(desk.project, tmp_path, ExportOptions(thread="long"))
    assert [row["text"] for row in rows[1:]] == list(texts.values())
    assert report.lost == {}


@given(st.text(alphabet=st.sampled_from("=+-@\t\r'x🌊\n"), max_size=30))
def test_escaping_for_excel_only_ever_adds_one_apostrophe(text: str) -> None:
    tally = Tally()
    escaped = csv._excel_text(text, tally)
    assert escaped in {text, f"'{text}"}
    assert escaped[:1] not in set("=+-@\t\r")
    assert not tally.lost


def test_what_csv_cannot_carry_is_counted(desk: Desk, tmp_path: Path) -> None:
    desk.session().apply("agree", desk.post("1"))
    desk.session("Bo").apply("disagree", desk.post("1"))
    desk.session().apply("heated", desk.thread)
    desk.session().review(desk.posts["2"])
    desk.session("Bo").review(desk.posts["2"])
    desk.session("Bo").flag(desk.posts["2"])
    _, report = export(desk.project, tmp_path)
    lost = {csv.BARE: 13, csv.REVIEWS: 2, csv.FLAGS: 1}
    assert (report.rows, report.threads, report.posts, report.lost) == (3, 2, 1, lost)
    _, report = export(desk.project, tmp_path, ExportOptions(annotator="Bo", thread="tunnel"))
    assert (report.rows, report.threads, report.posts, report.lost) == (
        *(1, 1, 1),
        {csv.BARE: 6, csv.REVIEWS: 1, csv.FLAGS: 1},
    )


def test_only_what_was_asked_for_is_written(desk: Desk, tmp_path: Path) -> None:
    desk.session().apply("agree", desk.post("1"))
    desk.session().apply("heated", desk.thread)
    desk.session("Bo").apply("heated", desk.thread)
    desk.session("Bo").apply("funny", desk.post("1"))

    def labels(**options: str | tuple[str, ...]) -> list[tuple[str, str]]:
        rows, _ = export(desk.project, tmp_path, ExportOptions(**options))  # type: ignore[arg-type]  # as named
        return [(row["label"], row["annotator"]) for row in rows]

    assert labels() == [("heated", "Ada"), ("heated", "Bo"), ("agree", "Ada"), ("funny", "Bo")]
    assert labels(annotator="Bo") == [("heated", "Bo"), ("funny", "Bo")]
    assert labels(labels=("heated", "agree")) == [("heated", "Ada"), ("heated", "Bo"), ("agree", "Ada")]
    assert labels(thread="ferry") == []


def test_a_project_without_labels_gives_a_header(desk: Desk, tmp_path: Path) -> None:
    rows, report = export(desk.project, tmp_path)
    assert rows == []
    assert (tmp_path / "dataset.csv").read_text(encoding="utf-8").strip() == ",".join(csv.COLUMNS)
    assert report.lost == {csv.BARE: 14}


def test_what_is_said_of_the_post_stands_on_each_of_its_rows_and_relations_name_their_ends(
    desk: Desk, tmp_path: Path
) -> None:
    session = desk.session()
    claim = desk.only(session.apply("claim", desk.words("Nobody asked us")))
    reply = desk.only(session.apply("premise", desk.words("flood", "1")))
    session.apply("rebuts", desk.relation("1", "0", reply, claim))
    session.apply("quotes", Target(thread_id=desk.thread_id, post_id=desk.posts["2"], to_thread_id=desk.thread_id))
    session.flag(desk.posts["1"])
    desk.session("Bo").review(desk.posts["1"])
    add_seconds(desk.project, session.annotator.id, {desk.posts["1"]: 2.5})
    rows, report = export(desk.project, tmp_path)
    on_reply = [row for row in rows if row["post"] == "1"]
    names = ("reviewed_by", "flagged_by", "seconds", "annotator_kind")
    assert [tuple(row[name] for name in names) for row in on_reply] == [('["Bo"]', '["Ada"]', "2.5", "person")] * 2
    (rebuts, quotes) = (row for row in rows if row["scope"] == "relation")
    columns = ("from_annotation", "from_label", "to_annotation", "to_label", "to_detached", "to_thread")
    assert [rebuts[name] for name in columns] == [reply.uuid, "premise", claim.uuid, "claim", "false", "false"]
    assert [quotes[name] for name in columns] == ["", "", "", "", "", "true"]
    assert report.lost == {csv.BARE: 11}


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_batches_join_without_a_gap(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    for key in ("0", "1", "1.1", "2", "3.1"):
        desk.session().apply("agree" if key != "0" else "funny", desk.post(key))
    whole = export(desk.project, tmp_path)
    assert [row["post"] for row in whole[0]] == ["0", "1", "1.1", "2", "3.1"]
    monkeypatch.setattr("annotations.store.exporting.BATCH", batch)
    assert export(desk.project, tmp_path) == whole


@pytest.mark.parametrize("is_for_excel", [False, True])
def test_a_preview_is_the_header_and_the_first_rows(desk: Desk, tmp_path: Path, *, is_for_excel: bool) -> None:
    save_nasty(desk)
    options = ExportOptions(thread="nasty", excel=is_for_excel)
    rows, _ = export(desk.project, tmp_path, options)
    assert read(csv.preview(desk.project, options, 13).encode()) == rows[:13]
    assert not csv.preview(desk.project, options, 1).startswith("\ufeff")
    assert csv.preview(desk.project, options, 0) == ""


def test_what_speaks_of_a_thread_stands_where_it_can(desk: Desk, tmp_path: Path) -> None:
    """Where nothing is put on the article or the thread there is no row of theirs."""
    comment = Post(key="1", parent="0", text="No.")
    for key in ("one", "two", "bare"):
        article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="The pier")
        thread = Thread(
            key=key,
            title="Pier",
            posts=(article, comment),
            format="test",
            url=f"https://x.example/{key}",
            meta={"k": key},
        )
        save_thread(desk.project, thread, location=f"/{key}", source_sha256=key)
    session = desk.session()
    for key, on in (("one", "1"), ("two", "0"), ("two", "1")):
        thread_id = find_thread(desk.project, key).id
        posts = {post.key: post.id for post in iter_posts(desk.project, thread_id)}
        session.apply("agree", Target(thread_id=thread_id, post_id=posts[on]))
    rows, _ = export(desk.project, tmp_path)
    told = [(row["thread"], row["post"], row["url"], row["thread_meta"]) for row in rows]
    assert told == [
        ("one", "1", "https://x.example/one", '{"k":"one"}'),
        ("two", "0", "https://x.example/two", '{"k":"two"}'),
        ("two", "1", "", ""),
    ]
