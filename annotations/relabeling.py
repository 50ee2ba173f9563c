"""One label put in the place of another wherever an annotator has put that: one step, which undo takes back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from annotations.errors import RuleError
from annotations.rules import check_in_use, checked_attributes
from annotations.store import rows
from annotations.store.codebooks import apply_codebook
from annotations.store.labels import annotations_at, annotations_with_label, relations_on
from annotations.store.writing import Writing

if TYPE_CHECKING:
    from annotations.codebook import Codebook
    from annotations.model import Annotation, Annotator
    from annotations.store.project import Project
    from annotations.store.writing import Change


def relabel(project: Project, annotator: Annotator, codebook: Codebook, old: str, new: str) -> Change:
    """Put a label in the place of another in all that an annotator has put.

    Annotations stay the same ones: their places, notes and relations stay, and the attributes that the new label has
    too. Where the new label stands on the same target already, the old one comes off, unless a relation hangs on it:
    then it stays.

    Args:
        project: The project, whose codebook is in force.
        annotator: Whose annotations.
        codebook: The labels and their rules; its version is in the project.
        old: The id of the label that goes.
        new: The id of the label that comes.

    Raises:
        RuleError: If the new label is retired or unknown, or of another scope; or there is nothing to do.
        ProjectError: If the project cannot be written.
    """
    label = codebook.label(new)
    check_in_use(label)
    if rows.codebook_version_id(project, codebook.sha256) is None:
        apply_codebook(project, codebook)
    names = {each.id: each.name for each in codebook.labels}
    with project.transaction():
        found = annotations_with_label(project, old, annotator.id)
        if not found:
            raise RuleError(f"{annotator.name} has put {names.get(old, old)} on nothing", "There is nothing to change.")
        if any(annotation.scope is not label.scope for annotation in found):
            raise RuleError(
                f"{names.get(old, old)} is a {found[0].scope} label, {label.name} a {label.scope} label",
                "Only labels of one scope can take each other's place.",
            )
        writing = Writing(project, annotator.id, adjudicator_id=annotator.adjudicator_id)
        version = rows.codebook_version_id(project, codebook.sha256)
        label_row = rows.label_row_id(project, label.id, label.scope)
        stay = 0
        for annotation in found:
            if _is_there(project, annotation, new):
                if relations_on(project, annotation.id):
                    stay += 1
                else:
                    writing.take_off(annotation)
                continue
            values = {
                "label_id": label_row,
                "attributes": json.dumps(_kept(codebook, annotation, new), ensure_ascii=False),
                "updated_at": project.now(),
                "codebook_version_id": version,
            }
            writing.alter(annotation, values)
        also = f", {stay} stay: relations hang on them" if stay else ""
        count = len(found) - stay
        words = f"{names.get(old, old)} is {label.name} now, {count} {'time' if count == 1 else 'times'}{also}"
        return writing.push(words)


def _is_there(project: Project, annotation: Annotation, label: str) -> bool:
    """Tell whether a label stands on an annotation's target."""
    if annotation.detached:
        return False
    return any(other.label == label for other in annotations_at(project, annotation.annotator_id, annotation.target))


def _kept(codebook: Codebook, annotation: Annotation, new: str) -> dict[str, str | int | float]:
    """Return the attributes of an annotation that another label has too, with values that it takes."""
    label = codebook.label(new)
    kept: dict[str, str | int | float] = {}
    for name, value in annotation.attributes.items():
        try:
            kept |= checked_attributes(label, {name: value})
        except RuleError:
            continue  # the history keeps what this label does not say
    return kept
