"""`postil show`: a thread with its labels, for people or for programs."""

from __future__ import annotations

from itertools import islice, takewhile
from typing import TYPE_CHECKING

import click

from annotations.model import PostKind, Scope
from annotations.store.codebooks import label_names
from annotations.store.labels import annotations_of_posts, iter_annotations
from annotations.store.threads import find_thread, iter_posts
from tui.commands.output import write_json_array, write_text
from tui.commands.records import annotation_json, post_json, post_key
from tui.commands.surroundings import Surroundings, with_surroundings
from tui.text.visible import display, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annotations.model import Annotation, StoredPost, StoredThread
    from annotations.store.project import Project

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
        for post, found in self._posts():
            record = post_json(self._project, post, found)
            if post.kind is PostKind.ARTICLE:
                record["thread_labels"] = [annotation_json(self._project, each) for each in self._thread_annotations()]
            yield record

    def lines(self) -> Iterator[str]:
        """Yield lines of text, harmless to a terminal."""
        yield f"{one_line(self._thread.key)}: {one_line(self._thread.title)}{self._brackets(self._thread_annotations())}"
        for post, found in self._posts():
            yield ""
            indent = " " * _STEP * min(post.depth, _DEEPEST_INDENT)
            for line in self._post_lines(post, found):
                yield f"{indent}{line}".rstrip()

    def _post_lines(self, post: StoredPost, annotations: list[Annotation]) -> Iterator[str]:
        """Yield a post's lines without the indent of its depth."""
        words = [post.key, post.author or "", post.created_at or ""]
        on_post = [each for each in annotations if each.scope is Scope.POST]
        yield "  ".join(one_line(word) for word in words if word) + self._brackets(on_post)
        for line in display(post.text).text.split("\n"):
            yield f"  {line}"
        for annotation in annotations:
            if annotation.scope is not Scope.POST:
                yield f"  > {self._place(annotation)}{self._brackets([annotation])}"

    def _place(self, annotation: Annotation) -> str:
        """Say what a span quotes, or where a relation leads."""
        if annotation.quote is None:
            return f"to {one_line(post_key(self._project, annotation.target.to_post_id) or '')}"
        where = "detached" if annotation.detached else str(annotation.target.span)
        return f"{where} “{one_line(annotation.quote.exact)}”"

    def _brackets(self, annotations: Iterable[Annotation]) -> str:
        """Return a text like ` [Agree: anna, bo] [Sarcasm: bo]`."""
        annotators: dict[str, list[str]] = {}
        for annotation in annotations:
            annotators.setdefault(self._names[annotation.label], []).append(annotation.annotator)
        return "".join(f"  [{one_line(label)}: {one_line(', '.join(who))}]" for label, who in annotators.items())

    def _posts(self) -> Iterator[tuple[StoredPost, list[Annotation]]]:
        """Yield each post with what is put on it and in it."""
        posts = iter_posts(self._project, self._thread.id)
        while batch := list(islice(posts, _BATCH)):
            found = annotations_of_posts(self._project, [post.id for post in batch], self._annotator_id)
            for post in batch:
                yield post, found[post.id]

    def _thread_annotations(self) -> Iterator[Annotation]:
        """Yield what is put on the thread itself, which comes first among all that is put in it."""
        everything = iter_annotations(self._project, self._thread.id, self._annotator_id)
        return takewhile(lambda annotation: annotation.scope is Scope.THREAD, everything)
