"""What is named instead of a file: the error says what it is and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotations.errors import SourceError
from annotations.sources.source import open_source


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("https://bay.example/a?b=c", "https://bay.example/a?b=c is an address of the web", "Save the page"),
        ("http://bay.example", "http://bay.example is an address of the web", "Save the page"),
        ("www.bay.example/a", "www.bay.example/a is an address of the web", "Save the page"),
        ("file:///no/such/file.txt", "is an address and no path", "by its path: /no/such/file.txt"),
        ("no-such-file.txt", "no-such-file.txt does not exist", "Check the path"),
        ("no:/such.txt", "no:/such.txt does not exist", "Check the path"),
    ],
)
def test_what_is_no_file_is_told_from_a_wrong_path(name: str, message: str, hint: str) -> None:
    with pytest.raises(SourceError) as raised:
        open_source(Path(name))
    assert message in raised.value.message
    assert hint in (raised.value.hint or "")


def test_a_file_that_is_called_like_an_address_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("www.bay.example").write_text("Title\n\nText.\n", encoding="utf-8")
    assert open_source(Path("www.bay.example")).start.startswith("Title")
