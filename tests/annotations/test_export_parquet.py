"""Parquet and Hugging Face: tables read back as what is in the project, the same bytes each time, nothing half written."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

import pytest
from arro3.core import Table
from arro3.io import read_parquet

from annotations.errors import ExportError, WrongUsageError
from annotations.exporters import huggingface, parquet
from annotations.exporters.choosing.options import Context, ExportOptions
from annotations.exporters.rows import columns, table_file
from annotations.exporters.writing.report import Tally
from annotations.model import Post, PostKind, Thread
from annotations.store.threads import save_thread
from tests.annotations.ferry import check_golden, open_ferry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.formats import Exporter
    from annotations.store.project import Project
    from tests.annotations.conftest import Desk

SPLIT = (("train", 0.5), ("test", 0.5))


@pytest.fixture
def ferry(tmp_path: Path) -> Iterator[Project]:
    with open_ferry(tmp_path) as project:
        yield project


def rows(path: Path) -> list[dict[str, Any]]:
    """Read a file back."""
    table = Table.from_arrow(read_parquet(path))
    values = {name: table.column(name).to_pylist() for name in table.column_names}
    return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]


def test_the_tables_hang_together(ferry: Project, tmp_path: Path) -> None:
    report = parquet.write(ferry, tmp_path / "out", ExportOptions(context=Context.PARENT))
    tables = {
        name: rows(tmp_path / "out" / f"{name}.parquet")
        for name in ("posts", "annotations", "notes", "threads", "labels")
    }
    assert report.rows == sum(map(len, tables.values()))
    assert (report.posts, report.annotations, report.threads, report.lost) == (5, 12, 1, {})
    posts = {(row["thread"], row["post"]): row for row in tables["posts"]}
    assert [row["position"] for row in tables["posts"]] == [0, 1, 2, 3, 4]
    for row in tables["annotations"]:
        assert row["label"] in {label["label"] for label in tables["labels"]}
        if row["scope"] == "span" and not row["detached"]:
            text = posts[row["thread"], row["post"]]["text"]
            assert text[row["start_char"] : row["end_char"]] == row["quote"]
    assert posts["ferry", "1"]["reviewed_by"] == ["Ada"]
    assert [context["post"] for context in posts["ferry", "1.1"]["context"]] == ["1"]
    assert posts["ferry", "1.1"]["created_at"].isoformat() == "2026-04-30T23:59:59+00:00"
    (thread,) = tables["threads"]
    assert (thread["posts"], thread["thread_meta"]) == (5, '{"language":"en"}')
    assert [row["note"] for row in tables["notes"]] == ['=tired, "she"\nsays', "🛳️?"]


@pytest.mark.parametrize("exporter", [parquet, huggingface])
@pytest.mark.parametrize("options", [ExportOptions(), ExportOptions(split=SPLIT, context=Context.ARTICLE)])
def test_the_same_project_gives_the_same_bytes(
    desk: Desk,
    tmp_path: Path,
    exporter: Exporter,
    options: ExportOptions,
) -> None:
    desk.session().apply("claim", desk.words("Nobody asked us"))
    first, second = tmp_path / "one" / "out", tmp_path / "two" / "out"
    for folder in (first, second):
        folder.parent.mkdir()
        exporter.write(desk.project, folder, options)
    files = sorted(each.relative_to(first) for each in first.rglob("*") if each.is_file())
    assert files == sorted(each.relative_to(second) for each in second.rglob("*") if each.is_file())
    assert all((first / each).read_bytes() == (second / each).read_bytes() for each in files)


def test_each_thread_is_in_one_split_and_its_rows_say_which(desk: Desk, tmp_path: Path) -> None:
    parquet.write(desk.project, tmp_path / "out", ExportOptions(split=SPLIT))
    found = {name: rows(tmp_path / "out" / "posts" / f"{name}.parquet") for name in ("train", "test")}
    assert {name: {row["split"] for row in part} for name, part in found.items()} == {
        "train": {"train"},
        "test": {"test"},
    }
    assert {row["thread"] for row in found["train"]}.isdisjoint(row["thread"] for row in found["test"])
    assert sum(map(len, found.values())) == 14


def test_the_head_of_the_card_tells_datasets_what_is_where(ferry: Project, tmp_path: Path) -> None:
    huggingface.write(ferry, tmp_path / "ferry", ExportOptions())
    card = (tmp_path / "ferry" / "README.md").read_text(encoding="utf-8")
    head = card[card.index("configs:") : card.index("\n---\n")]
    told = "\n".join(
        line for line in head.splitlines() if not line.lstrip().startswith(("num_bytes", "download", "dataset_size"))
    )
    check_golden(told.encode(), "ferry-huggingface.yaml")


def test_labels_of_a_post_are_classes_each_once_and_who_put_them_is_told_besides(
    ferry: Project, tmp_path: Path
) -> None:
    huggingface.write(ferry, tmp_path / "out", ExportOptions())
    posts = rows(tmp_path / "out" / "posts" / "train.parquet")
    assert [row["labels"] for row in posts] == [[], [], [0], [], [0]]
    assert [(each["annotator"], each["annotator_kind"]) for each in posts[2]["label_annotations"]] == [
        ("ferry-1b", "model")
    ]
    assert [each["annotator"] for each in posts[4]["label_annotations"]] == ["Ada", "Bo"]
    assert [(span["quote"], span["label"]) for span in posts[1]["spans"]] == [('It did *not* "lose" £3m.', 0)]
    assert "it lost £3m." not in {span["quote"] for row in posts for span in row["spans"]}
    spans = rows(tmp_path / "out" / "spans" / "train.parquet")
    assert [(row["quote"], row["start_char"]) for row in spans if row["detached"]] == [("it lost £3m.", None)]


def test_what_has_no_rows_has_no_file_and_is_not_named(desk: Desk, tmp_path: Path) -> None:
    desk.session().apply("agree", desk.post("1"))
    report = huggingface.write(desk.project, tmp_path / "out", ExportOptions())
    names = {file.name for file in report.files if file.name.endswith(".parquet")}
    assert names == {"posts/train.parquet", "threads/train.parquet", "labels/train.parquet"}
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "config_name: posts" in card
    assert "config_name: relations" not in card
    assert {each.name for each in (tmp_path / "out").iterdir() if each.is_dir()} == {"posts", "threads", "labels"}


def test_a_split_that_datasets_would_refuse_is_refused_first(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError, match="'dev-1'"):
        huggingface.write(desk.project, tmp_path / "out", ExportOptions(split=(("train", 0.5), ("dev-1", 0.5))))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("exporter", [parquet, huggingface])
def test_without_the_library_it_is_said_what_to_install(
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    exporter: Exporter,
) -> None:
    load = builtins.__import__

    def refuse(name: str, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401  # as the built-in one
        if name.startswith("arro3"):
            raise ImportError(name)
        return load(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ExportError) as failure:
        exporter.write(desk.project, tmp_path / "out", ExportOptions())
    assert "postil[parquet]" in failure.value.hint
    assert not (tmp_path / "out").exists()


def test_a_span_that_does_not_say_what_was_quoted_leaves_nothing_and_no_thread(desk: Desk, tmp_path: Path) -> None:
    import threading  # noqa: PLC0415  # only here

    desk.session().apply("claim", desk.words("Nobody asked us"))
    desk.project.connection.execute("UPDATE annotations SET exact = 'Nobody asked you'")
    with pytest.raises(ExportError, match="does not say what was quoted"):
        parquet.write(desk.project, tmp_path / "out", ExportOptions())
    assert not (tmp_path / "out").exists()
    assert not [each for each in threading.enumerate() if each.name.startswith("writes ")]


def test_a_file_that_cannot_be_written_is_said_and_nobody_waits_for_it(tmp_path: Path) -> None:
    file = table_file.TableFile(tmp_path / "no folder" / "x.parquet", (columns.Column("a"),), Tally())

    def write() -> None:
        with table_file.writing({"x": file}):
            for _ in range(20):
                file.add([["x"] * 3000])

    with pytest.raises(OSError, match="No such file"):
        write()


def test_row_groups_are_bounded_and_times_that_are_none_are_counted(tmp_path: Path) -> None:
    tally = Tally()
    kinds = (columns.Column("at", columns.Kind.TIME), columns.strings("who"))
    file = table_file.TableFile(tmp_path / "x.parquet", kinds, tally, row_group=10)
    with table_file.writing({"x": file}):
        for number in range(25):
            file.add([["2026-05-01T08:30:00Z" if number else "in May"], [[str(number)]]])
    found = rows(tmp_path / "x.parquet")
    assert [row["who"] for row in found] == [[str(number)] for number in range(25)]
    assert [row["at"] is None for row in found] == [True, *[False] * 24]
    assert tally.lost == {columns.BAD_TIMES: 1}


@pytest.mark.parametrize("many", [3, 9000])
def test_columns_without_any_value_keep_their_kind(tmp_path: Path, many: int) -> None:
    kinds = [kind for kind in columns.Kind if kind not in {columns.Kind.LIST, columns.Kind.STRUCTS}]
    tally = Tally()
    file = table_file.TableFile(tmp_path / "x.parquet", [columns.Column(kind.value, kind) for kind in kinds], tally)
    with table_file.writing({"x": file}):
        file.add([[None] * many for _ in kinds])
    table = Table.from_arrow(read_parquet(tmp_path / "x.parquet"))
    assert [table.column(kind.value).null_count for kind in kinds] == [many] * len(kinds)
    assert [table.schema.field(kind.value).type for kind in kinds] == [
        columns.arrow_type(columns.Column("", kind)) for kind in kinds
    ]
    assert not tally.lost


def test_long_texts_make_short_batches(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_file, "_ROOM", 1000)
    root = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Long")
    comments = (Post(key=str(number), parent="0", text=f"{number} " * 400) for number in range(1, 30))
    thread = Thread(key="long", title="Long", posts=(root, *comments), format="test")
    save_thread(desk.project, thread, location="/long", source_sha256="long")
    parquet.write(desk.project, tmp_path / "out", ExportOptions(thread="long"))
    assert [row["text"][:2].strip() for row in rows(tmp_path / "out" / "posts.parquet")[1:10]] == [*"123456789"]


@pytest.mark.parametrize("exporter", [parquet, huggingface])
def test_a_preview_shows_the_first_posts_and_leaves_nothing(ferry: Project, tmp_path: Path, exporter: Exporter) -> None:
    before = sorted(tmp_path.iterdir())
    shown = exporter.preview(ferry, ExportOptions(), 2)
    assert shown.startswith('{"thread":"ferry","post":"0",')
    assert '"post":"1",' in shown
    assert '"post":"1.1",' not in shown
    assert exporter.preview(ferry, ExportOptions(), 0).strip() == ""
    assert sorted(tmp_path.iterdir()) == before
