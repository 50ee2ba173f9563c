"""What is exported: an export's options, with what they name found in the project."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from annotations.exporters.writing.report import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from annotations.codebook import Codebook
    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.settled import GoldFacts
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.exporters.rows.telling import Telling
    from annotations.model import Annotation, Annotator

Shaper: TypeAlias = "Callable[[LabeledPost], LabeledPost]"
"""Changes a post on its way into the data set; it is given the posts of a thread in pre-order, one thread after another."""


class Selection(Struct, frozen=True, kw_only=True):
    """What the options name, found in the project.

    Args:
        options: The options.
        thread_ids: The threads to export, in the order of their import.
        annotator_id: The only annotator; None for all.
        annotators: All annotators of the project, by row; the gold set's only where its labels are exported.
        labels: The only labels; none for all.
        label_names: The name of each label, by id.
        codebook: The codebook that is in force.
        versions: The name of each codebook version, by row: the first digits of its source's SHA-256.
        telling: Which labels are told besides or instead of those that were put.
        splits: The names of the splits, in the order in which they were asked for; none for a data set in one piece.
        split_of: The split of each thread, by row.
        shapers: What changes posts on their way into the data set, in this order; mostly nothing does.
        tally: What is counted while the data set is written: by whoever writes it, and by the shapers.
        gold: What is said of the gold set, if that is what is exported.
    """

    options: ExportOptions
    thread_ids: tuple[int, ...]
    annotator_id: int | None
    annotators: Mapping[int, Annotator]
    labels: frozenset[str]
    label_names: Mapping[str, str]
    codebook: Codebook
    versions: Mapping[int, str]
    telling: Telling
    splits: tuple[str, ...] = ()
    split_of: Mapping[int, str] = {}
    shapers: tuple[Shaper, ...] = ()
    tally: Tally = field(default_factory=Tally)
    gold: GoldFacts | None = None

    def chosen(self, annotations: Sequence[Annotation]) -> tuple[Annotation, ...]:
        """Return the annotations that carry one of the labels to export, and what they imply."""
        told = self.telling.tell(annotations)
        return tuple(found for found in told if found.label in self.labels) if self.labels else tuple(told)

    def of_split(self, split: str) -> Selection:
        """Return what belongs to one split."""
        return replace(self, thread_ids=tuple(each for each in self.thread_ids if self.split_of[each] == split))
