"""The splits of a data set: whole threads, put so that each split has its share of the posts and of each label.

Whole threads, or groups of threads that share authors, are dealt out by iterative stratification: the rarest label that is
left goes first, and each thread that has it goes to the split that lacks most of it for its share. Source: Sechidis, Tsoumakas and
Vlahavas, "On the Stratification of Multi-Label Data", ECML PKDD 2011, algorithm 1, with counts of annotations in place of
examples. Big threads are dealt out before small ones, for small ones even out what they leave. Among threads that are alike the order is
that of a hash of the thread's key and the seed: it is the same on every machine, whatever the order of import.
"""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.exporters.choosing.grouping import group_by_author
from annotations.exporters.choosing.options import SplitBy
from annotations.exporters.choosing.shares import check_shares
from annotations.exporters.writing.report import SplitFigures
from annotations.store.splits import labels_in_threads, sizes_of_threads, times_of_threads

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from annotations.exporters.choosing.selection import Selection
    from annotations.store.project import Project

_SLACK = 1e-6
"""What sums of shares may be off by."""
_FAR = 0.05
"""How far the share of a split may be from what was asked for before that is said."""


class Portion(Struct, frozen=True, gc=False):
    """Threads that are not to be parted.

    Args:
        threads: Their rows.
        posts: How many posts they have.
        labels: How many annotations they have of each label, by its number.
        chance: Its place among its like, by the seed.
    """

    threads: tuple[int, ...]
    posts: int
    labels: tuple[tuple[int, int], ...]
    chance: bytes


def assign_splits(project: Project, selection: Selection) -> dict[int, str]:
    """Return the split of each thread of a selection, by row.

    What is in each split is written into the selection's tally, with a warning where a split is empty or far from its share.

    Raises:
        WrongUsageError: If the shares do not sum to 1, or names are no names.
    """
    options = selection.options
    check_shares(options.split)
    names: list[str] = []
    alone = _portions(project, selection, names)
    if options.split_by is SplitBy.TIME:
        dealt = _deal_by_time(project, selection, alone)
    else:
        together = alone
        if options.split_by is SplitBy.AUTHOR:
            together = _join(alone, group_by_author(project, {each.threads[0] for each in alone}))
            _warn_of_big(selection, together)
        dealt = _fill_empty(_deal(together, [share for _, share in options.split]))
    selection.tally.splits = _figures(options.split, dealt, names)
    _warn(selection, len(alone), dealt)
    return {
        thread: name
        for (name, _), portions in zip(options.split, dealt, strict=True)
        for portion in portions
        for thread in portion.threads
    }


def _portions(project: Project, selection: Selection, names: list[str]) -> list[Portion]:
    """Return each thread of the selection as a portion; the labels' ids are put into `names`, by their numbers."""
    wanted = set(selection.thread_ids)
    seed = f"{selection.options.seed}\n".encode()
    numbers: dict[str, int] = {}
    counts: dict[int, tuple[tuple[int, int], ...]] = {}
    pairs: dict[tuple[int, int], tuple[int, int]] = {}  # most of them are the same few: one object for each
    for thread, label, put in labels_in_threads(project, selection.annotator_id):
        told = selection.telling.label(label)
        if thread in wanted and (not selection.labels or told in selection.labels):
            number = numbers.setdefault(told, len(numbers))
            before = dict(counts.get(thread, ()))
            before[number] = before.get(number, 0) + put  # labels that were merged are one
            counts[thread] = tuple(pairs.setdefault(pair, pair) for pair in before.items())
    names += numbers
    return [
        Portion((thread,), posts, counts.get(thread, ()), blake2b(seed + key.encode(), digest_size=8).digest())
        for thread, key, posts in sizes_of_threads(project)
        if thread in wanted
    ]


def _join(alone: Sequence[Portion], groups: Mapping[int, int]) -> list[Portion]:
    """Return portions of the threads that belong to the same group."""
    members: dict[int, list[Portion]] = {}
    for portion in alone:
        members.setdefault(groups[portion.threads[0]], []).append(portion)
    return [_merged(each) if len(each) > 1 else each[0] for each in members.values()]


def _merged(portions: Sequence[Portion]) -> Portion:
    labels: Counter[int] = Counter()
    for portion in portions:
        for label, put in portion.labels:
            labels[label] += put
    return Portion(
        threads=tuple(portion.threads[0] for portion in portions),
        posts=sum(portion.posts for portion in portions),
        labels=tuple(sorted(labels.items())),
        chance=min(portion.chance for portion in portions),
    )


def _deal(portions: Sequence[Portion], shares: Sequence[float]) -> list[list[Portion]]:
    """Deal portions out: those with the rarest label first, those without any last, each to the split that lacks most."""
    dealt: list[list[Portion]] = [[] for _ in shares]
    left: Counter[int] = Counter()
    holders: dict[int, list[int]] = {}
    for number, portion in enumerate(portions):
        for label, number_put in portion.labels:
            left[label] += number_put
            holders.setdefault(label, []).append(number)
    lacks = {label: [share * number_put for share in shares] for label, number_put in left.items()}
    total = sum(portion.posts for portion in portions)
    lacks_posts = [share * total for share in shares]
    is_dealt = bytearray(len(portions))

    def put(number: int, split: int) -> None:
        portion = portions[number]
        is_dealt[number] = True
        dealt[split].append(portion)
        lacks_posts[split] -= portion.posts
        for label, number_put in portion.labels:
            lacks[label][split] -= number_put
            left[label] -= number_put

    while holders:
        label = min(holders, key=lambda each: (left[each] or total + 1, each))
        waiting = (number for number in holders.pop(label) if not is_dealt[number])
        for number in sorted(waiting, key=lambda each: _turn(portions[each], label)):
            put(number, _neediest(shares, lacks[label], dict(portions[number].labels)[label], lacks_posts))
    bare = (number for number in range(len(portions)) if not is_dealt[number])
    for number in sorted(bare, key=lambda each: (-portions[each].posts.bit_length(), portions[each].chance)):
        put(number, _neediest(shares, lacks_posts, portions[number].posts, lacks_posts))
    return dealt


def _neediest(shares: Sequence[float], lacks: Sequence[float], amount: int, lacks_posts: Sequence[float]) -> int:
    """Return which split gets a portion with so much of what the splits lack.

    Of those that lack so much, the one that lacks most for its share: so all of them fill evenly. If it is too much for each, the
    one that lacks most. Of several that do, the one that lacks most posts for its share, then the one with the greatest share.
    """
    splits = range(len(shares))
    fitting = [split for split in splits if lacks[split] >= amount - _SLACK]
    if fitting:
        return max(
            fitting, key=lambda split: (lacks[split] / shares[split], lacks_posts[split] / shares[split], shares[split])
        )
    return max(splits, key=lambda split: (lacks[split], lacks_posts[split] / shares[split], shares[split]))


def _turn(portion: Portion, label: int) -> tuple[int, bytes]:
    """Return what portions with a label are sorted by: those with much of it first, in steps of two."""
    return -dict(portion.labels)[label].bit_length(), portion.chance


def _fill_empty(dealt: list[list[Portion]]) -> list[list[Portion]]:
    """Give a split that got nothing the smallest portion of the split that has most of them."""
    for portions in dealt:
        richest = max(dealt, key=len)
        if not portions and len(richest) > 1:
            smallest = min(richest, key=lambda portion: (portion.posts, portion.chance))
            richest.remove(smallest)
            portions.append(smallest)
    return dealt


def _deal_by_time(project: Project, selection: Selection, alone: Sequence[Portion]) -> list[list[Portion]]:
    """Deal threads out in the order of their time: each goes where the middle one of its posts would."""
    times = dict(times_of_threads(project))
    timeless = sum(1 for portion in alone if times[portion.threads[0]] is None)
    if timeless:
        selection.tally.warn(
            f"{timeless:,} of {len(alone):,} threads have no time: the splits take them for the latest"
        )
    ordered = sorted(alone, key=lambda each: (_time(times[each.threads[0]]), each.chance))
    total = sum(portion.posts for portion in ordered)
    ends: list[int] = []
    share, posts, place = 0.0, 0, 0
    for _, part in selection.options.split[:-1]:
        share += part
        while place < len(ordered) and posts + ordered[place].posts / 2 <= share * total:
            posts += ordered[place].posts
            place += 1
        ends.append(place)
    bounds = [0, *(_spread(ends, len(ordered)) if len(ordered) > len(ends) else ends), len(ordered)]
    return [ordered[start:stop] for start, stop in pairwise(bounds)]


def _spread(ends: Sequence[int], threads: int) -> list[int]:
    """Move the places where splits end as little as it takes for none to be empty."""
    spread = list(ends)
    for number in range(len(spread)):
        spread[number] = max(spread[number], spread[number - 1] + 1 if number else 1)
    for number in reversed(range(len(spread))):
        spread[number] = min(spread[number], threads - (len(spread) - number))
    return spread


def _time(time: str | None) -> tuple[bool, str]:
    return (True, "") if time is None else (False, time)


def _figures(
    split: Sequence[tuple[str, float]], dealt: Sequence[Iterable[Portion]], names: Sequence[str]
) -> tuple[SplitFigures, ...]:
    found = []
    for (name, share), portions in zip(split, dealt, strict=True):
        labels: Counter[str] = Counter(dict.fromkeys(sorted(names), 0))
        threads = posts = 0
        for portion in portions:
            threads += len(portion.threads)
            posts += portion.posts
            for label, put in portion.labels:
                labels[names[label]] += put
        found.append(SplitFigures(name=name, share=share, threads=threads, posts=posts, labels=dict(labels)))
    return tuple(found)


def _warn_of_big(selection: Selection, together: Sequence[Portion]) -> None:
    """Say so where one group of threads is more than any split should have."""
    total = sum(portion.posts for portion in together)
    biggest = max(together, key=lambda portion: portion.posts, default=None)
    most = max(share for _, share in selection.options.split)
    if biggest is not None and len(biggest.threads) > 1 and biggest.posts > most * total:
        selection.tally.warn(
            f"{len(biggest.threads):,} of {sum(len(each.threads) for each in together):,} threads share authors, directly or "
            f"through others, and have {biggest.posts / total:.1%} of the posts: they stay together in one split, whose share is "
            "smaller; --by thread parts them"
        )


def _warn(selection: Selection, threads: int, dealt: Sequence[Sequence[Portion]]) -> None:
    """Say which splits are empty, or far from the share that was asked for."""
    figures = selection.tally.splits
    total = sum(each.posts for each in figures)
    for each, portions in zip(figures, dealt, strict=True):
        if not portions:
            selection.tally.warn(
                f"The split {each.name} is empty: there are {threads:,} threads for {len(dealt)} splits"
            )
        elif abs(each.posts / total - each.share) > _FAR:
            selection.tally.warn(
                f"The split {each.name} has {each.posts / total:.1%} of the posts, and {each.share:.1%} were asked for: "
                "threads are not parted"
            )
