"""What a comment still needs by the codebook."""

from __future__ import annotations

import pytest

from annotations.codebook_toml import parse_codebook
from annotations.rules import missing_labels

SOURCE = """
[[groups]]
id = "stance"
name = "Stance"
required = true

[[groups]]
id = "tone"
name = "Tone"

[[labels]]
id = "pro"
name = "Pro"
scope = "post"
group = "stance"

[[labels]]
id = "con"
name = "Con"
scope = "post"
group = "stance"

[[labels]]
id = "rude"
name = "Rude"
scope = "post"
group = "tone"

[[labels]]
id = "seen"
name = "Seen"
scope = "post"
required = true

[[labels]]
id = "claim"
name = "Claim"
scope = "span"
"""


@pytest.mark.parametrize(
    ("labels", "missing"),
    [
        (set(), ["Stance", "Seen"]),
        ({"rude", "claim"}, ["Stance", "Seen"]),
        ({"con"}, ["Seen"]),
        ({"seen"}, ["Stance"]),
        ({"pro", "seen"}, []),
    ],
)
def test_required_groups_and_labels_are_missing_until_they_are_put(labels: set[str], missing: list[str]) -> None:
    assert missing_labels(parse_codebook(SOURCE), labels) == missing
