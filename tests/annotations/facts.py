"""What a project says, read from its tables in an order that depends on nothing else, to compare two projects."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from annotations.store.project import Project

_MARKS = """
    SELECT t.key AS thread, p.key AS post, r.name AS annotator, r.kind AS annotator_kind MORE
    FROM MARKS AS m JOIN annotators AS r ON r.id = m.annotator_id
    JOIN posts AS p ON p.id = m.post_id JOIN threads AS t ON t.id = p.thread_id
"""
"""Asks for marks on posts: the table and what more of it is put in."""


class Facts(NamedTuple):
    """What a project says: each a list that can be compared with that of another one."""

    threads: list[dict[str, Any]]
    posts: list[dict[str, Any]]
    annotations: list[dict[str, Any]]
    notes: list[dict[str, Any]]
    reviews: list[dict[str, Any]]
    flags: list[dict[str, Any]]


def facts_of(project: Project) -> Facts:
    """Return what a project says."""
    threads = _rows(project, "SELECT key AS thread, title, url, meta FROM threads")
    posts = _rows(
        project,
        """
        SELECT t.key AS thread, p.key AS post, q.key AS parent, p.kind, p.author, p.created_at, p.text, p.meta, p.uncertain
        FROM posts AS p JOIN threads AS t ON t.id = p.thread_id LEFT JOIN posts AS q ON q.id = p.parent_id
        """,
    )
    tied = {each["id"]: each["uuid"] for each in _rows(project, "SELECT id, uuid FROM annotations")}
    annotations = _rows(
        project,
        """
        SELECT a.uuid, t.key AS thread, p.key AS post, l.label, l.scope, r.name AS annotator, r.kind AS annotator_kind,
            a.start_char, a.end_char, a.exact AS quote, a.is_detached AS detached, a.note, a.attributes, a.created_at, a.updated_at,
            a.from_annotation_id AS from_end, q.key AS to_post, a.to_annotation_id AS to_end, a.to_thread_id IS NOT NULL AS to_thread
        FROM annotations AS a JOIN threads AS t ON t.id = a.thread_id JOIN labels AS l ON l.id = a.label_id
        JOIN annotators AS r ON r.id = a.annotator_id
        LEFT JOIN posts AS p ON p.id = a.post_id LEFT JOIN posts AS q ON q.id = a.to_post_id
        """,
    )
    for each in annotations:
        each["from_end"], each["to_end"] = tied.get(each["from_end"]), tied.get(each["to_end"])
        if each["detached"]:  # where it was is of no use any more
            each["start_char"] = each["end_char"] = None
    return Facts(
        threads=threads,
        posts=posts,
        annotations=annotations,
        notes=_rows(project, _MARKS.replace("MARKS", "post_notes").replace("MORE", ", m.note, m.written_at")),
        reviews=_rows(project, _MARKS.replace("MARKS", "reviews").replace("MORE", "")),
        flags=_rows(project, _MARKS.replace("MARKS", "flags").replace("MORE", "")),
    )


def _rows(project: Project, query: str) -> list[dict[str, Any]]:
    cursor = project.connection.execute(query)
    names = [column[0] for column in cursor.description]
    found = [dict(zip(names, row, strict=True)) for row in cursor]
    for each in found:
        for name in ("meta", "uncertain", "attributes"):
            if isinstance(each.get(name), str):
                each[name] = json.loads(each[name])
    return in_order(found)


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows in an order that depends on nothing but what they say."""
    return sorted(rows, key=lambda each: json.dumps(each, sort_keys=True, default=str))
