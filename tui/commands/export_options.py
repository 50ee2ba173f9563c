"""The options of `postil export`, in groups."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from annotations.exporters.choosing.options import Aggregate, Context, SplitBy

if TYPE_CHECKING:
    from collections.abc import Callable

_Decorated = TypeVar("_Decorated", bound="Callable[..., Any]")

_GROUPS = {
    "What is exported": (
        "thread_key",
        "labels",
        "listed_labels",
        "annotator",
        "only_reviewed",
        "with_implied",
        "which_codebook",
        "context",
    ),
    "Several annotators": ("aggregate", "is_gold"),
    "Splits": ("split", "split_by", "seed"),
    "People": ("is_pseudonymized", "key_file", "is_redacted"),
    "How it is written": ("path", "is_for_excel", "format_version", "licence", "with_manifest"),
}
"""The headings of the help, and the options below them by the names of their values; the others follow."""

_OUTPUT = click.option(
    "-o",
    "--output",
    "path",
    metavar="PATH",
    required=True,
    type=click.Path(path_type=Path, allow_dash=True),
    help="The file or folder to write, as the format is one or the other; - is standard output. With --split always a folder.",
)
_THREAD = click.option("--thread", "thread_key", metavar="KEY", help="Only this thread.")
_LABEL = click.option("--label", "labels", metavar="LABEL", multiple=True, help="Only this label; may be repeated.")
_LABELS = click.option("--labels", "listed_labels", metavar="A,B,…", help="Only these labels.")
_REVIEWED = click.option(
    "--only-reviewed",
    is_flag=True,
    help="Only posts that somebody has reviewed, or the annotator named with --annotator.",
)
_IMPLIED = click.option(
    "--implied/--no-implied",
    "with_implied",
    default=True,
    help="Whether to write the wider labels that a label implies too, marked by implied_by. [yes]",
)
_CODEBOOK = click.option(
    "--codebook",
    "which_codebook",
    type=click.Choice(["put", "current"]),
    default="put",
    help="Labels as they were put, or those that were merged as they are put today. [put]",
)
_CONTEXT = click.option(
    "--context",
    type=click.Choice([each.value for each in Context]),
    help="Put beside each post what its annotators saw: all posts above it, the one that it answers, or the article.",
)
_AGGREGATE = click.option(
    "--aggregate",
    type=click.Choice([each.value for each in Aggregate]),
    help=(
        "One set of labels of all annotators: those that more than half of who saw the place have put, any, all; or those that "
        "are likelier than not by how reliable each annotator is (needs postil[stats])."
    ),
)
_GOLD = click.option("--gold", "is_gold", is_flag=True, help="Only the adjudicated labels.")
_SPLIT = click.option(
    "--split",
    metavar="NAME=SHARE,…",
    help="Divide the threads, none of which is parted: train=0.8,dev=0.1,test=0.1 or train=80%,…; a folder is written.",
)
_BY = click.option(
    "--by",
    "split_by",
    type=click.Choice([each.value for each in SplitBy]),
    help="Deal threads out so that each split has its share of each label; keep each author in one split; or older ones first. "
    "[thread]",
)
_SEED = click.option(
    "--seed", type=int, metavar="N", help="Which of the possible splits; the same one gives the same. [0]"
)
_PSEUDONYMIZE = click.option(
    "--pseudonymize",
    "is_pseudonymized",
    is_flag=True,
    help="Replace authors and mentions of people by keyed hashes, and leave out the source's metadata.",
)
_KEY_FILE = click.option(
    "--pseudonym-key",
    "key_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The secret key for --pseudonymize, made if it is not there; keep it, and keep it apart from the data set. "
    "[PROJECT.pseudonyms.key beside the project]",
)
_REDACT = click.option(
    "--redact", "is_redacted", is_flag=True, help="Replace links, e-mail addresses and telephone numbers in texts."
)
_EXCEL = click.option(
    "--excel", "is_for_excel", is_flag=True, help="CSV that Excel opens as text: formulas are defused."
)
_VERSION = click.option(
    "--format-version", type=int, metavar="N", help="The version of the format's layout. [the newest]"
)
_LICENCE = click.option(
    "--licence",
    "--license",
    "licence",
    metavar="NAME",
    default="",
    help="Under what terms the data set may be used, an SPDX identifier for instance; told in what describes it.",
)
_MANIFEST = click.option(
    "--no-manifest",
    "with_manifest",
    flag_value=False,
    default=True,
    help="Write no report and no manifest beside a file: no PATH.report.json, no PATH.manifest.json.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the report as one object.")


def with_choices(command: _Decorated) -> _Decorated:
    """Add the options."""
    for option in (
        *(_JSON, _MANIFEST, _LICENCE, _VERSION, _EXCEL, _OUTPUT),
        *(_REDACT, _KEY_FILE, _PSEUDONYMIZE),
        *(_SEED, _BY, _SPLIT),
        *(_GOLD, _AGGREGATE),
        *(_CONTEXT, _CODEBOOK, _IMPLIED, _REVIEWED, _LABELS, _LABEL, _THREAD),
    ):
        command = option(command)
    return command


class GroupedCommand(click.Command):
    """A command whose help lists the options under headings."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        records = {
            each.name: each.get_help_record(ctx) for each in self.get_params(ctx) if isinstance(each, click.Option)
        }
        records["annotator"] = ("--annotator NAME", "Only what this annotator has put and reviewed.")
        for heading, names in _GROUPS.items():
            _write(formatter, heading, [records.pop(name, None) for name in names])
        _write(formatter, "Other options", list(records.values()))


def _write(formatter: click.HelpFormatter, heading: str, records: list[tuple[str, str] | None]) -> None:
    told = [record for record in records if record is not None]
    if told:
        with formatter.section(heading):
            formatter.write_dl(told)
