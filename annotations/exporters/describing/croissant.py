"""The files of a data set as Croissant (docs.mlcommons.org/croissant, version 1.0): JSON-LD that programs for machine learning read.

Tables in CSV, JSON Lines and Parquet are record sets, one for all splits where the names of the files tell these apart. Columns
that hold lists or objects are left out of them in JSON Lines and Parquet, as Croissant has no type for them; in CSV they are text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from annotations.exporters.describing.card import NO_LICENCE
from annotations.exporters.writing.folder import FieldType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from annotations.exporters.describing.figures import Figures
    from annotations.exporters.writing.folder import DatasetFile, Field, Folder

CROISSANT = "croissant.json"

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification recommends, as every file of the kind has it."""

_FORMATS = {
    "application/jsonl": "application/jsonlines",
    "application/vnd.apache.parquet": "application/x-parquet",
}
"""What Croissant calls media types that have another name."""

_TABULAR = {"text/csv", *_FORMATS}

_TYPES = {
    FieldType.STRING: "sc:Text",
    FieldType.INTEGER: "sc:Integer",
    FieldType.NUMBER: "sc:Float",
    FieldType.BOOLEAN: "sc:Boolean",
    FieldType.DATETIME: "sc:DateTime",
    FieldType.OBJECT: "sc:Text",
    FieldType.LIST: "sc:Text",
}
_NESTED = {FieldType.OBJECT, FieldType.LIST}

_MEANT = {
    "train": "cr:TrainingSplit",
    "training": "cr:TrainingSplit",
    "dev": "cr:ValidationSplit",
    "valid": "cr:ValidationSplit",
    "validation": "cr:ValidationSplit",
    "test": "cr:TestSplit",
}
"""What splits of these names are for, in Croissant's words."""

_SPLITS, _SPLIT = "splits", "split"
_REFERENCE = {"field": {"@id": f"{_SPLITS}/name"}}


def croissant(folder: Folder, figures: Figures, files: Sequence[DatasetFile]) -> dict[str, Any]:
    """Return the description of a folder's files.

    Args:
        folder: The folder.
        figures: Its numbers.
        files: The files to describe.
    """
    codebook, options = folder.selection.codebook, folder.selection.options
    day = (figures.state_of or "1970-01-01")[:10]
    tables = _tables(files)
    splits = folder.selection.splits
    sets: list[dict[str, Any]] = [_split_set(splits)] if splits and tables else []
    distribution = [_file_object(file) for file in files]
    for name, parts in tables.items():
        source, pattern = _source(name, parts)
        if "fileSet" in source:
            distribution.append(_file_set(name, parts))
        sets.append(_record_set(name, parts[0], source, pattern))
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": folder.name,
        "description": f"Discussions annotated in Postil with the codebook “{codebook.name}”.",
        "license": options.licence or NO_LICENCE,
        "datePublished": day,
        "version": ".".join(str(int(part)) for part in day.split("-")),
        "citeAs": f"{folder.name}: discussions annotated with the codebook “{codebook.name}”, as of {day}.",
        "distribution": distribution,
        "recordSet": sets,
    }


def _tables(files: Iterable[DatasetFile]) -> dict[str, list[DatasetFile]]:
    """Return the files of each table; those of a table whose files cannot be told apart by their names stand alone."""
    found: dict[str, list[DatasetFile]] = {}
    for file in files:
        if file.table is not None and file.media_type in _TABULAR:
            found.setdefault(file.table.name, []).append(file)
    apart: dict[str, list[DatasetFile]] = {}
    for name, parts in found.items():
        if len(parts) == 1 or _split_pattern(parts):
            apart[name] = parts
        else:
            apart |= {f"{name}-{number}": [part] for number, part in enumerate(parts, start=1)}
    return apart


def _split_pattern(parts: Sequence[DatasetFile]) -> str:
    """Return the regular expression that finds the split in the path of a file; "" if there is none that does."""
    names = "|".join(re.escape(part.split) for part in sorted(parts, key=lambda part: -len(part.split)))
    pattern = rf"^(?:.*/)?({names})(?:[-./].*)?$"  # it finds the name of a split in itself too: readers may look twice
    for part in parts:
        found = re.match(pattern, part.name)
        if not part.split or found is None or found[1] != part.split:
            return ""
    return pattern


def _source(name: str, parts: Sequence[DatasetFile]) -> tuple[dict[str, Any], str]:
    if len(parts) == 1:
        return {"fileObject": {"@id": parts[0].name}}, ""
    return {"fileSet": {"@id": f"{name}-files"}}, _split_pattern(parts)


def _file_object(file: DatasetFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "description": file.description or file.name,
        "contentUrl": file.name,
        "contentSize": f"{file.size} B",
        "encodingFormat": _format(file),
        "sha256": file.sha256,
    }


def _file_set(name: str, parts: Sequence[DatasetFile]) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"{name}-files",
        "name": f"{name}-files",
        "description": f"The files of the table {name}, one for each split.",
        "encodingFormat": _format(parts[0]),
        "includes": [re.sub(r"([\[*?])", r"[\1]", part.name) for part in parts],
    }


def _record_set(name: str, file: DatasetFile, source: dict[str, Any], pattern: str) -> dict[str, Any]:
    columns = [] if file.table is None else file.table.fields
    told = [each for each in columns if file.media_type == "text/csv" or each.type not in _NESTED]
    fields = [_field(name, each, source) for each in told]
    own = next((each for each in fields if each["name"] == _SPLIT), None)
    if own is not None:  # the table says it itself
        own |= {"dataType": ["sc:Text", "cr:Split"], "references": _REFERENCE}
    elif pattern:
        fields.insert(0, _split_field(name, source, pattern))
    return {"@type": "cr:RecordSet", "@id": name, "name": name, "field": fields}


def _field(name: str, field: Field, source: dict[str, Any]) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{name}/{field.name}",
        "name": field.name,
        "description": field.description,
        "dataType": _TYPES[field.type],
        "source": {**source, "extract": {"column": field.name}},
    }


def _split_field(name: str, source: dict[str, Any], pattern: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{name}/{_SPLIT}",
        "name": _SPLIT,
        "description": "The split that the row belongs to",
        "dataType": ["sc:Text", "cr:Split"],
        "source": {**source, "extract": {"fileProperty": "fullpath"}, "transform": {"regex": pattern}},
        "references": _REFERENCE,
    }


def _split_set(splits: Sequence[str]) -> dict[str, Any]:
    """Return the splits as records of their own, with what Croissant calls them where it has a word."""
    fields = [
        {"@type": "cr:Field", "@id": f"{_SPLITS}/name", "name": "name", "dataType": "sc:Text"},
        {"@type": "cr:Field", "@id": f"{_SPLITS}/url", "name": "url", "dataType": ["sc:URL", "sc:Text"]},
    ]
    rows = [{f"{_SPLITS}/name": split, f"{_SPLITS}/url": _MEANT.get(split.lower(), "")} for split in splits]
    return {
        "@type": "cr:RecordSet",
        "@id": _SPLITS,
        "name": _SPLITS,
        "dataType": "cr:Split",
        "key": {"@id": f"{_SPLITS}/name"},
        "field": fields,
        "data": rows,
    }


def _format(file: DatasetFile) -> str:
    return _FORMATS.get(file.media_type, file.media_type) or "application/octet-stream"
