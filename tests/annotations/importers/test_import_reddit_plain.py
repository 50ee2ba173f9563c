"""A comment in which nothing is odd becomes what any record becomes; one in which something is, is left to those who read it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotations.importers.sites import reddit_entries
from annotations.importers.sites.reddit_entries import Entry, read_lines_here
from annotations.importers.sites.reddit_plain import read_plain_comment
from annotations.sources.problems import Problems
from annotations.sources.source import Source

COMMENT: dict[str, Any] = {
    "all_awardings": [],
    "author": "Ada",
    "body": "The tunnel floods.",
    "created_utc": 1_700_000_000,
    "edited": False,
    "id": "abc12",
    "link_id": "t3_zz9",
    "parent_id": "t1_abc11",
    "permalink": "/r/harbour/comments/zz9/the_tunnel/abc12/",
    "score": 0,
    "subreddit": "harbour",
}
ODD = st.sampled_from(
    [
        None,
        "",
        " ",
        "t1_x",
        "t3_x",
        "t1_",
        "t3_",
        "a b",
        "two  blanks",
        "x\u0007y",
        "\ud800",
        "\ufeffmark",
        7,
        0,
        -1,
        1.5,
        True,
    ]
)
VALUES: dict[str, st.SearchStrategy[object]] = {
    "author": st.sampled_from(["[deleted]", "AutoModerator", " Ada ", "Ada\nLovelace", "ﬁ", "\u2028"]) | ODD,
    "body": st.sampled_from(["[deleted]", "[removed]", "[ Removed by Reddit ]", "a &amp; b", "a & b &lt;", "[1] no"])
    | ODD,
    "created_utc": st.sampled_from([0, 10**11 - 1, 10**11, 1_700_000_000.0, 1.5, "1700000000"]) | ODD,
    "created": st.sampled_from([1_700_000_000]) | ODD,
    "edited": st.sampled_from([1_700_000_001, 1_700_000_001.0, True, "soon"]) | ODD,
    "id": st.sampled_from(["t1_abc12", "äöü", "٣", "a-b", "x" * 300]) | ODD,
    "link_id": st.sampled_from(["zz9", "t3_z z", "t3_ä"]) | ODD,
    "parent_id": st.sampled_from(["t3_zz9", "t3_other", "t1_a b", 12345, "abc11"]) | ODD,
    "permalink": st.sampled_from(["/r/a  b/comments/x/y/", "https://reddit.com/x", "/"]) | ODD,
    "name": st.sampled_from(["t1_abc12", "t3_abc12", "t1_other"]) | ODD,
    "data": st.sampled_from([{}, {"id": "inner", "body": "x"}, []]) | ODD,
    "kind": st.sampled_from(["t1"]),
    "title": st.sampled_from(["A title"]) | ODD,
    "selftext": st.sampled_from(["Text"]),
    "body_html": st.sampled_from(["<p>x</p>"]) | ODD,
    "more": st.sampled_from([[], {}, [[]], 0.0, -0.0, 1 << 70, float("nan"), {"a": None}]) | ODD,
}


def entries(fields: dict[str, Any]) -> tuple[list[Entry], int, list[str], int]:
    """Return what a line adds, and what is said of it."""
    source = Source.of_bytes(b"{}", "x.ndjson", problems=Problems("x.ndjson"))
    found = read_lines_here(source, [(3, json.dumps(fields).encode())], "")
    return found, source.problems.count, list(source.problems.sentences()), source.dropped


@given(st.fixed_dictionaries({}, optional=VALUES), st.sets(st.sampled_from(sorted(COMMENT))))
@example({"author": "[deleted]", "body": "[removed]"}, set())
@example({"name": "t1_abc12", "created": 5}, set())
def test_a_plain_comment_becomes_what_any_record_becomes(changed: dict[str, object], absent: set[str]) -> None:
    fields = {name: value for name, value in COMMENT.items() if name not in absent} | changed
    found = entries(fields)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reddit_entries, "read_plain_comment", lambda _: None)
        assert found == entries(fields)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"author": "[deleted]", "body": "[deleted]"},
        {"parent_id": "t3_zz9", "edited": 1_700_000_001},
        {"name": "t1_abc12"},
    ],
)
def test_usual_comments_are_plain(changed: dict[str, object]) -> None:
    plain = read_plain_comment(COMMENT | changed)
    assert plain is not None
    assert (plain[0], plain[1].key) == ("zz9", "abc12")


@pytest.mark.parametrize(
    "changed",
    [
        {"id": ""},
        {"id": 7},
        {"link_id": "zz9"},
        {"parent_id": 7},
        {"author": None},
        {"body": None},
        {"created_utc": 1.5},
    ],
)
def test_odd_ones_are_not(changed: dict[str, object]) -> None:
    assert read_plain_comment(COMMENT | changed) is None
