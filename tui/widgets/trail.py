"""What the line above the thread says: the chain that is answered, what the thread is labeled with, how wide each is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from rich.cells import cell_len

from tui.text.visible import one_line
from tui.widgets.post_layout import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_NAME = 28
"""Cells that a name in the middle of a chain takes at most."""
FEWEST_WORDS = 14
"""Cells below which the parent's first words are not begun."""


class Crumb(Struct, frozen=True):
    """A post of the chain.

    Args:
        position: Where it stands; 0 is the article.
        name: Its author, or the article's title.
    """

    position: int
    name: str


class Trail(Struct, frozen=True, kw_only=True):
    """What the line says.

    Args:
        crumbs: The chain, the outermost post first, the parent last.
        depths: The depth of each, for its hue; the article has 0.
        is_cut: Whether posts between the first and the second were left out already, because there are so many.
        words: How the parent begins.
        new: How many comments are new.
        labels: What the thread as a whole is labeled with: the words and the hue of each.
        is_plain: Whether to say it in words.
    """

    crumbs: tuple[Crumb, ...] = ()
    depths: tuple[int, ...] = ()
    is_cut: bool = False
    words: str = ""
    new: int = 0
    labels: tuple[tuple[str, str], ...] = ()
    is_plain: bool = False


class Part(Struct, frozen=True):
    """A stretch of the line.

    Args:
        text: What it says, as it is drawn.
        depth: The depth whose hue it has, or -1 for a muted one.
        position: The post to which a click on it leads, or None.
    """

    text: str
    depth: int = -1
    position: int | None = None


def lay_out_trail(trail: Trail, width: int) -> list[Part]:
    """Return the parts of the line, together at most `width` cells wide.

    Names in the middle of a chain give way first, those far from the parent before those near it; then the first name;
    at last the parent's own is shortened. The parent's first words take what room is left.
    """
    if not trail.crumbs or width <= 0:
        return []
    crumbs, depths = trail.crumbs, trail.depths
    if crumbs[-1].position == 0:
        lead = "answers the article " if trail.is_plain else "↳ Article "
        title = fit(one_line(crumbs[-1].name), max(0, width - cell_len(lead)))
        return [part for part in (Part(lead, -1, 0), Part(title, 0, 0)) if part.text]
    lead = "answers " if trail.is_plain else "↳ "
    between = " > " if trail.is_plain else " › "
    names = [fit(one_line(crumb.name), LONGEST_NAME) for crumb in crumbs]
    shown = _chosen(names, width - cell_len(lead), cell_len(between), is_cut=trail.is_cut)
    parts = [Part(lead)]
    last = -1
    for place in shown:
        if place != last + 1 or (trail.is_cut and place == 1):
            parts.append(Part(f"…{between}" if last < 0 else f"{between}…{between}"))
        elif last >= 0:
            parts.append(Part(between))
        parts.append(Part(names[place], depths[place], crumbs[place].position))
        last = place
    room = width - sum(cell_len(part.text) for part in parts[:-1])
    if room < 1:  # not even a sign of the parent beside what leads to it
        return [Part(fit(names[-1], width), depths[-1], crumbs[-1].position)]
    parts[-1] = Part(fit(parts[-1].text, room), parts[-1].depth, parts[-1].position)
    room -= cell_len(parts[-1].text)
    words = one_line(trail.words).strip()
    if words and room >= FEWEST_WORDS:
        before, behind = (": ", "") if trail.is_plain else (": “", "”")
        parts.append(Part(before + fit(words, room - cell_len(before + behind)) + behind, -1, crumbs[-1].position))
    return parts


def _chosen(names: Sequence[str], room: int, gap: int, *, is_cut: bool) -> list[int]:
    """Return the places of the names that fit, the last one always, then the first, then those before the last."""
    last = len(names) - 1
    sizes = [cell_len(name) for name in names]
    if not is_cut and sum(sizes) + gap * last <= room:
        return list(range(last + 1))
    ellipsis = gap + 1
    left = room - sizes[last] - ellipsis
    shown = [last]
    if last and sizes[0] + gap <= left:
        left -= sizes[0] + gap
        shown.append(0)
        for place in range(last - 1, 0, -1):
            if sizes[place] + gap > left:
                break
            left -= sizes[place] + gap
            shown.append(place)
    return sorted(shown)


def lay_out_labels(trail: Trail, room: int) -> list[tuple[str, str]]:
    """Return the words and the hue of each label of the thread, together at most `room` cells with a gap behind each.

    The first one is shortened where it must be; those for which there is no room are counted, without a hue.
    """
    found: list[tuple[str, str]] = []
    for place, (words, colour) in enumerate(trail.labels):
        rest = len(trail.labels) - place
        most = LONGEST_NAME if place else min(LONGEST_NAME, room - 3 - (len(f"+{rest - 1}") + 1 if rest > 1 else 0))
        text = f" {fit(one_line(words), max(0, most))} "
        if cell_len(text) + 1 > room or not text.strip():
            count = f"+{rest}"
            return [*found, (count, "")] if found and len(count) < room else found
        found.append((text, colour))
        room -= cell_len(text) + 1
    return found
