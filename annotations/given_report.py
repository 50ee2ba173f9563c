"""What became of what was labeled elsewhere, counted and said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator


class GivenReport(Struct, frozen=True, kw_only=True):
    """What became of what was labeled elsewhere.

    Args:
        added: Annotations that are new in the project.
        present: Those that it had already.
        taken_off: Those that an earlier import brought and that have been taken off since; they stay off.
        moved: Spans that stand elsewhere than their source says, because their words do.
        detached: Spans whose words could not be found; they are kept with their words.
        left_out: Annotations for which there is no place at all.
        marks: Notes on posts, reviews and flags that are new.
        labels: The names of the labels that the codebook got.
        annotators: The names of those whose annotations are new.
    """

    added: int = 0
    present: int = 0
    taken_off: int = 0
    moved: int = 0
    detached: int = 0
    left_out: int = 0
    marks: int = 0
    labels: tuple[str, ...] = ()
    annotators: tuple[str, ...] = ()


def sentences(report: GivenReport) -> Iterator[str]:
    """Yield in lines what was taken over; nothing where nothing was given."""
    if report.added or report.marks:
        names = ", ".join(report.annotators)
        marks = f" and {report.marks:,} of notes, reviews and flags" if report.marks else ""
        yield f"labeled: {_annotations(report.added)}{marks} by {names}"
    if report.present:
        yield f"labeled before: {_annotations(report.present)} that the project has already"
    if report.taken_off:
        yield f"taken off since: {_annotations(report.taken_off)} of an earlier import, not put again"
    if report.labels:
        yield f"new in the codebook: {', '.join(report.labels)}"
    if report.moved or report.detached or report.left_out:
        yield f"places: {report.moved:,} moved to their words, {report.detached:,} lost, {report.left_out:,} left out"


def summary(annotations: int, marks: int, title: str) -> str:
    """Return what an import did, as the undo stack calls it."""
    number, what = (annotations, "label") if annotations else (marks, "mark")
    return f"{number:,} {what}{'' if number == 1 else 's'} of {' '.join(title.split())[:60] or 'a thread'} imported"


def _annotations(number: int) -> str:
    return f"{number:,} annotation{'' if number == 1 else 's'}"
