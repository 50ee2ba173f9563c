"""Tables: the columns that come straight from the project's rows and those that records are made into say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from annotations.exporters.choosing.options import ExportOptions
from annotations.exporters.choosing.selecting import select
from annotations.exporters.rows.structs import Structs
from annotations.exporters.rows.telling_posts import iter_told
from annotations.exporters.rows.told import WholeThreads, thread_columns
from annotations.exporters.writing.report import Tally
from annotations.model import Post, PostKind, Thread
from annotations.store.snapshot import snapshot
from annotations.store.threads import save_thread
from tests.annotations.ferry import open_ferry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.exporters.choosing.selection import Selection
    from annotations.store.project import Project

OPTIONS = (
    ExportOptions(),
    ExportOptions(annotator="Bo"),
    ExportOptions(labels=("claim", "rebuts")),
    ExportOptions(split=(("train", 0.5), ("test", 0.5))),
)
BATCHES = (1, 500)
AT = "2026-05-02T08:30:00Z"
SPAN, WHOLE, THREAD, RELATION = range(1, 5)
"""The rows of the labels of the golden project."""
POSTS, OTHER = 8, 6
"""How many posts there are, and the first one of the second thread."""
JSON = st.sampled_from(["{}", '{"certainty":0.5}', '{"source":"«é»"}', '{"source":"\\ud83d"}', '{"certainty":NaN}'])
PUT = st.tuples(
    st.integers(1, 3),  # the annotator
    st.integers(SPAN, RELATION),  # the label
    st.integers(1, POSTS),  # the post
    st.tuples(st.integers(0, 6), st.integers(1, 6)),  # of a span: where it starts, and how long it is
    st.integers(0, POSTS + 1),  # of a relation: the post to which it leads; other numbers for the thread
    st.booleans(),  # whether a span has lost its place, or a relation starts at the thread
    st.integers(0, 3),  # of a relation: to which earlier annotations it is tied
    JSON,
)
MARKS = st.lists(st.tuples(st.integers(1, 3), st.integers(1, POSTS)), max_size=8)


def told(project: Project, selection: Selection, *, is_sparse: bool) -> tuple[dict[str, Any], Tally]:
    """Return all that is told, what each column says in one piece; and the tally."""
    tally = Tally()
    whole: dict[str, Any] = {}
    threads, found = WholeThreads(), []
    before = 0
    for part in iter_told(project, selection, tally, is_sparse=is_sparse):
        for table in ("posts", "annotations", "notes"):
            for name, values in getattr(part, table).items():
                whole.setdefault(f"{table}.{name}", []).extend(_plain(each) for each in values)
        for place in ("owners", "note_owners"):
            whole.setdefault(place, []).extend(before + owner for owner in getattr(part, place))
        before += len(part.posts["post"])
        found += threads.add(part.threads)
    whole["threads"] = {
        name: list(values) for name, values in thread_columns([*found, *threads.finish()], selection.options).items()
    }
    return whole, tally


def _plain(value: Any) -> Any:  # noqa: ANN401  # whatever a cell holds
    return list(value) if isinstance(value, list | tuple) else value


@pytest.fixture
def ferry(tmp_path: Path) -> Iterator[Project]:
    """Open the golden project, to which a second thread is added: its posts have the rows 6 to 8."""
    with open_ferry(tmp_path) as project:
        posts = (
            Post(key="0", parent=None, kind=PostKind.ARTICLE, text="A second article 👩‍👧 é", meta={"a": "\ud83d"}),
            Post(key="1", parent="0", text="Its first comment"),
            Post(key="1.1", parent="1", text="And an answer", uncertain=("who",), meta={"votes": 3}),
        )
        thread = Thread(key="second", title="Second", posts=posts, format="test", meta={"half": "\udc00"})
        save_thread(project, thread, location="/second", source_sha256="second")
        yield project


def check(project: Project, monkeypatch: pytest.MonkeyPatch) -> int:
    """See that both ways tell the same, whatever is asked for; return how many annotations are told in all."""
    with snapshot(project):
        for options in OPTIONS:
            selection = select(project, options)
            # One that changes nothing makes every post go by way of records.
            slow = replace(selection, shapers=(lambda labeled: labeled,))
            for is_sparse in (False, True):
                expected = told(project, slow, is_sparse=is_sparse)
                for batch in BATCHES:
                    monkeypatch.setattr("annotations.store.exporting.BATCH", batch)
                    assert told(project, selection, is_sparse=is_sparse) == expected
        return told(project, select(project, ExportOptions()), is_sparse=False)[1].annotations


def test_both_ways_tell_the_same_of_the_golden_project(ferry: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check(ferry, monkeypatch) > 10


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(put=st.lists(PUT, max_size=14), reviews=MARKS, flags=MARKS, times=MARKS, notes=MARKS)
def test_both_ways_tell_the_same_whatever_is_put(  # noqa: PLR0913, PLR0917  # each is drawn
    ferry: Project,
    monkeypatch: pytest.MonkeyPatch,
    put: list[tuple[Any, ...]],
    reviews: list[tuple[int, int]],
    flags: list[tuple[int, int]],
    times: list[tuple[int, int]],
    notes: list[tuple[int, int]],
) -> None:
    with ferry.transaction() as connection:
        connection.execute("PRAGMA defer_foreign_keys=ON")
        connection.execute("UPDATE labels SET label = 'yes' WHERE label = 'agree'")  # so that relations come before it
        for table in ("annotations", "reviews", "flags", "times", "post_notes"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608  # one of those above
        connection.executemany("INSERT OR IGNORE INTO reviews VALUES (?, ?, 'then')", reviews)
        connection.executemany("INSERT OR IGNORE INTO flags VALUES (?, ?, 'then')", flags)
        connection.executemany("INSERT OR IGNORE INTO times VALUES (?1, ?2, ?1 * 1.26)", times)
        connection.executemany("INSERT OR IGNORE INTO post_notes VALUES (?, ?, '=«why»?', 'then')", notes)
        texts = dict(connection.execute("SELECT id, text FROM posts"))
        for number, each in enumerate(put, start=1):
            row = _row(number, each, texts, [found[0] for found in connection.execute("SELECT id FROM annotations")])
            names, places = ", ".join(row), ", ".join("?" * len(row))
            connection.execute(f"INSERT OR IGNORE INTO annotations ({names}) VALUES ({places})", [*row.values()])  # noqa: S608  # ours
        (there,) = connection.execute("SELECT COUNT(*) FROM annotations").fetchone()
    assert check(ferry, monkeypatch) == there


def _row(number: int, put: tuple[Any, ...], texts: dict[int, str], earlier: list[int]) -> dict[str, Any]:
    """Return a row of the table of annotations."""
    who, label, post, (start, length), leads_to, is_odd, tied, attributes = put
    row: dict[str, Any] = {
        "id": number,
        "uuid": f"uuid-{number}",
        "annotator_id": who,
        "label_id": label,
        "thread_id": 1 if post < OTHER else 2,
        "post_id": post,
        "note": "=so" if is_odd else "",
        "attributes": attributes,
        "codebook_version_id": 1,
        "created_at": AT,
        "updated_at": AT,
    }
    quote = texts[post][start : start + length]
    if label == SPAN and quote:
        row |= {"start_char": start, "end_char": start + len(quote), "exact": quote, "prefix": "", "suffix": ""}
        row |= {"exact": "lost", "is_detached": 1} if is_odd else {}
    elif label == THREAD:
        row["post_id"] = None
    elif label == RELATION:
        row |= {"to_post_id": leads_to} if 0 < leads_to <= POSTS else {"to_thread_id": row["thread_id"]}
        row |= {"post_id": None} if is_odd else {}
        if tied and earlier and "to_post_id" in row:
            row |= {"from_annotation_id": earlier[tied % len(earlier)], "to_annotation_id": earlier[0]}
    else:
        row["label_id"] = WHOLE
    return row


def test_what_is_implied_and_what_is_not_stand_in_one_data_set(ferry: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotations.store.exporting.BATCH", 1)
    with snapshot(ferry):
        selection = select(ferry, ExportOptions())
        implying = replace(selection, telling=replace(selection.telling, wider={"agree": ("likes",)}))
        whole, tally = told(ferry, implying, is_sparse=False)
        plain, counted = told(ferry, selection, is_sparse=False)
    assert tally.annotations == counted.annotations == len(plain["annotations.label"])
    implied = [by for by in whole["annotations.implied_by"] if by is not None]
    assert len(implied) == whole["annotations.label"].count("likes") == plain["annotations.label"].count("agree") > 0
    assert whole["threads"] == plain["threads"]
    assert whole["posts.text"] == plain["posts.text"]


def test_lists_of_structs_are_kept_column_by_column_and_come_back() -> None:
    lists: list[list[tuple[Any, ...]]] = [[(1, "a"), (2, None)], [], [(3, "c")]]
    column = Structs.of(lists, 2)
    assert (column.lengths, column.columns) == ([2, 0, 1], [[1, 2, 3], ["a", None, "c"]])
    column.extend(Structs.of([[(4, "d")]], 2))
    assert list(column) == [*lists, [(4, "d")]]
    assert list(Structs.of([[], []], 2)) == [[], []]
