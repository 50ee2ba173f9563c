"""Damaged archives: what is whole in them is read as it was, what is not is reported, and a strict import stops at it."""

from __future__ import annotations

import random
import struct
import tarfile
import zipfile
from io import BytesIO, RawIOBase
from typing import TYPE_CHECKING

import pytest

from annotations.errors import SourceError
from annotations.importing import Imported, Refused, SourceImport
from annotations.sources.problems import Problems
from annotations.sources.salvage import salvage_zip
from annotations.sources.source import Source
from annotations.store.project import Project
from annotations.work import Work

if TYPE_CHECKING:
    from pathlib import Path

    from _typeshed import WriteableBuffer

FLAT = "About {0}\n\nThere is something to say of {0}.\n\n  • Ann\n\n    Yes.\n"
TEXTS = {f"folder/{name}.txt": FLAT.format(name * 300) for name in ("bridge", "ferry", "tunnel", "toll")}


class Pipe(RawIOBase):
    """A stream that cannot go back, so that a zip archive names the size of a file only behind it."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, raw: WriteableBuffer) -> int:
        self.written += bytes(raw)
        return len(bytes(raw))


def zipped(method: int = zipfile.ZIP_DEFLATED, *, is_piped: bool = False) -> bytes:
    pipe, kept = Pipe(), BytesIO()
    with zipfile.ZipFile(pipe if is_piped else kept, "w", method) as archive:
        for name, text in TEXTS.items():
            archive.writestr(name, text)
    return bytes(pipe.written) if is_piped else kept.getvalue()


def tarred() -> bytes:
    kept = BytesIO()
    with tarfile.open(fileobj=kept, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, text in TEXTS.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, BytesIO(text.encode()))
    return kept.getvalue()


def read(raw: bytes, name: str, *, is_strict: bool = False) -> tuple[dict[str, str], list[str]]:
    source = Source.of_bytes(raw, name, problems=Problems(name, is_strict=is_strict))
    texts = {}
    for member in source.members():
        try:
            texts[member.relative] = member.read().decode()
        except SourceError:
            continue
    return texts, list(source.problems.sentences())


@pytest.mark.parametrize("is_piped", [False, True], ids=["sizes before", "sizes behind"])
def test_of_a_zip_archive_that_is_cut_off_anywhere_the_whole_files_are_read(*, is_piped: bool) -> None:
    raw = zipped(is_piped=is_piped)
    numbers = set()
    for end in range(60, len(raw), 7):
        try:
            texts, said = read(raw[:end], "x.zip")
        except SourceError as error:
            texts, said = {}, [error.message] if "is a damaged zip archive" in error.message else []
        assert texts.items() <= TEXTS.items()
        assert said
        numbers.add(len(texts))
    assert numbers == {0, 1, 2, 3, 4}


def test_stored_files_are_found_without_the_list_of_contents_too() -> None:
    raw = zipped(zipfile.ZIP_STORED)
    texts, said = read(raw[: raw.index(b"PK\x01\x02") + 20], "x.zip")
    assert texts == TEXTS
    assert "list of contents that is damaged" in " ".join(said)


def test_flipped_bytes_in_what_is_salvaged_are_noticed() -> None:
    whole = zipped()
    raw = whole[: whole.index(b"PK\x01\x02")]
    for seed in range(60):
        chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
        mutated = bytearray(raw)
        mutated[chance.randrange(30, len(raw))] ^= 1 << chance.randrange(8)
        texts, said = read(bytes(mutated), "x.zip")
        assert set(texts.values()) <= set(TEXTS.values()), (
            "what is handed out is what was packed, perhaps under another name"
        )
        assert said
        assert len(texts) >= len(TEXTS) - 1


def test_a_bomb_is_refused_where_the_list_of_contents_is_gone_too() -> None:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.txt", bytes(100 << 20))
    raw = kept.getvalue()
    with pytest.raises(SourceError, match="unpacks to more than 200 times its size"):
        read(raw[: raw.index(b"PK\x01\x02")], "x.zip")


@pytest.mark.parametrize("victim", [1, 2, 3])
def test_behind_a_damaged_head_in_a_tar_archive_the_others_are_read(victim: int) -> None:
    raw = bytearray(tarred())
    with tarfile.open(fileobj=BytesIO(bytes(raw))) as archive:
        info = archive.getmembers()[victim]
    raw[info.offset + 10 : info.offset + 60] = b"\xff" * 50
    texts, said = read(bytes(raw), "x.tar")
    assert texts == {name: text for name, text in TEXTS.items() if name != info.name}
    assert "has a head of a file that is damaged" in " ".join(said)


def test_a_sound_tar_archive_has_no_problems() -> None:
    assert read(tarred(), "x.tar") == (TEXTS, [])


@pytest.mark.parametrize("is_strict", [False, True])
def test_a_damaged_file_stops_a_strict_import_and_no_other(tmp_path: Path, *, is_strict: bool) -> None:
    raw = bytearray(zipped())
    with zipfile.ZipFile(BytesIO(bytes(raw))) as archive:
        info = archive.getinfo("folder/ferry.txt")
    at = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    raw[at : at + 8] = bytes(8)
    path = tmp_path / "x.zip"
    path.write_bytes(raw)
    project = tmp_path / "postil.db"
    importing = SourceImport(
        project, lambda: Project.open(project, create=True), [path], None, Work(), is_strict=is_strict
    )
    found = list(importing)
    refused = [one.error.message for one in found if isinstance(one, Refused)]
    assert len(refused) == 1
    assert "ferry.txt is damaged" in refused[0]
    stored = [one.saved.thread.title.split()[1][:4] for one in found if isinstance(one, Imported)]
    assert stored == (["brid"] if is_strict else ["brid", "toll", "tunn"])


def test_heads_within_heads_are_not_read_again_and_again() -> None:
    """Each head says that the rest of the archive is its file, which takes steps by the square of their number."""
    head = struct.Struct("<4sHHHHHLLLHH")
    number, size = 20_000, 20_000 * 40
    raw = b"".join(
        head.pack(b"PK\x03\x04", 20, 0, 0, 0, 0, 1, size, size - 40 * at, 5, 0) + f"{at:05}".encode()
        for at in range(number)
    )
    read_bytes = []

    class Counting(BytesIO):
        def read(self, length: int | None = -1) -> bytes:
            block = super().read(length)
            read_bytes.append(len(block))
            return block

    problems = Problems("x.zip")
    assert list(salvage_zip(lambda: Counting(raw), problems)) == []
    assert "is damaged in very many places" in " ".join(problems.sentences())
    assert sum(read_bytes) < 200 << 20
