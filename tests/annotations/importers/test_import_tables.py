"""Tables: whatever their columns are called and whatever kind of file they are in, their rows are the thread."""

from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations import formats
from annotations.errors import SourceError
from annotations.importers import tables
from annotations.importers.tabular.columns import ROLES, guess_columns
from annotations.model import GivenAnnotation, Scope
from annotations.sources.problems import Problems
from annotations.sources.source import Source, open_source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.model import Post, Thread

SAMPLES = Path(__file__).parents[3] / "sample_data"


def source_of(raw: bytes | str, name: str = "talk.csv", mapping: Mapping[str, str] | None = None) -> Source:
    return Source.of_bytes(raw.encode() if isinstance(raw, str) else raw, name, mapping=mapping)


def read(raw: bytes | str, name: str = "talk.csv", **mapping: str) -> list[Thread]:
    return list(tables.read(source_of(raw, name, mapping)))


def one(raw: bytes | str, name: str = "talk.csv", **mapping: str) -> Thread:
    (thread,) = read(raw, name, **mapping)
    return thread


def places(thread: Thread) -> list[tuple[str, str | None]]:
    return [(post.key, post.parent) for post in thread.posts]


def comments(thread: Thread) -> list[Post]:
    return list(thread.posts[1:])


def lines(*records: object) -> str:
    return "\n".join(json.dumps(record) for record in records)


# The sample in three kinds of file


def expected_rows() -> list[dict[str, str]]:
    with (SAMPLES / "comment-table.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_the_sample_is_compared_with_its_source_value_by_value(suffix: str) -> None:
    rows = expected_rows()
    threads = list(tables.read(open_source(SAMPLES / f"comment-table.{suffix}")))
    assert [(thread.key, thread.title) for thread in threads] == [
        ("tunnel", "Council approves the harbour tunnel"),
        ("ferry", "ferry"),
    ]
    for thread in threads:
        found = {post.key: post for post in thread.posts}
        mine = [row for row in rows if row["topic"] == thread.key]
        assert set(found) - {"0"} == {row["comment_id"] for row in mine}
        for row in mine:
            post = found[row["comment_id"]]
            if post.kind == "comment":
                assert post.parent == (row["reply_to"] or thread.posts[0].key)
            assert post.text == row["body"]
            assert (post.author or "") == row["user"]
            assert (post.created_at or "") == row["created_at"]
            kept = {"type": row["type"], "votes": row["votes"], "flagged": row["flagged"]}
            typed = (
                kept if suffix == "csv" else {**kept, "votes": int(row["votes"]), "flagged": row["flagged"] == "true"}
            )
            assert dict(post.meta) == typed
    assert threads[0].posts[0].key == "101", "the row that a kind column calls an article is the article"
    assert places(threads[1])[0] == ("0", None)


def test_the_sample_as_an_array_is_the_same() -> None:
    records = [json.loads(line) for line in (SAMPLES / "comment-table.jsonl").read_text(encoding="utf-8").splitlines()]
    assert read(json.dumps(records, indent=1), "x.json") == read(
        (SAMPLES / "comment-table.jsonl").read_bytes(), "x.jsonl"
    )


def test_the_guess_is_said_and_so_is_how_to_change_it() -> None:
    warning, *missing = one("id,body,when\n1,a,2\n").warnings
    assert "text from “body”, id from “id”" in warning
    assert "--map" in warning
    assert [sentence.split(":")[0] for sentence in missing] == [
        "No column says what a row answers",
        "No column names the thread",
    ]
    assert one("a,b\n1,x\n", text="b", id="a", parent="", thread="").warnings == ()


def test_a_guessed_encoding_is_said() -> None:
    thread = one(
        "id;text;user\n1;Größe und Brücke – „ja“, über den Fluß, für alle;Jürgen\n".encode("cp1252"), text="text"
    )
    assert thread.posts[1].author == "Jürgen"
    assert any("encoding was guessed as cp1252" in warning for warning in thread.warnings)


# Columns


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("comment_id,comment_text,parent_comment_id,comment_author,comment_date,article_id", "id text parent author time thread"),
        ("id,text,reply-to,speaker,timestamp,conversation_id", "id text parent author time thread"),
        ("Id;Text;ParentId;UserName;CreatedAt", "id text parent author time"),
        ("tweet_id,full_text,in_reply_to_status_id,screen_name,created_at,lang", "id text parent author time"),
        ("post_id,message,from", "id text author"),
        ("comment_id,post_id,body,parent_id", "id thread text parent"),
        ("text", "text"),
        ("headline,content,url,kind,Date", "title text url kind time"),
        ("price,colour", ""),
        ("label,text", "text"),
    ],
)  # fmt: skip
def test_common_names_are_known(names: str, expected: str) -> None:
    assert set(guess_columns(names.replace(";", ",").split(","))) == set(expected.split())


def test_no_column_is_used_twice() -> None:
    guessed = guess_columns(["post_id", "text", "name", "title"])
    assert len(set(guessed.values())) == len(guessed)
    assert guessed["id"] == "post_id"


def test_columns_can_be_named_and_the_rest_is_guessed() -> None:
    thread = one("nr,says,answers,who\n1,a,,Ann\n2,b,1,Bo\n", text="says", parent="answers", id="nr", author="who")
    assert places(thread) == [("0", None), ("1", "0"), ("2", "1")]
    assert [(post.text, post.author) for post in comments(thread)] == [("a", "Ann"), ("b", "Bo")]


def test_a_guess_can_be_refused_with_an_empty_name() -> None:
    thread = one("id,parent,text\n1,,a\n2,1,b\n", parent="")
    assert places(thread) == [("0", None), ("1", "0"), ("2", "0")]
    assert thread.posts[2].meta == {"parent": "1"} or thread.posts[2].meta == {"raw": {"parent": "1"}}


def test_an_unknown_column_gets_the_list_of_columns() -> None:
    with pytest.raises(SourceError, match=r"talk\.csv has no column “bodyy”") as caught:
        read("id,body\n1,a\n", text="bodyy")
    assert "Its columns: id, body." in caught.value.hint


def test_an_unknown_role_gets_the_list_of_roles() -> None:
    with pytest.raises(SourceError, match="“txt” is nothing that a column can be mapped to") as caught:
        read("id,body\n1,a\n", txt="body")
    assert all(role in caught.value.hint for role in ROLES)


def test_a_table_without_a_known_text_column_gets_the_list_of_columns() -> None:
    with pytest.raises(SourceError, match="none of its columns is known to hold the text") as caught:
        read("price,colour\n1,red\n")
    assert "--map text=COLUMN. Its columns: price, colour." in caught.value.hint


def test_a_field_inside_a_record_can_be_named_and_authors_are_looked_for() -> None:
    rows = lines(
        {"id": 1, "data": {"says": "a"}, "user": {"id": 9, "screen_name": "ann"}},
        {"id": 2, "data": None, "user": None},
    )
    first, second = comments(one(rows, "x.jsonl", text="data.says"))
    assert (first.text, first.author) == ("a", "ann")
    assert first.meta["data"] == {"says": "a"}
    assert (second.text, second.author) == ("", None)


def test_a_label_column_becomes_labels_only_when_it_is_named() -> None:
    table = lines(
        {"id": 1, "text": "a", "label": "claim"},
        {"id": 2, "text": "b", "label": ["claim", "rude"]},
        {"id": 3, "text": "c", "label": None},
    )
    thread = one(table, "x.jsonl", label="label")
    assert [(given.label, given.scope, given.post) for given in thread.annotations] == [
        ("claim", Scope.POST, "1"),
        ("claim", Scope.POST, "2"),
        ("rude", Scope.POST, "2"),
    ]
    assert isinstance(thread.annotations[0], GivenAnnotation)
    unnamed = one(table, "x.jsonl")
    assert unnamed.annotations == ()
    assert unnamed.posts[1].meta == {"label": "claim"}


def test_a_column_that_is_called_as_what_importers_write_is_kept_apart() -> None:
    post = comments(one("id,text,is_missing,markup,raw\n1,a,yes,no,maybe\n"))[0]
    assert post.meta == {"raw": {"is_missing": "yes", "markup": "no", "raw": "maybe"}}


# Threads, articles and trees


def test_without_parents_a_thread_is_flat_and_called_after_its_file() -> None:
    thread = one("text\nfirst\nsecond\n", "Harbour talk.csv")
    assert (thread.key, thread.title, thread.posts[0].text) == ("harbour-talk", "Harbour talk", "Harbour talk")
    assert places(thread) == [("0", None), ("line-2", "0"), ("line-3", "0")]


def test_threads_are_put_together_by_their_column_in_the_order_of_appearance() -> None:
    threads = read("thread,id,parent,text,title\nb,1,,x,\na,1,,y,A headline\nb,2,1,z,B headline\n")
    assert [(thread.key, thread.title, thread.posts[0].text) for thread in threads] == [
        ("b", "B headline", "B headline"),
        ("a", "A headline", "A headline"),
    ]
    assert places(threads[0]) == [("0", None), ("1", "0"), ("2", "1")]


def test_the_row_with_the_threads_id_is_its_article() -> None:
    thread = one("id,conversation_id,parent_id,text,url\n7,7,,Start,https://x.example/7\n8,7,7,Answer,\n")
    assert places(thread) == [("7", None), ("8", "7")]
    assert thread.url == "https://x.example/7"


def test_an_articles_text_begins_with_its_headline() -> None:
    thread = one("id,kind,title,text\n1,story,The tunnel,It is open.\n2,comment,,At last.\n")
    assert (thread.title, thread.posts[0].text) == ("The tunnel", "The tunnel\n\nIt is open.")
    assert places(thread) == [("1", None), ("2", "1")]


def test_a_reddit_table_has_prefixed_parents() -> None:
    table = "id,parent_id,link_id,body\nc1,t3_aa,t3_aa,a\nc2,t1_c1,t3_aa,b\nd1,t3_bb,t3_bb,c\n"
    first, second = read(table)
    assert places(first) == [("0", None), ("c1", "0"), ("c2", "c1")]
    assert places(second) == [("0", None), ("d1", "0")]
    assert first.posts[2].meta["parent_id"] == "t1_c1", "what it was is kept"


@pytest.mark.parametrize("nothing", ["", "0", "-1", "NaN", "null", "None", r"\N", "root", "1"])
def test_what_tables_write_for_no_parent(nothing: str) -> None:
    thread = one(f"id,parent,text\n1,{nothing},a\n2,1.0,b\n")
    assert places(thread) == [("0", None), ("1", "0"), ("2", "1")]


def test_a_row_may_have_the_id_that_elsewhere_means_no_parent() -> None:
    thread = one("id,parent,text\n0,,a\n1,0,b\n2,-1,c\n")
    assert places(thread) == [("article", None), ("0", "article"), ("1", "0"), ("2", "article")]


def test_ids_as_numbers_in_json_and_as_broken_numbers() -> None:
    thread = one(lines({"id": 1, "parent": None, "text": "a"}, {"id": 2.0, "parent": 1.0, "text": "b"}), "x.jsonl")
    assert places(thread) == [("0", None), ("1", "0"), ("2", "1")]


def test_disorder_is_survived_and_reported() -> None:
    table = (
        "id,parent,text,time\n"
        "5,4,child first,2026-05-01T10:00:00Z\n4,,parent later,2026-05-01T11:00:00Z\n6,99,orphan,\n"
        "7,8,circle,\n8,7,circle,\n4,,the same id,\n,4,no id,2024\n9,,,yesterday\n"
    )
    source = source_of(table)
    (thread,) = tables.read(source)
    assert dict(places(thread)) == {
        "0": None, "5": "4", "4": "0", "6": "0", "7": "0", "8": "7", "4~2": "0", "line-8": "4", "9": "0"
    }  # fmt: skip
    said = " ".join(source.problems.sentences())
    for what in ("has no id", "not in the source", "answers itself", "that another comment has", "older", "no time"):
        assert what in said
    assert {post.key: post.created_at for post in thread.posts}["line-8"] is None, "2024 is a year, no moment"
    strict = Source.of_bytes(table.encode(), "talk.csv", problems=Problems("talk.csv", is_strict=True))
    with pytest.raises(SourceError, match=r"talk\.csv: line 8 has no id"):
        list(tables.read(strict))


def test_a_table_without_rows_is_a_thread_without_comments() -> None:
    thread = one("id,text\n")
    assert places(thread) == [("0", None)]


def test_nesting_a_thousand_deep() -> None:
    rows = "".join(f"{n},{n - 1 or ''},t{n}\n" for n in range(1, 1001))
    thread = one(f"id,parent,text\n{rows}")
    assert places(thread)[1:] == [(str(n), str(n - 1)) for n in range(1, 1001)]


# What is a table, and what is rather something else


@pytest.mark.parametrize(
    ("name", "text", "is_table"),
    [
        ("a.csv", "id,text\n1,x\n", True),
        ("a.csv", "price,colour\n1,red\n", True),
        ("a.tsv", "id\ttext\n1\tx\n", True),
        ("-", "id,author,text\n1,a,x\n2,b,y\n", True),
        ("a.jsonl", '{"id": 1, "text": "a"}\n{"id": 2, "text": "b"}\n', True),
        ("a.json", '[{"id": 1, "text": "a"}]', True),
        ("a.txt", "The tunnel, approved\n\nA text, with commas, and more.\n", False),
        ("a.txt", "Just a text", False),
        ("a.json", "[1, 2, 3]", False),
        ("a.json", '{"posts": []}', False),
        ("a.json", '{"id": 1,\n"text": "a"}', False),
        ("a.jsonl", '{"id": 1, "text": "a"}', True),
        ("a.csv", "", False),
        ("a.html", "<html><p>x</p></html>", False),
    ],
)
def test_what_is_taken_for_a_table(name: str, text: str, is_table: bool) -> None:  # noqa: FBT001  # a parameter of the test
    assert (tables.sniff(source_of(text, name)) > 0) is is_table


@pytest.mark.parametrize(
    ("file", "other"),
    [
        ("convokit-corpus/utterances.jsonl", "convokit"),
        ("slack-export/tunnel/2026-05-01.json", "slack"),
        ("remark42-backup.jsonl", "remark42"),
        ("commento-export.json", "commento"),
        ("isso-page.json", "isso"),
        ("isso-comments.sqlite", "isso"),
        ("slack-export", "slack"),
        ("convokit-corpus", "convokit"),
        ("comment-table.csv", "tables"),
        ("comment-table.jsonl", "tables"),
        ("comment-table.parquet", "tables"),
        ("reddit-dump.ndjson", "reddit_dump"),
    ],
)
def test_every_sample_is_recognised_among_all_importers(file: str, other: str) -> None:
    chosen, why = formats.choose_importer(open_source(SAMPLES / file))
    assert chosen.name == other
    assert why.endswith("recognised")


def test_whoever_maps_columns_has_a_table() -> None:
    raw = (SAMPLES / "reddit-dump.ndjson").read_bytes()
    assert tables.sniff(source_of(raw, "dump.ndjson", {"text": "body"})) > 0.95


# Trees of any shape

TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff\ufeff\r")
    .filter(lambda sign: sign in "\t\n" or not ("\x00" <= sign < "\x20" or "\x7f" <= sign <= "\x9f")),
    max_size=30,
)  # fmt: skip


@st.composite
def records(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw comments that answer others, in an order in which an answer may stand first."""
    count = draw(st.integers(1, 12))
    found = [
        {"id": f"c{n}", "parent": None if not n else draw(st.sampled_from([None, *(f"c{m}" for m in range(n))])),
         "text": draw(TEXTS), "author": draw(st.sampled_from([None, "Ada", "潮見", "a;b"])),
         "extra": draw(st.none() | st.integers(-9, 9) | st.booleans())}
        for n in range(count)
    ]  # fmt: skip
    return draw(st.permutations(found))


@settings(max_examples=40, deadline=None)
@given(records(), st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_a_tree_written_as_delimited_values_comes_back(
    rows: list[dict[str, Any]], delimiter: str, encoding: str
) -> None:
    written = StringIO(newline="")
    writer = csv.DictWriter(written, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    thread = one(written.getvalue().encode(encoding), "x.tsv" if delimiter == "\t" else "x.csv")
    assert_same(thread, [{**row, "extra": "" if row["extra"] is None else str(row["extra"])} for row in rows])


@settings(max_examples=40, deadline=None)
@given(records(), st.booleans())
def test_a_tree_written_as_json_comes_back(rows: list[dict[str, Any]], is_array: bool) -> None:  # noqa: FBT001  # drawn
    raw = json.dumps(rows) if is_array else lines(*rows)
    assert_same(one(raw, "x.json"), rows)


def assert_same(thread: Thread, rows: list[dict[str, Any]]) -> None:
    found = {post.key: post for post in comments(thread)}
    assert len(found) == len(rows)
    for row in rows:
        post = found[row["id"]]
        assert (post.text, post.author, post.parent) == (row["text"], row["author"], row["parent"] or "0")
        assert post.meta.get("extra", "") == ("" if row["extra"] is None else row["extra"])
    assert thread.dropped == 0


def test_parquet_keeps_types_times_lists_and_structs() -> None:
    core = pytest.importorskip("arro3.core")
    aio = pytest.importorskip("arro3.io")
    types, array = core.DataType, core.Array
    moments = array([1777624200000000, None], types.int64()).cast(types.timestamp("us", tz="UTC"))
    columns = {
        "id": array([1, 2], types.int64()),
        "parent": array([None, 1.0], types.float64()),
        "text": array(["a", None], types.utf8()),
        "time": moments,
        "score": array([0.5, float("nan")], types.float64()),
        "tags": core.list_array(array([0, 2, 2], types.int32()), array(["x", "y"], types.utf8())),
    }
    stream = BytesIO()
    aio.write_parquet(core.Table.from_pydict(columns), stream)
    thread = one(stream.getvalue(), "x.parquet")
    assert places(thread) == [("0", None), ("1", "0"), ("2", "1")]
    first, second = comments(thread)
    assert (first.created_at, first.meta["score"], first.meta["tags"]) == ("2026-05-01T08:30:00Z", 0.5, ["x", "y"])
    assert (second.text, second.created_at, second.meta["score"]) == ("", None, "nan")


@pytest.mark.parametrize("raw", [b"PAR1", b"PAR1" + bytes(100), b"PAR1" + bytes(96) + b"\xff\xff\xff\x7fPAR1"])
def test_a_damaged_parquet_file_is_refused(raw: bytes) -> None:
    with pytest.raises(SourceError, match="cannot be read as Parquet: its end is missing"):
        read(raw, "x.parquet")


def test_parquet_without_the_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "arro3.io", None)
    with pytest.raises(SourceError, match="for which Postil needs arro3") as caught:
        list(tables.read(open_source(SAMPLES / "comment-table.parquet")))
    assert "pip install 'postil[parquet]'" in caught.value.hint
