"""Codebooks are changed, written as TOML, and come back as they are; what was put keeps its label."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from annotations import codebook_editing as editing
from annotations.codebook import (
    LABEL_COLOURS,
    LABEL_KEYS,
    Attribute,
    AttributeKind,
    Codebook,
    Example,
    Group,
    Label,
    RequiredOn,
)
from annotations.codebook_toml import default_codebook, parse_codebook
from annotations.codebook_writing import with_source, write_codebook
from annotations.errors import RuleError
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL = parse_codebook(
    """
name = "Small"

[[groups]]
id = "stance"
name = "Stance"

[[labels]]
id = "claim"
name = "Claim"
scope = "span"
key = "c"
guidelines = "Mark the clause."

[[labels.examples]]
text = "It will flood."

[[labels]]
id = "premise"
name = "Premise"
scope = "span"
key = "1"
requires = ["claim"]

[[labels]]
id = "agree"
name = "Agree"
scope = "post"
group = "stance"
key = "1"

[[labels]]
id = "old"
name = "Old"
scope = "post"
key = "1"
retired = true
"""
)

_SIGNS = st.characters(
    exclude_categories=("Cc", "Cs", "Zl", "Zp"),
    exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
)
_PHRASES = st.text(_SIGNS, min_size=1, max_size=12).map(str.strip).filter(bool)
_PROSE = st.text(st.one_of(_SIGNS, st.sampled_from("\n\t\"\\'#")), max_size=30).map(str.strip)


@st.composite
def _attributes(draw: st.DrawFn, number: int) -> Attribute:
    kind = draw(st.sampled_from(AttributeKind))
    low = draw(st.one_of(st.integers(-5, 5), st.floats(-5, 5, allow_nan=False)))
    choices = draw(st.lists(st.sampled_from(string.ascii_lowercase), min_size=2, max_size=4, unique=True))
    is_scale = kind is AttributeKind.SCALE
    return Attribute(
        id=f"a{number}",
        name=draw(_PHRASES),
        kind=kind,
        minimum=low if is_scale else None,
        maximum=low + draw(st.integers(1, 5)) if is_scale else None,
        step=1 if is_scale and isinstance(low, int) else None,
        choices=tuple(choices) if kind is AttributeKind.CHOICE else (),
        is_required=draw(st.booleans()),
        description=draw(_PROSE),
    )


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    """Draw a codebook without a mistake, with every field in use."""
    labels: list[Label] = []
    keys = draw(st.permutations(LABEL_KEYS))
    for number in range(draw(st.integers(1, 6))):
        scope = draw(st.sampled_from(Scope))
        alike = [label.id for label in labels if label.scope is scope]
        whole = [label.id for label in labels if (label.scope is Scope.THREAD) == (scope is Scope.THREAD)]
        in_use = [label.id for label in labels if not label.is_retired and label.id in whole]
        is_retired = draw(st.booleans())
        successors = draw(st.lists(st.sampled_from(alike), unique=True, max_size=2)) if alike and is_retired else []
        limit = st.none() if scope is Scope.THREAD else st.one_of(st.none(), st.integers(1, 9))
        most = draw(limit)
        needed = st.lists(st.sampled_from(in_use), unique=True, max_size=2) if in_use else st.just([])
        required, required_all = draw(needed), draw(needed)
        is_same_scope = {*required, *required_all} <= set(alike) and (required or required_all)
        labels.append(
            Label(
                id=f"l{number}",
                name=f"{number} {draw(_PHRASES)}",
                scope=scope,
                key=draw(st.sampled_from(["", keys[number]])),
                colour=draw(st.sampled_from([*LABEL_COLOURS, "#1f77b4"])),
                description=draw(_PROSE),
                guidelines=draw(_PROSE),
                examples=tuple(
                    Example(text=text, note=draw(_PROSE), is_counter=draw(st.booleans()))
                    for text in draw(st.lists(_PROSE.filter(bool), max_size=2))
                ),
                group=f"g-{scope}" if draw(st.booleans()) else None,
                is_required=not is_retired and scope in {Scope.POST, Scope.THREAD} and draw(st.booleans()),
                parent=draw(st.sampled_from([None, *alike])),
                attributes=tuple(draw(_attributes(each)) for each in range(draw(st.integers(0, 2)))),
                is_retired=is_retired,
                most_per_post=most,
                most_per_thread=None if most is None else draw(st.one_of(st.none(), st.integers(most, 20))),
                requires=tuple(required),
                requires_all=tuple(required_all),
                requires_on=draw(st.sampled_from(RequiredOn)) if is_same_scope else RequiredOn.POST,
                merged_into=successors[0] if len(successors) == 1 else None,
                split_into=tuple(successors) if len(successors) > 1 else (),
            )
        )
    groups = tuple(
        Group(
            id=name,
            name=draw(_PHRASES),
            description=draw(_PROSE),
            most_per_post=None if name == "g-thread" else draw(st.one_of(st.none(), st.integers(1, 3))),
        )
        for name in dict.fromkeys(label.group for label in labels)
        if name is not None
    )
    return Codebook(
        name=draw(_PHRASES),
        description=draw(_PROSE),
        version=draw(st.sampled_from(["", "1.0"])),
        language=draw(st.sampled_from(["", "pt-BR"])),
        licence=draw(st.sampled_from(["", "MIT"])),
        labels=tuple(labels),
        groups=groups,
        is_open=draw(st.booleans()),
    )


@settings(max_examples=50, deadline=None)
@given(codebooks())
def test_a_codebook_that_is_written_comes_back_as_it_is(codebook: Codebook) -> None:
    written = write_codebook(codebook)
    assert parse_codebook(written) == replace(codebook, source=written)
    assert parse_codebook(written) == with_source(codebook)
    assert write_codebook(parse_codebook(written)) == written


def test_the_default_codebook_comes_back_as_it_is() -> None:
    codebook = default_codebook()
    assert parse_codebook(write_codebook(codebook)) == with_source(codebook)


def test_a_new_label_gets_an_id_a_key_and_a_colour_of_its_own() -> None:
    grown = editing.with_new_label(SMALL, "  Zweite   Behauptung ", Scope.SPAN)
    label = grown.labels[-1]
    assert (label.id, label.name, label.scope, label.key) == ("zweite-behauptung", "Zweite Behauptung", Scope.SPAN, "2")
    assert grown.labels[:-1] == SMALL.labels
    assert parse_codebook(grown.source) == grown
    again = editing.with_new_label(grown, "Stance", Scope.POST).labels[-1]
    assert (again.id, again.key) == ("stance-2", "2")  # a group has the id
    assert editing.with_new_label(SMALL, "主张", Scope.SPAN).labels[-1].id == "label"


@pytest.mark.parametrize("name", ["claim", "CLAIM ", "", "a" * 81, "two\nlines\x07"])
def test_a_name_that_cannot_be_one_is_refused(name: str) -> None:
    with pytest.raises(RuleError):
        editing.with_new_label(SMALL, name, Scope.SPAN)


def test_labels_are_added_while_labeling_only_where_the_codebook_is_open() -> None:
    with pytest.raises(RuleError, match="not open"):
        editing.check_open(SMALL)
    editing.check_open(editing.opened(SMALL, is_open=True))


def test_renaming_and_recolouring_leave_the_id() -> None:
    changed = editing.recoloured(editing.renamed(SMALL, "claim", "Assertion"), "claim", "red")
    assert [label.id for label in changed.labels] == [label.id for label in SMALL.labels]
    assert (changed.label("claim").name, changed.label("claim").colour) == ("Assertion", "red")
    assert changed.label("claim").guidelines == "Mark the clause."


def test_merging_retires_the_label_and_hands_on_what_required_it() -> None:
    merged = editing.merged(editing.with_new_label(SMALL, "Thesis", Scope.SPAN), "claim", "thesis")
    label = merged.label("claim")
    assert (label.is_retired, label.merged_into) == (True, "thesis")
    assert merged.label("premise").requires == ("thesis",)
    assert merged.current("claim") == "thesis"
    assert merged.exclusive_with("thesis") == ("claim",)  # where the new one is put, the old one comes off
    further = editing.merged(merged, "thesis", "premise")
    assert further.current("claim") == "premise"
    back = editing.retired(merged, "claim", is_retired=False).label("claim")
    assert (back.is_retired, back.merged_into, back.key) == (False, None, "c")


def test_splitting_makes_the_new_labels_and_names_them() -> None:
    split = editing.split(SMALL, "claim", ["Fact", " Premise", "Fact"])
    label = split.label("claim")
    assert (label.is_retired, label.split_into) == (True, ("fact", "premise"))
    fact = split.labels[-1]
    assert (fact.id, fact.name, fact.scope, fact.guidelines, fact.examples) == ("fact", "Fact", Scope.SPAN, "", ())
    assert split.label("premise").requires == ("fact",)
    assert split.exclusive_with("fact") == ("claim",)


def test_a_label_that_comes_back_gives_its_key_up_where_another_has_it() -> None:
    assert editing.retired(SMALL, "old", is_retired=False).label("old").key == ""


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda codebook: editing.merged(codebook, "claim", "claim"), "into itself"),
        (lambda codebook: editing.merged(codebook, "claim", "agree"), "both need one scope"),
        (lambda codebook: editing.merged(codebook, "agree", "old"), "is retired"),
        (lambda codebook: editing.split(codebook, "claim", ["Fact"]), "two labels or more"),
        (lambda codebook: editing.retired(codebook, "claim"), "requires “claim”, which is retired"),
        (lambda codebook: editing.renamed(codebook, "premise", "Claim"), "The name “Claim” is taken"),
        (lambda codebook: editing.renamed(codebook, "nothing", "Claim"), "has no label"),
        (lambda codebook: editing.recoloured(codebook, "claim", "beige"), "colour “beige” is unknown"),
        (
            lambda codebook: editing.with_changed_label(codebook, replace(codebook.label("claim"), scope=Scope.POST)),
            "stays one",
        ),
    ],
)
def test_what_would_make_a_mistake_is_refused_with_the_reason(
    edit: Callable[[Codebook], Codebook], reason: str
) -> None:
    with pytest.raises(RuleError, match=reason):
        edit(SMALL)


def test_a_label_is_found_by_id_and_by_name() -> None:
    assert editing.named_label(SMALL, "claim").id == "claim"
    assert editing.named_label(SMALL, " PREMISE").id == "premise"
    twice = editing.with_new_label(SMALL, "Agree", Scope.SPAN)
    with pytest.raises(RuleError, match="2 labels"):
        editing.named_label(twice, "Agree")
    with pytest.raises(RuleError, match="has no label"):
        editing.named_label(SMALL, "Claims")
