"""Which signs, and which two in a row, stand in which posts, roughly: what stands nowhere is found out at once.

The index of words cannot answer a search for a word of a script without spaces between words, or for a smiley: the texts
themselves are looked at, a microsecond each. A signature says of some hundred posts in a row which signs stand in them
and in their authors' names, and which two follow each other, as hashes of 16 bits. Where it lacks something of what is
sought, its posts are not looked at. It may say too much, never too little: nothing is found by it alone. A sign is here
what is not blank, not an ASCII letter or digit, and of no alphabet whose words have spaces.

Source: signature files, Faloutsos and Christodoulakis, ACM TOIS 2 (4), 1984; hashed pairs of letters, Harrison, CACM 14
(12), 1971. A text is hashed as a whole, by a shift of one long integer: a loop over its letters would take as long as
half of an import.
"""

from __future__ import annotations

from itertools import chain
from struct import pack, unpack
from typing import TYPE_CHECKING

from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from sqlite3 import Connection

POSTS = 128
"""Posts of a signature: fifty times as many are looked at in 5 ms."""

_MANY = 4096
"""Hashes from which on there is a bit for each that there could be."""
_BITMAP = 8192
"""Bytes of these bits; a list is shorter."""
_JOINED = 4 * POSTS
"""Rows from which on a range is not joined with the next one."""
_LONGEST = 40
"""Signs of what is sought that are looked at."""
_SHIFT = 13
"""Bits by which the next sign is laid beside the one before it: a hash tells their order."""

_DELETE = 0x7F
_TO_SPACES = bytes(
    byte if byte > _DELETE or (byte < _DELETE and byte > ord(" ") and not chr(byte).isalnum()) else ord(" ")
    for byte in range(256)
)
"""For UTF-8: spaces in place of ASCII's letters, digits and blanks."""

_SPACED = {*range(0x01, 0x08), *range(0x09, 0x0E), *range(0xAC, 0xD8)}
"""High bytes of the UTF-16 of alphabets whose words have spaces: Latin, Greek, Cyrillic, Hebrew, Arabic, Indic, Hangul."""
_IS_SIGN = bytes(0 if byte in _SPACED else 0xFF for byte in range(256))
_AS_DIGITS = b"0" + b"1" * 255

_SAVE = """
    INSERT OR REPLACE INTO text_signatures (first_post_id, last_post_id, signs, pairs) VALUES (?, ?, ?, ?)
"""


def index_signs(connection: Connection, start: int, stop: int, work: Work | None = None) -> None:
    """Make the signatures of new posts, in the rows [start, stop); in the open transaction.

    The last signature before them is completed, so that many small threads have as few as a big one.
    """
    if start >= stop:
        return
    first = find_incomplete(connection, start)
    _write(connection, ((row, min(row + POSTS, stop)) for row in range(first, stop, POSTS)), work)


def find_incomplete(connection: Connection, start: int) -> int:
    """Return the first row of the signature that new posts from the row `start` on complete; `start` if there is none."""
    last = connection.execute(
        "SELECT first_post_id FROM text_signatures WHERE last_post_id = ? AND first_post_id > ?",
        (start - 1, start - POSTS),
    ).fetchone()
    return start if last is None else int(last[0])


def renew_signs(connection: Connection, post_ids: Iterable[int], work: Work | None = None) -> None:
    """Make those signatures anew that tell of posts whose text or author has changed; in the open transaction."""
    query = "SELECT first_post_id, last_post_id FROM text_signatures WHERE first_post_id <= ? ORDER BY 1 DESC LIMIT 1"
    blocks: list[tuple[int, int]] = []
    for post_id in sorted(post_ids):
        if (not blocks or post_id >= blocks[-1][1]) and (row := connection.execute(query, (post_id,)).fetchone()):
            blocks.append((row[0], row[1] + 1))
    _write(connection, blocks, work)


def _write(connection: Connection, blocks: Iterable[tuple[int, int]], work: Work | None) -> None:
    for first, behind in (work or Work()).heed(blocks, 1):
        save_signature(connection, first, behind, signature(load_words(connection, first, behind)))


def load_words(connection: Connection, first: int, behind: int) -> list[str]:
    """Return what a signature tells of the posts in the rows [first, behind)."""
    posts = connection.execute("SELECT author, text FROM posts WHERE id >= ? AND id < ?", (first, behind)).fetchall()
    return [words for post in posts for words in post if words]


def save_signature(connection: Connection, first: int, behind: int, made: tuple[bytes, bytes]) -> None:
    """Store the signature of the posts in the rows [first, behind), which are there; in the open transaction."""
    connection.execute(_SAVE, (first, behind - 1, *made))


def signature(texts: Iterable[str]) -> tuple[bytes, bytes]:
    """Return the signs that stand in texts, and which of them follow each other.

    Returns:
        Two bytes, lowest first, for each unit of UTF-16; and for each hash of two units that follow each other, or of
        more than 4,095 hashes a bit for each that there could be.
    """
    runs = set("\n".join(texts).encode().translate(_TO_SPACES).split())
    units = _units(b" ".join((b"", *runs, b"")).decode())  # blanks around each: their order must not tell
    pairs = list(_pairs(units))
    packed = pack(f"<{len(pairs)}I", *pairs)
    hashes = set(_lower_halves(_hashed(packed)))
    return _listed(set(_lower_halves(packed))), _listed(hashes) if len(hashes) < _MANY else _as_bits(hashes)


def likely_rows(connection: Connection, sought: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield the rows of the posts that may hold what is sought, as ranges from first to last, in order.

    Signatures are looked at as the ranges are asked for: what stands everywhere is found in the first of them.

    Args:
        connection: The connection.
        sought: Any text.
        low: The first row to look at.
        high: The last one.
    """
    units = _units(sought[:_LONGEST].encode().translate(_TO_SPACES).decode())
    runs = units.decode("utf-16-le").replace("\0", " ").split()
    signs = {unit for run in runs for unit in _unpacked(run.encode("utf-16-le"))}
    hashes = {number for run in runs for number in _unpacked(_hashed(run.encode("utf-16-le"))[:-2])}
    terms = ["instr(signs, ?)"] * len(signs)
    if hashes:
        terms.append(f"(length(pairs) = {_BITMAP} OR {' AND '.join(['instr(pairs, ?)'] * len(hashes))})")
    query = f"""
        SELECT first_post_id, last_post_id, CASE length(pairs) WHEN {_BITMAP} THEN pairs END FROM text_signatures
        WHERE first_post_id BETWEEN ? AND ? AND +last_post_id >= ? AND {" AND ".join(terms) or "1"} ORDER BY first_post_id
    """  # noqa: S608  # made of our own words
    rows = connection.execute(query, (low - POSTS + 1, high, low, *map(_two_bytes, signs), *map(_two_bytes, hashes)))
    found = ((first, last) for first, last, bits in rows if bits is None or _has_all(bits, hashes))
    (behind,) = connection.execute("SELECT COALESCE(MAX(last_post_id), 0) + 1 FROM text_signatures").fetchone()
    yield from _joined(chain(found, [(behind, high)]), low, high)


def _joined(ranges: Iterable[tuple[int, int]], low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield sorted ranges as far as they lie between two rows; some that follow each other as one."""
    first, last = low, low - 1
    for start, stop in ranges:
        if start > last + 1 or last - first >= _JOINED:
            if last >= first:
                yield first, min(last, high)
            first = max(start, low)
        last = stop
    if first <= min(last, high):
        yield first, min(last, high)


def _units(text: str) -> bytes:
    """Return a text in UTF-16, with zeros in place of what is no sign for us."""
    units = text.encode("utf-16-le")
    is_sign = units[1::2].translate(_IS_SIGN)
    mask = bytearray(len(units))
    mask[::2] = mask[1::2] = is_sign
    kept = int.from_bytes(units, "little") & int.from_bytes(mask, "little")
    return kept.to_bytes(len(units), "little")


def _pairs(units: bytes) -> set[int]:
    """Return each two units of UTF-16 that follow each other, as a number; the last one with nothing behind it."""
    units += b"\0\0"
    found: set[int] = set()
    for start in (0, 2):
        count = (len(units) - start) // 4
        found.update(unpack(f"<{count}I", units[start : start + 4 * count]))
    return found


def _hashed(units: bytes) -> bytes:
    """Return in place of each unit of UTF-16 a hash of it and the next one."""
    number = int.from_bytes(units, "little")
    return (number ^ number >> _SHIFT).to_bytes(len(units), "little")


def _lower_halves(packed: bytes) -> tuple[int, ...]:
    """Return the lower 16 bits of numbers of 32 bits."""
    halves = bytearray(len(packed) // 2)
    halves[::2], halves[1::2] = packed[::4], packed[1::4]
    return _unpacked(halves)


def _unpacked(packed: bytes | bytearray) -> tuple[int, ...]:
    return unpack(f"<{len(packed) // 2}H", packed)


def _two_bytes(number: int) -> bytes:
    return number.to_bytes(2, "little")


def _listed(numbers: set[int]) -> bytes:
    return pack(f"<{len(numbers)}H", *sorted(numbers))


def _as_bits(numbers: Iterable[int]) -> bytes:
    """Return a bit for each number that there could be; the first one's is the highest of the first byte."""
    bits = bytearray(8 * _BITMAP)
    for number in numbers:
        bits[number] = 1
    return int(bits.translate(_AS_DIGITS), 2).to_bytes(_BITMAP, "big")


def _has_all(bits: bytes, numbers: Iterable[int]) -> bool:
    """Tell whether `_as_bits` has set the bit of each number."""
    return all(bits[number >> 3] & (0x80 >> (number & 7)) for number in numbers)
