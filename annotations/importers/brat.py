"""The importer of brat: a text and the annotations beside it, or a folder of them.

Source: brat.nlplab.org/standoff.html: `NAME.txt` is the text in UTF-8, `NAME.ann` what was put on it; the BioNLP shared tasks
have `NAME.a1` and `NAME.a2`. Where subfolders hold the same texts under the same names, each subfolder is an annotator.
`annotations.importers.labeled.brat_lines` says what becomes of the annotations. A text that Postil made of a thread has `NAME.json`
beside it, and is that thread again; `postil.json` in the collection has its labels.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from annotations.errors import SourceError
from annotations.importers.labeled.brat_lines import LINE, BratLines
from annotations.importers.labeled.brat_settings import read_labels, read_settings
from annotations.importers.labeled.documents import Document, DocumentMaker, DocumentText
from annotations.importers.labeled.rendition import settle
from annotations.sources.cleaning import clean
from annotations.sources.decoding import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from annotations.model import GivenLabel, Scope, Thread
    from annotations.sources.source import Source

name = "brat"
title = "brat: a text with its annotations beside it (.txt and .ann), or a folder of them"
keeps = "spans, relations, events as relations, attributes, references, notes, labels and their colours, annotators by subfolder"
loses = "which of a label's events an argument belongs to, but in a note; rules of annotation.conf"

_SURE = 0.95
_SUFFIXES = (".ann", ".a1", ".a2")
_SETTINGS = ("annotation.conf", "visual.conf")
_LABELS = "postil.json"
_KEPT = ".json"
_LOOKED_AT = 4096


def sniff(source: Source) -> float:
    """Say how sure it is that the source is brat's: by its lines, or by what stands beside it or in it."""
    if source.is_folder:
        members = list(source.members())
        if any(PurePath(member.name).name == _LABELS for member in members):
            return _SURE
        suffixes = [_suffix(member) for member in members]
        ours = sum(suffix in {*_SUFFIXES, ".txt", ".conf"} for suffix in suffixes)
        has_annotations = not {*_SUFFIXES}.isdisjoint(suffixes)
        return _SURE if has_annotations and 2 * ours > len(suffixes) else 0.0
    if _suffix(source) in _SUFFIXES:
        lines = [line for line in source.start[:_LOOKED_AT].split("\n") if line.strip()]
        is_brat = bool(lines) and LINE.match(lines[0]) is not None
        return _SURE if is_brat or (not lines and _beside(source, ".txt") is not None) else 0.0
    if _suffix(source) == ".txt":
        path = next((path for suffix in _SUFFIXES if (path := _beside(source, suffix)) is not None), None)
        return _SURE if path is not None and _is_brat(path) else 0.0
    return 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each text."""
    maker = DocumentMaker(source, name)
    members = _members(source)
    if members:
        yield from _read_collection(maker, members)
        return
    text = _text_of(source)
    if text is None:
        raise SourceError(
            f"The text of {source.shown} is not there",
            f"brat keeps it beside the annotations: {PurePath(source.name).stem}.txt.",
        )
    files = [(path.name, path.read_bytes()) for suffix in _SUFFIXES if (path := _beside(source, suffix)) is not None]
    if not files:
        files = [(source.shown, _read(source))]
    labels = read_settings(*(_settings(_beside_named(source, each)) for each in _SETTINGS))
    kept = _beside(source, _KEPT)
    said = b"" if kept is None else kept.read_bytes()
    yield _make(maker, "", text, [_Annotated(None, said, files)], labels)


def _members(source: Source) -> list[Source]:
    """Return the files of a folder or an archive; none of what is one file."""
    return list(source.members()) if source.is_folder else []


def _read_collection(maker: DocumentMaker, members: Sequence[Source]) -> Iterator[Thread]:
    """Yield the documents of a folder, each once, however many have annotated it."""
    by_path = {PurePath(member.relative): member for member in members}
    found = {each: next((path for path in by_path if path.name == each), None) for each in _SETTINGS}
    labels = read_settings(*(_settings(_read(by_path[path]) if path else b"") for path in found.values()))
    described = next((path for path in by_path if path.name == _LABELS), None)
    if described is not None:
        labels = read_labels(maker.source, _json(_read(by_path[described]))) or labels
    texts: dict[tuple[str, bytes], list[PurePath]] = {}  # by hashes: of a large collection the texts fill the memory
    for path, member in maker.source.work.heed(by_path.items()):
        if path.suffix.lower() != ".txt":
            continue
        if any(path.with_suffix(suffix) in by_path for suffix in _SUFFIXES):
            texts.setdefault((path.stem, sha256(_read(member)).digest()), []).append(path)
        else:
            maker.source.problems.add("has no annotations beside it", str(path), "it was left out")
    lone = [path for path in by_path if path.suffix in _SUFFIXES and path.with_suffix(".txt") not in by_path]
    for path in lone:
        maker.source.problems.add("has no text beside it", str(path), "it was left out")
    stems = Counter(stem for stem, _ in texts)
    for number, ((stem, _), paths) in enumerate(texts.items()):
        annotated: list[_Annotated] = []
        for path in paths:
            annotator = maker.source.clean(path.parent.name) if len(paths) > 1 else None
            beside = [path.with_suffix(suffix) for suffix in _SUFFIXES]
            files = [(each.name, _read(by_path[each])) for each in beside if each in by_path]
            kept = by_path.get(path.with_suffix(_KEPT))
            annotated.append(_Annotated(annotator, b"" if kept is None else _read(kept), files))
        key = stem if stems[stem] == 1 else f"{stem}-{paths[0].parent.name or number}"
        yield _make(maker, maker.source.clean(key), _read(by_path[paths[0]]), annotated, labels)


class _Annotated(Struct):
    """What one annotator has put on a text.

    Args:
        annotator: Who it is, None for whoever imports.
        kept: What Postil keeps beside the text, JSON; nothing if it is not its text.
        files: The files of annotations, each with its name.
    """

    annotator: str | None
    kept: bytes
    files: list[tuple[str, bytes]]


def _make(
    maker: DocumentMaker, key: str, raw: bytes, annotated: Sequence[_Annotated], labels: Sequence[GivenLabel]
) -> Thread:
    """Make a thread of a text and what its annotators have put on it."""
    text = DocumentText(maker.source, _decoded(raw))
    documents: list[Document] = []
    for each in annotated:
        # Files of one annotator are one: those of the shared tasks refer to each other.
        lines = [line for _, said in each.files for line in _decoded(said).split("\n")]
        file = each.files[0][0] if each.files else key
        given = BratLines(maker.source, text, each.annotator, file).read(lines)
        kept = _json(each.kept)
        blocks = kept.get("postil") if isinstance(kept, dict) else None
        document = Document(text=text, key=key, annotations=given, labels=labels, blocks=blocks)
        settle(maker.source, document, _keys(each.annotator))
        documents.append(document)
    first = documents[0]
    for other in documents[1:]:
        first.annotations += other.annotations
        first.marks += other.marks
        first.labels = (*first.labels, *other.labels)
    return maker.make(first)


def _keys(annotator: str | None) -> Callable[[str, Scope], str]:
    """Return what gives an annotation its key, by its id in the file of this annotator."""

    def key_of(id_: str, scope: Scope) -> str:  # noqa: ARG001  # brat's ids say what they are
        return f"{annotator}/{id_}" if annotator else id_

    return key_of


def _json(raw: bytes) -> object:
    """Return what a file of Postil's own says, None if it says nothing."""
    try:
        return msgspec.json.decode(raw) if raw else None
    except (ValueError, RecursionError):
        return None


def _settings(raw: bytes) -> str:
    return clean(_decoded(raw))[0]


def _decoded(raw: bytes) -> str:
    decoded = decode(raw) if raw else None
    return "" if decoded is None else decoded.text


def _read(source: Source) -> bytes:
    with source.open() as stream:
        return stream.read()


def _suffix(source: Source) -> str:
    return PurePath(source.name).suffix.lower()


def _beside(source: Source, suffix: str) -> Path | None:
    """Return the file beside a source that has another ending."""
    path = None if source.path is None else source.path.with_suffix(suffix)
    return path if path is not None and path.is_file() else None


def _beside_named(source: Source, file: str) -> bytes:
    path = None if source.path is None else source.path.with_name(file)
    return path.read_bytes() if path is not None and path.is_file() else b""


def _text_of(source: Source) -> bytes | None:
    path = _beside(source, ".txt")
    return None if path is None else path.read_bytes()


def _is_brat(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        start = file.read(_LOOKED_AT).lstrip()
    return not start or LINE.match(start) is not None
