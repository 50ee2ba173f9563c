"""What a card says of agreement: on posts that two annotators or more have seen, of what they put, before it was made one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.agreement import alpha, f1, mean, percent
from annotations.exporters.describing.figures import judges
from annotations.exporters.describing.markdown import inline, many, table
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from annotations.exporters.choosing.selection import Selection
    from annotations.model import Annotator
    from annotations.store.judgements import Judgements, Seen, SpanPair

UNDEFINED = "undefined"


def agreement_section(selection: Selection, seen: Seen) -> str:
    """Return the section on agreement; "" where only one annotator is told of, or has seen anything.

    Args:
        selection: What was exported.
        seen: Who has seen which posts of it.
    """
    if selection.annotator_id is not None and selection.gold is None:
        return ""
    annotators = judges(selection, seen)
    if len(annotators) < 2:  # noqa: PLR2004  # one alone cannot disagree
        return ""
    with seen.judgements(annotator.id for annotator in annotators) as judgements:
        return _measured(judgements, selection, annotators)


def _measured(judgements: Judgements, selection: Selection, annotators: Sequence[Annotator]) -> str:
    shared = sum(judgements.shared_posts().values())
    people = "people" if all(each.kind == "person" for each in annotators) else "annotators, models among them"
    if not shared:
        return f"No post was seen by two of the {len(annotators)} {people}: agreement cannot be measured."
    several = "both" if len(annotators) == 2 else f"at least two of the {len(annotators)}"  # noqa: PLR2004  # both
    measured = (
        f"Measured on {many(shared, 'post')} that {several} {people} have seen, that is reviewed or labeled. *Undefined* is "
        "what cannot be measured: where everybody said the same of everything, for example."
    )
    parts = [measured]
    posts = [*_choice_rows(judgements, selection), *_label_rows(judgements, selection)]
    if posts:
        parts.append(table(("labels on posts", "pairs that agree", "Krippendorff’s α, nominal"), posts, numbers=2))
    spans = _span_rows(judgements.span_pairs(), selection)
    if spans:
        parts.append(table(("labels on words", "same words, F1", "words in common, F1"), spans, numbers=2))
        parts.append("F1 is the mean over all pairs of annotators of whom one has put the label.")
    return "\n\n".join(parts)


def _choice_rows(judgements: Judgements, selection: Selection) -> Iterable[tuple[str, str, str]]:
    codebook = selection.codebook
    for group in codebook.groups:
        members = [label.id for label in codebook.members(group.id) if label.scope is Scope.POST]
        if group.is_exclusive and len(members) > 1 and (not selection.labels or selection.labels.issuperset(members)):
            said = judgements.choices(members)
            yield f"{inline(group.name)} (which, or none)", _share(percent(said)), _value(alpha(said))


def _label_rows(judgements: Judgements, selection: Selection) -> Iterable[tuple[str, str, str]]:
    for label, said in judgements.post_labels().items():
        if not selection.labels or label in selection.labels:
            name = inline(selection.label_names.get(label, label))
            yield f"{name} (yes or no)", _share(percent(said)), _value(alpha(said))


def _span_rows(pairs: list[SpanPair], selection: Selection) -> list[tuple[str, str, str]]:
    known = {(pair.label, pair.one, pair.other): pair for pair in pairs}
    labels = sorted({pair.label for pair in pairs if not selection.labels or pair.label in selection.labels})
    rows = []
    for label in labels:
        both = {tuple(sorted((pair.one, pair.other))) for pair in pairs if pair.label == label}
        exact, common = [], []
        for one, other in sorted(both):
            here, there = known.get((label, one, other)), known.get((label, other, one))
            spans = (here.spans if here else 0, there.spans if there else 0)
            same, met = (
                (here.exact, here.overlapping) if here else (0, 0),
                (there.exact, there.overlapping) if there else (0, 0),
            )
            exact.append(f1(same[0], spans[0], met[0], spans[1]))
            common.append(f1(same[1], spans[0], met[1], spans[1]))
        rows.append((inline(selection.label_names.get(label, label)), _value(mean(exact)), _value(mean(common))))
    return rows


def _share(value: float | None) -> str:
    return UNDEFINED if value is None else f"{value:.1%}"


def _value(value: float | None) -> str:
    return UNDEFINED if value is None else f"{value:.3f}".replace("-0.000", "0.000")
