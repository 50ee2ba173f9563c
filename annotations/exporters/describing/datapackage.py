"""The files of a data set as a Data Package (Frictionless Data, specs.frictionlessdata.io, version 1)."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from annotations.exporters.writing.folder import FieldType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.exporters.describing.figures import Figures
    from annotations.exporters.writing.folder import DatasetFile, Field, Folder, Table

PACKAGE = "datapackage.json"

_UNSAFE = re.compile(r"[^a-z0-9._-]+")
_CSV = "text/csv"

_TYPES = {
    FieldType.STRING: {"type": "string"},
    FieldType.INTEGER: {"type": "integer"},
    FieldType.NUMBER: {"type": "number"},
    FieldType.BOOLEAN: {"type": "boolean"},
    FieldType.DATETIME: {"type": "datetime", "format": "any"},  # a source may give fractions of seconds
    FieldType.OBJECT: {"type": "object"},
    FieldType.LIST: {"type": "array"},
}


def datapackage(folder: Folder, figures: Figures, files: Sequence[DatasetFile]) -> dict[str, Any]:
    """Return the description of a folder's files.

    Tables in CSV are tabular resources with a schema and keys; other files are described as files, with the columns of those that
    have any: not every reader of packages reads them.

    Args:
        folder: The folder.
        figures: Its numbers.
        files: The files to describe.
    """
    codebook = folder.selection.codebook
    names = _resource_names(files)
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": _slug(folder.name),
        "title": folder.name,
        "description": f"Discussions annotated in Postil with the codebook “{codebook.name}”.",
        "keywords": ["annotation", "discussion", "comments"],
    }
    if figures.state_of:
        package["created"] = figures.state_of
    licence = folder.selection.options.licence
    if licence:
        package["licenses"] = [{"name": _UNSAFE_LICENCE.sub("-", licence).strip("-") or "other", "title": licence}]
    package["resources"] = [_resource(file, names, files) for file in files]
    return package


_UNSAFE_LICENCE = re.compile(r"[^-a-zA-Z0-9._]+")


def _resource_names(files: Sequence[DatasetFile]) -> dict[str, str]:
    """Return a name of its own for each file: its path without what a name may not have."""
    found: dict[str, str] = {}
    taken: set[str] = set()  # of thousands of files: not to be looked for among the names that were found
    for file in files:
        path = PurePosixPath(file.name)
        stem = _slug(path.with_suffix("").as_posix() if file.table else path.as_posix())
        name, number = stem, 2
        while name in taken:
            name, number = f"{stem}-{number}", number + 1
        taken.add(name)
        found[file.name] = name
    return found


def _resource(file: DatasetFile, names: dict[str, str], files: Sequence[DatasetFile]) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "name": names[file.name],
        "path": file.name,
        "format": PurePosixPath(file.name).suffix.lstrip(".") or "bin",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }
    if file.description:
        resource["description"] = file.description
    if file.media_type:
        resource["mediatype"] = file.media_type
    if file.media_type.startswith(("text/", "application/json", "application/jsonl")):
        resource["encoding"] = "utf-8"
    if file.table is not None and file.media_type == _CSV:
        schema = _schema(file.table)
        keys = (_foreign_key(each, file, names, files) for each in file.table.refers)
        refers = [key for key in keys if key]
        if refers:
            schema["foreignKeys"] = refers
        return {"profile": "tabular-data-resource", "type": "table", **resource, "schema": schema}
    if file.table is not None:
        resource["columns"] = [_field(each) for each in file.table.fields]
    return {"profile": "data-resource", "type": "file", **resource}


def _schema(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(each) for each in table.fields], "missingValues": [""]}
    key = [each.name for each in table.fields if each.is_key]
    if key:
        schema["primaryKey"] = key
    return schema


def _field(field: Field) -> dict[str, Any]:
    found: dict[str, Any] = {"name": field.name, **_TYPES[field.type], "description": field.description}
    if field.is_required:
        found["constraints"] = {"required": True}
    return found


def _foreign_key(
    reference: tuple[str, str, str], file: DatasetFile, names: dict[str, str], files: Sequence[DatasetFile]
) -> dict[str, Any] | None:
    """Return a reference to another table in the same split, or in one piece; None where that is in no CSV file."""
    column, table, field = reference
    if file.table is not None and table == file.table.name:
        return {"fields": [column], "reference": {"resource": "", "fields": [field]}}
    others = [other for other in files if other.table and other.table.name == table and other.media_type == _CSV]
    same = [other for other in others if other.split in {file.split, ""}]
    if len(same) != 1:
        return None
    return {"fields": [column], "reference": {"resource": names[same[0].name], "fields": [field]}}


def _slug(name: str) -> str:
    return _UNSAFE.sub("-", name.lower()).strip("-.") or "dataset"
