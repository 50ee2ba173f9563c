"""The making of spaCy's documents and files; loaded only where spaCy is there."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import spacy
import srsly
from spacy.tokens import DocBin

from annotations.exporters.language.spacy_plan import SPANS_KEY
from annotations.exporters.writing.report import Loss

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.exporters.language.spacy_plan import Plan, PlannedSpan
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.exporters.writing.folder import Folder

DETACHED = "detached spans"
WIDENED = "spans widened to whole tokens"
NARROWED = "spans without the white space at their edges"
WORDLESS = "spans of white space alone"

MANY_LANGUAGES = "xx"
"""spaCy's name of the tokenizer that is made for no language."""

_DOCS, _CHARACTERS = 5_000, 1_000_000
"""How much one file holds at most, but for a single post that is longer: spaCy has it in memory at once, with its words."""


@contextmanager
def encoders_known() -> Iterator[None]:
    """Let what spaCy serializes with ask the installed packages for encoders once and not anew for each value, inside the block.

    All is written as it would be, thirty times as fast.
    """
    registry = srsly.msgpack_encoders
    found = registry.get_all()
    registry.get_all = lambda: found
    try:
        yield
    finally:
        del registry.get_all  # the registry's own is behind it


class DocWriter:
    """Writes the files of a split.

    Args:
        folder: The data set.
        place: The folder of the files.
        split: The split, "" for none.
        language: The codebook's language, "" if it does not say.
    """

    def __init__(self, folder: Folder, place: str, split: str, language: str) -> None:
        self.lengths: Counter[int] = Counter()
        """How many spans have how many tokens."""
        self._folder = folder
        self._place = place
        self._split = split
        self._wanted = language
        self._parts = 0
        self._begin()

    @property
    def language(self) -> str:
        """The language whose tokenizer is used, as spaCy calls it."""
        return str(self._nlp.lang)

    def add(self, labeled: LabeledPost, plan: Plan) -> None:
        """Make the document of a post."""
        doc = self._nlp.tokenizer(labeled.post.text)
        for key, group in plan.groups.items():
            spans = [self._span(doc, each, labeled if key == SPANS_KEY else None) for each in group]
            doc.spans[key] = [each for each in spans if each is not None]
        self.lengths.update(len(each) for each in doc.spans[SPANS_KEY])
        for annotation in plan.detached:
            quote = "" if annotation.quote is None else annotation.quote.exact
            self._lose(DETACHED, labeled, annotation.uuid, f"{annotation.label}: {quote}")
        doc.cats = dict(plan.cats)
        doc.user_data["postil"] = plan.record
        self._bin.add(doc)
        self._characters += len(labeled.post.text)
        if len(self._bin) >= _DOCS or self._characters >= _CHARACTERS:
            self._flush()
            self._begin()

    def close(self) -> None:
        """Write what is left; a split without a post gets an empty file, which spaCy can open."""
        if len(self._bin) or not self._parts:
            self._flush()

    def _span(self, doc: Any, planned: PlannedSpan, labeled: LabeledPost | None) -> Any:  # noqa: ANN401  # spaCy's own
        """Return a span of the document, None if it has no token; what is changed is reported if the post is given."""
        span = doc.char_span(
            planned.start, planned.end, label=planned.label, span_id=planned.annotation, alignment_mode="expand"
        )
        if span is None or not len(span):  # of white space between tokens it makes a span without any
            if labeled is not None:
                self._lose(WORDLESS, labeled, planned.annotation, f"{planned.label}: {planned.quote}")
            return None
        if labeled is not None and (span.start_char, span.end_char) != (planned.start, planned.end):
            is_wider = span.start_char < planned.start or span.end_char > planned.end
            detail = f"{planned.label}: {planned.quote} → {span.text}"
            self._lose(WIDENED if is_wider else NARROWED, labeled, planned.annotation, detail)
        return span

    def _lose(self, reason: str, labeled: LabeledPost, annotation: str, detail: str) -> None:
        self._folder.tally.lose(
            reason,
            Loss(thread=labeled.thread.key, post=labeled.post.key, annotation=annotation or None, detail=detail),
        )

    def _begin(self) -> None:
        """Begin a file, with a new vocabulary: one that knows the words of all posts would grow without end."""
        self._nlp = _blank(self._wanted)
        self._bin = DocBin(attrs=(), store_user_data=True)
        self._characters = 0

    def _flush(self) -> None:
        name = f"{self._place}/part-{self._parts:03}.spacy"
        with self._folder.open(name, description="Documents of spaCy, one a post", split=self._split) as output:
            output.write(self._bin.to_bytes())
        self._parts += 1


def _blank(language: str) -> Any:  # noqa: ANN401  # spaCy's own
    """Return spaCy's tokenizer for a language; the one for no language where spaCy has none, or needs more packages for it."""
    short = language.split("-", maxsplit=1)[0].lower()
    if short:
        try:
            return spacy.blank(short)
        except (ImportError, OSError, ValueError):
            pass
    return spacy.blank(MANY_LANGUAGES)
