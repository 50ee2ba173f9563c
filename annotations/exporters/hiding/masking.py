"""What is told of a post without what says who people are: with pseudonyms for names, and without links, addresses and numbers.

Texts are the article and the comments, titles, quotes, notes and what was written into attributes; places in them are moved with
them. With pseudonyms, authors are replaced, and mentions of anybody in texts; the source's metadata is left out, for any of its fields
may name people, and so are addresses of threads with a name in them; names in the keys of posts, which some sources make of addresses,
are replaced. Without links and addresses, those in the strings of the source's metadata are replaced too. Annotators keep their names.
What is in a link that is replaced is not looked at again.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from annotations.exporters.hiding.links import emails, links
from annotations.exporters.hiding.mentions import mentions
from annotations.exporters.hiding.phones import phones
from annotations.exporters.hiding.rewriting import Replacement, Rewriting, without_overlaps
from annotations.span import Quote, quote
from annotations.store.context import is_author, text_of_post

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.exporters.choosing.losing import Losing
    from annotations.exporters.hiding.pseudonyms import Pseudonyms
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.model import Annotation, StoredThread, Target
    from annotations.store.project import Project
    from annotations.store.snapshot import End

LINK, EMAIL, PHONE = "[link]", "[email]", "[phone]"
"""What stands where something was redacted."""

WIDENED = "spans widened to the whole of a pseudonym or of what was redacted"
METADATA = "fields of the source's metadata, which may name people"
ADDRESSES = "addresses of threads, which name people"

_AUTHORS = 10_000
_TEXTS = 32
"""Names, and texts to which relations lead, that are remembered."""


class Masking:
    """Changes what is told of posts.

    Args:
        project: The project.
        lost: Counts what is left out or changed.
        pseudonyms: What stands for names; None to leave them.
        is_redacted: Whether links, e-mail addresses and telephone numbers are replaced.
    """

    def __init__(
        self, project: Project, lost: Losing, pseudonyms: Pseudonyms | None, *, is_redacted: bool = False
    ) -> None:
        self._lost = lost
        self._pseudonyms = pseudonyms
        self._is_redacted = is_redacted
        self._thread: tuple[StoredThread, StoredThread] | None = None

        @lru_cache(_AUTHORS)
        def wrote(thread_id: int, name: str) -> bool:
            return is_author(project, thread_id, name)

        @lru_cache(_TEXTS)
        def rewritten(thread_id: int, post_id: int) -> Rewriting:
            return self.rewrite(thread_id, text_of_post(project, post_id))

        self._wrote = wrote
        self._rewritten = rewritten

    def __call__(self, labeled: LabeledPost) -> LabeledPost:
        """Return the post as it is told."""
        post, thread_id = labeled.post, labeled.thread.id
        rewriting = self.rewrite(thread_id, post.text)
        relations = [
            each.target
            for each in (*labeled.annotations, *labeled.thread_annotations)
            if each.target.to_post_id is not None or each.target.to_thread_id is not None
        ]
        named = replace(
            labeled,
            thread=self._told_thread(labeled.thread),
            post=replace(
                post,
                key=self.key(post.key),
                parent=None if post.parent is None else self.key(post.parent),
                author=self.author(post.author),
                text=rewriting.text,
                meta=self._meta(post.meta),
            ),
        )
        self._count_metadata(named, labeled)
        return replace(
            named,
            annotations=tuple(self._annotation(each, rewriting, named) for each in labeled.annotations),
            thread_annotations=tuple(self._annotation(each, rewriting, named) for each in labeled.thread_annotations),
            notes=tuple(replace(each, note=self.text(thread_id, each.note)) for each in labeled.notes),
            ends=self._ends(labeled, relations, rewriting) if relations else labeled.ends,
            post_keys={row: self.key(key) for row, key in labeled.post_keys.items()},
        )

    def rewrite(self, thread_id: int, text: str) -> Rewriting:
        """Return a text of a thread as it is told."""
        redacted: list[Replacement] = []
        if self._is_redacted:
            redacted = without_overlaps(
                (Replacement(start, end, LINK) for start, end in links(text)),
                (Replacement(start, end, EMAIL) for start, end in emails(text)),
                (Replacement(start, end, PHONE) for start, end in phones(text)),
            )
        if self._pseudonyms is None:
            return Rewriting(text, redacted)
        of_name = self._pseudonyms.of_name
        named = (
            Replacement(start, end, of_name(text[start:end]))
            for start, end in mentions(text, lambda name: self._wrote(thread_id, name))
        )
        return Rewriting(text, without_overlaps(redacted, named))

    def text(self, thread_id: int, text: str) -> str:
        """Return a text of a thread as it is told, where no place in it matters."""
        return self.rewrite(thread_id, text).text if text else text

    def author(self, author: str | None) -> str | None:
        """Return an author as they are told."""
        if self._pseudonyms is not None:
            return self._pseudonyms.of_author(author)
        if author is not None and "@" in author and any(emails(author)):
            self._lost.tally.warn(
                "Authors that are e-mail addresses are told as they are: --pseudonymize replaces them"
            )
        return author

    def key(self, key: str) -> str:
        """Return a post's key as it is told: a name in it, of an account in an address, is replaced."""
        if self._pseudonyms is None or ("/" not in key and "@" not in key):
            return key
        of_name = self._pseudonyms.of_name
        found = [Replacement(start, end, of_name(key[start:end])) for start, end in mentions(key, lambda _: False)]
        return Rewriting(key, found).text

    def _told_thread(self, thread: StoredThread) -> StoredThread:
        if self._thread is None or self._thread[0] is not thread:
            url = thread.url
            if url is not None and self._pseudonyms is not None and self.key(url) != url:
                url = None
            told = replace(
                thread, title=self.text(thread.id, thread.title), url=url, source="", meta=self._meta(thread.meta)
            )
            self._thread = thread, told
        return self._thread[1]

    def _meta(self, meta: Mapping[str, object]) -> Mapping[str, object]:
        if not meta or self._pseudonyms is not None:
            return {}
        told: Mapping[str, object] = self._redacted(meta)
        return told

    def _redacted(self, value: Any) -> Any:  # noqa: ANN401  # any JSON value
        if isinstance(value, str):
            return self.text(0, value)
        if isinstance(value, dict):
            return {name: self._redacted(part) for name, part in value.items()}
        return [self._redacted(part) for part in value] if isinstance(value, (list, tuple)) else value

    def _count_metadata(self, told: LabeledPost, labeled: LabeledPost) -> None:
        if self._pseudonyms is None:
            return
        self._lost.lose(METADATA, told, times=len(labeled.post.meta))
        if labeled.post.position == 0:
            self._lost.lose(METADATA, told, times=len(labeled.thread.meta), is_thread=True)
            self._lost.lose(ADDRESSES, told, times=labeled.thread.url != told.thread.url, is_thread=True)

    def _annotation(self, annotation: Annotation, rewriting: Rewriting, told: LabeledPost) -> Annotation:
        thread_id = told.thread.id
        changed: dict[str, Any] = {}
        if annotation.note:
            changed["note"] = self.text(thread_id, annotation.note)
        if annotation.attributes:
            changed["attributes"] = {
                name: self.text(thread_id, value) if isinstance(value, str) else value
                for name, value in annotation.attributes.items()
            }
        span, said = annotation.target.span, annotation.quote
        if said is not None and annotation.detached:
            changed["quote"] = Quote(*(self.text(thread_id, part) for part in (said.exact, said.prefix, said.suffix)))
        elif span is not None and not rewriting.is_same:
            moved, is_widened = rewriting.span(span)
            changed["target"] = replace(annotation.target, span=moved)
            changed["quote"] = quote(rewriting.text, moved)
            if is_widened and annotation.uuid:
                self._lost.lose(WIDENED, told, annotation=annotation.uuid, detail=changed["quote"].exact)
        return replace(annotation, **changed) if changed else annotation

    def _ends(self, labeled: LabeledPost, relations: list[Target], rewriting: Rewriting) -> dict[int, End]:
        """Return the ends of the post's relations, in texts as they are told."""
        found: dict[int, End] = {}
        for target in relations:
            for row, post_id in (
                (target.from_annotation, target.post_id),
                (target.to_annotation, target.to_post_id),
            ):
                end = None if row is None else labeled.ends.get(row)
                if row is None or end is None or post_id is None:
                    continue
                is_here = post_id == labeled.post.id
                of_text = rewriting if is_here else self._rewritten(labeled.thread.id, post_id)
                found[row] = self._end(end, of_text, labeled.thread.id)
        return found

    def _end(self, end: End, rewriting: Rewriting, thread_id: int) -> End:
        if end.span is None or end.is_detached:
            return replace(end, exact=self.text(thread_id, end.exact))
        moved, _ = rewriting.span(end.span)
        return replace(end, span=moved, exact=rewriting.text[moved.start : moved.end])
