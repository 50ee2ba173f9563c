"""Every mistake in a codebook is told, all at once, each with its line."""

from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.codebook_toml import LABEL_LIMIT, SIZE_LIMIT, default_codebook, parse_codebook
from annotations.errors import CodebookError

LABEL = '[[labels]]\nid = "a"\nname = "A"\nscope = "post"\n'
GROUP = '[[groups]]\nid = "g"\nname = "G"\n'
SCALE = '[[labels.attributes]]\nid = "s"\nname = "S"\nkind = "scale"\n'
CHOICE = '[[labels.attributes]]\nid = "s"\nname = "S"\nkind = "choice"\n'


def _label(label_id: str, scope: str = "post", *fields: str) -> str:
    return "\n".join(["[[labels]]", f'id = "{label_id}"', f'name = "{label_id} ."', f'scope = "{scope}"', *fields, ""])


def _problems(source: str) -> list[str]:
    with pytest.raises(CodebookError) as caught:
        parse_codebook(source, "test.toml")
    return list(caught.value.problems)


def test_all_mistakes_are_told_at_once_by_line() -> None:
    source = """\
name = "Bad"
langauge = "en"

[[groups]]
id = "g"
name = "G"

[[labels]]
id = "Claim 1"
name = "Claim"
scope = "sentence"
key = "x"
guidelines = \"\"\"
[[labels]]
id = "not this one"
\"\"\"
group = "h"

[[labels]]
name = "B"
scope = "post"
required = "yes"
"""
    with pytest.raises(CodebookError) as caught:
        parse_codebook(source, "bad.toml")
    assert caught.value.message == "The codebook “bad.toml” has 8 mistakes"
    assert caught.value.problems == (
        "line 2: unknown field “langauge”: did you mean language?",
        'line 4: the group “g” has no labels: a label enters it by group = "g"',
        (
            "line 9: the id “Claim 1” is not allowed: an id begins with a letter from a to z and goes on with a-z, 0-9, - "
            "and _, as in “claim-1”"
        ),
        "line 11: scope “sentence” is unknown; it must be span, post, thread or relation",
        "line 12: the key “x” is not free: a label may have 1 2 3 4 5 6 7 8 9 c A B C D E F H I L M O Q R T U W Y Z",
        "line 17: there is no group “h”",
        "line 19: the label “B” has no id",
        "line 22: required must be true or false, without quotes, not text",
    )


def test_one_mistake_is_called_one() -> None:
    with pytest.raises(CodebookError, match=r"The codebook “test\.toml” has a mistake"):
        parse_codebook("", "test.toml")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        # what is missing
        ("", "line 1: the codebook has no labels: each begins with a line [[labels]]"),
        ("name = 'x'\nlabels = []", "line 2: the codebook has no labels: each begins with a line [[labels]]"),
        ("\n[[labels]]\nid = 'a'\nscope = 'post'", "line 2: the label “a” has no name"),
        ("[[labels]]\nid = 'a'\nname = 'A'", "line 1: the label “a” has no scope"),
        ("[[labels]]\nid = 'a'\nname = ' '\nscope = 'post'", "line 3: name is empty"),
        (LABEL + "group = 'g'\n[[groups]]\nid = 'g'", "line 6: the group “g” has no name"),
        (LABEL + "[[labels.examples]]\nnote = 'x'", "line 5: this example has no text"),
        (LABEL + "[[labels.attributes]]\nid = 'x'\nname = 'X'", "line 5: the attribute “x” has no kind"),
        # names of fields
        (LABEL + "desciption = 'x'", "line 5: unknown field “desciption”: did you mean description?"),
        (LABEL + "exclusive = true", "line 5: exclusive is no field of a label: it belongs to [[groups]]"),
        (
            LABEL + "version = '1'",
            "line 5: version is no field of a label: it belongs to the top of the file, before the first [[…]]",
        ),
        (LABEL + "choices = []", "line 5: choices is no field of a label: it belongs to [[labels.attributes]]"),
        (
            LABEL + "[[examples]]\ntext = 'x'",
            "line 5: examples is no field of a codebook: it belongs to a label, as in [[labels.examples]]",
        ),
        (
            LABEL + "[labels.examples]\ntext = 'x'",
            "line 5: examples must be written as [[labels.examples]], with two brackets, once for each example",
        ),
        (
            "[labels.a]\nname = 'A'",
            "line 1: labels must be written as [[labels]], with two brackets, once for each label",
        ),
        ("labels = ['A']", "line 1: each of labels must stand under [[labels]], not be text"),
        (
            LABEL + "[[labels.examples]]\ntext = 'x'\nzzz = 1",
            "line 7: unknown field “zzz”: an example has text, note, counter",
        ),
        (LABEL + "color = 'red'\ncolour = 'red'", "line 5: color is colour once more: keep one of them"),
        (
            '"\\u001b[2J" = 1\n' + LABEL,
            (
                "line 1: unknown field “�[2J”: a codebook has name, description, version, "
                "language, licence, open, confidence, groups, labels"
            ),
        ),
        # types
        ("[[labels]]\nid = 'a'\nname = 1\nscope = 'post'", "line 3: name must be text in quotes, not a number"),
        (LABEL + "description = 2026-05-01", "line 5: description must be text in quotes, not a date or time"),
        (LABEL + "guidelines = ['a']", "line 5: guidelines must be text in quotes, not a list"),
        (LABEL + "note = {a = 1}", "line 5: note is no field of a label: it belongs to [[labels.examples]]"),
        (LABEL + "parent = {a = 1}", "line 5: parent must be text in quotes, not a table"),
        (LABEL + "retired = 1", "line 5: retired must be true or false, without quotes, not a number"),
        (LABEL + "key = true", "line 5: key must be text in quotes, not true or false"),
        (
            LABEL + "examples = 'x'",
            "line 5: examples must be written as [[labels.examples]], with two brackets, once for each example",
        ),
        (
            LABEL + "examples = [\n'x',\n5,\n]",
            "line 7: each of examples must stand under [[labels.examples]], not be a number",
        ),
        # ids and names
        (
            "[[labels]]\nid = '1a'\nname = 'A'\nscope = 'post'",
            (
                "line 2: the id “1a” is not allowed: an id begins with a "
                "letter from a to z and goes on with a-z, 0-9, - and _, as in “a”"
            ),
        ),
        (
            "[[labels]]\nid = 'Ärger'\nname = 'A'\nscope = 'post'",
            (
                "line 2: the id “Ärger” is not allowed: an id begins "
                "with a letter from a to z and goes on with a-z, 0-9, - and _, as in “arger”"
            ),
        ),
        (
            "[[labels]]\nid = '主張'\nname = 'A'\nscope = 'post'",
            (
                "line 2: the id “主張” is not allowed: an id begins "
                "with a letter from a to z and goes on with a-z, 0-9, - and _"
            ),
        ),
        ("[[labels]]\nid = ''\nname = 'A'\nscope = 'post'", "line 2: id is empty"),
        (
            f"[[labels]]\nid = 'a'\nname = '{'x' * 81}'\nscope = 'post'",
            "line 3: name has 81 characters; 80 is the limit",
        ),
        (
            '[[labels]]\nid = "a"\nname = "A\\u001b[31m"\nscope = "post"',
            "line 3: name has the control character U+001B",
        ),
        ('[[labels]]\nid = "a"\nname = "A\\nB"\nscope = "post"', "line 3: name must be on one line"),
        (
            '[[labels]]\nid = "a"\nname = "A\\u202eB"\nscope = "post"',
            "line 3: name has the invisible sign U+202E, which turns the direction of writing",
        ),
        (LABEL + 'guidelines = "a\\nb\\tc\\u009b"', "line 5: guidelines has the control character U+009B"),
        (LABEL + "examples = ['''\n\n''']", "line 5: text is empty"),
        ("language = 'English'\n" + LABEL, 'line 1: language “English” is no language code, such as "en" or "pt-BR"'),
        ("name = 'x\ty'\n" + LABEL, "line 1: name has the control character U+0009"),
        # twice
        (LABEL + _label("b") + _label("a"), "line 10: the id “a” is taken by the label on line 2"),
        (
            LABEL + "group = 'g'\n" + GROUP + "[[groups]]\nid = 'g'\nname = 'H'",
            "line 10: the id “g” is taken by the group on line 7",
        ),
        (
            LABEL + "[[labels]]\nid = 'b'\nname = 'Ａ'\nscope = 'post'",
            "line 7: the name “Ａ” is taken by the post label on line 3",
        ),
        (
            LABEL + "key = '1'\n" + _label("b", "thread", "key = 1"),
            "line 10: the key 1 is taken by the label “a” on line 5; post and thread labels have a key each",
        ),
        (
            _label("a", "span", "key = 'c'") + _label("b", "span", "key = 'c'"),
            "line 10: the key c is taken by the label “a” on line 5; span labels have a key each",
        ),
        (
            LABEL + SCALE + "minimum = 1\nmaximum = 2\n" + CHOICE + "choices = ['x', 'y']",
            "line 12: the label “a” has the attribute “s” already, on line 6",
        ),
        # keys and colours
        (
            LABEL + "key = 'j'",
            "line 5: the key “j” is not free: a label may have 1 2 3 4 5 6 7 8 9 c A B C D E F H I L M O Q R T U W Y Z",
        ),
        (
            LABEL + "key = 12",
            "line 5: the key “12” is not free: a label may have 1 2 3 4 5 6 7 8 9 c A B C D E F H I L M O Q R T U W Y Z",
        ),
        (
            LABEL + "color = 'mauve'",
            (
                "line 5: the colour “mauve” is unknown: it must be blue, orange, green, purple, teal, pink, yellow, red, "
                "grey, or one as in #1f77b4"
            ),
        ),
        (
            LABEL + "colour = '#12345'",
            (
                "line 5: the colour “#12345” is unknown: it must be blue, orange, green, purple, teal, pink, yellow, red, "
                "grey, or one as in #1f77b4"
            ),
        ),
        (
            "[[labels]]\nid = 'a'\nname = 'A'\nscope = 'Span'",
            "line 4: scope “Span” is unknown; did you mean “span”? It must be span, post, thread or relation",
        ),
        # groups
        (
            LABEL
            + "group = 'stanse'\n"
            + _label("b", "post", "group = 'stance'")
            + GROUP.replace("g", "stance", 2).replace("[[stanceroups", "[[groups"),
            "line 5: there is no group “stanse”: did you mean “stance”?",
        ),
        (
            LABEL + "group = 'g'\n" + _label("b", "span", "group = 'g'") + GROUP,
            "line 10: the label “b” is a span label, but the label “a” on line 1 makes the group “g” one of post labels",
        ),
        (LABEL + GROUP, 'line 5: the group “g” has no labels: a label enters it by group = "g"'),
        (
            _label("a", "span", "group = 'g'") + GROUP + "required = true",
            "line 9: the group “g” holds span labels: only labels of posts and threads can be required",
        ),
        (
            LABEL + "group = 'g'\nretired = true\n" + GROUP + "required = true",
            "line 10: the group “g” cannot be required: all of its labels are retired",
        ),
        # parents
        (LABEL + "parent = 'b'", "line 5: there is no label “b” to be the parent"),
        (
            _label("claim") + _label("b", "post", "parent = 'clam'"),
            "line 9: there is no label “clam” to be the parent: did you mean “claim”?",
        ),
        (LABEL + "parent = 'a'", "line 5: the parents go in a circle: “a” → “a”"),
        (
            _label("a", "post", "parent = 'b'")
            + _label("b", "post", "parent = 'c'")
            + _label("c", "post", "parent = 'b'"),
            "line 10: the parents go in a circle: “b” → “c” → “b”",
        ),
        (
            "".join(_label(f"l{number}", "post", f"parent = 'l{(number + 1) % 9}'") for number in range(9)),
            "line 5: the parents go in a circle: “l0” → “l1” → “l2” → “l3” → “l4” → … → “l0”",
        ),
        (
            LABEL + _label("b", "span", "parent = 'a'"),
            "line 9: the label “b” is a span label, its parent “a” a post label: both need one scope",
        ),
        # required
        (
            _label("a", "relation", "required = true"),
            "line 5: the label “a” is a relation label: only labels of posts and threads can be required",
        ),
        (
            LABEL + "retired = true\nrequired = true",
            "line 6: the label “a” cannot be required: it is retired",
        ),
        (
            LABEL + "group = 'g'\nrequired = true\n" + _label("b", "post", "group = 'g'") + GROUP + "exclusive = true",
            (
                "line 6: the label “a” cannot be required: the group “g” is exclusive, so that its other labels could never "
                "be put. Require the group instead"
            ),
        ),
        # attributes
        (LABEL + SCALE + "maximum = 5", "line 5: the attribute “s” has no minimum: a scale needs both ends"),
        (LABEL + SCALE + "minimum = 5", "line 5: the attribute “s” has no maximum: a scale needs both ends"),
        (LABEL + SCALE + "minimum = 5\nmaximum = 5", "line 9: the minimum, 5, must be less than the maximum, 5"),
        (LABEL + SCALE + "minimum = 1\nmaximum = '5'", "line 10: maximum must be a number, without quotes, not text"),
        (
            LABEL + SCALE + "minimum = false\nmaximum = 5",
            "line 9: minimum must be a number, without quotes, not true or false",
        ),
        (
            LABEL + SCALE + "minimum = 1\nmaximum = inf",
            "line 10: maximum must lie between -1,000,000,000 and 1,000,000,000",
        ),
        (
            LABEL + SCALE + "minimum = nan\nmaximum = 1",
            "line 9: minimum must lie between -1,000,000,000 and 1,000,000,000",
        ),
        (LABEL + SCALE + "minimum = 1\nmaximum = 5\nstep = 3", "line 11: steps of 3 do not lead from 1 to 5"),
        (
            LABEL + SCALE + "minimum = 0.1\nmaximum = 0.5\nstep = 0.3",
            "line 11: steps of 0.3 do not lead from 0.1 to 0.5",
        ),
        (
            LABEL + SCALE + "minimum = 1\nmaximum = 5\nstep = 0",
            "line 11: the step, 0, must be more than 0 and make no more than 1,000,000 steps",
        ),
        (
            LABEL + SCALE + "minimum = 1\nmaximum = 5\nstep = 1e-300",
            "line 11: the step, 1e-300, must be more than 0 and make no more than 1,000,000 steps",
        ),
        (
            LABEL + SCALE + "minimum = 1\nmaximum = 5\nchoices = ['x', 'y']",
            "line 11: choices belongs to the kind choice; the attribute “s” is of the kind scale",
        ),
        (
            LABEL + CHOICE + "choices = ['x', 'y']\nminimum = 1",
            "line 10: minimum belongs to the kind scale; the attribute “s” is of the kind choice",
        ),
        (
            LABEL + CHOICE,
            'line 5: the attribute “s” needs two choices or more, as in choices = ["one", "two"]',
        ),
        (
            LABEL + CHOICE + "choices = ['x']",
            'line 9: the attribute “s” needs two choices or more, as in choices = ["one", "two"]',
        ),
        (LABEL + CHOICE + "choices = ['x', 'y', 'X']", "line 9: choices has “X” twice"),
        (LABEL + CHOICE + "choices = ['x', '']", "line 9: each of choices is empty"),
        (LABEL + CHOICE + "choices = [1, 'x']", "line 9: each of choices must be text in quotes, not a number"),
        (
            LABEL + CHOICE + "choices = 'x, y'",
            'line 9: choices must be a list of texts, as in ["one", "two"], not text',
        ),
        (
            LABEL + "[[labels.attributes]]\nid = 's'\nname = 'S'\nkind = 'range'",
            "line 8: kind “range” is unknown; it must be scale, choice or text",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_nothing_besides(source: str, problem: str) -> None:
    assert _problems(source) == [problem]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (
            "name = “Claims”",
            (
                "line 1: no value that TOML knows: text stands in straight quotes, true and false in small letters "
                "(column 8)"
            ),
        ),
        (
            LABEL + "required = True",
            (
                "line 5: no value that TOML knows: text stands in straight quotes, true and false in small letters "
                "(column 12)"
            ),
        ),
        (
            LABEL + 'description = "one\ntwo"',
            'line 5: a text ends with its line: one of several lines stands between """ and """ (column 19)',
        ),
        (LABEL + 'guidelines = """\none\ntwo\n\n', "line 5: a text begins here whose closing quote is missing"),
        (LABEL + "name = 'open", "line 5: a text begins here whose closing quote is missing"),
        (LABEL + "name = 'B'\n", "line 5: this field was given before in the same table (column 11)"),
        (
            LABEL + "examples = [\n'a',\n'b'\n\n",
            "line 5: a list begins here whose closing ] is missing, or a comma in it",
        ),
        (LABEL + "examples = [{text = 'a'", "line 5: a table begins here whose closing } is missing, or a comma in it"),
        (
            LABEL + "[labels]",
            "line 5: this heading was given before: those of labels have two brackets each, [[labels]] (column 8)",
        ),
        (
            "[[labels]\nid = 'a'",
            "line 1: the brackets of this heading are not closed: it looks like [[labels]] (column 9)",
        ),
        ("labels = []\n[[labels]]", "line 2: this heading was given before as a field (column 9)"),
        ("= 1", 'line 1: neither a field such as name = "Claim" nor a heading such as [[labels]] (column 1)'),
        ("a. = 1", "line 1: a name of a field is missing here (column 4)"),
        ("name", 'line 1: a field is written as its name, an equals sign and its value, as in name = "Claim"'),
        (
            "name: 'x'",
            'line 1: a field is written as its name, an equals sign and its value, as in name = "Claim" (column 5)',
        ),
        (
            'name = "say "yes" to it"',
            (
                'line 1: something follows the value: a quote inside a text is written \\", and '
                "each field has its line (column 14)"
            ),
        ),
        ('name = "C:\\path"', "line 1: a backslash in a text is written \\\\ (column 13)"),
        (LABEL + "key = " + "1" * 5000 + "\n\n" + LABEL, "line 5: a number with more digits than anybody can read"),
    ],
)
def test_what_is_no_toml_is_told_with_line_column_and_likely_cause(source: str, problem: str) -> None:
    assert _problems(source) == [problem]


def test_what_is_no_toml_hides_other_mistakes_and_says_so() -> None:
    with pytest.raises(CodebookError) as caught:
        parse_codebook("nmae = 'x'\ny", "test.toml")
    assert len(caught.value.problems) == 1
    assert caught.value.hint == "What else is wrong can be told once the file is TOML."


def test_each_line_of_windows_counts_once() -> None:
    assert _problems(LABEL.replace("\n", "\r\n") + "kye = 1\r\n") == ["line 5: unknown field “kye”: did you mean key?"]


def test_a_retired_label_leaves_its_key_and_name_to_others() -> None:
    retired = "[[labels]]\nid = 'b'\nname = 'A'\nscope = 'post'\nkey = '1'\nretired = true\n"
    codebook = parse_codebook(LABEL + "key = '1'\n" + retired)
    assert [label.id for label in codebook.labels] == ["a", "b"]


def test_a_wrong_scope_draws_no_wrong_conclusions() -> None:
    source = (
        _label("a", "psot", "key = '1'", "required = true", "group = 'g'")
        + _label("b", "span", "key = '1'", "parent = 'a'", "group = 'g'")
        + GROUP
    )
    assert _problems(source) == [
        "line 4: scope “psot” is unknown; did you mean “post”? It must be span, post, thread or relation"
    ]


@pytest.mark.parametrize(
    "source", ["a = " + "[" * 100_000, "a = " + "{b=" * 100_000, ".".join("a" * 100_000) + " = 1", "[" + "a." * 50_000]
)
def test_endless_nesting_is_refused_at_once(source: str) -> None:
    assert _problems("\n" + source) == ["line 2: brackets or dots are nested too deeply"]


def test_nesting_that_tomllib_bears_is_refused_too() -> None:
    source = LABEL + "examples = " + "[" * 20 + "]" * 20
    assert _problems(source) == ["line 5: brackets or dots are nested too deeply"]


def test_a_codebook_has_a_limit_of_size() -> None:
    assert parse_codebook(LABEL + "#" * (SIZE_LIMIT - len(LABEL))).labels
    assert _problems(LABEL + "#" * (SIZE_LIMIT - len(LABEL) + 1)) == [
        "line 1: the codebook has 1,048,577 bytes; 1,048,576 is the limit"
    ]


def test_a_codebook_has_a_limit_of_labels() -> None:
    source = "".join(_label(f"l{number}") for number in range(LABEL_LIMIT))
    assert len(parse_codebook(source).labels) == LABEL_LIMIT
    assert _problems(source + _label("more")) == ["line 4001: there are 1,001 labels; 1,000 is the limit"]


def test_half_a_character_is_told_with_its_line() -> None:
    assert _problems(LABEL + "description = '\ud800'") == ["line 5: a character that UTF-8 cannot write, U+D800"]


def test_thousands_of_unknown_fields_are_told_without_guessing_at_each() -> None:
    problems = _problems(LABEL + "".join(f"nam{number} = 1\n" for number in range(2_000)))
    assert len(problems) == 2_000
    assert not any("did you mean" in problem for problem in problems)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_codebook_is_read_or_refused_with_lines_that_exist(data: st.DataObject) -> None:
    """Whatever is cut from the default codebook or put into it, nothing but a CodebookError comes of it."""
    source = default_codebook().source
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, min(len(source), start + 400)))
    pieces = st.sampled_from(
        ["[[labels]]\n", "[labels]", '"', "'", '"""', "\n", "=", "1", "true", "a", "]", "{", "#", "\x1b"]
    )
    damaged = source[:start] + "".join(data.draw(st.lists(pieces, max_size=5))) + source[end:]
    problems: tuple[str, ...] = ()
    try:
        codebook = parse_codebook(damaged)
    except CodebookError as error:
        problems = error.problems
    else:
        assert len(codebook.labels) == len(tomllib.loads(damaged)["labels"])
        return
    lines = [int(match[1]) for match in map(re.compile(r"line (\d+): \S").match, problems) if match]
    assert len(lines) == len(problems) > 0
    assert lines == sorted(lines)
    assert 1 <= lines[0] <= lines[-1] <= damaged.count("\n") + 1
    assert "\x1b" not in "".join(problems)
