"""What the head of a frame of zstd says of the memory that it takes to unpack it.

Source: RFC 8878, section 3.1.1.1. A frame may refer to anything in its window, which whoever unpacks it must keep: dumps are
compressed with windows of up to 2 GiB. Such a dump is read where the machine has twice that; a machine that has less would stop
all that runs on it.
"""

from __future__ import annotations

import os

from annotations.errors import SourceError

ANY_WINDOW = 1 << 31
"""Bytes of the largest window that zstd knows: the monthly dumps of Reddit are compressed with it."""

LONGEST_HEAD = 18
"""Bytes of the longest head of a frame."""

_MAGIC = b"\x28\xb5\x2f\xfd"
_SINGLE = 0x20
_MOST_SIZE = (1 << 64) - 1


def largest_window() -> int:
    """Return the bytes of what was unpacked last that may be kept: half of the memory that the machine has."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # this system does not tell
        return ANY_WINDOW
    return memory // 2 if memory > 0 else ANY_WINDOW


class FrameWindow:
    """Watches how much of a frame's window is in memory.

    Args:
        head: The first bytes of a frame, `LONGEST_HEAD` of them if there are so many.
        shown: What to call the source.

    Raises:
        SourceError: If its head says that all of it has to be in memory, and that is too much.
    """

    def __init__(self, head: bytes, shown: str) -> None:
        self._shown = shown
        self._given = 0
        self._most = largest_window()
        self._window, content = _read_head(head)
        if content is not None and min(content, self._window) > self._most:
            raise self._refusal()

    def add(self, given: int) -> None:
        """Count bytes that came out of the frame.

        Raises:
            SourceError: If more of them must be kept than may be.
        """
        self._given += given
        if self._given > self._most and self._window > self._most:
            raise self._refusal()

    def _refusal(self) -> SourceError:
        return SourceError(
            f"{self._shown} is compressed with zstd so that {self._window >> 20:,} MiB of what was unpacked must be kept in memory; "
            f"{self._most >> 20:,} MiB, half of this machine's memory, are the most here",
            "Unpack it where there is more memory, with zstd -d --long=31 FILE, and import what comes out.",
        )


def _read_head(head: bytes) -> tuple[int, int | None]:
    """Return the bytes of a frame's window, 0 of one that has none, and those of its content where they are told."""
    if not head.startswith(_MAGIC) or len(head) < 6:  # noqa: PLR2004  # the magic, a descriptor, and a byte
        return 0, None
    descriptor, at = head[4], 5
    window = 0
    if not descriptor & _SINGLE:
        base = 1 << (10 + (head[5] >> 3))
        window, at = base + base // 8 * (head[5] & 7), 6
    at += (0, 1, 2, 4)[descriptor & 3]
    length = (1 if descriptor & _SINGLE else 0, 2, 4, 8)[descriptor >> 6]
    content = int.from_bytes(head[at : at + length], "little") + (256 if length == 2 else 0) if length else None  # noqa: PLR2004  # as the RFC has it
    if descriptor & _SINGLE:
        window = content if content is not None else _MOST_SIZE
    return window, content
