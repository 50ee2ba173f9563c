"""The ends of a range move by words, and leave punctuation where it belongs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.text import edges
from tui.text.cells import clusters

PIECES = [*"ab. ,(”“–", "word ", "don't ", "e\u0301", "👍🏽", "日本", "。", "مرحبا", "\n\n"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


def test_edges_of_a_range_move_by_words_and_leave_punctuation_where_it_belongs() -> None:
    text = "It ends. “It – so they say – floods,” he said. 👍🏽"
    starts = [text.index("“It")]
    for _ in range(4):
        starts.append(edges.next_start(text, starts[-1]))
    assert [text[start:].split(maxsplit=1)[0] for start in starts] == ["“It", "It", "so", "they", "say"]
    assert [edges.previous_start(text, start) for start in starts[1:]] == starts[:-1]
    assert edges.previous_start(text, starts[0]) == text.index("ends")
    assert edges.previous_start(text, 0) == 0
    ends = [text.index(".") + 1]
    for _ in range(8):
        ends.append(edges.next_end(text, ends[-1]))
    assert [text[:end].rsplit(maxsplit=1)[-1] for end in ends] == [
        "ends.", "“It", "so", "they", "say", "floods", "floods,”", "he", "said",
    ]  # fmt: skip
    assert [edges.previous_end(text, end) for end in ends[1:]] == ends[:-1]
    assert edges.next_end(text, text.index("said.") + 5) == len(text)
    assert edges.next_end(text, len(text)) == len(text)
    assert edges.previous_end(text, 2) == 0


@given(TEXTS, st.integers(0, 60))
def test_edges_move_on_and_stay_on_clusters(text: str, offset: int) -> None:
    bounds = {bound for span in clusters(text) for bound in span} | {0, len(text)}
    offset = max((bound for bound in bounds if bound <= offset), default=0)
    for move, is_forward in (
        (edges.next_start, True),
        (edges.next_end, True),
        (edges.previous_start, False),
        (edges.previous_end, False),
    ):
        found = move(text, offset)
        assert found in bounds
        assert found > offset or found == len(text) if is_forward else found < offset or found == 0
