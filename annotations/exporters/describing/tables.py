"""What the columns of our tables mean: for the card of a data set and for what describes it to programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.exporters.rows.columns import Kind
from annotations.exporters.rows.csv_rows import header
from annotations.exporters.rows.records import PostRecord
from annotations.exporters.writing.folder import Field, FieldType, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.rows.columns import Column

_S, _I, _N, _B, _T, _O, _L = (
    FieldType.STRING,
    FieldType.INTEGER,
    FieldType.NUMBER,
    FieldType.BOOLEAN,
    FieldType.DATETIME,
    FieldType.OBJECT,
    FieldType.LIST,
)

_COLUMNS: dict[str, tuple[FieldType, str]] = {
    "thread": (_S, "The key of the thread"),
    "title": (_S, "The headline of the thread's article"),
    "post": (_S, "The key of the post, unique in its thread"),
    "parent": (_S, "The key of the post that it answers; empty for the article"),
    "kind": (_S, "article or comment"),
    "position": (_I, "The post's place in pre-order; the article has 0"),
    "depth": (_I, "Steps to the article; those who answer it have 1"),
    "author": (_S, "Who wrote the post, where the source says so"),
    "text": (_S, "What the post says"),
    "meta": (_O, "What the source says of the post besides"),
    "uncertain": (_L, "What the importer had to guess about the post, a reason each"),
    "reviewed_by": (_L, "Who has said that the post is done"),
    "reviewer_kinds": (_L, "Of each of them: person, model, or gold for the adjudicated"),
    "flagged_by": (_L, "Who has flagged the post"),
    "flagger_kinds": (_L, "Of each of them: person, model, or gold for the adjudicated"),
    "seconds": (_N, "How long the annotators were at the post, idle time left out"),
    "url": (_S, "Where the thread stood; on its article"),
    "thread_meta": (_O, "What the source says of the thread besides; on its article"),
    "context": (_L, "What of the thread the annotators saw beside the post, the farthest first: post, author, text"),
    "split": (_S, "The split that the thread is in"),
    "label": (_S, "The id of the label"),
    "label_name": (_S, "What the label is called"),
    "scope": (_S, "What the label is put on: span, post, thread or relation"),
    "annotator": (_S, "Who put it"),
    "annotator_kind": (_S, "person, model, or gold for the adjudicated; empty where it is nobody alone"),
    "start_char": (
        _I,
        "Where the span starts, in Unicode code points of the text, from 0; empty where it lost its place",
    ),
    "end_char": (_I, "Where the span ends: behind its last code point"),
    "quote": (_S, "What the span says, or said where it lost its place"),
    "detached": (_B, "Whether the span could not be placed in the present text"),
    "to_post": (_S, "The key of the post to which the relation leads; empty where that is the thread as a whole"),
    "to_thread": (_B, "Whether the relation leads to the thread as a whole"),
    "note": (_S, "What the annotator wrote about it"),
    "attributes": (_O, "The values of the label's attributes, by their ids"),
    "annotation": (_S, "The UUID of the annotation; empty where it only follows from another one"),
    "implied_by": (_S, "The UUID of the annotation with a narrower label from which this one follows"),
    "put_as": (_S, "The id of the label that was put, where another is told"),
    "codebook_version": (_S, "The first digits of the SHA-256 of the codebook under which it was put"),
    "created_at": (_T, "When"),
    "updated_at": (_T, "When it was changed last"),
    "from_annotation": (_S, "The UUID of the annotation at which the relation starts"),
    "from_label": (_S, "The id of that annotation's label"),
    "to_annotation": (_S, "The UUID of the annotation to which the relation leads"),
    "to_label": (_S, "The id of that annotation's label"),
    "to_start_char": (_I, "Where the span starts to which the relation leads"),
    "to_end_char": (_I, "Where that span ends"),
    "to_quote": (_S, "What that span says"),
    "to_detached": (_B, "Whether that span could not be placed"),
    "post_created_at": (_T, "When the post was written"),
    "labels": (_L, "What is put on the post as a whole"),
    "spans": (_L, "What is put on words of the post"),
    "relations": (_L, "What leads from the post to others"),
    "notes": (_L, "What annotators have remarked on the post"),
    "thread_labels": (_L, "What is put on the thread as a whole; on its article"),
    "label_annotations": (_L, "The labels, with who put them and what they wrote"),
    "from_post": (_S, "The key of the post at which the relation starts; empty where that is the thread as a whole"),
    "written_at": (_T, "When it was written as it stands"),
    "votes": (_I, "How many annotators have put it, where the labels of all were made one set"),
    "seen_by": (_I, "How many could have put it: they have seen what it is put on"),
    "probability": (_N, "How likely it is right, 0 to 1, where a model says so"),
    "posts": (_I, "How many posts of the thread are in the data set"),
    "name": (_S, "What the label is called"),
    "description": (_S, "What the label means"),
    "guidelines": (_S, "When to put it and when not"),
    "examples": (_L, "Texts that get the label, and counterexamples that do not"),
    "group": (_S, "The id of the label's group"),
    "colour": (_S, "The colour in which the label is shown"),
    "is_retired": (_B, "Whether the label is no longer put"),
    "from_start_char": (_I, "Where the span starts at which the relation starts"),
    "from_end_char": (_I, "Where that span ends"),
    "from_quote": (_S, "What that span says"),
    "from_detached": (_B, "Whether that span could not be placed"),
    "thread_relations": (_L, "What leads from the thread as a whole; on its article"),
}
"""Columns that mean the same wherever they stand."""

_ALWAYS = frozenset({"thread", "title", "scope", "annotator", "label", "label_name", "note", "detached"})
_OF_POSTS = frozenset({"post", "kind", "position", "depth", "text", "seconds"})


def fields(
    names: tuple[str, ...], *, required: frozenset[str] = frozenset(), key: tuple[str, ...] = ()
) -> tuple[Field, ...]:
    """Return columns by their names, as they are described wherever they stand."""
    return tuple(
        Field(
            name=name,
            type=_COLUMNS[name][0],
            description=_COLUMNS[name][1],
            is_required=name in required,
            is_key=name in key,
        )
        for name in names
    )


_KEYS = {"posts": ("thread", "post"), "threads": ("thread",), "labels": ("label",)}
_THREAD = ("thread", "threads", "thread")
_REFERS = {
    "posts": (_THREAD,),
    "spans": (_THREAD,),
    "relations": (_THREAD,),
    "notes": (_THREAD,),
    "annotations": (_THREAD, ("label", "labels", "label")),
}
_IN_PARQUET = {
    Kind.STRING: _S,
    Kind.INTEGER: _I,
    Kind.LONG: _I,
    Kind.NUMBER: _N,
    Kind.BOOLEAN: _B,
    Kind.TIME: _T,
    Kind.LIST: _L,
    Kind.STRUCTS: _L,
}
_OF_LABELS = {
    "parent": "The id of the wider label of which it is a kind",
    "attributes": "What an annotation with the label says besides: a list",
    "examples": "Texts that get the label, and counterexamples that do not: a list in JSON",
}


def arrow_table(name: str, columns: Sequence[Column]) -> Table:
    """Return what the rows of a Parquet file are: of a name, its columns have the types of Arrow."""
    told = _OF_LABELS if name == "labels" else {}
    described = tuple(
        Field(
            name=column.name,
            type=_IN_PARQUET[column.kind],
            description=told.get(column.name, _COLUMNS[column.name][1]) + _json_hint(column),
            is_key=column.name in _KEYS.get(name, ()),
        )
        for column in columns
    )
    return Table(name=name, fields=described, refers=_REFERS.get(name, ()))


def _json_hint(column: Column) -> str:
    is_value = column.name in {"meta", "thread_meta", "attributes"} and column.kind is Kind.STRING
    return ", as JSON" if is_value else ""


def jsonl_table(options: ExportOptions) -> Table:
    """Return what the lines of JSON Lines are."""
    left_out = {name for name, is_there in (("context", options.context), ("split", options.split)) if not is_there}
    names = tuple(name for name in PostRecord.__struct_fields__ if name not in left_out)
    lists = frozenset(name for name in names if _COLUMNS[name][0] in {_L, _O})
    required = _OF_POSTS | lists | {"thread", "title"}
    return Table(name="posts", fields=fields(names, required=required, key=("thread", "post")))


def csv_table(options: ExportOptions) -> Table:
    """Return what the lines of CSV are."""
    return Table(
        name="annotations",
        fields=fields(header(options), required=frozenset({"thread", "title", "scope", "annotator"})),
    )
