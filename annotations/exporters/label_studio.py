"""Label Studio: `config.xml`, the labeling interface, and `tasks.json`, a task a thread; with splits a folder of tasks for each.

A thread is data of Paragraphs: a paragraph a post, with its `text` as it is, and above it a `header` that says who writes when and
whom they answer. People's labels are `annotations`, one for each of them, models' are `predictions` with the model's name as their
version. Labels are told by their ids, with colours and explanations in the interface. Where a relation starts or ends at a post as a
whole there is a region `Post` on its paragraph.

Label Studio refuses to import annotations of people whom it does not know: they are given to whoever imports, and `created_username`
says whose they are. `data.postil` is kept by Label Studio: with it `annotations.importers.label_studio` makes the thread of it again, with
what Label Studio has no words for: attributes and notes of relations and of labels on the thread, relations from and to the thread
as a whole, detached spans, notes on posts, reviews and flags.

Sources: labelstud.io/guide/task_format; `label_studio/tasks/serializers.py` of github.com/HumanSignal/label-studio (what is
imported).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.exporters.choosing.selecting import select
from annotations.exporters.documents.companion import LAYOUT, MEMBER, Posts, annotator_kinds
from annotations.exporters.documents.deferred import Deferred, JsonList
from annotations.exporters.documents.label_studio_config import OBJECT, Controls
from annotations.exporters.documents.label_studio_results import TaskResults
from annotations.exporters.documents.rendition import first_rendition, iter_renditions
from annotations.exporters.documents.rendition_files import check_options, count, sound_json
from annotations.exporters.writing.whole_folder import write_folder
from annotations.model import AnnotatorKind
from annotations.store.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.documents.label_studio_results import Results
    from annotations.exporters.documents.rendition import Rendition
    from annotations.exporters.documents.rendition_places import Section
    from annotations.exporters.writing.folder import Folder
    from annotations.exporters.writing.report import ExportReport
    from annotations.store.project import Project

name = "label-studio"
title = "Label Studio, a labeling interface and a task of paragraphs for each thread"
suffix = ""
keeps = (
    "threads as dialogues, spans, labels on posts and threads, relations, attributes, notes, models as predictions; in the task's data: "
    "detached spans, relations of the thread, notes on posts, reviews, flags"
)
loses = "relations to posts that are not exported; rules and guidelines of the codebook; seconds; meta of threads"

_CONFIG = "config.xml"
_USE = """\
Make a project in Label Studio with `config.xml` as its labeling interface (Code), then import `tasks.json`. Or check them with its
SDK:

```python
import json
from pathlib import Path

from label_studio_sdk.label_interface import LabelInterface

interface = LabelInterface(Path("{folder}/config.xml").read_text())
for file in Path("{folder}").rglob("tasks.json"):
    for task in json.loads(file.read_text()):
        assert all(interface.validate_annotation(each) for each in task["annotations"])
        assert all(interface.validate_prediction(each) for each in task["predictions"])
```

Offsets in a paragraph are units of UTF-16, `start` and `end` are numbers of paragraphs as strings. `created_username` says whose
an annotation is. `postil import tasks.json` brings the threads and all annotations back, also from what Label Studio exports.
"""


def write(project: Project, path: Path | None, options: ExportOptions) -> ExportReport:
    """Write the interface and the tasks to the folder `path`.

    Raises:
        ExportError: If the target cannot be written, or a span does not say what was quoted.
        UnknownNameError: If the project has no such thread, annotator or label.
        WrongUsageError: If it is to be for Excel.
    """
    check_options(options, "Label Studio")
    return write_folder(project, path, options, _fill, name=name, version=LAYOUT)


def preview(project: Project, options: ExportOptions, rows: int) -> str:
    """Return the labeling interface and the beginning of the first task; the errors are those of `write`."""
    import json  # noqa: PLC0415  # loaded on use

    check_options(options, "Label Studio")
    with snapshot(project), Deferred() as deferred:
        selection = select(project, options)
        rendition = first_rendition(project, selection)
        if rendition is None or rows < 1:
            return ""
        task = json.loads(b"".join(_task(rendition, selection, Controls(selection), deferred)))
        return json.dumps([task], ensure_ascii=False, indent=2) + "\n"


def _fill(folder: Folder) -> None:
    controls = Controls(folder.selection)
    with folder.open(_CONFIG, description="The labeling interface", media_type="application/xml") as output:
        output.write(controls.config().encode())
    with Deferred(folder.path, folder.project.work) as deferred:
        for split, selection in folder.splits():
            place = f"{split}/tasks.json" if split else "tasks.json"
            with folder.open(place, description="Tasks", media_type="application/json", split=split) as output:
                output.write(b"[")
                before = b"\n"
                for rendition in iter_renditions(folder.project, selection):
                    output.write(before)
                    for piece in _task(rendition, selection, controls, deferred):
                        output.write(piece)
                    before = b",\n"
                    folder.tally.rows += 1
                    deferred.forget()
                output.write(b"\n]\n")
    folder.card_use = _USE.format(folder=folder.name)


def _task(rendition: Rendition, selection: Selection, controls: Controls, deferred: Deferred) -> Iterator[bytes]:
    """Yield a thread as a task, and count it."""
    tally, thread = selection.tally, rendition.thread
    results = TaskResults(rendition, selection, controls, deferred)
    paragraphs, posts = JsonList(deferred, tally), Posts(deferred, results.wording, tally)
    tally.threads += 1
    for section in rendition.sections():
        count(tally, thread.key, section)
        posts.add(section)
        if section.block is not None:
            paragraphs.append(_paragraph(section))
        results.add(section)
    results.tie()
    yield b'{"data":' + sound_json({"title": thread.title, "url": thread.url}, tally)[:-1]
    yield f',"{OBJECT}":['.encode()
    yield from paragraphs
    yield f'],"{MEMBER}":'.encode()
    yield from results.kept(posts)
    kinds, options = annotator_kinds(selection), selection.options
    people, models = [], []
    for annotator, found in results.results.items():
        if kinds.get(annotator) is AnnotatorKind.MODEL:
            models += [(_prediction(annotator, found), found)] if found.list else []
        elif found.list or (not options.is_gold and options.aggregate is None):
            people.append((_annotation(annotator, found, is_gold=options.is_gold), found))
    for name, members in (("annotations", people), ("predictions", models)):
        yield f'{"}" if name == "annotations" else "]"},"{name}":['.encode()
        for number, (head, found) in enumerate(members):
            yield (b"," if number else b"") + sound_json(head, tally)[:-1] + b',"result":['
            yield from found.list
            yield b"]}"
    yield b"]}"


def _paragraph(section: Section) -> dict[str, object]:
    assert section.block is not None  # noqa: S101  # the first line is none
    post = section.block.post
    return {
        "header": section.said(*section.head),
        "text": post.text,
        "post": post.key,
        "parent": post.parent,
        "kind": post.kind.value,
        "author": post.author,
        "created_at": post.created_at,
    }


def _annotation(annotator: str, found: Results, *, is_gold: bool) -> dict[str, object]:
    moments = {} if found.first is None else {"created_at": found.first, "updated_at": found.last}
    return {"created_username": annotator, **moments, "ground_truth": is_gold, "was_cancelled": False}


def _prediction(annotator: str, found: Results) -> dict[str, object]:
    total, number = found.scores
    return {"model_version": annotator, **({"score": total / number} if number else {})}
