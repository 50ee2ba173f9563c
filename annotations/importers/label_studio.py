"""The importer of Label Studio's exports, JSON and JSON-MIN: texts and dialogues.

Source: labelstud.io/guide/task_format and labelstud.io/tags (Text, Paragraphs, HyperText, Labels, Choices, Rating, TextArea,
Relations). A task is a document; one of Paragraphs is a thread whose comments are the paragraphs. If these say which `post` each
is and its `parent`, as those do that Postil wrote, they are that thread again.

`annotations.importers.labeled.label_studio_results` says what becomes of the results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.importers.labeled.documents import Document, DocumentMaker, DocumentText, as_name
from annotations.importers.labeled.label_studio_dialogue import is_dialogue, read_paragraphs
from annotations.importers.labeled.label_studio_own import OwnTask, own_member
from annotations.importers.labeled.label_studio_results import Results
from annotations.importers.reading.assemble import assemble
from annotations.importers.reading.json_documents import has_lines, read_entries, read_lines
from annotations.importers.reading.json_fields import NO_RECORD, Record, each_record
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import make_meta
from annotations.importers.reading.times import from_any
from annotations.model import ARTICLE_KEY, AnnotatorKind, GivenMark, MarkKind, Post, PostKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from annotations.model import Thread
    from annotations.sources.source import Source

name = "label_studio"
title = "Label Studio: tasks with texts or dialogues, JSON or JSON-MIN"
keeps = "spans, relations, choices, ratings, texts and numbers, annotators, predictions as those of models, all other data as meta"
loses = "results on pictures, sound and video"

_SURE, _LIKELY = 0.97, 0.9
_HEADLINES = ("title", "headline", "subject")
_OF_MINIMAL = frozenset(
    ("id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "predictions", "postil", "meta")
)
_RESULTS = frozenset(("annotations", "predictions", "completions", "data"))

NO_DATA = "has no text among its data"


def sniff(source: Source) -> float:
    """Say how sure it is that the source is Label Studio's: by the fields of its tasks."""
    marks = look(source)
    for at in ("", "*/"):
        for results in ("annotations", "predictions", "completions"):
            if marks.has(f"{at}data", f"{at}{results}/*/result"):
                return _SURE
        if marks.has(f"{at}annotation_id", f"{at}annotator", f"{at}lead_time"):
            return _SURE
        if marks.has(
            f"{at}data/thread/*/header", f"{at}data/thread/*/text"
        ):  # Postil's, of which no result is to be seen yet
            return _LIKELY
        if marks.has(f"{at}data", f"{at}annotations", f"{at}predictions"):
            return _LIKELY
    return 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each task; of a list of tasks one is in memory at a time."""
    maker = DocumentMaker(source, name)
    for number, record in enumerate(_tasks(source), 1):
        key = record.key("id") or f"task-{number}"
        thread = _make(maker, record, key)
        if thread is not None:
            yield thread


def _tasks(source: Source) -> Iterator[Record]:
    if has_lines(source):
        yield from read_lines(source)
        return
    for number, fields in enumerate(each_record(source, read_entries(source), "task"), 1):
        yield Record(source, fields, f"task {as_name(source, fields.get('id')) or number}"[:60])


def _make(maker: DocumentMaker, record: Record, key: str) -> Thread | None:
    source = maker.source
    data = record.peek("data")
    is_minimal = not isinstance(data, dict)
    fields: Mapping[str, object] = (
        {each: value for each, value in record.fields.items() if each not in _OF_MINIMAL}
        if is_minimal
        else record.child("data").fields
    )
    if not is_minimal and (member := own_member(fields)) is not None:
        return _make_own(maker, record, fields, member, key)
    field = _text_field(fields, record)
    if field is None:
        source.problems.add(NO_DATA, record.where, "it was left out")
        return None
    value = fields[field]
    posts: Sequence[Post]
    headline = next((as_name(source, fields[each]) for each in _HEADLINES if each in fields and each != field), "")
    if isinstance(value, list):
        posts, texts = read_paragraphs(source, value, headline)
    else:
        texts = [DocumentText(source, str(value))]
        posts = [Post(key=ARTICLE_KEY, parent=None, kind=PostKind.ARTICLE, text=texts[0].text)]
    keyed = [(post.key, text) for post, text in zip(posts, texts, strict=True)]
    results = Results(source, record.where, keyed, len(posts) - len(value) if isinstance(value, list) else 0)
    marks: list[GivenMark] = []
    if is_minimal:
        annotator = _annotator(source, record.peek("annotator"))
        results.read_minimal({each: found for each, found in fields.items() if each != field}, annotator)
        marks += _marks(posts, annotator, record.moment("created_at"))
    else:
        marks += _read_all(source, record, results, posts)
    rest = {each: found for each, found in record.rest.items() if each not in _RESULTS}
    others = Record(source, {each: found for each, found in fields.items() if each != field}, record.where).rest
    meta = make_meta(rest, data=others or None)
    if len(posts) == 1:
        document = Document(
            text=texts[0],
            key=key,
            title=headline,
            url=_url(source, fields),
            meta=meta,
            annotations=results.annotations,
            marks=marks + results.marks,
            blocks=_blocks(record, fields),
        )
        return maker.make(document)
    return maker.thread(
        assemble(posts[0], posts[1:], source.problems),
        key=key,
        title=headline or next((post.text.split("\n", 1)[0][:100] for post in posts if post.text.strip()), ""),
        url=_url(source, fields),
        annotations=results.annotations,
        marks=marks + results.marks,
        meta=meta,
    )


def _make_own(
    maker: DocumentMaker, record: Record, fields: Mapping[str, object], member: Mapping[str, object], key: str
) -> Thread:
    """Make a thread of a task that Postil made of it."""
    source = maker.source
    task = OwnTask(source, record.where, fields, member)
    marks = _read_all(source, record, task.results, task.posts, task)
    rest = {each: found for each, found in record.rest.items() if each not in _RESULTS}
    return task.thread(maker, marks, key, make_meta(rest))


def _read_all(
    source: Source, record: Record, results: Results, posts: Sequence[Post], own: OwnTask | None = None
) -> list[GivenMark]:
    """Read what persons and models have put on a task; return who has done with it, as far as Postil does not keep that."""
    marks: list[GivenMark] = []
    for field, kind in (
        ("annotations", AnnotatorKind.PERSON),
        ("completions", AnnotatorKind.PERSON),
        ("predictions", AnnotatorKind.MODEL),
    ):
        for place, entry in enumerate(record.list(field), 1):
            if not isinstance(entry, dict):
                source.problems.add(NO_RECORD, f"{record.where}, {field} {place}", "it was left out")
                continue
            is_model = kind is AnnotatorKind.MODEL
            annotator = (
                as_name(source, entry.get("model_version")) or "model"
                if is_model
                else _annotator(source, entry.get("completed_by") or entry.get("created_username"))
            )
            at = from_any(entry.get("created_at"))
            score = entry.get("score") if is_model else None
            results.read(
                entry.get("result"),
                f"{field[0]}{as_name(source, entry.get('id')) or place}",
                annotator,
                AnnotatorKind.GOLD if own is not None and _is_gold(entry) else kind,
                at,
                score,
            )
            is_kept = own is not None and own.is_kept(entry)
            if not is_model and not entry.get("was_cancelled") and not is_kept:
                marks += _marks(posts, annotator, at)
    return marks


def _is_gold(entry: Mapping[str, object]) -> bool:
    """Tell whether Postil wrote that as its gold set, and nobody in Label Studio has had it in hand since."""
    return entry.get("ground_truth") is True and "completed_by" not in entry


def _marks(posts: Sequence[Post], annotator: str | None, at: str | None) -> list[GivenMark]:
    """Return the reviews of a task: who has handed it in has said that all of it is done."""
    return [
        GivenMark(kind=MarkKind.REVIEW, post=post.key, annotator=annotator, created_at=at)
        for post in posts
        if post.kind is PostKind.COMMENT or len(posts) == 1
    ]


def _annotator(source: Source, value: object) -> str | None:
    """Return who has put something: by e-mail address where there is one, else by number."""
    if isinstance(value, dict):
        names = (value.get(each) for each in ("email", "username", "first_name", "id"))
        return next((_annotator(source, each) for each in names if each and not isinstance(each, dict)), None)
    word = as_name(source, value)
    return f"annotator {word}" if word.isdecimal() else word or None


def _text_field(fields: Mapping[str, object], record: Record) -> str | None:
    """Return which of a task's data is its text: the dialogue, what is called so, what results are put on, the longest."""
    texts = {each: value for each, value in fields.items() if isinstance(value, str) or is_dialogue(value)}
    if not texts:
        return None
    named = {each for each in _targets(record) if isinstance(each, str)}

    def rank(item: tuple[str, object]) -> tuple[bool, bool, bool, bool, int]:
        word, value = item
        is_dialogue = isinstance(value, list)
        is_link = isinstance(value, str) and value.startswith(("http://", "https://")) and " " not in value
        return is_dialogue, word == "text", word in named, not is_link, len(value) if isinstance(value, str) else 0

    return max(texts.items(), key=rank)[0]


def _targets(record: Record) -> Iterator[object]:
    for field in ("annotations", "predictions"):
        entries = record.peek(field)
        for entry in entries if isinstance(entries, list) else []:
            result = entry.get("result") if isinstance(entry, dict) else None
            for part in result if isinstance(result, list) else []:
                if isinstance(part, dict) and "to_name" in part:
                    yield part["to_name"]


def _blocks(record: Record, fields: Mapping[str, object]) -> object:
    """Return what Postil says of a document that it made of a thread."""
    meta = record.peek("meta")
    return fields.get("postil") or record.peek("postil") or (meta.get("postil") if isinstance(meta, dict) else None)


def _url(source: Source, fields: Mapping[str, object]) -> str | None:
    return next(
        (as_name(source, fields[each]) or None for each in ("url", "link") if isinstance(fields.get(each), str)), None
    )
