"""What a card says of labels: how often they were put, what they mean, by which rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.codebook import AttributeKind
from annotations.exporters.describing.markdown import code, figure, inline, quoted, table
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.codebook import Attribute, Codebook, Group, Label
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.describing.figures import Figures

_HEADINGS = {
    Scope.SPAN: "On words",
    Scope.POST: "On posts",
    Scope.THREAD: "On threads",
    Scope.RELATION: "Relations",
}


def label_tables(selection: Selection, figures: Figures) -> str:
    """Return a table for each scope: the labels, how often each was put, and what it means in a sentence."""
    parts = []
    known = _shown(selection, figures)
    for scope, heading in _HEADINGS.items():
        labels = [label for label in known if label.scope is scope]
        if labels:
            parts.append(f"### {heading}\n\n{_table(labels, selection, figures)}")
    others = sorted({label for _, label in figures.labels} - {label.id for label in selection.codebook.labels})
    if others:
        names = [(inline(selection.label_names.get(each, each)), code(each), figures.count(each)) for each in others]
        parts.append(
            "### Of earlier codebooks\n\nThese labels are no longer in the codebook, and what carries them stays.\n\n"
            + table(("label", "id", "annotations"), names, numbers=1)
        )
    return "\n\n".join(parts)


def group_rules(selection: Selection) -> str:
    """Return the groups of labels, and what rules hold among them."""
    codebook = selection.codebook
    rows = [
        (
            inline(group.name),
            ", ".join(inline(label.name) for label in codebook.members(group.id)),
            _rules(group),
            inline(group.description),
        )
        for group in codebook.groups
        if codebook.members(group.id)
    ]
    return f"### Groups\n\n{table(('group', 'labels', 'rules', 'question'), rows)}" if rows else ""


def label_details(selection: Selection) -> str:
    """Return what the codebook says of labels beyond a sentence: guidelines, examples, attributes, rules."""
    chosen = [label for label in selection.codebook.labels if not selection.labels or label.id in selection.labels]
    told = [(label, list(_details(label, selection.codebook))) for label in chosen]
    return "\n\n".join("\n\n".join([f"### {inline(label.name)}", *lines]) for label, lines in told if lines)


def _shown(selection: Selection, figures: Figures) -> list[Label]:
    """Return the labels of the codebook; retired ones only if something carries them."""
    return [
        label
        for label in selection.codebook.labels
        if (not selection.labels or label.id in selection.labels) and (not label.is_retired or figures.count(label.id))
    ]


def _table(labels: Sequence[Label], selection: Selection, figures: Figures) -> str:
    splits = selection.splits
    header = ("label", "id", "means", *map(inline, splits), "annotations")
    rows = [
        (
            inline(label.name) + (" (retired)" if label.is_retired else ""),
            code(label.id),
            inline(label.description),
            *(figures.count(label.id, split) for split in splits),
            figures.count(label.id),
        )
        for label in labels
    ]
    return table(header, rows, numbers=len(splits) + 1)


def _rules(group: Group) -> str:
    rules = []
    if group.is_exclusive:
        rules.append("one at most from an annotator")
    if group.is_required:
        rules.append("one is needed")
    if group.most_per_post is not None:
        rules.append(f"{figure(group.most_per_post)} in a post at most")
    if group.most_per_thread is not None:
        rules.append(f"{figure(group.most_per_thread)} in a thread at most")
    return ", ".join(rules)


def _details(label: Label, codebook: Codebook) -> Iterator[str]:
    names = {each.id: each.name for each in codebook.groups} | {each.id: each.name for each in codebook.labels}
    facts = []
    if label.parent:
        facts.append(f"A kind of {inline(names.get(label.parent, label.parent))}.")
    if label.merged_into:
        facts.append(f"Retired: {inline(names.get(label.merged_into, label.merged_into))} is put in its stead.")
    if label.requires or label.requires_all:
        needed = ", ".join(inline(names.get(each, each)) for each in (*label.requires, *label.requires_all))
        facts.append(f"It needs {'all' if label.requires_all else 'one'} of: {needed}.")
    if facts:
        yield " ".join(facts)
    if label.guidelines.strip():
        yield quoted(label.guidelines)
    examples = [(inline(each.text), "no" if each.is_counter else "yes", inline(each.note)) for each in label.examples]
    if examples:
        yield table(("example", "gets the label", "why"), examples)
    if label.attributes:
        yield table(
            ("attribute", "id", "values", "means"),
            [(inline(each.name), code(each.id), _values(each), inline(each.description)) for each in label.attributes],
        )


def _values(attribute: Attribute) -> str:
    needed = ", needed" if attribute.is_required else ""
    if attribute.kind is AttributeKind.SCALE:
        step = "" if attribute.step is None else f" in steps of {attribute.step}"
        return f"{attribute.minimum} to {attribute.maximum}{step}{needed}"
    if attribute.kind is AttributeKind.CHOICE:
        return f"one of {'; '.join(map(inline, attribute.choices))}{needed}"
    return f"text{needed}"
