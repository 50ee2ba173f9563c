"""Records: the short way from rows and the way through labeled posts tell the same, and threads of all kinds come in order."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from annotations.exporters.choosing.options import ExportOptions
from annotations.exporters.choosing.selecting import select
from annotations.exporters.rows.csv_rows import plain_cell
from annotations.exporters.rows.json_values import raw_json
from annotations.exporters.rows.labeled_posts import iter_labeled_posts
from annotations.exporters.rows.recording import iter_records
from annotations.exporters.writing.report import Tally
from annotations.model import Post, PostKind, Target, Thread
from annotations.store.snapshot import snapshot
from annotations.store.threads import save_thread
from tests.annotations.ferry import open_ferry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.exporters.choosing.selection import Selection
    from annotations.store.project import Project
    from tests.annotations.conftest import Desk


def told(project: Project, selection: Selection, *, is_sparse: bool = False) -> tuple[list[Any], Tally]:
    """Return the records as JSON values, and the tally."""
    tally = Tally()
    found = [each for records in iter_records(project, selection, tally, is_sparse=is_sparse) for each in records]
    return msgspec.json.decode(msgspec.json.encode(found)), tally


@pytest.fixture
def ferry(tmp_path: Path) -> Iterator[Project]:
    with open_ferry(tmp_path) as project:
        yield project


@pytest.mark.parametrize("is_sparse", [False, True])
@pytest.mark.parametrize(
    "options",
    [
        ExportOptions(),
        ExportOptions(annotator="Bo"),
        ExportOptions(labels=("claim", "rebuts")),
        ExportOptions(annotator="ferry-1b", labels=("agree",)),
    ],
)
def test_both_ways_tell_the_same(ferry: Project, options: ExportOptions, *, is_sparse: bool) -> None:
    with snapshot(ferry):
        selection = select(ferry, options)
        short = told(ferry, selection, is_sparse=is_sparse)
        # One that changes nothing makes every post go the long way.
        long = told(ferry, replace(selection, shapers=(lambda labeled: labeled,)), is_sparse=is_sparse)
    assert short == long
    assert short[1].annotations > 0


def test_a_label_that_implies_another_goes_the_long_way_and_the_rest_of_the_batch_does_not(desk: Desk) -> None:
    desk.session().apply("agree", desk.post("1"))
    desk.session().apply("premise", desk.words("flood", "1"))
    with snapshot(desk.project):
        selection = select(desk.project, ExportOptions())
        implied = replace(selection.telling, wider={"premise": ("claim",)})
        records, tally = told(desk.project, replace(selection, telling=implied))
    spans = [(each["label"], each["annotation"] is None) for record in records for each in record["spans"]]
    assert spans == [("premise", False), ("claim", True)]
    assert (len(records), tally.annotations) == (14, 2)


@pytest.mark.parametrize("batch", [1, 3, 500])
def test_many_small_threads_come_in_order_with_what_is_theirs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    for number in range(6):
        root = Post(key="0", parent=None, kind=PostKind.ARTICLE, text=f"Article {number}")
        comments = (Post(key=f"{each}", parent="0", text=f"Comment {each}") for each in range(1, number + 1))
        thread = Thread(key=f"small-{number}", title="Small", posts=(root, *comments), format="test")
        saved = save_thread(desk.project, thread, location=f"/{number}", source_sha256=f"{number}").thread
        desk.session("Bo" if number % 2 else "Ada").apply("heated", Target(thread_id=saved.id))
        (last,) = desk.project.connection.execute(
            "SELECT id FROM posts WHERE thread_id = ? ORDER BY position DESC LIMIT 1", (saved.id,)
        ).fetchone()
        if number:
            desk.session().apply("agree", Target(thread_id=saved.id, post_id=last))
    monkeypatch.setattr("annotations.store.exporting.BATCH", batch)
    with snapshot(desk.project):
        selection = select(desk.project, ExportOptions())
        for chosen in (selection.thread_ids, selection.thread_ids[::2], selection.thread_ids[:2:-1]):
            part = replace(selection, thread_ids=chosen)
            records, tally = told(desk.project, part)
            one_by_one = [
                (labeled.thread.key, labeled.post.key, [each.uuid for each in labeled.annotations])
                for thread_id in chosen
                for labeled in iter_labeled_posts(desk.project, part, thread_id)
            ]
            assert one_by_one == [
                (each["thread"], each["post"], [label["annotation"] for label in each["labels"]]) for each in records
            ]
            assert tally.threads == len(chosen)
            articles = [each for each in records if each["position"] == 0]
            assert [len(each["thread_labels"]) for each in articles] == [
                int(each["thread"].startswith("small")) for each in articles
            ]
            assert all(later["position"] in {0, one["position"] + 1} for one, later in pairwise(records))


def test_work_is_told_of_every_post_even_of_those_that_are_passed_over(desk: Desk) -> None:
    desk.session().apply("agree", desk.post("1"))
    with snapshot(desk.project):
        selection = select(desk.project, ExportOptions())
        for is_sparse in (False, True):
            desk.project.work.begin("Writing", 14, "posts")
            told(desk.project, selection, is_sparse=is_sparse)
            assert desk.project.work.done == 14


@given(st.text(alphabet=st.sampled_from('ab ",\n\r\t=é🌊'), max_size=20))
def test_a_cell_is_what_the_standard_library_makes_of_it(text: str) -> None:
    import csv  # noqa: PLC0415  # the standard library's
    import io  # noqa: PLC0415  # the same

    written = io.StringIO(newline="")
    csv.writer(written).writerow((text, "x"))
    assert written.getvalue() == f"{plain_cell(text)},x\r\n"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=8,
    )
)
def test_json_that_is_kept_as_text_says_the_same_in_a_data_set(value: object) -> None:
    for text in (msgspec.json.encode(value).decode(), __import__("json").dumps(value)):
        assert msgspec.json.decode(msgspec.json.encode(raw_json(text))) == value


def test_json_that_only_the_standard_library_reads_becomes_what_others_read() -> None:
    assert msgspec.json.encode(raw_json('{"a":NaN,"b":Infinity}')) == b'{"a":null,"b":null}'
