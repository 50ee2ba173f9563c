"""What themes say of colours beside what every theme of Textual says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def make_variables(hues: Mapping[str, str], *, muted: str, focus: str, highlight: str) -> dict[str, str]:
    """Return the variables of a theme beside those that every theme of Textual has.

    Args:
        hues: What labels are drawn in, by name.
        muted: What is said in passing.
        focus: The ground of the post in focus.
        highlight: The ground of the highlighted line of a list, on which every hue can be read.
    """
    variables = {f"label-{name}": colour for name, colour in hues.items()}
    variables["muted"] = muted
    variables["focused-post"] = focus
    # Textual makes these by mixing, and some of what comes out cannot be read.
    variables |= dict.fromkeys(("text-muted", "text-disabled", "foreground-muted", "foreground-disabled"), muted)
    variables |= dict.fromkeys(("block-cursor-background", "block-cursor-blurred-background"), highlight)
    return variables
