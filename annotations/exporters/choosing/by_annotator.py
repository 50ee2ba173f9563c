"""What belongs to one annotator: for formats that have a file for each, because they cannot say who put a label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.exporters.writing.safe_names import safe_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.labeled_post import LabeledPost

GOLD = "gold"
"""What the one set of adjudicated labels is called in names of files."""

UNLABELED = "unlabeled"
"""What the file is called that has the texts where nobody has put anything."""


def annotator_stems(selection: Selection) -> Mapping[str | None, str]:
    """Return for each annotator whose labels may be in the data set the stem of a file's name.

    Where the labels of all are made one set, that is the only one, and its annotator is None.
    """
    options = selection.options
    if options.is_gold:
        return {None: GOLD}
    if options.aggregate is not None:
        return {None: options.aggregate.value}
    chosen = selection.annotator_id
    names = [each.name for each in selection.annotators.values() if chosen is None or each.id == chosen]
    stems: dict[str | None, str] = {}
    stems.update(safe_names(names))
    return stems


def of_annotator(labeled: LabeledPost, annotator: str | None) -> LabeledPost:
    """Return a post with what one annotator has said of it; with everything for None."""
    if annotator is None:
        return labeled
    return replace(
        labeled,
        annotations=tuple(each for each in labeled.annotations if each.annotator == annotator),
        thread_annotations=tuple(each for each in labeled.thread_annotations if each.annotator == annotator),
        reviewers=tuple(name for name in labeled.reviewers if name == annotator),
        flaggers=tuple(name for name in labeled.flaggers if name == annotator),
        notes=tuple(note for note in labeled.notes if note.annotator == annotator),
        seconds=0.0,
    )


def has_said_something(labeled: LabeledPost) -> bool:
    """Tell whether anything is put on a post, or anybody has reviewed, flagged or remarked on it."""
    return bool(
        labeled.annotations or labeled.thread_annotations or labeled.reviewers or labeled.flaggers or labeled.notes
    )
