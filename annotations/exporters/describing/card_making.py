"""What a card says of how a data set came about: splits, sources, choices and what it cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.exporters.choosing.options import Aggregate, Context, SplitBy
from annotations.exporters.describing.markdown import alone, code, figure, inline, many, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.settled import GoldFacts
    from annotations.exporters.describing.figures import Figures
    from annotations.exporters.writing.folder import Folder

_HOSTS = 20
"""Sites that are named."""

_BY = {
    SplitBy.THREAD: "Threads were shuffled with the seed {seed}; no thread is in two splits.",
    SplitBy.AUTHOR: "No author is in two splits, and no thread; the seed is {seed}.",
    SplitBy.TIME: "The splits follow each other in time, by threads: the first is the oldest.",
}

_AGGREGATED = {
    Aggregate.MAJORITY: "More than half of those who had seen a post had to put a label.",
    Aggregate.ANY: "A label stands where anybody put it.",
    Aggregate.ALL: "A label stands where everybody put it who had seen the post.",
    Aggregate.DAWID_SKENE: (
        "The labels of several annotators were weighed by how reliable each is (Dawid and Skene 1979)."
    ),
}

_CONTEXT = {
    Context.ANCESTORS: "Each row carries the posts above it, up to the article.",
    Context.PARENT: "Each row carries the post that it answers.",
    Context.ARTICLE: "Each row carries the article.",
}


def splits_section(folder: Folder) -> str:
    """Return how the data set was divided; "" if it was not."""
    options, splits = folder.selection.options, folder.tally.splits
    if not splits:
        return ""
    rows = [(inline(each.name), f"{each.share:.0%}", each.threads, each.posts) for each in splits]
    said = _BY[options.split_by].format(seed=options.seed)
    return f"{said}\n\n{table(('split', 'asked for', 'threads', 'posts'), rows, numbers=3)}"


def adjudication_section(gold: GoldFacts | None) -> str:
    """Return who has settled how much, and what that means; "" where that is not what the data set has."""
    if gold is None:
        return ""
    who = f", {gold.who}" if gold.who else ""
    return (
        f"{many(gold.settled, 'post')} settled{inline(who)}. A post that is settled has the labels on which the adjudicators have "
        "settled, or none because none belongs there; a post that is not settled has none here. Where a label was taken from "
        "annotators, `votes` says how many of them had put it, of `seen_by` who had seen the place; one that an adjudicator has "
        "put has neither."
    )


def sources_section(figures: Figures) -> str:
    """Return where the texts come from and when they were written."""
    rows = [
        (code(each.format), each.threads, f"{each.first_at[:10]} to {each.last_at[:10]}") for each in figures.sources
    ]
    parts = [table(("read by the importer", "threads", "imported"), rows)] if rows else []
    if figures.hosts:
        ranked = sorted(figures.hosts.items(), key=lambda each: (-each[1], each[0]))
        named = ", ".join(f"{code(host)} ({figure(number)})" for host, number in ranked[:_HOSTS])
        more = f" and {figure(len(ranked) - _HOSTS)} more" if len(ranked) > _HOSTS else ""
        parts.append(f"Sites, and how many threads each has: {named}{more}.")
    facts = figures.facts
    if facts.first_at and facts.last_at:
        parts.append(f"The posts that have a time were written from {facts.first_at[:10]} to {facts.last_at[:10]}.")
    else:
        parts.append("The sources do not say when the posts were written.")
    return "\n\n".join(parts)


def choices_made(options: ExportOptions) -> str:
    """Return the options in words; a sentence a line."""
    return "\n".join(f"- {line}" for line in _choices(options))


def _choices(options: ExportOptions) -> Iterator[str]:  # noqa: C901  # an option a line
    yield f"Only the thread {inline(options.thread)}." if options.thread is not None else "All threads of the project."
    if options.labels:
        yield f"Only these labels: {', '.join(map(code, options.labels))}."
    if options.annotator is not None:
        yield f"Only what {inline(options.annotator)} has put and reviewed."
    if options.is_gold:
        yield "Only labels that adjudication has settled."
    if options.aggregate is not None:
        yield f"The labels of all annotators were made one set ({options.aggregate.value}). {_AGGREGATED[options.aggregate]}"
    if options.only_reviewed:
        yield "Posts that nobody has reviewed were left out."
    if options.context is not None:
        yield _CONTEXT[options.context]
    if options.with_implied:
        yield "Where a label is a kind of a wider one, the wider one is written too, marked by `implied_by`; it is not counted here."
    else:
        yield "Wider labels that follow from narrower ones are not written."
    if options.is_current:
        yield "Labels that were merged are written as those that are put in their stead today."
    if options.pseudonymize is not None:
        yield "Names of authors, and mentions of them in texts, were replaced by keyed hashes; the key is kept apart."
    if options.redact:
        yield "Links, e-mail addresses and phone numbers in texts were replaced."
    if options.excel:
        yield "Cells were changed so that a spreadsheet takes none for a formula: the texts are not exact."


def limits(folder: Folder, figures: Figures) -> str:
    """Return what the data set does not say, or not surely; a sentence a line."""
    return "\n".join(f"- {line}" for line in _limits(folder, figures))


def _limits(folder: Folder, figures: Figures) -> Iterator[str]:
    posts = figures.facts.posts
    yield (
        f"Of {many(posts, 'post')}, {figure(figures.seen)} were reviewed or labeled, {figure(figures.shared)} of them by two "
        f"annotators or more. Where a post has no label and nobody has reviewed it, nothing was said of it."
    )
    if figures.detached:
        yield (
            f"Annotations that have lost their place, because the text was changed at its source: "
            f"{figure(figures.detached)}. They have their quote and no offsets."
        )
    if figures.facts.uncertain:
        yield (
            "Posts of which the importer had to guess who wrote them, where they end or what they answer: "
            f"{figure(figures.facts.uncertain)}."
        )
    lost = [f"{figure(number)} {inline(reason)}" for reason, number in sorted(folder.tally.lost.items()) if number]
    if lost:
        yield f"What the format, or a choice, leaves out or changes (see `report.json`): {'; '.join(lost)}."
    for warning in folder.tally.warnings:
        yield f"{alone(warning.rstrip('.'))}."
    yield "Offsets are Unicode code points, from 0, the end not included, unless the format's own say otherwise."
