"""What an annotator has labeled in a thread, to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.store.project import Project


class LabeledSpan(Struct, frozen=True, kw_only=True):
    """Words that are labeled.

    Args:
        annotation: The row of the annotation.
        label: The stable id of its label.
        exact: The words.
        post_id: The row of the post that they stand in.
        key: What its source calls the post.
        position: Where the post stands in the thread; the article has 0.
        author: Who wrote it, or "".
    """

    annotation: int
    label: str
    exact: str
    post_id: int
    key: str
    position: int
    author: str


def labeled_spans(
    project: Project, thread_id: int, annotator_id: int, limit: int, words: Sequence[str] = ()
) -> list[LabeledSpan]:
    """Return the spans that an annotator has labeled in a thread, in reading order, detached ones left out.

    Args:
        project: The project.
        thread_id: The thread.
        annotator_id: The annotator.
        limit: How many at most.
        words: What must all occur in the span, the author's name or the label's; ASCII letters in either case.
    """
    wanted = (
        " AND ".join(
            ["(instr(lower(a.exact), ?) OR instr(lower(p.author), ?) OR instr(lower(l.name), ?))"] * len(words)
        )
        or "TRUE"
    )
    patterns = [word.lower() for word in words for _ in range(3)]
    rows = project.connection.execute(
        f"""
        SELECT a.id, l.label, a.exact, p.id, p.key, p.position, COALESCE(p.author, '')
        FROM annotations AS a
        JOIN posts AS p ON p.id = a.post_id
        JOIN labels AS l ON l.id = a.label_id
        WHERE a.thread_id = ? AND a.annotator_id = ? AND a.start_char IS NOT NULL AND NOT a.is_detached AND {wanted}
        ORDER BY p.position, a.start_char, a.end_char, a.id LIMIT ?
        """,  # noqa: S608  # constants
        (thread_id, annotator_id, *patterns, limit),
    )
    return [
        LabeledSpan(
            annotation=row[0], label=row[1], exact=row[2], post_id=row[3], key=row[4], position=row[5], author=row[6]
        )
        for row in rows
    ]
