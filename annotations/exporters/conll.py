"""CoNLL: a token a line with its tag in IOB2, a pair of files for each annotator.

`NAME.conll` has the columns token and tag with a TAB between them, a line `-DOCSTART-` with the tag `O` before each post, and an empty
line behind it and behind each of its paragraphs, where no span goes on into the next one. `NAME.jsonl` has the same tokens and
tags, a post a line, with their offsets in the text (`text[start:end] == token`, code points) and all that the tags cannot tell: `postil`
is the post as the format jsonl has it, as text in JSON. How spans become tags is said in `annotations.exporters.language.iob`, what a token is in
`annotations.exporters.language.tokens`. With splits the files are `NAME/SPLIT.conll` and `NAME/SPLIT.jsonl`. `tags.txt` has all tags.

Source: Tjong Kim Sang and De Meulder, "Introduction to the CoNLL-2003 Shared Task", 2003 (columns, `-DOCSTART-`).
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from itertools import islice
from typing import TYPE_CHECKING

from annotations.exporters.choosing.by_annotator import UNLABELED, annotator_stems, has_said_something, of_annotator
from annotations.exporters.choosing.selecting import select
from annotations.exporters.documents.rendition_files import check_options
from annotations.exporters.language.conll_files import FilePair, tag_names
from annotations.exporters.language.iob import tag_text
from annotations.exporters.language.tokens import tokens
from annotations.exporters.rows.labeled_posts import iter_labeled_posts
from annotations.exporters.writing.report import Loss
from annotations.exporters.writing.whole_folder import write_folder
from annotations.model import Scope
from annotations.store.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.language.iob import TaggedText
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.exporters.writing.folder import Folder
    from annotations.exporters.writing.report import ExportReport, Tally
    from annotations.model import Annotation
    from annotations.store.project import Project

name = "conll"
title = "CoNLL, a token a line with its tag in IOB2"
suffix = ""
keeps = (
    "spans as tags, a file for each annotator; in the JSON Lines beside it all that the format jsonl has, with offsets"
)
loses = "in the tags: spans inside or across another span, detached spans; seconds"

OVERLAPPING = "spans inside or across another span"
WORDLESS = "spans of white space alone"
NARROWED = "spans without the white space at their edges"
DETACHED = "detached spans"
IMPLIED = "implied labels on the words of another span"


def write(project: Project, path: Path | None, options: ExportOptions) -> ExportReport:
    """Write the data set as a folder.

    Raises:
        ExportError: If the target cannot be written, or a span does not say what was quoted.
        UnknownNameError: If the project has no such thread, annotator or label.
        WrongUsageError: If it is to be for Excel.
    """
    check_options(options, "taggers")
    return write_folder(project, path, options, _fill, name=name)


def preview(project: Project, options: ExportOptions, rows: int) -> str:
    """Return the first posts of the first annotator that has said something of them; the errors are those of `write`."""
    check_options(options, "taggers")
    with snapshot(project):
        selection = select(project, options)
        posts = list(islice(_posts(project, selection), max(0, rows)))
        stems = annotator_stems(selection)
        chosen = next(
            (each for each in stems if any(has_said_something(of_annotator(post, each)) for post in posts)), None
        )
        parts = [of_annotator(post, chosen) for post in posts]
        return "".join(_lines(part.post.text, part.annotations) for part in parts)


def _lines(text: str, annotations: Sequence[Annotation]) -> str:
    """Return a post as lines of tokens with tags."""
    tagged = tag_text(text, annotations)
    return FilePair.lines([text[start:end] for start, end in tagged.offsets], tagged)


def _posts(project: Project, selection: Selection) -> Iterator[LabeledPost]:
    for thread_id in selection.thread_ids:
        yield from iter_labeled_posts(project, selection, thread_id)


def _fill(folder: Folder) -> None:
    stems = annotator_stems(folder.selection)
    pairs: list[FilePair] = []
    for split, selection in folder.splits():
        found = _fill_split(folder, selection, split, stems)
        pairs += found or _fill_split(folder, selection, split, {None: UNLABELED}, is_all=True)
    seen = {tag for pair in pairs for tag in pair.tags}
    tags = tag_names(folder.selection, seen)
    with folder.open("tags.txt", description="All tags, a line each", media_type="text/plain") as output:
        output.write("".join(f"{tag}\n" for tag in tags).encode())
    folder.card_head = _head(pairs)
    folder.card_use = _use(folder.name, sorted(pair.place for pair in pairs), folder.selection.splits)


def _fill_split(
    folder: Folder, selection: Selection, split: str, stems: Mapping[str | None, str], *, is_all: bool = False
) -> list[FilePair]:
    """Write the files of a split; return those in which anybody says anything."""
    tally = folder.tally
    pairs: dict[str | None, FilePair] = {}
    tally.threads += 0 if is_all else len(selection.thread_ids)
    with ExitStack() as stack:
        for annotator, stem in stems.items():
            place = f"{stem}/{split}" if split else stem
            pair = pairs[annotator] = stack.enter_context(FilePair.opened(folder, selection, place, split))
            pair.is_said = is_all
        for labeled in _posts(folder.project, selection):
            tally.posts += not is_all
            whole = tokens(labeled.post.text)
            for annotator, pair in pairs.items():
                part = of_annotator(labeled, annotator)
                if _is_left_out(part, annotator, selection):
                    continue
                tagged = tag_text(part.post.text, part.annotations, whole)
                pair.write(part, tagged, annotator or ("" if is_all else stems[None]))
                pair.is_said |= has_said_something(part)
                tally.annotations += sum(1 for each in (*part.annotations, *part.thread_annotations) if each.uuid)
                _count_losses(part, tagged, tally)
    for pair in pairs.values():
        tally.rows += pair.settle(folder)
    return [pair for pair in pairs.values() if pair.is_said]


def _is_left_out(part: LabeledPost, annotator: str | None, selection: Selection) -> bool:
    """Tell whether a post was reviewed by others alone, where only reviewed ones are wanted."""
    return selection.options.only_reviewed and annotator is not None and not has_said_something(part)


def _count_losses(part: LabeledPost, tagged: TaggedText, tally: Tally) -> None:
    thread, post = part.thread.key, part.post.key
    detached = [each for each in part.annotations if each.detached and each.target.scope is Scope.SPAN]
    narrowed = [each for each in tagged.told if each.quote is not None and each.quote.exact != each.quote.exact.strip()]
    for reason, lost in (
        (OVERLAPPING, tagged.overlapping),
        (WORDLESS, tagged.wordless),
        (NARROWED, narrowed),
        (DETACHED, detached),
    ):
        for each in lost:
            if each.uuid or reason == OVERLAPPING:
                quote = "" if each.quote is None else each.quote.exact
                told = Loss(thread=thread, post=post, annotation=each.uuid or None, detail=f"{each.label}: {quote}")
                tally.lose(reason if each.uuid else IMPLIED, told)


def _head(pairs: list[FilePair]) -> str:
    """Return what tells Hugging Face datasets which files are whose: a configuration for each annotator."""
    configs: dict[str, list[FilePair]] = {}
    for pair in pairs:
        configs.setdefault(pair.place.split("/")[0], []).append(pair)
    lines = ["configs:"]
    for stem in sorted(configs):
        lines += [f'- config_name: "{stem}"', "  data_files:"]
        for pair in configs[stem]:
            lines += [f'  - split: "{pair.split or "train"}"', f'    path: "{pair.place}.jsonl"']
    return "\n".join(lines)


def _use(name: str, places: list[str], splits: tuple[str, ...]) -> str:
    """Return how to load the files, as Markdown; the code is for the folder in which this one, called `name`, lies."""
    stem = places[0].split("/")[0]
    files = {split: f"{stem}/{split}" for split in splits if f"{stem}/{split}" in places} or {"train": stem}
    data_files = ", ".join(f'"{split}": f"{{folder}}/{place}.conll"' for split, place in files.items())
    first = next(iter(files.values()))
    return f"""\
A post is a document: in the `.conll` files a line `-DOCSTART-` stands before it, an empty line ends each sequence (a paragraph, or as many
as a span goes over). The `.jsonl` files have the same tokens and tags, a post a line, with the offsets of the tokens in its
text in code points; `postil` is JSON text with everything that is known of the post, its labels and its spans. A span that shares words
with a longer one is not in the tags; it is in `postil`, and listed in `report.json`. Posts that the annotator has not reviewed are there too,
unless `--only-reviewed` was asked for: `reviewed` tells them apart, and no label on them means nothing.

With Hugging Face datasets; the second argument is the annotator:

```python
from datasets import ClassLabel, Sequence, load_dataset

folder = {json.dumps(name)}
tags = open(f"{{folder}}/tags.txt", encoding="utf-8").read().split()
data = load_dataset(folder, "{stem}")
data = data.cast_column("ner_tags", Sequence(ClassLabel(names=tags)))
```

From its version 5 on, the columns, a sequence a row:

```python
data = load_dataset("conll", data_files={{{data_files}}}, column_names=["tokens", "ner_tags"], delimiter="\\t")
```

The columns with nothing but Python; the sequences are such as seqeval's strict mode and IOB2 scheme want:

```python
folder = {json.dumps(name)}
sequences = [
    [line.split("\\t") for line in block.split("\\n")]
    for block in open(f"{{folder}}/{first}.conll", encoding="utf-8").read().strip("\\n").split("\\n\\n")
]
sequences = [each for each in sequences if each[0][0] != "-DOCSTART-"]
```

With NLTK:

```python
import nltk
from nltk.corpus.reader import ConllCorpusReader

folder = {json.dumps(name)}
nltk.data.path.append(folder)  # it reads nothing from elsewhere
reader = ConllCorpusReader(folder, ["{first}.conll"], ("words", "pos"), separator="\\t")
sentences = [each for each in reader.tagged_sents() if each]
```
"""
