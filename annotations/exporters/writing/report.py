"""What an export wrote, and what it could not write."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LISTED = 1000
"""Losses of one kind that are listed; they are counted without end."""


class Loss(Struct, frozen=True, kw_only=True):
    """Something that the format could not carry.

    Args:
        thread: The key of its thread.
        post: The key of its post; None for the thread as a whole.
        annotation: The uuid of the annotation; None where it is none.
        detail: What exactly was lost or changed, a phrase; "" where the kind of loss says it all.
    """

    thread: str
    post: str | None = None
    annotation: str | None = None
    detail: str = ""


class SplitFigures(Struct, frozen=True, kw_only=True):
    """What is in a split.

    Args:
        name: Its name.
        share: The share of the posts that was asked for, 0 to 1.
        threads: Its threads.
        posts: Their posts, the articles among them.
        labels: How many annotations with each label stand in them, by the label's id, as the data set tells them; labels of
            which there are none in any split are left out.
    """

    name: str
    share: float
    threads: int
    posts: int
    labels: Mapping[str, int]


class Tally(Struct):
    """What was written so far.

    Args:
        rows: Records in the data set, without a header.
        threads: Threads that were exported.
        posts: Posts that were written, each once.
        annotations: Annotations that were written.
        lost: What the format cannot carry, and how often that was.
        losses: The first of them, by the same words.
        warnings: What who uses the data set should know of it, a sentence each without a full stop.
        splits: What is in each split, in their order; none for a data set in one piece.
    """

    rows: int = 0
    threads: int = 0
    posts: int = 0
    annotations: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    losses: dict[str, list[Loss]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    splits: tuple[SplitFigures, ...] = ()

    def lose(self, reason: str, loss: Loss, *, times: int = 1) -> None:
        """Count something that the format cannot carry, and list it.

        Args:
            reason: What it is, in the plural: "spans inside another span". The same words for the same kind of loss.
            loss: Where it is.
            times: How many of them there are.
        """
        self.lost[reason] += times
        listed = self.losses.setdefault(reason, [])
        if len(listed) < LISTED:
            listed.append(loss)

    def warn(self, warning: str) -> None:
        """Say what who uses the data set should know, once."""
        if warning not in self.warnings:
            self.warnings.append(warning)


class WrittenFile(Struct, frozen=True, kw_only=True):
    """A file of a data set.

    Args:
        name: Its path below the data set's folder, with slashes; the name alone of a file that stands alone.
        size: In bytes.
        sha256: The hash of its bytes.
        description: What it holds, a phrase; "" where nothing is said of it.
        media_type: Its media type (IANA), or "" where there is none.
    """

    name: str
    size: int
    sha256: str
    description: str = ""
    media_type: str = ""


class ExportReport(Struct, frozen=True):
    """What an export wrote.

    Args:
        path: The target, a file or a folder; None for standard output.
        rows: Records in it, without a header.
        threads: Threads that were exported.
        posts: Posts that were written, each once.
        annotations: Annotations that were written.
        lost: What the format cannot carry, and how often that was.
        sha256: The hash of the bytes written; of a folder that of its manifest.
        files: The files that were written, in order of their names; of standard output none.
        warnings: What who uses the data set should know of it, a sentence each without a full stop.
        splits: What is in each split, in their order; none for a data set in one piece.
    """

    path: Path | None
    rows: int
    threads: int
    posts: int
    annotations: int
    lost: Mapping[str, int]
    sha256: str
    files: tuple[WrittenFile, ...] = ()
    warnings: tuple[str, ...] = ()
    splits: tuple[SplitFigures, ...] = ()


def make_report(tally: Tally, path: Path | None, sha256: str, files: tuple[WrittenFile, ...] = ()) -> ExportReport:
    """Return the report on what a tally has counted; the other arguments are those of the report."""
    return ExportReport(
        path=path,
        rows=tally.rows,
        threads=tally.threads,
        posts=tally.posts,
        annotations=tally.annotations,
        lost={reason: number for reason, number in sorted(tally.lost.items()) if number},
        sha256=sha256,
        files=files,
        warnings=tuple(tally.warnings),
        splits=tally.splits,
    )
