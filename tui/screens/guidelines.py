"""The codebook to read: definitions, guidelines, examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tui.screens.paper import Paper
from tui.text.visible import display, one_line

if TYPE_CHECKING:
    from annotations.codebook import Codebook, Label


def guidelines_screen(codebook: Codebook, first: str | None = None) -> Paper:
    """Return the codebook as a text, the label with the id `first` before the others."""
    labels = [label for label in codebook.labels if not label.is_retired]
    labels.sort(key=lambda label: label.id != first)
    parts = [Content(display(codebook.description).text)] if codebook.description else []
    parts += [_describe(codebook, label) for label in labels]
    return Paper(codebook.name, Content("\n\n").join(parts))


def _describe(codebook: Codebook, label: Label) -> Content:
    colour = label.colour if label.colour.startswith("#") else f"$label-{label.colour}"
    heading = Content.styled(one_line(label.name), f"bold {colour}")
    facts = [str(label.scope)]
    if label.key:
        facts.append(f"key {label.key}")
    if label.group:
        facts.append(one_line(codebook.group(label.group).name))
    if label.parent:
        facts.append(f"a kind of {one_line(codebook.label(label.parent).name)}")
    lines = [heading + Content.styled(f"  {', '.join(facts)}", "$muted")]
    if label.description:
        lines.append(Content(display(label.description).text))
    if label.guidelines:
        lines.append(Content(display(label.guidelines.strip()).text))
    for example in label.examples:
        sign = Content.styled(
            "  not  " if example.is_counter else "  yes  ", "$error" if example.is_counter else "$success"
        )
        note = Content.styled(f"  {one_line(example.note)}", "$muted") if example.note else Content("")
        lines.append(sign + Content(one_line(example.text)) + note)
    return Content("\n").join(lines)
