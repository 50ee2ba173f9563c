"""How an export tells annotations: what they imply is said with them, what was merged is told as it is today on demand.

Neither is put by anybody, and a reader of the dataset can see that: `implied_by` names the annotation from which a wider
label follows, `put_as` the label that an annotation really carries. An importer takes neither for put.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.model import Annotation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from annotations.codebook import Codebook


VOTES = ("votes", "seen_by", "probability")
"""What `votes` returns, as columns are called."""


class ToldAnnotation(Annotation, frozen=True, kw_only=True):
    """An annotation as an export tells it, where that is not as it was put.

    Args:
        implied_by: The uuid of the annotation with the narrower label; "" for one that was put.
        put_as: The id of the label that was put, if another is told; else "".
    """

    implied_by: str = ""
    put_as: str = ""


class AggregatedAnnotation(ToldAnnotation, frozen=True, kw_only=True):
    """An annotation that an export has made of those of several annotators; nobody has put it as it stands.

    Args:
        votes: How many annotators have put it.
        seen_by: How many have seen what it is put on, and could have.
        probability: How likely it is right, 0 to 1, where a model says so; else None.
    """

    votes: int
    seen_by: int
    probability: float | None = None


class Telling(Struct, frozen=True, kw_only=True):
    """Which labels are told besides or instead of those that were put.

    Args:
        wider: For each label with a parent the wider labels that it implies, the nearest first.
        current: For each label that was merged the one that is put in its stead today.
    """

    wider: Mapping[str, tuple[str, ...]] = {}
    current: Mapping[str, str] = {}

    def tell(self, annotations: Sequence[Annotation]) -> Sequence[Annotation]:
        """Return what stands on a post, with what it implies behind each; what is put is not implied besides."""
        if not self.wider and not self.current:
            return annotations
        renamed = [self._told(found) for found in annotations]
        if self.wider.keys().isdisjoint(found.label for found in renamed):
            return renamed
        taken: set[object] = {
            (found.annotator_id, found.target, found.label) for found in renamed if not found.detached
        }
        return list(self._with_implied(renamed, taken))

    def label(self, label: str) -> str:
        """Return the label that is told for the one that was put."""
        return self.current.get(label, label)

    def _told(self, annotation: Annotation) -> Annotation:
        label = self.label(annotation.label)
        return annotation if label == annotation.label else _told(annotation, label, put_as=annotation.label)

    def _with_implied(self, annotations: Iterable[Annotation], taken: set[object]) -> Iterator[Annotation]:
        for annotation in annotations:
            yield annotation
            for label in self.wider.get(annotation.label, ()):
                place = (annotation.annotator_id, annotation.target, label)
                if place not in taken or annotation.detached:
                    taken.add(place)
                    yield _told(annotation, label, implied_by=annotation.uuid)


def telling(codebook: Codebook, *, with_implied: bool, is_current: bool) -> Telling:
    """Return how to tell annotations by a codebook.

    Args:
        codebook: The codebook that is in force.
        with_implied: Whether wider labels are told with narrower ones.
        is_current: Whether labels that were merged are told as those that are put today.
    """
    wider = {label.id: codebook.wider(label.id) for label in codebook.labels if label.parent} if with_implied else {}
    merged = (label for label in codebook.labels if label.merged_into) if is_current else ()
    return Telling(wider=wider, current={label.id: codebook.current(label.id) for label in merged})


def origin(annotation: Annotation) -> tuple[str | None, str | None]:
    """Return by which annotation this one is implied, and as which label it was put; None where that is not so."""
    if isinstance(annotation, ToldAnnotation):
        return annotation.implied_by or None, annotation.put_as or None
    return None, None


def votes(annotation: Annotation) -> tuple[int | None, int | None, float | None]:
    """Return by how many annotators this one was put, of how many who could have, and how likely it is right.

    The third is None where no model says so; all are None where annotations of several annotators were not made one.
    """
    if isinstance(annotation, AggregatedAnnotation):
        return annotation.votes, annotation.seen_by, annotation.probability
    return None, None, None


def _told(annotation: Annotation, label: str, *, implied_by: str = "", put_as: str = "") -> ToldAnnotation:
    values = {name: getattr(annotation, name) for name in Annotation.__struct_fields__}
    if implied_by:
        values |= {"uuid": "", "note": "", "attributes": {}}  # these speak of the narrower label
    return ToldAnnotation(**{**values, "label": label}, implied_by=implied_by, put_as=put_as)
