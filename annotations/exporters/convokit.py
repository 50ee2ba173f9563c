"""ConvoKit: a corpus that `convokit.Corpus(filename=FOLDER)` opens, with a conversation a thread and an utterance a post.

The article is the utterance that answers nothing, and gives its conversation its id. With splits there is a folder with a corpus of
its own for each. What the format has no field for is in the meta, under these names:

- of an utterance: `post` (its key), `kind`, `position`, `depth`, `created_at`; `labels` (the ids of the labels on it as a whole, each
  once) and `annotations` (all that is put on it or in it and the relations that start there, with a `scope` each and the fields of
  JSON Lines: offsets are code points of the text); `notes`, `reviewed_by`, `flagged_by`, `seconds`, `uncertain`, `source_meta`, `context` as in JSON Lines;
- of a conversation: `thread`, `title`, `url`, `labels` and `annotations` of the thread as a whole, `source_meta`;
- of a speaker: `is_unknown`, for the one who stands for all whom the source does not name;
- of the corpus: `name`, `split`, `codebook`, `annotators`, `postil`.

An utterance's id is the key of its thread (in which `%` and `/` are written %25 and %2F), a slash and the key of its post. ConvoKit
sorts by times, and fails at an utterance without one: one whose source gives none has that of the one that stands before it and
answers the same, so that it stays behind that, else that of what it answers, 0 where that has none either; and `created_at` null. Posts that the options leave out are there all the same, for the tree's sake, with nothing on them and
`is_left_out` in their meta; conversations of which all posts are left out are not.

Sources: github.com/CornellNLP/ConvoKit, `convokit/model/corpus_helpers.py` (what is read), `convoKitMeta.py` and
`convoKitIndex.py` (how the index names types), `conversation.py` (`check_integrity`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from annotations.errors import WrongUsageError
from annotations.exporters.choosing.selecting import select
from annotations.exporters.choosing.whole_threads import iter_whole_thread
from annotations.exporters.describing.codebook_record import codebook_record
from annotations.exporters.documents.convokit_utterances import UNKNOWN, Replies, labels_in, plain_record
from annotations.exporters.writing.folder import Field, FieldType, Table
from annotations.exporters.writing.whole_folder import write_folder
from annotations.model import Scope
from annotations.store.name_spool import NameSpool
from annotations.store.snapshot import snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.exporters.writing.folder import Folder
    from annotations.exporters.writing.output import Output
    from annotations.exporters.writing.report import ExportReport
    from annotations.store.project import Project

name = "convokit"
title = "ConvoKit, a folder with a corpus of conversations"
suffix = ""
keeps = "threads, trees, times, speakers, all labels, spans, relations, notes, attributes, reviews and flags (in meta), source meta"
loses = "nothing of the labels; of the codebook its rules, guidelines and examples"

LAYOUT = 1
_PIECES = 100
_JSON = "application/json"
_UTTERANCES = Table(
    name="utterances",
    fields=(
        Field(name="id", type=FieldType.STRING, description="The utterance", is_required=True, is_key=True),
        Field(name="conversation_id", type=FieldType.STRING, description="Its conversation", is_required=True),
        Field(name="text", type=FieldType.STRING, description="What it says", is_required=True),
        Field(name="speaker", type=FieldType.STRING, description="Who says it", is_required=True),
        Field(name="reply-to", type=FieldType.STRING, description="The utterance that it answers"),
        Field(name="timestamp", type=FieldType.INTEGER, description="Seconds since 1970, UTC", is_required=True),
        Field(name="meta", type=FieldType.OBJECT, description="All else, labels among it", is_required=True),
        Field(name="vectors", type=FieldType.LIST, description="Names of vectors; none", is_required=True),
    ),
)

_USE = """\
```python
from convokit import Corpus

corpus = Corpus(filename="{folder}")
for conversation in corpus.iter_conversations():
    assert conversation.check_integrity(verbose=False)
for utterance in corpus.iter_utterances():
    for annotation in utterance.meta["annotations"]:
        if annotation["scope"] == "span" and not annotation["detached"]:
            assert utterance.text[annotation["start_char"] : annotation["end_char"]] == annotation["quote"]
```

`utterance.meta["labels"]` are the ids of the labels on the utterance as a whole, `conversation.meta["labels"]` those of the
whole thread; `corpus.meta["codebook"]` says what they mean. An utterance whose source tells no time has that of the one
before it, or 0; its `meta["created_at"]` is `None`.
"""


def write(project: Project, path: Path | None, options: ExportOptions) -> ExportReport:
    """Write the corpus to the folder `path`.

    Raises:
        ExportError: If the target cannot be written, or a span does not say what was quoted.
        UnknownNameError: If the project has no such thread, annotator or label.
        WrongUsageError: If it is to be for Excel.
    """
    _check_options(options)
    return write_folder(project, path, options, _fill, name=name, version=LAYOUT)


def preview(project: Project, options: ExportOptions, rows: int) -> str:
    """Return the first utterances as text; the errors are those of `write`."""
    _check_options(options)
    with snapshot(project):
        selection = select(project, options)
        found: list[str] = []
        for thread_id in selection.thread_ids:
            replies = Replies()
            for labeled in iter_whole_thread(project, selection, thread_id):
                if len(found) >= rows:
                    return "".join(found)
                record = plain_record(labeled, selection)
                found.append(_line(replies.utterance(labeled, record)).decode())
    return "".join(found[: max(0, rows)])


def _check_options(options: ExportOptions) -> None:
    if options.excel:
        raise WrongUsageError("Excel does not read ConvoKit's corpora", "Export csv for Excel.")


def _fill(folder: Folder) -> None:
    for split, selection in folder.splits():
        _write_corpus(folder, split, selection)
    first = next((split for split, _ in folder.splits()), "")
    folder.card_use = _USE.format(folder=f"{folder.name}/{first}" if first else folder.name)


def _write_corpus(folder: Folder, split: str, selection: Selection) -> None:
    place = f"{split}/" if split else ""
    index = {part: _Types() for part in ("utterances", "speakers", "conversations", "overall")}
    with (
        NameSpool() as speakers,
        folder.open(
            f"{place}utterances.jsonl",
            description="The posts with all that is put on them",
            media_type="application/jsonl",
            table=_UTTERANCES,
            split=split,
        ) as utterances,
        folder.open(
            f"{place}conversations.json", description="The threads", media_type=_JSON, split=split
        ) as conversations,
    ):
        entries = _Entries(conversations)
        for thread_id in selection.thread_ids:
            _write_thread(folder, selection, thread_id, utterances, entries, speakers, index)
        entries.close()
        with folder.open(f"{place}speakers.json", description="Who wrote", media_type=_JSON, split=split) as output:
            entries = _Entries(output)
            for speaker in folder.project.work.heed(speakers, _PIECES):
                meta = {"is_unknown": speaker == UNKNOWN}
                index["speakers"].see(meta)
                entries.write(speaker, meta)
            entries.close()
    facts = _facts(folder, split, selection)
    index["overall"].see(facts)
    with folder.open(
        f"{place}corpus.json", description="The codebook and the annotators", media_type=_JSON, split=split
    ) as output:
        output.write(_line(facts))
    types = {f"{part}-index": seen.found for part, seen in index.items()}
    with folder.open(
        f"{place}index.json", description="The types of what is in meta", media_type=_JSON, split=split
    ) as output:
        output.write(_line({**types, "version": 1, "vectors": []}))


def _write_thread(  # noqa: PLR0913, PLR0917  # all files of a corpus
    folder: Folder,
    selection: Selection,
    thread_id: int,
    utterances: Output,
    conversations: _Entries,
    speakers: NameSpool,
    index: dict[str, _Types],
) -> None:
    tally, project = folder.tally, folder.project
    replies = Replies()
    is_begun = False
    for labeled in project.work.heed(iter_whole_thread(project, selection, thread_id), _PIECES):
        record = plain_record(labeled, selection)
        utterance = replies.utterance(labeled, record)
        utterances.write(_line(utterance))
        utterances.rows += 1
        tally.rows += 1
        speakers.add(utterance["speaker"])
        index["utterances"].see(utterance["meta"])
        tally.posts += not labeled.is_left_out
        tally.annotations += sum(1 for each in (*labeled.annotations, *labeled.thread_annotations) if each.uuid)
        if not is_begun:
            is_begun = True
            tally.threads += 1
            meta = _conversation_meta(labeled, record)
            index["conversations"].see(meta)
            conversations.write(replies.root, meta)


def _conversation_meta(labeled: LabeledPost, record: dict[str, Any]) -> dict[str, Any]:
    thread = labeled.thread
    return {
        "thread": thread.key,
        "title": thread.title,
        "url": thread.url,
        **labels_in(record, {Scope.THREAD: "thread_labels", Scope.RELATION: "thread_relations"}),
        "source_meta": dict(thread.meta),
    }


def _facts(folder: Folder, split: str, selection: Selection) -> dict[str, Any]:
    """Return the meta of the corpus."""
    return {
        "name": f"{folder.name}-{split}" if split else folder.name,
        "split": split or None,
        "codebook": codebook_record(selection),
        "annotators": [
            {"name": each.name, "kind": each.kind.value}
            for each in selection.annotators.values()
            if selection.annotator_id in {None, each.id}
        ],
        "postil": {"format": name, "layout": LAYOUT},
    }


class _Entries:
    """Writes a JSON object entry by entry, each with meta, as ConvoKit's own files of speakers and conversations are."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._before = b"{\n"

    def write(self, key: str, meta: dict[str, Any]) -> None:
        entry = json.dumps({key: {"meta": meta, "vectors": []}}, separators=(",", ":"))
        self._output.write(self._before + entry[1:-1].encode())
        self._before = b",\n"

    def close(self) -> None:
        self._output.write(b"{}\n" if self._before == b"{\n" else b"\n}\n")


class _Types:
    """The types of values by the names of fields, as the index of a corpus names them."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}

    def see(self, meta: dict[str, Any]) -> None:
        for field, value in meta.items():
            types = self.found.setdefault(field, [])
            kind = "list" if isinstance(value, tuple) else type(value).__name__  # as JSON brings it back
            if value is not None and f"<class '{kind}'>" not in types:
                types.append(f"<class '{kind}'>")


def _line(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"
