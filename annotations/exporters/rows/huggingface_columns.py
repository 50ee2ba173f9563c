"""The columns of the Hugging Face data set, and how they are said: in README.md, and in the head of each Parquet file.

Labels are classes (`ClassLabel`): their numbers count from 0 in the order of the codebook, their names are the labels' ids. A scope
without a label has a column of text, for there is no class. Source: huggingface.co/docs/datasets, "Dataset features" and
"Structure your repository".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import json

from annotations.exporters.describing.markdown import yaml_text
from annotations.exporters.parquet import CONTEXT, VOTE_COLUMNS
from annotations.exporters.rows.columns import Column, Kind, strings
from annotations.exporters.rows.label_rows import LABEL_COLUMNS, is_exported, other_labels
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from annotations.exporters.choosing.selection import Selection
    from annotations.store.project import Project

_ANNOTATOR = (Column("annotator"), Column("annotator_kind"))
_SAID = (
    Column("note"),
    Column("attributes"),
    Column("annotation", is_distinct=True),
    Column("implied_by"),
    Column("put_as"),
    Column("codebook_version"),
    Column("created_at"),
    Column("updated_at"),
)
_PLACE = (Column("start_char", Kind.INTEGER), Column("end_char", Kind.INTEGER), Column("quote", is_distinct=True))
_NOTES = Column("notes", Kind.STRUCTS, (*_ANNOTATOR, Column("note"), Column("written_at")))


class Classes:
    """The labels of each scope as classes.

    Args:
        project: The project.
        selection: What is exported.
    """

    def __init__(self, project: Project, selection: Selection) -> None:
        known = [(label.id, label.scope) for label in selection.codebook.labels]
        known += other_labels(project, {label for label, _ in known})
        self.names = {
            scope: tuple(label for label, its in known if its is scope and is_exported(label, selection))
            for scope in Scope
        }
        """The ids of the labels, by scope."""
        self._numbers = {
            scope: {label: number for number, label in enumerate(names)} for scope, names in self.names.items()
        }

    def column(self, name: str, scope: Scope) -> Column:
        """Return a column for a label of a scope."""
        names = self.names[scope]
        return Column(name, Kind.LONG, names=names) if names else Column(name)

    def number(self, label: str, scope: Scope) -> int:
        """Return the class of a label."""
        return self._numbers[scope][label]


def all_columns(classes: Classes, selection: Selection) -> dict[str, tuple[Column, ...]]:
    """Return the columns of each configuration; the first is the one that is loaded if none is named."""
    of_post, of_span = classes.column("label", Scope.POST), classes.column("label", Scope.SPAN)
    of_thread, of_relation = classes.column("label", Scope.THREAD), classes.column("label", Scope.RELATION)
    labels = Column("labels", Kind.LIST, (classes.column("item", Scope.POST),))
    thread_labels = Column("labels", Kind.LIST, (classes.column("item", Scope.THREAD),))
    said = (*_SAID, *(VOTE_COLUMNS if selection.options.has_votes else ()))
    ends = (
        f"{side}_{name}"
        for side in ("from", "to")
        for name in ("annotation", "label", "start_char", "end_char", "quote")
    )
    return {
        "posts": (
            Column("thread"),
            Column("post", is_distinct=True),
            *map(Column, ("parent", "kind")),
            Column("position", Kind.INTEGER),
            Column("depth", Kind.INTEGER),
            *map(Column, ("author", "created_at")),
            Column("text", is_distinct=True),
            labels,
            Column("label_annotations", Kind.STRUCTS, (of_post, *_ANNOTATOR, *said)),
            Column("spans", Kind.STRUCTS, (*_PLACE, of_span, *_ANNOTATOR, Column("annotation", is_distinct=True))),
            _NOTES,
            strings("reviewed_by"),
            strings("flagged_by"),
            Column("seconds", Kind.NUMBER),
            strings("uncertain"),
            Column("meta"),
            *((CONTEXT,) if selection.options.context else ()),
        ),
        "spans": (
            *map(Column, ("thread", "post")),
            Column("text", is_distinct=True),
            *_PLACE,
            Column("detached", Kind.BOOLEAN),
            of_span,
            *_ANNOTATOR,
            *said,
        ),
        "relations": (
            *map(Column, ("thread", "from_post", "to_post")),
            Column("to_thread", Kind.BOOLEAN),
            of_relation,
            *(Column(name, Kind.INTEGER if name.endswith("_char") else Kind.STRING) for name in ends),
            *_ANNOTATOR,
            *said,
        ),
        "threads": (
            *map(Column, ("thread", "title", "url")),
            Column("posts", Kind.INTEGER),
            thread_labels,
            Column("label_annotations", Kind.STRUCTS, (of_thread, *_ANNOTATOR, *said)),
            Column("thread_meta"),
        ),
        "labels": LABEL_COLUMNS,
    }


def file_metadata(columns: Sequence[Column]) -> dict[str, str]:
    """Return what the head of a Parquet file says of its columns, in a form that old and new versions of `datasets` read."""
    features = {column.name: _feature(column) for column in columns}
    return {"huggingface": json.encode({"info": {"features": features}}).decode()}


def _feature(column: Column) -> Any:  # noqa: ANN401  # a JSON value
    if column.names is not None:
        return {"names": column.names, "_type": "ClassLabel"}
    if column.kind is Kind.LIST:
        return [_feature(column.inner[0])]
    if column.kind is Kind.STRUCTS:
        return [{each.name: _feature(each) for each in column.inner}]
    return {"dtype": column.kind.value, "_type": "Value"}


def card_lines(
    configurations: Mapping[str, tuple[Sequence[Column], Mapping[str, tuple[str, int, int]]]],
) -> Iterator[str]:
    """Yield the lines of YAML that tell `datasets` which files are what.

    Args:
        configurations: The columns of each, and for each of its splits the file, its rows and its bytes.
    """
    yield "configs:"
    for number, (name, (_, files)) in enumerate(configurations.items()):
        yield f"- config_name: {name}"
        if not number:
            yield "  default: true"
        yield "  data_files:"
        for split, (place, _, _) in files.items():
            yield f"  - split: {split}"
            yield f"    path: {yaml_text(place)}"
    yield "dataset_info:"
    for name, (columns, files) in configurations.items():
        yield f"- config_name: {name}"
        yield "  features:"
        for column in columns:
            yield from _feature_lines(column, "  ")
        yield "  splits:"
        for split, (_, rows, size) in files.items():
            yield f"  - name: {split}"
            yield f"    num_bytes: {size}"
            yield f"    num_examples: {rows}"
        total = sum(size for _, _, size in files.values())
        yield f"  download_size: {total}"
        yield f"  dataset_size: {total}"


def _feature_lines(column: Column, indent: str) -> Iterator[str]:
    yield f"{indent}- name: {yaml_text(column.name)}"
    inside = f"{indent}  "
    if column.names is not None:
        yield f"{inside}dtype:"
        yield from _class_lines(column.names, f"{inside}  ")
    elif column.kind is Kind.STRUCTS:
        yield f"{inside}list:"
        for each in column.inner:
            yield from _feature_lines(each, inside)
    elif column.kind is Kind.LIST:
        (inner,) = column.inner
        if inner.names is None:
            yield f"{inside}list: {inner.kind.value}"
        else:
            yield f"{inside}list:"
            yield from _class_lines(inner.names, f"{inside}  ")
    else:
        yield f"{inside}dtype: {column.kind.value}"


def _class_lines(names: Sequence[str], indent: str) -> Iterator[str]:
    yield f"{indent}class_label:"
    yield f"{indent}  names:"
    for number, name in enumerate(names):
        yield f"{indent}    '{number}': {yaml_text(name)}"
