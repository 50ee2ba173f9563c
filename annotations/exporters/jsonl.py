"""JSON Lines: a post a line, with all labels on it and everything that the project knows of it.

Every line has the same fields. `start_char` and `end_char` are 0-based, end-exclusive code points of `text`, so that
`text[start_char:end_char] == quote`; a detached span has neither. A relation with `to_thread` leads to the thread as a
whole and has no `to_post`. `thread_labels`, `thread_relations` (those that start at the thread as a whole), `url` and
`thread_meta` speak of the thread and are filled on the article's line. A wider label that follows from a narrower one has no `annotation` of its
own but `implied_by`, that of the narrower one: nobody put it. `put_as` says which label was put where another is told. `notes` are remarks on the post as a whole.
`seconds` is how long the annotators were at the post, idle time left out. Format: jsonlines.org, UTF-8, a line feed behind each line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from annotations.errors import WrongUsageError
from annotations.exporters.dataset import preview_dataset, write_dataset
from annotations.exporters.labeled_posts import iter_labeled_posts
from annotations.exporters.telling import origin
from annotations.exporters.unpaired import replace_unpaired
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.exporters.dataset import ExportOptions, ExportReport, Selection, Tally
    from annotations.exporters.labeled_posts import LabeledPost
    from annotations.model import Annotation
    from annotations.store.project import Project
    from annotations.store.snapshot import End

name = "jsonl"
title = "JSON Lines, a post a line with all its labels"
suffix = ".jsonl"


def write(project: Project, path: Path | None, options: ExportOptions) -> ExportReport:
    """Write the dataset to `path`, or to standard output for None.

    Raises:
        ExportError: If the target cannot be written, or a span does not say what was quoted.
        UnknownNameError: If the project has no such thread, annotator or label.
        WrongUsageError: If it is to be for Excel.
    """
    _check_options(options)
    return write_dataset(project, path, options, _lines)


def preview(project: Project, options: ExportOptions, rows: int) -> str:
    """Return the first rows as text; the errors are those of `write`."""
    _check_options(options)
    return preview_dataset(project, options, rows, _lines)


def _check_options(options: ExportOptions) -> None:
    if options.excel:
        raise WrongUsageError("Excel does not read JSON Lines", "Export csv for Excel.")


def _lines(project: Project, selection: Selection, tally: Tally) -> Iterator[bytes]:
    import msgspec  # noqa: PLC0415  # loaded on use

    encode = msgspec.json.Encoder().encode
    for thread_id in selection.thread_ids:
        tally.threads += 1
        for labeled in iter_labeled_posts(project, selection, thread_id):
            record = _record(labeled, selection)
            try:
                line = encode(record)
            except UnicodeEncodeError:
                line = encode(replace_unpaired(record, tally))
            tally.rows += 1
            tally.posts += 1
            tally.annotations += sum(1 for each in (*labeled.annotations, *labeled.thread_annotations) if each.uuid)
            # Some readers take these two for ends of lines.
            yield line.replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029") + b"\n"


def _record(labeled: LabeledPost, selection: Selection) -> dict[str, Any]:
    thread, post = labeled.thread, labeled.post
    is_article = post.position == 0
    of_thread: dict[Scope, list[dict[str, Any]]] = {Scope.THREAD: [], Scope.RELATION: []}
    for annotation in labeled.thread_annotations:
        of_thread[annotation.target.scope].append(_annotation(annotation, labeled, selection))
    by_scope: dict[Scope, list[dict[str, Any]]] = {Scope.POST: [], Scope.SPAN: [], Scope.RELATION: []}
    for annotation in labeled.annotations:
        by_scope[annotation.target.scope].append(_annotation(annotation, labeled, selection))
    return {
        "thread": thread.key,
        "title": thread.title,
        "post": post.key,
        "parent": post.parent,
        "kind": post.kind.value,
        "position": post.position,
        "depth": post.depth,
        "author": post.author,
        "created_at": post.created_at,
        "text": post.text,
        "labels": by_scope[Scope.POST],
        "spans": by_scope[Scope.SPAN],
        "relations": by_scope[Scope.RELATION],
        "notes": [
            {"annotator": each.annotator, "note": each.note, "written_at": each.written_at} for each in labeled.notes
        ],
        "reviewed_by": labeled.reviewers,
        "flagged_by": labeled.flaggers,
        "seconds": labeled.seconds,
        "thread_labels": of_thread[Scope.THREAD],
        "thread_relations": of_thread[Scope.RELATION],
        "url": thread.url if is_article else None,
        "thread_meta": thread.meta if is_article else {},
        "meta": post.meta,
        "uncertain": post.uncertain,
    }


def _annotation(annotation: Annotation, labeled: LabeledPost, selection: Selection) -> dict[str, Any]:
    implied_by, put_as = origin(annotation)
    return {
        **_place(annotation, labeled),
        "label": annotation.label,
        "annotator": annotation.annotator,
        "note": annotation.note,
        "attributes": annotation.attributes,
        "annotation": annotation.uuid or None,
        "implied_by": implied_by,
        "put_as": put_as,
        "codebook_version": selection.versions.get(annotation.codebook_version),
        "created_at": annotation.created_at,
        "updated_at": annotation.updated_at,
    }


def _place(annotation: Annotation, labeled: LabeledPost) -> dict[str, Any]:
    """Say where an annotation is, beyond the post on whose line it stands."""
    target = annotation.target
    if target.span is not None:
        return {
            "start_char": None if annotation.detached else target.span.start,
            "end_char": None if annotation.detached else target.span.end,
            "quote": "" if annotation.quote is None else annotation.quote.exact,
            "detached": annotation.detached,
        }
    if target.scope is Scope.RELATION:
        return {
            "to_post": None if target.to_post_id is None else labeled.post_keys[target.to_post_id],
            "to_thread": target.to_thread_id is not None,
            "from_span": _end(labeled.ends.get(target.from_annotation or 0)),
            "to_span": _end(labeled.ends.get(target.to_annotation or 0)),
        }
    return {}


def _end(end: End | None) -> dict[str, Any] | None:
    if end is None:
        return None
    is_placed = end.span is not None and not end.is_detached
    return {
        "start_char": end.span.start if is_placed and end.span else None,
        "end_char": end.span.end if is_placed and end.span else None,
        "label": end.label,
        "quote": end.exact,
        "annotation": end.uuid,
        "detached": end.is_detached,
    }
