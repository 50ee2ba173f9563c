"""What other annotators put, said beside one's own labels when somebody asks for it: who puts labels alone sees none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.model import Scope
from annotations.store import labels, post_places
from tui.screens.relation_words import RelationWords
from tui.text.visible import one_line
from tui.widgets.post_view import Chip, PostView, SpanMark, Tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from annotations.model import Annotation, StoredThread
    from annotations.session import LabelingSession
    from tui.screens.label_words import LabelWords


class OthersLabels:
    """Adds to posts what all but the session's annotator put on them; no key acts on it.

    Args:
        session: The annotator's session.
        thread: The thread.
        words: The names of labels.
        is_plain: Whether to say in words what signs say.
    """

    def __init__(self, session: LabelingSession, thread: StoredThread, words: LabelWords, *, is_plain: bool) -> None:
        self._project, self._own = session.project, session.annotator.id
        self._thread = thread.id
        self._words = words
        self._relations = RelationWords(words, is_plain=is_plain)
        self._is_plain = is_plain

    @property
    def names(self) -> list[str]:
        """Who else has worked on the thread."""
        return [name for row, name in post_places.annotators_at_work(self._project, self._thread) if row != self._own]

    def add(self, views: Sequence[PostView]) -> list[PostView]:
        """Return the posts with what the others put on them and in them."""
        ids = [view.post.id for view in views]
        put = labels.annotations_of_posts(self._project, ids)
        led = labels.relations_to(self._project, ids)
        return [self._add(view, self._others(put[view.post.id]), self._others(led[view.post.id])) for view in views]

    def _others(self, found: Iterable[Annotation]) -> list[Annotation]:
        return [each for each in found if each.annotator_id != self._own]

    def _add(self, view: PostView, put: Sequence[Annotation], led: Sequence[Annotation]) -> PostView:
        of_thread: Sequence[Annotation] = ()
        if view.post.position == 0:
            of_thread = self._others(labels.annotations_of_thread(self._project, self._thread))
        if not put and not led and not of_thread:
            return view
        chips: list[Chip] = []
        marks: list[SpanMark] = []
        tags: list[Tag] = []
        for name in dict.fromkeys(each.annotator for each in (*of_thread, *put, *led)):
            mine = [[each for each in some if each.annotator == name] for some in (put, led, of_thread)]
            who = f"{one_line(name)}:"
            on_whole = [each for each in (*mine[2], *mine[0]) if each.scope in {Scope.POST, Scope.THREAD}]
            found = [*map(self._words.chip, on_whole), *self._relations.chips(*mine)]
            chips += [self._signed(chip, who) for chip in found]
            for each in mine[0]:
                if each.scope is Scope.SPAN and not each.detached:
                    mark = self._words.mark(each)
                    marks.append(replace(mark, name=f"{who} {mark.name}", sign=" ", annotation=0))
                    words = f"{who} {one_line(mark.name)}".replace(" ", "\xa0")
                    text = f"[{words}]" if self._is_plain else words
                    tags.append(Tag(offset=mark.end, text=text, colour=mark.colour))
        return replace(
            view,
            chips=(*view.chips, *chips),
            marks=tuple(sorted((*view.marks, *marks), key=lambda mark: (mark.start, -mark.end))),
            tags=tuple(sorted((*view.tags, *tags), key=lambda tag: tag.offset)),
        )

    @staticmethod
    def _signed(chip: Chip, who: str) -> Chip:
        """Return a chip that says whose it is, and acts on nothing."""
        return replace(chip, text=f"{who} {chip.text}", key="", annotation=0)
