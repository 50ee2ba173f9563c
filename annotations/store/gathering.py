"""The queries that gather posts for a data set, in the order of threads and positions; see `annotations.store.exporting`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_POSTS = """
    SELECT p.id, p.thread_id, p.key, p.parent_id, q.key, p.position, p.depth, p.subtree_size, p.kind, p.author,
        p.created_at, p.text, p.revision, p.uncertain, p.meta
    FROM posts AS p LEFT JOIN posts AS q ON q.id = p.parent_id
"""

_ANNOTATION = """a.post_id, a.id, a.uuid, a.label_id, a.annotator_id, a.start_char, a.end_char, a.exact, a.is_detached,
    a.from_annotation_id, a.to_post_id, a.to_annotation_id, a.to_thread_id, a.note, a.attributes, a.codebook_version_id,
    a.created_at, a.updated_at"""
_AFFIXES = {True: ", a.prefix, a.suffix", False: ", NULL, NULL"}
_IN_ORDER = "ORDER BY p.thread_id, p.position"


def of_annotator(annotator_id: int | None, gold: int | None) -> str:
    """Return the condition by which rows called `a` are one annotator's, or all annotators', whose the gold set is not.

    Args:
        annotator_id: The annotator's row; None for all.
        gold: The row of the gold set's annotator; None where there is none.
    """
    if annotator_id is not None:
        return f"AND a.annotator_id = {int(annotator_id)}"
    return "" if gold is None else f"AND a.annotator_id <> {int(gold)}"


class Queries:
    """What is read of threads.

    Args:
        thread_ids: Rows of threads, ascending, one or more.
        theirs: As `of_annotator` returns it for the annotators who count.
        is_sparse: Whether to pass over comments without an annotation or a note.
        has_affixes: Whether the prefixes and suffixes of quotes are wanted.
    """

    def __init__(self, thread_ids: Sequence[int], theirs: str, *, is_sparse: bool, has_affixes: bool) -> None:
        first, last = int(thread_ids[0]), int(thread_ids[-1])
        has_gaps = last - first >= len(thread_ids)
        among = "AND +{}.thread_id IN (SELECT value FROM json_each(?1))" if has_gaps else ""
        where = f"p.thread_id BETWEEN {first} AND {last} AND p.position >= 0 {among.format('p')}"
        annotated = ""
        if is_sparse:
            annotated = f"""AND (p.position = 0
                OR EXISTS (SELECT 1 FROM annotations AS a WHERE a.post_id = p.id {theirs})
                OR EXISTS (SELECT 1 FROM post_notes AS a WHERE a.post_id = p.id {theirs}))"""  # noqa: S608  # constants
        columns = _ANNOTATION + _AFFIXES[has_affixes]
        self.values = (json.dumps(thread_ids),) if has_gaps else ()
        """What all queries are given."""
        self.posts = f"{_POSTS} WHERE {where} {annotated} {_IN_ORDER}"
        self.of_annotations = columns
        """What is read of annotations."""
        # All that is on threads is found at once, what is on one among what is on its posts.
        of_thread, of_none = ("", "+") if first == last else ("+", "")
        self.on_threads = f"""SELECT a.thread_id, {columns} FROM annotations AS a
            WHERE {of_thread}a.thread_id BETWEEN {first} AND {last} AND {of_none}a.post_id IS NULL {among.format("a")} {theirs}
            ORDER BY a.thread_id"""  # noqa: S608  # the same
