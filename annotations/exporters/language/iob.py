"""Spans as tags of tokens: `B-` and a label where a span begins, `I-` and the label inside it, `O` elsewhere (IOB2).

A token has one tag, so of spans that share a token one is told: the longest, of equally long ones the first in the text, then that
which was put and not implied, then that whose label comes first in the alphabet. No token goes across the edge of a span: every
span that is told begins and ends where its tokens do.

Source: Tjong Kim Sang and Veenstra, "Representing Text Chunks", EACL 1999 (IOB2).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.exporters.language.tokens import covered, tokens
from annotations.exporters.rows.telling import origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from annotations.model import Annotation
    from annotations.span import Span

OUTSIDE = "O"
_GAP = re.compile(r"\n\s*\n")


class TaggedText(Struct, frozen=True, kw_only=True):
    """A text as tokens with tags.

    Args:
        offsets: Where each token begins and ends, in code points.
        tags: The tag of each token.
        breaks: Numbers of tokens with which a new paragraph begins, where no span goes on into it; never 0.
        told: The annotations that the tags tell.
        overlapping: Those that share a token with another one that is told.
        wordless: Those whose words are nothing but white space.
    """

    offsets: tuple[tuple[int, int], ...]
    tags: tuple[str, ...]
    breaks: tuple[int, ...]
    told: tuple[Annotation, ...]
    overlapping: tuple[Annotation, ...]
    wordless: tuple[Annotation, ...]


def tag_text(
    text: str, annotations: Iterable[Annotation], whole: Sequence[tuple[int, int]] | None = None
) -> TaggedText:
    """Return a text as tokens with the tags of those annotations that have a place in it.

    Args:
        text: The text.
        annotations: What is put on it.
        whole: Its tokens, if they are known already.
    """
    placed = [(each, each.target.span) for each in annotations if each.target.span is not None and not each.detached]
    if not placed and whole is not None:  # most texts have no span by whoever is told
        return TaggedText(
            offsets=tuple(whole),
            tags=(OUTSIDE,) * len(whole),
            breaks=tuple(_breaks(text, whole, ())),
            told=(),
            overlapping=(),
            wordless=(),
        )
    placed.sort(key=_precedence)
    offsets = tokens(text, (edge for _, span in placed for edge in (span.start, span.end)), whole)
    tags = [OUTSIDE] * len(offsets)
    told: list[Annotation] = []
    overlapping: list[Annotation] = []
    wordless: list[Annotation] = []
    for annotation, span in placed:
        first, last = covered(offsets, span.start, span.end)
        if first == last:
            wordless.append(annotation)
        elif any(tag != OUTSIDE for tag in tags[first:last]):
            overlapping.append(annotation)
        else:
            tags[first:last] = [f"B-{annotation.label}"] + [f"I-{annotation.label}"] * (last - first - 1)
            told.append(annotation)
    return TaggedText(
        offsets=tuple(offsets),
        tags=tuple(tags),
        breaks=tuple(_breaks(text, offsets, tags)),
        told=tuple(told),
        overlapping=tuple(overlapping),
        wordless=tuple(wordless),
    )


def _precedence(placed: tuple[Annotation, Span]) -> tuple[int, int, bool, str, str]:
    annotation, span = placed
    return -len(span), span.start, origin(annotation)[0] is not None, annotation.label, annotation.uuid


def _breaks(text: str, offsets: Sequence[tuple[int, int]], tags: Sequence[str]) -> Iterable[int]:
    for gap in _GAP.finditer(text):
        number = bisect_left(offsets, gap.end(), key=lambda token: token[0])
        if 0 < number < len(offsets) and not (tags and tags[number].startswith("I-")):
            yield number
