"""`postil annotate`: a label, a relation or a note from a script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import click
from msgspec.structs import replace

from annotations.codebook import AttributeKind
from annotations.errors import SpanError, UnknownNameError, WrongUsageError
from annotations.model import PostKind, Scope, Target
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.codebooks import codebook_in_force
from annotations.store.labels import annotations_at, load_annotation
from annotations.store.notes import notes_on_posts
from annotations.store.rows import find_row_id
from annotations.store.threads import find_post, find_thread
from tui.commands.options import with_surroundings
from tui.commands.output import say, write_json, write_text
from tui.commands.records import annotation_json, note_json, post_key
from tui.commands.surroundings import Surroundings, known_annotator
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.codebook import Label
    from annotations.model import Annotation
    from annotations.store.project import Project

THREAD_ITSELF = "-"
"""What stands for the post where the thread as a whole is meant."""

_SPAN = re.compile(r"([0-9]{1,15}):([0-9]{1,15})")


def _read_span(context: click.Context, option: click.Parameter, value: str | None) -> Span | None:
    """Read a span that is written as `10:25`."""
    if value is None:
        return None
    found = _SPAN.fullmatch(value)
    if found is None:
        raise click.BadParameter(
            f"“{value}” is no span: give two offsets in code points, as in 10:25.", context, option
        )
    try:
        return Span(int(found[1]), int(found[2]))
    except SpanError as error:
        raise click.BadParameter(str(error), context, option) from error


@click.command("annotate")
@click.argument("thread_key", metavar="THREAD")
@click.argument("post_key_given", metavar="POST")
@click.argument("label_id", metavar="[LABEL]", required=False)
@click.option("--span", metavar="S:E", callback=_read_span, help="Code points from S up to, not including, E.")
@click.option("--to", "to_key", metavar="POST", help="The post to which a relation leads; - for the thread.")
@click.option("--to-annotation", metavar="UUID", help="The annotation to which a relation leads.")
@click.option("--from-annotation", metavar="UUID", help="The annotation on or in POST at which a relation starts.")
@click.option("--note", metavar="TEXT", help="A remark; without LABEL one on the post.")
@click.option("--attribute", "attributes", metavar="ID=VALUE", multiple=True, help="A value; may be repeated.")
@click.option("--off", "is_off", is_flag=True, help="Take the label off; without LABEL the note.")
@click.option("--json", "as_json", is_flag=True, help="Print the annotation, or the note, as one object.")
@with_surroundings
@click.pass_obj
def command(  # noqa: PLR0913  # its options
    here: Surroundings,
    *,
    thread_key: str,
    post_key_given: str,
    label_id: str | None,
    span: Span | None,
    to_key: str | None,
    to_annotation: str | None,
    from_annotation: str | None,
    note: str | None,
    attributes: Sequence[str],
    is_off: bool,
    as_json: bool,
) -> None:
    """Put a label on a post, on words in it, or on the thread, or relate two of them; print the annotation's identity.

    THREAD and POST are keys as `postil threads` and `postil show` print them, LABEL an id of `postil codebook show`.
    The thread as a whole takes - for POST. A label that is there already stays. Without LABEL, --note writes a note
    on the post.
    """
    ends = _Ends(to_key, from_annotation, to_annotation)
    if span is not None and any(ends):
        raise WrongUsageError(
            "--span is for words, and --to, --to-annotation and --from-annotation are for relations",
            "Label the words first, and name their annotation as the end.",
        )
    with here.open_project() as project:
        if label_id is None:
            if span is not None or any(ends) or attributes or (note is None and not is_off):
                raise WrongUsageError("What to put is not said", "Name a label, or give --note alone for a note.")
            _write_note(here, project, thread_key, post_key_given, "" if is_off else note or "", as_json=as_json)
            return
        codebook = codebook_in_force(project)
        label = codebook.label(label_id)
        target = _find_target(project, label, thread_key, post_key_given, span=span, ends=ends)
        if is_off:
            annotation = _take_off(here, project, label, target)
        else:
            session = LabelingSession(project, project.annotator(here.annotator_name), codebook)
            values = _read_attributes(label, attributes) if attributes else None
            change = session.apply(label.id, target, note=note or "", attributes=values)
            say(one_line(change.summary))
            annotation = _find_annotation(project, session.annotator.id, label, target)
        if annotation is None:
            return
        if as_json:
            write_json(_record(project, thread_key, annotation))
        else:
            write_text(annotation.uuid)


class _Ends(NamedTuple):
    """What the command line says of a relation's ends."""

    to_key: str | None
    from_annotation: str | None
    to_annotation: str | None


def _write_note(  # noqa: PLR0913  # what a note is, and how it is printed
    here: Surroundings, project: Project, thread_key: str, key: str, note: str, *, as_json: bool
) -> None:
    """Write a note on a post, or take it off where it is empty.

    Raises:
        UnknownNameError: If there is no such thread or post.
    """
    post = find_post(project, find_thread(project, thread_key).id, key)
    session = LabelingSession(project, project.annotator(here.annotator_name), codebook_in_force(project))
    say(one_line(session.note(post.id, note).summary))
    written = notes_on_posts(project, [post.id], session.annotator.id).get(post.id, ())
    if as_json:
        for each in written:
            write_json({"thread": thread_key, "post": post.key, **note_json(each)})


def _find_target(  # noqa: PLR0913  # the parts of a target, and the label that it is for
    project: Project, label: Label, thread_key: str, key: str, *, span: Span | None, ends: _Ends
) -> Target:
    """Return what the command line names.

    Raises:
        UnknownNameError: If there is no such thread, post or annotation.
        WrongUsageError: If the thread itself is named for a label of posts.
    """
    thread = find_thread(project, thread_key)
    if key == THREAD_ITSELF:
        if label.scope not in {Scope.THREAD, Scope.RELATION} or span is not None:
            raise WrongUsageError(
                f"{THREAD_ITSELF} stands for the thread itself, and {label.id} is put on less", "Name the post."
            )
        return _with_ends(project, Target(thread_id=thread.id), ends)
    post = find_post(project, thread.id, key)
    if label.scope is Scope.THREAD and post.kind is PostKind.ARTICLE and span is None and not any(ends):
        return Target(thread_id=thread.id)
    return _with_ends(project, Target(thread_id=thread.id, post_id=post.id, span=span), ends)


def _with_ends(project: Project, target: Target, ends: _Ends) -> Target:
    """Return the target of a relation, given where it starts; without ends the target itself."""
    to_annotation = _find_end(project, ends.to_annotation)
    to_post_id = None if to_annotation is None else to_annotation.target.post_id
    is_to_thread = ends.to_key == THREAD_ITSELF
    if ends.to_key is not None and not is_to_thread:
        to_post_id = find_post(project, target.thread_id, ends.to_key).id
    from_annotation = _find_end(project, ends.from_annotation)
    return replace(
        target,
        from_annotation=None if from_annotation is None else from_annotation.id,
        to_post_id=to_post_id,
        to_annotation=None if to_annotation is None else to_annotation.id,
        to_thread_id=target.thread_id if is_to_thread else None,
    )


def _find_end(project: Project, uuid: str | None) -> Annotation | None:
    if uuid is None:
        return None
    annotation_id = find_row_id(project, uuid)
    if annotation_id is None:
        raise UnknownNameError(f"There is no annotation {uuid}", "postil show THREAD --json names them.")
    return load_annotation(project, annotation_id)


def _take_off(here: Surroundings, project: Project, label: Label, target: Target) -> Annotation | None:
    """Take the annotator's label off the target; return what it was, None where it is not there."""
    try:
        annotator = known_annotator(project, here.annotator_name)
    except UnknownNameError:  # who never put a label has none here
        annotation = None
    else:
        annotation = _find_annotation(project, annotator.id, label, target)
    if annotation is None:
        say(f"{one_line(label.name)} by {one_line(here.annotator_name)} is not there: nothing to take off")
        return None
    session = LabelingSession(project, annotator, codebook_in_force(project))
    say(one_line(session.retract(annotation.id).summary))
    return annotation


def _find_annotation(project: Project, annotator_id: int, label: Label, target: Target) -> Annotation | None:
    there = annotations_at(project, annotator_id, target)
    return next((annotation for annotation in there if annotation.label == label.id), None)


def _read_attributes(label: Label, pairs: Sequence[str]) -> dict[str, str | int | float]:
    """Return the values by attribute id, numbers where the attribute is a scale.

    Raises:
        WrongUsageError: If one of them is not of the form `id=value`.
    """
    scales = {attribute.id for attribute in label.attributes if attribute.kind is AttributeKind.SCALE}
    values: dict[str, str | int | float] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise WrongUsageError(f"“{pair}” is no attribute with its value", "Write it as in --attribute heat=3.")
        values[name] = _read_number(value) if name in scales else value
    return values


def _read_number(value: str) -> str | int | float:
    """Return the number that `value` says, or the text itself, which no scale takes."""
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    return value


def _record(project: Project, thread_key: str, annotation: Annotation) -> dict[str, object]:
    post = post_key(project, annotation.target.post_id)
    return {"thread": thread_key, "post": post, **annotation_json(project, annotation)}
