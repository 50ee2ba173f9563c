"""Labeled data in JSON whose records are nested without measure, whichever of their fields it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from annotations.importers import doccano, label_studio, postil_jsonl, web_annotation
from annotations.sources.source import Source
from annotations.store.posts import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.formats import Importer

SAMPLES = Path(__file__).parents[3] / "sample_data"
MARK = "@deep@"
POSTIL = {
    "thread": "t",
    "title": "T",
    "post": "0",
    "parent": None,
    "kind": "article",
    "text": "Words",
    "thread_meta": {"a": 1},
    "labels": [{"label": "a", "attributes": {"b": 1}}],
    "spans": [{"start_char": 0, "end_char": 2, "label": "c"}],
    "relations": [{"label": "r", "from_span": {"annotation": "x"}}],
    "notes": [{"note": "n"}],
    "meta": {"m": 1},
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401  # any JSON
    if path:
        yield path
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from places(value[key], (*path, key))


@pytest.mark.parametrize(
    ("importer", "sample", "is_lines"),
    [
        (label_studio, "label-studio-ferry.json", False),
        (label_studio, "label-studio-ferry-min.json", False),
        (web_annotation, "web-annotations.jsonld", False),
        (web_annotation, "hypothesis-ferry.json", False),
        (doccano, "doccano-ferry.jsonl", True),
        (postil_jsonl, "", True),
    ],
)
def test_a_thousand_levels_in_any_field_stop_nothing(
    importer: Importer,
    sample: str,
    *,
    is_lines: bool,
) -> None:
    if not sample:
        first: Any = POSTIL
    elif is_lines:
        first = json.loads((SAMPLES / sample).read_text(encoding="utf-8").splitlines()[0])
    else:
        first = json.loads((SAMPLES / sample).read_bytes())
    whole = json.dumps(first)
    for path in list(places(first)):
        document = json.loads(whole)
        inner = document
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = MARK
        deep = '{"id":[' * 600 + "1" + "]}" * 600
        raw = json.dumps(document).replace(f'"{MARK}"', deep).encode()
        source = Source.of_bytes(raw, "x.json")
        for thread in importer.read(source):
            assert to_json(thread.meta)
            assert all(to_json(post.meta) for post in thread.posts)
