"""Posts that are to be settled, as lines for people and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from annotations.model import Scope
from annotations.store.adjudication import count_settled
from annotations.store.codebooks import label_names
from annotations.store.snapshot import keys_of_posts, thread_ids
from annotations.wording import shorten
from tui.commands.output import write_json, write_text
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.model import Annotation
    from annotations.seen_posts import SeenPost, Unit
    from annotations.store.project import Project

_QUOTED = 30
"""Code points of a quote that a line shows."""


class OpenPosts:
    """Writes posts to standard output.

    Args:
        project: The project.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._names = label_names(project)

    def count_settled(self, thread_id: int | None) -> int:
        """Return how many posts are settled, in all threads or in one."""
        return count_settled(self._project, thread_ids(self._project) if thread_id is None else [thread_id])

    def write(self, seen: SeenPost) -> None:
        """Write a line for the post, and below it one for each label with who has put it."""
        write_text(f"{one_line(seen.thread)}  {one_line(seen.post)}  seen by {_named(list(seen.seers.values()))}")
        keys = self._keys(seen)
        lines = [(self._what(unit, keys), *self._votes(unit, seen)) for unit in seen.units]
        widths = [max((cell_len(line[column]) for line in lines), default=0) for column in (0, 1)]
        for what, votes, who in lines:
            write_text(f"  {what}{' ' * (widths[0] - cell_len(what))}  {votes:>{widths[1]}}  {who}")
        if not lines:
            write_text("  nothing is put on it")

    def write_json(self, seen: SeenPost) -> None:
        """Write the post as an object on a line."""
        keys = self._keys(seen)
        write_json(
            {
                "thread": seen.thread,
                "post": seen.post,
                "seen_by": list(seen.seers.values()),
                "agreed": seen.is_agreed,
                "units": [_unit_json(unit, keys) for unit in seen.units],
            }
        )

    def _keys(self, seen: SeenPost) -> dict[int, str]:
        led_to = {each.target.to_post_id for unit in seen.units for each in unit.annotations} - {None}
        return keys_of_posts(self._project, [row for row in led_to if row is not None])

    def _what(self, unit: Unit, keys: dict[int, str]) -> str:
        first = unit.annotations[0]
        words = one_line(self._names.get(unit.label, unit.label))
        if first.quote is not None:
            words += f" “{one_line(shorten(first.quote.exact, _QUOTED))}”"
        if unit.scope is Scope.RELATION:
            to_post = first.target.to_post_id
            words += f" → {one_line(keys[to_post]) if to_post is not None else 'the thread'}"
        return words

    @staticmethod
    def _votes(unit: Unit, seen: SeenPost) -> tuple[str, str]:
        who = [name for row, name in seen.seers.items() if row in unit.voters]
        differ = "; attributes differ" if unit.voters == unit.seers and not unit.is_agreed else ""
        return f"{len(unit.voters)} of {len(unit.seers)}", f"{_named(who)}{differ}"


def _named(names: Sequence[str]) -> str:
    return ", ".join(map(one_line, names))


def _unit_json(unit: Unit, keys: dict[int, str]) -> dict[str, object]:
    first = unit.annotations[0]
    values: dict[str, object] = {"label": unit.label, "scope": unit.scope.value}
    span = first.target.span
    if span is not None and first.quote is not None:
        start, end = (None, None) if first.detached else (span.start, span.end)
        values |= {"start_char": start, "end_char": end, "quote": first.quote.exact}
    if unit.scope is Scope.RELATION:
        to_post = first.target.to_post_id
        values |= {"to_post": None if to_post is None else keys[to_post], "to_thread": to_post is None}
    return values | {
        "votes": len(unit.voters),
        "seen_by": len(unit.seers),
        "agreed": unit.is_agreed,
        "annotations": [_annotation_json(each) for each in unit.annotations],
    }


def _annotation_json(annotation: Annotation) -> dict[str, object]:
    return {
        "annotation": annotation.uuid,
        "annotator": annotation.annotator,
        "attributes": dict(annotation.attributes),
        "note": annotation.note,
    }
