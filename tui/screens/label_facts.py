"""What a codebook says of a label beside its guidelines, in words: where it belongs, its rules, its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from annotations.codebook import RequiredOn
from tui.text.visible import display, one_line

if TYPE_CHECKING:
    from annotations.codebook import Codebook, Label


def facts_of(codebook: Codebook, label: Label) -> list[str]:
    """Return in a few words each what a label is put on, its key and group, and its rules."""
    names = {each.id: one_line(each.name) for each in codebook.groups}
    names |= {each.id: one_line(each.name) for each in codebook.labels}
    facts = [str(label.scope)]
    if label.key and not label.is_retired:
        facts.append(f"key {label.key}")
    if label.group:
        facts.append(one_line(codebook.group(label.group).name))
    if label.parent:
        facts.append(f"a kind of {names[label.parent]}")
    if label.is_required:
        facts.append("required")
    for most, where in ((label.most_per_post, "post"), (label.most_per_thread, "thread")):
        if most is not None:
            facts.append(f"at most {most} a {where}")
    place = " on the same target" if label.requires_on is RequiredOn.TARGET else ""
    if label.requires:
        facts.append(f"needs {' or '.join(names[name] for name in label.requires)}{place}")
    if label.requires_all:
        facts.append(f"needs {' and '.join(names[name] for name in label.requires_all)}{place}")
    if state := state_of(codebook, label):
        facts.append(state)
    return facts


def state_of(codebook: Codebook, label: Label) -> str:
    """Return what became of a label that is retired; "" for one in use."""
    if label.merged_into is not None:
        return f"merged into {one_line(codebook.label(label.merged_into).name)}"
    if label.split_into:
        return f"split into {', '.join(one_line(codebook.label(name).name) for name in label.split_into)}"
    return "retired" if label.is_retired else ""


def prose(text: str) -> Content:
    """Return a text whose lines are as long as the screen has room for: a line break within a paragraph is a space."""
    lines: list[str] = []
    for line in display(text.strip()).text.split("\n"):
        follows = bool(lines) and lines[-1] and line and not line.startswith((" ", "-", "*", "#", "|", ">"))
        if follows and not line[:1].isdigit():
            lines[-1] += f" {line}"
        else:
            lines.append(f"{lines.pop()} {line.strip()}" if lines and _continues(lines[-1], line) else line)
    return Content("\n".join(lines))


def _continues(before: str, line: str) -> bool:
    """Tell whether an indented line goes on with the entry of a list."""
    return before.startswith(("- ", "* ")) and line.startswith("  ") and not line.lstrip().startswith(("- ", "* "))


def examples_of(label: Label) -> list[Content]:
    """Return a line for each example, those that do not get the label marked as such."""
    lines = []
    for example in label.examples:
        sign, hue = ("  not  ", "$error") if example.is_counter else ("  yes  ", "$success")
        note = Content.styled(f"  {one_line(example.note)}", "$muted") if example.note else Content("")
        lines.append(Content.styled(sign, hue) + Content(one_line(example.text)) + note)
    return lines
