"""UIMA: a CAS for each thread and annotator, twice; that UIMA's own programs read it is tried in tests/interop."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.codebook_toml import parse_codebook
from annotations.errors import WrongUsageError
from annotations.exporters import uima
from annotations.exporters.choosing.options import Aggregate, ExportOptions
from annotations.exporters.documents.deferred import Deferred
from annotations.exporters.documents.rendition_places import Section, units_of
from annotations.exporters.documents.uima_cas import Structure, segments
from annotations.exporters.documents.uima_files import CasWriter, Structures, Text
from annotations.exporters.documents.uima_types import (
    FLOAT,
    MARK,
    STRING,
    attribute_features,
    make_types,
)
from annotations.exporters.writing.output import Output
from annotations.exporters.writing.report import Tally
from annotations.model import Post, PostKind, Thread
from annotations.store.threads import save_thread
from tests.annotations.ferry import check_golden, open_ferry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.store.project import Project

GOLDEN = (
    "source/ferry.xmi",
    "source/ferry.json",
    "annotation/Ada/ferry.xmi",
    "annotation/Ada/ferry.json",
    "annotation/Bo/ferry.xmi",
    "annotation/ferry-1b/ferry.xmi",
    "TypeSystem.xml",
    "layers.json",
)
CUSTOM = "{http:///webanno/custom.ecore}Postil"
ID = "{http://www.omg.org/XMI}id"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with open_ferry(tmp_path) as project:
        yield project


class Cas:
    """A CAS as plain XML says it; offsets are units of UTF-16."""

    def __init__(self, source: Path | bytes) -> None:
        raw = source if isinstance(source, bytes) else source.read_bytes()
        self.root = ET.fromstring(raw)  # noqa: S314  # our own
        sofa = self.root.find("{http:///uima/cas.ecore}Sofa")
        view = self.root.find("{http:///uima/cas.ecore}View")
        assert sofa is not None
        assert view is not None
        self._units = sofa.attrib["sofaString"].encode("utf-16-le")
        self.members = view.attrib["members"].split()
        self.by_id = {each.attrib[ID]: each for each in self.root if ID in each.attrib}

    def said(self, element: ET.Element) -> str:
        begin, end = (2 * int(element.attrib[name]) for name in ("begin", "end"))
        return self._units[begin:end].decode("utf-16-le")

    def of(self, kind: str) -> list[ET.Element]:
        return self.root.findall(f"{CUSTOM}{kind}")


def test_the_bytes_are_as_ever(project: Project, tmp_path: Path) -> None:
    uima.write(project, tmp_path / "out", ExportOptions())
    for file in GOLDEN:
        check_golden((tmp_path / "out" / file).read_bytes(), f"uima/{file}")


def test_labels_are_where_they_were_put(project: Project, tmp_path: Path) -> None:
    uima.write(project, tmp_path / "out", ExportOptions())
    cas = Cas(tmp_path / "out/annotation/Bo/ferry.xmi")
    told = {(each.get("scope"), each.get("post"), each.get("label")): cas.said(each) for each in cas.of("Label")}
    assert told == {
        ("span", "0", "claim"): "🛳️ stops in May",
        ("post", "3", "agree"): "3 · -Jo · level 1, answers 0 (Desk)",
        ("post", "1.1", None): "1.1 · أحمد · 2026-04-30T23:59:59Z · level 2, answers 1 (=cmd)",
        ("post", "1", None): "1 · =cmd · level 1, answers 0 (Desk)",
        ("post", "3", None): "3 · -Jo · level 1, answers 0 (Desk)",
        ("thread", None, None): "Ferry to stop · https://news.example/ferry?a=1&b=2",
    }
    (claim,) = (each for each in cas.of("Label") if each.get("label") == "claim")
    assert (claim.get("certainty"), claim.get("attributes")) == ("0.25", '{"certainty":0.25}')


def test_relations_lead_from_label_to_label_and_posts_say_where_they_are(project: Project, tmp_path: Path) -> None:
    uima.write(project, tmp_path / "out", ExportOptions())
    cas = Cas(tmp_path / "out/annotation/Ada/ferry.xmi")
    ends = [
        tuple(cas.by_id[each.attrib[name]].get("post") for name in ("Governor", "Dependent"))
        for each in cas.of("Relation")
    ]
    assert ends == [(None, "0"), ("1", "0")]
    assert all("it lost £3m." in each.attrib["loose_ends"] for each in cas.of("Relation"))
    (detached,) = cas.of("Detached")
    assert (detached.get("quote"), cas.said(detached)) == ("it lost £3m.", "0 · article · Desk")
    texts = {each.get("post"): cas.said(each) for each in cas.of("Post")}
    assert texts["1.1"] == "كم الخسارة؟ 👩🏽‍🚀"
    assert texts["2"] == ""
    assert [each.get("note") for each in cas.of("Mark") if each.get("kind") == "note"] == ['=tired, "she"\nsays']


def test_every_structure_is_a_member_and_every_token_in_one_sentence(project: Project, tmp_path: Path) -> None:
    uima.write(project, tmp_path / "out", ExportOptions())
    cas = Cas(tmp_path / "out/source/ferry.xmi")
    assert cas.members == [each.attrib[ID] for each in cas.root if "sofa" in each.attrib and ID in each.attrib]
    spans = {
        kind: [
            (int(each.attrib["begin"]), int(each.attrib["end"])) for each in cas.root if each.tag.endswith(f"}}{kind}")
        ]
        for kind in ("Token", "Sentence")
    }
    assert spans["Token"]
    for begin, end in spans["Token"]:
        assert sum(first <= begin and end <= last for first, last in spans["Sentence"]) == 1


def test_both_forms_say_the_same(project: Project, tmp_path: Path) -> None:
    uima.write(project, tmp_path / "out", ExportOptions())
    for path in sorted((tmp_path / "out").rglob("*.xmi")):
        cas = Cas(path)
        other: dict[str, Any] = json.loads(path.with_suffix(".json").read_bytes())
        found = [each for each in other["%FEATURE_STRUCTURES"] if each["%TYPE"] != "uima.cas.Sofa"]
        assert other["%VIEWS"]["_InitialView"]["%MEMBERS"] == [int(each) for each in cas.members]
        for each in found:
            element = cas.by_id[str(each["%ID"])]
            assert element.tag.rpartition("}")[2] == each["%TYPE"].rpartition(".")[2]
            told = {name.removeprefix("@"): value for name, value in each.items() if not name.startswith("%")}
            assert {name: value for name, value in element.attrib.items() if name != ID} == {
                name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in told.items()
            }
            assert set(told) - {"sofa", "begin", "end", "language"} <= set(other["%TYPES"][each["%TYPE"]])


def test_labels_made_one_set_are_one_annotators(project: Project, tmp_path: Path) -> None:
    uima.write(project, tmp_path / "out", ExportOptions(aggregate=Aggregate.ANY))
    assert [each.name for each in (tmp_path / "out/annotation").iterdir()] == ["any"]


def test_what_xml_forbids_stays_in_the_json_of_what_a_source_says(project: Project, tmp_path: Path) -> None:
    # Texts, names and notes are clean in the store; what a source says besides need not be.
    odds: tuple[dict[str, object], ...] = ({"odd": "\ufffe\x07"}, {"odd": "\ud800\uffff", "large": 2**70})
    for number, odd in enumerate(odds):
        key = f"pier-{number}"
        article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="The pier 👩🏽‍🚀 is shut.", meta=odd)
        thread = Thread(key=key, title="Pier", posts=(article,), format="test")
        save_thread(project, thread, location=f"/{key}", source_sha256=key)
        report = uima.write(project, tmp_path / "out", ExportOptions(thread=key))
        assert report.lost == {}
        cas = Cas(tmp_path / f"out/source/{key}.xmi")
        (post,) = cas.of("Post")
        assert cas.said(post) == "The pier 👩🏽‍🚀 is shut."
        assert json.loads(post.attrib["meta"]) == odd
        assert json.loads((tmp_path / f"out/source/{key}.json").read_bytes())


def cas_of(text: str, mark: Structure, tally: Tally) -> tuple[bytes, bytes]:
    """Return the files of a text in which there is a mark."""
    xmi, other = BytesIO(), BytesIO()
    with Deferred() as deferred:
        said, marks, found = Text(deferred, tally), Structures(deferred, tally), Structures(deferred, tally)
        said.add(text)
        marks.add(mark)
        found.add_segments(Section(text=text, start=0, units=0, length=units_of(text), head=(0, 0)))
        CasWriter(Output(xmi), Output(other), make_types({})).write(said, (marks, found))
    return xmi.getvalue(), other.getvalue()


def test_what_xml_forbids_elsewhere_is_replaced_and_counted() -> None:
    tally = Tally()
    xmi, other = cas_of("a\x0b👩\ufffeb", Structure(MARK, 5, 6, {"note": "\ud800"}), tally)
    assert tally.lost == {"characters that XML cannot carry, replaced by U+FFFD": 3}
    cas = Cas(xmi)
    (mark,) = cas.of("Mark")
    assert (cas.said(mark), mark.get("note")) == ("b", "\ufffd")
    assert json.loads(other)["%FEATURE_STRUCTURES"][0]["sofaString"] == "a\ufffd👩\ufffdb"


SIGNS = st.text(st.sampled_from("aB1 \n\t.!?。…\"<&'👩🏽\u200d\ufe0f\u0301港\u2028\u00a0"), max_size=40)


@given(SIGNS, st.integers(0, 40), st.integers(0, 40))
def test_any_place_in_any_text_says_the_same_on_disk(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    begin, stop = units_of(text[:start]), units_of(text[:end])
    xmi, told = cas_of(text, Structure(MARK, begin, stop, {"note": text}), Tally())
    cas = Cas(xmi)
    (mark,) = cas.of("Mark")
    assert (cas.said(mark), mark.get("note")) == (text[start:end], text)
    tokens = [cas.said(each) for each in cas.root if each.tag.endswith("}Token")]
    assert "".join(tokens) == "".join(text.split())
    assert json.loads(told)["%FEATURE_STRUCTURES"][0]["sofaString"] == text


@given(SIGNS)
def test_sentences_hold_their_tokens_whole_and_all_of_them(text: str) -> None:
    found = list(segments(text))
    tokens = [token for _, members in found for token in members]
    assert "".join(text[begin:end] for begin, end in tokens) == "".join(text.split())
    spans = [sentence for sentence, _ in found]
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert all(sum(first <= begin and end <= last for first, last in spans) == 1 for begin, end in tokens)


@given(st.lists(SIGNS, min_size=1, max_size=4))
def test_lines_are_parted_as_the_whole_text_is(lines: list[str]) -> None:
    """A thread is parted piece by piece, each of which begins with a line: that must not show."""
    pieces = [lines[0], *(f"\n\n▌ {line}" for line in lines[1:])]
    found, at = [], 0
    for piece in pieces:
        found += [(begin + at, end + at) for _, members in segments(piece) for begin, end in members]
        at += len(piece)
    assert found == [token for _, members in segments("".join(pieces)) for token in members]


ODD = """
name = "Odd"

[[labels]]
id = "one"
name = "One"
scope = "span"

[[labels.attributes]]
id = "note"
name = "Note"
kind = "text"

[[labels.attributes]]
id = "how-much"
name = "How much"
kind = "scale"
minimum = 0
maximum = 1

[[labels.attributes]]
id = "type"
name = "Type"
kind = "text"

[[labels]]
id = "two"
name = "Two"
scope = "post"

[[labels.attributes]]
id = "how-much"
name = "How much"
kind = "choice"
choices = ["a", "b"]

[[labels.attributes]]
id = "how_much"
name = "How much"
kind = "scale"
minimum = 0
maximum = 1
"""


def test_attributes_are_features_with_names_of_their_own() -> None:
    features = attribute_features(parse_codebook(ODD))
    assert {key: (each.name, each.range) for key, each in features.items()} == {
        "note": ("note_2", STRING),
        "how-much": ("how_much", STRING),
        "type": ("type_2", STRING),
        "how_much": ("how_much_2", FLOAT),
    }
    for described in make_types(features):
        names = [each.name for each in described.features]
        assert len(names) == len({name.lower() for name in names})


def test_the_layers_are_such_as_inception_takes(project: Project, tmp_path: Path) -> None:
    uima.write(project, tmp_path / "out", ExportOptions())
    layers = {each["name"]: each for each in json.loads((tmp_path / "out/layers.json").read_bytes())}
    types = ET.fromstring((tmp_path / "out/TypeSystem.xml").read_bytes())  # noqa: S314  # our own
    space = "{http://uima.apache.org/resourceSpecifier}"
    described = {
        each.findtext(f"{space}name"): {
            feature.findtext(f"{space}name"): feature.findtext(f"{space}rangeTypeName")
            for feature in each.iter(f"{space}featureDescription")
        }
        for each in types.iter(f"{space}typeDescription")
    }
    assert layers.keys() == {name for name in described if name and name.startswith("webanno.custom.")}
    relation = layers["webanno.custom.PostilRelation"]
    assert relation["attach_type"] == {"name": "webanno.custom.PostilLabel"}
    for name, layer in layers.items():
        simple = {key: kind for key, kind in described[name].items() if key not in {"Governor", "Dependent"}}
        assert {each["name"]: each["type"] for each in layer["features"]} == simple
        assert all(kind and kind.startswith("uima.cas.") for kind in simple.values())
    shown = [each for each in layers["webanno.custom.PostilLabel"]["features"] if each["visible"]]
    assert [tag["tag_name"] for tag in shown[0]["tag_set"]["tags"]] == ["claim", "agree", "heated"]


def test_the_preview_shows_what_is_on_the_first_posts(project: Project) -> None:
    shown = uima.preview(project, ExportOptions(), 2)
    assert "PostilLabel" in shown
    assert "PostilPost" in shown
    assert "Token" not in shown
    assert uima.preview(project, ExportOptions(), 0) == ""


def test_excel_is_refused(project: Project, tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError):
        uima.write(project, tmp_path / "out", ExportOptions(excel=True))
