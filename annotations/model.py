"""The words of the domain as immutable records.

Two families: what an importer reads (`Thread`, `Post`), and what a project holds (`StoredThread`,
`StoredPost`, `Annotation`), which adds the database's identities and the place in the tree.
Offsets are Unicode code points, 0-based, end-exclusive. Times are ISO 8601 in UTC ("2026-05-01T08:30:00Z").
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  # read by msgspec, where posts are kept as bytes
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.span import Quote, Span

ARTICLE_KEY = "0"
"""The key of the article where the source gives it none."""


class PostKind(StrEnum):
    """What a post is: the article, or one comment."""

    ARTICLE = "article"
    COMMENT = "comment"


class Scope(StrEnum):
    """What a label is put on."""

    SPAN = "span"
    POST = "post"
    THREAD = "thread"
    RELATION = "relation"


class AnnotatorKind(StrEnum):
    """Who labels: a person, or a model; or whose the adjudicated labels are, the gold set's, of which a project has one."""

    PERSON = "person"
    MODEL = "model"
    GOLD = "gold"


class Post(Struct, frozen=True, kw_only=True):
    """The article or one comment, as an importer reads it.

    Args:
        key: What the source calls it, else its path (`1.2.1`); the article is `0`. Unique in its thread.
        parent: The key of the post that it answers; top-level comments answer the article; None for the article.
        kind: Article or comment.
        text: What it says, cleaned by `annotations.importers.clean`; the article's begins with its headline.
        author: Who wrote it, or None where the source does not say.
        created_at: When, ISO 8601 in UTC, or None.
        uncertain: What the importer had to guess about it, a reason each.
        meta: What the source says beyond this model, JSON values.
    """

    key: str
    parent: str | None
    kind: PostKind = PostKind.COMMENT
    text: str = ""
    author: str | None = None
    created_at: str | None = None
    uncertain: tuple[str, ...] = ()
    meta: Mapping[str, object] = field(default_factory=dict)


class GivenLabel(Struct, frozen=True, kw_only=True):
    """A label as a source of labeled data describes it.

    Args:
        name: What its annotations call it.
        scope: What it is put on.
        description: What the source says that it means.
        color: Its colour there, "#rrggbb" or one of the codebook's own names, or "".
        id: Its stable id where the source has one beside the name, else "".
    """

    name: str
    scope: Scope
    id: str = ""
    description: str = ""
    color: str = ""


class GivenAnnotation(Struct, frozen=True, kw_only=True):
    """An annotation that was made elsewhere, as an importer reads it; the session makes it one of the project.

    Args:
        key: What the source calls it, so that relations can name it; unique in its thread, or "".
        label: The name or the id of its label.
        scope: What it is put on.
        post: The key of the post that it is put on or in, or where a relation starts; None for the thread.
        span: Where, in the post's clean text; None where there is no span.
        quote: What the source says that stands there: if the post says something else, that is reported and the place is
            searched; "" where the source does not say.
        annotator: Who put it; None for whoever imports it.
        annotator_kind: Whether that is a person or a model.
        note: What the annotator wrote about it.
        attributes: The values of its attributes, by their ids.
        created_at: When, ISO 8601 in UTC, or None.
        updated_at: When it was last changed; None for when it was put.
        from_key: The annotation in or on `post` where a relation starts; "" for the post itself.
        to_post: The key of the post where a relation leads; None for the thread.
        to_key: The annotation where it leads; "" for the post itself.
        is_detached: Whether its place was lost there already: then none is looked for.
    """

    key: str = ""
    label: str
    scope: Scope
    post: str | None = None
    span: Span | None = None
    quote: str = ""
    annotator: str | None = None
    annotator_kind: AnnotatorKind = AnnotatorKind.PERSON
    note: str = ""
    attributes: Mapping[str, str | int | float] = field(default_factory=dict)
    created_at: str | None = None
    updated_at: str | None = None
    from_key: str = ""
    to_post: str | None = None
    to_key: str = ""
    is_detached: bool = False


class MarkKind(StrEnum):
    """What an annotator says of a post as a whole, without a label."""

    NOTE = "note"
    REVIEW = "review"
    FLAG = "flag"


class GivenMark(Struct, frozen=True, kw_only=True):
    """A note on a post, a review or a flag that was made elsewhere, as an importer reads it.

    Args:
        kind: Which of them.
        post: The key of the post.
        annotator: Whose it is; None for whoever imports it.
        annotator_kind: Whether that is a person or a model.
        note: What a note says; "" for the others.
        created_at: When, ISO 8601 in UTC, or None.
    """

    kind: MarkKind
    post: str
    annotator: str | None = None
    annotator_kind: AnnotatorKind = AnnotatorKind.PERSON
    note: str = ""
    created_at: str | None = None


class Thread(Struct, frozen=True, kw_only=True):
    """One article and all its comments, as an importer reads it.

    Args:
        key: A short name, made from the source's name; the store makes it unique in the project.
        title: The article's headline.
        posts: In pre-order, the article first; each parent stands before its children.
        format: The importer's name.
        url: Where the thread stood, or None.
        dropped: How many characters were dropped because no consumer can carry them.
        warnings: What the analyst should know about this import, a sentence each.
        meta: What the source says of the thread beyond this model, JSON values.
        labels: The labels that the source's annotations use, as far as it says more of them than their names.
        annotations: What was labeled in it already, elsewhere.
        marks: Notes on its posts, reviews and flags that were made elsewhere.
        stands_for: The address of the document of which it has no more than passages; "" for a thread that is there itself.
        gap: What stands between its passages then.
        is_export: Whether Postil wrote it: then it is a thread that the project has, if one says the same and is called the same.
    """

    key: str
    title: str
    posts: Sequence[Post]
    format: str
    url: str | None = None
    dropped: int = 0
    warnings: tuple[str, ...] = ()
    meta: Mapping[str, object] = field(default_factory=dict)
    labels: tuple[GivenLabel, ...] = ()
    annotations: tuple[GivenAnnotation, ...] = ()
    marks: tuple[GivenMark, ...] = ()
    stands_for: str = ""
    gap: str = ""
    is_export: bool = False


class StoredPost(Post, frozen=True, kw_only=True):
    """A post of a project, with its identity and its place in the tree.

    Args:
        id: Its row in the project.
        thread_id: The row of its thread.
        parent_id: The row of its parent; None for the article.
        position: Its place in pre-order; the article has 0.
        depth: Steps to the article, which has 0; top-level comments have 1.
        subtree_size: Posts below it, itself counted.
        revision: 1 when first imported, one more each time its source changed it.
    """

    id: int
    thread_id: int
    parent_id: int | None
    position: int
    depth: int
    subtree_size: int
    revision: int = 1


class StoredThread(Struct, frozen=True, kw_only=True):
    """A thread of a project, without its posts."""

    id: int
    key: str
    title: str
    source: str
    format: str
    url: str | None
    posts: int
    max_depth: int
    imported_at: str
    revision: int
    meta: Mapping[str, object] = field(default_factory=dict)


class Annotator(Struct, frozen=True, kw_only=True):
    """Who puts labels.

    Args:
        id: The row.
        name: What to call them.
        kind: A person, a model, or the gold set.
        adjudicator_id: The row of the person who adjudicates, where it is the gold set that is worked on.
        adjudicator: That person's name.
    """

    id: int
    name: str
    kind: AnnotatorKind = AnnotatorKind.PERSON
    adjudicator_id: int | None = None
    adjudicator: str = ""

    @property
    def person(self) -> str:
        """The name of who is at work, not that of the gold set."""
        return self.adjudicator or self.name


class Target(Struct, frozen=True, kw_only=True):
    """What a label is put on.

    A thread: `thread_id` alone. A post: `post_id` too. A span: `span` too. A relation starts at the post, or at the
    annotation `from_annotation` on or in it, or without a post at the thread as a whole; it leads to `to_post_id`, or to
    the annotation `to_annotation` on or in that, or to the thread as a whole, `to_thread_id`.
    """

    thread_id: int
    post_id: int | None = None
    span: Span | None = None
    from_annotation: int | None = None
    to_post_id: int | None = None
    to_annotation: int | None = None
    to_thread_id: int | None = None

    @property
    def scope(self) -> Scope:
        """The scope that a label must have to be put here."""
        if self.to_post_id is not None or self.to_thread_id is not None:
            return Scope.RELATION
        if self.span is not None:
            return Scope.SPAN
        return Scope.THREAD if self.post_id is None else Scope.POST


class Annotation(Struct, frozen=True, kw_only=True):
    """One label put by one annotator on one target.

    Args:
        id: Its row; undo and redo keep it.
        uuid: Its name in the history and across projects.
        label: The stable id of the label, as in the codebook.
        target: What it is put on.
        quote: What its span says; None where there is no span.
        attributes: The values of the label's attributes, by attribute id.
        codebook_version: The row of the codebook version under which it was made.
        detached: Whether its span could not be placed in the post's present text.
    """

    id: int
    uuid: str
    annotator: str
    annotator_id: int
    label: str
    scope: Scope
    target: Target
    quote: Quote | None = None
    note: str = ""
    attributes: Mapping[str, str | int | float] = field(default_factory=dict)
    codebook_version: int
    created_at: str
    updated_at: str
    detached: bool = False
