"""Folders and archives: the files in them as sources, and nothing that leads elsewhere."""

from __future__ import annotations

import io
import os
import struct
import tarfile
import zipfile
from typing import TYPE_CHECKING, Literal

import pytest

from annotations.errors import SourceError
from annotations.sources import archives, members, tars
from annotations.sources.source import Source, open_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILES = {"b/two.txt": b"Two", "a.txt": b"One" * 1000, "b/empty.txt": b"", ".hidden/x.txt": b"x", "__MACOSX/a.txt": b"x"}
KEPT = ["a.txt", "b/empty.txt", "b/two.txt"]


def make_folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, raw in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(raw)
    return path


def make_zip(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return stream.getvalue()


def make_tar(files: dict[str, bytes], mode: Literal["w:", "w:gz", "w:xz"] = "w:") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, raw in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return stream.getvalue()


ARCHIVES: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "a.zip": make_zip,
    "a.tar": make_tar,
    "a.tar.gz": lambda files: make_tar(files, "w:gz"),
    "a.tar.xz": lambda files: make_tar(files, "w:xz"),
}


def test_the_files_of_a_folder_are_sorted_sources(tmp_path: Path) -> None:
    source = open_source(make_folder(tmp_path / "all", FILES))
    assert source.is_folder
    assert (source.head, source.kind) == (b"", "a folder")
    found = source.members()
    assert [member.relative for member in found] == KEPT
    assert found[0].text == "One" * 1000
    assert found[2].location == str((tmp_path / "all/b/two.txt").resolve())
    assert found[2].stem == "two"
    assert source.members() is found, "it is looked into once"


@pytest.mark.parametrize("name", ARCHIVES)
def test_the_files_of_an_archive_are_sorted_sources(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(ARCHIVES[name](FILES))
    source = open_source(path)
    assert source.is_folder
    assert (source.head, source.kind) == (b"", f"a {'zip' if name.endswith('zip') else 'tar'} archive")
    found = source.members()
    assert [member.relative for member in found] == KEPT
    assert [member.read() for member in found if member.size] == [FILES["a.txt"], FILES["b/two.txt"]]
    with found[0].open() as one, found[0].open() as other, found[2].open() as third:
        assert (one.read(3), third.read(), other.read(6)) == (b"One", b"Two", b"OneOne"), "each has a place of its own"
    assert found[2].location == f"{path.resolve()}/b/two.txt"
    assert source.problems.count == 0


@pytest.mark.parametrize("name", ARCHIVES)
def test_names_that_lead_elsewhere_are_refused_and_the_others_read(name: str) -> None:
    files = {"/etc/x": b"x", "../x": b"x", "a/../../x": b"x", "C:\\x": b"x", "C:x": b"x", "good.txt": b"Good"}
    source = Source.of_bytes(ARCHIVES[name](files), name)
    assert [member.read() for member in source.members()] == [b"Good"]
    assert source.problems.count == 5
    assert "leads out of the archive; it was left out" in " ".join(source.problems.sentences())
    strict = Source.of_bytes(ARCHIVES[name](files), name)
    strict.problems.is_strict = True
    with pytest.raises(SourceError, match="leads out of the archive"):
        strict.members()


def test_links_in_a_folder_that_lead_out_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_bytes(b"Secret")
    folder = make_folder(tmp_path / "all", {"a.txt": b"One"})
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "within.txt").symlink_to("a.txt")
    (folder / "circle.txt").symlink_to("circle.txt")
    (folder / "up").symlink_to("..")
    os.mkfifo(folder / "pipe")
    source = open_source(folder)
    assert [member.relative for member in source.members()] == ["a.txt", "within.txt"]
    assert sorted(source.problems.sentences()) == [
        "circle.txt: cannot be read; it was left out.",
        "out.txt: is a link that leads out of the folder; it was left out.",
        "pipe: is a pipe or a device; it was left out.",
        "up: is a link to a folder; it was left out.",
    ]


def test_links_and_devices_in_archives_are_refused() -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            info = tarfile.TarInfo(f"odd-{kind.decode()}")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    source = Source.of_bytes(stream.getvalue(), "a.tar")
    assert source.members() == []
    assert source.problems.count == 4
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as zipped:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        zipped.writestr(link, "/etc/passwd")
    source = Source.of_bytes(stream.getvalue(), "a.zip")
    assert source.members() == []
    assert list(source.problems.sentences()) == ["link: is a link or a device; it was left out."]


def test_an_encrypted_file_is_refused() -> None:
    raw = bytearray(make_zip({"a.txt": b"One", "b.txt": b"Two"}))
    at = raw.index(b"PK\x01\x02")
    raw[at + 8] |= 1
    source = Source.of_bytes(bytes(raw), "a.zip")
    assert [member.relative for member in source.members()] == ["b.txt"]
    assert list(source.problems.sentences()) == ["a.txt: is encrypted; it was left out."]


def test_a_damaged_file_is_refused_and_the_others_read() -> None:
    raw = bytearray(make_zip({"a.txt": b"One" * 50, "b.txt": b"Two"}))
    raw[38] ^= 0xFF
    first, second = Source.of_bytes(bytes(raw), "a.zip").members()
    with pytest.raises(SourceError, match=r"a\.zip/a\.txt is damaged"):
        first.read()
    assert second.read() == b"Two"


def test_a_zip_archive_of_which_nothing_is_whole_is_refused() -> None:
    source = Source.of_bytes(make_zip(FILES)[:40], "a.zip")
    with pytest.raises(SourceError, match=r"a\.zip is a damaged zip archive"):
        source.members()


def test_of_a_tar_archive_that_was_cut_off_the_whole_files_are_read() -> None:
    raw = make_tar({"a.txt": b"One" * 100, "b.txt": b"Two" * 3000})
    source = Source.of_bytes(raw[:4000], "a.tar")
    assert [member.read() for member in source.members()] == [b"One" * 100]
    assert list(source.problems.sentences())


def test_a_name_that_stands_twice_is_read_once() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "One")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.txt", "Two")
    source = Source.of_bytes(stream.getvalue(), "a.zip")
    assert len(source.members()) == 1
    assert source.problems.count == 1


def test_a_zip_bomb_is_refused_before_anything_is_unpacked() -> None:
    source = Source.of_bytes(make_zip({f"{number}.txt": bytes(1 << 24) for number in range(6)}), "bomb.zip")
    with pytest.raises(SourceError, match=r"bomb\.zip unpacks to more than 200 times its size"):
        source.members()


def test_a_zip_archive_that_lies_about_its_sizes_is_refused_while_it_is_read() -> None:
    raw = bytearray(make_zip({"a.txt": bytes(1 << 27)}))
    at = raw.index(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<L", (1 << 32) - 2)  # larger than it is
    with pytest.raises(SourceError, match="200 times"):
        Source.of_bytes(bytes(raw), "bomb.zip").members()
    raw[at + 24 : at + 28] = struct.pack("<L", 100)  # smaller: no more than that is read
    (member,) = Source.of_bytes(bytes(raw), "bomb.zip").members()
    with pytest.raises(SourceError, match="damaged"):
        member.read()


def test_files_that_lie_over_each_other_are_refused() -> None:
    raw = bytearray(make_zip({"a.txt": os.urandom(4000), "b.txt": os.urandom(4000)}))
    for _ in range(2):
        at = raw.index(b"PK\x01\x02")
        raw[at + 20 : at + 24] = struct.pack("<L", 7000)
        raw[at : at + 4] = b"PK\x01\x09"
    raw = bytearray(bytes(raw).replace(b"PK\x01\x09", b"PK\x01\x02"))
    with pytest.raises(SourceError, match="lie over each other"):
        Source.of_bytes(bytes(raw), "bomb.zip").members()


def test_a_tar_bomb_is_refused() -> None:
    source = Source.of_bytes(make_tar({f"{number}.txt": bytes(1 << 24) for number in range(6)}, "w:gz"), "bomb.tar.gz")
    with pytest.raises(SourceError, match="200 times"):
        source.members()


def test_endless_files_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(members, "MOST_MEMBERS", 3)
    monkeypatch.setattr(members, "MOST_PACKED", 3)
    files = {f"{number}.txt": b"x" for number in range(5)}
    for source in (Source.of_bytes(make_zip(files), "a.zip"), Source.of_bytes(make_tar(files), "a.tar")):
        with pytest.raises(SourceError, match="holds more than 3 files"):
            source.members()
    with pytest.raises(SourceError, match="holds more than 3 files"):
        open_source(make_folder(tmp_path / "all", files)).members()


def test_endless_files_are_refused_before_each_of_them_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_PACKED", 3)
    monkeypatch.setattr(tars, "MOST_HEADS", 4)
    files = {f"{number}.txt": b"x" for number in range(5)}
    for raw, name in ((make_zip(files), "a.zip"), (make_tar(files), "a.tar")):
        source = Source.of_bytes(raw, name)
        with pytest.raises(SourceError, match=rf"{name} holds more than 50,000 files.*import the folder"):
            source.members()
    assert [member.relative for member in Source.of_bytes(make_tar({"a": b"x" * 999, "b": b"y"}), "a.tar").members()]


def test_a_file_in_folders_without_end_is_left_out() -> None:
    files = {"a/" * 200 + "deep.txt": b"x", "a/b.txt": b"One"}
    for raw, name in ((make_zip(files), "a.zip"), (make_tar(files), "a.tar")):
        source = Source.of_bytes(raw, name)
        assert [member.relative for member in source.members()] == ["a/b.txt"]
        (said,) = source.problems.sentences()
        assert "stands in more than 100 folders within each other; it was left out" in said
        assert len(said) < 200


def test_a_head_of_megabytes_ends_the_reading_of_a_tar_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tars, "_LONGEST_HEAD", 1 << 12)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, comment in (("a.txt", ""), ("b.txt", "x" * 10_000)):
            info = tarfile.TarInfo(name)
            info.size, info.pax_headers = 3, {"comment": comment} if comment else {}
            archive.addfile(info, io.BytesIO(b"One"))
    source = Source.of_bytes(stream.getvalue(), "a.tar")
    assert [member.relative for member in source.members()] == ["a.txt"]
    assert "the head of a file has" in next(source.problems.sentences())


def test_an_archive_in_an_archive_is_a_file() -> None:
    (inner,) = Source.of_bytes(make_zip({"inner.zip": make_zip({"a.txt": b"One"})}), "a.zip").members()
    assert not inner.is_folder
    assert inner.kind.startswith("a zip archive")


@pytest.mark.parametrize("name", ["[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"])
def test_a_document_that_is_a_zip_archive_inside_is_no_folder(name: str) -> None:
    source = Source.of_bytes(make_zip({name: b"x", "a.txt": b"One"}), "a.docx")
    assert not source.is_folder
    assert source.members() == []


def test_the_hash_of_a_folder_is_that_of_what_is_in_it(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "all", FILES)
    first = open_source(folder).sha256
    assert open_source(folder).sha256 == first
    (folder / "b/two.txt").write_bytes(b"Three")
    assert open_source(folder).sha256 != first


def test_problems_of_a_member_are_those_of_its_folder() -> None:
    source = Source.of_bytes(make_zip({"a.txt": b"One"}), "a.zip")
    source.members()[0].problems.add("is odd", "line 3", "it was left out")
    assert list(source.problems.sentences()) == ["a.txt, line 3: is odd; it was left out."]
