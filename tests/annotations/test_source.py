"""Reading sources: every encoding, every line end, and a clear word for what is no text."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import socket
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.errors import SourceError
from annotations.sources import decoding
from annotations.sources.cleaning import clean, slug
from annotations.sources.source import Source, read_source

GERMAN = (
    "Der Bürgermeister erklärte gestern, daß die Brücke über den Fluß größer wird.\n"
    "Die Anwohner ärgern sich über den Lärm und die Kosten.\n"
)
RUSSIAN = "Мэр города вчера заявил, что туннель будет закончен к концу года.\nЖители недовольны шумом.\n"
JAPANESE = "これは港のトンネルについての記事です。\n市長は昨日、年末までに完成すると発表しました。\n"


def read_bytes(raw: bytes) -> str:
    return read_source(None, io.BytesIO(raw)).text


def write(folder: Path, name: str, raw: bytes) -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_unicode_is_decoded_with_and_without_a_byte_order_mark(encoding: str) -> None:
    text = "Tunnel\n\nIt will flood – “they” said: 🙂\n"
    source = read_source(None, io.BytesIO(text.encode(encoding)))
    assert source.text == text
    assert source.dropped == 0


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_of_either_byte_order(mark: bytes) -> None:
    text = "隧道\n\nText"
    assert read_bytes(mark + text.encode("utf-16-le" if mark == b"\xff\xfe" else "utf-16-be")) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "cp1252"),
        ("It’s a “test” – really…\n" * 5, "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
    ],
)
def test_a_legacy_encoding_is_guessed_and_the_guess_is_reported(text: str, encoding: str) -> None:
    source = read_source(None, io.BytesIO(text.encode(encoding)))
    assert source.text == text
    assert source.encoding == encoding
    assert "guessed" in source.warnings[0]


def test_utf_8_that_was_cut_is_still_utf_8() -> None:
    source = read_source(None, io.BytesIO(RUSSIAN[:-5].encode()[:-1]))
    assert source.text == RUSSIAN[:-6] + "\ufffd"
    assert source.encoding == "utf-8"
    assert source.warnings == ("1 broken UTF-8 sequence stands as U+FFFD.",)


@pytest.mark.parametrize(
    ("raw", "text", "warnings"),
    [
        (
            "Café – “no”".encode() + b" b\xe9d",
            "Café – “no” béd",
            ("1 byte that is no UTF-8 was read as Windows-1252.",),
        ),
        (
            "Ärger über Öl: ".encode() + b"\x93no\x94" + " für Müller, schön größer".encode()[:-2],
            "Ärger über Öl: “no” für Müller, schön größ",
            ("2 bytes that are no UTF-8 were read as Windows-1252.",),
        ),
        ("ä é ö ü ß à ".encode() + b"\xe9 \xc3", "ä é ö ü ß à é \ufffd", None),
    ],
)
def test_single_bytes_of_another_encoding_among_utf_8_are_read_and_said(
    raw: bytes, text: str, warnings: tuple[str, ...] | None
) -> None:
    source = read_source(None, io.BytesIO(raw))
    assert (source.text, source.encoding) == (text, "utf-8")
    assert source.warnings == (
        warnings or ("1 byte that is no UTF-8 was read as Windows-1252.", "1 broken UTF-8 sequence stands as U+FFFD.")
    )


def test_sound_utf_8_needs_no_words() -> None:
    source = read_source(None, io.BytesIO(RUSSIAN.encode()))
    assert (source.encoding, source.warnings) == ("utf-8", ())


def test_line_ends_become_line_feeds_and_are_not_counted() -> None:
    assert clean("a\r\nb\rc\nd\r\n\r\ne") == ("a\nb\nc\nd\n\ne", 0)


def test_what_no_consumer_can_carry_is_dropped_and_counted() -> None:
    dropped = "\x00\x07\x0b\x0c\x1b\x7f\x80\x85\x9f\ud800\udfff\ufffe\uffff"
    assert clean("\ufeffa" + "b".join(dropped) + "c\td") == ("a" + "b" * (len(dropped) - 1) + "c\td", len(dropped) + 1)


def test_what_people_write_is_kept() -> None:
    text = "\u202eabc\u202c soft\u00adhyphen zero\u200bwidth a\u200d🦊\ufe0f no\ufeffbreak \U000e0067 \u2028 e\u0301 \xa0 \ufdd0 \U0001fffe"
    assert clean(text) == (text, 0)


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    cleaned, dropped = clean(text)
    assert clean(cleaned) == (cleaned, 0)
    assert dropped + len(cleaned) == len(text.replace("\r\n", "\n"))
    cleaned.encode()


def test_dropped_characters_are_reported() -> None:
    source = read_source(None, io.BytesIO(b"Ti\x00tle\x1b[31m\r\n\r\nText"))
    assert (source.text, source.dropped) == ("Title[31m\n\nText", 2)


def test_a_file_says_where_it_is_and_what_it_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = b"Tunnel\r\n\r\nText"
    write(tmp_path, "Harbour Tunnel_2.txt", raw)
    monkeypatch.chdir(tmp_path)
    source = read_source(Path("Harbour Tunnel_2.txt"))
    assert source.name == "Harbour Tunnel_2.txt"
    assert source.location == str((tmp_path / "Harbour Tunnel_2.txt").resolve())
    assert source.sha256 == hashlib.sha256(raw).hexdigest()
    assert source.stem == "harbour-tunnel-2"
    assert source.text == "Tunnel\n\nText"


def test_standard_input_has_no_stem() -> None:
    source = read_source(None, io.BytesIO(b"Tunnel"))
    assert (source.name, source.location, source.stem) == ("-", "-", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Iraq Bases", "iraq-bases"),
        ("Ünï — code!", "ünï-code"),
        ("ＴＵＮＮＥＬ", "tunnel"),
        ("🦊", ""),
        ("隧道 2", "隧道-2"),
        ("word " * 40, "-".join(["word"] * 12)),
        ("x" * 200, "x" * 60),
    ],
)
def test_slugs_are_short_and_plain(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.txt does not exist"):
        read_source(tmp_path / "nowhere.txt")


def test_a_path_through_a_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="part of the path is a file"):
        read_source(write(tmp_path, "a.txt", b"a") / "b.txt")


def test_a_path_that_no_system_has() -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_source(Path("a\0b"))
    with pytest.raises(SourceError, match="cannot be read"):
        read_source(Path("a" * 5000))


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is a folder"):
        read_source(tmp_path)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the superuser may read everything")
def test_no_permission(tmp_path: Path) -> None:
    path = write(tmp_path, "secret.txt", b"Text")
    path.chmod(0)
    with pytest.raises(SourceError, match="no permission"):
        read_source(path)


def test_no_permission_as_the_system_says_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> BinaryIO:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path, "secret.txt", b"Text")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceError, match="no permission"):
        read_source(path)


def test_a_link_that_leads_nowhere_or_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(SourceError, match="cannot be read"):
        read_source(tmp_path / "circle")
    (tmp_path / "nowhere").symlink_to("gone")
    with pytest.raises(SourceError, match="does not exist"):
        read_source(tmp_path / "nowhere")


def test_a_pipe_and_a_device_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(SourceError, match="pipe or a device"):
            read_source(path)


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("sock")
        with pytest.raises(SourceError, match="pipe or a device"):
            read_source(Path("sock"))


def test_a_name_that_is_not_text_can_still_be_stored_and_shown(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\x1b[31m.txt"))
    path.write_bytes(b"Text")
    source = read_source(path)
    assert source.name.endswith("caf\ufffd\ufffd[31m.txt")
    source.location.encode()


@pytest.mark.parametrize("raw", [b"", b"\xef\xbb\xbf", b" \n\t\r\n", b"\x00 \n \n", "\u3000\n\xa0".encode()])
def test_nothing_to_label(raw: bytes) -> None:
    with pytest.raises(SourceError, match=r"is empty|nothing but white space"):
        read_bytes(raw)


def make_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.txt"), "a")  # its time is 1980: a test has the same name each time
    return stream.getvalue()


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a PNG image"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG image"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF document"),
        (make_zip(), "a zip archive"),
        (b"\x7fELF\x02\x01\x01", "a program"),
        (b"\x00\x00\x00\x20ftypmp42", "a video"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (bytes(range(256)) * 40, "binary data"),
        (b"\x00" * 100, "binary data"),
    ],
)
def test_what_is_not_text_is_called_by_its_name(raw: bytes, what: str) -> None:
    with pytest.raises(SourceError, match=f"standard input is not text: it looks like {what}"):
        read_bytes(raw)


def test_a_database_is_not_text(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x.db")
    connection.execute("create table t (a)")
    connection.close()
    with pytest.raises(SourceError, match=r"x\.db is not text: it looks like an SQLite database"):
        read_source(tmp_path / "x.db")


@pytest.mark.parametrize(
    "text", ["BZh is how he spells it", "MZ", "ID3 tags explained", "GIF is a format", "PK\nText", "Rar! he said"]
)
def test_a_text_that_begins_like_a_signature_is_text(text: str) -> None:
    assert read_bytes(text.encode()) == text


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        source = read_source(None, io.BytesIO(raw))
    except SourceError as error:
        assert error.message  # noqa: PT017  # either outcome is right, a traceback is not
    else:
        assert clean(source.text) == (source.text, 0)


def test_closed_standard_input_is_an_error() -> None:
    stream = io.BytesIO(b"a")
    stream.close()
    with pytest.raises(SourceError, match="standard input cannot be read"):
        read_source(None, stream)


def test_reading_unicode_loads_no_guesser() -> None:
    program = (
        "import io, sys; from annotations.sources.source import read_source; read_source(None, io.BytesIO('é'.encode()));"
        "print('charset_normalizer' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.txt", "A title\n\nA text, with commas, and more.\n", ""),
        ("a.txt", "[Update] The tunnel\n\nText", ""),
        ("a.txt", "[1] is the first footnote\n\nText", ""),
        ("a.txt", "{ so he said }\n\nText", ""),
        ("a.txt", "<3 tunnels\n\nText", ""),
        ("a.txt", "From here on it is downhill\n\nText", ""),
        ("a.txt", "Note: read this\nDate: never\n\nText", ""),
        ("a.txt", "Why, oh why\nWell, it is so\nNow, then\n", ""),
        ("a.md", "# Tunnel\n\n- a\n- b\n", ""),
        ("a.txt", "  • Ann\n\n    x = 1\n\n  • Bo\n\n    y = 2; z = 3;\n", ""),
        ("-", '{"title": "x"}', "JSON"),
        ("-", '{"a": 1}\n{"a": 2}\n', "JSON"),
        ("-", '[{"kind": "Listing"}]', "JSON"),
        ("-", "[]", "JSON"),
        ("-", "[1, 2]", "JSON"),
        ("-", "<!DOCTYPE html><p>x", "HTML"),
        ("-", "\n<div class='a'>x</div>", "HTML"),
        ("-", "<?xml version='1.0'?><rss/>", "XML"),
        ("-", "`<?xml version='1.0'?><disqus/>", "XML"),
        ("-", "From a@b.c Mon Jan  1 00:00:00 2024\nFrom: a@b.c\n\nHi", "mail"),
        ("-", "Return-Path: <a@b.c>\nFrom: a@b.c\nSubject: x\n\nHi", "mail"),
        ("-", "#!/bin/sh\necho hi\n", "source code"),
        ("a.py", "'''Only words.'''\n", "source code"),
        ("-", "import os\nimport sys\n\ndef main():\n    return os.name\n\nif True:\n    main()\n", "source code"),
        ("-", "int main(void) {\n    puts(x);\n    return 0;\n}\n", "source code"),
        ("a.toml", "[project]\nname = 'x'\n", "settings"),
        ("-", "id,author,text\n1,ann,hello\n2,bo,bye\n", "CSV"),
        ("-", "id\ttext\n1\thello\n", "TSV"),
        ("-", "id;text\n1;hello\n", "CSV with semicolons"),
    ],
)
def test_the_kind_of_a_text(tmp_path: Path, name: str, text: str, kind: str) -> None:
    source = (
        read_source(None, io.BytesIO(text.encode()))
        if name == "-"
        else read_source(write(tmp_path, name, text.encode()))
    )
    assert source.kind == kind


def test_a_text_that_is_too_large_to_be_read_as_a_whole_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotations.sources.source.LARGEST_TEXT", 1000)
    raw = b"A line of it\n" * 80
    assert Source.of_bytes(raw[:1000]).text
    for source in (Source.of_bytes(raw), Source.of_bytes(gzip.compress(raw))):
        with pytest.raises(SourceError, match=r"has more than 1,000 bytes.*Import it in parts"):
            assert source.text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_that_no_text_has_is_refused(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotations.sources.source.LONGEST_TEXT_LINE", 1000)
    rows = ["x" * 900] * 300
    assert Source.of_bytes(end.join(rows).encode()).text == "\n".join(rows)
    with pytest.raises(SourceError, match="has a line of more than 1,000 bytes"):
        assert Source.of_bytes(end.join([*rows, "x" * 1001]).encode()).text


def test_very_many_bytes_of_another_encoding_are_not_looked_at_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MOST_STRAYS", 3)
    source = read_source(None, io.BytesIO("äöüßäöüß".encode() + b" \xe9 \xe9 \xe9 \xe9."))
    assert source.text == "äöüßäöüß \ufffd \ufffd \ufffd \ufffd."
    assert source.warnings == ("4 bytes that are no UTF-8 stand as U+FFFD.",)
