"""The rows of a Frictionless data package, in the order of the columns of its tables."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any, TypeAlias

from annotations.exporters.rows.telling import origin, votes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.model import Annotation, StoredThread

Row: TypeAlias = "Sequence[str | int | float | None]"


class _Echo:
    """Hand back what is written: `writerow` returns it."""

    @staticmethod
    def write(text: str) -> str:
        return text


_writerow = csv.writer(_Echo()).writerow


def line(row: Row) -> str:
    """Return a row as CSV (RFC 4180)."""
    said: str = _writerow(row)
    return said


def as_bytes(lines: str) -> bytes:
    """Return lines in UTF-8; half characters, which it cannot carry, are question marks."""
    return lines.encode("utf-8", "replace")


def thread_row(thread: StoredThread) -> Row:
    """Return the row of a thread."""
    return (
        thread.key,
        thread.title,
        thread.url,
        thread.format,
        thread.imported_at,
        thread.posts,
        _json(thread.meta),
    )


def post_row(labeled: LabeledPost) -> Row:
    """Return the row of a post."""
    post = labeled.post
    return (
        post.id,
        labeled.thread.key,
        post.key,
        post.parent_id,
        post.kind.value,
        post.position,
        post.depth,
        post.author,
        post.created_at,
        post.text,
        labeled.seconds,
        _json(post.uncertain),
        _json(post.meta),
        _boolean(is_true=labeled.is_left_out),
    )


def annotation_row(annotation: Annotation, labeled: LabeledPost, selection: Selection) -> Row:
    """Return the row of an annotation on a post, in it, or on its thread."""
    target = annotation.target
    span = None if annotation.detached else target.span
    implied_by, put_as = origin(annotation)
    start, end = (labeled.ends.get(row or 0) for row in (target.from_annotation, target.to_annotation))
    return (
        annotation.uuid or f"{implied_by}/{annotation.label}",
        annotation.label,
        annotation.scope.value,
        annotation.annotator,
        labeled.thread.key,
        target.post_id,
        None if span is None else span.start,
        None if span is None else span.end,
        None if annotation.quote is None else annotation.quote.exact,
        _boolean(is_true=annotation.detached),
        None if start is None else start.uuid,
        target.to_post_id,
        None if end is None else end.uuid,
        annotation.note,
        _json(annotation.attributes),
        implied_by,
        put_as,
        selection.versions.get(annotation.codebook_version),
        annotation.created_at,
        annotation.updated_at,
        *(votes(annotation) if selection.options.has_votes else ()),
    )


def mark_rows(labeled: LabeledPost) -> Iterator[tuple[str, Row]]:
    """Yield the reviews, flags and notes of a post, each with the name of its table."""
    post = labeled.post.id
    for reviewer in labeled.reviewers:
        yield "reviews", (post, reviewer)
    for flagger in labeled.flaggers:
        yield "flags", (post, flagger)
    for note in labeled.notes:
        yield "notes", (post, note.annotator, note.note, note.written_at)


def label_rows(selection: Selection) -> Iterator[Row]:
    """Yield the labels of the codebook, and those that only earlier ones have."""
    codebook = selection.codebook
    for label in codebook.labels:
        group = None if label.group is None else codebook.group(label.group)
        yield (
            label.id,
            label.name,
            label.scope.value,
            label.parent,
            label.group,
            None if group is None else _boolean(is_true=group.is_exclusive),
            label.description,
            label.guidelines.strip(),
            label.colour,
            _boolean(is_true=label.is_retired),
        )
    known = {label.id for label in codebook.labels}
    for label_id, label_name in sorted(selection.label_names.items()):
        if label_id not in known:
            yield label_id, label_name, *(None,) * 7, "true"


def _json(value: Any) -> str:  # noqa: ANN401  # any JSON value
    if not value:
        return "[]" if isinstance(value, (list, tuple)) else "{}"
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character, which JSON can name and UTF-8 cannot
        return json.dumps(value, separators=(",", ":"))
    return text


def _boolean(*, is_true: bool) -> str:
    return "true" if is_true else "false"
