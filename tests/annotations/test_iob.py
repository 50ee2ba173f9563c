"""Spans become tags: exact, valid IOB2, and what finds no tag is told apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotations.exporters.language.iob import TaggedText, tag_text
from annotations.exporters.rows.telling import ToldAnnotation
from annotations.model import Annotation, Scope, Target
from annotations.span import Span, quote

TEXT = "The pumps fail 👩‍👩‍👧‍👦 again.\n\n港のトンネル closes."


def put(text: str, span: Span, label: str = "claim", *, implied_by: str = "", uuid: str = "") -> Annotation:
    return ToldAnnotation(
        id=1,
        uuid="" if implied_by else uuid or f"{label}-{span}",
        annotator="Ada",
        annotator_id=1,
        label=label,
        scope=Scope.SPAN,
        target=Target(thread_id=1, post_id=1, span=span),
        quote=quote(text, span),
        codebook_version=1,
        created_at="2026-05-01T08:30:00Z",
        updated_at="2026-05-01T08:30:00Z",
        implied_by=implied_by,
    )


def words(quoted: str, label: str = "claim", *, implied_by: str = "") -> Annotation:
    start = TEXT.index(quoted)
    return put(TEXT, Span(start, start + len(quoted)), label, implied_by=implied_by)


def spans_of(text: str, tagged: TaggedText) -> list[tuple[int, int, str]]:
    """Read the tags as strict IOB2: a span begins at B, and goes on with I of its own label alone."""
    found: list[list[int]] = []
    labels: list[str] = []
    before = "O"
    for (start, end), tag in zip(tagged.offsets, tagged.tags, strict=True):
        if tag.startswith("I-"):
            assert before[2:] == tag[2:]
            found[-1][1] = end
        elif tag.startswith("B-"):
            found.append([start, end])
            labels.append(tag[2:])
        else:
            assert tag == "O"
        before = tag
    assert all(text[start:end].strip() for start, end in found)
    return [(start, end, label) for (start, end), label in zip(found, labels, strict=True)]


def test_a_span_within_words_parts_its_tokens() -> None:
    tagged = tag_text(TEXT, [words("ump"), words("👩‍👧", "term")])
    said = [TEXT[start:end] for start, end in tagged.offsets]
    assert said[:7] == ["The", "p", "ump", "s", "fail", "👩‍", "👩‍👧"]
    assert [tag for tag in tagged.tags if tag != "O"] == ["B-claim", "B-term"]


def test_the_longest_of_nested_spans_is_told_then_the_first() -> None:
    outer, inner = words("pumps fail"), words("fail", "term")
    crossing = words("fail 👩‍👩‍👧‍👦 again.", "term")
    assert tag_text(TEXT, [inner, outer]).told == (outer,)
    assert tag_text(TEXT, [inner, outer]).overlapping == (inner,)
    assert tag_text(TEXT, [outer, crossing, inner]).told == (crossing,)
    first, second = words("The pumps"), words("pumps The"[:5] + " fail"[:4], "term")
    assert len(first.quote.exact if first.quote else "") == len(second.quote.exact if second.quote else "")
    assert tag_text(TEXT, [second, first]).told == (first,)


def test_what_was_put_goes_before_what_it_implies() -> None:
    narrow, wide = words("pumps fail", "evidence"), words("pumps fail", "claim", implied_by="evidence-4-14")
    tagged = tag_text(TEXT, [wide, narrow])
    assert (tagged.told, tagged.overlapping) == ((narrow,), (wide,))


def test_spans_side_by_side_are_two() -> None:
    tagged = tag_text(TEXT, [words("The"), words("pumps")])
    assert spans_of(TEXT, tagged) == [(0, 3, "claim"), (4, 9, "claim")]


def test_a_paragraph_breaks_unless_a_span_goes_on() -> None:
    (number,) = tag_text(TEXT, []).breaks
    assert TEXT[slice(*tag_text(TEXT, []).offsets[number])] == "港"
    assert tag_text(TEXT, [words("again.\n\n港の")]).breaks == ()


def test_white_space_alone_has_no_token() -> None:
    (gap,) = (put(TEXT, Span(3, 4)),)
    assert tag_text(TEXT, [gap]).wordless == (gap,)


SIGNS = st.text(st.sampled_from("ab \n.'1👩\u200d\u0301港@"), min_size=1, max_size=25)


@given(
    SIGNS, st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24), st.sampled_from(["claim", "term"])), max_size=6)
)
def test_every_annotation_is_told_exactly_or_counted(text: str, places: list[tuple[int, int, str]]) -> None:
    made = [
        put(text, Span(min(one, other), min(max(one, other) + 1, len(text))), label, uuid=str(number))
        for number, (one, other, label) in enumerate(places)
        if min(one, other) < len(text)
    ]
    tagged = tag_text(text, made)
    groups = (tagged.told, tagged.overlapping, tagged.wordless)
    assert sorted(each.uuid for group in groups for each in group) == sorted(each.uuid for each in made)
    expected = []
    for each in tagged.told:
        span = each.target.span
        assert span is not None
        said = text[span.start : span.end]
        start = span.start + len(said) - len(said.lstrip())
        expected.append((start, start + len(said.strip()), each.label))
    assert spans_of(text, tagged) == sorted(expected)
    assert all(tagged.tags[number][0] != "I" for number in tagged.breaks)
