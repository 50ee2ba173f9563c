"""What the reader says of relations: chips in the headers, tags in the text, the names of their ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.model import Scope
from annotations.store import labels, overview
from tui.text.visible import one_line
from tui.widgets.post_view import Chip, Tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from annotations.model import Annotation
    from tui.screens.label_words import LabelWords

QUOTE_SHOWN = 24
"""Characters of a quote that a chip shows."""
KEY_SHOWN = 7
"""Characters of a post's key that a tag in the text shows; a longer key is left out."""
TAGS_SHOWN = 3
"""Relations that a place in the text names; the rest is counted."""
THREAD = "the thread"
ARTICLE = "the article"


class RelationWords:
    """Says of a relation what it is called, and what is at its other end.

    Args:
        words: The names of labels.
        is_plain: Whether to say in words what arrows say.
    """

    def __init__(self, words: LabelWords, *, is_plain: bool = False) -> None:
        self._words = words
        self._project = words.project
        self._is_plain = is_plain

    def chips(
        self, own: Sequence[Annotation], incoming: Sequence[Annotation], of_thread: Sequence[Annotation]
    ) -> list[Chip]:
        """Return a chip for each relation that starts or ends at a post as a whole, or at the thread.

        Args:
            own: What is put on the post and in it, and the relations that start there.
            incoming: The relations that lead there.
            of_thread: For the article: what is put on the thread, and the relations that start or end there.
        """
        placed = _placed(own)
        starting = [each for each in of_thread if each.scope is Scope.RELATION and each.target.post_id is None]
        starting += [each for each in own if each.scope is Scope.RELATION and each.target.from_annotation not in placed]
        leading = [each for each in incoming if each.target.to_annotation not in placed]
        leading += [each for each in of_thread if each.target.to_thread_id is not None]
        keys = self._keys([*starting, *leading])
        found = [self._relation_chip(each, keys, is_incoming=False) for each in starting]
        return found + [self._relation_chip(each, keys, is_incoming=True) for each in leading]

    def _relation_chip(self, relation: Annotation, keys: Mapping[int, str], *, is_incoming: bool) -> Chip:
        name, colour, _ = self._words.label(relation.label)
        target = relation.target
        arrow, other = ("←", self._key(target.post_id, keys)) if is_incoming else ("→", self._end(relation, keys))
        values = self._words.values(relation)
        text = f"{arrow} {name} {other}" + (f": {', '.join(values)}" if values else "")
        leads_to = target.post_id if is_incoming else target.to_post_id
        return Chip(
            text=f"{text} ✎" if relation.note else text,
            colour=colour,
            annotation=relation.id,
            leads_to=leads_to or 0,
            is_relation=True,
            is_incoming=is_incoming,
        )

    def tags(self, own: Sequence[Annotation], incoming: Sequence[Annotation]) -> tuple[Tag, ...]:
        """Return what is drawn behind the labeled spans of a post at which relations start or end, by place.

        Args:
            own: What is put on the post and in it, and the relations that start there.
            incoming: The relations that lead there.
        """
        ends = _placed(own)
        starting = [each for each in own if each.target.from_annotation in ends]
        leading = [each for each in incoming if each.target.to_annotation in ends]
        if not starting and not leading:
            return ()
        keys = self._keys([*starting, *leading])
        at: dict[int, list[tuple[Annotation, bool]]] = {}
        for each in starting:
            at.setdefault(ends[each.target.from_annotation or 0], []).append((each, False))
        for each in leading:
            at.setdefault(ends[each.target.to_annotation or 0], []).append((each, True))
        return tuple(tag for offset in sorted(at) for tag in self._tags_at(offset, at[offset], keys))

    def _tags_at(self, offset: int, ties: Sequence[tuple[Annotation, bool]], keys: Mapping[int, str]) -> list[Tag]:
        found = []
        for relation, is_incoming in ties[:TAGS_SHOWN]:
            name, colour, _ = self._words.label(relation.label)
            other = relation.target.post_id if is_incoming else relation.target.to_post_id
            is_within = relation.target.post_id == relation.target.to_post_id
            key = "" if is_within else self._key(other, keys)
            key = key.removeprefix("the ") if len(key.removeprefix("the ")) <= KEY_SHOWN else ""
            arrow = ("from " if is_incoming else "to ") if self._is_plain else ("←" if is_incoming else "→")
            words = f"{arrow}{one_line(name)} {key}".strip().replace(" ", "\xa0")
            found.append(Tag(offset=offset, text=f"[{words}]" if self._is_plain else words, colour=colour))
        if len(ties) > TAGS_SHOWN:
            found.append(Tag(offset=offset, text=f"+{len(ties) - TAGS_SHOWN}", colour="grey"))
        return found

    def end_name(self, relation: Annotation, *, is_incoming: bool = False) -> str:
        """Return what is at the other end of a relation: a quote, a post's key, the thread."""
        keys = self._keys([relation])
        return self._start(relation, keys) if is_incoming else self._end(relation, keys)

    def _end(self, relation: Annotation, keys: Mapping[int, str]) -> str:
        return self._quote(relation.target.to_annotation) or self._key(relation.target.to_post_id, keys)

    def _start(self, relation: Annotation, keys: Mapping[int, str]) -> str:
        key = self._key(relation.target.post_id, keys)
        quote = self._quote(relation.target.from_annotation)
        return f"{key} {quote}" if quote else key

    def _quote(self, annotation_id: int | None) -> str:
        if annotation_id is None:
            return ""
        quote = labels.load_annotation(self._project, annotation_id).quote
        if quote is None:
            return ""
        exact = one_line(quote.exact)
        return f"“{exact if len(exact) <= QUOTE_SHOWN else exact[:QUOTE_SHOWN].rstrip() + '…'}”"

    def _keys(self, relations: Sequence[Annotation]) -> dict[int, str]:
        """Return what to call the posts at the ends of relations, by row."""
        rows = {end for each in relations for end in (each.target.post_id, each.target.to_post_id) if end is not None}
        found = overview.post_names(self._project, rows) if rows else {}
        return {row: ARTICLE if position == 0 else one_line(key) for row, (key, position) in found.items()}

    @staticmethod
    def _key(post_id: int | None, keys: Mapping[int, str]) -> str:
        return THREAD if post_id is None else keys.get(post_id, "")

    def other_end(self, relation: Annotation, *, is_incoming: bool) -> tuple[int | None, int | None]:
        """Return the row of the post at the other end, None for the thread; and the offset of its span, if there is one."""
        target = relation.target
        post_id = target.post_id if is_incoming else target.to_post_id
        end = target.from_annotation if is_incoming else target.to_annotation
        if end is None:
            return post_id, None
        found = labels.load_annotation(self._project, end)
        return post_id, None if found.target.span is None or found.detached else found.target.span.start


def _placed(annotations: Iterable[Annotation]) -> dict[int | None, int]:
    """Return where the spans end that have a place in the text, by the annotation's row."""
    return {
        found.id: found.target.span.end for found in annotations if found.target.span is not None and not found.detached
    }
