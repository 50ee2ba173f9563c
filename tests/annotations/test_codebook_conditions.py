"""Mistakes in what labels require, in maximum counts and in what replaced a label are told with their line."""

from __future__ import annotations

import pytest

from annotations.codebook import RequiredOn
from annotations.codebook_toml import parse_codebook
from annotations.errors import CodebookError

LABELS = """\
[[groups]]
id = "stance"
name = "Stance"
[[labels]]
id = "claim"
name = "Claim"
scope = "span"
[[labels]]
id = "agree"
name = "Agree"
scope = "post"
group = "stance"
[[labels]]
id = "heated"
name = "Heated"
scope = "thread"
[[labels]]
id = "old"
name = "Old"
scope = "post"
retired = true
[[labels]]
id = "new"
name = "New"
"""
"""The last label goes on in the test, on line 25."""


def problems(more: str) -> list[str]:
    with pytest.raises(CodebookError) as caught:
        parse_codebook(LABELS + more)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (
            'scope = "post"\nrequires = ["clam"]',
            "line 26: there is no label and no group “clam” to be required: did you mean “claim”?",
        ),
        ('scope = "post"\nrequires = ["new"]', "line 26: the label “new” cannot require itself"),
        ('scope = "post"\nrequires = ["old"]', "line 26: the label “new” requires “old”, which is retired"),
        (
            'scope = "post"\nrequires_all = ["heated"]',
            (
                "line 26: the label “new” requires “heated”, which is put on a thread: labels of threads stand apart from "
                "those of posts"
            ),
        ),
        (
            'scope = "span"\nrequires = ["stance"]\nrequires_on = "target"',
            (
                "line 26: the label “new” requires “stance”, a post label: on the same span it is never. Write "
                'requires_on = "post"'
            ),
        ),
        (
            'scope = "post"\nrequires_on = "post"',
            "line 26: the label “new” says where, but not what it requires: requires is missing",
        ),
        (
            'scope = "post"\nrequires = "claim"',
            'line 26: requires must be a list of texts, as in ["one", "two"], not text',
        ),
        (
            'scope = "post"\nrequires = ["claim"]\nrequires_on = "posts"',
            "line 27: requires_on “posts” is unknown; did you mean “post”? It must be post or target",
        ),
        ('scope = "span"\nmost_per_post = 0', "line 26: most_per_post must be a whole number from 1 on, not 0"),
        ('scope = "span"\nmost_per_thread = 1.5', "line 26: most_per_thread must be a whole number from 1 on, not 1.5"),
        (
            'scope = "thread"\nmost_per_post = 1',
            "line 26: most_per_post is for labels of posts, spans and relations; the label “new” is put on threads",
        ),
        (
            'scope = "span"\nmost_per_post = 3\nmost_per_thread = 2',
            "line 26: the label “new” may be put 3 times on a post, but 2 times in its whole thread",
        ),
        (
            'scope = "span"\nmerged_into = "claim"',
            "line 26: the label “new” has merged_into, so that it needs retired = true",
        ),
        (
            'scope = "span"\nretired = true\nmerged_into = "agree"',
            "line 27: the label “new” is a span label, “agree” a post label: both need one scope",
        ),
        (
            'scope = "span"\nretired = true\nsplit_into = ["clam", "new"]',
            "line 27: there is no label “clam” to take its place: did you mean “claim”?",
        ),
        (
            'scope = "span"\nretired = true\nmerged_into = "claim"\nsplit_into = ["claim"]',
            "line 28: the label “new” was merged or split, not both: keep merged_into or split_into",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(more: str, problem: str) -> None:
    assert problem in problems(more)


def test_merges_do_not_go_in_a_circle() -> None:
    second = '[[labels]]\nid = "newer"\nname = "Newer"\nscope = "span"\nretired = true\nmerged_into = "new"\n'
    found = problems(f'scope = "span"\nretired = true\nmerged_into = "newer"\n{second}')
    assert "line 27: the merges go in a circle: “new” → “newer” → “new”" in found


def test_an_id_of_both_a_label_and_a_group_is_no_requirement() -> None:
    more = 'scope = "post"\nrequires = ["stance"]\n[[labels]]\nid = "stance"\nname = "S"\nscope = "post"\n'
    assert problems(more) == [
        "line 26: “stance” is the id of a label and of a group: give one of them another id",
    ]


def test_sound_conditions_are_read() -> None:
    more = 'scope = "post"\nrequires = ["claim", "stance"]\nrequires_all = ["agree"]\nrequires_on = "post"\nmost_per_thread = 2'
    label = parse_codebook(LABELS + more).label("new")
    assert (label.requires, label.requires_all, label.requires_on) == (("claim", "stance"), ("agree",), RequiredOn.POST)
    assert (label.most_per_post, label.most_per_thread) == (None, 2)
