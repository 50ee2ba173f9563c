"""What an export's options are asked by: a line each, with what is wrong with it below."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from annotations.errors import PostilError, WrongUsageError
from annotations.exporters.choosing.options import Aggregate, Context, ExportOptions, SplitBy
from tui.text.visible import one_line
from tui.widgets.choice_field import ChoiceField

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

LONGEST_SEED = 18
GOLD = "gold"
_NO_YES = (("", "no"), ("yes", "yes"))
_YES_NO = (("yes", "yes"), ("", "no"))
_AGGREGATES = (
    ("", "each annotator’s own"),
    (Aggregate.MAJORITY, "one set: what most put"),
    (Aggregate.ANY, "one set: what anybody put"),
    (Aggregate.ALL, "one set: what all put"),
    (Aggregate.DAWID_SKENE, "one set: by Dawid and Skene"),
    (GOLD, "the adjudicated ones"),
)
_CONTEXTS = (
    ("", "none"),
    (Context.PARENT, "the parent"),
    (Context.ANCESTORS, "all ancestors"),
    (Context.ARTICLE, "the article"),
)
_SPLITS = ((SplitBy.THREAD, "threads"), (SplitBy.AUTHOR, "threads and authors"), (SplitBy.TIME, "time"))


class Asked(Struct, frozen=True, kw_only=True):
    """What there is to choose from.

    Args:
        thread: The key of the thread that the analyst reads; None for none.
        annotators: The names of the annotators.
        labels: The names of the labels, by id.
    """

    thread: str | None
    annotators: Sequence[str]
    labels: Mapping[str, str]


class ExportForm(VerticalScroll, can_focus=False):
    """The options.

    Args:
        asked: What there is to choose from.
        is_plain: Whether to draw for a screen reader.
    """

    class Changed(Message):
        """Another option was chosen."""

    def __init__(self, asked: Asked, *, is_plain: bool) -> None:
        super().__init__(id="options")
        self._asked = asked
        self._is_plain = is_plain
        self._is_csv = self._is_file = False
        self._readers: dict[str, Callable[[str], object]] = {
            "labels": self._read_labels,
            "split": _read_split,
            "seed": _read_seed,
            "pseudonymize": _read_key,
        }

    def compose(self) -> ComposeResult:
        """Show a line for each option; those that others call for come and go."""
        asked = self._asked
        if asked.thread is not None:
            yield from self._choice("thread", "Threads", (("", "all"), ("yes", "only the one that is open")))
        people = [("", "all"), *((f"={name}", name) for name in asked.annotators)]
        yield from self._choice("annotator", "Annotators", people)
        yield from self._entry("labels", "Labels", "all; or some, as Claim,Term")
        yield from self._choice("aggregate", "Aggregate", _AGGREGATES)
        yield from self._choice("reviewed", "Only reviewed", _NO_YES)
        yield from self._entry("split", "Splits", "none; or train=0.8,test=0.2")
        yield from self._choice("by", "Split by", _SPLITS)
        yield from self._entry("seed", "Seed", "0")
        yield from self._choice("context", "Context", _CONTEXTS)
        yield from self._entry("pseudonymize", "Pseudonyms", "no; or the file for their key")
        yield from self._choice("redact", "Redact", (("", "no"), ("yes", "links, e-mail addresses, phone numbers")))
        yield from self._choice("implied", "Implied labels", _YES_NO)
        yield from self._choice("codebook", "Merged labels", (("put", "as they were put"), ("current", "as today")))
        yield from self._choice("excel", "For Excel", _NO_YES)
        yield from self._entry("licence", "Licence", "none; or such as CC-BY-4.0")
        yield from self._choice("manifest", "Manifest", (("yes", "beside the file, with a report"), ("", "none")))

    def _choice(self, name: str, title: str, choices: Sequence[tuple[str, str]]) -> Iterator[Widget]:
        field = ChoiceField(choices, choices[0][0], id=name, is_plain=self._is_plain)
        yield Horizontal(Static(title, classes="name"), field, classes="option", id=f"row-{name}")

    def _entry(self, name: str, title: str, placeholder: str) -> Iterator[Widget]:
        entry = Input(placeholder=placeholder, id=name, select_on_focus=False)
        problem = Static("", classes="problem -hidden", id=f"problem-{name}")
        entered = Vertical(entry, problem, classes="entered")
        yield Horizontal(Static(title, classes="name"), entered, classes="option", id=f"row-{name}")

    def on_mount(self) -> None:
        """Show what is called for at first."""
        self._show_called_for()

    def suit(self, *, is_csv: bool, is_file: bool) -> None:
        """Show the options that a format has."""
        self._is_csv = is_csv
        self._is_file = is_file
        self._show_called_for()

    def _show_called_for(self) -> None:
        has_splits = bool(self._typed("split"))
        called_for = {
            "by": has_splits,
            "seed": has_splits,
            "excel": self._is_csv,
            "manifest": self._is_file and not has_splits,
        }
        for name, is_called_for in called_for.items():
            self.query_one(f"#row-{name}").display = is_called_for

    def on_choice_field_changed(self, message: ChoiceField.Changed) -> None:
        """Take another choice."""
        message.stop()
        self._take_change()

    def on_input_changed(self, message: Input.Changed) -> None:
        """Take what is typed."""
        message.stop()
        self._take_change()

    def _take_change(self) -> None:
        self._show_called_for()
        self.post_message(self.Changed())

    # --- reading ------------------------------------------------------------------------------------------------

    def _typed(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def _chosen(self, name: str) -> str:
        return self.query_one(f"#{name}", ChoiceField).chosen

    def read(self) -> ExportOptions | None:
        """Return the options; None where something that was typed makes no sense, which is said below it."""
        values: dict[str, object] = {}
        is_right = True
        for name, reader in self._readers.items():
            problem = self.query_one(f"#problem-{name}", Static)
            try:
                values[name] = reader(self._typed(name))
                said = ""
            except PostilError as error:
                said = f"{one_line(error.message)}. {one_line(error.hint)}"
                is_right = False
            problem.update(Content(said))
            problem.set_class(not said, "-hidden")
        return self._options(values) if is_right else None

    def _options(self, values: Mapping[str, object]) -> ExportOptions:
        aggregate = self._chosen("aggregate")
        return ExportOptions(
            thread=self._asked.thread if self._asked.thread is not None and self._chosen("thread") else None,
            annotator=self._chosen("annotator").removeprefix("=") or None,
            labels=values["labels"],  # type: ignore[arg-type]  # what the readers return
            excel=self._is_csv and bool(self._chosen("excel")),
            with_implied=bool(self._chosen("implied")),
            is_current=self._chosen("codebook") == "current",
            split=values["split"],  # type: ignore[arg-type]  # the same
            split_by=SplitBy(self._chosen("by")),
            seed=values["seed"],  # type: ignore[arg-type]  # the same
            aggregate=Aggregate(aggregate) if aggregate not in {"", GOLD} else None,
            is_gold=aggregate == GOLD,
            only_reviewed=bool(self._chosen("reviewed")),
            context=Context(self._chosen("context")) if self._chosen("context") else None,
            pseudonymize=values["pseudonymize"],  # type: ignore[arg-type]  # the same
            redact=bool(self._chosen("redact")),
            licence=self._typed("licence"),
            with_manifest=bool(self._chosen("manifest")),
        )

    def _read_labels(self, typed: str) -> tuple[str, ...]:
        """Return the ids of labels that are named by id or name."""
        by_name = {name.casefold(): label for label, name in self._asked.labels.items()}
        found = []
        for given in filter(None, (each.strip() for each in typed.split(","))):
            label = given if given in self._asked.labels else by_name.get(given.casefold())
            if label is None:
                begun = [name for name in self._asked.labels.values() if name.casefold().startswith(given.casefold())]
                raise WrongUsageError(f"There is no label “{given}”", f"Is it {begun[0]}?" if begun else "")
            found.append(label)
        return tuple(dict.fromkeys(found))


def _read_split(typed: str) -> tuple[tuple[str, float], ...]:
    from annotations.exporters.choosing.shares import parse_shares  # noqa: PLC0415  # loaded on use

    return parse_shares(typed) if typed else ()


def _read_seed(typed: str) -> int:
    if typed and not (typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_SEED):
        raise WrongUsageError(f"“{typed}” is no number from 0 on", "The same seed gives the same splits.")
    return int(typed or 0)


def _read_key(typed: str) -> Path | None:
    return Path(typed).expanduser() if typed else None
