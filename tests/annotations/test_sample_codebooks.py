"""The codebooks that come with the project are sound and complete enough to label by."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from annotations.codebook import AttributeKind, Codebook, Label
from annotations.codebook_records import CONFIDENCE
from annotations.codebook_toml import default_codebook, parse_codebook
from annotations.model import Scope

FOLDER = Path(__file__).parents[2] / "sample_data" / "codebooks"
NAMES = ("abuse", "argument-mining", "rumour-stance")


def _read(name: str) -> Codebook:
    if name == "default":
        return default_codebook()
    return parse_codebook((FOLDER / f"{name}.toml").read_text(encoding="utf-8"), name)


def _attributes(label: Label) -> dict[str, tuple[str, ...]]:
    return {attribute.id: attribute.choices for attribute in label.attributes}


def test_there_is_a_test_for_each_sample() -> None:
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(NAMES)


@pytest.mark.parametrize("name", ["default", *NAMES])
def test_every_label_is_defined_and_explained(name: str) -> None:
    codebook = _read(name)
    assert codebook.description
    assert codebook.version
    assert codebook.language == "en"
    assert codebook.licence == "MIT"
    for label in codebook.labels:
        assert label.description.endswith("."), label.id
        assert label.guidelines.endswith("."), label.id
        assert all(attribute.description for attribute in label.attributes), label.id
    for group in codebook.groups:
        assert group.description.endswith("?") or "?" in group.description, group.id


@pytest.mark.parametrize("name", ["default", *NAMES])
def test_labels_of_texts_come_with_an_example_and_a_counterexample(name: str) -> None:
    for label in _read(name).labels:
        if label.scope in {Scope.SPAN, Scope.POST}:
            assert {example.is_counter for example in label.examples} == {False, True}, label.id
        elif label.scope is Scope.RELATION:
            assert any(not example.is_counter for example in label.examples), label.id


@pytest.mark.parametrize("name", ["default", *NAMES])
def test_every_label_has_a_key_of_its_own(name: str) -> None:
    codebook = _read(name)
    assert all(label.key for label in codebook.labels)
    scopes = (Scope.SPAN, Scope.POST, Scope.RELATION)
    assert sum(len(codebook.key_map(scope)) for scope in scopes) == len(codebook.labels)


@pytest.mark.parametrize("name", ["default", *NAMES])
def test_nothing_in_the_file_is_lost(name: str) -> None:
    codebook = _read(name)
    document = tomllib.loads(codebook.source)
    assert [label.id for label in codebook.labels] == [label["id"] for label in document["labels"]]
    for label, table in zip(codebook.labels, document["labels"], strict=True):
        assert [example.text for example in label.examples] == [each["text"] for each in table.get("examples", [])]
        asked = [CONFIDENCE.id] if document.get("confidence") else []
        written = [each["id"] for each in table.get("attributes", [])]
        assert [attribute.id for attribute in label.attributes] == written + asked


def test_argument_mining_marks_parts_and_links_them() -> None:
    codebook = _read("argument-mining")
    assert [label.id for label in codebook.of_scope(Scope.SPAN)] == ["major-claim", "claim", "premise"]
    assert codebook.label("major-claim").most_per_post == 1
    assert {"supports", "attacks"} <= {label.id for label in codebook.of_scope(Scope.RELATION)}
    strength = codebook.label("premise").attributes[0]
    assert (strength.kind, strength.minimum, strength.maximum, strength.step) == (AttributeKind.SCALE, 1, 5, 1)
    assert _attributes(codebook.label("claim"))["direction"] == ("for", "against")


def test_rumour_stance_asks_each_comment_for_one_of_four() -> None:
    codebook = _read("rumour-stance")
    stance = codebook.group("stance")
    assert stance.is_exclusive
    assert stance.is_required
    assert [label.id for label in codebook.members("stance")] == ["support", "deny", "query", "comment"]
    assert list(codebook.key_map(Scope.POST))[:4] == ["1", "2", "3", "4"]
    for label in ("support", "deny"):
        assert set(_attributes(codebook.label(label))) == {"certainty", "evidentiality"}
    assert _attributes(codebook.label("support")) == _attributes(codebook.label("deny"))
    assert codebook.exclusive_with("rumour-true") == ("rumour-false", "unverified")


def test_abuse_tells_kinds_targets_and_severity() -> None:
    codebook = _read("abuse")
    kinds = codebook.children("abuse")
    assert [label.id for label in kinds] == ["insult", "slur", "dehumanisation", "threat"]
    assert all(_attributes(label)["form"] == ("explicit", "implicit") for label in kinds)
    assert _attributes(codebook.label("threat"))["target"] == ("individual", "group", "institution")
    assert [label.id for label in codebook.ancestors("vulgarity")] == ["incivility"]
    assert codebook.label("abuse").requires == ("abusive",)
    assert codebook.label("incivility").requires == ("uncivil", "abusive")
    severity = codebook.label("abusive").attributes[0]
    assert (severity.minimum, severity.maximum, severity.is_required) == (1, 4, True)
    assert codebook.exclusive_with("abusive") == ("civil", "uncivil")
