"""The types of the CAS: how they are named, what features they have, and how that is written.

The layers are such as INCEpTION takes for its own: span layers with simple features, and one relation layer between annotations of one
span layer, whose references are called Governor (the start) and Dependent (the end). So whatever a relation may start or end at, words,
a post or the thread as a whole, is of one type, `PostilLabel`, and says in `scope` which of them it is.

Sources: UIMA References, 2 (type systems); INCEpTION User Guide, Layers; dkpro.github.io/dkpro-core (Token, Sentence, DocumentMetaData).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from msgspec import Struct

from annotations.codebook import AttributeKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from annotations.codebook import Codebook

CUSTOM = "webanno.custom"
LABEL = f"{CUSTOM}.PostilLabel"
RELATION = f"{CUSTOM}.PostilRelation"
POST = f"{CUSTOM}.PostilPost"
THREAD = f"{CUSTOM}.PostilThread"
MARK = f"{CUSTOM}.PostilMark"
DETACHED = f"{CUSTOM}.PostilDetached"
TOKEN = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token"  # noqa: S105  # no secret
SENTENCE = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence"
METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"

STRING, INTEGER, FLOAT, BOOLEAN = "uima.cas.String", "uima.cas.Integer", "uima.cas.Float", "uima.cas.Boolean"
_ANNOTATION, _DOCUMENT = "uima.tcas.Annotation", "uima.tcas.DocumentAnnotation"


class Feature(Struct, frozen=True):
    """A feature of a type: its name, what values it has, and what it means, as a sentence without a full stop."""

    name: str
    range: str
    description: str


class Type(Struct, frozen=True, kw_only=True):
    """A type of the CAS.

    Args:
        name: With its package.
        description: What its annotations are, as a sentence without a full stop.
        features: Beyond those of its supertype.
        supertype: Its name with its package.
    """

    name: str
    description: str
    features: tuple[Feature, ...] = ()
    supertype: str = _ANNOTATION


def _strings(**described: str) -> tuple[Feature, ...]:
    return tuple(Feature(name, STRING, description) for name, description in described.items())


_RESERVED = frozenset({"quote", "loose_ends", "begin", "end", "sofa", "id", "self", "type", "governor", "dependent"})
"""Names that features of attributes do not get: others of ours have them, UIMA's own, or readers do."""

_POST_KEY = "The key of the post"
_PUT = _strings(
    label="The id of the label",
    label_name="Its name in the codebook",
    annotator="Who put it",
    annotator_kind="Whether that is a person or a model",
    annotation="The annotation's own name",
    note="What the annotator wrote about it",
    attributes="JSON text: the values of the label's attributes, by id",
    implied_by="The annotation with the narrower label from which this one follows; nobody put it",
    put_as="The label that was put, where another is told",
    codebook_version="The version of the codebook under which it was put",
    created_at="When it was put",
    updated_at="When it was last changed",
)
_PLACED = _strings(post=_POST_KEY, scope="What it is put on: span, post or thread")
_FIXED = (
    Type(
        name=POST,
        description="The text of a post, without its header line",
        features=(
            *_strings(
                post=_POST_KEY,
                parent="The key of the post that it answers",
                kind="article or comment",
                author="Who wrote it",
                created_at="When",
                uncertain="JSON text: what the import had to guess about it",
                meta="JSON text: what else its source says of it",
            ),
            Feature("position", INTEGER, "Its place in the thread, read from top to bottom; the article has 0"),
            Feature("depth", INTEGER, "Steps to the article"),
            Feature("left_out", BOOLEAN, "Whether it is no part of the data set and stands here for the others' sake"),
        ),
    ),
    Type(
        name=THREAD,
        description="The first line, which speaks of the thread",
        features=_strings(thread="The key of the thread", url="Where it stood", meta="JSON text: what its source says"),
    ),
    Type(
        name=MARK,
        description="A note on a post as a whole, a review or a flag, on the post's header line",
        features=_strings(
            post=_POST_KEY,
            kind="note, review or flag",
            annotator="Whose it is",
            note="What a note says",
            written_at="When it was written",
        ),
    ),
    Type(name=TOKEN, description="A token"),
    Type(name=SENTENCE, description="A sentence"),
    Type(
        name=METADATA,
        description="What the document is",
        supertype=_DOCUMENT,
        features=_strings(documentTitle="Its title", documentId="Its name", documentUri="Where it stood"),
    ),
)


def attribute_features(codebook: Codebook) -> dict[str, Feature]:
    """Return the feature for each attribute of the codebook's labels, by the attribute's id.

    An attribute that is a scale with some labels and something else with others is text.
    """
    taken = {feature.name.lower() for feature in (*_PUT, *_PLACED)} | _RESERVED
    found: dict[str, Feature] = {}
    for attribute in (each for label in codebook.labels for each in label.attributes):
        is_number = attribute.kind is AttributeKind.SCALE
        known = found.get(attribute.id)
        if known is not None:
            if known.range == FLOAT and not is_number:
                found[attribute.id] = Feature(known.name, STRING, known.description)
            continue
        stem = re.sub(r"[^A-Za-z0-9_]", "_", attribute.id)
        name, number = stem, 2
        while name.lower() in taken:
            name, number = f"{stem}_{number}", number + 1
        taken.add(name.lower())
        meaning = " ".join((attribute.description or attribute.name).split())
        found[attribute.id] = Feature(name, FLOAT if is_number else STRING, f"Attribute {attribute.id}: {meaning}")
    return found


def make_types(attributes: Mapping[str, Feature]) -> tuple[Type, ...]:
    """Return all types, given the features of attributes."""
    named = tuple(attributes.values())
    ends = (
        Feature("Governor", LABEL, "Where the relation starts"),
        Feature("Dependent", LABEL, "Where it ends"),
        *_strings(loose_ends="JSON text: annotations where it starts or ends and which are not in the text"),
    )
    return (
        Type(
            name=LABEL,
            description="A label on words, on a post or on the thread; one without a label is where a relation starts or ends",
            features=(*_PLACED, *_PUT, *named),
        ),
        Type(name=RELATION, description="A relation between two of them", features=(*ends, *_PUT, *named)),
        Type(
            name=DETACHED,
            description="A label whose words are not in the text any more, on its post's header line",
            features=(*_PLACED, *_strings(quote="The words"), *_PUT, *named),
        ),
        *_FIXED,
    )


def type_system_xml(types: tuple[Type, ...]) -> str:
    """Return the type system as UIMA's descriptor."""
    return "".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>\n',
            '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier">\n',
            "  <types>\n",
            *(line for each in types for line in _type_lines(each)),
            "  </types>\n",
            "</typeSystemDescription>\n",
        ]
    )


def _type_lines(described: Type) -> Iterator[str]:
    yield "    <typeDescription>\n"
    yield f"      <name>{described.name}</name>\n"
    yield f"      <description>{escape(described.description)}</description>\n"
    yield f"      <supertypeName>{described.supertype}</supertypeName>\n"
    if described.features:
        yield "      <features>\n"
        for feature in described.features:
            yield "        <featureDescription>\n"
            yield f"          <name>{feature.name}</name>\n"
            yield f"          <description>{escape(feature.description)}</description>\n"
            yield f"          <rangeTypeName>{feature.range}</rangeTypeName>\n"
            yield "        </featureDescription>\n"
        yield "      </features>\n"
    yield "    </typeDescription>\n"


def type_system_json(types: tuple[Type, ...]) -> dict[str, dict[str, object]]:
    """Return the type system as it stands in a CAS JSON file."""
    return {
        each.name: {
            "%NAME": each.name,
            "%SUPER_TYPE": each.supertype,
            "%DESCRIPTION": each.description,
            **{
                feature.name: {
                    "%NAME": feature.name,
                    "%RANGE": feature.range,
                    "%DESCRIPTION": feature.description,
                }
                for feature in each.features
            },
        }
        for each in types
    }
