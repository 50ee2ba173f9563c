"""Confidence is asked for by one line: of all labels of a codebook, or of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from annotations.codebook_records import CONFIDENCE
from annotations.codebook_toml import parse_codebook
from annotations.codebook_values import codebook_json
from annotations.codebook_writing import write_codebook
from annotations.errors import CodebookError, RuleError
from annotations.session import LabelingSession

if TYPE_CHECKING:
    from tests.annotations.conftest import Desk

LABELS = """
[[labels]]
id = "claim"
name = "Claim"
scope = "span"

[[labels.attributes]]
id = "type"
name = "Type"
kind = "choice"
choices = ["fact", "value"]

[[labels]]
id = "sure"
name = "Sure"
scope = "post"

[[labels.attributes]]
id = "confidence"
name = "How sure?"
kind = "choice"
choices = ["hardly", "fully"]
"""


def test_a_codebook_asks_it_of_all_labels_and_a_label_may_have_its_own() -> None:
    codebook = parse_codebook("confidence = true" + LABELS)
    assert codebook.has_confidence
    assert [each.id for each in codebook.label("claim").attributes] == ["type", "confidence"]
    assert codebook.label("claim").attributes[-1] == CONFIDENCE
    assert [each.name for each in codebook.label("sure").attributes] == ["How sure?"]


def test_a_single_label_asks_it() -> None:
    codebook = parse_codebook(LABELS.replace('scope = "span"', 'scope = "span"\nconfidence = true'))
    assert [each.id for each in codebook.label("claim").attributes] == ["type", "confidence"]
    assert not codebook.has_confidence
    assert [each.id for each in parse_codebook(LABELS).label("claim").attributes] == ["type"]


def test_it_is_true_or_false_and_nothing_else() -> None:
    with pytest.raises(CodebookError) as error:
        parse_codebook('confidence = "yes"' + LABELS)
    assert error.value.problems == ("line 1: confidence must be true or false, without quotes, not text",)


@pytest.mark.parametrize("top", ["", "confidence = true"])
def test_a_codebook_that_is_written_anew_says_the_same(top: str) -> None:
    codebook = parse_codebook(top + LABELS)
    again = parse_codebook(write_codebook(codebook))
    assert replace(again, source=codebook.source) == codebook
    assert codebook_json(again)["confidence"] is bool(top)


def test_it_is_a_whole_number_from_1_to_5(desk: Desk) -> None:
    codebook = parse_codebook("confidence = true" + LABELS)
    session = LabelingSession(desk.project, desk.project.annotator("Ada"), codebook)
    annotation = desk.only(session.apply("claim", desk.words("Nobody asked us"), attributes={"confidence": 4}))
    assert annotation.attributes == {"confidence": 4}
    for wrong in (0, 6, 2.5):
        with pytest.raises(RuleError, match="Confidence"):
            session.change(annotation.id, attributes={"confidence": wrong})
