"""Search finds what was said, and takes whatever is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from annotations.model import Post, PostKind, Thread
from annotations.span import Span
from annotations.store import early_hits
from annotations.store.project import Project
from annotations.store.search import LONGEST_QUERY, SNIPPET, Hit, fts_expression, search
from annotations.store.threads import save_thread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMENTS = {
    "1": ("Ann", "The tunnel will flood, and the tunnels after it."),
    "2": ("Benedikt Ödmann", "Über den Tunnel weiß ich nichts. 100% sicher_nicht!"),
    "3": ("水手", "这条隧道一定会被淹没。😀 Nobody asked us about floods."),
    "4": (None, "AND then? NOT now. \"Quoted words\" and O'Neill's co-op."),
    "5": ("Tunnel Fan", ""),
    "6": ("Cem", "word " * 100 + "needle " + "word " * 100),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with Project.open(tmp_path_factory.mktemp("search") / "postil.db", create=True) as project:
        for key in ("first", "second"):
            posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text=f"The {key} headline\n\nFerries sink.")]
            if key == "first":
                posts += [Post(key=n, parent="0", author=who, text=text) for n, (who, text) in COMMENTS.items()]
            thread = Thread(key=key, title=key, posts=tuple(posts), format="test")
            save_thread(project, thread, location=f"/{key}", source_sha256=key)
        yield project


def keys(hits: list[Hit]) -> list[str]:
    return [hit.post for hit in hits]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tunnel", ["1", "2", "5"]),
        ("TUNNEL", ["1", "2", "5"]),
        ("tunnel flood", ["1"]),
        ("flood tunnel", ["1"]),
        ("flood*", ["1", "3"]),
        ("tunnel*", ["1", "2", "5"]),
        ('"will flood"', ["1"]),
        ('"flood will"', []),
        ('"will flo"*', ["1"]),
        ('"will flood', ["1"]),
        ("uber", ["2"]),
        ("Über weiß", ["2"]),
        ("flood OR nichts", ["1", "2"]),
        ("tunnel NOT flood", ["2", "5"]),
        ("tunnel AND flood", ["1"]),
        ("flood OR", ["1"]),
        ("OR", []),
        ("AND then", ["4"]),
        ("and then", ["4"]),
        ("tunnel AND NOT flood", ["2", "5"]),
        ('then "NOT"', ["4"]),
        ('tunnel "NOT"', []),
        ("not now", ["4"]),
        ("o'neill", ["4"]),
        ("co-op", ["4"]),
        ("text:tunnel", []),
        ("author", []),
        ("ann", ["1"]),
        ("fan", ["5"]),
        ("tunnel ???", ["1", "2", "5"]),
        ("NEAR(tunnel flood)", []),
        ("^tunnel", ["1", "2", "5"]),
        ("  tunnel\n\tflood ", ["1"]),
        ("zebra", []),
        ("", []),
        ("   ", []),
        ("*", []),
        ('"', []),
        ('""', []),
        ("%", ["2"]),
        ("_", ["2"]),
        ("😀", ["3"]),
        ("隧道", ["3"]),
        ("水手", ["3"]),
        ("隧道 nobody", []),
        ("🌊", []),
    ],
)  # fmt: skip
def test_what_a_query_finds(project: Project, query: str, found: list[str]) -> None:
    assert keys(search(project, query)) == found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(
    st.text(alphabet=st.sampled_from("ab\"*^:(){}-+,.'\\%_\x00\x1b\ud800ä水😀 \n"), max_size=30)
    | st.lists(
        st.sampled_from(["AND", "OR", "NOT", "NEAR", '"a', 'b"', "*", "a", "author:", "(", ")"]), max_size=9
    ).map(" ".join)
    | st.text(max_size=20)
)
@example("a " * 5000)
@example("(" * 5000)
@example("NOT " * 500 + "a")
@example("a OR " * 500)
def test_no_query_is_an_error(project: Project, query: str) -> None:
    for hit in search(project, query):
        text = COMMENTS[hit.post][1] if hit.post in COMMENTS else None
        for span in hit.spans:
            assert text is None or span.end <= len(text)
        for match in hit.matches:
            assert match.end <= len(hit.snippet)
    assert fts_expression(query).count('"') % 2 == 0


def test_hit_says_where_it_is(project: Project) -> None:
    (hit,) = search(project, "nobody")
    thread_id, post_id = project.connection.execute("SELECT thread_id, id FROM posts WHERE key = '3'").fetchone()
    text = COMMENTS["3"][1]
    start = text.index("Nobody")
    assert hit == Hit(
        thread="first",
        thread_id=thread_id,
        post="3",
        post_id=post_id,
        position=3,
        author="水手",
        spans=(Span(start, start + 6),),
        snippet=text,
        matches=(Span(start, start + 6),),
    )


def test_matches_are_code_points_of_the_text_and_of_the_snippet(project: Project) -> None:
    (hit,) = search(project, '"the tunnel" OR tunnels flood')
    text = COMMENTS["1"][1]
    assert [text[span.start : span.end] for span in hit.spans] == ["The tunnel", "flood", "tunnels"]
    assert [hit.snippet[span.start : span.end] for span in hit.matches] == ["The tunnel", "flood", "tunnels"]


def test_snippet_is_cut_at_words_around_the_first_match(project: Project) -> None:
    (hit,) = search(project, "needle")
    assert hit.snippet.startswith("…word word")
    assert hit.snippet.endswith("word…")
    assert len(hit.snippet) <= SNIPPET + 2
    assert [hit.snippet[span.start : span.end] for span in hit.matches] == ["needle"]
    (hit,) = search(project, "fan")
    assert (hit.snippet, hit.matches, hit.spans) == ("", (), ())
    (hit, _) = search(project, "ferries")
    assert hit.snippet == "The first headline  Ferries sink."  # on one line


def test_hits_are_limited_and_in_the_order_of_import(project: Project) -> None:
    assert keys(search(project, "tunnel", limit=2)) == ["1", "2"]
    assert search(project, "tunnel", limit=0) == []
    assert search(project, "tunnel", limit=-1) == []
    assert [hit.thread for hit in search(project, "ferries")] == ["first", "second"]


def test_search_in_one_thread(project: Project) -> None:
    ids = dict(project.connection.execute("SELECT key, id FROM threads"))
    assert [hit.thread for hit in search(project, "ferries", thread_id=ids["second"])] == ["second"]
    assert search(project, "tunnel", thread_id=ids["second"]) == []
    assert search(project, "😀", thread_id=ids["second"]) == []
    assert keys(search(project, "😀", thread_id=ids["first"])) == ["3"]
    assert search(project, "tunnel", thread_id=99) == []


def test_only_the_beginning_of_a_query_is_looked_at(project: Project) -> None:
    assert keys(search(project, "needle " + "word " * LONGEST_QUERY + "zebra")) == ["6"]


def test_what_is_only_beginning_to_be_typed_finds_something(project: Project) -> None:
    assert [keys(search(project, "tunnel NOT flood"[:length])) for length in (6, 8, 10, 11)] == [
        ["1", "2", "5"],
        [],
        ["1", "2", "5"],
        ["1", "2", "5"],
    ]


@pytest.mark.parametrize("query", ["t*", "fl*", "t* NOT tunnel", '"will fl"*', "a* OR n*", "zz*"])
@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_short_prefixes_find_the_same_whether_the_index_or_the_first_posts_are_asked(
    project: Project, monkeypatch: pytest.MonkeyPatch, query: str, limit: int
) -> None:
    threads = [None, *(row[0] for row in project.connection.execute("SELECT id FROM threads"))]
    by_index = [search(project, query, limit, thread) for thread in threads]
    monkeypatch.setattr(early_hits, "_FEW", 0)
    assert [search(project, query, limit, thread) for thread in threads] == by_index


def test_only_short_prefixes_in_a_big_index_are_looked_for_in_the_first_posts(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not early_hits.is_slow_prefix(project, '"t"*')
    monkeypatch.setattr(early_hits, "_FEW", 0)
    found = {
        query: early_hits.is_slow_prefix(project, fts_expression(query)) for query in ("t*", "flood*", "t", "un* t*")
    }
    assert found == {"t*": True, "flood*": False, "t": False, "un* t*": True}


def test_a_part_of_a_clause_without_spaces_is_found_also_where_it_is_a_whole_one_elsewhere(tmp_path: Path) -> None:
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text="证据")]
    posts.append(Post(key="1", parent="0", text="这是证据吗"))
    with Project.open(tmp_path / "han.db", create=True) as project:
        thread = Thread(key="han", title="han", posts=tuple(posts), format="test")
        save_thread(project, thread, location="/han", source_sha256="han")
        assert keys(search(project, "证据")) == ["0", "1"]


def test_search_in_a_thread_that_has_grown_finds_its_new_posts(tmp_path: Path) -> None:
    def thread(key: str, *texts: str) -> Thread:
        posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text=key)]
        posts += [Post(key=f"{number}", parent="0", text=text) for number, text in enumerate(texts, start=1)]
        return Thread(key=key, title=key, posts=tuple(posts), format="test")

    with Project.open(tmp_path / "grown.db", create=True) as project:
        first = save_thread(project, thread("first", "flood"), location="/first", source_sha256="1").thread.id
        save_thread(project, thread("second", "flood"), location="/second", source_sha256="2")
        save_thread(project, thread("first", "flood", "floods again"), location="/first", source_sha256="3")
        assert keys(search(project, "flood*", thread_id=first)) == ["1", "2"]
