"""The collection is what the model demands, and linked data to programs that read such."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from annotations.exporters import jsonl, web_annotation
from annotations.exporters.choosing.options import ExportOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotations.store.project import Project

SCHEMA = Path(__file__).parent / "schemas" / "web-annotation.schema.json"

VALIDATE = """
import json, sys
from jsonschema import Draft202012Validator

schema, document = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:3])
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
for error in validator.iter_errors(document):
    print(error.json_path, error.message[:300])
for broken in (
    {**document, "@context": "http://schema.org"},
    {**document, "total": -1},
    {**document, "first": {**document["first"], "items": []}},
    {**document, "first": {**document["first"], "items": [{"id": "x", "type": "Annotation"}]}},
):
    assert not validator.is_valid(broken)
"""

OA, SKOS, AS = (
    "http://www.w3.org/ns/oa#",
    "http://www.w3.org/2004/02/skos/core#",
    "https://www.w3.org/ns/activitystreams#",
)
DCTERMS, FOAF = "http://purl.org/dc/terms/", "http://xmlns.com/foaf/0.1/"


def link(iri: str, **more: str) -> dict[str, str]:
    return {"@id": iri, "@type": "@id", **more}


CONTEXT: dict[str, Any] = {
    "oa": OA, "skos": SKOS, "as": AS, "dcterms": DCTERMS, "foaf": FOAF,
    "id": "@id", "type": "@type",
    **{word: f"oa:{word}" for word in ("Annotation", "TextualBody", "SpecificResource", "TextQuoteSelector", "TextPositionSelector")},
    **{word: f"oa:{word}" for word in ("classifying", "commenting", "describing", "linking", "tagging")},
    **{word: f"oa:{word}" for word in ("exact", "prefix", "suffix", "start", "end")},
    "Person": "foaf:Person", "Software": "as:Application", "name": "foaf:name",
    "AnnotationCollection": "as:OrderedCollection", "AnnotationPage": "as:OrderedCollectionPage",
    "body": link("oa:hasBody"), "target": link("oa:hasTarget"), "source": link("oa:hasSource"),
    "selector": link("oa:hasSelector"), "creator": link("dcterms:creator"), "generator": link("as:generator"),
    "conformsTo": link("dcterms:conformsTo"), "first": link("as:first"), "last": link("as:last"), "partOf": link("as:partOf"),
    "items": link("as:items", **{"@container": "@list"}),
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"}, "purpose": {"@id": "oa:hasPurpose", "@type": "@vocab"},
    "created": "dcterms:created", "modified": "dcterms:modified", "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
    "format": "http://purl.org/dc/elements/1.1/format", "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "total": "as:totalItems", "startIndex": "as:startIndex",
}  # fmt: skip
"""What the terms of the model that are written here mean (w3.org/TR/annotation-vocab); the network is not asked for it."""

READ = """
import json, sys
from rdflib import Dataset, Graph, Namespace, RDF
from rdflib.collection import Collection

document, context = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:3])
texts = {post["source"]: post["text"] for thread in document["postil"]["threads"] for post in thread["posts"]}
document["@context"] = [context if part == "http://www.w3.org/ns/anno.jsonld" else part for part in document["@context"]]
graph = Graph().parse(data=json.dumps(document), format="json-ld")
OA, SKOS = Namespace("http://www.w3.org/ns/oa#"), Namespace("http://www.w3.org/2004/02/skos/core#")
AS, FOAF = Namespace("https://www.w3.org/ns/activitystreams#"), Namespace("http://xmlns.com/foaf/0.1/")
DCTERMS = Namespace("http://purl.org/dc/terms/")

annotations = set(graph.subjects(RDF.type, OA.Annotation))
page = graph.value(predicate=RDF.type, object=AS.OrderedCollectionPage)
listed = list(Collection(graph, graph.value(page, AS["items"])))
assert len(listed) == len(annotations) and set(listed) == annotations

slices = 0
for place in graph.subjects(RDF.type, OA.SpecificResource):
    selectors = {graph.value(each, RDF.type): each for each in graph.objects(place, OA.hasSelector)}
    if OA.TextPositionSelector in selectors:
        start, end = (graph.value(selectors[OA.TextPositionSelector], OA[word]).toPython() for word in ("start", "end"))
        quoted = selectors[OA.TextQuoteSelector]
        text = texts[str(graph.value(place, OA.hasSource))]
        assert text[start:end] == str(graph.value(quoted, OA.exact))
        for word, found in (("prefix", text[max(0, start - 32) : start]), ("suffix", text[end : end + 32])):
            said = graph.value(quoted, OA[word])
            assert said is None or str(said) == found
        slices += 1

labels, links = {}, 0
for annotation in annotations:
    bodies = list(graph.objects(annotation, OA.hasBody))
    purposes = {graph.value(body, OA.hasPurpose): body for body in bodies}
    concept = purposes.get(OA.classifying)
    if concept is not None:
        name = graph.value(graph.value(concept, OA.hasSource), SKOS.prefLabel)
        assert str(name) == str(graph.value(purposes[OA.tagging], RDF.value))
        labels[str(name)] = labels.get(str(name), 0) + 1
    links += OA.linking in purposes and graph.value(annotation, OA.motivatedBy) == OA.linking

creators = {
    str(graph.value(each, FOAF.name)): str(graph.value(each, RDF.type)) for each in set(graph.objects(None, DCTERMS.creator))
}
defined = {str(graph.value(each, SKOS.notation)): str(graph.value(each, SKOS.definition)) for each in graph.subjects(RDF.type, SKOS.Concept)}
print(json.dumps({
    "annotations": len(annotations), "slices": slices, "labels": labels, "links": links, "creators": creators, "defined": defined,
    "predicates": sorted({str(each) for each in graph.predicates()}), "triples": len(graph),
    "narrower": [[str(graph.value(a, SKOS.notation)), str(graph.value(b, SKOS.notation))] for a, b in graph.subject_objects(SKOS.narrower)],
}))
"""


@pytest.fixture
def collection(rich_project: Project, tmp_path: Path) -> Path:
    web_annotation.write(rich_project, tmp_path / "all.jsonld", ExportOptions())
    return tmp_path / "all.jsonld"


def test_it_is_what_the_model_demands(collection: Path, consumer: Callable[..., Path], run: Callable[..., str]) -> None:
    assert not run(consumer("jsonschema==4.26.0"), VALIDATE, SCHEMA, collection)


def test_rdflib_finds_all_annotations_with_their_words_and_concepts(
    rich_project: Project, collection: Path, tmp_path: Path, consumer: Callable[..., Path], run: Callable[..., str]
) -> None:
    context = tmp_path / "context.json"
    context.write_text(json.dumps(CONTEXT), encoding="utf-8")
    found = json.loads(run(consumer("rdflib==7.6.0"), READ, collection, context))
    jsonl.write(rich_project, tmp_path / "all.jsonl", ExportOptions())
    lines = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()]
    told = [
        each
        for line in lines
        for field in ("labels", "spans", "relations", "thread_labels", "thread_relations")
        for each in line[field]
    ]
    notes = sum(len(line["notes"]) for line in lines)
    assert found["annotations"] == len(told) + notes
    by_name: dict[str, int] = {}
    for each in told:
        by_name[each["label_name"]] = by_name.get(each["label_name"], 0) + 1
    assert found["labels"] == by_name
    relations = [each for each in told if "to_post" in each]
    assert found["links"] == len(relations) > 4
    ends = [each[name] for each in relations for name in ("from_span", "to_span") if each[name]]
    placed = [each for each in (*told, *ends) if each.get("start_char") is not None]
    assert found["slices"] == len(placed)
    people = {each["annotator"]: each["annotator_kind"] for each in told}
    types = {"person": "http://xmlns.com/foaf/0.1/Person", "model": f"{AS}Application"}
    assert found["creators"] == {name: types[kind] for name, kind in people.items()}
    assert found["defined"]["claim"] == "What somebody could dispute | and puts forward."
    assert found["narrower"] == [["claim", "evidence"]]
    known = (OA, SKOS, AS, DCTERMS, FOAF, "http://www.w3.org/", "http://purl.org/dc/")
    assert all(predicate.startswith(known) for predicate in found["predicates"]), "nothing of ours is linked data"
