"""What to export, and the choices that a data set needs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path  # noqa: TC003  # a field's type

from msgspec import Struct


class SplitBy(StrEnum):
    """What never stands in two splits, besides a thread."""

    THREAD = "thread"
    AUTHOR = "author"
    TIME = "time"


class Aggregate(StrEnum):
    """How the labels of several annotators become one set."""

    MAJORITY = "majority"
    ANY = "any"
    ALL = "all"
    DAWID_SKENE = "dawid-skene"


class Context(StrEnum):
    """What of a thread stands beside each post: what its annotator saw."""

    ANCESTORS = "ancestors"
    PARENT = "parent"
    ARTICLE = "article"


class ExportOptions(Struct, frozen=True):
    """What to export.

    Args:
        thread: The key of the only thread to export; None for all.
        annotator: The name of the only annotator whose labels and reviews to export; None for all.
        labels: The ids of the only labels to export; none for all.
        excel: Whether to write CSV for Excel, which changes texts.
        with_implied: Whether to write the wider labels that a label implies too, marked as such.
        is_current: Whether to tell labels that were merged as those that are put in their stead today.
        split: The names of the splits and their shares, which sum to 1; none for a data set in one piece.
        split_by: What the splits are told apart by.
        seed: Of the shuffling of threads; the same seed gives the same splits.
        aggregate: How to make one set of all annotators' labels; None to write each annotator's.
        is_gold: Whether to write the gold set alone: what adjudication has settled.
        only_reviewed: Whether to leave out posts that nobody (or not the annotator to export) has reviewed.
        context: What of the thread each post brings along; None for nothing.
        pseudonymize: The file with the secret key under which authors and mentions are replaced by hashes, made where there is
            none; None to leave names alone.
        redact: Whether to replace links, e-mail addresses and phone numbers in texts.
        format_version: The version of the format's layout to write; None for the newest.
        command: The command line, for the manifest; none where there was none.
        licence: Under what terms the data set may be used: its name, best that of SPDX; "" where nobody says.
        with_manifest: Whether a data set that is a file gets its report and its manifest beside it.
    """

    thread: str | None = None
    annotator: str | None = None
    labels: tuple[str, ...] = ()
    excel: bool = False
    with_implied: bool = True
    is_current: bool = False
    split: tuple[tuple[str, float], ...] = ()
    split_by: SplitBy = SplitBy.THREAD
    seed: int = 0
    aggregate: Aggregate | None = None
    is_gold: bool = False
    only_reviewed: bool = False
    context: Context | None = None
    pseudonymize: Path | None = None
    redact: bool = False
    format_version: int | None = None
    command: tuple[str, ...] = ()
    licence: str = ""
    with_manifest: bool = True

    @property
    def has_votes(self) -> bool:
        """Whether annotations come with the votes for them: those of several annotators were made one."""
        return self.is_gold or self.aggregate is not None
