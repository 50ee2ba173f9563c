"""A codebook is read from TOML, looked up by id, key and scope, and told as JSON."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tomllib

import pytest

from annotations.codebook import LABEL_COLOURS, LABEL_KEYS, Attribute, AttributeKind, Codebook, Example, Group, Label
from annotations.codebook_fields import FIELDS
from annotations.codebook_toml import default_codebook, parse_codebook
from annotations.codebook_values import codebook_json
from annotations.codebook_words import shown
from annotations.errors import RuleError
from annotations.model import Scope

FULL = '''\
name = "Everything"
description = """
Two
lines
"""
version = "2.1"
language = "pt-BR"
licence = "CC0-1.0"

[[groups]]
id = "stance"
name = "Stance"
exclusive = true
required = true
description = "Which side?"

[[labels]]
id = "claim"
name = "Claim"
scope = "span"
key = "c"
colour = "#1F77B4"
description = "Short."
guidelines = """
Long, [[labels]] and
all.
"""
attributes = [
    { id = "sure", name = "Sure", kind = "scale", minimum = 1, maximum = 5, required = true, description = "How?" },
    { id = "share", name = "Share", kind = "scale", minimum = 0.0, maximum = 1.0 },
    { id = "tenth", name = "Tenth", kind = "scale", minimum = 0.1, maximum = 0.7, step = 0.1 },
    { id = "type", name = "Type", kind = "choice", choices = ["fact", "value"] },
    { id = "free", name = "Free", kind = "text" },
]

[[labels.examples]]
text = "The tunnel will flood."
note = "A prediction."

[[labels.examples]]
text = "How deep is it?"
counter = true

[[labels]]
id = "forecast"
name = "Forecast"
scope = "span"
parent = "claim"
key = 1
examples = ["It will rain.", { text = "It rains.", counter = true }]

[[labels]]
id = "storm-forecast"
name = "Storm"
scope = "span"
parent = "forecast"

[[labels]]
id = "agree"
name = "Agree"
scope = "post"
group = "stance"
key = "1"
color = "Gray"

[[labels]]
id = "disagree"
name = "Disagree"
scope = "post"
group = "stance"
key = "2"

[[labels]]
id = "old"
name = "Old"
scope = "post"
group = "stance"
key = "2"
retired = true

[[labels]]
id = "heated"
name = "Heated"
scope = "thread"
key = "9"
required = true

[[labels]]
id = "rebuts"
name = "Rebuts"
scope = "relation"
key = "1"
'''


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return parse_codebook(FULL)


def test_the_top_of_the_file(codebook: Codebook) -> None:
    assert codebook.name == "Everything"
    assert codebook.description == "Two\nlines"
    assert codebook.version == "2.1"
    assert codebook.language == "pt-BR"
    assert codebook.licence == "CC0-1.0"
    assert codebook.groups == (
        Group(id="stance", name="Stance", is_exclusive=True, is_required=True, description="Which side?"),
    )


def test_a_label_with_everything(codebook: Codebook) -> None:
    assert codebook.label("claim") == Label(
        id="claim",
        name="Claim",
        scope=Scope.SPAN,
        key="c",
        colour="#1f77b4",
        description="Short.",
        guidelines="Long, [[labels]] and\nall.",
        examples=(
            Example(text="The tunnel will flood.", note="A prediction."),
            Example(text="How deep is it?", is_counter=True),
        ),
        attributes=(
            Attribute(
                id="sure",
                name="Sure",
                kind=AttributeKind.SCALE,
                minimum=1,
                maximum=5,
                step=1,
                is_required=True,
                description="How?",
            ),
            Attribute(id="share", name="Share", kind=AttributeKind.SCALE, minimum=0.0, maximum=1.0),
            Attribute(id="tenth", name="Tenth", kind=AttributeKind.SCALE, minimum=0.1, maximum=0.7, step=0.1),
            Attribute(id="type", name="Type", kind=AttributeKind.CHOICE, choices=("fact", "value")),
            Attribute(id="free", name="Free", kind=AttributeKind.TEXT),
        ),
    )


def test_examples_may_be_a_list_of_texts(codebook: Codebook) -> None:
    assert codebook.label("forecast").examples == (
        Example(text="It will rain."),
        Example(text="It rains.", is_counter=True),
    )


def test_a_label_needs_no_more_than_id_name_and_scope() -> None:
    codebook = parse_codebook('[[labels]]\nid = "a"\nname = "A"\nscope = "span"\n', "mine")
    assert codebook.name == "Codebook"  # whatever the file is called: a project keeps only what it says
    assert codebook.labels == (Label(id="a", name="A", scope=Scope.SPAN, colour=LABEL_COLOURS[0]),)


def test_labels_without_a_colour_get_one_by_their_order(codebook: Codebook) -> None:
    assert [label.colour for label in codebook.labels] == [
        "#1f77b4",
        LABEL_COLOURS[1],
        LABEL_COLOURS[2],
        "grey",
        *LABEL_COLOURS[4:8],
    ]
    many = "".join(f'[[labels]]\nid = "l{number}"\nname = "{number}"\nscope = "span"\n' for number in range(20))
    colours = [label.colour for label in parse_codebook(many).labels]
    assert colours == [LABEL_COLOURS[number % len(LABEL_COLOURS)] for number in range(20)]


def test_keys_hold_within_span_labels_within_relations_and_within_posts_and_threads(codebook: Codebook) -> None:
    keys = {scope: {key: label.id for key, label in codebook.key_map(scope).items()} for scope in Scope}
    assert keys[Scope.SPAN] == {"c": "claim", "1": "forecast"}
    assert keys[Scope.POST] == keys[Scope.THREAD] == {"1": "agree", "2": "disagree", "9": "heated"}
    assert keys[Scope.RELATION] == {"1": "rebuts"}


def test_labels_of_a_scope_leave_out_the_retired_unless_asked(codebook: Codebook) -> None:
    assert [label.id for label in codebook.of_scope(Scope.POST)] == ["agree", "disagree"]
    assert [label.id for label in codebook.of_scope(Scope.POST, with_retired=True)] == ["agree", "disagree", "old"]
    assert [label.id for label in codebook.of_scope(Scope.THREAD)] == ["heated"]


def test_labels_of_an_exclusive_group_exclude_each_other_and_the_retired(codebook: Codebook) -> None:
    assert codebook.exclusive_with("agree") == ("disagree", "old")
    assert codebook.exclusive_with("claim") == ()


def test_labels_of_an_open_group_go_together() -> None:
    codebook = parse_codebook(FULL.replace("exclusive = true", "exclusive = false"))
    assert codebook.exclusive_with("agree") == ()
    assert [label.id for label in codebook.members("stance")] == ["agree", "disagree", "old"]


def test_parents_and_children(codebook: Codebook) -> None:
    assert [label.id for label in codebook.ancestors("storm-forecast")] == ["forecast", "claim"]
    assert codebook.ancestors("claim") == ()
    assert [label.id for label in codebook.children("claim")] == ["forecast"]
    assert codebook.children("agree") == ()


@pytest.mark.parametrize("unknown", ["clam", "Claim", "CLAIM"])
def test_an_unknown_label_is_answered_with_the_likeliest(codebook: Codebook, unknown: str) -> None:
    with pytest.raises(RuleError) as caught:
        codebook.label(unknown)
    assert caught.value.message == f"The codebook Everything has no label “{unknown}”"
    assert caught.value.hint == "Did you mean claim?"


def test_an_unknown_label_like_no_other_is_answered_with_the_way_to_the_list(codebook: Codebook) -> None:
    with pytest.raises(RuleError, match="postil codebook show"):
        codebook.children("xyz")


def test_an_unknown_group_is_answered_too(codebook: Codebook) -> None:
    assert codebook.group("stance").name == "Stance"
    with pytest.raises(RuleError, match=r"no group “stanze”\. Did you mean stance\?"):
        codebook.members("stanze")


def test_what_a_message_quotes_is_short_and_harmless() -> None:
    assert shown("a\x1b[31m\nb") == "“a�[31m�b”"
    assert shown("x" * 50) == "“" + "x" * 40 + "…”"
    assert shown("日本 ⛴") == "“日本 ⛴”"


def test_source_and_hash_are_those_of_the_bytes(codebook: Codebook) -> None:
    assert codebook.source == FULL
    assert codebook.sha256 == hashlib.sha256(FULL.encode()).hexdigest()
    assert parse_codebook(FULL + "\n").sha256 != codebook.sha256


def test_line_ends_and_byte_order_mark_of_windows_change_nothing_but_the_hash(codebook: Codebook) -> None:
    windows = parse_codebook("\ufeff" + FULL.replace("\n", "\r\n"))
    assert windows.labels == codebook.labels
    assert windows.description == codebook.description
    assert windows.sha256 != codebook.sha256


def test_names_may_be_in_any_script() -> None:
    codebook = parse_codebook(
        'name = "تحليل"\n[[labels]]\nid = "a"\nname = "主張 ⛴"\nscope = "span"\n'
        '[[labels]]\nid = "b"\nname = "نمی\u200cدانم"\nscope = "span"\n'
    )
    assert codebook.name == "تحليل"
    assert [label.name for label in codebook.labels] == ["主張 ⛴", "نمی\u200cدانم"]


def test_two_kinds_of_different_labels_may_share_a_name() -> None:
    names = [("x", "X", ""), ("y", "Y", ""), ("x-other", "Other", "x"), ("y-other", "Other", "y")]
    codebook = parse_codebook(
        "".join(
            f'[[labels]]\nid = "{label}"\nname = "{name}"\nscope = "span"\n'
            + (f'parent = "{parent}"\n' if parent else "")
            for label, name, parent in names
        )
    )
    assert [label.name for label in codebook.labels] == ["X", "Y", "Other", "Other"]


def test_json_speaks_the_words_of_the_toml_and_leaves_nothing_out(codebook: Codebook) -> None:
    document = json.loads(json.dumps(codebook_json(codebook)))
    top = ["name", "description", "version", "language", "licence", "labels", "groups", "open", "confidence", "sha256"]
    assert list(document) == top
    assert document["sha256"] == codebook.sha256
    assert all(set(group) == set(FIELDS["group"]) for group in document["groups"])
    assert all(set(label) == set(FIELDS["label"]) - {"confidence"} for label in document["labels"])
    claim, forecast = document["labels"][:2]
    assert claim["scope"] == "span"
    assert claim["examples"][1] == {"text": "How deep is it?", "note": "", "counter": True}
    assert claim["attributes"][3] == {
        "id": "type",
        "name": "Type",
        "kind": "choice",
        "minimum": None,
        "maximum": None,
        "step": None,
        "choices": ["fact", "value"],
        "required": False,
        "description": "",
    }
    assert (claim["parent"], forecast["parent"], claim["group"], claim["retired"]) == (None, "claim", None, False)


def test_codebooks_are_equal_by_what_they_say_and_can_be_hashed(codebook: Codebook) -> None:
    assert parse_codebook(FULL) == codebook
    assert hash(parse_codebook(FULL)) == hash(codebook)
    assert "guidelines = " not in repr(codebook)  # the source would fill the screen


def test_the_default_codebook_labels_claims_comments_relations_and_threads() -> None:
    codebook = default_codebook()
    assert codebook.name == "Claims and comment stance"
    assert codebook.key_map(Scope.SPAN)["c"].id == "claim"
    assert [label.id for label in codebook.labels if label.group == "stance"] == [
        "agree",
        "disagree",
        "asks",
        "neutral",
    ]
    assert codebook.group("stance").is_exclusive
    assert codebook.exclusive_with("agree") == ("disagree", "asks", "neutral")
    assert not codebook.group("tone").is_exclusive
    assert {label.scope for label in codebook.labels} == set(Scope)
    assert [label.id for label in codebook.of_scope(Scope.RELATION)] == ["supports", "rebuts", "cites", "asks-about"]
    assert [label.id for label in codebook.ancestors("source")] == ["evidence"]


def test_the_default_codebook_explains_each_field_scope_kind_key_and_colour() -> None:
    source = default_codebook().source
    comments = "\n".join(line.partition("#")[2] for line in source.splitlines() if "#" in line)
    for field in {field for fields in FIELDS.values() for field in fields}:
        assert field in source
    for word in (*Scope, *AttributeKind, *LABEL_COLOURS):
        assert word in comments
    assert "1 to 9, c, or " + " ".join(LABEL_KEYS[10:]) in comments


def test_the_default_codebook_has_room_for_more() -> None:
    """A label that an analyst adds at the end of the file is read as one more."""
    source = default_codebook().source
    added = parse_codebook(source + '\n[[labels]]\nid = "mine"\nname = "Mine"\nscope = "post"\nkey = "8"\n')
    assert added.label("mine").key == "8"
    assert len(added.labels) == len(tomllib.loads(source)["labels"]) + 1


@pytest.mark.parametrize(
    ("statement", "loaded"),
    [
        ("import annotations.codebook", ""),
        ("from annotations.codebook_toml import default_codebook; default_codebook()", "tomllib"),
    ],
)
def test_a_sound_codebook_loads_neither_the_search_for_lines_nor_that_for_words(statement: str, loaded: str) -> None:
    """The reader opens with a codebook each time, and mistakes are rare."""
    code = f"import sys; {statement}; print(*sorted({{'tomllib', 'difflib', 'annotations.toml_lines'}} & {{*sys.modules}}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == loaded
