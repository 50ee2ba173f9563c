"""What annotators left on some posts: annotations, reviews, flags, seconds and notes, asked for all of them at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from annotations.store.notes import PostNote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annotations.store.project import Project

_ANNOTATIONS = "annotations AS a INDEXED BY annotations_post"
"""Whoever's they are: SQLite might look for those of one annotator on all posts instead."""
_GAPS = 4
"""How many rows there may be between the first and the last of some posts for each of them: below that, what is left on them is
read from one end to the other, which takes a tenth of the time that it takes to look for each."""


class MarksOfPosts:
    """Reads what is left on some posts.

    Args:
        project: The project.
        names: The name of each annotator, by row.
        post_ids: The posts, one or more.
        theirs: As `annotations.store.gathering.of_annotator` returns it for the annotators who count.
    """

    def __init__(self, project: Project, names: Mapping[int, str], post_ids: Sequence[int], theirs: str) -> None:
        self._project = project
        self._names = names
        self._alone: dict[int, tuple[str, ...]] = {row: (name,) for row, name in names.items()}
        first, last = min(post_ids), max(post_ids)
        self._values: tuple[Any, ...]
        if last - first < _GAPS * len(post_ids):
            self._source, self._values = "FROM {} WHERE a.post_id BETWEEN ?1 AND ?2", (first, last)
        else:
            self._source = "FROM json_each(?1) AS j CROSS JOIN {} ON a.post_id = j.value WHERE TRUE"
            self._values = (json.dumps(sorted(post_ids)),)
        self._source += f" {theirs}"

    def annotations(self, columns: str) -> dict[int, list[tuple[Any, ...]]]:
        """Return what is put on a post, or in it, in no order, by the row of the post.

        Args:
            columns: What is wanted of the annotations, which are called `a`; the post's row comes first.
        """
        found: dict[int, list[tuple[Any, ...]]] = {}
        for row in self._rows(columns, _ANNOTATIONS):
            if row[0] in found:
                found[row[0]].append(row)
            else:
                found[row[0]] = [row]
        return found

    def people(self, table: str) -> dict[int, tuple[str, ...]]:
        """Return who left a mark, by name and in that order, by the row of the post.

        Args:
            table: Which marks: `reviews` or `flags`.
        """
        rows = self._rows("a.post_id, a.annotator_id", f"{table} AS a")
        alone = self._alone
        found: dict[int, tuple[str, ...]] = {post: alone[who] for post, who in rows}
        if len(found) == len(rows):
            return found
        together: dict[int, list[str]] = {}
        for post, who in rows:
            together.setdefault(post, []).append(self._names[who])
        return {post: tuple(sorted(people)) for post, people in together.items()}

    def seconds(self) -> dict[int, float]:
        """Return how long the annotators were at a post, to a tenth, by its row."""
        return dict(self._rows("a.post_id, ROUND(SUM(a.seconds), 1)", "times AS a", "GROUP BY a.post_id"))

    def notes(self) -> dict[int, tuple[PostNote, ...]]:
        """Return what annotators have remarked on a post, in order of their names, by its row."""
        found: dict[int, tuple[PostNote, ...]] = {}
        for post, who, note, written_at in sorted(
            self._rows("a.post_id, a.annotator_id, a.note, a.written_at", "post_notes AS a"),
            key=lambda row: (row[0], self._names[row[1]]),
        ):
            written = PostNote(annotator=self._names[who], annotator_id=who, note=note, written_at=written_at)
            found[post] = (*found.get(post, ()), written)
        return found

    def _rows(self, columns: str, table: str, ending: str = "") -> list[tuple[Any, ...]]:
        query = f"SELECT {columns} {self._source.format(table)} {ending}"
        with self._project.reading():
            return self._project.connection.execute(query, self._values).fetchall()
