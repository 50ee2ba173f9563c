"""What is mapped for a source whose format takes no such mapping is an error that says which formats do."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotations import formats
from annotations.errors import SourceError
from annotations.importing import Imported, Refused, SourceImport
from annotations.mapping import check_mapping
from annotations.sources.source import open_source
from annotations.store.project import Project
from annotations.work import Work

SAMPLES = Path(__file__).parents[2] / "sample_data"


def test_a_format_without_columns_takes_no_mapping() -> None:
    source = open_source(SAMPLES / "harbour-tunnel.txt", mapping={"text": "body", "parent": "x"})
    with pytest.raises(SourceError) as caught:
        check_mapping(formats.importer("flattened"), source)
    assert "(flattened), where “text”, “parent” cannot be mapped" in caught.value.message
    assert "tables (text, parent, id," in caught.value.hint
    assert "conll (text," in caught.value.hint
    assert "doccano (offsets)" in caught.value.hint


@pytest.mark.parametrize(("name", "role"), [("tables", "thread"), ("conll", "tag"), ("doccano", "offsets")])
def test_a_format_takes_what_it_says(name: str, role: str) -> None:
    check_mapping(formats.importer(name), open_source(SAMPLES / "comment-table.csv", mapping={role: "1"}))


def test_without_a_mapping_every_format_is_right() -> None:
    for name in formats.importers():
        check_mapping(formats.importer(name), open_source(SAMPLES / "comment-table.csv"))


def test_the_source_is_refused_and_nothing_is_stored(tmp_path: Path) -> None:
    project = tmp_path / "postil.db"
    paths = [SAMPLES / "harbour-tunnel.txt", SAMPLES / "comment-table.csv"]
    mapping = {"text": "body"}
    importing = SourceImport(project, lambda: Project.open(project, create=True), paths, None, Work(), mapping=mapping)
    found = list(importing)
    assert [one.source for one in found if isinstance(one, Refused)] == [str(paths[0])]
    assert {one.source.path for one in found if isinstance(one, Imported)} == {paths[1]}
