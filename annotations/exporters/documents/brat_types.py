"""The codebook in brat's words: names of types and values, and the settings of a collection.

Source: brat.nlplab.org/configuration.html; `server/src/projectconfig.py` of github.com/nlplab/brat, which fails at a `<` in a
name, and takes `|` for the end of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.codebook_records import AttributeKind
from annotations.exporters.documents.label_looks import ground_colour, text_colour
from annotations.exporters.documents.rendition_files import anchor_names
from annotations.exporters.writing.safe_names import safe_names
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from annotations.codebook import Codebook
    from annotations.codebook_records import Attribute, Label
    from annotations.exporters.choosing.selection import Selection

_MOST_VALUES = 25
"""Values of a scale that are offered in a list; with more of them the value is a note."""

_SHOWN = str.maketrans({"<": "‹", ">": "›", "|": "¦", "\t": " "})
_DRAWN = """\
SPAN_DEFAULT	fgColor:black, bgColor:lightgreen, borderColor:darken
ARC_DEFAULT	color:black, arrowHead:triangle-5
ATTRIBUTE_DEFAULT	glyph:*
"""


class AttributeType(Struct, frozen=True):
    """An attribute that brat offers.

    Args:
        name: Its type in brat.
        id: Its id in the codebook.
        values: What brat calls its values, by what an annotation calls them.
        labels: The ids of the labels that have it.
    """

    name: str
    id: str
    values: Mapping[str, str]
    labels: tuple[str, ...]


class Types:
    """What brat calls the labels and the attributes of a project.

    Args:
        selection: What is exported.
    """

    def __init__(self, selection: Selection) -> None:
        codebook = selection.codebook
        self._codebook = codebook
        ids = {*selection.label_names, *(label.id for label in codebook.labels)}
        self._by_label = safe_names(ids)
        self.anchors = anchor_names(selection)
        taken = {name.lower() for name in (*self._by_label.values(), *self.anchors.values())}
        offered = _attribute_types(codebook, taken)
        self._attributes = {(label, each.id): each for each in offered for label in each.labels}

    @property
    def renamed(self) -> dict[str, str]:
        """The ids of labels by their types, where these differ."""
        return {name: label for label, name in self._by_label.items() if name != label}

    @property
    def renamed_attributes(self) -> dict[str, str]:
        """The ids of attributes by their types, where these differ."""
        return {each.name: each.id for each in self._offered if each.name != each.id}

    @property
    def renamed_values(self) -> dict[str, dict[str, str]]:
        """The values of attributes by what brat calls them, where these differ, by the attributes' types."""
        found = {
            each.name: {name: value for value, name in each.values.items() if name != value} for each in self._offered
        }
        return {name: values for name, values in found.items() if values}

    @property
    def _offered(self) -> list[AttributeType]:
        return list({each.name: each for each in self._attributes.values()}.values())

    def of(self, label: str) -> str:
        """Return the type of a label, by its id."""
        return self._by_label.get(label) or safe_names([label])[label]

    def attribute(self, label: str, attribute: str, value: str | float) -> tuple[str, str] | None:
        """Return the type and the value of an attribute, None if brat has to be told it in a note."""
        found = self._attributes.get((label, attribute))
        told = None if found is None else found.values.get(plain(value))
        return None if found is None or told is None else (found.name, told)

    def settings(self) -> Iterator[tuple[str, str]]:
        """Yield the names of the settings' files and what they say."""
        yield "annotation.conf", self._annotation_settings()
        yield "visual.conf", self._visual_settings()
        yield (
            "tools.conf",
            "[options]\nTokens\ttokenizer:whitespace\nSentences\tsplitter:newline\nValidation\tvalidate:none\n",
        )

    def _annotation_settings(self) -> str:
        entities = [*self._tree(Scope.SPAN, None, 0)]
        for scope, name in self.anchors.items():
            entities += [name, *self._tree(scope, None, 1)]
        relations = [
            f"{self.of(each.id)}\tArg1:<ENTITY>, Arg2:<ENTITY>"
            for each in self._codebook.of_scope(Scope.RELATION, with_retired=True)
        ]
        relations.append("<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>")
        attributes = []
        for each in self._offered:
            whose = "|".join(self.of(label) for label in each.labels)
            attributes.append(f"{each.name}\tArg:{whose}, Value:{'|'.join(each.values.values())}")
        sections = {"entities": entities, "relations": relations, "events": [], "attributes": attributes}
        return "\n".join(f"[{name}]\n" + "".join(f"{line}\n" for line in lines) for name, lines in sections.items())

    def _tree(self, scope: Scope, parent: str | None, depth: int) -> Iterator[str]:
        """Yield the labels of a scope, narrower ones indented below the wider one."""
        for label in self._codebook.of_scope(scope, with_retired=True):
            if label.parent == parent:
                yield "\t" * depth + self.of(label.id)
                yield from self._tree(scope, label.id, depth + 1)

    def _visual_settings(self) -> str:
        labels = [f"{self.of(each.id)} | {_shown(each.name, self.of(each.id))}" for each in self._codebook.labels]
        labels += [f"{name} | {name}" for name in self.anchors.values()]
        names = {each.name: _attribute_name(self._codebook, each) for each in self._offered}
        labels += [f"{name} | {_shown(told, name)}" for name, told in names.items()]
        drawn = [self._drawn(label) for label in self._codebook.labels]
        drawn += [f"{name}\tfgColor:black, bgColor:#e4e4e4, borderColor:darken" for name in self.anchors.values()]
        return "\n".join(["[labels]", *labels, "", "[drawing]", _DRAWN + "\n".join(drawn), ""])

    def _drawn(self, label: Label) -> str:
        ground = ground_colour(label)
        if label.scope is Scope.RELATION:
            return f"{self.of(label.id)}\tcolor:{ground}, dashArray:-, arrowHead:triangle-5"
        return f"{self.of(label.id)}\tfgColor:{text_colour(ground)}, bgColor:{ground}, borderColor:darken"


def plain(value: str | float) -> str:
    """Return a value of an attribute as text: numbers without needless digits."""
    return value if isinstance(value, str) else f"{value:.12g}"


def _attribute_types(codebook: Codebook, taken: set[str]) -> list[AttributeType]:
    """Return the attributes that brat can offer in a list; those of several labels are one where they are the same.

    Args:
        codebook: The codebook.
        taken: The names of labels, in small letters, which no attribute may have: brat shows both by their names.
    """
    by_id: dict[str, list[tuple[str, Attribute]]] = {}
    for label in codebook.labels:
        if label.scope is not Scope.RELATION:
            for attribute in label.attributes:
                by_id.setdefault(attribute.id, []).append((label.id, attribute))
    found: list[tuple[str, str, Mapping[str, str], tuple[str, ...]]] = []
    for id_, owners in by_id.items():
        values = [_values(attribute) for _, attribute in owners]
        if all(each == values[0] for each in values):
            found.append((id_, id_, values[0], tuple(label for label, _ in owners)))
        else:
            found += [(f"{label}_{id_}", id_, each, (label,)) for (label, _), each in zip(owners, values, strict=True)]
    names = safe_names(name for name, *_ in found)
    for name in names:
        while names[name].lower() in taken:
            names[name] += "_"
        taken.add(names[name].lower())
    return [AttributeType(names[name], id_, values, labels) for name, id_, values, labels in found if values]


def _values(attribute: Attribute) -> dict[str, str]:
    """Return what brat calls the values of an attribute, by what an annotation calls them; nothing where there are too many."""
    if attribute.kind is AttributeKind.CHOICE:
        return safe_names(attribute.choices)
    least, most, step = attribute.minimum, attribute.maximum, attribute.step
    if attribute.kind is AttributeKind.TEXT or least is None or most is None or not step:
        return {}
    count = round((most - least) / step) + 1
    if count > _MOST_VALUES:
        return {}
    values = [plain(least + number * step) for number in range(count)]
    return {value: value for value in values}


def _attribute_name(codebook: Codebook, found: AttributeType) -> str:
    attributes = codebook.label(found.labels[0]).attributes
    return next(each.name for each in attributes if each.id == found.id)


def _shown(name: str, fallback: str) -> str:
    """Return a name as the settings can have it."""
    return " ".join(name.translate(_SHOWN).split()) or fallback


def given_labels(selection: Selection, types: Types) -> Sequence[Mapping[str, object]]:
    """Return the labels and what brat calls them, for whoever imports the collection again."""
    return [
        {
            "type": types.of(label.id),
            "id": label.id,
            "name": label.name,
            "scope": label.scope.value,
            "description": label.description,
            "color": ground_colour(label),
        }
        for label in selection.codebook.labels
    ]
