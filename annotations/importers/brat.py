"""The importer of brat: a text and the annotations beside it, or a folder of them.

Source: brat.nlplab.org/standoff.html: `NAME.txt` is the text in UTF-8, `NAME.ann` what was put on it; the BioNLP shared tasks
have `NAME.a1` and `NAME.a2`. Where subfolders hold the same texts under the same names, each subfolder is an annotator.
`annotations.importers.brat_lines` says what becomes of the annotations.
"""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from annotations.errors import SourceError
from annotations.importers.brat_lines import LINE, BratLines
from annotations.importers.brat_settings import read_settings
from annotations.importers.labeled import Document, DocumentMaker, DocumentText
from annotations.sources.cleaning import clean
from annotations.sources.decoding import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.model import GivenLabel, Thread
    from annotations.sources.source import Source

name = "brat"
title = "brat: a text with its annotations beside it (.txt and .ann), or a folder of them"
keeps = "spans, relations, events as relations, attributes, references, notes, labels and their colours, annotators by subfolder"
loses = "which of a label's events an argument belongs to, but in a note; rules of annotation.conf"

_SURE = 0.95
_SUFFIXES = (".ann", ".a1", ".a2")
_SETTINGS = ("annotation.conf", "visual.conf")
_LOOKED_AT = 4096


def sniff(source: Source) -> float:
    """Say how sure it is that the source is brat's: by its lines, or by what stands beside it or in it."""
    if source.is_folder:
        suffixes = [_suffix(member) for member in source.members()]
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
    yield _make(maker, "", text, [(None, each, raw) for each, raw in files], labels)


def _members(source: Source) -> list[Source]:
    """Return the files of a folder or an archive; none of what is one file."""
    return list(source.members()) if source.is_folder else []


def _read_collection(maker: DocumentMaker, members: Sequence[Source]) -> Iterator[Thread]:
    """Yield the documents of a folder, each once, however many have annotated it."""
    by_path = {PurePath(member.relative): member for member in members}
    found = {each: next((path for path in by_path if path.name == each), None) for each in _SETTINGS}
    labels = read_settings(*(_settings(_read(by_path[path]) if path else b"") for path in found.values()))
    texts: dict[tuple[str, bytes], list[PurePath]] = {}
    for path, member in by_path.items():
        if path.suffix.lower() != ".txt":
            continue
        if any(path.with_suffix(suffix) in by_path for suffix in _SUFFIXES):
            texts.setdefault((path.stem, _read(member)), []).append(path)
        else:
            maker.source.problems.add("has no annotations beside it", str(path), "it was left out")
    lone = [path for path in by_path if path.suffix in _SUFFIXES and path.with_suffix(".txt") not in by_path]
    for path in lone:
        maker.source.problems.add("has no text beside it", str(path), "it was left out")
    stems = [stem for stem, _ in texts]
    for number, ((stem, raw), paths) in enumerate(texts.items()):
        files: list[tuple[str | None, str, bytes]] = []
        for path in paths:
            annotator = maker.source.clean(path.parent.name) if len(paths) > 1 else None
            beside = [path.with_suffix(suffix) for suffix in _SUFFIXES]
            files += [(annotator, each.name, _read(by_path[each])) for each in beside if each in by_path]
        key = stem if stems.count(stem) == 1 else f"{stem}-{paths[0].parent.name or number}"
        yield _make(maker, maker.source.clean(key), raw, files, labels)


def _make(
    maker: DocumentMaker,
    key: str,
    raw: bytes,
    files: Sequence[tuple[str | None, str, bytes]],
    labels: Sequence[GivenLabel],
) -> Thread:
    """Make a thread of a text and its files of annotations, each with its annotator and its name."""
    text = DocumentText(maker.source, _decoded(raw))
    by_annotator: dict[str | None, tuple[str, list[str]]] = {}
    for annotator, file, said in files:
        # Files of one annotator are one: those of the shared tasks refer to each other.
        by_annotator.setdefault(annotator, (file, []))[1].extend(_decoded(said).split("\n"))
    annotations = [
        given
        for annotator, (file, lines) in by_annotator.items()
        for given in BratLines(maker.source, text, annotator, file).read(lines)
    ]
    return maker.make(Document(text=text, key=key, annotations=annotations, labels=labels))


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
