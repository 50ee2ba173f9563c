"""What a codebook allows to be put where, and with which values; all else is refused with the reason. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from annotations.codebook import AttributeKind
from annotations.errors import RuleError
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from annotations.codebook import Attribute, Codebook, Label
    from annotations.model import Target

_UNCLEAN = "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
"""What no dataset can carry: controls but tab and newline, halves of surrogate pairs, two non-characters."""

_TOLERANCE = 1e-9
"""How far a number may be off a scale's steps, in steps: binary fractions do not hit every decimal one."""

_WHERE = {
    Scope.SPAN: ("words inside a post", "Select the words first."),
    Scope.POST: ("a post as a whole", "Name the post, without a span."),
    Scope.THREAD: ("a thread as a whole", "Name the thread, without a post."),
    Scope.RELATION: ("the relation between two posts", "Name the post or annotation to which it leads."),
}


def label_for(codebook: Codebook, label_id: str, target: Target) -> Label:
    """Return the label of that id, which is made for targets like this one.

    Raises:
        RuleError: If the codebook has no such label, or its scope is another.
    """
    label = codebook.label(label_id)
    if label.scope is not target.scope:
        wanted, hint = _WHERE[label.scope]
        raise RuleError(f"“{label.name}” is put on {wanted}, not on {_WHERE[target.scope][0]}", hint)
    return label


def check_in_use(label: Label) -> None:
    """Refuse a retired label.

    Raises:
        RuleError: If it is retired.
    """
    if label.is_retired:
        raise RuleError(
            f"“{label.name}” is retired and no longer put on anything", "Choose another label; what carries it stays."
        )


def checked_text(text: str, what: str) -> str:
    """Return a text that an annotator wrote, with LF line ends.

    Args:
        text: The text.
        what: What to call it in a message.

    Raises:
        RuleError: If it holds characters that no dataset can carry.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    import re  # noqa: PLC0415  # loaded on use

    unclean = re.search(_UNCLEAN, text)
    if unclean is not None:
        sign = f"U+{ord(unclean.group()):04X}"
        raise RuleError(f"{what} holds {sign} at character {unclean.start() + 1}", "Leave out control characters.")
    return text


def checked_attributes(label: Label, values: Mapping[str, str | int | float]) -> dict[str, str | int | float]:
    """Return the values of a label's attributes.

    Raises:
        RuleError: If the label has no such attribute, or a value is none of its.
    """
    attributes = {attribute.id: attribute for attribute in label.attributes}
    unknown = [name for name in values if name not in attributes]
    if unknown:
        hint = f"It has: {', '.join(attributes)}." if attributes else "It has none."
        raise RuleError(f"“{label.name}” has no attribute “{unknown[0]}”", hint)
    # In the codebook's order, so that equal attributes are stored as equal text.
    return {name: _checked_value(attributes[name], values[name]) for name in attributes if name in values}


def _checked_value(attribute: Attribute, value: str | float) -> str | int | float:
    if attribute.kind is AttributeKind.SCALE:
        return _checked_number(attribute, value)
    if not isinstance(value, str):
        raise RuleError(f"{value!r} is no value for “{attribute.name}”", "It takes text.")
    if attribute.kind is AttributeKind.CHOICE and value not in attribute.choices:
        raise RuleError(
            f"“{value}” is none of the choices of “{attribute.name}”", f"Choose one of: {', '.join(attribute.choices)}."
        )
    return checked_text(value, f"“{attribute.name}”")


def _checked_number(attribute: Attribute, value: str | float) -> int | float:
    low, high, step = attribute.minimum, attribute.maximum, attribute.step
    hint = f"It takes a number from {low} to {high}" + ("." if step is None else f" in steps of {step}.")
    if isinstance(value, str | bool) or not math.isfinite(value):
        raise RuleError(f"{value!r} is no number for “{attribute.name}”", hint)
    if (low is not None and value < low) or (high is not None and value > high):
        raise RuleError(f"{value} is not on the scale of “{attribute.name}”", hint)
    if step is not None:
        steps = (value - (low or 0)) / step
        if abs(steps - round(steps)) > _TOLERANCE:
            raise RuleError(f"{value} is between the steps of “{attribute.name}”", hint)
    return value


def missing_labels(codebook: Codebook, labels: Collection[str]) -> list[str]:
    """Return the names of what a comment still needs: required groups of which it has no label, required labels.

    Args:
        codebook: The labels and their rules.
        labels: The ids of the labels that the annotator has put on the comment; a kind of a label will do for it.
    """
    return [name for name, ids in codebook.needs[Scope.POST] if ids.isdisjoint(labels)]


def is_complete(codebook: Codebook, labels: Collection[str]) -> bool:
    """Tell whether a comment with these labels has all that the codebook requires; the arguments are those above."""
    return all(not ids.isdisjoint(labels) for _, ids in codebook.needs[Scope.POST])
