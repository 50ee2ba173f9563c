"""Tasks of Label Studio that Postil made of threads, and their results: `annotations.exporters.label_studio` says how they look.

What Label Studio still has as Postil wrote it comes back with all that is known of it, whoever had to import it there; what was
changed or added there comes as it is now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.labeled.documents import DocumentText, as_name, as_offset, as_value
from annotations.importers.labeled.label_studio_results import Results, listed
from annotations.importers.labeled.rendition import own_posts
from annotations.importers.labeled.returning import Returning
from annotations.importers.reading.assemble import assemble
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annotations.importers.labeled.documents import DocumentMaker
    from annotations.model import GivenAnnotation, GivenMark, Post, Thread
    from annotations.sources.source import Source

_POST, _THREAD, _NOTE = "post", "thread_label", "note"
"""The names of controls of the labeling interface that Postil writes."""

_TEXTS = "thread"
"""The data that holds the paragraphs."""


def own_member(fields: Mapping[str, object]) -> Mapping[str, object] | None:
    """Return what Postil keeps among a task's data, None if it is no task of Postil's."""
    member = fields.get("postil")
    is_own = isinstance(member, dict) and isinstance(member.get("layout"), int) and isinstance(fields.get(_TEXTS), list)
    return member if is_own and isinstance(member, dict) else None


class OwnTask:
    """A task that Postil made of a thread.

    Args:
        source: Cleans, and is told what does not fit.
        where: What the task is called in reports.
        fields: The task's data.
        member: What is kept among them.
    """

    def __init__(self, source: Source, where: str, fields: Mapping[str, object], member: Mapping[str, object]) -> None:
        self._source = source
        self._member = member
        self._fields = fields
        paragraphs = fields.get(_TEXTS)
        said = [part.get("text") if isinstance(part, dict) else "" for part in listed(paragraphs)]
        texts = [DocumentText(source, text if isinstance(text, str) else "") for text in said]
        self.posts: list[Post] = own_posts(source, member, [text.text for text in texts])
        """The posts of the thread, the article first."""
        shift = len(self.posts) - len(texts)  # an article that was left out has no paragraph
        keyed = [(post.key, text) for post, text in zip(self.posts[max(0, shift) :], texts, strict=False)]
        controls = member.get("controls")
        self.results = OwnResults(source, where, keyed, controls if isinstance(controls, dict) else {})
        """Reads the results."""

    def is_kept(self, entry: Mapping[str, object]) -> bool:
        """Tell whether an annotation is what Postil wrote, or what somebody made of that."""
        records = [each for each in listed(self._member.get("annotations")) if isinstance(each, dict)]
        known = {each.get("id") for each in records}
        results = [each for each in listed(entry.get("result")) if isinstance(each, dict)]
        return not entry.get("completed_by") or any(each.get("id") in known for each in results)

    def thread(self, maker: DocumentMaker, marks: Sequence[GivenMark], key: str, meta: Mapping[str, object]) -> Thread:
        """Return the thread, with what is put on it."""
        source = self._source
        first: dict[str, str] = {}
        for given in self.results.annotations:
            first.setdefault(given.key.partition(":")[2], given.key)
        returning = Returning(source, self._member, lambda id_, _: first.get(id_, id_))
        annotations = returning.annotations(self.results.annotations)
        thread = maker.thread(
            assemble(self.posts[0], self.posts[1:], source.problems),
            key=key,
            title=as_name(source, self._member.get("title")) or as_name(source, self._fields.get("title")),
            url=as_name(source, self._member.get("url")) or None,
            labels=returning.labels(),
            annotations=annotations,
            marks=[*returning.marks(), *marks, *self.results.marks],
            meta=meta,
        )
        return replace(thread, key=as_name(source, self._member.get("thread")) or thread.key)


class OwnResults(Results):
    """The results of such a task.

    Args:
        source: Cleans, and is told what does not fit.
        where: What the task is called in reports.
        posts: The key and the text of each paragraph.
        controls: The ids of attributes, by the names of their controls.
    """

    def __init__(
        self,
        source: Source,
        where: str,
        posts: Sequence[tuple[str, DocumentText]],
        controls: Mapping[str, object],
    ) -> None:
        super().__init__(source, where, posts, 0)
        self._controls = {name: as_name(source, id_) or name for name, id_ in controls.items()}

    def _region(self, key: str, parts: Sequence[Mapping[str, object]]) -> None:
        values = [(part, value) for part in parts if isinstance(value := part.get("value"), dict)]
        on_post = [value for part, value in values if part.get("from_name") == _POST]
        if not on_post:
            super()._region(key, parts)
            return
        paragraph = as_offset(on_post[0].get("start"))
        if paragraph is None or paragraph >= len(self._posts):
            super()._region(key, parts)
            return
        attributes, notes = self._details(values)
        for number, label in enumerate(label for value in on_post for label in listed(value.get("paragraphlabels"))):
            self.annotations.append(
                self._given(
                    label,
                    scope=Scope.POST,
                    post=self._posts[paragraph][0],
                    key=f"{self._prefix}:{key}.{number}" if number else f"{self._prefix}:{key}",
                    attributes=attributes,
                    note="\n".join(notes),
                )
            )

    def _details(
        self, values: Sequence[tuple[Mapping[str, object], Mapping[str, object]]]
    ) -> tuple[dict[str, str | int | float], list[str]]:
        attributes: dict[str, str | int | float] = {}
        notes: list[str] = []
        for part, value in values:
            word = as_name(self._source, part.get("from_name"))
            kind = "text" if part.get("type") == "textarea" else str(part.get("type"))
            told = as_value(self._source, value.get(kind)) if kind in {"text", "number", "choices", "rating"} else None
            if told is None:
                continue
            if word == _NOTE:
                notes.append(str(told))
            else:
                attributes[self._controls.get(word, word or "value")] = told
        return attributes, notes

    def _whole(self, part: Mapping[str, object], value: Mapping[str, object]) -> None:
        if part.get("from_name") != _THREAD:
            super()._whole(part, value)
            return
        key = as_name(self._source, part.get("id"))
        for number, choice in enumerate(listed(value.get("choices"))):
            name = f"{self._prefix}:{key}.{number}" if number else f"{self._prefix}:{key}"
            self.annotations.append(self._given(choice, scope=Scope.THREAD, post=None, key=name))

    def _relation(self, part: Mapping[str, object]) -> None:
        before = len(self.annotations)
        super()._relation(part)
        ends = [as_name(self._source, part.get(each)) for each in ("from_id", "to_id")]
        for number in range(before, len(self.annotations)):
            given: GivenAnnotation = self.annotations[number]
            key = f"{self._prefix}:{ends[0]} {given.label} {ends[1]}"
            self.annotations[number] = replace(given, key=key)
