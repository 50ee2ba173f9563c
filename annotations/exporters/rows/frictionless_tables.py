"""The tables of a Frictionless data package: their columns, their keys and how they refer to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.exporters.writing.folder import Field, FieldType, Table

if TYPE_CHECKING:
    from annotations.exporters.choosing.selection import Selection


def _text(name: str, description: str, *, is_required: bool = False, is_key: bool = False) -> Field:
    return Field(name=name, type=FieldType.STRING, description=description, is_required=is_required, is_key=is_key)


def _number(name: str, description: str, *, is_required: bool = False, is_key: bool = False) -> Field:
    return Field(name=name, type=FieldType.INTEGER, description=description, is_required=is_required, is_key=is_key)


def _of(kind: FieldType, name: str, description: str, *, is_required: bool = False) -> Field:
    return Field(name=name, type=kind, description=description, is_required=is_required)


THREADS = Table(
    name="threads",
    fields=(
        _text("thread", "The key of the thread", is_required=True, is_key=True),
        _text("title", "The article’s headline"),
        _text("url", "Where the thread stood"),
        _text("format", "The importer by which it came", is_required=True),
        _of(FieldType.DATETIME, "imported_at", "When it was imported last", is_required=True),
        _number("posts", "How many posts it has, the article among them", is_required=True),
        _of(FieldType.OBJECT, "meta", "What the source says of it besides, JSON"),
    ),
)

POSTS = Table(
    name="posts",
    fields=(
        _number("post_id", "The number of the post", is_required=True, is_key=True),
        _text("thread", "The thread that it is in", is_required=True),
        _text("post", "What its source calls it, else its path; unique in its thread", is_required=True),
        _number("parent_id", "The post that it answers; none for the article"),
        _text("kind", "article or comment", is_required=True),
        _number(
            "position", "Its place in the thread, each parent before its children, the article at 0", is_required=True
        ),
        _number("depth", "Steps to the article", is_required=True),
        _text("author", "Who wrote it, as the source says"),
        _of(FieldType.DATETIME, "created_at", "When it was written"),
        _text("text", "What it says"),
        _of(FieldType.NUMBER, "seconds", "How long the annotators were at it, idle time left out"),
        _of(FieldType.LIST, "uncertain", "What the importer had to guess about it, JSON"),
        _of(FieldType.OBJECT, "meta", "What the source says of it besides, JSON"),
        _of(FieldType.BOOLEAN, "left_out", "Whether the options leave out what is put on it", is_required=True),
    ),
    refers=(("thread", "threads", "thread"), ("parent_id", "posts", "post_id")),
)

LABELS = Table(
    name="labels",
    fields=(
        _text("label", "The id of the label", is_required=True, is_key=True),
        _text("name", "What it is called", is_required=True),
        _text("scope", "What it is put on: span, post, thread or relation; none for a label of an earlier codebook"),
        _text("parent", "The wider label of which it is a kind"),
        _text("group", "The id of the group that it is in"),
        _of(FieldType.BOOLEAN, "is_exclusive", "Whether an annotator puts one label of its group at most"),
        _text("description", "What it means"),
        _text("guidelines", "When to put it and when not"),
        _text("colour", "Its colour on the screen"),
        _of(FieldType.BOOLEAN, "is_retired", "Whether it is no longer put", is_required=True),
    ),
    refers=(("parent", "labels", "label"),),
)

ANNOTATORS = Table(
    name="annotators",
    fields=(
        _text("annotator", "The annotator’s name", is_required=True, is_key=True),
        _text(
            "kind",
            "person, model, or gold for the adjudicated; none for a set that was made of several annotators’ labels",
        ),
    ),
)

_ANNOTATIONS = Table(
    name="annotations",
    fields=(
        _text(
            "annotation",
            "Its name in the project’s history; of an implied one that of the narrower one and the label",
            is_required=True,
            is_key=True,
        ),
        _text("label", "The id of the label", is_required=True),
        _text("scope", "What it is put on: span, post, thread or relation", is_required=True),
        _text("annotator", "Who put it", is_required=True),
        _text("thread", "The thread that it is in", is_required=True),
        _number("post_id", "The post that it is on or in, or where a relation starts; none for the thread"),
        _number("start_char", "Where the span begins, in code points of the post’s text, from 0"),
        _number("end_char", "Where it ends, the end not included"),
        _text("quote", "What stands there"),
        _of(
            FieldType.BOOLEAN,
            "detached",
            "Whether the span could not be placed in the post’s present text",
            is_required=True,
        ),
        _text("from_annotation", "The annotation at which a relation starts; none for the post or thread itself"),
        _number("to_post_id", "The post to which a relation leads; none for the thread"),
        _text("to_annotation", "The annotation to which it leads; none for the post itself"),
        _text("note", "What the annotator remarks"),
        _of(FieldType.OBJECT, "attributes", "The values of the label’s attributes by their ids, JSON"),
        _text("implied_by", "The narrower annotation from which this one follows; none for one that was put"),
        _text("put_as", "The label that was put, where another is told"),
        _text("codebook_version", "The first digits of the SHA-256 of the codebook under which it was made"),
        _of(FieldType.DATETIME, "created_at", "When it was put", is_required=True),
        _of(FieldType.DATETIME, "updated_at", "When it was changed last", is_required=True),
    ),
    refers=(
        ("label", "labels", "label"),
        ("annotator", "annotators", "annotator"),
        ("thread", "threads", "thread"),
        ("post_id", "posts", "post_id"),
        ("to_post_id", "posts", "post_id"),
    ),
)

_AMONG = (
    ("from_annotation", "annotations", "annotation"),
    ("to_annotation", "annotations", "annotation"),
    ("implied_by", "annotations", "annotation"),
)
"""How annotations refer to each other, where all of them are there."""

_VOTES = (
    _number("votes", "How many annotators have put it; none for one that an adjudicator has put"),
    _number("seen_by", "How many of them have seen what it is put on, and could have"),
    _of(FieldType.NUMBER, "probability", "How likely it is right, 0 to 1, where a model says so"),
)
"""Behind the others where labels of several annotators were made one set."""

_ON_POST = (("post_id", "posts", "post_id"), ("annotator", "annotators", "annotator"))


def _marks(name: str, *fields: Field) -> Table:
    return Table(
        name=name,
        fields=(
            _number("post_id", "The post", is_required=True, is_key=True),
            _text("annotator", "The annotator", is_required=True, is_key=True),
            *fields,
        ),
        refers=_ON_POST,
    )


_REVIEWS, _FLAGS = _marks("reviews"), _marks("flags")
_NOTES = _marks(
    "notes",
    _text("note", "What the annotator remarks", is_required=True),
    _of(FieldType.DATETIME, "written_at", "When", is_required=True),
)


def annotations_table(selection: Selection) -> Table:
    """Return the table of annotations; it refers to itself only if no annotation is left out of it."""
    options = selection.options
    is_whole = not (
        options.labels or options.annotator or options.aggregate or options.is_gold or options.only_reviewed
    )
    return replace(
        _ANNOTATIONS,
        fields=(*_ANNOTATIONS.fields, *(_VOTES if options.has_votes else ())),
        refers=(*_ANNOTATIONS.refers, *(_AMONG if is_whole else ())),
    )


def split_tables(selection: Selection) -> tuple[Table, ...]:
    """Return the tables of which each split has its own."""
    return THREADS, POSTS, annotations_table(selection), _REVIEWS, _FLAGS, _NOTES
