"""`postil codebook add`, `rename`, `merge`, `split`, `retire`, `restore`, `relabel`: what is put keeps its meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from annotations import codebook_editing as editing
from annotations.codebook_diff import describe, diff_codebooks
from annotations.errors import RuleError
from annotations.model import Scope
from annotations.session import LabelingSession
from annotations.store.codebooks import change_codebook, codebook_in_force, label_uses
from tui.commands.options import with_surroundings
from tui.commands.output import count, say, write_text
from tui.text.visible import one_line

if TYPE_CHECKING:
    from annotations.codebook import Codebook
    from annotations.codebook_editing import Edit
    from tui.commands.surroundings import Surroundings


@click.command("add")
@click.argument("name")
@click.option(
    "--scope", required=True, type=click.Choice([scope.value for scope in Scope]), help="What the label is put on."
)
@with_surroundings
@click.pass_obj
def add(here: Surroundings, name: str, scope: str) -> None:
    """Add a label called NAME to the project's codebook; it gets an id, the next free key and a colour."""
    _change(here, lambda codebook: editing.with_new_label(codebook, name, Scope(scope)))


@click.command("rename")
@click.argument("old")
@click.argument("new")
@with_surroundings
@click.pass_obj
def rename(here: Surroundings, old: str, new: str) -> None:
    """Call the label OLD, an id or a name, NEW from now on.

    Its id stays, and so do its annotations.
    """
    _change(here, lambda codebook: editing.renamed(codebook, editing.named_label(codebook, old).id, new))


@click.command("merge")
@click.argument("old")
@click.argument("into")
@with_surroundings
@click.pass_obj
def merge(here: Surroundings, old: str, into: str) -> None:
    """Retire the label OLD; from now on INTO is put in its stead.

    What carries OLD keeps it. `postil export … --codebook current` tells it as INTO; `postil codebook relabel OLD`
    puts INTO in its place, for one annotator, in one step that can be undone.
    """

    def edit(codebook: Codebook) -> Codebook:
        label, other = editing.named_label(codebook, old), editing.named_label(codebook, into)
        return editing.merged(codebook, label.id, other.id)

    _change(here, edit, old)


@click.command("split")
@click.argument("old")
@click.argument("names", nargs=-1, required=True, metavar="NEW NEW...")
@with_surroundings
@click.pass_obj
def split(here: Surroundings, old: str, names: tuple[str, ...]) -> None:
    """Retire the label OLD, and decide among the labels called NEW in its stead; those that are not there are added.

    What carries OLD keeps it until it is decided again: `postil check` lists it, and in the reader ]! leads from one to
    the next.
    """
    _change(here, lambda codebook: editing.split(codebook, editing.named_label(codebook, old).id, names), old)


@click.command("retire")
@click.argument("label")
@with_surroundings
@click.pass_obj
def retire(here: Surroundings, label: str) -> None:
    """Offer LABEL no longer; what carries it stays."""
    _change(here, lambda codebook: editing.retired(codebook, editing.named_label(codebook, label).id), label)


@click.command("restore")
@click.argument("label")
@with_surroundings
@click.pass_obj
def restore(here: Surroundings, label: str) -> None:
    """Offer LABEL, which was retired, merged or split, again."""
    _change(here, lambda codebook: editing.retired(codebook, editing.named_label(codebook, label).id, is_retired=False))


@click.command("relabel")
@click.argument("old")
@click.argument("new", required=False)
@with_surroundings
@click.pass_obj
def relabel(here: Surroundings, old: str, new: str | None) -> None:
    """Put NEW in the place of OLD in all that the annotator has put, in one step that undo takes back.

    Without NEW it is the label into which OLD was merged.
    """
    with here.open_project() as project:
        codebook = codebook_in_force(project)
        label = editing.named_label(codebook, old)
        successor = codebook.current(label.id) if new is None else editing.named_label(codebook, new).id
        if successor == label.id:
            raise RuleError(f"“{label.name}” was not merged into another label", "Name the label to put in its place.")
        session = LabelingSession(project, project.annotator(here.annotator_name), codebook)
        change = session.relabel(label.id, successor)
    write_text(one_line(change.summary))


def _change(here: Surroundings, edit: Edit, old: str | None = None) -> None:
    """Change the codebook, and say what that did."""
    with here.open_project() as project:
        before = codebook_in_force(project)
        after = change_codebook(project, edit)
        uses = label_uses(project).get(editing.named_label(before, old).id, 0) if old is not None else 0
    lines = [line for difference in diff_codebooks(before, after) for line in describe(difference)]
    for line in lines:
        write_text("  " * line.startswith(" ") + one_line(line.strip()))
    if not lines:
        say("Nothing to change")
    elif uses:
        say(f"{count(uses, 'annotation')} with the old label: kept as put")


COMMANDS = (add, rename, merge, split, retire, restore, relabel)
"""In the order in which they are listed."""
