"""Tells posts column by column, straight from the rows of the project: for there may be millions of them.

That is one of two ways to what a data set tells (see `annotations.exporters.rows.told`). Where the options change posts on their
way, or a label is told otherwise than it was put, the other way is taken.
"""

from __future__ import annotations

from itertools import chain, groupby, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from annotations.exporters.rows.json_values import json_text, list_of_json, text_of_json
from annotations.exporters.rows.labeled_posts import told_ends, wrong_quote
from annotations.exporters.rows.records import end_record, note_records
from annotations.exporters.rows.table_rows import end_cells
from annotations.exporters.rows.told import FROM, TO, ThreadPart, Told, annotation_names, named, note_names, owners_of
from annotations.store.gathered import POSITION, THREAD
from annotations.store.json_text import load_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.told import Columns
    from annotations.exporters.writing.report import Tally
    from annotations.store.gathered import Chunk, Names, Row

_KEY, _TEXT = 2, 11
_UUID, _LABEL, _START, _END, _EXACT, _IS_DETACHED = 2, 3, 5, 6, 7, 8
_FROM_ANNOTATION, _TO_POST, _TO_ANNOTATION, _TO_THREAD = 9, 10, 11, 12
"""Where rows of posts, and those of annotations, have what is looked at here."""
_LINKS = ("to_post", "to_thread", *FROM, *TO)
"""The columns that only relations have."""


class ChunkTeller:
    """Tells posts that nothing changes.

    Args:
        selection: What to export.
        names: What the rows name.
        tally: Its annotations are counted, and what JSON cannot carry.
    """

    def __init__(self, selection: Selection, names: Names, tally: Tally) -> None:
        self._selection = selection
        self._tally = tally
        self._labels = names.labels
        self._label_names = {row: selection.label_names.get(label, label) for row, label in names.labels.items()}
        self._annotators = {row: each.name for row, each in names.annotators.items()}
        self._kinds = {row: each.kind.value for row, each in names.annotators.items()}
        telling = selection.telling
        self._told_otherwise = {
            row for row, label in names.labels.items() if label in telling.wider or label in telling.current
        }
        self._left_out = {
            row for row, label in names.labels.items() if selection.labels and label not in selection.labels
        }

    def can_tell(self, chunk: Chunk) -> bool:
        """Tell whether nothing changes what the rows say."""
        if self._selection.shapers:
            return False
        otherwise = self._told_otherwise
        return not otherwise or not any(
            row[_LABEL] in otherwise for rows in (*chunk.annotations, *chunk.on_threads.values()) for row in rows
        )

    def tell(self, chunk: Chunk) -> Told:
        """Return what is told of posts.

        Raises:
            ExportError: If a span does not say what was quoted.
        """
        posts = self._posts(chunk)
        groups = _groups(chunk)
        self._check_quotes(chunk, groups)
        if self._left_out:
            groups = [[row for row in rows if row[_LABEL] not in self._left_out] for rows in groups]
        owners = owners_of(groups)
        self._tally.annotations += len(owners)
        annotations = self._annotations(list(chain.from_iterable(groups)), owners, posts, chunk)
        notes, note_owners = self._notes(chunk, posts)
        return Told(posts, annotations, owners, notes, note_owners, self._threads(chunk))

    def _posts(self, chunk: Chunk) -> dict[str, Any]:
        (ids, rows, keys, _, parents, positions, depths, _, kinds, authors, times, texts, _, doubts, metas) = zip(
            *chunk.posts, strict=True
        )
        many = len(ids)
        threads = {row: thread.key for row, thread in chunk.threads.items()}
        nobody: tuple[str, ...] = ()
        told = {
            "thread": [threads[row] for row in rows],
            "post": keys,
            "parent": parents,
            "kind": kinds,
            "position": positions,
            "depth": depths,
            "author": authors,
            "created_at": times,
            "text": texts,
            "reviewed_by": list(map(chunk.reviewers.get, ids, repeat(nobody))),
            "flagged_by": list(map(chunk.flaggers.get, ids, repeat(nobody))),
            "seconds": list(map(chunk.seconds.get, ids, repeat(0.0))),
            "uncertain": [()] * many if doubts.count("[]") == many else [list_of_json(each) for each in doubts],
            "meta": metas if metas.count("{}") == many else [text_of_json(each, self._tally) for each in metas],
        }
        if self._selection.splits:
            told["split"] = [self._selection.split_of[row] for row in rows]
        return told

    def _threads(self, chunk: Chunk) -> list[ThreadPart]:
        split_of = self._selection.split_of if self._selection.splits else {}
        parts = []
        for row, members in groupby(chunk.posts, itemgetter(THREAD)):
            thread, posts = chunk.threads[row], list(members)
            url, meta = None, "{}"
            if posts[0][POSITION] == 0:
                url, meta = thread.url, json_text(thread.meta, self._tally)
            split = (split_of[row],) if split_of else ()
            parts.append(ThreadPart(thread.key, thread.title, url, len(posts), meta, split))
        return parts

    def _annotations(self, rows: Sequence[Row], owners: Sequence[int], posts: Columns, chunk: Chunk) -> Columns:
        """Return what is told of annotations, given by the places of their posts."""
        if not rows:
            return named(annotation_names(self._selection.options), ())
        (on, _, uuids, labels, who, starts, ends, exacts, are_detached, _, to_posts, _, to_threads, notes, attributes,
         versions, created, updated, _, _) = zip(*rows, strict=True)  # fmt: skip
        many, keys, threads = len(rows), posts["post"], posts["thread"]
        detached: Sequence[bool | None] = [None if start is None else False for start in starts]
        if any(are_detached):
            detached = [None if start is None else bool(each) for start, each in zip(starts, are_detached, strict=True)]
            starts = tuple(None if each else start for start, each in zip(starts, are_detached, strict=True))
            ends = tuple(None if each else end for end, each in zip(ends, are_detached, strict=True))
        scopes = ["post" if each is None else "span" for each in detached]
        if chunk.on_threads:
            scopes = ["thread" if post is None else scope for post, scope in zip(on, scopes, strict=True)]
        relations = [place for place in range(many) if to_posts[place] is not None or to_threads[place] is not None]
        for place in relations:
            scopes[place] = "relation"
        told = {
            "annotation": uuids,
            "thread": [threads[owner] for owner in owners],
            "post": [None if post is None else keys[owner] for post, owner in zip(on, owners, strict=True)],
            "scope": scopes,
            "label": list(map(self._labels.__getitem__, labels)),
            "label_name": list(map(self._label_names.__getitem__, labels)),
            "annotator": list(map(self._annotators.__getitem__, who)),
            "annotator_kind": list(map(self._kinds.__getitem__, who)),
            "start_char": starts,
            "end_char": ends,
            "quote": exacts,
            "detached": detached,
            **self._links(rows, relations, chunk),
            "note": notes,
            "attributes": attributes if attributes.count("{}") == many else [self._values(each) for each in attributes],
            "implied_by": (None,) * many,
            "put_as": (None,) * many,
            "codebook_version": list(map(self._selection.versions.get, versions)),
            "created_at": created,
            "updated_at": updated,
        }
        if self._selection.splits:
            told["split"] = [posts["split"][owner] for owner in owners]
        return told

    def _links(self, rows: Sequence[Row], relations: Sequence[int], chunk: Chunk) -> Columns:
        """Return where relations, given by their places, lead; others lead nowhere."""
        columns: list[list[Any]] = [[None] * len(rows) for _ in _LINKS]
        ends = told_ends(chunk.ends, self._selection)
        for place in relations:
            row = rows[place]
            to_post, to_thread = row[_TO_POST], row[_TO_THREAD]
            cells = (
                None if to_post is None else chunk.post_keys[to_post],
                to_thread is not None,
                *end_cells(end_record(ends, row[_FROM_ANNOTATION])),
                *end_cells(end_record(ends, row[_TO_ANNOTATION])),
            )
            for column, cell in zip(columns, cells, strict=True):
                column[place] = cell
        return dict(zip(_LINKS, columns, strict=True))

    def _values(self, attributes: str) -> str:
        return attributes if attributes == "{}" else json_text(load_json(attributes), self._tally)

    def _notes(self, chunk: Chunk, posts: Columns) -> tuple[Columns, list[int]]:
        rows, owners = [], []
        for place, post in enumerate(chunk.posts if chunk.notes else ()):
            if post[0] not in chunk.notes:
                continue
            split = (posts["split"][place],) if "split" in posts else ()
            for each in note_records(chunk.notes[post[0]], self._selection):
                cells = (each.annotator, each.annotator_kind, each.note, each.written_at)
                rows.append((posts["thread"][place], posts["post"][place], *cells, *split))
                owners.append(place)
        return named(note_names(self._selection.options), rows), owners

    def _check_quotes(self, chunk: Chunk, groups: Sequence[Sequence[Row]]) -> None:
        for post, rows in zip(chunk.posts, groups, strict=True):
            for row in rows:
                start = row[_START]
                if start is not None and post[_TEXT][start : row[_END]] != row[_EXACT] and not row[_IS_DETACHED]:
                    where = f"post {post[_KEY]} of thread {chunk.threads[post[THREAD]].key}"
                    raise wrong_quote(f"{start}:{row[_END]}", row[_UUID], self._labels[row[_LABEL]], where)


def _groups(chunk: Chunk) -> list[Sequence[Row]]:
    """Return what is put on each post, on its thread before that on the article; in each labels, relations, spans."""
    related = chunk.related
    groups: list[Sequence[Row]] = [
        _ranked(rows) if related and post[0] in related else rows
        for post, rows in zip(chunk.posts, chunk.annotations, strict=True)
    ]
    if chunk.on_threads:
        for place, post in enumerate(chunk.posts):
            if post[POSITION] == 0 and post[THREAD] in chunk.on_threads:
                groups[place] = [*_ranked(chunk.on_threads[post[THREAD]]), *groups[place]]
    return groups


def _ranked(rows: Sequence[Row]) -> Sequence[Row]:
    """Return labels, relations, spans; each of them in the order that they have."""
    return sorted(rows, key=_rank) if len(rows) > 1 else rows


def _rank(row: Row) -> int:
    if row[_START] is not None:
        return 2
    return 0 if row[_TO_POST] is None and row[_TO_THREAD] is None else 1
