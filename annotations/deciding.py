"""What of several annotators' labels is to be settled on: those of one, of most, of all, of none, or some that were chosen. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.attribute_votes import combined
from annotations.errors import RuleError
from annotations.store.gold_facts import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from annotations.codebook import Codebook
    from annotations.model import Annotation
    from annotations.seen_posts import SeenPost, Unit


class Take(StrEnum):
    """What of all labels on a post to take."""

    MAJORITY = "majority"
    ALL = "all"
    NONE = "none"


class Chosen(Struct, frozen=True, kw_only=True):
    """A label that is to be in the gold set.

    Args:
        unit: The label and its place.
        attributes: The values of its attributes.
        note: What the annotators remarked, a line each where they differ.
        origin: What it is made of.
        differing: The ids of attributes on which they differ so that none has a value.
    """

    unit: Unit
    attributes: Mapping[str, str | int | float]
    note: str
    origin: Origin
    differing: tuple[str, ...] = ()


class Decision(Struct, frozen=True, kw_only=True):
    """What is settled on for a post.

    Args:
        post: The post.
        chosen: What the gold set is to have there.
        kept: The uuids of what it has already and is to keep.
    """

    post: SeenPost
    chosen: tuple[Chosen, ...] = ()
    kept: frozenset[str] = frozenset()


def take(post: SeenPost, how: Take, codebook: Codebook) -> Decision:
    """Return the decision for what most, all or none of those who saw a post have put; a half is not most.

    Raises:
        RuleError: If nobody has seen it and it is not to be none's.
    """
    if how is Take.NONE:
        return Decision(post=post)
    if not post.seers:
        raise RuleError(f"Nobody has labeled or reviewed {post.post}", "To settle that there is nothing: --none")
    wanted = (
        unit
        for unit in post.units
        if (2 * len(unit.voters) > len(unit.seers) if how is Take.MAJORITY else unit.voters == unit.seers)
    )
    return Decision(post=post, chosen=tuple(chosen(unit, unit.annotations, codebook) for unit in wanted))


def take_from(post: SeenPost, annotator_id: int, name: str, codebook: Codebook) -> Decision:
    """Return the decision for what one annotator has put on a post.

    Raises:
        RuleError: If that annotator has not seen it.
    """
    if annotator_id not in post.seers:
        whose = ", ".join(post.seers.values()) or "nobody"
        raise RuleError(f"{name} has not labeled or reviewed {post.post}", f"Who has: {whose}.")
    return take_if(post, lambda each: each.annotator_id == annotator_id, codebook)


def take_some(
    post: SeenPost, uuids: Collection[str], own: Iterable[tuple[Annotation, tuple[object, ...]]], codebook: Codebook
) -> Decision:
    """Return the decision for some annotations on a post.

    Args:
        post: The post.
        uuids: Theirs.
        own: What the gold set has on the post already, each with its place; what is named of it stays.
        codebook: The labels and their rules.

    Raises:
        RuleError: If one is not on the post, or two of them exclude each other.
    """
    kept = {each.uuid: (each.label, place) for each, place in own if each.uuid in uuids}
    found = take_if(post, lambda each: each.uuid in uuids, codebook)
    known = {source for each in found.chosen for source in each.origin.sources} | kept.keys()
    for uuid in uuids:
        if uuid not in known:
            raise RuleError(
                f"There is no annotation {uuid} on {post.post}", "postil adjudicate list --json names them."
            )
    _check_exclusive([*((each.unit.label, each.unit.place) for each in found.chosen), *kept.values()], codebook)
    new = tuple(each for each in found.chosen if (each.unit.label, each.unit.place) not in kept.values())
    return Decision(post=post, chosen=new, kept=frozenset(kept))


def take_if(post: SeenPost, is_taken: Callable[[Annotation], bool], codebook: Codebook) -> Decision:
    """Return the decision for the annotations on a post of which `is_taken` is true."""
    made = []
    for unit in post.units:
        sources = [each for each in unit.annotations if is_taken(each)]
        if sources:
            made.append(chosen(unit, sources, codebook))
    return Decision(post=post, chosen=tuple(made))


def chosen(unit: Unit, sources: Sequence[Annotation], codebook: Codebook) -> Chosen:
    """Return a label that is made of some of those that annotators put on one place."""
    values, differing = values_of(sources, codebook)
    origin = Origin(
        sources=tuple(each.uuid for each in sources), votes=len(unit.voters), seen_by=len(unit.seers | unit.voters)
    )
    return Chosen(unit=unit, attributes=values, note=notes_of(sources), origin=origin, differing=differing)


def values_of(
    sources: Sequence[Annotation], codebook: Codebook
) -> tuple[dict[str, str | int | float], tuple[str, ...]]:
    """Return attributes for annotations with one label made one, and those on which they differ, see `annotations.attribute_votes`."""
    label = next((each for each in codebook.labels if each.id == sources[0].label), None)
    known = {} if label is None else {attribute.id: attribute for attribute in label.attributes}
    return combined([each.attributes for each in sources], known)


def notes_of(sources: Sequence[Annotation]) -> str:
    """Return what was remarked on annotations, a line each where it differs."""
    return "\n".join(dict.fromkeys(each.note for each in sources if each.note))


def _check_exclusive(placed: Sequence[tuple[str, object]], codebook: Codebook) -> None:
    """Refuse labels on one place that exclude each other; of labels that the codebook does not have it says nothing."""
    known = {label.id: label.name for label in codebook.labels}
    for label, place in placed:
        excluded = codebook.exclusive_with(label) if label in known else ()
        for other, there in placed:
            if there == place and other in excluded:
                raise RuleError(
                    f"{known[label]} and {known.get(other, other)} exclude each other in one place",
                    "Choose one of the two.",
                )
