"""What people wrote stays text in Markdown and YAML, and the card says what there is to say and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.adjudication import Adjudication
from annotations.codebook_toml import parse_codebook
from annotations.exporters import csv
from annotations.exporters.choosing.options import Aggregate, ExportOptions
from annotations.exporters.describing.markdown import alone, code, inline, many, quoted, table, yaml_text
from annotations.store.codebooks import apply_codebook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.annotations.conftest import Desk

SPLIT = (("one", 0.5), ("two", 0.5))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, (with) signs!", "plain, (with) signs!"),
        ("| <b> & *x* _y_ `z` ~s~ [l](u) #1 $m$", r"\| &lt;b&gt; &amp; \*x\* \_y\_ \`z\` \~s\~ \[l\](u) \#1 \$m\$"),
        ("two\nlines\u2028and\ttabs", "two lines and tabs"),
        ("turned \u202eround\u202c", "turned round"),
        ("back\\slash", "back\\\\slash"),
    ],
)
def test_a_text_is_shown_as_it_is(text: str, shown: str) -> None:
    assert inline(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("- no list", r"\- no list"), ("12. no list", r"12\. no list"), ("=== no heading", r"\=== no heading")],
)
def test_a_line_begins_nothing(text: str, shown: str) -> None:
    assert alone(text) == shown


def test_a_quotation_keeps_its_paragraphs_and_lists() -> None:
    assert quoted("one\ntwo\n\nthree\n") == "> one\n> two\n>\n> three"
    assert (
        quoted("one\n- two\n* three\n4. four\n• five") == "> one\\\n> \\- two\\\n> \\* three\\\n> 4\\. four\\\n> • five"
    )


def test_code_may_hold_the_signs_of_code() -> None:
    assert code("a") == "`a`"
    assert code("a ``b`` c") == "```a ``b`` c```"
    assert code("`a`") == "`` `a` ``"
    assert "|" not in code("a|b")


def test_a_table_sets_numbers_to_the_right() -> None:
    assert table(("a", "b"), [("x", 1234)], numbers=1) == "| a | b |\n| --- | ---: |\n| x | 1,234 |"
    assert (many(1, "post"), many(0, "post"), many(1000, "post")) == ("1 post", "0 posts", "1,000 posts")


def test_yaml_escapes_what_it_cannot_hold() -> None:
    assert yaml_text('a: "b" \U0001f6f3 #\n\x85\u2028') == '"a: \\"b\\" \U0001f6f3 #\\n\\u0085\\u2028"'


def card(desk: Desk, tmp_path: Path, options: ExportOptions) -> str:
    csv.write(desk.project, tmp_path / "set", options)
    return (tmp_path / "set" / "README.md").read_text(encoding="utf-8")


def test_a_card_of_nothing_is_calm(desk: Desk, tmp_path: Path) -> None:
    found = card(desk, tmp_path, ExportOptions(split=SPLIT))
    assert "0 annotations on 0 posts of 2 threads" in found
    assert "Nobody yet." in found
    assert "## Agreement" not in found
    assert "No licence was named" in found
    assert "license: unknown" in found


def test_agreement_that_cannot_be_measured_is_said_to_be_undefined(desk: Desk, tmp_path: Path) -> None:
    for name in ("Ada", "Bo"):
        for key in ("1", "2"):
            desk.session(name).apply("funny", desk.post(key))
    found = card(desk, tmp_path, ExportOptions(split=SPLIT))
    assert "Measured on 2 posts that both people have seen" in found
    assert "| Funny (yes or no) | 100.0% | undefined |" in found
    assert "1.000" not in found


def test_agreement_is_not_told_of_one_annotator_or_of_posts_that_nobody_shares(desk: Desk, tmp_path: Path) -> None:
    desk.session("Ada").apply("funny", desk.post("1"))
    desk.session("Bo").apply("funny", desk.post("2"))
    assert "No post was seen by two of the 2 people" in card(desk, tmp_path, ExportOptions(split=SPLIT))
    found = card(desk, tmp_path, ExportOptions(split=SPLIT, annotator="Ada"))
    assert "## Agreement" not in found
    assert "Only what Ada has put and reviewed." in found


def test_who_has_only_adjudicated_is_none_of_those_who_are_compared(desk: Desk, tmp_path: Path) -> None:
    for name in ("Ada", "Bo"):
        desk.session(name).apply("funny", desk.post("1"))
    Adjudication(desk.project, "Dora").settle_agreed()
    assert "Dora" in {each.name for each in desk.project.annotators()}
    assert "Measured on 1 post that both people have seen" in card(desk, tmp_path, ExportOptions(split=SPLIT))


def test_choices_are_said_in_words(desk: Desk, tmp_path: Path) -> None:
    desk.session("Ada").apply("funny", desk.post("1"))
    desk.session("Ada").review(desk.posts["1"])
    options = ExportOptions(
        split=SPLIT, seed=7, labels=("funny",), only_reviewed=True, redact=True, thread=None, with_implied=False
    )
    found = card(desk, tmp_path, options)
    for words in (
        "Only these labels: `funny`.",
        "Posts that nobody has reviewed were left out.",
        "Links, e-mail addresses and phone numbers in texts were replaced.",
        "Wider labels that follow from narrower ones are not written.",
        "the seed 7",
    ):
        assert words in found
    assert "| Funny | `funny` |" in found
    assert "Claim" not in found.partition("## Labels")[2].partition("##")[0]


def test_labels_of_earlier_codebooks_are_told(desk: Desk, tmp_path: Path) -> None:
    desk.session("Ada").apply("funny", desk.post("1"))
    apply_codebook(desk.project, parse_codebook('[[labels]]\nid = "new"\nname = "New"\nscope = "post"\n'))
    found = card(desk, tmp_path, ExportOptions(split=SPLIT))
    assert "### Of earlier codebooks" in found
    assert "| Funny | `funny` | 1 |" in found


def test_one_set_of_several_annotators_labels_stands_beside_those_who_have_put_them(desk: Desk, tmp_path: Path) -> None:
    for name in ("Ada", "Bo"):
        desk.session(name).apply("funny", desk.post("1"))
    desk.session("Ada").apply("agree", desk.post("1"))
    found = card(desk, tmp_path, ExportOptions(split=SPLIT, aggregate=Aggregate.ANY))
    assert "The labels of all annotators were made one set (any)." in found
    assert "| annotations | 2 |" in found
    assert "| Ada | person | 2 | 0 |\n| Bo | person | 1 | 0 |\n| any | one set of all | 2 | 0 |" in found
    assert "## Agreement" in found
