"""Delimited values as programs write them and as they get broken: rows are read, and what is wrong is said with its line."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.errors import SourceError
from annotations.importers.tabular import delimited
from annotations.importers.tabular.delimited import REST, name_columns
from annotations.importers.tabular.dialect import find_dialect
from annotations.importers.tabular.files import open_table
from annotations.sources.problems import Problems
from annotations.sources.source import Source
from annotations.work import Work, WorkCancelledError


def read(raw: bytes | str, name: str = "x.csv") -> tuple[list[list[object]], list[str]]:
    source = Source.of_bytes(raw.encode() if isinstance(raw, str) else raw, name)
    rows = [list(row.fields.values()) for row in open_table(source).rows]
    return rows, list(source.problems.sentences())


@pytest.mark.parametrize(
    ("text", "delimiter", "names"),
    [
        ("id,text\n1,a\n", ",", ("id", "text")),
        ("id;text\n1;a, b, c\n2;d, e\n", ";", ("id", "text")),
        ("id\ttext\n1\ta; b\n", "\t", ("id", "text")),
        ("id|text\n1|a\n", "|", ("id", "text")),
        ("sep=;\nid;text\n1;a\n", ";", ("id", "text")),
        ("sep=|\r\nid|text\r\n1|a,b\r\n", "|", ("id", "text")),
        ('"id","text"\n"1","a;b;c"\n"2","d;e;f"\n', ",", ("id", "text")),
        ("\ufeffid,text\n1,a\n", ",", ("id", "text")),
        ("text\na, b\nc\n", ";", ("text",)),
        ("id,text", ",", ("id", "text")),
    ],
)
def test_the_delimiter_is_found(text: str, delimiter: str, names: tuple[str, ...]) -> None:
    dialect = find_dialect(text, may_be_single=True)
    assert dialect is not None
    assert (dialect.delimiter, dialect.names) == (delimiter, names)


def test_a_quotation_mark_that_is_open_for_very_many_lines_is_refused_with_its_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delimited, "_MOST_LINES", 50)
    with pytest.raises(SourceError, match="a quotation mark in line 3 that is not closed in the next 50 lines"):
        read('id,text\n1,a\n2,"open\n' + "a line of words\n" * 200)
    monkeypatch.setattr(delimited, "_LONGEST_ROW", 500)
    with pytest.raises(SourceError, match="in line 2 that is not closed in the next 6 lines"):
        read('id,text\n2,"open\n' + f"{'word ' * 20}\n" * 40)
    assert read('id,text\n2,"' + "a line\n" * 40 + '"\n')[1] == [], "one that is closed may be long"


def test_a_line_without_an_end_is_left_out_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_LONGEST_LINE", 100)
    rows, said = read(f"id,text\n1,a\n2,{'word ' * 100}\n3,{'more ' * 100}\n4,b\n")
    assert rows == [["1", "a"], ["4", "b"]]
    assert said == ["line 3, line 4: is longer than a row can be; it was left out."]


def test_a_table_of_very_many_columns_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MOST_COLUMNS", 5)
    with pytest.raises(SourceError, match="more than 5 columns"):
        read("id,text,c,d,e,f\n1,a,b,c,d,e\n")


def test_prose_is_no_table_of_one_column() -> None:
    assert find_dialect("A text\nwithout any of these\n", may_be_single=False) is None
    assert find_dialect("", may_be_single=True) is None


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_quotes_line_ends_and_blanks_in_values(end: str) -> None:
    raw = f'id,text{end}1,"She said ""no"", twice"{end}2,"two{end}lines, one{end}{end}comment"{end}{end}3, spaced {end}'
    rows, said = read(raw)
    assert rows == [["1", 'She said "no", twice'], ["2", f"two{end}lines, one{end}{end}comment"], ["3", " spaced "]]
    assert said == []


def test_a_backslash_before_a_quotation_mark() -> None:
    rows, said = read('id,text,by\n1,"She said \\"no, never\\", twice",a\n2,"\\"b\\", c",d\n')
    assert rows == [["1", 'She said "no, never", twice', "a"], ["2", '"b", c', "d"]]
    assert said == []


def test_quotation_marks_that_quote_nothing_in_tab_separated_values() -> None:
    rows, said = read('id\ttext\n1\t"Yes, he said\n2\t5" pipe\n3\tb\n', "x.tsv")
    assert rows == [["1", '"Yes, he said'], ["2", '5" pipe'], ["3", "b"]]
    assert said == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(encoding: str) -> None:
    text = "id;text\n1;Über die Brücke – „ja“\n2;Größe\n" * 1
    rows, _ = read(text.encode(encoding))
    assert rows == [["1", "Über die Brücke – „ja“"], ["2", "Größe"]]


def test_bytes_of_another_encoding_in_one_row_are_reported_with_its_line() -> None:
    long = "Größe und Brücke über den Fluß " * 10
    raw = f"id,text\n1,{long}\n".encode() + b"2,Gr\xf6\xdfe\n" + "3,ü\n".encode()
    rows, said = read(raw)
    assert [row[1] for row in rows] == [long, "Größe", "ü"]
    assert said == ["line 3: has bytes that are not of the file’s encoding; they were read as Windows-1252."]


def test_rows_that_are_too_long_or_too_short_are_reported_with_their_lines() -> None:
    rows, said = read('id,text,by\n1,"a\nb",x\n2,c\n3,d,y,more,still\n4,e')
    assert rows == [["1", "a\nb", "x"], ["2", "c"], ["3", "d", "y", ["more", "still"]], ["4", "e"]]
    assert said == [
        "line 4, line 6: has fewer values than the table has columns; the last ones are empty.",
        f"line 5: has more values than the table has columns; they are kept as “{REST}”.",
    ]


def test_a_file_that_was_cut_off_inside_quotes_keeps_its_last_value() -> None:
    rows, said = read('id,text\n1,a\n2,"the end is miss\ning here')
    assert rows == [["1", "a"], ["2", "the end is miss\ning here"]]
    assert said == ["line 3: has a quotation mark that is never closed; its value ends with the file."]


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_rows_below() -> None:
    rows, said = read('id,text\n1,"never closed\n2,b\n3,c\n4,d\n')
    assert [row[0] for row in rows] == ["1", "2", "3", "4"]
    assert rows[0][1] == '"never closed'
    assert said == ["line 2: has a quotation mark that is never closed; it was taken for a sign."]


def test_a_quotation_mark_that_is_closed_by_another_rows_does_not_either() -> None:
    rows, said = read('id,text,by\n1,"never closed,x\n2,b,y\n3,"quoted, here",z\n4,d,w\n')
    assert rows == [["1", '"never closed', "x"], ["2", "b", "y"], ["3", "quoted, here", "z"], ["4", "d", "w"]]
    assert said == ["line 2: has a quotation mark that is never closed; it was taken for a sign."]


def test_a_quotation_mark_inside_the_last_value_is_none() -> None:
    rows, said = read('id,text\n1,a 5" pipe')
    assert rows == [["1", 'a 5" pipe']]
    assert said == []


def test_names_of_columns_are_unique() -> None:
    assert name_columns(["a", "", " b\n c ", "a", "a", ""]) == ("a", "column 2", "b c", "a 2", "a 3", "column 6")
    assert len(set(name_columns(["a"] * 50_000))) == 50_000


def test_nul_bytes_and_controls_do_no_harm() -> None:
    rows, _ = read(b"id,text\n1,a\x00b\x1b[31m\n")
    assert rows == [["1", "a\x00b\x1b[31m"]], "cleaning is done where a post is made"


def test_a_value_may_be_longer_than_the_csv_modules_limit() -> None:
    long = "x" * 300_000
    assert read(f"id,text\n1,{long}\n")[0] == [["1", long]]


def test_what_is_no_table_says_so() -> None:
    with pytest.raises(SourceError, match="is no table: no rows of values were found"):
        read("Just a text", "x.txt")
    with pytest.raises(SourceError, match="is empty"):
        read(b"", "x.csv")


def test_a_problem_stops_a_strict_import() -> None:
    source = Source.of_bytes(b"id,text\n1,a\n2\n", "x.csv", problems=Problems("x.csv", is_strict=True))
    with pytest.raises(SourceError, match=r"x\.csv: line 3 has fewer values"):
        list(open_table(source).rows)


def test_reading_can_be_cancelled_and_says_how_far_it_is() -> None:
    work = Work()
    raw = b"id,text\n" + b"1,a\n" * 5000
    rows = open_table(Source.of_bytes(raw, "x.csv", work=work)).rows
    for _ in range(2000):
        next(rows)
    assert 0.3 < work.fraction < 0.5
    work.cancel()
    with pytest.raises(WorkCancelledError):
        list(rows)


def test_a_file_is_not_read_further_than_needed() -> None:
    work = Work()
    source = Source.of_bytes(b"id,text\n" + b"1,a\n" * 2_000_000, "x.csv", work=work)
    rows = open_table(source).rows
    for _ in range(600):
        next(rows)
    assert work.fraction < 0.01


VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r\ufeff"), max_size=20)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=1, max_size=8), st.sampled_from(",;\t|"))
def test_what_the_csv_module_writes_comes_back(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    written = StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["id", "text", "author"])
    writer.writerows(rows)
    found, said = read(written.getvalue())
    assert found == [list(row) for row in rows]
    assert said == []


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from('a,;"\n\r\t\\ 0'), max_size=60))
def test_any_signs_are_read_or_refused(text: str) -> None:
    source = Source.of_bytes(f"id,text\n{text}".encode(), "x.csv")
    joined = "".join(str(value) for row in open_table(source).rows for value in row.fields.values())
    assert joined.count("a") == text.count("a"), "no letter is lost"
