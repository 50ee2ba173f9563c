"""What is said of a label beside its guidelines, and guidelines set for the width of the screen."""

from __future__ import annotations

import pytest

from annotations.codebook_toml import parse_codebook
from tui.screens.label_facts import facts_of, prose

CODEBOOK = parse_codebook(
    """
[[groups]]
id = "stance"
name = "Stance"

[[labels]]
id = "pro"
name = "Pro"
scope = "post"
group = "stance"
key = "1"
required = true

[[labels]]
id = "fully"
name = "Fully"
scope = "post"
parent = "pro"
most_per_thread = 2
requires = ["stance", "pro"]
requires_all = ["pro"]
requires_on = "target"

[[labels]]
id = "old"
name = "Old"
scope = "post"
key = "2"
retired = true
merged_into = "pro"
"""
)


def test_group_rules_and_state_are_told_in_words() -> None:
    assert facts_of(CODEBOOK, CODEBOOK.label("pro")) == ["post", "key 1", "Stance", "required"]
    assert facts_of(CODEBOOK, CODEBOOK.label("fully")) == [
        "post",
        "a kind of Pro",
        "at most 2 a thread",
        "needs Stance or Pro on the same target",
        "needs Pro on the same target",
    ]
    assert facts_of(CODEBOOK, CODEBOOK.label("old")) == ["post", "merged into Pro"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("One line\nand the next.", "One line and the next."),
        ("One.\n\nTwo\nthree.", "One.\n\nTwo three."),
        ("A list:\n- one\n  goes on\n- two", "A list:\n- one goes on\n- two"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("Code:\n    as it is", "Code:\n    as it is"),
        ("", ""),
    ],
)
def test_line_breaks_within_a_paragraph_are_spaces(text: str, shown: str) -> None:
    assert prose(text).plain == shown
