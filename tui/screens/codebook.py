"""The codebook to change: labels are added, edited, merged, split, retired; what was put keeps its meaning.

Each change is a version of the project's codebook, made of what is in force at that moment: two terminals that change
it at once lose nothing.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from annotations import codebook_editing as editing
from annotations.codebook import LABEL_COLOURS
from annotations.errors import PostilError, RuleError
from annotations.model import Scope
from annotations.store import codebooks
from tui.keymap import show_keys
from tui.screens.asking import Asking
from tui.screens.codebook_table import CodebookTable
from tui.screens.handing_over import hand_over

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotations.codebook import Codebook, Label
    from annotations.codebook_editing import Edit


class CodebookScreen(CodebookTable):
    """The labels of the project's codebook, to be changed."""

    HELP: ClassVar[str] = "Change the codebook. Old annotations keep their label and the version they were made under."
    HINT: ClassVar[str] = (
        "{codebook.edit} edit   {codebook.add} add   {codebook.rename} rename   {codebook.colour} hue   "
        "{codebook.merge} merge   {codebook.split} split   {codebook.retire} retire   {codebook.undo} undo   "
        "{codebook.help} more   {codebook.back} back"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", "Back", id="codebook.back"),
        Binding("j,down", "move(1)", "Next label", id="codebook.next", priority=True),
        Binding("k,up", "move(-1)", "Previous label", id="codebook.previous", priority=True),
        Binding("e", "edit", "Edit the label", id="codebook.edit"),
        Binding("a", "add", "Add a label", id="codebook.add"),
        Binding("r", "rename", "Rename the label", id="codebook.rename"),
        Binding("h", "colour", "Give the label the next colour", id="codebook.colour"),
        Binding("m", "merge", "Merge the label into another", id="codebook.merge"),
        Binding("s", "split", "Split the label", id="codebook.split"),
        Binding("x", "retire", "Retire the label, or use it again", id="codebook.retire"),
        Binding("P", "relabel", "Put the new label where I put the old one", id="codebook.relabel"),
        Binding("o", "toggle_open", "Let labels be added while labeling, or not", id="codebook.open"),
        Binding("u", "version(-1)", "Undo: the version before", id="codebook.undo"),
        Binding("ctrl+r", "version(1)", "Redo: the version after", id="codebook.redo"),
        Binding("d", "diff", "What the last version changed", id="codebook.diff"),
        Binding("?,f1", "help", "All keys", id="codebook.help"),
    ]

    # --- changes ----------------------------------------------------------------------------------------------------

    def _change(self, edit: Edit, said: str, label: str = "") -> None:
        """Change the codebook, and say so.

        Raises:
            PostilError: If the change is refused, or the project cannot be written.
        """
        self.session.codebook = codebooks.change_codebook(self.project, edit)
        self.wanted = label
        self.reload()
        self.say(said)

    def _try(self, edit: Edit, said: str) -> None:
        try:
            self._change(edit, said)
        except PostilError as error:
            self.say(str(error))

    def _ask(
        self, title: str, words: str, take: Callable[[str], None], *, typed: str = "", known: bool = False
    ) -> None:
        label = self.label
        names = [
            each.name
            for each in self.codebook.labels
            if known and label is not None and each.scope is label.scope and each.id != label.id and not each.is_retired
        ]
        self.app.push_screen(Asking(title, words, take, typed=typed, known=names))

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Edit the label that was chosen."""
        event.stop()
        self.action_edit()

    def action_edit(self) -> None:
        """Edit all that the codebook says of the label, field by field."""
        from tui.screens.label_form import LabelForm  # noqa: PLC0415  # a text area takes a while to load

        label = self.label
        if label is None:
            return

        def take(changed: Label) -> None:
            self._change(partial(editing.with_changed_label, label=changed), f"“{changed.name}” is kept", changed.id)

        self.app.push_screen(LabelForm(label, take))

    def action_add(self) -> None:
        """Add a label."""
        scopes = ", ".join(Scope)

        def take(typed: str) -> None:
            scope, _, name = typed.partition(" ")
            if scope not in set(Scope) or not name.strip():
                raise RuleError(
                    "Say what it is put on, then its name", f"It is put on one of {scopes}: span Main claim."
                )
            self._change(lambda codebook: editing.with_new_label(codebook, name, Scope(scope)), f"“{name}” is added")
            self.options.highlighted = len(self.codebook.labels) - 1

        at = self.label
        typed = f"{at.scope if at is not None else Scope.SPAN} "
        self._ask("Add a label", f"What it is put on ({scopes}), then its name", take, typed=typed)

    def action_rename(self) -> None:
        """Give the label another name; its id and its annotations stay."""
        label = self.label
        if label is None:
            return

        def take(name: str) -> None:
            self._change(lambda codebook: editing.renamed(codebook, label.id, name), f"“{label.name}” is “{name}” now")

        self._ask(f"Rename {label.name}", "Annotations stay: they refer to the id.", take, typed=label.name)

    def action_colour(self) -> None:
        """Give the label the next of the colours with a name."""
        label = self.label
        if label is None:
            return
        at = LABEL_COLOURS.index(label.colour) if label.colour in LABEL_COLOURS else -1
        colour = LABEL_COLOURS[(at + 1) % len(LABEL_COLOURS)]

        def edit(codebook: Codebook) -> Codebook:
            return editing.recoloured(codebook, label.id, colour)

        self._try(edit, f"“{label.name}” is {colour}")

    def action_merge(self) -> None:
        """Retire the label; another is put in its stead."""
        label = self.label
        if label is None:
            return

        def take(name: str) -> None:
            def edit(codebook: Codebook) -> Codebook:
                return editing.merged(codebook, label.id, editing.named_label(codebook, name).id)

            self._change(edit, f"“{label.name}” is merged into “{name}”. {self._kept(label)}")

        words = "Into which label? What carries it keeps it; it is offered no more."
        self._ask(f"Merge {label.name}", words, take, known=True)

    def action_split(self) -> None:
        """Retire the label; its annotations are to be decided again among others."""
        label = self.label
        if label is None:
            return

        def take(names: str) -> None:
            self._change(
                lambda codebook: editing.split(codebook, label.id, names.split(",")),
                f"“{label.name}” is split. {self._kept(label)}",
            )

        words = "Into which labels? Two names or more with commas between; new ones are added."
        self._ask(f"Split {label.name}", words, take)

    def _kept(self, label: Label) -> str:
        count = self.uses.get(label.id, 0)
        return (
            f"{count:,} {'annotation keeps' if count == 1 else 'annotations keep'} it"
            if count
            else "Nothing carries it"
        )

    def action_retire(self) -> None:
        """Offer the label no longer, or again."""
        label = self.label
        if label is not None:
            said = f"“{label.name}” is in use again" if label.is_retired else f"“{label.name}” is retired"
            is_retired = not label.is_retired
            self._try(lambda codebook: editing.retired(codebook, label.id, is_retired=is_retired), said)

    def action_toggle_open(self) -> None:
        """Let labels be added while labeling, or no longer."""
        is_open = not self.codebook.is_open
        words = "may be added while labeling" if is_open else "are added here only"
        self._try(lambda codebook: editing.opened(codebook, is_open=is_open), f"Labels {words}")

    def action_version(self, step: int) -> None:
        """Put the version before, or after, in force."""
        versions = [version.id for version in codebooks.codebook_versions(self.project)]
        at = versions.index(self.version) + step if self.version in versions else -1
        if not 0 <= at < len(versions):
            self.say("There is no earlier version" if step < 0 else "There is no later version")
            return
        number = versions[at]
        self._try(lambda _: codebooks.codebook_of_version(self.project, number), f"Version {number} is in force again")

    def action_diff(self) -> None:
        """Show what differs from the version before."""
        from textual.content import Content  # noqa: PLC0415  # as the next ones

        from annotations.codebook_diff import describe, diff_codebooks  # noqa: PLC0415  # loaded on use
        from tui.screens.paper import Paper  # noqa: PLC0415  # loaded on use
        from tui.text.visible import display  # noqa: PLC0415  # loaded on use

        earlier = [each.id for each in codebooks.codebook_versions(self.project) if each.id < (self.version or 0)]
        if not earlier:
            self.say("There is no earlier version")
            return
        before = codebooks.codebook_of_version(self.project, earlier[-1])
        lines = [line for difference in diff_codebooks(before, self.codebook) for line in describe(difference)]
        text = display("\n".join(lines) or "No difference").text
        self.app.push_screen(Paper(f"From version {earlier[-1]} to version {self.version}", Content(text)))

    def action_help(self) -> None:
        """Show every key."""
        from textual.content import Content  # noqa: PLC0415  # as the next one

        from tui.screens.paper import Paper  # noqa: PLC0415  # loaded on use

        described = {binding.id: binding.description for binding in self.BINDINGS if isinstance(binding, Binding)}
        lines = [
            Content.styled(f"  {'  '.join(map(show_keys, keys)):<12}", "bold") + Content(described[binding_id])
            for binding_id, keys in self._keys().items()
        ]
        words = (
            "",
            "Each change is a version. Annotations keep the version under which they were made, and their label.",
            "What was merged, split or retired stays where it was put; what was split is to be decided again.",
            "",
            "Groups, attributes and more are changed in the TOML: postil codebook show --toml, postil codebook apply.",
        )
        self.app.push_screen(Paper("The codebook", Content("\n").join([*lines, *map(Content, words)])))

    # --- what was put -----------------------------------------------------------------------------------------------

    def action_relabel(self) -> None:
        """Put the label into which this one was merged wherever the annotator has put this one."""
        label = self.label
        if label is None:
            return
        successor = self.codebook.current(label.id)
        if successor == label.id:
            self.say(f"“{label.name}” was not merged into another label")
            return
        self.say("Putting the new label in its place …")
        self._relabel(label.id, successor)

    @work(thread=True, exclusive=True, group="relabeling")
    def _relabel(self, old: str, new: str) -> None:
        """Do it beside the app, on a connection of this thread's own."""
        from annotations.session import LabelingSession  # noqa: PLC0415  # loaded already
        from annotations.store.project import Project  # noqa: PLC0415  # loaded already

        try:
            with Project.open(self.project.path) as project:
                said = LabelingSession(project, self.session.annotator, self.codebook).relabel(old, new).summary
        except PostilError as error:
            said = str(error)
        hand_over(self, self._take_relabeled, said)

    def _take_relabeled(self, said: str) -> None:
        if self.is_mounted:
            self.reload()
            self.say(said)
