"""Postil's own exports, damaged on their way: they come back as far as they can, or are refused, never with a traceback."""

from __future__ import annotations

import json
import random
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from annotations.sources.source import Source, open_source
from tests.annotations.ferry import GOLDEN
from tests.annotations.importers.test_import_mutated_exports import ODD, cut, double, drop, exercise, flip, slots

if TYPE_CHECKING:
    from pathlib import Path

FILES = [
    ("postil_jsonl", "ferry.jsonl"),
    ("postil_csv", "ferry.csv"),
    ("web_annotation", "ferry.jsonld"),
    ("convokit", "ferry-convokit/utterances.jsonl"),
]
CHANGES = (cut, flip, double, drop)


@pytest.mark.parametrize(("name", "file"), FILES)
def test_damaged_bytes_are_survived(name: str, file: str) -> None:
    raw = (GOLDEN / file).read_bytes()
    whole = exercise(name, Source.of_bytes(raw, file))
    chance = random.Random(file)  # noqa: S311  # the same damage each time
    found = [exercise(name, Source.of_bytes(change(raw, chance), file)) for change in CHANGES for _ in range(8)]
    assert whole > 0
    assert sum(posts > 0 for posts in found) > len(found) / 3, "much of what is left can be read"


@pytest.mark.parametrize(("name", "file"), [pair for pair in FILES if "json" in pair[1]])
def test_values_of_other_types_are_survived(name: str, file: str) -> None:
    text = (GOLDEN / file).read_text(encoding="utf-8")
    is_lines = file.endswith("jsonl")
    documents: list[Any] = [json.loads(line) for line in text.splitlines()] if is_lines else [json.loads(text)]
    for index, odd in enumerate(ODD * 6):
        chance = random.Random(f"{file}{index}")  # noqa: S311  # the same values each time
        changed = json.loads(json.dumps(documents))
        places = list(slots(changed))
        for container, key in chance.sample(places, 3):
            container[key] = odd
        exercise(name, Source.of_bytes("\n".join(map(json.dumps, changed)).encode(), file))


def test_a_corpus_with_damaged_files_is_survived(tmp_path: Path) -> None:
    files = sorted((GOLDEN / "ferry-convokit").iterdir())
    for number in range(24):
        chance = random.Random(number)  # noqa: S311  # the same damage each time
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for path in files:
                raw = path.read_bytes()
                broken = chance.choice(CHANGES)(raw, chance) if chance.random() < 0.4 else raw
                archive.writestr(f"corpus/{path.name}", broken)
        path = tmp_path / f"{number}.zip"
        path.write_bytes(packed.getvalue())
        exercise("convokit", open_source(path))
