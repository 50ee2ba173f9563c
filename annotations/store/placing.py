"""Where an annotation of the past stands in the present text, which an import may have changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.anchoring import anchor
from annotations.model import Target
from annotations.span import Quote, Span, is_quote_at
from annotations.store import rows

if TYPE_CHECKING:
    from annotations.store.project import Project
    from annotations.store.rows import Row


def row_target(row: Row) -> Target:
    """Return what the annotation of a row is put on."""
    return Target(
        thread_id=row["thread_id"],
        post_id=row["post_id"],
        span=None if row["start_char"] is None else Span(row["start_char"], row["end_char"]),
        from_annotation=row["from_annotation_id"],
        to_post_id=row["to_post_id"],
        to_annotation=row["to_annotation_id"],
        to_thread_id=row.get("to_thread_id"),
    )


def placed(project: Project, row: Row) -> Row:
    """Return an annotation's row as it fits the project now: detached where its words are gone.

    Raises:
        RuleError: If the project has its label no longer, or one of another scope.
    """
    target = row_target(row)
    row["label_id"] = rows.label_row_id(project, row["label"], target.scope)
    if target.span is None or row["is_detached"]:
        return row
    query = "SELECT text FROM posts WHERE id = ?"
    (text,) = project.connection.execute(query, (row["post_id"],)).fetchone()
    if is_quote_at(text, target.span, row["exact"]):
        return row
    found = anchor(text, Quote(row["exact"], row["prefix"] or "", row["suffix"] or ""), target.span.start)
    if found is None:
        return row | {"is_detached": 1}
    return row | span_values(found.span, found.quote)


def span_values(span: Span, quote: Quote) -> dict[str, object]:
    """Return the columns that say where a span is."""
    values = (span.start, span.end, quote.exact, quote.prefix, quote.suffix, 0)
    return dict(zip(rows.SPAN_COLUMNS, values, strict=True))
