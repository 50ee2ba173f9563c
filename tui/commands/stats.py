"""`postil stats`: what was labeled and reviewed so far, in numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from annotations.store.statistics import Within, take_statistics
from annotations.store.threads import find_thread
from tui.commands.label_names import label_ids
from tui.commands.long_work import LongWork
from tui.commands.options import with_surroundings
from tui.commands.output import say, write_json

if TYPE_CHECKING:
    from datetime import tzinfo

    from annotations.store.statistics_records import LabelCount, Statistics
    from tui.commands.surroundings import Surroundings


@click.command("stats")
@click.option("--thread", "thread_key", metavar="KEY", help="Only in this thread.")
@click.option("--label", "labels", metavar="ID", multiple=True, help="Only this label; may be given several times.")
@click.option("--utc", "is_utc", is_flag=True, help="Days of UTC, not of this computer's time zone.")
@click.option("--json", "as_json", is_flag=True, help="Print one object with all numbers.")
@with_surroundings
@click.pass_obj
def command(  # an option each
    here: Surroundings, *, thread_key: str | None, labels: tuple[str, ...], is_utc: bool, as_json: bool
) -> None:
    """Count labels by depth, annotator and day, which meet on a post, and how far the work is.

    All of it is of all annotators, or of the one of --annotator. What is counted is what stands now; what was taken back
    is in the history.
    """
    zone = UTC if is_utc else None
    long = LongWork("Counting", "nothing was counted")
    with long.under_way(), here.open_project() as project, project.doing(long.work):
        annotator = here.chosen_annotator(project)
        within = Within(
            thread_id=None if thread_key is None else find_thread(project, thread_key).id,
            annotator_id=None if annotator is None else annotator.id,
            labels=frozenset(label_ids(project, labels)),
        )
        statistics = take_statistics(project, within, zone)
        now = datetime.fromisoformat(project.now())
    if as_json:
        name = None if annotator is None else annotator.name
        asked = {"thread": thread_key, "annotator": name, "labels": sorted(within.labels)}
        write_json({"within": asked, "utc_offset": _offset(now, zone), **to_object(statistics)})
        return
    from tui.commands.stats_tables import write_tables  # noqa: PLC0415  # loaded on use

    if not statistics.threads:
        say("The project has no threads yet. Import one: postil import PATH")
    else:
        write_tables(statistics, f"days of {'UTC' if is_utc else f'this computer, now UTC{_offset(now, zone)}'}")


def _offset(now: datetime, zone: tzinfo | None) -> str:
    """Return what a zone is off UTC now: "+02:00"."""
    return now.astimezone(zone).isoformat()[-6:]


def to_object(statistics: Statistics) -> dict[str, object]:
    """Return statistics as one JSON object has them.

    `labels` are those of the codebook in its order, then others that annotations carry; a post counts for a label once,
    whoever put it. `depths` has every depth that has posts, the article's is 0. `together` are pairs that one annotator
    put on one post, `either` is how many posts carry one of the two at least. `days` are those on which something was
    done that still stands. Lengths are in code points, times in seconds.
    """
    return {
        "comments": statistics.comments,
        "labeled": statistics.labeled,
        "reviewed": statistics.reviewed,
        "annotations": statistics.annotations,
        "detached": statistics.detached,
        "labels": [_label_object(each) for each in statistics.labels],
        "depths": [
            {"depth": each.depth, "posts": each.posts, "labeled": each.labeled, "labels": dict(each.by_label)}
            for each in statistics.depths
        ],
        "together": [
            {"labels": [each.first, each.second], "posts": each.posts, "either": each.either}
            for each in statistics.together
        ],
        "days": [
            {"day": each.day, "annotator": each.annotator, "annotations": each.annotations, "reviews": each.reviews}
            for each in statistics.days
        ],
        "annotators": [
            {
                "annotator": each.annotator,
                "kind": each.kind,
                "annotations": each.annotations,
                "labeled": each.labeled,
                "reviews": each.reviews,
                "seconds": round(each.seconds, 1),
                "seconds_per_labeled": None if each.seconds_each is None else round(each.seconds_each, 1),
            }
            for each in statistics.annotators
        ],
        "threads": [
            {
                "thread": each.thread,
                "title": each.title,
                "comments": each.comments,
                "labeled": each.labeled,
                "reviewed": each.reviewed,
            }
            for each in statistics.threads
        ],
    }


def _label_object(count: LabelCount) -> dict[str, object]:
    lengths = count.lengths
    return {
        "label": count.label,
        "name": count.name,
        "scope": count.scope.value,
        "annotations": count.annotations,
        "detached": count.detached,
        "posts": count.posts,
        "annotators": dict(count.by_annotator),
        "characters": None
        if lengths is None
        else {
            "least": lengths.least,
            "median": lengths.median,
            "mean": round(lengths.mean, 1),
            "most": lengths.most,
        },
    }
