"""Parquet, and the tables of CSV and JSON Lines: what DuckDB, polars, pyarrow and Spark find in them."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from annotations.exporters import csv, jsonl, parquet
from annotations.exporters.choosing.options import Context, ExportOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from annotations.store.project import Project

TABLES = ("posts", "annotations", "notes", "threads", "labels")

DUCKDB = """
import json, sys
import duckdb

folder = sys.argv[1]
quotes = duckdb.sql(f'''
    SELECT a.annotation, a.quote, substring(p.text, a.start_char + 1, a.end_char - a.start_char)
    FROM '{folder}/posts.parquet' AS p JOIN '{folder}/annotations.parquet' AS a USING (thread, post)
    WHERE a.scope = 'span' AND NOT a.detached
''').fetchall()
counts = {
    table: duckdb.sql(f"SELECT COUNT(*) FROM '{folder}/{table}.parquet'").fetchall()[0][0]
    for table in ("posts", "annotations", "notes", "threads", "labels")
}
keys = duckdb.sql(f"SELECT json_keys(attributes) FROM '{folder}/annotations.parquet' WHERE attributes <> '{{}}'").fetchall()
csv = duckdb.sql(f"SELECT annotation, text, quote FROM read_csv('{folder}.csv', all_varchar=true, strict_mode=true)").fetchall()
lines = duckdb.sql(f"SELECT COUNT(*) FROM read_json('{folder}.jsonl', format='newline_delimited')").fetchall()[0][0]
times = duckdb.sql(f"SELECT typeof(created_at) FROM '{folder}/annotations.parquet' LIMIT 1").fetchall()[0][0]
print(json.dumps({"quotes": quotes, "counts": counts, "keys": len(keys), "csv": csv, "lines": lines, "times": times}))
"""

POLARS = """
import json, sys
import polars

folder = sys.argv[1]
posts = polars.scan_parquet(f"{folder}/posts.parquet")
annotations = polars.scan_parquet(f"{folder}/annotations.parquet")
quotes = (
    annotations.filter((polars.col("scope") == "span") & ~polars.col("detached"))
    .join(posts, on=["thread", "post"])
    .select(
        "annotation", "quote",
        polars.col("text").str.slice(polars.col("start_char"), polars.col("end_char") - polars.col("start_char")).alias("sliced"),
    )
    .collect()
)
csv = polars.read_csv(f"{folder}.csv", infer_schema=False)
rows = posts.collect()
print(json.dumps({
    "quotes": quotes.rows(),
    "texts": rows["text"].to_list(),
    "reviewers": rows["reviewed_by"].to_list(),
    "times": str(rows.schema["created_at"]),
    "csv": csv.select("annotation", "text", "quote").rows(),
}))
"""

PYARROW = """
import json, sys
import pyarrow.parquet as pq

found = {}
for table in ("posts", "annotations", "notes", "threads", "labels"):
    file = pq.ParquetFile(f"{sys.argv[1]}/{table}.parquet")
    found[table] = file.read().to_pylist()
print(json.dumps(found, default=lambda time: time.isoformat().replace("+00:00", "Z")))
"""

SPARK = """
import json, sys
from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.bindAddress", "127.0.0.1").config("spark.sql.session.timeZone", "UTC").getOrCreate()
)
folder = sys.argv[1]
found = {
    table: [row.asDict(recursive=True) for row in spark.read.parquet(f"{folder}/{table}.parquet").collect()]
    for table in ("posts", "annotations", "notes", "threads", "labels")
}
print(json.dumps(found, default=str))
"""


@pytest.fixture
def folder(rich_project: Project, tmp_path: Path) -> Path:
    """Return where the tables of the rich project are; beside the folder are the same as CSV and JSON Lines."""
    parquet.write(rich_project, tmp_path / "tables", ExportOptions(context=Context.PARENT))
    csv.write(rich_project, tmp_path / "tables.csv", ExportOptions())
    jsonl.write(rich_project, tmp_path / "tables.jsonl", ExportOptions())
    return tmp_path / "tables"


def told(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in folder.with_suffix(".jsonl").read_bytes().split(b"\n")[:-1]]


def placed_spans(folder: Path) -> list[tuple[str, str]]:
    """Return the uuid, "" for one that is implied, and the words of every span that has its place, sorted."""
    spans = (span for row in told(folder) for span in row["spans"] if not span["detached"])
    return sorted((span["annotation"] or "", span["quote"]) for span in spans)


def check_csv(rows: list[list[str | None]], folder: Path) -> None:
    """See that a reader of CSV has found every annotation, and every text as it is."""
    texts = {row["text"] for row in told(folder)}
    lists = ("labels", "spans", "relations", "thread_labels", "thread_relations")
    uuids = sorted(
        each["annotation"] for row in told(folder) for name in lists for each in row[name] if each["annotation"]
    )
    assert sorted(uuid for uuid, _, _ in rows if uuid) == uuids
    assert {text for _, text, _ in rows if text} <= texts
    quotes = {uuid: quote for uuid, quote in placed_spans(folder) if uuid}
    assert {uuid: quote for uuid, _, quote in rows if uuid in quotes} == quotes


@pytest.mark.heavy
def test_duckdb_joins_the_tables_and_cuts_every_quote_out_of_its_text(
    folder: Path, consumer: Callable[..., Path], run: Callable[..., str]
) -> None:
    found = json.loads(run(consumer("duckdb==2.0.0"), DUCKDB, folder))
    assert all(quote == cut for _, quote, cut in found["quotes"])
    assert sorted((uuid or "", quote) for uuid, quote, _ in found["quotes"]) == placed_spans(folder)
    lists = ("labels", "spans", "relations", "thread_labels", "thread_relations")
    assert found["counts"]["posts"] == found["lines"] == len(told(folder))
    assert found["counts"]["annotations"] == sum(len(row[name]) for row in told(folder) for name in lists)
    assert found["counts"]["notes"] == sum(len(row["notes"]) for row in told(folder))
    assert found["keys"] == sum(
        bool(each["attributes"]) for row in told(folder) for name in lists for each in row[name]
    )
    assert found["times"] == "TIMESTAMP WITH TIME ZONE"
    check_csv(found["csv"], folder)


@pytest.mark.heavy
def test_polars_joins_the_tables_and_cuts_every_quote_out_of_its_text(
    folder: Path, consumer: Callable[..., Path], run: Callable[..., str]
) -> None:
    found = json.loads(run(consumer("polars==2.1.0"), POLARS, folder))
    assert all(quote == cut for _, quote, cut in found["quotes"])
    assert sorted((uuid or "", quote) for uuid, quote, _ in found["quotes"]) == placed_spans(folder)
    assert found["texts"] == [row["text"] for row in told(folder)]
    assert found["reviewers"] == [row["reviewed_by"] for row in told(folder)]
    assert found["times"] == "Datetime(time_unit='us', time_zone='UTC')"
    check_csv(found["csv"], folder)


@pytest.mark.heavy
def test_pyarrow_reads_every_value_of_every_table(
    folder: Path, consumer: Callable[..., Path], run: Callable[..., str]
) -> None:
    check_tables(json.loads(run(consumer("pyarrow==26.0.1"), PYARROW, folder)), folder)


@pytest.mark.heavy
def test_spark_reads_every_value_of_every_table(
    folder: Path, consumer: Callable[..., Path], run: Callable[..., str]
) -> None:
    if shutil.which("java") is None:
        pytest.fail("Spark needs Java, and there is none: apt-get install default-jre-headless")
    check_tables(json.loads(run(consumer("pyspark==4.3.0"), SPARK, folder)), folder)


def check_tables(found: dict[str, list[dict[str, Any]]], folder: Path) -> None:
    """See that a reader has found what JSON Lines say."""
    assert tuple(found) == TABLES
    lines = told(folder)
    for name in (
        "thread",
        "post",
        "parent",
        "kind",
        "position",
        "author",
        "text",
        "reviewed_by",
        "flagged_by",
        "uncertain",
    ):
        assert [row[name] for row in found["posts"]] == [line[name] for line in lines], name
    assert [json.loads(row["meta"]) for row in found["posts"]] == [line["meta"] for line in lines]
    assert all(row["context"][-1]["post"] == row["parent"] for row in found["posts"] if row["parent"])
    scopes = {"thread_labels": "thread", "labels": "post", "spans": "span"}
    annotations_found = {(row["annotation"] or row["implied_by"], row["label"]): row for row in found["annotations"]}
    lists = ("thread_labels", "thread_relations", "labels", "relations", "spans")
    for line in lines:
        for field in lists:
            for each in line[field]:
                row = annotations_found.pop((each["annotation"] or each["implied_by"], each["label"]))
                assert row["scope"] == scopes.get(field, "relation")
                assert row["post"] == (None if field.startswith("thread_") else line["post"])
                assert json.loads(row["attributes"]) == each["attributes"]
                for name in (
                    "label",
                    "label_name",
                    "annotator",
                    "annotator_kind",
                    "note",
                    "implied_by",
                    "codebook_version",
                ):
                    assert row[name] == each[name], name
                for name in ("start_char", "end_char", "quote", "detached", "to_post", "to_thread"):
                    assert row[name] == each.get(name), name
                for side in ("from", "to"):
                    end = each.get(f"{side}_span") or {}
                    for name in ("annotation", "label", "start_char", "end_char", "quote", "detached"):
                        assert row[f"{side}_{name}"] == end.get(name)
    assert not annotations_found
    assert [row["note"] for row in found["notes"]] == [note["note"] for line in lines for note in line["notes"]]
    assert [row["thread"] for row in found["threads"]] == list(dict.fromkeys(line["thread"] for line in lines))
    assert sum(row["posts"] for row in found["threads"]) == len(lines)
