"""Where an annotator's work breaks a rule of the codebook. Pure.

A rule never keeps anybody from labeling: what is broken is said, and stays as it is. One post is looked at at a time,
with what one annotator has put on it; only `most_per_thread` needs to know how much there is in the thread.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from annotations.codebook_records import RequiredOn
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from annotations.codebook import Codebook, Label
    from annotations.model import Annotation


class Rule(StrEnum):
    """Which kind of rule is broken."""

    REQUIRED = "required"
    EXCLUSIVE = "exclusive"
    MOST_PER_POST = "most_per_post"
    MOST_PER_THREAD = "most_per_thread"
    REQUIRES = "requires"
    ATTRIBUTE = "attribute"
    SPLIT = "split"


class Violation(Struct, frozen=True, kw_only=True):
    """A rule that is broken.

    Args:
        rule: Which kind of rule.
        message: What is wrong, a phrase: "Comment needs Stance".
        labels: The ids of the labels that it is about, put or missing.
        annotation: The row of the annotation that it is about; None where it is about the post or the thread.
    """

    rule: Rule
    message: str
    labels: tuple[str, ...] = ()
    annotation: int | None = None


class Limit(NamedTuple):
    """How many of some labels there may be.

    Args:
        name: What to call them.
        ids: The labels that count.
        most: How many there may be.
    """

    name: str
    ids: frozenset[str]
    most: int


class RuleBook:
    """The rules of a codebook, made ready to be asked after each key.

    Args:
        codebook: The labels and their rules.
    """

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self._labels = {label.id: label for label in codebook.labels}
        self._per_post = _limits(codebook, "most_per_post")
        self.per_thread = _limits(codebook, "most_per_thread")
        """What there may be so many of in a thread."""
        self._exclusive = {group.id: group for group in codebook.groups if group.is_exclusive}
        self._wanted = {
            name: _ids_of(codebook, name)
            for label in codebook.labels
            for name in (*label.requires, *label.requires_all)
        }
        self._requiring = {  # what a wider label requires its kinds require too
            label.id: tuple(
                each
                for each in map(codebook.label, (label.id, *codebook.wider(label.id)))
                if each.requires or each.requires_all
            )
            for label in codebook.labels
        }
        self._demanding = frozenset(
            label.id for label in codebook.labels if self._requiring[label.id] or _is_demanding(label)
        )

    def of_post(
        self,
        annotations: Sequence[Annotation],
        *,
        is_comment: bool,
        is_reviewed: bool = False,
        in_thread: Mapping[str, int] | None = None,
    ) -> list[Violation]:
        """Return what is broken on a post and in it.

        Args:
            annotations: What one annotator has put on and in it, and the relations that start there.
            is_comment: Whether it is a comment; the article requires nothing.
            is_reviewed: Whether the annotator has said that it is done.
            in_thread: How many annotations of each label there are in the thread; None to leave that out.
        """
        if not annotations and not is_reviewed:
            return []  # work that has not begun breaks no rule
        found: list[Violation] = []
        if is_comment:
            found += self._missing(annotations, Scope.POST, "Comment")
        if annotations:
            found += self._too_many(annotations, in_thread)
            found += self._exclusions(annotations)
            found += self._demands(annotations)
        return found

    def of_thread(self, annotations: Sequence[Annotation], *, has_begun: bool) -> list[Violation]:
        """Return what is broken on a thread as a whole.

        Args:
            annotations: What one annotator has put on the thread itself.
            has_begun: Whether they have put anything anywhere in it.
        """
        if not has_begun:
            return []
        found = list(self._missing(annotations, Scope.THREAD, "Thread"))
        return [*found, *self._exclusions(annotations), *self._demands(annotations)]

    def over_limit(self, in_thread: Mapping[str, int]) -> list[tuple[Limit, int]]:
        """Return of what there is too much in a thread, each with how much there is."""
        counted = ((limit, sum(in_thread.get(label, 0) for label in limit.ids)) for limit in self.per_thread)
        return [(limit, count) for limit, count in counted if count > limit.most]

    def _missing(self, annotations: Iterable[Annotation], scope: Scope, noun: str) -> Iterator[Violation]:
        put = {found.label for found in annotations if found.scope is scope}
        for name, ids in self.codebook.needs[scope]:
            if ids.isdisjoint(put):
                yield Violation(rule=Rule.REQUIRED, message=f"{noun} needs {name}", labels=tuple(sorted(ids)))

    def _too_many(self, annotations: Sequence[Annotation], in_thread: Mapping[str, int] | None) -> Iterator[Violation]:
        for limit in self._per_post:
            count = sum(1 for found in annotations if found.label in limit.ids)
            if count > limit.most:
                yield _excess(Rule.MOST_PER_POST, limit, count)
        if in_thread:
            for limit, count in self.over_limit(in_thread):
                if any(found.label in limit.ids for found in annotations):
                    yield _excess(Rule.MOST_PER_THREAD, limit, count)

    def _exclusions(self, annotations: Sequence[Annotation]) -> Iterator[Violation]:
        if len(annotations) < 2 or not self._exclusive:  # noqa: PLR2004  # one excludes nothing
            return
        together: dict[tuple[str, object], list[Annotation]] = {}
        for found in annotations:
            label = self._labels.get(found.label)
            if label is not None and label.group in self._exclusive and not found.detached:
                together.setdefault((label.group or "", found.target), []).append(found)
        for (group, _), several in together.items():
            if len(several) > 1:
                names = " and ".join(self._labels[found.label].name for found in several)
                yield Violation(
                    rule=Rule.EXCLUSIVE,
                    message=f"{names} exclude each other: one of {self._exclusive[group].name}",
                    labels=tuple(found.label for found in several),
                    annotation=several[-1].id,
                )

    def _demands(self, annotations: Sequence[Annotation]) -> Iterator[Violation]:
        for found in annotations:
            if found.label not in self._demanding:
                continue
            label = self._labels[found.label]
            for source in self._requiring[label.id]:
                yield from self._requirements(source, label.name, found, annotations)
            for attribute in label.attributes:
                if attribute.is_required and found.attributes.get(attribute.id, "") == "":
                    yield Violation(
                        rule=Rule.ATTRIBUTE,
                        message=f"{label.name} needs {attribute.name}",
                        labels=(label.id,),
                        annotation=found.id,
                    )
            if label.split_into:
                names = " or ".join(self._labels[name].name for name in label.split_into)
                yield Violation(
                    rule=Rule.SPLIT,
                    message=f"{label.name} was split: {names}",
                    labels=(label.id, *label.split_into),
                    annotation=found.id,
                )

    def _requirements(
        self, label: Label, name: str, found: Annotation, annotations: Iterable[Annotation]
    ) -> Iterator[Violation]:
        """Yield what a label, or a kind of it with that `name`, requires and has not."""
        there = {
            other.label
            for other in annotations
            if other.id != found.id and (label.requires_on is RequiredOn.POST or other.target == found.target)
        }
        absent = [each for each in label.requires_all if there.isdisjoint(self._wanted[each])]
        if label.requires and all(there.isdisjoint(self._wanted[each]) for each in label.requires):
            yield self._unmet(f"{name} needs {' or '.join(map(self._name, label.requires))}", found, label.requires)
        if absent:
            yield self._unmet(f"{name} needs {' and '.join(map(self._name, absent))}", found, absent)

    def _unmet(self, message: str, found: Annotation, names: Iterable[str]) -> Violation:
        wanted = {each for name in names for each in self._wanted[name]}
        return Violation(
            rule=Rule.REQUIRES, message=message, labels=(found.label, *sorted(wanted)), annotation=found.id
        )

    def _name(self, name: str) -> str:
        label = self._labels.get(name)
        return label.name if label is not None else self.codebook.group(name).name


def _is_demanding(label: Label) -> bool:
    """Tell whether an annotation with this label can break a rule by itself."""
    return bool(label.split_into) or any(attribute.is_required for attribute in label.attributes)


def _ids_of(codebook: Codebook, name: str) -> frozenset[str]:
    """Return the ids of the labels, and of their kinds, that stand for a label or a group."""
    return codebook.kinds(name) or _members(codebook, name)


def _members(codebook: Codebook, group: str) -> frozenset[str]:
    """Return the ids of the labels of a group, and of their kinds."""
    return frozenset(each for label in codebook.labels if label.group == group for each in codebook.kinds(label.id))


def _limits(codebook: Codebook, field: str) -> tuple[Limit, ...]:
    found = [(group.name, _members(codebook, group.id), getattr(group, field)) for group in codebook.groups]
    found += [(label.name, codebook.kinds(label.id), getattr(label, field)) for label in codebook.labels]
    return tuple(Limit(name, ids, most) for name, ids, most in found if most is not None)


def _excess(rule: Rule, limit: Limit, count: int) -> Violation:
    where = " in this thread" if rule is Rule.MOST_PER_THREAD else ""
    return Violation(
        rule=rule,
        message=f"{count:,} of at most {limit.most:,} {limit.name}{where}",
        labels=tuple(sorted(limit.ids)),
    )
