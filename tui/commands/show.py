"""`postil show`: a thread with its labels, relations and notes, for people or for programs."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import click

from annotations.model import PostKind, Scope
from annotations.store.codebooks import label_names
from annotations.store.flags import flaggers_of_posts
from annotations.store.labels import annotations_of_posts, annotations_of_thread, load_annotation
from annotations.store.notes import notes_on_posts
from annotations.store.threads import find_thread, iter_posts
from annotations.store.times import seconds_of_posts
from tui.commands.options import with_surroundings
from tui.commands.output import write_json_array, write_text
from tui.commands.records import Beside, annotation_json, post_json, post_key
from tui.text.visible import display, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annotations.model import Annotation, StoredPost, StoredThread
    from annotations.store.project import Project
    from tui.commands.surroundings import Surroundings

_BATCH = 500
"""Posts whose annotations are fetched together."""

_STEP = 2
_DEEPEST_INDENT = 20
"""The depth from which on the indent no longer grows, so that a text keeps its place on the line."""


@click.command("show")
@click.argument("thread_key", metavar="THREAD")
@click.option("--json", "as_json", is_flag=True, help="Print one array of the posts.")
@with_surroundings
@click.pass_obj
def command(here: Surroundings, thread_key: str, *, as_json: bool) -> None:
    """Print a thread, its posts in reading order, with the labels of all, or of the annotator named with --annotator.

    THREAD is a key that `postil threads` lists.
    """
    with here.open_project() as project:
        thread = find_thread(project, thread_key)
        annotator = here.chosen_annotator(project)
        shown = _ShownThread(project, thread, None if annotator is None else annotator.id)
        if as_json:
            write_json_array(shown.json())
        else:
            for line in shown.lines():
                write_text(line)


class _ShownThread:
    """A thread as it is printed, read batch by batch: it may be larger than memory.

    Args:
        project: The project.
        thread: The thread.
        annotator_id: Whose labels to show, None for everybody's.
    """

    def __init__(self, project: Project, thread: StoredThread, annotator_id: int | None) -> None:
        self._project = project
        self._thread = thread
        self._annotator_id = annotator_id
        self._names = label_names(project)

    def json(self) -> Iterator[dict[str, object]]:
        """Yield the posts; the article's record holds the labels of the thread, too."""
        for post, found, beside in self._posts():
            record = post_json(self._project, post, found, beside)
            if post.kind is PostKind.ARTICLE:
                for name, scope in (("thread_labels", Scope.THREAD), ("thread_relations", Scope.RELATION)):
                    record[name] = [annotation_json(self._project, each) for each in self._on_thread(scope)]
            yield record

    def lines(self) -> Iterator[str]:
        """Yield lines of text, harmless to a terminal."""
        labels = self._on_thread(Scope.THREAD)
        yield f"{one_line(self._thread.key)}: {one_line(self._thread.title)}{self._brackets(labels)}"
        yield from self._details(labels)
        for relation in self._on_thread(Scope.RELATION):
            yield f"  > {self._place(relation)}{self._brackets([relation])}"
            yield from self._details([relation])
        for post, found, beside in self._posts():
            yield ""
            indent = " " * _STEP * min(post.depth, _DEEPEST_INDENT)
            for line in self._post_lines(post, found, beside):
                yield f"{indent}{line}".rstrip()

    def _post_lines(self, post: StoredPost, annotations: list[Annotation], beside: Beside) -> Iterator[str]:
        """Yield a post's lines without the indent of its depth."""
        words = [post.key, post.author or "", post.created_at or ""]
        on_post = [each for each in annotations if each.scope is Scope.POST]
        yield "  ".join(one_line(word) for word in words if word) + self._brackets(on_post)
        for line in display(post.text).text.split("\n"):
            yield f"  {line}"
        yield from self._details(on_post)
        for annotation in annotations:
            if annotation.scope is not Scope.POST:
                yield f"  > {self._place(annotation)}{self._brackets([annotation])}"
                yield from self._details([annotation])
        if beside.flagged_by:
            yield f"  * flagged by {one_line(', '.join(beside.flagged_by))}"
        for note in beside.notes:
            yield f"  * note by {one_line(note.annotator)}: {one_line(note.note)}"

    def _details(self, annotations: Iterable[Annotation]) -> Iterator[str]:
        """Yield what annotations say beside their labels, a line for each that says more."""
        for annotation in annotations:
            values = ", ".join(f"{name} {value}" for name, value in annotation.attributes.items())
            words = "; ".join(part for part in (values, annotation.note) if part)
            if words:
                yield f"  * {one_line(self._names[annotation.label])} by {one_line(annotation.annotator)}: {one_line(words)}"

    def _place(self, annotation: Annotation) -> str:
        """Say what a span quotes, or from where to where a relation leads."""
        target = annotation.target
        if annotation.scope is Scope.RELATION:
            start = self._quote(target.from_annotation)
            end = self._quote(target.to_annotation)
            key = (
                "the thread"
                if target.to_post_id is None
                else one_line(post_key(self._project, target.to_post_id) or "")
            )
            return f"{f'from {start} ' if start else ''}to {key}{f' {end}' if end else ''}"
        if annotation.quote is None:
            return ""
        where = "detached" if annotation.detached else str(annotation.target.span)
        return f"{where} “{one_line(annotation.quote.exact)}”"

    def _quote(self, annotation_id: int | None) -> str:
        """Return the words of the span at a relation's end, in quotes; for a whole post's label its name."""
        if annotation_id is None:
            return ""
        end = load_annotation(self._project, annotation_id)
        return self._names[end.label] if end.quote is None else f"“{one_line(end.quote.exact)}”"

    def _brackets(self, annotations: Iterable[Annotation]) -> str:
        """Return a text like ` [Agree: anna, bo] [Sarcasm: bo]`."""
        annotators: dict[str, list[str]] = {}
        for annotation in annotations:
            annotators.setdefault(self._names[annotation.label], []).append(annotation.annotator)
        return "".join(f"  [{one_line(label)}: {one_line(', '.join(who))}]" for label, who in annotators.items())

    def _posts(self) -> Iterator[tuple[StoredPost, list[Annotation], Beside]]:
        """Yield each post with what is put on it and in it, and what else there is of it."""
        posts = iter_posts(self._project, self._thread.id)
        while batch := list(islice(posts, _BATCH)):
            ids = [post.id for post in batch]
            found = annotations_of_posts(self._project, ids, self._annotator_id)
            notes = notes_on_posts(self._project, ids, self._annotator_id)
            flaggers = flaggers_of_posts(self._project, ids, self._annotator_id)
            seconds = seconds_of_posts(self._project, ids, self._annotator_id)
            for post in batch:
                beside = Beside(
                    notes=notes.get(post.id, ()),
                    flagged_by=flaggers.get(post.id, ()),
                    seconds=seconds.get(post.id, 0.0),
                )
                yield post, found[post.id], beside

    def _on_thread(self, scope: Scope) -> list[Annotation]:
        """Return the labels of the thread as a whole, or the relations that start at it."""
        everything = annotations_of_thread(self._project, self._thread.id, self._annotator_id)
        return [found for found in everything if found.scope is scope and found.target.post_id is None]
