"""Prodigy: a file of JSON Lines for each annotator, with a task for each post that the annotator has seen.

A task has what Prodigy's interfaces for spans and for choices know: `text`, `spans` (code points, without token numbers: Prodigy's
recipes align them with tokens), `options` and `accept` (the labels that there are for posts, and those that were put), `answer`,
`meta` (shown below the text: where the post is from, and its context if that was asked for), `_annotator_id`, `_session_id` and
`_timestamp`. Hashes are Prodigy's own business: `db-in` sets them. Posts that nobody has seen are in `unlabeled.jsonl`, as a source for
recipes.

A task is a post, because people who label with Prodigy see one short text at a time. A relation of Prodigy's ties tokens of one task:
those between posts, and all else that is known, are in the field `postil`, which Prodigy keeps: the line of JSON Lines for the post
(`annotations.exporters.jsonl`) but for its text, with what is the annotator's.

Source: prodi.gy/docs/api-interfaces and /docs/api-database.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import to_builtins

from annotations.exporters.choosing.by_annotator import UNLABELED, annotator_stems, has_said_something, of_annotator
from annotations.exporters.choosing.selecting import select
from annotations.exporters.documents.rendition_files import check_options, safe_name, sound_json
from annotations.exporters.rows.labeled_posts import iter_labeled_posts
from annotations.exporters.rows.records import record_of
from annotations.exporters.writing.folder import Field, FieldType, Table
from annotations.exporters.writing.report import Tally
from annotations.exporters.writing.whole_folder import write_folder
from annotations.model import Scope
from annotations.store.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.exporters.writing.folder import Folder
    from annotations.exporters.writing.output import Output
    from annotations.exporters.writing.report import ExportReport
    from annotations.store.project import Project

name = "prodigy"
title = "Prodigy, a file of tasks for each annotator, a post a task"
suffix = ""
keeps = "spans, labels on posts as choices; in a field of our own: relations, attributes, notes, labels on threads, reviews, flags"
loses = "rules, guidelines and colours of the codebook"

_LAYOUT = 1
_TABLE = Table(
    name="tasks",
    fields=(
        Field(name="text", type=FieldType.STRING, description="The post", is_required=True),
        Field(name="spans", type=FieldType.LIST, description="Labels on words, in code points"),
        Field(name="options", type=FieldType.LIST, description="The labels that there are for posts"),
        Field(name="accept", type=FieldType.LIST, description="The labels on the post"),
        Field(name="answer", type=FieldType.STRING, description="What the annotator has said to the task"),
        Field(name="meta", type=FieldType.OBJECT, description="Where the post is from", is_required=True),
        Field(name="postil", type=FieldType.OBJECT, description="All else that is known", is_required=True),
    ),
)
_USE = """\
```
prodigy db-in DATASET {folder}/NAME.jsonl       # what NAME has labeled; the hashes are set then
prodigy spans.manual NEW blank:en {folder}/unlabeled.jsonl --label claim
```

or without Prodigy:

```python
import json
from pathlib import Path

for file in Path("{folder}").rglob("*.jsonl"):
    for line in file.read_text(encoding="ascii").splitlines():
        task = json.loads(line)
        for span in task.get("spans", []):
            print(span["label"], task["text"][span["start"] : span["end"]])
```

This was checked against the documented form of tasks, not by running Prodigy, which is not free.
"""


def write(project: Project, path: Path | None, options: ExportOptions) -> ExportReport:
    """Write the tasks to the folder `path`.

    Raises:
        ExportError: If the target cannot be written, or a span does not say what was quoted.
        UnknownNameError: If the project has no such thread, annotator or label.
        WrongUsageError: If it is to be for Excel.
    """
    check_options(options, "Prodigy")
    return write_folder(project, path, options, _fill, name=name, version=_LAYOUT)


def preview(project: Project, options: ExportOptions, rows: int) -> str:
    """Return the first tasks as text; the errors are those of `write`."""
    check_options(options, "Prodigy")
    with snapshot(project):
        selection = select(project, options)
        making = _Making(selection)
        tasks = (
            sound_json(task, Tally()).decode() + "\n"
            for thread_id in selection.thread_ids
            for labeled in iter_labeled_posts(project, selection, thread_id)
            for _, task in making.tasks(labeled)
        )
        return "".join(islice(tasks, max(0, rows)))


def _fill(folder: Folder) -> None:
    making = _Making(folder.selection)
    for split, selection in folder.splits():
        with ExitStack() as stack:
            outputs: dict[str, Output] = {}
            for thread_id in selection.thread_ids:
                before = folder.tally.posts
                for labeled in iter_labeled_posts(folder.project, selection, thread_id):
                    folder.tally.threads += folder.tally.posts == before
                    _count(folder.tally, labeled)
                    for stem, task in making.tasks(labeled):
                        if stem not in outputs:
                            outputs[stem] = stack.enter_context(
                                folder.open(
                                    f"{split}/{stem}.jsonl" if split else f"{stem}.jsonl",
                                    description="Posts with what is put on them, as tasks",
                                    media_type="application/jsonl",
                                    table=_TABLE,
                                    split=split,
                                )
                            )
                        outputs[stem].write(sound_json(task, folder.tally) + b"\n")
                        outputs[stem].rows += 1
                        folder.tally.rows += 1
    folder.card_use = _USE.format(folder=folder.name)


def _count(tally: Tally, labeled: LabeledPost) -> None:
    tally.posts += 1
    tally.annotations += sum(1 for each in (*labeled.annotations, *labeled.thread_annotations) if each.uuid)


class _Making:
    """Makes tasks of posts.

    Args:
        selection: What is exported.
    """

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._stems = annotator_stems(selection)
        self._unlabeled = UNLABELED
        while self._unlabeled in {stem.lower() for stem in self._stems.values()}:
            self._unlabeled += "_"
        labels = selection.codebook.of_scope(Scope.POST)
        chosen = [label for label in labels if not selection.labels or label.id in selection.labels]
        self._options = [{"id": label.id, "text": label.name} for label in chosen]

    def tasks(self, labeled: LabeledPost) -> Iterator[tuple[str, dict[str, object]]]:
        """Yield a task for each annotator who has seen the post, with the stem of the file; else one for nobody."""
        if not has_said_something(labeled):
            yield self._unlabeled, self._task(labeled)
        elif None in self._stems:
            yield self._stems[None], self._answered(labeled, self._stems[None])
        else:
            for annotator in _annotators(labeled):
                stem = self._stems.get(annotator) or safe_name(annotator)
                yield stem, self._answered(of_annotator(labeled, annotator), annotator)

    def _answered(self, labeled: LabeledPost, annotator: str) -> dict[str, object]:
        """Return a task that an annotator has answered."""
        annotations = labeled.annotations
        spans = [each for each in annotations if each.target.span is not None and not each.detached]
        moments = [each.updated_at for each in (*annotations, *labeled.thread_annotations)]
        moments += [note.written_at for note in labeled.notes]
        task = self._task(labeled)
        return {
            "text": task.pop("text"),
            "spans": [
                {"start": each.target.span.start, "end": each.target.span.end, "label": each.label}
                for each in spans
                if each.target.span is not None
            ],
            **({"options": task.pop("options")} if "options" in task else {}),
            "accept": list(dict.fromkeys(each.label for each in annotations if each.target.scope is Scope.POST)),
            "answer": "accept",
            "_annotator_id": annotator,
            "_session_id": annotator,
            **({"_timestamp": int(datetime.fromisoformat(max(moments)).timestamp())} if moments else {}),
            **task,
        }

    def _task(self, labeled: LabeledPost) -> dict[str, object]:
        """Return a post as a task that nobody has answered."""
        post, thread = labeled.post, labeled.thread
        record = to_builtins(record_of(labeled, self._selection))
        del record["text"]
        meta: dict[str, object] = {"thread": thread.key, "post": post.key}
        meta |= {"author": post.author} if post.author else {}
        if labeled.context:
            meta["context"] = "\n\n".join(f"{each.author or each.post}: {each.text}" for each in labeled.context)
        return {
            "text": post.text,
            **({"options": self._options} if self._options else {}),
            "meta": meta,
            "postil": record,
        }


def _annotators(labeled: LabeledPost) -> list[str]:
    """Return who has said something of a post, by name, sorted."""
    put = {each.annotator for each in (*labeled.annotations, *labeled.thread_annotations)}
    return sorted(put | {*labeled.reviewers, *labeled.flaggers} | {note.annotator for note in labeled.notes})
