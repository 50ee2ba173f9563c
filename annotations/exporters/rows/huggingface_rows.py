"""The rows of the Hugging Face data set, column by column; what the columns are is in `annotations.exporters.rows.huggingface_columns`."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING, Any

from annotations.exporters.rows.structs import Structs, columns_of
from annotations.exporters.rows.telling import VOTES
from annotations.exporters.rows.told import FROM, TO, WholeThreads
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.exporters.rows.huggingface_columns import Classes
    from annotations.exporters.rows.told import ThreadPart, Told

_BEFORE_LABELS = ("thread", "post", "parent", "kind", "position", "depth", "author", "created_at", "text")
_BEHIND_NOTES = ("reviewed_by", "flagged_by", "seconds", "uncertain", "meta")
_SPAN = ("start_char", "end_char", "quote")
_WHO = ("annotator", "annotator_kind")
_SAID = ("note", "attributes", "annotation", "implied_by", "put_as", "codebook_version", "created_at", "updated_at")
_ENDS = tuple(name for name in (*FROM, *TO) if not name.endswith("detached"))
_NOTE = (*_WHO, "note", "written_at")
_UNLABELED: tuple[list[int], tuple[Any, ...]] = ([], ())


class _Chosen:
    """Those of the annotations that are told for which something is true.

    Args:
        told: What is told.
        are_wanted: For each annotation whether that is true.
    """

    def __init__(self, told: Told, are_wanted: Sequence[bool]) -> None:
        self._told = told
        self._are_wanted = are_wanted
        self.owners = list(compress(told.owners, are_wanted))
        """The place of the post of each."""

    def __getitem__(self, name: str) -> list[Any]:
        """Return a column of them."""
        return list(compress(self._told.annotations[name], self._are_wanted))

    def of_posts(self, name: str) -> list[Any]:
        """Return a column of their posts."""
        column = self._told.posts[name]
        return [column[owner] for owner in self.owners]


class Rows:
    """Makes the rows of one split.

    Args:
        classes: The labels as classes.
        has_votes: Whether it is told how many annotators have put a label.
    """

    def __init__(self, classes: Classes, *, has_votes: bool) -> None:
        self._number = classes.number
        self._said = (*_SAID, *(VOTES if has_votes else ()))
        self._whole = WholeThreads()
        self._thread_labels: dict[str, tuple[list[int], tuple[Any, ...]]] = {}

    def tables(self, told: Told) -> dict[str, list[Any]]:
        """Return the columns of each table but the labels; of `threads` those that are whole now."""
        scopes = told.annotations["scope"]
        of_posts, spans, relations, of_threads = (
            _Chosen(told, [scope == wanted.value for scope in scopes])
            for wanted in (Scope.POST, Scope.SPAN, Scope.RELATION, Scope.THREAD)
        )
        self._take_labels(of_threads)
        return {
            "posts": self._posts(told, of_posts),
            "spans": [
                *(spans.of_posts(name) for name in ("thread", "post", "text")),
                *(spans[name] for name in (*_SPAN, "detached")),
                *self._told(spans, Scope.SPAN),
            ],
            "relations": self._relations(relations),
            "threads": self._threads(self._whole.add(told.threads)),
        }

    def last_thread(self) -> list[Any]:
        """Return the columns of the last thread, if there was one."""
        return self._threads(self._whole.finish())

    def _posts(self, told: Told, labels: _Chosen) -> list[Any]:
        posts, many = told.posts, len(told.posts["post"])
        there = _Chosen(
            told,
            [
                scope == Scope.SPAN.value and not detached
                for scope, detached in zip(told.annotations["scope"], told.annotations["detached"], strict=True)
            ],
        )
        parts = (*(there[name] for name in _SPAN), self._numbers(there, Scope.SPAN), *map(there.__getitem__, _WHO))
        on_whole = self._told(labels, Scope.POST)
        numbers: list[list[int]] = [[] for _ in range(many)]
        for owner, number in zip(labels.owners, on_whole[0], strict=True):
            numbers[owner].append(number)
        return [
            *(posts[name] for name in _BEFORE_LABELS),
            [sorted(set(each)) if len(each) > 1 else each for each in numbers],
            Structs(_lengths(labels.owners, many), on_whole),
            Structs(_lengths(there.owners, many), (*parts, there["annotation"])),
            Structs(_lengths(told.note_owners, many), [told.notes[name] for name in _NOTE]),
            *(posts[name] for name in _BEHIND_NOTES),
            *((posts["context"],) if "context" in posts else ()),
        ]

    def _relations(self, relations: _Chosen) -> list[Any]:
        number, *told = self._told(relations, Scope.RELATION)
        ends = (relations[name] for name in _ENDS)
        return [*(relations[name] for name in ("thread", "post", "to_post", "to_thread")), number, *ends, *told]

    def _threads(self, threads: Sequence[ThreadPart]) -> list[Any]:
        labels = [self._thread_labels.pop(each.thread, _UNLABELED) for each in threads]
        rows = [(each.thread, each.title, each.url, each.posts) for each in threads]
        width = 3 + len(self._said)
        return [
            *columns_of(rows, 4),
            [numbers for numbers, _ in labels],
            Structs.of([told for _, told in labels], width),
            [each.meta for each in threads],
        ]

    def _take_labels(self, labels: _Chosen) -> None:
        """Take note of what is put on threads as a whole, until these are whole."""
        rows = zip(*self._told(labels, Scope.THREAD), strict=True)
        for thread, row in zip(labels["thread"], rows, strict=True):
            numbers, told = self._thread_labels.get(thread, _UNLABELED)
            self._thread_labels[thread] = (sorted({*numbers, row[0]}), (*told, row))

    def _told(self, annotations: _Chosen, scope: Scope) -> list[list[Any]]:
        """Return the classes of labels, who put them, and what they said."""
        return [self._numbers(annotations, scope), *(annotations[name] for name in (*_WHO, *self._said))]

    def _numbers(self, annotations: _Chosen, scope: Scope) -> list[int]:
        return [self._number(label, scope) for label in annotations["label"]]


def _lengths(owners: Sequence[int], many: int) -> list[int]:
    """Return for each of so many posts how many of something it owns."""
    found = [0] * many
    for owner in owners:
        found[owner] += 1
    return found
